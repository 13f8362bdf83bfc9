"""After the event: promises by class and proof, cost by editable prices, replay, facts, ledger."""

from datetime import timedelta
from decimal import Decimal

import pytest

from bihuan.base.errors import NotAllowed, Refused
from bihuan.facts.models import Observation
from bihuan.fleet import services as fleet
from bihuan.ledger import queries as ledger
from bihuan.snow import services, tasks
from bihuan.snow.models import Review
from bihuan.snow.queries import promises, tables
from bihuan.snow.queries import review as queries
from bihuan.snow.rules import promises as rules
from tests.rooms.snow.conftest import at, moment

pytestmark = pytest.mark.django_db


def owed(code: str, kind: str = "main", length: float = 1000.0, unit: str = "") -> rules.Owed:
    return rules.Owed(code, code, kind, length, unit, moment(24, 12))


# Rules --------------------------------------------------------------------------------------------


def test_proven_declared_and_not_proven_are_kept_apart():
    found = [
        rules.Kept(owed("a"), "proven"),
        rules.Kept(owed("b"), "declared"),
        rules.Kept(owed("c"), "not_proven"),
        rules.Kept(owed("d"), "broken", timedelta(hours=2)),
    ]
    (row,) = rules.by_class(found)
    assert [row.counts[code] for code in ("proven", "declared", "not_proven", "broken")] == [1] * 4
    assert (row.rate, row.longest_late_h) == (50, 2)


def test_cutting_a_street_into_more_sections_changes_no_rate():
    whole = [
        rules.Kept(owed("a", length=900), "proven"),
        rules.Kept(owed("b", length=300), "broken"),
    ]
    cut = [rules.Kept(owed(f"a{n}", length=300), "proven") for n in range(3)] + whole[1:]
    assert rules.rate(whole) == rules.rate(cut) == 75
    assert rules.rate([]) is None


def test_each_unit_answers_for_its_own_sections():
    found = [
        rules.Kept(owed("a", unit="x"), "proven"),
        rules.Kept(owed("b", unit="y"), "broken"),
        rules.Kept(owed("c"), "broken"),
    ]
    assert rules.by_unit(found) == {"x": 100, "y": 0}


def test_cost_is_amount_times_price_and_adds_up():
    told = rules.cost(
        {"people": Decimal(10), "deicer_t": Decimal("2.5")},
        [rules.Price("people", Decimal(150)), rules.Price("deicer_t", Decimal(1800)),
         rules.Price("cleared_m3", Decimal(25))],
    )  # fmt: skip
    assert told.total == 1500 + 4500
    assert [line[0] for line in told.lines] == ["people", "deicer_t"]


# The room -----------------------------------------------------------------------------------------


@pytest.fixture
def over(storm, streets, told, unit, post):
    """Snow stopped at 08:00 on the 24th; one main section reported in time, one two hours late."""
    mains = [one for one in streets if one.kind == "main"][:2]
    told(24, 9, people=120, deicer_kg=4500)
    sanitation = fleet.add_depot(by=None, name="示例场", company=unit("sanitation"), lon=113.75,
                                 lat=34.72, refill=True)  # fmt: skip
    for n in (1, 2):
        one = fleet.enter(by=None, number=f"撒布{n}", kind="spreader", spreads=True,
                          capacity_kg=6000, company=unit("sanitation"),
                          depot=sanitation)  # fmt: skip
        with at(24, 6 + n):
            fleet.start_shift(one, by=None)
    with at(24, 15):
        for section, hour in ((mains[0], 11), (mains[1], 14)):
            fleet.report_pass(
                section.code, by=None, from_at=moment(24, hour - 1), to_at=moment(24, hour)
            )
        services.note_snow_stopped(storm, by=post("duty"), at=moment(24, 8))
    with at(25, 12):
        services.end_storm(storm, by=post("leader"), reason="恢复")
        storm.refresh_from_db()
        review = services.open_review(storm, by=post("duty"))
    return review, mains


def test_a_promise_is_judged_by_what_is_known_at_its_hour(over):
    review, mains = over
    with at(25, 13):
        found = {one.owed.code: one for one in promises.kept(review.storm)}
    assert found[mains[0].code].outcome == "declared"
    late = found[mains[1].code]
    assert late.outcome != "declared"
    assert late.late == timedelta(hours=2)


def test_a_vehicle_out_of_hearing_makes_it_not_proven_rather_than_not_done(over):
    review, mains = over
    with at(25, 13):
        found = {one.owed.code: one.outcome for one in promises.kept(review.storm)}
    assert found[mains[1].code] == "not_proven"  # two spreaders were out and never heard


def test_prices_are_the_offices_own(over, post):
    review, _mains = over
    with at(25, 13):
        before = queries.content(review).cost.total
        rows = [{**one, "price": int(one["price"]) * 2} for one in tables.table("prices")]
        services.set_event_table("prices", by=post("leader"), rows=rows, source="示例合同")
        assert queries.content(review).cost.total == 2 * before


def test_the_records_themselves_say_what_went_wrong(over, unit, post):
    review, mains = over
    with at(25, 13):
        told = queries.troubles(review.storm)
    assert any(mains[1].name in one and "2 小时" in one for one in told)


def signed(review: Review, post) -> Review:
    with at(26, 9):
        services.sum_up(review, by=post("duty"), summary="主干道总体按时。")
        services.note_lesson(review, by=post("duty"), kind="change", text="夜间提前备车")
        services.sign_review(review, by=post("leader"))
    review.refresh_from_db()
    return review


def test_a_signed_review_is_frozen_and_its_figures_go_to_facts(over, told, post):
    review = signed(over[0], post)
    with at(26, 10):
        assert queries.content(review).amounts["people"] == 120
        with pytest.raises(Refused, match="不能改"):
            services.sum_up(review, by=post("duty"), summary="改")
    held = Observation.objects.get(indicator__code="snow-people")
    assert (held.value, held.period.code, held.unit.code) == (120, "snow-2022-01-21", "zone")


def test_a_review_says_something_before_it_is_signed(over, post):
    with at(26, 9), pytest.raises(Refused) as refusal:
        services.sign_review(over[0], by=post("leader"))
    assert len(refusal.value.sentences) == 2
    with at(26, 9), pytest.raises(NotAllowed):
        services.sign_review(over[0], by=post("duty"))


def test_a_units_share_goes_into_the_year(over, streets, post):
    review = signed(over[0], post)
    with at(27, 9):
        made = services.record_year(2022, by=post("leader"))
        assert services.record_year(2022, by=post("leader")) == 0
    assert made == len(queries.content(review).units) > 0
    held = Observation.objects.get(indicator__code="snow-promise-rate", unit__code="sanitation")
    assert held.period.code == "2022"
    with at(27, 9), pytest.raises(Refused, match="2021"):
        services.record_year(2021, by=post("leader"))


def test_a_lesson_becomes_a_finding_once(over, post):
    review, _mains = over
    with at(26, 9):
        lesson = services.note_lesson(review, by=post("duty"), kind="wrong", text="第二台车出得晚")
        finding = services.raise_lesson(lesson, by=post("duty"))
        with pytest.raises(Refused, match=finding.number):
            services.raise_lesson(lesson, by=post("duty"))
        struck = services.note_lesson(review, by=post("duty"), kind="wrong", text="记错了的")
        services.strike_lesson(struck, by=post("duty"), reason="记错")
        with pytest.raises(Refused, match="划去"):
            services.raise_lesson(struck, by=post("duty"))
    assert list(ledger.of_origin(lesson)) == [finding]


def test_the_second_spreader_an_hour_earlier_never_clears_later(over, post, settings):
    review, _mains = over
    settings.BIHUAN_JOBS = "now"
    with at(26, 9):
        vehicle = fleet_vehicle("撒布2")
        replay = services.ask_replay(
            review, by=post("duty"), kind="start", vehicle=vehicle, starts_at=moment(24, 4)
        )
    inputs = {k: v for k, v in replay.job.inputs.items() if k != "replay"}
    told = tasks.replay(inputs, seed=0, tell=lambda *_more: None, run=map)
    base, other = told["rows"]
    assert base["undone"] == other["undone"] == 0
    assert max(other["clear_h"].values()) <= max(base["clear_h"].values())
    assert tasks.replay(inputs, seed=0, tell=lambda *_more: None, run=map) == told


def fleet_vehicle(number: str):
    from bihuan.fleet.models import Vehicle

    return Vehicle.objects.get(number=number)


def test_all_faults_of_a_replay_are_told_at_once(over, post):
    with at(26, 9), pytest.raises(Refused) as refusal:
        services.ask_replay(over[0], by=post("duty"), kind="start", starts_at=moment(20, 4))
    assert len(refusal.value.sentences) == 2


def test_one_vehicle_more_or_fewer_is_told_by_the_same_planner(over, post):
    review, _mains = over
    with at(26, 9):
        replay = services.ask_replay(review, by=post("duty"), kind="more", more=3)
    inputs = {k: v for k, v in replay.job.inputs.items() if k != "replay"}
    told = tasks.replay(inputs, seed=0, tell=lambda *_more: None, run=map)
    base, other = told["rows"]
    assert told["version"] == "replay/2"
    assert other["vehicles"] > base["vehicles"]
    assert max(other["clear_h"].values()) < max(base["clear_h"].values())
    without = {**inputs, "variant": inputs["base"][:1]}
    fewer = tasks.replay(without, seed=0, tell=lambda *_more: None, run=map)
    assert max(fewer["rows"][0]["clear_h"].values()) <= max(fewer["rows"][1]["clear_h"].values())


def test_a_yard_far_from_any_street_is_said_of_a_replay(over, post):
    review, _mains = over
    with at(26, 9):
        replay = services.ask_replay(review, by=post("duty"), kind="more", more=1)
    inputs = {k: v for k, v in replay.job.inputs.items() if k != "replay"}
    inputs["base"] = [{**inputs["base"][0], "lon": 100.0}]
    with pytest.raises(Refused, match="不在这张路网里"):
        tasks.replay(inputs, seed=0, tell=lambda *_more: None, run=map)

"""A situation report sums from what teams said, says where it differs, is frozen when issued."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from bihuan.base.errors import NotAllowed, Refused
from bihuan.fleet import services as fleet
from bihuan.people.models import Unit
from bihuan.snow import services
from bihuan.snow.models import SituationReport
from bihuan.snow.queries import situation as queries
from bihuan.snow.rules import situation as rules
from tests.rooms.snow.conftest import at, moment

pytestmark = pytest.mark.django_db


def entry(key: int, hour: int, people: int | None = None, unit: str = "a", day: int = 21, **more):
    return rules.Entry(key, unit, unit.upper(), datetime(2022, 1, day, hour), people, **more)  # noqa: DTZ001 - hours of the office


# Rules: no database -------------------------------------------------------------------------------


def test_who_comes_to_a_shift_counts_once_however_often_the_team_reports():
    found = rules.figures(
        [entry(1, 9, 100), entry(2, 12, 120), entry(3, 15, 90), entry(4, 21, 60)], (), (8, 20)
    )
    assert found["people"].summed == 180  # 120 by day, 60 by night
    assert found["posted"].summed == 60  # at work now: the newest word
    assert [line.entry for line in found["people"].lines] == [2, 4]


def test_before_the_first_hour_it_is_still_last_nights_shift():
    assert rules.shift_of(datetime(2022, 1, 22, 3), (8, 20)) == (date(2022, 1, 21), 20)  # noqa: DTZ001 - hours of the office
    found = rules.figures([entry(1, 21, 60), entry(2, 3, 50, day=22)], (), (8, 20))
    assert found["people"].summed == 60


def test_turn_outs_are_not_vehicles_and_none_is_counted_twice():
    outs = [
        rules.Out(n, "a", "A", vehicle, datetime(2022, 1, 21, hour))  # noqa: DTZ001 - hours of the office
        for n, (vehicle, hour) in enumerate([("撒布1", 6), ("撒布1", 14), ("雪铲1", 6)])
    ]
    told = [entry(1, 9, turnouts=7), entry(2, 9, unit="b", turnouts=5)]
    found = rules.figures(told, outs, (8, 20))["turnouts"]
    assert found.summed == 8  # 3 registered of a, whose own 7 do not count, and 5 of b


def test_every_figure_is_the_sum_of_its_lines_and_survives_being_stored():
    told = [entry(n, 6 + n, 10 * n, deicer_kg=1234 * n, cleared_m3=n) for n in range(1, 6)]
    found = rules.figures(told, (), (8, 20))
    for one in found.values():
        assert one.summed == sum((line.amount for line in one.lines), Decimal(0))
    assert found["deicer_t"].summed == Decimal("18.51")
    assert rules.thawed(rules.frozen(found)) == found
    assert rules.figures(told[::-1], (), (8, 20)) == found


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("2022年1月24日上午12时", 12),
        ("2022年1月24日中午12时", 12),
        ("2022年1月24日下午3时", 15),
        ("2022年1月24日凌晨0时", 0),
        ("2022年1月24日晚8点30分", 20),
        ("截至 2022 年 1 月 24 日 9 时", 9),
    ],
)
def test_noon_is_read_as_papers_write_it(written, hour):
    found = rules.moment(written)
    assert found is not None
    assert (found.day, found.hour) == (24, hour)


@pytest.mark.parametrize("written", ["", "昨天", "2022年2月30日上午9时", "2022年1月24日25时"])
def test_what_is_no_moment_is_not_guessed(written):
    assert rules.moment(written) is None


def test_a_road_is_as_bad_as_its_worst_reported_section_and_says_how_many_were_reported():
    pieces = [rules.Piece(f"S{n}", f"第五大街{n}", "第五大街", "main", True) for n in range(3)]
    noon = datetime(2022, 1, 24, 12)  # noqa: DTZ001 - hours of the office
    (road,) = rules.roads(pieces, {"S0": ("passable", noon), "S1": ("icy", noon)})
    assert (road.state, road.known, road.pieces, road.worst) == ("icy", 2, 3, ("第五大街1",))
    assert not road.whole
    (silent,) = rules.roads(pieces, {})
    assert silent.state == "unknown"


# Verbs --------------------------------------------------------------------------------------------


@pytest.fixture
def draft(storm, streets, told, post) -> SituationReport:
    told(21, 9, people=120, deicer_kg=4500, cleared_m3=30)
    told(21, 11, people=150, deicer_kg=3000)
    with at(21, 12):
        return services.draft_situation(storm, by=post("duty"), as_of=moment(21, 12))


def value(report: SituationReport, figure: str) -> Decimal:
    return queries.content(report).said[figure].value


def test_a_draft_sums_what_was_told_up_to_its_moment_only(draft, told):
    told(21, 13, people=500, deicer_kg=9000)
    assert (value(draft, "people"), value(draft, "deicer_t")) == (150, Decimal("7.5"))


def test_a_figure_is_corrected_only_for_a_reason_and_both_values_stay(draft, post):
    with at(21, 12), pytest.raises(Refused, match="为什么"):
        services.correct_figure(
            draft, by=post("duty"), figure="people", value=Decimal(155), reason=" "
        )
    with at(21, 12):
        services.correct_figure(
            draft, by=post("duty"), figure="people", value=Decimal(155), reason="漏报一组五人"
        )
    said = queries.content(draft).said["people"]
    assert (said.figure.summed, said.value, said.reason) == (150, 155, "漏报一组五人")
    with at(21, 12):
        services.correct_figure(
            draft, by=post("duty"), figure="people", value=None, reason="已补报"
        )
    assert value(draft, "people") == 150
    assert draft.corrections.count() == 2


def test_what_was_issued_never_changes_though_reports_arrive_late(draft, told, post):
    with at(21, 12, 5):
        services.issue_situation(draft, by=post("leader"))
    draft.refresh_from_db()
    told(21, 13, people=1)
    with at(21, 14):
        services.report_team(
            Unit.objects.get(code="investment"), by=None, client_key="ab" * 16,
            people_at_work={"other": 40}, at=moment(21, 11, 30),
        )  # fmt: skip
    assert (draft.number, value(draft, "people")) == (1, 150)
    assert queries.late_entries(draft) == 1
    with at(21, 14), pytest.raises(Refused, match="不能改"):
        services.correct_figure(draft, by=post("duty"), figure="people", value=None, reason="x")


def test_the_next_report_tells_what_is_different(draft, told, streets, post):
    with at(21, 12, 5):
        services.issue_situation(draft, by=post("leader"))
    told(21, 15, people=180, deicer_kg=500)
    road = next(one for one in streets if one.key)
    with at(21, 15):
        services.say_state(road.code, "icy", by=post("duty"))
    with at(21, 16):
        second = services.draft_situation(draft.storm, by=post("duty"))
        earlier, found = queries.differences(second)
    assert earlier == draft
    told_ = {one.figure or one.road: (one.before, one.after) for one in found}
    assert told_["people"] == ("150", "180")
    assert told_["deicer_t"] == ("7.5", "8")
    assert told_[road.street] == ("unknown", "icy")


def test_registered_turn_outs_are_counted_from_the_shifts(storm, streets, unit, post):
    vehicle = fleet.enter(by=None, number="雪铲9", kind="plough", ploughs=True,
                          company=unit("sanitation"))  # fmt: skip
    for hour in (7, 13):
        with at(21, hour):
            fleet.start_shift(vehicle, by=None)
        with at(21, hour + 3):
            fleet.end_shift(vehicle, by=None)
    with at(21, 18):
        report = services.draft_situation(storm, by=post("duty"))
        assert value(report, "turnouts") == 2


def test_all_faults_of_a_draft_are_told_at_once(draft, storm, post):
    with at(21, 12), pytest.raises(Refused) as refusal:
        services.draft_situation(storm, by=post("duty"), as_of=moment(20, 1))
    assert len(refusal.value.sentences) == 2


def test_a_reader_neither_drafts_nor_issues(draft, storm, post):
    for act in (
        lambda: services.draft_situation(storm, by=post("clerk")),
        lambda: services.issue_situation(draft, by=post("clerk")),
    ):
        with pytest.raises(NotAllowed):
            act()

"""Plans that cannot be made as wished: every reason at once, and a partial plan that says so."""

import pytest

from bihuan.base.errors import NotAllowed, Refused
from bihuan.fleet import services as fleet
from bihuan.fleet.models import Depot, Vehicle
from bihuan.jobs import services as jobs
from bihuan.jobs.services import carry_out
from bihuan.snow import services
from bihuan.snow.models import Plan
from bihuan.snow.queries import plan as queries
from bihuan.snow.queries import tables
from bihuan.snow.queries.fitting import Wish
from tests.rooms.snow.conftest import at, moment

pytestmark = pytest.mark.django_db


def _wish(**told):
    return Wish(starts_at=moment(21, 6, 30), **told)


def _refused(post, storm=None, **told):
    with at(21, 6, 30), pytest.raises(Refused) as refusal:
        services.ask_plan(by=post("duty"), storm=storm, rounds=50, wish=_wish(**told))
    assert not Plan.objects.exists()
    return refusal.value.sentences


def _only(unit, **more):
    """One depot in the middle, one vehicle."""
    fields = {"lon": 113.75, "lat": 34.72, "refill": True, **more}
    return fleet.add_depot(by=None, name="一号场", company=unit("sanitation"), **fields)


def _vehicle(unit, depot, number="撒布1", **more):
    told = {"kind": "spreader", "spreads": True, "capacity_kg": 6000, **more}
    return fleet.enter(by=None, number=number, company=unit("sanitation"), depot=depot, **told)


def test_without_streets_or_vehicles_there_is_no_plan(storm, post):
    assert list(_refused(post, storm)) == ["没有启用的路网。请先装入路网。"]


def test_every_reason_is_told_at_once(storm, streets, post, unit):
    _vehicle(unit, None, "无场")
    far = _only(unit, lon=100.0, lat=30.0)
    _vehicle(unit, far, "太远")
    _vehicle(unit, fleet.add_depot(by=None, name="二号场", company=unit("sanitation"), lon=113.75,
                                   lat=34.72, refill=True), "铲", kind="truck", spreads=False,
             capacity_kg=None)  # fmt: skip
    told = _refused(post, storm, closed=["没有这条路"], temperature=-80)
    assert len(told) == 5
    for word in ("融雪剂用量", "没有这条路", "车场离路网太远", "没有写从哪个车场", "不能做"):
        assert any(word in one for one in told), word


def test_no_vehicles_at_all(storm, streets, post):
    assert any("没有登记" in one for one in _refused(post, storm))


def test_nowhere_to_refill_is_said(storm, streets, post, unit):
    _vehicle(unit, _only(unit, refill=False))
    assert any("补料" in one for one in _refused(post, storm))


def test_a_spreader_without_a_hopper_is_left_out_and_said_to_be(made, unit, post):
    Vehicle.objects.filter(number="撒布101").update(capacity_kg=None)
    plan = made()
    assert {"number": "撒布101", "why": "capacity"} in plan.inputs["left_out"]
    assert plan.told["undone"] == []


def test_with_ploughs_only_nothing_is_spread_and_the_plan_says_so(made):
    Vehicle.objects.filter(spreads=True).update(in_use=False)
    plan = made()
    assert plan.inputs["missing"] == ["spread"]
    assert plan.told["deicer_kg"] == 0
    assert plan.told["undone"] == []


def test_too_few_vehicles_give_an_honest_part_of_the_work(storm, streets, unit, post):
    _vehicle(unit, _only(unit), spreads=False, ploughs=True, kind="plough", capacity_kg=None)
    with at(21, 6, 30):
        plan = services.ask_plan(by=post("duty"), storm=storm, rounds=300,
                                 wish=_wish(shift_h=1, work="plough"))  # fmt: skip
        carry_out(plan.job_id)
    plan.refresh_from_db()
    assert plan.state == "ready"
    told = plan.told
    assert 0 < len(told["undone"]) < len(streets)
    assert told["faults"] == []
    assert any(one["clear_s"] is None for one in told["classes"])
    assert max(leg[2] for one in plan.tours["tours"] for leg in one["stops"]) <= 3600


def test_a_street_that_is_cut_off_is_left_undone_not_invented(made, streets):
    whole = made()
    network = queries.network(whole)
    node = int(network.arc_head[0])
    around = {
        network.sections[int(network.section[arc])].code
        for arc in range(network.arcs)
        if node in (int(network.arc_tail[arc]), int(network.arc_head[arc]))
    }
    plan = made(closed=sorted(around))
    assert plan.told["faults"] == []
    arcs = {arc for code in around for arc in network.sections[network.places[code]].arcs}
    assert not any(
        arcs & set(leg[3]) for one in plan.tours["tours"] for leg in one["stops"]
    )  # fmt: skip


def test_a_promise_that_has_passed_is_kept_as_late_as_it_is(storm, vehicles, post):
    with at(23, 12):
        services.note_snow_stopped(storm, by=post("duty"), at=moment(21, 7))
        storm.refresh_from_db()
        plan = services.ask_plan(by=post("duty"), storm=storm, rounds=400,
                                 wish=Wish(starts_at=moment(23, 12)))  # fmt: skip
        carry_out(plan.job_id)
    plan.refresh_from_db()
    assert plan.state == "ready"
    assert plan.inputs["passed"] == ["main", "secondary", "branch", "back"]
    assert sum(one["late"] for one in plan.told["classes"]) > 0
    assert plan.told["undone"] == []


def test_an_impossible_promise_of_the_table_is_broken_by_little_and_counted(made, post):
    rows = [{**one, "hours": 1} for one in tables.table("promises")]
    services.set_event_table("promises", by=post("duty"), rows=rows, source="试")
    Vehicle.objects.exclude(number__in=["撒布101", "雪铲101"]).update(in_use=False)
    plan = made()
    assert plan.told["faults"] == []
    assert sum(one["late"] for one in plan.told["classes"]) > 0


def test_limits_are_limits(storm, vehicles, post):
    for wrong in ({"seconds": 0}, {"seconds": 10**6}, {"rounds": 0}, {"rounds": 10**9}):
        with at(21, 6, 30), pytest.raises(Refused):
            services.ask_plan(by=post("duty"), storm=storm, wish=_wish(), **wrong)
    with at(21, 6, 30), pytest.raises(NotAllowed):
        services.ask_plan(by=post("foreman"), storm=storm, wish=_wish())


def test_an_event_that_is_over_takes_no_plan(storm, vehicles, post):
    with at(25, 6):
        services.end_storm(storm, by=post("leader"), reason="雪停")
        storm.refresh_from_db()
        with pytest.raises(Refused, match="已经结束"):
            services.ask_plan(by=post("duty"), storm=storm, wish=Wish(starts_at=moment(25, 6)))


def test_stopped_early_the_best_until_then_is_the_plan(storm, vehicles, post):
    with at(21, 6, 30):
        plan = services.ask_plan(by=post("duty"), storm=storm, rounds=100_000, wish=_wish())
        plan.job.wanted_stop = True  # pressed while it was beginning
        plan.job.save(update_fields=["wanted_stop"])
        carry_out(plan.job_id)
    plan.refresh_from_db()
    assert plan.state == "ready"
    assert plan.told["stopped"]
    assert plan.told["rounds"] < 100_000
    assert plan.told["faults"] == []


def test_a_plan_whose_job_was_stopped_before_it_began_has_failed(storm, vehicles, post):
    with at(21, 6, 30):
        plan = services.ask_plan(by=post("duty"), storm=storm, wish=_wish())
        jobs.stop(plan.job, by=post("duty"))
        plan.refresh_from_db()
        assert queries.state(plan) == "failed"
        with pytest.raises(Refused, match="没有排成"):
            services.enforce_plan(plan, by=post("duty"))


def test_two_yards_of_one_name_are_kept_apart(storm, vehicles, post, unit):
    first = Depot.objects.order_by("pk").first()
    twin = fleet.add_depot(by=None, name=first.name, company=unit("enforcement"), lon=first.lon,
                           lat=first.lat, refill=True)  # fmt: skip
    _vehicle(unit, twin, "另一台")
    with at(21, 6, 30):
        plan = services.ask_plan(by=post("duty"), storm=storm, rounds=200, wish=_wish())
    names = [one["name"] for one in plan.inputs["yards"]]
    assert len(set(names)) == len(names)


def test_a_plan_stays_readable_after_another_network_was_loaded(made, post):
    from bihuan.roads import services as roads
    from bihuan.roads.models import NetworkVersion

    plan = made()
    network = queries.network(plan)
    roads.load_network(network, by=None, name="另一版")
    assert NetworkVersion.objects.count() == 2
    assert len(queries.sheets(plan).tours) == len(plan.tours["tours"])


def test_shifts_of_a_minute_leave_everything_undone_and_the_page_says_so(
    storm, vehicles, post, browse
):
    with at(21, 6, 29):
        one = Vehicle.objects.get(number="雪铲101")
        fleet.start_shift(one, by=None)
    with at(21, 6, 31):
        fleet.end_shift(one, by=None)
    with at(21, 6, 30):
        plan = services.ask_plan(by=post("duty"), storm=storm, rounds=50, wish=_wish(who="duty"))
        carry_out(plan.job_id)
    plan.refresh_from_db()
    assert plan.state == "ready", plan.job.fault
    assert plan.tours["tours"] == []
    assert len(plan.told["undone"]) > 50
    duty = browse("duty")
    page = duty.get(plan.get_absolute_url()).content.decode()
    assert "没有一台车有作业" in page
    assert "没清完的路段" in page
    place = f"{plan.get_absolute_url()}files/"
    assert duty.get(place + "drivers/").status_code == 409
    for name in ("routes", "legs", "tours", "numbers"):
        assert duty.get(place + f"{name}/").status_code == 200
    assert duty.get(f"{plan.get_absolute_url()}ways.json").json()["features"] == []


@pytest.mark.parametrize("when", ["0001-01-01 00:00", "9999-12-31 23:59", "1900-02-30", "昨天"])
def test_no_date_that_people_can_type_meets_a_fault(browse, storm, vehicles, made, when):
    plan = made(force=True)
    duty = browse("duty")
    asked = {
        "starts_at": when, "temperature": "-5", "precipitation": "snow", "work": "apart",
        "who": "all", "first": "clear", "shift_h": "12", "seconds": "1",
    }  # fmt: skip
    vehicle = plan.tours["tours"][0]["vehicle"]
    with at(21, 6, 35):
        answer = duty.post(f"/snow/act/storm/{storm.pk}/plan/", asked)
        assert answer.status_code in (409, 422)
        late = {"vehicles": [vehicle], "starts_at": when}
        assert duty.post(f"/snow/act/plan/{plan.pk}/late/", late).status_code in (409, 422)
    assert Plan.objects.count() == 1


@pytest.mark.parametrize("hours", ["nan", "inf", "-1", "0", "1e999", "1、2、3、4、5、6、7"])
def test_hours_that_are_none_are_refused(browse, made, hours):
    plan = made()
    answer = browse("duty").post(
        f"/snow/act/plan/{plan.pk}/raise/", {"road": "main", "hours": hours}
    )
    assert answer.status_code in (409, 422)


def test_nothing_of_a_plan_is_done_by_a_stranger(client, made):
    plan = made()
    for address in ("", "ways.json", "files/legs/", "vehicles/1/"):
        answer = client.get(f"/snow/plans/{plan.pk}/{address}")
        assert answer.status_code == 302
        assert "/people/sign-in/" in answer.headers["Location"]

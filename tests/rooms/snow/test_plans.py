"""Plans: made from the rooms' own streets and vehicles, judged, kept, put into force."""

import pytest

from bihuan.base.errors import NotAllowed, Refused
from bihuan.engines.routing.plan.check import check
from bihuan.fleet import sample as fleet
from bihuan.jobs.services import carry_out
from bihuan.roads import services as roads
from bihuan.snow import sample, services
from bihuan.snow.bridge import plan as bridge
from bihuan.snow.models import Plan
from bihuan.snow.queries import plan as queries
from bihuan.snow.queries.fitting import Wish
from tests.rooms.snow.conftest import at, moment

pytestmark = pytest.mark.django_db


def test_a_plan_is_made_from_the_rooms_own_tables_and_judged(made):
    plan = made(compare=True)
    assert plan.state == "ready", plan.job.fault
    told = plan.told
    assert told["faults"] == []
    assert told["left"] == 0
    assert told["undone"] == []
    assert {one["kind"] for one in told["classes"]} == {"main", "secondary", "branch", "back"}
    assert all(one["late"] == 0 for one in told["classes"])
    assert told["km"] >= told["bound_km"] > told["served_km"] * 0.9
    # One company has them all, so yards are compared; ploughs and spreaders have maps of their own.
    assert [one["code"] for one in told["fences"]] == ["yard", "territory"]
    assert all(one["left"] == 0 for one in told["fences"])
    assert set(told["chances"]) == {"main", "secondary", "branch", "back"}
    assert told["curve"]["rows"]["main"][-1] == 100


def test_the_same_seed_gives_the_same_tours(made):
    assert made().tours_digest == made().tours_digest


def test_only_one_plan_is_in_force_for_a_snowfall(made, storm, post):
    first, second = made(force=True), made()
    with at(21, 7):
        services.enforce_plan(second, by=post("duty"))
    first.refresh_from_db()
    assert (first.state, queries.in_force(storm).pk) == ("replaced", second.pk)
    with pytest.raises(NotAllowed):
        services.enforce_plan(first, by=post("foreman"))
    with pytest.raises(Refused):
        services.enforce_plan(queries.in_force(storm), by=post("duty"))


def test_a_plan_in_readiness_starts_with_the_snow(vehicles, post):
    with at(20, 9):
        ready = services.ask_plan(by=post("duty"), rounds=300, wish=Wish(moment(20, 9)))
        carry_out(ready.job_id)
        with pytest.raises(Refused):
            services.enforce_plan(Plan.objects.get(pk=ready.pk), by=post("duty"))
    assert [one.pk for one in queries.ready()] == [ready.pk]
    with at(21, 6):
        begun = services.begin_storm(
            by=post("duty"), name="1月21日降雪", first_snow_at=moment(21, 5, 30),
            plan=Plan.objects.get(pk=ready.pk),
        )  # fmt: skip
    mine = queries.in_force(begun)
    assert mine is not None
    assert (mine.before_id, mine.cause, mine.starts_at) == (ready.pk, "readiness", moment(21, 6))
    assert mine.tours_digest == Plan.objects.get(pk=ready.pk).tours_digest
    assert [one.pk for one in queries.ready()] == [ready.pk]  # it stands ready for the next


def test_who_asked_for_it_at_once_has_it_in_force_once_it_is_made(storm, vehicles, post):
    with at(21, 6, 30):
        asked = services.ask_plan(
            by=post("duty"), storm=storm, rounds=200, at_once=True, wish=Wish(moment(21, 6, 30))
        )
        assert queries.in_force(storm) is None
        carry_out(asked.job_id)
    assert queries.in_force(storm).pk == asked.pk
    with at(22, 6):
        later = services.ask_plan(
            by=post("duty"), storm=storm, rounds=200, at_once=True, wish=Wish(moment(22, 6))
        )
        services.end_storm(storm, by=post("leader"), reason="雪停")
        carry_out(later.job_id)
    later.refresh_from_db()
    assert later.state == "ready"  # the response was over by then


def test_the_sample_snowfall_has_one_plan_in_force(
    streets, settings, django_capture_on_commit_callbacks
):
    settings.EXECUTOR = "here"
    fleet.load_sample()
    with django_capture_on_commit_callbacks(execute=True):
        told = sample.load_sample()
    plan = Plan.objects.get()
    assert (plan.state, plan.storm_id, plan.sample) == ("in_force", told.pk, True)
    assert plan.told["faults"] == []
    assert queries.state(plan) == "over"


def test_icing_spots_come_first_where_so_asked(made, streets):
    back = next(one for one in streets if one.kind == "back")
    roads.mark(back, by=None, icing=True, key=False)
    lifted, plain = made(icing=True), made(icing=False)
    assert plain.told["classes"][0]["sections"] < lifted.told["classes"][0]["sections"]
    assert "icing" in lifted.told["curve"]["rows"]


def test_everything_is_judged_by_who_did_not_plan_it(made):
    plan = made()
    network = queries.network(plan)
    sheets = queries.sheets(plan)
    whole = bridge.work(network, plan.inputs)
    assert check(sheets.scenario, sheets, whole.passes).faults == ()
    broken = [{**one, "stops": one["stops"][1:]} for one in plan.tours["tours"]]
    other = bridge.read(network, plan.inputs, broken)
    assert check(other.scenario, other, whole.passes).faults

"""Plans: made from the rooms' own streets and vehicles, judged, kept, put into force."""

import pytest

from bihuan.base.errors import NotAllowed, Refused
from bihuan.fleet import sample as fleet
from bihuan.jobs.services import carry_out
from bihuan.snow import services
from bihuan.snow.models import Plan
from bihuan.snow.queries import plan as queries
from bihuan.snow.queries.fitting import Wish
from tests.rooms.snow.conftest import at, moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def vehicles(streets):
    fleet.load_sample()


@pytest.fixture
def made(storm, vehicles, post):
    """`made()`: a plan that is ready, at 06:30 of the first day, by 600 rounds."""

    def make(*, force: bool = False, compare: bool = False, storm=storm, **wish) -> Plan:
        with at(21, 6, 30):
            asked = services.ask_plan(
                by=post("duty"), storm=storm, rounds=600,
                wish=Wish(starts_at=moment(21, 6, 30), compare=compare, **wish),
            )  # fmt: skip
            carry_out(asked.job_id)
            asked.refresh_from_db()
            if force:
                services.enforce_plan(asked, by=post("duty"))
                asked.refresh_from_db()
        return asked

    return make


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
    assert [one["code"] for one in told["fences"]] == ["company"]
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

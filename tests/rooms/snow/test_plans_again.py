"""On the way: a vehicle breaks down, a street is shut, it snows again; and what if it were else."""

import pytest

from bihuan.base.errors import Refused
from bihuan.fleet import services as fleet
from bihuan.jobs.services import carry_out
from bihuan.snow import services
from bihuan.snow.queries import plan as queries
from bihuan.snow.rules import plan as rules
from tests.rooms.snow.conftest import at, moment

pytestmark = pytest.mark.django_db


def _legs(plan, vehicle):
    found = [one for one in plan.tours["tours"] if one["vehicle"] == vehicle]
    return found[0]["stops"] if found else []


def _busiest(plan):
    """The vehicle that comes back last."""
    return max(plan.tours["tours"], key=lambda one: one["stops"][-1][2])["vehicle"]


def test_after_a_breakdown_the_others_take_over_and_the_version_says_what_changed(made, anew):
    plan = made(force=True)
    broken = _busiest(plan)
    found = anew(plan, "breakdown", vehicles=[broken], note="抛锚")
    assert (found.version, found.before_id, found.cause) == (2, plan.pk, "breakdown")
    assert found.told["undone"] == []
    change = found.told["change"]
    assert change["sections"]
    assert broken in change["vehicles"]
    assert len(change["vehicles"]) < len(plan.inputs["vehicles"])
    assert all(leg[1] < 600 for leg in _legs(found, broken))  # nothing after it stood still
    plan.refresh_from_db()
    assert plan.state == "in_force"  # until somebody has looked at the new one


def test_what_broke_down_stays_broken_in_the_next_version(made, anew, post):
    plan = made(force=True)
    broken = _busiest(plan)
    second = anew(plan, "breakdown", vehicles=[broken])
    with at(21, 6, 41):
        services.enforce_plan(second, by=post("duty"))
    second.refresh_from_db()
    third = anew(second, "snow", 50, kinds=["main"])
    assert third.version == 3
    assert all(leg[1] < 600 for leg in _legs(third, broken))
    assert [one.pk for one in queries.line(third)] == [plan.pk, second.pk, third.pk]


def test_a_closed_street_is_named_and_not_driven(made, anew, streets):
    plan = made(force=True)
    street = next(one for one in streets if one.kind == "back")
    found = anew(plan, "closed", sections=[street.name])
    arcs = set(queries.network(plan).sections[queries.network(plan).places[street.code]].arcs)
    later = [leg for one in found.tours["tours"] for leg in one["stops"] if leg[1] >= 600]
    assert not any(arcs & set(leg[3]) for leg in later)


def test_an_order_comes_first_and_new_snow_is_cleared_once_more(made, anew, streets):
    plan = made(force=True)
    last = max(
        (leg for one in plan.tours["tours"] for leg in one["stops"] if leg[0] == "serve"),
        key=lambda leg: leg[2],
    )
    network = queries.network(plan)
    code = network.sections[int(network.section[last[3][0]])].code
    found = anew(plan, "order", sections=[code], by_at=moment(21, 6, 50), note="督导要求")
    mine = [
        leg for one in found.tours["tours"] for leg in one["stops"]
        if leg[0] == "serve" and set(leg[3]) & set(last[3])
    ]  # fmt: skip
    assert min(leg[2] for leg in mine) <= last[2]
    again = anew(plan, "snow", 59, kinds=["main"])
    assert again.told["tasks"] > plan.told["tasks"]


def test_a_late_vehicle_starts_late(made, anew):
    plan = made(force=True)
    late = _busiest(plan)
    found = anew(plan, "late", 31, vehicles=[late], starts_at=moment(21, 7, 0))
    assert all(leg[1] >= 1800 or leg[1] < 60 or leg[0] == "wait" for leg in _legs(found, late))


def test_all_that_is_wrong_with_a_change_is_said_at_once(made, post):
    plan = made()
    with at(21, 6, 40), pytest.raises(Refused) as refusal:
        services.replan(plan, by=post("duty"), cause="closed", sections=["没有这条路"])
    assert len(refusal.value.sentences) == 2  # not in force, no such street
    forced = made(force=True)
    with at(21, 6, 40), pytest.raises(Refused, match="哪台车"):
        services.replan(forced, by=post("duty"), cause="breakdown")
    with at(21, 6, 40), pytest.raises(Refused, match="不在这个方案里"):
        services.replan(forced, by=post("duty"), cause="breakdown", vehicles=[-1, 99])
    every = range(len(forced.inputs["vehicles"]))
    with at(21, 6, 40), pytest.raises(Refused, match="一台车也没有"):
        services.replan(forced, by=post("duty"), cause="breakdown", vehicles=list(every))
    with at(21, 6, 40), pytest.raises(Refused, match="晚于现在"):
        services.replan(forced, by=post("duty"), cause="late", vehicles=[0],
                        starts_at=moment(21, 6))  # fmt: skip


def test_new_snow_before_anything_is_cleared_asks_for_nothing(made, post):
    plan = made(force=True)
    with at(21, 6, 30):
        found = services.replan(plan, by=post("duty"), cause="snow", kinds=["main"])
        carry_out(found.job_id)
    found.refresh_from_db()
    found.job.refresh_from_db()
    assert queries.state(found) == "failed"
    assert "没有要再做的" in found.job.fault


# What if ------------------------------------------------------------------------------------------


def _answered(plan, post, **told):
    with at(21, 7):
        asked = services.ask_what_if(plan, by=post("duty"), **told)
        carry_out(asked.job_id)
        asked.refresh_from_db()
        asked.job.refresh_from_db()
    assert asked.told, asked.job.fault
    return asked.told


def test_what_if_there_were_more_vehicles_or_another_yard(made, post):
    plan = made(who="all")
    told = _answered(plan, post, kind="vehicles", most=2, does="spread")
    assert (told["answer"], told["rows"][0]["kept"]) == (0, True)
    told = _answered(plan, post, kind="raise", road="main", hours=[3, 0.3])
    assert [round(one["amount"], 1) for one in told["rows"][1:]] == [3, 0.3]
    yard = plan.inputs["yards"][0]
    told = _answered(plan, post, kind="yard", yard=0, place=(yard["lon"], yard["lat"]))
    assert told["rows"][0]["km"] == told["rows"][1]["km"]  # it did not move


def test_what_cannot_be_asked_is_said_at_once(made, post):
    plan = made()
    with pytest.raises(Refused) as refusal:
        services.ask_what_if(plan, by=post("duty"), kind="yard", yard=99)
    assert len(refusal.value.sentences) == 2
    with pytest.raises(Refused, match=str(rules.MOST_MORE)):
        services.ask_what_if(plan, by=post("duty"), kind="vehicles", most=1000)
    with pytest.raises(Refused, match="几小时"):
        services.ask_what_if(plan, by=post("duty"), kind="raise", road="main", hours=[0])
    with pytest.raises(Refused, match="写反"):
        services.ask_what_if(plan, by=post("duty"), kind="yard", yard=0, place=(34.7, 89.0))


def test_what_should_be_done_and_has_no_pass_is_planned_once_more(made, anew, post):
    plan = made(force=True)
    with at(21, 6, 31), pytest.raises(Refused, match="落在后面"):
        services.replan(plan, by=post("duty"), cause="behind")
    with at(21, 7, 10):
        behind = queries.behind(plan)
        assert len(behind) > 3
        for code in behind[1:]:
            fleet.report_pass(code, by=None, from_at=moment(21, 6, 35), to_at=moment(21, 6, 45))
        assert queries.behind(plan) == behind[:1]
    with at(21, 7, 10):
        found = services.replan(plan, by=post("duty"), cause="behind")
        carry_out(found.job_id)
        found.refresh_from_db()
    assert found.state == "ready", found.job.fault
    more = found.told["tasks"] - plan.told["tasks"]
    assert 1 <= more <= 8  # its directions, ploughed and spread
    network = queries.network(plan)
    arcs = set(network.sections[network.places[behind[0]]].arcs)
    later = [leg for one in found.tours["tours"] for leg in one["stops"] if leg[1] >= 2400]
    assert any(arcs & set(leg[3]) for leg in later if leg[0] == "serve")

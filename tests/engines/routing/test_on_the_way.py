"""What vehicles report against the plan that runs: where each is, what is done, how it goes on."""

from dataclasses import replace

import numpy as np
import pytest

from bihuan.engines.routing.matching import cells, match
from bihuan.engines.routing.matching import tracks as told_tracks
from bihuan.engines.routing.plan import onward
from bihuan.engines.routing.plan.check import check
from bihuan.engines.routing.plan.city import plan_city
from bihuan.engines.routing.plan.facts.carry import carried_on
from bihuan.engines.routing.plan.facts.gather import facts
from bihuan.engines.routing.plan.facts.record import Facts, Said
from bihuan.engines.routing.plan.live import Event, ahead, replan_city
from bihuan.engines.routing.plan.scenario import VehicleType
from bihuan.engines.routing.plan.tracking import Receivers, track_plan

from .test_city_plan import AIM, TURNS, scenario

NOW = 400.0


@pytest.fixture(scope="module")
def running():
    return plan_city(scenario(longest_m=450.0), AIM)


def paced(plan, factors):
    """The plan as it is really driven: each vehicle slower or faster than was planned."""
    tours = [
        replace(tour, stops=tuple(
            replace(leg, from_s=leg.from_s * pace, to_s=leg.to_s * pace) for leg in tour.stops
        ))
        for tour in plan.tours for pace in (factors.get(tour.vehicle, 1.0),)
    ]  # fmt: skip
    return replace(plan, tours=tuple(tours))


def driven(plan, orders):
    """The plan with other tasks for some vehicles, in this order."""
    tours = []
    for tour in onward.every_tour(plan):
        if tour.vehicle in orders:
            own = [(at, plan.demand.tasks[at].runs[0]) for at in orders[tour.vehicle]]
            graph = plan.demand.graph(plan.scenario.types[tour.type])
            tours.append(onward.go_on(plan.demand, replace(tour, stops=()), graph, own, 0.0))
        else:
            tours.append(tour)
    return replace(plan, tours=tuple(tours))


def sent(real, until_s=NOW, **receivers):
    """Points of all vehicles, numbered as the plan numbers them."""
    told = track_plan(real, Receivers(**receivers), until_s=until_s)
    names = [name for _group, name in real.scenario.vehicles]
    place = np.array([names.index(name) for name in told.vehicles], dtype=np.int32)
    return replace(told, vehicles=tuple(names), vehicle=place[told.vehicle])


def known(plan, told, now_s=NOW, **more):
    return facts(
        plan, told, match(cells(plan.scenario.network), told), now_s=now_s, **more
    )  # fmt: skip


def judged(plan, found, **more):
    seen = {one.vehicle: one for one in found.seen}
    return check(plan.scenario, plan, plan.demand.passes, seen=seen, **more)


def done_by(found):
    return {one.vehicle: {each.task for each in one.done} for one in found.seen}


def begun(real, at_s=NOW):
    return {
        tour.vehicle: (
            {leg.task for leg in tour.stops if leg.kind == "serve" and leg.to_s <= at_s},
            {leg.task for leg in tour.stops if leg.kind == "serve" and leg.from_s <= at_s},
        )
        for tour in real.tours
    }


@pytest.mark.parametrize("now_s", [100.0, 400.0, 900.0])
@pytest.mark.parametrize("mute", [(), (0, 1, 2)])
def test_what_is_done_and_where_each_is_comes_from_the_tracks_not_from_the_plan(
    running, now_s, mute
):
    real = paced(running, {0: 1.3, 2: 1.1})
    found = known(running, sent(real, now_s, mute=mute), now_s)
    assert [one.vehicle for one in found.seen] == [0, 1, 2]
    for one in found.seen:
        finished, started = begun(real, now_s)[one.vehicle]
        mine = {each.task for each in one.done}
        assert finished <= mine <= started
        tour = real.tours[one.vehicle]
        at_s = min(now_s, tour.back_s)  # nothing is sent from the yard afterwards
        here = [leg for leg in tour.stops if leg.from_s <= at_s <= leg.to_s + 5.0]
        assert any(one.arc in leg.arcs for leg in here)
        assert one.free_s >= now_s
        spread = sum(running.demand.tasks[at].load_kg for at in mine)
        assert one.load_kg == pytest.approx(300.0 - spread)
        whole = sum(leg.m for leg in tour.stops if leg.to_s <= now_s)
        assert one.m >= whole - 60.0


def test_the_plan_as_it_runs_keeps_every_order_and_the_judge_agrees(running):
    real = paced(running, {0: 1.3, 2: 1.1})
    found = known(running, sent(real))
    on = carried_on(running, found, now_s=NOW)
    verdict = judged(on, found)
    assert verdict.faults == ()
    assert verdict.undone_passes == 0
    assert on.left == ()
    for was, now in zip(running.tours, on.tours, strict=True):
        assert [leg.task for leg in now.stops if leg.kind == "serve"] == [
            leg.task for leg in was.stops if leg.kind == "serve"
        ]
        assert sum(leg.m for leg in now.stops) == pytest.approx(
            sum(leg.m for leg in was.stops), abs=60.0
        )
    # A slow vehicle is later than was planned by about its pace.
    slow = on.tours[0]
    assert slow.cleared_s > running.tours[0].cleared_s + 60.0
    after = replan_city(on, Event(), now_s=NOW)
    assert after.changed == ()
    assert after.moved == 0


def test_work_that_a_vehicle_left_out_is_given_to_whom_it_suits(running):
    order = [leg.task for leg in running.tours[2].stops if leg.kind == "serve"]
    skipped = order[1]
    real = driven(running, {2: [order[0], *order[2:]]})
    found = known(running, sent(real))
    assert skipped not in done_by(found)[2]
    on = carried_on(running, found, now_s=NOW)
    assert on.left == (skipped,)
    assert judged(on, found).undone_passes > 0
    after = replan_city(on, Event(), now_s=NOW)
    verdict = judged(after.plan, found)
    assert verdict.faults == ()
    assert verdict.undone_passes == 0
    assert after.left == ()


def test_work_that_another_vehicle_did_is_not_done_twice(running):
    theirs = [leg.task for leg in running.tours[0].stops if leg.kind == "serve"][-1]
    order = [leg.task for leg in running.tours[2].stops if leg.kind == "serve"]
    real = driven(running, {2: [order[0], theirs, *order[1:]]})
    found = known(running, sent(real, 500.0), 500.0)
    assert theirs in done_by(found)[2]
    on = carried_on(running, found, now_s=500.0)
    served = [leg.task for tour in on.tours for leg in tour.stops if leg.kind == "serve"]
    assert served.count(theirs) == 1
    assert judged(on, found).faults == ()
    # A device that does not say whether the plough is down proves nothing beside the plan.
    mute = known(running, sent(real, 500.0, mute=(2,)), 500.0)
    assert theirs not in done_by(mute)[2]


def test_who_drives_with_the_plough_up_has_done_nothing(running):
    told = sent(running)
    up = replace(told, plough=np.zeros_like(told.plough), spread=np.zeros_like(told.spread))
    assert all(not mine for mine in done_by(known(running, up)).values())


def test_who_is_not_heard_goes_on_from_where_it_was_at_the_pace_of_the_plan(running):
    real = paced(running, {0: 1.4})
    found = known(running, sent(real, 900.0, silent=((0, 300.0, 900.0),)), 900.0)
    one = found.seen[0]
    assert one.vehicle == 0
    assert 280.0 < one.at_s <= 300.0
    assert one.free_s < 400.0  # it was not moved to where nobody saw it
    on = carried_on(running, found, now_s=900.0)
    assert judged(on, found).faults == ()
    assert ahead(on.tours[0], 900.0) != on.tours[0].stops
    late = on.tours[0].cleared_s - running.tours[0].cleared_s
    assert 40.0 < late < 200.0  # the delay until it fell silent, not more
    never = known(running, sent(running, 900.0, silent=((0, -1.0, 900.0),)), 900.0)
    assert [one.vehicle for one in never.seen] == [1, 2]
    on = carried_on(running, never, now_s=900.0)
    assert on.tours[0].stops == running.tours[0].stops


def test_who_has_not_left_stands_at_its_yard_with_all_before_it(running):
    yard = running.scenario.yards[0]
    t = np.arange(0.0, NOW, 5.0)
    rng = np.random.default_rng(1)
    told = told_tracks(
        tuple(name for _group, name in running.scenario.vehicles),
        np.zeros(len(t), dtype=np.int32), t,
        yard.lon + rng.normal(0, 4e-5, len(t)), yard.lat + rng.normal(0, 4e-5, len(t)),
    )  # fmt: skip
    found = known(running, told)
    (one,) = found.seen
    assert (one.arc, one.yard, one.done, one.load_kg) == (-1, 0, (), 300.0)
    assert one.free_s == NOW
    on = carried_on(running, found, now_s=NOW)
    assert judged(on, found).faults == ()
    first = next(leg for leg in on.tours[0].stops if leg.kind == "serve")
    assert first.from_s >= NOW
    assert first.task == next(leg.task for leg in running.tours[0].stops if leg.kind == "serve")


def test_a_stand_at_a_refill_place_fills_the_hopper():
    small = VehicleType("撒布车", capacity_kg=120.0, turns=TURNS)
    plan = plan_city(scenario(longest_m=450.0, types=(small,)), AIM)
    tour, at = next(
        (one, k) for one in plan.tours for k, leg in enumerate(one.stops)
        if leg.kind == "refill" and leg.from_s > 300.0
    )  # fmt: skip
    stop = tour.stops[at]
    before = known(plan, sent(plan, stop.from_s - 5.0), stop.from_s - 5.0)
    during = known(plan, sent(plan, stop.from_s + 70.0), stop.from_s + 70.0)
    later = stop.to_s + 30.0
    after = known(plan, sent(plan, later), later)
    load = [
        next(one for one in found.seen if one.vehicle == tour.vehicle)
        for found in (before, during, after)
    ]
    assert load[0].load_kg < 60.0
    assert load[1].load_kg == 120.0
    assert load[1].arc == -1
    assert load[1].free_s == pytest.approx(stop.to_s, abs=30.0)
    served = sum(leg.kg for leg in tour.stops[at:] if leg.kind == "serve" and leg.from_s < later)
    assert load[2].load_kg == pytest.approx(120.0 - served)
    for now_s, found in ((stop.from_s + 70.0, during), (later, after)):
        on = carried_on(plan, found, now_s=now_s)
        assert judged(on, found).faults == ()


def test_what_the_spreader_says_goes_before_what_was_planned(running):
    told = sent(running)
    doubled = replace(told, rate_g_m2=np.where(told.spread == 1, 20.0, np.nan))
    plain, more = known(running, told), known(running, doubled)
    for one, two in zip(plain.seen, more.seen, strict=True):
        assert two.load_kg < one.load_kg  # 20 g/m² where 10 were planned


def test_what_teams_report_falls_away_once(running):
    last = [leg for leg in running.tours[1].stops if leg.kind == "serve"][-1]
    said = (Said(last.arcs, 350.0),)
    found = known(running, sent(running), said=said)
    assert found.reported == (last.task,)
    on = carried_on(running, found, now_s=NOW)
    event = Event(reported=found.reported)
    after = replan_city(on, event, now_s=NOW)
    served = {
        leg.task for tour in after.plan.tours for leg in tour.stops if leg.kind == "serve"
    }  # fmt: skip
    assert last.task not in served
    assert last.task not in after.left
    verdict = judged(after.plan, found)
    assert verdict.faults == ()
    assert verdict.undone_passes == 0
    once_more = replan_city(after.plan, event, now_s=NOW + 10)
    assert (once_more.plan.demand.passes == after.plan.demand.passes).all()
    assert after.plan.demand.passes.sum() == running.demand.passes.sum() - len(last.arcs)
    # Of a street that is cleared twice, one report is one time.
    assert known(running, sent(running), said=(Said(last.arcs, 999.0),)).reported == ()


def test_the_judge_believes_no_record_that_is_not_a_fact(running):
    found = known(running, sent(running))
    on = carried_on(running, found, now_s=NOW)

    def codes(plan, facts_):
        return {one.code for one in judged(plan, facts_).faults}

    assert "check_not_seen" in codes(on, Facts())
    tour = on.tours[1]
    at = next(k for k, leg in enumerate(tour.stops) if leg.kind == "seen")
    for change in (
        {"to_s": tour.stops[at].to_s - 60.0}, {"kg": 999.0}, {"arcs": (0,)},
    ):  # fmt: skip
        legs = (*tour.stops[:at], replace(tour.stops[at], **change), *tour.stops[at + 1 :])
        false = replace(on, tours=(on.tours[0], replace(tour, stops=legs), on.tours[2]))
        assert "check_not_seen" in codes(false, found)
    invented = replace(tour.stops[at + 2], from_s=1.0, to_s=2.0, kind="serve")
    legs = (*tour.stops[:at], invented, *tour.stops[at:])
    false = replace(on, tours=(on.tours[0], replace(tour, stops=legs), on.tours[2]))
    assert "check_not_seen" in codes(false, found)


def test_a_second_look_stands_on_the_first(running):
    real = paced(running, {0: 1.3, 2: 1.1})
    first = known(running, sent(real, 300.0), 300.0)
    on = replan_city(carried_on(running, first, now_s=300.0), Event(), now_s=300.0).plan
    earlier = {one.vehicle: one for one in first.seen}
    told = sent(real, 700.0)
    late = told.t_s > 295.0  # what came before may be deleted by now
    rest = replace(told, **{
        name: getattr(told, name)[late]
        for name in ("vehicle", "t_s", "lon", "lat", "plough", "spread", "rate_g_m2")
    })  # fmt: skip
    found = known(on, rest, 700.0, earlier=earlier)
    for one in found.seen:
        finished, started = begun(real, 700.0)[one.vehicle]
        assert finished <= {each.task for each in one.done} <= started
    later = carried_on(on, found, now_s=700.0)
    verdict = judged(later, found)
    assert verdict.faults == ()
    assert verdict.undone_passes == 0
    nothing = known(on, sent(real, 1.0), 700.0, earlier=earlier)
    assert nothing.seen == ()  # not heard since: what is known of them is in the plan already


def test_who_broke_down_finishes_nothing_and_stays_where_it_is(running):
    real = paced(running, {0: 1.3})
    whole, broken = known(running, sent(real)), known(running, sent(real), broken=(0,))
    assert done_by(broken)[0] < done_by(whole)[0]
    on = carried_on(running, broken, now_s=NOW)
    after = replan_city(on, Event(breakdowns=(0,)), now_s=NOW)
    verdict = judged(after.plan, broken, stranded=(0,))
    assert verdict.faults == ()
    assert verdict.undone_passes == 0
    assert not ahead(after.plan.tours[0], NOW)

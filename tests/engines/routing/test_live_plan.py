"""A plan that runs, and what happens on the way; and what might have been."""

from dataclasses import replace

import numpy as np
import pytest

from bihuan.engines.routing import whatif
from bihuan.engines.routing.faults import Unfit
from bihuan.engines.routing.network import KINDS
from bihuan.engines.routing.plan.check import check
from bihuan.engines.routing.plan.city import plan_city
from bihuan.engines.routing.plan.live import Event, replan_city
from bihuan.engines.routing.plan.scenario import Group, VehicleType
from bihuan.engines.routing.plan.variants import (
    judge,
    more_vehicles,
    planner_by_rounds,
    raised,
    started,
    yard_at,
)

from .test_city_plan import AIM, TURNS, scenario

NOW = 200.0


@pytest.fixture(scope="module")
def running():
    return plan_city(scenario(longest_m=450.0), AIM)


def verdict(after, event=None):
    plan = after.plan
    gone = event.breakdowns if event else ()
    return check(plan.scenario, plan, plan.demand.passes, stranded=gone)


def future(plan, vehicle=None):
    return {
        leg.task for tour in plan.tours for leg in tour.stops
        if leg.kind == "serve" and leg.from_s >= NOW and vehicle in (None, tour.vehicle)
    }  # fmt: skip


def past(plan):
    return [
        leg for tour in plan.tours for leg in tour.stops if leg.kind == "serve" and leg.to_s <= NOW
    ]


def test_where_nothing_happened_the_plan_stays_as_it_is(running):
    after = replan_city(running, Event(), now_s=NOW)
    assert after.changed == ()
    assert after.moved == 0
    assert [t.stops for t in after.plan.tours if t.stops] == [
        t.stops for t in running.tours if t.stops
    ]


def test_the_work_of_a_broken_vehicle_goes_to_others_and_what_is_done_stays(running):
    who = next(tour.vehicle for tour in running.tours if future(running, tour.vehicle))
    event = Event(breakdowns=(who,))
    after = replan_city(running, event, now_s=NOW)
    found = verdict(after, event)
    assert found.faults == ()
    assert found.undone_passes == 0
    assert not future(after.plan, who)
    assert future(running, who) <= future(after.plan)
    assert after.moved >= len(future(running, who))
    assert after.changed
    assert set(map(str, past(running))) <= set(map(str, past(after.plan)))


def test_a_closed_street_is_not_driven_from_then_on_and_its_work_is_left(running):
    net = running.scenario.network
    leg = next(
        leg for tour in running.tours for leg in tour.stops
        if leg.kind == "serve" and leg.from_s > NOW + 50
        and net.kind[leg.arcs[0]] == KINDS.index("main")
        and not set(running.demand.nodes.tolist())
        & {*net.arc_tail[list(leg.arcs)].tolist(), *net.arc_head[list(leg.arcs)].tolist()}
    )  # fmt: skip
    shut = tuple({a for arc in leg.arcs for a in (arc, int(net.back[arc]))})
    after = replan_city(running, Event(closed=shut), now_s=NOW)
    driven = {
        arc for tour in after.plan.tours for one in tour.stops if one.from_s >= NOW
        for arc in one.arcs
    }  # fmt: skip
    assert not driven & set(shut)
    assert leg.task in after.left
    assert verdict(after).faults == ()
    assert verdict(after).undone_passes >= len(leg.arcs)


def test_a_closing_that_cuts_vehicles_off_is_said_and_nothing_takes_for_ever(running):
    net = running.scenario.network
    home = int(running.demand.nodes[0])
    shut = tuple(np.flatnonzero((net.arc_head == home) | (net.arc_tail == home)).tolist())
    after = replan_city(running, Event(closed=shut), now_s=NOW)
    found = verdict(after)
    assert {one.code for one in found.faults} == {"check_not_home"}
    assert all(np.isfinite(leg.to_s) for tour in after.plan.tours for leg in tour.stops)
    assert set(after.left) <= set(range(len(running.demand.tasks)))


def test_a_vehicle_that_starts_late_waits(running):
    after = replan_city(running, Event(late=((0, 1500.0),)), now_s=0.0)
    own = next(tour for tour in after.plan.tours if tour.vehicle == 0)
    assert all(leg.from_s >= 1500 or leg.kind == "wait" for leg in own.stops)
    assert verdict(after).faults == ()
    assert after.left == ()


def test_what_an_inspector_orders_comes_first(running):
    last = max(
        (leg for tour in running.tours for leg in tour.stops if leg.kind == "serve"),
        key=lambda leg: leg.to_s,
    )
    after = replan_city(running, Event(first=(last.task,), first_by_s=NOW), now_s=NOW)
    assert after.plan.finish_s[last.task] < last.to_s
    assert verdict(after).faults == ()
    assert after.left == ()


def test_new_snow_asks_for_roads_again(running):
    done = [leg.task for leg in past(running)][:3]
    after = replan_city(running, Event(again=tuple(done)), now_s=NOW)
    assert len(after.plan.demand.tasks) == len(running.demand.tasks) + len(done)
    assert verdict(after).faults == ()
    assert verdict(after).undone_passes == 0
    again = range(len(running.demand.tasks), len(after.plan.demand.tasks))
    assert all(after.plan.finish_s[at] > NOW for at in again)


def test_a_small_hopper_is_still_refilled():
    small = VehicleType("小车", capacity_kg=100.0, turns=TURNS)
    plan = plan_city(
        scenario(types=(small,), groups=(Group("北场", "小车", 2), Group("南场", "小车", 2))), AIM
    )
    event = Event(breakdowns=(1,))
    after = replan_city(plan, event, now_s=NOW)
    assert verdict(after, event).faults == ()
    assert after.left == ()


@pytest.mark.parametrize(
    ("event", "now", "code"),
    [
        (Event(breakdowns=(99,)), NOW, "replan_unknown"),
        (Event(first=(9999,)), NOW, "replan_unknown"),
        (Event(closed=(10**6,)), NOW, "replan_unknown"),
        (Event(), -1.0, "replan_clock"),
    ],
)
def test_what_does_not_exist_is_said(running, event, now, code):
    with pytest.raises(Unfit) as refusal:
        replan_city(running, event, now_s=now)
    assert code in {one.code for one in refusal.value.faults}


MEANS = whatif.Means(planner_by_rounds, judge, seconds=400, seed=1)


def test_so_many_more_vehicles_keep_the_promise():
    rules = tuple(
        replace(rule, promise_s=900.0) if rule.kind == "main" else rule
        for rule in scenario().classes
    )
    base = scenario(classes=rules, groups=(Group("北场", "撒布车", 1),))
    table = whatif.vehicles_needed(base, more_vehicles, MEANS, most=8)
    assert table.best is not None
    assert table.best.judged.kept
    assert table.best.amount >= 1
    assert not table.rows[0].judged.kept
    assert table.best.judged.vehicles <= 1 + table.best.amount


def test_a_yard_in_the_middle_and_a_raised_class_are_priced():
    base = whatif.Variant("", scenario())
    net = base.scenario.network
    middle = yard_at(base.scenario, float(np.median(net.node_lon)), float(np.median(net.node_lat)))
    table = whatif.best_yard(base, [middle], MEANS)
    assert len(table.rows) == 2
    price = whatif.price_of_raising(
        base, [raised(base.scenario, "back", 3600.0), raised(base.scenario, "back", 60.0)], MEANS
    )
    assert price.answer == 1  # an hour holds, a minute does not
    later = started(base.scenario, 1, 1800.0)
    assert whatif.compare(base, [later], MEANS).rows[1].judged.undone == 0

"""Bounds of a city plan: worked out by hand, never above a plan, never below the plain balance."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from bihuan.engines.routing.network import KINDS
from bihuan.engines.routing.plan.bounds import _priced_m, bounds
from bihuan.engines.routing.plan.check import check
from bihuan.engines.routing.plan.circulation import circulation
from bihuan.engines.routing.plan.city import plan_demand
from bihuan.engines.routing.plan.demand import demand
from bihuan.engines.routing.plan.planner import Aim
from bihuan.engines.routing.plan.prices import Prices, loads
from bihuan.engines.routing.plan.scenario import (
    Amounts,
    ClassRule,
    Group,
    Scenario,
    VehicleType,
    Yard,
)
from bihuan.engines.routing.turns import TurnRules

from .drawn import arc, grid, network, node

FREE_ROUND = TurnRules(8, 3, 30, u_turn_banned=False)
NEVER_ROUND = TurnRules(8, 3, 30, u_turn_banned=True)
AMOUNTS = Amounts(((-99, "", 20.0),))


def yard(net, place, name="场"):
    at = node(net, place)
    return Yard(name, float(net.node_lon[at]), float(net.node_lat[at]), refill_s=60.0)


def far_street(capacity_kg):
    """A kilometre of back street from the yard to 400 m of main street."""
    net = network(
        ([(0, 0), (1000, 0)], "residential", {"name": "远路"}),
        ([(1000, 0), (1200, 0), (1400, 0)], "primary", {"name": "大街"}),
    )
    return demand(
        Scenario(
            net,
            (ClassRule("main"),),
            (VehicleType("车", capacity_kg=capacity_kg, turns=FREE_ROUND),),
            (yard(net, (0, 0)),),
            (Group("场", "车", 2),),
            amounts=AMOUNTS,
            longest_m=200.0,
        )
    )


def test_every_load_has_to_be_brought_to_a_far_street():
    work = far_street(1000.0)
    kilos = sum(task.load_kg for task in work.tasks)
    # One load does both directions. Two do one each and drive back empty.
    for number, km in ((1, 2.8), (2, 5.6)):
        low = bounds(far_street(kilos / number))
        assert low.km == pytest.approx(km, abs=2e-3)
        assert low.balance_km == pytest.approx(0.8, abs=1e-3)


def test_a_turn_that_nobody_may_make_lengthens_the_way():
    # A square, one side to be cleared in one direction only: turning round at its end is not
    # allowed, so the way back leads round the square.
    def square(turns):
        net = network(
            ([(0, 0), (400, 0)], "primary", {"name": "大街"}),
            ([(0, 0), (0, 400), (400, 400), (400, 0)], "residential", {"name": "后巷"}),
        )
        there, back = np.flatnonzero(net.kind == KINDS.index("main")).tolist()
        if net.arc_tail[there] != node(net, (0, 0)):
            there, back = back, there
        banned = ((there, back),) if turns.u_turn_banned else ()
        return demand(
            Scenario(
                net,
                (ClassRule("main"),),
                (VehicleType("车", capacity_kg=1e6, turns=replace(turns, banned=banned)),),
                (yard(net, (0, 0)),),
                (Group("场", "车", 1),),
            )
        )

    assert bounds(square(FREE_ROUND)).km == pytest.approx(0.8, abs=1e-3)
    low = bounds(square(NEVER_ROUND))
    assert low.balance_km == pytest.approx(0.8, abs=1e-3)
    # 400 m there, 1,200 m round to the yard, 1,200 m out again, 400 m back.
    assert low.km == pytest.approx(3.2, abs=1e-3)


def drawn(seed):
    """A small town with three classes, hoppers, yards, turning and closings as chance has them."""
    rng = np.random.default_rng(seed)
    size = int(rng.integers(3, 5))
    lines = []
    for points, tag, about in grid(size):
        for a, b in pairwise(points):
            draw = rng.random()
            kind = tag if draw < 0.4 else "secondary" if draw < 0.6 else "residential"
            lines.append(([a, b], kind, about))
    net = network(*lines)
    places = rng.permutation(net.nodes)[:2]
    yards = tuple(
        Yard(f"{at}", float(net.node_lon[v]), float(net.node_lat[v]), refill_s=60.0)
        for at, v in enumerate(places.tolist())
    )
    turns = NEVER_ROUND if rng.random() < 0.5 else FREE_ROUND
    if rng.random() < 0.5:
        some = rng.permutation(net.arcs)[:6].tolist()
        pairs = []
        for a in some:
            out = np.flatnonzero(net.arc_tail == net.arc_head[a])
            if len(out) > 2:
                pairs.append((a, int(rng.choice(out))))
        turns = replace(turns, banned=tuple(pairs))
    room = float(rng.choice([60.0, 100.0, 250.0]))
    passes = "street" if rng.random() < 0.6 else "direction"
    types = (
        VehicleType("大", capacity_kg=room, turns=turns),
        VehicleType("小", capacity_kg=60.0, banned_kinds=("back",), turns=turns),
    )
    closed = ()
    if rng.random() < 0.3:
        one = int(rng.integers(net.arcs))
        closed = (one, int(net.back[one])) if net.back[one] >= 0 else ()
    return Scenario(
        net,
        (ClassRule("main", "direction"), ClassRule("secondary", passes)),
        types,
        yards,
        (Group("0", "大", 2), Group("1", "大", 1), Group("1", "小", 1)),
        amounts=AMOUNTS,
        closed=closed,
        longest_m=200.0,
    )


@pytest.mark.parametrize("seed", range(24))
def test_no_plan_is_shorter_and_the_plain_balance_is_never_above(seed):
    work = demand(drawn(seed))
    low = bounds(work)
    assert low.served_km <= low.balance_km <= low.km
    plan = plan_demand(work, Aim(rounds=1500, seed=seed, first="distance"))
    if not plan.left:
        assert check(work.scenario, plan, work.passes).faults == ()
        assert low.km <= plan.km + 1e-6


@pytest.mark.parametrize("seed", range(6))
def test_the_bound_holds_for_any_prices_whatever(seed):
    """What the linear programme says is not trusted: drawn prices give a bound too."""
    work = demand(drawn(seed))
    plan = plan_demand(work, Aim(rounds=1500, seed=seed, first="distance"))
    assert plan.left == ()
    graph, least = circulation(work), math.ceil(loads(work) - 1e-3)
    rng = np.random.default_rng(seed)
    for size in (5.0, 50.0, 500.0):
        junction = rng.uniform(-size, size, work.scenario.network.nodes)
        found = _priced_m(work, graph, Prices(junction, float(rng.uniform(0, 50)), least), 1.0)
        assert found is None or found <= plan.km * 1000 + 1e-3


def test_roads_that_are_cut_off_leave_the_work_itself_as_bound():
    work = far_street(1000.0)
    net = work.scenario.network
    shut = arc(net, (1000, 0), (0, 0))
    one_way = demand(replace(work.scenario, closed=(shut,)))
    low = bounds(one_way)
    assert low.km >= low.served_km

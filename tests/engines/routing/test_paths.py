"""Shortest ways are those of a plain count, turns have a price, a shut street is driven round."""

import itertools

import numpy as np
import pytest

from bihuan.engines.faults import Unfit
from bihuan.engines.routing import paths
from bihuan.engines.routing.turns import FREE, TurnRules, turns, with_banned
from bihuan.exchange.roads.schematic import sample
from tests.engines.routing.drawn import arc, grid, network, node


def plainly(one):
    """All ways from the end of each arc to the beginning of each, by Floyd and Warshall."""
    m = one.network.arcs
    step = np.full((m, m), np.inf)
    for a in range(m):
        for k in range(int(one.turns.start[a]), int(one.turns.start[a + 1])):
            step[a, one.turns.arc[k]] = one.turns.extra_s[k]
    best = step.copy()
    for mid in range(m):
        best = np.minimum(best, best[:, [mid]] + one.cost[mid] + best[[mid], :])
    return best


@pytest.mark.parametrize(
    "rules", [FREE, TurnRules(), TurnRules(u_turn_banned=False, left_s=0.0)], ids=str
)
def test_the_costs_are_those_of_a_plain_count(rules):
    net = network(
        *grid(3),
        ([(0, 0), (100, 60), (200, 200)], "residential", {"oneway": 1}),
        ([(400, 400), (600, 400)], "secondary", {}),
    )
    one = paths.roads(net, rules)
    every = np.arange(net.arcs)
    assert paths.between_arcs(one, every, every) == pytest.approx(plainly(one), abs=1e-9)


def test_the_way_costs_what_it_says():
    net = sample().network
    one = paths.roads(net, TurnRules())
    rng = np.random.default_rng(3)
    for a, b in rng.integers(0, net.arcs, (20, 2)).tolist():
        cost, between = paths.way(one, a, b)
        chain = [a, *between, b]
        paid = sum(one.cost[arc_] for arc_ in between)
        for here, there in itertools.pairwise(chain):
            part = slice(int(one.turns.start[here]), int(one.turns.start[here + 1]))
            (k,) = np.flatnonzero(one.turns.arc[part] == there)
            paid += one.turns.extra_s[part][k]
        assert cost == pytest.approx(paid)
        assert cost == pytest.approx(paths.between_arcs(one, a, b)[0, 0])


def test_the_sample_is_reached_everywhere_without_turning_round():
    net = sample().network
    one = paths.roads(net, TurnRules(u_turn_banned=True))
    every = np.arange(net.arcs)
    assert np.isfinite(paths.between_arcs(one, every[:5], every)).all()


def test_turning_round_is_banned_but_where_the_street_ends():
    net = network(*grid(2), ([(200, 200), (200, 500)], "primary", {"name": "断头路"}))
    into, out = arc(net, (200, 200), (200, 500)), arc(net, (200, 500), (200, 200))
    one = paths.roads(net, TurnRules(u_turn_s=30))
    assert paths.way(one, into, out) == (30.0, [])
    round_ = arc(net, (0, 0), (200, 0)), arc(net, (200, 0), (0, 0))
    assert paths.way(one, *round_)[1]  # not on the spot
    free = paths.roads(net, TurnRules(u_turn_s=5, u_turn_banned=False))
    assert paths.way(free, *round_) == (5.0, [])
    here = paths.roads(net, TurnRules(u_turn_s=5, u_turn_nodes=(node(net, (200, 0)),)))
    assert paths.way(here, *round_) == (5.0, [])


def test_a_left_turn_costs_more_than_a_right_one():
    net = network(*grid(3))
    coming = arc(net, (200, 0), (200, 200))
    left, right = arc(net, (200, 200), (0, 200)), arc(net, (200, 200), (400, 200))
    one = paths.roads(net, TurnRules(left_s=8, right_s=3))
    assert paths.way(one, coming, left) == (8.0, [])
    assert paths.way(one, coming, right) == (3.0, [])
    assert paths.way(one, coming, arc(net, (200, 200), (200, 400))) == (0.0, [])


def test_a_forbidden_turn_is_driven_round():
    net = network(*grid(3))
    a, b = arc(net, (200, 0), (200, 200)), arc(net, (200, 200), (0, 200))
    free = paths.roads(net, TurnRules())
    banned = paths.roads(net, with_banned(TurnRules(), [(a, b)]))
    assert paths.way(free, a, b)[1] == []
    cost, between = paths.way(banned, a, b)
    assert between
    assert cost > paths.way(free, a, b)[0]
    assert len(turns(net, TurnRules()).arc) == len(banned.turns.arc) + 1


def test_a_shut_street_is_driven_round_and_slow_ones_cost_more():
    net = network(*grid(3))
    a, b = arc(net, (0, 0), (200, 0)), arc(net, (400, 0), (400, 200))
    middle = arc(net, (200, 0), (400, 0))
    one = paths.roads(net)
    cost, between = paths.way(one, a, b)
    assert between == [middle]
    assert cost == pytest.approx(20, abs=0.01)  # 200 m at 36 km/h
    shut, detour = paths.way(one.closed([middle]), a, b)
    assert middle not in detour
    assert shut == pytest.approx(60, abs=0.05)
    assert paths.way(one.slowed(2.0), a, b)[0] == pytest.approx(2 * cost)
    assert paths.way(one, a, b) == (cost, between)  # the first is as it was


def test_junctions_are_asked_without_turns():
    net = network(*grid(3))
    one = paths.roads(net, TurnRules(), cost=net.length_m)
    corner, far = node(net, (0, 0)), node(net, (400, 400))
    assert paths.between_nodes(one, corner, [corner, far])[0] == pytest.approx([0, 800], abs=0.1)


def test_yards_are_left_and_reached():
    net = network(*grid(3))
    one = paths.roads(net, FREE, cost=net.length_m)
    yard = node(net, (0, 0))
    a, b = arc(net, (400, 200), (400, 400)), arc(net, (200, 0), (0, 0))
    assert paths.node_to_arcs(one, yard, [a])[0, 0] == pytest.approx(600, abs=0.1)
    assert paths.arcs_to_node(one, [a, b], yard)[:, 0] == pytest.approx([800, 0], abs=0.1)


def test_speed_may_be_held_down():
    net = network(*grid(2))
    assert paths.roads(net, speed_kmh=18).cost == pytest.approx(2 * paths.roads(net).cost)


def test_a_place_that_cannot_be_reached_costs_infinitely_much():
    net = network(*grid(2))
    one = paths.roads(net)
    a, b = arc(net, (0, 0), (200, 0)), arc(net, (200, 200), (0, 200))
    shut = one.closed(np.flatnonzero(net.arc_tail == node(net, (200, 0))))
    assert paths.way(shut, a, b) == (np.inf, [])


def test_a_part_of_a_pool_gives_the_same():
    net = sample().network
    one = paths.roads(net, TurnRules())
    every = np.arange(net.arcs)
    backwards = lambda work, *given: reversed(list(map(work, *(one_[::-1] for one_ in given))))  # noqa: E731
    there = paths.between_arcs(one, every, every)
    assert (paths.between_arcs(one, every, every, run=backwards) == there).all()


def test_negative_turns_are_refused():
    with pytest.raises(Unfit):
        TurnRules(left_s=-1)

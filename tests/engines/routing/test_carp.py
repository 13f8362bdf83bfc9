"""Arc routing benchmarks: the search, the bound below it and the judge beside it."""

import csv
import os
from dataclasses import replace
from itertools import permutations, product
from pathlib import Path

import numpy as np
import pytest

from bihuan.engines.routing.carp import Carp, Edge, Service, check, solve_carp
from bihuan.engines.routing.carp_bound import lower_bound
from bihuan.engines.routing.faults import Unfit
from bihuan.engines.routing.gritting import (
    Gritting,
    Link,
    Step,
    Truck,
    check_gritting,
    solve_gritting,
)
from bihuan.engines.routing.tours import Limits

ROOT = Path(__file__).resolve().parents[3]
BENCH = Path(os.environ.get("BIHUAN_BENCH", ROOT.parent / "shared" / "bench"))
needs_carp = pytest.mark.skipif(
    not (BENCH / "carp").is_dir(), reason="the CARP files are not here; say where with BIHUAN_BENCH"
)
needs_salt = pytest.mark.skipif(
    not (BENCH / "salt-spreading").is_dir(),
    reason="the gritting files are not here; say where with BIHUAN_BENCH",
)
ROUNDS = Limits(rounds=3000, seed=1)


def drawn(seed=0, nodes=5, edges=5, capacity=5.0):
    """A small connected instance of whole numbers."""
    rng = np.random.default_rng(seed)
    pairs = [(at, at + 1) for at in range(1, nodes)]
    while len(pairs) < edges + 2:
        a, b = sorted(rng.choice(nodes, 2, replace=False) + 1)
        if (a, b) not in pairs:
            pairs.append((int(a), int(b)))
    required = set(rng.choice(len(pairs), edges, replace=False).tolist())
    load = int(rng.integers(1, 4))
    return Carp(
        "示例",
        tuple(
            Edge(a, b, float(rng.integers(1, 9)), float(load if at in required else 0),
                 at in required)
            for at, (a, b) in enumerate(pairs)
        ),
        capacity,
        1,
    )  # fmt: skip


def cheapest(carp):
    """The best of all orders and directions, each cut into tours at the best places."""
    edges = carp.required
    at = carp.place
    home = at[carp.depot]
    best = np.inf
    for order in permutations(edges):
        for ways in product((False, True), repeat=len(edges)):
            ends = [(at[e.v], at[e.u]) if w else (at[e.u], at[e.v])
                    for e, w in zip(order, ways, strict=True)]  # fmt: skip
            until = [0.0] + [np.inf] * len(order)
            for i in range(len(order)):
                load = cost = 0.0
                for j in range(i, len(order)):
                    load += order[j].load
                    if load > carp.capacity:
                        break
                    cost += carp.ways[home if j == i else ends[j - 1][1], ends[j][0]]
                    cost += order[j].cost
                    until[j + 1] = min(until[j + 1], until[i] + cost + carp.ways[ends[j][1], home])
            best = min(best, until[-1])
    return best


@pytest.mark.parametrize("seed", range(8))
def test_small_ones_are_solved_to_the_end_and_the_bound_lies_below(seed):
    carp = drawn(seed)
    plan = solve_carp(carp, ROUNDS)
    cost, faults = check(carp, plan.routes)
    assert faults == []
    assert cost == pytest.approx(plan.cost)
    best = cheapest(carp)
    assert cost == pytest.approx(best)
    bound = lower_bound(carp)
    assert sum(edge.cost for edge in carp.required) <= bound <= best + 1e-9


def test_the_judge_sees_every_fault():
    carp = Carp(
        "判", (Edge(1, 2, 3, 2, True), Edge(2, 3, 4, 2, True), Edge(3, 1, 5, 0, False)), 3.0, 1
    )
    good = [[Service(1, 2)], [Service(3, 2)]]
    assert check(carp, good) == (6 + 12.0, [])

    def codes(routes):
        return {one.code for one in check(carp, routes)[1]}

    assert codes([[Service(1, 2)]]) == {"carp_missing"}
    assert codes([*good, [Service(2, 1)]]) == {"carp_twice"}
    assert codes([[Service(1, 2), Service(2, 3)]]) == {"carp_over"}
    assert "carp_no_such_edge" in codes([*good, [Service(1, 3)]])
    apart = replace(carp, edges=(*carp.edges, Edge(8, 9, 1, 1, True)))
    assert {one.code for one in check(apart, [*good, [Service(8, 9)]])[1]} == {"carp_no_way"}


def test_what_nobody_could_serve_is_said_before_the_search():
    carp = Carp("重", (Edge(1, 2, 3, 9, True), Edge(4, 5, 1, 1, True)), 5.0, 1)
    with pytest.raises(Unfit) as refusal:
        solve_carp(carp, ROUNDS)
    assert [one.code for one in refusal.value.faults] == ["carp_too_heavy", "carp_unreachable"]
    with pytest.raises(Unfit):
        solve_carp(Carp("空", (Edge(1, 2, 3, 0, False),), 5.0, 1), ROUNDS)


def test_parallel_edges_are_two():
    carp = Carp("双", (Edge(1, 2, 3, 1, True), Edge(1, 2, 5, 1, True)), 9.0, 1)
    plan = solve_carp(carp, ROUNDS)
    assert check(carp, plan.routes) == (8.0, [])


@needs_carp
def test_published_optima_are_reached_and_no_bound_lies_above_them():
    from bihuan.exchange.carp.carplib import read_file

    with (BENCH / "carp" / "bks.csv").open() as stream:
        known = {row["instance"]: row for row in csv.DictReader(stream)}
    for name, family, rounds in (("gdb1", "gdb", 2000), ("gdb14", "gdb", 2000),
                                 ("egl-e1-A", "egl-e", 20000)):  # fmt: skip
        carp = read_file(BENCH / "carp" / family / f"{name}.dat")
        plan = solve_carp(carp, Limits(rounds=rounds, seed=1))
        cost, faults = check(carp, plan.routes)
        best = float(known[name]["best_known"])
        assert faults == []
        assert best <= cost <= best * 1.02
        assert best * 0.98 <= lower_bound(carp) <= best


# gritting


def network(u_turns=(), minutes=1000.0, ends_home=True, capacity=10.0):
    """A line 1-2-3-4 with a loop 2-5-3, everything gritted but 5-3, 2→5 one way."""
    links = (
        Link("1", "2", 100, 1, 2.0, False), Link("2", "3", 100, 1, 2.0, False),
        Link("3", "4", 100, 1, 2.0, False), Link("2", "5", 80, 1, 2.0, True),
        Link("5", "3", 80, 1, None, False),
    )  # fmt: skip
    return Gritting("示例", links, (Truck("甲", "1", capacity),), ("3",), frozenset(u_turns),
                    minutes, ends_home)  # fmt: skip


@pytest.mark.parametrize("ends_home", [True, False])
@pytest.mark.parametrize("u_turns", [(), ("1", "2", "3", "4", "5")])
def test_a_truck_turns_only_where_it_may(u_turns, ends_home):
    given = network(u_turns, ends_home=ends_home, capacity=5.0)
    plan = solve_gritting(given, ROUNDS)
    metres, faults = check_gritting(given, plan.trips)
    assert faults == []
    assert plan.left == ()
    assert metres == pytest.approx(plan.m)
    assert plan.trips[0].refill_before  # four roads of two, five fit
    free = solve_gritting(network(tuple("12345"), ends_home=ends_home, capacity=5.0), ROUNDS)
    assert free.m <= plan.m


def test_the_judge_of_gritting_sees_every_fault():
    given = network(("3",))
    plan = solve_gritting(given, ROUNDS)
    (trip,) = plan.trips
    assert check_gritting(given, [trip])[1] == []

    def codes(trips, to=given):
        return {one.code for one in check_gritting(to, trips)[1]}

    assert "grit_not_home" in codes([replace(trip, steps=trip.steps[:-1])])
    assert "grit_jump" in codes([replace(trip, steps=trip.steps[1:])])
    assert "carp_missing" in codes([])
    assert "grit_truck" in codes([replace(trip, truck="乙")])
    assert "grit_refill" in codes([replace(trip, refill_before=(0,))])
    assert "grit_late" in codes([trip], replace(given, minutes=2.0))
    dry = replace(given, trucks=(Truck("甲", "1", 3.0),))
    assert "grit_empty" in codes([replace(trip, refill_before=())], dry)
    bounce = (Step("1", "2", 0, True), Step("2", "1", 0, False))
    assert "grit_u_turn" in codes([replace(trip, steps=bounce, refill_before=())])
    against = (Step("1", "2", 0, True), Step("5", "2", 3, True))
    assert "grit_no_road" in codes([replace(trip, steps=against, refill_before=())])


def test_too_little_time_leaves_roads_and_says_which():
    given = network(("1", "2", "3", "4", "5"), minutes=3.0)
    plan = solve_gritting(given, ROUNDS)
    assert plan.left
    faults = check_gritting(given, plan.trips)[1]
    assert {one.code for one in faults} == {"carp_missing"}
    assert len(faults) == len(plan.left)


@needs_salt
def test_a_real_gritting_network_is_driven_without_a_forbidden_turn():
    from bihuan.exchange.carp.kerteminde import read

    file = BENCH / "salt-spreading" / "kerteminde" / "kerteminde.json"
    given = read(file.read_bytes())
    plan = solve_gritting(given, Limits(rounds=3000, seed=1, hot=1.0))
    metres, faults = check_gritting(given, plan.trips)
    assert faults == []
    assert plan.left == ()
    assert metres < 400_000

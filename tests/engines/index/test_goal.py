"""What if, and how to get there: answers are judged by building the whole index again."""

from itertools import product

import numpy as np
import pytest

from bihuan.engines.index import Node, Unfit, build, frame, method, tree
from bihuan.engines.index.goal import Lever, Peers, misreports, seek
from bihuan.engines.index.whatif import Held, what_if

from .given import some

PLAIN = method({"treat": {"how": "none"}})


def zone(mean="amean"):
    """Ten units on three indicators; anchors are held by two that nobody catches."""
    nodes = [Node(f"i{j}", parent="t", weight=1.0 + j) for j in range(3)]
    grown = tree([*nodes, Node("t", level=2)], [f"i{j}" for j in range(3)])
    chance = np.random.default_rng(2)
    x = np.round(20 + 60 * chance.random((10, 3)), 1)
    x[0], x[1] = 100, 1
    recipe = method(
        {
            "treat": {"how": "none"},
            "normalise": {"lower": 1, "upper": 100},
            "aggregate": {"how": mean},
        }
    )
    return build(frame([f"u{i}" for i in range(10)], grown, x), recipe)


def unit_at(result, rank):
    return result.units[int(np.flatnonzero(result.top_ranks == rank)[0])]


def test_a_what_if_is_a_build_from_the_changed_numbers():
    result = build(some(15), PLAIN)
    x = np.array(result.given.x)
    x[3, 2] = 9.0
    answer = what_if(result, {("u003", "i2"): 9.0})
    plain = build(frame(result.units, result.given.tree, x), PLAIN)
    assert np.array_equal(answer.result.scores, plain.scores)
    moved = {u for u, a, b in zip(result.units, result.top_ranks, plain.top_ranks, strict=True)
             if a != b}  # fmt: skip
    assert {one.unit for one in answer.shifts} == moved
    weights = what_if(result, weights={"p0": 50.0}).result
    assert weights.tree.nodes[weights.tree.index["p0"]].weight == 50.0
    other = what_if(result, normalise={"how": "rank"}).result
    assert np.array_equal(other.scores, result.again(normalise={"how": "rank"}).scores)


def test_a_what_if_of_nothing_known_is_refused():
    result = build(some(5), PLAIN)
    for cells, weights in (
        ({("x", "i0"): 1.0}, None),
        ({("u000", "x"): 1.0}, None),
        (None, {"x": 1.0}),
    ):
        with pytest.raises(Unfit):
            what_if(result, cells, weights)


def test_a_held_score_follows_a_logarithm_from_the_other_side():
    x = np.column_stack([-np.append(np.linspace(1, 2, 19), 100.0), np.arange(20.0)])
    nodes = [Node("a", parent="t"), Node("b", parent="t"), Node("t", level=2)]
    given = frame([f"u{i}" for i in range(20)], tree(nodes, ["a", "b"]), x)
    result = build(given, method({"treat": {"winmax": 0, "then": "log_by_skew"}}))
    for unit in ("u0", "u7", "u19"):
        raw = dict(enumerate(map(float, given.x[result.row(unit)])))
        assert Held(result, unit).score(raw) == pytest.approx(result.top[result.row(unit)])


@pytest.mark.parametrize("recipe", [{}, {"normalise": {"how": "zscore"}}, {"treat": {"winmax": 0}}])
def test_a_held_score_of_the_reported_values_is_the_score(recipe):
    result = build(some(20, seed=3), method(recipe))
    for unit in result.units[::6]:
        assert Held(result, unit).score({}) == pytest.approx(result.top[result.row(unit)])
        raw = dict(enumerate(map(float, result.given.x[result.row(unit)])))
        assert Held(result, unit).score(raw) == pytest.approx(result.top[result.row(unit)])


@pytest.mark.parametrize("mean", ["amean", "gmean", "hmean"])
def test_the_cheapest_bundle_of_whole_steps_is_the_one_that_trying_all_finds(mean):
    result = zone(mean)
    unit = unit_at(result, 7)
    row = result.row(unit)
    levers = [Lever("i0", 1.0, 20, 5), Lever("i1", 2.5, 20, 5), Lever("i2", 2.0, 15, 5)]
    found = seek(result, unit, levers, gain=2)
    best = np.inf
    for steps in product(range(5), range(5), range(4)):
        x = np.array(result.given.x)
        x[row] += np.array(steps) * 5.0
        cost = float(np.dot([5.0, 12.5, 10.0], steps))
        if (
            cost < best
            and build(frame(result.units, result.given.tree, x), result.method).top_ranks[row] <= 5
        ):
            best = cost
    assert found.reached
    assert found.proven
    assert found.cost == pytest.approx(best)
    assert found.rank == (7, int(found.result.top_ranks[row]))
    assert found.rank[1] <= 5
    cells = {(unit, code): float(result.given.x[row, result.tree.index[code]] + d)
             for code, d in found.changes.items()}  # fmt: skip
    assert what_if(result, cells).result.top[row] == found.score[1]


def test_what_is_better_when_lower_is_lowered():
    result = build(some(20, seed=5), PLAIN)
    unit = unit_at(result, 12)
    found = seek(result, unit, [Lever("i4", 1.0, 2.0)], gain=1)
    assert found.reached
    assert found.changes["i4"] < 0


def test_out_of_the_last_three_and_up_to_a_rank_are_goals_too():
    result = zone()
    levers = [Lever(f"i{j}", 1.0, 90.0) for j in range(3)]
    last = seek(result, unit_at(result, 9), levers, leave_last=3)
    assert last.reached
    assert last.target == 7
    assert seek(result, unit_at(result, 6), levers, rank=2).rank[1] <= 2


def test_what_is_out_of_reach_is_said_to_be():
    result = zone()
    found = seek(result, unit_at(result, 8), [Lever("i0", 1.0, 0.1)], gain=5)
    assert not found.reached
    assert found.result is None
    assert found.probability == 0.0


def test_more_confidence_against_the_peers_moves_costs_more():
    result = zone()
    unit = unit_at(result, 7)
    levers = [Lever(f"i{j}", 1.0, 90.0) for j in range(3)]
    bundles = [
        seek(result, unit, levers, gain=1, peers=Peers(sd=4.0, confidence=c))
        for c in (0.0, 0.7, 0.95)
    ]
    costs = [b.cost for b in bundles]
    assert costs == sorted(costs)
    assert costs[0] < costs[2]
    assert bundles[1].probability >= 0.7 - 0.01
    assert bundles[2].probability >= 0.95 - 0.01
    drifting = seek(result, unit, levers, gain=1, peers=Peers(drift=5.0))
    assert drifting.cost > costs[0]
    assert drifting.probability == 1.0


def test_a_goal_needs_one_aim_and_levers_that_exist():
    result = zone()
    good = [Lever("i0", 1.0, 1.0)]
    for levers, aims, code in (
        (good, {}, "one_goal"),
        (good, {"gain": 1, "rank": 1}, "one_goal"),
        (good, {"rank": 99}, "no_such_rank"),
        ([], {"gain": 1}, "no_levers"),
        ([Lever("x", 1.0, 1.0)], {"gain": 1}, "unknown_node"),
        ([Lever("i0", -1.0, 1.0)], {"gain": 1}, "negative_lever"),
        (good * 2, {"gain": 1}, "lever_twice"),
    ):
        with pytest.raises(Unfit) as refusal:
            seek(result, unit_at(result, 5), levers, **aims)
        assert [f.code for f in refusal.value.faults] == [code]


def test_a_misreport_of_that_size_changes_the_outcome_and_a_smaller_one_does_not():
    result = zone()
    unit = unit_at(result, 6)
    row = result.row(unit)
    for one in misreports(result, unit, within=5):
        if one.change is None:
            continue
        value = float(result.given.x[row, result.tree.index[one.indicator]])
        full = what_if(result, {(unit, one.indicator): value + one.change}).result
        less = what_if(result, {(unit, one.indicator): value + 0.98 * one.change}).result
        assert full.top_ranks[row] <= 5 < less.top_ranks[row]
    lies = [m for m in misreports(result, unit, within=5) if m.change is not None]
    shares = [abs(one.change / one.reported) for one in lies]
    assert shares == sorted(shares)  # the smallest lie first, whatever its unit of measure
    found = misreports(result, unit_at(result, 10), last=5)
    assert any(one.change is None for one in found)  # no single lie lifts the very last so far

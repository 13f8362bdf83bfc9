"""Reasons add up: of a score to the last bit that matters, of a rank exactly."""

from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.engines.index import Node, Unfit, build, frame, method, tree
from bihuan.engines.index.explain import contributions, marginals, score_change, strengths
from bihuan.engines.index.moves import (
    EDITION,
    NORMS,
    PEERS,
    POINTS,
    ROSTER,
    editions,
    explain_move,
    passings,
)
from bihuan.engines.index.whatif import what_if

from .given import later, some

MEANS = (
    "amean", "gmean", "hmean", "genmean", "median", "min", "max", "owa", "mpi", "topsis",
    "copeland", "bod",
)  # fmt: skip
quick = settings(max_examples=3, deadline=None, database=None)


def told(mean, **more):
    table = {
        "treat": {"how": "none"},
        "normalise": {"lower": 1, "upper": 100},
        # Frontiers of frontiers take minutes; one on top of plain means takes none.
        "aggregate": {"how": ["amean", "bod"] if mean == "bod" else mean},
    }
    return method(table | more)


def pair(mean="amean", units=16, indicators=6, seed=0, **more):
    one = some(units, indicators, 2, seed)
    return build(one, told(mean, **more)), build(later(one, seed + 1), told(mean, **more))


# Scores -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mean", MEANS)
def test_the_reasons_of_a_score_add_up_to_its_change(mean):
    before, after = pair(mean, indicators=4 if mean == "bod" else 6)
    for unit in ("u000", "u007")[: 1 if mean == "bod" else 2]:
        change = score_change(before, after, unit)
        assert change.before == pytest.approx(before.top[before.row(unit)])
        assert change.after == pytest.approx(after.top[after.row(unit)])
        whole = change.parts.sum() + change.others
        assert whole == pytest.approx(change.change, abs=1e-9)


def test_many_indicators_are_split_by_permutations_that_still_add_up():
    before, after = pair("median", indicators=14)
    change = score_change(before, after, "u003")
    assert change.parts.sum() == pytest.approx(change.change, abs=1e-9)


def test_of_an_arithmetic_mean_each_indicator_moves_its_own_weight():
    before, after = pair()
    change = score_change(before, after, "u004")
    shift = after.normalised.x[4] - before.normalised.x[4]
    assert change.parts == pytest.approx(after.effective_weights[:6] * shift)


def test_an_indicator_that_did_not_move_has_no_part():
    one = some(12, 6, 2)
    x = np.array(one.x)
    x[5, 2] *= 1.01
    for mean in ("gmean", "median"):
        runs = build(one, told(mean)), build(frame(one.units, one.tree, x), told(mean))
        parts = score_change(*runs, "u005").parts
        assert [j for j in range(6) if parts[j] != 0] in ([2], [])


def test_points_given_are_a_part_of_their_own():
    rule = {"reason": "r", "unit": "u002", "points": 3.0}
    before, after = pair()
    praised = after.again(adjust=method({"adjust": [rule]}).adjust)
    change = score_change(before, praised, "u002")
    assert change.points == pytest.approx(3.0)
    assert change.parts.sum() + change.points == pytest.approx(change.change)


def test_under_another_edition_a_score_is_not_split():
    before, after = pair()
    other = after.again(weigh={"how": "equal", "level": 2})
    with pytest.raises(Unfit) as refusal:
        score_change(before, other, "u000")
    assert refusal.value.faults[0].code == "other_edition"


@pytest.mark.parametrize("mean", ["amean", "gmean", "topsis"])
def test_contributions_say_where_a_unit_is_above_and_below_the_average(mean):
    result, _later = pair(mean)
    parts = contributions(result, "u001")
    mean_scores = result.normalised.x.mean(axis=0)
    higher = result.normalised.x[1] > mean_scores
    assert ((parts > 0) == higher).all()
    up, down = strengths(result.tree, parts)
    assert set(up) == {c for j, c in enumerate(result.tree.indicators) if higher[j]}
    assert not set(up) & set(down)


def test_a_marginal_value_is_what_the_whole_index_gives_where_anchors_stay():
    result, _later = pair()
    row = int(np.argsort(result.top)[8])
    for one in marginals(result, result.units[row]):
        j = result.tree.index[one.indicator]
        value = float(result.given.x[row, j]) + one.step
        if not result.given.x[:, j].min() < value < result.given.x[:, j].max():
            continue
        new = what_if(result, {(result.units[row], one.indicator): value}).result
        if np.array_equal(
            new.norms[0].parts[0].learnt["hi"], result.norms[0].parts[0].learnt["hi"]
        ):
            assert new.top[row] - result.top[row] == pytest.approx(one.points)
            assert result.top_ranks[row] - new.top_ranks[row] == one.ranks


# Ranks --------------------------------------------------------------------------------------------


def fallen():
    """A unit that goes from 26th to 22nd among forty, by its own doing, its peers' and theirs."""
    nodes = [Node(f"i{j}", parent=f"p{j // 2}") for j in range(6)]
    nodes += [Node(f"p{k}", level=2, parent="t") for k in range(3)]
    grown = tree([*nodes, Node("t", level=3)], [f"i{j}" for j in range(6)])
    chance = np.random.default_rng(0)
    x = chance.random((40, 6)) * 100
    x[0], x[1] = 0, 100  # anchors
    before = frame([f"u{i:02d}" for i in range(40)], grown, x)
    y = np.clip(x + chance.normal(size=x.shape) * 4, 0, 110)
    after = frame([*before.units[:38], "new1", "new2"], grown, y)
    return before, after


def test_a_move_from_26_to_22_is_explained_to_the_last_rank():
    before, after = fallen()
    recipe = method({"treat": {"how": "none"}})
    first = build(before, recipe)
    unit = first.units[int(np.flatnonzero(first.top_ranks == 26)[0])]
    row = after.units.index(unit)
    for lift in np.arange(0, 60, 0.25):  # as much better as it takes
        y = np.array(after.x)
        y[row, :3] += lift
        second = build(frame(after.units, after.tree, y), recipe)
        if second.top_ranks[row] == 22:
            break
    move = explain_move(first, second, unit)
    assert (move.before, move.after, move.change) == (26, 22, -4)
    assert sum(move.parts.values()) == Fraction(-4)
    assert sum(move.whole().values()) == -4
    assert move.exact
    assert {PEERS, NORMS, ROSTER} <= set(move.parts)
    alone = explain_move(first, second, unit, groups=False, permutations=200, seed=1)
    assert sum(alone.parts.values()) == Fraction(-4)
    assert not alone.exact


def plain_rank(own, field, low, high):
    """Rank by min-max and equal weights, written without the engine."""
    score = ((own - low) / (high - low)).mean()
    others = ((field - low) / (high - low)).mean(axis=1)
    return 1 + int((others > score + 1e-12).sum())


def by_definition(before, after):
    """Shapley's own definition for the first unit: the mean over every order of the players."""
    names = [*(f"i{j}" for j in range(before.shape[1])), PEERS, NORMS]

    def rank(on):
        own = [after[0, j] if f"i{j}" in on else before[0, j] for j in range(before.shape[1])]
        field = after[1:] if PEERS in on else before[1:]
        anchors = after if NORMS in on else before
        return plain_rank(np.array(own), field, anchors.min(axis=0), anchors.max(axis=0))

    total = dict.fromkeys(names, Fraction(0))
    orders = list(permutations(names))
    for order in orders:
        on, last = set(), rank(set())
        for name in order:
            on.add(name)
            total[name] += rank(on) - last
            last = rank(on)
    return {name: part / len(orders) for name, part in total.items()}


@quick
@given(seed=st.integers(0, 10_000))
def test_the_split_is_shapleys_own_definition(seed):
    chance = np.random.default_rng(seed)
    x, y = chance.random((2, 9, 3))
    # One pillar each, so that groups are indicators and the exact way is taken.
    nodes = [Node(f"i{j}", parent=f"p{j}") for j in range(3)]
    nodes += [Node(f"p{j}", level=2, parent="t") for j in range(3)]
    grown = tree([*nodes, Node("t", level=3)], ["i0", "i1", "i2"])
    recipe = method({"treat": {"how": "none"}})
    runs = [build(frame([f"u{i}" for i in range(9)], grown, v), recipe) for v in (x, y)]
    move = explain_move(*runs, "u0")
    wanted = by_definition(x, y)
    found = {
        name.replace("p", "i") if name[0] == "p" else name: p for name, p in move.parts.items()
    }
    assert {n: found.get(n, Fraction(0)) for n in wanted} == wanted


@pytest.mark.parametrize("mean", ["gmean", "median", "topsis", "copeland"])
@pytest.mark.parametrize("groups", [True, False])
def test_every_mean_has_its_ranks_explained(mean, groups):
    before, after = pair(mean, units=14, indicators=5)
    for unit in before.units[:3]:
        move = explain_move(before, after, unit, groups=groups, permutations=40)
        assert sum(move.parts.values()) == move.change
        assert move.change == after.top_ranks[after.row(unit)] - before.top_ranks[before.row(unit)]


@pytest.mark.parametrize("ties", ["max", "dense"])
def test_other_tie_rules_are_explained_too(ties):
    x = np.round(some(15, 4, 2).x, 0)
    y = np.round(later(some(15, 4, 2), 3, 0.6).x, 0)
    grown = some(15, 4, 2).tree
    recipe = told("median", rank={"ties": ties}, normalise={"how": "none"})
    runs = [build(frame([f"u{i}" for i in range(15)], grown, v), recipe) for v in (x, y)]
    for unit in ("u0", "u4", "u9"):
        move = explain_move(*runs, unit)
        assert sum(move.parts.values()) == move.change
    with pytest.raises(Unfit) as refusal:
        explain_move(runs[0], runs[1].again(rank={"ties": "first"}), "u0")
    assert refusal.value.faults[0].code == "other_ties"


def test_a_new_edition_and_points_are_players_of_their_own():
    before, after = pair(units=20)
    rule = method({"adjust": [{"reason": "r", "unit": "u003", "points": -8.0}]})
    other = after.again(weigh={"how": "equal", "level": 2}, adjust=rule.adjust)
    move = explain_move(before, other, "u003")
    assert {EDITION, POINTS} <= set(move.parts)
    assert move.parts[POINTS] > 0
    assert sum(move.parts.values()) == move.change
    # Between two editions alone, nothing else has a part.
    only = explain_move(after, after.again(weigh={"how": "equal", "level": 2}), "u003")
    assert set(only.parts) <= {EDITION}


def test_an_indicator_that_only_one_edition_knows_comes_with_the_edition():
    one = some(15, 6, 2)
    from bihuan.engines.index.audit import without

    move = explain_move(build(without(one, 0), told("amean")), build(one, told("amean")), "u002")
    assert sum(move.parts.values()) == move.change
    assert set(move.parts) <= {EDITION}


def test_what_a_new_edition_does_alone_is_a_rank_that_the_whole_index_gives():
    before, after = pair(units=20)
    other = after.again(weigh={"how": "equal", "level": 2})
    for unit in before.units[:6]:
        told = editions(before, other, unit)
        alone = before.again(weigh={"how": "equal", "level": 2})
        assert told.old_data == alone.top_ranks[alone.row(unit)]
        assert told.old_edition == after.top_ranks[after.row(unit)]
        assert (told.before, told.after) == (
            before.top_ranks[before.row(unit)],
            other.top_ranks[other.row(unit)],
        )
        assert sum(pair[0] for pair in told.weights.values()) == pytest.approx(1)
        assert sum(pair[1] for pair in told.weights.values()) == pytest.approx(1)
    assert editions(before, after, "u000") is None


def test_an_edition_says_what_it_added_and_dropped():
    from bihuan.engines.index.audit import without

    whole = some(15, 6, 2)
    old, new = (build(without(whole, j), told("amean")) for j in (0, 5))
    found = editions(old, new, "u002")
    assert (found.added, found.dropped) == (("i0",), ("i5",))
    assert set(found.kept) == {"i1", "i2", "i3", "i4"}
    assert found.weights["i0"][0] == found.weights["i5"][1] == 0


def test_a_unit_without_a_rank_cannot_be_explained():
    before, after = pair()
    with pytest.raises(Unfit) as refusal:
        explain_move(before, after, "nobody")
    assert refusal.value.faults[0].code == "unknown_unit"


def test_whom_we_passed_and_who_passed_us_are_all_who_changed_places_with_us():
    before, after = pair(units=20)
    for unit in before.units[:5]:
        a, b = before.row(unit), after.row(unit)
        crossed = passings(before, after, unit)
        up = {p.unit for p in crossed if p.we_passed}
        down = {p.unit for p in crossed if not p.we_passed}
        ahead_then = before.top_ranks < before.top_ranks[a]
        ahead_now = after.top_ranks < after.top_ranks[b]
        assert up == {u for i, u in enumerate(before.units) if ahead_then[i] and not ahead_now[i]}
        assert down == {u for i, u in enumerate(before.units) if ahead_now[i] and not ahead_then[i]}
        for one in crossed:
            assert (one.gap_before < one.gap_after) == one.we_passed
            assert all((points > 0) == one.we_passed for _code, points in one.on)

"""What must hold whatever the data: order of rows, scale of weights, copies, worst indicators."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.engines.index import build, frame, method
from bihuan.engines.index.audit import reversals, without

from .given import some

SCALES = ("minmax", "zscore", "rank", "prank", "dist2max", "efficacy_linear", "efficacy_exp")
MEANS = ("amean", "gmean", "hmean", "genmean", "median", "owa", "mpi", "topsis", "copeland")
seeds = st.integers(0, 2**20)
quick = settings(max_examples=5, deadline=None, database=None)


def told(scale: str, mean: str):
    table = {"normalise": {"how": scale}, "aggregate": {"how": mean}}
    if scale == "minmax":
        table["normalise"] |= {"lower": 1, "upper": 100}
    if scale == "zscore":
        table["normalise"] |= {"mean": 100, "sd": 10}
    if scale in ("prank", "dist2max"):
        table["aggregate"] |= {"how": "amean"}
    return method(table)


@pytest.mark.parametrize("mean", MEANS)
@quick
@given(seed=seeds, scale=st.sampled_from(SCALES))
def test_the_order_of_rows_does_not_matter(mean, seed, scale):
    one = some(17, seed=seed)
    order = np.random.default_rng(seed).permutation(17)
    a, b = build(one, told(scale, mean)), build(one.only(order), told(scale, mean))
    assert np.allclose(a.scores[order], b.scores, rtol=1e-12, atol=1e-12)
    # Ties in the last bit may be broken either way; ranks elsewhere are the same.
    close = np.abs(np.subtract.outer(a.top, a.top)) < 1e-9
    firm = close.sum(axis=1) == 1
    assert np.array_equal(a.top_ranks[order][firm[order]], b.top_ranks[firm[order]])


@pytest.mark.parametrize("mean", MEANS)
@quick
@given(seed=seeds, factor=st.floats(0.01, 100))
def test_weights_on_another_scale_change_nothing(mean, seed, factor):
    one = some(17, seed=seed)
    other = frame(one.units, one.tree.weighted(one.tree.weights * factor), one.x)
    a, b = build(one, told("minmax", mean)), build(other, told("minmax", mean))
    assert np.allclose(a.scores, b.scores, rtol=1e-10, atol=1e-10)


@quick
@given(seed=seeds, mean=st.sampled_from(MEANS[:7]))
def test_a_copy_of_a_unit_shares_its_score_and_leaves_the_others_alone(seed, mean):
    one = some(17, seed=seed)
    more = frame((*one.units, "copy"), one.tree, np.vstack([one.x, one.x[5]]))
    # Winsorising and z-scores look at how many units there are; min-max does not.
    recipe = told("minmax", mean).changed(treat={"how": "none"})
    a, b = build(one, recipe), build(more, recipe)
    assert b.top[17] == b.top[5]
    assert b.top_ranks[17] == b.top_ranks[5]
    assert np.array_equal(a.scores, b.scores[:17])


@quick
@given(seed=seeds)
def test_taking_away_an_indicator_never_helps_only_those_who_were_best_at_it(seed):
    """The unit that was worst at the removed indicator cannot lose by it."""
    one = some(17, seed=seed)
    recipe = method({"treat": {"how": "none"}})
    result = build(one, recipe)
    for leaf in range(one.tree.leaves):
        worst = int(result.normalised.x[:, leaf].argmin())
        less = build(without(one, leaf), recipe)
        parent = one.tree.nodes[leaf].parent
        before = result.scores[worst, result.tree.index[parent]]
        after = less.scores[worst, less.tree.index[parent]]
        assert after >= before - 1e-12


@quick
@given(seed=seeds, mean=st.sampled_from(("amean", "gmean", "hmean", "median")))
def test_a_better_value_never_lowers_a_score(seed, mean):
    one = some(17, seed=seed)
    recipe = told("minmax", mean).changed(treat={"how": "none"})
    result = build(one, recipe)
    chance = np.random.default_rng(seed)
    row, leaf = int(chance.integers(17)), int(chance.integers(8))
    span = one.x[:, leaf].max() - one.x[:, leaf].min()
    room = result.normalised.x[row, leaf] < 90
    x = np.array(one.x)
    x[row, leaf] += 0.05 * span * float(one.tree.directions[leaf])
    if room and x[:, leaf].min() == one.x[:, leaf].min():
        better = build(frame(one.units, one.tree, x), recipe)
        if np.array_equal(
            better.norms[0].parts[0].learnt["hi"], result.norms[0].parts[0].learnt["hi"]
        ):
            assert better.top[row] >= result.top[row] - 1e-12


def test_rank_reversals_are_reported():
    one = some(25, seed=4)
    firm = method({"treat": {"how": "none"}, "normalise": {"how": "none"}})
    assert reversals(one, firm, "u003") == ()
    turned = [
        pair
        for unit in one.units
        for pair in reversals(one, method({"normalise": {"how": "zscore"}}), unit)
    ]
    assert turned
    assert all(unit in one.units for pair in turned for unit in pair)


@quick
@given(seed=seeds)
def test_no_result_hides_an_infinity(seed):
    one = some(12, seed=seed)
    x = np.array(one.x)
    chance = np.random.default_rng(seed)
    x[chance.random(x.shape) < 0.2] = np.nan
    x[:, 0] = one.x[:, 0]
    if np.isnan(x).all(axis=0).any():
        return
    result = build(
        frame(one.units, one.tree, x),
        method({"treat": {"how": "none"}, "normalise": {"how": "zscore"}}),
    )
    known = ~np.isnan(x)
    for node in result.tree.aggregates:
        under = list(result.tree.under(node))
        assert np.array_equal(np.isfinite(result.scores[:, node]), known[:, under].any(axis=1))

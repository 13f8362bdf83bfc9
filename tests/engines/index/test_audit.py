"""The audit of an index sees what is planted in it, and by the published definitions."""

import numpy as np
import pytest

from bihuan.engines.index import build, frame, method
from bihuan.engines.index.audit import alpha, audit, components, correlations, statistics

from .given import grove, some

PLAIN = method({"treat": {"how": "none"}})


def planted():
    """Pillar p0 says one thing three times, p1 contradicts itself, p2 belongs elsewhere."""
    chance = np.random.default_rng(1)
    a, b, c = chance.normal(size=(3, 60))
    small = 0.05 * chance.normal(size=(9, 60))
    x = np.array([a, b, a, a, -b, c, a, c, a]) + small
    return frame([f"u{i:02d}" for i in range(60)], grove(9, 3), x.T)


def test_what_says_the_same_twice_is_called_redundant():
    pairs = {(p.one, p.other): p.why for p in audit(build(planted(), PLAIN), influence=False).pairs}
    assert pairs["i0", "i3"] == "redundant"
    assert pairs["i0", "i6"] == "redundant"


def test_what_contradicts_its_own_group_is_named():
    # i4 is better when lower and falls as b rises: turned round, it says what i1 says.
    told = audit(build(planted(), PLAIN), influence=False)
    groups = {g.node: g for g in told.groups}
    assert groups["p0"].alpha > 0.99
    assert groups["p0"].first_share > 0.95
    assert not groups["p0"].mixed_signs
    assert groups["p1"].alpha < groups["p0"].alpha
    closer = {(p.one, p.other) for p in told.pairs if p.why == "closer_to_other"}
    assert ("i8", "p0") in closer
    turned = planted()
    x = np.array(turned.x)
    x[:, 3] = -x[:, 0]
    against = audit(build(frame(turned.units, turned.tree, x), PLAIN), influence=False)
    assert ("i0", "i3") in {
        (p.one, p.other) for p in against.pairs if p.why in ("against", "redundant")
    }


def test_alpha_is_cronbachs_own_formula():
    table = np.array([[2.0, 3, 3], [4, 4, 5], [1, 2, 1], [5, 4, 5], [3, 3, 4]])
    k, item = 3, table.var(axis=0, ddof=1).sum()
    assert alpha(table) == pytest.approx(k / (k - 1) * (1 - item / table.sum(axis=1).var(ddof=1)))
    assert np.isnan(alpha(table[:, :1]))


def test_components_share_out_the_whole_variance():
    found = components(some(30).x)
    assert found.share.sum() == pytest.approx(1.0)
    assert (np.diff(found.eigenvalues) <= 1e-12).all()
    assert (found.loadings**2).sum() == pytest.approx(found.eigenvalues[0])


def test_a_gap_is_left_out_pair_by_pair():
    x = np.array(some(20, 3, 1).x)
    x[2, 0] = np.nan
    rest = np.delete(x, 2, axis=0)
    found = correlations(x)
    assert found[0, 1] == pytest.approx(np.corrcoef(rest.T)[0, 1])
    ranked = correlations(x, "spearman")
    order = rest.argsort(axis=0).argsort(axis=0)
    assert ranked[0, 1] == pytest.approx(np.corrcoef(order.T)[0, 1])


def test_flags_say_what_to_look_at():
    x = np.array(some(40, 4, 1, seed=2).x)
    x[:20, 0] = np.nan
    x[:25, 1] = 0
    x[:, 2] = np.arange(40) % 3
    x[0, 3] = 1e4
    flags = {
        s.node: s.flags for s in statistics(frame([f"u{i}" for i in range(40)], grove(4, 1), x))
    }
    assert flags["i0"] == ("few_known",)
    assert "many_zeros" in flags["i1"]
    assert "few_distinct" in flags["i2"]
    assert "outliers" in flags["i3"]


def test_influence_is_how_far_ranks_move_without_an_indicator():
    result = build(some(20), PLAIN)
    told = {one.node: one for one in audit(result).influence}
    from bihuan.engines.index.audit import without

    shift = np.abs(build(without(some(20), 3), PLAIN).top_ranks - result.top_ranks)
    assert told["i3"].mean_shift == pytest.approx(shift.mean())
    assert told["i3"].most_shift == shift.max()
    assert len(told) == 8

"""Why a score is what it is, and why it changed: exact contributions of indicators.

Quasi-arithmetic means (arithmetic, geometric, harmonic, power) split exactly by secants: a
difference of the parent is a sum of bent differences of the children, times one common ratio. Any
other function is split by Shapley values over the children's values, exact for up to twelve
indicators and by seeded permutations above that; either way the parts add up to the change.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bihuan.engines.index import aggregate as ag
from bihuan.engines.index import normalise as no
from bihuan.engines.index.build import Result
from bihuan.engines.index.faults import unfit
from bihuan.engines.index.frame import Flags, Floats, Tree

MOST_EXACT = 12
PERMUTATIONS = 2000
# Functions that need the peers: a unit's score cannot be computed from its own row alone.
AMONG_PEERS = frozenset({"topsis", "copeland", "bod"})


@dataclass(frozen=True, eq=False)
class Attribution:
    """归因：每个指标对得分变化的贡献，合计恰为变化。"""

    indicators: tuple[str, ...]
    before: float
    after: float
    parts: Floats

    @property
    def change(self) -> float:
        return self.after - self.before


def whole_tree(result: Result) -> Callable[[Floats], Floats]:
    """The top score of rows of indicator scores (rows × indicators), own row alone."""
    tree, hows, spec = result.tree, result.hows, result.method.aggregate
    if AMONG_PEERS & set(hows.values()):
        raise unfit("needs_peers", how=sorted(AMONG_PEERS & set(hows.values()))[0])
    weights = [float(w) for w in tree.weights]

    def top(scores: Floats) -> Floats:
        values = ag.aggregate(list(scores.T), tree, weights, spec, hows)
        return np.asarray(values[tree.root])

    return top


def contributions(result: Result, unit: str, year: int | None = None) -> Floats:
    """贡献：单位的总分由各指标构成；以各指标的平均水平为参照，正为长处，负为短处。"""
    row = result.row(unit, year)
    rows = next(rows for _y, rows in result.treated.slices if row in rows)
    known = result.normalised.x[rows]
    mean = np.where(np.isnan(known), 0.0, known).sum(axis=0) / (~np.isnan(known)).sum(axis=0)
    own = result.normalised.x[row]
    start = np.where(np.isnan(own), np.nan, mean)
    return between(result, start, own).parts


def score_change(before: Result, after: Result, unit: str) -> Attribution:
    """得分变化：同一方案下，从一年到另一年，变化由哪些指标而来。"""
    if before.tree.codes != after.tree.codes or before.hows != after.hows:
        raise unfit("other_edition")
    a = before.normalised.x[before.row(unit)]
    b = after.normalised.x[after.row(unit)]
    if not np.array_equal(before.tree.weights, after.tree.weights):
        raise unfit("other_edition")
    return between(after, a, b)


def between(result: Result, a: Floats, b: Floats) -> Attribution:
    """The change from one row of indicator scores to another, split over indicators."""
    tree, hows = result.tree, result.hows
    top = whole_tree(result)
    start, end = (float(top(row[None])[0]) for row in (a, b))
    same_gaps = np.array_equal(np.isnan(a), np.isnan(b))
    if same_gaps and all(how == "amean" or how in ag.BENT for how in hows.values()):
        parts = _secants(result, a, b)
    else:
        parts = shapley(top, a, b)
    return Attribution(tree.indicators, start, end, parts)


def _secants(result: Result, a: Floats, b: Floats) -> Floats:
    """Chain of secant slopes from the top down to each indicator (after Ang 2004 for logs).

    For y = g⁻¹(Σ w g(x)): Δy = (Δy / Δg(y)) Σ w Δg(x), exactly; where nothing moves the secant
    becomes the tangent.
    """
    tree, hows, spec = result.tree, result.hows, result.method.aggregate
    weights = [float(w) for w in tree.weights]
    va = ag.aggregate(list(a[:, None]), tree, weights, spec, hows)
    vb = ag.aggregate(list(b[:, None]), tree, weights, spec, hows)
    slope = np.zeros(len(tree.nodes))
    slope[tree.root] = 1.0
    for node in reversed(tree.aggregates):
        brood = [c for c in tree.children[node] if not np.isnan(vb[c][0])]
        whole = sum(weights[c] for c in brood)
        for c in brood:
            ratio = weights[c] / whole
            if hows[node] != "amean":
                bent = ag.BENT[hows[node]]
                ratio *= _secant(bent, va[c], vb[c], spec) / _secant(bent, va[node], vb[node], spec)
            slope[c] = slope[node] * ratio
    out = slope[: tree.leaves] * (b - a)
    return np.where(np.isnan(out), 0.0, out)


def _secant(bent: ag.Bent, a: Floats, b: Floats, spec: Any) -> float:
    """(g(b) - g(a)) / (b - a), the tangent where the two are as good as one."""
    x, y = float(a[0]), float(b[0])
    if abs(y - x) <= 1e-9 * max(abs(x), abs(y)):
        return float(bent.slope(np.float64((x + y) / 2.0), spec))  # type: ignore[arg-type]  # a scalar array
    rise = float(bent.bend(b, spec)[0]) - float(bent.bend(a, spec)[0])
    return rise / (y - x)


def shapley(
    value: Callable[[Floats], Floats],
    a: Floats,
    b: Floats,
    *,
    permutations: int = PERMUTATIONS,
    seed: int = 0,
) -> Floats:
    """Shapley values of moving the coordinates from a to b (Shapley 1953).

    Exact over all subsets of what differs, up to twelve; above that by permutations and their
    reverses, each of which adds up to the whole change, so that their mean does too.
    """
    moving = np.flatnonzero(~((a == b) | (np.isnan(a) & np.isnan(b))))
    out = np.zeros(len(a))
    n = len(moving)
    if n == 0:
        return out
    if n <= MOST_EXACT:
        masks: Flags = ((np.arange(2**n)[:, None] >> np.arange(n)) & 1).astype(bool)
        rows = np.tile(a, (2**n, 1))
        rows[:, moving] = np.where(masks, b[moving], a[moving])
        worth = value(rows)
        out[moving] = from_subsets(worth, n)
        return out
    chance = np.random.Generator(np.random.Philox(seed))
    half = np.argsort(chance.random((permutations // 2, n)), axis=1)
    for order in np.concatenate([half, half[:, ::-1]]):
        place = np.empty(n, dtype=np.int64)
        place[order] = np.arange(n)
        masks = place[None, :] < np.arange(n + 1)[:, None]
        rows = np.tile(a, (n + 1, 1))
        rows[:, moving] = np.where(masks, b[moving], a[moving])
        out[moving[order]] += np.diff(value(rows))
    return out / (2 * (permutations // 2))


def from_subsets(worth: Floats, n: int) -> Floats:
    """Shapley values from the worth of every subset, subsets numbered by their bits."""
    sizes = np.array([bin(mask).count("1") for mask in range(2**n)])
    fact = [1.0]
    for k in range(1, n + 1):
        fact.append(fact[-1] * k)
    share = np.array([fact[s] * fact[n - s - 1] / fact[n] if s < n else 0.0 for s in sizes])
    out = np.empty(n)
    masks = np.arange(2**n)
    for i in range(n):
        without = masks[(masks >> i) & 1 == 0]
        out[i] = (share[without] * (worth[without | (1 << i)] - worth[without])).sum()
    return out


# What one more unit of an indicator is worth ------------------------------------------------------


@dataclass(frozen=True)
class Marginal:
    """边际值：该指标再好一点（step，原始单位）能加几分、进几位。"""

    indicator: str
    step: float
    points: float
    ranks: int


def marginals(
    result: Result, unit: str, steps: Sequence[float] | None = None, year: int | None = None
) -> tuple[Marginal, ...]:
    """每个指标的边际值，定标不动；默认步长为各单位标准差的十分之一，方向向好。"""
    row = result.row(unit, year)
    year_at, rows = next((k, r) for k, (_y, r) in enumerate(result.treated.slices) if row in r)
    fitted, tree = result.norms[year_at], result.tree
    top = whole_tree(result)
    raw = result.treated.x[row]
    sd = np.nanstd(result.treated.x[rows], axis=0, ddof=1) if len(rows) > 1 else np.ones(len(raw))
    given = np.asarray(steps, dtype=np.float64) if steps is not None else 0.1 * sd
    peers = np.delete(result.top[rows], np.flatnonzero(rows == row))
    now = result.top[row]
    out = []
    for j, code in enumerate(tree.indicators):
        if np.isnan(raw[j]):
            continue
        step = float(given[j]) * float(tree.directions[j])
        moved = np.array(result.normalised.x[row])
        moved[j] = no.one_scored(np.array([raw[j] + step]), j, fitted)[0]
        score = float(top(moved[None])[0])
        gained = int((peers > now).sum() - (peers > score).sum())
        out.append(Marginal(code, step, score - float(now), gained))
    return tuple(out)


def strengths(tree: Tree, parts: Floats, count: int = 5) -> tuple[list[str], list[str]]:
    """The indicators that lift a unit most, and those that weigh it down most."""
    order = np.argsort(-parts, kind="stable")
    up = [tree.indicators[j] for j in order[:count] if parts[j] > 0]
    down = [tree.indicators[j] for j in order[::-1][:count] if parts[j] < 0]
    return up, down

"""Why a score is what it is, and why it changed: exact contributions of indicators.

Quasi-arithmetic means (arithmetic, geometric, harmonic, power) split exactly by secants: a
difference of the parent is a sum of bent differences of the children, times one common ratio. Any
other function is split by Shapley values over the children's values, exact for few indicators and
by seeded permutations for many; either way the parts add up to the change. Where the score of a
unit depends on its peers, their change is one more part.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bihuan.engines.index import aggregate as ag
from bihuan.engines.index import normalise as no
from bihuan.engines.index.build import Result
from bihuan.engines.index.faults import unfit
from bihuan.engines.index.frame import Flags, Floats, Ints, Tree
from bihuan.engines.index.method import Aggregate
from bihuan.engines.index.outrank import benefit_of_the_doubt

MOST_EXACT = 12
PERMUTATIONS = 2000
# Functions that need the peers: a unit's score cannot be computed from its own row alone, so each
# value costs a whole index.
AMONG_PEERS = frozenset({"topsis", "copeland", "bod"})
MOST_EXACT_AMONG_PEERS, PERMUTATIONS_AMONG_PEERS = 8, 60
_SIDE_BY_SIDE, _PERMUTATIONS_AT_ONCE = 32, 25


@dataclass(frozen=True, eq=False)
class Attribution:
    """归因：每个指标对得分变化的贡献，加上其他单位变动（others）和加减分（points），合计恰为变化。"""

    indicators: tuple[str, ...]
    before: float
    after: float
    parts: Floats
    others: float = 0.0
    points: float = 0.0

    @property
    def change(self) -> float:
        return self.after - self.before


def compares(result: Result) -> bool:
    """Does the score of a unit depend on the scores of others?"""
    return bool(AMONG_PEERS & set(result.hows.values()))


def whole_tree(result: Result, row: int) -> Callable[[Floats], Floats]:
    """The top score for any indicator scores (rows × indicators) of the unit in a row of the run;
    its peers stand still."""
    if compares(result):
        rows = next(rows for _y, rows in result.treated.slices if row in rows)
        field = result.normalised.x[rows[rows != row]]
        return lambda scores: _among(result, scores, field)
    tree, hows, spec = result.tree, result.hows, result.method.aggregate
    weights = [float(w) for w in tree.weights]

    def top(scores: Floats) -> Floats:
        values = ag.aggregate(list(scores.T), tree, weights, spec, hows)
        return np.asarray(values[tree.root])

    return top


def _among(result: Result, own: Floats, field: Floats) -> Floats:
    """The top score of one unit for each row of its own indicator scores, among its peers."""
    tree, spec, lonely = result.tree, result.method.aggregate, _lonely(result)
    weights = [float(w) for w in tree.weights]
    out = np.empty(len(own))
    for start in range(0, len(own), _SIDE_BY_SIDE):
        part = own[start : start + _SIDE_BY_SIDE]
        tables = np.empty((tree.leaves, len(part), 1 + len(field)))
        tables[:, :, 0] = part.T
        tables[:, :, 1:] = field.T[:, None, :]
        values: list[Floats] = list(tables)
        for node in tree.aggregates:
            brood = tree.children[node]
            parts, given = [values[c] for c in brood], [weights[c] for c in brood]
            if node in lonely:
                values.append(_own_frontier(parts, spec))
            else:
                values.append(ag.combined(parts, given, result.hows[node], spec))
        out[start : start + len(part)] = values[tree.root][:, 0]
    return out


def _lonely(result: Result) -> frozenset[int]:
    """Frontiers whose scores for the peers nobody asks for: no comparison stands above them."""
    tree, out = result.tree, set[int]()
    for node in tree.aggregates:
        at, above = node, set[str]()
        while tree.nodes[at].parent:
            at = tree.index[tree.nodes[at].parent]
            above.add(result.hows[at])
        if result.hows[node] == "bod" and not above & AMONG_PEERS:
            out.add(node)
    return frozenset(out)


def _own_frontier(parts: list[Floats], spec: Aggregate) -> Floats:
    """Benefit of the doubt for the first unit alone."""
    enough = ag.enough_known([np.isnan(part[:, :1]) for part in parts], spec)
    return np.where(enough, benefit_of_the_doubt(np.stack(np.broadcast_arrays(*parts)), 1), np.nan)


def contributions(result: Result, unit: str, year: int | None = None) -> Floats:
    """贡献：单位的总分由各指标构成；以各指标的平均水平为参照，正为长处，负为短处。"""
    row = result.row(unit, year)
    rows = next(rows for _y, rows in result.treated.slices if row in rows)
    known = result.normalised.x[rows]
    mean = np.where(np.isnan(known), 0.0, known).sum(axis=0) / (~np.isnan(known)).sum(axis=0)
    own = result.normalised.x[row]
    start = np.where(np.isnan(own), np.nan, mean)
    return between(result, row, start, own).parts


def score_change(before: Result, after: Result, unit: str) -> Attribution:
    """得分变化：同一方案下，从一年到另一年，变化由哪些指标而来。"""
    if before.tree.codes != after.tree.codes or before.hows != after.hows:
        raise unfit("other_edition")
    if not np.array_equal(before.tree.weights, after.tree.weights):
        raise unfit("other_edition")
    rows = before.row(unit), after.row(unit)
    a, b = before.normalised.x[rows[0]], after.normalised.x[rows[1]]
    told = (
        _with_peers(before, after, rows, a, b) if compares(after) else between(after, rows[1], a, b)
    )
    points = tuple(_points(run, row) for run, row in zip((before, after), rows, strict=True))
    return replace(
        told,
        before=told.before + points[0],
        after=told.after + points[1],
        points=points[1] - points[0],
    )


def _points(result: Result, row: int) -> float:
    """What adjustments gave to the row or took from it."""
    return float(sum(line.after - line.before for line in result.adjusted if line.row == row))


def between(result: Result, row: int, a: Floats, b: Floats) -> Attribution:
    """The change of a unit from one row of indicator scores to another, split over indicators."""
    tree, hows = result.tree, result.hows
    top = whole_tree(result, row)
    start, end = (float(top(line[None])[0]) for line in (a, b))
    same_gaps = np.array_equal(np.isnan(a), np.isnan(b))
    if same_gaps and all(how == "amean" or how in ag.BENT for how in hows.values()):
        parts = _secants(result, a, b)
    else:
        parts = shapley(top, a, b, costly=compares(result))
    return Attribution(tree.indicators, start, end, parts)


def _with_peers(
    before: Result, after: Result, rows: tuple[int, int], a: Floats, b: Floats
) -> Attribution:
    """The same where others count: the switch from the old field of peers to the new is one more
    coordinate, moved from 0 to 1."""
    fields = tuple(
        run.normalised.x[r[r != row]]
        for run, row in zip((before, after), rows, strict=True)
        for r in [next(r for _y, r in run.treated.slices if row in r)]
    )

    def top(lines: Floats) -> Floats:
        out = np.empty(len(lines))
        for when in (0, 1):
            at = lines[:, -1] == when
            if at.any():
                out[at] = _among(after, lines[at, :-1], fields[when])
        return out

    ends = np.append(a, 0.0), np.append(b, 1.0)
    start, end = (float(top(line[None])[0]) for line in ends)
    parts = shapley(top, *ends, costly=True)
    return Attribution(after.tree.indicators, start, end, parts[:-1], float(parts[-1]))


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
    costly: bool = False,
    permutations: int = 0,
    seed: int = 0,
) -> Floats:
    """Shapley values of moving the coordinates from a to b (Shapley 1953).

    Exact over all subsets of what differs where these are few; above that by permutations and
    their reverses, each of which adds up to the whole change, so that their mean does too.
    """
    moving = np.flatnonzero(~((a == b) | (np.isnan(a) & np.isnan(b))))
    out = np.zeros(len(a))
    n = len(moving)
    if n == 0:
        return out
    if n <= (MOST_EXACT_AMONG_PEERS if costly else MOST_EXACT):
        masks: Flags = ((np.arange(2**n)[:, None] >> np.arange(n)) & 1).astype(bool)
        out[moving] = from_subsets(value(_mixed(a, b, moving, masks)), n)
        return out
    permutations = permutations or (PERMUTATIONS_AMONG_PEERS if costly else PERMUTATIONS)
    chance = np.random.Generator(np.random.Philox(seed))
    half = np.argsort(chance.random((max(permutations // 2, 1), n)), axis=1)
    orders = np.concatenate([half, half[:, ::-1]])
    for start in range(0, len(orders), _PERMUTATIONS_AT_ONCE):
        some = orders[start : start + _PERMUTATIONS_AT_ONCE]
        place = np.argsort(some, axis=1)
        masks = place[:, None, :] < np.arange(n + 1)[None, :, None]
        worth = value(_mixed(a, b, moving, masks.reshape(-1, n))).reshape(len(some), n + 1)
        np.add.at(out, moving[some], np.diff(worth, axis=1))
    return out / len(orders)


def _mixed(a: Floats, b: Floats, moving: Ints, masks: Flags) -> Floats:
    """Rows between a and b: a mask says which coordinates have moved."""
    rows = np.tile(a, (len(masks), 1))
    rows[:, moving] = np.where(masks, b[moving], a[moving])
    return rows


def from_subsets(worth: Floats, n: int) -> Floats:
    """Shapley values from the worth of every subset, subsets numbered by their bits."""
    sizes = np.array([mask.bit_count() for mask in range(2**n)])
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
    top = whole_tree(result, row)
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

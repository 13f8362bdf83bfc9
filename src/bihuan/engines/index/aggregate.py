"""Aggregating (汇总): from children to parent, level by level, by a table of named functions.

Every function takes the children's scores as a list of arrays (units last, draws before) and one
weight per child, and works element by element in the order of the children: no matrix product,
so that a score has the same bits whatever stands beside it, in one build or in a thousand draws.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bihuan.engines.index import outrank
from bihuan.engines.index.faults import Fault, unfit
from bihuan.engines.index.frame import Flags, Floats, Tree
from bihuan.engines.index.method import Aggregate

Parts = Sequence[Floats]


def plan(tree: Tree, spec: Aggregate) -> dict[int, str]:
    """Which function each aggregate uses: by level from the bottom, unless named for the node."""
    out = {}
    for code in spec.node:
        if tree.index.get(code, 0) < tree.leaves:
            raise unfit("unknown_node", field="aggregate.node", found=code)
    levels = max(tree.levels[node] for node in tree.aggregates) - 1
    if len(spec.how) not in (1, levels):
        raise unfit("levels", field="aggregate.how", found=len(spec.how), wanted=levels)
    for node in tree.aggregates:
        step = tree.levels[node] - 2
        how = spec.how[0] if len(spec.how) == 1 else spec.how[step]
        out[node] = spec.node.get(tree.codes[node], how)
    return out


def aggregate(
    leaves: Parts, tree: Tree, weights: Sequence[Any], spec: Aggregate, hows: Mapping[int, str]
) -> list[Floats]:
    """汇总：由指标得分（每项一个数组）自下而上算到总分；返回每个结点的得分。"""
    values: list[Floats] = list(leaves)
    for node in tree.aggregates:
        below = tree.children[node]
        parts, given = [values[c] for c in below], [weights[c] for c in below]
        values.append(combined(parts, given, hows[node], spec))
    return values


def combined(parts: Parts, weights: Sequence[Any], how: str, spec: Aggregate) -> Floats:
    """One parent from its children; missing children are left out and weights made up for."""
    kernel = KERNELS[how]
    gaps = [np.isnan(part) for part in parts]
    with np.errstate(all="ignore"):
        if not any(gap.any() for gap in gaps):
            return kernel(parts, weights, spec)
        enough = enough_known(gaps, spec)
        if how in WHOLE:
            out = np.full(np.broadcast_shapes(*(part.shape for part in parts)), np.nan)
            return _by_pattern(kernel, parts, weights, spec, enough, out)
        filled = [np.where(gap, 1.0, part) for gap, part in zip(gaps, parts, strict=True)]
        shared = [np.where(gap, 0.0, w) for gap, w in zip(gaps, weights, strict=True)]
        return np.where(enough, kernel(filled, shared, spec), np.nan)


def enough_known(gaps: Sequence[Flags], spec: Aggregate) -> Flags:
    """Are enough children there to speak for the parent?"""
    known = len(gaps) - np.sum(np.broadcast_arrays(*gaps), axis=0, dtype=np.int64)
    if spec.refuse_missing:
        return np.asarray(known == len(gaps))
    return np.asarray((known > 0) & (known / len(gaps) >= spec.min_share))


def _by_pattern(
    kernel: Callable[..., Floats],
    parts: Parts,
    weights: Sequence[Any],
    spec: Aggregate,
    enough: Flags,
    out: Floats,
) -> Floats:
    """Functions that need complete children see, unit by unit, only those that are there."""
    if out.ndim > 1:
        for i in range(len(out)):
            row_weights = [w[i] if np.ndim(w) > 1 else w for w in weights]
            _by_pattern(kernel, [p[i] for p in parts], row_weights, spec, enough[i], out[i])
        return out
    if kernel in (KERNELS["topsis"], KERNELS["copeland"], KERNELS["bod"]):
        # These look at all units at once and know what to do where a child is missing.
        return np.where(enough, kernel(parts, weights, spec), np.nan)
    there = ~np.isnan(np.array(parts))
    for pattern in np.unique(there[:, enough], axis=1).T:
        rows = enough & (there == pattern[:, None]).all(axis=0)
        picked = [int(c) for c in np.flatnonzero(pattern)]
        some = [parts[c][rows] for c in picked]
        out[rows] = kernel(some, [np.ravel(weights[c])[0] for c in picked], spec)
    return out


def faults(
    values: Sequence[Floats],
    tree: Tree,
    hows: Mapping[int, str],
    spec: Aggregate,
    units: tuple[str, ...],
) -> Iterable[Fault]:
    """Why a parent could not be computed although its children were there."""
    for node in tree.aggregates:
        below = tree.children[node]
        known = np.sum([~np.isnan(values[c]) for c in below], axis=0)
        share = known / len(below)
        missing = (known == 0) | (share < spec.min_share)
        if spec.refuse_missing:
            for row in np.flatnonzero(known < len(below)):
                yield Fault("child_missing", {"node": tree.codes[node], "unit": units[row]})
            missing |= known < len(below)
        for row in np.flatnonzero(~np.isfinite(values[node]) & ~missing):
            params = {"node": tree.codes[node], "unit": units[row], "how": hows[node]}
            bad = [c for c in below if values[c][row] <= 0]
            if bad and hows[node] in ("gmean", "hmean", "genmean"):
                for child in bad:
                    found = float(values[child][row])
                    more = {"child": tree.codes[child], "found": found}
                    yield Fault("not_positive", {**params, **more})
            else:
                yield Fault("not_aggregated", params)


# The functions ------------------------------------------------------------------------------------
# Sources and worked numbers: docs/methods/aggregate.md.


def _sum(terms: Iterable[Any]) -> Any:
    total: Any = None
    for term in terms:
        total = term if total is None else total + term
    return total


def _amean(parts: Parts, weights: Sequence[Any], spec: Aggregate) -> Floats:
    whole = _sum(weights)
    return np.asarray(_sum(w / whole * x for x, w in zip(parts, weights, strict=True)))


@dataclass(frozen=True)
class Bent:
    """A quasi-arithmetic mean: bend the scores, average, bend back (Aczél 1948)."""

    bend: Callable[[Floats, Aggregate], Floats]
    back: Callable[[Floats, Aggregate], Floats]
    slope: Callable[[Floats, Aggregate], Floats]

    def __call__(self, parts: Parts, weights: Sequence[Any], spec: Aggregate) -> Floats:
        whole = _sum(weights)
        total = _sum(w * self.bend(x, spec) for x, w in zip(parts, weights, strict=True))
        return np.asarray(self.back(np.asarray(total / whole), spec))


def _log(x: Floats, spec: Aggregate) -> Floats:
    return np.where(x > 0, np.log(np.where(x > 0, x, 1.0)), np.nan)


def _one_over(x: Floats, spec: Aggregate) -> Floats:
    return np.where(x != 0, 1.0 / np.where(x != 0, x, 1.0), np.nan)


def _to_power(x: Floats, spec: Aggregate) -> Floats:
    if spec.p > 0 and float(spec.p).is_integer():
        return x**spec.p
    fit = x >= 0 if spec.p > 0 else x > 0
    return np.where(fit, np.abs(x) ** spec.p, np.nan)


GMEAN = Bent(_log, lambda y, spec: np.exp(y), lambda x, spec: 1.0 / x)
HMEAN = Bent(_one_over, _one_over, lambda x, spec: -1.0 / x**2)
GENMEAN = Bent(
    _to_power,
    lambda y, spec: np.where(y >= 0, np.abs(y) ** (1.0 / spec.p), np.nan),
    lambda x, spec: spec.p * x ** (spec.p - 1.0),
)


def _stack(parts: Parts, weights: Sequence[Any]) -> tuple[Floats, Floats]:
    x = np.stack(np.broadcast_arrays(*parts), axis=0)
    w = np.stack([np.broadcast_to(one, x.shape[1:]) for one in weights], axis=0)
    return x, w


def _median(parts: Parts, weights: Sequence[Any], spec: Aggregate) -> Floats:
    x, w = _stack(parts, weights)
    order = np.argsort(x, axis=0)
    x, w = np.take_along_axis(x, order, axis=0), np.take_along_axis(w, order, axis=0)
    # A child without weight must not sit on the line, so it takes the place of the next one.
    reach = np.cumsum(w, axis=0) / w.sum(axis=0)
    first = np.argmax(reach >= 0.5 - 1e-12, axis=0)[None]
    second = np.argmax(reach > 0.5 + 1e-12, axis=0)[None]
    lower, upper = np.take_along_axis(x, first, axis=0), np.take_along_axis(x, second, axis=0)
    return np.asarray(((lower + upper) / 2.0)[0])


def _least(parts: Parts, weights: Sequence[Any], spec: Aggregate) -> Floats:
    x, w = _stack(parts, weights)
    return np.asarray(np.where(w > 0, x, np.inf).min(axis=0))


def _most(parts: Parts, weights: Sequence[Any], spec: Aggregate) -> Floats:
    x, w = _stack(parts, weights)
    return np.asarray(np.where(w > 0, x, -np.inf).max(axis=0))


def _owa(parts: Parts, weights: Sequence[Any], spec: Aggregate) -> Floats:
    """Ordered weights from the quantifier Q(r) = r^a with a = (1 - orness) / orness, and the
    children's importances by Q of their cumulated share (Yager 1988, 1996)."""
    x, w = _stack(parts, weights)
    order = np.argsort(-x, axis=0)
    x, w = np.take_along_axis(x, order, axis=0), np.take_along_axis(w, order, axis=0)
    reach = np.clip(np.cumsum(w, axis=0) / w.sum(axis=0), 0.0, 1.0)
    if spec.orness <= 0 or spec.orness >= 1:
        return np.asarray(x[0] if spec.orness >= 1 else x[-1])
    bent = reach ** ((1.0 - spec.orness) / spec.orness)
    step = np.diff(bent, axis=0, prepend=0.0)
    return np.asarray(_sum(step * x))


def _mpi(parts: Parts, weights: Sequence[Any], spec: Aggregate) -> Floats:
    """Mean less the penalty for imbalance: M - S²/M (Mazziotta & Pareto 2016, sec. 2)."""
    mean = _amean(parts, weights, spec)
    whole = _sum(weights)
    square = _sum(w / whole * (x - mean) ** 2 for x, w in zip(parts, weights, strict=True))
    return np.asarray(np.where(mean != 0, mean - square / np.where(mean != 0, mean, 1), np.nan))


def _shortfall(parts: Parts, weights: Sequence[Any], spec: Aggregate) -> Floats:
    """1 - first / second: the loss through inequality (UNDP technical note 4, step 5)."""
    if len(parts) != 2:
        raise unfit("two_children", how="shortfall", found=len(parts))
    return np.asarray(1.0 - parts[0] / parts[1])


def _topsis(parts: Parts, weights: Sequence[Any], spec: Aggregate) -> Floats:
    return outrank.topsis(*_stack(parts, weights))


def _copeland(parts: Parts, weights: Sequence[Any], spec: Aggregate) -> Floats:
    return outrank.copeland(parts, weights)


def _bod(parts: Parts, weights: Sequence[Any], spec: Aggregate) -> Floats:
    return outrank.benefit_of_the_doubt(_stack(parts, weights)[0])


KERNELS: Mapping[str, Callable[[Parts, Sequence[Any], Aggregate], Floats]] = {
    "amean": _amean,
    "gmean": GMEAN,
    "hmean": HMEAN,
    "genmean": GENMEAN,
    "median": _median,
    "min": _least,
    "max": _most,
    "owa": _owa,
    "mpi": _mpi,
    "shortfall": _shortfall,
    "topsis": _topsis,
    "copeland": _copeland,
    "bod": _bod,
}
# These compare units or pick a child: a missing child cannot be stood in for by no weight.
WHOLE = frozenset({"topsis", "copeland", "bod", "shortfall", "min", "max", "median"})
BENT: Mapping[str, Bent] = {"gmean": GMEAN, "hmean": HMEAN, "genmean": GENMEAN}

"""Normalising (无量纲化): a table of named functions, each in two halves.

`norms` learns what a function needs from data (a minimum, a mean, a pool); `scored` applies it.
Kept apart, so that anchors can come from the same year, from all years together or from a fixed
year, and so that an explanation can tell new values from new anchors. Units are the last axis.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from bihuan.engines.index.faults import Fault
from bihuan.engines.index.frame import Floats, Tree
from bihuan.engines.index.method import Normalise, Scale
from bihuan.engines.index.moments import high, low, mean, spread
from bihuan.engines.index.rank import ranks

Terms = Mapping[str, Floats]


@dataclass(frozen=True, eq=False)
class Part:
    """Indicators that share a function: their places, given constants and learnt anchors."""

    at: NDArray[np.int64]
    how: str
    log: bool
    cap: bool | None
    sign: Floats
    given: Terms
    learnt: Terms
    bands: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, eq=False)
class Norms:
    """定标：一套可以套用到任何数据上的尺度。"""

    parts: tuple[Part, ...]
    count: int


def norms(columns: Floats, tree: Tree, spec: Normalise) -> Norms:
    """定标：从数据（指标 × 单位）学到每个指标的尺度。"""
    parts = []
    for key, at in _sorted_out(tree, spec).items():
        how, logged, cap, bands = key
        index = np.asarray(at)
        sign = tree.directions[index][:, None]
        given = _constants([_scale_of(tree, spec, j) for j in at], tree, at, how)
        rule = _RULES[how]
        source = _directed(columns[..., index, :], how, logged, sign)
        parts.append(Part(index, how, logged, cap, sign, given, rule.learn(source, given), bands))
    return Norms(tuple(parts), tree.leaves)


def scored(columns: Floats, fitted: Norms) -> Floats:
    """无量纲值：把尺度套用到数据上；算不出的为缺失，由调用者查明原因。"""
    if len(fitted.parts) == 1 and len(fitted.parts[0].at) == fitted.count:
        return _apply(columns, fitted.parts[0])
    out = np.full(columns.shape, np.nan)
    for part in fitted.parts:
        out[..., part.at, :] = _apply(columns[..., part.at, :], part)
    return out


def one_scored(values: Floats, leaf: int, fitted: Norms) -> Floats:
    """Scores of any values of one indicator (the last axis) under the same norms."""
    for part in fitted.parts:
        place = np.flatnonzero(part.at == leaf)
        if len(place):
            only = slice(int(place[0]), int(place[0]) + 1)
            part = Part(
                part.at[only],
                part.how,
                part.log,
                part.cap,
                part.sign[only],
                {k: v[only] for k, v in part.given.items()},
                {k: v[..., only, :] for k, v in part.learnt.items()},
                part.bands,
            )
            return np.asarray(_apply(values[None, :], part)[0])
    raise IndexError(leaf)


_NEEDED: Mapping[str, tuple[str, ...]] = {
    "goalposts": ("lower", "upper"),
    "dist2targ": ("target",),
    "interval": ("best_low", "best_high"),
}


def lacking(tree: Tree, spec: Normalise) -> Iterable[Fault]:
    """Numbers without which a chosen function says nothing."""
    for node in tree.nodes[: tree.leaves]:
        one = spec.each.get(node.code, spec)
        for name in _NEEDED.get(one.how, ()):
            by_meta = name == "target" and node.target == node.target
            if getattr(one, name) is None and not by_meta:
                yield Fault("lacking", {"field": f"normalise.each.{node.code}.{name}"})


def faults(columns: Floats, out: Floats, tree: Tree, units: tuple[str, ...]) -> Iterable[Fault]:
    """Why some values could not be normalised: never a silent infinity or gap."""
    bad = ~np.isfinite(out) & ~np.isnan(columns)
    for j in np.flatnonzero(bad.any(axis=-1)):
        code, column = tree.codes[j], columns[j]
        if low(column) == high(column):
            yield Fault("constant", {"node": code, "found": float(low(column))})
            continue
        for row in np.flatnonzero(bad[j]):
            params = {"node": code, "unit": units[row], "found": float(column[row])}
            yield Fault("not_normalised", params)


def _apply(columns: Floats, part: Part) -> Floats:
    x = _directed(columns, part.how, part.log, part.sign)
    with np.errstate(all="ignore"):
        y = _RULES[part.how].apply(x, part.given, part.learnt, part)
    return np.asarray(y)


def _directed(x: Floats, how: str, logged: bool, sign: Floats) -> Floats:
    if logged:
        with np.errstate(all="ignore"):
            x = np.where(x > 0, np.log(np.where(x > 0, x, 1.0)), np.nan)
    if how in ("interval", "bands"):
        return x
    return x * sign


def _scale_of(tree: Tree, spec: Normalise, leaf: int) -> Scale:
    return spec.each.get(tree.codes[leaf], spec)


_Key = tuple[str, bool, bool | None, tuple[tuple[float, float], ...]]


def _sorted_out(tree: Tree, spec: Normalise) -> dict[_Key, list[int]]:
    out: dict[_Key, list[int]] = {}
    for leaf in range(tree.leaves):
        one = _scale_of(tree, spec, leaf)
        out.setdefault((one.how, one.log, one.cap, one.bands), []).append(leaf)
    return out


_DEFAULTS: Mapping[str, Mapping[str, float]] = {
    "minmax": {"lower": 0.0, "upper": 100.0},
    "zscore": {"mean": 0.0, "sd": 1.0},
    "scaled": {"lower": 0.0, "upper": 100.0, "scale": 100.0},
    "efficacy_linear": {"scale": 40.0},
}


def _constants(scales: list[Scale], tree: Tree, at: list[int], how: str) -> Terms:
    """Given numbers of each indicator, turned to the side where more is better."""
    names = ("lower", "upper", "mean", "sd", "target", "best_low", "best_high", "scale")
    table: dict[str, Floats] = {}
    for name in names:
        fallback = _DEFAULTS.get(how, {}).get(name, 1.0 if name == "scale" else np.nan)
        column = []
        for one, leaf in zip(scales, at, strict=True):
            value = getattr(one, name)
            if value is None and name == "target" and how == "dist2targ":
                value = tree.nodes[leaf].target
            value = fallback if value is None else float(value)
            raw = how not in ("minmax", "zscore", "efficacy") and name in (
                "lower",
                "upper",
                "target",
                "best_low",
                "best_high",
            )
            if raw and one.log and value > 0:
                value = log(value)
            column.append(value)
        table[name] = np.array(column)[:, None]
    if how in ("scaled", "goalposts", "efficacy_linear", "efficacy_exp", "dist2targ", "fracmax"):
        sign = tree.directions[np.asarray(at)][:, None]
        lower, upper = table["lower"], table["upper"]
        table["lower"] = np.where(sign > 0, lower, -upper)
        table["upper"] = np.where(sign > 0, upper, -lower)
        table["target"] = table["target"] * sign
    return table


# The functions ------------------------------------------------------------------------------------
# x is already turned so that more is better. Sources and worked numbers: docs/methods/normalise.md.


def _nothing(x: Floats, k: Terms) -> Terms:
    return {}


def _ends(x: Floats, k: Terms) -> Terms:
    return {"lo": low(x)[..., None], "hi": high(x)[..., None]}


def _ends_or_given(x: Floats, k: Terms) -> Terms:
    ends = _ends(x, k)
    lo = np.where(np.isnan(k["lower"]), ends["lo"], k["lower"])
    hi = np.where(np.isnan(k["upper"]), ends["hi"], k["upper"])
    return {"lo": lo, "hi": hi}


def _moments(x: Floats, k: Terms) -> Terms:
    return {"m": mean(x)[..., None], "s": spread(x)[..., None]}


def _pool(x: Floats, k: Terms) -> Terms:
    return {"pool": x}


def _minmax(x: Floats, k: Terms, a: Terms, part: Part) -> Floats:
    return (x - a["lo"]) / (a["hi"] - a["lo"]) * (k["upper"] - k["lower"]) + k["lower"]


def _zscore(x: Floats, k: Terms, a: Terms, part: Part) -> Floats:
    return (x - a["m"]) / a["s"] * k["sd"] + k["mean"]


def _scaled(x: Floats, k: Terms, a: Terms, part: Part) -> Floats:
    return (x - k["lower"]) / (k["upper"] - k["lower"]) * k["scale"]


def _less(x: Floats, pool: Floats) -> Floats:
    """How many of the pool are smaller; of one's own pool, by ranks at once."""
    if x.shape == pool.shape and (x is pool or np.array_equal(x, pool, equal_nan=True)):
        return np.where(np.isnan(x), np.nan, ranks(-x) - 1.0)
    out = np.empty(np.broadcast_shapes(x.shape, (*pool.shape[:-1], x.shape[-1])))
    pool = np.broadcast_to(pool, (*out.shape[:-1], pool.shape[-1]))
    x = np.broadcast_to(x, out.shape)
    for place in np.ndindex(out.shape[:-1]):
        known = np.sort(pool[place][~np.isnan(pool[place])])
        out[place] = np.searchsorted(known, x[place], side="left")
    return np.where(np.isnan(x), np.nan, out)


def _rank(x: Floats, k: Terms, a: Terms, part: Part) -> Floats:
    return _less(x, a["pool"]) + 1.0


def _prank(x: Floats, k: Terms, a: Terms, part: Part) -> Floats:
    known = (~np.isnan(a["pool"])).sum(axis=-1, keepdims=True)
    return np.asarray(_less(x, a["pool"]) / (known - 1.0))


def _borda(x: Floats, k: Terms, a: Terms, part: Part) -> Floats:
    return _less(x, a["pool"])


def _dist2max(x: Floats, k: Terms, a: Terms, part: Part) -> Floats:
    return (1.0 - (a["hi"] - x) / (a["hi"] - a["lo"])) * k["scale"]


def _dist2targ(x: Floats, k: Terms, a: Terms, part: Part) -> Floats:
    y = 1.0 - (k["target"] - x) / (k["target"] - a["lo"])
    if part.cap:
        y = np.minimum(y, 1.0)
    return y * k["scale"]


def _fracmax(x: Floats, k: Terms, a: Terms, part: Part) -> Floats:
    # Where less is better, the best over the value: min/x, so that a better value scores more.
    x = np.where(np.isnan(x), x, np.fmin(np.fmax(x, k["lower"]), k["upper"]))
    best = np.where(np.isnan(k["upper"]), a["hi"], k["upper"])
    y = np.where(part.sign > 0, x / best, best / x)
    return np.where((part.sign > 0) | (x < 0), y, np.nan) * k["scale"]


def _goalposts(x: Floats, k: Terms, a: Terms, part: Part) -> Floats:
    y = (x - k["lower"]) / (k["upper"] - k["lower"])
    if part.cap is not False:
        y = np.clip(y, 0.0, 1.0)
    return y * k["scale"]


def _efficacy_linear(x: Floats, k: Terms, a: Terms, part: Part) -> Floats:
    return np.asarray((x - a["lo"]) / (a["hi"] - a["lo"]) * k["scale"] + 60.0)


def _efficacy_exp(x: Floats, k: Terms, a: Terms, part: Part) -> Floats:
    return 60.0 * np.exp((x - a["lo"]) / (a["hi"] - a["lo"]) * -log(0.6))


def _interval(x: Floats, k: Terms, a: Terms, part: Part) -> Floats:
    far = np.maximum(k["best_low"] - a["lo"], a["hi"] - k["best_high"])
    off = np.maximum(np.maximum(k["best_low"] - x, x - k["best_high"]), 0.0)
    y = np.where(off > 0, 1.0 - off / far, 1.0 + 0.0 * off)
    return y * k["scale"]


def _bands(x: Floats, k: Terms, a: Terms, part: Part) -> Floats:
    steps = sorted(part.bands)
    floor = np.array([step[0] for step in steps])
    worth = np.array([np.nan, *(step[1] for step in steps)])
    y = worth[np.searchsorted(floor, x, side="right")]
    return np.where(np.isnan(x), np.nan, y)


def _none(x: Floats, k: Terms, a: Terms, part: Part) -> Floats:
    return x


@dataclass(frozen=True)
class _Rule:
    learn: Callable[[Floats, Terms], Terms]
    apply: Callable[[Floats, Terms, Terms, Part], Floats]


_RULES: Mapping[str, _Rule] = {
    "none": _Rule(_nothing, _none),
    "minmax": _Rule(_ends, _minmax),
    "zscore": _Rule(_moments, _zscore),
    "scaled": _Rule(_nothing, _scaled),
    "rank": _Rule(_pool, _rank),
    "prank": _Rule(_pool, _prank),
    "borda": _Rule(_pool, _borda),
    "dist2max": _Rule(_ends, _dist2max),
    "dist2targ": _Rule(_ends, _dist2targ),
    "fracmax": _Rule(_ends, _fracmax),
    "goalposts": _Rule(_nothing, _goalposts),
    "efficacy_linear": _Rule(_ends_or_given, _efficacy_linear),
    "efficacy_exp": _Rule(_ends_or_given, _efficacy_exp),
    "interval": _Rule(_ends, _interval),
    "bands": _Rule(_nothing, _bands),
}

"""Sensitivity (敏感性): which uncertain choice moves an output most, for any output of the index.

Inputs may be categories; a vector of weights or of data noise counts as one input. Sobol indices
by Saltelli et al. (2010), total ones by Jansen (1999); Shapley effects by Owen (2014) and Song et
al. (2016), which add up to one even where inputs interact.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np

from bihuan.engines.index.design import Design, Inputs, pick_freeze
from bihuan.engines.index.faults import Fault, Unfit, unfit
from bihuan.engines.index.frame import Floats, Frame, Ints
from bihuan.engines.index.method import Method
from bihuan.engines.index.robust import Failed, Run, Spread, uncertainty

MOST_SHAPLEY = 7


@dataclass(frozen=True)
class Output:
    """输出：某单位的位次 rank、得分 score、是否进前 k（top），或全体位次的平均变动 shift。"""

    kind: str = "shift"
    unit: str = ""
    k: int = 30

    def of(self, spread: Spread) -> Floats:
        """One number per draw."""
        if self.kind == "shift":
            moved = np.abs(spread.ranks - spread.nominal.top_ranks[None])
            return np.asarray(moved.mean(axis=1))
        if self.unit not in spread.units:
            raise unfit("unknown_unit", unit=self.unit)
        at = spread.units.index(self.unit)
        if self.kind == "score":
            return np.asarray(spread.scores[:, at])
        places = spread.ranks[:, at].astype(np.float64)
        if self.kind == "rank":
            return places
        if self.kind == "top":
            return ((places > 0) & (places <= self.k)).astype(np.float64)
        known = "rank score top shift"
        raise unfit("unknown_choice", field="output", found=self.kind, known=known)


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """敏感性结果：每个输入一行；区间为自助法的 5% 和 95%；failed 是算不出的抽样。"""

    inputs: tuple[str, ...]
    variance: float
    first: Floats
    total: Floats
    first_interval: Floats
    total_interval: Floats
    used: int
    failed: tuple[Failed, ...]


@dataclass(frozen=True, eq=False)
class ShapleyEffects:
    """沙普利效应：各输入分得的方差份额，合计恰为 1。"""

    inputs: tuple[str, ...]
    variance: float
    share: Floats
    used: int
    failed: tuple[Failed, ...]


def sobol(
    frame: Frame,
    method: Method,
    inputs: Inputs,
    *,
    count: int,
    seed: int,
    output: Output,
    run: Run = map,
    boot: int = 200,
) -> Sensitivity:
    """Sobol 指数：count × (输入数 + 2) 次抽样。"""
    names = _names(inputs)
    every = frozenset(names)
    sets = [frozenset[str](), *(every - {name} for name in names)]
    spread = uncertainty(frame, method, pick_freeze(inputs, count, seed, sets), run)
    y, used = _blocks(output.of(spread), spread, count)
    pick = _boots(seed, used, boot)
    return _indices(names, y[0], y[1], y[2:], pick, spread.failed)


def shapley_effects(
    frame: Frame,
    method: Method,
    inputs: Inputs,
    *,
    count: int,
    seed: int,
    output: Output,
    run: Run = map,
) -> ShapleyEffects:
    """沙普利效应：对输入的每个子集各 count 次抽样，最多七个输入。"""
    names = _few(inputs)
    subsets = _subsets(names)
    spread = uncertainty(frame, method, pick_freeze(inputs, count, seed, subsets), run)
    y, _used = _blocks(output.of(spread), spread, count)
    return _effects(names, y[0], dict(zip(subsets, y[1:], strict=True)), spread.failed)


def both(
    frame: Frame,
    method: Method,
    inputs: Inputs,
    *,
    count: int,
    seed: int,
    outputs: Sequence[Output],
    run: Run = map,
    boot: int = 200,
) -> tuple[tuple[Sensitivity, ShapleyEffects], ...]:
    """Sobol 指数和沙普利效应，一次抽样答几个输出：count × 2^输入数 次。

    The blocks of the one are among those of the other, so that nothing is drawn twice.
    """
    names = _few(inputs)
    every, subsets = frozenset(names), _subsets(names)
    sets = [frozenset[str](), *subsets]
    spread = uncertainty(frame, method, pick_freeze(inputs, count, seed, sets), run)
    found = []
    for output in outputs:
        y, used = _blocks(output.of(spread), spread, count)
        block = dict(zip(sets, y[1:], strict=True))
        mixed = np.array([block[every - {name}] for name in names])
        pick = _boots(seed, used, boot)
        found.append(
            (
                _indices(names, y[0], y[1], mixed, pick, spread.failed),
                _effects(names, y[0], {s: block[s] for s in subsets}, spread.failed),
            )
        )
    return tuple(found)


def draws_of_both(inputs: Inputs, count: int) -> int:
    """How many draws `both` makes, so that it can be told how far it is."""
    return count << len(_few(inputs))


def _indices(
    names: tuple[str, ...],
    a: Floats,
    b: Floats,
    mixed: Floats,
    pick: Ints,
    failed: tuple[Failed, ...],
) -> Sensitivity:
    """From the blocks A, B and, for each input, A with this input from B."""
    # Centred: the estimator of first-order indices is far less noisy around zero.
    middle = np.concatenate([a[None], b[None], mixed]).mean()
    a, b, mixed = a - middle, b - middle, mixed - middle
    variance, used = float(np.concatenate([a, b]).var()), len(a)
    if variance == 0:
        nothing = np.zeros(len(names))
        flat = np.zeros((len(names), 2))
        return Sensitivity(names, 0.0, nothing, nothing, flat, flat, used, failed)
    one = b * (mixed - a) / variance
    all_ = (a - mixed) ** 2 / (2.0 * variance)
    return Sensitivity(
        names,
        variance,
        one.mean(axis=1),
        all_.mean(axis=1),
        _interval(one, pick),
        _interval(all_, pick),
        used,
        failed,
    )


def _effects(
    names: tuple[str, ...],
    a: Floats,
    blocks: Mapping[frozenset[str], Floats],
    failed: tuple[Failed, ...],
) -> ShapleyEffects:
    """From the block A and, for each set of inputs, the draws that share these with A."""
    whole = float(a.var(ddof=1))
    explained = {frozenset[str](): 0.0, frozenset(names): whole}
    for some, values in blocks.items():
        explained[some] = float(np.cov(a, values)[0, 1])
    share = np.zeros(len(names))
    for i, name in enumerate(names):
        for some, value in explained.items():
            if name not in some:
                rest = len(names) - 1
                weight = 1.0 / (len(names) * comb(rest, len(some)))
                share[i] += weight * (explained[some | {name}] - value)
    share = share / whole if whole else share
    return ShapleyEffects(names, whole, share, len(a), failed)


def _subsets(names: tuple[str, ...]) -> list[frozenset[str]]:
    """Every set of inputs but none and all."""
    return [frozenset(s) for r in range(1, len(names)) for s in combinations(names, r)]


def _boots(seed: int, used: int, boot: int) -> Ints:
    return np.random.Generator(np.random.Philox(seed + 1)).integers(0, used, (boot, used))


def _few(inputs: Inputs) -> tuple[str, ...]:
    names = _names(inputs)
    if len(names) > MOST_SHAPLEY:
        raise unfit("too_many_inputs", found=len(names), most=MOST_SHAPLEY)
    return names


def _names(inputs: Inputs) -> tuple[str, ...]:
    if not inputs.varied:
        raise unfit("nothing_varies")
    return inputs.varied


def _blocks(y: Floats, spread: Spread, count: int) -> tuple[Floats, int]:
    """Outputs by block; a place where any block failed is left out of all, and is reported."""
    table = y.reshape(-1, count)
    bad: Ints = np.unique([one.draw % count for one in spread.failed]).astype(np.int64)
    keep = np.setdiff1d(np.arange(count), bad)
    if len(keep) < 2:
        raise Unfit([Fault("all_failed"), spread.failed[0].why])
    return table[:, keep], len(keep)


def _interval(terms: Floats, pick: Ints) -> Floats:
    means = np.array([term[pick].mean(axis=1) for term in terms])
    return np.asarray(np.quantile(means, [0.05, 0.95], axis=1).T)


def design_of(inputs: Inputs, count: int, seed: int) -> Design:
    """The design that `sobol` uses, to be written down."""
    names = _names(inputs)
    sets = [frozenset[str](), *(frozenset(names) - {name} for name in names)]
    return pick_freeze(inputs, count, seed, sets)

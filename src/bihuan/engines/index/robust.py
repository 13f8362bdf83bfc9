"""Uncertainty (不确定性): thousands of builds under other defensible choices, through `run=map`.

Hand over any `map` (a process pool's, Dask's): the work is cut into the same pieces whatever runs
them, and no number depends on its neighbours, so the bits are the same too. A draw that cannot be
computed is reported with its reason and stays in the count; it is never quietly left out.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.special import ndtri

from bihuan.engines.index import aggregate as ag
from bihuan.engines.index import normalise as no
from bihuan.engines.index.build import Result, build, plans, skipped
from bihuan.engines.index.design import AS_GIVEN, CHOICES, NAMES, Design, uniforms
from bihuan.engines.index.faults import Fault, Unfit, unfit
from bihuan.engines.index.frame import Floats, Frame, Ints
from bihuan.engines.index.impute import denominate, filled, group_labels, impute, screened
from bihuan.engines.index.method import Impute, Method, Normalise, Scale
from bihuan.engines.index.moments import spread
from bihuan.engines.index.rank import adjusted, ranks
from bihuan.engines.index.treat import treat
from bihuan.engines.index.weigh import weigh

Run = Callable[[Callable[["Piece"], "Answer"], Iterable["Piece"]], Iterable["Answer"]]

# Draws in a piece: a tenth of a second and more on a slow core, with and without data noise.
PIECE, NOISY_PIECE = 2500, 250
# Draws computed side by side: what fits a core's cache.
BATCH, NOISY_BATCH = 128, 16


@dataclass(frozen=True, eq=False)
class Piece:
    """一份活：要算的数据、方法和若干次抽样。"""

    frame: Frame
    method: Method
    design: Design
    first: int


@dataclass(frozen=True)
class Failed:
    """算不出的一次抽样，和为什么。"""

    draw: int
    why: Fault


@dataclass(frozen=True, eq=False)
class Answer:
    """Scores of one piece's draws, and the draws that could not be computed."""

    first: int
    scores: Floats
    failed: tuple[Failed, ...]


@dataclass(frozen=True, eq=False)
class Spread:
    """不确定性结果：每次抽样下每个单位的得分和位次；failed 是算不出的抽样及原因。"""

    design: Design
    nominal: Result
    scores: Floats
    ranks: Ints
    failed: tuple[Failed, ...]

    @property
    def units(self) -> tuple[str, ...]:
        return self.nominal.units

    @property
    def good(self) -> Ints:
        """The draws that were computed."""
        bad = {one.draw for one in self.failed}
        return np.array([i for i in range(len(self.ranks)) if i not in bad], dtype=np.int64)

    def interval(self, share: float = 0.9) -> Floats:
        """位次区间：单位 × (下, 中, 上)，按分位数（与 R 的 type 7 相同）。"""
        tail = (1.0 - share) / 2.0
        found = np.quantile(self.ranks[self.good], [tail, 0.5, 1.0 - tail], axis=0)
        return np.asarray(found.T)

    def mean_rank(self) -> Floats:
        return np.asarray(self.ranks[self.good].mean(axis=0))

    def within(self, k: int) -> Floats:
        """P(进入前 k 名)。"""
        part = self.ranks[self.good]
        return np.asarray(((part > 0) & (part <= k)).mean(axis=0))

    def among_last(self, k: int) -> Floats:
        """P(列末 k 名)，并列从严。"""
        below = ranks(-self.scores[self.good])
        return np.asarray(((below > 0) & (below <= k)).mean(axis=0))

    def acceptability(self) -> Floats:
        """位次可接受度：单位 × 位次，取得该位次的抽样占比（Lahdelma & Salminen 2001）。"""
        part, count = self.ranks[self.good], len(self.units)
        out = np.zeros((count, count + 1))
        for i in range(count):
            out[i] = np.bincount(part[:, i], minlength=count + 1)[: count + 1]
        return np.asarray(out[:, 1:] / max(len(part), 1))

    def above(self) -> Floats:
        """P(i 高于 j)：同分各算一半。"""
        part = self.scores[self.good]
        count = part.shape[1]
        out = np.empty((count, count))
        columns = np.ascontiguousarray(part.T)
        for i in range(count):
            wins = np.count_nonzero(columns[i] > columns, axis=1)
            losses = np.count_nonzero(columns[i] < columns, axis=1)
            out[i] = 0.5 + (wins - losses) / (2.0 * len(part))
        return out

    def groups(self, level: float = 0.9) -> tuple[tuple[str, ...], ...]:
        """并列组：从最好的开始，与组中第一名分不出高下的归一组。"""
        above = self.above()
        order = [
            i for i in np.argsort(-self.nominal.top, kind="stable") if self.nominal.top_ranks[i]
        ]
        out: list[list[int]] = []
        for i in order:
            if out and above[out[-1][0], i] < level:
                out[-1].append(i)
            else:
                out.append([i])
        return tuple(tuple(self.units[i] for i in group) for group in out)


def uncertainty(frame: Frame, method: Method, design: Design, run: Run = map) -> Spread:
    """不确定性分析：按抽样方案逐次重算，汇成位次的分布。"""
    nominal = build(frame, method)
    scores = np.full((len(design.picks), len(nominal.units)), np.nan)
    failed: list[Failed] = []
    # A list, because Dask's executor maps over nothing lazier.
    for answer in run(evaluate, list(pieces(frame, method, design))):
        scores[answer.first : answer.first + len(answer.scores)] = answer.scores
        failed += answer.failed
    places = ranks(scores, method.rank.ties if method.rank.ties != "first" else "min")
    return Spread(design, nominal, scores, places.astype(np.int32), tuple(failed))


def pieces(frame: Frame, method: Method, design: Design) -> Iterator[Piece]:
    """The work in pieces of a fixed number of draws."""
    if len(frame.slices) > 1:
        raise unfit("one_year_only", found=len(frame.slices))
    size = NOISY_PIECE if {"noise", "gaps"} & set(design.inputs.varied) else PIECE
    for first in range(0, len(design.picks), size):
        yield Piece(frame, method, design.only(slice(first, first + size)), first)


@dataclass(frozen=True)
class Rise:
    """一个单位两年位次相比：上升、不变、下降各占多少次抽样；合计为 1。

    A draw in which it has no rank in one of the years counts as neither better nor worse.
    """

    rose: float
    same: float
    fell: float


def rises(before: Spread, after: Spread) -> dict[str, Rise]:
    """位次升降的概率：两年用同样的抽样（同一种子），逐次相比；只有两年都参评的单位。"""
    if before.design.seed != after.design.seed or not np.array_equal(
        before.design.picks, after.design.picks
    ):
        raise unfit("other_draws")
    good = np.intersect1d(before.good, after.good)
    if not len(good):
        raise unfit("no_common_draws")
    there = {unit: i for i, unit in enumerate(before.units)}
    out = {}
    for i, unit in enumerate(after.units):
        if unit in there:
            now, then = after.ranks[good, i], before.ranks[good, there[unit]]
            ranked = (now > 0) & (then > 0)
            up, down = (float((ranked & side).mean()) for side in (now < then, now > then))
            out[unit] = Rise(up, 1.0 - up - down, down)
    return out


def really_rose(before: Spread, after: Spread) -> dict[str, float]:
    """P(位次确有上升)，逐单位。"""
    return {unit: one.rose for unit, one in rises(before, after).items()}


# One piece ----------------------------------------------------------------------------------------


def evaluate(piece: Piece) -> Answer:
    """Every draw of a piece; draws with the same choices are computed side by side."""
    design = piece.design
    ready = _ready(piece.frame, piece.method, design)
    scores = np.full((len(design.picks), len(ready.units)), np.nan)
    failed: dict[int, Fault] = {}
    kinds, member = np.unique(design.picks[:, : len(CHOICES)], axis=0, return_inverse=True)
    for number, kind in enumerate(kinds):
        at = np.flatnonzero(member.ravel() == number)
        try:
            for rows, values, reasons in _alike(
                ready, varied(piece.method, design, kind), design, at
            ):
                scores[rows] = values
                failed |= reasons
        except Unfit as refusal:
            failed |= dict.fromkeys(at.tolist(), refusal.faults[0])
    scores[list(failed)] = np.nan
    told = (Failed(piece.first + draw, failed[draw]) for draw in sorted(failed))
    return Answer(piece.first, scores, tuple(told))


def varied(method: Method, design: Design, kind: Ints) -> Method:
    """The method of a draw: its picks put in place of the given choices."""
    inputs, changes = design.inputs, dict[str, Any]()
    winmax, normalisation, aggregation, impute_pick = (int(one) for one in kind[:4])
    if winmax != AS_GIVEN:
        changes["treat"] = replace(method.treat, winmax=inputs.winmax[winmax])
    if normalisation != AS_GIVEN:
        scale = inputs.normalisation[normalisation]
        names = Scale.__dataclass_fields__
        changes["normalise"] = Normalise(
            **{name: getattr(scale, name) for name in names}, each=method.normalise.each
        )
    if aggregation != AS_GIVEN:
        changes["aggregate"] = replace(method.aggregate, how=inputs.aggregation[aggregation])
    if impute_pick != AS_GIVEN:
        changes["impute"] = inputs.impute[impute_pick]
    return replace(method, **changes)


@dataclass(frozen=True, eq=False)
class _Ready:
    """What all draws share: denominated data of the units that were not screened out."""

    frame: Frame
    units: tuple[str, ...]
    ranked: np.ndarray
    spreads: Floats
    weights: Floats
    given: np.ndarray


def _ready(frame: Frame, method: Method, design: Design) -> _Ready:
    nominal = build(frame, method)
    data = denominate(frame) if method.denominate else frame
    if method.screen.before:
        data = data.only(screened(data, method.screen))
    else:
        data = data.only(screened(impute(data, method.impute), method.screen))
    ranked, spreads = ~np.isnan(nominal.top), spread(data.columns)
    return _Ready(data, data.units, ranked, spreads, *_weights(design, data.tree.levels))


def _alike(
    ready: _Ready, method: Method, design: Design, at: Ints
) -> Iterator[tuple[Ints, Floats, dict[int, Fault]]]:
    """Draws that differ only in weights and noise, batch by batch, and which of them failed."""
    tree = ready.frame.tree
    hows = plans(tree, method)
    noisy = bool({"noise", "gaps"} & set(design.inputs.varied))
    skip = skipped(tree, method)
    if not noisy:
        columns = treat(
            _filled(ready.frame, ready.frame.columns, method.impute), method.treat, skip
        ).x
        normal = _normal(columns, ready, method)
        base = weigh(normal, tree, method.weigh, method.aggregate, hows)
    size = NOISY_BATCH if noisy else BATCH
    for start in range(0, len(at), size):
        rows = at[start : start + size]
        if noisy:
            raw = _noisy(ready, method, design, rows)
            normal = _normal(treat(raw, method.treat, skip).x, ready, method)
            base = _weights_each(normal, ready, method, hows)
            leaves = [normal[:, j] for j in range(tree.leaves)]
        else:
            leaves = list(normal)
        weights = np.where(ready.given[rows, None], ready.weights[rows], base * ready.weights[rows])
        columns_of = [weights[:, c, None] for c in range(len(tree.nodes))]
        values = ag.aggregate(leaves, tree, columns_of, method.aggregate, hows)
        top = np.array(np.broadcast_to(values[tree.root], (len(rows), len(ready.units))))
        bad = ~np.isfinite(top[:, ready.ranked]).all(axis=1)
        reasons = {
            int(rows[i]): _why(values, int(i), ready, method, hows) for i in np.flatnonzero(bad)
        }
        if method.adjust:
            _adjust(top, values, ready, method)
        yield rows, top, reasons


def _why(
    values: list[Floats], draw: int, ready: _Ready, method: Method, hows: dict[int, str]
) -> Fault:
    """The first reason why a draw has no score for a unit that is ranked."""
    one = [np.asarray(v[draw] if v.ndim > 1 else v) for v in values]
    tree = ready.frame.tree
    for j, column in enumerate(one[: tree.leaves]):
        for row in np.flatnonzero(np.isinf(column)):
            return Fault("not_normalised", {"node": tree.codes[j], "unit": ready.units[row]})
    told = ag.faults(one, tree, hows, method.aggregate, ready.units)
    return next(iter(told), Fault("not_aggregated", {"node": tree.codes[tree.root]}))


def _adjust(top: Floats, values: list[Floats], ready: _Ready, method: Method) -> None:
    tree = ready.frame.tree
    for i in range(len(top)):

        def value_of(code: str, i: int = i) -> Floats:
            part = values[tree.index[code]]
            return np.asarray(part[i] if part.ndim > 1 else part)

        top[i] = adjusted(top[i], method.adjust, ready.units, value_of)[0]


def _normal(columns: Floats, ready: _Ready, method: Method) -> Floats:
    out = no.scored(columns, no.norms(columns, ready.frame.tree, method.normalise))
    if out.ndim == 2:
        found = list(no.faults(columns, out, ready.frame.tree, ready.units))
        if found:
            raise Unfit(found)
        return out
    return np.where(np.isfinite(out) | np.isnan(columns), out, np.inf)


def _filled(frame: Frame, columns: Floats, spec: Impute) -> Floats:
    if spec.how in ("last", "linear"):
        raise unfit("no_years", field="impute.how", found=spec.how)
    if spec.how == "none":
        return columns
    return filled(columns, spec.how, group_labels(frame, spec))


def _noisy(ready: _Ready, method: Method, design: Design, rows: Ints) -> Floats:
    """The data of some draws, draws × indicators × units, gaps filled."""
    inputs, clean = design.inputs, ready.frame.columns
    count, units = clean.shape
    x = np.broadcast_to(clean, (len(rows), count, units))
    if any(inputs.noise):
        sd = np.broadcast_to(np.asarray(inputs.noise), (count,))[:, None]
        size = np.abs(clean) if inputs.noise_of == "value" else ready.spreads[:, None]
        z = _normals(design, "noise", rows, count * units).reshape(x.shape)
        x = clean + sd * size * z
    x = _filled(ready.frame, x, method.impute)
    gaps = np.isnan(clean)
    if inputs.gaps and gaps.any():
        places = np.flatnonzero(gaps.ravel())
        z = _normals(design, "gaps", rows, len(places))
        flat = np.array(x).reshape(len(rows), -1)
        flat[:, places] += z * np.broadcast_to(ready.spreads[:, None], clean.shape).ravel()[places]
        x = flat.reshape(len(rows), count, units)
    return x


def _normals(design: Design, name: str, rows: Ints, width: int) -> Floats:
    """Standard normal numbers by tickets; a draw without a ticket gets none (zero)."""
    tickets = design.column(name)[rows]
    has = tickets != AS_GIVEN
    if has.all():
        u = uniforms(design.seed, NAMES.index(name), tickets, width)
        return np.asarray(ndtri(u, out=u))
    out = np.zeros((len(rows), width))
    out[has] = ndtri(uniforms(design.seed, NAMES.index(name), tickets[has], width))
    return out


def _weights_each(normal: Floats, ready: _Ready, method: Method, hows: Any) -> Floats:
    """Weights learnt from data are learnt again in every draw."""
    tree = ready.frame.tree
    if method.weigh.how in ("given", "bod", "equal", "ahp"):
        return weigh(normal[0], tree, method.weigh, method.aggregate, hows)
    return np.array([weigh(one, tree, method.weigh, method.aggregate, hows) for one in normal])


def _weights(design: Design, levels: tuple[int, ...]) -> tuple[Floats, np.ndarray]:
    """For every draw a factor on each weight, or where a set is picked (flagged) the set itself.

    Factors are even between 1 - weight_factor and 1 + weight_factor.
    """
    inputs, tickets = design.inputs, design.column("weights")
    out = np.ones((len(tickets), len(levels)))
    has = tickets != AS_GIVEN
    if inputs.weight_sets:
        sets = np.array([weights for _name, weights in inputs.weight_sets])
        out[has] = sets[tickets[has]]
        return out, has
    if has.any():
        u = uniforms(design.seed, NAMES.index("weights"), tickets[has], len(levels))
        touched = [not inputs.weight_levels or level in inputs.weight_levels for level in levels]
        out[has] += np.where(touched, (2.0 * u - 1.0) * inputs.weight_factor, 0.0)
    return out, np.zeros(len(tickets), dtype=bool)

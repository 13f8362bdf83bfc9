"""Chance (工期风险): how long work may take, drawn thousands of times through the network.

Each activity has a profile: a distribution of the multiple of its planned duration. Common factors
(a wet winter, one contractor) tie activities together through a Gaussian copula. Draws come in
pieces that depend on the seed and their own number alone: whatever `run` maps them, the bits are
the same.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtr
from scipy.stats import rankdata

from bihuan.engines.schedule.calendar import Ints
from bihuan.engines.schedule.faults import Fault, refuse
from bihuan.engines.schedule.network import Network
from bihuan.engines.schedule.passes import Lanes, lanes, many, on_axis, spread

Floats = NDArray[np.float64]
Shape = Literal["triangular", "pert", "lognormal", "fixed"]
SHAPES: tuple[Shape, ...] = get_args(Shape)
VERSION = "1"
PIECE = 1000
_LOW, _HIGH, _NODES = -6.0, 6.0, 4097
_TAIL = 1.6448536269514722  # the 95 % point of the normal distribution


@dataclass(frozen=True)
class Profile:
    """工期分布：乐观、最可能、悲观，都是计划工期的倍数。

    `triangular` and `pert` run from low to high (Malcolm et al. 1959: a beta with weight 4 on the
    mode); `lognormal` has the mode as its median and low and high as its 5 % and 95 % points, each
    side with a spread of its own; `fixed` is the mode.
    """

    low: float
    mode: float
    high: float
    shape: Shape = "triangular"

    def at(self, z: Floats) -> Floats:
        """The multiple at normal numbers z, that is at the probabilities Φ(z)."""
        low, mode, high = self.low, self.mode, self.high
        if self.shape == "fixed" or (low == high and self.shape != "lognormal"):
            return np.full_like(z, mode)
        if self.shape == "lognormal":
            below, above = np.log(mode / low) / _TAIL, np.log(high / mode) / _TAIL
            return np.asarray(mode * np.exp(np.where(z < 0, below, above) * z))
        u, rest = ndtr(z), ndtr(-z)
        if self.shape == "triangular":
            # Close to either end the probability itself has no digits left; each side uses its own.
            rising = low + np.sqrt(u * (high - low) * (mode - low))
            falling = high - np.sqrt(rest * (high - low) * (high - mode))
            return np.asarray(np.where(u * (high - low) < mode - low, rising, falling))
        a = 1 + 4 * (mode - low) / (high - low)
        b = 1 + 4 * (high - mode) / (high - low)
        return np.asarray(low + (high - low) * betaincinv(a, b, u))

    def faults(self, code: str) -> Iterable[Fault]:
        about = {"activity": code, "found": f"{self.low:g}/{self.mode:g}/{self.high:g}"}
        if self.shape not in SHAPES:
            yield Fault("risk_shape", {**about, "found": self.shape, "known": "、".join(SHAPES)})
        if not 0 <= self.low <= self.mode <= self.high or not np.isfinite(self.high):
            yield Fault("risk_order", about)
        elif self.shape == "lognormal" and self.low <= 0:
            yield Fault("risk_not_positive", about)


@dataclass(frozen=True)
class Chances:
    """风险设定：各活动的分布（没有的不变），以及公共因素的载荷（活动 × 因素，平方和不超过 1）。

    `settled` is the part of each duration that has passed and no longer varies.
    """

    profiles: Mapping[str, Profile]
    loadings: Floats | None = None
    settled: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Piece:
    """一份活：第几份、多少次。"""

    number: int
    runs: int
    seed: int
    lanes: Lanes
    tables: Floats
    which: Ints
    settled: Floats
    open: Floats
    loadings: Floats
    target: int
    watched: Ints
    planned: float


@dataclass(frozen=True, eq=False)
class Answer:
    """A piece's ends, watched finishes, counts of driving, and sums for the correlations."""

    number: int
    ends: Floats
    seen: Floats
    marks: Ints
    sums: Floats  # (3, n): Σd, Σd², Σd·end, all less their planned values


@dataclass(frozen=True, eq=False)
class Simulation:
    """模拟结果：每次的完工（时间轴上的格），所看活动的完成，各活动落在关键链上的次数。"""

    network: Network
    planned: float
    ends: Floats  # (runs,)
    watched: tuple[str, ...]
    seen: Floats  # (watched, runs)
    marks: Ints  # (n,)
    sums: Floats
    spans: Floats  # (runs,) the ends as they were counted, less the planned one
    seed: int
    digest: str
    version: str = VERSION

    @property
    def runs(self) -> int:
        return len(self.ends)

    def by(self, share: float, code: str = "") -> float:
        """P50、P80、P95：有这么大把握不晚于哪一格。"""
        return float(np.quantile(self._of(code), share, method="inverted_cdf"))

    def chance(self, tick: float, code: str = "") -> float:
        """所承诺的时间能兑现的概率。"""
        return float((self._of(code) <= tick + 1e-6).mean())

    def _of(self, code: str) -> Floats:
        return self.seen[self.watched.index(code)] if code else self.ends

    @cached_property
    def criticality(self) -> Floats:
        """关键度 CI：活动落在关键链上的次数占比 (Martin 1965)。"""
        return np.asarray(self.marks / self.runs)

    @cached_property
    def deviation(self) -> Floats:
        """Standard deviation of each duration, in working ticks."""
        mean, square, _cross = self.sums / self.runs
        return np.asarray(np.sqrt(np.maximum(square - mean**2, 0.0)))

    @cached_property
    def cruciality(self) -> Floats:
        """关联度 CRI：工期与完工的相关系数 (Williams 1992)。"""
        mean, _square, cross = self.sums / self.runs
        end, spread_ = self.spans.mean(), self.spans.std()
        scale = self.deviation * spread_
        found = np.divide(cross - mean * end, scale, out=np.zeros_like(mean), where=scale > 1e-12)
        return np.asarray(np.clip(found, -1.0, 1.0))

    @cached_property
    def ssi(self) -> Floats:
        """进度敏感度 SSI：CI 乘工期的标准差，除以完工的标准差 (Vanhoucke 2010)。"""
        spread_ = float(self.spans.std())
        if spread_ <= 1e-12:
            return np.zeros(len(self.marks))
        return np.asarray(self.criticality * self.deviation / spread_)


def simulate(
    net: Network,
    chances: Chances,
    *,
    runs: int,
    seed: int,
    target: str = "",
    watched: Sequence[str] = (),
    run: Callable[[Callable[[Piece], Answer], Iterable[Piece]], Iterable[Answer]] = map,
) -> Simulation:
    """模拟：按风险设定抽取工期，逐次推算完工；`target` 是所问的节点，空的是全部完成。"""
    parts = pieces(net, chances, runs, seed, target, watched)
    laid, planned = parts[0].lanes, parts[0].planned
    answers = sorted(run(simulated, parts), key=lambda answer: answer.number)
    spans = np.concatenate([answer.ends for answer in answers])
    seen = np.concatenate([answer.seen for answer in answers], axis=1)
    return Simulation(
        net,
        float(on_axis(net, laid, np.array([planned]))[0]),
        on_axis(net, laid, spans),
        tuple(watched),
        on_axis(net, laid, seen),
        np.sum([answer.marks for answer in answers], axis=0),
        # One after another: the order of a sum is part of its bits.
        np.add.reduce([answer.sums for answer in answers], axis=0),
        spans - planned,
        seed,
        digest(net, chances),
    )


def planned_end(net: Network, laid: Lanes, target: str) -> float:
    """The end with every duration as planned, as the lanes count it."""
    works = net.durations[:, np.newaxis].astype(np.float64)
    ends, none = np.empty(1), np.empty(0, dtype=np.int64)
    many(laid, works, net.place(target) if target else -1, none, ends, np.empty((0, 1)), none)
    return float(ends[0])


def pieces(
    net: Network,
    chances: Chances,
    runs: int,
    seed: int,
    target: str = "",
    watched: Sequence[str] = (),
) -> list[Piece]:
    """The work cut up; Unfit with every fault of what was asked."""
    refuse(_faults(net, chances, runs, (target, *watched)))
    laid = lanes(net)
    tables, which = _tables(net, chances)
    settled = np.array([chances.settled.get(code, 0) for code in net.codes], dtype=np.float64)
    loadings = np.empty((len(net.codes), 0)) if chances.loadings is None else chances.loadings
    common = (
        *(laid, tables, which, settled, net.durations - settled, loadings),
        net.place(target) if target else -1,
        np.array([net.place(code) for code in watched], dtype=np.int64),
        planned_end(net, laid, target),
    )
    firsts = range(0, runs, PIECE)
    return [
        Piece(number, min(PIECE, runs - first), seed, *common)
        for number, first in enumerate(firsts)
    ]


def _tables(net: Network, chances: Chances) -> tuple[Floats, Ints]:
    """Each different profile as a table over z, and which of them each activity follows."""
    different = list(dict.fromkeys(chances.profiles.values()))
    z = np.linspace(_LOW, _HIGH, _NODES)
    tables = np.array([profile.at(z) for profile in different]).reshape(-1, _NODES)
    places = {profile: at for at, profile in enumerate(different)}
    which = [
        places[chances.profiles[code]] if code in chances.profiles else -1 for code in net.codes
    ]
    return tables, np.array(which, dtype=np.int64)


def drawn(piece: Piece) -> Floats:
    """The durations of a piece: activities × runs."""
    bits = np.random.SFC64(np.random.SeedSequence([piece.seed, piece.number]))
    generator = np.random.Generator(bits)
    works = generator.standard_normal((len(piece.which), piece.runs))
    if piece.loadings.shape[1]:
        # Row by row in plain sums, so that no library's order of adding touches the bits.
        factors = generator.standard_normal((piece.loadings.shape[1], piece.runs))
        own = np.sqrt(np.maximum(1.0 - np.square(piece.loadings).sum(axis=1), 0.0))
        works *= own[:, np.newaxis]
        for k, factor in enumerate(factors):
            works += piece.loadings[:, k, np.newaxis] * factor
    step = (_HIGH - _LOW) / (_NODES - 1)
    spread(works, piece.tables, piece.which, _LOW, step, piece.settled, piece.open)
    return works


def simulated(piece: Piece) -> Answer:
    """One piece of runs."""
    works = drawn(piece)
    ends, seen = np.empty(piece.runs), np.empty((len(piece.watched), piece.runs))
    marks = np.zeros(len(works), dtype=np.int64)
    many(piece.lanes, works, piece.target, piece.watched, ends, seen, marks)
    # Around the planned values, where sums of squares keep their digits.
    works -= (piece.settled + piece.open)[:, np.newaxis]
    sums = np.stack(
        [
            np.add.reduce(works, axis=1),
            np.add.reduce(works * works, axis=1),
            np.add.reduce(works * (ends - piece.planned), axis=1),
        ]
    )
    return Answer(piece.number, ends, seen, marks, sums)


def rank_cruciality(net: Network, chances: Chances, found: Simulation, target: str = "") -> Floats:
    """Cruciality by ranks (Spearman): the same draws again, since only their order is asked for."""
    parts = pieces(net, chances, found.runs, found.seed, target)
    works = np.concatenate([drawn(piece) for piece in parts], axis=1)
    varied = works.min(axis=1) < works.max(axis=1)
    out = np.zeros(len(works))
    ends = rankdata(found.spans)
    ends = (ends - ends.mean()) / (ends.std() or 1.0)
    for place in np.flatnonzero(varied):
        own = rankdata(works[place])
        out[place] = float(((own - own.mean()) * ends).mean() / own.std())
    return out


def factors(net: Network, *, common: float = 0.0, owner: float = 0.0) -> Floats:
    """Loadings from two shares of variance: of what all activities share, and those of one owner.

    Two activities then correlate by `common`, of the same owner by `common + owner` (as normals).
    """
    names = sorted({name for name in net.owners if name})
    refuse(
        [Fault("risk_shares")] if not 0 <= common + owner <= 1 or common < 0 or owner < 0 else []
    )
    out = np.zeros((len(net.codes), 1 + len(names)))
    out[:, 0] = np.sqrt(common)
    for place, name in enumerate(net.owners):
        if name:
            out[place, 1 + names.index(name)] = np.sqrt(owner)
    return out


def digest(net: Network, chances: Chances) -> str:
    """What the draws depend on, as one word."""
    found = hashlib.sha256()
    for array in (net.durations, net.before, net.after, net.kinds, net.lags, net.calendar):
        found.update(array.tobytes())
    found.update(repr((net.codes, net.bounds, net.start)).encode())
    for calendar in net.calendars:
        found.update(repr((calendar.starts, calendar.ends)).encode())
    found.update(repr(sorted(chances.profiles.items())).encode())
    found.update(repr(sorted(chances.settled.items())).encode())
    if chances.loadings is not None:
        found.update(chances.loadings.tobytes())
    return found.hexdigest()[:16]


def _faults(net: Network, chances: Chances, runs: int, asked: Sequence[str]) -> Iterable[Fault]:
    if runs < 1:
        yield Fault("risk_runs", {"found": runs})
    for code in asked:
        if code and code not in net.codes:
            yield Fault("schedule_unknown_activity", {"found": code})
    for code, profile in chances.profiles.items():
        if code not in net.codes:
            yield Fault("schedule_unknown_activity", {"found": code})
        yield from profile.faults(code)
    for code, passed in chances.settled.items():
        if code in net.codes and not 0 <= passed <= net.durations[net.place(code)]:
            yield Fault("risk_settled", {"activity": code, "found": passed})
    loadings = chances.loadings
    if loadings is not None and (
        loadings.ndim != 2
        or len(loadings) != len(net.codes)
        or bool((np.square(loadings).sum(axis=1) > 1 + 1e-9).any())
    ):
        yield Fault("risk_loadings")

"""Chance (兑现概率): how likely a plan keeps its promises when speeds, queues and engines do not.

A plan's timetable is driven thousands of times. The weather slows the whole city together, each
driver and each stretch varies by itself (a Gaussian copula, as in the forecast of projects), a
vehicle may break down and is then late for all that follows. Nobody is re-planned while it runs, so
the answer is on the careful side. Draws come in pieces that depend on the seed and their own
number alone: whatever `run` maps them, the bits are the same.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

from bihuan.engines.routing.faults import Fault, refuse
from bihuan.engines.routing.network import KINDS, Bools, Bytes, Floats, Ints

VERSION = "1"
PIECE = 250
WORKS = ("move", "serve", "refill", "wait")
NEVER = np.inf
_TAIL = 1.6448536269514722  # the 95 % point of the normal distribution
_MOVE, _SERVE, _REFILL, _WAIT = range(4)


@dataclass(frozen=True)
class Spread:
    """时间倍数的分布：二十次里只有一次比 low 快、一次比 high 慢，中位数是 mode。"""

    low: float
    mode: float
    high: float

    def at(self, z: Floats) -> Floats:
        """The multiple at normal numbers: lognormal, each side with a spread of its own."""
        below, above = np.log(self.mode / self.low) / _TAIL, np.log(self.high / self.mode) / _TAIL
        found: Floats = self.mode * np.exp(np.where(z < 0, below, above) * z)
        return found


@dataclass(frozen=True)
class Uncertainty:
    """不确定性：行驶、作业、补料时间的倍数，全城和每车共有的份额，故障和晚出车。

    Shares are of the variance of driving and working times: `city` moves all vehicles together,
    `vehicle` all legs of one. The defaults and their source are data, to be edited with what the
    vehicles' own tracks show.
    """

    moving: Spread = Spread(0.85, 1.0, 1.6)
    working: Spread = Spread(0.9, 1.0, 1.4)
    refilling: Spread = Spread(0.8, 1.0, 2.0)
    city: float = 0.5
    vehicle: float = 0.2
    breakdowns_per_100h: float = 2.0
    repair_h: float = 1.5  # mean of an exponential
    late_start_min: float = 5.0  # mean of an exponential
    source: str = ""

    def __post_init__(self) -> None:
        refuse(self._faults())

    def _faults(self) -> Iterator[Fault]:
        for name in ("moving", "working", "refilling"):
            one: Spread = getattr(self, name)
            if not 0 < one.low <= one.mode <= one.high < 100:
                found = f"{one.low:g}/{one.mode:g}/{one.high:g}"
                yield Fault("chance_spread", {"name": name, "found": found})
        if not (self.city >= 0 and self.vehicle >= 0 and self.city + self.vehicle <= 1):
            yield Fault("chance_shares", {"city": self.city, "vehicle": self.vehicle})
        for name in ("breakdowns_per_100h", "repair_h", "late_start_min"):
            found_ = getattr(self, name)
            if not 0 <= found_ < 10_000:
                yield Fault("chance_negative", {"name": name, "found": found_})


@dataclass(frozen=True, eq=False)
class Timetable:
    """时刻表：各车依次的各程（k 程，同一车相连），以及哪一程使哪个路段完成一遍作业。

    A section is clear when the last leg that serves it ends; one that no leg serves, or that the
    plan leaves short (`unserved`), never is.
    """

    vehicle: Ints  # (k,) rising
    work: Bytes  # (k,) places in WORKS
    from_s: Floats
    to_s: Floats
    served_leg: Ints  # (p,)
    served_section: Ints  # (p,) places among the sections
    section_kind: Bytes  # (s,) places in KINDS
    asked: Bools  # (s,) sections with any work at all
    unserved: Bools  # (s,) whose work the plan leaves undone


@dataclass(frozen=True)
class KindChance:
    """一类道路：时限、计划何时清完、按时清完的概率（及抽样误差 95 % 区间）、何时清完。"""

    kind: str
    sections: int
    promise_s: float
    planned_s: float
    probability: float
    low: float
    high: float
    median_s: float
    p90_s: float
    late_sections: float  # how many are late on average


@dataclass(frozen=True, eq=False)
class Chances:
    """兑现概率：各类道路一行；每个路段按时清完的概率（没有作业的为 NaN）。"""

    kinds: tuple[KindChance, ...]
    section: Floats  # (s,)
    samples: int
    seed: int
    digest: str
    stopped: bool = False
    version: str = VERSION


@dataclass(frozen=True, eq=False)
class _Piece:
    table: Timetable
    doubt: Uncertainty
    deadline_s: Floats  # (s,)
    seed: int
    number: int
    size: int


@dataclass(frozen=True, eq=False)
class _Answer:
    on_time: NDArray[np.int64]  # (s,) in how many draws
    clear_s: Floats  # (size, kinds)
    late: Floats  # (kinds,) late sections over all draws


def chances(
    table: Timetable,
    promise_s: Sequence[float],
    doubt: Uncertainty | None = None,
    *,
    samples: int = 2000,
    seed: int = 0,
    run: Callable[..., Iterable[_Answer]] = map,
    progress: Callable[[int, int], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Chances:
    """How likely each class and each section is clear by its promise.

    `promise_s` says for each of KINDS how many seconds after the start it is promised; infinite
    where nothing is. When asked to stop, what has been drawn so far is the answer.
    """
    doubt = doubt or Uncertainty()
    promised = np.asarray(promise_s, dtype=np.float64)
    refuse(_faults(table, promised, samples))
    deadline = promised[table.section_kind]
    sizes = [PIECE] * (samples // PIECE) + [samples % PIECE] * (samples % PIECE > 0)
    pieces = [_Piece(table, doubt, deadline, seed, at, size) for at, size in enumerate(sizes)]
    answers: list[_Answer] = []
    stopped = False
    for answer in run(_drawn, pieces):
        answers.append(answer)
        if progress:
            progress(sum(sizes[: len(answers)]), samples)
        if len(answers) < len(pieces) and stop and stop():
            stopped = True
            break
    return _gathered(table, promised, doubt, answers, seed, stopped)


def _faults(table: Timetable, promised: Floats, samples: int) -> Iterator[Fault]:
    if len(promised) != len(KINDS) or not (promised >= 0).all():
        yield Fault("chance_promises", {"known": "、".join(KINDS)})
    if samples < 1:
        yield Fault("chance_samples", {"found": samples})
    if not table.asked.any():
        yield Fault("chance_no_work")
    if (table.to_s < table.from_s).any() or (np.diff(table.vehicle) < 0).any():
        yield Fault("chance_order")


def planned(table: Timetable) -> Floats:
    """(s,) when the plan itself clears each section; NaN where there is nothing to do."""
    found: Floats = _clear(table, table.to_s[None, :])[0]
    return found


def _clear(table: Timetable, end_s: Floats) -> Floats:
    """(n, s) when each section is clear, from when the legs end in each draw."""
    out = np.full((len(end_s), len(table.asked)), np.nan)
    out[:, table.asked] = NEVER
    if len(table.served_leg):
        order = np.argsort(table.served_section, kind="stable")
        section, first = np.unique(table.served_section[order], return_index=True)
        out[:, section] = np.maximum.reduceat(end_s[:, table.served_leg[order]], first, axis=1)
    out[:, table.unserved] = NEVER
    return out


def _drawn(piece: _Piece) -> _Answer:
    """Drive the timetable `size` times."""
    table = piece.table
    clear = _clear(table, _ends(piece))
    on_time = clear <= piece.deadline_s
    kinds = np.full((piece.size, len(KINDS)), np.nan)
    late = np.zeros(len(KINDS))
    for kind in range(len(KINDS)):
        own = table.asked & (table.section_kind == kind)
        if own.any():
            kinds[:, kind] = clear[:, own].max(axis=1)
            late[kind] = float((~on_time[:, own]).sum())
    return _Answer(on_time.sum(axis=0), kinds, late)


def _ends(piece: _Piece) -> Floats:
    """(n, k) when each leg ends: late legs push what follows, a wait takes lateness in."""
    table, doubt = piece.table, piece.doubt
    rng = np.random.default_rng([piece.seed, piece.number])
    planned_s = table.to_s - table.from_s
    took = planned_s * _multiples(table, doubt, rng, piece.size)
    hours = planned_s / 3600 * doubt.breakdowns_per_100h / 100
    broken = rng.random(took.shape) < -np.expm1(-hours)
    took += np.where(broken, rng.exponential(doubt.repair_h * 3600, took.shape), 0.0)
    first = np.flatnonzero(np.diff(table.vehicle, prepend=-1))
    last = np.append(first[1:], len(table.vehicle))
    delay = rng.exponential(doubt.late_start_min * 60, (piece.size, len(first)))
    waits = table.work == _WAIT
    took[:, waits] = 0.0
    end = np.empty_like(took)
    for at, (a, b) in enumerate(zip(first.tolist(), last.tolist(), strict=True)):
        # end_k = max(end_{k-1} + d_k, floor_k), written as one running maximum (Lindley 1952).
        total = np.cumsum(took[:, a:b], axis=1)
        floor = np.where(waits[a:b], table.to_s[a:b] - total, -np.inf)
        start = table.from_s[a] + delay[:, at]
        floor[:, 0] = np.maximum(floor[:, 0], start)
        end[:, a:b] = total + np.maximum.accumulate(floor, axis=1)
    return end


def _multiples(table: Timetable, doubt: Uncertainty, rng: np.random.Generator, size: int) -> Floats:
    """(n, k) by what each leg's planned time is multiplied."""
    legs = len(table.vehicle)
    _numbers, vehicle = np.unique(table.vehicle, return_inverse=True)
    city = rng.standard_normal((size, 1))
    own = rng.standard_normal((size, int(vehicle.max(initial=0)) + 1))
    alone = rng.standard_normal((size, legs))
    z = (
        np.sqrt(doubt.city) * city
        + np.sqrt(doubt.vehicle) * own[:, vehicle]
        + np.sqrt(1 - doubt.city - doubt.vehicle) * alone
    )
    out = np.ones((size, legs))
    for work, spread, normal in (
        (_MOVE, doubt.moving, z),
        (_SERVE, doubt.working, z),
        (_REFILL, doubt.refilling, alone),  # a queue knows nothing of the weather
    ):
        legs_ = table.work == work
        out[:, legs_] = spread.at(normal[:, legs_])
    return out


def _gathered(
    table: Timetable,
    promised: Floats,
    doubt: Uncertainty,
    answers: list[_Answer],
    seed: int,
    stopped: bool,
) -> Chances:
    clear = np.concatenate([one.clear_s for one in answers])
    samples = len(clear)
    section = np.where(
        table.asked, np.sum([one.on_time for one in answers], axis=0) / samples, np.nan
    )
    late: Floats = np.sum([one.late for one in answers], axis=0) / samples
    plan = planned(table)
    kinds = []
    for at, kind in enumerate(KINDS):
        own = table.asked & (table.section_kind == at)
        if not own.any():
            continue
        kept = int((clear[:, at] <= promised[at]).sum())
        low, high = _wilson(kept, samples)
        kinds.append(
            KindChance(
                kind,
                int(own.sum()),
                float(promised[at]),
                float(plan[own].max()),
                kept / samples,
                low,
                high,
                float(np.quantile(clear[:, at], 0.5, method="higher")),
                float(np.quantile(clear[:, at], 0.9, method="higher")),
                float(late[at]),
            )
        )
    return Chances(
        tuple(kinds),
        section,
        samples,
        seed,
        _digest(table, promised, doubt, samples, seed),
        stopped,
    )


def _wilson(kept: int, samples: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927, JASA 22(158), 209-212)."""
    z = 1.959963984540054
    share, square = kept / samples, z * z
    middle = (share + square / (2 * samples)) / (1 + square / samples)
    half = (
        z
        / (1 + square / samples)
        * np.sqrt(share * (1 - share) / samples + square / (4 * samples**2))
    )
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


def _digest(table: Timetable, promised: Floats, doubt: Uncertainty, samples: int, seed: int) -> str:
    sha = hashlib.sha256(f"{VERSION} {samples} {seed} {astuple(doubt)}".encode())
    for array in (promised, *vars(table).values()):
        sha.update(f"{array.dtype.str}{array.shape}".encode())
        sha.update(np.ascontiguousarray(array).tobytes())
    return sha.hexdigest()

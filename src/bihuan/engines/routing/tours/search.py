"""The search from outside (搜索): anytime, seeded, with progress, to be stopped at any moment."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bihuan.engines.routing.network import Floats
from bihuan.engines.routing.tours.core import search
from bihuan.engines.routing.tours.problem import Problem
from bihuan.engines.routing.tours.state import NEVER, Given, Kept, Tours
from bihuan.engines.routing.tours.tour import refresh

_PIECE_S = 0.15
_LONGEST = 10.0
_MEAN_OUT = 10.0


@dataclass(frozen=True)
class Limits:
    """搜索多久：秒数，或固定轮数（结果可逐位重现）；种子；进度和停止。"""

    seconds: float = 10.0
    rounds: int | None = None  # instead of seconds: the same answer on every machine
    seed: int = 0
    hot: float = 0.3  # of the mean cost of a task
    cold: float = 0.02
    progress: Callable[["Found"], None] | None = None
    stop: Callable[[], bool] | None = None
    clock: Callable[[], float] = time.perf_counter


@dataclass(frozen=True, eq=False)
class Found:
    """找到的线路：每车依次的停靠点（含补料），总代价，没排上的作业。"""

    tours: tuple[tuple[int, ...], ...]
    cost: float
    undone: tuple[int, ...]
    rounds: int
    seconds: float


class Searching:
    """A search that can be run in pieces, with deadlines that may be tightened in between."""

    def __init__(
        self, problem: Problem, seed: int = 0, start: Sequence[Sequence[int]] | None = None
    ):
        self.given = problem.given()
        n, v = len(problem.work), len(problem.fleet)
        self.longest_tour = n + 2 * len(self.given.refills) * 4 + 8
        self.tours = _empty_tours(self.given, n, v, self.longest_tour)
        self.kept = _empty_kept(n, v, self.longest_tour, problem.stops.all, seed)
        self.best = _empty_kept(n, v, self.longest_tour, problem.stops.all, seed)
        self.worth = np.zeros(4)
        self.rounds = 0
        self.put(start or [()] * v)

    def put(self, tours: Sequence[Sequence[int]], *, anew: bool = True) -> None:
        """Go on from some tours; unless `anew` is false, they become the best so far."""
        self.tours.at[:] = -1
        for v, one in enumerate(tours):
            self.tours.size[v] = len(one)
            self.tours.stops[v, : len(one)] = one
            for stop in one:
                if self.given.task[stop] >= 0:
                    self.tours.at[self.given.task[stop]] = v
        if anew:
            self.again()
        else:
            self._count()
            self.best.mark[:] = 1

    def _count(self) -> None:
        for v in range(len(self.tours.size)):
            refresh(self.given, self.tours, v)
        self.worth[0] = float(self.tours.cost.sum())
        self.worth[1] = float(self.given.weight[self.tours.at < 0].sum())

    def again(self) -> None:
        """Count anew (after deadlines changed); what stands now becomes the best."""
        self._count()
        self.worth[2:] = self.worth[:2]
        self.best.size[:] = self.tours.size
        self.best.stops[:] = self.tours.stops
        self.best.mark[:] = 0
        self.kept.absent[:] = 0

    def run(self, rounds: int, hot: float, cold: float) -> int:
        self.rounds += rounds
        return int(
            search(
                self.given, self.tours, self.kept, self.best, rounds, hot, cold, _MEAN_OUT,
                _LONGEST, self.worth,
            )
        )  # fmt: skip

    def back(self) -> None:
        """Return to the best so far."""
        self.put(self.best_tours())

    def tours_now(self) -> tuple[tuple[int, ...], ...]:
        """The tours as the search has them at this moment, better or worse than the best."""
        return tuple(
            tuple(self.tours.stops[v, : self.tours.size[v]].tolist())
            for v in range(len(self.tours.size))
        )

    def best_tours(self) -> tuple[tuple[int, ...], ...]:
        return tuple(
            tuple(self.best.stops[v, : self.best.size[v]].tolist())
            for v in range(len(self.best.size))
        )

    def found(self, seconds: float) -> Found:
        tours = self.best_tours()
        done = {int(self.given.task[stop]) for tour in tours for stop in tour}
        undone = tuple(task for task in range(len(self.given.load)) if task not in done)
        return Found(tours, float(self.worth[2]), undone, self.rounds, seconds)


def solve(
    problem: Problem, limits: Limits | None = None, start: Sequence[Sequence[int]] | None = None
) -> Found:
    """The cheapest tours found within the limits; work that fits nowhere stays undone."""
    given = limits or Limits()
    began = given.clock()
    one = Searching(problem, given.seed, start)
    unit = _unit(one)
    if given.rounds is not None:
        _in_rounds(one, given, unit, began)
    else:
        _in_seconds(one, given, unit, began)
    return one.found(given.clock() - began)


def _unit(one: Searching) -> float:
    """What a task costs on average once everything is put in: the measure of all heat."""
    one.run(1, 0.0, 0.0)
    done = int((one.tours.at >= 0).sum())
    return one.worth[0] / max(done, 1) if done else 1.0


def _heat(limits: Limits, unit: float, share: float) -> float:
    return float(unit * limits.hot * (limits.cold / limits.hot) ** min(share, 1.0))


def _in_rounds(one: Searching, limits: Limits, unit: float, began: float) -> None:
    whole = limits.rounds or 0
    pieces = 100
    for piece in range(pieces):
        rounds = whole * (piece + 1) // pieces - whole * piece // pieces
        if rounds:
            hot, cold = (_heat(limits, unit, (piece + at) / pieces) for at in (0, 1))
            one.run(rounds, hot, cold)
        if _told(one, limits, began):
            return


def _in_seconds(one: Searching, limits: Limits, unit: float, began: float) -> None:
    rounds, last = 10, limits.clock()
    while (spent := last - began) < limits.seconds:
        piece = min(_PIECE_S, limits.seconds - spent)
        hot, cold = (_heat(limits, unit, (spent + at) / limits.seconds) for at in (0, piece))
        one.run(rounds, hot, cold)
        now = limits.clock()
        took, last = max(now - last, 1e-6), now
        # So many rounds as fit into the next piece, never twice as many at once and more.
        left = max(limits.seconds - (now - began), 0.0)
        rounds = max(1, int(min(rounds * min(_PIECE_S, left) / took, rounds * 4.0)))
        if _told(one, limits, began):
            return


def _told(one: Searching, limits: Limits, began: float) -> bool:
    if limits.progress:
        limits.progress(one.found(limits.clock() - began))
    return limits.stop is not None and limits.stop()


def _empty_tours(given: Given, n: int, v: int, longest: int) -> Tours:
    def floats() -> Floats:
        return np.zeros((v, longest + 1))

    return Tours(
        np.zeros((v, longest), dtype=np.int32), np.zeros(v, dtype=np.int32),
        np.full(n, -1, dtype=np.int32), np.zeros(n, dtype=np.int32), floats(),
        np.full((v, longest + 1), NEVER), floats(), floats(), floats(), floats(), np.zeros(v),
        np.zeros(v, dtype=np.int32),
    )  # fmt: skip


def _empty_kept(n: int, v: int, longest: int, stops: int, seed: int) -> Kept:
    places = 2 * n + 2 * v + 16 * (longest - n) + 200  # gaps of all tours, refills included
    state = np.random.SeedSequence(seed).generate_state(1, dtype=np.uint64) | np.uint64(1)
    return Kept(
        np.zeros((v, longest), dtype=np.int32), np.zeros((v, longest + 1)),
        np.zeros((v, longest + 1)), np.zeros(v, dtype=np.int32),
        np.full(n, -1, dtype=np.int32), np.zeros(v, dtype=np.int32),
        np.zeros(v, dtype=np.int32), np.zeros(n, dtype=np.int32), np.zeros(n),
        np.zeros(n, dtype=np.int32), np.zeros(places, dtype=np.int32),
        np.zeros(places, dtype=np.int32), np.zeros(places, dtype=np.int32), np.zeros(n),
        np.zeros(n, dtype=np.int32), np.zeros((2, longest + 1), dtype=np.int32),
        np.zeros(longest + 1), np.zeros((2, longest + 1), dtype=np.int32),
        np.zeros((8, stops), dtype=np.float32), state,
    )  # fmt: skip

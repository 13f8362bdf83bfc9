"""The recipe of levelling (均衡): bounds, a quick search, then search and proof side by side."""

import time
from collections.abc import Callable, Iterable
from types import MappingProxyType
from typing import Any

import numpy as np

from bihuan.engines.schedule.faults import unfit
from bihuan.engines.schedule.levelling.bound import Bounds, bounds
from bihuan.engines.schedule.levelling.kernel import BROKEN, LATE, SPAN
from bihuan.engines.schedule.levelling.net import Ints
from bihuan.engines.schedule.levelling.problem import Problem
from bihuan.engines.schedule.levelling.proof import Ask, Proof, prove
from bihuan.engines.schedule.levelling.result import Progress, Result, Stop
from bihuan.engines.schedule.levelling.search import (
    GENERATION,
    Graze,
    Grazed,
    Herd,
    graze,
    joined,
    scored,
)

Run = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
Tell = Callable[[Progress], object]

# Births a member of a herd should see: fewer leave a large herd raw, more are wasted on a small.
BIRTHS = 800
SMALLEST, LARGEST = 20, 2000
# The first herds are small and short-lived: a fair schedule at once, and how fast this problem
# breeds; they take no more than so large a share of the time.
SCOUTS, SCOUTING = 5, 0.05
# Deterministic time of CP-SAT that goes with a generation, near its time on a usual machine.
EFFORT = 0.001
# Rounds of search and proof grow so much from one to the next: a restart of the proof with what
# the search has found costs little, and an easy problem ends early.
GROWTH = 3.0
FIRST_ROUND_S, FIRST_ROUND = 0.3, 25
# Nobody who cancels waits longer than twice this.
LONGEST_ROUND_S = 60.0


def solve(
    problem: Problem,
    stop: Stop,
    *,
    seed: int = 0,
    islands: int = 1,
    run: Run = map,
    at_once: int = 1,
    tell: Tell = lambda _progress: None,
    halted: Callable[[], bool] = lambda: False,
) -> Result:
    """求解：在限时或限代内找尽可能短的进度和尽可能高的下界。

    `islands` herds and one proof are the pieces of a round, handed to `run`, of which `at_once` are
    worked on together (this cuts the seconds, and changes no bit where generations are counted).
    After each round the best schedule wanders to every island. `tell` hears of every round, and
    `halted` is asked after it. Unfit: fixed starts that no schedule keeps.
    """
    clock = _Clock(stop)
    known = bounds(problem)
    state = _State(problem, known)
    scouting = None if stop.seconds is None else SCOUTING * stop.seconds
    scout = graze(Graze(problem, None, SMALLEST, seed, SCOUTS, scouting, state.enough))
    state.found(scout.starts, scout.score)
    share = min(1.0, at_once / (islands + 1))
    size = _size(problem, clock, share, seed, state)
    herds: list[Herd | None] = [None] * islands
    births, turn = 0, 0
    tell(state.progress(clock.passed, births))
    while not (state.done or clock.over(births) or halted()):
        seconds, generations = clock.round(turn, births)
        if seconds is not None:
            seconds *= share
        pieces: list[Graze | Ask] = [
            Graze(problem, herd, size, seed + 1 + k, generations, seconds, state.enough)
            for k, herd in enumerate(herds)
        ]
        if state.asks:
            effort = None if generations is None else generations * EFFORT
            best = None if state.broken else state.value
            pieces.append(
                Ask(problem, known, best, state.lower, state.starts, seed, seconds, effort)
            )
        grazed: list[Grazed] = []
        for answer in run(work, pieces):
            if isinstance(answer, Proof):
                state.proved(answer)
            else:
                state.found(answer.starts, answer.score)
                grazed.append(answer)
        herds = [joined(problem, one.herd, state.starts) for one in grazed]
        births += max(one.births for one in grazed)
        turn += 1
        tell(state.progress(clock.passed, births))
    if state.broken:
        raise unfit("levelling_not_found")
    makespan, tardiness = state.score // state.unit, state.score % state.unit
    if problem.first == "tardiness":
        makespan, tardiness = tardiness, makespan
    return Result(
        problem=problem,
        starts=MappingProxyType(dict(zip(problem.names, map(int, state.starts), strict=True))),
        makespan=makespan,
        tardiness=tardiness,
        lower=state.lower,
        bounds=MappingProxyType({**known.makespan, "constraints": state.lower}),
        seed=seed,
        size=size,
        generations=births // GENERATION,
        seconds=clock.passed,
    )


def work(piece: Graze | Ask) -> Grazed | Proof:
    """One piece of a round, wherever it runs."""
    return graze(piece) if isinstance(piece, Graze) else prove(piece)


class _State:
    """The best schedule so far, its score and the lower bound of what counts first."""

    def __init__(self, problem: Problem, known: Bounds) -> None:
        self.problem = problem
        first = problem.first == "makespan"
        self.unit = LATE if first else SPAN
        self.lower = known.best if first else known.tardiness
        self.other = known.tardiness if first else known.best
        self.score, self.starts = 2 * BROKEN, np.zeros(0, np.int64)

    @property
    def broken(self) -> bool:
        """Does the best schedule break a fixed start?"""
        return self.score >= BROKEN

    @property
    def value(self) -> int:
        return self.score // self.unit

    @property
    def enough(self) -> int:
        """The score that nothing can better."""
        return self.lower * self.unit + self.other

    @property
    def done(self) -> bool:
        return self.score <= self.enough

    @property
    def asks(self) -> bool:
        """Is there anything left to prove about what counts first?"""
        return self.broken or self.value > self.lower

    def progress(self, seconds: float, births: int) -> Progress:
        value = None if self.broken else self.value
        return Progress(seconds, births // GENERATION, value, self.lower)

    def found(self, starts: Ints, score: int) -> None:
        if score < self.score:
            self.score, self.starts = score, starts.copy()

    def proved(self, proof: Proof) -> None:
        """Unfit: the proof that no schedule keeps the fixed starts."""
        if proof.impossible:
            raise unfit("levelling_impossible")
        if proof.starts is not None:
            self.found(proof.starts, scored(self.problem, proof.starts))
        self.lower = max(self.lower, proof.lower)


class _Clock:
    """Seconds and generations against the stopping rule, cut into growing rounds."""

    def __init__(self, stop: Stop) -> None:
        if stop.seconds is None and stop.generations is None:
            raise unfit("levelling_no_end")
        self.stop, self.began = stop, time.monotonic()

    @property
    def passed(self) -> float:
        return time.monotonic() - self.began

    @property
    def left(self) -> float | None:
        return None if self.stop.seconds is None else self.stop.seconds - self.passed

    def over(self, births: int) -> bool:
        if self.stop.generations is not None and births >= self.stop.generations * GENERATION:
            return True
        return self.left is not None and self.left <= 0.0

    def round(self, turn: int, births: int) -> tuple[float | None, int | None]:
        """How long the next round lasts; a rest too short for one more is added to it."""
        seconds, generations = None, None
        if self.left is not None:
            length = min(FIRST_ROUND_S * GROWTH ** min(turn, 9), LONGEST_ROUND_S)
            seconds = _share(length, self.left)
        if self.stop.generations is not None:
            rest = self.stop.generations - births // GENERATION
            generations = round(_share(FIRST_ROUND * GROWTH**turn, rest))
        return seconds, generations


def _share(length: float, rest: float) -> float:
    return rest if rest < 2.0 * length else length


def _size(problem: Problem, clock: _Clock, share: float, seed: int, state: _State) -> int:
    """Members of a herd: as many as can see enough births before the end."""
    if clock.stop.generations is not None:
        births = float(clock.stop.generations * GENERATION)
    else:
        began = time.monotonic()  # the first scout also waited for the compiler
        seconds = SCOUTING * (clock.stop.seconds or 0.0)
        scout = graze(Graze(problem, None, SMALLEST, seed + 1, SCOUTS, seconds, state.enough))
        state.found(scout.starts, scout.score)
        speed = (SMALLEST + scout.births) / (time.monotonic() - began)
        births = max(clock.left or 0.0, 0.0) * share * speed
    return int(min(max(births / BIRTHS, SMALLEST), LARGEST))

"""The planner (排班排线): promises first, then time to clear, then distance; at any moment a plan.

A promise is a deadline that the search keeps. What does not fit is left undone for a while; if it
still does not fit, the deadlines of its class move until it does, and are then brought back as far
as they go: so a promise that cannot be kept is broken by little. Time to clear is brought down the
same way, one deadline for all that is tightened step by step (a relaxation of the min-max goal,
as Lacomme, Prins & Sevaux 2006, Computers & OR 33(12), treat it); what remains of the time goes to
distance, within that clearing time.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from bihuan.engines.routing.network import Floats
from bihuan.engines.routing.plan.demand import Part
from bihuan.engines.routing.tours.search import Searching
from bihuan.engines.routing.tours.state import NEVER
from bihuan.engines.routing.tours.tour import in_time, refresh

_PIECE_S = 0.2
_PIECES = 200
_SETTLE = 0.25  # share of the time to get everything in
_TIGHTEN = 0.85  # share of the time after which clearing is not brought down further
_EVERY = 4  # pieces of search between two such steps
_STEP = 0.2  # a step that fails is halved
_LEAST_STEP = 0.002
_STALE = 6  # pieces without gain before deadlines give way, or a step is given up
_RELAX = 1.15
_GIVE_WAY = 25  # such steps in a row reach any shift's end
_WARM = 0.05  # heat while deadlines are tight, of the mean cost of a task
_HOT, _COLD = 1.0, 0.01  # of the mean cost of a task


@dataclass(frozen=True)
class Aim:
    """排多久、先求什么：`clear` 为承诺之后先求早清完，`distance` 为承诺之后直接求里程少。"""

    seconds: float = 30.0
    rounds: int | None = None  # instead of seconds: the same plan on every machine
    seed: int = 0
    first: str = "clear"
    hot: float = _HOT  # less where one starts from a good plan
    progress: Callable[["Progress"], None] | None = None
    stop: Callable[[], bool] | None = None
    clock: Callable[[], float] = time.perf_counter


@dataclass(frozen=True)
class Progress:
    """进展：花掉的份额，排上了几项，几时清完，行驶多少秒。"""

    share: float
    done: int
    tasks: int
    clear_s: float
    drive_s: float
    first_s: float | None  # when the first whole plan stood


@dataclass(frozen=True, eq=False)
class Planned:
    """排好的线路：每车依次的停靠点；没排上的作业；第一个完整方案用了几秒。"""

    tours: tuple[tuple[int, ...], ...]
    left: tuple[int, ...]
    first_s: float | None
    seconds: float
    rounds: int
    stopped: bool


@dataclass
class _State:
    search: Searching
    aim: Aim
    began: float
    whole: int  # rounds in all where they are counted
    piece: int = 50
    last: float = 0.0
    first_s: float | None = None
    stopped: bool = False
    unit: float = 1.0
    promise: Floats = field(default_factory=lambda: np.zeros(0))

    @property
    def share(self) -> float:
        if self.aim.rounds is not None:
            return min(1.0, self.search.rounds / max(self.aim.rounds, 1))
        return min(1.0, (self.aim.clock() - self.began) / max(self.aim.seconds, 1e-9))

    def run(self, hot: float, cold: float) -> None:
        """One piece of search: a two-hundredth of the rounds or the time, at most a fifth of a
        second: deadlines are tightened between pieces, so that there must be enough of them."""
        if self.aim.rounds is not None:
            self.search.run(max(1, self.aim.rounds // _PIECES), hot, cold)
        else:
            left = self.aim.seconds - (self.aim.clock() - self.began)
            begin = self.aim.clock()
            self.search.run(self.piece, hot, cold)
            took = max(self.aim.clock() - begin, 1e-6)
            want = max(min(_PIECE_S, self.aim.seconds / _PIECES, left), 1e-3)
            self.piece = max(1, int(min(self.piece * want / took, self.piece * 3.0)))
        if self.first_s is None and self.undone == 0:
            self.first_s = self.aim.clock() - self.began
        self.tell()

    def tell(self) -> None:
        if self.aim.stop is not None and self.aim.stop():
            self.stopped = True
        if self.aim.progress:
            done = int((self.search.tours.at >= 0).sum())
            self.aim.progress(
                Progress(
                    self.share, done, len(self.search.given.load), self.clear(),
                    float(self.search.worth[2]), self.first_s,
                )
            )  # fmt: skip

    @property
    def undone(self) -> float:
        return float(self.search.worth[3])

    @property
    def over(self) -> bool:
        return self.stopped or self.share >= 1.0

    def finishes(self) -> Floats:
        """(n,) when each task of the best plan is finished; NaN where it is undone."""
        g, t = self.search.given, self.search.tours
        out = np.full(len(g.load), np.nan)
        for v in range(len(t.size)):
            size = int(t.size[v])
            task = g.task[t.stops[v, :size]]
            out[task[task >= 0]] = t.leave[v, 1 : size + 1][task >= 0]
        return out

    def clear(self) -> float:
        done = self.finishes()
        return float(np.nanmax(done)) if not np.isnan(done).all() else 0.0


def plan(part: Part, aim: Aim, start: Sequence[Sequence[int]] | None = None) -> Planned:
    """Tours for a part of the work, the best found until time is up or somebody says stop."""
    state = _begin(part, aim, start)
    _settle(state)
    _keep_promises(state)
    _improve(state)
    found = state.search.found(aim.clock() - state.began)
    return Planned(
        found.tours, found.undone, state.first_s, found.seconds, found.rounds, state.stopped
    )


def _begin(part: Part, aim: Aim, start: Sequence[Sequence[int]] | None) -> _State:
    began = aim.clock()
    search = Searching(part.problem, aim.seed, start)
    state = _State(search, aim, began, aim.rounds or 0)
    state.promise = search.given.due.copy()
    search.run(1, 0.0, 0.0)
    done = max(int((search.tours.at >= 0).sum()), 1)
    state.unit = max(float(search.worth[0]) / done, 1.0)
    if state.undone == 0:
        state.first_s = aim.clock() - began
    return state


def _settle(state: _State) -> None:
    """Get everything in; where that fails for a while, the deadlines of what waits give way."""
    heat = state.unit * _WARM
    stale, before = 0, state.undone
    while state.undone > 0 and state.share < _SETTLE and not state.over:
        state.run(heat, heat)
        stale = 0 if state.undone < before else stale + 1
        before = state.undone
        if stale >= _STALE:
            stale = 0
            if not _relax(state):
                break
    # Time is short: what still waits may be as late as the shifts allow.
    for _try_again in range(_GIVE_WAY):
        if state.undone == 0 or state.stopped:
            break
        _relax(state)
        state.run(heat, heat)


def _relax(state: _State) -> bool:
    """The deadlines of the classes that wait move a little; whether any could move."""
    g, t = state.search.given, state.search.tours
    state.search.back()
    due = np.unique(g.due[t.at < 0])
    due = due[due < NEVER / 2]
    if not len(due):
        return False
    # A class is known by its promise: what was promised for the same hour moves together.
    for one in due.tolist():
        later = one * _RELAX
        g.due[g.due == one] = later if later < g.shuts.max() else NEVER
    state.search.again()
    return True


def _keep_promises(state: _State) -> None:
    """Deadlines that gave way are brought back towards the promise as far as they go."""
    g = state.search.given
    while state.undone == 0 and (g.due > state.promise).any() and not state.over:
        if state.share >= 0.5:
            return
        late = g.due > state.promise
        done = state.finishes()
        last = float(np.nanmax(done[late]))
        wanted = g.due.copy()
        wanted[late] = np.maximum(state.promise[late], min(last, float(g.due[late].max())) * 0.97)
        if not _try(state, wanted, state.unit * _WARM):
            return


def _least(state: _State) -> Floats:
    """(n,) no task can be finished sooner than this after it may begin."""
    g = state.search.given
    fastest: Floats = g.serve[:, g.first].min(axis=0)
    return fastest


def _try(state: _State, due: Floats, heat: float) -> bool:
    """Whether everything can be put in with these deadlines; if not, all is as it was."""
    search = state.search
    before, kept, best = search.given.due.copy(), search.tours_now(), search.best_tours()
    search.given.due[:] = due
    search.put(_in_time(state))
    stale, undone = 0, state.undone
    while state.undone > 0 and not state.over:
        state.run(heat, heat)
        stale = 0 if state.undone < undone else stale + 1
        undone = state.undone
        if stale >= _STALE:
            break
    if state.undone > 0:
        search.given.due[:] = before
        search.put(best)
        search.put(kept, anew=False)
        return False
    search.back()
    return True


def _in_time(state: _State) -> list[list[int]]:
    """The tours without the tasks that would be late now."""
    search = state.search
    g, t = search.given, search.tours
    out = []
    for v in range(len(t.size)):
        keep = t.stops[v, : t.size[v]].tolist()
        refresh(g, t, v)
        while not in_time(g, t, v):
            finish = t.leave[v, 1 : t.size[v] + 1]
            late = [
                p for p, stop in enumerate(keep)
                if g.task[stop] >= 0 and finish[p] > g.due[g.task[stop]]
            ]  # fmt: skip
            keep.pop(late[0] if late else len(keep) - 1)
            t.size[v] = len(keep)
            t.stops[v, : len(keep)] = keep
            refresh(g, t, v)
        out.append(keep)
    return out


def _improve(state: _State) -> None:
    """Distance by cooling down; in between, one deadline for all is brought down step by step."""
    if state.undone == 0:
        state.search.back()
    begin, step, pieces = state.share, _STEP, 0
    tighten = state.aim.first == "clear" and state.undone == 0
    while not state.over:
        at = (state.share - begin) / max(1.0 - begin, 1e-9)
        hot = max(state.aim.hot, _COLD)
        heat = state.unit * hot * (_COLD / hot) ** min(at, 1.0)
        state.run(heat, heat * 0.99)
        pieces += 1
        if not tighten or at > _TIGHTEN or pieces % _EVERY or state.search.worth[1] > 0:
            continue
        g = state.search.given
        wanted = np.minimum(g.due, state.clear() * (1 - step))
        if (g.ready + _least(state) <= wanted).all() and _try(state, wanted, heat):
            step = min(step * 1.3, _STEP)
        else:
            step = max(step / 2, _LEAST_STEP)

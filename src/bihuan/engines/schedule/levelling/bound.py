"""Lower bounds by reasoning (下界): how short no schedule can be, in milliseconds and for sure.

Longest path; work against capacity within windows of time; Stinson's critical sequence; a set of
activities of which no two can run at once (LB3 of Mingozzi et al. 1998, greedily). `proof` asks
more, at more cost.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bihuan.engines.schedule.levelling.net import Ints
from bihuan.engines.schedule.levelling.problem import Problem

# How many activities are tried as the first of a set that cannot overlap.
_FIRSTS = 200
# With more activities the table of pairs grows too large.
_MOST = 3000


@dataclass(frozen=True, eq=False)
class Bounds:
    """下界：各法所得总工期下界、加权拖期下界；heads、tails 是最早开工和其后最少还需的期数。

    `tails` counts from the start of an activity to the end of everything.
    """

    makespan: Mapping[str, int]
    tardiness: int
    heads: Ints
    tails: Ints

    @property
    def best(self) -> int:
        return max(self.makespan.values())


def bounds(problem: Problem) -> Bounds:
    """All bounds of a problem."""
    heads, tails = ends_of_time(problem)
    found = {
        "critical_path": int((heads + tails).max()),
        "capacity": _capacity(problem, heads, tails),
        "critical_sequence": _sequence(problem, heads, tails),
        "incompatible": _incompatible(problem, heads, tails),
    }
    late = sum(
        one.weight * max(0, int(heads[j]) + one.duration - one.due)
        for j, one in enumerate(problem.activities)
        if one.due is not None
    )
    return Bounds(found, late, heads, tails)


def ends_of_time(problem: Problem) -> tuple[Ints, Ints]:
    """Earliest starts by arcs, releases and fixed starts; and the least from a start to the end."""
    heads = np.array(
        [max(one.release, one.start or 0) for one in problem.activities], dtype=np.int64
    )
    tails = np.array([one.duration for one in problem.activities], dtype=np.int64)
    for i, j, w in problem.arcs:  # by tail, so that every head is final when it is passed on
        heads[j] = max(heads[j], heads[i] + w)
    for i, j, w in reversed(problem.arcs):
        tails[i] = max(tails[i], w + tails[j])
    return heads, tails


def _capacity(problem: Problem, heads: Ints, tails: Ints) -> int:
    """Activities that start at `a` or later and leave `b` after them need their work in between."""
    lasts = np.array([one.duration for one in problem.activities], dtype=np.int64)
    after = tails - lasts
    best = 0
    for name, steps in problem.capacity.items():
        need = np.array([one.needs.get(name, 0) for one in problem.activities], dtype=np.int64)
        users = np.flatnonzero(need * lasts)
        if not len(users):
            continue
        work = need * lasts
        stock = np.zeros(problem.horizon + 1, dtype=np.int64)
        for start, count in steps:
            stock[start + 1 :] = count
        supplied = np.cumsum(stock)
        for a in np.unique(heads[users]):
            late = users[heads[users] >= a]
            order = late[np.argsort(-after[late], kind="stable")]
            asked = np.cumsum(work[order]) + supplied[a]
            closes = np.searchsorted(supplied, asked, side="left")
            best = max(best, int((closes + after[order]).max()))
    return best


def _together(problem: Problem) -> np.ndarray:
    """Pairs that no capacity keeps apart (links may still)."""
    n = len(problem.activities)
    fits = np.ones((n, n), dtype=np.bool_)
    for name, steps in problem.capacity.items():
        need = np.array([one.needs.get(name, 0) for one in problem.activities], dtype=np.int64)
        fits &= need[:, None] + need[None, :] <= max(count for _start, count in steps)
    return fits


def _sequence(problem: Problem, heads: Ints, tails: Ints) -> int:
    """Stinson, Davis & Khumawala (1978): a critical path and one activity beside it.

    Whatever delays the path opens gaps in it; an activity that finds, in its own window and beside
    the path, no stretch as long as itself needs gaps for what is missing. Holds for a path without
    gaps under constant capacities; elsewhere only the path's length is told.
    """
    length = int((heads + tails).max())
    path = _unbroken_path(problem, heads, tails, length)
    if not path or any(len(steps) > 1 for steps in problem.capacity.values()):
        return length
    free = {name: np.full(length, steps[0][1]) for name, steps in problem.capacity.items()}
    for j in path:
        one = problem.activities[j]
        for name, count in one.needs.items():
            free[name][heads[j] : heads[j] + one.duration] -= count
    most = 0
    for j in set(range(len(heads))) - set(path):
        one = problem.activities[j]
        opens, shuts = int(heads[j]), length - int(tails[j]) + one.duration
        fits = np.ones(max(shuts - opens, 0), dtype=np.bool_)
        for name, count in one.needs.items():
            fits &= free[name][opens:shuts] >= count
        most = max(most, one.duration - _longest(fits))
    return length + most


def _unbroken_path(problem: Problem, heads: Ints, tails: Ints, length: int) -> list[int]:
    """Critical activities, each starting as the one before ends, from 0 to the end; or none."""
    after: dict[int, int] = {}
    for i, j, w in problem.arcs:
        tight = heads[i] + w == heads[j] and w == problem.activities[i].duration
        if tight and heads[j] + tails[j] == length and heads[i] + tails[i] == length:
            after.setdefault(i, j)
    begins = [j for j in range(len(heads)) if heads[j] == 0 and tails[j] == length]
    for j in begins:
        path = [j]
        while path[-1] in after:
            path.append(after[path[-1]])
        if heads[path[-1]] + problem.activities[path[-1]].duration == length:
            return path
    return []


def _longest(fits: np.ndarray) -> int:
    """The longest run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], fits.astype(np.int8), [0]))))
    return int((edges[1::2] - edges[::2]).max()) if len(edges) else 0


def _incompatible(problem: Problem, heads: Ints, tails: Ints) -> int:
    """A chain grown greedily of activities no two of which can overlap, after each first member."""
    n = len(heads)
    lasts = np.array([one.duration for one in problem.activities], dtype=np.int64)
    if n > _MOST:
        return 0
    # The least from the start of each row's activity to the start of each column's, by links.
    reach = np.full((n, n), -(2**40), dtype=np.int64)
    np.fill_diagonal(reach, 0)
    for a, b, w in problem.arcs:
        np.maximum(reach[:, b], reach[:, a] + w, out=reach[:, b])
    after = reach >= np.maximum(lasts, 1)[:, None]
    apart = ~_together(problem) | after | after.T
    np.fill_diagonal(apart, False)
    # The longest first; among equals the one that keeps most others possible.
    worth = np.where(lasts > 0, lasts * (n + 1) + apart.sum(axis=1), -1)
    best = 0
    for first in np.argsort(-worth, kind="stable")[:_FIRSTS]:
        if worth[first] < 0:
            break
        chosen, able = [int(first)], apart[first] & (lasts > 0)
        while able.any():
            pick = int(np.where(able, worth, -1).argmax())
            chosen.append(pick)
            able = able & apart[pick]
        span = int(lasts[chosen].sum() + heads[chosen].min() + (tails - lasts)[chosen].min())
        best = max(best, span)
    return best

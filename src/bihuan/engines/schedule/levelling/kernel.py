"""The compiled heart: lists of activities into schedules, forward, backward and back again.

Serial schedule generation (Kelley 1963; Kolisch 1996) puts each activity of a list at the earliest
place that arcs and free capacity leave; double justification (Valls, Ballestín & Quintanilla 2005)
shifts a schedule right, then left, and never makes it longer. All functions release the
interpreter's lock and write into arrays they are handed.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

import numpy as np
from numba import njit

from bihuan.engines.schedule.levelling.net import Ints, Net, Words

# A schedule that breaks a fixed start is worse than any that breaks none.
BROKEN = 2**61
# One unit of what counts first outweighs any sum of what counts second: a makespan stays below
# 2**20 periods, a sum of tardiness below 2**40.
SPAN, LATE = 2**20, 2**40

Work = TypeVar("Work", bound=Callable[..., object])


def compiled(work: Work) -> Work:
    """Machine code, kept on disk between runs, that lets go of the interpreter's lock.

    What is kept goes stale by the date of its own file alone: whoever changes this file must also
    touch `search.py`, whose functions have these built in.
    """
    made: Work = njit(work, cache=True, nogil=True)
    return made


class Bench(NamedTuple):
    """Scratch arrays of one worker. `reach` holds the period from which on `free` is untouched."""

    free: Words
    reach: Ints
    counts: Ints
    order: Ints
    moved: Ints
    copy: Ints
    seen: Ints
    stack: Ints


def bench(net: Net) -> Bench:
    n, horizon = len(net.duration), len(net.room)
    return Bench(
        free=net.room.copy(),
        reach=np.zeros(1, dtype=np.int64),
        counts=np.zeros(horizon + 2, dtype=np.int64),
        order=np.zeros(n, dtype=np.int64),
        moved=np.zeros(n, dtype=np.int64),
        copy=np.zeros(n, dtype=np.int64),
        seen=np.zeros(n, dtype=np.int64),
        stack=np.zeros(n + len(net.into) + 1, dtype=np.int64),
    )


@compiled
def clear(net: Net, b: Bench) -> None:
    """All capacity free again, but for what fixed activities use."""
    for t in range(b.reach[0]):
        for k in range(net.guard.shape[0]):
            b.free[t, k] = net.room[t, k]
    b.reach[0] = 0
    for j in range(net.duration.shape[0]):
        if net.fixed[j] >= 0:
            take(net, b, j, net.fixed[j])


@compiled
def take(net: Net, b: Bench, j: int, start: int) -> None:
    end = start + net.duration[j]
    for t in range(start, end):
        for k in range(net.guard.shape[0]):
            b.free[t, k] -= net.need[j, k]
    b.reach[0] = max(b.reach[0], end)


@compiled
def earliest(net: Net, b: Bench, j: int, start: int) -> int:
    """The first place from `start` on where the activity's needs are free."""
    lasts = int(net.duration[j])
    if net.guard.shape[0] == 1:
        need, guard = net.need[j, 0], net.guard[0]
        good = 0
        t = start
        while good < lasts:
            if (b.free[t, 0] - need) & guard == guard:
                good += 1
            else:
                good = 0
            t += 1
        return t - lasts
    good = 0
    t = start
    while good < lasts:
        good += 1
        for k in range(net.guard.shape[0]):
            if (b.free[t, k] - net.need[j, k]) & net.guard[k] != net.guard[k]:
                good = 0
                break
        t += 1
    return t - lasts


@compiled
def latest(net: Net, b: Bench, j: int, start: int) -> int:
    """The last place up to `start` where the activity's needs are free; −1 where none is."""
    lasts = net.duration[j]
    good = 0
    t = start + lasts - 1
    while good < lasts:
        if t < 0:
            return -1
        good += 1
        for k in range(net.guard.shape[0]):
            if (b.free[t, k] - net.need[j, k]) & net.guard[k] != net.guard[k]:
                good = 0
                break
        t -= 1
    return t + 1 if lasts else start


@compiled
def forward(net: Net, b: Bench, order: Ints, starts: Ints) -> int:
    """Put the list's activities as early as can be, one after the other; the schedule's score."""
    clear(net, b)
    makespan, late, broken = 0, 0, 0
    for at in range(order.shape[0]):
        j = order[at]
        ready = net.release[j]
        for a in range(net.into_at[j], net.into_at[j + 1]):
            ready = max(ready, starts[net.into[a]] + net.into_w[a])
        if net.fixed[j] >= 0:
            start = net.fixed[j]
            broken += max(0, ready - start)
        else:
            start = earliest(net, b, j, ready)
            take(net, b, j, start)
            broken += max(0, start - net.latest[j])
        starts[j] = start
        end = start + net.duration[j]
        makespan = max(makespan, end)
        if end > net.due[j]:
            late += (end - net.due[j]) * net.weight[j]
    if broken:
        return BROKEN + broken
    if net.makespan_first:
        return makespan * LATE + late
    return late * SPAN + makespan


@compiled
def backward(net: Net, b: Bench, order: Ints, starts: Ints, moved: Ints) -> bool:
    """Shift right in the list's order, none beyond the makespan; False where it cannot be done.

    An activity that has a due date is shifted to it at most, or stays where it is late already, so
    that shifting back cannot make it later.
    """
    clear(net, b)
    makespan = 0
    for j in range(order.shape[0]):
        makespan = max(makespan, starts[j] + net.duration[j])
    for at in range(order.shape[0]):
        j = order[at]
        if net.fixed[j] >= 0:
            moved[j] = net.fixed[j]
            continue
        end = makespan
        if net.due[j] < makespan and net.weight[j] > 0:
            end = max(net.due[j], starts[j] + net.duration[j])
        start = min(end - net.duration[j], net.latest[j])
        for a in range(net.out_at[j], net.out_at[j + 1]):
            start = min(start, moved[net.out[a]] - net.out_w[a])
        start = latest(net, b, j, start) if start >= 0 else -1
        if start < net.release[j]:
            return False
        take(net, b, j, start)
        moved[j] = start
    return True


@compiled
def sorted_by_start(net: Net, b: Bench, starts: Ints, order: Ints) -> None:
    """The activities by start, arcs respected: a counting sort, which keeps equals in order."""
    n = starts.shape[0]
    top = 0
    for j in range(n):
        b.counts[starts[j] + 1] += 1
        top = max(top, starts[j])
    for t in range(1, top + 2):
        b.counts[t] += b.counts[t - 1]
    for j in range(n):
        order[b.counts[starts[j]]] = j
        b.counts[starts[j]] += 1
    for t in range(top + 2):
        b.counts[t] = 0
    if net.tangled:
        mended(net, b, order, True)


@compiled
def sorted_by_end(net: Net, b: Bench, starts: Ints, order: Ints) -> None:
    """The activities by end, the last first, arcs respected backwards."""
    n = starts.shape[0]
    top = 0
    for j in range(n):
        end = starts[j] + net.duration[j]
        b.counts[end + 1] += 1
        top = max(top, end)
    for t in range(1, top + 2):
        b.counts[t] += b.counts[t - 1]
    for j in range(n):
        end = starts[j] + net.duration[j]
        order[n - 1 - b.counts[end]] = j
        b.counts[end] += 1
    for t in range(top + 2):
        b.counts[t] = 0
    if net.tangled:
        mended(net, b, order, False)


@compiled
def mended(net: Net, b: Bench, order: Ints, onward: bool) -> None:
    """Draw what must come before an activity in front of it; otherwise the order stays."""
    n = order.shape[0]
    for j in range(n):
        b.seen[j] = 0
    done = 0
    for at in range(n):
        b.copy[at] = order[at]
    for at in range(n):
        depth = 1
        b.stack[0] = b.copy[at]
        while depth:
            j = b.stack[depth - 1]
            if b.seen[j] == 2:
                depth -= 1
                continue
            ready = True
            if b.seen[j] == 0:
                b.seen[j] = 1
                first = net.into_at[j] if onward else net.out_at[j]
                last = net.into_at[j + 1] if onward else net.out_at[j + 1]
                for a in range(first, last):
                    i = net.into[a] if onward else net.out[a]
                    if b.seen[i] == 0:
                        b.stack[depth] = i
                        depth += 1
                        ready = False
            if ready:
                b.seen[j] = 2
                order[done] = j
                done += 1
                depth -= 1


@compiled
def justified(net: Net, b: Bench, order: Ints, starts: Ints) -> int:
    """A list made into a schedule, shifted right and left; its score. `order` becomes its list."""
    score = forward(net, b, order, starts)
    if score < BROKEN:
        sorted_by_end(net, b, starts, b.order)
        if backward(net, b, b.order, starts, b.moved):
            sorted_by_start(net, b, b.moved, b.order)
            other = forward(net, b, b.order, b.moved)
            if other <= score:
                score = other
                starts[:] = b.moved
    sorted_by_start(net, b, starts, order)
    return score

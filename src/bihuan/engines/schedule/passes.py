"""Many forward passes at once, compiled: drawn durations in, finishes and driving chains out.

The same arithmetic as `path`, on fractions of a tick. Where one calendar rules everything, time is
counted in its working ticks and no calendar is asked; else each step looks its calendars up.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from bihuan.engines.schedule.calendar import Ints
from bihuan.engines.schedule.network import LINKS, Network

Floats = NDArray[np.float64]
FS, SS, FF, SF = range(len(LINKS))
_SAME = 1e-7  # ticks; two needs nearer than this drive a start together


class Lanes(NamedTuple):
    """A network as the compiled code takes it; links lie sorted by the activity they lead into.

    `floor_start` and `floor_finish` are the bounds from below. `single` says that time runs in
    working ticks of the one calendar.
    """

    order: Ints
    first: Ints  # (n + 1,) where the links into each activity begin
    before: Ints
    kinds: Ints
    lags: Floats
    lag_calendar: Ints
    calendar: Ints
    floor_start: Floats
    floor_finish: Floats
    start: float
    single: bool
    at: Ints  # (calendars + 1,) where the stretches of each calendar begin
    starts: Floats
    ends: Floats
    upto: Floats
    guide: Ints  # (twice the stretches,) where to begin looking among the starts
    scale: Floats  # (calendars,) buckets of that guide to a tick
    turns: Ints  # the same two among `upto`
    pace: Floats


def lanes(net: Network) -> Lanes:
    """The network, laid out for the compiled code."""
    count = len(net.codes)
    links = [link for into in net.into for link in into]
    used = [*net.calendar.tolist(), *net.lag_calendar[net.lags != 0].tolist()]
    own = net.calendars[used[0]]
    single = all(net.calendars[at] is own for at in used)
    # From the start on: far from zero a fraction of a tick would lose its digits.
    zero = own.worked(net.start) if single else 0
    floors = np.full((2, count), -np.inf)
    for j, bounds in enumerate(net.bounds):
        for bound in bounds:
            if bound.kind in ("start_from", "start_on"):
                at = own.worked(bound.at) - zero if single else bound.at
                floors[0, j] = max(floors[0, j], at)
            elif bound.kind in ("finish_from", "finish_on"):
                at = own.reached(bound.at) - zero if single else bound.at
                floors[1, j] = max(floors[1, j], at)
    span = np.cumsum([0, *(len(cal.starts) for cal in net.calendars)], dtype=np.int64)
    pieces = [(cal.starts, cal.ends, cal.upto[:-1]) for cal in net.calendars]
    starts, ends, upto = (
        np.array([value for piece in column for value in piece], dtype=np.float64)
        for column in zip(*pieces, strict=True)
    )
    return Lanes(
        net.order,
        np.cumsum([0, *map(len, net.into)], dtype=np.int64),
        net.before[links] if links else np.empty(0, dtype=np.int64),
        net.kinds[links] if links else np.empty(0, dtype=np.int64),
        net.lags[links].astype(np.float64) if links else np.empty(0),
        net.lag_calendar[links] if links else np.empty(0, dtype=np.int64),
        net.calendar,
        floors[0],
        floors[1],
        0.0 if single else float(net.start),
        single,
        span,
        starts,
        ends,
        upto,
        *_guide(span, starts),
        *_guide(span, upto),
    )


def _guide(span: Ints, points: Floats) -> tuple[Ints, Floats]:
    """Two even buckets to a stretch; each knows a place that no point of it lies before."""
    guide, scale = np.zeros(2 * int(span[-1]), dtype=np.int64), np.zeros(len(span) - 1)
    for c, (low, high) in enumerate(pairwise(span.tolist())):
        own, count = points[low:high], 2 * (high - low)
        width = max(float(own[-1] - own[0]) / count, 1e-9)
        edges = own[0] + width * np.arange(count)
        # A little earlier, so that rounding cannot skip a point that stands on an edge.
        guide[2 * low : 2 * high] = low + np.searchsorted(own, edges - 1e-6 * width)
        scale[c] = 1.0 / width
    return guide, scale


def on_axis(net: Network, found: Lanes, points: Floats) -> Floats:
    """Ends of work as ticks of the axis, whatever they were counted in."""
    if not found.single:
        return points
    own = net.calendars[net.calendar[0]]
    zero = own.worked(net.start)
    starts = np.array(own.starts)
    # The whole numbers apart from the fractions, for the same reason.
    upto = np.array(own.upto) - zero
    at = np.clip(np.searchsorted(upto, points - _SAME) - 1, 0, len(starts) - 1)
    # Beyond its last stretch a calendar is taken to go on without a rest.
    return np.asarray((starts[at] - upto[at]) + points)


# All runs of a piece stand side by side: each step is one loop over them, which the compiler turns
# into a few wide instructions, and whatever is looked up in calendars is looked up in one loop.


@njit(cache=True, nogil=True, inline="always")
def _place(points: Floats, low: int, high: int, point: float, guide: Ints, scale: float) -> int:
    """The last of the sorted points from low to high that is not after the point, or low - 1.

    The guide knows where to begin looking (Chen & Asau 1974): a step or two are left.
    """
    at = low
    if point >= points[low]:
        at = guide[2 * low + min(int((point - points[low]) * scale), 2 * (high - low) - 1)]
        while at < high and points[at] <= point:
            at += 1
    return at - 1


@njit(cache=True, nogil=True)
def _opened(
    c: int,
    span: Ints,
    starts: Floats,
    ends: Floats,
    guide: Ints,
    scale: Floats,
    works: Floats,
    points: Floats,
) -> None:
    """Move each point to where its work may start; what takes no time may stay at an end."""
    low, high, pace = span[c], span[c + 1], scale[c]
    for run in range(points.shape[0]):
        point = points[run]
        at = _place(starts, low, high, point + _SAME, guide, pace)
        room = _SAME if works[run] <= 0 else -_SAME
        if at + 1 < high and (at < low or point >= ends[at] + room):
            points[run] = starts[at + 1]


@njit(cache=True, nogil=True)
def _shifted(
    c: int,
    span: Ints,
    starts: Floats,
    ends: Floats,
    upto: Floats,
    guide: Ints,
    scale: Floats,
    turns: Ints,
    pace: Floats,
    works: Floats,
    sign: float,
    points: Floats,
) -> None:
    """Move each point by its work, forwards (sign 1) or backwards (sign -1)."""
    low, high, to_starts, to_upto = span[c], span[c + 1], scale[c], pace[c]
    for run in range(points.shape[0]):
        work = works[run]
        if work == 0:
            continue
        point = points[run]
        at = _place(starts, low, high, point + _SAME, guide, to_starts)
        worked = sign * work
        if at >= low:
            worked += upto[at] + min(point, ends[at]) - starts[at]
        at = _place(upto, low, high, worked - _SAME, turns, to_upto)
        points[run] = starts[low] if at < low else starts[at] + worked - upto[at]


@njit(cache=True, nogil=True)
def _begun(
    c: int,
    span: Ints,
    starts: Floats,
    ends: Floats,
    upto: Floats,
    guide: Ints,
    scale: Floats,
    turns: Ints,
    pace: Floats,
    works: Floats,
    points: Floats,
) -> None:
    """Move each finish to the earliest start that does not end before it."""
    low, high, to_starts, to_upto = span[c], span[c + 1], scale[c], pace[c]
    for run in range(points.shape[0]):
        work, point = works[run], points[run]
        if work == 0:
            continue
        at = _place(starts, low, high, point + _SAME, guide, to_starts)
        if at >= low and point > ends[at] + _SAME:
            # In the midst of rest: the work before does not reach it, and that of the next stretch
            # does after a moment.
            points[run] = starts[at + 1] if at + 1 < high else point
            continue
        worked = -work
        if at >= low:
            worked += upto[at] + min(point, ends[at]) - starts[at]
        at = _place(upto, low, high, worked - _SAME, turns, to_upto)
        points[run] = starts[low] if at < low else starts[at] + worked - upto[at]


@njit(cache=True, nogil=True)
def _plainly(
    order: Ints,
    first: Ints,
    before: Ints,
    kinds: Ints,
    lags: Floats,
    floor_start: Floats,
    floor_finish: Floats,
    start: float,
    works: Floats,
    begun: Floats,
    done: Floats,
    needs: Floats,
) -> None:
    """In working ticks of the one calendar; `needs` is what each link asks of a start."""
    for at in range(order.shape[0]):
        j = order[at]
        work, best = works[j], begun[j]
        best[:] = max(start, floor_start[j])
        if floor_finish[j] > -np.inf:
            best[:] = np.maximum(best, floor_finish[j] - work)
        for link in range(first[j], first[j + 1]):
            i, kind = before[link], kinds[link]
            need = needs[link]
            need[:] = (done[i] if kind in (FS, FF) else begun[i]) + lags[link]
            if kind in (FF, SF):
                need -= work
            best[:] = np.maximum(best, need)
        done[j] = best + work


@njit(cache=True, nogil=True)
def _dated(
    order: Ints,
    first: Ints,
    before: Ints,
    kinds: Ints,
    lags: Floats,
    lag_calendar: Ints,
    calendar: Ints,
    floor_start: Floats,
    floor_finish: Floats,
    start: float,
    span: Ints,
    starts: Floats,
    ends: Floats,
    upto: Floats,
    guide: Ints,
    scale: Floats,
    turns: Ints,
    pace: Floats,
    works: Floats,
    begun: Floats,
    done: Floats,
    needs: Floats,
) -> None:
    """The same where activities have calendars of their own."""
    lag, need = np.empty(works.shape[1]), np.empty(works.shape[1])
    for at in range(order.shape[0]):
        j = order[at]
        c, work, best = calendar[j], works[j], begun[j]
        best[:] = max(start, floor_start[j])
        _opened(c, span, starts, ends, guide, scale, work, best)
        if floor_finish[j] > -np.inf:
            need[:] = floor_finish[j]
            _begun(c, span, starts, ends, upto, guide, scale, turns, pace, work, need)
            _opened(c, span, starts, ends, guide, scale, work, need)
            best[:] = np.maximum(best, need)
        for link in range(first[j], first[j + 1]):
            i, kind, own = before[link], kinds[link], lag_calendar[link]
            asked = needs[link]
            asked[:] = done[i] if kind in (FS, FF) else begun[i]
            if lags[link] != 0:
                lag[:] = lags[link]
                _shifted(own, span, starts, ends, upto, guide, scale, turns, pace, lag, 1.0, asked)
            if kind in (FF, SF):
                _begun(c, span, starts, ends, upto, guide, scale, turns, pace, work, asked)
            _opened(c, span, starts, ends, guide, scale, work, asked)
            best[:] = np.maximum(best, asked)
        done[j] = best
        _shifted(c, span, starts, ends, upto, guide, scale, turns, pace, work, 1.0, done[j])


@njit(cache=True, nogil=True)
def _drivers(
    order: Ints,
    first: Ints,
    before: Ints,
    begun: Floats,
    done: Floats,
    needs: Floats,
    target: int,
    ends: Floats,
    marks: Ints,
) -> None:
    """Count every activity that drives the target (or, where that is negative, the end)."""
    n, runs = done.shape
    on = np.zeros((n, runs), dtype=np.bool_)
    for j in range(n):
        if target < 0:
            for run in range(runs):
                on[j, run] = done[j, run] >= ends[run] - _SAME
        elif j == target:
            on[j] = True
    for at in range(n - 1, -1, -1):
        j = order[at]
        mine, opened = on[j], begun[j]
        marks[j] += mine.sum()
        for link in range(first[j], first[j + 1]):
            theirs, need = on[before[link]], needs[link]
            for run in range(runs):
                theirs[run] |= mine[run] & (need[run] >= opened[run] - _SAME)


@njit(cache=True, nogil=True)
def many(
    net: Lanes, works: Floats, target: int, watched: Ints, ends: Floats, seen: Floats, marks: Ints
) -> None:
    """Every run of the works (activities × runs): ends aimed at, watched finishes, driving chains.

    Without room in `marks` the chains are not followed.
    """
    n, runs = works.shape
    begun, done = np.empty((n, runs)), np.empty((n, runs))
    needs = np.empty((net.before.shape[0], runs))
    if net.single:
        _plainly(
            net.order,
            net.first,
            net.before,
            net.kinds,
            net.lags,
            net.floor_start,
            net.floor_finish,
            net.start,
            works,
            begun,
            done,
            needs,
        )
    else:
        _dated(
            net.order,
            net.first,
            net.before,
            net.kinds,
            net.lags,
            net.lag_calendar,
            net.calendar,
            net.floor_start,
            net.floor_finish,
            net.start,
            net.at,
            net.starts,
            net.ends,
            net.upto,
            net.guide,
            net.scale,
            net.turns,
            net.pace,
            works,
            begun,
            done,
            needs,
        )
    if target >= 0:
        ends[:] = done[target]
    else:
        ends[:] = done[0]
        for j in range(1, n):
            ends[:] = np.maximum(ends, done[j])
    for k in range(watched.shape[0]):
        seen[k] = done[watched[k]]
    if marks.shape[0]:
        _drivers(net.order, net.first, net.before, begun, done, needs, target, ends, marks)


@njit(cache=True, nogil=True)
def spread(
    works: Floats, tables: Floats, which: Ints, low: float, step: float, fixed: Floats, free: Floats
) -> None:
    """Normal numbers become durations, in place: the fixed part plus a multiple of the free one."""
    last = tables.shape[1] - 1
    for j in range(works.shape[0]):
        row = works[j]
        if which[j] < 0:
            row[:] = fixed[j] + free[j]
            continue
        table = tables[which[j]]
        for run in range(row.shape[0]):
            place = min(max((row[run] - low) / step, 0.0), last - 1e-9)
            at = int(place)
            part = place - at
            found = table[at] * (1 - part) + table[at + 1] * part
            row[run] = fixed[j] + free[j] * found

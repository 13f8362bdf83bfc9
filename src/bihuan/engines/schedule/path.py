"""The critical path (关键路线): earliest and latest dates, floats, and what drives each start.

Kelley & Walker 1959, with generalised links (Elmaghraby & Kamburowski 1992, sec. 2) and a calendar
of its own for every activity. A bound never breaks a link: where it cannot be kept, the float turns
negative and the bound is listed.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bihuan.engines.schedule.calendar import Calendar, Ints
from bihuan.engines.schedule.network import LINKS, Bound, Network

FS, SS, FF, SF = range(len(LINKS))
_FLOORS = frozenset({"start_from", "start_on", "finish_from", "finish_on"})
_CEILINGS = frozenset({"start_until", "start_on", "finish_until", "finish_on"})


@dataclass(frozen=True, eq=False)
class Dates:
    """时间参数：最早、最迟开始和完成，总时差，自由时差（格）；`driver` 是定下最早开始的关系。

    Floats are in working ticks of the activity's own calendar. `broken` are the bounds that the
    links do not leave room for.
    """

    network: Network
    early_start: Ints
    early_finish: Ints
    late_start: Ints
    late_finish: Ints
    total_float: Ints
    free_float: Ints
    driver: Ints
    broken: tuple[tuple[str, Bound], ...]

    @property
    def finish(self) -> int:
        return int(self.early_finish.max())

    @property
    def length(self) -> int:
        """From the start of the network to its end, in ticks of the axis."""
        return self.finish - self.network.start

    @property
    def critical(self) -> NDArray[np.bool_]:
        """关键活动：总时差不大于零。"""
        return np.asarray(self.total_float <= 0)

    def path(self, code: str = "") -> tuple[str, ...]:
        """关键路线：从开头到最后完成的（或所问的）活动，一环扣一环。"""
        net = self.network
        # Of several that end last, the one that no other comes after.
        last = [at for at in net.order.tolist() if self.early_finish[at] == self.finish]
        chain = [net.place(code) if code else last[-1]]
        while (link := int(self.driver[chain[-1]])) >= 0:
            chain.append(int(net.before[link]))
        return tuple(net.codes[at] for at in reversed(chain))


def dates(net: Network, by: int | None = None) -> Dates:
    """Forward and backward pass; `by` is a promised finish, else the earliest possible one."""
    early_start, early_finish, driver = _forward(net)
    last = max(early_finish) if by is None else by
    late_start, late_finish = _backward(net, last)
    cals = [net.calendars[k] for k in net.calendar]
    slack = np.array(
        [
            min(cal.between(es, ls), cal.between(ef, lf)) if duration else cal.between(ef, lf)
            for cal, es, ls, ef, lf, duration in zip(
                cals, early_start, late_start, early_finish, late_finish, net.durations, strict=True
            )
        ],
        dtype=np.int64,
    )
    free = _free(net, early_start, early_finish, last)
    broken = tuple(
        (net.codes[at], bound)
        for at, bounds in enumerate(net.bounds)
        for bound in bounds
        if bound.kind in _CEILINGS
        and (early_start if bound.kind.startswith("start") else early_finish)[at] > bound.at
    )
    return Dates(
        net,
        np.array(early_start, dtype=np.int64),
        np.array(early_finish, dtype=np.int64),
        np.array(late_start, dtype=np.int64),
        np.array(late_finish, dtype=np.int64),
        slack,
        free,
        np.array(driver, dtype=np.int64),
        broken,
    )


def _forward(net: Network) -> tuple[list[int], list[int], list[int]]:
    count = len(net.codes)
    start, finish, driver = [0] * count, [0] * count, [-1] * count
    # Plain lists: reading one number out of an array costs more than the arithmetic.
    durations, own = net.durations.tolist(), net.calendar.tolist()
    before, kinds, lags, lag_cal = (
        column.tolist() for column in (net.before, net.kinds, net.lags, net.lag_calendar)
    )
    for j in net.order.tolist():
        cal, work = net.calendars[own[j]], durations[j]
        best = opened = _opened(cal, net.start, work)
        for link in net.into[j]:
            i, kind = before[link], kinds[link]
            point = finish[i] if kind in (FS, FF) else start[i]
            point = net.calendars[lag_cal[link]].after(point, lags[link])
            need = cal.start_for(point, work) if kind in (FF, SF) else point
            need = _opened(cal, need, work)
            # A link that only reaches the start of the project drives it all the same.
            if need > best or (need == best == opened and driver[j] < 0):
                best, driver[j] = need, link
        for bound in net.bounds[j]:
            if bound.kind in _FLOORS:
                at = bound.at if "start" in bound.kind else cal.start_for(bound.at, work)
                need = _opened(cal, at, work)
                if need > best:
                    best, driver[j] = need, -1
        start[j] = best
        finish[j] = cal.after(best, work)
    return start, finish, driver


def _opened(cal: Calendar, tick: int, work: int) -> int:
    """Where work may start; a milestone may also stand at the end of a stretch of work."""
    if work or tick <= cal.starts[0]:
        return cal.opens(tick)
    return tick if cal.closes(tick) == tick else cal.opens(tick)


def _backward(net: Network, last: int) -> tuple[list[int], list[int]]:
    count = len(net.codes)
    start, finish = [0] * count, [0] * count
    durations, own = net.durations.tolist(), net.calendar.tolist()
    after, kinds, lags, lag_cal = (
        column.tolist() for column in (net.after, net.kinds, net.lags, net.lag_calendar)
    )
    for i in net.order[::-1].tolist():
        cal, work = net.calendars[own[i]], durations[i]
        # `ends` by the links that bind the finish, `begins` by those that bind the start.
        ends, begins = last, None
        for link in net.out_of[i]:
            j, kind = after[link], kinds[link]
            point = start[j] if kind in (FS, SS) else finish[j]
            point = net.calendars[lag_cal[link]].before(point, lags[link])
            if kind in (FS, FF):
                ends = min(ends, point)
            else:
                if kind == SF and work:
                    # It may start with the stretch after the one in which the other ends.
                    point = cal.latest(cal.worked(point))
                begins = point if begins is None else min(begins, point)
        for bound in net.bounds[i]:
            if bound.kind in _CEILINGS:
                if bound.kind.startswith("finish"):
                    ends = min(ends, bound.at)
                else:
                    begins = bound.at if begins is None else min(begins, bound.at)
        closed = _closed(cal, ends, work)
        begun = cal.before(closed, work)
        if begins is not None and begins < begun:
            begun = _begun(cal, begins, work)
            closed = cal.after(begun, work)
        start[i], finish[i] = begun, closed
    return start, finish


def _closed(cal: Calendar, tick: int, work: int) -> int:
    """Where work may end; a milestone may also stand at the start of a stretch of work."""
    if work:
        return cal.closes(tick)
    return tick if cal.opens(tick) == tick else cal.closes(tick)


def _begun(cal: Calendar, tick: int, work: int) -> int:
    """The last start that is not after the tick."""
    if not work:
        return _closed(cal, tick, work)
    closed = cal.closes(tick)
    return tick if cal.opens(tick) == tick else cal.latest(cal.worked(closed) - 1)


def _free(net: Network, start: list[int], finish: list[int], last: int) -> Ints:
    """How far each may slip before any follower moves: the least slack of its links."""
    out = np.empty(len(net.codes), dtype=np.int64)
    for i in range(len(net.codes)):
        cal = net.calendars[net.calendar[i]]
        slack = cal.between(finish[i], max(last, finish[i]))
        for link in net.out_of[i]:
            j, kind = net.after[link], net.kinds[link]
            point = start[j] if kind in (FS, SS) else finish[j]
            allowed = net.calendars[net.lag_calendar[link]].before(point, int(net.lags[link]))
            here = finish[i] if kind in (FS, FF) else start[i]
            slack = min(slack, cal.between(here, allowed))
        out[i] = slack
    return out

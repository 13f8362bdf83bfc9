"""Calendars (日历): which stretches of time are worked, and how far so much work reaches.

Time is a whole number of ticks since an origin: days for an office, hours or minutes for a site.
Whoever calls says what a tick is (`Axis`) and hands the working stretches in: here nobody knows a
holiday.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from bihuan.engines.schedule.faults import Unfit, unfit

Ints = NDArray[np.int64]
# Far from zero a fraction of a tick loses its digits; this is 127 years of minutes.
FAR = 2**26


@dataclass(frozen=True)
class Axis:
    """时间轴：从哪一刻算起，一格是多少分钟（1440 为一天）。

    An end at tick k means that the tick before k was the last one worked: on an axis of days, what
    takes Monday alone runs from 0 to 1.
    """

    origin: datetime
    minutes: int = 1440

    def tick(self, when: datetime | date) -> int:
        """The last whole tick that is not after the moment."""
        moment = when if isinstance(when, datetime) else datetime(when.year, when.month, when.day)  # noqa: DTZ001 - schedules are in local time
        return int((moment - self.origin).total_seconds() // (60 * self.minutes))

    def when(self, tick: float) -> datetime:
        return self.origin + timedelta(minutes=float(tick) * self.minutes)

    def start_day(self, tick: float) -> date:
        return self.when(tick).date()

    def finish_day(self, tick: float) -> date:
        """The day that what ends here took part in: midnight belongs to the day before."""
        return (self.when(tick) - timedelta(microseconds=1)).date()


@dataclass(frozen=True, eq=False)
class Calendar:
    """日历：若干段工作时间 [始, 止)，互不重叠，按先后排列；单位是格。

    Before its first stretch every tick counts as worked, so that a date that should have been kept
    years ago is a float far below zero; beyond its last one nothing is known: asking is refused.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    name: str = ""
    # Working ticks before each stretch, and at the end of all.
    upto: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        if not self.starts:
            raise unfit("schedule_calendar_empty", name=self.name)
        worked, sums = 0, [0]
        for start, end in zip(self.starts, self.ends, strict=True):
            worked += end - start
            sums.append(worked)
        object.__setattr__(self, "upto", tuple(sums))

    def worked(self, tick: int) -> int:
        """How many working ticks lie before this one."""
        at = bisect_right(self.starts, tick) - 1
        if at < 0:
            return tick - self.starts[0]
        return self.upto[at] + min(tick, self.ends[at]) - self.starts[at]

    def earliest(self, worked: int) -> int:
        """The first tick before which so many were worked: an end of work, not a start."""
        at = bisect_left(self.upto, worked) - 1
        if at < 0:
            return self.starts[0] + worked
        if at >= len(self.starts):
            raise self._ends()
        return self.starts[at] + worked - self.upto[at]

    def latest(self, worked: int) -> int:
        """The last tick before which no more were worked: where the next work starts."""
        at = bisect_right(self.upto, worked) - 1
        if at < 0:
            return self.starts[0] + worked
        if at >= len(self.starts):
            return self.ends[-1]
        return self.starts[at] + worked - self.upto[at]

    def opens(self, tick: int) -> int:
        """The tick itself where it is worked, else the next one that is."""
        at = bisect_right(self.starts, tick) - 1
        if at >= 0 and tick < self.ends[at]:
            return tick
        if at + 1 >= len(self.starts):
            raise self._ends()
        return self.starts[at + 1]

    def closes(self, tick: int) -> int:
        """The tick itself where the one before it is worked, else the end of the last work."""
        at = bisect_left(self.starts, tick) - 1
        return tick if at < 0 else min(tick, self.ends[at])

    def after(self, tick: int, work: int) -> int:
        """So much work later (earlier, where negative); nothing moves by nothing."""
        return tick if work == 0 else self.earliest(self.worked(tick) + work)

    def before(self, tick: int, work: int) -> int:
        """The latest tick from which `after` does not pass this one."""
        return tick if work == 0 else self.latest(self.worked(tick) - work)

    def reached(self, finish: int) -> int:
        """How many working ticks must have been worked for an end not to lie before `finish`.

        The end of one stretch of work and the start of the next are the same moment of work; only a
        finish in the midst of rest asks for a tick of work more.
        """
        amid = self.closes(finish) != finish != self.opens(finish)
        return self.worked(finish) + amid

    def start_for(self, finish: int, work: int) -> int:
        """The earliest tick from which so much work does not end before `finish`."""
        return finish if work == 0 else self.earliest(self.reached(finish) - work)

    def between(self, first: int, last: int) -> int:
        """Working ticks from one to another; negative where the second comes first."""
        return self.worked(last) - self.worked(first)

    def _ends(self) -> Unfit:
        return unfit("schedule_calendar_ends", name=self.name)


ALWAYS = Calendar((-FAR,), (FAR,), "always")


def stretches(pieces: Iterable[tuple[int, int]], name: str = "") -> Calendar:
    """A calendar from pieces [start, end) in any order; those that touch or overlap are joined."""
    starts: list[int] = []
    ends: list[int] = []
    for start, end in sorted(pieces):
        if end <= start:
            continue
        if ends and start <= ends[-1]:
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
    return Calendar(tuple(starts), tuple(ends), name)


def of_days(days: Iterable[int], name: str = "") -> Calendar:
    """A calendar of whole ticks: the working days of the ledger, counted from the origin."""
    return stretches(((day, day + 1) for day in days), name)


def weekly(
    axis: Axis,
    week: Sequence[Sequence[tuple[int, int]]],
    first: date,
    last: date,
    *,
    name: str = "",
    off: Iterable[date] = (),
    other: dict[date, Sequence[tuple[int, int]]] | None = None,
) -> Calendar:
    """A calendar from a week (Monday first) of pieces in minutes of the day, for a span of days.

    `off` are days not worked at all, `other` days with hours of their own.
    """
    apart: dict[date, Sequence[tuple[int, int]]] = dict.fromkeys(off, ())
    apart.update(other or {})
    pieces = []
    for count in range((last - first).days + 1):
        day = first + timedelta(days=count)
        opened = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - local time
        for start, end in apart.get(day, week[day.weekday()]):
            pieces.append(
                (
                    axis.tick(opened + timedelta(minutes=start)),
                    axis.tick(opened + timedelta(minutes=end)),
                )
            )
    return stretches(pieces, name)

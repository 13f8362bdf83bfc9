"""A plan's tasks as the engine's network: natural days, or the working days of the ledger.

A tick is a natural day since the first start of the plan. On working days a task takes the days on
which the zone works; one that lies on rest days alone was worked on them, so it keeps natural days.
Lags are natural days in either case.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from bihuan.days.rules import Calendar as Days
from bihuan.engines.schedule import network as networks
from bihuan.engines.schedule import path
from bihuan.engines.schedule.calendar import ALWAYS, Calendar, of_days
from bihuan.engines.schedule.faults import Unfit
from bihuan.projects.rules import Task

_ONE = timedelta(days=1)
NATURAL = "natural"
# How far beyond a plan its calendar reaches: drawn durations may be several times the planned.
_BEYOND, _TIMES = 800, 4


@dataclass(frozen=True, eq=False)
class Laid:
    """一版计划的网络：`first` 是第 0 格；`settled` 是各任务已完成的工作量（格）。"""

    first: date
    network: networks.Network
    settled: Mapping[str, int]

    def finish_day(self, tick: float) -> date:
        """The day that what ends at this tick took part in."""
        return self.first + timedelta(days=max(-(-round(tick * 1e6) // 1_000_000), 1)) - _ONE


@dataclass(frozen=True)
class Critical:
    """一项任务的总时差（天）；零就是关键。"""

    task: Task
    float_days: int


def calendar_of(worked: Days | None, first: date, last: date) -> Calendar:
    """The working days from the first day of a plan to far beyond its last."""
    if worked is None:
        return ALWAYS
    ahead = _TIMES * ((last - first).days + 1) + _BEYOND
    return of_days(day for day in range(ahead) if worked.working(first + timedelta(days=day)))


def laid(plan: Sequence[Task], worked: Days | None = None, status_on: date | None = None) -> Laid:
    """The network of a plan; Unfit where its links make none.

    Tasks are not moved: their own starts are lower bounds. Where the dates leave less than a link
    asks for (half a day, work out of order), what they leave is what holds. With a `status_on`,
    what is left of an unfinished task comes after that day.
    """
    first, last = min(task.start for task in plan), max(task.finish for task in plan)
    usual = calendar_of(worked, first, last)
    known = {task.key: task for task in plan}
    activities, settled = [], {}
    for task in plan:
        start, end = (task.start - first).days, (task.finish - first).days + 1
        name, calendar, work = "", usual, usual.between(start, end)
        if work == 0:
            name, calendar, work = NATURAL, ALWAYS, end - start
        done = 0
        if status_on is not None:
            done = _done(task, work)
            if done < work:
                start = max(start, _resumed(calendar, (status_on - first).days + 1, done))
        settled[task.key] = done
        bounds = (networks.Bound("start_from", start),)
        activities.append(
            networks.Activity(task.key, work, task.name, name, task.owner, bounds=bounds)
        )
    links = [
        networks.Link(
            one.key,
            task.key,
            cast(networks.LinkKind, one.kind),
            min(one.lag, _held(known[one.key], one.kind, task)),
            NATURAL,
        )
        for task in plan
        for one in task.after
        if one.key in known and one.key != task.key
    ]
    calendars = {"": usual, NATURAL: ALWAYS}
    return Laid(first, networks.network(activities, links, calendars=calendars), settled)


def _done(task: Task, work: int) -> int:
    """How much of the work is done; what is begun and not ended keeps something to do."""
    percent = task.percent or 0
    return work if percent >= 100 else min(round(work * percent / 100), work - 1)


def _resumed(calendar: Calendar, tick: int, done: int) -> int:
    """The start from which what is done so far ends no earlier than this tick."""
    return calendar.start_for(tick, done) if done else calendar.opens(tick)


def _held(before: Task, kind: str, after: Task) -> int:
    """The lag in days that the dates of two tasks keep."""
    first = before.finish + _ONE if kind in ("FS", "FF") else before.start
    then = after.finish + _ONE if kind in ("FF", "SF") else after.start
    return (then - first).days


def critical(plan: Sequence[Task], worked: Days | None = None) -> tuple[Critical, ...]:
    """Each task with its total float, least first; empty where the links make no network.

    Float is what a task may slip before the planned end moves, in the days of the plan.
    """
    try:
        found = path.dates(laid(plan, worked).network)
    except Unfit:
        return ()
    told = [Critical(task, int(slack)) for task, slack in zip(plan, found.total_float, strict=True)]
    return tuple(sorted(told, key=lambda one: (one.float_days, one.task.start)))

"""From a plan as it was read to what the engine counts: network, baseline, status days.

The one place that knows both. Time is counted in hours where everything in the file is whole hours,
else in minutes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import product
from typing import cast

import numpy as np

from bihuan.engines.schedule.calendar import ALWAYS, Axis, Calendar, weekly
from bihuan.engines.schedule.earned import Baseline, Status
from bihuan.engines.schedule.faults import unfit
from bihuan.engines.schedule.network import (
    BOUNDS,
    Activity,
    Bound,
    Link,
    LinkKind,
    Network,
    network,
)
from bihuan.engines.schedule.path import dates
from bihuan.exchange.schedules.plan import Plan, Task, Week

ELAPSED = "elapsed"
_USUAL = Week("", "", (*[((480, 720), (780, 1020))] * 5, (), ()))
_MOST_LINKS = 500_000  # two summary rows of a thousand leaves each make a million
_LEAST, _MOST = timedelta(days=3660), timedelta(days=366 * 60)


@dataclass(frozen=True, eq=False)
class Counted:
    """计划的数：时间轴、日历、末级任务（顺序与网络相同）和网络。"""

    plan: Plan
    axis: Axis
    calendars: Mapping[str, Calendar]
    leaves: tuple[Task, ...]
    network: Network

    @property
    def main(self) -> Calendar:
        """The project's own calendar."""
        return self.calendars[""]

    @property
    def opening(self) -> int:
        """Working ticks before the start of the project."""
        return self.main.worked(self.network.start)

    def worked(self, when: datetime) -> int:
        """Working ticks since the start of the project."""
        return self.main.worked(self.axis.tick(when)) - self.opening

    def moment(self, worked: float) -> datetime | None:
        """When so many working ticks will have passed; a part of a tick counts as a whole one.

        None beyond the end of the calendar: a date so far off is no forecast.
        """
        needed = self.opening + int(np.ceil(worked - 1e-9))
        return None if needed > self.main.upto[-1] else self.axis.when(self.main.earliest(needed))

    @property
    def day(self) -> float:
        """Working ticks of a usual day."""
        week = next(iter(self.plan.calendars), _USUAL)
        return week.minutes / self.axis.minutes


def counted(plan: Plan, *, pinned: bool = True) -> Counted:
    """The plan as a network of its leaves; Unfit with every fault.

    Links of a summary row hold for every leaf below it. `pinned` keeps each start from falling
    before the planned one where the links alone would allow it: planned dates have reasons that a
    file does not say.
    """
    leaves = plan.leaves
    first = min((task.start for task in leaves if task.start), default=plan.start)
    if not leaves or first is None:
        raise unfit("schedule_no_activities" if not leaves else "schedule_no_start")
    axis = Axis(datetime.combine(first.date() - timedelta(days=31), time()), _minutes(plan))
    calendars = _calendars(plan, axis, first)
    links = list(_links(plan, axis))
    activities = [_activity(task, axis, calendars) for task in leaves]
    net = network(activities, links, calendars=calendars, start=axis.tick(first))
    if pinned:
        net = _pinned(net, leaves, axis)
    return Counted(plan, axis, calendars, leaves, net)


def baseline(found: Counted) -> Baseline:
    """基线：末级任务的计划起止和费用。"""
    faults = [task.code for task in found.leaves if task.start is None or task.finish is None]
    if faults:
        raise unfit("schedule_no_dates", found="、".join(faults[:10]))
    return Baseline(
        tuple(task.code for task in found.leaves),
        np.array([found.worked(task.start) for task in found.leaves if task.start], dtype=float),
        np.array([found.worked(task.finish) for task in found.leaves if task.finish], dtype=float),
        np.array([task.fixed_cost for task in found.leaves]),
        np.array([task.cost - task.fixed_cost for task in found.leaves]),
    )


def statuses(found: Counted) -> list[Status]:
    """各跟踪期的状态。"""
    out = []
    for period in found.plan.periods:
        rows = [period.progress.get(task.code) for task in found.leaves]
        out.append(
            Status(
                period.name,
                float(found.worked(period.on)),
                np.array([row.done if row else 0.0 for row in rows]),
                np.array([bool(row and row.begun) for row in rows]),
                np.array([row.cost if row else 0.0 for row in rows]),
            )
        )
    return out


def _minutes(plan: Plan) -> int:
    pieces = [
        bound
        for week in plan.calendars
        for hours in (*week.days, *week.exceptions.values())
        for piece in hours
        for bound in piece
    ]
    moments = [when for task in plan.tasks for when in (task.start, task.finish) if when]
    numbers = [
        *pieces,
        *(task.minutes or 0 for task in plan.tasks),
        *(link.lag for link in plan.relations),
        *(when.minute for when in moments),
    ]
    return 60 if all(number % 60 == 0 for number in numbers) else 1


def _calendars(plan: Plan, axis: Axis, first: datetime) -> dict[str, Calendar]:
    last = max([one for task in plan.tasks if (one := task.finish)], default=first)
    # Late runs must find working days as well: thrice the plan, and ten years at least.
    ends = last + min(max(3 * (last - first), _LEAST), _MOST)
    weeks = plan.calendars or (_USUAL,)
    built = {
        week.code: weekly(
            axis,
            [tuple(day) for day in week.days],
            first.date() - timedelta(days=31),
            ends.date(),
            name=week.name,
            other=dict(week.exceptions),
        )
        for week in weeks
        if any(week.days)
    }
    main = next(iter(built.values()), ALWAYS)
    return {"": main, **{code: one for code, one in built.items() if code}, ELAPSED: ALWAYS}


def _activity(task: Task, axis: Axis, calendars: Mapping[str, Calendar]) -> Activity:
    bounds: tuple[Bound, ...] = ()
    if task.constraint in BOUNDS and task.constraint_on is not None:
        bounds = (Bound(task.constraint, axis.tick(task.constraint_on)),)
    calendar = task.calendar if task.calendar in calendars else ""
    return Activity(
        task.code, _ticks(task, axis, calendars[calendar]), task.name, calendar, task.owner, bounds
    )


def _ticks(task: Task, axis: Axis, calendar: Calendar) -> int:
    if task.minutes is not None:
        return round(task.minutes / axis.minutes)
    if task.start and task.finish:
        return calendar.between(axis.tick(task.start), axis.tick(task.finish))
    return 0


def _links(plan: Plan, axis: Axis) -> Iterator[Link]:
    below = _below(plan)
    counts = {code: len(leaves) for code, leaves in below.items()}
    links = sum(counts.get(one.before, 1) * counts.get(one.after, 1) for one in plan.relations)
    if links > _MOST_LINKS:
        raise unfit("schedule_too_heavy")
    for one in plan.relations:
        calendar = ELAPSED if one.elapsed else None
        for before, after in product(
            below.get(one.before, (one.before,)), below.get(one.after, (one.after,))
        ):
            yield Link(
                before, after, cast(LinkKind, one.kind), round(one.lag / axis.minutes), calendar
            )


def _below(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Summary row → the leaves below it."""
    parents = {task.code: task.parent for task in plan.tasks}
    found: dict[str, list[str]] = {task.code: [] for task in plan.tasks if task.summary}
    for task in plan.leaves:
        at, seen = task.parent, set()
        while at and at not in seen:
            seen.add(at)
            if at in found:
                found[at].append(task.code)
            at = parents.get(at, "")
    return {code: tuple(leaves) for code, leaves in found.items()}


def _pinned(net: Network, leaves: tuple[Task, ...], axis: Axis) -> Network:
    early = dates(net).early_start
    bounds = [
        (*own, Bound("start_from", planned))
        if task.start and (planned := axis.tick(task.start)) > start
        else own
        for own, task, start in zip(net.bounds, leaves, early, strict=True)
    ]
    return replace(net, bounds=tuple(bounds))


def day_end(day: date) -> datetime:
    """The moment by which what is promised for a day must be done."""
    return datetime.combine(day + timedelta(days=1), time())

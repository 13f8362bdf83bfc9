"""The bridge to the schedule engine and to the files of project programs.

Files become tasks; a baseline and a newer plan become an earned schedule, a forecast of the end and
the critical path. Time is in natural days since the start of the baseline, both ends worked, tasks
weighed by their days: an office has no costs per task.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import cast

import numpy as np

from bihuan.base import schedule_words
from bihuan.engines.schedule import calibration, earned, forecast, path
from bihuan.engines.schedule import network as networks
from bihuan.engines.schedule.faults import Fault, Unfit
from bihuan.exchange import schedules
from bihuan.exchange.schedules.counting import Counted, counted
from bihuan.exchange.schedules.project import kind_of
from bihuan.projects import paste
from bihuan.projects.rules import Follows, Task

SENTENCES = {**schedule_words.SENTENCES, "too_many": paste.SENTENCES["too_many"]}
_ONE = timedelta(days=1)


@dataclass(frozen=True)
class FileTasks:
    """The tasks of a project program's file, or the faults: codes of `SENTENCES`, with params."""

    tasks: tuple[Task, ...]
    faults: tuple[Fault, ...] = ()


def file_tasks(content: bytes, name: str) -> FileTasks | None:
    """What a file of Project, Primavera or Planner holds; None where it is no such file."""
    try:
        if not kind_of(content):
            return None
        plan = schedules.read(content, name)
    except schedules.Refusal as refusal:
        return FileTasks((), (Fault(refusal.doubt.code, refusal.doubt.params),))
    if len(plan.leaves) > paste.MOST_TASKS:
        return FileTasks((), (Fault("too_many", {"most": paste.MOST_TASKS}),))
    undated = [one.name or one.code for one in plan.leaves if not one.start or not one.finish]
    if undated:
        return FileTasks((), (Fault("schedule_no_dates", {"found": "、".join(undated[:10])}),))
    try:
        before = _links(counted(plan, pinned=False)) if plan.leaves else {}
    except Unfit as unfit:
        return FileTasks((), tuple(_named(fault, plan) for fault in unfit.faults))
    tasks = tuple(
        Task(
            one.code[:60],
            (one.name or one.code)[:200],
            one.start.date(),
            max(one.finish.date(), one.start.date()),
            None if one.done is None else min(max(round(100 * one.done), 0), 100),
            tuple(before.get(one.code, ())),
            one.base_start and one.base_start.date(),
            one.base_finish and one.base_finish.date(),
        )
        for one in plan.leaves
        if one.start is not None and one.finish is not None
    )
    return FileTasks(tasks, () if tasks else (Fault("schedule_no_tasks", {}),))


def _named(fault: Fault, plan: schedules.Plan) -> Fault:
    """A circle told by names: nobody knows the numbers inside a program's file."""
    if fault.code != "schedule_cycle":
        return fault
    names = {task.code: task.name or task.code for task in plan.leaves}
    path = " → ".join(names[code] for code in str(fault.params["path"]).split(" → "))
    return Fault(fault.code, {"path": path})


def _links(found: Counted) -> dict[str, list[Follows]]:
    """What each leaf waits for, with its lag in natural days.

    A lag is worked in a calendar; how many days it takes is seen at the dates of the plan itself.
    """
    net, out = found.network, dict[str, list[Follows]]()
    for n in range(len(net.before)):
        before, after = found.leaves[net.before[n]], found.leaves[net.after[n]]
        kind, lag = networks.LINKS[net.kinds[n]], int(net.lags[n])
        told = Follows(before.code, kind, _lag_days(found, n) if lag else 0)
        out.setdefault(after.code, []).append(told)
    return out


def _lag_days(found: Counted, n: int) -> int:
    net, axis = found.network, found.axis
    task, kind = found.leaves[net.before[n]], networks.LINKS[net.kinds[n]]
    since = task.finish if kind in ("FS", "FF") else task.start
    calendar = net.calendars[net.lag_calendar[n]]
    moment = calendar.after(axis.tick(cast(datetime, since)), int(net.lags[n]))
    # What starts then starts with the next work; days are counted with both ends worked.
    ends = kind in ("FF", "SF")
    then = axis.when(moment if ends else calendar.opens(moment))
    days = (then.date() - cast(datetime, since).date()).days
    return days + {"FS": -1, "SF": 1}.get(kind, 0)


def _held(before: Task, kind: str, after: Task) -> int:
    """The lag in days that the dates of two tasks keep."""
    first = before.finish + _ONE if kind in ("FS", "FF") else before.start
    then = after.finish + _ONE if kind in ("FF", "SF") else after.start
    return (then - first).days


@dataclass(frozen=True)
class Critical:
    """一项任务的总时差（天）；零就是关键。"""

    task: Task
    float_days: int


@dataclass(frozen=True)
class Outlook:
    """完工预测：进度、SPI(t)、P50/P80/P95、按基线日期完工的把握，以及所依据的参照类。

    `spi_t` is the earned schedule over the time that has passed (Lipke 2003).
    """

    done_percent: int
    spi_t: float | None
    days_behind: int
    planned: date
    p50: date
    p80: date
    p95: date
    chance_percent: int
    reference: forecast.ReferenceClass
    ended: bool
    first: date
    view: forecast.Outlook

    def chance(self, day: date) -> float:
        """The chance that the whole ends no later than on this day."""
        return self.view.chance(self._passed(day))

    def in_time(self, finish: date) -> float:
        """The chance that what the baseline ends on this day, and is not yet done, ends by then.

        The same SPI(t) holds for the part of the plan up to that day: at its end, for the whole.
        """
        days = self._passed(finish)
        return replace(self.view, length=days).chance(days)

    def _passed(self, day: date) -> float:
        return float((day - self.first).days + 1)


def final_spi_t(baseline: Sequence[Task], ended_on: date) -> float:
    """Planned over real duration of a project that ended on a day; its start is the baseline's."""
    first = min(task.start for task in baseline)
    planned = (max(task.finish for task in baseline) - first).days + 1
    return planned / max((ended_on - first).days + 1, 1)


def reference(finals: Sequence[float]) -> forecast.ReferenceClass:
    """The zone's own finished projects, by their final SPI(t); the published class while they are
    too few, or all alike, or their median and their share of late ones contradict each other."""
    try:
        return forecast.of_finished("own", finals)
    except Unfit:
        return forecast.CLASSES[0]


def outlook(
    baseline: Sequence[Task],
    plan: Sequence[Task],
    status_on: date,
    known: forecast.ReferenceClass = forecast.CLASSES[0],
) -> Outlook | None:
    """How the project will end, by its baseline, what a newer plan says is done, and its class.

    None where no task of the baseline says how much of it is done, or nothing has begun yet.
    """
    done: Mapping[str, float] = {
        task.key: task.percent / 100 for task in plan if task.percent is not None
    }
    first = min(task.start for task in baseline)
    at = float((status_on - first).days + 1)
    if at <= 0 or not any(task.key in done for task in baseline):
        return None
    days = np.array([(task.finish - task.start).days + 1 for task in baseline], dtype=float)
    starts = np.array([(task.start - first).days for task in baseline], dtype=float)
    base = earned.Baseline(
        tuple(task.key for task in baseline), starts, starts + days, np.zeros(len(days)), days
    )
    share = np.array([done.get(task.key, 0.0) for task in baseline])
    status = earned.Status("", at, share, share > 0, np.zeros(len(days)))
    found = earned.earned(base, status)
    ended = found.done >= 1.0 - 1e-9
    if ended:
        at = min(at, float((max(task.finish for task in plan) - first).days + 1))
    view = forecast.mixed(base.length, at, found.es, known, ended=ended)

    def day(share_: float) -> date:
        return first + timedelta(days=math.ceil(view.by(share_) - 1e-9)) - _ONE

    return Outlook(
        round(100 * found.done),
        found.spi_t,
        round(found.at - found.es),
        max(task.finish for task in baseline),
        day(0.5),
        day(0.8),
        day(0.95),
        round(100 * view.chance(base.length)),
        known,
        ended,
        first,
        view,
    )


@dataclass(frozen=True)
class Past:
    """过去的一次完工预测和后来的事：`place` 是预测给“不晚于实际完工日”的概率。"""

    outlook: Outlook
    status_on: date
    ended_on: date

    @property
    def kept(self) -> bool:
        return self.ended_on <= self.outlook.planned

    @property
    def chance(self) -> float:
        return self.outlook.chance(self.outlook.planned)

    @property
    def place(self) -> float:
        return self.outlook.chance(self.ended_on)


def judged(past: Sequence[Past]) -> tuple[calibration.Brier, calibration.Spread]:
    """Past forecasts against what happened; Unfit where there are none."""
    return (
        calibration.brier([one.chance for one in past], [one.kept for one in past]),
        calibration.spread([one.place for one in past]),
    )


def critical(plan: Sequence[Task]) -> tuple[Critical, ...]:
    """Each task with its total float, least first; empty where the links make no network.

    Tasks are not moved: the plan's own starts are lower bounds, so that float is what a task may
    slip before the planned end moves. Where the dates of the plan leave less than a link asks for
    (half a day, work out of order), what they leave is what holds.
    """
    first = min(task.start for task in plan)
    known = {task.key: task for task in plan}
    activities = [
        networks.Activity(
            task.key,
            (task.finish - task.start).days + 1,
            task.name,
            bounds=(networks.Bound("start_from", (task.start - first).days),),
        )
        for task in plan
    ]
    links = [
        networks.Link(
            one.key,
            task.key,
            cast(networks.LinkKind, one.kind),
            min(one.lag, _held(known[one.key], one.kind, task)),
        )
        for task in plan
        for one in task.after
        if one.key in known and one.key != task.key
    ]
    try:
        found = path.dates(networks.network(activities, links))
    except Unfit:
        return ()
    told = [Critical(task, int(slack)) for task, slack in zip(plan, found.total_float, strict=True)]
    return tuple(sorted(told, key=lambda one: (one.float_days, one.task.start)))

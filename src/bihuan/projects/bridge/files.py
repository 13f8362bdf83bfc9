"""What project programs write: files become tasks, with the faults of a file in one go."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from bihuan.base import levelling_words, schedule_words
from bihuan.engines.schedule import network as networks
from bihuan.engines.schedule.faults import Fault, Unfit
from bihuan.exchange import schedules
from bihuan.exchange.schedules.counting import Counted, counted
from bihuan.exchange.schedules.project import kind_of
from bihuan.projects import paste
from bihuan.projects.rules import Follows, Task

SENTENCES = {
    **schedule_words.SENTENCES,
    **levelling_words.SENTENCES,
    "too_many": paste.SENTENCES["too_many"],
}


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
    names = {one.code: one.name for one in plan.resources}
    doing = {one.task: names.get(one.resource, "") for one in reversed(plan.assignments)}
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
            (one.owner or doing.get(one.code, ""))[:80],
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

"""Estimates: what is asked of the engine as plain data, and what was answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bihuan.base import clock
from bihuan.days import queries as days
from bihuan.days.rules import Calendar
from bihuan.jobs import rules as job_rules
from bihuan.people.models import Post
from bihuan.projects import bridge, rules
from bihuan.projects.models import Estimate, Project, SchedulePlan
from bihuan.projects.queries import clocks, schedules, seeing, tables

_MOST_PROMISED = 40


def estimates(kind: str, plan: SchedulePlan | None = None) -> list[Estimate]:
    """What was asked of this kind, newest first."""
    found = Estimate.objects.filter(kind=kind, plan=plan).select_related("job", "plan__project")
    return list(found[:20])


def busy(one: Estimate) -> bool:
    return one.job is not None and one.job.state in job_rules.UNFINISHED


def worked(plan: SchedulePlan) -> Calendar | None:
    """The calendar a plan counts in: None for natural days."""
    return days.calendar() if plan.days == "working" else None


def workdays(first: date) -> bridge.Workdays:
    """The working days of the zone from a day on, numbered."""
    return bridge.Workdays(first, days.calendar())


def points() -> list[bridge.Points]:
    """The office's three points of durations, in their order."""
    return [
        bridge.Points(one["words"] or "", one["low"], one["mode"], one["high"], one["shape"])
        for one in tables.table("risks")
    ]


def promised(plan: SchedulePlan) -> list[bridge.Promise]:
    """Ends promised for the whole, and what the baseline promises of each task not done yet."""
    found = [bridge.Promise(str(one.number), day) for one, day in schedules.promises(plan)]
    before = schedules.baseline_before(plan)
    if before is not None:
        now = {task.key: task for task in schedules.tasks(plan)}
        open_ones = [
            task
            for task in sorted(schedules.tasks(before), key=lambda task: task.finish)
            if task.key in now and now[task.key].percent != 100
        ]
        found += [
            bridge.Promise(f"{task.key} {task.name}", task.finish, task.key)
            for task in open_ones[:_MOST_PROMISED]
        ]
    return found


# Preliminary work of all projects -----------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """一件还没办完的前期步骤：在哪个项目，占用哪一种有限的力量。"""

    step: Any
    strength: str
    due: date | None


def waiting(by: Post) -> list[Waiting]:
    """Every open step, in projects this post sees, that the start of its project waits for."""
    held = {
        step: str(one["code"]) for one in tables.table("scarce") for step in one["steps"].split()
    }
    found = []
    for project in _before_start(by):
        for one in clocks.work(project):
            if one.state in ("waiting", "running"):
                found.append(Waiting(one, held.get(one.code, ""), one.planned_on))
    return found


def _before_start(by: Post) -> list[Project]:
    found = seeing.visible_to(by).filter(side="").order_by("pk")
    return [one for one in found if not rules.reached(one.stage, "started")]


def steps_case(found: Sequence[Waiting]) -> dict[str, Any]:
    """前期步骤合成一道均衡题：没有法定时限的按零天算，紧前只看没办完的。"""
    calendar = days.calendar()
    span = bridge.Workdays(clock.today(), calendar)
    open_ones = {one.step.pk for one in found}
    items = []
    for one in found:
        step = one.step
        after = tuple(
            (str(before.pk), "FS", 0) for before in step.after.all() if before.pk in open_ones
        )
        due = None if one.due is None else span.before(one.due) + 1
        items.append(
            bridge.Item(
                str(step.pk),
                _length(step, calendar, span),
                {one.strength: 1} if one.strength else {},
                0,
                due,
                after if step.state == "waiting" else (),
            )
        )
    capacity = {str(row["code"]): int(row["capacity"]) for row in tables.table("scarce")}
    return {
        "case": bridge.table(items, capacity),
        "first_day": span.first.isoformat(),
        "steps": {
            str(one.step.pk): [one.step.project.pk, one.strength, one.step.state] for one in found
        },
    }


def _length(step: Any, calendar: Calendar, span: bridge.Workdays) -> int:
    """Days of work that the limit of a step leaves; none where the law gives none."""
    told = clocks.clocked(step, calendar=calendar)
    left = told.term.left if told.term is not None else told.rule.number
    if not left or left < 0:
        return 0
    unit = told.rule.unit
    if told.term is not None and unit != "working":
        unit = "natural"  # months and years are read in natural days once the clock runs
    return left if unit == "working" else span.before(calendar.add(span.first, left, unit))

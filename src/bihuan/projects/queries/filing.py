"""Monthly filings, weekly notes, the key list: who has filed, what is missing, who is behind."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from bihuan.base import clock
from bihuan.days import queries as days
from bihuan.projects import rules
from bihuan.projects.models import (
    BatchTag,
    Filing,
    KeyListing,
    Project,
    StageStep,
    Weekly,
    WorkStep,
    YearPlan,
)
from bihuan.projects.queries import stages, tables

State = Literal["filed", "late", "missing", "waiting"]
FIRST, LAST = "signed", "completed"  # filed from signing until it produces


def month_of(day: date) -> date:
    return day.replace(day=1)


def month_before(month: date) -> date:
    return month_of(month - timedelta(days=1))


def filing_due(month: date) -> date:
    """The deadline of a month's filing by today's rule."""
    return rules.deadline(days.calendar(), month, tables.row("deadlines", "monthly"))


@dataclass(frozen=True)
class Due:
    """一个项目某月的报送：报没报，哪天到期，晚了几天。"""

    project: Project
    month: date
    filing: Filing | None
    due: date
    state: State
    days_late: int


def filings_due(
    visible: Iterable[Project],
    month: date,
    today: date | None = None,
    scope: Iterable[Mapping[str, Any]] | None = None,
) -> list[Due]:
    """Every project that has to file for a month, by the rule table (or the rows given)."""
    on = today or clock.today()
    known = {project.pk: project for project in visible}
    steps, due = stages.steps_of(known.values()), filing_due(month)
    filed: dict[int, list[Filing]] = {}
    for one in Filing.objects.filter(project__in=known, month=month).order_by("version"):
        filed.setdefault(one.project_id, []).append(one)
    asked = _asked(known, month.year, scope)
    last = days.calendar().end_of(month, "month")
    found = []
    for key, project in known.items():
        if key in filed or (key in asked and _running(steps[key], last)):
            found.append(_due(project, month, filed.get(key, []), due, on))
    return found


def _due(project: Project, month: date, filed: list[Filing], due: date, today: date) -> Due:
    if filed:
        first, newest = filed[0], filed[-1]
        late = (first.filed_on - first.due).days
        state: State = "late" if late > 0 else "filed"
        return Due(project, month, newest, first.due, state, max(late, 0))
    late = (today - due).days
    return Due(project, month, None, due, "missing" if late > 0 else "waiting", max(late, 0))


def _asked(
    known: Mapping[int, Project], year: int, rows: Iterable[Mapping[str, Any]] | None = None
) -> set[int]:
    """Which projects have to file at all."""
    held = rows if rows is not None else tables.table("scope")
    scope = {row["code"]: bool(row["on"]) for row in held}
    key = set(stages.levels(year))
    batch = set(BatchTag.objects.filter(removed="").values_list("project", flat=True))
    asked: set[int] = set()
    if scope["key"]:
        asked |= key
    if scope["batch"]:
        asked |= batch
    if scope["other"]:
        asked |= known.keys() - key - batch
    return asked & known.keys()


def _running(steps: list[StageStep], day: date) -> bool:
    stage, _since, side = stages.stage_of(steps, day)
    return not side and rules.reached(stage, FIRST) and not _past(stage)


def _past(stage: str) -> bool:
    return rules.ORDER.index(stage) > rules.ORDER.index(LAST)


def missing_months(project: Project, today: date, back: int) -> list[Due]:
    """Which of the last so many months were filed late, or not at all; oldest first."""
    month, found = month_of(today), []
    for _n in range(back):
        found += [
            one
            for one in filings_due([project], month, today)
            if one.state == "missing" or (one.state == "late" and one.days_late > 0)
        ]
        month = month_before(month)
    return found[::-1]


def checks(project: Project, month: date) -> list[Mapping[str, Any]]:
    """The rows of the check list that a project's filing has to fulfil."""
    last = days.calendar().end_of(month, "month")
    stage, _since, _side = stages.stage_of(list(project.steps.all()), last)
    key = project.pk in stages.levels(month.year)
    holds = {"always": True, "started": rules.reached(stage, "started"), "key": key}
    return [row for row in tables.table("checklist") if holds[row["when"]]]


def missing_items(project: Project, month: date, told: Mapping[str, Any]) -> list[str]:
    """What the check list still asks for, each by its name in the reader's language."""
    found = []
    for row in checks(project, month):
        field = row["field"]
        if field == "weekly":
            there = weeklies_in(project, month)
        else:
            value = told.get(field)
            there = value is not None and str(value).strip() != ""
        if not there:
            found.append(tables.label(row))
    return found


def newest_filing(project: Project, month: date) -> Filing | None:
    return project.filings.filter(month=month).order_by("-version").first()


def filings_of(project: Project) -> list[Filing]:
    """The newest version of each month, oldest month first."""
    found = project.filings.select_related("paper", "by__person", "by__unit")
    return list({one.month: one for one in found.order_by("month", "version")}.values())


def weeklies_in(project: Project, month: date) -> bool:
    last = days.calendar().end_of(month, "month")
    return project.weeklies.filter(week__range=(month - timedelta(days=6), last)).exists()


@dataclass(frozen=True)
class Week:
    """一个项目某周的进展：写没写，哪天到期。"""

    project: Project
    weekly: Weekly | None
    due: date
    late: bool


def week(visible: Iterable[Project], monday: date, today: date | None = None) -> list[Week]:
    """Every project under way in a week, with its newest note."""
    on = today or clock.today()
    known = {project.pk: project for project in visible}
    steps = stages.steps_of(known.values())
    due = rules.week_deadline(days.calendar(), monday, tables.row("deadlines", "weekly"))
    notes = Weekly.objects.filter(project__in=known, week=monday).order_by("pk")
    newest = {one.project_id: one for one in notes.select_related("by__person", "by__unit")}
    asked = _asked(known, monday.year)
    return [
        Week(project, newest.get(key), due, key not in newest and on > due)
        for key, project in known.items()
        if key in newest or (key in asked and _running(steps[key], monday + timedelta(days=6)))
    ]


# The key list of a year ---------------------------------------------------------------------------


@dataclass(frozen=True)
class KeyRow:
    """名单上的一个项目：计划、完成、完成率、时间进度、是否该开工、联审联批办了几步。"""

    project: Project
    listing: KeyListing
    plan: YearPlan | None
    filing: Filing | None
    expected: int  # percent of the year that has passed at the end of the month filed
    joint_done: int
    joint_all: int
    started: bool

    @property
    def done(self) -> Decimal | None:
        return self.filing.invested if self.filing else None

    @property
    def rate(self) -> int | None:
        """Investment done as a percentage of the year's plan."""
        if self.plan is None or not self.plan.amount or self.done is None:
            return None
        return round(100 * self.done / self.plan.amount)

    def behind(self, points: int) -> bool:
        return self.rate is not None and self.rate < self.expected - points


def key_list(visible: Iterable[Project], year: int) -> list[KeyRow]:
    """省市重点名单：一年的项目、计划和完成。"""
    listed, plans = stages.levels(year), stages.year_plans(year)
    known = {project.pk: project for project in visible if project.pk in listed}
    filings = Filing.objects.filter(project__in=known, month__year=year, invested__isnull=False)
    newest = {one.project_id: one for one in filings.order_by("month", "version")}
    joint: dict[int, list[str]] = {}
    work = WorkStep.objects.filter(project__in=known, joint=True).exclude(state="skipped")
    for key, state in work.values_list("project", "state"):
        joint.setdefault(key, []).append(state)
    return [
        KeyRow(
            project,
            listed[key],
            plans.get(key),
            newest.get(key),
            round(100 * newest[key].month.month / 12) if key in newest else 0,
            joint.get(key, []).count("done"),
            len(joint.get(key, [])),
            rules.reached(project.stage, "started"),
        )
        for key, project in known.items()
    ]


@dataclass(frozen=True)
class KeyTotals:
    """名单合计：计划、完成、完成率；开工率；联审联批完成率。None where nothing is due."""

    planned: Decimal
    done: Decimal
    rate: int | None
    to_start: int
    started: int
    start_rate: int | None
    joint_done: int
    joint_all: int
    joint_rate: int | None


def key_totals(rows: Iterable[KeyRow]) -> KeyTotals:
    found = list(rows)
    planned = sum((r.plan.amount for r in found if r.plan), Decimal(0))
    done = sum((r.done for r in found if r.done is not None), Decimal(0))
    due = [r for r in found if r.plan and r.plan.starts]
    started = sum(r.started for r in due)
    joint_done, joint_all = sum(r.joint_done for r in found), sum(r.joint_all for r in found)
    return KeyTotals(
        planned,
        done,
        round(100 * done / planned) if planned else None,
        len(due),
        started,
        round(100 * started / len(due)) if due else None,
        joint_done,
        joint_all,
        round(100 * joint_done / joint_all) if joint_all else None,
    )

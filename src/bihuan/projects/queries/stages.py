"""The life of projects: steps that count, stages on a day, batches and how they convert."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any, Literal

from bihuan.base import clock
from bihuan.days import queries as days
from bihuan.days.rules import Calendar
from bihuan.projects import rules
from bihuan.projects.models import BatchTag, KeyListing, Project, StageStep, YearPlan
from bihuan.projects.queries import tables

STAGE_OF = {"signed": "signed", "started": "started", "producing": "in_production"}


def counting(steps: Iterable[StageStep]) -> list[StageStep]:
    """The steps that count: without those struck by a correction, and without the corrections."""
    found = list(steps)
    struck = {one.strikes_id for one in found}
    return [one for one in found if one.step != rules.STRUCK and one.pk not in struck]


def life(project: Project) -> list[StageStep]:
    """Every step of a project ever recorded, corrections too, in the order of entry."""
    found = project.steps.select_related("proof", "by__person", "by__unit", "strikes")
    return list(found.order_by("pk"))


def stage_of(steps: Sequence[StageStep], day: date | None = None) -> tuple[str, date | None, str]:
    """Stage, since when, and the side (停建、退出) on a day, from the steps that count."""
    stage, since, side = "", None, ""
    for one in sorted(counting(steps), key=lambda one: (one.on, one.pk)):
        if day is not None and one.on > day:
            continue
        if one.step in rules.STAGES:
            stage, since = one.step, one.on
        else:
            side = "" if one.step == "resumed" else one.step
    return stage, since, side


def steps_of(projects: Iterable[Project]) -> dict[int, list[StageStep]]:
    """The steps of many projects with one query."""
    found: dict[int, list[StageStep]] = {project.pk: [] for project in projects}
    for one in StageStep.objects.filter(project__in=found).order_by("pk"):
        found[one.project_id].append(one)
    return found


def reached_on(steps: Sequence[StageStep], stage: str) -> date | None:
    """When a project came to a stage, or past it."""
    days_ = [
        s.on for s in counting(steps) if s.step in rules.STAGES and rules.reached(s.step, stage)
    ]
    return min(days_, default=None)


# Batches ------------------------------------------------------------------------------------------

State = Literal["in_time", "late", "overdue", "running"]


@dataclass(frozen=True)
class Turn:
    """一个项目按一条转化规则走到哪里：起算日、应到日、实到日、用了多少天（按规则的单位）。"""

    tag: BatchTag
    rule: Mapping[str, Any]
    began: date
    due: date
    reached: date | None
    age: int
    state: State


@dataclass(frozen=True)
class Conversion:
    """一批按一条规则的转化率：按期的、晚的、超期未转的、还在期内的；平均用时取中位数。"""

    edition: str
    batch: str
    rule: Mapping[str, Any]
    turns: tuple[Turn, ...]

    def count(self, *states: State) -> int:
        return sum(turn.state in states for turn in self.turns)

    @property
    def rate(self) -> int:
        return round(100 * self.count("in_time", "late") / len(self.turns))

    @property
    def median_age(self) -> float:
        return float(median(turn.age for turn in self.turns))


def board(
    visible: Iterable[Project],
    today: date | None = None,
    conversions: Iterable[Mapping[str, Any]] | None = None,
) -> list[Conversion]:
    """三个一批看板：每期每批按规则表（或所给的规则）的转化情况，新的期在前。"""
    by_rule = list(conversions if conversions is not None else tables.table("conversions"))
    on = today or clock.today()
    known = {project.pk: project for project in visible}
    steps, calendar = steps_of(known.values()), days.calendar()
    groups: dict[tuple[str, str], list[BatchTag]] = {}
    tags = BatchTag.objects.filter(project__in=known, removed="").order_by("-on", "pk")
    for tag in tags:
        tag.project = known[tag.project_id]
        groups.setdefault((tag.edition, tag.batch), []).append(tag)
    return [
        Conversion(
            edition, batch, rule,
            tuple(turn(tag, steps[tag.project_id], rule, calendar, on) for tag in group),
        )
        for (edition, batch), group in groups.items()
        for rule in by_rule
        if rule["start"] == STAGE_OF[batch]
    ]  # fmt: skip


def turn(
    tag: BatchTag,
    steps: Sequence[StageStep],
    rule: Mapping[str, Any],
    calendar: Calendar,
    today: date,
) -> Turn:
    """One project of a batch under one rule."""
    own = [one.on for one in counting(steps) if one.step == rule["start"]]
    began = min(own) if own else tag.on
    due = calendar.add(began, int(rule["number"]), rule["unit"])
    reached = reached_on(steps, rule["end"])
    end = reached or today
    unit = rule["unit"] if rule["unit"] == "working" else "natural"
    age = max(calendar.between(began, end, unit), 0)
    if reached is not None:
        state: State = "in_time" if reached <= due else "late"
    else:
        state = "overdue" if today > due else "running"
    return Turn(tag, rule, began, due, reached, age, state)


def turns_of(project: Project, today: date) -> list[Turn]:
    """Every conversion that one project's batches ask for."""
    steps, calendar = list(project.steps.all()), days.calendar()
    return [
        turn(tag, steps, rule, calendar, today)
        for tag in project.batches.filter(removed="")
        for rule in tables.table("conversions")
        if rule["start"] == STAGE_OF[tag.batch]
    ]


# Level and plan by year ---------------------------------------------------------------------------


def levels(year: int) -> dict[int, KeyListing]:
    """Which projects are on the key list of a year, by the newest row of each."""
    newest = {one.project_id: one for one in KeyListing.objects.filter(year=year).order_by("pk")}
    return {key: one for key, one in newest.items() if one.level != "none"}


def level_years(project: Project) -> list[KeyListing]:
    """The newest listing of a project for each year."""
    return list({one.year: one for one in project.listings.order_by("pk")}.values())


def year_plans(year: int) -> dict[int, YearPlan]:
    """The plan of a year that holds, by project."""
    return {one.project_id: one for one in YearPlan.objects.filter(year=year).order_by("pk")}


def plan_years(project: Project) -> list[YearPlan]:
    """Every version of every year's plan of a project, in order."""
    found = project.year_plans.select_related("by__person", "by__unit")
    return sorted(found, key=lambda one: (one.year, one.pk))

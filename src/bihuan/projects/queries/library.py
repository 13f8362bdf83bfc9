"""The step library: which rows hold, which row held on a day."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from bihuan.base import clock
from bihuan.projects import rules
from bihuan.projects.models import StepRule, WorkStep


def step_rules(day: date | None = None) -> list[StepRule]:
    """Every step of the library as it holds on a day, in its order; those in use only."""
    on = day or clock.today()
    by_code: dict[str, list[StepRule]] = {}
    for one in StepRule.objects.order_by("pk"):
        by_code.setdefault(one.code, []).append(one)
    found = [held for rows in by_code.values() if (held := _of(rows, on)) and held.in_use]
    return sorted(found, key=lambda one: (one.order, one.pk))


def step_rule(code: str) -> StepRule | None:
    """A step as it holds today; its newest row where none does."""
    rows = list(StepRule.objects.filter(code=code).order_by("pk"))
    return _of(rows, clock.today()) or (rows[-1] if rows else None)


def step_rule_on(code: str, day: date) -> StepRule | None:
    """The row of the library that held on a day: what was law then."""
    return _of(list(StepRule.objects.filter(code=code).order_by("pk")), day)


def step_rule_history(code: str) -> QuerySet[StepRule]:
    """Every row ever entered for a step, newest first."""
    found = StepRule.objects.filter(code=code).order_by("-pk")
    return found.select_related("by__person", "by__unit")


def steps_waiting(code: str) -> int:
    """How many steps of projects are laid out and not accepted yet."""
    return WorkStep.objects.filter(code=code, state="waiting").count()


def _of(rows: Iterable[StepRule], day: date) -> StepRule | None:
    known = {one.pk: one for one in rows}
    key = rules.on_day(day, ((one.valid_from, one.valid_to, pk) for pk, one in known.items()))
    return known[key] if key is not None else None

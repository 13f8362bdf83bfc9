"""What a rule table would change today if it held: asked before it is saved, nothing is written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bihuan.base import clock
from bihuan.days import queries as days
from bihuan.ledger.rules.tables import Row
from bihuan.projects import rules
from bihuan.projects.models import Project
from bihuan.projects.queries import filing, stages, tables


@dataclass(frozen=True)
class Effect:
    """Before and after, of one thing that is counted or dated."""

    what: str  # overdue, files, monthly, behind
    before: int | date
    after: int | date


def effects(code: str, rows: Sequence[Row]) -> list[Effect]:
    """What these rows would change today against those that hold now."""
    now, today = tables.table(code), clock.today()
    match code:
        case "conversions":
            return [Effect("overdue", _overdue(now, today), _overdue(rows, today))]
        case "scope":
            return [Effect("files", _filing(now, today), _filing(rows, today))]
        case "deadlines":
            return [Effect("monthly", _monthly(now, today), _monthly(rows, today))]
        case "limits":
            return [Effect("behind", _behind(now, today), _behind(rows, today))]
    return []


def _overdue(conversions: Iterable[Row], today: date) -> int:
    return sum(
        turn.state == "overdue"
        for one in stages.board(Project.objects.all(), today, conversions)
        for turn in one.turns
    )


def _filing(scope: Iterable[Row], today: date) -> int:
    return len(filing.filings_due(Project.objects.all(), filing.month_of(today), today, scope))


def _monthly(deadlines: Iterable[Row], today: date) -> date:
    row = _row(deadlines, "monthly")
    return rules.deadline(days.calendar(), filing.month_of(today), row)


def _behind(limits: Iterable[Row], today: date) -> int:
    points = int(_row(limits, "behind_points")["value"])
    return sum(one.behind(points) for one in filing.key_list(Project.objects.all(), today.year))


def _row(rows: Iterable[Row], code: str) -> Any:
    return next(row for row in rows if row["code"] == code)

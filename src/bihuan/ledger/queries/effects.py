"""What a rule table would change if it held: asked before it is saved, nothing is written."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from bihuan.base import clock
from bihuan.ledger import rules
from bihuan.ledger.models import Finding, Notice, Verification
from bihuan.ledger.queries import honest, tables
from bihuan.ledger.queries.notices import reminders_due
from bihuan.ledger.rules import time as timing
from bihuan.ledger.rules.tables import Row


@dataclass(frozen=True)
class Effects:
    """What would change today: lamps, reminders, samples; and what codes that go were used for."""

    lamps: dict[tuple[str, str], int] = field(default_factory=dict)  # (before, after) → findings
    reminders: tuple[int, int] | None = None  # to be sent today: before, after
    rechecks: tuple[int, int] | None = None  # waiting for a re-check
    samples: tuple[int, int] | None = None  # drawn from those
    gone: dict[str, int] = field(default_factory=dict)  # code that goes → how often it was used


def effects(code: str, rows: Sequence[Row]) -> Effects:
    """What these rows would change today against those that hold now."""
    match code:
        case "lamps":
            return Effects(lamps=_lamps(rows))
        case "ladder":
            return Effects(reminders=(len(reminders_due()), len(reminders_due(ladder=rows))))
        case "slips":
            sent = (len(reminders_due()), len(reminders_due(slips=rows)))
            return Effects(reminders=sent, gone=_gone(code, rows))
        case "recheck":
            now = tables.table("recheck")
            waiting, drawn = zip(_rechecks(now), _rechecks(rows), strict=True)
            return Effects(rechecks=waiting, samples=drawn)
        case _:
            return Effects(gone=_gone(code, rows))


def _lamps(rows: Sequence[Row]) -> dict[tuple[str, str], int]:
    now, today = tables.table("lamps"), clock.today()
    moved: Counter[tuple[str, str]] = Counter()
    lit = Finding.objects.filter(state__in=rules.OPEN, due__isnull=False).order_by()
    about = lit.values_list("state", "due", "requested_on", "missed_on")
    for state, due, requested, missed in about.iterator(chunk_size=2000):
        standing = timing.Standing(state, due, requested, missed is not None)
        before, after = (timing.lamp(table, standing, today) for table in (now, rows))
        # A lamp that is only called something else is another lamp to whoever looks at it.
        if before is not None and after is not None and _look(before) != _look(after):
            moved[before["code"], after["code"]] += 1
    return dict(moved)


def _look(row: Row) -> tuple[Any, ...]:
    return row["code"], row["name"], row["tone"]


def _rechecks(rows: Sequence[Row]) -> tuple[int, int]:
    """How many closed findings wait for a re-check, and how many of them would be drawn."""
    waiting = Finding.objects.filter(honest.recheck_due(rows)).order_by()
    risks = Counter(waiting.values_list("risk", flat=True))
    drawn = sum(math.ceil(risks[row["code"]] * row["share"] / 100) for row in rows)
    return risks.total(), drawn


_USED: dict[str, Callable[[str], QuerySet[Any]]] = {
    "sources": lambda code: Finding.objects.filter(source=code),
    "check_ways": lambda code: Verification.objects.filter(way=code),
    "slips": lambda code: Notice.objects.filter(slip=code),
}


def _gone(code: str, rows: Sequence[Row]) -> dict[str, int]:
    kept = {row["code"] for row in rows}
    going = [row["code"] for row in tables.table(code) if row["code"] not in kept]
    return {one: _USED[code](one).count() for one in going} if code in _USED else {}

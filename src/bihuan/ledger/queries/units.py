"""One unit and those directly below it: how they stand today, and month by month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from bihuan.base import clock
from bihuan.ledger.models import Finding, Stint
from bihuan.ledger.queries import stats, tables
from bihuan.ledger.queries.cascade import direct_subordinates
from bihuan.ledger.rules import time as timing
from bihuan.people import queries as people
from bihuan.people.models import Unit


@dataclass(frozen=True)
class Below:
    """One direct subordinate: what it leads itself, and together with everything below it.

    A late child further down shows here, at the unit that answers for it.
    """

    unit: Unit
    own: stats.Line
    whole: stats.Line
    worst: str | None


def below(unit: Unit, line: str, found: QuerySet[Finding]) -> list[Below]:
    """直接下级各自怎样；再往下的由直接下级负责，只计入它的合计。"""
    under = {
        one: people.subordinates(one, lines=(line,)) for one in direct_subordinates(unit, line)
    }
    concerned = found.filter(lead_unit__in=frozenset().union(*under.values()))
    lines = {one.key: one for one in stats.by_field(concerned, "lead_unit")}
    lit, lamps = stats.lamps_by_unit(concerned), tables.table("lamps")
    result = []
    for one, units in under.items():
        parts = [lines[str(pk)] for pk in units if str(pk) in lines]
        lamp = timing.worst(lamps, stats.added(lit[pk] for pk in units if pk in lit))
        own = lines.get(str(one.pk), stats.Line(str(one.pk), 0, 0, 0, 0))
        result.append(Below(one, own, stats.summed(str(one.pk), parts), lamp))
    return result


@dataclass(frozen=True)
class MonthOf:
    """One month of a unit's record."""

    first: date
    last: date
    assigned: int
    closed: int
    late_days: int


def _ever_led(found: QuerySet[Finding], unit: Unit) -> QuerySet[Finding]:
    """What a unit leads or has led: a problem handed over leaves its late days behind."""
    past = Stint.objects.filter(lead_unit=unit).order_by().values("finding")
    return found.filter(pk__in=past)


def record(found: QuerySet[Finding], months: int, *, unit: Unit | None = None) -> list[MonthOf]:
    """过去几个月：每月交办、销号多少，逾期合计多少天；本月只算到今天。

    With `unit`, what that unit leads; and the days that findings were late in its own hands, also
    those that it has handed over since.
    """
    today = clock.today()
    led = found if unit is None else found.filter(lead_unit=unit)
    counted = stats.by_month(led, months, today)
    held = found if unit is None else _ever_led(found, unit)
    late = stats.lateness(held, [(m.first, min(m.last, today)) for m in counted])
    return [
        MonthOf(m.first, m.last, m.assigned, m.closed, _days(days, unit))
        for m, days in zip(counted, late, strict=True)
    ]


def late_days_by_unit(found: QuerySet[Finding], periods: Sequence[stats.Period]) -> dict[int, int]:
    """逾期天数 of the units in the given periods together, each by the days in its own hands."""
    total: dict[int, int] = {}
    for late in stats.lateness(found, periods):
        for (_pk, unit), days in late.items():
            if unit is not None:
                total[unit] = total.get(unit, 0) + days
    return total


def _days(late: stats.Late, unit: Unit | None) -> int:
    return sum(days for (_pk, at), days in late.items() if unit is None or at == unit.pk)

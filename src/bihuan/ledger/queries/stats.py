"""How the ledger stands: by state, unit, source, kind, lamp and month, today and on a past day.

Units stand in the order of the register. Only the internal bulletin puts them in another order, by
days overdue; nothing here is for the public. Problems and measures are counted apart.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from django.db.models import Case, Count, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import Coalesce, Lead

from bihuan.ledger import rules
from bihuan.ledger.models import Finding, Measure, Stint
from bihuan.ledger.queries import tables
from bihuan.ledger.queries.filters import NEVER_GIVEN, lamp_now
from bihuan.ledger.queries.finding import overdue
from bihuan.ledger.rules import time as timing
from bihuan.people import queries as people
from bihuan.people.models import Unit

_AT_ONCE = 5000  # findings whose history is read at a time: a database takes only so many keys


@dataclass(frozen=True)
class UnitCount:
    """How one lead unit stands."""

    unit: Unit
    open: int
    overdue: int
    closed: int


def by_unit(found: QuerySet[Finding]) -> list[UnitCount]:
    """Open, overdue and closed findings of each lead unit, in the order of the register."""
    counted = (
        found.filter(lead_unit__isnull=False)
        .order_by()
        .values("lead_unit")
        .annotate(
            n_open=Count("pk", filter=Q(state__in=rules.OPEN)),
            n_overdue=Count("pk", filter=overdue()),
            n_closed=Count("pk", filter=Q(state="closed")),
        )
    )
    counts = {c["lead_unit"]: c for c in counted}
    return [
        UnitCount(unit, c["n_open"], c["n_overdue"], c["n_closed"])
        for unit in in_register_order(counts)
        if (c := counts[unit.pk])
    ]


def latest(found: QuerySet[Finding]) -> QuerySet[Finding]:
    """Overdue findings, those first that have been late longest."""
    late = found.filter(overdue()).select_related("leader__person", "leader__unit")
    return late.order_by("due", "pk")


def in_register_order(units: Iterable[int]) -> list[Unit]:
    """Units by their keys as the register lists them; those that have ended stand last."""
    wanted = Unit.objects.in_bulk(list(units))
    listed = [standing.unit for standing in people.register("admin")]
    ended = sorted(wanted.keys() - {unit.pk for unit in listed}, key=lambda pk: wanted[pk].code)
    return [unit for unit in listed if unit.pk in wanted] + [wanted[pk] for pk in ended]


def by_state(found: QuerySet[Finding]) -> dict[str, int]:
    """How many findings stand in each state, and under "overdue" how many are late."""
    counts = dict.fromkeys((*rules.STATES, "overdue"), 0)
    counts |= dict(found.order_by().values_list("state").annotate(n=Count("pk")))
    counts["overdue"] = found.filter(overdue()).count()
    return counts


@dataclass(frozen=True)
class Line:
    """One line of a table of statistics: raised, open, overdue, closed."""

    key: str
    total: int
    open: int
    overdue: int
    closed: int


def summed(key: str, lines: Iterable[Line]) -> Line:
    """Several lines as one."""
    parts = list(lines)
    return Line(
        key,
        sum(one.total for one in parts),
        sum(one.open for one in parts),
        sum(one.overdue for one in parts),
        sum(one.closed for one in parts),
    )


def by_field(found: QuerySet[Finding], field: str) -> list[Line]:
    """Counts by one field (source, rect_kind, category, risk, lead_unit); most first; one query."""
    counted = (
        found.exclude(state__in=NEVER_GIVEN)
        .order_by()
        .values(field)
        .annotate(
            n=Count("pk"),
            n_open=Count("pk", filter=Q(state__in=rules.OPEN)),
            n_overdue=Count("pk", filter=overdue()),
            n_closed=Count("pk", filter=Q(state="closed")),
        )
    )
    lines = [
        Line(str(c[field]), c["n"], c["n_open"], c["n_overdue"], c["n_closed"]) for c in counted
    ]
    return sorted(lines, key=lambda line: (-line.total, line.key))


def in_table_order(lines: Iterable[Line], codes: Iterable[str]) -> list[Line]:
    """Lines as a table of words lists its codes; codes that have left the table stand last."""
    known = {line.key: line for line in lines}
    order = [code for code in codes if code in known]
    return [known[code] for code in (*order, *sorted(known.keys() - set(order)))]


@dataclass(frozen=True)
class Month:
    """What happened in one month: findings assigned and findings closed."""

    first: date
    assigned: int
    closed: int

    @property
    def last(self) -> date:
        """The last day of the month."""
        return end_of_month(self.first)


def by_month(found: QuerySet[Finding], months: int, today: date) -> list[Month]:
    """The last `months` months up to today, each even if nothing happened in it."""
    firsts = list(_months_back(months, today))
    counts: list[dict[date, int]] = []
    for day in ("assigned_on", "closed_on"):
        # Counted by day, which an index answers, and added up here.
        period = {f"{day}__gte": firsts[0], f"{day}__lte": end_of_month(today)}
        rows = found.filter(**period).order_by().values_list(day).annotate(n=Count("pk"))
        months_of = dict.fromkeys(firsts, 0)
        for when, n in rows:
            months_of[when.replace(day=1)] += n
        counts.append(months_of)
    return [Month(first, counts[0][first], counts[1][first]) for first in firsts]


def end_of_month(day: date) -> date:
    """The last day of a day's month."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timing.ONE_DAY


def _months_back(months: int, today: date) -> Iterator[date]:
    last = today.year * 12 + today.month - 1
    for number in range(last - months + 1, last + 1):
        yield date(number // 12, number % 12 + 1, 1)


@dataclass(frozen=True)
class Measures:
    """措施另计：问题数与措施数不相加、不混用。"""

    total: int
    done: int


def measures(found: QuerySet[Finding]) -> Measures:
    """Measures of these findings, and those carried out."""
    rows = Measure.objects.filter(finding__in=found.order_by().values("pk"))
    counted = rows.aggregate(n=Count("pk"), done=Count("pk", filter=Q(done_on__isnull=False)))
    return Measures(counted["n"], counted["done"])


Lit = dict[str, int]  # lamp code → how many findings show it; "" counts those without a lamp


def lamps_by_unit(found: QuerySet[Finding]) -> dict[int, Lit]:
    """Today's lamps of the open findings of each lead unit."""
    rows = (
        found.filter(state__in=rules.OPEN)
        .order_by()
        .annotate(lamp=lamp_now())
        .values_list("lead_unit", "lamp")
        .annotate(n=Count("pk"))
    )
    counts: dict[int, Lit] = {}
    for unit, code, n in rows:
        counts.setdefault(unit, {})[code] = n
    return counts


def lamps_by_unit_on(found: QuerySet[Finding], day: date) -> dict[int, Lit]:
    """The lamps at the end of a past day, of what was open then, by the lead unit of that day."""
    table = tables.table_on("lamps", day)
    counts: dict[int, Lit] = {}
    for unit, standing in standings(found, day).values():
        lamp = timing.lamp(table, standing, day)
        code = lamp["code"] if lamp is not None else ""
        of_unit = counts.setdefault(unit, {})
        of_unit[code] = of_unit.get(code, 0) + 1
    return counts


def standings(found: QuerySet[Finding], day: date) -> dict[int, tuple[int, timing.Standing]]:
    """What was open at the end of a day: each finding with its lead unit and standing then."""
    # What had been closed by then is left out first; the stints say the rest.
    possible = found.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day)).order_by()
    rows = Stint.objects.filter(day__lte=day, finding__in=possible.values("pk")).order_by("pk")
    lines: dict[int, list[timing.Span]] = {}
    units: dict[int, int | None] = {}
    told = rows.values_list("finding_id", "lead_unit_id", "day", "state", "due", "requested_on")
    for pk, unit, when, state, due, requested in told.iterator(chunk_size=2000):
        lines.setdefault(pk, []).append(timing.Span(when, state, due, requested))
        units[pk] = unit
    result: dict[int, tuple[int, timing.Standing]] = {}
    for pk, stood in lines.items():
        led_by = units[pk]
        standing = timing.standing(stood, day) if stood[-1].state in rules.OPEN else None
        if standing is not None and led_by is not None:
            result[pk] = (led_by, standing)
    return result


def was_overdue(standing: timing.Standing, day: date) -> bool:
    """Was it overdue at the end of that day? The rule of `rules.is_overdue`."""
    return rules.is_overdue(standing.state, standing.due, day, standing.requested_on)


Period = tuple[date, date]  # first and last day, both included
Late = dict[tuple[int, int | None], int]  # (finding, its lead unit on those days) → days overdue


def lateness(found: QuerySet[Finding], periods: Sequence[Period]) -> list[Late]:
    """逾期天数：每个问题在每一时段内逾期的天数，记在当天牵头的单位名下；没有逾期的不列。

    The integral over time that `rules.time.late_days` takes, for a whole ledger and several
    periods at once: what was closed before the first of them is not read, the rest in pieces. Who
    takes a finding over does not inherit the days that it was late with somebody else.
    """
    first, last = min(p[0] for p in periods), max(p[1] for p in periods)
    late = found.filter(
        Q(missed_on__isnull=False) | Q(due__lt=last, state__in=rules.OPEN),
        Q(closed_on__isnull=True) | Q(closed_on__gte=first),
    )
    result: list[Late] = [{} for _period in periods]
    keys = iter(list(late.order_by().values_list("pk", flat=True)))
    while piece := list(islice(keys, _AT_ONCE)):
        for key, begins, ends in _late_spells(piece, last + timing.ONE_DAY):
            for (start, end), days_of in zip(periods, result, strict=True):
                if begins > end or ends <= start:
                    continue
                days = (min(ends, end + timing.ONE_DAY) - max(begins, start)).days
                days_of[key] = days_of.get(key, 0) + days
    return result


def _late_spells(
    findings: list[int], until: date
) -> Iterator[tuple[tuple[int, int | None], date, date]]:
    """Every run of overdue days of these findings: whose, from when, until (not with) when.

    The database says when each stint ended, and keeps back all that ended in time.
    """
    next_day = Window(Lead("day"), partition_by="finding", order_by="pk")
    with_unit = ~Q(state__in=rules.WITH_CHECKER, requested_on__isnull=False)
    ends = Case(When(with_unit, state__in=rules.OPEN, then=Coalesce(next_day, Value(until))))
    rows = Stint.objects.filter(finding__in=findings, day__lt=until).annotate(ends=ends)
    told = rows.filter(ends__gt=F("due")).values_list(
        "finding_id", "lead_unit_id", "ends", "day", "state", "due", "requested_on"
    )
    for pk, unit, end, day, state, due, requested in told.order_by():
        spell = timing.late_spell(timing.Span(day, state, due, requested), end)
        if spell is not None:
            yield (pk, unit), *spell


def added(counts: Iterable[Lit]) -> Lit:
    """Lamps of several units together."""
    together: Lit = {}
    for lit in counts:
        for code, n in lit.items():
            together[code] = together.get(code, 0) + n
    return together

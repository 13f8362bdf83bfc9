"""What the clock says: lamps today and on any past day, days of lateness, reminders due."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q, QuerySet

from bihuan.base import clock
from bihuan.days import queries as days
from bihuan.days.rules import Counted
from bihuan.ledger import rules
from bihuan.ledger.models import Finding, Notice, Stint
from bihuan.ledger.queries import tables
from bihuan.ledger.rules import time as timing
from bihuan.ledger.rules.tables import Row
from bihuan.people import queries as people
from bihuan.people.models import Post


def lamp(finding: Finding) -> Row | None:
    """The lamp of one finding today."""
    return lamps([finding])[finding.pk]


def lamps(found: Sequence[Finding]) -> dict[int, Row | None]:
    """Today's lamps, from the findings themselves: no further query but the lamp table."""
    table, today = tables.table("lamps"), clock.today()
    return {
        f.pk: timing.lamp(
            table,
            timing.Standing(f.state, f.due, f.requested_on, f.missed_on is not None),
            today,
        )
        for f in found
    }


def lamps_on(found: Iterable[Finding], day: date) -> dict[int, Row | None]:
    """The lamps at the end of any past day, from how each finding stood and the rules of then."""
    table = tables.table_on("lamps", day)
    result: dict[int, Row | None] = {}
    for pk, lines in spans([f.pk for f in found]).items():
        stood = timing.standing(lines, day)
        result[pk] = timing.lamp(table, stood, day) if stood else None
    return result


def spans(found: Iterable[int]) -> dict[int, list[timing.Span]]:
    """How each finding stood, from when on; in order of time."""
    lines: dict[int, list[timing.Span]] = {pk: [] for pk in found}
    rows = Stint.objects.filter(finding__in=list(lines)).order_by("pk")
    told = rows.values_list("finding_id", "day", "state", "due", "requested_on")
    for pk, day, state, due, requested in told:
        lines[pk].append(timing.Span(day, state, due, requested))
    return lines


def late_days(found: QuerySet[Finding], first: date, last: date) -> dict[int, int]:
    """逾期天数：每个问题在 `first` 到 `last`（都含）之间逾期的天数合计；没有逾期的不列。"""
    late = found.filter(Q(missed_on__isnull=False) | Q(due__lt=last, state__in=rules.OPEN))
    after = last + timing.ONE_DAY
    result = {}
    for pk, lines in spans(late.values_list("pk", flat=True)).items():
        days_late = timing.late_days(lines, after) - timing.late_days(lines, first)
        if days_late:
            result[pk] = days_late
    return result


def notices_of(finding: Finding) -> QuerySet[Notice]:
    """Reminders and slips sent about one finding, newest first."""
    return finding.notices.select_related("to__person", "to__unit", "seen_by__person")


def counted(finding: Finding) -> Counted | None:
    """How the deadline was counted, by the calendar as it is now; None if it was not counted."""
    if finding.counted_from is None or not finding.counted_days:
        return None
    return days.calendar().explain(finding.counted_from, finding.counted_days, finding.counted_unit)


def may_sign(notice: Notice, by: Post) -> bool:
    """May this post sign for a slip? The receiver, or whoever acknowledges for the lead unit."""
    if notice.to_id == by.pk:
        return True
    unit = notice.finding.lead_unit
    return unit is not None and people.may(by, "ledger.acknowledge", at=unit)

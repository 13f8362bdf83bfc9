"""月度通报 in figures: what happened in one month, each number counted from stored rows alone."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice

from django.db.models import Q, QuerySet
from django.utils import timezone

from bihuan.ledger import rules
from bihuan.ledger.models import Extension, Finding, Measure, Recheck, Verification
from bihuan.ledger.queries import stats
from bihuan.ledger.queries.filters import NEVER_GIVEN
from bihuan.ledger.rules.time import ONE_DAY

# By what the tables of the bulletin are made: fields of the finding as they are now; only where
# days are counted is the unit the one that led on those days.
KEYS = ("lead_unit", "source", "rect_kind")
Key = tuple[int | None, str, str]
LONGEST = 10


@dataclass(frozen=True)
class Figures:
    """One line of the bulletin: events of the month, and how things stood at its end.

    Times, not findings, where a thing can happen twice: extensions, returns, re-checks.
    """

    assigned: int = 0
    closed: int = 0
    open: int = 0
    overdue: int = 0
    late: int = 0
    late_days: int = 0
    extended: int = 0
    returned: int = 0
    rechecked: int = 0
    came_back: int = 0


@dataclass(frozen=True)
class Bulletin:
    """A month: all of it, and by each of the keys; problems and measures apart.

    `provisional` counts the open problems whose deadline may still move with the calendar.
    """

    first: date
    last: date
    problems: int
    measures: int
    measures_done: int
    new_measures: int
    provisional: int
    whole: Figures
    by: dict[str, dict[int | str | None, Figures]]
    longest: tuple[tuple[Finding, int], ...]


def of_month(found: QuerySet[Finding], first: date, today: date) -> Bulletin:
    """The month that begins on `first`, to its end or to today, over these findings."""
    last = min(stats.end_of_month(first), today)
    found = found.order_by()
    (days,) = stats.lateness(found, [(first, last)])
    counted = dict(_counted(found, first, last, days))
    whole = {name: sum(counts.values()) for name, counts in counted.items()}
    # A problem that was late in two units' hands is one late problem of the zone.
    whole["late"] = len({pk for pk, _unit in days})
    given = found.filter(assigned_on__lte=last).exclude(state__in=NEVER_GIVEN)
    new = found.filter(assigned_on__range=(first, last))
    measures = Measure.objects.filter(finding__in=given.values("pk"))
    by: dict[str, dict[int | str | None, Figures]] = {}
    for place, field in enumerate(KEYS):
        lines: dict[int | str | None, Counter[str]] = {}
        for name, counts in counted.items():
            for key, n in counts.items():
                lines.setdefault(key[place], Counter())[name] += n
        by[field] = {key: Figures(**line) for key, line in lines.items()}
    return Bulletin(
        first,
        last,
        problems=given.count(),
        measures=measures.count(),
        measures_done=measures.filter(done_on__lte=last).count(),
        provisional=given.filter(provisional=True, state__in=rules.OPEN).count(),
        new_measures=Measure.objects.filter(finding__in=new.values("pk")).count(),
        whole=Figures(**whole),
        by=by,
        longest=tuple(_longest(days)),
    )


def _longest(days: stats.Late) -> Iterator[tuple[Finding, int]]:
    """The problems that were overdue longest, longest first; at most `LONGEST` of them."""
    total: Counter[int] = Counter()
    for (pk, _unit), n in days.items():
        total[pk] += n
    most = sorted(total.items(), key=lambda pair: (-pair[1], pair[0]))[:LONGEST]
    found = Finding.objects.select_related("lead_unit").in_bulk([pk for pk, _n in most])
    return ((found[pk], n) for pk, n in most)


def _counted(
    found: QuerySet[Finding], first: date, last: date, days: stats.Late
) -> Iterator[tuple[str, Counter[Key]]]:
    during = (_morning(first), _morning(last + ONE_DAY))
    yield "assigned", Counter(_keys(found.filter(assigned_on__range=(first, last))))
    yield "closed", Counter(_keys(found.filter(closed_on__range=(first, last))))
    stood = stats.standings(found, last)
    open_then: stats.Late = {(pk, unit): 1 for pk, (unit, _standing) in stood.items()}
    late_then: stats.Late = {
        (pk, unit): 1 for pk, (unit, s) in stood.items() if stats.was_overdue(s, last)
    }
    yield "open", _of(found, open_then)
    yield "overdue", _of(found, late_then)
    yield "late", _of(found, dict.fromkeys(days, 1))
    yield "late_days", _of(found, days)
    mine = Q(finding__in=found.values("pk"))
    granted = Extension.objects.filter(mine, granted=True)
    yield "extended", _events(granted.filter(_within("decided_at", during)))
    checks = Verification.objects.filter(mine, _within("created_at", during))
    yield "returned", _events(checks.filter(passed=False))
    rechecks = Recheck.objects.filter(mine, _within("created_at", during))
    yield "rechecked", _events(rechecks)
    yield "came_back", _events(rechecks.filter(held=False))


def _keys(found: QuerySet[Finding]) -> Iterable[Key]:
    return found.values_list(*KEYS)


def _events(rows: QuerySet[Extension] | QuerySet[Verification] | QuerySet[Recheck]) -> Counter[Key]:
    return Counter(rows.order_by().values_list(*(f"finding__{key}" for key in KEYS)))


def _of(found: QuerySet[Finding], amounts: stats.Late) -> Counter[Key]:
    """Amounts of single findings, added up by their keys; the unit is the one of those days."""
    counts: Counter[Key] = Counter()
    keys = iter({pk for pk, _unit in amounts})
    about: dict[int, tuple[str, str]] = {}
    while piece := list(islice(keys, 5000)):
        rows = Finding.objects.filter(pk__in=piece).order_by()
        about |= {pk: (a, b) for pk, a, b in rows.values_list("pk", *KEYS[1:])}
    for (pk, unit), amount in amounts.items():
        counts[unit, *about[pk]] += amount
    return counts


def _morning(day: date) -> datetime:
    """The first moment of a day where the office stands."""
    return timezone.make_aware(datetime.combine(day, time()))


def _within(field: str, during: tuple[datetime, datetime]) -> Q:
    return Q(**{f"{field}__gte": during[0], f"{field}__lt": during[1]})

"""月度通报 in figures: what happened in one month, each number counted from stored rows alone."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice

from django.db.models import Q, QuerySet
from django.utils import timezone

from bihuan.ledger.models import Extension, Finding, Measure, Recheck, Verification
from bihuan.ledger.queries import stats
from bihuan.ledger.queries.filters import NEVER_GIVEN
from bihuan.ledger.rules.time import ONE_DAY

# By what the tables of the bulletin are made: fields of the finding, as they are now.
KEYS = ("lead_unit", "source", "rect_kind")
Key = tuple[int | None, str, str]


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
    """A month: all of it, and by each of the keys; problems and measures apart."""

    first: date
    last: date
    problems: int
    measures: int
    measures_done: int
    new_measures: int
    whole: Figures
    by: dict[str, dict[int | str | None, Figures]]


def of_month(found: QuerySet[Finding], first: date, today: date) -> Bulletin:
    """The month that begins on `first`, to its end or to today, over these findings."""
    last = min(stats.end_of_month(first), today)
    found = found.order_by()
    counted = dict(_counted(found, first, last))
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
        new_measures=Measure.objects.filter(finding__in=new.values("pk")).count(),
        whole=Figures(**{name: sum(counts.values()) for name, counts in counted.items()}),
        by=by,
    )


def _counted(
    found: QuerySet[Finding], first: date, last: date
) -> Iterator[tuple[str, Counter[Key]]]:
    during = (_morning(first), _morning(last + ONE_DAY))
    yield "assigned", Counter(_keys(found.filter(assigned_on__range=(first, last))))
    yield "closed", Counter(_keys(found.filter(closed_on__range=(first, last))))
    stood = stats.standings(found, last)
    late_then = [pk for pk, (_u, s) in stood.items() if stats.was_overdue(s, last)]
    yield "open", _of(found, dict.fromkeys(stood, 1))
    yield "overdue", _of(found, dict.fromkeys(late_then, 1))
    days = stats.lateness(found, first, last)
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


def _of(found: QuerySet[Finding], amounts: dict[int, int]) -> Counter[Key]:
    """Amounts of single findings, added up by their keys."""
    counts: Counter[Key] = Counter()
    keys = iter(amounts)
    while piece := list(islice(keys, 5000)):
        for pk, *key in found.filter(pk__in=piece).values_list("pk", *KEYS):
            counts[tuple(key)] += amounts[pk]  # type: ignore[index]  # three keys, as asked for
    return counts


def _morning(day: date) -> datetime:
    """The first moment of a day where the office stands."""
    return timezone.make_aware(datetime.combine(day, time()))


def _within(field: str, during: tuple[datetime, datetime]) -> Q:
    return Q(**{f"{field}__gte": during[0], f"{field}__lt": during[1]})

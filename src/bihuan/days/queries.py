"""Questions to the calendar and the limits, as they hold now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Min, QuerySet
from django.utils.translation import gettext as _

from bihuan.base.errors import NotFound
from bihuan.days import bridge, rules
from bihuan.days.models import DayMark, LegalLimit, Revision
from bihuan.days.paste import Entry

_Kept = tuple[tuple[str, ...], rules.Calendar]
_kept: _Kept | None = None


def calendar() -> rules.Calendar:
    """工作日历：此刻有效的一部。Built again when any process has entered a revision.

    The key is the stamps of all revisions, not the newest number: numbers are given out before
    their rows can be seen, and come again after a roll-back.
    """
    global _kept  # one calendar for the process, replaced whole
    stamps = tuple(Revision.objects.order_by("pk").values_list("stamp", flat=True))
    kept = _kept
    if kept is None or kept[0] != stamps:
        _kept = kept = (stamps, _assembled(*_entered()))
    return kept[1]


def with_entries(
    year: int, entries: Iterable[Entry], source: str, *, whole: bool = True
) -> rules.Calendar:
    """The calendar as it would be if this were entered: for the preview, and for what changes."""
    entered, years = _entered()
    if whole:
        years.add(year)
        _replace(entered, year)
    _lay(entered, entries, source, year if whole else None)
    return _assembled(entered, years)


def status(year: int) -> str:
    """published, entered or provisional."""
    return calendar().status(year)


def years() -> tuple[int, ...]:
    """The years of which the arrangement is known."""
    return tuple(sorted(calendar().settled))


def marks(year: int) -> QuerySet[DayMark]:
    """Every mark that the office ever made in a year, newest first."""
    found = DayMark.objects.filter(date__year=year).select_related(
        "revision__by__person", "revision__by__unit"
    )
    return found.order_by("-pk")


def revision(pk: int) -> Revision | None:
    """One revision of the calendar."""
    return Revision.objects.filter(pk=pk).first()


@dataclass(frozen=True)
class Change:
    """What became different: up to which revision, and the span of the days touched.

    A due date counted over any of these days should be counted again.
    """

    pk: int
    first: date
    last: date

    def touches(self, start: date, due: date) -> bool:
        """Does a term from `start` to `due` lean on a day that became different?"""
        return start < self.last and self.first <= due


def newest() -> int:
    """The number of the newest revision; 0 before the first."""
    return Revision.objects.aggregate(newest=Max("pk"))["newest"] or 0


def changed_since(pk: int) -> Change | None:
    """What became different after revision `pk`; None if nothing did."""
    after = Revision.objects.filter(pk__gt=pk, first__isnull=False).aggregate(
        newest=Max("pk"), first=Min("first"), last=Max("last")
    )
    if after["newest"] is None:
        return None
    return Change(after["newest"], after["first"], after["last"])


# Limits -----------------------------------------------------------------------------------------


def limits() -> list[LegalLimit]:
    """法定期限：每类事项现行的一条，按首次设定的先后。"""
    found: dict[str, LegalLimit] = {}
    for row in LegalLimit.objects.order_by("pk"):
        found[row.code] = row
    return list(found.values())


def limit(code: str) -> LegalLimit:
    """The limit of this code as it holds now."""
    row = LegalLimit.objects.filter(code=code).order_by("-pk").first()
    if row is None:
        raise NotFound(
            _("没有代码为“%(code)s”的期限。请先在“工作日历”的“期限”里设定。") % {"code": code}
        )
    return row


def limit_history(code: str) -> QuerySet[LegalLimit]:
    """Every version of one limit, newest first."""
    return (
        LegalLimit.objects.filter(code=code)
        .select_related("by__person", "by__unit")
        .order_by("-pk")
    )


def due(start: date, code: str, *, roll: bool = False) -> rules.Counted:
    """When a limit that begins on `start` runs out, and how that was counted."""
    row = limit(code)
    return calendar().explain(start, row.number, row.unit, roll=roll)


# How the calendar is put together -----------------------------------------------------------------

_Entered = dict[date, tuple[rules.Mark, int | None]]


def _entered() -> tuple[_Entered, set[int]]:
    """The office's marks that hold now, each with the whole year it was entered with, if any."""
    found: _Entered = {}
    whole: set[int] = set()
    for revision in Revision.objects.order_by("pk").prefetch_related("marks"):
        if revision.year is not None:
            whole.add(revision.year)
            _replace(found, revision.year)
        days = (Entry(mark.date, mark.working, mark.name) for mark in revision.marks.all())
        _lay(found, days, revision.source, revision.year)
    return found, whole


def _lay(entered: _Entered, days: Iterable[Entry], source: str, year: int | None) -> None:
    """Lay newer days over older ones; a day taken back is as if nobody had marked it."""
    for entry in days:
        if entry.working is None:
            entered.pop(entry.day, None)
        else:
            mark = rules.Mark(entry.working, entry.name, source, entered=True)
            entered[entry.day] = (mark, year)


def _replace(entered: _Entered, year: int) -> None:
    """Drop what an earlier entry of the year said, December before it included."""
    for day, (_mark, with_year) in list(entered.items()):
        if with_year == year or (day.year == year and with_year in (None, year)):
            del entered[day]


def _assembled(entered: _Entered, whole: set[int]) -> rules.Calendar:
    known = bridge.published()
    marks = {day: mark for day, (mark, _year) in entered.items()}
    return rules.assemble(known.marks, known.years, marks, whole)

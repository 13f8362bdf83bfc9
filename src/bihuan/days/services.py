"""Verbs of the calendar: mark days, enter a year, set a limit; and who is told afterwards."""

from collections.abc import Callable, Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base.errors import Refused
from bihuan.base.text import zh
from bihuan.days import limits, paste, queries, rules
from bihuan.days.models import DayMark, LegalLimit, Revision
from bihuan.days.paste import Entry
from bihuan.days.queries import Change
from bihuan.people import queries as people_queries
from bihuan.people import services as people
from bihuan.people.models import Post

people.declare_verbs(
    {
        "days.view": zh("查看工作日历与法定期限"),
        "days.manage": zh("录入放假安排，设定法定期限"),
    }
)
audit.declare(
    {
        "days.day.mark": zh("标记上班或放假"),
        "days.year.enter": zh("录入全年放假安排"),
        "days.limit.set": zh("设定法定期限"),
    }
)

FIRST_YEAR, LAST_YEAR = 1950, 2199
LARGEST_NUMBER = 3650

# Whoever counts due dates enters a function here when the house starts; each is called after the
# commit, with the span of days that became different. A list to read, not a signal.
_told: list[Callable[[Change], None]] = []


def on_change(function: Callable[[Change], None]) -> None:
    """Enter a function to be called after every change of the calendar; entered once."""
    if function not in _told:
        _told.append(function)


@transaction.atomic
def mark_days(year: int, rows: Iterable[Entry], *, by: Post | None, source: str) -> Revision:
    """标记日期：某几天上班、放假，或撤销先前的标记；本单位的标记优先于公布的安排。"""
    _require(by)
    entries = list(rows)
    _check(year, entries, source, whole=False)
    return _keep(year, entries, by=by, source=source, whole=False)


@transaction.atomic
def enter_year(year: int, rows: Iterable[Entry], *, by: Post | None, source: str) -> Revision:
    """录入全年放假安排：取代此前所知的这一年，从此这一年不再是暂定。"""
    _require(by)
    entries = list(rows)
    _check(year, entries, source, whole=True)
    return _keep(year, entries, by=by, source=source, whole=True)


@transaction.atomic
def set_limit(
    code: str,
    *,
    by: Post | None,
    name: str,
    number: int,
    unit: str,
    source: str,
    name_en: str = "",
    bound: str = "most",
    grade: str = "O",
    note: str = "",
) -> LegalLimit:
    """设定期限：新的一条为准，旧的保留可查；须写明依据。"""
    _require(by)
    faults = []
    if not 1 <= number <= LARGEST_NUMBER:
        faults.append(_("期限应在 1 到 %(most)d 之间。请改正。") % {"most": LARGEST_NUMBER})
    if unit not in rules.UNITS or bound not in limits.BOUNDS or grade not in limits.GRADES:
        faults.append(_("请从表中选择单位、上限或下限、可靠程度。"))
    if not name.strip():
        faults.append(_("请写明事项的名称。"))
    if not source.strip():
        faults.append(_("请写明依据：哪部法规哪一条，或哪份文件。"))
    if faults:
        raise Refused.all(faults)
    before = LegalLimit.objects.filter(code=code).order_by("-pk").first()
    row = LegalLimit.objects.create(
        code=code,
        name=name,
        name_en=name_en,
        bound=bound,
        number=number,
        unit=unit,
        source=source,
        grade=grade,
        note=note,
        by=by,
    )
    fields = ("name", "bound", "number", "unit", "source", "grade", "note")
    changes = (
        audit.changed(before, row, *fields)
        if before is not None
        else {"number": (None, number), "unit": (None, unit)}
    )
    audit.record(by, "days.limit.set", row, changes=changes, note=source)
    return row


@transaction.atomic
def load_defaults(by: Post | None = None) -> int:
    """装入起始期限：手册第 7 节和第 4 节；已有的代码不动，再装不会重复。返回新装的条数。"""
    _require(by)
    known = set(LegalLimit.objects.values_list("code", flat=True))
    fresh = [limit for limit in limits.DEFAULTS if limit.code not in known]
    for row in fresh:
        set_limit(
            row.code,
            by=by,
            name=row.name,
            name_en=row.name_en,
            bound=row.bound,
            number=row.number,
            unit=row.unit,
            source=row.source,
            grade=row.grade,
            note=row.note,
        )
    return len(fresh)


def sentence(fault: paste.Fault) -> str:
    """A fault of a pasted table in the reader's language."""
    values = {k: _(v) if v in paste.WEEKDAYS else v for k, v in fault.values.items()}
    return _(fault.sentence) % values


def read_year(text: str, year: int) -> list[Entry]:
    """The days of a pasted table or notice; refused with every fault at once."""
    pasted = paste.read(text, year)
    if pasted.faults:
        raise Refused.all(sentence(fault) for fault in pasted.faults)
    return list(pasted.entries)


# What every verb does ---------------------------------------------------------------------------


def _require(by: Post | None) -> None:
    if by is not None:
        people_queries.require(by, "days.manage")


def _check(year: int, entries: list[Entry], source: str, *, whole: bool) -> None:
    faults = []
    if not FIRST_YEAR <= year <= LAST_YEAR:
        faults.append(
            _("年份应在 %(first)d 到 %(last)d 之间。请改正。")
            % {"first": FIRST_YEAR, "last": LAST_YEAR}
        )
    if not source.strip():
        faults.append(_("请写明依据，例如放假通知的名称和文号。"))
    if not entries:
        faults.append(_("没有要录入的日期。请至少写一天。"))
    seen = set()
    for entry in entries:
        named = {"day": entry.day.isoformat(), "year": year}
        if not (paste.belongs(entry.day, year) if whole else entry.day.year == year):
            faults.append(_("%(day)s 不在 %(year)d 年。请改正日期，或换一个年份。") % named)
        if entry.day in seen:
            faults.append(_("%(day)s 写了两次。请删去一处。") % named)
        if len(entry.name) > 40:
            faults.append(_("%(day)s 的名称太长，最多 40 个字。请写短一些。") % named)
        if whole and entry.working is None:
            faults.append(_("%(day)s：录入全年时不能写“撤销”。请写放假或上班。") % named)
        seen.add(entry.day)
    if whole:
        faults += [
            _("%(day)s 是%(weekday)s，本来就上班，不需要调休。请核对日期。")
            % {"day": e.day.isoformat(), "weekday": _(paste.weekday(e.day))}
            for e in paste.needless(entries)
        ]
    if faults:
        raise Refused.all(faults)


def _keep(
    year: int, entries: list[Entry], *, by: Post | None, source: str, whole: bool
) -> Revision:
    """Write the rows, find out what became different, record, and tell after the commit."""
    before = queries.calendar()
    after = queries.with_entries(year, entries, source, whole=whole)
    touched = rules.differences(before, after, (year - 1, year) if whole else (year,))
    revision = Revision.objects.create(
        year=year if whole else None,
        source=source.strip(),
        first=touched[0] if touched else None,
        last=touched[-1] if touched else None,
        by=by,
    )
    DayMark.objects.bulk_create(
        DayMark(revision=revision, date=e.day, working=e.working, name=e.name.strip())
        for e in entries
    )
    act = "days.year.enter" if whole else "days.day.mark"
    audit.record(by, act, revision, changes=_said(before, entries), note=source)
    if touched:
        change = Change(revision.pk, touched[0], touched[-1])
        for function in _told:
            # One that fails is logged and does not undo what was entered, nor keep the others out.
            transaction.on_commit(_telling(function, change), robust=True)
    return revision


def _telling(function: Callable[[Change], None], change: Change) -> Callable[[], None]:
    # Not a functools.partial: Django names a robust callback that failed by its `__qualname__`.
    def tell() -> None:
        function(change)

    return tell


def _said(
    before: rules.Calendar, entries: Iterable[Entry]
) -> dict[str, tuple[str | None, str | None]]:
    """Day by day, what it was and what was entered, for the chain."""
    return {
        entry.day.isoformat(): (
            before.kind(entry.day).why,
            None if entry.working is None else rules.MADE_UP if entry.working else _off(entry),
        )
        for entry in entries
    }


def _off(entry: Entry) -> str:
    return entry.name or rules.OFF

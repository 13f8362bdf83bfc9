"""What the calendar's pages show; how terms and days are said is in `words.py`."""

from calendar import Calendar as Weeks
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.forms import BaseForm
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.audit import pages as audit
from bihuan.base import clock
from bihuan.base.text import zh
from bihuan.days import bridge, paste, queries, rules, services, words
from bihuan.days import limits as limit_words
from bihuan.days.forms import ConfirmForm, CountForm, LimitForm, MarkForm, YearForm
from bihuan.days.models import DayMark, LegalLimit
from bihuan.days.rules import Calendar, Counted, Day
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.ui.panel import (
    DayBox,
    DetailPage,
    Facts,
    FormPage,
    FormPanel,
    Link,
    ListPage,
    Month,
    Months,
    Prose,
    Tables,
)
from bihuan.ui.table import Cell, Column, Row, Table, Tag, Tone, columns, row

STATUS_TONES: dict[str, Tone] = {"published": "good", "entered": "info", "provisional": "warn"}
# Headings of a week: short in the sheet, long for who listens.
WEEKDAYS = (
    (zh("周一"), zh("星期一")),
    (zh("周二"), zh("星期二")),
    (zh("周三"), zh("星期三")),
    (zh("周四"), zh("星期四")),
    (zh("周五"), zh("星期五")),
    (zh("周六"), zh("星期六")),
    (zh("周日"), zh("星期日")),
)
MONTHS = tuple(range(1, 13))


def status_tag(status: str) -> Tag:
    """已公布, 本单位录入 or 暂定."""
    return Tag(_(rules.STATES[status]), STATUS_TONES[status])


# Pages ------------------------------------------------------------------------------------------


def year(number: int, by: Post, *, bound: MarkForm | None = None) -> DetailPage:
    """One year: its months, its holidays, what the office marked, and what can be done."""
    calendar = queries.calendar()
    status = calendar.status(number)
    panels: list[Any] = [_months(calendar, number), _holidays(calendar, number), _years(calendar)]
    if marks := list(queries.marks(number)):
        panels.append(_marks(marks))
    links = [
        Link(_("算期"), reverse("days:count")),
        Link(_("期限"), reverse("days:limits")),
        *_neighbours(number),
    ]
    acts = []
    if people.may(by, "days.manage"):
        links.insert(0, Link(_("录入全年"), reverse("days:enter", args=[number]), primary=True))
        acts.append(
            FormPanel(
                _("标记几天"),
                bound or MarkForm(year=number),
                reverse("days:mark", args=[number]),
                _("标记"),
                _("本单位的标记优先于公布的安排；撤销以后，恢复公布的安排。"),
                folded=True,
            )
        )
    return DetailPage(
        _("%(year)d 年工作日历") % {"year": number},
        panels,
        acts,
        (status_tag(status),),
        intro=_intro(status),
        links=tuple(links),
    )


def entering(number: int, form: YearForm) -> FormPage:
    """Paste a year."""
    panel = FormPanel("", form, reverse("days:enter", args=[number]), _("预览"))
    return FormPage(
        _("录入 %(year)d 年放假安排") % {"year": number},
        panel,
        _("先预览，核对无误再录入。录入后取代此前所知的这一年，旧的录入仍保留在记录里。"),
    )


def preview(number: int, entries: list[paste.Entry], form: ConfirmForm, source: str) -> FormPage:
    """What was read, and what it changes, before it is entered."""
    before = queries.calendar()
    after = queries.with_entries(number, entries, source)
    changed = rules.differences(before, after, (number - 1, number))
    moved = [d for d in changed if before.working(d) != after.working(d)]
    panel = FormPanel("", form, reverse("days:confirm", args=[number]), _("录入"))
    return FormPage(
        _("核对 %(year)d 年放假安排") % {"year": number},
        panel,
        ngettext(
            "读到 %(n)d 天。全年 %(working)d 个工作日。",
            "读到 %(n)d 天。全年 %(working)d 个工作日。",
            len(entries),
        )
        % {"n": len(entries), "working": after.working_days(number)},
        (
            _holidays(after, number),
            Tables(_("与现在不同的日子"), _differences(before, after, moved)),
            _months(after, number),
        ),
    )


def count(form: CountForm, counted: Counted | None) -> DetailPage:
    """算期：到期日，和怎样数出来的。"""
    panels: list[Any] = []
    if counted is not None:
        due = Cell(counted.due, "date", note=_(paste.weekday(counted.due)))
        facts = [(_("到期日"), due), (_("期限"), Cell(words.term(counted.number, counted.unit)))]
        if counted.provisional:
            facts.append((_("可靠程度"), Cell(_(rules.STATES["provisional"]), tone="warn")))
        panels += [
            Facts(_("结果"), tuple(facts)),
            Prose(_("怎样数出来的"), words.told(counted)),
        ]
        if counted.unit == "working" and counted.number <= 60:
            panels.append(Tables(_("逐日"), _steps(counted)))
    ask = FormPanel(_("算期"), form, reverse("days:count"), _("计算"), method="get")
    return DetailPage(
        _("算期"),
        [ask, *panels],
        intro=_("开始的当日不计入。工作日不含周末和放假日，含调休上班日。"),
        links=(Link(_("工作日历"), reverse("days:index")), Link(_("期限"), reverse("days:limits"))),
    )


def limits() -> ListPage:
    """法定期限一览。"""
    heads = columns(
        Column(_("事项"), wide=True),
        _("期限"),
        Column(_("依据"), wide=True),
        _("可靠程度"),
        Column(_("说明"), wide=True),
    )
    lines = tuple(
        row(
            Cell(limit.label(), href=limit.get_absolute_url()),
            words.limit_term(limit),
            limit.source,
            _grade(limit),
            Cell(_(limit.note) if limit.note else ""),
        )
        for limit in queries.limits()
    )
    return ListPage(
        _("法定期限"),
        Table(heads, lines, empty=_("还没有设定期限。请由管理员装入起始期限。")),
        _("每项注明是工作日还是自然日，依据哪条。待核实的，办理前请先询问。"),
        links=(
            Link(_("算期"), reverse("days:count")),
            Link(_("工作日历"), reverse("days:index")),
        ),
    )


def limit(found: LegalLimit, by: Post, *, bound: BaseForm | None = None) -> DetailPage:
    """One limit: what holds, every earlier version, and the form to set it anew."""
    facts = (
        (_("代码"), Cell(found.code, "code")),
        (_("期限"), Cell(words.limit_term(found))),
        (_("依据"), Cell(found.source)),
        (_("可靠程度"), Cell(_grade(found), "tag")),
        (_("说明"), Cell(_(found.note) if found.note else "")),
    )
    heads = columns(_("设定时间"), _("期限"), Column(_("依据"), wide=True), _("经办"))
    history = tuple(
        row(
            Cell(old.created_at, "moment"),
            words.limit_term(old),
            old.source,
            old.by.label() if old.by else _("系统"),
        )
        for old in queries.limit_history(found.code)
    )
    panels = (
        Facts(_("现行"), facts),
        Tables(_("历次设定"), Table(heads, history)),
        audit.timeline(found),
    )
    acts = []
    if people.may(by, "days.manage"):
        form: Any = bound or LimitForm(instance=found)
        acts.append(
            FormPanel(_("重新设定"), form, found.get_absolute_url(), _("设定"), folded=True)
        )
    links = (Link(_("全部期限"), reverse("days:limits")),)
    return DetailPage(found.label(), panels, acts, kicker=_("法定期限"), links=links)


# Parts of pages ---------------------------------------------------------------------------------


def _neighbours(year: int) -> list[Link]:
    """The years before and after, as far as the calendar shows any."""
    near = ((_("上一年"), year - 1), (_("下一年"), year + 1))
    return [
        Link(word, reverse("days:year", args=[y]))
        for word, y in near
        if services.FIRST_YEAR <= y <= services.LAST_YEAR
    ]


def _intro(status: str) -> str:
    return {
        "published": _("按国务院办公厅公布的放假安排。数据取自 %(source)s。")
        % {"source": bridge.published().source},
        "entered": _("按本单位录入的全年安排。"),
        "provisional": _(
            "这一年的放假安排还没有公布，也没有录入：暂按周末和固定日期的法定节日推算。"
            "公布后请录入，暂定的时限会重算。"
        ),
    }[status]


def _months(calendar: Calendar, year: int) -> Months:
    title = ngettext("全年 %(n)d 个工作日", "全年 %(n)d 个工作日", calendar.working_days(year)) % {
        "n": calendar.working_days(year)
    }
    headings = tuple((_(short), _(long)) for short, long in WEEKDAYS)
    sheets = tuple(_month(calendar, year, month) for month in MONTHS)
    legend = _("“休”是放假，“班”是调休上班，灰底是周末。")
    return Months(title, sheets, headings, legend)


def _month(calendar: Calendar, year: int, month: int) -> Month:
    today = clock.today()
    weeks = tuple(
        tuple(
            _box(calendar.kind(date(year, month, number)), today) if number else None
            for number in week
        )
        for week in Weeks().monthdayscalendar(year, month)
    )
    last = calendar.end_of(date(year, month, 1), "month")
    working = calendar.between(date(year, month, 1), last) + calendar.working(date(year, month, 1))
    note = ngettext("%(n)d 个工作日", "%(n)d 个工作日", working) % {"n": working}
    caption = date_format(last, "YEAR_MONTH_FORMAT")
    return Month(caption, weeks, note)


def _box(day: Day, today: date) -> DayBox:
    here = day.day == today
    if day.why == rules.WEEKEND:
        return DayBox(day.day, "", "quiet", here)
    if not day.working:
        return DayBox(day.day, _("休"), "bad", here)
    if day.why == rules.MADE_UP:
        return DayBox(day.day, _("班"), "info", here)
    return DayBox(day.day, here=here)


def _holidays(calendar: Calendar, year: int) -> Tables:
    heads = columns(
        _("节日"), _("放假"), Column(_("天数"), number=True), Column(_("调休上班"), wide=True)
    )
    made_up: dict[str, list[str]] = {}
    for day in calendar.made_up(year):
        made_up.setdefault(day.name, []).append(clock.in_words(day.day))
    lines = []
    for stretch in calendar.holidays(year):
        worked = made_up.pop(stretch.name, [])
        lines.append(
            row(
                _(stretch.name),
                words.dates(stretch),
                Cell(stretch.length, "number"),
                words.listed(worked),
            )
        )
    # Make-up days whose holiday has no day off in this year, or that have no name.
    lines += [
        row(_(name) if name else _("未注明"), "", "", words.listed(days))
        for name, days in made_up.items()
    ]
    return Tables(_("放假与调休"), Table(heads, tuple(lines), empty=_("没有放假安排。")))


def _years(calendar: Calendar) -> Tables:
    """The years around now, each with its status."""
    this = clock.today().year
    heads = columns(_("年份"), _("状态"), Column(_("工作日"), number=True))
    lines = tuple(
        row(
            Cell(_("%(year)d 年") % {"year": year}, href=reverse("days:year", args=[year])),
            status_tag(calendar.status(year)),
            Cell(calendar.working_days(year), "number"),
        )
        for year in range(this - 3, this + 4)
    )
    return Tables(_("各年状态"), Table(heads, lines))


def _marks(marks: Iterable[DayMark]) -> Tables:
    heads = columns(
        _("日期"), _("标记"), _("节日或原因"), Column(_("依据"), wide=True), _("经办"), _("时间")
    )
    seen: set[date] = set()
    lines: list[Row] = []
    for mark in marks:
        word = {True: _("上班"), False: _("放假"), None: _("撤销标记")}[mark.working]
        older = mark.date in seen
        seen.add(mark.date)
        by = mark.revision.by
        lines.append(
            row(
                Cell(mark.date, "date"),
                Cell(word, note=_("已被新的标记取代") if older else ""),
                _(mark.name) if mark.name else "",
                mark.revision.source,
                by.label() if by else _("系统"),
                Cell(mark.revision.created_at, "moment"),
                tone="quiet" if older else "plain",
            )
        )
    return Tables(
        _("本单位的标记"), Table(heads, tuple(lines)), _("新的在前；同一天以新的为准，旧的保留。")
    )


def _differences(before: Calendar, after: Calendar, days: Iterable[date]) -> Table:
    heads = columns(_("日期"), _("现在"), _("录入后"))
    lines = tuple(
        row(
            Cell(day, "date", note=_(paste.weekday(day))),
            words.why(before.kind(day)),
            words.why(after.kind(day)),
        )
        for day in days
    )
    return Table(heads, lines, empty=_("没有不同。"))


def _steps(counted: Counted) -> Table:
    heads = columns(Column(_("第几个"), number=True), _("日期"), _("说明"))
    lines = tuple(
        row(
            Cell(number, "number"),
            Cell(day.day, "date", note=_(paste.weekday(day.day))),
            Cell(words.why(day), note=_("暂定") if day.provisional else ""),
        )
        for number, day in enumerate(counted.steps, 1)
    )
    return Table(heads, lines)


def _grade(limit: LegalLimit) -> Tag:
    tones: dict[str, Tone] = {"L": "good", "O": "info"}
    return Tag(_(limit_words.GRADES[limit.grade]), tones.get(limit.grade, "warn"))

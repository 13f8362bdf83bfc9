"""统计: counts by source, unit, kind and month under a filter; each number leads to its findings.

Problems and measures are counted apart (157 measures of 57 problems are 57 problems).
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.ledger import queries, rules
from bihuan.ledger.forms.reading import StatisticsForm
from bihuan.ledger.models import Finding
from bihuan.ledger.pages.listing import address
from bihuan.ledger.pages.words import gravest, lamp_tags, month_in_words, number
from bihuan.ui.chart import Chart, Series
from bihuan.ui.panel import DetailPage, Facts, FormPanel, Link, Numbers, Panel, Station, Tables
from bihuan.ui.table import Cell, Column, Row, Table, columns, row

MONTHS, MOST = 12, 20


def statistics(found: QuerySet[Finding], form: StatisticsForm) -> DetailPage:
    """Everything that the filter leaves, counted in five ways."""
    asked = form.list_address()
    here = reverse("ledger:statistics")
    panels: list[Panel] = [
        FormPanel(_("筛选"), form, here, _("筛选"), folded=True, method="get"),
        _numbers(found, asked),
        _measures(found),
        _by(
            _("按来源"),
            _("来源"),
            "source",
            queries.in_table_order(
                queries.by_field(found, "source"),
                [code for code, _word in queries.words("sources")],
            ),
            lambda line: queries.word("sources", line.key),
            asked,
        ),
        _by_unit(found, asked),
        _by(
            _("按整改类型"),
            _("整改类型"),
            "kind",
            queries.in_table_order(queries.by_field(found, "rect_kind"), rules.RECT_KINDS),
            lambda line: _(rules.RECT_KINDS.get(line.key, line.key)),
            asked,
        ),
        _by(
            _("按风险"),
            _("风险"),
            "risk",
            queries.in_table_order(queries.by_field(found, "risk"), rules.RISKS),
            lambda line: _(rules.RISKS.get(line.key, line.key)),
            asked,
        ),
        _by(
            _("按问题类别"),
            _("问题类别"),
            "category",
            queries.by_field(found, "category"),
            lambda line: line.key or _("没有类别"),
            asked,
        ),
        _by_month(found, asked),
        _lamps(found, form, asked),
    ]
    told = _("；").join(f"{form.fields[n].label}" for n in asked)
    intro = _("已筛选：%(fields)s。") % {"fields": told} if told else ""
    return DetailPage(
        _("统计"),
        panels,
        intro=intro + _("草稿和已作废的不计。每个数都通向它所数的问题。"),
        links=(Link(_("整改台账"), address(reverse("ledger:index"), asked)),),
    )


def _link(asked: dict[str, str], **more: str) -> str:
    """The list under the page's filter and one more; nothing where the two exclude each other."""
    both = {**asked, **more}
    if "state" in more:
        state = queries.both_states(asked.get("state", ""), more["state"])
        if state is None:
            return ""
        both["state"] = state
    clash = any(asked.get(name, value) != value for name, value in more.items() if name in _EXACT)
    return "" if clash else address(reverse("ledger:index"), both)


_EXACT = ("source", "kind", "risk", "category", "lead", "lamp")


def _numbers(found: QuerySet[Finding], asked: dict[str, str]) -> Numbers:
    counts = queries.by_state(found)
    still_open = sum(counts[state] for state in rules.OPEN)
    given = sum(counts[state] for state in rules.STATES) - counts["draft"] - counts["void"]
    late = counts["overdue"]
    return Numbers(
        _("问题数"),
        (
            Station(_("交办过的"), given, _link(asked, state="given")),
            Station(_("未销号"), still_open, _link(asked, state="open")),
            Station(_("逾期"), late, _link(asked, late="on"), tone="bad" if late else "plain"),
            Station(_("已销号"), counts["closed"], _link(asked, state="closed"), tone="good"),
        ),
    )


def _measures(found: QuerySet[Finding]) -> Facts:
    counted = queries.measures(found)
    return Facts(
        _("措施（与问题分开计数）"),
        (
            (_("措施条数"), Cell(counted.total, "number")),
            (_("已落实"), Cell(counted.done, "number")),
            (_("未落实"), Cell(counted.total - counted.done, "number")),
        ),
    )


def _heads(axis: str) -> tuple[Column, ...]:
    return columns(
        axis,
        *(
            Column(label, number=True)
            for label in (_("交办过的"), _("未销号"), _("逾期"), _("已销号"))
        ),
    )


def _line(label: str, line: queries.Line, asked: dict[str, str], name: str, value: str) -> Row:
    def to(**more: str) -> str:
        return _link(asked, **{name: value, **more})

    return row(
        label,
        number(line.total, to(state="given")),
        number(line.open, to(state="open")),
        number(line.overdue, to(late="on"), bad=True),
        number(line.closed, to(state="closed")),
    )


def _by(
    title: str,
    axis: str,
    name: str,
    lines: Sequence[queries.Line],
    label: Callable[[queries.Line], str],
    asked: dict[str, str],
) -> Chart | Tables:
    """Counts by one field: the chart, and under it the table of the same numbers."""
    shown = lines[:MOST]
    rows = tuple(_line(label(one), one, asked, name, one.key or "-") for one in shown)
    return _stacked(title, axis, [label(one) for one in shown], shown, Table(_heads(axis), rows))


def _stacked(
    title: str, axis: str, labels: Iterable[str], lines: Sequence[queries.Line], under: Table
) -> Chart | Tables:
    if len(lines) < 2:
        return Tables(title, under)  # one bar says nothing
    return Chart(
        "stacked",
        title,
        tuple(labels),
        (
            Series(_("按期"), tuple(float(one.open - one.overdue) for one in lines)),
            Series(_("逾期"), tuple(float(one.overdue) for one in lines)),
            Series(_("已销号"), tuple(float(one.closed) for one in lines)),
        ),
        unit=_("个"),
        axis=axis,
        under=under,
    )


def _by_unit(found: QuerySet[Finding], asked: dict[str, str]) -> Chart | Tables:
    counted = {one.key: one for one in queries.by_field(found, "lead_unit")}
    units = queries.in_register_order(int(key) for key in counted if key.isdecimal())
    lines = [counted[str(unit.pk)] for unit in units]
    rows = tuple(
        _line(unit.label(), one, asked, "lead", one.key)
        for unit, one in zip(units, lines, strict=True)
    )
    axis = _("牵头单位")
    under = Table(_heads(axis), rows)
    return _stacked(_("按牵头单位"), axis, [unit.label() for unit in units], lines, under)


def _by_month(found: QuerySet[Finding], asked: dict[str, str]) -> Chart:
    record = queries.record(found, MONTHS)
    heads = columns(
        _("月份"),
        Column(_("交办数"), number=True),
        Column(_("销号数"), number=True),
        Column(_("逾期天数"), number=True),
    )
    lines = tuple(
        row(
            month_in_words(one.first),
            number(one.assigned, _during(asked, "since", "until", one.first, one.last)),
            number(one.closed, _during(asked, "closed_since", "closed_until", one.first, one.last)),
            number(one.late_days, bad=True),
        )
        for one in record
    )
    return Chart(
        "line",
        _("按月"),
        tuple(f"{one.first:%Y-%m}" for one in record),
        (
            Series(_("交办数"), tuple(float(one.assigned) for one in record)),
            Series(_("销号数"), tuple(float(one.closed) for one in record)),
        ),
        unit=_("个"),
        axis=_("月份"),
        under=Table(
            heads,
            lines,
            caption=_("逾期天数是各问题每天累计的，不是月末的状态；本月算到今天。"),
        ),
    )


def _during(asked: dict[str, str], since: str, until: str, first: date, last: date) -> str:
    """A month within the days that the filter already asks for."""
    begins = max(asked.get(since, ""), first.isoformat())
    ends = min(asked.get(until, "9999"), last.isoformat())
    return address(reverse("ledger:index"), {**asked, since: begins, until: ends})


def _lamps(found: QuerySet[Finding], form: StatisticsForm, asked: dict[str, str]) -> Tables:
    """亮灯 today, or at the end of a past day; only today's lamps can be asked of the list."""
    today = clock.today()
    day = min(form.asked().get("day") or today, today)
    now = day == today
    lit = queries.lamps_by_unit(found) if now else queries.lamps_by_unit_on(found, day)
    tags = lamp_tags(None if now else day)
    counts = (Column(tag.label, number=True) for tag in tags.values())
    heads = columns(_("牵头单位"), *counts, _("最重的灯"))
    lines = []
    for unit in queries.in_register_order(lit):
        of_unit = lit[unit.pk]
        cells = [
            number(
                of_unit.get(code, 0),
                _link(asked, lead=str(unit.pk), lamp=code, state="open") if now else "",
            )
            for code in tags
        ]
        lines.append(row(unit.label(), *cells, gravest(tags, of_unit)))
    title = _("亮灯（%(day)s）") % {"day": clock.in_words(day)}
    intro = _("按当天的状态、时限和牵头单位推算；曾经逾期的不再变绿。")
    return Tables(title, Table(heads, tuple(lines), empty=_("没有未销号的问题。")), intro)

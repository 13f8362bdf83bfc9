"""单位页: what a unit leads, how its direct subordinates stand, and its record month by month."""

from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.ledger import queries, rules
from bihuan.ledger.models import Finding
from bihuan.ledger.pages.listing import table
from bihuan.ledger.pages.words import lamp_tags, month_in_words, number
from bihuan.people.models import Post, Unit
from bihuan.ui.chart import Chart, Series
from bihuan.ui.panel import DetailPage, Link, Numbers, Panel, Station, Tables
from bihuan.ui.table import Cell, Column, Table, columns, row

SHOWN, MONTHS = 20, 12


def unit(about: Unit, line: str, by: Post) -> DetailPage:
    """One unit: every number leads to the findings it counts."""
    seen = queries.visible_to(by)
    led = seen.filter(lead_unit=about)
    record = queries.record(seen, MONTHS, unit=about)
    panels: list[Panel] = [
        _numbers(about, led, record),
        *_open(about, led),
        *_below(about, line, seen, by),
        _record(about, record),
    ]
    others = [code for code in rules.CASCADE_LINES if code != line]
    here = reverse("ledger:unit", args=[about.pk])
    return DetailPage(
        about.label(),
        panels,
        kicker=_("单位的整改"),
        intro=_("只列本单位牵头的问题；下级只看直接下级，再往下的由直接下级负责。"),
        links=(
            Link(_("我的工作"), reverse("ledger:mine")),
            *(
                Link(
                    _("按%(line)s看下级") % {"line": _(rules.CASCADE_LINES[code])},
                    f"{here}?{urlencode({'line': code})}",
                )
                for code in others
            ),
            Link(_("整改台账"), reverse("ledger:index")),
        ),
    )


def _list(about: Unit, **asked: str) -> str:
    return f"{reverse('ledger:index')}?{urlencode({'lead': about.pk, **asked})}"


def _numbers(about: Unit, led: QuerySet[Finding], record: list[queries.MonthOf]) -> Numbers:
    counts = queries.by_state(led)
    still_open = sum(counts[state] for state in rules.OPEN)
    late = counts["overdue"]
    return Numbers(
        _("今天"),
        (
            Station(_("未销号"), still_open, _list(about, state="open")),
            Station(_("逾期"), late, _list(about, late="on"), tone="bad" if late else "plain"),
            Station(_("已销号"), counts["closed"], _list(about, state="closed"), tone="good"),
            Station(
                _("本月逾期天数"),
                record[-1].late_days,
                _list(about, late="on"),
                _("各问题合计"),
                "warn" if record[-1].late_days else "plain",
            ),
        ),
    )


def _open(about: Unit, led: QuerySet[Finding]) -> list[Panel]:
    found = queries.in_order(led.filter(state__in=rules.OPEN))
    total = queries.quick_count(found)
    if not total:
        return [Tables(_("未销号的问题"), Table((), (), empty=_("没有未销号的问题。")))]
    intro = ""
    if total > SHOWN:
        intro = _("先列时限最早的 %(n)d 个，共 %(total)d 个。") % {"n": SHOWN, "total": total}
    return [Tables(_("未销号的问题"), table(list(found[:SHOWN])), intro)]


def _below(about: Unit, line: str, seen: QuerySet[Finding], by: Post) -> list[Panel]:
    """Direct subordinates on one line; what is late further down shows in their totals."""
    found = queries.below(about, line, seen)
    if not found:
        return []
    heads = columns(
        _("直接下级"),
        Column(_("未销号"), number=True),
        Column(_("逾期"), number=True),
        Column(_("连同其下级：未销号"), number=True),
        Column(_("连同其下级：逾期"), number=True),
        _("最重的灯"),
    )
    tags = lamp_tags()
    lines = tuple(
        row(
            Cell(
                one.unit.label(),
                href=reverse("ledger:unit", args=[one.unit.pk])
                if queries.may_read_unit(one.unit, by)
                else "",
            ),
            number(one.own.open, _list(one.unit, state="open")),
            number(one.own.overdue, _list(one.unit, late="on"), bad=True),
            number(one.whole.open),
            number(one.whole.overdue, bad=True),
            tags.get(one.worst or "", ""),
        )
        for one in found
    )
    title = _("直接下级（%(line)s）") % {"line": _(rules.CASCADE_LINES[line])}
    return [Tables(title, Table(heads, lines))]


def _record(about: Unit, record: list[queries.MonthOf]) -> Chart:
    heads = columns(
        _("月份"),
        Column(_("交办数"), number=True),
        Column(_("销号数"), number=True),
        Column(_("逾期天数"), number=True),
    )
    lines = tuple(
        row(
            month_in_words(one.first),
            number(one.assigned, _list(about, since=f"{one.first}", until=f"{one.last}")),
            number(
                one.closed, _list(about, closed_since=f"{one.first}", closed_until=f"{one.last}")
            ),
            number(one.late_days, bad=True),
        )
        for one in record
    )
    return Chart(
        "bar",
        _("近十二个月的逾期天数"),
        tuple(f"{one.first:%Y-%m}" for one in record),
        (Series(_("逾期天数"), tuple(float(one.late_days) for one in record)),),
        unit=_("天"),
        axis=_("月份"),
        under=Table(
            heads,
            lines,
            caption=_("逾期天数只计在本单位手里的天数；本月算到今天。"),
        ),
    )

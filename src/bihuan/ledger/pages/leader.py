"""领导一页: how it stands today on one sheet of A4: what is grave, whose it is, what waits."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.base.text import shorten
from bihuan.ledger import queries, rules
from bihuan.ledger.models import Finding
from bihuan.ledger.pages.listing import due_words, lamp_tag
from bihuan.ledger.pages.words import gravest, lamp_tags, number
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, Link, Numbers, Panel, Station, Tables
from bihuan.ui.table import Cell, Column, Table, columns, row

# So many lines of each that the whole stays on one sheet.
LATE, UNITS, ASKED, TITLE = 7, 9, 4, 44


def leader(by: Post) -> DetailPage:
    """One sheet: numbers, what is latest, how the units stand, what waits for a decision."""
    seen = queries.visible_to(by)
    today = clock.today()
    panels: list[Panel] = [
        _numbers(seen, by),
        _late(seen),
        *_units(seen),
        *_waiting(by),
    ]
    first = today.replace(day=1)
    return DetailPage(
        _("领导一页"),
        panels,
        kicker=clock.in_words(today),
        sheet=True,
        links=(
            Link(_("月度通报"), reverse("ledger:bulletin", args=[first.year, first.month])),
            Link(_("统计"), reverse("ledger:statistics")),
            Link(_("整改台账"), reverse("ledger:index")),
        ),
    )


def _numbers(seen: QuerySet[Finding], by: Post) -> Numbers:
    home = reverse("ledger:index")
    counts = queries.by_state(seen)
    still_open = sum(counts[state] for state in rules.OPEN)
    late = counts["overdue"]
    with_checker = sum(counts[state] for state in rules.WITH_CHECKER)
    rechecks = queries.quick_count(queries.due_for_recheck(seen))
    stations = [
        Station(_("未销号"), still_open, f"{home}?state=open"),
        Station(_("逾期"), late, f"{home}?late=on", tone="bad" if late else "plain"),
        Station(_("在核查"), with_checker, f"{home}?state=with_checker"),
        Station(_("已销号"), counts["closed"], f"{home}?state=closed", tone="good"),
        Station(_("待回头看"), rechecks, f"{home}?recheck=on"),
    ]
    mine = queries.quick_count(seen.filter(leader=by, state__in=rules.OPEN))
    if mine:
        stations.append(Station(_("由您负责"), mine, f"{home}?state=open&leader={by.pk}"))
    return Numbers(_("总数"), tuple(stations))


def _late(seen: QuerySet[Finding]) -> Tables:
    """Those that have been late longest."""
    found = list(queries.latest(seen)[:LATE])
    lamps = queries.lamps(found)
    heads = columns(
        _("编号"),
        Column(_("逾期的问题"), wide=True),
        _("牵头单位"),
        _("责任领导"),
        _("时限"),
        _("亮灯"),
    )
    lines = tuple(
        row(
            Cell(one.number, "code", href=one.get_absolute_url()),
            shorten(one.title, TITLE),
            one.lead_unit.label() if one.lead_unit else "",
            one.leader.label() if one.leader else one.leader_text,
            Cell(one.due, "date", note=due_words(one)),
            lamp_tag(lamps[one.pk]) or "",
        )
        for one in found
    )
    return Tables(_("逾期最久的"), Table(heads, lines, empty=_("没有逾期的问题。")))


def _units(seen: QuerySet[Finding]) -> list[Panel]:
    """Units by days overdue in this month, most first; then by what is open."""
    today = clock.today()
    days = queries.late_days_by_unit(seen, [(today.replace(day=1), today)])
    lines = [one for one in queries.by_unit(seen) if one.open or days.get(one.unit.pk)]
    ranked = sorted(lines, key=lambda one: (-days.get(one.unit.pk, 0), -one.overdue))
    if not ranked:
        return []
    lit = queries.lamps_by_unit(seen)
    return [_unit_table(ranked, days, lit)]


def _unit_table(
    ranked: Sequence[queries.UnitCount], days: dict[int, int], lit: dict[int, dict[str, int]]
) -> Tables:
    home, tags = reverse("ledger:index"), lamp_tags()
    heads = columns(
        _("牵头单位"),
        Column(_("未销号"), number=True),
        Column(_("逾期"), number=True),
        Column(_("本月逾期天数"), number=True),
        _("最重的灯"),
    )
    shown = ranked[:UNITS]
    rows = tuple(
        row(
            Cell(one.unit.label(), href=reverse("ledger:unit", args=[one.unit.pk])),
            number(one.open, f"{home}?lead={one.unit.pk}&state=open"),
            number(one.overdue, f"{home}?lead={one.unit.pk}&late=on", bad=True),
            number(days.get(one.unit.pk, 0), bad=True),
            gravest(tags, lit.get(one.unit.pk, {})),
        )
        for one in shown
    )
    intro = ""
    if len(ranked) > len(shown):
        intro = _("先列 %(n)d 个单位，共 %(all)d 个有未销号问题。") % {
            "n": len(shown),
            "all": len(ranked),
        }
    return Tables(_("各单位"), Table(heads, rows), intro)


def _waiting(by: Post) -> list[Panel]:
    """Extensions that wait for this post's decision."""
    found = queries.turns(by).get("decide")
    if found is None:
        return []
    n = queries.quick_count(found)
    if not n:
        return []
    heads = columns(_("编号"), Column(_("等您审批延期的"), wide=True), _("牵头单位"), _("时限"))
    lines = tuple(
        row(
            Cell(one.number, "code", href=f"{one.get_absolute_url()}?do=decide_extension"),
            shorten(one.title, TITLE),
            one.lead_unit.label() if one.lead_unit else "",
            Cell(one.due, "date"),
        )
        for one in found[:ASKED]
    )
    title = _("%(what)s（%(n)d）") % {"what": _("待审批延期"), "n": n}
    return [Tables(title, Table(heads, lines))]

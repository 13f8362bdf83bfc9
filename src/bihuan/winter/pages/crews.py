"""队伍、人数、器具；公布的数和登记的数并列。"""

from django.utils.translation import gettext as _

from bihuan.base.text import SAMPLE_MARK
from bihuan.facts import words as figures
from bihuan.people.doing import Bound
from bihuan.people.models import Post
from bihuan.ui.chart import Chart, Series
from bihuan.ui.panel import DetailPage, Facts, Link, Panel, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row
from bihuan.winter.models import Team
from bihuan.winter.pages import words
from bihuan.winter.pages.acts import ACTS
from bihuan.winter.queries import crews, tables

_BRANCH = "└ "


def index(by: Post, bound: Bound = None) -> DetailPage:
    """每支队伍多少人；全区按工种和班次；与公布的数差多少。"""
    people = crews.people_of()
    heads = columns(
        Column(_("队伍"), wide=True),
        _("单位"),
        Column(_("人数"), number=True),
        Column(_("负责什么"), wide=True),
    )
    lines = tuple(
        row(
            Cell(
                one.label(),
                href=one.get_absolute_url(),
                lead=_BRANCH if depth else "",
                note=_(SAMPLE_MARK) if one.sample else "",
            ),
            one.unit.label(),
            Cell(people[one.pk], "number"),
            one.task or "—",
        )
        for one, depth in crews.tree()
    )
    panels: list[Panel] = [
        *_by_trade(crews.strengths()),
        Tables(
            _("队伍和分队"),
            Table(heads, lines, empty=_("还没有组建队伍。")),
            _("队伍与单位不是一一对应：一个单位可有几支，几家也可合一支。"),
        ),
        _tools(crews.tools()),
        *_published(),
    ]
    acts = ACTS.panels("teams", None, by, bound)
    return DetailPage(_("应急队伍"), panels, acts, links=words.around("teams"))


def _by_trade(held: dict[tuple[str, str], int]) -> list[Panel]:
    if not held:
        return []
    trades, shifts = tables.TABLE.labels("trades"), tables.TABLE.labels("shifts")
    codes = [code for code in trades if any(trade == code for trade, _s in held)]
    series = tuple(
        Series(name, tuple(float(held.get((code, shift), 0)) for code in codes))
        for shift, name in shifts.items()
    )
    title = _("人数，按工种和班次（共 %(n)d 人）") % {"n": sum(held.values())}
    return [
        Chart("stacked", title, tuple(trades[code] for code in codes), series, _("人"), _("工种"))
    ]


def _tools(found: list[tuple[str, int, bool]]) -> Tables:
    names = tables.TABLE.labels("tools")
    heads = columns(_("器具"), Column(_("数量"), number=True), _("说明"))
    lines = tuple(
        row(
            names.get(tool, tool),
            Cell(number, "number"),
            Tag(_("以上：只知道下限"), "warn") if bound else "—",
        )
        for tool, number, bound in found
    )
    return Tables(_("手工器具"), Table(heads, lines, empty=_("还没有登记器具。")))


def _published() -> list[Panel]:
    found = crews.beside_published()
    heads = columns(
        _("公布的数"),
        _("公布"),
        Column(_("登记"), number=True),
        Column(_("相差"), number=True),
        Column(_("原文"), wide=True),
    )
    lines = tuple(
        row(
            Cell(one.published.indicator.label(), href=one.published.get_absolute_url()),
            figures.value(one.published),
            Cell(one.counted, "number"),
            Cell(f"{one.difference:+,.0f}" if one.difference else "0"),
            Cell(one.published.quote, "quote"),
        )
        for one in found
    )
    told = _("公布的照原文保存，登记的由各队伍加总，两个都留着，谁也不改谁。")
    return [Tables(_("公布的数和登记的数"), Table(heads, lines), told)] if lines else []


def team(one: Team, by: Post, bound: Bound = None) -> DetailPage:
    """一支队伍：按工种和班次的人数，器具，分队。"""
    trades, shifts = tables.TABLE.labels("trades"), tables.TABLE.labels("shifts")
    heads = columns(_("工种"), _("班次"), Column(_("人数"), number=True))
    held = crews.strengths(one)
    lines = tuple(
        row(trades.get(trade, trade), shifts.get(shift, shift), Cell(n, "number"))
        for (trade, shift), n in sorted(held.items())
    )
    facts = [(_("单位"), Cell(one.unit.label())), (_("人数"), Cell(sum(held.values()), "number"))]
    if one.parent is not None:
        facts.append(
            (_("属哪支队伍"), Cell(one.parent.label(), href=one.parent.get_absolute_url()))
        )
    if one.task:
        facts.append((_("负责什么"), Cell(one.task)))
    tools = [(tool.tool, tool.number, tool.lower_bound) for tool in one.tools.all()]
    parts = columns(Column(_("分队"), wide=True), Column(_("人数"), number=True))
    people = crews.people_of()
    panels: list[Panel] = [
        Facts(_("队伍"), tuple(facts)),
        Tables(_("人数"), Table(heads, lines, empty=_("还没有登记人数。"))),
        _tools(tools),
    ]
    below = tuple(
        row(Cell(part.label(), href=part.get_absolute_url()), Cell(people[part.pk], "number"))
        for part in one.parts.filter(dissolved=False)
    )
    if below:
        panels.append(Tables(_("分队"), Table(parts, below)))
    tags = (Tag(_("已撤销"), "quiet"),) if one.dissolved else ()
    links = (Link(_("全部队伍"), words.around("index")[1].href),)
    return DetailPage(one.label(), panels, ACTS.panels("team", one, by, bound), tags, links=links)

"""情况报告：one report, the lines that it sums from, what is different from the one before."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.people.doing import Bound
from bihuan.people.models import Post
from bihuan.snow.models import SituationReport
from bihuan.snow.pages.acts import panels as acts
from bihuan.snow.pages.words import state
from bihuan.snow.queries import situation
from bihuan.snow.rules import situation as rules
from bihuan.snow.rules.live import STATES
from bihuan.ui.panel import DetailPage, Link, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row


def report(one: SituationReport, by: Post, bound: Bound = None) -> DetailPage:
    """一期情况报告：每个数、由哪些行加起来、更正的原因、路况、与上期的不同。"""
    found = situation.content(one)
    heads = columns(
        _("数"), Column(_("写成"), number=True), _("单位"), Column(_("汇总值"), number=True),
        Column(_("原因"), wide=True),
    )  # fmt: skip
    lines = tuple(
        row(_(rules.FIGURES[code][0]), Cell(rules.plain(said.value), "number"),
            _(rules.FIGURES[code][1]), Cell(rules.plain(said.figure.summed), "number"),
            Cell(said.reason or "—", note=said.by))
        for code, said in found.said.items()
    )  # fmt: skip
    panels: list[Panel] = [
        Tables(_("截至这一刻的数"), Table(heads, lines),
               _("台次是出动的次数，不是车的台数；人次一班只算一次。")),
        _summed(found),
        _roads(found.roads),
    ]  # fmt: skip
    if one.summary:
        panels.append(Prose(_("情况说明"), one.summary))
    if one.next_steps:
        panels.append(Prose(_("下一步"), one.next_steps))
    panels += list(_since(one))
    late = situation.late_entries(one)
    if late:
        panels.append(
            Prose(_("签发以后"), _("又有 %(n)d 条队伍报告到达，没有算进这一期。") % {"n": late})
        )
    tag = Tag(_(rules.REPORT_STATES[one.state]), "good" if one.state == "issued" else "warn")
    as_of = timezone.localtime(one.as_of)
    intro = _("截至 %(at)s") % {"at": f"{as_of:%Y-%m-%d %H:%M}"}
    links = (Link(one.storm.label(), one.storm.get_absolute_url()),)
    return DetailPage(
        one.label(), panels, acts("situation", one, by, bound), (tag,), intro=intro, links=links
    )


def _summed(found: situation.Content) -> Tables:
    """The lines that every figure sums from."""
    heads = columns(
        _("数"), Column(_("单位"), wide=True), _("时间"), Column(_("数量"), number=True),
        Column(_("说明"), wide=True),
    )  # fmt: skip
    lines = tuple(
        row(_(rules.FIGURES[code][0]), line.unit_name, line.at.replace("T", " ")[:16],
            Cell(rules.plain(line.amount), "number"), _shift(line.note))
        for code, said in found.said.items()
        for line in said.figure.lines
    )  # fmt: skip
    return Tables(_("由哪些报告加起来"), Table(heads, lines, empty=_("这段时间里没有队伍报告。")))


def _shift(note: str) -> str:
    """2022-01-24 08 as the shift it names."""
    day, _space, hour = note.partition(" ")
    return _("%(day)s %(hour)s 时的班") % {"day": day, "hour": hour} if hour else note or "—"


def _roads(found: Any) -> Tables:
    heads = columns(
        Column(_("道路"), wide=True), _("状态"), _("已报路段"), Column(_("其中"), wide=True)
    )
    lines = tuple(
        row(one.name, state(one.state), f"{one.known}/{one.pieces}", "、".join(one.worst) or "—")
        for one in found
    )
    return Tables(_("重点道路"), Table(heads, lines, empty=_("路网里没有标为重点的道路。")))


def _since(one: SituationReport) -> Iterator[Panel]:
    earlier, found = situation.differences(one)
    if earlier is None:
        return
    heads = columns(Column(_("哪一项"), wide=True), _("上期"), _("本期"))
    lines = tuple(
        row(_(rules.FIGURES[each.figure][0]), each.before, each.after)
        if each.figure
        else row(each.road, _(STATES.get(each.before, each.before)),
                 _(STATES.get(each.after, each.after)))
        for each in found
    )  # fmt: skip
    yield Tables(_("与上期不同"), Table(heads, lines, empty=_("与上期没有不同。")))

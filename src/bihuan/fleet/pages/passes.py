"""What was done: the list of passes, and one pass with its evidence on the map."""

from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.audit import pages as audit
from bihuan.fleet import forms, rules
from bihuan.fleet.models import Pass
from bihuan.fleet.queries import passes as queries
from bihuan.ui.chart import Map
from bihuan.ui.panel import DetailPage, Facts, FormPanel, Link, ListPage, Panel, Prose
from bihuan.ui.table import Cell, Column, Pager, Table, Tag, columns, row
from bihuan.ui.templatetags.ui import moment

PAGE = 100


def index(form: forms.PassForm, page: int, query: str) -> ListPage:
    """作业记录：何时、哪个路段、哪台车、做了什么、凭什么说。"""
    since, until, section = form.span()
    found = queries.passes(since, until, [section] if section else None).order_by("-to_at", "-pk")
    paginator = Paginator(found, PAGE)
    shown = paginator.get_page(page)
    names = queries.section_names({one.section for one in shown})
    heads = columns(
        _("结束"),
        Column(_("路段"), wide=True),
        _("车辆"),
        _("做了什么"),
        Column(_("做了多少"), number=True),
        Column(_("融雪剂（kg）"), number=True),
        _("来源"),
    )
    lines = tuple(
        row(
            Cell(one.to_at, "moment", href=one.get_absolute_url()),
            Cell(names.get(one.section, one.section), note=_(rules.DIRECTIONS[one.direction])),
            one.vehicle.number if one.vehicle else "",
            work(one),
            Cell(round(100 * one.share), "percent"),
            Cell(None if one.grams is None else round(one.grams / 1000, 1), "number"),
            source(one),
        )
        for one in shown
    )
    around = f"?{query}&page=" if query else "?page="
    pager = Pager(
        shown.number,
        paginator.num_pages,
        paginator.count,
        f"{around}{shown.previous_page_number()}" if shown.has_previous() else "",
        f"{around}{shown.next_page_number()}" if shown.has_next() else "",
    )
    return ListPage(
        _("作业记录"),
        Table(heads, lines, empty=_("这段时间没有作业记录。"), pager=pager),
        intro=_("有轨迹为证的带佐证点；队伍报告的照报告写，不当作证明。"),
        filters=FormPanel("", form, reverse("fleet:passes"), _("筛选"), method="get"),
        links=(Link(_("全部车辆"), reverse("fleet:index")),),
    )


def work(one: Pass) -> str:
    """What was done on the way, as far as it is known."""
    told = [word for done, word in ((one.ploughed, _("推雪")), (one.spread, _("撒布"))) if done]
    if not told and one.ploughed is None and one.spread is None:
        return _("设备没有说") if one.source == "matched" else _("没有写明")
    return _("、").join(told) or _("只驶过")


def source(one: Pass) -> Tag:
    return Tag(_(rules.SOURCES[one.source]), "good" if one.source == "matched" else "info")


def detail(one: Pass) -> DetailPage:
    """一条作业记录。"""
    name = queries.section_names({one.section}).get(one.section, one.section)
    facts = Facts(
        _("记录"),
        (
            (_("路段"), Cell(name, note=_(rules.DIRECTIONS[one.direction]))),
            (_("车辆"), _vehicle(one)),
            (_("开始"), Cell(one.from_at, "moment")),
            (_("结束"), Cell(one.to_at, "moment")),
            (_("做了什么"), Cell(work(one))),
            (_("做了多少"), Cell(round(100 * one.share), "percent")),
            (
                _("融雪剂（kg）"),
                Cell(None if one.grams is None else round(one.grams / 1000, 1), "number"),
            ),
            (_("来源"), Cell(source(one), "tag")),
            (_("谁报告"), Cell(one.by.label() if one.by else "")),
            (_("说明"), Cell(one.note)),
        ),
    )
    return DetailPage(
        _("%(section)s 的作业") % {"section": name},
        [facts, _evidence(one), audit.timeline(one)],
        tags=(source(one),),
        kicker=moment(one.to_at),
        links=(Link(_("作业记录"), reverse("fleet:passes")),),
    )


def _vehicle(one: Pass) -> Cell:
    if one.vehicle is None:
        return Cell("")
    return Cell(one.vehicle.number, href=one.vehicle.get_absolute_url())


def _evidence(one: Pass) -> Panel:
    if not one.evidence:
        return Prose(_("佐证点"), _("没有轨迹：这一条只有队伍的报告。"))
    points: list[dict[str, Any]] = []
    lines = []
    for at_ms, lon, lat in one.evidence:
        told = moment(rules.moment_of(int(at_ms)))
        points.append(
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [lon, lat]},
                "properties": {"name": told, "tone": "good"},
            }
        )
        lines.append(row(told, f"{lon:.5f}，{lat:.5f}"))
    return Map(_("佐证点"), tuple(points), Table(columns(_("时间"), _("位置")), tuple(lines)))

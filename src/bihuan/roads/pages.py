"""Pages of the network: the map over the list of sections, one section, loading a version."""

import json
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.roads import forms, queries, rules
from bihuan.roads.models import NetworkVersion, Place, Section
from bihuan.ui.chart import Map
from bihuan.ui.panel import DetailPage, Facts, FormPage, FormPanel, Link, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row

_TONES = {"main": "info", "secondary": "good"}
_MOST = 1500  # sections that a page lists and draws


def index(by: Post) -> DetailPage:
    """道路：地图和同样的列表，各等级多少公里，重点和易结冰的部位。"""
    version = queries.active()
    links = []
    if people.may(by, "roads.manage"):
        links.append(Link(_("载入路网"), reverse("roads:load"), primary=True))
    if version is None:
        panels: list[Panel] = [
            Prose(_("还没有路网"), _("请载入一个：OpenStreetMap 的摘录，或 GeoJSON、CSV。"))
        ]
        return DetailPage(_("道路"), panels, links=tuple(links))
    panels = [_facts(version), _kinds(), *_cut(), _map(version), _places()]
    return DetailPage(
        _("道路"),
        panels,
        tags=(Tag(_("示例数据"), "warn"),) if version.sample else (),
        kicker=version.name,
        intro=_("示意路网，不是测绘成果。") if version.sample else version.attribution,
        links=tuple(links),
    )


def _facts(version: NetworkVersion) -> Facts:
    return Facts(
        _("在用的路网"),
        (
            (_("名称"), Cell(version.name)),
            (_("路口"), Cell(version.nodes, "number")),
            (_("有向路段"), Cell(version.arcs, "number")),
            (_("载入"), Cell(version.created_at, "moment")),
            (_("版权说明"), Cell(version.attribution)),
            (_("摘要"), Cell(version.digest[:16], "code")),
        ),
    )


def _kinds() -> Tables:
    heads = columns(
        _("等级"), Column(_("路段"), number=True), Column(_("公里"), number=True)
    )  # fmt: skip
    told = queries.by_kind()
    lines = tuple(
        row(_(name), Cell(told[kind][0], "number"), Cell(round(told[kind][1], 1), "number"))
        for kind, name in rules.KINDS.items()
        if kind in told
    )
    return Tables(_("各等级"), Table(heads, lines))


def _cut() -> list[Panel]:
    """A big city has more sections than a page: said, not dropped."""
    whole = queries.sections().count()
    if whole <= _MOST:
        return []
    told = {"n": whole, "most": _MOST}
    words = _(
        "共 %(n)d 段，下面先列主干道、次干道，到 %(most)d 段为止；其余在实时图的清单里翻页看。"
    )
    return [Prose(_("没有全部列出"), words % told)]


def _map(version: NetworkVersion) -> Map:
    found = list(queries.by_rank()[:_MOST])
    heads = columns(
        Column(_("路段"), wide=True), _("等级"), Column(_("长度（米）"), number=True), _("标记"),
        _("负责单位"),
    )  # fmt: skip
    lines = tuple(
        row(
            Cell(one.name, href=one.get_absolute_url()),
            one.kind_label(),
            Cell(round(one.length_m), "number"),
            marks(one),
            one.district.label() if one.district else "",
        )
        for one in found
    )
    shapes = tuple(_feature(one, version) for one in found)
    return Map(_("路段"), (*shapes, *map(_point, queries.places())), Table(heads, lines))


def marks(one: Section) -> str:
    told = ([_("重点")] if one.key else []) + ([_("易结冰")] if one.icing else [])
    return _("、").join(told)


def _feature(one: Section, version: NetworkVersion) -> Mapping[str, Any]:
    tone = "bad" if one.key else "warn" if one.icing else _TONES.get(one.kind, "info")
    about = {"name": one.name, "tone": tone, "attribution": version.attribution}
    return {"type": "Feature", "geometry": json.loads(one.geometry), "properties": about}


def _point(one: Place) -> Mapping[str, Any]:
    about = {"name": one.name, "tone": "warn" if one.icing else "info"}
    where = {"type": "Point", "coordinates": [one.lon, one.lat]}
    return {"type": "Feature", "geometry": where, "properties": about}


def _places() -> Tables:
    heads = columns(_("类别"), Column(_("名称"), wide=True), _("位置"), _("易结冰"))
    lines = tuple(
        row(_(rules.PLACES[one.kind]), one.name, f"{one.lon:.5f}, {one.lat:.5f}",
            Tag(_("易结冰"), "warn") if one.icing else "")
        for one in queries.places()
    )  # fmt: skip
    return Tables(_("地点"), Table(heads, lines, empty=_("还没有地点。")))


def section(one: Section, by: Post, form: Any = None) -> DetailPage:
    """一个路段：形状、长度、标记。"""
    version = one.network
    items = (
        (_("代码"), Cell(one.code, "code")),
        (_("道路"), Cell(one.street)),
        (_("等级"), Cell(one.kind_label())),
        (_("长度（米）"), Cell(round(one.length_m), "number")),
        (_("标记"), Cell(marks(one))),
        (_("负责单位"), Cell(one.district.label() if one.district else "")),
    )
    heads = columns(_("路段"))
    panels: list[Panel] = [
        Facts(_("路段"), items),
        Map(_("在哪里"), (_feature(one, version),), Table(heads, (row(one.name),))),
    ]
    acts: list[Panel] = []
    if people.may(by, "roads.manage"):
        start = {"icing": one.icing, "key": one.key, "district": one.district}
        action = reverse("roads:section", args=[one.code])
        acts.append(FormPanel(_("标记"), form or forms.MarkForm(initial=start), action, _("保存")))
    links = (Link(_("道路"), reverse("roads:index")),)
    return DetailPage(one.name, panels, acts, kicker=version.name, links=links)


def loading(form: Any) -> FormPage:
    intro = _("载入以后成为在用的一版；代码不变的路段留着标记，没有了的路段会说出来。")
    panel = FormPanel(_("载入路网"), form, reverse("roads:load"), _("载入"), intro)
    return FormPage(_("载入路网"), panel)

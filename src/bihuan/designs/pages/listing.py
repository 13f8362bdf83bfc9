"""The list of schemes, the table of aspects, beginning a scheme."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.designs import queries
from bihuan.designs.models import Aspect
from bihuan.designs.pages import words
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, FormPage, FormPanel, Link, ListPage, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row


def index(by: Post) -> ListPage:
    """规划设计方案：看得到的方案，各有多少意见、多少等着本人办。"""
    found = list(queries.visible_to(by).prefetch_related("versions"))
    counts, waiting = queries.counts(found), queries.waiting_for(by, found)
    lines = []
    for scheme in found:
        stand = counts.get(scheme.pk, {})
        versions = list(scheme.versions.all())
        mine = waiting.get(scheme.pk, 0)
        lines.append(
            row(
                Cell(scheme.project.label(), note=words.sample(scheme)),
                Cell(scheme.label(), href=scheme.get_absolute_url()),
                versions[-1].label() if versions else _("还没交图"),
                words.scheme_state(scheme),
                Cell(sum(stand.values()) - stand.get("withdrawn", 0), "number"),
                Cell(stand.get("settled", 0), "number"),
                Tag(_("等您办 %(n)d 条") % {"n": mine}, "warn") if mine else "",
                Cell(scheme.due, "date"),
            )
        )
    heads = columns(
        Column(_("项目"), wide=True), Column(_("方案"), wide=True), _("最新版本"), _("状态"),
        Column(_("意见"), number=True), Column(_("已了结"), number=True), _("等您办"),
        _("提意见截止"),
    )  # fmt: skip
    managing = queries.manages(by)
    links = words.around("index", managing=managing)
    if managing:
        links = (Link(_("立一个方案"), reverse("designs:begin"), primary=True), *links)
    return ListPage(
        _("规划设计方案"),
        Table(heads, tuple(lines), empty=_("没有您看得到的方案。")),
        _("意见钉在图上一处，答复、落实、核实之后才了结；说采纳而图上没动的，单列出来。"),
        links=links,
    )


def beginning(form: Any) -> FormPage:
    """立一个方案。"""
    panel = FormPanel("", form, reverse("designs:begin"), _("立方案"))
    return FormPage(_("立一个方案"), panel, _("先立方案，再由设计单位交图。"))


def aspects(form: Any) -> DetailPage:
    """意见方面：可改的表。"""
    heads = columns(
        Column(_("次序"), number=True),
        _("名称"),
        _("代码"),
        Column(_("依据"), wide=True),
        _("使用"),
    )
    lines = tuple(
        row(
            Cell(one.order, "number"),
            Cell(one.label(), href=one.get_absolute_url()),
            Cell(one.code, "code"),
            _(one.source) if one.source else "",
            Tag(_("使用"), "good") if one.in_use else Tag(_("停用"), "quiet"),
        )
        for one in Aspect.objects.all()
    )
    act = FormPanel(_("新设一个方面"), form, reverse("designs:aspects"), _("保存"), folded=True)
    return DetailPage(
        _("意见方面"),
        [Tables(_("意见方面"), Table(heads, lines))],
        (act,),
        links=words.around("aspects", managing=True),
    )


def aspect(one: Aspect, form: Any) -> FormPage:
    """改一个方面。"""
    panel = FormPanel("", form, one.get_absolute_url(), _("保存"))
    return FormPage(_("意见方面：%(name)s") % {"name": one.label()}, panel)

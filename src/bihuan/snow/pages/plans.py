"""Lists of plans: those of an event, and those that stand ready for the next one."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.people.doing import Bound
from bihuan.people.models import Post
from bihuan.snow.models import Plan, Storm
from bihuan.snow.pages.acts import panels as acts
from bihuan.snow.pages.plan import late, state_tag
from bihuan.snow.queries import plan as queries
from bihuan.snow.rules import plan as rules
from bihuan.ui.panel import DetailPage, Link, Tables
from bihuan.ui.table import Cell, Column, Table, columns, moment, row

_NO = "—"


def listed(storm: Storm | None, title: str) -> Tables:
    """Plans of an event, or those in readiness."""
    heads = columns(
        Column(_("作业方案"), wide=True), _("为什么有这一版"), _("状态"), _("出车令"),
        Column(_("全程（km）"), number=True), Column(_("超过承诺的路段"), number=True),
        Column(_("没清完的路段"), number=True),
    )  # fmt: skip
    lines = tuple(_listed(one) for one in queries.plans(storm))
    return Tables(title, Table(heads, lines, empty=_("还没有方案。")))


def _listed(one: Plan) -> Any:
    told = one.told or {}
    return row(
        Cell(one.label(), href=one.get_absolute_url(), note=one.note),
        _(rules.CAUSES[one.cause]), state_tag(one), moment(one.starts_at),
        Cell(round(told["km"], 1) if told else _NO, "number"),
        Cell(late(told) if told else _NO, "number"),
        Cell(len(told["undone"]) if told else _NO, "number"),
    )  # fmt: skip


def index(by: Post, bound: Bound = None) -> DetailPage:
    """备用方案：还没有下雪时订好的；启动响应时可立即执行。"""
    links = (Link(_("全部降雪"), reverse("snow:index")),)
    intro = _("启动响应时可立即执行一个备用方案，不等命令。")
    return DetailPage(
        _("备用方案"),
        (listed(None, _("备用方案")),),
        acts("readiness", None, by, bound),
        links=links,
        intro=intro,
    )

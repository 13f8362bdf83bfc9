"""督导：one walk, where it led, what was seen, what can be done there."""

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.people.doing import Bound
from bihuan.people.models import Post
from bihuan.snow.models import Inspection
from bihuan.snow.pages.acts import panels as acts
from bihuan.snow.pages.words import state
from bihuan.snow.rules import inspection as walk_rules
from bihuan.ui.panel import DetailPage, Facts, FormPanel, Link, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, columns, moment, row


def walk(one: Inspection, by: Post, bound: Bound = None) -> DetailPage:
    """一次督导：依次到哪几处，到了没有，所见，提为问题。"""
    facts = Facts(
        _("督导"),
        (
            (_("带队"), Cell(one.leader.label())),
            (_("参加督导的"), Cell("、".join(p.label() for p in one.participants.all()) or "—")),
            (_("出发时间"), moment(one.starts_at)), (_("结束"), moment(one.ended_at)),
        ),
    )  # fmt: skip
    heads = columns(
        Column(_("第几处"), number=True),
        Column(_("地点"), wide=True),
        _("类别"),
        _("到达"),
        _("路况"),
    )
    stops = list(one.stops.prefetch_related("remarks"))
    table = Table(
        heads,
        tuple(
            row(Cell(each.order, "number"), each.name, _(walk_rules.STOPS[each.kind]),
                moment(each.arrived_at), state(each.state) if each.state else "—")
            for each in stops
        ),
        empty=_("还没有写要到哪几处。"),
    )  # fmt: skip
    seen = columns(_("地点"), _("看法"), Column(_("所见"), wide=True), _("时间"), _("照片"))
    remarks = [(stop, each) for stop in stops for each in stop.remarks.all()]
    told = Table(
        seen,
        tuple(
            row(stop.name, _(walk_rules.SEEN[each.seen]), each.text, moment(each.at),
                Cell(_("看照片"), href=reverse("snow:photo", args=["remark", each.pk]))
                if each.photo_id else "—")
            for stop, each in remarks
        ),
        empty=_("还没有记所见。"),
    )  # fmt: skip
    panels: list[Panel] = [facts, Tables(_("依次到的地方"), table), Tables(_("所见"), told)]
    if one.summary:
        panels.append(Prose(_("小结"), one.summary))
    doing: list[FormPanel] = []
    for stop in stops:
        doing += acts("stop", stop, by, bound, f"{stop.name}：")
    for stop, each in remarks:
        doing += acts("remark", each, by, bound, f"{stop.name}：")
    doing += acts("inspection", one, by, bound)
    links = (Link(one.storm.label(), one.storm.get_absolute_url()),) if one.storm else ()
    tags = (Tag(_(walk_rules.STATES[one.state]), "quiet"),)
    return DetailPage(one.label(), panels, tuple(doing), tags, links=links)

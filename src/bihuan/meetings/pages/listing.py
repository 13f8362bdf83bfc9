"""The rounds as a list, and the form that begins one."""

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.meetings import queries, rules
from bihuan.meetings.forms import OpenForm
from bihuan.meetings.models import Meeting
from bihuan.meetings.pages import words
from bihuan.people.models import Post
from bihuan.ui.panel import FormPage, FormPanel, Link, ListPage
from bihuan.ui.table import Cell, Column, Row, Table, columns, row


def index(by: Post) -> ListPage:
    """测评：各年度的述职评议会。"""
    heads = columns(
        Column(_("述职评议会"), wide=True),
        _("述职年度"),
        _("会议时间"),
        _("状态"),
        Column(_("下一步"), wide=True),
    )
    found = list(queries.meetings(by))
    links = []
    if words.may(by, "meetings.plan"):
        links.append(Link(_("开始一轮述职评议"), reverse("meetings:open"), primary=True))
    return ListPage(
        _("测评"),
        Table(heads, tuple(_line(one) for one in found), empty=_("还没有述职评议会。")),
        _("每个述职年度一轮：方案、述职、测评、点评、定等次、反馈、整改，一步也不悄悄跳过。"),
        links=tuple(links),
    )


def _line(meeting: Meeting) -> Row:
    document = queries.document(meeting)
    missing = queries.first_missing(queries.checks(meeting))
    note = _("演练") if meeting.rehearsal else _("示例数据") if meeting.sample else ""
    return row(
        Cell(meeting.label(), href=meeting.get_absolute_url(), note=note),
        Cell(words.year(meeting)),
        Cell(words.held(document) if document else ""),
        words.state_tag(meeting),
        Cell(_(rules.STEPS[missing.step]) if missing and meeting.state != "done" else ""),
    )


def opening(form: OpenForm) -> FormPage:
    """开始一轮述职评议。"""
    return FormPage(
        _("开始一轮述职评议"),
        FormPanel("", form, reverse("meetings:open"), _("开始拟方案")),
        _("照上一轮的方案起草，年度和日期换成这一轮的，其余照旧，逐项可改。"),
    )

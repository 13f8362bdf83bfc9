"""Review meetings: the list, one meeting, its minutes."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.audit.pages import timeline
from bihuan.designs import queries, rules
from bihuan.designs.models import AgendaItem, Minutes, ReviewMeeting
from bihuan.designs.pages import acts, words
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, Facts, FormPage, FormPanel, Link, ListPage, Prose, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, Tone, columns, row


def index(by: Post) -> ListPage:
    """审查会。"""
    heads = columns(
        Column(_("会议"), wide=True), _("种类"), _("日期"), _("主持人"),
        Column(_("议题"), number=True), _("状态"),
    )  # fmt: skip
    lines = tuple(
        row(
            Cell(one.title, href=one.get_absolute_url(), note=words.sample(one)),
            _(rules.MEETING_KINDS[one.kind]),
            Cell(one.on, "date"),
            one.chair.label(),
            Cell(one.agenda.count(), "number"),
            words.meeting_state(one),
        )
        for one in queries.meetings_for(by)
    )
    managing = queries.manages(by)
    links = words.around("meetings", managing=managing)
    if managing:
        links = (Link(_("召集审查会"), reverse("designs:call"), primary=True), *links)
    empty = _("还没有审查会。")
    return ListPage(_("方案审查会"), Table(heads, lines, empty=empty), links=links)


def calling(form: Any) -> FormPage:
    """召集审查会。"""
    panel = FormPanel("", form, reverse("designs:call"), _("召集"))
    return FormPage(_("召集审查会"), panel, _("一次会可议几个项目的方案。"))


def detail(meeting: ReviewMeeting, by: Post) -> DetailPage:
    """会议页。"""
    paper = queries.meetings.paper(meeting)
    panels: list[Any] = [_facts(meeting, paper), _agenda(meeting, by), _attendees(meeting)]
    if meeting.requirements:
        panels.append(Prose(_("会议要求"), meeting.requirements))
    if paper is not None:
        panels.append(timeline(meeting, paper))
    else:
        panels.append(timeline(meeting))
    links = [Link(_("议程（PDF）"), reverse("designs:agenda-pdf", args=[meeting.pk]))]
    if paper is not None:
        links.insert(0, Link(_("会议纪要"), paper.get_absolute_url(), primary=True))
    return DetailPage(
        meeting.title,
        panels,
        acts.panels(meeting, by),
        tuple(filter(None, (words.meeting_state(meeting), _mark(meeting)))),
        kicker=_(rules.MEETING_KINDS[meeting.kind]),
        links=(*links, Link(_("全部审查会"), reverse("designs:meetings"))),
    )


def _mark(meeting: ReviewMeeting) -> Tag | None:
    return Tag(_("示例数据"), "quiet") if meeting.sample else None


def _facts(meeting: ReviewMeeting, paper: Minutes | None) -> Facts:
    items = [
        (_("日期"), Cell(meeting.on, "date", note=meeting.time)),
        (_("地点"), Cell(meeting.place)),
        (_("主持人"), Cell(meeting.chair.label())),
    ]
    if paper is not None:
        items.append((_("会议纪要"), Cell(numbered(paper), href=paper.get_absolute_url())))
    if meeting.reason:
        items.append((_("取消的原因"), Cell(meeting.reason)))
    return Facts(_("安排"), tuple(items))


def numbered(paper: Minutes) -> str:
    """〔2026〕3号, or that it is a draft."""
    if paper.issued_on is None:
        return _("草稿，未印发")
    return _("〔%(year)d〕%(n)d号") % {"year": paper.year or 0, "n": paper.number or 0}


CONCLUSION_TONES: dict[str, Tone] = {
    "passed": "good",
    "changes": "info",
    "again": "warn",
    "refused": "bad",
    "deferred": "quiet",
}


def _agenda(meeting: ReviewMeeting, by: Post) -> Tables:
    heads = columns(
        Column(_("序号"), number=True), Column(_("项目"), wide=True), Column(_("方案"), wide=True),
        _("版本"), Column(_("意见"), number=True), _("结论"), Column(_("说明"), wide=True), "", "",
    )  # fmt: skip
    lines = tuple(
        row(
            Cell(item.number, "number"),
            Cell(item.scheme.project.label(), href=item.scheme.project.get_absolute_url()),
            Cell(item.scheme.label(), href=item.scheme.get_absolute_url()),
            Cell(item.version.label(), href=item.version.get_absolute_url()),
            Cell(len(queries.meetings.said(item)), "number"),
            Tag(_(rules.CONCLUSIONS[item.conclusion]), CONCLUSION_TONES[item.conclusion])
            if item.conclusion
            else "",
            item.text,
            _doing("conclude", _("记结论"), item, by),
            _doing("off", _("移出"), item, by),
        )
        for item in queries.meetings.agenda(meeting)
    )
    return Tables(_("议程"), Table(heads, lines, empty=_("议程里还没有方案。")))


def _doing(name: str, label: str, item: AgendaItem, by: Post) -> Cell:
    return (
        Cell(label, href=acts.address(name, item))
        if acts.offered(name, item, by)
        else Cell("\u00a0")
    )


_TONES: dict[str, Tone] = {
    "invited": "plain",
    "present": "good",
    "listening": "info",
    "absent": "warn",
}


def _attendees(meeting: ReviewMeeting) -> Tables:
    heads = columns(Column(_("参会人员"), wide=True), _("到会情况"))
    lines = tuple(
        row(each.label(), Tag(_(rules.ATTENDANCE[each.attendance]), _TONES[each.attendance]))
        for each in queries.meetings.attendees(meeting)
    )
    return Tables(_("参会"), Table(heads, lines, empty=_("还没有请人参会。")))


def minutes(paper: Minutes, by: Post) -> DetailPage:
    """会议纪要：可看、可打印、可取 PDF；没印发的可改。"""
    meeting = paper.meeting
    doing = tuple(
        acts.panel(name, meeting, by)
        for name in ("write", "issue", "draft")
        if acts.offered(name, meeting, by)
    )
    tone: Tone = "good" if paper.issued_on else "warn"
    return DetailPage(
        _("%(title)s会议纪要") % {"title": meeting.title},
        [Prose(numbered(paper), paper.text.replace("\n", "\n\n"))],
        doing,
        (Tag(numbered(paper), tone),),
        kicker=paper.issuer,
        links=(
            Link("PDF", reverse("designs:minutes-pdf", args=[meeting.pk]), primary=True),
            Link(_("回到会议"), meeting.get_absolute_url()),
        ),
    )

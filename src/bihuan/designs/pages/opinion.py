"""One opinion: what is asked, what was answered, who verified, what was said about it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.audit.pages import timeline
from bihuan.designs import queries, rules
from bihuan.designs.models import Opinion, Picture
from bihuan.designs.pages import acts, viewer, words
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, Facts, Link, Moment, Panel, Prose, Tables, Timeline
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row


def detail(opinion: Opinion, by: Post) -> DetailPage:
    """意见页。"""
    panels: list[Panel] = [Prose(_("意见"), opinion.text), _facts(opinion, by), _replies(opinion)]
    if opinion.page is not None:
        panels.append(viewer.of(opinion.version, [opinion], start=opinion.page))
    if opinion.remarks.exists():
        panels.append(_remarks(opinion))
    if pictures := list(opinion.pictures.select_related("kept")):
        panels.append(_pictures(opinion, pictures))
    panels.append(timeline(opinion))
    scheme = opinion.scheme
    return DetailPage(
        opinion.label(),
        panels,
        acts.panels(opinion, by, unfolded=_first(opinion)),
        (words.state(opinion), words.priority(opinion)),
        kicker=scheme.project.label(),
        links=(
            Link(_("回到这个方案"), scheme.get_absolute_url()),
            Link(opinion.version.label(), opinion.version.get_absolute_url()),
        ),
    )


def _first(opinion: Opinion) -> str:
    return "verify" if opinion.state == "answered" else "answer"


def _facts(opinion: Opinion, by: Post) -> Facts:
    items = [
        (_("方面"), Cell(opinion.aspect.label())),
        (_("提出"), Cell(words.who(opinion), note=_(rules.SOURCES[opinion.source]))),
        (_("位置"), words.place(opinion)),
    ]
    if region := opinion.region():
        items.append((_("区域（左、上、宽、高 %）"), Cell(rules.spelled(region))))
    if opinion.by is not None:
        items.append((_("经办"), Cell(opinion.by.label())))
    if opinion.meeting is not None:
        items.append(
            (_("审查会"), Cell(opinion.meeting.title, href=opinion.meeting.get_absolute_url()))
        )
    if opinion.author:
        items.append((_("导入文件所写的提出人"), Cell(opinion.author)))
    if queries.manages(by):
        contact = getattr(opinion, "contact", None)
        if contact is not None:
            told = contact.text or _("已抹去")
            items.append((_("联系方式"), Cell(told, note=_("只供回复，不得外传"))))
    if finding := queries.finding_of(opinion):
        items.append((_("台账"), Cell(finding.number, href=finding.get_absolute_url())))
    return Facts(_("在哪里、谁提的"), tuple(items))


def _replies(opinion: Opinion) -> Tables:
    heads = columns(
        _("答复"), Column(_("理由"), wide=True), _("落实的版本"), _("答复人"), _("时间"),
        Column(_("核实"), wide=True),
    )  # fmt: skip
    lines = []
    for reply in opinion.replies.select_related("settled_in", "by__person", "by__unit"):
        judged = list(reply.verifications.select_related("by__person", "by__unit"))
        verdicts = "\n".join(
            f"{_('认可') if one.passed else _('退回')} · {one.by.label() if one.by else _('系统')}"
            + (f"\n{one.note}" if one.note else "")
            for one in judged
        )
        lines.append(
            row(
                words.decision(reply),
                reply.reason,
                reply.settled_in.label() if reply.settled_in else "",
                reply.by.label() if reply.by else _("系统"),
                Cell(reply.created_at, "moment"),
                verdicts,
            )
        )
    return Tables(_("答复和核实"), Table(heads, tuple(lines), empty=_("还没有答复。")))


def _remarks(opinion: Opinion) -> Timeline:
    said = opinion.remarks.select_related("by__person", "by__unit")
    return Timeline(
        _("讨论"),
        tuple(
            Moment(
                one.at,
                one.author or (one.by.label() if one.by else _("系统")),
                _("由 BCF 导入") if one.author else _("说"),
                one.text,
            )
            for one in said
        ),
    )


def _pictures(opinion: Opinion, pictures: list[Picture]) -> Tables:
    lines = tuple(
        row(
            Cell(
                str(one),
                href=reverse("designs:picture", args=[opinion.scheme_id, opinion.number, n]),
            ),
            Tag(_("截图"), "quiet"),
        )
        for n, one in enumerate(pictures, start=1)
    )
    return Tables(_("附图"), Table(columns(Column(_("文件"), wide=True), ""), lines))

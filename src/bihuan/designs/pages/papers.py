"""Papers of this room: minutes, agenda, list of opinions, as documents to be printed."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from bihuan.base import clock
from bihuan.designs import queries, rules
from bihuan.designs.models import Minutes, ReviewMeeting, Scheme
from bihuan.exchange.paper import document as paper
from bihuan.exchange.paper import meeting as meeting_paper

_HEADINGS = tuple("一二三四五六七八九十")
_MARK = "示例数据"


def minutes(found: Minutes) -> paper.Document:
    """会议纪要：公文版式，编号、正文、落款。"""
    meeting = found.meeting
    number = f"〔{found.year}〕{found.number}号" if found.number else "（草稿）"
    parts: list[paper.Part] = [paper.Title(f"{meeting.title}\n会议纪要", number)]
    for line in found.text.splitlines():
        text = line.strip()
        if not text:
            continue
        heading = "、" in text[:4] and text.startswith(_HEADINGS)
        parts.append(paper.Heading(text) if heading else paper.Paragraph(text))
    if found.issued_on:
        with override("zh-hans"):
            parts.append(paper.Closing(found.issuer, clock.in_words(found.issued_on)))
    mark = _MARK if meeting.sample else ""
    return paper.Document(f"{meeting.title}会议纪要", parts, paper.LETTER, mark)


def agenda(meeting: ReviewMeeting) -> paper.Document:
    """议程。"""
    items = tuple(
        meeting_paper.AgendaItem(
            "",
            f"{item.scheme.project.name}：{item.scheme.name}（第{item.version.number}版）",
            item.scheme.designer.name,
            item.minutes,
        )
        for item in queries.meetings.agenda(meeting)
    )
    with override("zh-hans"):
        when = clock.in_words(meeting.on) + meeting.time
    return meeting_paper.agenda(
        meeting_paper.Agenda(
            meeting=meeting.title,
            date_text=when,
            place=meeting.place,
            host=str(meeting.chair),
            items=items,
            mark=_MARK if meeting.sample else "",
        )
    )


def opinions(scheme: Scheme) -> paper.Document:
    """意见清单：编号、方面、提出、位置、意见、答复、状态。In the reader's language."""
    rows = []
    for one in queries.opinions(scheme):
        reply = queries.reply(one)
        answered = ""
        if reply is not None:
            settled = f"（{reply.settled_in.label()}）" if reply.settled_in else ""
            answered = f"{_(rules.DECISIONS[reply.decision])}{settled}\n{reply.reason}"
        rows.append(
            (
                one.number,
                one.aspect.label(),
                one.unit.label() if one.unit else _(rules.SOURCES[one.source]),
                one.place(),
                one.text,
                answered,
                _(rules.STATES[one.state]),
            )
        )
    columns = (
        paper.Column(_("编号"), 0.6, "centre"),
        paper.Column(_("方面"), 1.3),
        paper.Column(_("提出"), 1.6),
        paper.Column(_("位置"), 1.5),
        paper.Column(_("意见"), 4),
        paper.Column(_("答复"), 3),
        paper.Column(_("状态"), 1.3),
    )
    title = _("%(scheme)s意见清单") % {"scheme": scheme.label()}
    parts: list[paper.Part] = [
        paper.Title(title, over=scheme.project.label()),
        paper.Table(columns, rows),
    ]
    return paper.Document(title, parts, paper.WIDE, _MARK if scheme.sample else "")

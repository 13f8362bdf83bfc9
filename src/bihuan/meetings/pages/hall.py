"""The hall: who is speaking, how long yet, who is next; for the clerk, with the acts of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.forms import Form
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.ballots import rules as polls
from bihuan.meetings import queries, rules
from bihuan.meetings.forms import Button, CommentForm, ReasonForm
from bihuan.meetings.models import Meeting, Reporter
from bihuan.meetings.pages import words
from bihuan.meetings.pages.reporter import last_year
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, FormPanel, Link, Panel, Tables
from bihuan.ui.table import Cell, Column, Row, Table, Tag, columns, row


@dataclass(frozen=True)
class Stage:
    """台上：谁、述职还是点评、从几点起、到几点止；有脚本时倒计时，没有脚本时看时刻。"""

    title: str
    unit: str
    stage: str
    began: str
    until: str
    ends_at: str  # ISO 8601, for the script
    allowed_s: int
    over: str
    waiting: str

    template: ClassVar[str] = "meetings/stage.html"


def stage_of(meeting: Meeting, document: Mapping[str, Any]) -> Stage:
    """What stands on the big screen now."""
    speaking = meeting.speaking
    if speaking is None or meeting.stage_began is None:
        queue = queries.waiting_on_stage(meeting)
        told = _("下一个：%(unit)s") % {"unit": queue[0].unit.label()} if queue else ""
        return Stage(_("台上"), "", "", "", "", "", 0, "", told or _("现在没有单位在述职。"))
    minutes = int(document["report_minutes" if meeting.stage == "report" else "comment_minutes"])
    ends = meeting.stage_began + timedelta(minutes=minutes)
    return Stage(
        _("台上"),
        speaking.unit.label(),
        _(rules.STAGES[meeting.stage]),
        _time(meeting.stage_began),
        _time(ends),
        ends.isoformat(),
        minutes * 60,
        _("时间到"),
        "",
    )


def _time(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M}"


def detail(meeting: Meeting, by: Post, forms: dict[str, Form] | None = None) -> DetailPage:
    """会场：台上，议程，该办的下一件。"""
    document = queries.document(meeting)
    panels: list[Panel] = [stage_of(meeting, document), _sheet(meeting)]
    if meeting.speaking is not None and queries.may_see_reporter(by, meeting.speaking):
        panels.append(last_year(meeting.speaking, by))
    links = [Link(_("议程（PDF）"), words.address(meeting, "agenda-paper"))]
    if meeting.poll is not None and polls.reached(meeting.poll.phase, "frozen"):
        screen = reverse("ballots:screen", args=[meeting.poll.slug, meeting.poll.screen_key])
        if words.may(by, "meetings.run") or words.may(by, "meetings.chair"):
            links.insert(0, Link(_("投影"), screen))
    return DetailPage(
        _("会场"),
        panels,
        _acts(meeting, by, forms or {}),
        words.tags(meeting),
        kicker=meeting.label(),
        intro=words.held(document),
        links=(*links, words.back(meeting)),
        refresh_s=0 if words.may(by, "meetings.run") else 10,
    )


def _sheet(meeting: Meeting) -> Tables:
    heads = columns(
        Column(_("次序"), number=True),
        Column(_("单位"), wide=True),
        _("述职方式"),
        _("述职"),
        _("点评"),
        Column(_("说明"), wide=True),
    )
    rows = tuple(_sheet_line(meeting, one) for one in queries.reporters(meeting))
    return Tables(
        _("议程"),
        Table(heads, rows, empty=_("方案批准以后排定。")),
        _("一述一评，按次序；没有述职的，写明原因。"),
    )


def _sheet_line(meeting: Meeting, one: Reporter) -> Row:
    told: Any = ""
    if one.ended and one.began:
        told = Tag(
            _("%(n)d 分钟") % {"n": max(1, round((one.ended - one.began).total_seconds() / 60))},
            "good",
        )
    elif one.began:
        told = Tag(_("进行中"), "warn")
    elif one.skipped:
        told = Tag(_("未述职"), "bad")
    elif one.mode == "onsite":
        told = Tag(_("等待"), "quiet")
    comment = Tag(_("已点评"), "good") if one.comment else ""
    if meeting.speaking_id == one.pk and meeting.stage == "comment":
        comment = Tag(_("进行中"), "warn")
    return row(
        Cell(one.number, "number"), one.unit.label(), words.mode_tag(one.mode), told, comment,
        one.skipped,
    )  # fmt: skip


def _acts(meeting: Meeting, by: Post, given: dict[str, Form]) -> list[Panel]:
    if not words.may(by, "meetings.run") or meeting.state != "sitting":
        return []
    acts: list[Panel] = []
    if not meeting.recalled and queries.previous(meeting) is not None:
        acts.append(
            FormPanel(
                _("上年整改情况"),
                Button(),
                words.address(meeting, "act", "recall"),
                _("已在会上通报"),
                _("在述职之前通报。各单位的情况见单位页。"),
            )
        )
    speaking = meeting.speaking
    if speaking is not None and meeting.stage == "report":
        acts.append(
            FormPanel(
                speaking.unit.label(),
                Button(),
                words.reporter_address(speaking, "finish-report"),
                _("述职结束，转入点评"),
            )
        )
        return acts
    if speaking is not None and meeting.stage == "comment":
        acts.append(
            FormPanel(
                _("点评：%(unit)s") % {"unit": speaking.unit.label()},
                given.get("comment") or CommentForm(speaking),
                words.reporter_address(speaking, "comment"),
                _("保存点评"),
            )
        )
    queue = queries.waiting_on_stage(meeting)
    if queue:
        following = queue[0]
        acts.append(
            FormPanel(
                _("下一个：%(unit)s") % {"unit": following.unit.label()},
                Button(),
                words.reporter_address(following, "call-on"),
                _("开始述职"),
            )
        )
        acts.append(
            FormPanel(
                _("%(unit)s不述职") % {"unit": following.unit.label()},
                given.get("pass-over") or ReasonForm(),
                words.reporter_address(following, "pass-over"),
                _("写明原因，跳过"),
                folded=True,
            )
        )
    return acts

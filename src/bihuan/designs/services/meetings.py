"""Verbs on review meetings: call, agenda, attendance, conclusions, and the minutes."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.designs import queries, rules
from bihuan.designs.models import (
    AgendaItem,
    Attendee,
    Minutes,
    MinutesSeries,
    ReviewMeeting,
    Scheme,
)
from bihuan.designs.services.doors import managing, sitting
from bihuan.people.models import Post

_FIELDS = ("title", "kind", "on", "time", "place", "chair", "requirements")


@transaction.atomic
def call(
    *,
    by: Post | None,
    title: str,
    kind: str,
    on: date,
    chair: Post,
    time: str = "",
    place: str = "",
    schemes: Iterable[Scheme] = (),
    sample: bool = False,
) -> ReviewMeeting:
    """召集审查会：哪天在哪里，谁主持，议哪几个方案（各取最新一版）。"""
    managing(by)
    if not title.strip():
        raise Refused(_("请写会议名称。"))
    meeting = ReviewMeeting.objects.create(
        title=" ".join(title.split()), kind=kind, on=on, chair=chair, time=time.strip(),
        place=place.strip(), by=by, sample=sample,
    )  # fmt: skip
    audit.record(by, "designs.meeting.call", meeting, changes={"on": (None, on)})
    for scheme in schemes:
        put_on_agenda(meeting, by=by, scheme=scheme)
    return meeting


@transaction.atomic
def amend_meeting(meeting: ReviewMeeting, *, by: Post | None, **fields: Any) -> ReviewMeeting:
    """改会议安排、会议要求：纪要印发之前都可以改。"""
    managing(by)
    before = sitting(meeting, states=("planned", "held"))
    if not fields.get("title", before.title).strip():
        raise Refused(_("请写会议名称。"))
    meeting = ReviewMeeting.objects.get(pk=before.pk)
    for field in _FIELDS:
        setattr(meeting, field, fields.get(field, getattr(before, field)))
    meeting.save(update_fields=list(_FIELDS))
    changes = audit.changed(before, meeting, *_FIELDS)
    audit.record(by, "designs.meeting.amend", meeting, changes=changes)
    return meeting


@transaction.atomic
def put_on_agenda(
    meeting: ReviewMeeting, *, by: Post | None, scheme: Scheme, minutes: int = 20
) -> AgendaItem:
    """列入议程：一个方案的最新一版。"""
    managing(by)
    meeting = sitting(meeting, states=("planned", "held"))
    version = queries.newest(scheme)
    faults = []
    if version is None:
        faults.append(_("“%(name)s”还没有交过一版，不能上会。") % {"name": scheme.name})
    if meeting.agenda.filter(scheme=scheme).exists():
        faults.append(_("“%(name)s”已在议程里。") % {"name": scheme.name})
    if faults or version is None:
        raise Refused.all(faults)
    last = meeting.agenda.aggregate(last=Max("number"))["last"] or 0
    item = AgendaItem.objects.create(
        meeting=meeting, number=last + 1, scheme=scheme, version=version, minutes=minutes
    )
    changes = {"scheme": (None, scheme), "number": (None, version.number)}
    audit.record(by, "designs.meeting.agenda", meeting, changes=changes)
    return item


@transaction.atomic
def take_off_agenda(item: AgendaItem, *, by: Post | None) -> None:
    """移出议程：开会之前。"""
    managing(by)
    meeting = sitting(item.meeting, states=("planned",))
    audit.record(by, "designs.meeting.off", meeting, changes={"scheme": (item.scheme, None)})
    item.delete()


@transaction.atomic
def invite(
    meeting: ReviewMeeting, *, by: Post | None, posts: Iterable[Post] = (), capacities: str = ""
) -> list[Attendee]:
    """请人参会：选任职；外请的以身份写，一行一个，不写姓名。"""
    managing(by)
    meeting = sitting(meeting, states=("planned", "held"))
    there = set(meeting.attendees.values_list("post", flat=True))
    rows = [
        Attendee.objects.create(meeting=meeting, post=post)
        for post in posts
        if post.pk not in there
    ]
    outside = [" ".join(line.split())[:120] for line in capacities.splitlines() if line.strip()]
    rows += [Attendee.objects.create(meeting=meeting, capacity=line) for line in outside]
    if not rows:
        raise Refused(_("没有新增的人。请选任职，或写外请人员的身份。"))
    names = [str(row) for row in rows]
    audit.record(by, "designs.meeting.invite", meeting, changes={"attendees": (None, names)})
    return rows


@transaction.atomic
def mark_attendance(
    meeting: ReviewMeeting, *, by: Post | None, marks: dict[int, str]
) -> ReviewMeeting:
    """核对到会：每个人到会、列席还是缺席。"""
    managing(by)
    meeting = sitting(meeting, states=("planned", "held"))
    changed = []
    for attendee in meeting.attendees.select_related("post"):
        mark = marks.get(attendee.pk, attendee.attendance)
        if mark != attendee.attendance and mark in rules.ATTENDANCE:
            attendee.attendance = mark
            attendee.save(update_fields=["attendance"])
            changed.append(f"{attendee}：{rules.ATTENDANCE[mark]}")
    changes = {"attendees": (None, changed)}
    audit.record(by, "designs.meeting.attendance", meeting, changes=changes)
    return meeting


@transaction.atomic
def conclude(item: AgendaItem, *, by: Post | None, conclusion: str, text: str = "") -> AgendaItem:
    """记结论：一个议题的结论和说明。"""
    managing(by)
    meeting = sitting(item.meeting, states=("planned", "held"))
    if meeting.on > clock.today():
        raise Refused(_("还没到开会的日子，不能记结论。"))
    item = AgendaItem.objects.select_for_update().get(pk=item.pk)
    if conclusion not in ("passed", "") and not text.strip():
        raise Refused(_("结论不是“原则同意”的，请写明说明。"))
    before = item.conclusion
    item.conclusion, item.text = conclusion, text.strip()
    item.save(update_fields=["conclusion", "text"])
    changes = {"conclusion": (before, conclusion), "scheme": (None, item.scheme)}
    audit.record(by, "designs.meeting.conclude", meeting, changes=changes, note=text.strip())
    return item


@transaction.atomic
def close_meeting(meeting: ReviewMeeting, *, by: Post | None) -> ReviewMeeting:
    """散会：到会核对过、每个议题有了结论，才算已召开。"""
    managing(by)
    meeting = sitting(meeting, states=("planned",))
    faults = []
    if meeting.on > clock.today():
        faults.append(_("还没到开会的日子。"))
    items = queries.meetings.agenda(meeting)
    if not items:
        faults.append(_("议程里还没有方案。请先列入。"))
    faults += [
        _("第 %(n)d 个议题还没有结论。") % {"n": item.number}
        for item in items
        if not item.conclusion
    ]
    there = queries.meetings.attendees(meeting)
    unmarked = [each for each in there if each.attendance == "invited"]
    if not there:
        faults.append(_("还没有参会人员。请先请人参会。"))
    if unmarked:
        faults.append(_("还有 %(n)d 人没有核对是否到会。") % {"n": len(unmarked)})
    if faults:
        raise Refused.all(faults)
    meeting.state = "held"
    meeting.save(update_fields=["state"])
    audit.record(by, "designs.meeting.close", meeting, changes={"state": ("planned", "held")})
    return meeting


@transaction.atomic
def call_off(meeting: ReviewMeeting, *, by: Post | None, reason: str) -> ReviewMeeting:
    """取消会议：写明原因。"""
    managing(by)
    meeting = sitting(meeting, states=("planned",))
    if not reason.strip():
        raise Refused(_("请写明取消的原因。"))
    meeting.state, meeting.reason = "called_off", reason.strip()
    meeting.save(update_fields=["state", "reason"])
    changes = {"state": ("planned", "called_off")}
    audit.record(by, "designs.meeting.call_off", meeting, changes=changes, note=reason)
    return meeting


# Minutes ----------------------------------------------------------------------------------------


@transaction.atomic
def draft_minutes(meeting: ReviewMeeting, *, by: Post | None) -> Minutes:
    """起草纪要：由记录写成初稿；再起草一次，覆盖没有印发的旧稿。"""
    managing(by)
    meeting = sitting(meeting, states=("held",))
    text = queries.meetings.draft(meeting)
    paper, _created = Minutes.objects.update_or_create(meeting=meeting, defaults={"text": text})
    audit.record(by, "designs.minutes.draft", paper)
    return paper


@transaction.atomic
def write_minutes(meeting: ReviewMeeting, *, by: Post | None, text: str) -> Minutes:
    """改纪要：印发之前可以改。"""
    managing(by)
    meeting = sitting(meeting, states=("held",))
    paper = queries.meetings.paper(meeting)
    if paper is None:
        raise Refused(_("纪要还没有起草。请先起草。"))
    if not text.strip():
        raise Refused(_("纪要不能是空的。"))
    before, paper.text = paper.text, text.replace("\r\n", "\n").strip()
    paper.save(update_fields=["text"])
    changes = {"length": (len(before), len(paper.text))}
    audit.record(by, "designs.minutes.write", paper, changes=changes)
    return paper


@transaction.atomic
def issue_minutes(meeting: ReviewMeeting, *, by: Post | None, issuer: str) -> Minutes:
    """印发纪要：编号，从此不再改动。"""
    managing(by)
    meeting = sitting(meeting, states=("held",))
    paper = queries.meetings.paper(meeting)
    faults = []
    if paper is None:
        faults.append(_("纪要还没有起草。请先起草。"))
    if not issuer.strip():
        faults.append(_("请写印发单位。"))
    if faults or paper is None:
        raise Refused.all(faults)
    year = clock.today().year
    series, _created = MinutesSeries.objects.select_for_update().get_or_create(year=year)
    series.last += 1
    series.save(update_fields=["last"])
    paper.year, paper.number, paper.issuer = year, series.last, issuer.strip()
    paper.issued_on, paper.issued_by = clock.today(), by
    paper.save(update_fields=["year", "number", "issuer", "issued_on", "issued_by"])
    meeting.state = "minuted"
    meeting.save(update_fields=["state"])
    audit.record(by, "designs.minutes.issue", paper, changes={"number": (None, series.last)})
    return paper

"""Before the meeting: reports handed in, materials, who is invited, the roll, the box."""

from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.ballots import intake
from bihuan.ballots import rules as poll_rules
from bihuan.ballots import services as ballots
from bihuan.ballots.models import Poll
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.base.text import plain
from bihuan.files import services as files
from bihuan.meetings import bridge, queries
from bihuan.meetings.models import Guest, Material, Meeting, Plan, Report, Reporter
from bihuan.meetings.services.steps import held
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit

BEFORE_COUNT = ("preparing", "sitting")


# Reports ----------------------------------------------------------------------------------------


@transaction.atomic
def hand_in(
    reporter: Reporter, *, by: Post | None, upload: "UploadedFile[bytes]", note: str = ""
) -> Report:
    """提交述职报告：只替本单位交；给回执；过了截止日的收下并标明迟交；计票以后不再收。"""
    if by is not None:
        people.require(by, "meetings.report", at=reporter.unit)
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=reporter.meeting_id)
    if reporter.withdrawn or meeting.state not in BEFORE_COUNT:
        raise Refused(_("现在不收述职报告：方案还没有批准，或会议已经计票。"))
    due = date.fromisoformat(queries.document(meeting)["reports_due"])
    late = clock.today() > due
    if late and not note.strip():
        raise Refused(
            _("已过截止日期%(day)s。请写明迟交的原因，再提交。") % {"day": clock.in_words(due)}
        )
    last = reporter.reports.select_related("version__document").order_by("-number").first()
    if last is None:
        title = _("%(unit)s述职报告") % {"unit": reporter.unit.name}
        version = files.keep(upload, by=by, title=title, thing=reporter, note=note)
    else:
        version = files.add_version(last.version.document, upload, by=by, note=note)
    report = Report.objects.create(
        reporter=reporter,
        number=last.number + 1 if last else 1,
        version=version,
        late=late,
        note=note.strip(),
        by=by,
    )
    changes = {"digest": (None, version.digest), "late": (None, late)}
    audit.record(by, "meetings.report.hand_in", report, changes=changes, note=note)
    return report


@transaction.atomic
def add_material(
    meeting: Meeting,
    *,
    by: Post | None,
    kind: str,
    title: str,
    upload: "UploadedFile[bytes]",
    material: Material | None = None,
) -> Material:
    """存入会议材料：新的一份，或某一份的新版本。"""
    meeting = held(meeting, by, "meetings.run")
    if material is not None:
        files.add_version(material.document, upload, by=by)
    else:
        version = files.keep(upload, by=by, title=title, thing=meeting)
        material = Material.objects.create(meeting=meeting, kind=kind, document=version.document)
    audit.record(by, "meetings.material.add", material, note=str(material))
    return material


# Guests -----------------------------------------------------------------------------------------


@transaction.atomic
def invite(
    meeting: Meeting,
    *,
    by: Post | None,
    unit: Unit,
    name: str,
    rank: str = "",
    valid_from: date,
    valid_to: date,
) -> Guest:
    """登记到会指导：单位、姓名或职务、职级；只在这几天看得到这次会议。"""
    meeting = held(meeting, by, "meetings.run")
    faults = []
    if valid_to < valid_from:
        faults.append(_("终止日期早于起始日期。请改正。"))
    if (valid_to - valid_from).days > 92:
        faults.append(_("到会指导的期限不超过三个月。请改短。"))
    if not name.strip():
        faults.append(_("请写明姓名或职务。"))
    if faults:
        raise Refused.all(faults)
    guest = Guest.objects.create(
        meeting=meeting,
        unit=unit,
        name=name.strip(),
        rank=rank.strip(),
        valid_from=valid_from,
        valid_to=valid_to,
    )
    audit.record(by, "meetings.guest.invite", guest)
    return guest


@transaction.atomic
def end_invitation(guest: Guest, *, by: Post | None) -> Guest:
    """结束到会指导：从今天起看不到。"""
    held(guest.meeting, by, "meetings.run")
    before, yesterday = guest.valid_to, clock.today() - timedelta(days=1)
    guest.valid_to = yesterday
    guest.valid_from = min(guest.valid_from or yesterday, yesterday)
    guest.save(update_fields=["valid_from", "valid_to"])
    audit.record(by, "meetings.guest.end", guest, changes={"valid_to": (before, guest.valid_to)})
    return guest


# The roll and the box ---------------------------------------------------------------------------


@transaction.atomic
def set_roll(meeting: Meeting, *, by: Post | None, text: str) -> Poll:
    """编投票名单：与会人员即投票人，一人一票；签到开始以前可以整个重编。"""
    meeting = held(meeting, by, "meetings.run", "preparing", "sitting")
    poll = _poll(meeting, by)
    lines = intake.roll(poll, text)
    seen: dict[tuple[str, int | None], int] = {}
    faults = []
    for number, line in enumerate(lines, start=1):
        key = (plain(line.name), line.unit.pk if line.unit else None)
        if key in seen:
            params = {"n": number, "m": seen[key], "name": line.name}
            faults.append(
                _("名单第 %(n)d 人与第 %(m)d 人同名同单位（%(name)s）。一人一票，请删去一行。")
                % params
            )
        seen.setdefault(key, number)
    if faults:
        raise Refused.all(faults)
    ballots.enrol(poll, by=by, lines=lines)
    audit.record(by, "meetings.meeting.roll", meeting, changes={"voters": (None, len(lines))})
    return poll


def _poll(meeting: Meeting, by: Post | None) -> Poll:
    """The poll drawn up from the plan in force; drawn anew where the plan has a later version."""
    plan = queries.in_force(meeting)
    if plan is None:
        raise Refused(_("方案还没有批准，不能编名单。"))
    poll = meeting.poll
    if poll is not None and meeting.poll_plan_id == plan.pk:
        return poll
    drawn = bridge.box_plan(plan.document, plan.digest)
    if poll is not None and poll.phase == "draft":
        poll = ballots.redraw(poll, by=by, plan=drawn)
    elif poll is not None and poll_rules.reached(poll.phase, "issuing"):
        raise Refused(_("已经开始发票，方案不能再改。"))
    else:
        poll = _drawn(meeting, plan, drawn, by, poll)
    meeting.poll, meeting.poll_plan = poll, plan
    meeting.save(update_fields=["poll", "poll_plan"])
    return poll


def _drawn(
    meeting: Meeting, plan: Plan, drawn: dict[str, Any], by: Post | None, old: Poll | None
) -> Poll:
    """A new poll; of a frozen one that the plan has overtaken, the roll is taken over."""
    poll = ballots.draw_up(
        by=by,
        plan=drawn,
        title=meeting.title,
        title_en=meeting.title_en,
        subject_url=reverse("meetings:meeting", args=[meeting.pk]),
        rehearsal=meeting.rehearsal,
        sample=meeting.sample,
    )
    known = {row["code"] for row in plan.document["categories"]}
    if old is not None:
        lines = [
            ballots.Line(one.name, one.category, one.unit, one.person)
            for one in old.voters.select_related("unit", "person").order_by("number")
            if one.category in known
        ]
        if lines:
            ballots.enrol(poll, by=by, lines=lines)
    return poll


@transaction.atomic
def seal_box(meeting: Meeting, *, by: Post | None) -> tuple[str, ...]:
    """设好票箱：造票箱和密钥，从此方案和票面不变；密钥分开保管的，份额只在此时给出一次。"""
    meeting = held(meeting, by, "meetings.run", "preparing", "sitting")
    if queries.drafting(meeting) is not None:
        raise Refused(_("还有一版方案正在草拟或待批准。请先办完，再设票箱。"))
    poll = _poll(meeting, by)
    if not poll.voters.exists():
        raise Refused(_("还没有投票名单。请先编名单。"))
    shares = ballots.freeze(poll, by=by)
    audit.record(by, "meetings.meeting.seal_box", meeting, note=poll.plan_digest)
    return shares

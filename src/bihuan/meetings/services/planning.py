"""The plan: begun from last year's, written part by part, approved by another person, frozen."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.ballots import rules as polls
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.base.text import shorten
from bihuan.meetings import bridge, queries, rules
from bihuan.meetings.models import Meeting, Plan, Reporter
from bihuan.meetings.services.steps import held, require
from bihuan.people.models import Post


@transaction.atomic
def open_round(
    *,
    by: Post | None,
    year: int,
    held_on: date,
    like: Meeting | None = None,
    sample: bool = False,
) -> Meeting:
    """开始一轮述职评议：照上一轮的方案起草，或从通行做法起草；年度可与开会日期不同年。"""
    require(by, "meetings.plan")
    faults = []
    if Meeting.objects.filter(year=year, rehearsal=False).exists():
        faults.append(_("%(year)d 年度已有一轮述职评议。请打开那一轮。") % {"year": year})
    if not year <= held_on.year <= year + 1:
        faults.append(_("会议应在述职年度当年或次年召开。请核对年度和日期。"))
    if faults:
        raise Refused.all(faults)
    document: Any = rules.starting(year, held_on)  # the stub of the field knows only text
    if like is not None and (told := queries.document(like)):
        document = rules.copied(told, year, held_on)
    meeting = Meeting.objects.create(
        year=year, title=document["title"], title_en=document["title_en"], sample=sample
    )
    Plan.objects.create(meeting=meeting, version=1, document=document, drafted_by=by)
    audit.record(by, "meetings.meeting.open", meeting)
    return meeting


@transaction.atomic
def save_fields(
    meeting: Meeting, *, by: Post | None, section: str, values: Mapping[str, Any]
) -> Plan:
    """改方案的一节：哪几项由 `rules.SECTIONS` 定。"""
    wanted = rules.SECTIONS[section][1]
    return _saved(meeting, by, section, {code: values[code] for code in wanted})


@transaction.atomic
def save_table(
    meeting: Meeting, *, by: Post | None, table: str, rows: Sequence[Mapping[str, Any]]
) -> Plan:
    """改方案的一张表：测评项、等次、类别、组成、结果运用。"""
    columns = [column.code for column in rules.TABLES[table].columns]
    told = [{code: row.get(code, "") for code in columns} for row in rows]
    return _saved(meeting, by, table, {table: told})


@transaction.atomic
def save_units(meeting: Meeting, *, by: Post | None, units: Sequence[tuple[str, str]]) -> Plan:
    """定述职单位：（单位代码，方式）依述职次序；名称照机构名册，随方案固化。"""
    known = queries.units_by_code(code for code, _mode in units)
    if unknown := [code for code, _mode in units if code not in known]:
        raise Refused(
            _("机构名册里没有：%(codes)s。请先登记单位。") % {"codes": _("、").join(unknown)}
        )
    if wrong := [known[code].label() for code, mode in units if mode not in rules.MODES]:
        raise Refused(
            _("%(units)s的述职方式不在可选的范围里。请重新选择。") % {"units": _("、").join(wrong)}
        )
    rows = [
        {"code": code, "name": known[code].name, "name_en": known[code].name_en, "mode": mode}
        for code, mode in units
    ]
    return _saved(meeting, by, "units", {"units": rows})


def _saved(meeting: Meeting, by: Post | None, part: str, values: Mapping[str, Any]) -> Plan:
    """Write one part into the draft; faults are told with the page, and refused at handing in."""
    meeting = held(meeting, by, "meetings.plan", "planning", "preparing")
    plan = _draft(meeting)
    if plan.document == {**plan.document, **values}:
        return plan
    plan.document = {**plan.document, **values}
    plan.save(update_fields=["document"])
    _take_name(meeting, plan)
    audit.record(by, "meetings.plan.edit", plan, changes={"part": (None, part)})
    return plan


def _take_name(meeting: Meeting, plan: Plan) -> None:
    """While nothing was approved yet, the round is called as its draft is."""
    if meeting.state == "planning":
        meeting.title = shorten(str(plan.document["title"]) or meeting.title, 200)
        meeting.title_en = shorten(str(plan.document["title_en"]), 300)
        meeting.save(update_fields=["title", "title_en"])


def _draft(meeting: Meeting) -> Plan:
    plan = Plan.objects.select_for_update().filter(meeting=meeting, state="draft").first()
    if plan is None:
        raise Refused(_("没有草拟中的方案。已批准的方案不能改，要改请另立一版。"))
    return plan


@transaction.atomic
def submit(meeting: Meeting, *, by: Post | None) -> Plan:
    """报批：所有不合之处一次说完；没有才交给领导。"""
    meeting = held(meeting, by, "meetings.plan", "planning", "preparing")
    plan = _draft(meeting)
    if faults := queries.plan_faults(plan.document):
        raise Refused.all(faults)
    bridge.check(plan.document)
    plan.state, plan.drafted_by = "submitted", by
    plan.save(update_fields=["state", "drafted_by"])
    audit.record(by, "meetings.plan.submit", plan, changes={"state": ("draft", "submitted")})
    return plan


def _submitted(meeting: Meeting) -> Plan:
    plan = (
        Plan.objects.select_for_update(of=("self",))
        .select_related("drafted_by")
        .filter(meeting=meeting, state="submitted")
        .first()
    )
    if plan is None:
        raise Refused(_("没有等待批准的方案。请刷新页面。"))
    return plan


@transaction.atomic
def send_back(meeting: Meeting, *, by: Post | None, note: str) -> Plan:
    """退回方案：写明要改什么。"""
    meeting = held(meeting, by, "meetings.approve", "planning", "preparing")
    if not note.strip():
        raise Refused(_("请写明要改什么。"))
    plan = _submitted(meeting)
    plan.state = "draft"
    plan.save(update_fields=["state"])
    audit.record(
        by, "meetings.plan.send_back", plan, changes={"state": ("submitted", "draft")}, note=note
    )
    return plan


@transaction.atomic
def approve(meeting: Meeting, *, by: Post | None) -> Plan:
    """批准方案：由报批人以外的人批准；批准即固化，摘要公开，述职单位就此排定。"""
    meeting = held(meeting, by, "meetings.approve", "planning", "preparing")
    plan = _submitted(meeting)
    drafter = plan.drafted_by
    if by is not None and drafter is not None and drafter.person_id == by.person_id:
        raise Refused(_("报批的人不能自己批准。请由另一位领导批准。"))
    _before_issuing(meeting)
    if faults := queries.plan_faults(plan.document):
        raise Refused.all(faults)
    meeting.plans.filter(state="approved").update(state="replaced")
    plan.state, plan.approved_by, plan.approved_on = "approved", by, clock.today()
    plan.digest = rules.digest(plan.document)
    plan.save(update_fields=["state", "approved_by", "approved_on", "digest"])
    meeting.title = shorten(plan.document["title"], 200)
    meeting.title_en = shorten(plan.document["title_en"], 300)
    meeting.state = "preparing"
    meeting.save(update_fields=["title", "title_en", "state"])
    line_up(meeting, plan)
    changes = {"state": ("submitted", "approved"), "digest": (None, plan.digest)}
    audit.record(by, "meetings.plan.approve", plan, changes=changes)
    return plan


def _before_issuing(meeting: Meeting) -> None:
    """Once ballots are handed out, what is voted on cannot become something else."""
    if meeting.poll is not None and polls.reached(meeting.poll.phase, "issuing"):
        raise Refused(_("已经开始发票，方案不能再改。"))


def line_up(meeting: Meeting, plan: Plan) -> None:
    """The reporters as this version has them; who is left out keeps what it handed in."""
    units = queries.units_by_code(row["code"] for row in plan.document["units"])
    there = {one.unit.code: one for one in meeting.reporters.select_related("unit")}
    on_ballot = {row["code"] for row in rules.rated(plan.document)}
    listed = set()
    for number, row in enumerate(plan.document["units"], start=1):
        code = row["code"]
        listed.add(code)
        one = there.get(code) or Reporter(meeting=meeting, unit=units[code])
        one.number, one.mode, one.withdrawn = number, row["mode"], False
        one.rated = code in on_ballot
        one.save()
    for code, one in there.items():
        if code not in listed and not one.withdrawn:
            one.withdrawn = True
            one.save(update_fields=["withdrawn"])


@transaction.atomic
def new_version(meeting: Meeting, *, by: Post | None, reason: str) -> Plan:
    """另立一版：发票开始之前，写明原因；批准以前，现行的一版照旧有效。"""
    meeting = held(meeting, by, "meetings.plan", "preparing")
    _before_issuing(meeting)
    faults = []
    if not reason.strip():
        faults.append(_("请写明另立一版的原因。"))
    if queries.drafting(meeting) is not None:
        faults.append(_("已有一版正在草拟或待批准。请先改那一版。"))
    if faults:
        raise Refused.all(faults)
    current = queries.in_force(meeting)
    assert current is not None  # a round is prepared only after a plan was approved
    plan = Plan.objects.create(
        meeting=meeting,
        version=current.version + 1,
        document=current.document,
        reason=reason.strip(),
        drafted_by=by,
    )
    audit.record(by, "meetings.plan.new_version", plan, note=reason)
    return plan

"""Verbs of the ledger. Each asks permission, obeys `rules.STEPS`, and leaves an audit entry."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import NotAllowed, Refused
from bihuan.base.text import shorten, zh
from bihuan.files import services as files
from bihuan.ledger import queries, rules
from bihuan.ledger.models import (
    Evidence,
    Extension,
    Finding,
    Limit,
    Measure,
    Progress,
    Recheck,
    Series,
    Verification,
)
from bihuan.people import queries as people_queries
from bihuan.people import services as people
from bihuan.people.models import Post, Unit

people.declare_verbs(
    {
        "ledger.view": zh("查看台账"),
        "ledger.raise": zh("提出问题"),
        "ledger.assign": zh("交办"),
        "ledger.acknowledge": zh("签收"),
        "ledger.plan": zh("制定整改措施"),
        "ledger.submit": zh("填报进展、提交佐证、申请销号、申请延期"),
        "ledger.verify": zh("核查"),
        "ledger.close": zh("销号"),
        "ledger.extend": zh("批准延期"),
        "ledger.long_term": zh("转为长期坚持"),
        "ledger.recheck": zh("回头看"),
        "ledger.reopen": zh("重新打开"),
        "ledger.limits": zh("设定期限与次数"),
    }
)
audit.declare(
    {
        "ledger.finding.raise": zh("提出问题"),
        "ledger.limit.set": zh("设定期限"),
        "ledger.finding.grant_extension": zh("同意延期"),
        "ledger.finding.refuse_extension": zh("不同意延期"),
        "ledger.finding.pass": zh("核查通过"),
        "ledger.finding.recheck_failed": zh("回头看发现反弹，重新打开"),
        **{f"ledger.finding.{step}": name for step, name in rules.STEP_NAMES.items()},
    }
)


# Raising and assigning --------------------------------------------------------------------------


@transaction.atomic
def raise_finding(
    *,
    by: Post | None,
    title: str,
    source: str,
    description: str = "",
    category: str = "",
    source_number: str = "",
    goal: str = "",
    rect_kind: str = "dated",
    origin: Model | None = None,
    note: str = "",
) -> Finding:
    """提出问题：先入台账为草稿，编号；由谁整改、何时完成，在交办时定。"""
    if by is not None:
        people_queries.require(by, "ledger.raise")
    if not title.strip():
        raise Refused(_("请写明是什么问题。"))
    finding = Finding.objects.create(
        number=_next_number(),
        title=shorten(" ".join(title.split()), 200),
        description=description,
        category=category,
        source=source,
        source_number=source_number,
        goal=goal,
        rect_kind=rect_kind,
        note=note,
        raised_by=by,
        origin_type=origin._meta.label_lower if origin else "",
        origin_id=str(origin.pk) if origin else "",
        origin_name=shorten(str(origin), 300) if origin else "",
    )
    audit.record(by, "ledger.finding.raise", finding, note=description)
    return finding


@transaction.atomic
def amend(finding: Finding, *, by: Post, **fields: Any) -> Finding:
    """修改草稿：交办之前可改，交办之后不可。"""
    finding = _open(finding, "amend", by)
    texts = ("title", "description", "category", "source", "source_number", "goal", "rect_kind")
    before = {name: getattr(finding, name) for name in texts}
    for name in texts:
        setattr(finding, name, fields.get(name, before[name]))
    changes = {
        n: (before[n], getattr(finding, n)) for n in texts if before[n] != fields.get(n, before[n])
    }
    return _take(finding, "amend", by, changes=changes)


@transaction.atomic
def assign(
    finding: Finding,
    *,
    by: Post,
    lead_unit: Unit,
    due: date,
    assist_units: Iterable[Unit] = (),
    leader: Post | None = None,
    owner: Post | None = None,
    rect_kind: str = "",
    goal: str = "",
    note: str = "",
) -> Finding:
    """交办：定牵头单位、配合单位、责任领导、责任人和时限；最初时限从此不变。"""
    finding = _open(finding, "assign", by)
    assisting = [unit for unit in assist_units if unit != lead_unit]
    faults = []
    if due < clock.today():
        faults.append(_("时限不得早于今天。请改为今天或以后的日期。"))
    if owner is not None and owner.unit_id not in {lead_unit.pk, *(u.pk for u in assisting)}:
        faults.append(_("责任人不在牵头单位或配合单位任职。请改选责任人或单位。"))
    if faults:
        raise Refused.all(faults)
    finding.lead_unit, finding.leader, finding.owner = lead_unit, leader, owner
    finding.due = finding.first_due = due
    finding.assigned_on = clock.today()
    finding.rect_kind = rect_kind or finding.rect_kind
    finding.goal = goal or finding.goal
    finding.assist_units.set(assisting)
    changes = {
        "lead_unit": (None, lead_unit),
        "assist_units": (None, [unit.name for unit in assisting]),
        "due": (None, due),
    }
    return _take(finding, "assign", by, changes=changes, note=note)


@transaction.atomic
def discard(finding: Finding, *, by: Post, note: str) -> Finding:
    """作废：只限草稿，写明原因，编号保留不再用。"""
    return _take(_open(finding, "discard", by), "discard", by, note=note)


# The answerable unit's work ---------------------------------------------------------------------


@transaction.atomic
def acknowledge(finding: Finding, *, by: Post, note: str = "") -> Finding:
    """签收：牵头单位确认收到。"""
    finding = _open(finding, "acknowledge", by)
    finding.acknowledged_by = by
    return _take(finding, "acknowledge", by, note=note)


@transaction.atomic
def decline(finding: Finding, *, by: Post, note: str) -> Finding:
    """退回交办：不属本单位的，写明理由退回，由督查部门另行交办。"""
    finding = _open(finding, "decline", by)
    before = finding.lead_unit
    # Back to a draft: the next assignment sets dates anew, and they count as its first ones.
    finding.lead_unit = finding.owner = None
    finding.due = finding.first_due = finding.assigned_on = None
    finding.assist_units.clear()
    return _take(finding, "decline", by, changes={"lead_unit": (before, None)}, note=note)


@transaction.atomic
def plan(finding: Finding, *, by: Post, text: str, due: date | None = None) -> Measure:
    """制定措施：一条措施，可带完成日期，不得晚于问题的时限。"""
    finding = _open(finding, "plan", by)
    if due and finding.due and due > finding.due:
        raise Refused(
            _("措施的完成日期不得晚于问题的时限 %(due)s。请改早，或先申请延期。")
            % {"due": clock.in_words(finding.due)}
        )
    measure = Measure.objects.create(finding=finding, text=text, due=due, by=by)
    _take(finding, "plan", by, note=text)
    return measure


@transaction.atomic
def report(finding: Finding, *, by: Post, text: str) -> Progress:
    """填报进展：逐次记载，不改旧的。"""
    finding = _open(finding, "report", by)
    entry = Progress.objects.create(finding=finding, text=text, by=by)
    _take(finding, "report", by, note=text)
    return entry


@transaction.atomic
def submit_evidence(finding: Finding, *, by: Post, upload: UploadedFile, text: str) -> Evidence:
    """提交佐证：一份文件，说明它证明什么。"""
    finding = _open(finding, "submit_evidence", by)
    version = files.keep(upload, by=by, title=shorten(text, 200), thing=finding, note=text)
    evidence = Evidence.objects.create(
        finding=finding, version=version, text=text, by=by, round=finding.round
    )
    _take(
        finding,
        "submit_evidence",
        by,
        changes={"file": (None, version.name), "digest": (None, version.digest)},
        note=text,
    )
    return evidence


@transaction.atomic
def request_close(finding: Finding, *, by: Post, note: str) -> Finding:
    """申请销号：说明完成情况；本轮须已有佐证。"""
    finding = _open(finding, "request_close", by)
    if not finding.evidence.filter(round=finding.round).exists():
        raise Refused(_(rules.NO_EVIDENCE))
    finding.requested_by, finding.requested_on = by, clock.today()
    return _take(finding, "request_close", by, note=note)


@transaction.atomic
def withdraw(finding: Finding, *, by: Post, note: str) -> Finding:
    """撤回申请：核查人受理之前可撤回。"""
    finding = _open(finding, "withdraw", by)
    finding.requested_by = finding.requested_on = None
    return _take(finding, "withdraw", by, note=note)


# Judging it: never by those who did it ----------------------------------------------------------


@transaction.atomic
def take_up(finding: Finding, *, by: Post, note: str = "") -> Finding:
    """受理核查。"""
    return _take(_open(finding, "take_up", by), "take_up", by, note=note)


@transaction.atomic
def verify(finding: Finding, *, by: Post, passed: bool, opinion: str, way: str) -> Verification:
    """核查：由未参与整改的人确认结果；不通过即退回整改，开始新的一轮。"""
    if not opinion.strip():
        raise Refused(_("请写明核查意见。"))
    step = "verify" if passed else "send_back"
    finding = _open(finding, step, by)
    if passed and queries.passed_verification(finding):
        raise Refused(_("本轮已核查通过，不必重复核查。"))
    verification = Verification.objects.create(
        finding=finding, round=finding.round, way=way, passed=passed, opinion=opinion, by=by
    )
    if not passed:
        _next_round(finding)
    _take(finding, step, by, act="pass" if passed else step, note=opinion)
    return verification


@transaction.atomic
def close(finding: Finding, *, by: Post, note: str = "") -> Finding:
    """销号：须有佐证，须核查通过，责任单位不得给自己销号。"""
    finding = _open(finding, "close", by)
    if faults := queries.missing_for_close(finding):
        raise Refused.all(faults)
    finding.closed_on = clock.today()
    return _take(finding, "close", by, note=note)


@transaction.atomic
def recheck(
    finding: Finding, *, by: Post, held: bool, opinion: str, due: date | None = None
) -> Recheck:
    """回头看：没有反弹则记下；有反弹则重新打开，并定新的时限。"""
    finding = _open(finding, "recheck", by)
    faults = []
    if finding.closed_on is not None:
        first, _last = queries.recheck_window(finding.closed_on)
        if clock.today() < first:
            faults.append(
                _("还没到回头看的时候，最早可于 %(day)s 进行。") % {"day": clock.in_words(first)}
            )
    if not held and (due is None or due < clock.today()):
        faults.append(_("有反弹的要重新整改。请定一个今天或以后的时限。"))
    if faults:
        raise Refused.all(faults)
    row = Recheck.objects.create(
        finding=finding, round=finding.round, held=held, opinion=opinion, by=by
    )
    if held or due is None:
        _take(finding, "recheck", by, note=opinion)
    else:
        _begin_again(finding, due)
        _take(finding, "reopen", by, act="recheck_failed", note=opinion)
    return row


@transaction.atomic
def reopen(finding: Finding, *, by: Post, due: date, note: str) -> Finding:
    """重新打开：已销号的又出问题，写明原因，定新的时限；最初时限仍保留。"""
    finding = _open(finding, "reopen", by)
    if due < clock.today():
        raise Refused(_("时限不得早于今天。请改为今天或以后的日期。"))
    _begin_again(finding, due)
    return _take(finding, "reopen", by, changes={"due": (finding.first_due, due)}, note=note)


# Dates ------------------------------------------------------------------------------------------


@transaction.atomic
def ask_extension(finding: Finding, *, by: Post, to: date, reason: str) -> Extension:
    """申请延期：须在到期之前，写明理由和新的时限。"""
    finding = _open(finding, "ask_extension", by)
    faults = rules.extension_faults(
        due=finding.due,
        to=to,
        today=clock.today(),
        pending=finding.extensions.filter(granted__isnull=True).exists(),
        granted=finding.extensions.filter(granted=True).count(),
        most=queries.limit("extensions"),
    )
    if faults:
        raise Refused.all(_(fault) for fault in faults)
    extension = Extension.objects.create(
        finding=finding, reason=reason, from_due=finding.due, to_due=to, by=by
    )
    _take(finding, "ask_extension", by, changes={"due": (finding.due, to)}, note=reason)
    return extension


@transaction.atomic
def decide_extension(finding: Finding, *, by: Post, granted: bool, answer: str) -> Extension:
    """审批延期：由另一人决定；同意则改时限，最初时限永远保留。"""
    finding = _open(finding, "decide_extension", by)
    extension = finding.extensions.filter(granted__isnull=True).first()
    if extension is None:
        raise Refused(_("没有等待审批的延期申请。"))
    extension.granted, extension.answer = granted, answer
    extension.decided_by, extension.decided_at = by, clock.now()
    extension.save(update_fields=["granted", "answer", "decided_by", "decided_at"])
    changes = {}
    if granted:
        changes = {"due": (finding.due, extension.to_due)}
        finding.due = extension.to_due
    act = "grant_extension" if granted else "refuse_extension"
    _take(finding, "decide_extension", by, act=act, changes=changes, note=answer)
    return extension


@transaction.atomic
def make_long_term(finding: Finding, *, by: Post, review: date, note: str) -> Finding:
    """转长期坚持：一时改不完的转入长期，定下次检查的日期；以后仍可申请销号。"""
    finding = _open(finding, "make_long_term", by)
    if review < max(clock.today(), finding.first_due or clock.today()):
        raise Refused(_("下次检查的日期不得早于今天，也不得早于最初时限。请改晚。"))
    # An answer still awaited has lost its subject.
    finding.extensions.filter(granted__isnull=True).update(
        granted=False, answer=note, decided_by=by, decided_at=clock.now()
    )
    changes = {"due": (finding.due, review), "rect_kind": (finding.rect_kind, "long_term")}
    finding.due, finding.rect_kind = review, "long_term"
    return _take(finding, "make_long_term", by, changes=changes, note=note)


@transaction.atomic
def set_limit(code: str, *, by: Post | None, value: int, source: str) -> Limit:
    """设定期限与次数：写明依据。"""
    if by is not None:
        people_queries.require(by, "ledger.limits")
    if code not in rules.LIMITS:
        raise Refused(_("没有这项设定：%(code)s。") % {"code": code})
    row, _created = Limit.objects.select_for_update().get_or_create(
        code=code, defaults={"value": rules.LIMITS[code][0]}
    )
    changes = {"value": (row.value, value)}
    row.value, row.source = value, source
    row.save(update_fields=["value", "source"])
    audit.record(by, "ledger.limit.set", row, changes=changes, note=source)
    return row


# What every verb does ---------------------------------------------------------------------------


def _open(finding: Finding, step: str, by: Post) -> Finding:
    """The finding, locked; refuse what this post may not do or what its state forbids."""
    finding = Finding.objects.select_for_update().get(pk=finding.pk)
    if not queries.allowed(finding, step, by):
        raise NotAllowed(
            _("“%(post)s”不能对这个问题“%(step)s”。请换用有权限的任职，或联系督查部门。")
            % {"post": by.label(), "step": _(rules.STEP_NAMES[step])}
        )
    if rules.after(finding.state, step) is None:
        raise Refused(
            _("这个问题现在是“%(state)s”，不能“%(step)s”。请刷新页面看最新的状态。")
            % {"state": _(rules.STATES[finding.state]), "step": _(rules.STEP_NAMES[step])}
        )
    if step in rules.JUDGING and not queries.may_judge(finding, by):
        raise Refused(
            _("参与整改的人和责任单位的人不能“%(step)s”。请由别人办理。")
            % {"step": _(rules.STEP_NAMES[step])}
        )
    return finding


def _take(
    finding: Finding,
    step: str,
    by: Post,
    *,
    act: str = "",
    changes: dict[str, tuple[Any, Any]] | None = None,
    note: str = "",
) -> Finding:
    """Move to the next state, save, record."""
    before, finding.state = finding.state, rules.STEPS[finding.state][step]
    moved = {"state": (before, finding.state)} if before != finding.state else {}
    finding.save()
    audit.record(
        by,
        f"ledger.finding.{act or step}",
        finding,
        changes={**(changes or {}), **moved},
        note=note,
    )
    return finding


def _next_round(finding: Finding) -> None:
    finding.round += 1
    finding.requested_by = finding.requested_on = None


def _begin_again(finding: Finding, due: date) -> None:
    _next_round(finding)
    finding.closed_on = None
    finding.due = max(due, finding.first_due or due)


def _next_number() -> str:
    """编号：年份加四位流水。The row of the year is locked, so that two clerks never share one."""
    year = clock.today().year
    series, _created = Series.objects.select_for_update().get_or_create(year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{year}-{series.last:04d}"

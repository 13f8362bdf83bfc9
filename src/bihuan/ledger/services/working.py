"""The answerable unit's work: acknowledge, plan, report, evidence, ask for closing."""

from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.base.text import shorten
from bihuan.files import services as files
from bihuan.ledger import rules
from bihuan.ledger.models import Evidence, Finding, Measure, Progress
from bihuan.ledger.services.steps import Changes, opened, take
from bihuan.people.models import Post


@transaction.atomic
def acknowledge(finding: Finding, *, by: Post, note: str = "") -> Finding:
    """签收：牵头单位确认收到。"""
    finding = opened(finding, "acknowledge", by)
    finding.acknowledged_by = by
    return take(finding, "acknowledge", by, note=note)


@transaction.atomic
def decline(finding: Finding, *, by: Post, note: str) -> Finding:
    """退回交办：不属本单位的，写明理由退回，由督查部门另行交办。"""
    finding = opened(finding, "decline", by)
    if finding.parent_id is not None:
        raise Refused(_("这是上级单位分解下来的问题，不能退回。请与上级单位商量，由其撤销。"))
    before = finding.lead_unit
    # Back to a draft: the next assignment sets dates anew, and they count as its first ones.
    finding.lead_unit = finding.owner = None
    finding.due = finding.first_due = finding.assigned_on = None
    finding.counted_from = finding.counted_days = None
    finding.counted_unit = finding.counted_by = ""
    finding.provisional = False
    finding.assist_units.clear()
    return take(finding, "decline", by, changes={"lead_unit": (before, None)}, note=note)


@transaction.atomic
def plan(
    finding: Finding, *, by: Post, text: str, due: date | None = None, standard: str = ""
) -> Measure:
    """制定措施：一条措施，可带完成日期；动手之前须先有验收标准。"""
    finding = opened(finding, "plan", by)
    faults = []
    if due and finding.due and due > finding.due:
        faults.append(
            _("措施的完成日期不得晚于问题的时限 %(due)s。请改早，或先申请延期。")
            % {"due": clock.in_words(finding.due)}
        )
    changes: Changes = {}
    if standard and not finding.standard:
        finding.standard, changes = standard, {"standard": ("", standard)}
    if not finding.standard.strip():
        faults.append(_("还没有验收标准。请先写明做到什么程度算整改完成，再定措施。"))
    if faults:
        raise Refused.all(faults)
    measure = Measure.objects.create(finding=finding, text=text, due=due, by=by)
    take(finding, "plan", by, changes=changes, note=text)
    return measure


@transaction.atomic
def report(finding: Finding, *, by: Post, text: str) -> Progress:
    """填报进展：逐次记载，不改旧的。"""
    finding = opened(finding, "report", by)
    entry = Progress.objects.create(finding=finding, text=text, by=by)
    take(finding, "report", by, note=text)
    return entry


@transaction.atomic
def finish_measure(finding: Finding, *, by: Post, measure: Measure, result: str) -> Measure:
    """落实一条措施：写明落实情况；措施与问题分开计数。"""
    finding = opened(finding, "finish_measure", by)
    measure = Measure.objects.select_for_update().get(pk=measure.pk, finding=finding)
    if measure.done_on is not None:
        raise Refused(_("这条措施已经落实，不必重复填报。"))
    measure.done_on, measure.done_by, measure.result = clock.today(), by, result
    measure.save(update_fields=["done_on", "done_by", "result"])
    changes: Changes = {"measure": (None, shorten(measure.text, 200))}
    take(finding, "finish_measure", by, changes=changes, note=result)
    return measure


@transaction.atomic
def submit_evidence(
    finding: Finding,
    *,
    by: Post,
    upload: "UploadedFile[bytes]",
    text: str,
    kind: str = "other",
    dated: date | None = None,
    place: str = "",
) -> Evidence:
    """提交佐证：一份文件，说明它证明什么、何时何地形成。"""
    finding = opened(finding, "submit_evidence", by)
    if dated is not None and dated > clock.today():
        raise Refused(_("佐证的形成日期不得晚于今天。请改正。"))
    version = files.keep(upload, by=by, title=shorten(text, 200), thing=finding, note=text)
    evidence = Evidence.objects.create(
        finding=finding,
        version=version,
        text=text,
        kind=kind,
        dated=dated,
        place=place,
        by=by,
        round=finding.round,
    )
    take(
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
    finding = opened(finding, "request_close", by)
    if not finding.evidence.filter(round=finding.round).exists():
        raise Refused(_(rules.NO_EVIDENCE))
    finding.requested_by, finding.requested_on = by, clock.today()
    return take(finding, "request_close", by, note=note)


@transaction.atomic
def withdraw(finding: Finding, *, by: Post, note: str) -> Finding:
    """撤回申请：核查人受理之前可撤回。"""
    finding = opened(finding, "withdraw", by)
    finding.requested_by = finding.requested_on = None
    return take(finding, "withdraw", by, note=note)

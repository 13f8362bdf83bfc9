"""Verbs on preliminary work: laid out, accepted, stopped, ended with proof, renewed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.people.models import Post, Unit
from bihuan.projects import queries, rules
from bihuan.projects.models import Project, StepRule, WorkRenewal, WorkStep, WorkStop
from bihuan.projects.services.doors import no_proof, opened, proven


@transaction.atomic
def lay_out(project: Project, *, by: Post | None, steps: Iterable[StepRule]) -> list[WorkStep]:
    """排前期步骤：从步骤库里选，先后照库里的；没有选的，前后自动接上；已排的不动。"""
    project = opened(project, by, queries.manages)
    library = {one.code: one for one in queries.step_rules()}
    there = {one.code: one for one in project.work.all()}
    chosen = {one.code: library[one.code] for one in steps if one.code in library}
    fresh = [one for code, one in chosen.items() if code not in there]
    if not fresh:
        raise Refused(_("没有新的步骤可排。请选还没有排的步骤。"))
    for rule in fresh:
        there[rule.code] = WorkStep.objects.create(
            project=project, code=rule.code, name=rule.name, name_en=rule.name_en,
            order=rule.order, rule=rule, blocks_start=rule.blocks_start, joint=rule.joint,
        )  # fmt: skip
    before = rules.bridged(there, {code: rule.after for code, rule in library.items()})
    for rule in fresh:
        there[rule.code].after.set(there[code] for code in before[rule.code])
    # A step that was left out before stands between others now.
    for code, step in there.items():
        newly = before.get(code, set()) & {rule.code for rule in fresh}
        if step.state == "waiting" and newly:
            step.after.add(*(there[one] for one in newly))
    changes = {"steps": (None, [rule.name for rule in fresh])}
    audit.record(by, "projects.work.lay_out", project, changes=changes)
    return [there[rule.code] for rule in fresh]


@transaction.atomic
def arrange(
    step: WorkStep,
    *,
    by: Post | None,
    unit: Unit | None,
    assist: Iterable[Unit] = (),
    planned_on: date | None = None,
    after: Iterable[WorkStep] = (),
) -> WorkStep:
    """定分工和先后：牵头、配合部门，计划办结，排在哪些步骤之后；先后不得成圈。"""
    step = _opened(step, by, queries.manages)
    earlier = [one for one in after if one.project_id == step.project_id and one.pk != step.pk]
    links = {one.pk: {b.pk for b in one.after.all()} for one in queries.work(step.project)}
    links[step.pk] = {one.pk for one in earlier}
    if circle := rules.cycle(links):
        names = {one.pk: one.label() for one in step.project.work.all()}
        told = " → ".join(names[key] for key in (*circle, circle[0]))
        raise Refused(_("先后成了圈：%(steps)s。请去掉其中一条。") % {"steps": told})
    changes = {
        "unit": (step.unit, unit),
        "planned_on": (step.planned_on, planned_on),
        "after": ([one.name for one in step.after.all()], [one.name for one in earlier]),
    }
    step.unit, step.planned_on = unit, planned_on
    step.save(update_fields=["unit", "planned_on"])
    step.assist.set(one for one in assist if one != unit)
    step.after.set(earlier)
    told_changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    audit.record(by, "projects.work.arrange", step, changes=told_changes)
    return step


@transaction.atomic
def accept(step: WorkStep, *, by: Post | None, on: date) -> WorkStep:
    """受理：时钟从第二天起走；时限取受理那天有效的规定。"""
    step = _opened(step, by, queries.works_on)
    faults = _state_faults(step, "waiting") + _not_future(on)
    waiting = [one.label() for one in step.after.all() if one.state not in ("done", "skipped")]
    if waiting:
        told = {"steps": _("、").join(waiting)}
        faults.append(_("排在前面的还没有办完：%(steps)s。确实可以并行的，请先改先后。") % told)
    rule = queries.step_rule_on(step.code, on)
    if rule is None:
        faults.append(_("步骤库里没有在那一天有效的规定。请先在步骤库里补上。"))
    if faults or rule is None:
        raise Refused.all(faults)
    step.state, step.accepted_on, step.rule = "running", on, rule
    step.save(update_fields=["state", "accepted_on", "rule"])
    changes = {"accepted_on": (None, on), "source": (None, rule.source)}
    audit.record(by, "projects.work.accept", step, changes=changes)
    return step


@transaction.atomic
def stop(step: WorkStep, *, by: Post | None, kind: str, first: date, reason: str = "") -> WorkStop:
    """停钟：公示、听证、专家评审等不计入时限；从哪天起，为什么。"""
    step = _opened(step, by, queries.works_on)
    faults = _state_faults(step, "running") + _not_future(first)
    if step.accepted_on is not None and first <= step.accepted_on:
        faults.append(_("停钟应在受理以后。"))
    allowed = step.rule.stops or [code for code, _name in queries.tables.stop_kinds()]
    if kind not in {*allowed, "supplement"}:
        names = _("、").join(queries.tables.stop_name(code) for code in allowed)
        faults.append(_("这一步只有这些情形停钟：%(kinds)s。") % {"kinds": names})
    for other in step.stops.all():
        if other.last is None:
            faults.append(_("时钟已经停着。请先恢复。"))
        elif first <= other.last:
            faults.append(
                _("与前一次停钟重叠（到 %(day)s）。") % {"day": clock.in_words(other.last)}
            )
    if faults:
        raise Refused.all(faults)
    row = WorkStop.objects.create(step=step, kind=kind, first=first, reason=reason.strip(), by=by)
    changes = {"kind": (None, kind), "first": (None, first)}
    audit.record(by, "projects.work.stop", step, changes=changes, note=reason)
    return row


@transaction.atomic
def resume(step: WorkStep, *, by: Post | None, last: date) -> WorkStop:
    """恢复计时：停到哪一天（含）。"""
    step = _opened(step, by, queries.works_on)
    row = step.stops.filter(last__isnull=True).first()
    if row is None:
        raise Refused(_("时钟没有停，不用恢复。"))
    faults = _not_future(last)
    if last < row.first:
        faults.append(_("止日不得早于起日（%(day)s）。") % {"day": clock.in_words(row.first)})
    if faults:
        raise Refused.all(faults)
    row.last = last
    row.save(update_fields=["last"])
    audit.record(by, "projects.work.resume", step, changes={"last": (None, last)})
    return row


@transaction.atomic
def extend(step: WorkStep, *, by: Post | None, reason: str) -> WorkStep:
    """延长：步骤库准许的，一次，把理由告知申请人。"""
    step = _opened(step, by, queries.works_on)
    faults = _state_faults(step, "running")
    if not step.rule.extra_number:
        faults.append(_("步骤库没有准许这一步延长。"))
    if step.extended:
        faults.append(_("已经延长过一次。"))
    if not reason.strip():
        faults.append(_("请写明理由；理由要告知申请人。"))
    if faults:
        raise Refused.all(faults)
    step.extended = reason.strip()
    step.save(update_fields=["extended"])
    audit.record(by, "projects.work.extend", step, note=reason)
    return step


@transaction.atomic
def finish(
    step: WorkStep,
    *,
    by: Post | None,
    on: date,
    upload: "UploadedFile[bytes] | None",
    document_number: str = "",
    issued_on: date | None = None,
) -> WorkStep:
    """办结：附上批文或证件；有有效期的从发证那天起算。"""
    step = _opened(step, by, queries.works_on)
    faults = _state_faults(step, "running") + _not_future(on)
    if step.accepted_on is not None and on < step.accepted_on:
        faults.append(_("办结不得早于受理。"))
    if issued_on is not None and issued_on > clock.today():
        faults.append(_("发证日期不得晚于今天。"))
    if step.stops.filter(last__isnull=True).exists():
        faults.append(_("时钟还停着。请先恢复计时。"))
    if step.rule.bound == "least" and step.rule.number and step.accepted_on is not None:
        least = queries.clocked(step, today=on).term
        if least is not None and (least.left or 0) > 0:
            told = {"n": step.rule.number, "left": least.left}
            faults.append(_("这一步至少 %(n)d 日，还差 %(left)d 日，不能办结。") % told)
    if upload is None:
        faults.append(no_proof())
    if faults:
        raise Refused.all(faults)
    step.proof = proven(upload, by=by, thing=step, title=str(step))
    step.state, step.done_on = "done", on
    step.document_number = document_number.strip()
    step.issued_on = issued_on or (on if step.rule.document_number else None)
    step.save(update_fields=["proof", "state", "done_on", "document_number", "issued_on"])
    audit.record(by, "projects.work.finish", step, changes={"done_on": (None, on)})
    return step


@transaction.atomic
def renew(
    step: WorkStep, *, by: Post | None, on: date, upload: "UploadedFile[bytes] | None"
) -> WorkRenewal:
    """证件延期：到期之前办，次数不超过步骤库准许的。"""
    step = _opened(step, by, queries.works_on)
    held, faults = queries.clocked(step, today=on).validity, _not_future(on)
    if held is None:
        faults.append(_("这一步没有会到期的证件，或项目已经开工，不用延期。"))
    elif held.lapsed:
        day = clock.in_words(held.until)
        faults.append(_("证件 %(day)s已失效，不能再延，须重新申领。") % {"day": day})
    elif not held.renewals_left:
        faults.append(_("延期次数已用完，不能再延。"))
    if upload is None:
        faults.append(no_proof())
    if faults:
        raise Refused.all(faults)
    proof = proven(upload, by=by, thing=step, title=str(step))
    row = WorkRenewal.objects.create(step=step, on=on, proof=proof, by=by)
    audit.record(by, "projects.work.renew", step, changes={"on": (None, on)})
    return row


@transaction.atomic
def skip(step: WorkStep, *, by: Post | None, reason: str) -> WorkStep:
    """不需要办：写明原因；后面的步骤不再等它。"""
    step = _opened(step, by, queries.manages)
    faults = _state_faults(step, "waiting")
    if not reason.strip():
        faults.append(_("请写明为什么不需要办。"))
    if faults:
        raise Refused.all(faults)
    step.state, step.note = "skipped", reason.strip()
    step.save(update_fields=["state", "note"])
    audit.record(by, "projects.work.skip", step, note=reason)
    return step


@transaction.atomic
def take_back(step: WorkStep, *, by: Post | None, reason: str) -> WorkStep:
    """退回未受理：登记错了、证件失效须重办的；写明原因，以前的记录都在经过里。"""
    step = _opened(step, by, queries.manages)
    if step.state == "waiting":
        raise Refused(_("这一步本来就没有受理。"))
    if not reason.strip():
        raise Refused(_("请写明退回的原因。"))
    before: dict[str, Any] = {
        name: getattr(step, name)
        for name in ("state", "accepted_on", "done_on", "document_number", "issued_on")
    }
    before["stops"] = [f"{s.kind} {s.first} {s.last or ''}".strip() for s in step.stops.all()]
    step.stops.all().delete()
    step.state, step.accepted_on, step.done_on, step.proof = "waiting", None, None, None
    step.document_number, step.issued_on, step.extended, step.note = "", None, "", ""
    step.save()
    changes = {name: (value, None) for name, value in before.items() if value}
    audit.record(by, "projects.work.take_back", step, changes=changes, note=reason)
    return step


def _opened(step: WorkStep, by: Post | None, may: Any) -> WorkStep:
    """The step as it stands now, not as it was when somebody looked; its project is locked."""
    rows = WorkStep.objects.select_related("project__unit", "rule", "unit")
    now = rows.get(pk=step.pk)
    opened(now.project, by, may, now)
    return rows.select_for_update(of=("self",)).get(pk=step.pk)


def _state_faults(step: WorkStep, state: str) -> list[str]:
    if step.state == state:
        return []
    return [
        _("这一步现在是“%(state)s”，不能这样办。") % {"state": _(rules.WORK_STATES[step.state])}
    ]


def _not_future(day: date) -> list[str]:
    return [_("日期不得晚于今天。")] if day > clock.today() else []

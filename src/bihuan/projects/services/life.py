"""Verbs on the life of a project: a step with its proof, a stop, a correction with its reason."""

from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.people.models import Post
from bihuan.projects import queries, rules
from bihuan.projects.models import Project, StageStep
from bihuan.projects.services.doors import no_proof, opened, proven


@transaction.atomic
def advance(
    project: Project,
    *,
    by: Post | None,
    step: str,
    on: date,
    upload: "UploadedFile[bytes] | None",
    reason: str = "",
) -> StageStep:
    """登记一步：只能往前，每一步都要有佐证；一次说清所有不对之处。"""
    project = opened(project, by, queries.manages)
    faults = _step_faults(project, step)
    faults += _day_faults(project, on)
    if upload is None:
        faults.append(no_proof())
    if step in ("suspended", "withdrawn") and not reason.strip():
        faults.append(_("停建、退出须写明原因。"))
    if faults:
        raise Refused.all(faults)
    title = f"{project} {_(rules.STEPS[step])}"
    proof = proven(upload, by=by, thing=project, title=title)
    row = StageStep.objects.create(
        project=project, step=step, on=on, proof=proof, reason=reason.strip(), by=by
    )
    _settle(project)
    audit.record(by, "projects.life.advance", row, changes={"on": (None, on)}, note=reason)
    return row


@transaction.atomic
def strike(
    project: Project,
    *,
    by: Post | None,
    reason: str,
    upload: "UploadedFile[bytes] | None",
) -> StageStep:
    """更正：最近的一步不算，写明原因，附更正的依据；原来的登记仍在。没有别的退回办法。"""
    found, faults = opened(project, by, queries.manages, withdrawn=True), []
    counting = sorted(queries.counting(queries.life(found)), key=lambda one: (one.on, one.pk))
    if not counting:
        faults.append(_("还没有登记过任何一步，没有可更正的。"))
    if not reason.strip():
        faults.append(_("请写明更正的原因。"))
    if upload is None:
        faults.append(no_proof())
    if faults:
        raise Refused.all(faults)
    last = counting[-1]
    proof = proven(upload, by=by, thing=found, title=f"{found} {_(rules.STEPS[rules.STRUCK])}")
    row = StageStep.objects.create(
        project=found, step=rules.STRUCK, on=clock.today(), proof=proof,
        reason=reason.strip(), strikes=last, by=by,
    )  # fmt: skip
    _settle(found)
    changes = {"strikes": (None, _(rules.STEPS[last.step]))}
    audit.record(by, "projects.life.strike", row, changes=changes, note=reason)
    return row


def next_steps(project: Project) -> tuple[str, ...]:
    """What can be recorded next: stages, and standing still, going on, giving up."""
    if project.side == "suspended":
        return ("resumed", "withdrawn")
    if project.side == "withdrawn":
        return ()
    stages = rules.following(project.stage, project.kind, queries.tables.table("stages"))
    sides = ("suspended", "withdrawn") if project.stage else ()
    return (*stages, *sides)


def _step_faults(project: Project, step: str) -> list[str]:
    possible = next_steps(project)
    if step in possible:
        return []
    if step in rules.STAGES and rules.reached(project.stage, step):
        return [
            _("项目已是“%(now)s”，不能登记“%(step)s”：只进不退。登记错了的，请另作更正。")
            % {"now": _(rules.STAGES[project.stage]), "step": _(rules.STAGES[step])}
        ]
    names = _("、").join(_(rules.STEPS[one]) for one in possible)
    return [
        _("现在不能登记“%(step)s”。能登记的是：%(possible)s。")
        % {"step": _(rules.STEPS.get(step, step)), "possible": names}
    ]


def _day_faults(project: Project, on: date) -> list[str]:
    faults = []
    if on > clock.today():
        faults.append(_("日期不得晚于今天。"))
    earlier = [one.on for one in queries.counting(queries.life(project))]
    if earlier and on < max(earlier):
        faults.append(_("日期不得早于前一步（%(day)s）。") % {"day": clock.in_words(max(earlier))})
    return faults


def _settle(project: Project) -> None:
    """What follows from the steps that count."""
    stage, since, side = queries.stage_of(queries.life(project))
    project.stage, project.stage_on, project.side = stage, since, side
    project.save(update_fields=["stage", "stage_on", "side"])

"""Verbs on the steps of a meeting: done, skipped with a reason, taken back, a document attached."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.base.text import shorten
from bihuan.files import rules as file_rules
from bihuan.files import services as files
from bihuan.files.models import Version
from bihuan.people.models import Post
from bihuan.reviews import queries
from bihuan.reviews.models import Paper, Step, StepDocument
from bihuan.reviews.services.doors import opened


@transaction.atomic
def finish_step(step: Step, *, by: Post | None, note: str = "") -> Step:
    """完成一步：系统知道还缺什么的，逐条说明；缺的确实不办了，只能写明原因跳过。"""
    step = _pending(step, by)
    if faults := queries.in_the_way(step):
        raise Refused.all(faults)
    return _ended(step, "done", by, note)


@transaction.atomic
def skip_step(step: Step, *, by: Post | None, reason: str) -> Step:
    """跳过一步：必须写明原因，页面和审计都看得到；还缺的逐条记下。"""
    step = _pending(step, by)
    if not reason.strip():
        raise Refused(_("跳过步骤须写明原因。"))
    return _ended(step, "skipped", by, reason.strip())


@transaction.atomic
def take_back_step(step: Step, *, by: Post | None, reason: str) -> Step:
    """改回未完成：写明原因。"""
    review = opened(step.review, by)
    step = Step.objects.select_for_update().get(pk=step.pk, review=review)
    if step.state == "pending":
        raise Refused(_("这一步本来就没有完成。"))
    if not reason.strip():
        raise Refused(_("请写明改回的原因。"))
    before = step.state
    step.state, step.done_on, step.done_by, step.note = "pending", None, None, ""
    step.save(update_fields=["state", "done_on", "done_by", "note"])
    audit.record(
        by, "reviews.step.take_back", step, changes={"state": (before, "pending")}, note=reason
    )
    return step


@transaction.atomic
def attach(step: Step, *, by: Post | None, upload: "UploadedFile[bytes]") -> StepDocument:
    """附材料：会前、会中、会后都可以附。"""
    review = opened(step.review, by)
    title = f"{review} {step.name}"
    version, name = kept(upload, by=by, thing=step, title=title)
    document = StepDocument.objects.create(step=step, version=version, name=name, by=by)
    audit.record(by, "reviews.step.attach", step)
    return document


def kept(
    upload: "UploadedFile[bytes]", *, by: Post | None, thing: Paper | Step, title: str
) -> tuple[Version, str]:
    """Keep a file under a name that says nothing; returns it, and how its bringer called it.

    The name of a file is often its content in short, and `files` writes names into the audit.
    """
    name = file_rules.clean_name(upload.name or "")
    upload.name = f"{_NEUTRAL}.{file_rules.extension(name)}"
    return files.keep(upload, by=by, title=shorten(title, 200), thing=thing), name


_NEUTRAL = "material"


def _pending(step: Step, by: Post | None) -> Step:
    review = opened(step.review, by)
    step = (
        Step.objects.select_for_update()
        .select_related("review__body")
        .get(pk=step.pk, review=review)
    )
    if step.state != "pending":
        raise Refused(_("这一步已经办过。要改，请先改回未完成。"))
    if step.phase == "after" and review.state != "held":
        raise Refused(_("会还没有开完，会后的步骤还不能办。"))
    return step


def _ended(step: Step, state: str, by: Post | None, note: str) -> Step:
    step.state, step.done_on, step.done_by, step.note = state, clock.today(), by, note
    step.save(update_fields=["state", "done_on", "done_by", "note"])
    changes = {"state": ("pending", state)}
    act = "reviews.step.finish" if state == "done" else "reviews.step.skip"
    audit.record(by, act, step, changes=changes, note=note)
    return step

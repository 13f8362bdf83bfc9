"""What a unit hands in: drafted, submitted, accepted or sent back."""

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base.errors import Refused
from bihuan.facts import terms
from bihuan.facts.models import (
    Submission,
)
from bihuan.facts.services.checking import check
from bihuan.facts.services.permission import require
from bihuan.people.models import Post, Unit


@transaction.atomic
def open_submission(*, by: Post | None, unit: Unit, title: str, notes: str = "") -> Submission:
    """新建填报批次：草拟；提交以前，其中的数不算数。"""
    require(by, "facts.record", at=unit)
    if not title.strip():
        raise Refused(_("请填写标题。"))
    made = Submission.objects.create(unit=unit, title=title.strip(), notes=notes, by=by)
    audit.record(by, "facts.submission.open", made)
    return made


def submit(submission: Submission, *, by: Post | None) -> Submission:
    """提交：从此其中的数算数。"""
    return _move(submission, by, "submit", ("draft", "returned"), "submitted")


def accept(submission: Submission, *, by: Post | None, note: str = "") -> Submission:
    """接收：核对过了，收下。"""
    return _move(submission, by, "accept", ("submitted",), "accepted", note)


def send_back(submission: Submission, *, by: Post | None, note: str) -> Submission:
    """退回：写明原因；其中的数不再算数，等改好再交。"""
    if not note.strip():
        raise Refused(_("请写明退回的原因。"))
    return _move(submission, by, "send_back", ("submitted", "accepted"), "returned", note)


@transaction.atomic
def _move(
    submission: Submission,
    by: Post | None,
    step: str,
    before: tuple[str, ...],
    after: str,
    note: str = "",
) -> Submission:
    if submission.unit is not None:
        require(by, "facts.record", at=submission.unit)
    require(by, "facts.record")
    submission = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    if submission.state not in before:
        raise Refused(
            _("这个批次的状态是“%(state)s”，不能这样办。请刷新页面查看。")
            % {"state": _(terms.SUBMISSION_STATES[submission.state])}
        )
    if step == "submit" and not submission.observations.exists():
        raise Refused(_("这个批次里还没有数。请先录入，再提交。"))
    changes = {"state": (submission.state, after)}
    submission.state = after
    submission.save(update_fields=["state"])
    audit.record(by, f"facts.submission.{step}", submission, changes=changes, note=note)
    check()
    return submission

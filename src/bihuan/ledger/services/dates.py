"""Dates: extensions as approved acts, long-term findings, deadlines counted anew."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.days import services as days
from bihuan.ledger import queries, rules
from bihuan.ledger.models import Extension, Finding
from bihuan.ledger.services.steps import Changes, keep, opened, take
from bihuan.people.models import Post


@transaction.atomic
def ask_extension(finding: Finding, *, by: Post, to: date, reason: str) -> Extension:
    """申请延期：须在到期之前，写明理由和新的时限。"""
    finding = opened(finding, "ask_extension", by)
    faults = [
        _(fault)
        for fault in rules.extension_faults(
            due=finding.due,
            to=to,
            today=clock.today(),
            pending=finding.extensions.filter(granted__isnull=True).exists(),
            granted=finding.extensions.filter(granted=True).count(),
            most=queries.limit("extensions"),
        )
    ]
    faults += _too_late_to_ask(finding)
    faults += _later_than_parent(finding, to)
    if faults:
        raise Refused.all(faults)
    assert finding.due is not None  # a finding without one was refused above
    extension = Extension.objects.create(
        finding=finding, reason=reason, from_due=finding.due, to_due=to, by=by
    )
    take(finding, "ask_extension", by, changes={"due": (finding.due, to)}, note=reason)
    return extension


@transaction.atomic
def decide_extension(finding: Finding, *, by: Post, granted: bool, answer: str) -> Extension:
    """审批延期：由另一人决定；同意则改时限，最初时限永远保留。"""
    finding = opened(finding, "decide_extension", by)
    extension = finding.extensions.filter(granted__isnull=True).first()
    if extension is None:
        raise Refused(_("没有等待审批的延期申请。"))
    if granted and (faults := _later_than_parent(finding, extension.to_due)):
        raise Refused.all(faults)
    extension.granted, extension.answer = granted, answer
    extension.decided_by, extension.decided_at = by, clock.now()
    extension.save(update_fields=["granted", "answer", "decided_by", "decided_at"])
    changes: Changes = {}
    if granted:
        changes = {"due": (finding.due, extension.to_due)}
        finding.due, finding.provisional = extension.to_due, False
    act = "grant_extension" if granted else "refuse_extension"
    take(finding, "decide_extension", by, act=act, changes=changes, note=answer)
    return extension


@transaction.atomic
def make_long_term(finding: Finding, *, by: Post, review: date, note: str) -> Finding:
    """转长期坚持：一时改不完的转入长期，定下次检查的日期；以后仍可申请销号。"""
    finding = opened(finding, "make_long_term", by)
    if review < max(clock.today(), finding.first_due or clock.today()):
        raise Refused(_("下次检查的日期不得早于今天，也不得早于最初时限。请改晚。"))
    if faults := _later_than_parent(finding, review):
        raise Refused.all(faults)
    # An answer still awaited has lost its subject.
    finding.extensions.filter(granted__isnull=True).update(
        granted=False, answer=note, decided_by=by, decided_at=clock.now()
    )
    changes: Changes = {
        "due": (finding.due, review),
        "rect_kind": (finding.rect_kind, "long_term"),
    }
    finding.due, finding.rect_kind, finding.provisional = review, "long_term", False
    return take(finding, "make_long_term", by, changes=changes, note=note)


@transaction.atomic
def recount() -> int:
    """重算时限：日历有了新的一年或改动后，重算暂定的时限；返回改了几个。

    Only deadlines that still stand as they were counted: an extension is an act and stays.
    """
    changed = 0
    waiting = Finding.objects.select_for_update().filter(
        provisional=True, counted_from__isnull=False, state__in=rules.OPEN
    )
    for finding in waiting.order_by("pk"):
        counted = queries.counted(finding)
        if counted is None or finding.due != finding.first_due:
            continue
        if (counted.due, counted.provisional) == (finding.due, finding.provisional):
            continue
        before = finding.due
        finding.due = finding.first_due = counted.due
        finding.provisional = counted.provisional
        keep(finding, "recount", None, changes={"due": (before, finding.due)})
        changed += 1
    return changed


def _calendar_changed(change: object) -> None:
    recount()


days.on_change(_calendar_changed)


def _too_late_to_ask(finding: Finding) -> list[str]:
    """An office may want to be asked some days ahead; what is overdue is told by another rule."""
    ahead, today = queries.limit("extension_ahead"), clock.today()
    if finding.due is None or not today <= finding.due < today + timedelta(days=ahead):
        return []
    return [
        ngettext(
            "延期须在到期前至少 %(n)d 天提出，已经来不及。请抓紧完成。",
            "延期须在到期前至少 %(n)d 天提出，已经来不及。请抓紧完成。",
            ahead,
        )
        % {"n": ahead}
    ]


def _later_than_parent(finding: Finding, to: date) -> list[str]:
    parent = finding.parent
    if parent is None or parent.due is None or to <= parent.due or parent.state == "long_term":
        return []
    return [
        _("下级的时限不得晚于上级问题的时限 %(due)s。请改早，或先由上级申请延期。")
        % {"due": clock.in_words(parent.due)}
    ]

"""批量办理: one verb for many findings, each by itself; what cannot be done says why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import pages as audit
from bihuan.base.errors import Refused
from bihuan.ledger import rules, services
from bihuan.ledger.models import Finding
from bihuan.ledger.services.notices import remind_of
from bihuan.ledger.services.steps import opened
from bihuan.people.models import Post
from bihuan.ui.panel import Moment


@dataclass(frozen=True)
class Outcome:
    """What became of one finding, or would: done and how, or the sentences that say why not."""

    finding: Finding
    done: bool
    why_not: tuple[str, ...] = ()
    acts: tuple[Moment, ...] = ()


def possible(found: Iterable[Finding], step: str, *, by: Post) -> list[Outcome]:
    """先看一眼：在填写之前，逐条看这一步能否办理；不写任何东西。"""
    return [_outcome(finding, step, _open, by=by) for finding in _few(found)]


def preview(
    found: Iterable[Finding], step: str, *, by: Post, seen: Mapping[int, int], **fields: Any
) -> list[Outcome]:
    """预览：照填写的逐条真办一遍，记下结果，然后全部撤回；预览说的就是办理时会发生的。"""
    with transaction.atomic():
        outcomes = act_on_each(found, step, by=by, seen=seen, **fields)
        transaction.set_rollback(True)
    return outcomes


def act_on_each(
    found: Iterable[Finding], step: str, *, by: Post, seen: Mapping[int, int], **fields: Any
) -> list[Outcome]:
    """逐条办理：每个问题一个事务；这一条办不成，不影响别的。

    `seen` is the revision of each finding on the preview: what somebody else has moved since is
    not done, and the line says what they did.
    """
    return [
        _outcome(finding, step, _verb(step), by=by, seen=seen.get(finding.pk), **fields)
        for finding in _few(found)
    ]


def _few(found: Iterable[Finding]) -> list[Finding]:
    chosen = list(found)
    if len(chosen) > rules.BULK_MOST:
        raise Refused(
            _("一次至多办理 %(n)d 个问题。请缩小筛选，分几次办理。") % {"n": rules.BULK_MOST}
        )
    return chosen


def _outcome(finding: Finding, step: str, verb: Any, **how: Any) -> Outcome:
    before = len(audit.timeline(finding).moments)
    try:
        with transaction.atomic():
            verb(finding, step, **how)
    except Refused as refusal:
        return Outcome(finding, done=False, why_not=tuple(map(str, refusal.sentences)))
    return Outcome(finding, done=True, acts=audit.timeline(finding).moments[before:])


def _verb(step: str) -> Any:
    return _remind if step == "remind" else services.act


def _open(finding: Finding, step: str, *, by: Post) -> None:
    if step != "remind":
        opened(finding, step, by)


def _remind(finding: Finding, _step: str, *, by: Post, seen: int | None) -> None:
    remind_of(finding, by=by)

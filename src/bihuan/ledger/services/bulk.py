"""批量办理: one verb for many findings, each by itself; what cannot be done says why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.base.errors import Refused
from bihuan.ledger import services
from bihuan.ledger.models import Finding
from bihuan.ledger.services.steps import opened
from bihuan.people.models import Post

MOST = 200


@dataclass(frozen=True)
class Outcome:
    """What became of one finding, or would: done, or the sentences that say why not."""

    finding: Finding
    done: bool
    why_not: tuple[str, ...] = ()


def preview(found: Iterable[Finding], step: str, *, by: Post) -> list[Outcome]:
    """预览：逐条看能否办理，不写任何东西；与办理时问的是同一条规则。"""
    return [_outcome(finding, _opened, step, by=by) for finding in _few(found)]


def act_on_each(
    found: Iterable[Finding], step: str, *, by: Post, seen: Mapping[int, int], **fields: Any
) -> list[Outcome]:
    """逐条办理：每个问题一个事务；这一条办不成，不影响别的。

    `seen` is the revision of each finding on the preview: what somebody else has moved since is
    not done, and the line says what they did.
    """
    return [
        _outcome(finding, services.act, step, by=by, seen=seen.get(finding.pk), **fields)
        for finding in _few(found)
    ]


def _few(found: Iterable[Finding]) -> list[Finding]:
    chosen = list(found)
    if len(chosen) > MOST:
        raise Refused(_("一次至多办理 %(n)d 个问题。请分几次办理。") % {"n": MOST})
    return chosen


def _outcome(finding: Finding, verb: Any, step: str, **how: Any) -> Outcome:
    try:
        with transaction.atomic():
            verb(finding, step, **how)
    except Refused as refusal:
        return Outcome(finding, done=False, why_not=tuple(map(str, refusal.sentences)))
    return Outcome(finding, done=True)


def _opened(finding: Finding, step: str, *, by: Post) -> None:
    opened(finding, step, by)

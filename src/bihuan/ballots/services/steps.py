"""How a poll moves on: one phase at a time, never back, each step with its entry."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.ballots import bridge, queries, rules
from bihuan.ballots.models import Poll
from bihuan.base.errors import Refused
from bihuan.engines.tally.box import NotOpen, NotStored, Refusal
from bihuan.people.models import Post


class Closed(Refused):
    """现在不收票：还没开始，或已经结束。"""

    status = 410


class Unstored(Refused):
    """没有存成：稍后原样再来，不会多也不会少。"""

    status = 503


def at(poll: Poll, *phases: str) -> Poll:
    """The poll held in one of these phases; else a sentence that says where it stands."""
    poll = queries.locked(poll)
    if poll.phase not in phases:
        raise Refused(
            _("“%(title)s”现在的阶段是“%(phase)s”，不能这样办。阶段只进不退。")
            % {"title": poll.label(), "phase": _(rules.PHASES[poll.phase])}
        )
    return poll


def move(
    poll: Poll,
    to: str,
    by: Post | None,
    *,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    note: str = "",
) -> Poll:
    """Put a held poll into the next phase and enter it in the chain."""
    if not rules.moves_on(poll.phase, to):
        raise Refused(_("阶段只进不退，也不能跳过。"))
    before, poll.phase = poll.phase, to
    poll.save()
    audit.record(
        by,
        f"ballots.poll.{to}",
        poll,
        changes={"phase": (before, to), **(changes or {})},
        note=note,
    )
    return poll


@contextmanager
def refusing() -> Iterator[None]:
    """What the box refuses, as a sentence to whoever stands before it."""
    try:
        yield
    except NotOpen as fault:
        raise Closed(_not_open(str(fault.params.get("phase")))) from None
    except NotStored as fault:
        raise Unstored(bridge.sentence(fault.fault)) from None
    except Refusal as fault:
        raise Refused(bridge.sentence(fault.fault)) from None


def _not_open(phase: str) -> str:
    if phase in ("closed", "counted", "done"):
        return _("投票已经结束，不再收票。")
    return _("投票还没有开始。请等主持人宣布，页面会自己翻过来。")

"""What the verbs of this room share: may this post, the row held, the round one state further."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base.errors import Refused
from bihuan.meetings import rules
from bihuan.meetings.models import Meeting, Reporter
from bihuan.people import queries as people
from bihuan.people.models import Post


def require(by: Post | None, verb: str) -> None:
    """A round concerns the whole zone: so must the permission."""
    if by is not None and people.scope(by, verb).units is not None:
        raise people.not_allowed(by)


def held(meeting: Meeting, by: Post | None, verb: str, *states: str) -> Meeting:
    """The round locked, in one of these states (any unless told); else where it stands."""
    require(by, verb)
    found = (
        Meeting.objects.select_for_update(of=("self",)).select_related("poll").get(pk=meeting.pk)
    )
    if states and found.state not in states:
        raise Refused(
            _("这一轮现在是“%(state)s”，不能这样办。请刷新页面。")
            % {"state": _(rules.STATES[found.state])}
        )
    return found


def reporter_held(reporter: Reporter, by: Post | None, verb: str, *states: str) -> Reporter:
    """A reporter locked, its round in one of these states."""
    meeting = held(reporter.meeting, by, verb, *states)
    found = (
        Reporter.objects.select_for_update(of=("self",)).select_related("unit").get(pk=reporter.pk)
    )
    found.meeting = meeting
    return found


def moved(
    meeting: Meeting,
    act: str,
    by: Post | None,
    *,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    note: str = "",
    fields: tuple[str, ...] = (),
) -> Meeting:
    """The round one state further, saved with these fields, entered in the chain."""
    before, meeting.state = meeting.state, rules.NEXT[meeting.state]
    meeting.save(update_fields=["state", *fields])
    told = {"state": (before, meeting.state), **(changes or {})}
    audit.record(by, act, meeting, changes=told, note=note)
    return meeting

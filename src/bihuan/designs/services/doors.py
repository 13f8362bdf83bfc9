"""What every verb asks first: may this post do that to this thing, and is it the time for it?"""

from collections.abc import Collection

from django.utils.translation import gettext as _

from bihuan.base.errors import NotFound, Refused
from bihuan.designs import queries, rules
from bihuan.designs.models import Opinion, ReviewMeeting, Scheme
from bihuan.people import queries as people
from bihuan.people.models import Post


def allowed(by: Post | None, may: bool) -> None:
    """Refuse unless it may; the system may all."""
    if by is not None and not may:
        raise people.not_allowed(by)


def managing(by: Post | None) -> None:
    """Refuse whoever does not keep schemes."""
    allowed(by, by is None or queries.manages(by))


def seen(scheme: Scheme, by: Post | None) -> None:
    """Not found for those who do not see the scheme."""
    if by is not None and not queries.visible_to(by).filter(pk=scheme.pk).exists():
        raise NotFound(_("没有这个方案，或您现在的任职看不到它。"))


def locked(scheme: Scheme, *, states: Collection[str] = ("reviewing",)) -> Scheme:
    """The scheme as it stands now, held until the verb is done."""
    found = Scheme.objects.select_for_update(of=("self",)).select_related("project", "designer")
    scheme = found.get(pk=scheme.pk)
    if scheme.state not in states:
        raise Refused(
            _("方案现在是“%(state)s”，不能办这一步。请回到方案页，看现在能办什么。")
            % {"state": _(rules.SCHEME_STATES[scheme.state])}
        )
    return scheme


def opened(opinion: Opinion, act: str) -> Opinion:
    """The opinion, held, in the state in which this act can be done."""
    found = Opinion.objects.select_for_update(of=("self",)).select_related(
        "scheme__designer", "scheme__project", "version", "unit"
    )
    opinion = found.get(pk=opinion.pk)
    locked(opinion.scheme)
    if act not in rules.AFTER[opinion.state]:
        raise Refused(
            _("意见现在是“%(state)s”，不能办这一步。请刷新页面，看现在能办什么。")
            % {"state": _(rules.STATES[opinion.state])}
        )
    return opinion


def sitting(meeting: ReviewMeeting, *, states: Collection[str]) -> ReviewMeeting:
    """The meeting, held, in a state in which this can be done."""
    meeting = ReviewMeeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if meeting.state not in states:
        raise Refused(
            _("会议现在是“%(state)s”，不能办这一步。请回到会议页，看现在能办什么。")
            % {"state": _(rules.MEETING_STATES[meeting.state])}
        )
    return meeting

"""Who may see what: meetings, reporters, results. Results of a named unit are nobody else's."""

from django.db.models import Q, QuerySet

from bihuan.base import clock
from bihuan.meetings.models import Guest, Meeting, Reporter
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit

# Either of these opens the door of the room; what is behind it is asked again for each thing.
VIEW = ("meetings.view", "meetings.guest")
_OFFICE = ("meetings.plan", "meetings.run", "meetings.approve", "meetings.chair", "meetings.grade")


def meetings(by: Post) -> QuerySet[Meeting]:
    """Meetings a post may see: an invited group only the one it is invited to, while it is.

    Rehearsals are for those who prepare and lead the meeting.
    """
    found = Meeting.objects.select_related(
        "poll", "poll_plan", "chair__person", "chair__unit", "speaking__unit", "rehearsal_of", "job"
    )
    if people.may(by, "meetings.view"):
        office = any(people.scope(by, verb).units is None for verb in _OFFICE)
        return found if office else found.filter(rehearsal=False)
    if people.may(by, "meetings.guest"):
        return found.filter(pk__in=invited(by).values("meeting"), rehearsal=False)
    return found.none()


def invited(by: Post) -> QuerySet[Guest]:
    """The invitations that hold today for the unit of this post."""
    return Guest.objects.filter(people.valid_on(clock.today()), unit=by.unit_id)


def sees_results(by: Post) -> bool:
    """The leading body and its clerk: results of every unit."""
    return people.scope(by, "meetings.results").units is None


def own_units(by: Post) -> frozenset[int]:
    """Units whose own results this post may read: its own, or those below it too.

    A reach of the whole zone gives none here: that takes the permission for results.
    """
    return people.scope(by, "meetings.report").units or frozenset()


def may_read_letter(by: Post, reporter: Reporter) -> bool:
    """The unit itself, and whoever sees all results."""
    return sees_results(by) or reporter.unit_id in own_units(by)


def may_report(by: Post, unit: Unit) -> bool:
    """May this post hand in for this unit?"""
    return people.may(by, "meetings.report", at=unit)


def may_see_reporter(by: Post, reporter: Reporter) -> bool:
    """Its report, last year's rectification and the comment: the unit, the office, the guests."""
    return may_read_letter(by, reporter) or people.may(by, "meetings.guest")


def reporters_seen(by: Post, meeting: Meeting) -> QuerySet[Reporter]:
    """The reporters whose papers this post may open in a meeting it may see."""
    found = Reporter.objects.filter(meeting=meeting, withdrawn=False).select_related("unit")
    if sees_results(by) or people.may(by, "meetings.guest"):
        return found.order_by("number", "pk")
    return found.filter(Q(unit__in=own_units(by))).order_by("number", "pk")

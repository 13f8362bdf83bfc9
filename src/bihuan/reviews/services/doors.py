"""What every verb asks first: is this post in the meeting, as whom, and is it the time for that?"""

from collections.abc import Callable, Collection

from django.utils.translation import gettext as _

from bihuan.base.errors import NotFound, Refused
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.reviews import queries, rules
from bihuan.reviews.models import Review
from bihuan.reviews.rules import Place

OPEN = ("preparing", "sitting", "held")
Asks = Callable[[Place], bool]


def clerk(place: Place) -> bool:
    return place.clerk


def clerk_or_head(place: Place) -> bool:
    return place.clerk or place.head


def guide(place: Place) -> bool:
    return place.guide


def clerk_or_guide(place: Place) -> bool:
    return place.clerk or place.guide


def anybody_inside(place: Place) -> bool:
    return place.inside


def placed(review: Review, by: Post | None) -> Place:
    """The place of whoever asks; not found for those who are in no place. The system may all."""
    if by is None:
        return Place(head=True, clerk=True, guide=True)
    place = queries.place(review, by)
    if not place.inside:
        raise NotFound(_("没有这个会，或您现在的任职看不到它。"))
    return place


def opened(
    review: Review, by: Post | None, asks: Asks = clerk, states: Collection[str] = OPEN
) -> Review:
    """The meeting, locked: nobody else acts on it until this verb is done."""
    place = placed(review, by)
    if by is not None and not asks(place):
        raise people.not_allowed(by)
    found = Review.objects.select_for_update(of=("self",)).select_related("body").get(pk=review.pk)
    if found.state not in states:
        raise Refused(
            _("会议现在是“%(state)s”，不能办这一步。请回到会议页，看现在能办什么。")
            % {"state": _(rules.STATES[found.state])}
        )
    return found

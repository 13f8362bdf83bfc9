"""Who and what can be chosen in this room's forms."""

from django.db.models import QuerySet

from bihuan.base import clock
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit
from bihuan.reviews.models import Review
from bihuan.reviews.queries.seeing import GUIDE, KEEP, VIEW

_BODIES = (
    "party_committee",
    "party_working_committee",
    "admin_committee",
    "leading_body",
    "bureau",
    "subdistrict_office",
    "park",
    "soe",
)


def bodies() -> QuerySet[Unit]:
    """Units whose leading body can hold a meeting."""
    return people.units().filter(kind__in=_BODIES)


def members_to_choose(review: Review) -> QuerySet[Post]:
    """Posts of the body on the day of the meeting, whose role lets them see it, not seated yet."""
    held = Post.objects.filter(people.valid_on(review.date), unit=review.body)
    keys = _holding(held, VIEW)
    seated = review.seats.values("post")
    return _named(keys).exclude(pk__in=seated)


def clerks_to_choose() -> QuerySet[Post]:
    """Posts that may keep meetings today."""
    return _named(_holding(Post.objects.filter(people.valid_on(clock.today())), KEEP))


def guides_to_choose(review: Review) -> QuerySet[Post]:
    """Posts of guidance groups that are not invited yet."""
    keys = _holding(Post.objects.filter(people.valid_on(clock.today())), GUIDE)
    return _named(keys).exclude(pk__in=review.guests.values("post"))


def heads_to_choose(review: Review) -> QuerySet[Post]:
    """Primary owners of units, as partners of a talk; not the members themselves."""
    held = Post.objects.filter(people.valid_on(clock.today()), primary_owner=True)
    return held.exclude(pk__in=review.seats.values("post")).select_related("person", "unit")


def lower_units(body: Unit) -> QuerySet[Unit]:
    """Bodies below this one on the party line, as they stand today."""
    below = people.subordinates(body, lines=("party",)) - {body.pk}
    return people.units().filter(pk__in=below)


def _holding(posts: QuerySet[Post], verb: str) -> list[int]:
    return [post.pk for post in posts.select_related("role") if verb in post.role.verbs]


def _named(keys: list[int]) -> QuerySet[Post]:
    return Post.objects.filter(pk__in=keys).select_related("person", "unit").order_by("pk")

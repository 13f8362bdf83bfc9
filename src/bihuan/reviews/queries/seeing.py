"""Who may see a meeting: members by their post, its clerks, its guides while they are invited."""

from django.db.models import Model, Q, QuerySet

from bihuan.base import clock
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.reviews.models import Guest, Review, Seat
from bihuan.reviews.rules import Place

VIEW, KEEP, GUIDE = "reviews.view", "reviews.keep", "reviews.guide"


def visible_to(by: Post) -> QuerySet[Review]:
    """The meetings that exist for this post; for anybody else there are none."""
    found = Q(pk__in=())
    if people.may(by, VIEW):
        found |= Q(pk__in=Seat.objects.filter(post=by).values("review"))
    if people.may(by, KEEP):
        found |= Q(pk__in=Review.clerks.through.objects.filter(post=by).values("review"))
    if people.may(by, GUIDE):
        found |= Q(pk__in=_invited(by).values("review"))
    return Review.objects.filter(found).select_related("body")


def place(review: Review, by: Post) -> Place:
    """What this post is in this meeting today."""
    seat = review.seats.filter(post=by).first() if people.may(by, VIEW) else None
    return Place(
        seat=seat.pk if seat else None,
        head=seat is not None and seat.head,
        clerk=people.may(by, KEEP) and review.clerks.filter(pk=by.pk).exists(),
        guide=people.may(by, GUIDE) and _invited(by).filter(review=review).exists(),
    )


def own_meetings(review: Review, by: Post) -> dict[int, Review]:
    """Unit → the lower body's own meeting of that year, where it exists for this post."""
    units = review.lower.values("unit")
    found = visible_to(by).filter(body__in=units, year=review.year).exclude(state="called_off")
    return {one.body_id: one for one in found.order_by("pk")}


def things(review: Review) -> list[Model]:
    """The meeting and all its parts that have a history in the audit."""
    parts = (
        "papers",
        "steps",
        "opinions",
        "talks",
        "due_talks",
        "agenda",
        "criticisms",
        "writings",
    )
    found: list[Model] = [review]
    for name in (*parts, "judgements", "problems", "lower"):
        found += getattr(review, name).all()
    return found


def _invited(by: Post) -> QuerySet[Guest]:
    today = clock.today()
    return Guest.objects.filter(post=by, valid_from__lte=today, valid_to__gte=today)

"""Opinions and talks: what is whose, and which cells of the matrix are still blank."""

from django.db.models import Q, QuerySet

from bihuan.people.models import Post
from bihuan.reviews import rules
from bihuan.reviews.models import DueTalk, Opinion, Review, Seat, Talk
from bihuan.reviews.queries.sitting import seats
from bihuan.reviews.rules import Place

# Two sides of a talk: a member, and another member or the head of a unit.
Sides = tuple[Seat, Seat | Post]


def opinions_for(review: Review, place: Place) -> QuerySet[Opinion]:
    """What this place may read: clerk and group all, a member what was returned to them."""
    found = review.opinions.select_related("seat__post__person").order_by("number")
    if place.clerk or place.guide:
        return found
    return found.filter(
        Q(about="body") | Q(about="member", seat=place.seat), returned_on__isnull=False
    )


def unsorted(review: Review) -> int:
    """How many opinions have not been sorted to anybody."""
    return review.opinions.filter(about="").count()


def box_texts_taken(review: Review) -> bool:
    """Were the texts of the anonymous box taken over already?"""
    return review.opinions.filter(channel="box").exists()


def talks_held(review: Review) -> list[Talk]:
    """Talks with their sides, oldest first."""
    sides = ("seat__post__person", "other__post__person", "post__person", "post__unit")
    return list(review.talks.select_related(*sides).order_by("on", "pk"))


def due_sides(review: Review) -> list[Sides]:
    """Every talk that is due: head with each member, members with each other, then unit heads."""
    pairs: list[Sides] = list(rules.talk_pairs(seats(review)))
    extra = DueTalk.objects.filter(review=review).select_related(
        "seat__post__person", "post__person", "post__unit"
    )
    return pairs + [(row.seat, row.post) for row in extra.order_by("seat__order", "pk")]


def talk_of(held: list[Talk], first: Seat, second: Seat | Post) -> Talk | None:
    """The newest talk between these two, whoever opened it."""
    for talk in reversed(held):
        if isinstance(second, Post):
            if talk.seat_id == first.pk and talk.post_id == second.pk:
                return talk
        elif {talk.seat_id, talk.other_id} == {first.pk, second.pk}:
            return talk
    return None


def blank_talks(review: Review) -> list[Sides]:
    """Who has not talked with whom yet."""
    held = talks_held(review)
    return [(a, b) for a, b in due_sides(review) if talk_of(held, a, b) is None]

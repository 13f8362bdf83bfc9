"""The door of every page of one meeting: whoever is in no place in it finds nothing."""

from django.shortcuts import get_object_or_404

from bihuan.people.access import Asked, needs
from bihuan.reviews import queries
from bihuan.reviews.models import Review

inside = needs("reviews.view", "reviews.keep", "reviews.guide")
office = needs("reviews.view", "reviews.keep")


def visible(request: Asked, pk: int) -> Review:
    """The meeting, if it exists for this post."""
    return get_object_or_404(queries.visible_to(request.post), pk=pk)

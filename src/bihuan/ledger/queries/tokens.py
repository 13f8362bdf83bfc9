"""Tokens: which there are, whom they could be for, and in which post a request acts."""

from django.db.models import QuerySet

from bihuan.base import clock
from bihuan.ledger.models import Token
from bihuan.people import queries as people
from bihuan.people.models import Post


def tokens() -> QuerySet[Token]:
    """Every token that was given, newest first."""
    return Token.objects.select_related(*_POST, "by__person", "by__unit").order_by("-pk")


def posts_for_tokens() -> QuerySet[Post]:
    """Posts in which another system could act: those held today."""
    held = Post.objects.filter(people.valid_on(clock.today()))
    return held.select_related("person", "unit", "role").order_by("unit__code", "pk")


def acting_by(digest: str) -> Post | None:
    """The post of a token that holds today and was not ended; None if there is no such token."""
    held = Token.objects.filter(digest=digest, ended_at__isnull=True, valid_to__gte=clock.today())
    token = held.select_related(*_POST).first()
    return token.post if token is not None and people.holds(token.post) else None


_POST = ("post__person", "post__unit", "post__role")

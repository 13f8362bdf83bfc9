"""Tokens: which there are, whom they could be for, and what one of them raised."""

from django.db.models import QuerySet

from bihuan.base import clock
from bihuan.ledger.models import Finding, Token
from bihuan.people import queries as people
from bihuan.people.models import Post


def tokens() -> QuerySet[Token]:
    """Every token that was given, newest first."""
    return Token.objects.select_related(*_POST, "by__person", "by__unit").order_by("-pk")


def posts_for_tokens() -> QuerySet[Post]:
    """Posts in which another system could act: those held today."""
    held = Post.objects.filter(people.valid_on(clock.today()))
    return held.select_related("person", "unit", "role").order_by("unit__code", "pk")


def token_in_force(digest: str) -> Token | None:
    """The token with this digest if it holds today, was not ended, and its post is still held."""
    held = Token.objects.filter(digest=digest, ended_at__isnull=True, valid_to__gte=clock.today())
    token = held.select_related(*_POST).first()
    return token if token is not None and people.holds(token.post) else None


def raised_before(by: Post, external_number: str) -> Finding | None:
    """What another system raised earlier in this post under its own number."""
    theirs = Finding.objects.filter(raised_by=by, origin_type=Token._meta.label_lower)
    return theirs.filter(external_number=external_number).order_by("pk").first()


_POST = ("post__person", "post__unit", "post__role")

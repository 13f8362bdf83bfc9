"""Which texts ask for opinions today, what came, who in the house may read it."""

from datetime import date

from django.db.models import QuerySet

from bihuan.base import clock
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.press.models import Opinion, Release
from bihuan.press.queries.releases import published, releases_for


def is_asking(release: Release, today: date | None = None) -> bool:
    """Does it take opinions today?"""
    last = release.opinions_until
    return release.state == "published" and last is not None and (today or clock.today()) <= last


def asking() -> QuerySet[Release]:
    """What asks everybody for an opinion today, what closes first first."""
    found = published().filter(opinions_until__gte=clock.today())
    return found.order_by("opinions_until", "pk")


def reads_opinions(by: Post, release: Release) -> bool:
    """The office, and the unit that wrote the text."""
    return people.may(by, "press.office") or people.may(by, "press.write", at=release.unit)


def opinions(release: Release) -> QuerySet[Opinion]:
    return release.opinions.select_related("by__person", "by__unit")


def opinion_for(by: Post, pk: int) -> Opinion | None:
    """An opinion that this post may read."""
    seen = releases_for(by).values("pk")
    found = Opinion.objects.filter(pk=pk, release__in=seen).select_related("release__unit", "by")
    one = found.first()
    return one if one is not None and reads_opinions(by, one.release) else None

"""Questions to the chain."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model, QuerySet

from bihuan.audit.models import Entry
from bihuan.audit.rules import GENESIS


def of(thing: Model) -> QuerySet[Entry]:
    """All that was done to one thing, oldest first."""
    return Entry.objects.filter(thing_type=thing._meta.label_lower, thing_id=str(thing.pk))


def rows() -> Iterator[dict[str, Any]]:
    """The whole chain as plain rows, oldest first, without holding it in memory."""
    return (entry.plain() for entry in Entry.objects.order_by("seq").iterator(chunk_size=2000))


def head() -> tuple[int, str]:
    """Number and hash of the newest entry: the audit root that documents print."""
    newest = Entry.objects.order_by("-seq").values_list("seq", "hash").first()
    return newest or (0, GENESIS)


def search(*, act: str = "", actor: str = "", thing: str = "") -> QuerySet[Entry]:
    """Entries whose act begins with, and whose names contain, what was asked; newest first."""
    found = Entry.objects.order_by("-seq")
    if act:
        found = found.filter(act__startswith=act)
    if actor:
        found = found.filter(actor__contains=actor)
    if thing:
        found = found.filter(thing__contains=thing)
    return found

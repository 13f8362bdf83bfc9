"""Questions to the chain."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from bihuan.audit.models import Entry
from bihuan.audit.rules import GENESIS

_PIECE = 2000


def of(*things: Model) -> QuerySet[Entry]:
    """All that was done to these things, oldest first; one query for any number of them."""
    keys: dict[str, list[str]] = {}
    for thing in things:
        keys.setdefault(thing._meta.label_lower, []).append(str(thing.pk))
    about = Q(pk__in=())
    for kind, ids in keys.items():
        about |= Q(thing_type=kind, thing_id__in=ids)
    return Entry.objects.filter(about).order_by("seq")


def rows() -> Iterator[dict[str, Any]]:
    """The whole chain as plain rows, oldest first, without holding it in memory.

    Piece by piece, not by one long query: while SQLite is in the middle of one, the same connection
    can write nothing, and a job that reads the chain must tell how far it is.
    """
    found = Entry.objects.order_by("seq")
    piece = list(found[:_PIECE])
    while piece:
        yield from (entry.plain() for entry in piece)
        piece = list(found.filter(seq__gt=piece[-1].seq)[:_PIECE])


def head() -> tuple[int, str]:
    """Number and hash of the newest entry: the audit root that documents print."""
    newest = Entry.objects.order_by("-seq").values_list("seq", "hash").first()
    return newest or (0, GENESIS)


def search(
    *,
    acts: Iterable[str] | None = None,
    actor: str = "",
    thing: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[Entry]:
    """Entries of these acts and days (both included) whose names contain what was asked; newest
    first."""
    found = Entry.objects.order_by("-seq")
    if acts is not None:
        found = found.filter(act__in=list(acts))
    if actor:
        found = found.filter(actor__contains=actor)
    if thing:
        found = found.filter(thing__contains=thing)
    if since:
        found = found.filter(at__gte=_midnight(since))
    if until:
        found = found.filter(at__lt=_midnight(until + timedelta(days=1)))
    return found


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))

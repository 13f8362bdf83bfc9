"""Questions about what is public: the newest publication, what another would hold."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from bihuan.base import clock
from bihuan.snow.models import Publication, SectionState, Storm
from bihuan.snow.queries import promises, situation, tables
from bihuan.snow.queries import storm as storms
from bihuan.snow.rules import public as rules


def newest() -> Publication | None:
    """What everybody may read now; one question, for it is asked by everybody."""
    return Publication.objects.select_related("storm").order_by("-pk").first()


def publications() -> QuerySet[Publication]:
    """Every publication, newest first."""
    return Publication.objects.select_related("storm", "by__person", "by__unit").order_by("-pk")


def content(storm: Storm, at: datetime, orders: Collection[int] = ()) -> dict[str, Any]:
    """What a publication of this moment would hold, with the orders of these numbers."""
    told = situation.states(storm.first_snow_at, at)
    names = {one.code: one.name for one in situation.pieces()}
    closed = [
        (names[code], moment.isoformat(timespec="minutes"))
        for code, (state, moment) in told.items()
        if state == "closed" and code in names
    ]
    stopped = storm.snow_stopped_at
    return rules.content(
        situation.roads(storm, at),
        closed,
        promises.limits(),
        timezone.localtime(stopped) if stopped else None,
        [
            rules.Responding(one.scale, one.level, _minute(one.at))
            for one in storms.levels(storm).values()
        ],
        [
            rules.Ordered(
                one.pk, one.unit.name, one.text, _minute(one.given_at),
                _minute(one.due_at) if one.due_at else "", one.done_at is not None,
                one.unit.name_en,
            )
            for one in storms.orders(storm).filter(pk__in=orders, given_at__lte=at)
        ],
    )  # fmt: skip


def _minute(at: datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="minutes")


def told_orders(storm: Storm) -> list[int]:
    """Which orders the newest publication of an event tells."""
    last = storm.publications.order_by("-pk").first()
    return [] if last is None else [one["number"] for one in last.told.get("orders", ())]


def is_due(storm: Storm) -> bool:
    """Does the office's rule publish by itself now?"""
    last = storm.publications.order_by("-pk").first()
    told = SectionState.objects.filter(at__gte=storm.first_snow_at).order_by("created_at")
    if last is not None:
        told = told.filter(created_at__gt=last.created_at)
    oldest = told.values_list("created_at", flat=True).first()
    return rules.due(oldest, clock.now(), tables.setting("publish_after"))

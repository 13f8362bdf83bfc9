"""What the live picture is made of: streets, spots, states, the newest passes, hand tasks.

The only file of the live picture that knows sections and places. A house without a network has
an empty picture, not a fault.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Max, Q

from bihuan.base import clock
from bihuan.fleet import queries as fleet
from bihuan.fleet.models import LastPosition
from bihuan.fleet.queries import passes
from bihuan.roads import queries as roads
from bihuan.snow.models import HandTask, SectionState

_WINDOW = timedelta(days=7)  # older passes are of another snowfall


@dataclass(frozen=True)
class Street:
    """路段在图上的样子：几何是 WGS-84 的 GeoJSON。"""

    pk: int
    code: str
    name: str
    kind: str
    company: str
    length_m: float
    icing: bool
    key: bool
    geometry: Mapping[str, Any]


@dataclass(frozen=True)
class Spot:
    """易结冰部位。"""

    name: str
    lon: float
    lat: float


@dataclass(frozen=True)
class State:
    """一个路段最近报的状态。"""

    code: str
    at: datetime


@dataclass(frozen=True)
class Task:
    """一件人工清雪任务。"""

    pk: int
    name: str
    lon: float
    lat: float
    due: datetime | None
    done: bool


def streets(codes: Iterable[str] | None = None, *, shapes: bool = False) -> tuple[Street, ...]:
    """Sections of the active network, all or some; their shapes only where they are asked."""
    found = roads.sections()
    if codes is not None:
        found = found.filter(code__in=list(codes))
    if not shapes:
        found = found.defer("geometry")
    return tuple(
        Street(
            one.pk,
            one.code,
            one.name,
            one.kind,
            one.district.label() if one.district else "",
            one.length_m,
            one.icing,
            one.key,
            _geometry(one.geometry) if shapes else {},
        )
        for one in found.order_by("pk")
    )


def streets_count() -> int:
    """How many sections the active network has."""
    return roads.sections().count()


def companies() -> list[str]:
    """What the units are called that answer for sections."""
    return sorted({one.company for one in streets() if one.company})


def _geometry(told: Any) -> Mapping[str, Any]:
    read: Mapping[str, Any] = json.loads(told) if isinstance(told, str) else told
    return read


def spots() -> tuple[Spot, ...]:
    """Places where ice forms first."""
    found = roads.places().filter(icing=True).order_by("pk")
    return tuple(Spot(one.name, one.lon, one.lat) for one in found)


def network_mark() -> str:
    """A cheap mark that changes when another network is active, or a spot was marked anew."""
    active = roads.sections().order_by()
    last = active.aggregate(last=Max("pk"))["last"]
    told = (last, active.filter(icing=True).count(), roads.places().filter(icing=True).count())
    return "-".join(str(one) for one in told)


def states(codes: Iterable[str] | None = None) -> dict[str, State]:
    """The newest state of each section, by its code; all or some."""
    found = SectionState.objects.filter(at__gte=clock.now() - _WINDOW)
    if codes is not None:
        found = found.filter(section__in=list(codes))
    rows = found.order_by("at", "pk").values_list("section", "state", "at")
    return {code: State(state, at) for code, state, at in rows}


def newest_passes(codes: Iterable[str] | None = None) -> dict[str, passes.Newest]:
    """The newest pass of each section within this snowfall; of all or some."""
    return passes.newest_passes(clock.now() - _WINDOW, codes)


def touched(since: datetime, fresh: timedelta) -> set[str]:
    """Sections that look different than at a moment: a state was told, a pass was written, or
    their newest pass has meanwhile become older than `fresh`."""
    now = clock.now()
    found = passes.sections_written(since) | passes.sections_done(since - fresh, now - fresh)
    told = SectionState.objects.filter(created_at__gte=since).order_by()
    found |= set(told.values_list("section", flat=True))
    return found


def vehicles() -> list[LastPosition]:
    """Vehicles on duty, each with its newest position."""
    return list(fleet.latest().order_by("vehicle__number"))


def tasks() -> tuple[Task, ...]:
    """Hand tasks that are open, and those done within the last day."""
    lately = Q(done_at__isnull=True) | Q(done_at__gte=clock.now() - timedelta(days=1))
    found = HandTask.objects.filter(lately).order_by(
        F("done_at").asc(nulls_first=True), F("due_at").asc(nulls_last=True), "pk"
    )
    return tuple(
        Task(one.pk, one.place, one.lon, one.lat, one.due_at, one.done_at is not None)
        for one in found
    )

"""Questions about what was done: passes by section and time, the newest of each, the standing."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Max, QuerySet, Sum

from bihuan.fleet import rules
from bihuan.fleet.models import Pass, Position, Shift
from bihuan.fleet.queries import kept_since_ms, shifts_between
from bihuan.roads.models import Section


class Newest(NamedTuple):
    """The newest pass of a section: when it ended, by what source it is known."""

    section: str
    at: datetime
    source: str


def passes(
    since: datetime, until: datetime, sections: Iterable[str] | None = None
) -> QuerySet[Pass]:
    """作业记录：一段时间里（到 until 为止）结束的，可只问几个路段。"""
    found = Pass.objects.filter(to_at__gte=since, to_at__lte=until)
    if sections is not None:
        found = found.filter(section__in=list(sections))
    return found.select_related("vehicle", "vehicle__company", "by__person", "by__unit")


def newest_passes(since: datetime, sections: Iterable[str] | None = None) -> dict[str, Newest]:
    """每个路段最近的一遍：`since` 以来做过的；可只问几个路段。"""
    found = Pass.objects.filter(to_at__gte=since)
    if sections is not None:
        found = found.filter(section__in=list(sections))
    newest: dict[str, Newest] = {}
    by_source = found.order_by().values_list("section", "source").annotate(at=Max("to_at"))
    for section, source, at in by_source:
        if section not in newest or at > newest[section].at:
            newest[section] = Newest(section, at, source)
    return newest


def pass_totals(since: datetime, until: datetime) -> tuple[int, float]:
    """How many passes ended in a span of time, and the grams that their tracks prove."""
    found = Pass.objects.filter(to_at__gte=since, to_at__lte=until, source="matched")
    grams = found.aggregate(told=Sum("grams"))["told"]
    return Pass.objects.filter(to_at__gte=since, to_at__lte=until).count(), float(grams or 0.0)


def sections_written(since: datetime) -> set[str]:
    """Sections of which a pass was written since a moment, whenever it was driven."""
    found = Pass.objects.filter(created_at__gte=since).order_by()
    return set(found.values_list("section", flat=True).distinct())


def sections_done(since: datetime, until: datetime) -> set[str]:
    """Sections of which a pass ended in a span of time."""
    found = Pass.objects.filter(to_at__gte=since, to_at__lt=until).order_by()
    return set(found.values_list("section", flat=True).distinct())


def standings(ways: Mapping[str, int], since: datetime, until: datetime) -> Mapping[str, str]:
    """证明到哪一步：每个路段在一段时间里是有轨迹为证、只有报告、做了一部分、无法证明，还是没有做。"""
    known: dict[str, list[rules.Done]] = {}
    rows = passes(since, until).values_list("section", "share", "source", "direction", "to_at")
    for section, share, source, direction, to_at in rows:
        done = rules.Done(share, source, direction, rules.milliseconds(to_at))
        known.setdefault(section, []).append(done)
    return rules.standings(ways, known, holes=bool(holes(since, until)))


def holes(since: datetime, until: datetime) -> list[rules.Hole]:
    """When vehicles on duty were not heard. What was deleted counts as not heard: it cannot be
    looked at again, unless its shift was matched as a whole while it was there."""
    found: list[rules.Hole] = []
    for shift in shifts_between(since, until):
        from_ms = rules.milliseconds(max(since, shift.starts_at))
        until_ms = rules.milliseconds(min(until, shift.ends_at or until))
        found += [rules.Hole(shift.vehicle_id, *span) for span in _known(shift, from_ms, until_ms)]
    return found


def _known(shift: Shift, from_ms: int, until_ms: int) -> list[tuple[int, int]]:
    heard = Position.objects.filter(
        vehicle=shift.vehicle_id, at_ms__gte=from_ms, at_ms__lte=until_ms
    ).order_by("at_ms")
    times = list(heard.values_list("at_ms", flat=True))
    if not times and shift.holes is not None:
        spans = [(max(a, from_ms), min(b, until_ms)) for a, b in shift.holes]
        return [(a, b) for a, b in spans if a < b]
    return [
        (one.from_ms, one.until_ms)
        for one in rules.holes(shift.vehicle_id, times, from_ms, until_ms)
    ]


def to_match(before: datetime) -> QuerySet[Shift]:
    """Shifts with positions that were not matched yet, oldest first."""
    return (
        Shift.objects.filter(starts_at__lt=before, matched_at__isnull=True)
        .select_related("vehicle")
        .order_by("starts_at")
    )


def track_of(shift: Shift, until: datetime) -> list[Position]:
    """Every position of a shift that is still kept."""
    from_ms = rules.milliseconds(shift.starts_at)
    until_ms = rules.milliseconds(min(shift.ends_at or until, until))
    found = Position.objects.filter(
        vehicle=shift.vehicle_id, at_ms__gte=from_ms, at_ms__lte=until_ms
    )
    return list(found.order_by("at_ms"))


def heard(vehicles: Iterable[int], since: datetime, until: datetime) -> list[tuple[Any, ...]]:
    """What devices of several vehicles sent in a span, of all that is still kept: vehicle, ms since
    1970, lon, lat, ploughing, spreading, rate."""
    found = Position.objects.filter(
        vehicle__in=list(vehicles), at_ms__lte=rules.milliseconds(until),
        at_ms__gte=max(rules.milliseconds(since), kept_since_ms()),
    )  # fmt: skip
    fields = ("vehicle_id", "at_ms", "lon", "lat", "ploughing", "spreading", "rate")
    return list(found.order_by("vehicle_id", "at_ms").values_list(*fields))


def section_names(codes: Iterable[str]) -> dict[str, str]:
    """What sections are called, by their codes; those that no network ever had are left out."""
    found = Section.objects.filter(code__in=list(codes)).order_by("pk")
    return dict(found.values_list("code", "name"))

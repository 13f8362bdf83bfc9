"""What was promised of each section of an event, and how it was kept."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bihuan.base import clock
from bihuan.fleet.queries import passes as fleet
from bihuan.roads import queries as road_queries
from bihuan.snow.bridge import sections as bridge
from bihuan.snow.models import Storm
from bihuan.snow.queries import tables
from bihuan.snow.rules import promises as rules


def limits() -> dict[str, int]:
    """Hours after the snow stopped within which each class of road is to be clear."""
    return {str(one["code"]): int(one["hours"]) for one in tables.table("promises")}


def since(storm: Storm) -> datetime:
    """From when the promised hours run: from when it stopped snowing, else from the start."""
    return storm.snow_stopped_at or storm.started_at


def owed(storm: Storm) -> list[rules.Owed]:
    """Every section of a class that was promised, with the moment by which it was to be clear."""
    hours, start = limits(), since(storm)
    return [
        rules.Owed(
            one.code, one.name, one.kind, one.length_m,
            one.district.code if one.district else "",
            start + timedelta(hours=hours[one.kind]),
        )
        for one in road_queries.sections()
        if one.kind in hours
    ]  # fmt: skip


def kept(storm: Storm, found: Iterable[rules.Owed] | None = None) -> list[rules.Kept]:
    """How each promise stands: by what is known of the section at its hour."""
    every = list(owed(storm) if found is None else found)
    network = road_queries.network()
    known = {} if network is None else bridge.ways(network)
    begin = since(storm)
    standing: dict[str, str] = {}
    for due in {one.due for one in every if one.due is not None}:
        parts = {one.code: known.get(one.code, 1) for one in every if one.due == due}
        standing |= fleet.standings(parts, begin, max(begin, min(due, clock.now())))
    done = _done_after(every, storm)
    return [
        rules.Kept(one, rules.outcome(standing[one.code]), done.get(one.code) if one.due else None)
        for one in every
    ]


def _done_after(found: Iterable[rules.Owed], storm: Storm) -> dict[str, timedelta]:
    """How long after its hour a section was first driven."""
    dues = {one.code: one.due for one in found if one.due is not None}
    until = storm.ended_at or clock.now()
    rows = fleet.passes(since(storm), until).order_by("to_at")
    late: dict[str, timedelta] = {}
    for code, at in rows.values_list("section", "to_at"):
        due = dues.get(code)
        if due is not None and at > due and code not in late:
            late[code] = at - due
    return late

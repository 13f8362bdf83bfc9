"""What was heard on the way, for the planner: points and reports as facts, facts as plain data.

A plan keeps of a vehicle only where it was when the plan was made anew, as a street or a yard, and
which of its own tasks were done: no point, no track.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bihuan.engines.routing import matching
from bihuan.engines.routing.matching import Tracks
from bihuan.engines.routing.network import Network
from bihuan.engines.routing.plan.demand import Demand
from bihuan.engines.routing.plan.facts.gather import facts
from bihuan.engines.routing.plan.facts.record import Done, Facts, Said, Seen
from bihuan.engines.routing.plan.legs import CityPlan
from bihuan.fleet.bridge import laid, signal

LEAD_S = 120.0
_ALONG = {"along": 0, "against": 1}


@dataclass(frozen=True)
class Heard:
    """听到的：各车的定位点（秒从出车令起算，车为方案中的序号），队伍报告做完的路段。"""

    # vehicle, seconds, lon, lat (WGS-84), ploughing, spreading, g/m²
    points: Sequence[tuple[int, float, float, float, bool | None, bool | None, float | None]] = ()
    reports: Sequence[tuple[str, str, float]] = ()  # code of a section, direction, seconds


def found(
    plan: CityPlan, heard: Heard, earlier: Mapping[int, Seen], broken: Sequence[int], now_s: float
) -> Facts:
    """The facts of a running plan."""
    network = plan.scenario.network
    # What was known before is not matched again; a little of it, so that a track has a beginning.
    since = {v: one.free_s - LEAD_S for v, one in earlier.items()}
    told = _tracks(plan, [one for one in heard.points if one[1] >= since.get(one[0], 0.0)])
    if not told.points:  # nobody to be matched; a report may have come all the same
        matched = matching.nothing(told)
    else:
        matched = matching.match(laid(network).cells, told)
    said = [Said(arcs, at_s) for code, way, at_s in heard.reports
            if (arcs := _arcs(network, code, way))]  # fmt: skip
    return facts(
        plan, told, matched, now_s=now_s, said=said, earlier=earlier, broken=broken
    )  # fmt: skip


def _tracks(plan: CityPlan, points: Sequence[tuple[Any, ...]]) -> Tracks:
    vehicle, t, lon, lat, plough, spread, rate = zip(*points, strict=True) if points else [()] * 7
    return matching.tracks(
        tuple(name for _group, name in plan.scenario.vehicles),
        list(vehicle), list(t), list(lon), list(lat),
        plough=signal(plough), spread=signal(spread),
        rate_g_m2=np.array([np.nan if one is None else one for one in rate], dtype=np.float64),
        datum="wgs84",
    )  # fmt: skip


def _arcs(network: Network, code: str, direction: str) -> tuple[int, ...]:
    """The arcs of a section, or of one of its directions; none where the network has it not."""
    at = network.places.get(code)
    if at is None:
        return ()
    arcs = network.sections[at].arcs
    if direction not in _ALONG:
        return tuple(arcs)
    ways = laid(network).ways
    mine = np.flatnonzero((ways.section == at) & (ways.against == _ALONG[direction]))
    return tuple(arc for arc in arcs if int(ways.of[arc]) in set(mine.tolist()))


# Facts, kept and restored -------------------------------------------------------------------------


def plain(whole: Demand, seen: Iterable[Seen]) -> list[dict[str, Any]]:
    """Facts as plain data: of what was done which task on which run, when."""
    return [
        {
            "vehicle": one.vehicle, "at_s": one.at_s, "arc": one.arc, "yard": one.yard,
            "free_s": one.free_s, "load_kg": one.load_kg, "m": one.m,
            "done": [
                [each.task, int(whole.runs.of[each.arcs[0]]), each.from_s, each.to_s]
                for each in one.done
            ],
        }
        for one in seen
    ]  # fmt: skip


def restored(whole: Demand, events: Iterable[Mapping[str, Any]]) -> dict[int, Seen]:
    """What is known of each vehicle after all that happened: the newest of each."""
    out: dict[int, Seen] = {}
    for event in events:
        for one in event.get("seen", ()):
            done = tuple(_done(whole, *each) for each in one["done"])
            out[one["vehicle"]] = Seen(**{**one, "done": done})
    return out


def _done(whole: Demand, task: int, run: int, from_s: float, to_s: float) -> Done:
    arcs = tuple(whole.runs.along(run).tolist())
    metres = float(whole.runs.length_m[run])
    return Done(task, arcs, from_s, to_s, metres, whole.tasks[task].load_kg)

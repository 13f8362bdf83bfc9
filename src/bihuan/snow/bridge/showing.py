"""A plan for eyes and hands: stretches of streets in the order in which a vehicle drives them.

The same stretches stand on the map and on the driver's sheet, so that both say the same.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from bihuan.engines.routing.network import Network
from bihuan.engines.routing.plan.driver import Leg
from bihuan.engines.routing.plan.legs import Tour
from bihuan.snow.bridge.plan import Sheets

EIGHT = ("n", "ne", "e", "se", "s", "sw", "w", "nw")


@dataclass(frozen=True)
class Stretch:
    """一段：行驶、作业、补料或等待；走哪条路，往哪边，第几遍，几时到几时，多少公里、千克。"""

    kind: str
    from_s: float
    to_s: float
    street: str = ""
    towards: str = ""  # one of EIGHT, or nothing for what turns
    nth: int = 0  # the how-manieth time this vehicle works here this way
    m: float = 0.0
    kg: float = 0.0
    yard: int = -1
    arcs: tuple[int, ...] = ()


def tour_of(plan: Sheets, vehicle: int) -> Tour | None:
    """The tour of one vehicle, by its place in the plan."""
    return next((one for one in plan.tours if one.vehicle == vehicle), None)


def stretches(network: Network, tour: Tour) -> list[Stretch]:
    """A tour street by street."""
    pieces = list(_pieces(network, tour))
    out: list[Stretch] = []
    for _key, same in groupby(pieces, key=lambda one: (one.kind, one.street, one.towards, one.nth)):
        many = list(same)
        out.append(
            Stretch(
                many[0].kind, many[0].from_s, many[-1].to_s, many[0].street, many[0].towards,
                many[0].nth, sum(one.m for one in many), sum(one.kg for one in many),
                many[0].yard, tuple(arc for one in many for arc in one.arcs),
            )
        )  # fmt: skip
    return out


def _pieces(network: Network, tour: Tour) -> Iterator[Stretch]:
    times: dict[int, int] = {}
    for leg in tour.stops:
        if not leg.arcs:
            if leg.kind == "move":  # only a turn: nothing that a driver has to be told
                continue
            yield Stretch(leg.kind, leg.from_s, leg.to_s, kg=leg.kg, yard=leg.yard)
            continue
        if leg.kind == "serve":
            for arc in leg.arcs:
                times[arc] = times.get(arc, 0) + 1
        yield from _streets(network, leg, times)


def _streets(network: Network, leg: Leg, times: Mapping[int, int]) -> Iterator[Stretch]:
    """A leg cut where the street's name changes; hours and kilograms by length."""
    done, whole = 0.0, max(leg.m, 1e-9)
    for name, same in groupby(leg.arcs, key=lambda arc: int(network.name[arc])):
        arcs = tuple(same)
        metres = float(network.length_m[list(arcs)].sum())
        begin, done = done, done + metres
        span = leg.to_s - leg.from_s
        work = leg.kind == "serve"
        yield Stretch(
            leg.kind, leg.from_s + span * begin / whole, leg.from_s + span * min(done / whole, 1.0),
            network.names[name], _towards(network, arcs), times[arcs[0]] if work else 0,
            metres if leg.kind != "seen" else 0.0,  # a place, not a way
            leg.kg * metres / whole if work else 0.0, arcs=arcs,
        )  # fmt: skip


def _towards(network: Network, arcs: tuple[int, ...]) -> str:
    """Whither these arcs lead as a whole."""
    tail, head = int(network.arc_tail[arcs[0]]), int(network.arc_head[arcs[-1]])
    north = float(network.node_lat[head] - network.node_lat[tail])
    scale = math.cos(math.radians(float(network.node_lat[tail])))
    east = float(network.node_lon[head] - network.node_lon[tail]) * scale
    if abs(north) + abs(east) < 1e-7:
        return ""
    return EIGHT[round(math.degrees(math.atan2(east, north)) / 45) % 8]


def line(network: Network, arcs: tuple[int, ...]) -> list[list[float]]:
    """The shape of arcs that follow on each other, to a metre."""
    out: list[list[float]] = []
    for arc in arcs:
        lon, lat = network.geometry(arc)
        points = [[round(x, 5), round(y, 5)] for x, y in zip(lon, lat, strict=True)]
        out += points if not out else points[1:]
    return out


def totals(tours: Iterable[Tour]) -> list[dict[str, Any]]:
    """One row a vehicle that has a tour: when it leaves and is back, kilometres, kilograms."""
    return [
        {
            "vehicle": tour.vehicle,
            "leaves_s": tour.stops[0].from_s,
            "cleared_s": tour.cleared_s,
            "back_s": tour.back_s,
            "km": tour.m / 1000,
            "served_km": tour.served_m / 1000,
            "kg": tour.kg,
            "refills": sum(leg.kind == "refill" for leg in tour.stops),
        }
        for tour in tours
        if tour.stops
    ]

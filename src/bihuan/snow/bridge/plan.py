"""To the planner: plain inputs become a scenario, a plan becomes plain tours, and back again.

What is kept is what was asked (hours, kilograms, places) and which arcs each vehicle drives when.
Nothing here reads a table of the house: services gather, pages show.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bihuan.engines.routing.faults import Fault, Unfit
from bihuan.engines.routing.network import KINDS, Network
from bihuan.engines.routing.plan.demand import Demand, demand
from bihuan.engines.routing.plan.driver import Leg
from bihuan.engines.routing.plan.legs import CityPlan, Tour
from bihuan.engines.routing.plan.live import Event, demanded
from bihuan.engines.routing.plan.scenario import (
    Amounts,
    ClassRule,
    Group,
    Repeat,
    Scenario,
    VehicleType,
    Yard,
)
from bihuan.engines.routing.turns import TurnRules
from bihuan.snow.rules.plan import FAR_M, SPOT_M

VERSION = "plan/1"
__all__ = ["VERSION", "Fault", "Unfit", "far", "faults", "restored", "scenario", "tours_of"]

Inputs = Mapping[str, Any]


def far(network: Network, places: Sequence[tuple[float, float]]) -> list[bool]:
    """Which of these places no street is near to."""
    if not places:
        return []
    at = np.array(places, dtype=float)
    _node, away = network.nearest_nodes(at[:, 0], at[:, 1])
    return [not metres <= FAR_M for metres in away.tolist()]


def faults(network: Network, inputs: Inputs) -> tuple[Fault, ...]:
    """All that keeps these inputs from being planned; empty where they can be."""
    try:
        demand(scenario(network, inputs))
    except Unfit as unfit:
        return unfit.faults
    return ()


def scenario(network: Network, inputs: Inputs, type_names: Sequence[str] = ()) -> Scenario:
    """What is asked, as the engine asks for it; one group for each vehicle."""
    types = tuple(_type(at, one, type_names) for at, one in enumerate(inputs["types"]))
    yards = tuple(
        Yard(one["name"], one["lon"], one["lat"], one["refill"], one["refill_s"], one["company"])
        for one in inputs["yards"]
    )
    groups = tuple(
        Group(
            yards[one["yard"]].name, types[one["type"]].name, 1, one["opens_s"], one["shuts_s"]
        )
        for one in inputs["vehicles"]
    )  # fmt: skip
    repeat = inputs.get("repeat")
    return Scenario(
        lifted(network, inputs),
        tuple(ClassRule(**one) for one in inputs["classes"]),
        types,
        yards,
        groups,
        inputs["title"],
        float(inputs["temperature"]),
        inputs["precipitation"],
        Amounts(((-1000.0, "", float(inputs["grams_m2"])),)),
        inputs["lane_m"],
        inputs["longest_m"],
        Repeat(repeat["every_s"], repeat["until_s"]) if repeat else None,
        closed_arcs(network, inputs["closed"]),
    )


def _type(at: int, one: Inputs, names: Sequence[str]) -> VehicleType:
    turns = TurnRules(u_turn_banned=not one["u_turn"])
    return VehicleType(
        names[at] if names else one["name"],
        tuple(one["does"]), one["work_kmh"], one["drive_kmh"], one["capacity_kg"], (), turns,
    )  # fmt: skip


def closed_arcs(network: Network, codes: Sequence[str]) -> tuple[int, ...]:
    """The arcs of sections by their codes; a code that the network does not know is passed over."""
    known = (network.places[code] for code in codes if code in network.places)
    return tuple(sorted({arc for at in known for arc in network.sections[at].arcs}))


def lifted(network: Network, inputs: Inputs) -> Network:
    """Sections where ice forms as streets of the class that is promised first, where so asked."""
    if not inputs["icing"]:
        return network
    soonest = min(inputs["classes"], key=lambda one: one["promise_s"])["kind"]
    arcs = icy(network, inputs)
    wanted = np.isin(network.kind, [KINDS.index(one["kind"]) for one in inputs["classes"]])
    kind = network.kind.copy()
    kind[arcs[wanted[arcs]]] = KINDS.index(soonest)
    return replace(network, kind=kind)


def icy(network: Network, inputs: Inputs) -> Any:
    """Arcs of sections that are marked as icing, and of those that lie at such a place."""
    sections = {network.places[code] for code in inputs["icing_codes"] if code in network.places}
    spots = np.array(inputs["icing_spots"], dtype=float).reshape(-1, 2)
    if len(spots):
        nodes, away = network.nearest_nodes(spots[:, 0], spots[:, 1])
        for node in nodes[away <= SPOT_M].tolist():
            leaving = network.out_arcs[network.out_start[node] : network.out_start[node + 1]]
            sections |= set(network.section[leaving].tolist())
    return np.flatnonzero(np.isin(network.section, sorted(sections)))


# Tours, kept and restored -------------------------------------------------------------------------


def tours_of(tours: Sequence[Tour]) -> list[dict[str, Any]]:
    """Tours as plain data: of each leg what it is, when, over which arcs, with how much."""
    return [
        {
            "vehicle": tour.vehicle,
            "stops": [
                [leg.kind, leg.from_s, leg.to_s, list(leg.arcs), leg.m, leg.task, leg.yard, leg.kg]
                for leg in tour.stops
            ],
        }
        for tour in tours
        if tour.stops
    ]


@dataclass(frozen=True, eq=False)
class Sheets:
    """A plan for reading: its scenario and tours, by the numbers of the vehicles."""

    scenario: Scenario
    tours: tuple[Tour, ...]


def read(
    network: Network,
    inputs: Inputs,
    kept: Sequence[Mapping[str, Any]],
    *,
    type_names: Sequence[str] = (),
    title: str = "",
) -> Sheets:
    """The tours that were kept, without the work behind them."""
    found = scenario(network, {**inputs, "title": title or inputs["title"]}, type_names)
    return Sheets(found, _tours(inputs, kept))


def restored(network: Network, inputs: Inputs, kept: Mapping[str, Any]) -> CityPlan:
    """The plan as it was made, ready to be planned anew; `kept` has `tours` and `left`."""
    whole = work(network, inputs)
    return CityPlan(whole, _tours(inputs, kept["tours"]), tuple(kept["left"]))


def work(network: Network, inputs: Inputs) -> Demand:
    """All that is to be done, after every event that the plan has been through."""
    whole = demand(scenario(network, inputs))
    for one in inputs.get("events", ()):
        whole = demanded(whole, event(network, one), one["now_s"])
    return whole


def event(network: Network, one: Mapping[str, Any]) -> Event:
    """What has happened, as the engine takes it."""
    return Event(
        tuple(one["breakdowns"]),
        tuple((at, s) for at, s in one["late"]),
        closed_arcs(network, one["closed"]),
        tuple(one["first"]),
        one["first_by_s"],
        tuple(one["again"]),
        tuple(one.get("reported", ())),
    )


def _tours(inputs: Inputs, kept: Sequence[Mapping[str, Any]]) -> tuple[Tour, ...]:
    vehicles = inputs["vehicles"]
    return tuple(
        Tour(
            one["vehicle"],
            vehicles[one["vehicle"]]["number"],
            vehicles[one["vehicle"]]["type"],
            vehicles[one["vehicle"]]["yard"],
            tuple(
                Leg(kind, from_s, to_s, tuple(arcs), m, task, yard, kg)
                for kind, from_s, to_s, arcs, m, task, yard, kg in one["stops"]
            ),
        )
        for one in kept
    )

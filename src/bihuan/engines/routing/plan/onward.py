"""Driving on (续行): from where a vehicle is, with what it carries, over the tasks it has left."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bihuan.engines.routing.network import Floats, Ints
from bihuan.engines.routing.paths import Roads, arcs_to_node, between_arcs, node_to_arcs
from bihuan.engines.routing.plan.demand import Demand
from bihuan.engines.routing.plan.driver import Driver, Hops, place
from bihuan.engines.routing.plan.legs import CityPlan, Tour

Hop = tuple[float, tuple[int, ...]]


def every_tour(plan: CityPlan) -> list[Tour]:
    """A tour for every vehicle of the fleet, empty where it has none."""
    scenario = plan.scenario
    have = {tour.vehicle: tour for tour in plan.tours}
    types, yards = [t.name for t in scenario.types], [y.name for y in scenario.yards]
    out = []
    for at, (group, name) in enumerate(scenario.vehicles):
        own = scenario.groups[group]
        empty = Tour(at, name, types.index(own.type), yards.index(own.yard), ())
        out.append(have.get(at, empty))
    return out


def graphs(whole: Demand, closed: Sequence[int]) -> list[Roads]:
    """The drivable graph of each type, with what is shut now shut."""
    return [
        whole.graph(kind).closed(list(closed)) if closed else whole.graph(kind)
        for kind in whole.scenario.types
    ]


def standing(whole: Demand, tour: Tour) -> Driver:
    """Where a vehicle is after the legs it has begun, and what it still carries."""
    own = whole.scenario.groups[whole.scenario.vehicles[tour.vehicle][0]]
    driver = Driver(
        whole, whole.scenario.types[tour.type], tour.yard, own.opens_s, own.filled_kg
    )  # fmt: skip
    driver.follow(tour.stops)
    return driver


def reach(graph: Roads, state: Driver, first: Ints) -> Floats:
    """(n,) seconds from where it is to the beginning of these arcs."""
    if state.arc >= 0:
        found: Floats = between_arcs(graph, [state.arc], first)[0]
    else:
        found = node_to_arcs(graph, [state.node], first)[0]
    return found


def to_places(graph: Roads, state: Driver, nodes: Ints) -> Floats:
    """(n,) seconds from where it is to these junctions."""
    if state.arc >= 0:
        found: Floats = arcs_to_node(graph, [state.arc], nodes)[0]
        return found
    out = graph.network.out_arcs[
        graph.network.out_start[state.node] : graph.network.out_start[state.node + 1]
    ]
    away: Floats = (arcs_to_node(graph, out, nodes) + graph.cost[out][:, None]).min(axis=0)
    return np.where(nodes == state.node, 0.0, away)


def hops(plan: CityPlan, closed: Sequence[int] = ()) -> dict[int, dict[tuple[int, int], Hop]]:
    """The ways that a plan drives, by type of vehicle: most of a new plan goes them again."""
    whole, shut = plan.demand, set(closed)
    out: dict[int, dict[tuple[int, int], Hop]] = {}
    for tour in plan.tours:
        mine = out.setdefault(tour.type, {})
        at = place(-1, int(whole.nodes[tour.yard]))
        seconds, arcs = 0.0, tuple[int, ...]()
        for leg in tour.stops:
            if leg.kind == "move":
                seconds, arcs = seconds + leg.to_s - leg.from_s, arcs + leg.arcs
                continue
            if leg.kind == "wait":
                continue
            there = place(-1, int(whole.nodes[leg.yard]))
            if leg.kind in ("serve", "refill") and not shut & set(arcs):
                mine[at, there if leg.kind == "refill" else leg.arcs[0]] = (seconds, arcs)
            at = leg.arcs[-1] if leg.arcs else there
            seconds, arcs = 0.0, ()
        if arcs and not shut & set(arcs):
            mine[at, place(-1, int(whole.nodes[tour.yard]))] = (seconds, arcs)
    return out


def go_on(
    whole: Demand,
    tour: Tour,
    graph: Roads,
    ahead: Sequence[tuple[int, int]],
    begin_s: float,
    known: Hops | None = None,
) -> Tour:
    """The legs it has begun, then new ones from `begin_s` on. `ahead`: tasks, each with its run."""
    driver = standing(whole, tour)
    driver.graph, driver.hops = graph, known or {}
    driver.wait(begin_s)
    for task, run in ahead:
        if driver.load < whole.tasks[task].load_kg - 1e-9:
            driver.refill(_nearest(whole, driver, run))
        driver.serve(run, task)
    driver.home()
    return replace(tour, stops=(*tour.stops, *driver.legs))


def _nearest(whole: Demand, driver: Driver, run: int) -> int:
    """The refill place on the cheapest way to a run."""
    nodes = whole.nodes[list(whole.refills)]
    there = to_places(driver.graph, driver, nodes)
    onward = node_to_arcs(driver.graph, nodes, [int(whole.runs.along(run)[0])])[:, 0]
    return int(whole.refills[int(np.argmin(there + onward))])

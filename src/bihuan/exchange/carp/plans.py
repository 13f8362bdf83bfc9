"""Solved benchmark instances as JSON: routes as edges served in a direction."""

import json
from collections.abc import Mapping
from typing import Any

from bihuan.engines.routing.carp import Carp, CarpPlan, Service
from bihuan.engines.routing.faults import Fault, Unfit
from bihuan.engines.routing.gritting import GritPlan, Gritting, Step, Trip


def carp_json(carp: Carp, plan: CarpPlan, bound: float, seed: int) -> str:
    """The plan with its cost, the lower bound and the gap."""
    table = {
        "instance": carp.name,
        "cost": plan.cost,
        "lower_bound": bound,
        "gap_percent": round((plan.cost / bound - 1) * 100, 3) if bound > 0 else None,
        "seed": seed,
        "seconds": round(plan.seconds, 2),
        "rounds": plan.rounds,
        "routes": [[[one.u, one.v] for one in route] for route in plan.routes],
    }
    return json.dumps(table, ensure_ascii=False, indent=1)


def carp_routes(content: bytes) -> tuple[tuple[Service, ...], ...]:
    """The routes of a plan; Unfit where they cannot be read."""
    table = _json(content)
    try:
        return tuple(tuple(Service(int(u), int(v)) for u, v in route) for route in table["routes"])
    except (KeyError, TypeError, ValueError):
        raise Unfit([Fault("carp_plan")]) from None


def grit_json(given: Gritting, plan: GritPlan, seed: int) -> str:
    """Every truck's way, node by node."""
    table = {
        "instance": given.name,
        "m": plan.m,
        "ends_home": given.ends_home,
        "left": [[given.links[at].u, given.links[at].v] for at in plan.left],
        "seed": seed,
        "seconds": round(plan.seconds, 2),
        "rounds": plan.rounds,
        "trips": [
            {
                "truck": trip.truck,
                "steps": [[s.u, s.v, s.link, s.serve] for s in trip.steps],
                "refill_before": list(trip.refill_before),
            }
            for trip in plan.trips
        ],
    }
    return json.dumps(table, ensure_ascii=False)


def grit_trips(content: bytes) -> tuple[tuple[Trip, ...], bool]:
    """The trips of a plan, and whether they end at home."""
    table = _json(content)
    try:
        trips = tuple(
            Trip(
                str(row["truck"]),
                tuple(Step(str(u), str(v), int(k), bool(s)) for u, v, k, s in row["steps"]),
                tuple(int(one) for one in row["refill_before"]),
            )
            for row in table["trips"]
        )
    except (KeyError, TypeError, ValueError):
        raise Unfit([Fault("carp_plan")]) from None
    return trips, bool(table.get("ends_home", True))


def _json(content: bytes) -> Mapping[str, Any]:
    try:
        table = json.loads(content)
    except ValueError:
        raise Unfit([Fault("carp_plan")]) from None
    if not isinstance(table, Mapping):
        raise Unfit([Fault("carp_plan")])
    return table

"""重演：the clearing of an event planned again, as it was and as it might have been.

The planner of the clearing plans makes every variant, on the same streets with the same promises,
rounds and seed; the judge counts each. A plan of one variant that may be driven in another (a
vehicle that leaves earlier can wait) stands as a candidate there too, so that more vehicles or an
earlier start never look worse by the luck of a search. It is a plan, not what was driven; the page
says so beside it.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bihuan.engines.routing.faults import Fault, Unfit, refuse
from bihuan.engines.routing.network import KINDS, Network
from bihuan.engines.routing.plan.check import check
from bihuan.engines.routing.plan.city import plan_city
from bihuan.engines.routing.plan.legs import CityPlan, Tour
from bihuan.engines.routing.plan.planner import Aim
from bihuan.engines.routing.plan.scenario import (
    Amounts,
    ClassRule,
    Group,
    Scenario,
    VehicleType,
    Yard,
)
from bihuan.engines.routing.whatif import Judged
from bihuan.snow.bridge.warm import warmed

VERSION = "replay/2"
__all__ = ["VERSION", "Unfit", "Vehicle", "replayed"]
ROUNDS = 4000
LONGEST_M = 1500.0
WORK_KMH, DRIVE_KMH = 18.0, 35.0  # [P] while clearing, while only driving
LOADING_S = 900.0  # [P] at a depot
ENDLESS_KG = 1e9  # of a plough, which carries no de-icer


@dataclass(frozen=True)
class Vehicle:
    """一台车：从哪里、第几秒出发，干到第几秒；带多少融雪剂（克，0 为不撒布的）。"""

    name: str
    lon: float
    lat: float
    start_s: float
    until_s: float
    capacity_g: float = 0.0


Crew = Sequence[Vehicle]


def replayed(
    network: Network,
    *,
    hours: Mapping[str, float],
    from_s: float,
    base: Crew,
    variants: Sequence[tuple[str, Crew]],
    grams_m: float,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> dict[str, Any]:
    """重演：each variant beside the base, as plain data.

    `hours` of each class count from second `from_s`; `grams_m` is the de-icer of a metre.
    """
    refuse(_faults(network, hours, base, variants))
    warmed()
    asked: list[tuple[str, Crew]] = [("", base), *variants]
    found: list[CityPlan] = []
    for _label, crew in asked:
        scenario = _scenario(network, hours, from_s, crew, grams_m)
        found.append(plan_city(scenario, Aim(rounds=ROUNDS, seed=seed)))
        if progress is not None:
            progress(len(found), len(asked))
        if stop is not None and stop():
            break
    best = [_best(at, found, asked) for at in range(len(found))]
    first = best[0][1]
    answer = min(range(len(best)), key=lambda at: (best[at][1].order, at))
    return {
        "version": VERSION,
        "digest": network.digest,
        "runs": len(found[0].demand.runs),
        "answer": answer,
        "stopped": len(found) < len(asked),
        "rows": [
            _row(label, crew, plan, judged, first)
            for (label, crew), (plan, judged) in zip(asked, best, strict=False)
        ],
    }


def _faults(
    network: Network, hours: Mapping[str, float], base: Crew, variants: Sequence[tuple[str, Crew]]
) -> Iterable[Fault]:
    if not base or not all(many for _label, many in variants):
        yield Fault("replay_no_vehicle")
    if not any(KINDS[int(kind)] in hours for kind in np.unique(network.kind)):
        yield Fault("replay_no_promise")
    for one in [*base, *(one for _label, many in variants for one in many)]:
        if one.until_s <= one.start_s:
            yield Fault("replay_shift", {"name": one.name})
            return


def _scenario(
    network: Network, hours: Mapping[str, float], from_s: float, crew: Crew, grams_m: float
) -> Scenario:
    """Every promised street once in each direction, by whoever was out; each from its own yard."""
    kilos = {one.capacity_g / 1000 if one.capacity_g else ENDLESS_KG for one in crew}
    longest = max(hours.values())
    return Scenario(
        network,
        tuple(
            ClassRule(kind, "direction", from_s + limit * 3600.0, 0, longest / limit)
            for kind, limit in hours.items()
        ),
        tuple(
            VehicleType(f"{kg:g}", ("plough", "spread"), WORK_KMH, DRIVE_KMH, kg)
            for kg in sorted(kilos)
        ),
        tuple(Yard(one.name, one.lon, one.lat, True, LOADING_S) for one in crew),
        tuple(
            Group(one.name, f"{(one.capacity_g / 1000 if one.capacity_g else ENDLESS_KG):g}", 1,
                  one.start_s, one.until_s)
            for one in crew
        ),
        amounts=Amounts(((-1000.0, "", grams_m),)),
        lane_m=1.0,
        longest_m=LONGEST_M,
    )  # fmt: skip


def _best(
    at: int, found: Sequence[CityPlan], asked: Sequence[tuple[str, Crew]]
) -> tuple[CityPlan, Judged]:
    """The best of all plans that may be driven in this variant, counted by the judge."""
    mine = found[at]
    places = {one.name: n for n, one in enumerate(asked[at][1])}
    candidates = [mine]
    for plan, (_label, crew) in zip(found, asked, strict=False):
        moved = None if plan is mine else _moved(plan, crew, places)
        if moved is not None:
            candidates.append(replace(plan, demand=mine.demand, tours=moved))
    judged = []
    for n, plan in enumerate(candidates):
        verdict = check(mine.scenario, plan, mine.demand.passes)
        if n == 0 or not verdict.faults:
            judged.append((verdict.judged.order, n, plan, verdict.judged))
    _order, _n, plan, told = min(judged, key=lambda one: one[:2])
    return plan, told


def _moved(plan: CityPlan, crew: Crew, places: Mapping[str, int]) -> tuple[Tour, ...] | None:
    """Tours of one crew for another, by the names of vehicles and yards; none where one lacks."""
    out = [tour for tour in plan.tours if tour.stops]
    used = {crew[tour.vehicle].name for tour in out}
    used |= {crew[leg.yard].name for tour in out for leg in tour.stops if leg.kind == "refill"}
    if not used <= set(places):
        return None
    return tuple(
        replace(
            tour,
            vehicle=places[crew[tour.vehicle].name],
            stops=tuple(
                replace(leg, yard=places[crew[leg.yard].name]) if leg.kind == "refill" else leg
                for leg in tour.stops
            ),
        )
        for tour in out
    )


def _row(label: str, crew: Crew, plan: CityPlan, told: Judged, first: Judged) -> dict[str, Any]:
    clear = {kind: s for kind, s in told.clear_s.items() if math.isfinite(s)}
    return {
        "label": label,
        "vehicles": told.vehicles,
        "clear_h": {kind: round(s / 3600, 2) for kind, s in clear.items()},
        "gain_h": {
            kind: round((first.clear_s[kind] - s) / 3600, 2)
            for kind, s in clear.items()
            if math.isfinite(first.clear_s.get(kind, math.inf))
        },
        "late": dict(told.late),
        "km": round(told.km, 1),
        # What a plough carries is nothing.
        "deicer_kg": round(sum(t.kg for t in plan.tours if crew[t.vehicle].capacity_g)),
        "undone": told.undone,
    }

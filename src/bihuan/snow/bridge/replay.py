"""重演：the clearing of an event planned again by the engine, as it was and as it might have been.

Both plans come from the same planner on the same streets with the same promises, so that they
differ by what was asked alone: which vehicle starts when, and how many there are. It is a plan, not
what was driven; the page says so beside it. Streets are joined into runs; every run of a promised
class is to be done once in each direction (engines.routing.replan, started from an empty plan).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bihuan.engines.routing import paths, replan, whatif
from bihuan.engines.routing.faults import Fault, Unfit, refuse
from bihuan.engines.routing.network import KINDS, Floats, Network
from bihuan.engines.routing.runs import Runs, runs
from bihuan.engines.routing.turns import TurnRules

VERSION = "replay/1"
__all__ = ["MOST_RUNS", "VERSION", "Unfit", "Vehicle", "replayed"]
MOST_RUNS = 2500  # the table between them grows with the square
LONGEST_M = 1500.0
WORK_KMH, DRIVE_KMH = 18.0, 35.0  # [P] while clearing, while only driving
LOADING_S = 900.0  # [P] at a depot
ENDLESS_G = 1e12  # of a plough, which carries no de-icer


@dataclass(frozen=True)
class Vehicle:
    """一台车：从哪里、第几秒出发，干到第几秒；带多少融雪剂（克，0 为不撒布的）。"""

    name: str
    lon: float
    lat: float
    start_s: float
    until_s: float
    capacity_g: float = 0.0


@dataclass(frozen=True, eq=False)
class _Laid:
    """The streets as tasks, with everything that does not depend on the vehicles."""

    network: Network
    tasks: replan.Tasks
    work: Runs
    roads: paths.Roads
    first: Any
    depots: Any


def replayed(
    network: Network,
    *,
    hours: Mapping[str, float],
    from_s: float,
    base: Sequence[Vehicle],
    variants: Sequence[tuple[str, Sequence[Vehicle]]],
    grams_m: float,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> dict[str, Any]:
    """重演：each variant beside the base, as plain data.

    `hours` of each class count from second `from_s`; `grams_m` is the de-icer of a metre.
    """
    refuse(_faults(network, hours, base, variants))
    laid = _lay(network, hours, from_s, base, grams_m)
    means = whatif.Means(
        plan=lambda scenario, _seconds, _seed: _plan(laid, scenario),
        judge=lambda scenario, found: _judged(laid, scenario, found),
        seconds=0.0,
        seed=seed,
        progress=progress,
        stop=stop,
    )
    told = whatif.compare(
        whatif.Variant("", tuple(base)),
        [whatif.Variant(label, tuple(many), len(many)) for label, many in variants],
        means,
    )
    return {
        "version": VERSION,
        "digest": network.digest,
        "runs": len(laid.work),
        "answer": told.answer,
        "stopped": told.stopped,
        "rows": [_row(one) for one in told.rows],
    }


def _faults(
    network: Network,
    hours: Mapping[str, float],
    base: Sequence[Vehicle],
    variants: Sequence[tuple[str, Sequence[Vehicle]]],
) -> Iterable[Fault]:
    if not base or not all(many for _label, many in variants):
        yield Fault("replay_no_vehicle")
    if not any(KINDS[int(kind)] in hours for kind in np.unique(network.kind)):
        yield Fault("replay_no_promise")
    for one in [*base, *(one for _label, many in variants for one in many)]:
        if one.until_s <= one.start_s:
            yield Fault("replay_shift", {"name": one.name})
            return


def _lay(
    network: Network,
    hours: Mapping[str, float],
    from_s: float,
    base: Sequence[Vehicle],
    grams_m: float,
) -> _Laid:
    promised = np.array([kind in hours for kind in KINDS])
    work = runs(network, promised[network.kind], through="streets", longest_m=LONGEST_M)
    refuse([Fault("replay_too_large", {"n": len(work), "most": MOST_RUNS})]
           if len(work) > MOST_RUNS else [])  # fmt: skip
    first = work.arcs[work.start[:-1]]
    last = work.arcs[work.start[1:] - 1]
    streets = paths.roads(network, TurnRules(), speed_kmh=DRIVE_KMH)
    yards = np.array([[one.lon, one.lat] for one in base])
    depots = np.unique(network.nearest_nodes(yards[:, 0], yards[:, 1])[0])
    limit = np.array([hours.get(kind, np.nan) for kind in KINDS])[work.kind] * 3600.0
    tasks = replan.Tasks(
        section=network.section[first].astype(np.int32),
        service_s=work.length_m / (WORK_KMH / 3.6),
        grams=work.length_m * grams_m,
        due_s=from_s + limit,
        weight=np.nanmax(limit) / limit,
        travel_s=paths.between_arcs(streets, last, first),
        refill_out_s=paths.arcs_to_node(streets, last, depots) + LOADING_S,
        refill_in_s=paths.node_to_arcs(streets, depots, first),
    )
    return _Laid(network, tasks, work, streets, first, depots)


def _standing(laid: _Laid, vehicles: Sequence[Vehicle]) -> replan.Standing:
    at = np.array([[one.lon, one.lat] for one in vehicles])
    nodes = laid.network.nearest_nodes(at[:, 0], at[:, 1])[0]
    capacity = np.array([one.capacity_g or ENDLESS_G for one in vehicles])
    return replan.Standing(
        free_s=np.array([one.start_s for one in vehicles], dtype=np.float64),
        until_s=np.array([one.until_s for one in vehicles], dtype=np.float64),
        left_g=capacity.copy(),
        capacity_g=capacity,
        reach_s=paths.node_to_arcs(laid.roads, nodes, laid.first),
        refill_s=paths.between_nodes(laid.roads, nodes, laid.depots) + LOADING_S,
        able=np.ones((len(vehicles), len(laid.tasks)), dtype=bool),
    )


def _plan(laid: _Laid, vehicles: Sequence[Vehicle]) -> replan.Replanned:
    """Every street as early as can be, the classes promised sooner before the others: with the
    promises themselves as the aim, nothing would be gained by being early."""
    start = min(one.start_s for one in vehicles)
    sooner = replace(laid.tasks, due_s=np.full(len(laid.tasks), start))
    none: list[tuple[int, ...]] = [()] * len(vehicles)
    return replan.replan(sooner, _standing(laid, vehicles), none, now_s=start)


def _judged(laid: _Laid, vehicles: Sequence[Vehicle], found: replan.Replanned) -> whatif.Judged:
    """Counted anew from the routes, by arithmetic that made none of them."""
    standing = _standing(laid, vehicles)
    refuse(replan.check(laid.tasks, standing, found))
    finish = replan.finishes(laid.tasks, standing, found.routes)
    late = np.nan_to_num(np.maximum(finish - laid.tasks.due_s, 0.0))
    clear, after = {}, {}
    for number, kind in enumerate(KINDS):
        mine = laid.work.kind == number
        if mine.any():
            known = finish[mine]
            clear[kind] = float(np.nanmax(known)) if np.isfinite(known).any() else 0.0
            after[kind] = int((late[mine] > 0).sum() + np.isnan(known).sum())
    return whatif.Judged(
        clear,
        after,
        float((late * laid.tasks.weight).sum()),
        _km(laid, standing, found.routes),
        _salt(laid, vehicles, found.routes),
        sum(bool(route) for route in found.routes),
        len(found.left),
    )


def _km(laid: _Laid, standing: replan.Standing, routes: Sequence[Sequence[int]]) -> float:
    """Kilometres by the speeds of the plan: what is worked, and the way between."""
    worked = sum(float(laid.work.length_m[list(route)].sum()) for route in routes if route)
    driven_s = 0.0
    for k, route in enumerate(routes):
        for before, task in zip([-1, *route], route, strict=False):
            there: Floats = standing.reach_s[k] if before < 0 else laid.tasks.travel_s[before]
            driven_s += float(there[task])
    return (worked + driven_s * DRIVE_KMH / 3.6) / 1000


def _salt(laid: _Laid, vehicles: Sequence[Vehicle], routes: Sequence[Sequence[int]]) -> float:
    """Kilograms that the vehicles with a hopper spread."""
    return sum(
        float(laid.tasks.grams[list(route)].sum()) / 1000
        for one, route in zip(vehicles, routes, strict=True)
        if one.capacity_g and route
    )


def _row(one: whatif.Row) -> dict[str, Any]:
    told = one.judged
    return {
        "label": one.label,
        "vehicles": told.vehicles,
        "clear_h": {kind: round(s / 3600, 2) for kind, s in told.clear_s.items()},
        "gain_h": {kind: round(s / 3600, 2) for kind, s in one.clear_gain_s.items()},
        "late": dict(told.late),
        "km": round(told.km, 1),
        "deicer_kg": round(told.deicer_kg),
        "undone": told.undone,
    }

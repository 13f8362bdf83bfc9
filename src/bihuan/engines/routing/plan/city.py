"""One call for a city (全城): planned whole, or in districts side by side and then the seams.

Districts are planned through `run=map` (processes, Dask, Ray). A seam is repaired by planning two
neighbouring districts together, starting from what each had: tasks may then change sides.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from bihuan.engines.routing.plan.demand import MOST_STOPS, Demand, Part, demand
from bihuan.engines.routing.plan.legs import CityPlan, told
from bihuan.engines.routing.plan.planner import Aim, Planned, plan
from bihuan.engines.routing.plan.scenario import Scenario
from bihuan.engines.routing.plan.sectors import Piece, by_place, plan_each

_SEAMS = 0.4  # share of the time for the seams
_PART_STOPS = 4_000
_WARM = 0.05


def plan_city(
    scenario: Scenario,
    aim: Aim | None = None,
    *,
    districts: int | None = None,
    run: Callable[..., Iterable[Any]] = map,
) -> CityPlan:
    """A plan for all of a scenario's work. `districts`: how many parts, by default as it must."""
    whole = demand(scenario)
    return plan_demand(whole, aim, districts=districts, run=run)


def plan_demand(
    whole: Demand,
    aim: Aim | None = None,
    *,
    districts: int | None = None,
    run: Callable[..., Iterable[Any]] = map,
) -> CityPlan:
    """The same for work that is already counted."""
    given = aim or Aim()
    if districts is None:
        districts = 1 if whole.stops.all <= MOST_STOPS else -(-whole.stops.all // _PART_STOPS)
    if districts <= 1:
        part = whole.problem()
        return told(whole, [(part, plan(part, given))], seed=given.seed)
    pieces = by_place(whole, districts, given.seed)
    first = replace(
        given,
        seconds=given.seconds * (1 - _SEAMS) * len(pieces),  # each gets it, side by side
        rounds=None if given.rounds is None else int(given.rounds * (1 - _SEAMS)),
    )
    found = dict(enumerate(plan_each(whole, pieces, first, run=run)))
    for pairs in _rounds(whole, pieces):
        joined = list(
            run(
                _seam,
                [whole] * len(pairs),
                [[found[at] for at in pair] for pair in pairs],
                [_seam_aim(given, len(pieces))] * len(pairs),
            )
        )
        for pair, two in zip(pairs, joined, strict=True):
            found.update(zip(pair, two, strict=True))
        if given.stop is not None and given.stop():
            break
    return told(whole, found.values(), seed=given.seed)


def _seam_aim(given: Aim, pieces: int) -> Aim:
    share = _SEAMS / (1 if pieces == 2 else 4)
    return replace(
        given,
        hot=_WARM,
        seconds=given.seconds * share,
        rounds=None if given.rounds is None else max(1, int(given.rounds * share / pieces)),
        progress=None,
        stop=None,
    )


def _rounds(whole: Demand, pieces: tuple[Piece, ...]) -> list[list[tuple[int, int]]]:
    """Pairs of neighbouring districts, in rounds in which each stands at most once."""
    xy = np.array([_middle(whole, piece) for piece in pieces])
    far = np.linalg.norm(xy[:, None] - xy[None], axis=2)
    near = {
        (min(a, b), max(a, b))
        for a in range(len(pieces))
        for b in np.argsort(far[a], kind="stable")[1:4].tolist()
    }
    left = sorted(near, key=lambda pair: float(far[pair]))
    rounds: list[list[tuple[int, int]]] = []
    while left and len(rounds) < 4:
        used: set[int] = set()
        now = []
        for pair in list(left):
            if not used & set(pair):
                now.append(pair)
                used |= set(pair)
                left.remove(pair)
        rounds.append(now)
    return rounds


def _middle(whole: Demand, piece: Piece) -> tuple[float, float]:
    network = whole.scenario.network
    nodes = whole.runs.tail[[whole.tasks[task].runs[0] for task in piece.tasks]]
    return float(network.node_lon[nodes].mean()), float(network.node_lat[nodes].mean())


def _seam(whole: Demand, two: list[tuple[Part, Planned]], aim: Aim) -> list[tuple[Part, Planned]]:
    """Two districts planned together; each keeps its own vehicles, tasks may change sides."""
    tasks = np.concatenate([part.tasks for part, _found in two])
    vehicles = np.concatenate([part.vehicles for part, _found in two])
    both = whole.problem(tasks.tolist(), vehicles.tolist())
    start = list(_moved(two, both))
    found = plan(both, aim, start)
    first = len(two[0][0].vehicles)
    return _parted(whole, both, found, first)


def _moved(two: list[tuple[Part, Planned]], both: Part) -> Iterable[tuple[int, ...]]:
    """Both districts' tours in the numbers of the joint problem."""
    before = 0
    directed = len(both.stop_run)
    for part, found in two:
        own = len(part.stop_run)
        for tour in found.tours:
            yield tuple(stop + before if stop < own else stop - own + directed for stop in tour)
        before += own


def _parted(whole: Demand, both: Part, found: Planned, first: int) -> list[tuple[Part, Planned]]:
    """What was planned together as two parts again, each with the tasks its vehicles do."""
    directed = len(both.stop_run)
    number = np.repeat(
        np.arange(len(both.tasks)), [len(whole.tasks[at].runs) for at in both.tasks.tolist()]
    )
    offset = np.concatenate([[0], np.cumsum(np.bincount(number))])
    out = []
    for rows in (range(first), range(first, len(both.vehicles))):
        done = [int(number[stop]) for row in rows for stop in found.tours[row] if stop < directed]
        mine = done + (list(found.left) if rows.start == 0 else [])
        part = whole.problem(both.tasks[mine].tolist(), both.vehicles[list(rows)].tolist())
        begin = np.concatenate([[0], np.cumsum([len(whole.tasks[t].runs) for t in part.tasks])])
        place = {task: int(begin[at]) for at, task in enumerate(mine)}
        own = len(part.stop_run)
        tours = tuple(
            tuple(
                place[int(number[stop])] + stop - int(offset[number[stop]])
                if stop < directed
                else stop - directed + own
                for stop in found.tours[row]
            )
            for row in rows
        )
        left = tuple(range(len(done), len(mine)))
        out.append((part, replace(found, tours=tours, left=left)))
    return out

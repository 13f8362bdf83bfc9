"""Re-planning a running plan (中途重排): from where every vehicle is, changing little.

What is done stays done and the leg that is being driven is finished; what is still to do goes
through `replan`. The answer is a plan again, past and future in one, for the judge to look at.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bihuan.engines.routing.faults import Fault, refuse
from bihuan.engines.routing.network import KINDS, Floats, Ints
from bihuan.engines.routing.paths import Roads, arcs_to_both, node_to_arcs
from bihuan.engines.routing.plan import onward
from bihuan.engines.routing.plan.demand import Demand
from bihuan.engines.routing.plan.legs import CityPlan, Leg, Tour
from bihuan.engines.routing.replan import (
    Change,
    Replanned,
    Standing,
    Tasks,
    Trade,
    replan,
)

_NO_WAY_S = 1e8


@dataclass(frozen=True)
class Event:
    """途中的变化：车坏了、晚出车（车辆序号），路封了（弧），先做（作业序号，几秒前）。"""

    breakdowns: tuple[int, ...] = ()
    late: tuple[tuple[int, float], ...] = ()
    closed: tuple[int, ...] = ()
    first: tuple[int, ...] = ()
    first_by_s: float | None = None
    again: tuple[int, ...] = ()  # tasks to be done once more: new snow
    reported: tuple[int, ...] = ()  # tasks that somebody reports as done: they fall away


@dataclass(frozen=True, eq=False)
class Anew:
    """重排的结果：新方案，改动了哪些路段（代码），哪些作业换了车，哪些做不了。"""

    plan: CityPlan
    found: Replanned
    changed: tuple[str, ...]  # codes of sections
    moved: int
    left: tuple[int, ...]


def replan_city(
    plan: CityPlan,
    event: Event,
    *,
    now_s: float,
    trade: Trade | None = None,
    run: Callable[..., Iterable[Any]] = map,
) -> Anew:
    """The plan from `now_s` on, after what has happened."""
    refuse(_faults(_with_again(plan.demand, event.again, now_s), plan, event, now_s))
    whole = demanded(plan.demand, event, now_s)
    every = onward.every_tour(plan)
    past = [until(tour, now_s, broken=tour.vehicle in event.breakdowns) for tour in every]
    done = {leg.task for tour in past for leg in tour.stops if leg.kind == "serve"}
    done |= whole.fallen
    shut = set(event.closed)
    rest = [
        at for at, task in enumerate(whole.tasks)
        if at not in done and not all(shut & set(whole.runs.along(r).tolist()) for r in task.runs)
    ]  # fmt: skip
    gone = [at for at in range(len(whole.tasks)) if at not in done and at not in set(rest)]
    driving = onward.graphs(whole, event.closed)
    ways = _ways(whole, plan, rest, shut)
    tasks, standing = _rows(whole, past, rest, ways, driving, event, now_s, run)
    number = {task: row for row, task in enumerate(rest)}
    before = [
        [number[leg.task] for leg in ahead(tour, now_s)
         if leg.kind == "serve" and leg.task in number]
        for tour in every
    ]  # fmt: skip
    found = replan(tasks, standing, before, _changes(event, number), now_s=now_s, trade=trade)
    hops = onward.hops(plan, event.closed)
    tours = []
    for whole_tour, tour, was, route in zip(every, past, before, found.routes, strict=True):
        if list(route) == was and _holds(whole_tour, event, now_s, shut):
            tours.append(whole_tour)
        elif tour.vehicle in event.breakdowns or (not route and not tour.stops):
            tours.append(tour)  # it stands where it broke down, or has not left
        else:
            own = [(rest[row], int(ways[row])) for row in route]
            begin = max(now_s, dict(event.late).get(tour.vehicle, 0.0))
            known = hops.get(tour.type)
            tours.append(onward.go_on(whole, tour, driving[tour.type], own, begin, known))
    left = tuple(sorted([rest[row] for row in found.left] + gone))
    after = replace(plan, demand=whole, tours=tuple(tours), left=left)
    codes = sorted({
        whole.scenario.network.sections[at].code for at in found.changed_sections if at >= 0
    })  # fmt: skip
    return Anew(after, found, tuple(codes), len(found.moved), left)


def demanded(whole: Demand, event: Event, now_s: float) -> Demand:
    """The work after an event; a plan that went through several stands on them one by one."""
    asked = _without(_with_again(whole, event.again, now_s), event.reported)
    return _turning(asked, event.closed)


def _faults(whole: Demand, plan: CityPlan, event: Event, now_s: float) -> list[Fault]:
    vehicles, tasks = len(whole.scenario.vehicles), len(whole.tasks)
    faults = []
    for at in (*event.breakdowns, *(v for v, _s in event.late)):
        if not 0 <= at < vehicles:
            faults.append(Fault("replan_unknown", {"kind": "vehicle", "at": at}))
    for at in (*event.first, *event.reported):
        if not 0 <= at < tasks:
            faults.append(Fault("replan_unknown", {"kind": "task", "at": at}))
    for arc in event.closed:
        if not 0 <= arc < whole.scenario.network.arcs:
            faults.append(Fault("replan_unknown", {"kind": "closed", "at": arc}))
    if not now_s >= 0:
        faults.append(Fault("replan_clock", {"found": now_s}))
    return faults


def _with_again(whole: Demand, again: Sequence[int], now_s: float) -> Demand:
    """The work with some tasks asked for once more, due as long after now as they were at first."""
    if not again:
        return whole
    more = [
        replace(whole.tasks[at], ready_s=now_s, due_s=now_s + _promised(whole, at),
                round=whole.tasks[at].round + 1)
        for at in again
    ]  # fmt: skip
    passes = whole.passes.copy()
    for task in more:
        passes[whole.runs.along(task.runs[0])] += 1
    return replace(whole, tasks=(*whole.tasks, *more), passes=passes)


def _without(whole: Demand, reported: Sequence[int]) -> Demand:
    """The work without passes that others did: no plan has to make them."""
    new = sorted(set(reported) - whole.fallen)
    if not new:
        return whole
    passes = whole.passes.copy()
    for at in new:
        passes[whole.runs.along(whole.tasks[at].runs[0])] -= 1
    return replace(whole, passes=np.maximum(passes, 0), fallen=whole.fallen | set(new))


def _turning(whole: Demand, closed: Sequence[int]) -> Demand:
    """Before a barrier one may turn round, as where a street ends."""
    if not closed:
        return whole
    network = whole.scenario.network
    arcs = list(closed)
    nodes = np.unique(np.concatenate([network.arc_tail[arcs], network.arc_head[arcs]])).tolist()
    types = tuple(
        replace(one, turns=replace(one.turns, u_turn_nodes=(*one.turns.u_turn_nodes, *nodes)))
        for one in whole.scenario.types
    )
    return replace(whole, scenario=replace(whole.scenario, types=types))


def _promised(whole: Demand, at: int) -> float:
    return whole.scenario.rules[KINDS[whole.tasks[at].kind]].promise_s


def until(tour: Tour, now_s: float, *, broken: bool = False) -> Tour:
    """What has been begun is finished; of a vehicle that broke down only what it finished.

    Where a vehicle was seen, all up to there is past, whatever hour the record says.
    """
    known = told_of(tour)
    legs = [leg for leg in tour.stops[known:]
            if (leg.to_s <= now_s if broken else leg.from_s < now_s)]  # fmt: skip
    return replace(tour, stops=(*tour.stops[:known], *legs))


def told_of(tour: Tour) -> int:
    """How many of its legs are a record of what was seen; the last of them says where it was."""
    return max((at for at, leg in enumerate(tour.stops, 1) if leg.kind == "seen"), default=0)


def ahead(tour: Tour, now_s: float) -> tuple[Leg, ...]:
    """The legs that are not begun yet."""
    return tuple(leg for leg in tour.stops[told_of(tour) :] if leg.from_s >= now_s)


def _holds(tour: Tour, event: Event, now_s: float, shut: set[int]) -> bool:
    """Whether what a vehicle still had to do can be driven just as it was planned."""
    if tour.vehicle in event.breakdowns or tour.vehicle in dict(event.late):
        return False
    return not any(shut & set(leg.arcs) for leg in ahead(tour, now_s))


def _ways(whole: Demand, plan: CityPlan, rest: Sequence[int], shut: set[int]) -> Ints:
    """The direction of each task: as planned, or the one that is still open."""
    planned = {
        leg.task: leg.arcs[0] for tour in plan.tours for leg in tour.stops if leg.kind == "serve"
    }
    out = []
    for at in rest:
        options = [r for r in whole.tasks[at].runs if not shut & set(whole.runs.along(r).tolist())]
        same = [r for r in options if int(whole.runs.along(r)[0]) == planned.get(at)]
        out.append((same or options)[0])
    return np.array(out, dtype=np.int32)


def _rows(
    whole: Demand,
    past: Sequence[Tour],
    rest: Sequence[int],
    ways: Ints,
    driving: Sequence[Roads],
    event: Event,
    now_s: float,
    run: Callable[..., Iterable[Any]],
) -> tuple[Tasks, Standing]:
    scenario = whole.scenario
    joined = whole.runs
    first = joined.arcs[joined.start[ways]] if len(ways) else np.empty(0, dtype=np.int32)
    last = joined.arcs[joined.start[ways + 1] - 1] if len(ways) else first
    kinds = [scenario.types[tour.type] for tour in past]
    graph = driving[past[0].type]  # between tasks all drive as the first type does
    refills = list(whole.refills)
    nodes = whole.nodes[refills]
    load_s = np.array([scenario.yards[y].refill_s for y in refills])
    # One search from every task serves the other tasks, the refill places and the yards.
    yards = np.unique([tour.yard for tour in past])
    places = np.concatenate([nodes, whole.nodes[yards]])
    travel, away = arcs_to_both(graph, last, first, places, run=run)
    home_s = away[:, len(nodes) :]
    back = np.where(np.isfinite(home_s), home_s, 0.0).max(axis=0, initial=0.0)
    section = scenario.network.section[first]
    speed = min(kind.work_kmh for kind in kinds) / 3.6
    tasks = Tasks(
        section.astype(np.int32),
        joined.length_m[ways] / speed,
        np.array([whole.tasks[at].load_kg * 1000 for at in rest]),
        np.array([whole.tasks[at].due_s for at in rest]),
        np.array([scenario.rules[KINDS[whole.tasks[at].kind]].weight for at in rest]),
        _far(travel),
        _far(away[:, : len(nodes)] + load_s),
        _far(node_to_arcs(graph, nodes, first, run=run)),
    )
    free, left, reach, refill = [], [], [], []
    for tour in past:
        state = onward.standing(whole, tour)
        free.append(max(now_s, state.now))
        left.append(state.load * 1000)
        reach.append(onward.reach(driving[tour.type], state, first))
        refill.append(onward.to_places(driving[tour.type], state, nodes) + load_s)
    groups = [scenario.groups[scenario.vehicles[tour.vehicle][0]] for tour in past]
    # Time is kept for the way home from wherever the last task may be.
    longest = dict(zip(yards.tolist(), back.tolist(), strict=True))
    home = np.array([longest[tour.yard] for tour in past])
    able = np.array([
        [whole.tasks[at].does <= set(kind.does) and KINDS[whole.tasks[at].kind]
         not in kind.banned_kinds for at in rest]
        for kind in kinds
    ]).reshape(len(past), len(rest))  # fmt: skip
    standing = Standing(
        np.array(free),
        np.array([g.shuts_s for g in groups]) - home,
        np.array(left),
        np.array([kind.capacity_kg * 1000 for kind in kinds]),
        _far(np.array(reach).reshape(len(past), len(rest))),
        _far(np.array(refill).reshape(len(past), len(refills))),
        able,
    )
    return tasks, standing


def _far(seconds: Floats) -> Floats:
    """No way at all as a very long one: a shift never lasts so long, and sums stay numbers."""
    out: Floats = np.minimum(seconds, _NO_WAY_S)
    return out


def _changes(event: Event, number: dict[int, int]) -> list[Change]:
    out = []
    if event.breakdowns:
        out.append(Change("breakdown", event.breakdowns))
    out += [Change("late_start", (vehicle,), at_s) for vehicle, at_s in event.late]
    wanted = tuple(number[at] for at in event.first if at in number)
    if wanted:
        out.append(Change("first", wanted, event.first_by_s or 0.0))
    return out

"""Demand (作业量): a scenario's roads as tasks, and everything a search needs as arrays.

Arcs are first joined into street runs (`runs`), so that a solver decides only where a driver
would. A task is one pass over a run; where once is enough for both directions, either may be taken.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from bihuan.engines.routing.faults import Fault, refuse
from bihuan.engines.routing.network import KINDS, Bools, Floats, Ints
from bihuan.engines.routing.paths import (
    Roads,
    arcs_to_both,
    between_nodes,
    node_to_arcs,
    roads,
)
from bihuan.engines.routing.plan.scenario import Scenario, VehicleType
from bihuan.engines.routing.runs import Runs, runs
from bihuan.engines.routing.tours import Fleet, Matrices, Problem, Stops, Work

MOST_STOPS = 9_000  # beyond this the matrices leave the memory that is promised


@dataclass(frozen=True)
class Task:
    """一项作业：驶过一段路一遍；`runs` 是可选的一至两个方向。"""

    runs: tuple[int, ...]
    kind: int  # place in KINDS
    does: frozenset[str]
    load_kg: float
    due_s: float
    ready_s: float
    round: int = 0


@dataclass(frozen=True, eq=False)
class Demand:
    """任务化成的作业：路段组、每段的作业，停靠点与矩阵的对应。"""

    scenario: Scenario
    runs: Runs
    tasks: tuple[Task, ...]
    passes: Ints  # (m,) how often each arc must be served in all
    fallen: frozenset[int] = frozenset()  # tasks that others have done: nobody is sent for them

    @cached_property
    def nodes(self) -> Ints:
        """(y,) the junction of each yard."""
        yards = self.scenario.yards
        node, _away = self.scenario.network.nearest_nodes(
            np.array([y.lon for y in yards]), np.array([y.lat for y in yards])
        )
        return node

    @cached_property
    def refills(self) -> tuple[int, ...]:
        return tuple(at for at, yard in enumerate(self.scenario.yards) if yard.refill)

    @cached_property
    def stop_run(self) -> Ints:
        """(d,) the run of each directed stop, task by task."""
        return np.array([r for task in self.tasks for r in task.runs], dtype=np.int32)

    @cached_property
    def stop_task(self) -> Ints:
        return np.array(
            [at for at, task in enumerate(self.tasks) for _r in task.runs], dtype=np.int32
        )

    @cached_property
    def stops(self) -> Stops:
        return Stops(len(self.stop_run), len(self.refills), len(self.scenario.yards))

    @cached_property
    def driving(self) -> dict[tuple[Any, ...], Roads]:
        """The drivable graph of every kind of vehicle there is."""
        return {_way_key(t): _graph(self.scenario, t) for t in self.scenario.types}

    def graph(self, kind: VehicleType) -> Roads:
        return self.driving[_way_key(kind)]

    def problem(
        self,
        tasks: Sequence[int] | None = None,
        vehicles: Sequence[int] | None = None,
        *,
        run: Callable[..., Iterable[Any]] = map,
    ) -> "Part":
        """All of it, or some tasks for some vehicles, ready to be searched."""
        chosen = list(range(len(self.tasks))) if tasks is None else list(tasks)
        every = self.scenario.vehicles
        who = list(range(len(every))) if vehicles is None else list(vehicles)
        return _part(self, chosen, who, run)


@dataclass(frozen=True, eq=False)
class Part:
    """一部分（或全部）作业和车辆，以及它们在全体中的序号。"""

    demand: Demand
    tasks: Ints
    vehicles: Ints
    stop_run: Ints
    stop_task: Ints  # (d,) the task of each directed stop
    problem: Problem


def demand(scenario: Scenario) -> Demand:
    """What has to be done; Unfit where nothing is, or where nobody could do it."""
    network = scenario.network
    rules = scenario.rules
    wanted = np.isin(network.kind, [KINDS.index(kind) for kind in rules])
    if scenario.closed:
        wanted[list(scenario.closed)] = False
    refuse([] if wanted.any() else [Fault("plan_no_roads")])
    joined = runs(network, wanted, longest_m=_longest(scenario, wanted))
    tasks: list[Task] = []
    passes = np.zeros(network.arcs, dtype=np.int32)
    both = any(set(t.does) == {"plough", "spread"} for t in scenario.types)
    for at in range(len(joined)):
        rule = rules[KINDS[int(joined.kind[at])]]
        back = int(joined.back[at])
        if rule.passes == "street" and 0 <= back < at:
            continue
        ways = (at, back) if rule.passes == "street" and back >= 0 else (at,)
        arcs = joined.along(at)
        lanes = int(network.lanes[arcs].max(initial=1)) if rule.passes == "lane" else 1
        kilos = scenario.grams * float(joined.length_m[at]) * scenario.lane_m / 1000
        if rule.passes != "lane":
            kilos *= max(1, int(network.lanes[arcs].max(initial=1)))
        for begin, due in _rounds(scenario, rule.kind, rule.promise_s):
            for does, load in _does(rule.plough, rule.spread, both, lanes, kilos):
                tasks.append(Task(ways, int(joined.kind[at]), does, load, due, begin[1], begin[0]))
                passes[arcs] += 1
    refuse(_nobody(scenario, tasks))
    return Demand(scenario, joined, tuple(tasks), passes)


def _longest(scenario: Scenario, wanted: Bools) -> float:
    """No run is longer than a full hopper reaches."""
    used = {group.type for group in scenario.groups if group.count}
    most = max((t.capacity_kg for t in scenario.types if t.name in used), default=0.0)
    lanes = max(1, int(scenario.network.lanes[wanted].max(initial=1)))
    by_metre = scenario.grams * scenario.lane_m * lanes / 1000
    if not by_metre or not any(rule.spread for rule in scenario.classes):
        return scenario.longest_m
    return min(scenario.longest_m, most / by_metre)


def _rounds(
    scenario: Scenario, kind: str, promise_s: float
) -> Iterable[tuple[tuple[int, float], float]]:
    """(round, ready), due: once, or again and again while it snows."""
    repeat = scenario.repeat
    yield (0, 0.0), promise_s
    if repeat is None or (repeat.kinds and kind not in repeat.kinds):
        return
    number = 1
    while number * repeat.every_s <= repeat.until_s:
        begin = number * repeat.every_s
        yield (number, begin), begin + promise_s
        number += 1


def _does(
    plough: bool, spread: bool, both: bool, lanes: int, kilos: float
) -> Iterable[tuple[frozenset[str], float]]:
    """What each pass does: the last one over a lane spreads, if one vehicle can do both at once."""
    for lane in range(lanes):
        if plough and spread and both:
            yield frozenset({"plough", "spread"}), kilos
        else:
            if plough:
                yield frozenset({"plough"}), 0.0
            if spread and (lane == 0 or not plough):
                yield frozenset({"spread"}), kilos * (lanes if plough else 1)


def _nobody(scenario: Scenario, tasks: Sequence[Task]) -> list[Fault]:
    """Work that no vehicle in the fleet can do at all."""
    used = {group.type for group in scenario.groups if group.count}
    types = [one for one in scenario.types if one.name in used]
    faults: dict[str, Fault] = {}
    for task in tasks:
        kind = KINDS[task.kind]
        able = [one for one in types if task.does <= set(one.does) and kind not in one.banned_kinds]
        if not able:
            faults.setdefault(kind, Fault("plan_nobody", {"kind": kind}))
        elif task.load_kg > max(one.capacity_kg for one in able):
            most = max(one.capacity_kg for one in able)
            faults.setdefault(
                kind + "+", Fault("plan_too_heavy", {"kg": round(task.load_kg), "most": most})
            )
    return list(faults.values())


def _way_key(one: VehicleType) -> tuple[Any, ...]:
    return (one.drive_kmh, one.banned_kinds, one.turns)


def _graph(scenario: Scenario, one: VehicleType) -> Roads:
    graph = roads(scenario.network, one.turns, speed_kmh=one.drive_kmh)
    shut: Bools = np.isin(scenario.network.kind, [KINDS.index(k) for k in one.banned_kinds])
    shut[list(scenario.closed)] = True
    return graph.closed(np.flatnonzero(shut)) if shut.any() else graph


def _part(
    whole: Demand, tasks: list[int], vehicles: list[int], run: Callable[..., Iterable[Any]]
) -> Part:
    scenario = whole.scenario
    chosen = [whole.tasks[at] for at in tasks]
    stop_run = np.array([r for task in chosen for r in task.runs], dtype=np.int32)
    stops = Stops(len(stop_run), len(whole.refills), len(scenario.yards))
    refuse(
        [Fault("plan_too_large", {"found": stops.all, "most": MOST_STOPS})]
        if stops.all > MOST_STOPS
        else []
    )
    first = np.cumsum([0] + [len(task.runs) for task in chosen])[:-1].astype(np.int32)
    two = np.array([len(task.runs) > 1 for task in chosen])
    groups = [scenario.groups[scenario.vehicles[v][0]] for v in vehicles]
    names = [one.name for one in scenario.types]
    used = sorted({names.index(group.type) for group in groups})
    layer = {kind: at for at, kind in enumerate(used)}
    types = [scenario.types[kind] for kind in used]
    yards = {yard.name: at for at, yard in enumerate(scenario.yards)}
    begin = np.array([stops.directed + stops.refills + yards[g.yard] for g in groups])
    kind = np.array([layer[names.index(group.type)] for group in groups])
    room = np.array([types[k].capacity_kg for k in kind])
    rules = scenario.rules
    problem = Problem(
        Work(
            first, np.where(two, first + 1, -1).astype(np.int32),
            np.array([task.load_kg for task in chosen]), np.array([t.due_s for t in chosen]),
            np.array([task.ready_s for task in chosen]),
            np.array([rules[KINDS[t.kind]].stage + 100 * t.round for t in chosen]),
            np.array([rules[KINDS[task.kind]].weight for task in chosen]),
        ),
        Fleet(
            kind, begin, begin.copy(), np.array([g.opens_s for g in groups]),
            np.array([g.shuts_s for g in groups]), room,
            np.array([
                r if g.filled_kg is None else min(g.filled_kg, r)
                for g, r in zip(groups, room.tolist(), strict=True)
            ]),
            np.zeros(len(groups)),
        ),
        stops,
        _matrices(whole, types, chosen, stop_run, run),
    )  # fmt: skip
    of = np.array([at for at in tasks for _run in whole.tasks[at].runs], dtype=np.int32)
    return Part(whole, np.array(tasks), np.array(vehicles), stop_run, of, problem)


def _matrices(
    whole: Demand,
    types: list[VehicleType],
    chosen: list[Task],
    stop_run: Ints,
    run: Callable[..., Iterable[Any]],
) -> Matrices:
    size = len(stop_run) + len(whole.refills) + len(whole.scenario.yards)
    away = np.zeros((len(types), size, size), dtype=np.float32)
    serve = np.zeros((len(types), size))
    able = np.zeros((len(types), len(chosen)), dtype=bool)
    made: dict[tuple[Any, ...], int] = {}
    for at, one in enumerate(types):
        key = _way_key(one)
        if key in made:
            away[at] = away[made[key]]
        else:
            away[at] = _between(whole, whole.graph(one), stop_run, run)
            made[key] = at
        length = whole.runs.length_m[stop_run]
        serve[at, : len(stop_run)] = length / (one.work_kmh / 3.6)
        serve[at, len(stop_run) : len(stop_run) + len(whole.refills)] = [
            whole.scenario.yards[y].refill_s for y in whole.refills
        ]
        able[at] = [
            task.does <= set(one.does) and KINDS[task.kind] not in one.banned_kinds
            for task in chosen
        ]
    return Matrices(away, away, np.zeros((0, 0)), serve, able)


def _between(
    whole: Demand, graph: Roads, stop_run: Ints, run: Callable[..., Iterable[Any]]
) -> Floats:
    """(s, s) seconds from the end of each stop to the beginning of each other."""
    joined = whole.runs
    once, inverse = np.unique(stop_run, return_inverse=True)
    first = joined.arcs[joined.start[once]]
    last = joined.arcs[joined.start[once + 1] - 1]
    places = np.concatenate([whole.nodes[list(whole.refills)], whole.nodes])
    d, size = len(stop_run), len(stop_run) + len(places)
    out = np.zeros((size, size))
    between, away = arcs_to_both(graph, last, first, places, run=run)
    out[:d, :d] = between[inverse][:, inverse]
    out[:d, d:] = away[inverse]
    out[d:, :d] = node_to_arcs(graph, places, first, run=run)[:, inverse]
    out[d:, d:] = between_nodes(graph, places, places, run=run)
    return out

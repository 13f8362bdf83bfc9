"""Tours as what a driver does (行车单): move, serve, refill, wait, with arcs, hours and loads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bihuan.engines.routing.chance import Timetable
from bihuan.engines.routing.network import KINDS, Floats, Ints, Longs, Network
from bihuan.engines.routing.paths import Roads, from_arc, from_node, trace
from bihuan.engines.routing.plan.demand import Demand, Part
from bihuan.engines.routing.plan.planner import Planned
from bihuan.engines.routing.plan.scenario import Scenario, VehicleType
from bihuan.engines.routing.timetables import timetable as _timetable


@dataclass(frozen=True)
class Leg:
    """一程：move 行驶、serve 作业、refill 补料、wait 等待。"""

    kind: str
    from_s: float
    to_s: float
    arcs: tuple[int, ...] = ()
    m: float = 0.0
    task: int = -1
    yard: int = -1  # refill: place among the yards
    kg: float = 0.0  # serve: spread; refill: loaded


@dataclass(frozen=True)
class Tour:
    """一辆车的一班：从停车场出发到回场。"""

    vehicle: int
    name: str
    type: int
    yard: int
    stops: tuple[Leg, ...]

    @property
    def m(self) -> float:
        return sum(leg.m for leg in self.stops)

    @property
    def served_m(self) -> float:
        return sum(leg.m for leg in self.stops if leg.kind == "serve")

    @property
    def kg(self) -> float:
        return sum(leg.kg for leg in self.stops if leg.kind == "serve")

    @property
    def cleared_s(self) -> float:
        """When its last pass is finished; zero where it has none."""
        return max((leg.to_s for leg in self.stops if leg.kind == "serve"), default=0.0)

    @property
    def back_s(self) -> float:
        return self.stops[-1].to_s if self.stops else 0.0


@dataclass(frozen=True, eq=False)
class CityPlan:
    """全城方案：每车一份行车单，做不了的作业，怎么得来的。"""

    demand: Demand
    tours: tuple[Tour, ...]
    left: tuple[int, ...]
    first_s: float | None = None
    seconds: float = 0.0
    rounds: int = 0
    seed: int = 0
    stopped: bool = False

    @property
    def scenario(self) -> Scenario:
        return self.demand.scenario

    @cached_property
    def finish_s(self) -> dict[int, float]:
        """When each task is finished."""
        return {leg.task: leg.to_s for tour in self.tours for leg in tour.stops if leg.task >= 0}

    def clear_s(self) -> dict[str, float]:
        """When each class is cleared; infinite where some of it stays undone."""
        out: dict[str, float] = {}
        for at, task in enumerate(self.demand.tasks):
            if task.round == 0:
                kind = KINDS[task.kind]
                out[kind] = max(out.get(kind, 0.0), self.finish_s.get(at, np.inf))
        return out

    @property
    def km(self) -> float:
        return sum(tour.m for tour in self.tours) / 1000

    @property
    def served_km(self) -> float:
        return sum(tour.served_m for tour in self.tours) / 1000

    @property
    def kg(self) -> float:
        return sum(tour.kg for tour in self.tours)

    def timetable(self) -> Timetable:
        """What `chance` drives thousands of times."""
        network: Network = self.scenario.network
        return _timetable(
            network, self.tours, served=lambda leg: leg.arcs, passes=self.demand.passes
        )


def told(
    whole: Demand,
    parts: Iterable[tuple[Part, Planned]],
    *,
    seed: int = 0,
) -> CityPlan:
    """Parts that were planned, together, as one plan of the whole."""
    tours: list[Tour] = []
    left: list[int] = []
    first: float | None = 0.0
    seconds, rounds, stopped = 0.0, 0, False
    for part, found in parts:
        tours += _tours(part, found)
        left += part.tasks[list(found.left)].tolist()
        first = None if first is None or found.first_s is None else max(first, found.first_s)
        seconds, rounds = max(seconds, found.seconds), rounds + found.rounds
        stopped = stopped or found.stopped
    tours.sort(key=lambda one: one.vehicle)
    return CityPlan(whole, tuple(tours), tuple(sorted(left)), first, seconds, rounds, seed, stopped)


def _tours(part: Part, found: Planned) -> list[Tour]:
    out = []
    whole = part.demand
    scenario = whole.scenario
    names = [one.name for one in scenario.types]
    yards = [one.name for one in scenario.yards]
    for row, stops in enumerate(found.tours):
        vehicle = int(part.vehicles[row])
        group, name = scenario.vehicles[vehicle]
        own = scenario.groups[group]
        kind, yard = names.index(own.type), yards.index(own.yard)
        legs = _Driver(part, scenario.types[kind], yard, own.opens_s, own.filled_kg).drive(stops)
        out.append(Tour(vehicle, name, kind, yard, tuple(legs)))
    return out


class _Driver:
    """Drives one tour over the arcs."""

    def __init__(
        self, part: Part, kind: VehicleType, yard: int, opens_s: float, filled: float | None
    ) -> None:
        self.part, self.kind, self.yard = part, kind, yard
        self.whole = part.demand
        self.graph: Roads = self.whole.graph(kind)
        self.now = opens_s
        self.load = kind.capacity_kg if filled is None else min(filled, kind.capacity_kg)
        self.arc, self.node = -1, int(self.whole.nodes[yard])
        self.legs: list[Leg] = []

    def drive(self, stops: Sequence[int]) -> list[Leg]:
        if not stops:
            return []
        directed = len(self.part.stop_run)
        task = 0
        numbers = np.repeat(
            np.arange(len(self.part.tasks)),
            [len(self.whole.tasks[at].runs) for at in self.part.tasks.tolist()],
        )
        for place, stop in enumerate(stops):
            if stop < directed:
                task = int(self.part.tasks[numbers[stop]])
                self._serve(int(self.part.stop_run[stop]), task)
            else:
                ahead = self._needed(stops[place + 1 :], numbers, directed)
                self._refill(self.whole.refills[stop - directed], ahead)
        self._move_to_node(int(self.whole.nodes[self.yard]))
        return self.legs

    def _needed(self, stops: Sequence[int], numbers: Longs, directed: int) -> float:
        """What the trip after a refill will spread: no more is loaded than it can carry."""
        kilos = 0.0
        for stop in stops:
            if stop >= directed:
                break
            kilos += self.whole.tasks[int(self.part.tasks[numbers[stop]])].load_kg
        return kilos

    def _serve(self, run: int, task: int) -> None:
        arcs = self.whole.runs.along(run)
        self._move_to_arc(int(arcs[0]))
        own = self.whole.tasks[task]
        if self.now < own.ready_s:
            self.legs.append(Leg("wait", self.now, own.ready_s))
            self.now = own.ready_s
        metres = float(self.whole.runs.length_m[run])
        took = metres / (self.kind.work_kmh / 3.6)
        self.legs.append(
            Leg("serve", self.now, self.now + took, tuple(arcs.tolist()), metres, task,
                kg=own.load_kg)
        )  # fmt: skip
        self.now += took
        self.load -= own.load_kg
        self.arc, self.node = int(arcs[-1]), -1

    def _refill(self, yard: int, needed: float) -> None:
        self._move_to_node(int(self.whole.nodes[yard]))
        took = self.whole.scenario.yards[yard].refill_s
        full = self.kind.capacity_kg - self.load
        self.legs.append(
            Leg("refill", self.now, self.now + took, yard=yard, kg=full if needed else 0.0)
        )
        self.load = self.kind.capacity_kg
        self.now += took
        self.arc, self.node = -1, int(self.whole.nodes[yard])

    def _reach(self) -> tuple[Floats, Ints]:
        if self.arc >= 0:
            return from_arc(self.graph, self.arc)
        return from_node(self.graph, self.node)

    def _move_to_arc(self, arc: int) -> None:
        cost, before = self._reach()
        self._moved(float(cost[arc]), trace(before, arc))

    def _move_to_node(self, node: int) -> None:
        network = self.graph.network
        here = self.node if self.node >= 0 else int(network.arc_head[self.arc])
        if here == node:
            self.arc, self.node = -1, node
            return
        cost, before = self._reach()
        coming = np.flatnonzero(network.arc_head == node)
        last = int(coming[np.argmin(cost[coming] + self.graph.cost[coming])])
        self._moved(float(cost[last] + self.graph.cost[last]), [*trace(before, last), last])
        self.arc, self.node = -1, node

    def _moved(self, seconds: float, arcs: list[int]) -> None:
        if seconds <= 0 and not arcs:
            return
        metres = float(self.graph.network.length_m[arcs].sum()) if arcs else 0.0
        self.legs.append(Leg("move", self.now, self.now + seconds, tuple(arcs), metres))
        self.now += seconds

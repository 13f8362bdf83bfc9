"""Tours as what a driver does (行车单): move, serve, refill, wait, with arcs, hours and loads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bihuan.engines.routing.chance import Timetable
from bihuan.engines.routing.network import KINDS, Ints, Network
from bihuan.engines.routing.plan.demand import Demand, Part
from bihuan.engines.routing.plan.driver import Driver, Leg
from bihuan.engines.routing.plan.planner import Planned
from bihuan.engines.routing.plan.scenario import Scenario
from bihuan.engines.routing.timetables import timetable as _timetable

__all__ = ["CityPlan", "Leg", "Tour", "told"]


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

    @cached_property
    def asked(self) -> Ints:
        """(m,) passes of each arc; of a street that may be served either way, the way it is."""
        passes = self.demand.passes.copy()
        runs = self.demand.runs
        for tour in self.tours:
            for leg in tour.stops:
                options = self.demand.tasks[leg.task].runs if leg.kind == "serve" else ()
                if len(options) > 1 and leg.arcs == tuple(runs.along(options[1]).tolist()):
                    passes[runs.along(options[0])] -= 1
                    passes[runs.along(options[1])] += 1
        return passes

    def timetable(self) -> Timetable:
        """What `chance` drives thousands of times."""
        network: Network = self.scenario.network
        return _timetable(network, self.tours, served=lambda leg: leg.arcs, passes=self.asked)


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
        driver = Driver(whole, scenario.types[kind], yard, own.opens_s, own.filled_kg)
        legs = _driven(part, driver, stops)
        out.append(Tour(vehicle, name, kind, yard, tuple(legs)))
    return out


def _driven(part: Part, driver: Driver, stops: Sequence[int]) -> list[Leg]:
    """The stops of a tour, driven."""
    whole, directed = part.demand, len(part.stop_run)
    of = part.stop_task
    for stop in stops:
        if stop < directed:
            driver.serve(int(part.stop_run[stop]), int(of[stop]))
        else:
            driver.refill(whole.refills[stop - directed])
    if stops:
        driver.home()
    return driver.legs

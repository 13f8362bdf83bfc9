"""Driving a tour over the arcs (行车): from stop to stop by the cheapest way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bihuan.engines.routing.network import Floats, Ints
from bihuan.engines.routing.paths import Roads, from_arc, from_node, trace
from bihuan.engines.routing.plan.demand import Demand
from bihuan.engines.routing.plan.scenario import VehicleType


@dataclass(frozen=True)
class Leg:
    """一程：move 行驶、serve 作业、refill 补料、wait 等待、seen 实情。

    `seen` is no order but a report: at `from_s` the vehicle was on these roads (or stood at a
    yard), at `to_s` it is at their end with `kg` left; what stands before it is a record.
    """

    kind: str
    from_s: float
    to_s: float
    arcs: tuple[int, ...] = ()
    m: float = 0.0
    task: int = -1
    yard: int = -1  # refill, seen: place among the yards
    kg: float = 0.0  # serve: spread; refill: loaded; seen: left


Hops = Mapping[tuple[int, int], tuple[float, tuple[int, ...]]]  # from, to: seconds, arcs


def place(arc: int, node: int) -> int:
    """One number for where a vehicle is: an arc at its end, or a junction."""
    return arc if arc >= 0 else -2 - node


class Driver:
    """一台车：此刻在哪条弧的末端（或哪个路口），几时，还剩多少料，走过的各程。"""

    def __init__(
        self, whole: Demand, kind: VehicleType, yard: int, opens_s: float, filled: float | None
    ) -> None:
        self.whole, self.kind, self.yard = whole, kind, yard
        self.graph: Roads = whole.graph(kind)
        self.now = opens_s
        self.load = kind.capacity_kg if filled is None else min(filled, kind.capacity_kg)
        self.arc, self.node = -1, int(whole.nodes[yard])
        self.legs: list[Leg] = []
        self.hops: Hops = {}  # ways that are known already: nobody has to look for them again

    def follow(self, legs: Sequence[Leg]) -> None:
        """Take legs as driven, without keeping them."""
        for leg in legs:
            self.now = leg.to_s
            if leg.kind == "seen":
                self.load = leg.kg
                self.arc = leg.arcs[-1] if leg.arcs else -1
                self.node = -1 if leg.arcs else int(self.whole.nodes[leg.yard])
            elif leg.kind == "refill":
                self.load = min(self.kind.capacity_kg, self.load + leg.kg)
                self.arc, self.node = -1, int(self.whole.nodes[leg.yard])
            elif leg.arcs:
                self.arc, self.node = leg.arcs[-1], -1
                if leg.kind == "serve":
                    self.load -= leg.kg

    def serve(self, run: int, task: int) -> bool:
        """Drive to a run and work on it; false where closed roads leave no way there."""
        arcs = self.whole.runs.along(run)
        if not self._move_to_arc(int(arcs[0])):
            return False
        own = self.whole.tasks[task]
        self.wait(own.ready_s)
        metres = float(self.whole.runs.length_m[run])
        took = metres / (self.kind.work_kmh / 3.6)
        self.legs.append(
            Leg("serve", self.now, self.now + took, tuple(arcs.tolist()), metres, task,
                kg=own.load_kg)
        )  # fmt: skip
        self.now += took
        self.load -= own.load_kg
        self.arc, self.node = int(arcs[-1]), -1
        return True

    def wait(self, until_s: float) -> None:
        """Stand until an hour, if it is still to come."""
        if self.now < until_s:
            self.legs.append(Leg("wait", self.now, until_s))
            self.now = until_s

    def refill(self, yard: int) -> None:
        """Drive to a refill place and fill the hopper."""
        self._move_to_node(int(self.whole.nodes[yard]))
        took = self.whole.scenario.yards[yard].refill_s
        kilos = self.kind.capacity_kg - self.load
        self.legs.append(Leg("refill", self.now, self.now + took, yard=yard, kg=kilos))
        self.load = self.kind.capacity_kg
        self.now += took

    def home(self) -> None:
        """Drive back to the yard."""
        self._move_to_node(int(self.whole.nodes[self.yard]))

    def _reach(self) -> tuple[Floats, Ints]:
        if self.arc >= 0:
            return from_arc(self.graph, self.arc)
        return from_node(self.graph, self.node)

    def _known(self, to: int) -> bool:
        """Go a way that is known."""
        hop = self.hops.get((place(self.arc, self.node), to))
        if hop is not None:
            self._moved(hop[0], list(hop[1]))
        return hop is not None

    def _move_to_arc(self, arc: int) -> bool:
        if self._known(arc):
            return True
        cost, before = self._reach()
        if not np.isfinite(cost[arc]):
            return False
        self._moved(float(cost[arc]), trace(before, arc))
        return True

    def _move_to_node(self, node: int) -> None:
        network = self.graph.network
        here = self.node if self.node >= 0 else int(network.arc_head[self.arc])
        if here == node:
            self.arc, self.node = -1, node
            return
        if self._known(place(-1, node)):
            self.arc, self.node = -1, node
            return
        cost, before = self._reach()
        coming = np.flatnonzero(network.arc_head == node)
        last = int(coming[np.argmin(cost[coming] + self.graph.cost[coming])])
        if not np.isfinite(cost[last] + self.graph.cost[last]):
            return  # closed roads cut it off: it stays where it is, which the judge will say
        self._moved(float(cost[last] + self.graph.cost[last]), [*trace(before, last), last])
        self.arc, self.node = -1, node

    def _moved(self, seconds: float, arcs: list[int]) -> None:
        if seconds <= 0 and not arcs:
            return
        metres = float(self.graph.network.length_m[arcs].sum()) if arcs else 0.0
        self.legs.append(Leg("move", self.now, self.now + seconds, tuple(arcs), metres))
        self.now += seconds

"""Lower bounds (下界): what no plan can undercut, so that a gap can be told.

Distance: what is served has to be joined into closed ways, so at every junction as much leaves as
comes in; the cheapest driving that makes it so is a minimum-cost flow (Christofides, Campos,
Corberán & Mota 1986, «An algorithm for the rural postman problem on a directed graph»,
Mathematical Programming Study 26, §3). A street served in either direction may be turned over by a
flow of two units. Capacity, shifts and connectivity are left out, so the truth lies above it.
Time: work and that driving, spread over all vehicles without a gap.
"""

from dataclasses import dataclass

import numpy as np
from ortools.graph.python import min_cost_flow  # type: ignore[import-untyped]

from bihuan.engines.routing.network import KINDS, Floats
from bihuan.engines.routing.plan.demand import Demand

_UNIT = 10  # decimetres


@dataclass(frozen=True)
class Bounds:
    """下界：作业里程、至少要空驶多少、总里程；最早清完（秒）。"""

    served_km: float
    empty_km: float
    clear_s: float

    @property
    def km(self) -> float:
        return self.served_km + self.empty_km


def bounds(whole: Demand) -> Bounds:
    """Bounds for all of a scenario's work together."""
    served = sum(float(whole.runs.length_m[task.runs[0]]) for task in whole.tasks)
    empty = _empty_m(whole)
    return Bounds(served / 1000, empty / 1000, _clear_s(whole, empty))


def _empty_m(whole: Demand) -> float:
    """Metres driven without work, at the least."""
    network = whole.scenario.network
    joined = whole.runs
    supply = np.zeros(network.nodes, dtype=np.int64)
    turn_from, turn_to = [], []
    for task in whole.tasks:
        run = task.runs[0]
        tail, head = int(joined.tail[run]), int(joined.head[run])
        supply[head] += 1
        supply[tail] -= 1
        if len(task.runs) > 1:  # served the other way round: two units from head to tail are free
            turn_from.append(head)
            turn_to.append(tail)
    closed = np.zeros(network.arcs, dtype=bool)
    closed[list(whole.scenario.closed)] = True
    arcs = np.flatnonzero(~closed)
    flow = min_cost_flow.SimpleMinCostFlow()
    most = max(int(np.abs(supply).sum()), 1)
    flow.add_arcs_with_capacity_and_unit_cost(
        network.arc_tail[arcs],
        network.arc_head[arcs],
        np.full(len(arcs), most, dtype=np.int64),
        # Rounded down, so that the bound stays one.
        np.floor(network.length_m[arcs] * _UNIT).astype(np.int64),
    )
    if turn_from:
        flow.add_arcs_with_capacity_and_unit_cost(
            np.array(turn_from, dtype=np.int32),
            np.array(turn_to, dtype=np.int32),
            np.full(len(turn_from), 2, dtype=np.int64),
            np.zeros(len(turn_from), dtype=np.int64),
        )
    flow.set_nodes_supplies(np.arange(network.nodes, dtype=np.int32), supply)
    if flow.solve() != flow.OPTIMAL:
        return 0.0  # closed roads may cut a part off: nothing is known then
    return float(flow.optimal_cost()) / _UNIT


def _clear_s(whole: Demand, empty_m: float) -> float:
    """No plan clears everything sooner: work at the fastest, shared by all vehicles at once."""
    scenario = whole.scenario
    types = {one.name: one for one in scenario.types}
    used = [types[group.type] for group in scenario.groups if group.count]
    count = sum(group.count for group in scenario.groups)
    opens = min(group.opens_s for group in scenario.groups if group.count)
    work = max(one.work_kmh for one in used) / 3.6
    served: Floats = np.array([whole.runs.length_m[task.runs[0]] for task in whole.tasks])
    shared = float(served.sum()) / work / count
    last = max((task.ready_s for task in whole.tasks), default=0.0)
    longest = float((served / work).max(initial=0.0))
    return max(opens + shared, last + longest)


def kinds_served_km(whole: Demand) -> dict[str, float]:
    """Kilometres of passes of each class."""
    out: dict[str, float] = {}
    for task in whole.tasks:
        kind = KINDS[task.kind]
        out[kind] = out.get(kind, 0.0) + float(whole.runs.length_m[task.runs[0]]) / 1000
    return out

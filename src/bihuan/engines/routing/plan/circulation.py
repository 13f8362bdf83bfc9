"""The cheapest circulation (最小费用循环流) over arcs with turns: closed ways that serve all.

A junction where every turn is allowed is one node; where some turn is forbidden to all, every arc
has its own and flows along allowed turns (Christofides, Campos, Corberán & Mota 1986, «An algorithm
for the rural postman problem on a directed graph», Mathematical Programming Study 26, §3, over the
arcs of Caldwell 1961, as `turns` has them).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from ortools.graph.python import min_cost_flow  # type: ignore[import-untyped]

from bihuan.engines.routing.network import KINDS, Bools, Ints, Longs
from bihuan.engines.routing.plan.demand import Demand
from bihuan.engines.routing.plan.scenario import VehicleType
from bihuan.engines.routing.turns import turns

_CAP = 1_000_000  # no flow reaches it unless it runs round for ever


@dataclass(frozen=True, eq=False)
class Circulation:
    """循环流的图：`enter`、`leave` 为每条弧起点、终点所属的结点；`turn` 为可行转向。"""

    whole: Demand
    open: Bools  # (m,) some vehicle may drive it
    enter: Ints  # (m,)
    leave: Ints
    turn: Ints  # (t, 2) from node to node, free
    nodes: int

    @cached_property
    def supply(self) -> Longs:
        """What service leaves over at its end and lacks at its beginning."""
        out = np.zeros(self.nodes, dtype=np.int64)
        for task in self.whole.tasks:
            arcs = self.whole.runs.along(task.runs[0])
            out[self.leave[arcs[-1]]] += 1
            out[self.enter[arcs[0]]] -= 1
        return out

    def _turned(self) -> Iterator[tuple[int, int, int, int]]:
        """Streets served either way: turned over where both units flow, one at each side."""
        joined = self.whole.runs
        for task in self.whole.tasks:
            if len(task.runs) > 1:
                first, second = task.runs
                one, other = joined.along(first), joined.along(second)
                yield int(self.leave[one[-1]]), int(self.enter[one[0]]), first, second
                yield int(self.enter[other[0]]), int(self.leave[other[-1]]), first, second

    def cost(self, of: Longs) -> int | None:
        """What all passes cost at the least, each pass over an arc at `of` (m,), work included.

        None where no circulation serves all, or where one could run round at a gain for ever.
        """
        joined = self.whole.runs
        service = np.array([int(of[joined.along(run)].sum()) for run in range(len(joined))])
        turned = list(self._turned())
        drive = np.flatnonzero(self.open)
        begin = np.r_[self.enter[drive], self.turn[:, 0], [row[0] for row in turned]]
        end = np.r_[self.leave[drive], self.turn[:, 1], [row[1] for row in turned]]
        # Half of what the other direction costs more, rounded down, at each of the two sides.
        more = [int(service[other] - service[one]) // 2 for _a, _b, one, other in turned]
        most = np.full(len(begin), _CAP, dtype=np.int64)
        most[len(drive) + len(self.turn) :] = 1
        flow = min_cost_flow.SimpleMinCostFlow()
        flow.add_arcs_with_capacity_and_unit_cost(
            begin.astype(np.int32), end.astype(np.int32), most,
            np.r_[of[drive], np.zeros(len(self.turn)), more].astype(np.int64),
        )  # fmt: skip
        flow.set_nodes_supplies(np.arange(self.nodes, dtype=np.int32), self.supply)
        if flow.solve() != flow.OPTIMAL:
            return None
        free = np.arange(len(drive) + len(self.turn), dtype=np.int32)
        if len(free) and int(flow.flows(free).max()) >= _CAP:
            return None
        fixed = sum(int(service[task.runs[0]]) for task in self.whole.tasks)
        return fixed + int(flow.optimal_cost())


def circulation(whole: Demand, *, turning: bool = True) -> Circulation:
    """The graph of a demand; with `turning` false every turn is free."""
    network = whole.scenario.network
    used = {group.type for group in whole.scenario.groups if group.count}
    types = [one for one in whole.scenario.types if one.name in used]
    open_ = _open(whole, types)
    enter, leave = network.arc_tail.copy(), network.arc_head.copy()
    nodes, turn = network.nodes, np.empty((0, 2), dtype=np.int32)
    if turning:
        pairs = _allowed(whole, types)
        split = _split(whole, pairs)
        # At a split junction each arc that comes in and each that goes out has a node of its own.
        ends, begins = np.flatnonzero(split[leave]), np.flatnonzero(split[enter])
        inner = pairs[split[network.arc_head[pairs[:, 0]]]]
        leave[ends] = nodes + np.arange(len(ends))
        enter[begins] = nodes + len(ends) + np.arange(len(begins))
        nodes += len(ends) + len(begins)
        turn = np.column_stack([leave[inner[:, 0]], enter[inner[:, 1]]])
    return Circulation(whole, open_, enter, leave, turn, nodes)


def _open(whole: Demand, types: list[VehicleType]) -> Bools:
    """(m,) arcs that are not closed, nor barred to every type."""
    network = whole.scenario.network
    barred = [
        np.isin(network.kind, [KINDS.index(kind) for kind in one.banned_kinds]) for one in types
    ]
    open_: Bools = ~np.logical_and.reduce(barred)
    open_[list(whole.scenario.closed)] = False
    return open_


def _allowed(whole: Demand, types: list[VehicleType]) -> Ints:
    """(t, 2) turns that some type may make."""
    network = whole.scenario.network
    pairs = []
    for rules in {one.turns for one in types}:
        table = turns(network, rules)
        coming = np.repeat(np.arange(network.arcs, dtype=np.int32), np.diff(table.start))
        pairs.append(np.column_stack([coming, table.arc]))
    every: Ints = np.unique(np.concatenate(pairs), axis=0)
    return every


def _split(whole: Demand, pairs: Ints) -> Bools:
    """(n,) junctions where a turn is forbidden; never at a yard, which is left in any direction."""
    network = whole.scenario.network
    coming = np.bincount(network.arc_head, minlength=network.nodes)
    going = np.bincount(network.arc_tail, minlength=network.nodes)
    turned = np.bincount(network.arc_head[pairs[:, 0]], minlength=network.nodes)
    split: Bools = turned < coming * going
    split[whole.nodes] = False
    return split

"""A lower bound for capacitated arc routing (下界): no tours can cost less.

Belenguer & Benavent (2003), «A cutting plane algorithm for the capacitated arc routing problem»,
Computers & OR 30(5), 705-728: let x_e be how often edge e is driven without service. Around every
set S of nodes without the depot, enough vehicles have to come and go, and every cut is crossed an
even number of times:

    x(δ(S)) ≥ 2⌈d(S)/Q⌉ − |δ_R(S)|,    x(δ(S)) ≥ 1 where |δ_R(S)| is odd.

The linear programme over the sets found so far is a bound. Sets are sought where the last solution
is thin: by minimum cuts from the depot, along connected parts, and by distance.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import breadth_first_order, connected_components, maximum_flow

from bihuan.engines.routing.carp import Carp
from bihuan.engines.routing.network import Bools, Floats, Ints

_ROUNDS = 60
_SCALE = 10_000
_SLACK = 1e-6


def lower_bound(carp: Carp) -> float:
    """A number that no set of tours can undercut; the cost of all required edges is in it."""
    one = _Cuts(carp)
    found = one.served
    for inside in one.first_sets():
        one.add(inside)
    for _round in range(_ROUNDS):
        x, value = one.solve()
        found = max(found, one.served + value)
        if not sum(one.add(inside, x) for inside in one.thin(x)):
            break
    # Costs that are whole numbers allow rounding up.
    if all(float(edge.cost).is_integer() for edge in carp.edges):
        found = float(np.ceil(found - 1e-6))
    return found


class _Cuts:
    def __init__(self, carp: Carp) -> None:
        self.carp = carp
        self.n = len(carp.nodes)
        self.depot = carp.place[carp.depot]
        self.u = np.array([carp.place[e.u] for e in carp.edges])
        self.v = np.array([carp.place[e.v] for e in carp.edges])
        self.cost = np.array([e.cost for e in carp.edges], dtype=float)
        self.required = np.array([e.required for e in carp.edges])
        self.load = np.array([e.load if e.required else 0.0 for e in carp.edges])
        self.served = float(self.cost[self.required].sum())
        self.rows: list[Bools] = []
        self.least: list[float] = []
        self.known: set[bytes] = set()

    def add(self, inside: Bools, x: Floats | None = None) -> bool:
        """Keep the cut around a set, unless it is known or the solution `x` already keeps it."""
        if inside[self.depot]:
            inside = ~inside
        if not inside.any() or inside[self.depot]:
            return False
        key = np.packbits(inside).tobytes()
        if key in self.known:
            return False
        a, b = inside[self.u], inside[self.v]
        cut = a != b
        crossing = int((cut & self.required).sum())
        vehicles = float(np.ceil(self.load[a | b].sum() / self.carp.capacity - 1e-9))
        least = max(2 * vehicles - crossing, float(crossing % 2))
        if least <= 0 or (x is not None and x[cut].sum() >= least - _SLACK):
            return False
        self.known.add(key)
        self.rows.append(cut)
        self.least.append(least)
        return True

    def solve(self) -> tuple[Floats, float]:
        rows: Any = csr_matrix(np.array(self.rows, dtype=float))
        found = linprog(self.cost, A_ub=-rows, b_ub=-np.array(self.least), method="highs")
        return np.asarray(found.x), float(found.fun or 0.0)

    def first_sets(self) -> Iterable[Bools]:
        """Every node by itself, all but the depot, and what lies beyond each distance."""
        for node in range(self.n):
            one = np.zeros(self.n, dtype=bool)
            one[node] = True
            if node != self.depot:
                yield one
        far = self.carp.ways[self.depot]
        for limit in np.unique(far):
            yield from self._parts(far > limit)

    def _parts(self, inside: Bools) -> Iterable[Bools]:
        """A set, and each of its connected parts."""
        yield inside
        keep = inside[self.u] & inside[self.v]
        graph = csr_matrix(
            (np.ones(int(keep.sum())), (self.u[keep], self.v[keep])), shape=(self.n, self.n)
        )
        _count, label = connected_components(graph, directed=False)
        for part in np.unique(label[inside]):
            yield inside & (label == part)

    def thin(self, x: Floats) -> Iterable[Bools]:
        """Sets whose cut the solution may cross too seldom."""
        weight = x + self.required
        for limit in (1e-6, 0.3, 0.6, 0.99):
            yield from self._of_graph(x > limit)
        yield from self._of_graph(x > 1e-6, both=True)
        yield from self._flows(weight, x)

    def _of_graph(self, keep: Bools, both: bool = False) -> Iterable[Bools]:
        """Connected parts of some edges, and such parts with a neighbouring one."""
        graph = csr_matrix(
            (np.ones(int(keep.sum())), (self.u[keep], self.v[keep])), shape=(self.n, self.n)
        )
        count, label = connected_components(graph, directed=False)
        for part in range(count):
            yield label == part
        if both:
            pairs = np.unique(np.sort(np.column_stack([label[self.u], label[self.v]]), 1), axis=0)
            for a, b in pairs.tolist():
                if a != b:
                    yield (label == a) | (label == b)

    def _flows(self, weight: Floats, x: Floats) -> Iterable[Bools]:
        """Minimum cuts between the depot and every node, in the graph of all crossings.

        An arc to the far side for what has to be carried (2 d/Q) makes the cut a capacity cut
        without the rounding (Belenguer & Benavent 2003, §4.2); the plain cut serves parity.
        """
        n = self.n
        pull = np.zeros(n)
        np.add.at(pull, self.u, self.load / self.carp.capacity)
        np.add.at(pull, self.v, self.load / self.carp.capacity)
        # An edge inside S counts twice here and once in the rule, an edge on the rim once.
        through = np.maximum(weight - self.load / self.carp.capacity, 0.0)
        for capacity, sink in ((through, True), (weight, False)):
            whole = np.round(capacity * _SCALE).astype(np.int32)
            if sink:
                yield self._cut(whole, np.round(pull * _SCALE).astype(np.int32), n)
            for node in range(n):
                if node != self.depot:
                    pulls = np.zeros(n, dtype=np.int32)
                    pulls[node] = 2 * _SCALE
                    if sink:
                        pulls += np.round(pull * _SCALE).astype(np.int32)
                    yield self._cut(whole, pulls, n)

    def _cut(self, whole: Ints, pulls: Ints, sink: int) -> Bools:
        rows = np.concatenate([self.u, self.v, np.arange(self.n)])
        cols = np.concatenate([self.v, self.u, np.full(self.n, sink)])
        caps = np.concatenate([whole, whole, pulls]).astype(np.int32)
        graph: Any = csr_matrix((caps, (rows, cols)), shape=(self.n + 1, self.n + 1))
        graph.sum_duplicates()
        flow = maximum_flow(graph, self.depot, sink).flow
        rest: Any = (graph - flow).tocsr()
        rest.data[rest.data < 0] = 0
        rest.eliminate_zeros()
        reached = breadth_first_order(rest, self.depot, return_predecessors=False)
        inside = np.ones(self.n, dtype=bool)
        inside[reached[reached < self.n]] = False
        return inside

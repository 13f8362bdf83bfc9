"""Capacitated arc routing (弧路径): the textbook question below the city's, for measuring.

Golden & Wong (1981), «Capacitated arc routing problems», Networks 11(3), 305-315. Edges are
undirected and cost the same served or driven; every tour starts and ends at the depot.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from bihuan.engines.routing.faults import Fault, refuse
from bihuan.engines.routing.network import Floats
from bihuan.engines.routing.tours import Fleet, Found, Limits, Matrices, Problem, Stops, Work, solve


@dataclass(frozen=True)
class Edge:
    """边：两端、代价、需求；`required` 为要服务的边。"""

    u: int
    v: int
    cost: float
    load: float
    required: bool


@dataclass(frozen=True)
class Carp:
    """算例：边、装载量、车场、车数（多数文献不作限制，0 为不限）。"""

    name: str
    edges: tuple[Edge, ...]
    capacity: float
    depot: int
    vehicles: int = 0

    @cached_property
    def required(self) -> tuple[Edge, ...]:
        return tuple(edge for edge in self.edges if edge.required)

    @cached_property
    def nodes(self) -> tuple[int, ...]:
        return tuple(sorted({self.depot, *(n for e in self.edges for n in (e.u, e.v))}))

    @cached_property
    def place(self) -> dict[int, int]:
        return {node: at for at, node in enumerate(self.nodes)}

    @cached_property
    def ways(self) -> Floats:
        """(n, n) shortest ways between all nodes."""
        n = len(self.nodes)
        cost = np.full((n, n), np.inf)
        for edge in self.edges:
            a, b = self.place[edge.u], self.place[edge.v]
            cost[a, b] = cost[b, a] = min(cost[a, b], max(edge.cost, 1e-9))
        graph = csr_matrix(np.where(np.isfinite(cost), cost, 0.0))
        return np.asarray(dijkstra(graph, directed=True), dtype=np.float64)


@dataclass(frozen=True)
class Service:
    """服务一条边：从 `u` 驶向 `v`。"""

    u: int
    v: int


@dataclass(frozen=True)
class CarpPlan:
    """线路：每车依次服务的边（按行驶方向），总代价。"""

    routes: tuple[tuple[Service, ...], ...]
    cost: float
    seconds: float = 0.0
    rounds: int = 0


def problem(carp: Carp) -> Problem:
    """The instance as stops and matrices: stop 2i drives edge i as written, 2i + 1 back."""
    refuse(_faults(carp))
    edges = carp.required
    n = len(edges)
    tail = np.array([carp.place[m] for e in edges for m in (e.u, e.v)])
    head = np.array([carp.place[m] for e in edges for m in (e.v, e.u)])
    depot = carp.place[carp.depot]
    tail, head = np.append(tail, depot), np.append(head, depot)
    away = carp.ways[np.ix_(head, tail)]
    load = np.array([edge.load for edge in edges])
    cost = np.repeat([edge.cost for edge in edges], 2)
    count = _vehicles(carp, load)
    yard = np.full(count, 2 * n)
    nothing = np.zeros(count)
    far = np.full(n, np.inf)
    return Problem(
        Work(
            np.arange(0, 2 * n, 2), np.arange(1, 2 * n, 2), load, far, np.zeros(n),
            np.zeros(n, dtype=int), np.ones(n),
        ),
        Fleet(
            np.zeros(count, dtype=int), yard, yard, nothing, np.full(count, np.inf),
            np.full(count, carp.capacity), np.full(count, carp.capacity), nothing,
        ),
        Stops(2 * n, 0, 1),
        Matrices(away[None].astype(np.float32), None, np.append(cost, 0.0)[None]),
    )  # fmt: skip


def _vehicles(carp: Carp, load: Floats) -> int:
    """Tours to choose from: half as many again as the load asks for, and never more than tasks."""
    least = int(np.ceil(load.sum() / carp.capacity))
    return max(1, min(len(load), least + least // 2 + 3))


def _faults(carp: Carp) -> list[Fault]:
    faults = []
    if not carp.required:
        faults.append(Fault("carp_no_edges"))
    for edge in carp.required:
        if edge.load > carp.capacity:
            faults.append(Fault("carp_too_heavy", {"u": edge.u, "v": edge.v}))
    reach = carp.ways[carp.place[carp.depot]]
    for edge in carp.required:
        if not np.isfinite(reach[carp.place[edge.u]]):
            faults.append(Fault("carp_unreachable", {"u": edge.u, "v": edge.v}))
    return faults


def solve_carp(carp: Carp, limits: Limits | None = None) -> CarpPlan:
    """The cheapest tours found within the limits."""
    return told(carp, solve(problem(carp), limits))


def told(carp: Carp, found: Found) -> CarpPlan:
    """What the search found, as edges driven in a direction."""
    edges = carp.required
    routes = []
    for tour in found.tours:
        if tour:
            routes.append(
                tuple(
                    Service(edges[s // 2].u, edges[s // 2].v)
                    if s % 2 == 0
                    else Service(edges[s // 2].v, edges[s // 2].u)
                    for s in tour
                )
            )
    return CarpPlan(tuple(routes), found.cost, found.seconds, found.rounds)


def check(carp: Carp, routes: Sequence[Sequence[Service]]) -> tuple[float, list[Fault]]:
    """What some routes cost and everything they break; by plain counting, without the solver."""
    edges: dict[tuple[int, int], list[int]] = {}
    for at, edge in enumerate(carp.edges):
        edges.setdefault((edge.u, edge.v), []).append(at)
        edges.setdefault((edge.v, edge.u), []).append(at)
    done: set[int] = set()
    faults: list[Fault] = []
    total = 0.0
    for number, route in enumerate(routes, 1):
        at, load = carp.depot, 0.0
        for service in route:
            where = {"route": number, "u": service.u, "v": service.v}
            same = [k for k in edges.get((service.u, service.v), []) if carp.edges[k].required]
            if not same:
                faults.append(Fault("carp_no_such_edge", where))
                continue
            fresh = [k for k in same if k not in done]
            if not fresh:
                faults.append(Fault("carp_twice", where))
            one = fresh[0] if fresh else same[0]
            done.add(one)
            way = carp.ways[carp.place[at], carp.place[service.u]]
            if not np.isfinite(way):
                faults.append(Fault("carp_no_way", {**where, "from": at}))
            total += float(way) + carp.edges[one].cost
            load += carp.edges[one].load
            at = service.v
        total += float(carp.ways[carp.place[at], carp.place[carp.depot]])
        if load > carp.capacity + 1e-9:
            faults.append(
                Fault("carp_over", {"route": number, "load": load, "most": carp.capacity})
            )
    for at, edge in enumerate(carp.edges):
        if edge.required and at not in done:
            faults.append(Fault("carp_missing", {"u": edge.u, "v": edge.v}))
    return total, faults

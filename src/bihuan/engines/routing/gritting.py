"""Winter gritting on a mixed graph (撒布): edges, arcs, refill places, homes, forbidden U-turns.

The question of the ROAR-NET problem statement «Winter road gritting»: every vehicle starts full at
its home and ends there, fetches salt where it likes, turns round only where it may, and is back in
time. Driven metres are to be few.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from bihuan.engines.routing.faults import Fault, refuse
from bihuan.engines.routing.network import Ints
from bihuan.engines.routing.tours import Fleet, Found, Limits, Matrices, Problem, Stops, Work, solve


@dataclass(frozen=True)
class Link:
    """一条路：两端、长度（米）、驶过要几分钟、用料；`oneway` 只能从 u 到 v；用料为空则不撒。"""

    u: str
    v: str
    m: float
    minutes: float
    load: float | None
    oneway: bool


@dataclass(frozen=True)
class Truck:
    """一台车：编号、住处（起讫点）、装载量。"""

    name: str
    home: str
    capacity: float


@dataclass(frozen=True)
class Gritting:
    """算例。"""

    name: str
    links: tuple[Link, ...]
    trucks: tuple[Truck, ...]
    refills: tuple[str, ...]
    u_turns: frozenset[str]
    minutes: float
    ends_home: bool = True  # or wherever its last road ends: the way home is then not counted

    @cached_property
    def required(self) -> tuple[int, ...]:
        return tuple(at for at, link in enumerate(self.links) if link.load is not None)

    @cached_property
    def arcs(self) -> tuple[tuple[str, str, int], ...]:
        """Everything that can be driven: from, to, link."""
        out = []
        for at, link in enumerate(self.links):
            out.append((link.u, link.v, at))
            if not link.oneway:
                out.append((link.v, link.u, at))
        return tuple(out)


@dataclass(frozen=True)
class Step:
    """驶过一条路：从哪到哪，这一次是不是在撒。"""

    u: str
    v: str
    link: int
    serve: bool


@dataclass(frozen=True)
class Trip:
    """一台车的全程；`refill_before` 是在哪几步之前补料。"""

    truck: str
    steps: tuple[Step, ...]
    refill_before: tuple[int, ...]


@dataclass(frozen=True)
class GritPlan:
    """方案：每车全程，总里程（米），没做的路。"""

    trips: tuple[Trip, ...]
    m: float
    left: tuple[int, ...]
    rounds: int = 0
    seconds: float = 0.0


class _Ways:
    """Shortest ways over arcs, turns counted: places are arcs, then nodes as starts, as ends."""

    def __init__(self, given: Gritting) -> None:
        self.given = given
        arcs = given.arcs
        self.m = np.array([given.links[link].m for _u, _v, link in arcs])
        nodes = sorted({n for u, v, _l in arcs for n in (u, v)})
        self.node = {name: at for at, name in enumerate(nodes)}
        self.size = len(arcs)
        out: dict[str, list[int]] = {}
        for at, (u, _v, _l) in enumerate(arcs):
            out.setdefault(u, []).append(at)
        leaving = {name: len({arcs[b][1] for b in out.get(name, [])}) for name in nodes}
        rows, cols, cost = [], [], []
        for a, (_u, v, _link) in enumerate(arcs):
            for b in out.get(v, []):
                turned = arcs[b][1] == arcs[a][0]
                if turned and v not in given.u_turns and leaving[v] > 1:
                    continue
                rows.append(a)
                cols.append(b)
                cost.append(self.m[a])
        # Node n stands at size + n as a start (first turn free) and size + N + n as an end.
        n = len(nodes)
        for name, at in self.node.items():
            for b in out.get(name, []):
                rows.append(self.size + at)
                cols.append(b)
                cost.append(1e-9)
        for a, (_u, v, _l) in enumerate(arcs):
            rows.append(a)
            cols.append(self.size + n + self.node[v])
            cost.append(self.m[a])
        whole = self.size + 2 * n
        self.graph = csr_matrix((cost, (rows, cols)), shape=(whole, whole))
        found = dijkstra(self.graph, return_predecessors=True)
        self.cost, self.before = found[0], found[1]

    def start(self, node: str) -> int:
        return self.size + self.node[node]

    def end(self, node: str) -> int:
        return self.size + len(self.node) + self.node[node]

    def between(self, source: int, target: int) -> float:
        """From the end of an arc (or a start node) to the beginning of an arc (or an end node)."""
        if source >= self.size and target >= self.size:
            if source - self.size == target - self.size - len(self.node):
                return 0.0
            return float(self.cost[source, target])
        lead = self.m[source] if source < self.size else 0.0
        return float(self.cost[source, target] - lead) if source != target else self._round(source)

    def _round(self, arc: int) -> float:
        """From an arc's end to its own beginning again."""
        part = slice(self.graph.indptr[arc], self.graph.indptr[arc + 1])
        return float(min((self.cost[b, arc] for b in self.graph.indices[part]), default=np.inf))

    def way(self, source: int, target: int) -> list[int]:
        """The arcs in between."""
        if source == target:
            part = slice(self.graph.indptr[source], self.graph.indptr[source + 1])
            first = min(self.graph.indices[part], key=lambda b: self.cost[b, source])
            return [int(first), *self.way(int(first), target)] if first != source else []
        out: list[int] = []
        at = int(self.before[source, target])
        while at >= 0 and at != source:
            if at < self.size:
                out.append(at)
            at = int(self.before[source, at])
        return out[::-1]


def solve_gritting(given: Gritting, limits: Limits | None = None) -> GritPlan:
    """The shortest tours found within the limits."""
    refuse(_faults(given))
    ways = _Ways(given)
    stops, problem = _problem(given, ways)
    return _told(given, ways, stops, solve(problem, limits))


def _faults(given: Gritting) -> list[Fault]:
    faults = []
    nodes = {n for link in given.links for n in (link.u, link.v)}
    if not given.required:
        faults.append(Fault("carp_no_edges"))
    if not given.trucks:
        faults.append(Fault("tours_no_vehicle"))
    for truck in given.trucks:
        if not truck.capacity > 0:
            faults.append(Fault("carp_no_capacity", {"found": truck.capacity}))
        if truck.home not in nodes:
            faults.append(Fault("carp_no_depot", {"found": truck.home}))
    most = max((t.capacity for t in given.trucks), default=0.0)
    for at in given.required:
        link = given.links[at]
        if (link.load or 0) > most > 0:
            faults.append(Fault("carp_too_heavy", {"u": link.u, "v": link.v}))
    return faults


def _problem(given: Gritting, ways: _Ways) -> tuple[Ints, Problem]:
    """`stops` says which arc a directed stop drives."""
    of: dict[int, list[int]] = {}
    for at, (_u, _v, link) in enumerate(given.arcs):
        of.setdefault(link, []).append(at)
    stops = np.array([arc for link in given.required for arc in of[link]], dtype=np.int32)
    first: list[int] = []
    two: list[int] = []
    for link in given.required:
        at = first[-1] + (2 if two[-1] >= 0 else 1) if first else 0
        first.append(at)
        two.append(at + 1 if len(of[link]) > 1 else -1)
    refills = list(given.refills)
    homes = [truck.home for truck in given.trucks]
    sources = [*stops.tolist(), *(ways.start(n) for n in refills), *(ways.start(n) for n in homes)]
    targets = [*stops.tolist(), *(ways.end(n) for n in refills), *(ways.end(n) for n in homes)]
    away = np.array([[ways.between(a, b) for b in targets] for a in sources], dtype=np.float32)
    size, d, r, v = len(sources), len(stops), len(refills), len(homes)
    serve = np.concatenate([ways.m[stops], np.zeros(size - d)])[None]
    n = len(given.required)
    # Minutes run as metres do, at the slowest pace of any link: then no tour is late by rounding.
    pace = max(link.minutes / link.m for link in given.links if link.m > 0)
    room = np.array([truck.capacity for truck in given.trucks])
    begin = np.arange(d + r, d + r + v)
    matrix = away[None]
    return stops, Problem(
        Work(
            np.array(first), np.array(two),
            np.array([given.links[link].load or 0.0 for link in given.required]),
            np.full(n, np.inf), np.zeros(n), np.zeros(n, dtype=int), np.ones(n),
        ),
        Fleet(
            np.zeros(v, dtype=int), begin,
            begin.copy() if given.ends_home else np.full(v, -1), np.zeros(v),
            np.full(v, given.minutes / pace), room, room.copy(), np.zeros(v),
        ),
        Stops(d, r, v),
        Matrices(matrix, matrix, serve, serve),
    )  # fmt: skip


def _told(given: Gritting, ways: _Ways, stops: Ints, found: Found) -> GritPlan:
    trips = []
    for truck, tour in zip(given.trucks, found.tours, strict=True):
        steps: list[Step] = []
        refill: list[int] = []
        at = ways.start(truck.home)

        def go(target: int, at: int, steps: list[Step]) -> None:
            for arc in ways.way(at, target):
                u, v, link = given.arcs[arc]
                steps.append(Step(u, v, link, False))

        for stop in tour:
            if stop < len(stops):
                arc = int(stops[stop])
                go(arc, at, steps)
                u, v, link = given.arcs[arc]
                steps.append(Step(u, v, link, True))
                at = arc
            else:
                node = given.refills[stop - len(stops)]
                go(ways.end(node), at, steps)
                refill.append(len(steps))
                at = ways.start(node)
        if tour and given.ends_home:
            go(ways.end(truck.home), at, steps)
        trips.append(Trip(truck.name, tuple(steps), tuple(refill)))
    left = tuple(given.required[at] for at in found.undone)
    metres = sum(given.links[s.link].m for trip in trips for s in trip.steps)
    return GritPlan(tuple(trips), metres, left, found.rounds, found.seconds)


def check_gritting(given: Gritting, trips: Sequence[Trip]) -> tuple[float, list[Fault]]:
    """Driven metres and everything that trips break, by plain counting."""
    links: dict[tuple[str, str], list[int]] = {}
    for number, link in enumerate(given.links):
        links.setdefault((link.u, link.v), []).append(number)
        if not link.oneway:
            links.setdefault((link.v, link.u), []).append(number)
    ways_out: dict[str, int] = {}
    for u, _v in links:
        ways_out[u] = ways_out.get(u, 0) + 1
    trucks = {truck.name: truck for truck in given.trucks}
    served: dict[int, int] = {}
    faults: list[Fault] = []
    metres = 0.0
    for trip in trips:
        truck = trucks.get(trip.truck)
        if truck is None:
            faults.append(Fault("grit_truck", {"found": trip.truck}))
            continue
        at, load, minutes = truck.home, truck.capacity, 0.0
        before: Step | None = None
        for number, step in enumerate(trip.steps):
            where = {"truck": truck.name, "step": number + 1, "u": step.u, "v": step.v}
            if number in trip.refill_before:
                if at not in given.refills:
                    faults.append(Fault("grit_refill", {**where, "node": at}))
                load, before = truck.capacity, None
            if step.u != at:
                faults.append(Fault("grit_jump", where))
            if step.link not in links.get((step.u, step.v), []):
                faults.append(Fault("grit_no_road", where))
                continue
            turned = before is not None and before.u == step.v
            if turned and at not in given.u_turns and ways_out[at] > 1:
                faults.append(Fault("grit_u_turn", {**where, "node": at}))
            link = given.links[step.link]
            metres += link.m
            minutes += link.minutes
            if step.serve:
                served[step.link] = served.get(step.link, 0) + 1
                load -= link.load or 0.0
                if load < -1e-6:
                    faults.append(Fault("grit_empty", where))
            at, before = step.v, step
        if given.ends_home and trip.steps and at != truck.home:
            faults.append(Fault("grit_not_home", {"truck": truck.name, "node": at}))
        if minutes > given.minutes + 0.05:
            over = {"truck": truck.name, "minutes": minutes, "most": given.minutes}
            faults.append(Fault("grit_late", over))
    for link_at in given.required:
        if not served.get(link_at):
            link = given.links[link_at]
            faults.append(Fault("carp_missing", {"u": link.u, "v": link.v}))
    return metres, faults

"""The judge (校验): any plan, by plain counting over its legs, without a line of the solver.

It takes the network and the scenario at their word and a plan at none of its: whether roads hang
together, one-ways and forbidden turns are kept, times are not faster than a vehicle goes, loads and
shifts hold, every pass is done, and what the totals and the promised hours come to.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from bihuan.engines.routing.faults import Fault
from bihuan.engines.routing.network import KINDS, Ints
from bihuan.engines.routing.plan.facts.record import Seen
from bihuan.engines.routing.plan.legs import Leg, Tour
from bihuan.engines.routing.plan.scenario import Group, Scenario, VehicleType
from bihuan.engines.routing.turns import turns
from bihuan.engines.routing.whatif import Judged

_SECOND = 1.0


class Plan(Protocol):
    """What is judged: tours, and how often every arc was to be served."""

    @property
    def tours(self) -> tuple[Tour, ...]: ...


@dataclass(frozen=True, eq=False)
class Verdict:
    """判词：不合之处（一条一句），没做到的遍数，以及判下来的数。"""

    faults: tuple[Fault, ...]
    judged: Judged
    undone_passes: int
    served_km: float

    @property
    def valid(self) -> bool:
        """Everything that is in the plan may be driven; it need not be all of the work."""
        return not self.faults


def check(
    scenario: Scenario,
    plan: Plan,
    passes: Ints,
    *,
    stranded: Collection[int] = (),
    seen: Mapping[int, Seen] | None = None,
    most: int = 200,
) -> Verdict:
    """What a plan breaks and what it comes to. `passes` (m,): how often each arc is asked for.

    `stranded`: vehicles that broke down on the way and need not be home. `seen`: what is known of
    vehicles on the way; a record in a plan counts only where it is one of these facts.
    """
    known = seen or {}
    faults = [
        fault
        for tour in plan.tours
        for fault in _Drive(
            scenario, tour, tour.vehicle in stranded, known.get(tour.vehicle)
        ).faults()
    ]
    count = Counter(tour.vehicle for tour in plan.tours)
    faults += [Fault("check_vehicle_twice", {"vehicle": v}) for v, n in count.items() if n > 1]
    done = np.zeros(scenario.network.arcs, dtype=np.int32)
    for tour in plan.tours:
        for leg in tour.stops:
            if leg.kind == "serve":
                for arc in leg.arcs:
                    done[arc] += 1
    short = _short(scenario, done, passes)
    judged = _judged(scenario, plan, passes, short)
    km = sum(leg.m for tour in plan.tours for leg in tour.stops if leg.kind == "serve") / 1000
    return Verdict(tuple(faults[:most]), judged, int(short.sum()), km)


def _short(scenario: Scenario, done: Ints, passes: Ints) -> Ints:
    """(m,) passes that are missing. Where once is enough for a street, either way counts."""
    missing = np.maximum(passes - done, 0)
    back = scenario.network.back
    rules = scenario.rules
    once = np.array([k in rules and rules[k].passes == "street" for k in KINDS])
    either = once[scenario.network.kind] & (back >= 0)
    over = np.maximum(done - passes, 0)
    other = np.where(either, over[back], 0)
    both: Ints = np.maximum(missing - other, 0)
    return both


def _judged(scenario: Scenario, plan: Plan, passes: Ints, short: Ints) -> Judged:
    network = scenario.network
    rules = scenario.rules
    last = np.zeros(network.arcs)
    for tour in plan.tours:
        for leg in tour.stops:
            if leg.kind == "serve":
                arcs = list(leg.arcs)
                last[arcs] = np.maximum(last[arcs], leg.to_s)
    last[short > 0] = np.inf
    clear: dict[str, float] = {}
    late: dict[str, int] = {}
    late_s = 0.0
    undone: set[int] = set(network.section[short > 0].tolist())
    for kind, rule in rules.items():
        own = (network.kind == KINDS.index(kind)) & ((passes > 0) | (last > 0))
        if scenario.closed:
            own[list(scenario.closed)] = False
        if not own.any():
            continue
        clear[kind] = float(last[own].max())
        by_section = np.zeros(len(network.sections))
        np.maximum.at(by_section, network.section[own], last[own])
        over = by_section - _promised(scenario, rule.promise_s)
        late[kind] = int((over > _SECOND).sum())
        finite = over[(over > 0) & np.isfinite(over)]
        late_s += rule.weight * float(finite.sum())
    return Judged(
        clear, late, late_s,
        sum(leg.m for tour in plan.tours for leg in tour.stops) / 1000,
        sum(leg.kg for tour in plan.tours for leg in tour.stops if leg.kind == "serve"),
        sum(1 for tour in plan.tours if tour.stops),
        len(undone),
    )  # fmt: skip


def _promised(scenario: Scenario, promise_s: float) -> float:
    """With repeated rounds the last round is what the hour is counted for."""
    if scenario.repeat is None:
        return promise_s
    rounds = int(scenario.repeat.until_s // scenario.repeat.every_s)
    return promise_s + rounds * scenario.repeat.every_s


class _Drive:
    """Follows one tour leg by leg, from its yard or from where it was seen."""

    def __init__(self, scenario: Scenario, tour: Tour, stranded: bool, seen: Seen | None) -> None:
        self.scenario, self.tour, self.stranded, self.seen = scenario, tour, stranded, seen
        kinds = [leg.kind for leg in tour.stops]
        self.record = len(kinds) - kinds[::-1].index("seen") if "seen" in kinds else 0
        group, _name = scenario.vehicles[tour.vehicle]
        self.group: Group = scenario.groups[group]
        self.kind: VehicleType = next(t for t in scenario.types if t.name == self.group.type)
        self.network = scenario.network
        yard = next(y for y in scenario.yards if y.name == self.group.yard)
        self.yard = _node(scenario, yard.lon, yard.lat)
        self.next = _turns(scenario, self.kind)
        self.closed = frozenset(scenario.closed)

    def faults(self) -> Iterator[Fault]:
        if not self.tour.stops:
            return
        yield from self._facts()
        yield from self._way()
        yield from self._hours()
        yield from self._loads()

    def _where(self, at: int) -> dict[str, object]:
        return {"vehicle": self.tour.name, "leg": at + 1}

    def _driven(self) -> Iterator[tuple[int, Leg]]:
        """What is judged as driving: all behind the record."""
        yield from list(enumerate(self.tour.stops))[self.record :]

    def _facts(self) -> Iterator[Fault]:
        """A record says what was seen: this work done then, this place, this hour, this load."""
        if not self.record:
            return
        told = self.tour.stops[self.record - 1]
        if self.seen is None or (told.arcs, told.yard, told.from_s, told.to_s, told.kg) != (
            (self.seen.arc,) if self.seen.arc >= 0 else (),
            self.seen.yard, self.seen.at_s, self.seen.free_s, self.seen.load_kg,
        ):  # fmt: skip
            yield Fault("check_not_seen", self._where(self.record - 1))
            return
        done = {(one.arcs, one.from_s, one.to_s, one.kg) for one in self.seen.done}
        for at, leg in enumerate(self.tour.stops[: self.record - 1]):
            if leg.kind != "serve" or (leg.arcs, leg.from_s, leg.to_s, leg.kg) not in done:
                yield Fault("check_not_seen", self._where(at))

    def _way(self) -> Iterator[Fault]:
        """Roads hang together, are open to the vehicle, and no forbidden turn is made."""
        net = self.network
        node, before = self.yard, -1
        if self.record and self.seen is not None:
            before = self.seen.arc
            node = int(net.arc_head[before]) if before >= 0 else self._yard_node(self.seen.yard)
        for at, leg in self._driven():
            for arc in leg.arcs:
                if int(net.arc_tail[arc]) != node:
                    yield Fault("check_jump", self._where(at))
                elif before >= 0 and arc not in self.next(before):
                    yield Fault("check_turn", self._where(at))
                # What is shut may be driven to and served last, not through.
                if arc in self.closed or KINDS[net.kind[arc]] in self.kind.banned_kinds:
                    yield Fault("check_closed", self._where(at))
                node, before = int(net.arc_head[arc]), arc
            if leg.kind == "refill":
                yard = self.scenario.yards[leg.yard]
                if not yard.refill or _node(self.scenario, yard.lon, yard.lat) != node:
                    yield Fault("check_refill_place", self._where(at))
                before = -1
            metres = float(net.length_m[list(leg.arcs)].sum()) if leg.arcs else 0.0
            if abs(metres - leg.m) > 1.0:
                yield Fault("check_length", {**self._where(at), "m": round(leg.m - metres)})
        if node != self.yard and not self.stranded:
            yield Fault("check_not_home", {"vehicle": self.tour.name})

    def _yard_node(self, at: int) -> int:
        yard = self.scenario.yards[at]
        return _node(self.scenario, yard.lon, yard.lat)

    def _hours(self) -> Iterator[Fault]:
        """No leg begins before the last ended or is faster than the vehicle; the shift holds."""
        now = self.group.opens_s
        if self.record and self.seen is not None:
            now = self.seen.free_s
        for at, leg in self._driven():
            if leg.from_s < now - _SECOND or leg.to_s < leg.from_s:
                yield Fault("check_clock", self._where(at))
            if leg.to_s - leg.from_s < self._least(leg) - _SECOND:
                yield Fault("check_too_fast", self._where(at))
            now = max(now, leg.to_s)
        if now > self.group.shuts_s + _SECOND:
            over = round((now - self.group.shuts_s) / 60)
            yield Fault("check_after_shift", {"vehicle": self.tour.name, "minutes": over})

    def _least(self, leg: Leg) -> float:
        if leg.kind == "refill":
            return self.scenario.yards[leg.yard].refill_s
        arcs = list(leg.arcs)
        if not arcs:
            return 0.0
        length = self.network.length_m[arcs]
        if leg.kind == "serve":
            return float(length.sum()) / (self.kind.work_kmh / 3.6)
        speed = np.minimum(self.network.speed_kmh[arcs], self.kind.drive_kmh) / 3.6
        return float((length / speed).sum())

    def _loads(self) -> Iterator[Fault]:
        """Never more in the hopper than fits, never less than nothing."""
        full = self.kind.capacity_kg
        load = full if self.group.filled_kg is None else min(self.group.filled_kg, full)
        if self.record and self.seen is not None:
            load = self.seen.load_kg
        for at, leg in self._driven():
            if leg.kind == "refill":
                load = min(full, load + leg.kg)
            elif leg.kind == "serve":
                wanted = leg.kg
                load -= wanted
                if load < -1e-6 * max(full, 1.0):
                    yield Fault("check_empty", {**self._where(at), "kg": round(-load)})
                    load = 0.0


def _node(scenario: Scenario, lon: float, lat: float) -> int:
    node, _away = scenario.network.nearest_nodes(np.array([lon]), np.array([lat]))
    return int(node[0])


def _turns(scenario: Scenario, kind: VehicleType) -> Callable[[int], set[int]]:
    table = turns(scenario.network, kind.turns)

    def following(arc: int) -> set[int]:
        part = slice(int(table.start[arc]), int(table.start[arc + 1]))
        return set(table.arc[part].tolist())

    return following

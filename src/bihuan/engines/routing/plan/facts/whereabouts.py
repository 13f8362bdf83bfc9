"""Where a vehicle is (所在): the road or the yard, when it can go on, what it still carries."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bihuan.engines.routing.coordinates import to_wgs84
from bihuan.engines.routing.coverage.trail import CELL_M
from bihuan.engines.routing.matching.model import OFF_ROAD, USED, Matched, Tracks
from bihuan.engines.routing.network import Floats, Ints
from bihuan.engines.routing.plan.facts.progress import ENOUGH, Progress
from bihuan.engines.routing.plan.facts.record import Done, Seen
from bihuan.engines.routing.plan.legs import CityPlan, Tour
from bihuan.engines.routing.plan.live import told_of
from bihuan.engines.routing.plan.scenario import Group, VehicleType, Yard
from bihuan.engines.routing.sphere import flat

STALE_S = 300.0  # not heard for longer: from its last place on it is taken to go on as planned
NEAR_M = 150.0  # of a yard: yards are large, and some lie off the street
LEAST_STAND_S = 60.0  # … and stood there for so long: it was refilled
UNDER_WAY = 0.2  # of a run: it is at work on it and will finish it
_STAND_M = 40.0  # what a receiver wanders while a vehicle stands


@dataclass(eq=False)
class Look:
    """One vehicle: its points since it was last looked at."""

    plan: CityPlan
    tour: Tour
    tracks: Tracks
    matched: Matched
    before: Seen | None
    now_s: float
    broken: bool
    points: Ints = field(init=False)

    def __post_init__(self) -> None:
        since = self.before.free_s if self.before else -np.inf
        tracks = self.tracks
        rows = np.flatnonzero(
            (tracks.vehicle == self.tour.vehicle) & (tracks.t_s <= self.now_s)
            & (tracks.t_s > since) & np.isin(self.matched.fate, (USED, OFF_ROAD))
        )  # fmt: skip
        self.points = rows[np.argsort(tracks.t_s[rows], kind="stable")].astype(np.int32)

    def found(self, work: Progress, done: list[Done]) -> Seen | None:
        """What is known of it; nothing where none of its points is on a street or at a yard."""
        if not len(self.points):
            return None
        v, before = self.tour.vehicle, self.before.done if self.before else ()
        last = float(self.tracks.t_s[self.points[-1]])
        stands = self._stands()
        load, metres = self._load(work, done, stands), self._metres(work)
        if stands and stands[-1].to_s >= last:  # it stands there now
            here = stands[-1]
            ready = here.from_s + self._yards[here.yard].refill_s if here.refilled else 0.0
            free = self._fresh(last, max(last, ready, self._opens_s))
            return Seen(v, last, -1, here.yard, free, load, metres, (*before, *done))
        used = self.points[self.matched.fate[self.points] == USED]
        if not len(used):
            return None
        arc, at_m = int(self.matched.arc[used[-1]]), float(self.matched.at_m[used[-1]])
        at_s = float(self.tracks.t_s[used[-1]])
        if not self.broken and (doing := self._doing(work, arc, at_m, at_s)) is not None:
            one, rest = doing
            load = max(load - one.kg, 0.0)
            arc, free = one.arcs[-1], one.to_s
            done = [*done, one]
        else:
            network = self.plan.scenario.network
            rest = max(float(network.length_m[arc]) - at_m, 0.0)
            kmh = min(self._kind.drive_kmh, float(network.speed_kmh[arc]))
            free = at_s + rest / (kmh / 3.6)
        free = self._fresh(last, free)
        return Seen(v, last, arc, -1, free, load, metres + rest, (*before, *done))

    def _fresh(self, last: float, free: float) -> float:
        """Nothing is begun in the past, unless it was not heard since."""
        return max(free, self.now_s) if self.now_s - last <= STALE_S else free

    @property
    def _yards(self) -> Sequence[Yard]:
        return self.plan.scenario.yards

    @property
    def _kind(self) -> VehicleType:
        return self.plan.scenario.types[self.tour.type]

    @property
    def _opens_s(self) -> float:
        return self._group.opens_s

    @property
    def _group(self) -> Group:
        return self.plan.scenario.groups[self.plan.scenario.vehicles[self.tour.vehicle][0]]

    def _doing(
        self, work: Progress, arc: int, at_m: float, at_s: float
    ) -> tuple[Done, float] | None:
        """The task that it is at, as it will be finished, and the metres still to go."""
        runs, network = self.plan.demand.runs, self.plan.scenario.network
        run = int(runs.of[arc])
        own = [leg.task for leg in self.tour.stops[told_of(self.tour) :]
               if leg.kind == "serve" and leg.task not in work.known]  # fmt: skip
        mine = [at for at in own if run in self.plan.demand.tasks[at].runs]
        if run < 0 or not mine:
            return None
        does, next_one = self.plan.demand.tasks[mine[0]].does, mine[0] == own[0]
        arcs = runs.along(run)
        before = arcs[: int(np.flatnonzero(arcs == arc)[0])]
        gone = float(network.length_m[before].sum()) + at_m
        begin, worked = work.latest(self.tour.vehicle, run, does)
        if not next_one and (  # the plan has other work first: it may only be passing
            work.mute(self.tour.vehicle, does) or worked < UNDER_WAY * float(runs.length_m[run])
        ):
            return None
        if worked < ENOUGH * gone - CELL_M or work.idle(self.tour.vehicle, does):
            return None
        begin = min(begin, at_s)
        rest = max(float(runs.length_m[run]) - gone, 0.0)
        end = at_s + rest / (self._kind.work_kmh / 3.6)
        return work.credit(mine[0], run, (begin, end)), rest

    def _metres(self, work: Progress) -> float:
        driven = self.matched.driven
        since = self.before.free_s if self.before else -np.inf
        mine = (
            (driven.vehicle == self.tour.vehicle)
            & (driven.from_s >= since) & (driven.to_s <= self.now_s)
        )  # fmt: skip
        more = float((driven.to_m - driven.from_m)[mine].sum())
        return more + (self.before.m if self.before else 0.0)

    def _load(self, work: Progress, done: Sequence[Done], stands: Sequence["_Stand"]) -> float:
        """What it carries: since it was last filled it spread what its device says, else what its
        tasks need by the plan."""
        filled = self._kind.capacity_kg
        since, load = -np.inf, filled
        if self.before:
            load = self.before.load_kg
        elif self._group.filled_kg is not None:
            load = min(self._group.filled_kg, filled)
        for one in stands:
            if one.refilled:
                since, load = one.to_s, filled
        spread = work.spread_kg(self.tour.vehicle, since)
        if spread is None:
            spread = sum(one.kg for one in done if one.to_s > since)
        return max(load - spread, 0.0)

    def _stands(self) -> list["_Stand"]:
        """When it stood at its own yard or at one where it may be filled, in order."""
        lon, lat = self._places()
        out = []
        for at, yard in enumerate(self._yards):
            if at != self.tour.yard and not yard.refill:
                continue
            x, y = flat(lon, lat, at_lon=yard.lon, at_lat=yard.lat)
            near = np.hypot(x, y) <= NEAR_M
            edge = np.flatnonzero(np.diff(np.concatenate([[False], near, [False]]).astype(int)))
            for begin, end in edge.reshape(-1, 2).tolist():
                if self._still(x[begin:end], y[begin:end]):
                    out.append(self._stand(at, begin, end))
        return sorted((one for one in out if one is not None), key=lambda one: one.to_s)

    def _places(self) -> tuple[Floats, Floats]:
        lon, lat = self.tracks.lon[self.points], self.tracks.lat[self.points]
        datum = self.matched.datums[self.tour.vehicle]
        return (lon, lat) if datum in ("", "wgs84", "cgcs2000") else to_wgs84(lon, lat, datum)

    def _still(self, x: Floats, y: Floats) -> bool:
        """Most points within forty metres of their middle: it stood, and did not drive about."""
        away = np.hypot(x - np.median(x), y - np.median(y))
        return float((away <= _STAND_M).mean()) >= 0.7

    def _stand(self, yard: int, begin: int, end: int) -> "_Stand | None":
        t = self.tracks.t_s[self.points]
        from_s, to_s = float(t[begin]), float(t[end - 1])
        if begin == 0 and self.before is None:  # it has not left: it was filled before
            return _Stand(yard, from_s, to_s, refilled=False)
        if to_s - from_s < LEAST_STAND_S:
            return None
        # Of a stand that goes on the rest is still to come.
        enough = to_s - from_s >= self._yards[yard].refill_s / 2 or end == len(t)
        return _Stand(yard, from_s, to_s, refilled=self._yards[yard].refill and enough)


@dataclass(frozen=True)
class _Stand:
    yard: int
    from_s: float
    to_s: float
    refilled: bool

"""Which tasks are done (进度): drives over runs, with the plough down or up, as work."""

from collections.abc import Iterator, Mapping

import numpy as np

from bihuan.engines.routing.coverage.trail import Trail
from bihuan.engines.routing.matching.model import Bools, Bytes
from bihuan.engines.routing.network import Floats, Ints
from bihuan.engines.routing.plan.facts.record import Done
from bihuan.engines.routing.plan.legs import CityPlan, Tour
from bihuan.engines.routing.plan.live import told_of

ENOUGH = 0.8  # of a run's length
SLACK_M = 25.0  # … or all but so much: points lie as far apart, and so far reaches their signal
SHORT_M = 50.0  # points cannot tell a run as short as this from its neighbours

Spans = dict[tuple[int, int], list[tuple[float, float]]]  # (vehicle, run): from, to of each time


class Progress:
    """Drives over runs, with the plough down or up, turned into tasks done."""

    def __init__(self, plan: CityPlan, one: Trail, who: Ints, new: Bools, known: set[int]) -> None:
        self.plan, self.one, self.who, self.new, self.known = plan, one, who, new, known
        self.tasks, self.runs = plan.demand.tasks, plan.demand.runs
        self.works = sorted({task.does for task in self.tasks}, key=sorted)
        self.signal = {does: _signal(one, does) for does in self.works}
        length = self.runs.length_m
        own = np.minimum(ENOUGH * length, np.maximum(length - SLACK_M, 1.0))
        self.maybe = {does: self._times(self.signal[does] != 0, own) for does in self.works}
        self.sure = {
            does: self._times((self.signal[does] == 1) & one.seen, ENOUGH * length)
            for does in self.works
        }
        self.used: dict[tuple[int, int, frozenset[str]], int] = {}

    def done(self, tours: Mapping[int, Tour]) -> dict[int, list[Done]]:
        """Of each vehicle: first its own tasks, then those of others that it provably did."""
        out: dict[int, list[Done]] = {v: self._own(tour) for v, tour in tours.items()}
        for v, found in self._others(tours):
            out[v].append(found)
        return out

    def mute(self, vehicle: int, does: frozenset[str]) -> bool:
        """Does its device mostly not say whether it works?"""
        mine = self.signal[does][self.new & (self.who == vehicle)]
        return bool(len(mine)) and float((mine == -1).mean()) > 0.5

    def idle(self, vehicle: int, does: frozenset[str]) -> bool:
        """Did its device say at last that it does not work?"""
        mine = np.flatnonzero(self.new & (self.who == vehicle))
        return bool(len(mine)) and int(self.signal[does][mine[-1]]) == 0

    def _own(self, tour: Tour) -> list[Done]:
        """Its tasks in the order of its tour."""
        v = tour.vehicle
        mute = {does: self.mute(v, does) for does in self.works}
        driven: dict[int, int] = {}
        out: list[Done] = []
        short: list[tuple[int, int]] = []  # not seen to be done since the last that was
        for leg in tour.stops[told_of(tour) :]:
            for run in dict.fromkeys(self.runs.of[list(leg.arcs)].tolist()):
                driven[run] = driven.get(run, 0) + 1
            if leg.kind != "serve" or leg.task in self.known:
                continue
            planned = int(self.runs.of[leg.arcs[0]])
            nth = driven[planned] if mute[self.tasks[leg.task].does] else None
            if (found := self._did(v, leg.task, planned, nth)) is not None:
                # It came by here in its turn: what points cannot resolve was done on the way.
                begin = out[-1].to_s if out else found.from_s
                span = (begin, max(begin, found.from_s))
                out += [self.credit(at, run, span) for at, run in short]
                out.append(found)
                short = []
            elif leg.m <= SHORT_M:
                short.append((leg.task, planned))
            else:
                short = []
        return out

    def _did(self, v: int, at: int, planned: int, nth: int | None) -> Done | None:
        task = self.tasks[at]
        for run in (planned, *(other for other in task.runs if other != planned)):
            times = self.maybe[task.does].get((v, run), [])
            used = self.used.get((v, run, task.does), 0)
            place = used if nth is None else max(used, nth - 1)
            if place < len(times) and times[place][1] >= task.ready_s:
                self.used[v, run, task.does] = place + 1
                return self.credit(at, run, times[place])
        return None

    def _others(self, tours: Mapping[int, Tour]) -> Iterator[tuple[int, Done]]:
        """Tasks that nobody has done yet, on runs that a vehicle provably worked beside its own."""
        by_run: dict[tuple[int, frozenset[str]], list[int]] = {}
        for at in sorted(range(len(self.tasks)), key=lambda at: (self.tasks[at].round, at)):
            for run in self.tasks[at].runs:
                by_run.setdefault((run, self.tasks[at].does), []).append(at)
        for does in self.works:
            for (v, run), times in self.sure[does].items():
                used = self.used.get((v, run, does), 0)
                for at in by_run.get((run, does), ()):
                    if v not in tours or used >= len(times) or not does <= self._able(tours[v]):
                        break
                    if at not in self.known and times[used][1] >= self.tasks[at].ready_s:
                        yield v, self.credit(at, run, times[used])
                        used += 1

    def _able(self, tour: Tour) -> set[str]:
        return set(self.plan.scenario.types[tour.type].does)

    def credit(self, at: int, run: int, span: tuple[float, float]) -> Done:
        """A task as done on one of its runs."""
        self.known.add(at)
        arcs = tuple(self.runs.along(run).tolist())
        return Done(at, arcs, *span, float(self.runs.length_m[run]), self.tasks[at].load_kg)

    def latest(self, v: int, run: int, does: frozenset[str]) -> tuple[float, float]:
        """Since when it is at a run that it has not finished, and the metres worked since."""
        times = self.maybe[does].get((v, run), [])
        used = self.used.get((v, run, does), 0)
        since = times[used - 1][1] if 0 < used <= len(times) else -np.inf
        one = self.one
        rows = np.flatnonzero(
            self.new & (self.who == v) & (self.runs.of[one.arc] == run)
            & (self.signal[does] != 0) & (one.at_s > since)
        )  # fmt: skip
        if not len(rows):
            return np.inf, 0.0
        _cells, first = np.unique(one.cell[rows], return_index=True)
        return float(one.at_s[rows].min()), float(one.metres[rows[first]].sum())

    def spread_kg(self, v: int, since_s: float) -> float | None:
        """What its device says that it spread since then; nothing where it does not say."""
        one = self.one
        rows = self.new & (self.who == v) & (one.at_s > since_s) & (one.spread == 1)
        told = rows & np.isfinite(one.rate_g_m2)
        if not told.any() or told.sum() < rows.sum() / 2:
            return None
        lanes = np.maximum(self.plan.scenario.network.lanes[one.arc[told]], 1)
        width = self.plan.scenario.lane_m * lanes
        return float((one.rate_g_m2[told] * one.metres[told] * width).sum()) / 1000

    def _times(self, works: Bools, enough_m: Floats) -> Spans:
        """When each run had its first, second … time of work by each vehicle."""
        one = self.one
        run = self.runs.of[one.arc]
        rows = np.flatnonzero(works & self.new & (run >= 0))
        order = rows[np.lexsort((one.at_s[rows], one.cell[rows], self.who[rows]))]
        if not len(order):
            return {}
        fresh = np.ones(len(order), dtype=bool)
        fresh[1:] = (np.diff(one.cell[order]) != 0) | (np.diff(self.who[order]) != 0)
        start = np.flatnonzero(fresh)
        rank = np.arange(len(order)) - np.repeat(start, np.diff(np.append(start, len(order))))
        key = np.column_stack([self.who[order], run[order], rank])
        which, place = np.unique(key, axis=0, return_inverse=True)
        place = place.ravel()
        metres = np.bincount(place, weights=one.metres[order])
        begin, end = np.full(len(which), np.inf), np.full(len(which), -np.inf)
        np.minimum.at(begin, place, one.at_s[order])
        np.maximum.at(end, place, one.at_s[order])
        out: Spans = {}
        for row in np.flatnonzero(metres >= enough_m[which[:, 1]]).tolist():
            v, r, _rank = which[row].tolist()
            out.setdefault((v, r), []).append((float(begin[row]), float(end[row])))
        return out


def _signal(one: Trail, does: frozenset[str]) -> Bytes:
    """(k,) 1 it did all of this work, 0 it did not, -1 not told."""
    told = [getattr(one, work) for work in sorted(does)]
    out: Bytes = np.min(told, axis=0).astype(np.int8)
    out[np.any([part == 0 for part in told], axis=0)] = 0
    return out

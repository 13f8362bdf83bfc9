"""The question as plain arrays (问题): tasks with one or two directions, vehicles, refill stations.

Stops are places in matrices: first the directed tasks, then refill stations, then yards. The way
from stop i to stop j is from the end of i to the beginning of j, so that turns can be in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bihuan.engines.routing.faults import Fault, refuse
from bihuan.engines.routing.network import Bools, Floats, Ints, Singles
from bihuan.engines.routing.tours.state import NEVER, Given

Numbers = NDArray[np.integer[Any]]

_NEAR = 200  # tasks that count as neighbours of a task
_PLACES = 30  # neighbours beside which a task is tried in a large problem
_ALL_PLACES = 250  # up to so many tasks every place of every tour is tried


@dataclass(frozen=True, eq=False)
class Work:
    """作业：每项一至两个方向的停靠点，用料，最迟完成、最早开始（秒），先后阶段，不做的代价。"""

    one: Numbers  # (n,) stop
    two: Numbers  # (n,) the other direction's stop, -1 where there is none
    load: Floats  # (n,)
    due_s: Floats  # (n,) inf: no promise
    ready_s: Floats  # (n,)
    stage: Numbers  # (n,) a tour does lower stages first
    weight: Floats  # (n,) how much it matters that a task is done

    def __len__(self) -> int:
        return len(self.one)


@dataclass(frozen=True, eq=False)
class Fleet:
    """车辆：车型、起讫停靠点、班次、装载量；一样的车（`alike` 相同）未用时可互换。"""

    kind: Numbers  # (v,) places among the matrices
    begin: Numbers  # (v,) stop
    end: Numbers  # (v,) stop, -1: it may end anywhere
    opens_s: Floats
    shuts_s: Floats
    room: Floats
    filled: Floats  # (v,) load at the start
    fixed: Floats  # (v,) cost of using it at all

    def __len__(self) -> int:
        return len(self.kind)


@dataclass(frozen=True, eq=False)
class Matrices:
    """代价与时间：每个车型一层；从一个停靠点的终点到另一个的起点。无路可通为无穷大。"""

    away: Singles  # (k, s, s) cost
    drive_s: Singles | None = None  # (k, s, s); None: time plays no part
    serve_cost: Floats = field(default_factory=lambda: np.zeros((1, 0)))  # (k, s)
    serve_s: Floats | None = None  # (k, s)
    able: Bools | None = None  # (k, n) which type may do which task


@dataclass(frozen=True, eq=False)
class Stops:
    """停靠点个数：作业方向、补料点、停车场依次排列。"""

    directed: int
    refills: int
    yards: int

    @property
    def all(self) -> int:
        return self.directed + self.refills + self.yards


@dataclass(frozen=True, eq=False)
class Problem:
    """要排的全部：作业、车辆、停靠点和矩阵。"""

    work: Work
    fleet: Fleet
    stops: Stops
    matrices: Matrices

    def __post_init__(self) -> None:
        refuse(self._faults())

    def _faults(self) -> Iterator[Fault]:
        size, n, v = self.stops.all, len(self.work), len(self.fleet)
        k = len(self.matrices.away)
        if self.matrices.away.shape != (k, size, size):
            yield Fault("tours_shape", {"found": str(self.matrices.away.shape), "stops": size})
        if not n:
            yield Fault("tours_no_work")
        if not v:
            yield Fault("tours_no_vehicle")
        elif (self.fleet.room <= 0).any() and (self.work.load > 0).any():
            yield Fault("tours_no_capacity", {"vehicle": int(np.argmin(self.fleet.room)) + 1})
        late = np.flatnonzero(self.fleet.opens_s > self.fleet.shuts_s)
        for at in late.tolist():
            yield Fault("tours_shift", {"vehicle": at + 1})

    def given(self) -> Given:
        """The arrays as the compiled search takes them."""
        work, fleet, stops, m = self.work, self.fleet, self.stops, self.matrices
        k, size, n = len(m.away), stops.all, len(work)
        task = np.full(size, -2, dtype=np.int32)
        task[stops.directed : stops.directed + stops.refills] = -1
        other = np.full(size, -1, dtype=np.int32)
        number = np.arange(n, dtype=np.int32)
        two = work.two >= 0
        task[work.one] = number
        task[work.two[two]] = number[two]
        other[work.one] = work.two
        other[work.two[two]] = work.one[two]
        away = _finite(m.away)
        timed = m.drive_s is not None
        drive = away if m.drive_s is None or m.drive_s is m.away else _finite(m.drive_s)
        turned = np.ascontiguousarray(away.transpose(0, 2, 1))
        driven = turned if drive is away else np.ascontiguousarray(drive.transpose(0, 2, 1))
        serve_cost = m.serve_cost if m.serve_cost.size else np.zeros((k, size))
        serve_s = m.serve_s if m.serve_s is not None else np.zeros((k, size))
        able = m.able if m.able is not None else np.ones((k, n), dtype=bool)
        alike = np.unique(
            np.column_stack(
                [fleet.kind, fleet.begin, fleet.end, fleet.opens_s, fleet.shuts_s, fleet.room,
                 fleet.filled, fleet.fixed]
            ),
            axis=0, return_inverse=True,
        )[1]  # fmt: skip
        refills = np.arange(stops.directed, stops.directed + stops.refills, dtype=np.int32)
        return Given(
            task, other, work.one.astype(np.int32), work.load.astype(float),
            np.where(np.isfinite(work.due_s), work.due_s, NEVER), work.ready_s.astype(float),
            work.stage.astype(np.int32), away, turned, drive, driven,
            np.ascontiguousarray(serve_cost, dtype=float),
            np.ascontiguousarray(serve_s, dtype=float), np.ascontiguousarray(able),
            fleet.kind.astype(np.int32), fleet.begin.astype(np.int32),
            fleet.end.astype(np.int32), fleet.opens_s.astype(float),
            np.where(np.isfinite(fleet.shuts_s), fleet.shuts_s, NEVER),
            fleet.room.astype(float), fleet.filled.astype(float), fleet.fixed.astype(float),
            alike.ravel().astype(np.int32), refills, *_near(work, away),
            work.weight.astype(float), timed, bool(len(np.unique(work.stage)) > 1),
            n > _ALL_PLACES, timed and drive is away,
        )  # fmt: skip


def _finite(matrix: Singles) -> Singles:
    return np.ascontiguousarray(np.where(np.isfinite(matrix), matrix, NEVER), dtype=np.float32)


def _near(work: Work, away: Singles) -> tuple[Ints, Ints, Ints]:
    """Tasks by distance, the nearest of their directions and of the types of vehicle counting.

    (n, m) either way, and the (n, c) from which, and to which, the way is shortest.
    """
    one = work.one
    two = np.where(work.two >= 0, work.two, work.one)
    d = away.min(axis=0) if len(away) > 1 else away[0]
    n = len(work)
    most, few = max(min(n - 1, _NEAR), 0), max(min(n - 1, _PLACES), 0)
    near = np.zeros((n, most), dtype=np.int32)
    ahead, behind = np.zeros((n, few), dtype=np.int32), np.zeros((n, few), dtype=np.int32)
    for i in range(n):
        mine = (one[i], two[i])
        onward = np.minimum.reduce([d[a][b] for a in mine for b in (one, two)])
        coming = np.minimum.reduce([d[:, a][b] for a in mine for b in (one, two)])
        near[i] = _smallest(np.minimum(onward, coming), i, most)
        ahead[i], behind[i] = _smallest(coming, i, few), _smallest(onward, i, few)
    return near, ahead, behind


def _smallest(row: NDArray[np.float32], own: int, most: int) -> Ints:
    """The places of the smallest few, in order, without one's own."""
    row[own] = np.inf
    part = np.argpartition(row, most)[:most] if most < len(row) - 1 else np.argsort(row)[:most]
    return part[np.argsort(row[part], kind="stable")].astype(np.int32)

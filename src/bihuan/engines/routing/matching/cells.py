"""The network cut into cells of about ten metres in driving direction, and a grid to find them.

A cell is where a vehicle may be; which cell follows which, at what price, is the whole of what the
matcher knows about streets. Cells of both directions of a street lie on each other.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numba import njit
from scipy.spatial import cKDTree

from bihuan.engines.routing.matching.model import Floats, Ints, Params
from bihuan.engines.routing.matching.walk import Lay
from bihuan.engines.routing.network import Longs, Network
from bihuan.engines.routing.sphere import flat

CELL_M = 10.0
BOX_M = 60.0


@dataclass(frozen=True, eq=False)
class Cells:
    """位置格：沿行驶方向约十米一格；`follow` 按 CSR 列出可接的格与代价。"""

    network: Network
    at: tuple[float, float]  # where the flat metres begin
    x: Floats
    y: Floats
    arc: Ints
    first: Longs  # (m + 1,) the cells of each arc, in driving order
    size_m: Floats  # (m,) metres of a cell of each arc
    mirror: Ints  # the cell of the opposite direction at the same place, -1
    follow_start: Longs
    follow: Ints
    price: Floats  # log-odds against each
    box_start: Longs
    box_cells: Ints
    box: tuple[float, float, int, int]  # west, south, columns, rows

    @cached_property
    def lay(self) -> Lay:
        return Lay(
            self.x, self.y, self.arc, self.first, self.size_m, self.mirror,
            self.follow_start, self.follow, self.price, self.box_start, self.box_cells,
            *self.box, BOX_M,
        )  # fmt: skip

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the network in flat metres."""
        x, y = self.x, self.y
        return float(x.min()), float(y.min()), float(x.max()), float(y.max())

    @cached_property
    def tree(self) -> cKDTree:
        return cKDTree(np.column_stack([self.x, self.y]))

    def flat(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        return flat(lon, lat, at_lon=self.at[0], at_lat=self.at[1])


def cells(network: Network, params: Params | None = None) -> Cells:
    """Ready to match any number of tracks."""
    p = params or Params()
    at = (float(network.node_lon.mean()), float(network.node_lat.mean()))
    sx, sy = flat(network.shape_lon, network.shape_lat, at_lon=at[0], at_lat=at[1])
    count = np.maximum(np.rint(network.length_m / CELL_M), 1).astype(np.int64)
    first = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    x, y, arc = _spread(network.shape_start, sx, sy, first)
    start, follow, price = _following(network, first, sx, sy, p)
    mirror = _mirror(network, first, x, y, arc)
    box_start, box_cells, box = _boxes(x, y)
    size = network.length_m / count
    return Cells(
        network, at, x, y, arc, first, size, mirror, start, follow, price, box_start, box_cells, box
    )


@njit(cache=True, nogil=True)
def _spread(start: Longs, sx: Floats, sy: Floats, first: Longs) -> tuple[Floats, Floats, Ints]:
    """The middle of every cell, measured along the shape of its arc."""
    x, y = np.empty(first[-1]), np.empty(first[-1])
    arc = np.empty(first[-1], np.int32)
    for a in range(len(first) - 1):
        low, high = start[a], start[a + 1]
        total = 0.0
        for k in range(low, high - 1):
            total += np.hypot(sx[k + 1] - sx[k], sy[k + 1] - sy[k])
        count = first[a + 1] - first[a]
        k, passed = low, 0.0
        for j in range(count):
            want = total * (j + 0.5) / count
            while k < high - 2:
                part = np.hypot(sx[k + 1] - sx[k], sy[k + 1] - sy[k])
                if passed + part >= want:
                    break
                passed += part
                k += 1
            part = np.hypot(sx[k + 1] - sx[k], sy[k + 1] - sy[k])
            share = min((want - passed) / part, 1.0) if part > 0 else 0.0
            c = first[a] + j
            x[c] = sx[k] + share * (sx[k + 1] - sx[k])
            y[c] = sy[k] + share * (sy[k + 1] - sy[k])
            arc[c] = a
    return x, y, arc


def _following(
    network: Network, first: Longs, sx: Floats, sy: Floats, p: Params
) -> tuple[Longs, Ints, Floats]:
    """From the last cell of an arc to the first of those that leave its head, with a price."""
    begin, out = network.out_start, network.out_arcs
    n = np.diff(begin)[network.arc_head]
    before = np.repeat(np.arange(network.arcs), n)
    offset = np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n)
    after = out[begin[network.arc_head][before] + offset].astype(np.int64)
    low, high = network.shape_start[:-1], network.shape_start[1:]
    leaving = np.arctan2(sy[low + 1] - sy[low], sx[low + 1] - sx[low])
    coming = np.arctan2(sy[high - 1] - sy[high - 2], sx[high - 1] - sx[high - 2])
    price = p.turn * (1 - np.cos(leaving[after] - coming[before])) / 2
    # Turning round costs most; at a dead end there is nothing else to do.
    back = network.back[before] == after
    price = np.where(back, np.where(n[before] == 1, 1.0, p.u_turn), price)
    if len(network.forbidden):
        key = before * network.arcs + after
        banned = network.forbidden.astype(np.int64)
        price[np.isin(key, banned[:, 0] * network.arcs + banned[:, 1])] += p.forbidden
    start = np.concatenate([[0], np.cumsum(n)]).astype(np.int64)
    return start, first[after].astype(np.int32), price


def _mirror(network: Network, first: Longs, x: Floats, y: Floats, arc: Ints) -> Ints:
    back = network.back[arc]
    place = np.arange(len(arc)) - first[arc]
    there = np.where(back >= 0, first[back + 1] - 1 - place, 0)
    there = np.clip(there, 0, len(arc) - 1)
    good = (back >= 0) & (arc[there] == back)
    good &= np.hypot(x[there] - x, y[there] - y) < CELL_M
    return np.where(good, there, -1).astype(np.int32)


def _boxes(x: Floats, y: Floats) -> tuple[Longs, Ints, tuple[float, float, int, int]]:
    west, south = float(x.min()), float(y.min())
    columns = int((x.max() - west) / BOX_M) + 1
    rows = int((y.max() - south) / BOX_M) + 1
    number = ((y - south) / BOX_M).astype(np.int64) * columns + ((x - west) / BOX_M).astype(
        np.int64
    )
    start = np.concatenate([[0], np.cumsum(np.bincount(number, minlength=columns * rows))])
    order = np.argsort(number, kind="stable").astype(np.int32)
    return start.astype(np.int64), order, (west, south, columns, rows)

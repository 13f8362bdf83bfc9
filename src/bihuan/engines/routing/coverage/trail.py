"""What was driven, metre by metre: one row for each cell passed, with time and signals."""

from dataclasses import dataclass

import numpy as np

from bihuan.engines.routing.matching.model import USED, Bools, Bytes, Floats, Ints, Matched, Tracks
from bihuan.engines.routing.network import Longs, Network

CELL_M = 10.0


@dataclass(frozen=True, eq=False)
class Trail:
    """作业轨迹：每行是一辆车在某一刻驶过一条弧上约十米的一格。"""

    row: Longs  # in the record driven
    cell: Longs  # number of the cell in the whole network
    arc: Ints
    at_s: Floats
    metres: Floats  # of the cell
    seen: Bools
    plough: Bytes
    spread: Bytes
    rate_g_m2: Floats
    first: Longs  # (m + 1,) cells of each arc
    size_m: Floats  # (m,)


def trail(network: Network, tracks: Tracks, matched: Matched) -> Trail:
    """Every cell whose middle was passed, in driving order."""
    driven = matched.driven
    count = np.maximum(np.rint(network.length_m / CELL_M), 1).astype(np.int64)
    first = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    size = network.length_m / count
    arc = driven.arc
    low = np.maximum(np.ceil(driven.from_m / size[arc] - 0.5 - 1e-9), 0).astype(np.int64)
    high = np.minimum(np.ceil(driven.to_m / size[arc] - 0.5 - 1e-9), count[arc]).astype(np.int64)
    n = np.maximum(high - low, 0)
    row = np.repeat(np.arange(len(driven)), n)
    j = low[row] + np.arange(len(row)) - np.repeat(np.cumsum(n) - n, n)
    middle = (j + 0.5) * size[arc[row]]
    long = np.maximum(driven.to_m - driven.from_m, 1e-9)[row]
    share = np.clip((middle - driven.from_m[row]) / long, 0, 1)
    at = driven.from_s[row] + share * (driven.to_s - driven.from_s)[row]
    near = _nearest_point(tracks, matched, driven.vehicle[row], at)
    known = near >= 0
    plough = np.where(known, tracks.plough[near], -1).astype(np.int8)
    spread = np.where(known, tracks.spread[near], -1).astype(np.int8)
    rate = np.where(known, tracks.rate_g_m2[near], np.nan)
    return Trail(
        row, first[arc[row]] + j, arc[row], at, size[arc[row]], driven.seen[row],
        plough, spread, rate, first, size,
    )  # fmt: skip


def _nearest_point(tracks: Tracks, matched: Matched, vehicle: Ints, at: Floats) -> Longs:
    """The used point of the same vehicle nearest in time: its signals hold there."""
    used = np.flatnonzero(matched.fate == USED)
    out = np.full(len(at), -1, dtype=np.int64)
    if not len(used):
        return out
    order = used[np.lexsort((tracks.t_s[used], tracks.vehicle[used]))]
    for one in np.unique(vehicle).tolist():
        mine = order[tracks.vehicle[order] == one]
        if not len(mine):
            continue
        here = vehicle == one
        t = tracks.t_s[mine]
        k = np.clip(np.searchsorted(t, at[here]), 1, max(len(t) - 1, 1))
        if len(t) == 1:
            out[here] = mine[0]
            continue
        earlier = at[here] - t[k - 1] < t[k] - at[here]
        out[here] = mine[np.where(earlier, k - 1, k)]
    return out

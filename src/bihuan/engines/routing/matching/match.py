"""Map matching (地图匹配): from points of vehicles to the arcs they drove, and when.

A hidden Markov model (Newson & Krumm 2009) whose states are places on the street in driving
direction. Per vehicle: find the datum, put in order, estimate the noise and the speed, search.
Nothing is refused: what could not be used is counted and told.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from bihuan.engines.routing.coordinates import to_wgs84
from bihuan.engines.routing.faults import Fault, unfit
from bihuan.engines.routing.matching.cells import Cells
from bihuan.engines.routing.matching.clean import in_order, merged, noise, speeds
from bihuan.engines.routing.matching.datum import detect
from bihuan.engines.routing.matching.drive import Way, drive, joined
from bihuan.engines.routing.matching.model import (
    BAD_PLACE,
    BAD_TIME,
    FAR_AWAY,
    OFF_ROAD,
    Bytes,
    Driven,
    Floats,
    Ints,
    Longs,
    Matched,
    Params,
    Tracks,
)
from bihuan.engines.routing.matching.notes import notes
from bihuan.engines.routing.matching.walk import Steps, walk

_GAP_S = 12.0  # points further apart are bridged by steps in which nothing is seen
_GAP_STEP_M = 50.0
_DETOUR = 1.15  # a way is that much longer than the straight line (mean of Harbin's corners)


@dataclass(frozen=True, eq=False)
class One:
    """一辆车的匹配结果。"""

    driven: Driven
    fate: Bytes
    arc: Ints
    at_m: Floats
    away_m: Floats
    noise_m: float
    datum: str
    notes: tuple[Fault, ...]


def match(
    cells: Cells,
    tracks: Tracks,
    params: Params | None = None,
    *,
    run: Callable[..., Iterable[Any]] = map,
) -> Matched:
    """The ways driven by all vehicles. `run` may be a thread pool's map: the search is free."""
    p = params or Params()
    if tracks.points == 0:
        raise unfit("match_empty")
    order = np.argsort(tracks.vehicle, kind="stable")
    ends = np.searchsorted(tracks.vehicle[order], np.arange(len(tracks.vehicles) + 1))
    rows = [order[ends[k] : ends[k + 1]] for k in range(len(tracks.vehicles))]
    found = list(run(lambda k: _vehicle(cells, tracks, k, rows[k], p), range(len(rows))))
    fate = np.full(tracks.points, BAD_PLACE, dtype=np.int8)
    arc = np.full(tracks.points, -1, dtype=np.int32)
    at_m, away_m = np.full(tracks.points, np.nan), np.full(tracks.points, np.nan)
    for row, one in zip(rows, found, strict=True):
        fate[row], arc[row], at_m[row], away_m[row] = one.fate, one.arc, one.at_m, one.away_m
    return Matched(
        joined([one.driven for one in found]),
        fate,
        arc,
        at_m,
        away_m,
        np.array([one.noise_m for one in found]),
        tuple(one.datum for one in found),
        tuple(note for one in found for note in one.notes),
    )


def nothing(tracks: Tracks) -> Matched:
    """What `match` would say where no vehicle sent a point."""
    none = np.zeros(tracks.points)
    return Matched(
        joined([]),
        none.astype(np.int8),
        none.astype(np.int32),
        none,
        none,
        np.zeros(len(tracks.vehicles)),
        ("",) * len(tracks.vehicles),
    )


def _vehicle(cells: Cells, tracks: Tracks, vehicle: int, rows: Longs, p: Params) -> One:
    n = len(rows)
    t, lon, lat = tracks.t_s[rows], tracks.lon[rows], tracks.lat[rows]
    fate = np.zeros(n, dtype=np.int8)
    with np.errstate(invalid="ignore"):
        fate[~((np.abs(lon) <= 180) & (np.abs(lat) <= 180))] = BAD_PLACE
    fate[(fate == 0) & ~np.isfinite(t)] = BAD_TIME
    good = np.flatnonzero(fate == 0)
    datum = detect(cells, lon[good], lat[good], datum=tracks.datum)
    if datum.swapped:
        lon, lat = lat, lon
    fate[(fate == 0) & (np.abs(lat) > 90)] = BAD_PLACE
    good = np.flatnonzero(fate == 0)
    backwards = int((np.diff(t[good]) < 0).sum())
    x, y = cells.flat(*to_wgs84(lon[good], lat[good], datum.datum))
    near = np.full(n, np.inf)
    near[good], _cell = cells.tree.query(
        np.column_stack([x, y]), distance_upper_bound=2 * p.longest_gap_m
    )
    fate[(fate == 0) & ~np.isfinite(near)] = FAR_AWAY
    fate[(fate == 0) & (near > p.off_road_m)] = OFF_ROAD
    whole_x, whole_y = np.full(n, np.nan), np.full(n, np.nan)
    whole_x[good], whole_y[good] = x, y
    kept = np.flatnonzero(fate == 0)
    part = fate[kept]
    kept_at = in_order(t[kept], whole_x[kept], whole_y[kept], part, p)
    fate[kept] = part
    kept = kept[kept_at]
    arc = np.full(n, -1, dtype=np.int32)
    at_m, away = np.full(n, np.nan), np.full(n, np.nan)
    sigma, driven = p.least_noise_m, joined([])
    if len(kept):
        seen = merged(t[kept], whole_x[kept], whole_y[kept], p)
        sigma = noise(seen, near[kept], p)
        first = np.searchsorted(seen.of, np.arange(len(seen.t)))
        last = np.searchsorted(seen.of, np.arange(len(seen.t)), side="right") - 1
        pieces = []
        for number, (low, high) in enumerate(_pieces(seen.t, seen.x, seen.y, p)):
            part_t, part_x, part_y = seen.t[low:high], seen.x[low:high], seen.y[low:high]
            way = _walk(cells, part_t, part_x, part_y, sigma, p)
            ids = rows[kept[first[low:high]]], rows[kept[last[low:high]]]
            one, place = drive(cells, way, part_t, ids, vehicle, number, p)
            if high - low > 1:  # a single point tells where, not whither
                pieces.append(one)
            mine = np.flatnonzero((seen.of >= low) & (seen.of < high))
            cell = place[seen.of[mine] - low]
            at = kept[mine[cell >= 0]]
            cell = cell[cell >= 0]
            arc[at] = cells.arc[cell]
            at_m[at] = (cell - cells.first[arc[at]] + 0.5) * cells.size_m[arc[at]]
            away[at] = np.hypot(cells.x[cell] - whole_x[at], cells.y[cell] - whole_y[at])
        driven = joined(pieces)
    told = notes(tracks.vehicles[vehicle], n, fate, datum, backwards, tracks.datum, driven)
    return One(driven, fate, arc, at_m, away, sigma, datum.datum, told)


def _pieces(t: Floats, x: Floats, y: Floats, p: Params) -> list[tuple[int, int]]:
    """Stretches between which it is not known where the vehicle was."""
    far = np.hypot(np.diff(x), np.diff(y)) > p.longest_gap_m
    cut = np.flatnonzero((np.diff(t) > p.longest_gap_s) | far) + 1
    ends = [0, *cut.tolist(), len(t)]
    return list(pairwise(ends))


def _walk(cells: Cells, t: Floats, x: Floats, y: Floats, sigma: float, p: Params) -> Way:
    """Lay out the steps, then search."""
    gap = np.diff(t, prepend=t[0])
    straight = np.hypot(np.diff(x, prepend=x[0]), np.diff(y, prepend=y[0]))
    speed = _speed(t, x, y, sigma)
    wide = gap > _GAP_S
    metres = np.where(wide | np.isnan(speed), _DETOUR * straight, speed * gap)
    count = np.where(wide, np.maximum(np.rint(metres / _GAP_STEP_M), 1), 1).astype(np.int64)
    count[0] = 1
    of = np.repeat(np.arange(len(t)), count)
    turn = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)
    last = turn == count[of] - 1
    expected = (metres / count)[of]
    spread = np.where(
        wide[of], 0.45 * expected + 0.35 * sigma + 8, 0.3 * expected + 0.35 * sigma + 4
    )
    left = (count[of] - 1 - turn) * (1.6 * expected + spread) + 6 * sigma + 30
    begin = (t - gap)[of] + gap[of] * turn / count[of]
    point = np.where(last, of, -1).astype(np.int32)
    most = expected + np.where(wide[of], 2.0, 3.5) * spread
    steps = Steps(point, expected, spread, most, left, of.astype(np.int32))
    scratch = np.full(len(cells.x), -1, dtype=np.int32), np.empty(len(cells.x), dtype=np.int32)
    found = walk(steps, x, y, sigma, p.beam, p.mid_turn, cells.lay, *scratch)
    return Way(*found, point, begin, begin + gap[of] / count[of])


def _speed(t: Floats, x: Floats, y: Floats, sigma: float) -> Floats:
    """Metres a second on the way to each point.

    A slope across a corner is too small; before and after it the vehicle was as fast.
    """
    half = 2 if sigma >= 8 else 1
    at = speeds(t, x, y, half)
    ahead, behind = np.full(len(at), np.nan), np.full(len(at), np.nan)
    off = half + 1
    if len(at) > off:
        ahead[:-off], behind[off:] = at[off:], at[:-off]
    around = np.minimum(ahead, behind)
    at = np.where(np.isnan(around), at, np.maximum(at, around))
    out = at.copy()
    out[1:] = (at[1:] + at[:-1]) / 2
    return out

"""Snapping (接头): line ends that stop just short of another line are joined to it.

Maps drawn by hand or exported from drawings often end a few decimetres off. Only ends move, only to
the nearest line within the given distance, and how many were moved is told.
"""

from dataclasses import replace

import numpy as np
from scipy.spatial import cKDTree

from bihuan.engines.routing.network import Floats, Ints
from bihuan.engines.routing.sphere import flat
from bihuan.engines.routing.streets import Streets, Way

_EVERY_M = 50.0  # lines are looked up by places this far apart along them
_MOST_PARTS = 10_000  # of a line that is long by mistake


def snapped(streets: Streets, within_m: float) -> tuple[Streets, int]:
    """The streets with loose ends joined to what lies within a distance, and how many were."""
    sound = (np.abs(streets.lon) <= 180) & (np.abs(streets.lat) <= 90)
    if within_m <= 0 or not streets.ways or not sound.all():
        return streets, 0  # places off the earth are told by who builds the network
    x, y = flat(
        streets.lon,
        streets.lat,
        at_lon=float(streets.lon.mean()),
        at_lat=float(streets.lat.mean()),
    )
    place = np.column_stack([x, y])
    a, b, of = _lines(streets.ways)
    uses = np.bincount(np.array([p for way in streets.ways for p in way.points]), minlength=len(x))
    tree, line = _index(place, a, b)
    same: dict[int, int] = {}  # loose end → the point it becomes
    cuts: dict[int, list[tuple[float, int]]] = {}  # line → shares along it, and points put there
    for at, way in enumerate(streets.ways):
        for end in {way.points[0], way.points[-1]}:
            if uses[end] > 1 or end in same:
                continue
            found = _nearest(
                place,
                end,
                at,
                a,
                b,
                of,
                line[tree.query_ball_point(place[end], within_m + _EVERY_M)],
            )
            if found is None or found[0] > within_m:
                continue
            _away, number, share = found
            length = float(np.hypot(*(place[b[number]] - place[a[number]])))
            if share * length <= within_m:
                same[end] = int(a[number])
            elif (1 - share) * length <= within_m:
                same[end] = int(b[number])
            else:
                cuts.setdefault(number, []).append((share, end))
    joined = len(same) + sum(len(one) for one in cuts.values())
    return replace(streets, ways=tuple(_joined(streets.ways, same, cuts))), joined


def _lines(ways: tuple[Way, ...]) -> tuple[Ints, Ints, Ints]:
    """All straight lines: their two points, and the way each is of."""
    first = [p for way in ways for p in way.points[:-1]]
    last = [p for way in ways for p in way.points[1:]]
    of = [at for at, way in enumerate(ways) for _line in way.points[1:]]
    return (
        np.array(first, dtype=np.int32),
        np.array(last, dtype=np.int32),
        np.array(of, dtype=np.int32),
    )


def _index(place: Floats, a: Ints, b: Ints) -> tuple[cKDTree, Ints]:
    """Places along every line, and the line each is on."""
    length = np.hypot(*(place[b] - place[a]).T)
    parts = np.clip(np.ceil(length / _EVERY_M), 1, _MOST_PARTS).astype(int)
    line = np.repeat(np.arange(len(a), dtype=np.int32), parts)
    step = np.arange(len(line)) - np.repeat(np.cumsum(parts) - parts, parts)
    share = ((step + 0.5) / parts[line])[:, None]
    return cKDTree(place[a[line]] * (1 - share) + place[b[line]] * share), line


def _nearest(
    place: Floats, end: int, way: int, a: Ints, b: Ints, of: Ints, near: Ints
) -> tuple[float, int, float] | None:
    """The other way's line nearest to an end: how far, which, and how far along it."""
    near = np.unique(near)
    near = near[of[near] != way]
    if not len(near):
        return None
    start, along = place[a[near]], place[b[near]] - place[a[near]]
    square = np.maximum((along**2).sum(axis=1), 1e-12)
    share = np.clip(((place[end] - start) * along).sum(axis=1) / square, 0.0, 1.0)
    away = np.hypot(*(start + share[:, None] * along - place[end]).T)
    best = int(np.argmin(away))
    return float(away[best]), int(near[best]), float(share[best])


def _joined(
    ways: tuple[Way, ...], same: dict[int, int], cuts: dict[int, list[tuple[float, int]]]
) -> list[Way]:
    out, line = [], 0
    for way in ways:
        points = [way.points[0]]
        for point in way.points[1:]:
            points += [end for _share, end in sorted(cuts.get(line, ()))]
            points.append(point)
            line += 1
        merged = [_final(point, same) for point in points]
        kept = [p for at, p in enumerate(merged) if at == 0 or p != merged[at - 1]]
        out.append(replace(way, points=tuple(kept)))
    return out


def _final(point: int, same: dict[int, int]) -> int:
    """Where a point went; two loose ends that met each other become the smaller."""
    seen = {point}
    while point in same and same[point] not in seen:
        point = same[point]
        seen.add(point)
    return min(seen) if point in same else point

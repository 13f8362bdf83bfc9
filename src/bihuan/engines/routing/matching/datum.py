"""Which datum (坐标系) a track is in, when nobody says: the one whose points lie on streets.

A point of GCJ-02 taken for WGS-84 lies some 570 m off at Zhengzhou; in a town some street is always
near, but not as near as the right one. Each known datum is undone, and so is a swap of longitude
and latitude; the median distance to the nearest street decides, if it decides clearly.
"""

from dataclasses import dataclass

import numpy as np

from bihuan.engines.routing.coordinates import to_wgs84
from bihuan.engines.routing.matching.cells import Cells
from bihuan.engines.routing.matching.model import Floats

CANDIDATES = ("wgs84", "gcj02", "bd09")
_SAMPLE = 300
_LEAST = 8  # fewer points decide nothing
_CLEARLY = 0.6  # another datum must bring the points so much nearer
_CAP_M = 60.0
_AROUND_M = 3000.0


@dataclass(frozen=True)
class Found:
    """认出的坐标系；`shift_m` 是改正了多少米，`sure` 为假时按 WGS-84 处理。"""

    datum: str
    swapped: bool
    shift_m: float
    sure: bool
    inside: float  # share of the points that lie near the network


def detect(cells: Cells, lon: Floats, lat: Floats, *, datum: str = "") -> Found:
    """The datum of one device's points; `datum` given is believed, only the swap is looked for."""
    n = len(lon)
    if n == 0:
        return Found(datum or "wgs84", False, 0.0, False, 0.0)
    part = np.unique(np.linspace(0, n - 1, min(n, _SAMPLE)).astype(np.int64))
    lon, lat = lon[part], lat[part]
    plain, turned = _inside(cells, lon, lat), _inside(cells, lat, lon)
    swapped = turned > plain and turned > 0.5
    if swapped:
        lon, lat = lat, lon
    inside = max(plain, turned) if swapped else plain
    if datum or inside == 0 or len(part) < _LEAST:
        found = datum or "wgs84"
        return Found(found, swapped, _shift(cells, lon, lat, found), bool(datum), inside)
    score = {name: _away(cells, *to_wgs84(lon, lat, name)) for name in CANDIDATES}
    best = min(CANDIDATES, key=lambda name: (score[name], CANDIDATES.index(name)))
    if best != "wgs84" and score[best] > _CLEARLY * score["wgs84"]:
        return Found("wgs84", swapped, 0.0, False, inside)
    sure = score[best] <= _CLEARLY * min(score[name] for name in CANDIDATES if name != best)
    return Found(best, swapped, _shift(cells, lon, lat, best), sure, inside)


def _inside(cells: Cells, lon: Floats, lat: Floats) -> float:
    """The share of places in the network's own rectangle, a few kilometres around it included."""
    with np.errstate(invalid="ignore"):
        x, y = cells.flat(lon, lat)
        west, south, east, north = cells.bounds
        good = (x > west - _AROUND_M) & (x < east + _AROUND_M)
        good &= (y > south - _AROUND_M) & (y < north + _AROUND_M)
    return float(good.mean())


def _away(cells: Cells, lon: Floats, lat: Floats) -> float:
    x, y = cells.flat(lon, lat)
    good = np.isfinite(x) & np.isfinite(y)
    away, _at = cells.tree.query(np.column_stack([x[good], y[good]]))
    return float(np.minimum(away, _CAP_M).mean()) if good.any() else _CAP_M


def _shift(cells: Cells, lon: Floats, lat: Floats, datum: str) -> float:
    x, y = cells.flat(lon, lat)
    other_x, other_y = cells.flat(*to_wgs84(lon, lat, datum))
    away = np.hypot(x - other_x, y - other_y)
    good = np.isfinite(away)
    return float(np.median(away[good])) if good.any() else 0.0

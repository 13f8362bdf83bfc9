"""Small street maps drawn in metres, and Harbin's where the shared files are."""

import os
from pathlib import Path

import numpy as np
import pytest

from bihuan.engines.routing.build import build
from bihuan.engines.routing.mapping import RoadMapping, Row
from bihuan.engines.routing.sphere import RADIUS_M
from bihuan.engines.routing.streets import Streets, Way

ROOT = Path(__file__).resolve().parents[3]
ROADS = Path(os.environ.get("BIHUAN_BENCH", ROOT.parent / "shared" / "bench")) / "roads"
needs_harbin = pytest.mark.skipif(
    not ROADS.is_dir(), reason="the map of Harbin is not here; say where with BIHUAN_BENCH"
)

MAPPING = RoadMapping(
    {
        "primary": Row("main", lanes=2, speed_kmh=36),
        "primary_link": Row("main", speed_kmh=36, ramp=True),
        "secondary": Row("secondary", speed_kmh=36),
        "residential": Row("back", speed_kmh=18),
    }
)
_LON, _LAT = 113.7, 34.7


def streets(*lines, attribution=""):
    """Streets from (points in metres, tag, attributes of the way)."""
    place = {}
    ways = []
    for points, tag, about in lines:
        numbers = tuple(place.setdefault(point, len(place)) for point in points)
        ways.append(Way(numbers, tag, **about))
    metres = np.array(list(place), dtype=float).reshape(-1, 2)
    lat = _LAT + np.degrees(metres[:, 1] / RADIUS_M)
    lon = _LON + np.degrees(metres[:, 0] / (RADIUS_M * np.cos(np.radians(_LAT))))
    return Streets(lon, lat, tuple(ways), attribution)


def built(*lines):
    return build(streets(*lines), MAPPING)


def network(*lines):
    return built(*lines).network


def grid(size=4, step=200.0, tag="primary", names="甲乙丙丁戊己庚辛"):
    """A square of two-way streets: 甲街, 乙街 … northwards, 甲路, 乙路 … eastwards."""
    ticks = [step * at for at in range(size)]
    north = [
        ([(x, y) for y in ticks], tag, {"name": f"{names[at]}街"}) for at, x in enumerate(ticks)
    ]
    east = [
        ([(x, y) for x in ticks], tag, {"name": f"{names[at]}路"}) for at, y in enumerate(ticks)
    ]
    return [*north, *east]


def arc(net, tail, head):
    """The arc between two places given in metres."""
    ends = streets(([tail, head], "primary", {}))
    (a, b), _away = net.nearest_nodes(ends.lon, ends.lat)
    (found,) = np.flatnonzero((net.arc_tail == a) & (net.arc_head == b))
    return int(found)


def node(net, place):
    one = streets(([place, (place[0] + 1, place[1])], "primary", {}))
    return int(net.nearest_nodes(one.lon[:1], one.lat[:1])[0][0])

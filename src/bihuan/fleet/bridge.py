"""To the routing engine: coordinates into WGS-84, tracks into passes of sections."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bihuan.engines.routing import coordinates, coverage, matching
from bihuan.engines.routing.network import Network
from bihuan.fleet.models import Position
from bihuan.roads import queries as roads

SEEN = 0.1  # a section of which less was seen was crossed, not cleared


def to_wgs84(
    lons: Sequence[float], lats: Sequence[float], datum: str
) -> tuple[Sequence[float], Sequence[float]]:
    """Places in one datum as WGS-84; CGCS2000 differs by less than what any receiver knows."""
    if datum in ("wgs84", "cgcs2000") or not lons:
        return lons, lats
    lon, lat = coordinates.to_wgs84(lons, lats, datum)
    return lon.tolist(), lat.tolist()


@dataclass(frozen=True, eq=False)
class Streets:
    """在用的路网，连同匹配要用的格子和路段的走法。"""

    cells: matching.Cells
    ways: coverage.Ways


def streets() -> Streets | None:
    """The active network as the matching wants it; None where there is none."""
    network = roads.network()
    return None if network is None else laid(network)


@lru_cache(maxsize=1)
def laid(network: Network) -> Streets:
    """A network as the matching wants it."""
    return Streets(matching.cells(network), coverage.ways(network))


def passes(
    streets: Streets, track: Sequence[Position], *, width_m: float | None
) -> list[dict[str, Any]]:
    """What a track proves: passes of sections with their evidence.

    `width_m` is not used: a receiver cannot tell lanes apart.
    """
    if not track:
        return []
    told = matching.tracks(
        ("v",),
        [0] * len(track),
        [one.at_ms / 1000 for one in track],
        [one.lon for one in track],
        [one.lat for one in track],
        plough=signal([one.ploughing for one in track]),
        spread=signal([one.spreading for one in track]),
        rate_g_m2=np.array([np.nan if one.rate is None else one.rate for one in track]),
        datum="wgs84",
    )
    found = coverage.passes(streets.ways, told, matching.match(streets.cells, told))
    return [
        {
            "section": one.section,
            "direction": one.direction,
            "from_ms": int(one.from_s * 1000),
            "to_ms": int(one.to_s * 1000),
            "share": one.share,
            "ploughed": one.ploughed,
            "spread": one.spread,
            "grams": one.grams,
            "evidence": [
                (int(told.t_s[i] * 1000), float(told.lon[i]), float(told.lat[i]))
                for i in one.evidence
            ],
        }
        for one in found
        if one.share >= SEEN
    ]


def signal(told: Sequence[bool | None]) -> NDArray[np.int8]:
    """On, off, or not sent."""
    return np.array([-1 if one is None else int(one) for one in told], dtype=np.int8)

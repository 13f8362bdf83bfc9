"""Tours over small street maps, and the points a receiver would have sent on the way."""

from itertools import pairwise

import numpy as np

from bihuan.engines.routing.matching import tracks
from bihuan.engines.routing.sphere import RADIUS_M


def arcs_through(net, *nodes):
    """The arcs along a row of junctions."""
    out = []
    for a, b in pairwise(nodes):
        found = np.flatnonzero((net.arc_tail == a) & (net.arc_head == b))
        assert len(found) == 1, (a, b)
        out.append(int(found[0]))
    return out


def node_at(net, x, y):
    """The junction drawn at so many metres east and north (see `drawn.streets`)."""
    lat = 34.7 + np.degrees(y / RADIUS_M)
    lon = 113.7 + np.degrees(x / (RADIUS_M * np.cos(np.radians(34.7))))
    found, away = net.nearest_nodes(np.array([lon]), np.array([lat]))
    assert away[0] < 1
    return int(found[0])


def points(net, arcs, *, speed_kmh=18.0, every_s=5.0, noise_m=0.0, seed=0, begin_s=0.0):
    """Times, longitudes and latitudes along a row of arcs, driven at one speed."""
    lon, lat, gone = [], [], [0.0]
    for arc in arcs:
        x, y = net.geometry(arc)
        along = np.hypot(np.diff(x) * np.cos(np.radians(y.mean())), np.diff(y))
        along *= net.length_m[arc] / along.sum()
        keep = 0 if not lon else 1
        lon += x[keep:].tolist()
        lat += y[keep:].tolist()
        gone += (gone[-1] + np.cumsum(along)).tolist()
    t = np.arange(0.0, gone[-1] / (speed_kmh / 3.6) + 1e-6, every_s)
    at = t * speed_kmh / 3.6
    rng = np.random.default_rng(seed)
    degree = np.degrees(1 / RADIUS_M)
    east = np.interp(at, gone, lon) + rng.normal(0, noise_m, len(t)) * degree / np.cos(
        np.radians(34.7)
    )
    return begin_s + t, east, np.interp(at, gone, lat) + rng.normal(0, noise_m, len(t)) * degree


def track(*rows, names=("车一",), **signals):
    """Tracks of one or several vehicles from their (t, lon, lat)."""
    vehicle = np.repeat(np.arange(len(rows)), [len(t) for t, _x, _y in rows])
    t, lon, lat = (np.concatenate([row[k] for row in rows]) for k in range(3))
    n = len(t)
    full = {
        name: np.full(n, value, dtype=float if name == "rate_g_m2" else np.int8)
        for name, value in signals.items()
    }
    return tracks(tuple(names), vehicle.astype(np.int32), t, lon, lat, **full)


def order(matched, vehicle=0):
    """The arcs driven by a vehicle, repetitions in a row taken once.

    Less than two cells at the ends may be noise, not driving.
    """
    driven = matched.driven
    good = (driven.vehicle == vehicle) & (driven.to_m - driven.from_m > 21)
    arcs = driven.arc[good].tolist()
    return [arc for k, arc in enumerate(arcs) if k == 0 or arcs[k - 1] != arc]

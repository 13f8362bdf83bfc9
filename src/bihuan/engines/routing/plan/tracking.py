"""Tracks that a plan's vehicles would send (模拟轨迹): points with noise, gaps and wrong datums.

For rehearsals and tests: what is proven afterwards can be held against what was driven.
"""

from dataclasses import dataclass

import numpy as np

from bihuan.engines.routing.coordinates import from_wgs84
from bihuan.engines.routing.matching import Tracks, tracks
from bihuan.engines.routing.network import Floats, Network
from bihuan.engines.routing.plan.legs import CityPlan, Leg, Tour
from bihuan.engines.routing.sphere import RADIUS_M


@dataclass(frozen=True)
class Receivers:
    """车载设备：几秒一点，误差几米；哪几台车坐标系不对、有一段没信号、不报铲子状态。"""

    every_s: float = 5.0
    noise_m: float = 5.0
    shifted: tuple[int, ...] = ()  # send GCJ-02
    silent: tuple[tuple[int, float, float], ...] = ()  # vehicle, from, to
    mute: tuple[int, ...] = ()  # do not tell whether the plough is down
    seed: int = 0


def track_plan(plan: CityPlan, receivers: Receivers, *, until_s: float = np.inf) -> Tracks:
    """Everything sent up to an hour by all vehicles that have a tour."""
    names: list[str] = []
    rows = []
    for tour in plan.tours:
        if not tour.stops:
            continue
        t, lon, lat, work = _points(plan.scenario.network, tour, receivers, until_s)
        if not len(t):
            continue
        rng = np.random.default_rng([receivers.seed, tour.vehicle])
        degree = np.degrees(receivers.noise_m / RADIUS_M)
        lat = lat + rng.normal(0, 1, len(t)) * degree
        lon = lon + rng.normal(0, 1, len(t)) * degree / np.cos(np.radians(lat))
        if tour.vehicle in receivers.shifted:
            lon, lat = from_wgs84(lon, lat, "gcj02")
        told = np.full(len(t), -1) if tour.vehicle in receivers.mute else work
        keep = np.ones(len(t), dtype=bool)
        for vehicle, begin, end in receivers.silent:
            if vehicle == tour.vehicle:
                keep &= (t < begin) | (t > end)
        rows.append((np.full(int(keep.sum()), len(names)), t[keep], lon[keep], lat[keep],
                     told[keep]))  # fmt: skip
        names.append(tour.name)
    if not rows:
        return tracks((), [], [], [], [])
    of, t, lon, lat, work = (np.concatenate(part) for part in zip(*rows, strict=True))
    told_ = work.astype(np.int8)
    return tracks(tuple(names), of.astype(np.int32), t, lon, lat, plough=told_, spread=told_)


def _points(
    network: Network, tour: Tour, receivers: Receivers, until_s: float
) -> tuple[Floats, Floats, Floats, Floats]:
    """Times, places and whether it works, along the legs at even speed."""
    times: list[Floats] = []
    lon: list[Floats] = []
    lat: list[Floats] = []
    work: list[Floats] = []
    for leg in tour.stops:
        begin, end = leg.from_s, min(leg.to_s, until_s)
        t = np.arange(
            np.ceil(begin / receivers.every_s) * receivers.every_s, end, receivers.every_s
        )
        if not len(t):
            continue
        if leg.arcs:
            east, north = _along(network, leg, (t - leg.from_s) / max(leg.to_s - leg.from_s, 1e-9))
        elif lon:
            east, north = np.full(len(t), lon[-1][-1]), np.full(len(t), lat[-1][-1])
        else:
            continue
        times.append(t)
        lon.append(east)
        lat.append(north)
        work.append(np.full(len(t), float(leg.kind == "serve")))
    if not times:
        return np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0)
    return tuple(np.concatenate(part) for part in (times, lon, lat, work))  # type: ignore[return-value]


def _along(network: Network, leg: Leg, share: Floats) -> tuple[Floats, Floats]:
    """Places at shares of a leg's length."""
    x: list[float] = []
    y: list[float] = []
    gone = [0.0]
    for arc in leg.arcs:
        lon, lat = network.geometry(arc)
        step = np.hypot(np.diff(lon) * np.cos(np.radians(lat.mean())), np.diff(lat))
        step *= network.length_m[arc] / max(float(step.sum()), 1e-12)
        keep = 1 if x else 0
        x += lon[keep:].tolist()
        y += lat[keep:].tolist()
        gone += (gone[-1] + np.cumsum(step)).tolist()
    at = share * gone[-1]
    return np.interp(at, gone, x), np.interp(at, gone, y)

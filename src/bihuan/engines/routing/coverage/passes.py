"""Passes (作业记录): one row for each time a vehicle went through a section, for the record."""

from dataclasses import dataclass

import numpy as np

from bihuan.engines.routing.coverage.cover import LANE_M
from bihuan.engines.routing.coverage.trail import Trail, trail
from bihuan.engines.routing.coverage.ways import Ways
from bihuan.engines.routing.matching.model import Matched, Tracks
from bihuan.engines.routing.network import Longs

_EVIDENCE = 3


@dataclass(frozen=True)
class Pass:
    """一次通过：哪辆车、哪个路段、哪个方向、何时，铲没铲、撒没撒。`None` 是设备没有说。"""

    vehicle: int
    section: str
    direction: str
    from_s: float
    to_s: float
    share: float  # of the section's length in this direction, seen
    inferred: float  # … and driven unheard
    ploughed: bool | None
    spread: bool | None
    grams: float | None
    evidence: tuple[int, ...]  # rows of Tracks


def passes(ways: Ways, tracks: Tracks, matched: Matched) -> list[Pass]:
    """In order of vehicle and time. Merely crossing a section (under a tenth of it) is no pass."""
    driven = matched.driven
    if not len(driven):
        return []
    one = trail(ways.network, tracks, matched)
    way = ways.of[driven.arc]
    new = np.ones(len(driven), dtype=bool)
    new[1:] = (
        (way[1:] != way[:-1])
        | (driven.vehicle[1:] != driven.vehicle[:-1])
        | (driven.part[1:] != driven.part[:-1])
    )
    start = np.flatnonzero(new)
    stop = np.append(start[1:], len(driven))
    begin, end = np.searchsorted(one.row, start), np.searchsorted(one.row, stop)
    out = []
    for k, (low, high) in enumerate(zip(begin.tolist(), end.tolist(), strict=True)):
        w = int(way[start[k]])
        if w < 0 or high <= low:
            continue
        found = _pass(ways, tracks, driven.vehicle[start[k]], w, one, low, high)
        if found.share + found.inferred >= 0.1:
            points = np.concatenate(
                [driven.first[start[k] : stop[k]], driven.last[start[k] : stop[k]]]
            )
            out.append(_with(found, tracks, points[points >= 0].astype(np.int64)))
    return out


def _pass(
    ways: Ways, tracks: Tracks, vehicle: int, way: int, one: Trail, low: int, high: int
) -> Pass:
    part = slice(low, high)
    metres, seen = one.metres[part], one.seen[part]
    whole = max(float(ways.length_m[way]), 1e-9)
    on = (one.spread[part] == 1) & np.isfinite(one.rate_g_m2[part])
    width = LANE_M * np.maximum(ways.network.lanes[one.arc[part]], 1)
    grams = float((one.rate_g_m2[part] * metres * width)[on].sum()) if on.any() else None
    return Pass(
        int(vehicle),
        ways.network.sections[int(ways.section[way])].code,
        ways.direction(way),
        float(one.at_s[low]),
        float(one.at_s[high - 1]),
        min(float(metres[seen].sum()) / whole, 1.0),
        min(float(metres[~seen].sum()) / whole, 1.0),
        _mostly(one.plough[part], metres),
        _mostly(one.spread[part], metres),
        grams,
        (),
    )


def _mostly(signal: np.ndarray, metres: np.ndarray) -> bool | None:
    """Was it on for at least half of the way on which the device said so or not?"""
    on, off = float(metres[signal == 1].sum()), float(metres[signal == 0].sum())
    return None if on + off == 0 else on >= off


def _with(one: Pass, tracks: Tracks, points: Longs) -> Pass:
    few = np.unique(points)
    few = few[np.argsort(tracks.t_s[few], kind="stable")]
    if len(few) > _EVIDENCE:
        few = few[[0, len(few) // 2, -1]]
    return Pass(**{**vars(one), "evidence": tuple(few.tolist())})

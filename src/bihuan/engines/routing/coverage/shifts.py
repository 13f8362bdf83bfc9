"""Shifts (班次): only points of a vehicle on duty are looked at, all others are dropped at once."""

from dataclasses import dataclass

import numpy as np

from bihuan.engines.routing.matching.model import Bools, Floats, Ints, Tracks


@dataclass(frozen=True, eq=False)
class Shifts:
    """班次：每行一辆车的一班，起止为秒；还没有收车的，止为无穷大。"""

    vehicle: Ints
    from_s: Floats
    to_s: Floats


def on_shift(tracks: Tracks, shifts: Shifts) -> tuple[Tracks, Bools]:
    """The points within a shift of their own vehicle, and which of the given ones those are."""
    keep: Bools = np.zeros(tracks.points, dtype=bool)
    for vehicle, begin, end in zip(shifts.vehicle, shifts.from_s, shifts.to_s, strict=True):
        keep |= (tracks.vehicle == vehicle) & (tracks.t_s >= begin) & (tracks.t_s <= end)
    return (
        Tracks(
            tracks.vehicles,
            tracks.vehicle[keep],
            tracks.t_s[keep],
            tracks.lon[keep],
            tracks.lat[keep],
            tracks.plough[keep],
            tracks.spread[keep],
            tracks.rate_g_m2[keep],
            tracks.datum,
        ),
        keep,
    )

"""What goes into map matching and what comes out: tracks of vehicles, ways driven, what is told."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bihuan.engines.routing.faults import Fault

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Bytes = NDArray[np.int8]
Bools = NDArray[np.bool_]

# What became of a point, by its code: 用上、时间不成立、重复、坐标不成立、离路网太远、速度不可能、
# 附近无路、不在班次内
FATES = ("used", "bad_time", "repeated", "bad_place", "far_away", "impossible", "off_road", "off")
USED, BAD_TIME, REPEATED, BAD_PLACE, FAR_AWAY, IMPOSSIBLE, OFF_ROAD, OFF = range(len(FATES))
UNKNOWN = -1  # of a signal that the device does not send


@dataclass(frozen=True, eq=False)
class Tracks:
    """轨迹：每行一个车载定位点；`vehicle` 指向 `vehicles`，时刻为秒，坐标系由 `datum` 说明。

    Only vehicles on shift; people's phones never. Rows may come in any order.
    """

    vehicles: tuple[str, ...]
    vehicle: Ints  # (n,)
    t_s: Floats
    lon: Floats
    lat: Floats
    plough: Bytes  # 1 down, 0 up, -1 not told
    spread: Bytes  # 1 on, 0 off, -1 not told
    rate_g_m2: Floats  # NaN where not told
    datum: str = ""  # empty: find out

    @property
    def points(self) -> int:
        return len(self.t_s)


def tracks(
    vehicles: tuple[str, ...],
    vehicle: NDArray[np.int32] | list[int],
    t_s: Floats | list[float],
    lon: Floats | list[float],
    lat: Floats | list[float],
    *,
    plough: Bytes | None = None,
    spread: Bytes | None = None,
    rate_g_m2: Floats | None = None,
    datum: str = "",
) -> Tracks:
    """Tracks from plain lists; signals that are left out are not told."""
    n = len(t_s)
    nothing = np.full(n, UNKNOWN, dtype=np.int8)
    return Tracks(
        vehicles,
        np.asarray(vehicle, dtype=np.int32),
        np.asarray(t_s, dtype=np.float64),
        np.asarray(lon, dtype=np.float64),
        np.asarray(lat, dtype=np.float64),
        nothing if plough is None else np.asarray(plough, dtype=np.int8),
        nothing if spread is None else np.asarray(spread, dtype=np.int8),
        np.full(n, np.nan) if rate_g_m2 is None else np.asarray(rate_g_m2, dtype=np.float64),
        datum,
    )


@dataclass(frozen=True)
class Params:
    """How far to trust points and roads; defaults measured on Harbin (`benchmarks/matching.py`)."""

    step_s: float = 4.0  # points nearer in time than this are averaged
    least_noise_m: float = 3.0
    most_noise_m: float = 25.0
    fastest_kmh: float = 120.0  # faster is not a plough
    off_road_m: float = 60.0  # no street as near as this: the point is not on the network
    longest_gap_s: float = 300.0  # beyond, a track begins anew
    longest_gap_m: float = 3000.0
    u_turn: float = 6.0  # log-odds against turning round at a junction
    mid_turn: float = 10.0  # … and in the middle of a street
    forbidden: float = 6.0  # … and against a turn that the map forbids
    turn: float = 0.7  # … and against the sharpest other turn
    beam: float = 16.0  # hypotheses worse than the best by this much are dropped
    seen_gap_s: float = 20.0  # a way between points further apart is inferred, not seen


@dataclass(frozen=True, eq=False)
class Driven:
    """行驶记录：每行是一辆车驶过一条弧的一段；按车、按时间排列。

    `seen` is false where no point was received and the way is inferred. `part` counts pieces of
    the same vehicle between which it is not known where it was.
    """

    vehicle: Ints
    part: Ints
    arc: Ints
    from_m: Floats
    to_m: Floats
    from_s: Floats
    to_s: Floats
    seen: Bools
    first: Ints  # first and last point (row of Tracks) of this piece, -1 where there is none
    last: Ints

    def __len__(self) -> int:
        return len(self.arc)


@dataclass(frozen=True, eq=False)
class Matched:
    """匹配结果：行驶记录，每个点的去向，以及要说明的事。"""

    driven: Driven
    fate: Bytes  # (n,) places in FATES
    arc: Ints  # (n,) the arc each used point lies on, -1
    at_m: Floats  # (n,) along that arc
    away_m: Floats  # (n,) from it
    noise_m: Floats  # (vehicles,) estimated
    datums: tuple[str, ...]  # (vehicles,) as given or as found; "" unknown
    notes: tuple[Fault, ...] = field(default=())

    def count(self, fate: int) -> int:
        return int((self.fate == fate).sum())

"""Datums (坐标系) of Chinese maps: WGS-84 inside, CGCS2000, GCJ-02 and BD-09 at the door.

CGCS2000 differs from WGS-84 by centimetres (Wei 2008, Survey Review 40(310), §4; GB 22021-2008),
so a street does not move. GCJ-02 (“火星坐标”) is not published; the formula here is the one that
has circulated since 2010 and that open libraries share (eviltransform, MIT, googollee 2015, gcj.go;
compared there with map services to about a metre). BD-09 is Baidu's second step on top of it, with
constants from the same source. The way back has no formula: it is iterated until it no longer
moves, so that there and back gives the place one started from.
"""

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bihuan.engines.routing.faults import unfit

Floats = NDArray[np.float64]
Datum = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]
DATUMS: tuple[Datum, ...] = get_args(Datum)

_A = 6_378_245.0  # Krasovsky 1940, semi-major axis in metres
_EE = 0.00669342162296594323  # its first eccentricity, squared
_BD = np.pi * 3000.0 / 180.0
_STILL = 1e-11  # degrees: a thousandth of a millimetre
_ROUNDS = 30


def to_wgs84(lon: ArrayLike, lat: ArrayLike, datum: str) -> tuple[Floats, Floats]:
    """Places of any known datum as WGS-84; what lies outside China is untouched."""
    x, y = _arrays(lon, lat)
    match datum:
        case "wgs84" | "cgcs2000":
            return x, y
        case "gcj02":
            return _inverse(gcj02, x, y)
        case "bd09":
            return _inverse(bd09, x, y)
    raise unfit("roads_unknown_datum", found=datum, known="、".join(DATUMS))


def from_wgs84(lon: ArrayLike, lat: ArrayLike, datum: str) -> tuple[Floats, Floats]:
    """WGS-84 places in any known datum."""
    x, y = _arrays(lon, lat)
    match datum:
        case "wgs84" | "cgcs2000":
            return x, y
        case "gcj02":
            return gcj02(x, y)
        case "bd09":
            return bd09(x, y)
    raise unfit("roads_unknown_datum", found=datum, known="、".join(DATUMS))


def outside_china(lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    """Where GCJ-02 is the same as WGS-84: a box, as the open libraries have it."""
    found: NDArray[np.bool_] = ~(
        (lon >= 72.004) & (lon <= 137.8347) & (lat >= 0.8293) & (lat <= 55.8271)
    )
    return found


def gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """WGS-84 → GCJ-02."""
    x, y = lon - 105.0, lat - 35.0
    wave = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    root = np.sqrt(np.abs(x))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += 2.0 / 3.0 * (wave + 20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi / 3.0 * y))
    north += 2.0 / 3.0 * (160.0 * np.sin(np.pi / 12.0 * y) + 320.0 * np.sin(np.pi / 30.0 * y))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += 2.0 / 3.0 * (wave + 20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi / 3.0 * x))
    east += 2.0 / 3.0 * (150.0 * np.sin(np.pi / 12.0 * x) + 300.0 * np.sin(np.pi / 30.0 * x))
    phi = np.radians(lat)
    magic = 1.0 - _EE * np.sin(phi) ** 2
    d_lat = np.degrees(north * magic**1.5 / (_A * (1.0 - _EE)))
    d_lon = np.degrees(east * np.sqrt(magic) / (_A * np.cos(phi)))
    away = outside_china(lon, lat)
    return np.where(away, lon, lon + d_lon), np.where(away, lat, lat + d_lat)


def bd09(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """WGS-84 → BD-09."""
    x, y = gcj02(lon, lat)
    far = np.hypot(x, y) + 0.00002 * np.sin(y * _BD)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BD)
    away = outside_china(lon, lat)
    return (
        np.where(away, lon, far * np.cos(angle) + 0.0065),
        np.where(away, lat, far * np.sin(angle) + 0.006),
    )


def _inverse(forward, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:  # type: ignore[no-untyped-def]
    """Fixed point of x = given - (forward(x) - x): the offset changes by less than 1 % a step."""
    x, y = lon.copy(), lat.copy()
    for _round in range(_ROUNDS):
        there_x, there_y = forward(x, y)
        step_x, step_y = lon - there_x, lat - there_y
        x, y = x + step_x, y + step_y
        if not x.size or max(np.abs(step_x).max(), np.abs(step_y).max()) < _STILL:
            break
    return x, y


def _arrays(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    x, y = np.broadcast_arrays(np.asarray(lon, dtype=float), np.asarray(lat, dtype=float))
    return x.copy(), y.copy()

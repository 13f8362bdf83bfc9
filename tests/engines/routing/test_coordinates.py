"""Datums: published pairs come out, and there and back is where one started."""

import numpy as np
import pytest

from bihuan.engines.faults import Unfit
from bihuan.engines.routing.coordinates import DATUMS, from_wgs84, to_wgs84
from bihuan.engines.routing.sphere import bearing, distance_m

# eviltransform's own tests (MIT, googollee 2015): WGS-84 latitude, longitude → GCJ-02.
PUBLISHED = [
    (31.1774276, 121.5272106, 31.17530398364597, 121.531541859215),
    (22.543847, 113.912316, 22.540796131694766, 113.9171764808363),
    (39.911954, 116.377817, 39.91334545536069, 116.38404722455657),
]
# coordtransform's own example (MIT, wandergis 2015): GCJ-02 → BD-09.
BAIDU = (116.404, 39.915), (116.41036949371029, 39.92133699351021)


@pytest.mark.parametrize(("lat", "lon", "other_lat", "other_lon"), PUBLISHED)
def test_published_places_come_out(lat, lon, other_lat, other_lon):
    x, y = from_wgs84(lon, lat, "gcj02")
    assert (float(x), float(y)) == pytest.approx((other_lon, other_lat), abs=1e-9)


def test_a_published_place_of_baidu_comes_out():
    given, wanted = BAIDU
    x, y = from_wgs84(*to_wgs84(*given, "gcj02"), "bd09")
    assert (float(x), float(y)) == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize("datum", DATUMS)
def test_there_and_back_is_where_one_started(datum):
    rng = np.random.default_rng(7)
    lon, lat = rng.uniform(73, 137, 5000), rng.uniform(1, 55, 5000)
    x, y = to_wgs84(*from_wgs84(lon, lat, datum), datum)
    assert max(np.abs(x - lon).max(), np.abs(y - lat).max()) < 1e-9


def test_in_zhengzhou_gcj02_is_571_metres_off():
    lon, lat = np.array([113.66]), np.array([34.757])
    away = distance_m(lon, lat, *from_wgs84(lon, lat, "gcj02"))
    assert float(away[0]) == pytest.approx(571, abs=1)


def test_outside_china_nothing_moves():
    lon, lat = np.array([139.7, 2.35, -74.0]), np.array([35.7, 48.9, 40.7])
    for datum in DATUMS:
        x, y = from_wgs84(lon, lat, datum)
        assert (x == lon).all()
        assert (y == lat).all()


def test_an_unknown_datum_is_refused():
    with pytest.raises(Unfit) as refusal:
        to_wgs84(113.7, 34.7, "beijing54")
    assert [fault.code for fault in refusal.value.faults] == ["roads_unknown_datum"]


def test_nothing_in_is_nothing_out():
    x, y = to_wgs84([], [], "gcj02")
    assert x.size == y.size == 0


def test_directions_are_those_of_a_compass():
    here = np.array(113.7), np.array(34.7)
    north, east = bearing(*here, here[0], here[1] + 0.01), bearing(*here, here[0] + 0.01, here[1])
    assert float(north) == pytest.approx(0, abs=1e-6)
    assert float(east) == pytest.approx(90, abs=1e-6)

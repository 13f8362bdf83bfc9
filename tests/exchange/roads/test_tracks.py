"""Track files as devices send them: what can be read is used, what cannot is told by its line."""

import numpy as np
import pytest

from bihuan.engines.routing.faults import Unfit
from bihuan.exchange.roads.tracks import read, read_shifts

GOOD = (
    "车辆,时间,经度,纬度,铲雪,撒布,撒布量\n"
    "撒1,2022-01-21T04:00:00,113.70,34.70,是,开,20\n"
    "撒1,2022-01-21T04:00:05+08:00,113.71,34.70,否,0,\n"
    "撒2,1642708805,113.72,34.70,,,\n"
    "撒2,1642708810000,113.73,34.70,1,1,15\n"
)


def test_times_of_every_kind_are_the_same_clock():
    found = read(GOOD.encode())
    assert found.faults == ()
    assert found.tracks.vehicles == ("撒1", "撒2")
    assert (found.tracks.t_s - 1642708800).tolist() == [0, 5, 5, 10]
    assert found.tracks.plough.tolist() == [1, 0, -1, 1]
    assert found.tracks.spread.tolist() == [1, 0, -1, 1]
    assert found.lines.tolist() == [2, 3, 4, 5]
    assert np.isnan(found.tracks.rate_g_m2[1])


def test_a_file_in_gb18030_is_the_same_file():
    assert read(GOOD.encode("gb18030")).tracks.vehicles == ("撒1", "撒2")


def test_rows_that_cannot_be_read_are_told_and_the_rest_is_used():
    bad = GOOD + "撒1,昨天,113.7,34.7,,,\n,1642708805,113.7,34.7,,,\n撒1,1642708815,东,34.7,,,\n"
    bad += "撒1,1642708820,113.7,34.7,也许,,\n"
    found = read(bad.encode())
    assert found.tracks.points == 5
    told = [(one.params["row"], one.params["column"]) for one in found.faults]
    assert told == [(6, "时间"), (7, "车辆"), (8, "经度"), (9, "铲雪")]
    assert found.tracks.plough[-1] == -1


def test_of_very_many_bad_rows_the_first_are_told_and_the_others_counted():
    found = read((GOOD + "x,y,1,1,,,\n" * 50).encode())
    assert len(found.faults) == 21
    assert found.faults[-1].params == {"n": 30}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "tracks_empty"),
        (b"a,b\n1,2\n", "tracks_no_columns"),
        (b"vehicle,time,lon,lat\n\x00\x00", "tracks_not_table"),
    ],
)
def test_what_is_no_track_file_is_refused(content, code):
    with pytest.raises(Unfit) as refusal:
        read(content)
    assert refusal.value.faults[0].code == code


def test_shifts_of_known_vehicles_are_read_and_an_open_one_never_ends():
    text = "车辆,出车,收车\n撒2,2022-01-21T04:00:00,2022-01-21T08:00:00\n撒1,2022-01-21T05:00:00,\n"
    text += "别的,2022-01-21T05:00:00,\n撒1,2022-01-21T05:00:00,2022-01-21T04:00:00\n"
    shifts, faults = read_shifts(text.encode(), ("撒1", "撒2"))
    assert shifts.vehicle.tolist() == [1, 0]
    assert (shifts.to_s - shifts.from_s).tolist() == [4 * 3600, np.inf]
    assert [one.code for one in faults] == ["tracks_shift_order"]

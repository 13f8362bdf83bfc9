"""What tracks prove of each section: passes, share, grams, promise; and what they leave open."""

from dataclasses import replace

import numpy as np
import pytest

from bihuan.engines.routing.coverage import Shifts, Wanted, cover, on_shift, passes, ways
from bihuan.engines.routing.matching import cells, match
from tests.engines.routing.drawn import network
from tests.engines.routing.driven import arcs_through, node_at, points, track

HOUR = 3600.0


@pytest.fixture(scope="module")
def street():
    """One street of three blocks of 400 m, with crossings, both ways."""
    net = network(
        ([(0, 0), (400, 0), (800, 0), (1200, 0)], "primary", {"name": "甲路"}),
        *([(x, -300), (x, 0), (x, 300)] for x in ()),
        ([(400, -400), (400, 0), (400, 400)], "primary", {"name": "乙街"}),
        ([(800, -400), (800, 0), (800, 400)], "primary", {"name": "丙街"}),
    )
    return net, cells(net), ways(net)


def along(net, *xs):
    return arcs_through(net, *(node_at(net, x, 0) for x in xs))


def wanted(way, *, times=1, due=HOUR, spread=False):
    n = len(way)
    return Wanted(np.full(n, times, dtype=np.int32), np.full(n, due), np.full(n, spread))


def row(found, arc):
    return found.row(int(found.ways.of[arc]))


def seen(street, *rows, now=2 * HOUR, want=None, vehicles=None, **signals):
    _net, places, way = street
    names = vehicles or tuple(f"车{k}" for k in range(len(rows)))
    given = track(*rows, names=names, **{"plough": 1, **signals})
    found = match(places, given)
    return cover(way, given, found, want or wanted(way), now_s=now)


def test_every_arc_has_a_direction_and_the_two_are_opposite(street):
    net, _places, way = street
    assert (way.of >= 0).all()
    for arc in range(net.arcs):
        there, back = int(way.of[arc]), int(way.of[net.back[arc]])
        assert way.section[there] == way.section[back]
        assert way.against[there] != way.against[back]
    assert way.length_m.sum() == pytest.approx(net.length_m.sum())


def test_a_street_ploughed_in_time_is_kept_in_that_direction_only(street):
    net = street[0]
    arcs = along(net, 0, 400, 800, 1200)
    found = seen(street, points(net, arcs, noise_m=3))
    middle = row(found, arcs[1])
    assert (middle.passes, middle.verdict) == (1, "kept")
    assert middle.share > 0.99
    assert 80 < middle.last_s < 170
    assert middle.done_s <= middle.last_s
    assert len(middle.evidence) == 3
    other = row(found, int(net.back[arcs[1]]))
    assert (other.passes, other.share, other.verdict) == (0, 0.0, "not_done")
    assert np.isnan(other.last_s)


def test_done_after_the_hour_is_late(street):
    net = street[0]
    arcs = along(net, 0, 400, 800, 1200)
    found = seen(street, points(net, arcs, begin_s=HOUR + 60))
    assert row(found, arcs[1]).verdict == "late"


def test_a_plough_that_is_up_clears_nothing(street):
    net = street[0]
    arcs = along(net, 0, 400, 800, 1200)
    one = row(seen(street, points(net, arcs), plough=0), arcs[1])
    assert (one.passes, one.verdict) == (0, "not_done")


def test_a_device_that_does_not_say_proves_nothing_but_may_have(street):
    net = street[0]
    arcs = along(net, 0, 400, 800, 1200)
    one = row(seen(street, points(net, arcs), plough=-1), arcs[1])
    assert (one.passes, one.verdict) == (0, "not_proven")
    assert one.possible > 0.99


def test_a_way_driven_unheard_is_not_proven(street):
    net = street[0]
    arcs = along(net, 0, 400, 800, 1200)
    t, lon, lat = points(net, arcs)
    heard = (t < 85) | (t > 155)
    found = seen(street, (t[heard], lon[heard], lat[heard]))
    assert row(found, arcs[1]).verdict == "not_proven"
    assert row(found, arcs[0]).verdict == "kept"


def test_a_long_silence_leaves_open_only_what_could_be_reached(street):
    net = street[0]
    arcs = along(net, 0, 400, 800)
    one = points(net, arcs[:1])
    other = points(net, arcs[:1], begin_s=600)
    both = tuple(np.concatenate([a, b]) for a, b in zip(one, other, strict=True))
    found = seen(street, both)
    assert row(found, arcs[1]).verdict == "not_proven"
    assert row(seen(street, one), arcs[1]).verdict == "not_done"


def test_half_a_street_is_partly_done(street):
    net = street[0]
    arcs = along(net, 0, 400, 800)
    t, lon, lat = points(net, arcs)
    half = t <= 120
    one = row(seen(street, (t[half], lon[half], lat[half])), arcs[1])
    assert one.verdict == "partly"
    assert one.share == pytest.approx(0.5, abs=0.06)


def test_two_vehicles_on_one_street_are_two_passes(street):
    net, _places, way = street
    arcs = along(net, 0, 400, 800, 1200)
    rows = points(net, arcs), points(net, arcs, begin_s=30)
    once = row(seen(street, *rows), arcs[1])
    twice = row(seen(street, *rows, want=wanted(way, times=2)), arcs[1])
    assert (once.passes, twice.passes, twice.verdict) == (2, 2, "kept")
    assert twice.done_s - once.done_s == pytest.approx(30, abs=6)
    lanes = row(seen(street, *rows, want=wanted(way, times=3)), arcs[1])
    assert lanes.verdict == "partly"


def test_before_the_hour_it_is_still_open(street):
    net = street[0]
    arcs = along(net, 0, 400, 800)
    found = seen(street, points(net, arcs[:1]), now=HOUR / 2)
    assert row(found, arcs[1]).verdict == "open"
    assert row(found, arcs[0]).verdict == "kept"


def test_salt_is_rate_times_length_times_width(street):
    net = street[0]
    arcs = along(net, 0, 400, 800, 1200)
    found = seen(street, points(net, arcs), spread=1, rate_g_m2=20.0)
    assert row(found, arcs[1]).grams == pytest.approx(20 * 400 * 3.5 * 2, rel=0.01)
    assert row(seen(street, points(net, arcs), spread=0, rate_g_m2=20.0), arcs[1]).grams == 0


def test_points_outside_a_shift_are_dropped_and_counted(street):
    net = street[0]
    arcs = along(net, 0, 400, 800, 1200)
    given = track(points(net, arcs))
    shifts = Shifts(np.array([0]), np.array([50.0]), np.array([100.0]))
    kept, which = on_shift(given, shifts)
    assert kept.points == int(which.sum()) == 11
    assert kept.t_s.min() == 50
    assert kept.t_s.max() == 100
    nobody = replace(shifts, vehicle=np.array([7]))
    assert on_shift(given, nobody)[0].points == 0


def test_each_passage_is_a_row_with_its_evidence(street):
    net, places, way = street
    arcs = along(net, 0, 400, 800, 1200)
    arcs += along(net, 1200, 800, 400, 0)
    given = track(points(net, arcs, noise_m=3), plough=1, spread=1, rate_g_m2=20.0)
    found = passes(way, given, match(places, given))
    assert len(found) == 6
    assert [one.section for one in found] == [one.section for one in found[::-1]]
    assert {one.direction for one in found[:3]} != {one.direction for one in found[3:]}
    for one in found[1:5]:
        assert one.share > 0.95
        assert (one.ploughed, one.spread) == (True, True)
        assert one.evidence
        assert all(one.from_s - 6 <= given.t_s[at] <= one.to_s + 6 for at in one.evidence)

"""Points of vehicles become the arcs they drove; what cannot be used is counted and told."""

import numpy as np
import pytest

from bihuan.engines.routing.coordinates import from_wgs84
from bihuan.engines.routing.faults import Unfit
from bihuan.engines.routing.matching import FATES, Params, cells, match, tracks
from tests.engines.routing.drawn import grid, network
from tests.engines.routing.driven import arcs_through, node_at, order, points, track


@pytest.fixture(scope="module")
def town():
    net = network(*grid())
    return net, cells(net)


def tour(net, *places):
    return arcs_through(net, *(node_at(net, 200.0 * x, 200.0 * y) for x, y in places))


AROUND = ((0, 0), (1, 0), (2, 0), (2, 1), (2, 2), (1, 2), (1, 1), (0, 1), (0, 2), (0, 3), (1, 3))


def codes(matched):
    return {note.code: note.params for note in matched.notes}


@pytest.mark.parametrize("noise_m", [0.0, 5.0, 12.0])
def test_a_tour_is_found_again_in_its_directions(town, noise_m):
    net, places = town
    arcs = tour(net, *AROUND)
    found = match(places, track(points(net, arcs, noise_m=noise_m, seed=3)))
    assert order(found) == arcs
    driven = found.driven
    assert (driven.to_m - driven.from_m).sum() == pytest.approx(2000, abs=40)
    assert driven.seen.all()
    assert codes(found) == {}


def test_there_and_back_on_one_street_is_two_directions(town):
    net, places = town
    arcs = tour(net, (0, 0), (1, 0), (2, 0), (3, 0), (2, 0), (1, 0), (0, 0))
    assert order(match(places, track(points(net, arcs, noise_m=6, seed=1)))) == arcs


def test_a_vehicle_that_waits_does_not_turn_round(town):
    net, places = town
    arcs = tour(net, (0, 0), (1, 0), (2, 0))
    t, lon, lat = points(net, arcs, every_s=4)
    rng = np.random.default_rng(2)
    still = 60
    at = 10
    t = np.concatenate([t[:at], t[at] + 4 * np.arange(still), t[at:] + 4 * still])
    lon = np.concatenate([lon[:at], np.full(still, lon[at]), lon[at:]])
    lat = np.concatenate([lat[:at], np.full(still, lat[at]), lat[at:]])
    lon, lat = lon + rng.normal(0, 6e-5, len(t)), lat + rng.normal(0, 5e-5, len(t))
    assert order(match(places, track((t, lon, lat)))) == arcs


def test_two_vehicles_on_one_street_are_kept_apart(town):
    net, places = town
    there, back = tour(net, (0, 0), (1, 0), (2, 0)), tour(net, (2, 0), (1, 0), (0, 0))
    found = match(
        places,
        track(
            points(net, there, noise_m=4), points(net, back, noise_m=4, seed=9), names=("甲", "乙")
        ),
    )
    assert order(found, 0) == there
    assert order(found, 1) == back


def test_what_is_driven_unheard_is_inferred_not_seen(town):
    net, places = town
    arcs = tour(net, (0, 0), (1, 0), (2, 0), (3, 0))
    t, lon, lat = points(net, arcs)
    heard = (t < 45) | (t > 80)
    found = match(places, track((t[heard], lon[heard], lat[heard])))
    driven = found.driven
    assert order(found) == arcs
    unseen = (driven.to_m - driven.from_m)[~driven.seen].sum()
    assert 170 < unseen < 230
    assert codes(found)["match_inferred"]["metres"] == round(unseen)


def test_a_long_silence_is_a_break_not_a_way(town):
    net, places = town
    one = points(net, tour(net, (0, 0), (1, 0), (2, 0)))
    other = points(net, tour(net, (2, 3), (3, 3)), begin_s=3000)
    joined = tuple(np.concatenate([a, b]) for a, b in zip(one, other, strict=True))
    found = match(places, track(joined))
    assert len(set(found.driven.part.tolist())) == 2
    assert codes(found)["match_breaks"]["n"] == 1
    assert found.driven.seen.all()


@pytest.mark.parametrize(("datum", "least_m"), [("gcj02", 500), ("bd09", 900)])
def test_a_wrong_datum_is_found_and_removed(datum, least_m):
    # A town without a pattern: in a regular grid another datum may fit as well.
    rng = np.random.default_rng(4)
    x = np.cumsum(rng.uniform(90, 310, 14))
    y = np.cumsum(rng.uniform(90, 310, 14))
    lines = [([(a, b) for b in y], "primary", {"name": f"街{k}"}) for k, a in enumerate(x)]
    lines += [([(a, b) for a in x], "primary", {"name": f"路{k}"}) for k, b in enumerate(y)]
    net = network(*lines)
    stairs = [(k, k + j) for k in range(12) for j in (0, 1)]
    arcs = arcs_through(net, *(node_at(net, x[a], y[b]) for a, b in stairs))
    t, lon, lat = points(net, arcs, noise_m=5)
    shown = from_wgs84(lon, lat, datum)
    found = match(cells(net), track((t, *shown)))
    assert found.datums == (datum,)
    assert order(found) == arcs
    assert codes(found)["match_datum"]["metres"] > least_m


def test_swapped_coordinates_are_turned_round_and_told(town):
    net, places = town
    arcs = tour(net, *AROUND)
    t, lon, lat = points(net, arcs, noise_m=3)
    found = match(places, track((t, lat, lon)))
    assert order(found) == arcs
    assert "match_swapped" in codes(found)


def test_every_stray_point_is_counted_and_the_rest_is_used(town):
    net, places = town
    arcs = tour(net, *AROUND)
    t, lon, lat = points(net, arcs)
    n = len(t)
    t = np.concatenate([t, [t[5], t[8], 62.5, 101.0, np.nan, 71.0]])
    lon = np.concatenate([lon, [lon[5], lon[8] + 0.002, -70.0, lon[9], 113.7, 500.0]])
    lat = np.concatenate([lat, [lat[5], lat[8], 40.0, lat[60], 34.7, 34.7]])
    # 101 s: a junction several hundred metres away from where it was a second before
    lon[-3], lat[-3] = net.node_lon.max(), net.node_lat.max()
    found = match(places, track((t, lon, lat)))
    fates = [FATES[k] for k in found.fate[n:]]
    assert fates == ["repeated", "bad_time", "far_away", "impossible", "bad_time", "bad_place"]
    assert found.count(0) == n
    assert order(found) == arcs
    told = codes(found)
    assert told["match_bad_time"]["n"] == 2
    assert {"match_repeated", "match_far_away", "match_impossible", "match_bad_place"} <= set(told)


def test_a_clock_that_goes_back_is_told(town):
    net, places = town
    arcs = tour(net, (0, 0), (1, 0), (2, 0))
    t, lon, lat = points(net, arcs)
    mixed = np.concatenate([np.arange(9, len(t)), np.arange(9)])
    found = match(places, track((t[mixed], lon[mixed], lat[mixed])))
    assert order(found) == arcs
    assert codes(found)["match_clock_back"]["n"] == 1


def test_points_on_another_continent_leave_nothing_and_say_so(town):
    _net, places = town
    t = np.arange(10.0) * 5
    found = match(places, track((t, np.full(10, -73.9) + t * 1e-5, np.full(10, 40.7))))
    assert not len(found.driven)
    assert codes(found)["match_far_away"]["n"] == 10
    assert "match_nothing_used" in codes(found)


def test_a_yard_without_streets_is_not_matched(town):
    net, places = town
    t = np.arange(12.0) * 5
    lon, lat = float(net.node_lon.min()) + 0.00109, float(net.node_lat.min()) + 0.0009
    found = match(places, track((t, lon + t * 1e-7, np.full(12, lat))))
    assert codes(found)["match_off_road"]["n"] == 12
    assert (found.arc == -1).all()


def test_one_point_is_placed_but_drives_nothing_far(town):
    net, places = town
    arcs = tour(net, (0, 0), (1, 0))
    t, lon, lat = (one[5:6] for one in points(net, arcs))
    found = match(places, track((t, lon, lat)))
    assert codes(found) == {"match_one_point": {"vehicle": "车一", "points": 1}}
    assert not len(found.driven)


def test_no_points_at_all_is_refused(town):
    with pytest.raises(Unfit) as refusal:
        match(town[1], tracks((), [], [], [], []))
    assert refusal.value.faults[0].code == "match_empty"


def test_a_vehicle_without_points_does_not_disturb_the_others(town):
    net, places = town
    arcs = tour(net, (0, 0), (1, 0), (2, 0))
    t, lon, lat = points(net, arcs)
    found = match(places, tracks(("空", "车"), [1] * len(t), t, lon, lat))
    assert order(found, 1) == arcs
    assert found.notes[0].code == "match_no_points"


def test_points_every_second_are_averaged_and_all_placed(town):
    net, places = town
    arcs = tour(net, *AROUND)
    found = match(places, track(points(net, arcs, every_s=1, noise_m=5)), Params())
    assert order(found) == arcs
    assert (found.arc >= 0).all()


def test_the_order_of_the_rows_changes_nothing(town):
    net, places = town
    t, lon, lat = points(net, tour(net, *AROUND), noise_m=5)
    mixed = np.random.default_rng(1).permutation(len(t))
    one = match(places, track((t, lon, lat)))
    other = match(places, track((t[mixed], lon[mixed], lat[mixed])))
    assert one.driven.arc.tolist() == other.driven.arc.tolist()
    assert one.driven.from_s.tolist() == other.driven.from_s.tolist()
    assert one.arc[mixed].tolist() == other.arc.tolist()

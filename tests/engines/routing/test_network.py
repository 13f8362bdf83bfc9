"""A network is cut at junctions, hangs together, and its sections keep their codes."""

import math
from itertools import pairwise

import numpy as np
import pytest

from bihuan.engines.faults import Unfit
from bihuan.engines.routing.build import build
from bihuan.engines.routing.mapping import Icing, RoadMapping, Row
from bihuan.engines.routing.network import KINDS
from bihuan.exchange.roads.schematic import NOTE, sample
from tests.engines.routing.drawn import MAPPING, arc, built, grid, network, node, streets

LOOP = [
    ([(0, 0), (500, 0)], "primary", {"name": "航海路"}),
    ([(500, 0), (500, 500), (0, 500), (0, 0)], "secondary", {"name": "环路"}),
]


def codes(refusal):
    return [fault.code for fault in refusal.value.faults]


def test_streets_are_cut_where_they_meet():
    net = network(*grid(3))
    assert (net.nodes, net.arcs) == (9, 24)
    assert net.length_m == pytest.approx(np.full(24, 200.0), abs=0.01)
    assert (net.back[net.back] == np.arange(24)).all()
    assert (net.arc_tail == net.arc_head[net.back]).all()


def test_a_street_keeps_its_bends_in_both_directions():
    net = network(*LOOP)
    bent = next(at for at in range(net.arcs) if len(net.geometry(at)[0]) == 4)
    lon, lat = net.geometry(bent)
    back_lon, back_lat = net.geometry(int(net.back[bent]))
    assert lon.tolist() == back_lon[::-1].tolist()
    assert lat.tolist() == back_lat[::-1].tolist()
    assert net.length_m[bent] == pytest.approx(1500, rel=1e-4)


@pytest.mark.parametrize(("oneway", "there", "back"), [(1, 1, 0), (-1, 0, 1), (0, 1, 1)])
def test_one_way_streets_go_one_way(oneway, there, back):
    side = ([(0, 0), (0, 500), (500, 500), (500, 0)], "primary", {"oneway": -oneway})
    net = network(([(0, 0), (500, 0)], "primary", {"oneway": oneway}), side)
    a, b = node(net, (0, 0)), node(net, (500, 0))
    straight = net.length_m < 600
    assert int(((net.arc_tail == a) & (net.arc_head == b) & straight).sum()) == there
    assert int(((net.arc_tail == b) & (net.arc_head == a) & straight).sum()) == back


def test_what_cannot_be_reached_is_cut_off_and_told():
    far = ([(5000, 0), (5300, 0)], "residential", {"name": "孤巷"})
    trap = ([(0, 0), (-300, 0)], "secondary", {"oneway": 1})
    found = built(*LOOP, far, trap)
    assert found.network.nodes == 2
    assert found.cut_off.arcs == 3
    assert found.cut_off.km_by_kind["back"] == pytest.approx(0.6, abs=0.001)
    assert found.cut_off.km_by_kind["secondary"] == pytest.approx(0.3, abs=0.001)
    assert "孤巷" not in {one.street for one in found.network.sections}
    assert not found.notes


def test_a_map_that_falls_apart_says_how_much_is_left():
    islands = [
        ([(5000.0 * at, 0), (5000.0 * at + 100 + at, 0)], "primary", {"name": f"{at}岛路"})
        for at in range(4)
    ]
    found = built(*islands)
    assert found.network.arcs == 2
    (note,) = found.notes
    assert note.code == "roads_falls_apart"
    assert note.params["kept"] == pytest.approx(25.4, abs=0.1)


def test_classes_lanes_and_speeds_come_from_the_table_where_the_map_is_silent():
    net = network(
        ([(0, 0), (500, 0)], "primary", {}),
        ([(500, 0), (500, 500)], "primary", {"lanes": 5, "speed_kmh": 20.0}),
        ([(500, 500), (0, 500)], "residential", {"lanes_along": 3}),
        ([(0, 500), (0, 0)], "secondary", {"lanes": 4, "oneway": 1}),
    )
    silent, said, lane = (
        arc(net, (0, 0), (500, 0)),
        arc(net, (500, 0), (500, 500)),
        arc(net, (500, 500), (0, 500)),
    )
    single = arc(net, (0, 500), (0, 0))
    assert [int(net.lanes[at]) for at in (silent, said, lane, single)] == [2, 3, 3, 4]
    assert int(net.lanes[net.back[lane]]) == 1
    assert [float(net.speed_kmh[at]) for at in (silent, said)] == [36.0, 20.0]
    assert [KINDS[net.kind[at]] for at in (silent, lane, single)] == ["main", "back", "secondary"]


def test_ice_comes_first_on_bridges_ramps_and_slopes():
    square = [
        ([(0, 0), (500, 0)], "primary", {"bridge": True}),
        ([(500, 0), (500, 500)], "primary_link", {}),
        ([(500, 500), (0, 500)], "primary", {"slope": 0.05}),
        ([(0, 500), (0, 0)], "primary", {"slope": math.nan}),
    ]
    net = network(*square)
    corners = [(0, 0), (500, 0), (500, 500), (0, 500), (0, 0)]
    sides = [arc(net, a, b) for a, b in pairwise(corners)]
    assert net.icing[sides].tolist() == [True, True, True, False]
    assert net.slope[net.back[sides[2]]] == pytest.approx(-0.05)
    calm = RoadMapping(MAPPING.rows, icing=Icing(bridge=False, ramp=False, slope=0.08))
    assert not build(streets(*square), calm).network.icing.any()


def test_a_line_that_comes_back_to_its_start_is_a_street_of_two_halves():
    ring = ([(0, 0), (0, 300), (300, 300), (300, 0), (0, 0)], "residential", {"name": "环巷"})
    net = network(*LOOP, ring)
    assert (net.arc_tail != net.arc_head).all()
    assert net.length_m[net.kind == KINDS.index("back")].sum() == pytest.approx(2400, rel=1e-3)


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        ([34.70, 34.71], [113.70, 113.71], "roads_swapped"),
        ([34.70, 34.71], [83.70, 83.71], "roads_swapped"),
        ([470000.0, 470100.0], [3840000.0, 3840000.0], "roads_projected"),
        ([200.0, 201.0], [95.0, 96.0], "roads_outside_earth"),
        ([math.nan, 113.0], [34.0, 34.1], "roads_outside_earth"),
    ],
)
def test_places_off_the_earth_are_refused(lon, lat, code):
    one = streets(([(0, 0), (1, 0)], "primary", {}))
    with pytest.raises(Unfit) as refusal:
        build(type(one)(np.array(lon), np.array(lat), one.ways), MAPPING)
    assert codes(refusal) == [code]


def test_a_map_without_streets_is_refused():
    with pytest.raises(Unfit) as refusal:
        built(([(0, 0), (1, 0)], "footway", {}))
    assert codes(refusal) == ["roads_no_drivable"]
    with pytest.raises(Unfit) as refusal:
        built(([(0, 0), (100, 0)], "primary", {"oneway": 1}))
    assert codes(refusal) == ["roads_nothing_connected"]


def test_every_fault_of_the_table_is_said_at_once():
    with pytest.raises(Unfit) as refusal:
        RoadMapping(
            {"a": Row("gone", lanes=0, speed_kmh=900), "b": Row("main")}, icing=Icing(slope=2)
        )
    assert codes(refusal) == [
        "roads_mapping_kind",
        "roads_mapping_lanes",
        "roads_mapping_speed",
        "roads_mapping_slope",
    ]


def test_the_same_map_gives_the_same_network():
    assert network(*grid()).digest == network(*grid()).digest
    assert network(*grid()).digest != network(*grid(step=201.0)).digest


def test_a_section_is_a_street_between_two_cross_streets_both_ways():
    net = network(*grid(3))
    by_name = {one.name: one for one in net.sections}
    one = by_name["乙街（丙路—乙路）"]
    assert len(one.arcs) == 2
    assert one.length_m == pytest.approx(200, abs=0.1)
    assert len(net.sections) == 12
    assert (np.sort(np.concatenate([one.arcs for one in net.sections])) == np.arange(24)).all()


def test_small_streets_do_not_divide_a_main_one():
    lane = ([(100, 0), (100, 200)], "residential", {"name": "小巷"})
    lines = grid(2)
    # The lane meets both 路 half way.
    lines = [
        ([(0, 0), (100, 0), (200, 0)], "primary", {"name": "甲路"})
        if about["name"] == "甲路"
        else ([(0, 200), (100, 200), (200, 200)], "primary", {"name": "乙路"})
        if about["name"] == "乙路"
        else (points, tag, about)
        for points, tag, about in lines
    ]
    names = {one.name: one for one in network(*lines, lane).sections}
    assert len(names["甲路（甲街—乙街）"].arcs) == 4
    assert "小巷（乙路—甲路）" in names


def test_two_carriageways_are_one_section():
    net = sample().network
    (one,) = [one for one in net.sections if one.name == "航海路（第八大街—第十大街）"]
    assert one.length_m == pytest.approx(1300, rel=0.02)
    assert (net.back[list(one.arcs)] == -1).all()


def test_codes_stay_when_the_map_is_built_again():
    first, again = network(*grid()), network(*reversed(grid()))
    assert {one.code: one.name for one in first.sections} == {
        one.code: one.name for one in again.sections
    }


def test_a_small_change_of_the_map_changes_only_what_is_near():
    lines = grid(6)
    cut = ([(0, 0), (-300, 0), (-300, 200), (0, 200)], "primary", {"name": "新路"})
    before, after = network(*lines), network(*lines, cut)
    left = {one.code for one in after.sections}
    gone = [one for one in before.sections if one.code not in left]
    # Only the stretches that end where the new street begins may be called differently now.
    near = {node(before, (0, 0)), node(before, (0, 200))}
    assert len(gone) <= 3
    for one in gone:
        arcs = list(one.arcs)
        assert near & {*before.arc_tail[arcs].tolist(), *before.arc_head[arcs].tolist()}
    moved = [
        ([(x, y + 3 if (x, y) == (400, 400) else y) for x, y in points], tag, about)
        for points, tag, about in lines
    ]
    assert {one.code for one in network(*moved).sections} == {one.code for one in before.sections}


def test_sections_without_names_are_told_apart_by_their_place():
    lanes = [
        ([(0, 0), (0, 100 * at), (50, 100 * at), (50, 0), (0, 0)], "residential", {})
        for at in (1, 2, 3)
    ]
    net = network(*grid(3), *lanes)
    every = [one.code for one in net.sections]
    assert len(set(every)) == len(every)
    assert all(len(code) == 8 for code in every)


def test_the_sample_zone_has_the_streets_of_the_page_and_says_what_it_is():
    one = sample()
    streets_ = {section.street for section in one.network.sections}
    assert {
        "第五大街",
        "第八大街",
        "航海路",
        "经南三路",
        "经南八路",
        "经南八路潮河大桥",
    } <= streets_
    assert 60 <= one.network.nodes <= 120
    assert {KINDS[kind] for kind in one.network.kind.tolist()} == {
        "main",
        "secondary",
        "branch",
        "back",
    }
    assert {place.kind for place in one.places} >= {"bridge", "crossing", "metro", "park"}
    records = [*one.places, *one.yards, *one.ground]
    assert "示意" in NOTE
    assert {record.note for record in records} == {NOTE} == {one.network.attribution}


def test_every_yard_of_the_sample_stands_on_a_junction():
    one = sample()
    lon = np.array([yard.lon for yard in one.yards])
    lat = np.array([yard.lat for yard in one.yards])
    _nodes, away = one.network.nearest_nodes(lon, lat)
    assert away.max() < 1.0
    assert len({yard.company for yard in one.yards}) == 6

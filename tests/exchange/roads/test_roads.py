"""Streets from a map, GeoJSON and a table; all faults at once; a stored network is the same."""

import json
import math

import numpy as np
import osmium
import pytest

from bihuan.engines.faults import Unfit
from bihuan.engines.routing.build import build
from bihuan.engines.routing.coordinates import from_wgs84
from bihuan.engines.routing.network import KINDS
from bihuan.engines.routing.snap import snapped
from bihuan.engines.routing.turns import TurnRules, turns
from bihuan.exchange.roads import geojson, mapping, osm, reading, store, table, uncertainty
from bihuan.exchange.roads.schematic import sample
from tests.engines.routing.drawn import ROADS, needs_harbin

DEFAULT = mapping.default()
# node → longitude and latitude; way → its nodes and tags
NODES = {
    1: (113.700, 34.700),
    2: (113.705, 34.700),
    3: (113.710, 34.700),
    4: (113.710, 34.705),
    5: (113.700, 34.705),
    6: (113.705, 34.710),
}
MAIN = {"highway": "primary", "name": "航海路 - Hanghai Road"}
RING = {"highway": "residential", "name": "环巷"}


def pbf(tmp_path, *ways, nodes=NODES, banned=()):
    file = tmp_path / "city.osm.pbf"
    with osmium.SimpleWriter(str(file), overwrite=True) as out:
        for number, place in nodes.items():
            out.add_node(osmium.osm.mutable.Node(id=number, location=place))
        for number, (points, tags) in enumerate(ways, 1):
            out.add_way(osmium.osm.mutable.Way(id=number, nodes=points, tags=tags))
        for number, (members, kind) in enumerate(banned, 1):
            tags = {"type": "restriction", "restriction": kind}
            out.add_relation(osmium.osm.mutable.Relation(id=number, members=members, tags=tags))
    return file


def read(tmp_path, *ways, **more):
    return osm.read(pbf(tmp_path, *ways, **more), DEFAULT)


def faults(work, *given, **more):
    with pytest.raises(Unfit) as refusal:
        work(*given, **more)
    return refusal.value.faults


def codes(work, *given, **more):
    return [fault.code for fault in faults(work, *given, **more)]


def test_a_map_becomes_streets(tmp_path):
    found = read(tmp_path, ([1, 2, 3], MAIN), ([3, 4, 5, 1], RING), ([2, 6], {"highway": "steps"}))
    assert [way.name for way in found.ways] == ["航海路", "环巷"]
    assert found.left_out == {"not_drivable": 1}
    assert found.attribution == "© OpenStreetMap contributors"
    net = build(found, DEFAULT).network
    assert net.attribution == found.attribution
    assert net.arcs == 4  # nothing else meets the main street at its middle
    assert {KINDS[kind] for kind in net.kind.tolist()} == {"main", "back"}


@pytest.mark.parametrize(
    ("tags", "oneway"),
    [
        ({"oneway": "yes"}, 1),
        ({"oneway": "-1"}, -1),
        ({"oneway": "no"}, 0),
        ({"oneway": "reversible"}, 0),
        ({"junction": "roundabout"}, 1),
        ({"junction": "roundabout", "oneway": "no"}, 0),
        ({}, None),
    ],
)
def test_one_way_is_read_as_the_map_says(tmp_path, tags, oneway):
    (way,) = read(tmp_path, ([1, 2, 3], {**MAIN, **tags})).ways
    assert way.oneway == oneway


def test_motorways_are_one_way_of_themselves(tmp_path):
    road = {"highway": "motorway"}
    net = build(read(tmp_path, ([1, 3, 4, 5, 1], road)), DEFAULT).network
    assert (net.back == -1).all()


@pytest.mark.parametrize(
    ("tags", "why"),
    [
        ({"access": "private"}, "closed"),
        ({"access": "no"}, "closed"),
        ({"access": "no", "motor_vehicle": "yes"}, ""),
        ({"access": "yes", "motorcar": "no"}, "closed"),
        ({"highway": "service", "service": "driveway"}, "left_out"),
        ({"highway": "service"}, ""),
        ({"area": "yes"}, "not_drivable"),
    ],
)
def test_streets_that_are_shut_are_left_out_and_told(tmp_path, tags, why):
    found = read(tmp_path, ([1, 2, 3], {**MAIN, **tags}))
    assert found.left_out == ({why: 1} if why else {})
    assert len(found.ways) == (not why)


def test_what_the_map_says_of_a_street_is_kept(tmp_path):
    said = {
        **MAIN,
        "lanes": "3;4",
        "lanes:forward": "2",
        "bridge": "viaduct",
        "bridge:name": "潮河大桥",
        "layer": "1",
        "incline": "-4 %",
        "tunnel": "no",
    }
    (way,) = read(tmp_path, ([1, 2], said)).ways
    assert (way.lanes, way.lanes_along, way.lanes_against) == (3, 2, 0)
    assert (way.bridge, way.tunnel, way.layer, way.bridge_name) == (True, False, 1, "潮河大桥")
    assert way.slope == pytest.approx(-0.04)


def test_odd_values_are_taken_as_unknown(tmp_path):
    said = {**MAIN, "lanes": "many", "layer": "high", "incline": "up", "oneway": "maybe"}
    (way,) = read(tmp_path, ([1, 2], said)).ways
    assert (way.lanes, way.layer, way.oneway) == (0, 0, None)
    assert math.isnan(way.slope)


CROSS = [
    ([1, 2], MAIN),
    ([2, 3], MAIN),
    ([2, 6], RING),
    ([3, 4, 5, 1], RING),
    ([6, 5], RING),
]


def turn(start, via, end):
    return [("w", start, "from"), ("n", via, "via"), ("w", end, "to")]


@pytest.mark.parametrize(
    ("kind", "end", "pairs"),
    [("no_left_turn", 3, [(1, 3)]), ("only_straight_on", 2, [(1, 1), (1, 3)])],
)
def test_turns_that_the_map_forbids_are_not_driven(tmp_path, kind, end, pairs):
    net = build(read(tmp_path, *CROSS, banned=[(turn(1, 2, end), kind)]), DEFAULT).network
    ends = {1: (1, 2), 2: (2, 3), 3: (2, 6)}
    lon = {number: NODES[number][0] for number in NODES}

    def way_of(arc):
        two = {int(net.arc_tail[arc]), int(net.arc_head[arc])}
        for number, points in ends.items():
            at, _away = net.nearest_nodes(
                np.array([lon[point] for point in points]),
                np.array([NODES[point][1] for point in points]),
            )
            if two == set(at.tolist()):
                return number
        return 0

    assert sorted((way_of(a), way_of(b)) for a, b in net.forbidden.tolist()) == pairs
    free, bound = turns(net, TurnRules(map_bans=False)), turns(net, TurnRules())
    assert len(free.arc) - len(bound.arc) == 1  # turning round was banned already


def test_turns_over_a_whole_way_are_told(tmp_path):
    members = [("w", 1, "from"), ("w", 2, "via"), ("w", 4, "to")]
    found = read(tmp_path, *CROSS, banned=[(members, "no_u_turn")])
    assert found.left_out == {"turn_over_way": 1}
    assert not found.turns
    elsewhere = read(tmp_path, *CROSS, banned=[(turn(1, 2, 77), "no_left_turn")])
    assert not elsewhere.turns


def test_a_street_that_leaves_the_extract_goes_on_in_pieces(tmp_path):
    found = read(tmp_path, ([1, 2, 99, 3, 4], MAIN))
    assert [len(way.points) for way in found.ways] == [2, 2]


def test_what_is_no_map_is_refused(tmp_path):
    file = pbf(tmp_path, ([1, 2, 3], MAIN))
    content = file.read_bytes()
    for wrong, code in [
        (b"", "roads_empty"),
        (b"no map at all", "roads_not_pbf"),
        (content[:-30], "roads_not_pbf"),
    ]:
        file.write_bytes(wrong)
        assert codes(osm.read, file, DEFAULT) == [code]


def test_a_map_too_large_for_a_city_is_refused_unread(tmp_path):
    file = tmp_path / "country.osm.pbf"
    with file.open("wb") as out:
        out.truncate(2**30)  # takes no room on the disk
    (fault,) = faults(osm.read, file, DEFAULT)
    assert fault.code == "roads_too_big"
    assert fault.params == {"found": 1024, "most": 300}


def test_a_map_of_paths_has_no_street_to_drive(tmp_path):
    found = read(tmp_path, ([1, 2, 3], {"highway": "footway"}))
    assert codes(build, found, DEFAULT) == ["roads_no_lines"]


FEATURES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "geometry": {
                "type": "LineString",
                "coordinates": [[113.70, 34.70], [113.71, 34.70, 5]],
            },
            "properties": {"道路等级": "主干道", "名称": "航海路", "车道数": 6, "坡度": "4%"},
        },
        {
            "type": "Feature",
            "geometry": {
                "type": "MultiLineString",
                "coordinates": [
                    [[113.71, 34.70], [113.71, 34.71]],
                    [[113.71, 34.71], [113.70, 34.71], [113.70, 34.70]],
                ],
            },
            "properties": {"highway": "residential", "单行": True, "桥梁": "是", "易结冰": "否"},
        },
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}, "properties": {}},
    ],
}


def test_geojson_becomes_streets():
    found = geojson.read(json.dumps(FEATURES).encode(), DEFAULT)
    assert [(way.tag, way.oneway, way.bridge) for way in found.ways] == [
        ("primary", None, False),
        ("residential", 1, True),
        ("residential", 1, True),
    ]
    assert found.ways[0].lanes == 6
    assert found.ways[0].slope == pytest.approx(0.04)
    assert found.left_out == {"not_line": 1}
    assert build(found, DEFAULT).network.nodes == 3


def test_geojson_of_another_datum_is_moved():
    found = geojson.read(json.dumps(FEATURES).encode(), DEFAULT, datum="gcj02")
    x, y = from_wgs84(found.lon, found.lat, "gcj02")
    assert (round(float(x[0]), 7), round(float(y[0]), 7)) == (113.70, 34.70)
    assert codes(geojson.read, b"{}", DEFAULT) == ["roads_not_geojson"]
    content = json.dumps(FEATURES).encode()
    assert codes(geojson.read, content, DEFAULT, datum="mars") == ["roads_unknown_datum"]


def test_all_faults_of_geojson_are_said_at_once():
    wrong = json.loads(json.dumps(FEATURES))
    wrong["features"][0]["properties"] |= {"车道数": "六", "道路等级": "外星道", "坡度": "陡"}
    wrong["features"][1]["geometry"]["coordinates"][0][0] = ["x", 34]
    wrong["features"][1]["properties"]["易结冰"] = "也许"
    found = faults(geojson.read, json.dumps(wrong).encode(), DEFAULT)
    assert [(fault.code, fault.params["feature"]) for fault in found][:5] == [
        ("roads_unknown_kind", 1),
        ("roads_not_number", 1),
        ("roads_not_slope", 1),
        ("roads_bad_line", 2),
        ("roads_not_flag", 2),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "roads_empty"),
        (b"{", "roads_not_json"),
        (b"\xff\xfe", "roads_not_json"),
        (b"[1]", "roads_not_geojson"),
        (b'{"type": "FeatureCollection", "features": 3}', "roads_not_geojson"),
    ],
)
def test_what_is_no_geojson_is_refused(content, code):
    assert codes(geojson.read, content, DEFAULT) == [code]


ROWS = """示例数据,,,,
等级,名称,坐标,车道,单行
主干道,航海路,"LINESTRING (113.70 34.70, 113.71 34.70)",6,否
次干道,环路,"113.71,34.70;113.71,34.71;113.70,34.71;113.70,34.70",4,是
"""


def test_a_table_becomes_streets():
    for content in (ROWS.encode("utf-8-sig"), ROWS.encode("gb18030")):
        found = table.read(content, DEFAULT)
        assert [(way.name, way.tag, way.oneway) for way in found.ways] == [
            ("航海路", "primary", 0),
            ("环路", "secondary", 1),
        ]
        assert build(found, DEFAULT).network.nodes == 2


def test_a_table_may_name_both_ends():
    rows = "道路等级,起点经度,起点纬度,终点经度,终点纬度\n支路,113.7,34.7,113.71,34.7\n"
    (way,) = table.read(rows.encode(), DEFAULT).ways
    assert (way.tag, way.points) == ("tertiary", (0, 1))


def test_all_faults_of_a_table_are_said_at_once():
    rows = ROWS + '外星道,无,"113.7,34.7",99,也许\n,无,"1,2;3,4",,\n'
    found = faults(table.read, rows.encode(), DEFAULT)
    assert [(fault.code, fault.params["row"]) for fault in found] == [
        ("roads_bad_line", 5),
        ("roads_unknown_kind", 5),
        ("roads_not_direction", 5),
        ("roads_not_number", 5),
        ("roads_no_kind", 6),
    ]


def test_many_faults_are_told_as_a_number():
    rows = "等级,坐标\n" + "外星道,没有\n" * 100
    found = faults(table.read, rows.encode(), DEFAULT)
    assert len(found) == 51
    assert found[-1].code == "roads_more_faults"
    assert found[-1].params == {"n": 150}


def test_a_table_without_its_columns_is_refused():
    assert codes(table.read, b"a,b\n1,2\n", DEFAULT) == ["roads_no_columns"]
    assert codes(table.read, b"", DEFAULT) == ["roads_empty"]
    assert codes(table.read, b"%PDF-1.7", DEFAULT) == ["roads_not_table"]


def test_files_are_known_by_their_ending(tmp_path):
    for name, content in (("a.geojson", json.dumps(FEATURES)), ("b.csv", ROWS)):
        (tmp_path / name).write_text(content, encoding="utf-8")
        assert reading.read(tmp_path / name, DEFAULT).ways
    (tmp_path / "c.dwg").write_text("x")
    assert codes(reading.read, tmp_path / "c.dwg", DEFAULT) == ["roads_unknown_file"]


def test_sections_are_written_with_who_must_be_named():
    net = sample().network
    out = json.loads(json.dumps(geojson.sections(net), ensure_ascii=False))
    assert "示意" in out["attribution"]
    assert {one["properties"]["attribution"] for one in out["features"]} == {net.attribution}
    assert len(out["features"]) == len(net.sections)
    one = next(
        f for f in out["features"] if f["properties"]["name"] == "第五大街（航海路—经南三路）"
    )
    assert one["properties"]["kind"] == "main"
    assert {shape["geometry"]["type"] for shape in out["features"]} == {"MultiLineString"}
    assert len(one["geometry"]["coordinates"]) == 1  # both directions are one line


def test_a_stored_network_is_the_same(tmp_path):
    net = sample().network
    store.save(net, tmp_path / "net")
    again = store.load(tmp_path / "net")
    assert again.digest == net.digest
    assert again.sections == net.sections
    assert again.attribution == net.attribution
    assert [one.name for one in tmp_path.iterdir()] == ["net"]


def test_a_broken_store_is_refused():
    content = bytearray(store.to_bytes(sample().network))
    for wrong in (b"", b"PK", bytes(content[:500]), b"\x93NUMPY"):
        assert codes(store.from_bytes, wrong) == ["roads_store_broken"]
    content[len(content) // 2] ^= 255
    assert codes(store.from_bytes, bytes(content)) == ["roads_store_broken"]


def test_the_table_of_classes_is_read_and_written():
    assert mapping.from_table(json.loads(json.dumps(mapping.to_table(DEFAULT)))) == DEFAULT
    assert set(DEFAULT.rows) >= {"trunk", "primary", "secondary", "tertiary", "residential"}


def test_all_faults_of_the_table_of_classes_are_said_at_once():
    wrong = b"""
closed = ["no"]
colour = "red"
[icing]
slope = "steep"
[tags.primary]
kind = "main"
lanes = "two"
[tags.lane]
speed_kmh = 3
"""
    assert codes(mapping.read, wrong) == [
        "roads_mapping_value",
        "roads_mapping_no_kind",
        "roads_mapping_unknown",
        "roads_mapping_value",
    ]
    assert codes(mapping.read, b"tags = [") == ["roads_mapping_not_toml"]
    assert codes(mapping.read, b"") == ["roads_mapping_empty"]
    assert codes(mapping.read, b"tags = 3") == ["roads_mapping_empty"]
    assert codes(mapping.read, b"closed = 3\n[tags.a]\nkind = 'main'") == ["roads_mapping_value"]


@needs_harbin
def test_a_city_loads_and_hangs_together():
    built = build(osm.read(ROADS / "harbin.osm.pbf", DEFAULT), DEFAULT)
    net = built.network
    assert (net.nodes, net.arcs) == (13_588, 30_146)
    assert built.cut_off.kept_share > 0.96
    assert net.km_by_kind()["main"] == pytest.approx(1035.2, abs=0.1)
    every = np.concatenate([one.arcs for one in net.sections])
    assert np.sort(every).tolist() == list(range(net.arcs))
    assert len({one.code for one in net.sections}) == len(net.sections)
    assert "西大直街（通达街—学府路）" in {one.name for one in net.sections}


def test_the_table_of_doubt_says_where_it_comes_from():
    one = uncertainty.default()
    assert "FHWA" in one.source
    assert uncertainty.from_table(json.loads(json.dumps(uncertainty.to_table(one)))) == one
    wrong = {"moving": {"low": 1}, "city": "half", "colour": 1}
    assert codes(uncertainty.from_table, wrong) == ["chance_unknown"] * 3
    assert codes(uncertainty.read, b"city = 2.0") == ["chance_shares"]


@pytest.mark.parametrize("odd", [10**400, 1e308, None, [], "x", True])
def test_odd_numbers_in_geojson_are_faults_and_not_the_end(odd):
    wrong = json.loads(json.dumps(FEATURES))
    wrong["features"][0]["geometry"]["coordinates"][0][0] = odd
    wrong["features"][1]["properties"] = [odd]
    with pytest.raises(Unfit):
        build(snapped(geojson.read(json.dumps(wrong).encode(), DEFAULT), 1.0)[0], DEFAULT)

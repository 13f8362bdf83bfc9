"""`bihuan snow plan`: a scenario in, routes, sheets and numbers out, all faults at once."""

import csv
import io
import json

import pytest

from bihuan.cli import offline
from bihuan.engines.routing.faults import Unfit
from bihuan.engines.routing.plan.city import plan_city
from bihuan.engines.routing.plan.planner import Aim
from bihuan.exchange.roads import schematic, store
from bihuan.exchange.routes import plans
from bihuan.exchange.routes import scenario as files

TEXT = """
title = "示例：四小时清完主干道"
network = "net"
lane_m = 3.5
[weather]
temperature = -6
precipitation = "snow"
[[deicer]]
from_c = -10
precipitation = "snow"
grams_m2 = 20
[[classes]]
kind = "main"
promise_h = 4
weight = 10
[[classes]]
kind = "secondary"
promise_h = 8
passes = "street"
[[types]]
name = "推撒一体车"
work_kmh = 20
drive_kmh = 30
capacity_t = 5
[[yards]]
name = "一号停车场"
lon = {lon}
lat = {lat}
[[vehicles]]
yard = "一号停车场"
type = "推撒一体车"
count = 4
"""


@pytest.fixture(scope="module")
def network():
    return schematic.sample().network


def text(network, **change):
    yard = schematic.sample().yards[0]
    out = TEXT.format(lon=yard.lon, lat=yard.lat)
    for old, new in change.values():
        assert old in out
        out = out.replace(old, new)
    return out


@pytest.fixture(scope="module")
def plan(network):
    given = files.read(text(network).encode(), network)
    return plan_city(given, Aim(rounds=400, seed=1))


def test_people_write_hours_and_tonnes(network):
    given = files.read(text(network).encode(), network)
    assert given.rules["main"].promise_s == 4 * 3600
    assert given.types[0].capacity_kg == 5000
    assert given.grams == 20
    assert given.groups[0].count == 4
    assert given.groups[0].shuts_s == 8 * 3600


def test_all_that_is_wrong_with_a_scenario_is_said_at_once(network):
    broken = text(
        network,
        a=("promise_h = 4", 'promise_h = "四"'),
        b=("grams_m2 = 20", "gramm = 20"),
        c=('passes = "street"', 'passes = "sometimes"'),
        d=("lane_m = 3.5", 'lanes_m = 3.5\nclosed = ["天路"]'),
    )
    with pytest.raises(Unfit) as refusal:
        files.read(broken.encode(), network)
    said = {(one.code, one.params.get("name", one.params.get("found"))) for one in
            refusal.value.faults}  # fmt: skip
    assert said == {
        ("scenario_unknown", "lanes_m"), ("scenario_unknown", "deicer.gramm"),
        ("scenario_value", "grams_m2"), ("scenario_value", "promise_h"),
        ("scenario_value", "passes"), ("scenario_closed", "天路"),
    }  # fmt: skip


@pytest.mark.parametrize("content", [b"[[", b"\xff\xfe", b"classes = 3", b"classes = [3]"])
def test_what_is_no_scenario_is_refused(content, network):
    with pytest.raises(Unfit):
        files.read(content, network)


def test_routes_are_lines_with_hours(plan, network):
    found = json.loads(plans.geojson(plan))
    legs = [leg for tour in plan.tours for leg in tour.stops if leg.arcs]
    assert len(found["features"]) == len(legs)
    for feature, leg in zip(found["features"], legs, strict=True):
        points = feature["geometry"]["coordinates"]
        lon, lat = network.geometry(leg.arcs[0])
        assert points[0] == pytest.approx([lon[0], lat[0]], abs=1e-6)
        assert feature["properties"]["work"] == leg.kind


def test_tables_add_up_and_hold_no_formula(plan):
    rows = list(csv.DictReader(io.StringIO(plans.tours_csv(plan, str).decode("utf-8-sig"))))
    assert sum(float(row["作业公里"]) for row in rows) == pytest.approx(plan.served_km, abs=0.1)
    legs = list(csv.reader(io.StringIO(plans.legs_csv(plan, str).decode("utf-8-sig"))))
    assert len(legs) == 1 + sum(len(tour.stops) for tour in plan.tours)
    hostile = plans.numbers_csv([("=1+1", 3), ("@SUM", -4)])
    assert hostile.decode("utf-8-sig") == "'=1+1,3\r\n'@SUM,-4\r\n"


def test_a_sheet_names_every_street_that_a_driver_clears(plan):
    document = plans.sheets(plan, str, mark="示例数据")
    said = str(document.parts)
    names = {
        plan.scenario.network.names[plan.scenario.network.name[arc]]
        for tour in plan.tours for leg in tour.stops if leg.kind == "serve" for arc in leg.arcs
    }  # fmt: skip
    assert names - {""}
    assert all(name in said for name in names if name)
    assert "示例数据" in said


def test_the_command_writes_everything(tmp_path, network, capsys):
    store.save(network, tmp_path / "net")
    (tmp_path / "任务.toml").write_text(text(network), encoding="utf-8")
    out = tmp_path / "方案"
    given = ["plan", str(tmp_path / "任务.toml"), "--out", str(out), "--rounds", "400", "--seed",
             "1", "--compare", "--json"]  # fmt: skip
    assert offline.run(given, "snow") == 0
    table = json.loads(capsys.readouterr().out)
    assert table["faults"] == 0
    assert table["left"] == 0
    assert table["bound_km"] <= table["km"]
    assert table["territory_km"] > 0
    assert 0 <= table["chance_main"] <= 100
    written = {one.name for one in out.iterdir()} - {"drivers.pdf"}
    assert written == {"routes.geojson", "legs.csv", "tours.csv", "numbers.csv", "plan.json"}


def test_a_broken_scenario_is_one_sentence_a_fault(tmp_path, network, capsys):
    store.save(network, tmp_path / "net")
    place = tmp_path / "任务.toml"
    place.write_text(text(network, a=("count = 4", "count = 0")), encoding="utf-8")
    assert offline.run(["plan", str(place), "--out", str(tmp_path / "x")], "snow") == 1
    assert "没有一台车" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()
    place.write_text(text(network, a=('network = "net"', "")), encoding="utf-8")
    assert offline.run(["plan", str(place), "--out", str(tmp_path / "x")], "snow") == 1
    assert "--net" in capsys.readouterr().err


def test_what_if_prints_a_row_for_each_change(tmp_path, network, capsys):
    store.save(network, tmp_path / "net")
    place = tmp_path / "任务.toml"
    place.write_text(text(network, a=("count = 4", "count = 1")), encoding="utf-8")
    given = ["whatif", str(place), "--rounds", "200", "--raise", "main=1", "--start", "1=0.5",
             "--vehicles", "4"]  # fmt: skip
    assert offline.run(given, "snow") == 0
    said = capsys.readouterr().out.splitlines()
    assert any(line.startswith("+0,") for line in said)
    rows = [line.split(",")[0] for line in said[-3:]]
    assert rows == ["不改", "main 1 h", "一号停车场 推撒一体车 0.5 h"]
    wrong = ["whatif", str(place), "--yard", "here", "--raise", "天路=1", "--start", "9=1"]
    assert offline.run(wrong, "snow") == 1
    assert capsys.readouterr().err.count("不成立") == 3
    assert offline.run(["whatif", str(place)], "snow") == 1


def test_the_sample_scenario_reads_and_plans():
    from bihuan.exchange.routes.sample import sample

    found = plan_city(sample(1), Aim(rounds=200, seed=1))
    assert found.left == ()
    assert {tour.name.split("-")[0] for tour in found.tours} == {
        yard.name for yard in schematic.sample().yards
    }

"""`bihuan snow match`: a track file and a network file become passes, and everything is told."""

import csv
import json

import pytest

from bihuan.cli.offline import run
from bihuan.exchange.roads import store
from tests.engines.routing.drawn import grid, network
from tests.engines.routing.driven import arcs_through, node_at, points


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.setenv("BIHUAN_LANG", "zh")
    net = network(*grid())
    store.save(net, tmp_path / "net")
    way = [node_at(net, 200.0 * x, 0.0) for x in range(4)]
    t, lon, lat = points(net, arcs_through(net, *way), noise_m=3)
    rows = [("车辆", "时间", "经度", "纬度", "铲雪", "撒布", "撒布量")]
    rows += [
        ("撒1", 1642708800 + at, f"{x:.7f}", f"{y:.7f}", "是", "是", 20)
        for at, x, y in zip(t, lon, lat, strict=True)
    ]
    rows.append(("撒1", 1642708800 + 7, "-73.9", "40.7", "", "", ""))
    with (tmp_path / "轨迹.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return tmp_path


def test_a_track_becomes_passes_with_the_lines_that_prove_them(files, capsys):
    out, shown = files / "记录.csv", files / "路线.geojson"
    given = ["match", str(files / "轨迹.csv"), "--net", str(files / "net"), "--out", str(out)]
    assert run([*given, "--geojson", str(shown)], "snow") == 0
    said = capsys.readouterr()
    assert "用上" in said.out
    assert "离路网很远" in said.err
    with out.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 3
    assert {row["铲雪"] for row in rows} == {"是"}
    assert rows[1]["起"].endswith("+08:00")
    assert all(int(line) >= 2 for row in rows for line in row["证据（轨迹文件行号）"].split())
    lines = json.loads(shown.read_text(encoding="utf-8"))["features"]
    assert [line["properties"]["seen"] for line in lines] == [True]


def test_the_same_as_json(files, capsys):
    given = ["match", str(files / "轨迹.csv"), "--net", str(files / "net"), "--json"]
    assert run(given, "snow") == 0
    table = json.loads(capsys.readouterr().out)
    assert table["fates"]["far_away"] == 1
    assert table["km"] == pytest.approx(0.6, abs=0.03)
    assert len(table["notes"]) == 2


def test_outside_the_shift_nothing_is_used(files, capsys):
    (files / "班次.csv").write_text("车辆,出车,收车\n撒1,2022-01-22 04:00,\n", encoding="utf-8")
    given = ["match", str(files / "轨迹.csv"), "--net", str(files / "net")]
    assert run([*given, "--shifts", str(files / "班次.csv")], "snow") != 0
    assert "不在班次内" in capsys.readouterr().err


def test_what_is_no_network_is_one_sentence(files, capsys):
    track = str(files / "轨迹.csv")
    assert run(["match", track, "--net", track], "snow") != 0
    assert capsys.readouterr().err.count("\n") == 1


def test_the_datum_may_be_said(files, capsys):
    given = ["match", str(files / "轨迹.csv"), "--net", str(files / "net"), "--datum", "wgs84"]
    assert run(given, "snow") == 0
    assert "wgs84" in capsys.readouterr().out

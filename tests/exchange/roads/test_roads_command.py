"""`bihuan roads build` tells what it made of a map, and in sentences why it made nothing."""

import json

import pytest

from bihuan.cli import offline
from bihuan.exchange.roads import store

MAP = """等级,名称,坐标,车道,单行
主干道,航海路,"113.70,34.70;113.71,34.70",6,否
次干道,环路,"113.71,34.70;113.71,34.71;113.70,34.71;113.70,34.70",4,否
背街小巷,孤巷,"113.80,34.70;113.81,34.70",2,否
"""


@pytest.fixture
def build(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("BIHUAN_LANG", "zh")

    def built(content, *options, name="city.csv"):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        status = offline.run(
            ["build", str(file), "--out", str(tmp_path / "net"), *options], "roads"
        )
        return status, *capsys.readouterr()

    return built


def test_a_map_is_built_and_told(build, tmp_path):
    status, said, wrong = build(MAP, "--geojson", str(tmp_path / "sections.geojson"))
    assert (status, wrong) == (0, "")
    assert "路口 2 个，单向路段 4 条，命名路段 2 个" in said
    assert "主干道：2 条，单向里程 1.8 公里" in said
    assert "不通而略去：路口 2 个，单向路段 2 条，1.8 公里（背街小巷 1.8）" in said
    assert store.load(tmp_path / "net").arcs == 4
    drawn = json.loads((tmp_path / "sections.geojson").read_text(encoding="utf-8"))
    assert len(drawn["features"]) == 2


def test_the_same_as_json(build):
    status, said, _wrong = build(MAP, "--json")
    assert status == 0
    told = json.loads(said)
    assert told["kinds"]["main"]["arcs"] == 2
    assert told["cut_off"]["km_by_kind"]["back"] == pytest.approx(1.828, abs=0.01)


def test_a_table_of_classes_may_be_given(build, tmp_path):
    mine = tmp_path / "mine.toml"
    mine.write_text('[tags.primary]\nkind = "main"\nlanes = 1\nspeed_kmh = 20\n')
    status, said, _wrong = build(MAP.replace("次干道", "主干道"), "--mapping", str(mine))
    assert status == 0
    assert "主干道：4 条" in said
    mine.write_text("[tags.primary]\nkind = 'gone'\n")
    status, _said, wrong = build(MAP, "--mapping", str(mine))
    assert status == 1
    assert wrong.startswith("mine.toml：道路等级对照表里“primary”的等级“gone”不认识")


def test_every_fault_is_a_sentence_with_its_place(build, tmp_path):
    status, said, wrong = build(MAP + '外星道,无,"113.7,34.7",99,也许\n')
    assert (status, said) == (1, "")
    lines = wrong.splitlines()
    assert len(lines) == 4
    assert all(line.startswith("city.csv 第 5 行：") for line in lines)
    assert not (tmp_path / "net").exists()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.osm.pbf", b"", "文件是空的"),
        ("a.osm.pbf", b"nothing like it", "不是完整的 OpenStreetMap PBF"),
        ("a.geojson", b"{", "不是 JSON"),
        ("a.dwg", b"AC1032", "不认识"),
        ("a.csv", MAP.replace("113.", "313.").encode(), "不在地球上"),
        (
            "a.csv",
            '等级,坐标\n主干道,"34.7,113.7;34.8,113.7"\n'.encode(),
            "经纬度颠倒",
        ),
    ],
)
def test_what_is_no_map_is_told_plainly(build, name, content, told):
    status, said, wrong = build(content, name=name)
    assert (status, said) == (1, "")
    assert told in wrong
    assert "Traceback" not in wrong


def test_a_network_that_falls_apart_says_so(build):
    islands = "".join(
        f'主干道,{at}岛路,"113.{at}0,34.7;113.{at}1,34.7",2,否\n' for at in range(1, 5)
    )
    status, _said, wrong = build("等级,名称,坐标,车道,单行\n" + islands)
    assert status == 0
    assert "最大的一片" in wrong or "最大一片" in wrong


def test_loose_ends_are_joined_when_asked(build):
    loose = MAP.replace("113.71,34.70;113.71,34.71", "113.710002,34.70;113.71,34.71")
    assert "主干道：2 条" in build(loose, "--snap", "1")[1]
    status, said, _wrong = build(loose, "--snap", "1")
    assert status == 0
    assert "接上的端点 1 处" in said or "接上的端点 2 处" in said
    assert "接上" not in build(loose)[1]

"""Benchmark files: what they say, and everything that is wrong with them at once."""

import json

import pytest

from bihuan.cli import offline
from bihuan.engines.routing.faults import Unfit
from bihuan.exchange.carp import carplib, kerteminde, plans

TEXT = """ NOMBRE : toy
 VERTICES : 4
 ARISTAS_REQ : 2
 ARISTAS_NOREQ : 1
 VEHICULOS : 2
 CAPACIDAD : 5
 LISTA_ARISTAS_REQ :
 ( 1, 2)  coste 3 demanda 2
 ( 2, 3)  coste 4.5   demanda  4
 LISTA_ARISTAS_NOREQ :
 ( 3, 4)   coste 2
 DEPOSITO : 1
"""


def test_edges_capacity_and_depot_are_read():
    carp = carplib.read(TEXT.encode())
    assert (carp.name, carp.capacity, carp.depot, carp.vehicles) == ("toy", 5.0, 1, 2)
    assert [(e.u, e.v, e.cost, e.load, e.required) for e in carp.edges] == [
        (1, 2, 3.0, 2.0, True), (2, 3, 4.5, 4.0, True), (3, 4, 2.0, 0.0, False),
    ]  # fmt: skip


def test_everything_wrong_is_said_at_once():
    broken = TEXT.replace("coste 3 demanda 2", "coste drei").replace(
        "CAPACIDAD : 5", "CAPACIDAD : 0"
    )
    broken = broken.replace("DEPOSITO : 1", "DEPOSITO : 99").replace(
        "VEHICULOS : 2", "VEHICULOS : x"
    )
    with pytest.raises(Unfit) as refusal:
        carplib.read(broken.encode())
    assert [one.code for one in refusal.value.faults] == [
        "carp_line", "carp_no_capacity", "carp_head", "carp_no_depot",
    ]  # fmt: skip
    assert refusal.value.faults[0].params["line"] == 8


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe", "没有表".encode()])
def test_another_file_is_refused(content):
    with pytest.raises(Unfit):
        carplib.read(content)


def test_solve_and_check_go_together(tmp_path, capsys):
    file, plan = tmp_path / "toy.dat", tmp_path / "plan.json"
    file.write_text(TEXT)
    given = ["solve", str(file), "--rounds", "200", "--seed", "1", "--out", str(plan)]
    assert offline.run(given, "routes") == 0
    told = json.loads(plan.read_text())
    assert told["cost"] == 2 * 3 + 2 * 7.5
    assert told["lower_bound"] <= told["cost"]
    assert offline.run(["check", str(file), str(plan)], "routes") == 0
    assert "代价 21" in capsys.readouterr().out
    told["routes"] = [told["routes"][0]]
    plan.write_text(json.dumps(told))
    assert offline.run(["check", str(file), str(plan)], "routes") == 1
    assert "没有服务" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "[]", '{"routes": 3}', '{"routes": [[[1]]]}'])
def test_a_plan_that_cannot_be_read_is_refused(text, tmp_path, capsys):
    file, plan = tmp_path / "toy.dat", tmp_path / "plan.json"
    file.write_text(TEXT)
    plan.write_text(text)
    assert offline.run(["check", str(file), str(plan)], "routes") == 1
    assert "方案文件读不懂" in capsys.readouterr().err


GRIT = {
    "name": "toy", "max_time": 60,
    "vehicles": [{"id": "1", "home": "1", "capacity": 10}],
    "depots": [{"label": "2"}], "U": [{"label": "1"}, {"label": "3"}],
    "A": [], "A_R": [{"arc": ["3", "1"], "len": 100, "dem": 1, "time": 1}],
    "E_R": [{"edge": ["1", "2"], "len": 100, "dem": 1, "time": 1},
            {"edge": ["2", "3"], "len": 100, "dem": 1, "time": 1}],
}  # fmt: skip


def test_gritting_files_are_solved_and_checked_too(tmp_path, capsys):
    file, plan = tmp_path / "toy.json", tmp_path / "plan.json"
    file.write_text(json.dumps(GRIT))
    given = ["solve", str(file), "--rounds", "200", "--out", str(plan)]
    assert offline.run(given, "routes") == 0
    assert "行驶 0.3 公里" in capsys.readouterr().out
    assert offline.run(["check", str(file), str(plan)], "routes") == 0
    trips, home = plans.grit_trips(plan.read_bytes())
    assert home
    assert [(s.u, s.v) for s in trips[0].steps] == [("1", "2"), ("2", "3"), ("3", "1")]


def test_every_row_of_a_gritting_file_that_is_wrong_is_said():
    broken = {**GRIT, "E_R": [{"edge": ["1"], "len": 1, "dem": 1}], "vehicles": [{"id": "1"}]}
    with pytest.raises(Unfit) as refusal:
        kerteminde.read(json.dumps(broken).encode())
    assert {(one.params["part"], one.params["n"]) for one in refusal.value.faults} == {
        ("E_R", 1), ("vehicles", 1),
    }  # fmt: skip
    for content in (b"{", b"[]"):
        with pytest.raises(Unfit):
            kerteminde.read(content)

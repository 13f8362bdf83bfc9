"""`bihuan schedule solve` and `check`: a file in, a schedule out, and a judge asked apart."""

import json
import re

import pytest

from bihuan.cli.offline import run
from bihuan.cli.offline.words import SENTENCES
from bihuan.engines.schedule.levelling import Activity, Link, problem
from bihuan.engines.schedule.levelling.table import from_table

from .levelled import ROOT, drawn, three_reviews

SM = """\
************************************************************************
file with basedata            : three.bas
initial value random generator: 1
************************************************************************
projects                      :  1
jobs (incl. supersource/sink ):  4
horizon                       :  9
RESOURCES
  - renewable                 :  1   R
  - nonrenewable              :  0   N
  - doubly constrained        :  0   D
************************************************************************
PROJECT INFORMATION:
pronr.  #jobs rel.date duedate tardcost  MPM-Time
    1      2      0        5       0        5
************************************************************************
PRECEDENCE RELATIONS:
jobnr.    #modes  #successors   successors
   1        1          2           2   3
   2        1          1           4
   3        1          1           4
   4        1          0
************************************************************************
REQUESTS/DURATIONS:
jobnr. mode duration  R 1
------------------------------------------------------------------------
  1      1     0       0
  2      1     5       2
  3      1     4       1
  4      1     0       0
************************************************************************
RESOURCEAVAILABILITIES:
  R 1
    2
************************************************************************
"""


@pytest.fixture(autouse=True)
def _in_chinese(monkeypatch):
    monkeypatch.setenv("BIHUAN_LANG", "zh")


@pytest.fixture
def sm(tmp_path):
    path = tmp_path / "three.sm"
    path.write_text(SM)
    return path


def refused(capsys, words):
    assert run(words, "schedule") == 1
    return capsys.readouterr().err.splitlines()


def test_a_file_is_solved_written_and_judged(sm, tmp_path, capsys):
    out = tmp_path / "made" / "schedule.json"
    words = ["solve", str(sm), "--seed", "1", "--generations", "3", "--out", str(out)]
    assert run([*words, "--run", "threads:2"], "schedule") == 0
    assert "总工期 9 期，下界 9 期。" in capsys.readouterr().out
    told = json.loads(out.read_text())
    assert (told["makespan"], told["lower_bound"], told["proved"], told["seed"]) == (9, 9, True, 1)
    assert run(["check", str(sm), str(out)], "schedule") == 0
    assert capsys.readouterr().out.splitlines() == ["成立：总工期 9 期。"]


def test_the_same_words_give_the_same_bytes_but_for_the_time(tmp_path, capsys):
    case = tmp_path / "case.json"
    case.write_text(json.dumps(drawn(8).table()))
    made = []
    for where in ("here", "threads:2"):
        out = tmp_path / f"{where}.json"
        words = ["solve", str(case), "--generations", "4", "--run", where, "--out", str(out)]
        assert run(words, "schedule") == 0
        made.append(json.loads(out.read_text()))
        del made[-1]["seconds"]
    assert made[0] == made[1]
    assert run(["check", str(case), str(tmp_path / "here.json")], "schedule") == 0


def test_a_schedule_that_does_not_hold_is_told_place_by_place(sm, tmp_path, capsys):
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps({"1": 0, "2": 0, "3": 1, "4": 4}))
    assert run(["check", str(sm), str(bad)], "schedule") == 1
    assert capsys.readouterr().out.splitlines() == [
        "搭接“2 → 4”（FS，时距 0）不满足：应不早于第 5 期，现为第 4 期。",
        "搭接“3 → 4”（FS，时距 0）不满足：应不早于第 5 期，现为第 4 期。",
        "资源“R1”在第 1 至 4 期占用 3 个，而只有 2 个。",
        "不成立：违反 3 处。",
    ]


# Bad input ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spoilt", "told"),
    [
        ("", "three.sm：不是 PSPLIB 的 .sm 文件：找不到“jobs”。请核对文件。"),
        (
            SM.split("PRECEDENCE")[0],
            "three.sm：不是 PSPLIB 的 .sm 文件：找不到“PRECEDENCE RELATIONS:”。请核对文件。",
        ),
        (
            SM.replace("5       2", "5       x"),
            "three.sm 第 28 行：这一行“2      1     5       x”读不出需要的整数。请核对文件。",
        ),
        (
            SM.replace("nonrenewable              :  0", "nonrenewable              :  1"),
            "three.sm：有不可更新的资源，只能均衡可更新的资源。请换文件。",
        ),
        (
            SM.replace("   3        1          1", "   3        2          1"),
            "three.sm：有活动带多种执行方式，只能读单一方式（.sm）。请换文件。",
        ),
        (
            SM.replace("   4        1          0", "   4        1          1           2"),
            "three.sm：搭接绕成了圈，涉及 2 项活动：2、4。请断开一处。",
        ),
        (
            SM.replace("\n    2\n", "\n    1\n"),
            "three.sm：活动“2”要用“R1” 2 个，而以后只有 1 个，永远排不进去。请减少占用或增加能力。",
        ),
    ],
)
def test_a_spoilt_file_is_refused_in_a_sentence(sm, tmp_path, capsys, spoilt, told):
    sm.write_text(spoilt)
    out = tmp_path / "schedule.json"
    words = ["solve", str(sm), "--generations", "1", "--out", str(out)]
    assert refused(capsys, words) == [told]
    assert not out.exists()


def test_a_table_of_the_wrong_shape_is_refused_with_every_place(tmp_path, capsys):
    case = tmp_path / "case.json"
    case.write_text(
        json.dumps(
            {
                "activities": [{"name": "a", "duration": "2"}, {"name": "b", "lasts": 1}, 7],
                "capacity": {"r": [[0]]},
                "links": {},
            }
        )
    )
    told = refused(capsys, ["solve", str(case), "--out", str(tmp_path / "s.json")])
    assert [line.split("：")[1].split(" ")[0] for line in told] == [
        "capacity.r[0]",
        "activities[0].duration",
        "activities[1]",
        "activities[1].duration",
        "activities[2]",
        "activities[2].name",
        "activities[2].duration",
        "links",
    ]
    assert refused(capsys, ["check", str(case), str(case)]) == told
    case.write_text("{")
    assert "不是可读的 JSON" in refused(capsys, ["check", str(case), str(case)])[0]


def test_a_problem_that_does_not_hang_together_is_refused_with_every_fault():
    given = [
        Activity("a", -1, {"r": 1}),
        Activity("a", 1, {"r": -2}),
        Activity("b", 1, release=-3),
    ]
    with pytest.raises(Exception, match="levelling") as refusal:
        problem(given, [Link("a", "x"), Link("a", "b", "XX")], {"r": [(1, 2)], "s": -1}, "cost")
    assert [fault.code for fault in refusal.value.faults] == [
        "levelling_steps",
        "levelling_capacity",
        "levelling_number",
        "levelling_name_twice",
        "levelling_number",
        "levelling_number",
        "levelling_unknown_activity",
        "levelling_kind",
        "levelling_first",
    ]


def test_a_starts_file_that_holds_no_starts_is_refused(sm, tmp_path, capsys):
    bad = tmp_path / "bad.json"
    bad.write_text("[1, 2]")
    assert "读不出各活动的开工期" in refused(capsys, ["check", str(sm), str(bad)])[0]


@pytest.mark.parametrize("seed", range(10))
def test_a_problem_survives_its_plain_form(seed):
    given = drawn(seed)
    again = from_table(json.loads(json.dumps(given.table())))
    assert again.digest == from_table(again.table()).digest == given.digest
    assert three_reviews().digest != given.digest


def test_every_fault_has_a_sentence():
    engine = ROOT / "src/bihuan/engines/schedule"
    codes = {
        code
        for path in (engine / "check.py", *(engine / "levelling").glob("*.py"))
        for code in re.findall(r'\b(?:Fault|unfit)\(\s*"(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert len(codes) > 25
    assert codes <= set(SENTENCES)

"""The judge: it passes what holds, and names every place where something does not."""

import json
import re

import pytest

from bihuan.engines.schedule.check import case_of_sm, judge
from bihuan.engines.schedule.levelling import psplib

from .levelled import RCPSP, ROOT, needs_bench

CASE = {
    "capacity": {"r": [[0, 2], [4, 1]]},
    "activities": [
        {"name": "a", "duration": 2, "needs": {"r": 1}, "release": 1, "due": 2, "weight": 3},
        {"name": "b", "duration": 3, "needs": {"r": 1}},
        {"name": "c", "duration": 1, "needs": {"r": 2}, "start": 3},
    ],
    "links": [
        {"before": "a", "after": "b", "kind": "SS", "lag": 2},
        {"before": "a", "after": "c"},
    ],
}
GOOD = {"a": 1, "b": 4, "c": 3}


def codes(starts, case=CASE):
    return [(fault.code, dict(fault.params)) for fault in judge(case, starts).violations]


def test_a_schedule_that_holds_has_a_makespan_and_a_tardiness():
    verdict = judge(CASE, GOOD)
    assert (verdict.holds, verdict.makespan, verdict.tardiness) == (True, 7, 3)


def test_every_kind_of_violation_is_named_with_its_place():
    assert codes({**GOOD, "b": 3}) == [
        ("judged_over_capacity", {"resource": "r", "from": 3, "to": 3, "found": 3, "most": 2})
    ]
    assert codes({"a": 0, "b": 4, "c": 3}) == [
        ("judged_before_release", {"activity": "a", "found": 0, "least": 1})
    ]
    assert {code for code, _params in codes({"a": 1, "b": 2, "c": 5})} == {
        "judged_not_as_fixed",
        "judged_link_broken",
        "judged_over_capacity",
    }


def test_neighbouring_periods_that_overrun_alike_are_told_as_one():
    over = [p for code, p in codes({"a": 4, "b": 4, "c": 3}) if code == "judged_over_capacity"]
    assert over == [{"resource": "r", "from": 4, "to": 5, "found": 2, "most": 1}]


@pytest.mark.parametrize("kind", ["FS", "SS", "FF", "SF"])
def test_each_kind_of_link_is_held_to_its_ends(kind):
    case = {
        "activities": [{"name": "a", "duration": 4}, {"name": "b", "duration": 2}],
        "links": [{"before": "a", "after": "b", "kind": kind, "lag": 1}],
    }
    least = {"FS": 15, "SS": 11, "FF": 13, "SF": 9}[kind]
    assert codes({"a": 10, "b": least}, case) == []
    assert [code for code, _p in codes({"a": 10, "b": least - 1}, case)] == ["judged_link_broken"]


def test_starts_that_lack_are_no_periods_or_belong_to_nobody_are_named():
    told = [code for code, _params in codes({"a": 1.5, "b": -1, "z": 0})]
    assert told == [
        "judged_not_period",
        "judged_not_period",
        "judged_no_start",
        "judged_unknown_activity",
    ]
    assert [c for c, _p in codes({**GOOD, "a": True})] == ["judged_not_period"]


@needs_bench
def test_judge_and_solver_read_the_same_from_every_psplib_file_each_in_its_own_way():
    files = sorted(RCPSP.glob("j*/*.sm"))
    assert len(files) == 780
    for file in files[::7]:
        text = file.read_text()
        mine, theirs = case_of_sm(text), psplib(text).table()
        assert {name: [[0, n]] for name, n in mine["capacity"].items()} == theirs["capacity"]
        both = [
            {
                one["name"]: (one["duration"], {k: n for k, n in one["needs"].items() if n})
                for one in table["activities"]
            }
            for table in (mine, theirs)
        ]
        assert both[0] == both[1]
        pairs = [{(k["before"], k["after"]) for k in t["links"]} for t in (mine, theirs)]
        assert pairs[0] == pairs[1]


def test_the_judge_is_a_stranger_to_the_solver():
    source = (ROOT / "src/bihuan/engines/schedule/check.py").read_text(encoding="utf-8")
    used = re.findall(r"^(?:from|import) (\S+)", source, flags=re.M)
    assert set(used) == {
        "bihuan.engines.schedule.faults",
        "collections.abc",
        "dataclasses",
        "typing",
    }


def test_the_plain_form_survives_a_file():
    assert judge(json.loads(json.dumps(CASE)), GOOD).holds

"""Project files are read in a helper process, counted as MPXJ counts them, and never trusted."""

import csv
import importlib.util
import json
import shutil
import struct
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from bihuan.engines.faults import Unfit
from bihuan.engines.schedule.path import dates
from bihuan.exchange.schedules import Plan, Refusal, Relation, Task, project, read
from bihuan.exchange.schedules.counting import counted
from tests.engines.schedule.given import PROJECTS, needs_projects

FILES = PROJECTS / "schedule_files"
needs_java = pytest.mark.skipif(
    shutil.which("java") is None or importlib.util.find_spec("mpxj") is None,
    reason="needs Java and the extra “schedules”",
)
# Nothing but an order of tasks: what the exporter of the shared files left out of an .xer.
NO_DATES = "xer"
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    b'<Project xmlns="http://schemas.microsoft.com/project"><Name>&b;</Name></Project>'
)


def refused(content, name="x"):
    with pytest.raises(Refusal) as refusal:
        read(content, name)
    return refusal.value.doubt.code


def rows(name):
    path = FILES / name
    if not path.exists():
        return []
    with path.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@needs_projects
@needs_java
@pytest.mark.parametrize("row", rows("expected_values.csv"), ids=lambda row: row["file"])
def test_counts_are_those_that_are_published(row):
    plan = read((FILES / row["file"]).read_bytes(), row["file"])
    found = {
        "tasks": len(plan.tasks),
        "relations": len(plan.relations),
        "resources": len(plan.resources),
        "assignments": len(plan.assignments),
        "calendars": len(plan.calendars),
        "project_start": f"{plan.start:%Y-%m-%dT%H:%M}",
        "project_finish": f"{plan.finish:%Y-%m-%dT%H:%M}",
    }
    assert {name: str(value) for name, value in found.items()} == {
        name: row[name] for name in found
    }
    if plan.leaves:
        one = counted(plan, pinned=False)
        assert one.axis.when(dates(one.network).finish) == plan.finish


@needs_projects
@needs_java
@pytest.mark.parametrize("row", rows("derived_expected.csv"), ids=lambda row: row["file"])
def test_files_of_real_size_keep_every_task_and_relation(row):
    plan = read((FILES / row["file"]).read_bytes(), row["file"])
    found = [len(plan.tasks), len(plan.leaves), len(plan.relations)]
    assert found == [int(row[name]) for name in ("tasks", "leaf_tasks", "relations")]
    assert f"{plan.start:%Y-%m-%dT%H:%M}" == row["project_start"]
    if row["format"] != NO_DATES:
        assert f"{plan.finish:%Y-%m-%dT%H:%M}" == row["baseline_finish"]


@needs_projects
@needs_java
def test_a_password_is_asked_to_be_taken_off():
    content = bytearray((FILES / "task-links-project2007-mpp12.mpp").read_bytes())
    # The flag that Project sets for a password of reading: the key of the property, then its byte.
    at = content.index(struct.pack("<I", 893386752)) + 8
    content[at] |= 1
    assert refused(bytes(content)) == "schedule_password"


@needs_projects
@needs_java
def test_a_file_under_another_name_is_read_and_that_is_told():
    plan = read((FILES / "PredecessorCalendar.xer").read_bytes(), "计划.mpp")
    (doubt,) = plan.doubts
    assert (doubt.code, doubt.params["known"], doubt.grave) == (
        "schedule_other_kind",
        ".xer",
        False,
    )


@needs_java
@pytest.mark.parametrize(
    "content",
    [
        b'<Project xmlns="http://schemas.microsoft.com/project"><Tasks><Task>',
        b"ERMHDR\t1\n%T\tTASK\n",
        b"MPX,Microsoft Project,4.0\n70,x",
    ],
)
def test_broken_files_are_told_and_hurt_nobody(content):
    assert refused(content) in {"schedule_unreadable", "schedule_not_schedule"}


def test_entities_are_refused_before_anybody_opens_them(monkeypatch):
    monkeypatch.setattr(subprocess, "run", None)  # no helper process is started
    assert refused(BOMB, "计划.xml") == "schedule_hostile"
    assert refused(BOMB.decode().encode("utf-16"), "计划.xml") == "schedule_hostile"


def test_a_huge_file_is_refused_by_its_size(monkeypatch):
    monkeypatch.setattr(project, "MOST_BYTES", 100)
    assert refused(b"ERMHDR" + b"\t" * 200) == "schedule_too_big"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("no_java", "schedule_no_java"),
        ("no_library", "schedule_no_library"),
        ("too_big", "schedule_too_heavy"),
        ("anything", "schedule_unreadable"),
    ],
)
def test_what_the_helper_says_becomes_a_reason(monkeypatch, fault, code):
    def helper(command, **_options):
        told = json.dumps({"fault": fault, "detail": ""})
        Path(command[-1]).write_text(told, encoding="utf-8")

    monkeypatch.setattr(subprocess, "run", helper)
    assert refused(b"ERMHDR") == code


def test_a_helper_that_takes_too_long_or_dies_is_a_reason_too(monkeypatch):
    def slow(command, **options):
        raise subprocess.TimeoutExpired(command, options["timeout"])

    monkeypatch.setattr(subprocess, "run", slow)
    assert refused(b"ERMHDR") == "schedule_too_slow"
    monkeypatch.setattr(subprocess, "run", lambda *_a, **_k: None)
    assert refused(b"ERMHDR") == "schedule_too_heavy"


def test_the_helper_without_java_says_so(tmp_path):
    given, out = tmp_path / "given.xer", tmp_path / "out.json"
    given.write_bytes(b"ERMHDR")
    helper = project._CHILD
    code = (
        "import sys, types\n"
        "jpype = types.ModuleType('jpype')\n"
        "class JVMNotFoundException(ValueError): pass\n"
        "jpype.JVMNotFoundException = JVMNotFoundException\n"
        "def startJVM(*a, **k): raise JVMNotFoundException('No JVM')\n"
        "jpype.startJVM = startJVM\n"
        "sys.modules['jpype'] = jpype; sys.modules['mpxj'] = types.ModuleType('mpxj')\n"
        f"sys.argv = ['child', {str(given)!r}, {str(out)!r}]\n"
        f"exec(compile(open({str(helper)!r}).read(), 'child', 'exec'))\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    assert json.loads(out.read_text())["fault"] == "no_java"


@needs_projects
@needs_java
def test_baselines_of_the_file_are_kept_and_target_dates_that_claim_nothing_are_not():
    plan = read((FILES / "task-baselines-project2019-mspdi.xml").read_bytes())
    held = {
        t.name: t.base_start or t.base_finish for t in plan.leaves if t.base_start or t.base_finish
    }
    assert f"{held['Baseline Start - Task']:%Y-%m-%d}" == "2014-04-01"
    assert f"{held['Baseline Finish - Task']:%Y-%m-%d}" == "2014-03-01"
    # Begun and finished early: what had been planned stands beside what was.
    plan = read((FILES / "percent-complete-8.4.pmxml").read_bytes())
    early = {task.name: task for task in plan.leaves}["Duration 100%"]
    assert f"{early.finish:%Y-%m-%d} {early.base_finish:%Y-%m-%d}" == "2015-02-24 2015-07-13"
    # Nothing has begun here: the target dates are the dates of the schedule itself.
    plan = read((FILES / "PredecessorCalendar.xer").read_bytes())
    assert [(task.base_start, task.base_finish) for task in plan.leaves] == [(None, None)]


def test_links_of_summary_rows_are_not_multiplied_without_end():
    rows = [
        Task(f"{half}{n}", "", parent=half, start=datetime(2026, 3, 2, 8))  # noqa: DTZ001
        for half in "ab"
        for n in range(1000)
    ]
    plan = Plan(
        "mspdi", "", None, None, (Task("a", "", summary=True), Task("b", "", summary=True), *rows),
        (Relation("a", "b"),),
    )  # fmt: skip
    with pytest.raises(Unfit) as refusal:
        counted(plan)
    assert [fault.code for fault in refusal.value.faults] == ["schedule_too_heavy"]


# Written by MPXJ from three tasks of our own: what Microsoft Project 98 still understood.
MPX = """MPX,Microsoft Project for Windows,4.0,ANSI
10,$,1,2,",",.
11,1,0,1,8.00,40.00,,,0,0
12,1,0,480,/,:,am,pm,20,20
20,Standard,0,1,1,1,1,1,0
25,1
25,2,08:00 am,12:00 pm,01:00 pm,05:00 pm
25,3,08:00 am,12:00 pm,01:00 pm,05:00 pm
25,4,08:00 am,12:00 pm,01:00 pm,05:00 pm
25,5,08:00 am,12:00 pm,01:00 pm,05:00 pm
25,6,08:00 am,12:00 pm,01:00 pm,05:00 pm
25,7
30,Plan,,,Standard,02/03/2026,12/03/2026,1,26/11/2026
60,Name,WBS,Outline Level,Duration,Start,Finish,Predecessors,Fixed,ID,Constraint Type,Unique ID
61,1,2,3,40,50,51,70,80,90,91,98
70,A,1,1,40h,02/03/2026,06/03/2026,,No,1,As Soon As Possible,1
70,B,2,1,16h,11/03/2026,12/03/2026,1FS+2d,No,2,As Soon As Possible,2
70,C,3,1,32h,05/03/2026,10/03/2026,"1SS+3d,1FF+2d",No,3,As Soon As Possible,3
"""


@needs_java
def test_an_mpx_file_is_read_like_the_others():
    plan = read(MPX.replace("\n", "\r\n").encode("ascii"), "plan.mpx")
    assert [(task.name, task.start.date().isoformat()) for task in plan.leaves] == [
        ("A", "2026-03-02"),
        ("B", "2026-03-11"),
        ("C", "2026-03-05"),
    ]
    assert sorted((one.kind, one.lag) for one in plan.relations) == [
        ("FF", 960),
        ("FS", 960),
        ("SS", 1440),
    ]
    assert dates(counted(plan).network).critical.tolist() == [True, True, False]

"""`bihuan schedule read`, `evm` and `forecast`: files in, sentences and numbers out."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bihuan.base.schedule_words import SENTENCES
from bihuan.cli.offline import run
from tests.exchange.schedules.given import PLAN, tracked, workbook

from .given import ROOT

SOURCES = [
    *(ROOT / "src/bihuan/engines/schedule").glob("*.py"),
    *(ROOT / "src/bihuan/exchange/schedules").glob("*.py"),
]


@pytest.fixture(autouse=True)
def _in_chinese(monkeypatch):
    monkeypatch.setenv("BIHUAN_LANG", "zh")


@pytest.fixture
def plan(tmp_path):
    path = tmp_path / "前期.xlsx"
    path.write_bytes(workbook(PLAN))
    return str(path)


@pytest.fixture
def project(tmp_path):
    path = tmp_path / "项目.xlsx"
    path.write_bytes(tracked())
    return str(path)


def said(capsys, *given):
    status = run([*map(str, given)], "schedule")
    out, err = capsys.readouterr()
    return status, out, err


def test_a_plan_is_read_and_its_path_told(capsys, plan):
    status, out, err = said(capsys, "read", plan)
    assert (status, err) == (0, "")
    assert "任务 4 项（末级 4，里程碑 1），关系 4 条" in out
    assert "最早 2026-03-03 17:00 完成" in out


def test_the_same_as_json(capsys, plan):
    status, out, _err = said(capsys, "read", plan, "--json")
    told = json.loads(out)
    assert status == 0
    assert told["counts"]["relations"] == 4
    assert told["path"] == ["1", "2", "3", "4"]
    assert [task["total_float_days"] for task in told["tasks"]] == [0, 0, 0, 0]


def test_faults_are_sentences_with_their_cells_and_the_status_is_one(capsys, tmp_path):
    path = tmp_path / "坏.xlsx"
    rows = [list(row) for row in PLAN]
    rows[3][3], rows[4][2] = "3", "许久"
    path.write_bytes(workbook(rows))
    status, out, err = said(capsys, "read", path)
    assert status == 1
    assert "任务 4 项" in out
    assert "坏.xlsx 计划!C5：工期“许久”读不出来。" in err
    assert "活动首尾相接成了圈：1 → 3 → 1。" in err
    status, out, err = said(capsys, "forecast", path)
    assert (status, out) == (1, "")


def test_earned_value(capsys, project):
    status, out, _err = said(capsys, "evm", project)
    assert status == 0
    assert "500.00  400.00  450.00  0.8000  0.8889  0.7500  -2.5" in out
    _status, exact, _err = said(capsys, "evm", project, "--exact", "--json")
    (period,) = json.loads(exact)["periods"]
    assert period["es_days"] == pytest.approx(7.5)
    assert period["eac"]["CPI"] == pytest.approx(1125)


def test_a_plan_without_tracking_has_no_earned_value(capsys, plan):
    status, _out, err = said(capsys, "evm", plan)
    assert (status, err.strip()) == (1, f"前期.xlsx：{SENTENCES['evm_no_periods']}")


def test_a_forecast_is_told_with_its_seed_and_comes_again(capsys, project):
    given = ("forecast", project, "--runs", "500", "--seed", "3", "--by", "2026-02-28", "--json")
    status, out, _err = said(capsys, *given)
    told = json.loads(out)
    assert status == 0
    assert (told["method"]["runs"], told["method"]["seed"]) == (500, 3)
    assert told["network"]["50%"] <= told["network"]["80%"] <= told["network"]["95%"]
    assert told["outside"]["50%"] > told["planned"][:10]
    assert [one["by"][:10] for one in told["promises"]] == ["2026-03-01", "2026-01-30"]
    assert told["promises"][0]["network"] == 1
    assert said(capsys, *given)[1] == out
    elsewhere = said(capsys, *given, "--run", "processes:2")
    assert elsewhere[1] == out


def test_whose_work_moves_the_date_is_told(capsys, plan):
    status, out, _err = said(capsys, "forecast", plan, "--runs", "500", "--risk", "0.9,1,2")
    assert status == 0
    assert re.search(r"设计单位  \d+\.\d 天；只有它变", out)
    assert "风险：0 项由文件给出，其余按 0.9/1/2 假定；推算 500 次，种子 0" in out


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--by", "明年", "“明年”不是日期。"),
        ("--risk", "1,2", "--risk 是“1,2”"),
        ("--risk", "2,1,3", "应由小到大"),
        ("--target", "z", "没有代码为“z”的活动。"),
    ],
)
def test_what_is_asked_wrongly_is_a_sentence(capsys, plan, option, value, told):
    status, _out, err = said(capsys, "forecast", plan, option, value)
    assert status == 1
    assert told in err


def test_every_code_has_its_sentence():
    pattern = re.compile(
        r"""(?:Fault|unfit|Refusal|Doubt|\.doubt)\(\s*f?["']"""
        r"""((?:schedule|evm|risk|forecast|calibration)_\w+)["']"""
    )
    found = {code for path in SOURCES for code in pattern.findall(path.read_text("utf-8"))}
    assert len(found) > 40
    assert found - set(SENTENCES) == {"schedule_"} & found


def test_reading_a_file_wakes_neither_django_nor_the_compiler(plan):
    code = (
        "import sys; from bihuan.cli.offline import run\n"
        f"status = run(['read', {plan!r}], 'schedule')\n"
        "assert status == 0 and not {'django', 'numba', 'ortools'} & set(sys.modules)"
    )
    env = {**os.environ, "PYTHONPATH": str(Path(ROOT, "src"))}
    subprocess.run([sys.executable, "-c", code], check=True, env=env, stdout=subprocess.DEVNULL)

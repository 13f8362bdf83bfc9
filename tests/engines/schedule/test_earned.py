"""Earned value: a small example by hand, what must always hold, and 26 real projects."""

import csv

import numpy as np
import pytest

from bihuan.engines.faults import Unfit
from bihuan.engines.schedule.earned import Baseline, Status, earned, earned_schedule, table
from bihuan.exchange.schedules import read
from bihuan.exchange.schedules.counting import baseline, counted, statuses
from bihuan.exchange.schedules.dslib import length

from .given import PROJECTS, needs_projects

# Four weeks of five days: a costs 100 at once and 400 over ten days, then b costs 500 over ten.
BASE = Baseline(
    ("a", "b"),
    np.array([0.0, 10.0]),
    np.array([10.0, 20.0]),
    np.array([100.0, 0.0]),
    np.array([400.0, 500.0]),
)


def status(at, done, cost):
    done = np.array(done)
    return Status("某月", at, done, done > 0, np.array(cost))


def test_the_worked_example_of_the_documents():
    found = earned(BASE, status(10, [0.75, 0.0], [450.0, 0.0]))
    assert (found.pv, found.ev, found.ac) == (500, 400, 450)
    assert (found.spi, round(found.cpi, 4)) == (0.8, 0.8889)
    assert found.es == pytest.approx(7.5)  # 100 + 40 a day: 400 were planned by day 7.5
    assert (found.spi_t, found.sv_t) == (0.75, -2.5)
    assert found.costs()["CPI"] == pytest.approx(450 + 600 / (400 / 450))
    assert found.lengths()["ES:SPI(t)"] == pytest.approx(10 + 12.5 / 0.75)
    assert found.lengths()["PV:1"] == pytest.approx(22)


def test_whole_ticks_are_the_first_that_reach_and_the_last_that_do_not_pass():
    assert earned_schedule(BASE, 401, 10, whole=True) == 7
    assert earned_schedule(BASE, 401, 5, whole=True) == 8
    assert earned_schedule(BASE, 500, 10, whole=True) == 10


def test_where_the_plan_stands_still_the_moment_nearest_to_today_counts():
    idle = Baseline(
        ("a", "b"), np.array([0.0, 15.0]), np.array([5.0, 20.0]), np.zeros(2), np.array([5.0, 5.0])
    )
    assert earned_schedule(idle, 5, 10) == 10  # exactly as planned: today
    assert earned_schedule(idle, 5, 18, whole=True) == 15  # behind: the end of the standstill
    assert earned_schedule(idle, 5, 3, whole=True) == 5  # ahead: its beginning


def test_all_done_has_earned_the_whole_plan_however_late():
    late = earned(BASE, status(25, [1.0, 1.0], [500.0, 500.0]))
    assert (late.es, late.spi, late.spi_t) == (20, 1, 0.8)
    assert set(late.costs().values()) == {1000.0}


def test_before_anything_is_planned_indices_are_not_invented():
    found = earned(BASE, status(0, [0.0, 0.0], [0.0, 0.0]))
    assert (found.spi, found.cpi, found.spi_t, found.p_factor) == (None, None, None, None)
    assert found.costs()["CPI"] is None


def test_doubling_all_costs_changes_no_index():
    twice = Baseline(BASE.codes, BASE.starts, BASE.finishes, 2 * BASE.fixed, 2 * BASE.spread)
    one = earned(BASE, status(12, [0.9, 0.1], [300.0, 50.0]))
    two = earned(twice, status(12, [0.9, 0.1], [600.0, 100.0]))
    assert (one.spi, one.cpi) == pytest.approx((two.spi, two.cpi))
    assert one.spi_t == pytest.approx(two.spi_t)


def test_what_cannot_be_is_told_at_once():
    with pytest.raises(Unfit, match="evm_no_budget"):
        Baseline(("a",), np.zeros(1), np.ones(1), np.zeros(1), np.zeros(1))
    with pytest.raises(Unfit) as refusal:
        earned(BASE, status(-1, [1.5, -0.1], [0.0, 0.0]))
    assert [fault.code for fault in refusal.value.faults] == [
        "evm_before_start", "evm_not_share", "evm_not_share",
    ]  # fmt: skip


def projects():
    path = PROJECTS / "dslib/expected_values.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@needs_projects
@pytest.mark.parametrize("row", projects(), ids=lambda row: row["id"])
def test_real_projects_have_the_values_that_are_published(row):
    plan = read((PROJECTS / "dslib" / row["file"]).read_bytes(), row["file"])
    one = counted(plan)
    base = baseline(one)
    assert len(plan.leaves) == int(row["leaf_activities"])
    assert len(plan.relations) == int(row["predecessor_links"])
    assert f"{plan.start:%Y-%m-%d %H:%M}" == row["baseline_start"]
    assert f"{plan.finish:%Y-%m-%d %H:%M}" == row["baseline_end"]
    day = int(one.day * one.axis.minutes)
    assert base.length * one.axis.minutes == length(row["baseline_duration"], day)
    assert base.budget == pytest.approx(float(row["bac"]), abs=0.0051)
    assert len(plan.periods) == int(row["tracking_periods"])
    rows = table(base, statuses(one), whole=True)
    for period, found in zip(plan.periods, rows, strict=True):
        for name in ("pv", "ev", "ac", "spi", "cpi", "spi_t"):
            assert getattr(found, name) == pytest.approx(period.said[name], rel=1e-6), name
        assert one.worked(period.said["es"]) == found.es
    if rows:
        for name in ("pv", "ev", "ac", "spi", "cpi", "spi_t"):
            assert getattr(rows[-1], name) == pytest.approx(float(row[name]), rel=1e-12), name

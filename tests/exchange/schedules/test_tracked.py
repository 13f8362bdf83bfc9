"""Workbooks of tracked projects: leaves, leads and lags, and the network as far as it has come."""

from datetime import datetime

import pytest

from bihuan.engines.schedule.earned import earned
from bihuan.engines.schedule.path import dates
from bihuan.exchange.schedules import read
from bihuan.exchange.schedules.counting import baseline, counted, statuses
from bihuan.exchange.schedules.dslib import length
from bihuan.exchange.schedules.tracking import standing

from .given import tracked, workbook


@pytest.fixture(scope="module")
def one():
    return counted(read(tracked(), "示例.xlsx"))


def test_rows_of_the_breakdown_are_not_added_to_their_parts(one):
    assert [task.code for task in one.leaves] == ["1", "2"]
    assert baseline(one).budget == 1000


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("97d 2h", 97 * 480 + 120), ("1w 3d", 8 * 480), ("0", 0), ("4h", 240), ("3 months", None)],
)
def test_lengths(text, minutes):
    assert length(text, 480) == minutes


def test_a_lead_of_weeks_and_days(one):
    (link,) = one.plan.relations
    assert (link.before, link.after, link.kind, link.lag) == ("1", "2", "FS", -10 * 480)


def test_a_planned_start_that_links_do_not_explain_is_kept(one):
    assert one.axis.when(dates(one.network).finish) == one.plan.finish
    loose = counted(one.plan, pinned=False)
    assert loose.axis.when(dates(loose.network).finish) < one.plan.finish


def test_its_earned_value_is_that_of_the_worked_example(one):
    found = earned(baseline(one), statuses(one)[0])
    assert (found.pv, found.ev, found.ac) == (500, 400, 450)
    assert found.es / one.day == pytest.approx(7.5)


def test_what_has_begun_goes_on_from_the_status_day(one):
    stand = standing(one, one.plan.periods[0])
    found = dates(stand.network)
    # A quarter of ten days is left; the other has not begun and keeps its planned start.
    ends = [one.axis.when(at) for at in found.early_finish]
    assert ends[0] == datetime.fromisoformat("2026-01-21 12:00")
    assert ends[1] == one.plan.finish
    assert stand.settled == {"1": 80}


def test_risk_is_kept_as_multiples_of_the_plan(one):
    risk = one.plan.risks["1"]
    assert (risk.low, risk.mode, risk.high) == (0.8, 1.0, 1.5)
    assert "2" not in one.plan.risks


def test_missing_columns_are_named():
    content = workbook([("General",), ("ID", "Name", "WBS"), (0, "x", "1")], "Baseline Schedule")
    (doubt,) = read(content).doubts
    assert doubt.code == "schedule_no_columns"
    assert "Predecessors" in doubt.params["found"]

"""The outside view, its mixture with tracking, and whether past forecasts were honest."""

import csv

import numpy as np
import pytest
from scipy.special import ndtr

from bihuan.engines.faults import Unfit
from bihuan.engines.schedule.calibration import brier, spread
from bihuan.engines.schedule.earned import table
from bihuan.engines.schedule.forecast import (
    CLASSES,
    RHO,
    TAU,
    ReferenceClass,
    mixed,
    of_finished,
    outside,
)
from bihuan.exchange.schedules import read
from bihuan.exchange.schedules.counting import baseline, counted, statuses

from .given import PROJECTS, needs_projects

KNOWN = CLASSES[0]


def test_the_class_says_what_it_was_made_from():
    before = outside(100, KNOWN)
    assert before.by(0.5) == pytest.approx(100 / 0.93)
    assert before.chance(100) == pytest.approx(1 - 0.65)
    assert KNOWN.deviation == pytest.approx(0.1883, abs=1e-4)


def test_the_worked_example_of_the_documents():
    # Half way: 50 of 100 days earned in 60. Variance 0.12² + 0.10², prior 0.1883².
    found = mixed(100, 60, 50, KNOWN)
    assert found.mean == pytest.approx(-0.1376, abs=1e-4)
    assert found.deviation == pytest.approx(0.1202, abs=1e-4)
    assert found.by(0.5) == pytest.approx(114.75, abs=0.01)


def test_tracking_speaks_louder_the_further_it_has_come():
    early, late = (mixed(100, at, 0.7 * at, KNOWN) for at in (5, 120))
    middle = [np.exp(one.mean) for one in (early, late)]
    assert middle[0] == pytest.approx(0.93, abs=0.05)
    assert abs(middle[1] - 0.7) < 0.07
    assert early.deviation > late.deviation


def test_nothing_ends_before_today_and_what_has_ended_is_certain():
    found = mixed(100, 130, 90, KNOWN)
    assert found.by(0.01) >= 130
    assert (found.chance(130), found.chance(1e9)) == (0, 1)
    ended = mixed(100, 120, 100, KNOWN, ended=True)
    assert (ended.by(0.05), ended.by(0.95), ended.chance(119), ended.chance(120)) == (
        120,
        120,
        0,
        1,
    )


def test_certainty_and_chance_are_inverse():
    found = mixed(200, 90, 70, KNOWN)
    for share in (0.1, 0.5, 0.8, 0.95):
        assert found.chance(found.by(share)) == pytest.approx(share)


def test_ones_own_projects_make_a_class_when_there_are_enough():
    finals = [0.7, 0.8, 0.85, 0.9, 0.95, 1.0, 1.05, 1.2]
    found, logs = of_finished("本区", finals), np.log(finals)
    assert found.median == pytest.approx(np.exp(logs.mean()))
    assert found.deviation == pytest.approx(logs.std(ddof=1))
    assert found.late == pytest.approx(ndtr(-logs.mean() / logs.std(ddof=1)))
    with pytest.raises(Unfit, match="forecast_few"):
        of_finished("本区", [0.9, 1.0])
    with pytest.raises(Unfit, match="forecast_class"):
        ReferenceClass("矛盾", 10, 0.7, 1.2)


# Were past forecasts honest -----------------------------------------------------------------------


def test_the_score_falls_apart_as_murphy_says():
    said = [0.1, 0.1, 0.5, 0.5, 0.9, 0.9, 0.9, 0.9]
    came = [False, False, True, False, True, True, True, False]
    found = brier(said, came)
    assert found.score == pytest.approx(0.17)
    parts = found.reliability - found.resolution + found.uncertainty + found.within
    assert found.score == pytest.approx(parts)
    assert found.within == pytest.approx(0)  # one chance to a band
    assert [band.count for band in found.bands if band.count] == [2, 2, 4]
    assert found.skill == pytest.approx(1 - 0.17 / 0.25)


def test_honest_places_are_even_and_boastful_ones_are_not():
    even = spread([(i + 0.5) / 100 for i in range(100)])
    assert [round(one.found, 2) for one in even.covers] == [0.5, 0.8, 0.9]
    assert even.histogram == (10,) * 10
    boast = spread([0.99] * 20)
    assert boast.late == 1
    assert [one.found for one in boast.covers] == [0, 0, 0]


def test_forecasts_without_outcomes_are_no_calibration():
    with pytest.raises(Unfit, match="calibration_pairs"):
        brier([0.5], [])
    with pytest.raises(Unfit, match="calibration_chance"):
        spread([1.2])


@needs_projects
def test_the_mixture_is_honest_on_real_projects():
    places, wide = [], []
    with (PROJECTS / "dslib/expected_values.csv").open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["tracking_periods"] != "0"]
    for row in rows:
        plan = read((PROJECTS / "dslib" / row["file"]).read_bytes(), row["file"])
        one = counted(plan)
        base = baseline(one)
        track = table(base, statuses(one))
        end = next((state.at for state in track if state.done > 1 - 1e-9), None)
        for state in track if end else ():
            if state.done < 1 - 1e-9 and state.es > 0 and state.at > 0:
                places.append(mixed(base.length, state.at, state.es, KNOWN).chance(end))
                wide.append(outside(base.length, KNOWN).chance(end))
    told = {cover.said: cover.found for cover in spread(places).covers}
    assert len(places) > 200
    assert told[0.8] == pytest.approx(0.8, abs=0.08)
    assert told[0.5] == pytest.approx(0.5, abs=0.12)
    assert (TAU, RHO) == (0.12, 0.10)

"""The chance of keeping a promise agrees with what can be counted by hand."""

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtr

from bihuan.engines.faults import Unfit
from bihuan.engines.routing.chance import Spread, Timetable, Uncertainty, chances, planned

MOVE, SERVE, REFILL, WAIT = range(4)
CALM = Uncertainty(Spread(1, 1, 1), Spread(1, 1, 1), Spread(1, 1, 1), 0, 0, 0, 0, 0)
HOUR = 3600.0
SIGMA = math.log(1.4) / 1.6448536269514722
WORKING = replace(CALM, working=Spread(1 / 1.4, 1.0, 1.4))


def timetable(*legs, kinds=(0,), unserved=()):
    """Legs of (vehicle, work, from, to, sections served)."""
    served = [(at, section) for at, leg in enumerate(legs) for section in leg[4:]]
    pairs = np.array(served, dtype=np.int32).reshape(-1, 2)
    size = len(kinds)
    return Timetable(
        np.array([leg[0] for leg in legs], dtype=np.int32),
        np.array([leg[1] for leg in legs], dtype=np.int8),
        np.array([leg[2] for leg in legs], dtype=float),
        np.array([leg[3] for leg in legs], dtype=float),
        pairs[:, 0],
        pairs[:, 1],
        np.array(kinds, dtype=np.int8),
        np.ones(size, dtype=bool),
        np.isin(np.arange(size), unserved),
    )


def promises(*seconds):
    return [*seconds, *[math.inf] * (5 - len(seconds))]


def test_without_doubt_the_plan_is_what_happens():
    table = timetable(
        (0, MOVE, 0, 600), (0, SERVE, 600, HOUR, 0), (1, SERVE, 0, 1800, 1), kinds=(0, 1)
    )
    found = chances(table, promises(HOUR, 1799), CALM, samples=10)
    assert [one.probability for one in found.kinds] == [1.0, 0.0]
    assert [one.planned_s for one in found.kinds] == [HOUR, 1800]
    assert [one.median_s for one in found.kinds] == [HOUR, 1800]
    assert [one.late_sections for one in found.kinds] == [0, 1]


def test_one_stretch_is_late_as_often_as_the_distribution_says():
    table = timetable((0, SERVE, 0, HOUR, 0))
    found = chances(table, promises(1.2 * HOUR), WORKING, samples=20_000, seed=3)
    wanted = float(ndtr(math.log(1.2) / SIGMA))
    (one,) = found.kinds
    assert one.probability == pytest.approx(wanted, abs=0.01)
    assert one.low < wanted < one.high
    assert one.median_s == pytest.approx(HOUR, rel=0.01)
    assert found.section[0] == one.probability


def test_what_the_whole_city_shares_does_not_average_out():
    legs = [(0, SERVE, at * 100.0, (at + 1) * 100.0, 0) for at in range(36)]
    table = timetable(*legs)
    together = chances(table, promises(1.1 * HOUR), replace(WORKING, city=1.0), samples=4000)
    apart = chances(table, promises(1.1 * HOUR), WORKING, samples=4000)
    assert together.kinds[0].probability == pytest.approx(
        float(ndtr(math.log(1.1) / SIGMA)), abs=0.03
    )
    assert apart.kinds[0].probability > 0.95


def test_a_class_is_clear_only_when_its_last_section_is():
    table = timetable((0, SERVE, 0, HOUR, 0), (1, SERVE, 0, HOUR, 1), kinds=(0, 0))
    found = chances(table, promises(HOUR), WORKING, samples=20_000)
    assert found.section == pytest.approx([0.5, 0.5], abs=0.01)
    assert found.kinds[0].probability == pytest.approx(0.25, abs=0.01)
    assert found.kinds[0].late_sections == pytest.approx(1.0, abs=0.02)


def test_a_wait_takes_lateness_in():
    hour_off = (
        (0, SERVE, 0, HOUR),
        (0, WAIT, HOUR, 2 * HOUR),
        (0, SERVE, 2 * HOUR, 2 * HOUR + 1, 0),
    )
    found = chances(timetable(*hour_off), promises(2.01 * HOUR), WORKING, samples=2000)
    assert found.kinds[0].probability > 0.99


def test_a_breakdown_makes_everything_after_it_late():
    legs = ((0, SERVE, 0, HOUR, 0), (0, SERVE, HOUR, 2 * HOUR, 1))
    often = replace(CALM, breakdowns_per_100h=20, repair_h=50)
    found = chances(timetable(*legs, kinds=(0, 0)), promises(2 * HOUR), often, samples=20_000)
    # The second section waits for both hours of the vehicle, the first for its own.
    first, second = found.section
    assert second == pytest.approx(math.exp(-0.4), abs=0.01)
    assert first == pytest.approx(math.exp(-0.2) + (1 - math.exp(-0.2)) * 0.02, abs=0.015)


def test_a_late_start_is_late_by_itself():
    found = chances(
        timetable((0, SERVE, 0, HOUR, 0)),
        promises(HOUR + 600),
        replace(CALM, late_start_min=10),
        samples=20_000,
    )
    assert found.kinds[0].probability == pytest.approx(1 - math.exp(-1), abs=0.01)


def test_what_the_plan_leaves_undone_is_never_clear():
    table = timetable((0, SERVE, 0, HOUR, 0), kinds=(0, 0, 1), unserved=(1,))
    found = chances(table, promises(9 * HOUR, 9 * HOUR), CALM, samples=10)
    assert found.section.tolist() == [1, 0, 0]
    assert [one.probability for one in found.kinds] == [0, 0]
    assert planned(table).tolist() == [HOUR, math.inf, math.inf]


def test_the_bits_do_not_depend_on_who_draws():
    table = timetable((0, SERVE, 0, HOUR, 0), (1, MOVE, 0, 60), (1, SERVE, 60, HOUR, 0))
    here = chances(table, promises(HOUR), samples=600, seed=5)
    with ThreadPoolExecutor(2) as pool:
        there = chances(table, promises(HOUR), samples=600, seed=5, run=pool.map)
    assert here.kinds == there.kinds
    assert here.digest == there.digest
    assert chances(table, promises(HOUR), samples=600, seed=6).digest != here.digest


def test_whoever_stops_early_is_told_what_is_known():
    table = timetable((0, SERVE, 0, HOUR, 0))
    told = []
    found = chances(
        table,
        promises(HOUR),
        samples=1000,
        progress=lambda done, of: told.append((done, of)),
        stop=lambda: len(told) == 2,
    )
    assert (found.samples, found.stopped) == (500, True)
    assert told == [(250, 1000), (500, 1000)]


def test_every_fault_is_said_at_once():
    with pytest.raises(Unfit) as refusal:
        Uncertainty(Spread(2, 1, 1), city=0.9, vehicle=0.9, repair_h=-1)
    assert [fault.code for fault in refusal.value.faults] == [
        "chance_spread",
        "chance_shares",
        "chance_negative",
    ]
    table = replace(timetable((0, SERVE, HOUR, 0, 0)), asked=np.zeros(1, dtype=bool))
    with pytest.raises(Unfit) as refusal:
        chances(table, [1.0], samples=0)
    assert [fault.code for fault in refusal.value.faults] == [
        "chance_promises",
        "chance_samples",
        "chance_no_work",
        "chance_order",
    ]

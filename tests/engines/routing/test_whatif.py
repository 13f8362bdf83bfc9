"""What-if answers are judged plans, told beside the plan without the change."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import pytest

from bihuan.engines.faults import Unfit
from bihuan.engines.routing.whatif import (
    Judged,
    Means,
    Variant,
    best_yard,
    compare,
    price_of_raising,
    vehicles_needed,
)


@dataclass(frozen=True)
class Town:
    """A hundred kilometres of one street: its hours are its kilometres over its vehicles'."""

    spreaders: int = 3
    yard_km: float = 10.0
    promise_h: float = 4.0


def plan(town, seconds, seed):
    assert (seconds, seed) == (2.0, 7)
    return 100 / (town.spreaders * 5) + town.yard_km / 30


def judge(town, hours):
    late = max(0.0, hours - town.promise_h)
    km = 100 + 2 * town.spreaders * town.yard_km
    return Judged({"main": hours * 3600}, {"main": int(late > 0)}, late * 3600, km, 500.0)


MEANS = Means(plan, judge, seconds=2.0, seed=7)


def more(town, count):
    return replace(town, spreaders=town.spreaders + count)


def test_as_many_spreaders_as_keep_the_promise_and_no_more():
    # 100 / (n · 5) + 1/3 ≤ 4 holds from n = 6 on.
    table = vehicles_needed(Town(), more, MEANS)
    assert table.best.amount == 3
    assert table.rows[0].amount == 0
    assert [row.amount for row in table.rows] == [0, 1, 2, 3, 4]
    assert table.best.km_more == pytest.approx(60)
    assert table.best.late_less == 1
    assert table.best.clear_gain_s["main"] == pytest.approx((100 / 15 - 100 / 30) * 3600)


def test_a_promise_that_holds_needs_no_more():
    table = vehicles_needed(Town(spreaders=9), more, MEANS)
    assert (len(table.rows), table.best.amount) == (1, 0)


def test_a_promise_that_no_number_keeps_has_no_answer():
    table = vehicles_needed(Town(promise_h=0.3), more, MEANS, most=5)
    assert table.best is None
    assert [row.amount for row in table.rows] == [0, 1, 2, 4, 5]


def test_the_nearest_yard_is_the_best():
    places = [Variant(name, Town(yard_km=km)) for name, km in (("东", 4), ("西", 1), ("北", 20))]
    table = best_yard(Variant("现状", Town()), places, MEANS)
    assert table.best.label == "西"
    assert [row.label for row in table.rows] == ["现状", "东", "西", "北"]
    assert table.rows[3].clear_gain_s["main"] == pytest.approx(-1200)


def test_where_nothing_is_better_the_plan_stays():
    table = best_yard(Variant("现状", Town(yard_km=1)), [Variant("东", Town())], MEANS)
    assert table.answer == 0


def test_a_class_is_raised_as_far_as_the_promises_hold():
    base = Town(spreaders=6)
    steps = [Variant(f"{h} h", replace(base, promise_h=h)) for h in (3.9, 3.7, 3.0)]
    table = price_of_raising(Variant("4 h", base), steps, MEANS)
    assert table.best.label == "3.7 h"
    assert not table.rows[3].judged.kept


def test_work_left_undone_keeps_no_promise():
    done = Judged({}, {}, 0.0, 1.0)
    assert done.kept
    assert not replace(done, undone=1).kept
    assert done.order < replace(done, undone=1).order


def test_variants_may_be_planned_side_by_side():
    places = [Variant(str(km), Town(yard_km=km)) for km in range(6)]
    here = compare(Variant("现状", Town()), places, MEANS)
    with ThreadPoolExecutor(2) as pool:
        assert compare(Variant("现状", Town()), places, replace(MEANS, run=pool.map)) == here


def test_whoever_stops_early_is_told_what_is_known():
    told = []
    means = replace(
        MEANS, progress=lambda done, of: told.append((done, of)), stop=lambda: len(told) > 1
    )
    places = [Variant(str(km), Town(yard_km=km)) for km in range(6)]
    table = compare(Variant("现状", Town()), places, means)
    assert table.stopped
    assert len(table.rows) == 2
    assert told == [(1, 7), (2, 7)]
    told.clear()
    assert len(vehicles_needed(Town(), more, means).rows) == 2


def test_nothing_to_compare_is_refused():
    for work in (best_yard, price_of_raising):
        with pytest.raises(Unfit) as refusal:
            work(Variant("现状", Town()), [], MEANS)
        assert [fault.code for fault in refusal.value.faults] == ["whatif_no_candidates"]
    with pytest.raises(Unfit):
        vehicles_needed(Town(), more, MEANS, most=0)

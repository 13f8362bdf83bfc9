"""When something changes on the way, the rest is planned anew and as little as possible moves."""

from dataclasses import replace

import numpy as np
import pytest

from bihuan.engines.routing.faults import Unfit
from bihuan.engines.routing.replan import (
    Change,
    Standing,
    Tasks,
    Trade,
    changed,
    check,
    finishes,
    replan,
)


def day(n=12, vehicles=3, *, seed=1, due=4000.0, until=20_000.0, capacity=1e9, grams=0.0):
    """Tasks on a plane, every vehicle with its strip of it, one refill station in the middle."""
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(0, 600, n), rng.uniform(0, 600, n)
    order = np.argsort(x)
    x, y = x[order], y[order]
    far = np.hypot(x[:, None] - x, y[:, None] - y)
    home = np.linspace(0, 600, vehicles)
    reach = np.hypot(home[:, None] - x, y)
    middle = np.hypot(x - 300, y - 300)
    tasks = Tasks(
        np.arange(n, dtype=np.int32) // 2, np.full(n, 100.0), np.full(n, grams), np.full(n, due),
        np.ones(n), far, middle[:, None] + 60, middle[None, :],
    )  # fmt: skip
    standing = Standing(
        np.zeros(vehicles), np.full(vehicles, until), np.full(vehicles, capacity),
        np.full(vehicles, capacity), reach, np.hypot(home - 300, 300)[:, None] + 60,
        np.ones((vehicles, n), dtype=bool),
    )  # fmt: skip
    before = [part.tolist() for part in np.array_split(np.arange(n), vehicles)]
    return tasks, standing, before


def test_where_nothing_changes_nothing_moves():
    tasks, standing, before = day()
    found = replan(tasks, standing, before, now_s=0)
    assert [list(route) for route in found.routes] == before
    assert found.changed_sections == ()
    assert check(tasks, standing, found) == []


def test_a_breakdown_moves_the_tasks_of_that_vehicle_only():
    tasks, standing, before = day()
    found = replan(tasks, standing, before, [Change("breakdown", (1,))], now_s=0)
    assert found.routes[1] == ()
    assert found.moved == tuple(before[1])
    assert found.left == ()
    for k in (0, 2):
        assert [task for task in found.routes[k] if task in before[k]] == before[k]
    assert set(found.changed_sections) >= {1 + task // 2 - 1 for task in before[1]}
    after = changed(tasks, standing, [Change("breakdown", (1,))], now_s=0)
    assert check(after[0], after[1], found) == []


def test_a_shut_street_falls_away():
    tasks, standing, before = day()
    found = replan(tasks, standing, before, [Change("closed", (4, 5))], now_s=0)
    assert not {4, 5} & {task for route in found.routes for task in route}
    assert found.moved == ()
    assert check(tasks, standing, found, gone=frozenset({4, 5})) == []


def test_new_snow_is_put_in_without_disturbing_the_rest():
    tasks, standing, before = day()
    fewer = [[task for task in route if task not in (3, 8)] for route in before]
    found = replan(tasks, standing, fewer, now_s=0, trade=Trade(stay_s=1e6))
    assert {3, 8} <= {task for route in found.routes for task in route}
    assert len(found.reordered) <= 2
    assert set(found.moved) == {3, 8}


def test_what_is_ordered_first_is_done_early():
    tasks, standing, before = day()
    last = before[2][-1]
    was = finishes(tasks, standing, before)[last]
    found = replan(tasks, standing, before, [Change("first", (last,))], now_s=0)
    assert found.finish_s[last] < was / 2
    kept = replan(
        tasks, standing, before, [Change("first", (last,))], now_s=0, trade=Trade(stay_s=1e9)
    )
    assert kept.changed_sections == ()


def test_a_late_start_is_made_up_by_others():
    tasks, standing, before = day(due=900)
    late = [Change("late_start", (0,), 3000.0)]
    idle = replan(tasks, standing, before, late, now_s=0, trade=Trade(stay_s=1e12))
    helped = replan(tasks, standing, before, late, now_s=0, trade=Trade(stay_s=10))
    assert helped.late_s < idle.late_s / 2
    assert idle.changed_sections == ()
    assert helped.changed_sections


def test_dearer_changes_mean_fewer_changes():
    tasks, standing, before = day(40, 5, due=1500)
    late = [Change("late_start", (0,), 2000.0)]
    counts = [
        len(replan(tasks, standing, before, late, now_s=0, trade=Trade(stay_s=price)).moved)
        for price in (1.0, 300.0, 1e9)
    ]
    assert counts[0] >= counts[1] >= counts[2] == 0


def test_what_no_shift_can_hold_is_told():
    tasks, standing, before = day(until=450)
    found = replan(tasks, standing, before, now_s=0)
    assert found.left
    assert check(tasks, standing, found) == []
    assert np.isnan(found.finish_s[list(found.left)]).all()


def test_a_refill_is_counted_where_the_load_runs_out():
    tasks, standing, before = day(4, 1, capacity=200.0, grams=100.0)
    finish = finishes(tasks, standing, before)
    way = tasks.refill_out_s[1, 0] + tasks.refill_in_s[0, 2]
    assert finish[2] - finish[1] == pytest.approx(way + 100)
    found = replan(tasks, standing, before, now_s=0)
    assert check(tasks, standing, found) == []


def test_the_judge_sees_what_is_wrong():
    tasks, standing, before = day()
    found = replan(tasks, standing, before, now_s=0)
    twice = replace(found, routes=((0, 0), *found.routes[1:]))
    assert {fault.code for fault in check(tasks, standing, twice)} == {"replan_count"}
    short = replace(standing, until_s=np.full(3, 50.0))
    assert {fault.code for fault in check(tasks, short, found)} == {"replan_after_shift"}
    unable = replace(standing, able=~standing.able)
    assert {fault.code for fault in check(tasks, unable, found)} == {"replan_not_able"}


def test_an_unknown_vehicle_is_refused():
    tasks, standing, before = day()
    with pytest.raises(Unfit) as refusal:
        replan(tasks, standing, before, [Change("breakdown", (9,))], now_s=0)
    assert refusal.value.faults[0].code == "replan_unknown"


def test_the_same_question_has_the_same_answer():
    tasks, standing, before = day(30, 4, due=1000)
    broken = [Change("breakdown", (2,))]
    one = replan(tasks, standing, before, broken, now_s=0)
    assert one.routes == replan(tasks, standing, before, broken, now_s=0).routes

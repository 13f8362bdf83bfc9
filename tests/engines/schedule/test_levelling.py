"""Levelling: whatever is drawn, the schedule holds for a judge that knows nothing of the search."""

import pickle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from bihuan.engines.faults import Unfit
from bihuan.engines.schedule.check import judge
from bihuan.engines.schedule.levelling import Activity, Link, Stop, problem, solve
from bihuan.engines.schedule.levelling.bound import bounds
from bihuan.engines.schedule.levelling.kernel import BROKEN, LATE, bench, forward, justified
from bihuan.engines.schedule.levelling.net import net
from bihuan.engines.schedule.levelling.proof import Ask, prove
from bihuan.engines.schedule.levelling.search import SPAN, Graze, graze

from .levelled import drawn, three_reviews

QUICK = Stop(generations=6)


def best_by_trying(given):
    """(makespan, tardiness) as the problem ranks them, over every list of activities.

    Some list leads to an optimum where all arcs point forward in time (Kolisch 1996).
    """
    made, n = net(given), len(given.activities)
    b, starts = bench(made), np.zeros(len(given.activities), np.int64)

    def lists(chosen):
        if len(chosen) == n:
            yield chosen
        for j in set(range(n)) - set(chosen):
            if all(i in chosen for i, k, _w in given.arcs if k == j):
                yield from lists([*chosen, j])

    return min(forward(made, b, np.array(order, np.int64), starts) for order in lists([]))


def score(result):
    first = result.problem.first == "makespan"
    if first:
        return result.makespan * LATE + result.tardiness
    return result.tardiness * SPAN + result.makespan


# Schedules ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(36))
def test_every_schedule_holds_and_is_worth_what_it_says(seed):
    given = drawn(seed, first=("makespan", "tardiness")[seed % 2])
    result = solve(given, QUICK, seed=seed)
    verdict = judge(given.table(), result.starts)
    assert verdict.violations == ()
    assert (verdict.makespan, verdict.tardiness) == (result.makespan, result.tardiness)
    assert result.lower <= result.value
    assert bounds(given).best <= verdict.makespan
    assert bounds(given).tardiness <= verdict.tardiness


@pytest.mark.parametrize("seed", range(12))
def test_small_problems_are_solved_to_the_best_of_all_lists(seed):
    given = drawn(seed, first=("makespan", "tardiness")[seed % 2])
    if len(given.activities) <= 7:
        assert score(solve(given, QUICK, seed=1)) <= best_by_trying(given)


@pytest.mark.parametrize("seed", range(24))
def test_justifying_never_makes_a_schedule_worse(seed):
    given = drawn(seed)
    made, n = net(given), len(given.activities)
    order, starts, b = np.arange(n), np.zeros(n, np.int64), bench(made)
    before = forward(made, b, order.copy(), starts)
    assert justified(made, b, order, starts) <= before
    again = starts.copy()
    assert forward(made, b, order, again) <= before
    if not made.tangled:
        assert (again <= starts).all()


def test_a_panel_holds_three_reviews_one_after_the_other():
    result = solve(three_reviews(), QUICK)
    assert (result.makespan, result.lower, result.proved, result.gap) == (6, 6, True, 0.0)
    assert sorted(result.starts.values()) == [0, 2, 4]


def test_nothing_happens_while_the_panel_is_away():
    away = problem([Activity("评审", 3, {"评审组": 1})], [], {"评审组": [(0, 1), (2, 0), (5, 1)]})
    assert dict(solve(away, QUICK).starts) == {"评审": 5}


def test_each_kind_of_link_keeps_its_distance():
    wanted = {"FS": 4 + 1, "SS": 1, "FF": 4 + 1 - 2, "SF": 0}
    for kind, start in wanted.items():
        given = problem([Activity("a", 4), Activity("b", 2)], [Link("a", "b", kind, 1)])
        assert solve(given, QUICK).starts["b"] == start, kind


def test_many_resources_of_many_sizes_share_words_without_mixing():
    names = [f"r{k}" for k in range(9)]
    largest = [1, 2**31 - 1, 3, 1000, 7, 2**20, 12, 5, 2**31 - 1]
    full = dict(zip(names, largest, strict=True))
    given = problem(
        [Activity("all", 2, full)] + [Activity(n, 1, {n: c}) for n, c in full.items()], [], full
    )
    result = solve(given, QUICK)
    assert result.makespan == 3
    assert judge(given.table(), result.starts).holds


def test_what_has_a_due_date_goes_first_when_tardiness_counts_first():
    given = [Activity("a", 3, {"r": 1}), Activity("b", 1, {"r": 1}, due=1, weight=5)]
    result = solve(problem(given, [], {"r": 1}, "tardiness"), QUICK)
    assert (dict(result.starts), result.tardiness) == ({"b": 0, "a": 1}, 0)


def test_among_equally_short_schedules_the_less_late_one_is_taken():
    given = [Activity(f"a{k}", 1, {"r": 1}, due=5 - k, weight=1) for k in range(5)]
    result = solve(problem(given, [], {"r": 1}), QUICK)
    assert (result.makespan, result.tardiness) == (5, 0)


# Fixed starts -------------------------------------------------------------------------------------


def test_a_fixed_activity_stays_and_the_others_go_around_it():
    given = [
        Activity("会", 2, {"厅": 1}, start=3),
        *(Activity(f"a{k}", 3, {"厅": 1}) for k in "xy"),
    ]
    result = solve(problem(given, [], {"厅": 1}), QUICK)
    assert sorted(result.starts.values()) == [0, 3, 5]
    assert result.starts["会"] == 3


def test_what_must_precede_a_fixed_activity_is_fitted_in_before_it():
    given = [
        Activity("long", 4, {"r": 1}),
        Activity("before", 1, {"r": 1}),
        Activity("fixed", 1, start=1),
    ]
    result = solve(problem(given, [Link("before", "fixed")], {"r": 1}), QUICK)
    assert dict(result.starts) == {"before": 0, "fixed": 1, "long": 1}


def test_fixed_starts_that_nothing_keeps_are_refused():
    late = [Activity("a", 3), Activity("b", 1, start=2)]
    full = [Activity("a", 3, {"r": 1}), Activity("b", 1, {"r": 1}, start=3)]
    full.append(Activity("c", 1, {"r": 1}, start=2))
    for given in (late, full):
        with pytest.raises(Unfit) as refusal:
            solve(problem(given, [Link("a", "b")], {"r": 1}), QUICK)
        assert [f.code for f in refusal.value.faults] == ["levelling_impossible"]


def test_fixed_activities_that_overrun_a_capacity_by_themselves_are_refused_at_once():
    given = [Activity(name, 2, {"r": 1}, start=k) for k, name in enumerate("ab")]
    with pytest.raises(Unfit) as refusal:
        problem(given, [], {"r": 1})
    assert refusal.value.faults[0].params == {"resource": "r", "period": 1, "found": 2, "most": 1}


@pytest.mark.parametrize("seed", range(12))
def test_a_good_schedule_with_some_starts_fixed_is_found_again(seed):
    free = drawn(seed)
    found = solve(free, QUICK)
    held = [
        replace(one, start=found.starts[one.name]) if k % 2 else one
        for k, one in enumerate(free.activities)
    ]
    again = solve(problem(held, free.links, free.capacity), QUICK)
    assert judge(again.problem.table(), again.starts).holds
    assert again.makespan <= found.makespan


# Bounds and proof ---------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(12))
def test_the_proof_finds_the_least_and_never_more_than_is_known(seed):
    for first, worth in product(("makespan", "tardiness"), (None, 10_000)):
        given = drawn(seed, first=first)
        known = bounds(given)
        low = known.best if first == "makespan" else known.tardiness
        found = prove(Ask(given, known, worth, low, None, 0, None, 20.0))
        verdict = judge(given.table(), dict(zip(given.names, map(int, found.starts), strict=True)))
        assert verdict.holds
        least = verdict.makespan if first == "makespan" else verdict.tardiness
        assert found.lower == least
        assert solve(given, QUICK).value == least
        assert prove(Ask(given, known, least, low, None, 0, None, 20.0)).lower == least


# Seeds and places ---------------------------------------------------------------------------------


def hard():
    """Forty activities that two crews fight over: no herd is done with it in a few generations."""
    chance = np.random.default_rng(5)
    given = [
        Activity(f"a{k}", int(chance.integers(1, 9)), {c: int(chance.integers(0, 5)) for c in "xy"})
        for k in range(40)
    ]
    links = [Link(f"a{k}", f"a{k + int(chance.integers(3, 9))}") for k in range(30)]
    return problem(given, links, {"x": 6, "y": 6})


def elsewhere(work, pieces):
    """A map that sends pieces and answers through bytes, as processes and other machines do."""
    return [pickle.loads(pickle.dumps(work(pickle.loads(pickle.dumps(one))))) for one in pieces]


def test_the_same_seed_and_generations_give_the_same_bits_wherever_they_run():
    stop = Stop(generations=8)
    told = [solve(hard(), stop, seed=3, islands=2).table() for _again in range(2)]
    with ThreadPoolExecutor(3) as pool:
        told.append(solve(hard(), stop, seed=3, islands=2, run=pool.map, at_once=3).table())
    told.append(solve(hard(), stop, seed=3, islands=2, run=elsewhere).table())
    for one in told:
        del one["seconds"]
    assert told[0] == told[1] == told[2] == told[3]
    herds = [graze(Graze(hard(), None, 30, seed, 1, None, 0)).herd for seed in (3, 4)]
    assert set(herds[0].marks) != set(herds[1].marks)


def test_a_herd_never_loses_its_best_and_holds_no_twins():
    given = hard()
    first = graze(Graze(given, None, 30, 1, 5, None, 0))
    then = graze(Graze(given, first.herd, 30, 1, 5, None, 0))
    assert then.score <= first.score < BROKEN
    assert len({tuple(row) for row in then.herd.starts}) == 30


def test_progress_is_told_and_a_search_can_be_halted():
    told = []
    solve(hard(), Stop(generations=10**6), tell=told.append, halted=lambda: len(told) > 1)
    assert len(told) == 2
    assert told[1].value <= told[0].value
    assert told[1].lower >= told[0].lower


def test_a_search_without_an_end_is_refused():
    with pytest.raises(Unfit, match="levelling_no_end"):
        solve(hard(), Stop())

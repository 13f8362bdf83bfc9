"""PSPLIB: published critical paths, bounds that no best makespan undercuts, known optima found."""

import pytest

from bihuan.engines.schedule.check import case_of_sm, judge
from bihuan.engines.schedule.levelling import Stop, psplib, solve
from bihuan.engines.schedule.levelling.bound import bounds

from .levelled import needs_bench, published, text_of

# With few generations and little proof; all of these are proved in the library.
FOUND = ("j301_1.sm", "j302_4.sm", "j3017_2.sm", "j6010_3.sm", "j6017_1.sm", "j12010_1.sm")


@needs_bench
def test_bounds_of_published_problems_are_below_the_best_known_and_paths_are_as_published():
    for row in published()[::26]:
        found = bounds(psplib(text_of(row)))
        assert found.makespan["critical_path"] == int(row["critical_path_length"]), row
        assert found.best <= int(row["best_known_makespan"]), row


@needs_bench
@pytest.mark.parametrize("name", FOUND)
def test_known_optima_are_found_and_proved_in_a_moment(name):
    (row,) = [one for one in published() if one["instance"] == name]
    text = text_of(row)
    result = solve(psplib(text), Stop(generations=40), seed=1)
    verdict = judge(case_of_sm(text), result.starts)
    assert verdict.holds
    assert verdict.makespan == result.makespan == int(row["best_known_makespan"])
    assert result.lower <= int(row["best_known_makespan"])


@needs_bench
def test_a_hard_problem_is_within_a_few_percent_in_a_moment():
    (row,) = [one for one in published() if one["instance"] == "j12051_1.sm"]
    result = solve(psplib(text_of(row)), Stop(generations=30), seed=1)
    assert (
        int(row["best_known_makespan"]) <= result.makespan <= 1.08 * int(row["best_known_makespan"])
    )
    assert result.lower <= int(row["best_known_makespan"])
    assert not result.proved

"""Uncertainty: every draw can be replayed, none is lost, and probabilities are what they say."""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from bihuan.engines.index import Unfit, build, frame, method
from bihuan.engines.index.design import Inputs, design_from, drawn, rows, scale_from, uniforms
from bihuan.engines.index.method import Impute, Scale
from bihuan.engines.index.robust import (
    PIECE,
    evaluate,
    pieces,
    really_rose,
    rises,
    uncertainty,
    varied,
)

from .given import later, some

RECIPE = method({"normalise": {"lower": 1, "upper": 100}})
INPUTS = Inputs(
    winmax=(0, 2, 5),
    normalisation=(
        Scale(how="minmax", lower=1.0, upper=100.0),
        Scale(how="zscore", mean=100.0, sd=10.0),
    ),
    aggregation=(("amean",), ("gmean",), ("copeland",)),
    weight_factor=0.25,
)
NOISY = replace(INPUTS, noise=(0.05,))


def gappy(seed=0):
    given = some(20, seed=seed)
    x = np.array(given.x)
    x[[1, 4, 7], [0, 2, 3]] = np.nan
    return frame(given.units, given.tree, x, groups=given.groups)


def test_the_same_seed_gives_the_same_bits_and_another_seed_others():
    one, same, other = (
        uncertainty(some(), RECIPE, drawn(NOISY, 60, seed)).scores for seed in (3, 3, 4)
    )
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("inputs", [INPUTS, NOISY])
def test_any_draw_alone_has_the_bits_it_has_among_all(inputs):
    design = drawn(inputs, 90, 7)
    whole = uncertainty(some(), RECIPE, design).scores
    picked = [0, 13, 57, 89]
    assert np.array_equal(uncertainty(some(), RECIPE, design.only(picked)).scores, whole[picked])


def test_a_draw_without_noise_is_the_plain_build_under_its_choices():
    inputs = replace(INPUTS, weight_factor=0.0)
    design = drawn(inputs, 25, 2)
    spread = uncertainty(some(), RECIPE, design)
    for draw, picks in enumerate(design.picks):
        told = build(some(), varied(RECIPE, design, picks[:4]))
        assert np.array_equal(spread.scores[draw], told.top)
        assert np.array_equal(spread.ranks[draw], told.top_ranks)


def test_a_process_pool_gives_the_same_bits(monkeypatch):
    monkeypatch.setattr("bihuan.engines.index.robust.NOISY_PIECE", 20)
    design = drawn(NOISY, 60, 1)
    here = uncertainty(some(), RECIPE, design)
    with ProcessPoolExecutor(2) as pool:
        there = uncertainty(some(), RECIPE, design, pool.map)
    assert np.array_equal(here.scores, there.scores)
    assert len(list(pieces(some(), RECIPE, design))) == 3 < PIECE


def test_a_draw_that_cannot_be_computed_is_told_with_its_reason_and_stays_in_the_count():
    # A z-score around zero has negative values, which a geometric mean cannot take.
    inputs = Inputs(normalisation=(Scale(how="zscore"),), aggregation=(("amean",), ("gmean",)))
    design = drawn(inputs, 40, 0)
    spread = uncertainty(some(), RECIPE, design)
    bad = [i for i, pick in enumerate(design.column("aggregation")) if pick == 1]
    assert [one.draw for one in spread.failed] == bad
    assert {one.why.code for one in spread.failed} == {"not_positive"}
    assert all(one.why.params["child"] for one in spread.failed)
    assert len(spread.ranks) == 40
    assert np.isnan(spread.scores[bad]).all()
    assert (spread.ranks[bad] == 0).all()
    assert len(spread.good) == 40 - len(bad)


def test_probabilities_add_up():
    spread = uncertainty(some(), RECIPE, drawn(INPUTS, 80, 5))
    units = len(spread.units)
    assert np.allclose(spread.acceptability().sum(axis=1), 1.0)
    assert np.allclose(spread.within(units), 1.0)
    above = spread.above()
    assert np.allclose(above + above.T, 1.0)
    assert spread.among_last(3).sum() >= 3 - 1e-12
    low, middle, high = spread.interval().T
    assert ((low <= middle) & (middle <= high)).all()
    assert sorted(u for group in spread.groups() for u in group) == sorted(spread.units)


def test_without_anything_uncertain_everybody_keeps_the_rank():
    inputs = Inputs(winmax=(5,))
    spread = uncertainty(some(), RECIPE, drawn(inputs, 5, 0))
    assert (spread.ranks == spread.nominal.top_ranks).all()
    assert (spread.interval() == spread.nominal.top_ranks[:, None]).all()
    assert all(len(group) == 1 for group in spread.groups())


def test_gaps_may_be_filled_in_several_ways_and_with_noise():
    inputs = Inputs(
        impute=(Impute("mean"), Impute("group_median", "region"), Impute("none")), gaps=True
    )
    spread = uncertainty(gappy(), RECIPE, drawn(inputs, 60, 0))
    assert spread.failed == ()
    touched = spread.scores.std(axis=0) > 0
    assert touched[[1, 4, 7]].all()
    wrong = Inputs(impute=(Impute("last"),))
    failed = uncertainty(gappy(), RECIPE, drawn(wrong, 3, 0)).failed
    assert [one.why.code for one in failed] == ["no_years"] * 3


def test_noise_has_the_size_that_was_asked_for():
    u = uniforms(9, 5, np.arange(400), 10)
    assert ((u > 0) & (u < 1)).all()
    assert u.mean() == pytest.approx(0.5, abs=0.02)
    inputs = Inputs(noise=(0.0, 0.3, *(0.0,) * 6))
    plain = method({"treat": {"how": "none"}, "normalise": {"how": "none"}})
    spread = uncertainty(some(), plain, drawn(inputs, 400, 0))
    result, leaf = spread.nominal, 1
    share = result.effective_weights[leaf]
    wanted = share * 0.3 * np.abs(some().x[:, leaf])
    assert spread.scores.std(axis=0) == pytest.approx(wanted, rel=0.2)


def test_whether_a_rank_really_rose_is_judged_by_the_same_draws_in_both_years():
    before = some(20, seed=1)
    x = np.array(before.x)
    x[3] *= np.where(np.arange(8) % 5 == 4, 0.05, 20.0)  # one unit leaps ahead
    after = frame(before.units, before.tree, x)
    design = drawn(NOISY, 60, 3)
    a, b = (uncertainty(one, RECIPE, design) for one in (before, after))
    rose = really_rose(a, b)
    assert rose["u003"] == 1.0
    assert all(0 <= p <= 1 for p in rose.values())
    assert set(really_rose(a, a).values()) == {0.0}
    back = rises(b, a)
    for unit, one in rises(a, b).items():
        assert one.rose + one.same + one.fell == pytest.approx(1)
        assert (back[unit].rose, back[unit].fell) == (one.fell, one.rose)
    with pytest.raises(Unfit) as refusal:
        really_rose(a, uncertainty(after, RECIPE, drawn(NOISY, 60, 4)))
    assert refusal.value.faults[0].code == "other_draws"


def test_a_piece_knows_nothing_of_the_others():
    design = drawn(NOISY, 30, 3)
    piece = next(iter(pieces(some(), RECIPE, design.only(slice(10, 30)))))
    whole = uncertainty(some(), RECIPE, design).scores
    assert np.array_equal(evaluate(piece).scores, whole[10:30])


def test_several_years_at_once_are_refused():
    given = some(6)
    two = frame(given.units * 2, given.tree, np.vstack([given.x, later(given).x]),
                years=[2019] * 6 + [2020] * 6)  # fmt: skip
    with pytest.raises(Unfit) as refusal:
        uncertainty(two, RECIPE, drawn(INPUTS, 3, 0))
    assert refusal.value.faults[0].code == "one_year_only"


# Design files -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "inputs",
    [
        INPUTS,
        replace(NOISY, gaps=True, impute=(Impute("mean"), Impute("group_mean", "region"))),
        replace(INPUTS, weight_factor=0.0, weight_sets=(("a", (1.0,) * 12), ("b", (2.0,) * 12))),
    ],
)
def test_a_design_written_down_replays_the_same_draws(inputs):
    given = gappy()
    design = drawn(inputs, 30, 11)
    header, body = rows(design)
    sets = Inputs(weight_sets=inputs.weight_sets)
    again = design_from(header, body, RECIPE, given.tree, sets)
    a, b = uncertainty(given, RECIPE, design), uncertainty(given, RECIPE, again)
    assert np.array_equal(a.scores, b.scores, equal_nan=True)


def test_names_as_coinr_users_write_them_are_understood_in_a_design():
    header = ["rep", "winmax", "norm", "agg", "w_set"]
    body = [
        ["1", "2", "n_minmax[1,100]", "a_amean", "nominal"],
        ["2", "5", "z-score (100, 10)", "a_gmean", "equal"],
    ]
    design = design_from(header, body, RECIPE, some().tree, Inputs())
    assert design.inputs.winmax == (2, 5)
    assert design.inputs.normalisation == (
        Scale(how="minmax", lower=1.0, upper=100.0),
        Scale(how="zscore", mean=100.0, sd=10.0),
    )
    assert design.inputs.aggregation == (("amean",), ("gmean",))
    spread = uncertainty(some(), RECIPE, design)
    equal = some()
    flat = frame(equal.units, equal.tree.weighted(np.ones(len(equal.tree.nodes))), equal.x)
    told = RECIPE.changed(
        aggregate={"how": ("gmean",)}, normalise={"how": "zscore", "mean": 100.0, "sd": 10.0}
    )
    assert spread.scores[1] == pytest.approx(build(flat, told).top)


def test_a_scale_without_numbers_takes_those_of_the_method():
    base = method({"normalise": {"lower": 1, "upper": 100, "mean": 10, "sd": 2}}).normalise
    assert scale_from("zscore", base) == Scale(how="zscore", mean=10, sd=2)
    assert scale_from("minmax", base).lower == 1
    assert scale_from("saw", base) is None
    assert scale_from("n_minmax(l_u = c(0, 10))", base) == Scale(how="minmax", lower=0, upper=10)
    assert scale_from("n_zscore: m_sd=c(5,2)", base) == Scale(how="zscore", mean=5, sd=2)


def test_every_fault_of_a_design_is_named_at_once():
    header = ["winmax", "normalisation", "weights", "seed"]
    body = [["two", "saw", "mine", "1"], ["2", "minmax", "equal", "2"]]
    with pytest.raises(Unfit) as refusal:
        design_from(header, body, RECIPE, some().tree, Inputs())
    assert sorted(f.code for f in refusal.value.faults) == [
        "not_constant", "unknown_choice", "unknown_choice", "unknown_weights",
    ]  # fmt: skip
    with pytest.raises(Unfit) as refusal:
        design_from(["a"], [["1"]], RECIPE, some().tree, Inputs())
    assert [f.code for f in refusal.value.faults] == ["no_design_columns"]

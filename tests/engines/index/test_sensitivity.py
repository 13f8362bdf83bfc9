"""Sensitivity: on an output whose shares of variance are known, they come out."""

import numpy as np
import pytest

from bihuan.engines.index import Unfit, method
from bihuan.engines.index.design import NAMES, Inputs
from bihuan.engines.index.method import Scale
from bihuan.engines.index.robust import Answer
from bihuan.engines.index.sensitivity import (
    Output,
    both,
    design_of,
    draws_of_both,
    shapley_effects,
    sobol,
)

from .given import some

RECIPE = method({"normalise": {"lower": 1, "upper": 100}})
INPUTS = Inputs(
    winmax=(1, 2, 3, 4),
    normalisation=(Scale(how="minmax", lower=1.0, upper=100.0), Scale(how="rank")),
    aggregation=(("amean",), ("gmean",)),
    weight_factor=0.25,
)


def known(formula):
    """A stand-in for the index: the first unit's score is a formula of the picks."""

    def run(_work, parts):
        for piece in parts:
            picks = dict(zip(NAMES, piece.design.picks.T.astype(float), strict=True))
            scores = np.tile(np.arange(20.0), (len(piece.design.picks), 1))
            scores[:, 0] = formula(picks)
            yield Answer(piece.first, scores, ())

    return run


def test_shares_of_a_sum_are_the_shares_of_its_terms():
    # Var: winmax even over 0..3 → 5/4; normalisation even over 0..1 → 1/4.
    run = known(lambda p: p["winmax"] + 4 * p["normalisation"])
    whole = 5 / 4 + 16 / 4
    found = sobol(
        some(), RECIPE, INPUTS, count=2500, seed=1, output=Output("score", "u000"), run=run
    )
    wanted = [1.25 / whole, 4 / whole, 0, 0]
    assert found.inputs == ("winmax", "normalisation", "aggregation", "weights")
    assert found.first == pytest.approx(wanted, abs=0.06)
    assert found.total == pytest.approx(wanted, abs=0.06)
    assert (found.first_interval[:, 0] <= found.first).all()
    effects = shapley_effects(
        some(), RECIPE, INPUTS, count=2500, seed=1, output=Output("score", "u000"), run=run
    )
    assert effects.share == pytest.approx(wanted, abs=0.06)
    assert effects.share.sum() == pytest.approx(1.0)


def test_where_two_choices_matter_only_together_they_share_alike():
    # ±1 times ±1: nothing by itself, everything together.
    run = known(lambda p: (2 * p["normalisation"] - 1) * (2 * p["aggregation"] - 1))
    out = Output("score", "u000")
    found = sobol(some(), RECIPE, INPUTS, count=2500, seed=2, output=out, run=run)
    assert found.first == pytest.approx([0, 0, 0, 0], abs=0.06)
    assert found.total == pytest.approx([0, 1, 1, 0], abs=0.06)
    effects = shapley_effects(some(), RECIPE, INPUTS, count=2500, seed=2, output=out, run=run)
    assert effects.share == pytest.approx([0, 0.5, 0.5, 0], abs=0.06)


@pytest.mark.parametrize(
    "output", [Output(), Output("rank", "u003"), Output("top", "u003", 8), Output("score", "u003")]
)
def test_any_output_of_the_index_can_be_asked_about(output):
    found = sobol(some(), RECIPE, INPUTS, count=24, seed=0, output=output)
    assert np.isfinite(found.first).all()
    assert (found.total >= -1e-12).all()
    assert len(design_of(INPUTS, 24, 0).picks) == 24 * 6


def test_draws_that_failed_are_told_and_left_out_of_every_block_alike():
    inputs = Inputs(
        normalisation=(Scale(how="zscore"), RECIPE.normalise),
        aggregation=(("amean",), ("gmean",)),
    )
    found = sobol(some(), RECIPE, inputs, count=60, seed=0, output=Output())
    assert found.failed
    assert found.used < 60
    only = Inputs(normalisation=(Scale(how="zscore"),), aggregation=(("gmean",),))
    with pytest.raises(Unfit) as refusal:
        sobol(some(), RECIPE, only, count=10, seed=0, output=Output())
    assert [f.code for f in refusal.value.faults] == ["all_failed", "not_positive"]


def test_nothing_uncertain_and_outputs_of_nobody_are_refused():
    for inputs, output, code in (
        (Inputs(), Output(), "nothing_varies"),
        (INPUTS, Output("rank", "nobody"), "unknown_unit"),
        (INPUTS, Output("luck", "u000"), "unknown_choice"),
    ):
        with pytest.raises(Unfit) as refusal:
            sobol(some(), RECIPE, inputs, count=4, seed=0, output=output)
        assert refusal.value.faults[0].code == code


def test_one_set_of_draws_answers_several_outputs_as_each_alone():
    outputs = [Output("rank", "u003"), Output("top", "u003", 8)]
    told = both(some(), RECIPE, INPUTS, count=32, seed=5, outputs=outputs)
    assert draws_of_both(INPUTS, 32) == 32 * 16
    for output, (indices, effects) in zip(outputs, told, strict=True):
        alone = sobol(some(), RECIPE, INPUTS, count=32, seed=5, output=output)
        assert indices.first == pytest.approx(alone.first, abs=1e-12)
        assert indices.total == pytest.approx(alone.total, abs=1e-12)
        assert indices.total_interval == pytest.approx(alone.total_interval, abs=1e-12)
        shares = shapley_effects(some(), RECIPE, INPUTS, count=32, seed=5, output=output)
        assert effects.share == pytest.approx(shares.share, abs=1e-12)


def test_an_output_that_never_changes_has_nothing_to_share():
    ((indices, effects),) = both(
        some(), RECIPE, INPUTS, count=8, seed=5, outputs=[Output("top", "u003", 10_000)]
    )
    assert indices.variance == effects.variance == 0
    assert not indices.total.any()
    assert not effects.share.any()

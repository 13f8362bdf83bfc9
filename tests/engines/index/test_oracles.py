"""Other people's libraries agree: SALib, pymcdm and scikit-criteria, needed by nothing else."""

import numpy as np
import pytest

from bihuan.engines.index import method
from bihuan.engines.index.design import NAMES, Inputs
from bihuan.engines.index.method import Scale
from bihuan.engines.index.outrank import topsis
from bihuan.engines.index.robust import Answer
from bihuan.engines.index.sensitivity import Output, sobol
from bihuan.engines.index.weigh import critic, entropy

from .given import some


def oracle(name):
    """The other library, or a skip that says what to install."""
    return pytest.importorskip(name, reason=f"{name} is not installed; it only checks our numbers")


@pytest.fixture(name="table")
def a_table():
    return np.random.default_rng(3).random((25, 6)) + 0.05


def test_entropy_and_critic_weights_are_those_of_pymcdm(table):
    weights = oracle("pymcdm.weights")
    assert entropy(table) == pytest.approx(weights.entropy_weights(table), abs=1e-12)
    assert critic(table) == pytest.approx(weights.critic_weights(table), abs=1e-12)


def test_topsis_is_that_of_pymcdm_and_of_scikit_criteria(table):
    ours = topsis(table.T, np.broadcast_to(np.arange(1.0, 7)[:, None], table.T.shape))
    share = np.arange(1.0, 7) / 21
    methods = oracle("pymcdm.methods")
    same = methods.TOPSIS(normalization_function=lambda x, cost: x)(table, share, np.ones(6))
    assert ours == pytest.approx(same, abs=1e-12)
    skcriteria, agg = oracle("skcriteria"), oracle("skcriteria.agg.topsis")
    told = agg.TOPSIS().evaluate(skcriteria.mkdm(table, [max] * 6, weights=share))
    assert ours == pytest.approx(told.e_.similarity, abs=1e-12)


def test_sobol_indices_are_those_of_salib():
    analyze = oracle("SALib.analyze.sobol")
    inputs = Inputs(
        winmax=(1, 2, 3, 4),
        normalisation=(Scale(how="minmax"), Scale(how="rank"), Scale(how="zscore")),
        aggregation=(("amean",), ("gmean",)),
    )
    seen = []

    def run(_work, parts):
        for piece in parts:
            picks = dict(zip(NAMES, piece.design.picks.T.astype(float), strict=True))
            y = picks["winmax"] * picks["aggregation"] + picks["normalisation"] ** 2
            scores = np.tile(np.arange(20.0), (len(y), 1))
            scores[:, 0] = y
            seen.append(y)
            yield Answer(piece.first, scores, ())

    out = Output("score", "u000")
    found = sobol(some(), method({}), inputs, count=512, seed=4, output=out, run=run)
    a, b, *mixed = np.concatenate(seen).reshape(5, 512)
    # SALib wants every point's draws side by side: A, each mixture, B.
    y = np.column_stack([a, *mixed, b]).ravel()
    problem = {"num_vars": 3, "names": list(found.inputs), "bounds": [[0, 1]] * 3}
    told = analyze.analyze(problem, y, calc_second_order=False, seed=1)
    assert found.first == pytest.approx(told["S1"], abs=1e-9)
    assert found.total == pytest.approx(told["ST"], abs=1e-9)

"""Draws follow their distributions, add up to what theory says, and do not depend on who draws."""

from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest
from scipy import stats

from bihuan.engines.faults import Unfit
from bihuan.engines.schedule.chance import (
    Chances,
    Profile,
    drawn,
    factors,
    pieces,
    rank_cruciality,
    simulate,
)
from bihuan.engines.schedule.network import Activity, Link, network
from bihuan.engines.schedule.passes import lanes
from bihuan.engines.schedule.path import dates

from .given import drawn as network_drawn

LINE = network(
    [Activity("a", 100, owner="甲"), Activity("b", 200, owner="甲"), Activity("c", 50, owner="乙")],
    [Link("a", "b"), Link("b", "c")],
)
SKEWED = Chances({code: Profile(0.8, 1.0, 1.6) for code in "abc"})


def works(chances, runs=20_000, seed=7):
    return np.concatenate([drawn(piece).T for piece in pieces(LINE, chances, runs, seed)])


@pytest.mark.parametrize(
    ("profile", "law"),
    [
        (Profile(0.8, 1.0, 1.6), stats.triang(0.25, 0.8, 0.8)),
        (Profile(0.9, 0.9, 1.5), stats.triang(0.0, 0.9, 0.6)),
        (Profile(0.8, 1.0, 1.6, "pert"), stats.beta(2, 4, 0.8, 0.8)),
        (Profile(0.5, 1.0, 2.0, "lognormal"), stats.lognorm(np.log(2) / 1.6448536269514722)),
    ],
    ids=lambda value: getattr(value, "shape", ""),
)
def test_durations_follow_their_profile(profile, law):
    multiples = works(Chances({"a": profile}))[:, 0] / 100
    assert stats.kstest(multiples, law.cdf).pvalue > 1e-3
    z = np.array([-2.0, -0.5, 0.0, 1.0, 2.5])
    assert profile.at(z) == pytest.approx(law.ppf(stats.norm.cdf(z)), rel=1e-9)


def test_a_line_of_activities_takes_the_sum():
    found = simulate(LINE, SKEWED, runs=20_000, seed=1)
    mean = 350 * (0.8 + 1.0 + 1.6) / 3
    assert found.ends.mean() == pytest.approx(mean, rel=2e-3)
    assert found.ends == pytest.approx(works(SKEWED, seed=1).sum(axis=1))
    assert (found.criticality == 1).all()
    # Alone in a line, the share of variance is the square of either measure.
    assert found.ssi == pytest.approx(found.cruciality, abs=0.02)
    assert (found.ssi**2).sum() == pytest.approx(1, abs=0.03)


def test_cruciality_is_the_correlation_and_ranks_give_spearman():
    found = simulate(LINE, SKEWED, runs=3000, seed=5)
    durations = works(SKEWED, 3000, 5)
    for at in range(3):
        pearson = np.corrcoef(durations[:, at], found.ends)[0, 1]
        assert found.cruciality[at] == pytest.approx(pearson)
        spearman = stats.spearmanr(durations[:, at], found.ends).statistic
        assert rank_cruciality(LINE, SKEWED, found)[at] == pytest.approx(spearman)


def test_common_factors_tie_activities_and_widen_the_end():
    tied = Chances(SKEWED.profiles, factors(LINE, common=0.3, owner=0.4))
    found = stats.spearmanr(works(tied)).statistic
    ties = 6 / np.pi * np.arcsin(np.array([0.7, 0.3, 0.3]) / 2)  # Spearman of a Gaussian copula
    assert [found[0, 1], found[0, 2], found[1, 2]] == pytest.approx(ties, abs=0.02)
    loose, tight = (simulate(LINE, one, runs=5000, seed=2) for one in (tied, SKEWED))
    assert loose.ends.std() > 1.2 * tight.ends.std()


def backwards(work, parts):
    return map(work, reversed(list(parts)))


def test_whoever_maps_the_pieces_the_bits_are_the_same():
    here = simulate(LINE, SKEWED, runs=2500, seed=9)
    with ProcessPoolExecutor(2) as pool:
        others = [
            simulate(LINE, SKEWED, runs=2500, seed=9, run=run) for run in (backwards, pool.map)
        ]
    for other in others:
        assert (other.ends == here.ends).all()
        assert (other.sums == here.sums).all()
        assert (other.marks == here.marks).all()
        assert other.digest == here.digest
    assert (simulate(LINE, SKEWED, runs=2500, seed=8).ends != here.ends).any()


@pytest.mark.parametrize("seed", range(40))
def test_without_risk_the_runs_are_the_critical_path(seed):
    net = network_drawn(seed, count=9, calendars=seed % 2 == 0)
    found = simulate(net, Chances({}), runs=1, seed=0, watched=net.codes)
    planned = dates(net)
    for at, calendar in enumerate(net.calendars[k] for k in net.calendar):
        assert found.seen[at, 0] == pytest.approx(planned.early_finish[at]) or (
            # A milestone between two days stands at the end of one or the start of the other.
            lanes(net).single
            and not net.durations[at]
            and calendar.opens(int(found.seen[at, 0])) == planned.early_finish[at]
        )
    assert all(found.criticality[net.place(code)] == 1 for code in planned.path())
    # With calendars of their own, what drives the end may still have a Saturday to spare.
    if lanes(net).single:
        assert (found.criticality[~planned.critical] == 0).all()


def test_what_has_passed_no_longer_varies():
    half = Chances(SKEWED.profiles, settled={"a": 50, "b": 200})
    durations = works(half)
    assert durations[:, 0].min() >= 50 + 0.8 * 50
    assert (durations[:, 1] == 200).all()


def test_promises_and_certainties_are_two_sides_of_one_curve():
    found = simulate(LINE, SKEWED, runs=4000, seed=3, watched=("b",))
    for share in (0.5, 0.8, 0.95):
        assert found.chance(found.by(share)) >= share
        assert found.chance(found.by(share) - 0.5) < share
    assert found.by(0.5, "b") < found.by(0.5)
    assert found.chance(found.by(0.5), "b") > found.chance(found.by(0.5))


def test_a_target_has_its_own_chain():
    net = network([Activity("a", 5), Activity("b", 9), Activity("开工", 0)], [Link("a", "开工")])
    found = simulate(
        net,
        Chances({"a": Profile(1, 2, 3), "b": Profile(1, 2, 3)}),
        runs=500,
        seed=1,
        target="开工",
    )
    assert found.criticality.tolist() == [1, 0, 1]
    assert found.ends.max() <= 15


def test_what_cannot_be_drawn_is_told_at_once():
    with pytest.raises(Unfit) as refusal:
        simulate(
            LINE,
            Chances(
                {
                    "a": Profile(1.2, 1, 2),
                    "z": Profile(1, 1, 1),
                    "b": Profile(0, 1, 2, "lognormal"),
                },
                loadings=np.full((3, 2), 0.9),
                settled={"c": 51},
            ),
            runs=0,
            seed=0,
            target="y",
        )
    assert [fault.code for fault in refusal.value.faults] == [
        "risk_runs",
        "schedule_unknown_activity",
        "risk_order",
        "schedule_unknown_activity",
        "risk_not_positive",
        "risk_settled",
        "risk_loadings",
    ]

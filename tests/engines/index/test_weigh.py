"""Weights learnt from data or from judgements, against numbers worked out by hand."""

import numpy as np
import pytest

from bihuan.engines.index import Node, Unfit, build, frame, method, tree
from bihuan.engines.index.weigh import ahp, critic, effective, entropy, principal

from .given import some

PLAIN = {"treat": {"how": "none"}, "normalise": {"lower": 1, "upper": 100}}


def test_judgements_that_do_not_contradict_each_other_give_their_own_ratios():
    matrix = np.array([[1, 2, 6], [1 / 2, 1, 3], [1 / 6, 1 / 3, 1]])
    found = ahp(matrix)
    assert found.weights == pytest.approx([0.6, 0.3, 0.1])
    assert found.ratio == pytest.approx(0, abs=1e-9)


def test_judgements_that_contradict_each_other_are_refused_with_their_ratio():
    spun = [[1, 5, 1 / 5], [1 / 5, 1, 5], [5, 1 / 5, 1]]
    told = {**PLAIN, "weigh": {"how": "ahp", "level": 2, "judgements": {"top": spun}}}
    with pytest.raises(Unfit) as refusal:
        build(some(), method(told))
    assert [f.code for f in refusal.value.faults] == ["inconsistent"]
    assert refusal.value.faults[0].params["found"] > 0.1


def test_judgements_must_fit_their_group_and_be_reciprocal():
    one_sided = [[1, 2, 2], [1, 1, 1], [1, 1, 1]]
    for matrix, code in ((one_sided, "not_reciprocal"), ([[1.0]], "judgement_size")):
        told = {**PLAIN, "weigh": {"how": "ahp", "level": 2, "judgements": {"top": matrix}}}
        with pytest.raises(Unfit) as refusal:
            build(some(), method(told))
        assert [f.code for f in refusal.value.faults] == [code]


def test_entropy_gives_most_weight_to_what_differs_most():
    table = np.array([[1.0, 5.0], [1.0, 5.0], [4.0, 5.0]])
    # The second child is the same everywhere, so it tells nothing apart.
    assert entropy(table) == pytest.approx([1.0, 0.0])
    assert entropy(-table) == "negative_for_entropy"


def test_critic_gives_least_weight_to_what_another_says_already():
    chance = np.random.default_rng(5)
    a, b = chance.random(40), chance.random(40)
    weights = critic(np.column_stack([a, a, b]))
    assert weights[0] == pytest.approx(weights[1])
    assert weights[2] > weights[0]
    assert critic(np.ones((4, 2))) == "no_spread"


def test_components_with_mixed_signs_are_refused():
    x = np.linspace(0, 1, 9)
    assert principal(np.column_stack([x, 1 - x])) == "mixed_signs"
    assert principal(np.column_stack([x, x**2])) == pytest.approx([0.5, 0.5])
    given = some(20, 4, 1)
    turned = frame(given.units, given.tree, np.column_stack([x := given.x[:, 0], 9 - x, x**2, x]))
    with pytest.raises(Unfit) as refusal:
        build(turned, method({**PLAIN, "weigh": {"how": "pca"}}))
    assert refusal.value.faults[0].code == "mixed_signs"


def test_only_the_level_that_is_asked_for_gets_new_weights():
    result = build(some(), method({**PLAIN, "weigh": {"how": "equal", "level": 2}}))
    assert [n.weight for n in result.tree.nodes if n.level == 2] == [1.0, 1.0, 1.0]
    with pytest.raises(Unfit) as refusal:
        build(some(), method({"weigh": {"how": "equal", "level": 7}}))
    assert refusal.value.faults[0].code == "no_level"


def test_optimised_weights_make_every_pillar_count_alike():
    result = build(some(40, 6, 3), method({**PLAIN, "weigh": {"how": "optimise", "level": 2}}))
    pillars = [i for i, n in enumerate(result.tree.nodes) if n.level == 2]
    r = [np.corrcoef(result.scores[:, i], result.top)[0, 1] for i in pillars]
    assert max(r) - min(r) < 0.01
    given = build(some(40, 6, 3), method(PLAIN))
    before = [np.corrcoef(given.scores[:, i], given.top)[0, 1] for i in pillars]
    assert max(before) - min(before) > 0.1


def test_with_benefit_of_the_doubt_nobody_is_above_one_and_somebody_is_at_it():
    result = build(some(15), method({**PLAIN, "weigh": {"how": "bod", "level": 2}}))
    assert result.top.max() == pytest.approx(1.0)
    assert (result.top > 0).all()
    # The weights flatter: no fixed weights can show a unit closer to the best.
    table = result.scores[:, list(result.tree.children[result.tree.root])]
    equal = table.mean(axis=1) / table.mean(axis=1).max()
    assert (result.top >= equal - 1e-9).all()


def test_effective_weights_multiply_down_to_the_indicators():
    nodes = [Node("a", parent="p", weight=3), Node("b", parent="p"), Node("c", parent="q")]
    nodes += [Node("p", level=2, parent="t", weight=2), Node("q", level=2, parent="t", weight=6)]
    grown = tree([*nodes, Node("t", level=3)], ("a", "b", "c"))
    found = dict(zip(grown.codes, effective(grown, grown.weights), strict=True))
    assert found == {"a": 0.1875, "b": 0.0625, "c": 0.75, "p": 0.25, "q": 0.75, "t": 1.0}

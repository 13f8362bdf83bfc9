"""Frames, trees and methods: what is wrong is said all at once, and nothing can be edited."""

import numpy as np
import pytest

from bihuan.engines.index import Node, Unfit, build, frame, method, tree

from .given import grove, some


def codes(refusal: pytest.ExceptionInfo[Unfit]) -> list[str]:
    return sorted(fault.code for fault in refusal.value.faults)


def test_every_fault_of_a_tree_is_named_at_once():
    nodes = [
        Node("a", parent="p"),
        Node("a", parent="p"),
        Node("b", parent="nowhere"),
        Node("c", parent="q", direction=0),
        Node("p", level=2, parent="top"),
        Node("q", level=2, parent="r", weight=-1.0),
        Node("r", level=3, parent="q"),
        Node("top", level=4),
    ]
    with pytest.raises(Unfit) as refusal:
        tree(nodes)
    assert set(codes(refusal)) == {
        "node_twice", "unknown_parent", "direction", "weight", "cycle", "level",
    }  # fmt: skip


def test_a_group_without_any_weight_is_refused():
    nodes = [Node("a", parent="top", weight=0.0), Node("b", parent="top", weight=0.0)]
    with pytest.raises(Unfit) as refusal:
        tree([*nodes, Node("top", level=2)])
    assert codes(refusal) == ["no_weight"]


def test_two_tops_and_an_empty_group_are_refused():
    nodes = [Node("a", parent="t"), Node("t", level=2), Node("s", level=2)]
    with pytest.raises(Unfit) as refusal:
        tree(nodes)
    assert codes(refusal) == ["childless", "roots"]


def test_a_unit_twice_and_an_infinite_value_are_refused_together():
    with pytest.raises(Unfit) as refusal:
        frame(["u", "u"], grove(3, 1), [[1.0, 2.0, 3.0], [1.0, np.inf, 3.0]])
    assert codes(refusal) == ["infinite", "unit_twice"]


def test_a_unit_may_come_back_in_another_year():
    two = frame(["u", "u"], grove(3, 1), np.ones((2, 3)), years=[2019, 2020])
    assert [year for year, _rows in two.slices] == [2019, 2020]


def test_an_indicator_without_any_value_is_refused():
    with pytest.raises(Unfit) as refusal:
        frame(["u", "v"], grove(2, 1), [[1.0, np.nan], [2.0, np.nan]])
    assert codes(refusal) == ["empty"]


def test_nobody_can_edit_the_numbers_of_a_frame():
    with pytest.raises(ValueError, match="read-only"):
        some().x[0, 0] = 1.0


def test_aggregates_stand_after_their_children_whatever_the_order_of_the_table():
    shuffled = tree(list(reversed(grove().nodes)))
    seen = set(range(shuffled.leaves))
    for node in shuffled.aggregates:
        assert set(shuffled.children[node]) <= seen
        seen.add(node)


# Methods ------------------------------------------------------------------------------------------


def test_every_fault_of_a_method_is_named_at_once():
    with pytest.raises(Unfit) as refusal:
        method({"treet": {}, "treat": {"winmx": 3}, "impute": {"how": 5}, "screen": 1})
    assert codes(refusal) == ["not_fit", "not_table", "unknown_key", "unknown_table"]
    with pytest.raises(Unfit) as refusal:  # what cannot be read and what cannot be meant, together
        method({"treat": {"winmax": "five"}, "aggregate": {"how": "saw"}, "weigh": {"how": 3}})
    assert codes(refusal) == ["not_fit", "not_fit", "unknown_choice"]
    with pytest.raises(Unfit) as refusal:
        method(
            {
                "treat": {"how": "saw"},
                "normalise": {"lower": 5, "upper": 5},
                "aggregate": {"how": ["amean", "mean?"], "min_share": 2},
                "impute": {"how": "group_mean"},
                "year": {"anchors": "last"},
            }
        )
    assert codes(refusal) == [
        "no_group_named", "not_ordered", "not_share", "unknown_choice", "unknown_choice",
        "unknown_choice",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "table",
    [
        {"weigh": {"judgements": {"top": [["a", 1], [1, 1]]}}},
        {"weigh": {"judgements": [1, 2]}},
        {"normalise": {"each": {"i0": 3}}},
        {"normalise": {"each": {"i0": {"bands": [[1, 2, 3]]}}}},
        {"aggregate": {"node": {"p0": 5}}},
        {"aggregate": {"how": [1, 2]}},
        {"treat": {"skip": "i0"}},
        {"screen": {"min_share": True}},
        {"rank": {"league": 3}},
        {"adjust": [3]},
        {"adjust": {"reason": "nobody"}},
        {"adjust": [{"reason": "r", "node": "p0", "test": "sees"}]},
    ],
)
def test_a_choice_of_the_wrong_kind_is_refused_before_any_number_is_read(table):
    with pytest.raises(Unfit) as refusal:
        method(table)
    assert len(refusal.value.faults) == 1


def test_a_scale_of_one_indicator_takes_the_function_of_all_unless_it_names_its_own():
    told = method(
        {"normalise": {"how": "rank", "each": {"a": {"log": True}, "b": {"how": "prank"}}}}
    )
    assert (told.normalise.each["a"].how, told.normalise.each["b"].how) == ("rank", "prank")


def test_goalposts_that_nobody_gave_are_asked_for():
    with pytest.raises(Unfit) as refusal:
        build(some(5, 2, 1), method({"normalise": {"how": "goalposts", "lower": 0}}))
    assert [f.params["field"] for f in refusal.value.faults] == [
        "normalise.each.i0.upper", "normalise.each.i1.upper",
    ]  # fmt: skip


def test_names_of_coinr_are_understood():
    told = method(
        {
            "impute": {"how": "i_mean_grp", "group": "g"},
            "normalise": {"how": "n_zscore"},
            "aggregate": {"how": "a_gmean"},
        }
    )
    assert (told.impute.how, told.normalise.how, told.aggregate.how) == (
        "group_mean", "zscore", ("gmean",),
    )  # fmt: skip


def test_a_method_written_down_is_read_back_the_same():
    told = method(
        {
            "normalise": {"how": "minmax", "lower": 1, "each": {"i0": {"how": "rank"}}},
            "aggregate": {"how": ["amean", "gmean"], "node": {"p0": "hmean"}},
            "adjust": [{"reason": "r", "unit": "u", "points": -1.5}],
        }
    )
    assert method(told.table()) == told

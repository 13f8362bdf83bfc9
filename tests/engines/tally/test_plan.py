"""Plans: frozen, told faults all at once, the same bytes for the same plan."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.engines.tally import plain
from bihuan.engines.tally.faults import Unfit
from bihuan.engines.tally.plan import Plan

from .rated import plan, said, table


def codes(**changes):
    with pytest.raises(Unfit) as refusal:
        plan(**changes)
    return said(refusal.value.faults)


def test_a_plan_reads_back_as_it_was_written():
    one = plan(cap={"grade": "good", "most": 1}, combine=True)
    again = Plan.read(json.loads(one.canonical()))
    assert again == one
    assert again.digest == one.digest == plain.digest(one.plain())


def test_the_order_in_which_a_plan_was_written_changes_nothing_but_what_it_says_does():
    backwards = dict(reversed(table().items()))
    assert Plan.read(backwards).digest == plan().digest
    assert plan(min_cell=6).digest != plan().digest


def test_every_fault_is_told_at_once():
    with pytest.raises(Unfit) as refusal:
        Plan.read({"box": "", "kind": "?", "year": "2022", "categories": 3, "colour": "red"})
    found = {(fault.code, fault.params["field"]) for fault in refusal.value.faults}
    assert found == {
        ("plan_lacking", "box"),
        ("plan_unknown_choice", "kind"),
        ("plan_lacking", "title"),
        ("plan_not_whole", "year"),
        ("plan_not_fit", "categories"),
        ("plan_unknown_key", "colour"),
    }


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"box": "12"}, "plan_not_box"),
        ({"min_cell": 1}, "plan_not_whole"),
        ({"min_cell": True}, "plan_not_whole"),
        ({"decimals": 9}, "plan_not_fit"),
        ({"items": []}, "plan_too_few"),
        ({"subjects": [{"code": "u1", "name": "甲", "rated": False}]}, "plan_nobody_rated"),
        ({"good": ["fair"]}, "plan_good_not_top"),
        ({"cap": {"grade": "best", "most": 1}}, "plan_unknown_code"),
        ({"cap": {"grade": "good", "most": 3}}, "plan_cap_caps_nothing"),
        ({"cap": {"grade": "good", "most": 1, "per": "ballot", "void": "item"}},
         "plan_cap_of_ballot"),
        ({"ties": ["share"]}, "plan_ties_end"),
        ({"ties": ["category:nobody", "shared"]}, "plan_unknown_tie"),
        ({"bands": [{"code": "A", "name": "好", "score": 90}]}, "plan_band_last"),
        ({"bands": [{"code": "A", "name": "好", "score": 80},
                    {"code": "B", "name": "较好", "score": 90}, {"code": "C", "name": "差"}]},
         "plan_band_order"),
        ({"parts": [{"code": "daily", "name": "平时"}]}, "plan_no_ballot_part"),
        ({"seal": "shares", "seal_need": 4, "seal_of": 3}, "plan_seal_shares"),
        ({"kind": "opinions"}, "plan_not_in_opinions"),
        ({"categories": [{"code": "a", "name": "甲", "weight": 0.3}]}, "plan_not_fraction"),
        ({"categories": [{"code": "a", "name": "甲", "weight": "-1"}]}, "plan_negative"),
        ({"categories": [{"code": "a", "name": "甲", "merge_into": "a"}]}, "plan_merge_circle"),
        ({"grades": [{"code": "void", "name": "好", "points": 2},
                     {"code": "b", "name": "差", "points": 1}]}, "plan_reserved"),
        ({"grades": [{"code": "a", "name": "好", "points": 1},
                     {"code": "b", "name": "差", "points": 1}]}, "plan_grade_order"),
    ],
)  # fmt: skip
def test_what_could_not_be_counted_is_refused(changes, code):
    assert code in codes(**changes)


def test_a_plan_for_opinions_asks_for_remarks_only():
    one = Plan.read(
        {
            "box": "0" * 32, "kind": "opinions", "title": "征求意见", "year": 2022,
            "categories": [{"code": "all", "name": "参会人员"}],
            "subjects": [{"code": "u1", "name": "示例单位"}],
        }
    )  # fmt: skip
    assert one.remarks
    assert not one.items


# Hostile names ------------------------------------------------------------------------------------

NAMES = {
    "right to left": "示例\u202e单位",
    "zero width": "示例\u200b单位",
    "control": "示例\x00单位",
    "line": "示例\u2028单位",
    "half a sign": "示例\ud800",
    "too long": "名" * 300,
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_that_reads_otherwise_than_it_is_is_refused(name):
    found = codes(subjects=[{"code": "u1", "name": name}])
    assert found in (["plan_unseen_signs"], ["plan_too_long"])


def test_two_units_of_one_name_cannot_be_told_apart_on_a_ballot():
    with pytest.raises(Unfit) as refusal:
        plan(subjects=[{"code": "u1", "name": "甲"}, {"code": "u2", "name": "甲"}])
    (fault,) = refusal.value.faults
    assert (fault.code, fault.params["first"]) == ("plan_twice", 1)


def test_html_in_a_name_is_only_text():
    name = "<script>alert('甲')</script> & 乙"
    one = plan(subjects=[{"code": "u1", "name": name}])
    assert Plan.read(json.loads(one.canonical())).subjects[0].name == name


def made(**changes):
    """The plan, or the faults for which it is none."""
    try:
        return plan(**changes)
    except Unfit as refusal:
        return refusal.faults


@given(st.text(max_size=300))
def test_no_text_as_a_name_gives_anything_but_a_plan_or_a_fault(name):
    one = made(subjects=[{"code": "u1", "name": name}])
    if isinstance(one, Plan):
        assert Plan.read(json.loads(one.canonical())) == one
    else:
        assert {fault.params["field"] for fault in one} == {"subjects[1].name"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(list(table())), inner, max_size=5)
    ),
)


@given(st.dictionaries(st.sampled_from(list(table())), JSON, max_size=5))
def test_no_json_gives_anything_but_a_plan_or_faults(changes):
    assert made(**changes)


# Small categories ---------------------------------------------------------------------------------


def merging(*rows):
    return plan(
        categories=[
            {"code": code, "name": code * 2, "weight": weight, "due": 9, "merge_into": into}
            for code, weight, into in rows
        ]
    )


def test_a_category_of_too_few_joins_another_and_takes_its_weight_along():
    one = merging(("a", "1/5", "b"), ("b", "3/10", ""), ("c", "1/2", "b"))
    assert one.merges({"a": 4, "b": 9, "c": 5}) == {"a": "b", "b": "b", "c": "c"}
    merged = one.merged({"a": 4, "b": 9, "c": 5})
    assert [(c.code, str(c.weight), c.due) for c in merged.categories] == [
        ("b", "1/2", 18), ("c", "1/2", 9),
    ]  # fmt: skip


def test_two_small_categories_may_be_large_enough_together():
    one = merging(("a", "1", "b"), ("b", "1", "c"), ("c", "1", ""))
    assert one.merges({"a": 3, "b": 3, "c": 9}) == {"a": "b", "b": "b", "c": "c"}
    assert one.merges({"a": 2, "b": 2, "c": 9}) == {"a": "c", "b": "c", "c": "c"}


def test_a_tie_decided_by_a_merged_category_is_decided_by_where_it_went():
    one = plan(
        categories=[
            {"code": "a", "name": "甲", "merge_into": "b"},
            {"code": "b", "name": "乙"},
        ],
        ties=["category:a", "category:b", "shared"],
    )
    assert one.merged({"a": 1, "b": 9}).ties == ("category:b", "shared")

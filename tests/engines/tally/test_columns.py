"""Columns: what is left of ballots has no order and no thread."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.engines.tally.columns import (
    Columns,
    columns_root,
    commitment,
    commitments,
    gather,
    salt,
)
from bihuan.engines.tally.plan import Plan

from .rated import BOX, cast, columns, plan

PLAN = plan(remarks=True)
MARKS = ("good", "fair", "average", "poor", "abstain", "")
BOXES = [(s.code, i.code) for s in PLAN.rated for i in PLAN.items]
patterns = st.lists(st.sampled_from(MARKS), min_size=len(BOXES), max_size=len(BOXES))
categories = st.sampled_from(["lead", "heads", "members"])


def envelope(category, pattern, remark=""):
    marks = dict(zip(BOXES, pattern, strict=True))
    return cast(PLAN, category, lambda s, i: marks[s, i], remarks={"u1": remark})


@given(st.lists(st.tuples(categories, patterns), max_size=12), st.randoms())
def test_the_order_of_ballots_leaves_no_trace(ballots, chance):
    envelopes = [envelope(*one) for one in ballots]
    one = gather(PLAN, envelopes)
    chance.shuffle(envelopes)
    assert gather(PLAN, envelopes).digest == one.digest


@given(st.lists(patterns, min_size=2, max_size=10), st.randoms())
def test_nobody_can_say_which_marks_stood_on_one_ballot(ballots, chance):
    """Shuffle every box among the ballots by itself: the columns are the same, ballots are not."""
    mixed = [list(column) for column in zip(*ballots, strict=True)]
    for column in mixed:
        chance.shuffle(column)
    again = [list(ballot) for ballot in zip(*mixed, strict=True)]
    one, other = (gather(PLAN, [envelope("lead", b) for b in each]) for each in (ballots, again))
    assert one.counts == other.counts


def test_remarks_are_kept_apart_from_marks_category_and_order():
    remarks = ["丙", "甲", "乙"]
    found = gather(PLAN, [envelope("lead", ["good"] * 6, text) for text in remarks])
    assert found.remarks == {"u1": tuple(sorted(remarks))}
    assert "remarks" not in str(found.counts)


@given(st.lists(st.tuples(categories, patterns), max_size=12))
def test_every_column_is_as_long_as_its_category_has_accepted_ballots(ballots):
    found = gather(PLAN, [envelope(*one) for one in ballots])
    for key, counts in found.counts.items():
        assert sum(counts.values()) == found.accepted[key[0]]
        assert Counter(found.column(key, PLAN.marks)) == Counter(counts)
    assert Columns.read(found.plain()) == Columns.read(Columns.read(found.plain()).plain())


def test_void_abstained_blank_and_own_are_different_numbers():
    one = plan()
    found = gather(
        one,
        [
            cast(one, "lead", "good"), cast(one, "lead", "abstain"), cast(one, "lead", ""),
            cast(one, "lead", lambda s, i: "own" if s == "u1" else "abstain"),
            cast(one, "lead", "excellent"), ("lead", None), ("lead", b"{}"),
        ],
    )  # fmt: skip
    assert found.accepted["lead"] == 4
    assert found.abstained["lead"] == 2
    assert found.void["lead"] == {"mark_unknown": 1, "ballot_sealed": 1, "ballot_unreadable": 1}
    assert found.counts["lead", "u1", "party"] == Counter(
        {"good": 1, "abstain": 1, "": 1, "own": 1}
    )


def test_an_item_that_breaks_a_rule_is_void_by_itself():
    one = plan(blanks="void_item")
    found = gather(
        one, [cast(one, "lead", lambda s, i: "" if (s, i) == ("u2", "clean") else "fair")]
    )
    assert found.accepted["lead"] == 1
    for subject in ("u1", "u2", "u3"):
        assert found.counts["lead", subject, "party"] == {"fair": 1}
        assert found.counts["lead", subject, "clean"] == {"void": 1}


def test_small_categories_are_gathered_where_they_were_merged():
    one = plan(
        categories=[
            {"code": "a", "name": "甲", "merge_into": "b"},
            {"code": "b", "name": "乙"},
        ]
    )
    found = gather(one, [cast(one, "a", "good"), cast(one, "b", "fair")], issued={"a": 1, "b": 9})
    assert {key[0] for key in found.counts} == {"b"}
    assert found.counts["b", "u1", "party"] == {"good": 1, "fair": 1}
    assert found.accepted == {"a": 1, "b": 1}


@settings(max_examples=20)
@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_a_commitment_binds_a_column_and_hides_it_from_who_lacks_the_salt(secret, other):
    found = columns(PLAN, {})
    each = commitments(found, secret)
    key = ("lead", "u1", "party")
    assert commitment(key, found.counts[key], salt(secret, key)) == each[key]
    assert commitment(key, {"good": 9}, salt(secret, key)) != each[key]
    assert (columns_root(commitments(found, other)) == columns_root(each)) == (other == secret)


def test_opinions_have_remarks_and_no_columns():
    one = Plan.read(
        {
            "box": BOX, "kind": "opinions", "title": "征求意见", "year": 2022,
            "categories": [{"code": "all", "name": "参会人员"}],
            "subjects": [{"code": "u1", "name": "示例单位"}],
        }
    )  # fmt: skip
    found = gather(one, [cast(one, "all", "", remarks={"body": "改进会风", "u1": ""})])
    assert (found.counts, found.remarks) == ({}, {"body": ("改进会风",)})
    assert (found.accepted, found.abstained) == ({"all": 1}, {"all": 0})

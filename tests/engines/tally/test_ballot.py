"""Ballots: one size of envelope, and every rule they may break."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.engines.tally.ballot import BLOCK, Ballot, encode, faults, opened, read, voided
from bihuan.engines.tally.faults import Unfit

from .rated import grid, plan, said


def told(one, mark, **more):
    ballot = Ballot("lead", grid(one, mark), **more)
    found = faults(one, ballot)
    return list(zip(said(found), (fault.params["scope"] for fault in found), strict=True))


def test_a_ballot_reads_back_and_its_length_says_nothing_of_it():
    one = plan(remarks=True)
    short = Ballot("lead", grid(one, "good"))
    long = Ballot("lead", grid(one, "good"), {"u1": "说" * 400, "body": "<b>&\u202e"}, "ab" * 16)
    for ballot in (short, long):
        raw = encode(ballot)
        assert len(raw) == BLOCK
        assert read(one, "lead", raw) == ballot


def test_a_ballot_of_another_category_is_not_of_this_envelope():
    one = plan()
    raw = encode(Ballot("lead", grid(one, "good")))
    with pytest.raises(Unfit, match="ballot_category"):
        read(one, "heads", raw)
    assert opened(one, "heads", raw) == (None, "ballot_category")


@given(st.binary(max_size=200))
def test_no_bytes_give_anything_but_a_ballot_or_unfit(raw):
    ballot, reason = opened(plan(), "lead", raw)
    assert (ballot is None) == bool(reason)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"v":1,"category":"lead","marks":{},"marks":{"u1":{}}}',
        b'{"v":1,"category":"lead","marks":{"u1":{"party":1}}}',
        b'{"v":1,"category":"lead","marks":[]}',
        b'{"v":1,"category":"lead","marks":{},"more":1}',
        b'{"v":2,"category":"lead"}',
        b'{"v":1,"category":"lead","marks":' + b"[" * 5000 + b"]" * 5000 + b"}",
        b'{"v":1,"category":"lead","nonce":NaN}',
        b"\xff",
        b'{"v":1,"category":"lead","remarks":{"u1":"\\ud800"}}',
        b" " * 4096,
        None,
    ],
)
def test_what_two_readers_could_read_in_two_ways_is_void(raw):
    assert opened(plan(), "lead", raw)[0] is None


def test_blank_boxes_void_what_the_plan_says():
    def mark(subject, item):
        return "" if (subject, item) == ("u2", "clean") else "good"

    assert told(plan(blanks="count"), mark) == []
    assert told(plan(blanks="void_ballot"), mark) == [("mark_missing", "ballot")]
    assert told(plan(blanks="void_item"), mark) == [("mark_missing", "clean")]


def test_a_cap_on_the_best_grade_counts_by_item_or_by_ballot():
    def mark(subject, _item):
        return "fair" if subject == "u3" else "good"

    def capped(**cap):
        return plan(cap={"grade": "good", **cap})

    assert told(capped(most=2), mark) == []
    assert told(capped(most=1), mark) == [("over_cap_in_item", "ballot")] * 2
    assert told(capped(most=1, void="item"), mark) == [
        ("over_cap_in_item", "party"), ("over_cap_in_item", "clean"),
    ]  # fmt: skip
    assert told(capped(most=4, per="ballot"), mark) == []
    assert told(capped(most=3, per="ballot"), mark) == [("over_cap", "ballot")]


def test_a_rater_has_at_most_one_own_unit_and_skips_all_of_it():
    def own(*subjects, items=("party", "clean")):
        return lambda s, i: "own" if s in subjects and i in items else "good"

    assert told(plan(), own("u1")) == []
    assert told(plan(), own("u1", items=("party",))) == [("own_in_part", "ballot")]
    assert told(plan(), own("u1", "u2")) == [("own_twice", "ballot")]
    assert told(plan(own_subject="allowed"), own("u1")) == [("own_not_asked", "ballot")]


def test_strangers_on_a_ballot_void_it():
    one = plan()
    ballot = Ballot("lead", {"u9": {"party": "good"}, "u1": {"x": "good", "party": "best"}})
    assert said(faults(one, ballot)) == [
        "mark_of_stranger", "mark_of_no_item", "mark_unknown",
    ]  # fmt: skip
    assert told(plan(abstain=False), "abstain")[0] == ("mark_unknown", "ballot")


def test_a_unit_that_is_not_rated_is_not_on_the_ballot():
    one = plan(
        subjects=[{"code": "u1", "name": "甲"}, {"code": "u2", "name": "乙", "rated": False}]
    )
    ballot = Ballot("lead", {"u1": {}, "u2": {"party": "good"}})
    assert voided(faults(one, ballot))[0] == "mark_of_stranger"


def test_remarks_are_taken_where_the_plan_asks_for_them():
    assert told(plan(), "good", remarks={"u1": "好"}) == [("remark_not_asked", "ballot")]
    one = plan(remarks=True, remark_most=3)
    assert told(one, "good", remarks={"u1": "好好学习", "u9": "好", "u2": " "}) == [
        ("remark_long", "ballot"), ("remark_of_stranger", "ballot"),
    ]  # fmt: skip


def test_a_phone_may_write_its_keys_in_any_order():
    one = plan()
    table = json.loads(encode(Ballot("lead", grid(one, "good"), nonce="00")))
    raw = json.dumps(dict(reversed(table.items())), indent=1).encode()
    assert read(one, "lead", raw) == Ballot("lead", grid(one, "good"), nonce="00")

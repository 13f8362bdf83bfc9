"""Composition: parts with versions, weights as the plan says, nothing made up for what lacks."""

from fractions import Fraction

import pytest

from bihuan.engines.tally.compose import Marks, compose, digest, told
from bihuan.engines.tally.count import count
from bihuan.engines.tally.disclosure import tell
from bihuan.engines.tally.faults import Unfit

from .rated import columns, plan, said

PARTS = [
    {"code": "ballot", "name": "现场测评", "weight": "1/10"},
    {"code": "daily", "name": "平时考核", "weight": "1/2", "full": 10},
    {"code": "survey", "name": "调查", "weight": "2/5"},
]
BALLOT = {"u1": Fraction(90), "u2": Fraction(80), "u3": None}


def given(**changes):
    marks = {
        "daily": {"u1": Fraction(8), "u2": Fraction(10), "u3": Fraction(9)},
        "survey": {"u1": Fraction(70), "u2": Fraction(80), "u3": Fraction(60)},
    }
    return [
        Marks(part, "v1", "示例数据", {**m, **changes.get(part, {})}) for part, m in marks.items()
    ]


def test_a_composite_is_the_weighted_sum_of_its_parts_on_one_scale():
    """By hand: u1 9 + 40 + 28 = 77, u2 8 + 50 + 32 = 90."""
    found = compose(plan(parts=PARTS), BALLOT, given())
    assert [(one.total, one.rank, one.band) for one in found] == [
        (77, 2, "C"), (90, 1, "A"), (None, None, ""),
    ]  # fmt: skip
    assert found[0].parts[1].points == 40
    assert found[2].lacking == ("ballot",)


def test_a_lacking_part_may_give_its_weight_to_the_others():
    found = compose(plan(parts=PARTS, missing_part="redistribute"), BALLOT, given())
    assert found[2].total == (Fraction(1, 2) * 90 + Fraction(2, 5) * 60) / Fraction(9, 10)


def test_every_fault_of_the_parts_is_told_at_once():
    marks = [
        *given(daily={"u1": Fraction(11), "u9": Fraction(1)})[:1], *given()[:1],
        Marks("weather", "v1", "", {}),
    ]  # fmt: skip
    with pytest.raises(Unfit) as refusal:
        compose(plan(parts=PARTS), BALLOT, marks)
    assert sorted(said(refusal.value.faults)) == [
        "part_lacking", "part_off_scale", "part_stranger", "part_twice", "part_unknown",
    ]  # fmt: skip


def test_another_version_or_another_mark_is_another_input():
    one = plan(parts=PARTS)
    first = digest(one, BALLOT, given())
    assert digest(one, BALLOT, list(reversed(given()))) == first
    assert digest(one, BALLOT, given(daily={"u1": Fraction(9)})) != first
    assert digest(one, {**BALLOT, "u3": Fraction(1)}, given()) != first


def test_a_composite_tells_no_more_of_the_ballot_than_was_told():
    cells = {"lead": (9,), "heads": (20, 8, 1, 1), "members": (30, 8, 1, 1),
             ("lead", "u2", "party"): (6, 2, 1)}  # fmt: skip
    one = plan(parts=PARTS)
    cols = columns(one, cells)
    rows = [row for row in tell(one, count(one, cols), cols) if row.item == "party"]
    found = {row.subject: row for row in told(one, rows, given())}
    # u2 is told cell by cell, u1 rounded to a tenth; a tenth of that is a hundredth.
    assert found["u2"].exact
    assert found["u1"].high - found["u1"].low == Fraction(1, 100)
    assert found["u1"].low == rows[0].low / 10 + 40 + 28
    assert [found[u].rank for u in ("u1", "u2", "u3")] == [3, 1, 2]
    assert found["u2"].bands == ("A",)

"""The second opinion: majority judgment against its definition, and distances against trying."""

from fractions import Fraction
from functools import cache
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.engines.tally.count import count
from bihuan.engines.tally.judgement import compare, majority, ranking
from bihuan.engines.tally.sensitivity import opinions

from .rated import columns, plan

counts = st.tuples(*[st.integers(0, 7)] * 4)


def shares(numbers):
    total = sum(numbers)
    return tuple(Fraction(n, total) for n in numbers) if total else ()


def majority_value(numbers):
    """By the book: take the lower middle mark away again and again (0 is the best)."""
    marks = sorted((g for g, n in enumerate(numbers) for _ in range(n)), reverse=True)
    value = []
    while marks:
        value.append(marks.pop((len(marks) - 1) // 2))
    return value


def test_the_majority_grade_is_the_lower_middle_mark():
    assert majority(shares((1, 1))).grade == 1
    assert majority(shares((2, 1))).grade == 0
    found = majority(shares((3, 4, 2, 1)))
    assert (found.grade, found.above, found.below) == (1, Fraction(3, 10), Fraction(3, 10))
    assert not found.plus
    assert majority(()) is None


@given(counts)
def test_the_majority_grade_is_the_first_of_the_majority_value(numbers):
    found = majority(shares(numbers))
    assert (None if found is None else found.grade) == next(iter(majority_value(numbers)), None)


@given(
    st.integers(1, 12).flatmap(
        lambda n: st.tuples(*[st.lists(st.integers(0, 3), min_size=n, max_size=n)] * 2)
    )
)
def test_units_are_compared_by_majority_value_as_words_in_a_dictionary(marks):
    one, other = (tuple(each.count(g) for g in range(4)) for each in marks)
    by_book = (majority_value(one) < majority_value(other)) - (
        majority_value(one) > majority_value(other)
    )
    assert compare(shares(one), shares(other)) == by_book


@given(counts, counts, st.integers(1, 4), st.integers(1, 4))
def test_only_shares_matter_not_how_many_marked(one, other, a, b):
    more = tuple(a * n for n in one), tuple(b * n for n in other)
    assert compare(*map(shares, (one, other))) == compare(*map(shares, more))
    assert compare(shares(one), shares(other)) == -compare(shares(other), shares(one))


def test_the_poll_that_the_authors_print_comes_out_in_their_order():
    """A poll of 2007 in Balinski & Laraki 2011: six grades, per mille, four of its candidates.

    Gauges by hand: A 443 above Good and 306 below, so Good+; B 394 and 416, so Good−; C 389 and
    468, so Good− with more below; D mostly To reject.
    """
    poll = {
        "A": (136, 307, 251, 148, 84, 74),
        "B": (167, 227, 191, 168, 122, 126),
        "C": (191, 198, 143, 115, 71, 282),
        "D": (30, 46, 62, 65, 54, 744),
    }
    each = [shares(numbers) for numbers in poll.values()]
    assert ranking(each) == [1, 2, 3, 4]
    assert [(majority(one).grade, majority(one).plus) for one in each[:3]] == [
        (2, True), (2, False), (2, False),
    ]  # fmt: skip
    assert majority(each[0]).above == Fraction(443, 1000)
    assert majority(each[3]).grade == 5


# The fewest ballots -------------------------------------------------------------------------------

ONE = plan(
    categories=[{"code": "a", "name": "甲", "weight": 2}, {"code": "b", "name": "乙"}],
    subjects=[{"code": "u1", "name": "甲"}, {"code": "u2", "name": "乙"}],
    items=[{"code": "party", "name": "党建"}],
    bands=[
        {"code": "A", "name": "好", "score": 85, "share": "1/3"},
        {"code": "B", "name": "较好", "score": 70},
        {"code": "C", "name": "一般"},
    ],
)
FIXED = {("a", "u2", "party"): (1, 1), ("b", "u2", "party"): (1, 1)}


@cache
def told(a, b, *others):
    """The unit's row and second opinion with these marks in the two categories."""
    cells = FIXED | dict(others) | {("a", "u1", "party"): a, ("b", "u1", "party"): b}
    outcome = count(ONE, columns(ONE, cells))
    found = {one.subject: one for one in opinions(ONE, outcome, "party")}
    return outcome.row("u1", "party"), found


def vectors(size):
    return [n for n in product(range(size + 1), repeat=4) if sum(n) == size]


def distance(one, other):
    return sum(max(0, a - b) for a, b in zip(one, other, strict=True))


SMALL = [*vectors(1), *vectors(2), *vectors(3)]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(SMALL), st.sampled_from(SMALL))
def test_no_fewer_marks_than_told_change_the_grade_or_the_band(a, b):
    """Tries every other pair of columns of the unit."""
    row, found = told(a, b)
    grades, bands = [], []
    for x, y in product(vectors(sum(a)), vectors(sum(b))):
        other, said = told(x, y)
        moved = distance(a, x) + distance(b, y)
        if said["u1"].grade != found["u1"].grade:
            grades.append(moved)
        if other.band != row.band:
            bands.append(moved)
    assert found["u1"].to_change_grade == min(grades)
    assert found["u1"].to_change_band == min(bands)


def test_ballots_that_would_change_a_rank_move_both_units_at_once():
    """u1 is 20 points ahead in both categories of two marks each: one mark down by 60 and one up by
    20 on one ballot of a (weight 2/3) move 80 · 2/3 / 2 = 26.7 ≥ 20."""
    others = ((("a", "u2", "party"), (0, 2)), (("b", "u2", "party"), (0, 2)))
    _row, found = told((2,), (2,), *others)
    assert found["u1"].to_change_rank == found["u2"].to_change_rank == 1
    _row, found = told((2,), (2,), (("a", "u2", "party"), (0, 0, 0, 2)), others[1])
    # 60 · 2/3 + 20 / 3 = 46.7 ahead; a ballot of a moves 120 / 3 = 40 at most.
    assert found["u1"].to_change_rank == 2


def test_places_do_not_move_by_sums_and_are_not_guessed():
    one = plan(method="rank")
    outcome = count(one, columns(one, {}))
    for said in opinions(one, outcome, "party"):
        assert (said.to_change_band, said.to_change_rank) == (None, None)
        assert said.to_change_grade is not None

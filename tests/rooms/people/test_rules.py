"""Trees as lists, periods, telephone numbers, one-time passwords."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bihuan.people import rules

days = st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1))


def test_a_tree_is_listed_each_superior_before_those_below_it():
    listed = rules.as_list([1, 2, 3, 4, 5], {2: 1, 3: 1, 4: 2})
    assert [(b.unit, b.depth) for b in listed if b.tied] == [(1, 0), (2, 1), (4, 2), (3, 1)]
    assert [b.unit for b in listed if not b.tied] == [5]


@given(st.dictionaries(st.integers(0, 12), st.integers(0, 12)), st.permutations(range(13)))
def test_whatever_the_ties_every_unit_is_listed_once_and_one_deeper_than_its_superior(ties, order):
    listed = rules.as_list(order, ties)
    assert sorted(branch.unit for branch in listed) == list(range(13))
    place = {branch.unit: (i, branch) for i, branch in enumerate(listed)}
    for i, branch in enumerate(listed):
        if branch.depth:
            j, above = place[ties[branch.unit]]
            assert j < i
            assert above.depth == branch.depth - 1


def test_a_circle_that_got_in_somehow_does_not_hang_the_page():
    assert {b.unit for b in rules.as_list([1, 2], {1: 2, 2: 1})} == {1, 2}


@given(days, days, days, days)
def test_two_periods_overlap_when_some_day_lies_in_both(a, b, c, d):
    def inside(day, first, last):
        return (first is None or first <= day) and (last is None or day <= last)

    ends = [x for x in (a, b, c, d) if x] or [date(2025, 1, 1)]
    edges = [min(ends) - timedelta(days=1), *ends, max(ends) + timedelta(days=1)]
    if (a and b and b < a) or (c and d and d < c):
        return  # no such period can be stored
    shared = any(inside(day, a, b) and inside(day, c, d) for day in edges)
    assert rules.overlapping((a, b), (c, d)) == shared
    assert rules.overlapping((c, d), (a, b)) == shared


@given(st.text("0123456789-+ ", max_size=30))
def test_a_masked_number_keeps_its_length_and_shows_at_most_seven_signs(phone):
    masked = rules.masked(phone)
    assert len(masked) == len(phone)
    shown = [i for i, sign in enumerate(masked) if sign != "*"]
    assert len(shown) <= 7
    assert all(masked[i] == phone[i] for i in shown)
    assert masked.count("*") >= min(4, len(phone))


def test_a_mobile_number_shows_three_and_four_digits():
    assert rules.masked("13800001234") == "138****1234"


def test_of_a_number_without_area_code_only_the_end_is_shown():
    assert rules.masked("6612345") == "*****45"
    assert rules.masked("110") == "***"


def test_one_time_passwords_are_long_different_and_without_look_alikes():
    made = {rules.one_time_password() for _ in range(200)}
    assert len(made) == 200
    assert all(len(password) >= 12 for password in made)
    assert not set("".join(made)) & set("0O1lI")


@given(st.integers(0, 8), st.dictionaries(st.integers(0, 8), st.lists(st.integers(0, 8))))
def test_below_holds_the_top_and_is_closed_downwards(top, parents):
    found = rules.below(top, parents)
    assert top in found
    for child, above in parents.items():
        if found & set(above):
            assert child in found


@given(
    st.integers(0, 8),
    st.integers(0, 8),
    st.dictionaries(st.integers(0, 8), st.lists(st.integers(0, 8))),
)
def test_one_unit_is_below_another_when_the_other_is_above_it(low, high, parents):
    assert (low in rules.below(high, parents)) == (high in rules.above([low], parents))


@given(st.sets(st.integers(0, 8)), st.dictionaries(st.integers(0, 8), st.lists(st.integers(0, 8))))
def test_what_is_above_several_units_is_what_is_above_each(units, parents):
    each = [rules.above([unit], parents) for unit in units]
    assert rules.above(units, parents) == set().union(*each)

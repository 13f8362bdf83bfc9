"""The calendar and the counting of terms, against the notices as they were published."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.days import bridge, rules

KNOWN = bridge.published()
CALENDAR = rules.assemble(KNOWN.marks, KNOWN.years, {}, ())

# The State Council's notices, written down by hand: days off (first, last), make-up days.
NOTICES: dict[int, tuple[list[tuple[str, str]], list[str]]] = {
    2020: (  # with the extension of the Spring Festival to 2 February
        [
            ("01-01", "01-01"),
            ("01-24", "02-02"),
            ("04-04", "04-06"),
            ("05-01", "05-05"),
            ("06-25", "06-27"),
            ("10-01", "10-08"),
        ],
        ["01-19", "04-26", "05-09", "06-28", "09-27", "10-10"],
    ),
    2021: (
        [
            ("01-01", "01-03"),
            ("02-11", "02-17"),
            ("04-03", "04-05"),
            ("05-01", "05-05"),
            ("06-12", "06-14"),
            ("09-19", "09-21"),
            ("10-01", "10-07"),
        ],
        ["02-07", "02-20", "04-25", "05-08", "09-18", "09-26", "10-09"],
    ),
    2022: (
        [
            ("01-01", "01-03"),
            ("01-31", "02-06"),
            ("04-03", "04-05"),
            ("04-30", "05-04"),
            ("06-03", "06-05"),
            ("09-10", "09-12"),
            ("10-01", "10-07"),
            ("12-31", "12-31"),
        ],
        ["01-29", "01-30", "04-02", "04-24", "05-07", "10-08", "10-09"],
    ),
    2023: (
        [
            ("01-01", "01-02"),
            ("01-21", "01-27"),
            ("04-05", "04-05"),
            ("04-29", "05-03"),
            ("06-22", "06-24"),
            ("09-29", "10-06"),
            ("12-30", "12-31"),
        ],
        ["01-28", "01-29", "04-23", "05-06", "06-25", "10-07", "10-08"],
    ),
    2024: (
        [
            ("01-01", "01-01"),
            ("02-10", "02-17"),
            ("04-04", "04-06"),
            ("05-01", "05-05"),
            ("06-10", "06-10"),
            ("09-15", "09-17"),
            ("10-01", "10-07"),
        ],
        ["02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"],
    ),
    2025: (
        [
            ("01-01", "01-01"),
            ("01-28", "02-04"),
            ("04-04", "04-06"),
            ("05-01", "05-05"),
            ("05-31", "06-02"),
            ("10-01", "10-08"),
        ],
        ["01-26", "02-08", "04-27", "09-28", "10-11"],
    ),
    2026: (
        [
            ("01-01", "01-03"),
            ("02-15", "02-23"),
            ("04-04", "04-06"),
            ("05-01", "05-05"),
            ("06-19", "06-21"),
            ("09-25", "09-27"),
            ("10-01", "10-07"),
        ],
        ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
    ),
}

days = st.dates(date(1990, 1, 1), date(2100, 12, 31))
numbers = st.integers(1, 2000)
units = st.sampled_from(["working", "natural", "month", "year"])


def every_day(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=i) for i in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", NOTICES)
def test_every_day_of_a_published_year_is_as_the_notice_says(year):
    runs, made_up = NOTICES[year]
    off = {
        day
        for first, last in runs
        for day in every_day(year)
        if date.fromisoformat(f"{year}-{first}") <= day <= date.fromisoformat(f"{year}-{last}")
    }
    worked = {date.fromisoformat(f"{year}-{day}") for day in made_up}
    for day in every_day(year):
        expected = day in worked or (day.weekday() < 5 and day not in off)
        assert CALENDAR.working(day) is expected, day
        assert not CALENDAR.kind(day).provisional
    assert {d.day for d in CALENDAR.made_up(year)} == worked


def test_a_day_says_why():
    said = {
        date(2022, 2, 1): (False, "春节"),
        date(2022, 1, 29): (True, "调休上班"),
        date(2022, 1, 22): (False, "周末"),
        date(2022, 1, 20): (True, "工作日"),
    }
    for day, (working, why) in said.items():
        found = CALENDAR.kind(day)
        assert (found.working, found.why) == (working, why)
    assert CALENDAR.kind(date(2022, 1, 29)).name == "春节"


def test_ten_working_days_over_the_spring_festival_are_told_one_by_one():
    counted = CALENDAR.explain(date(2022, 1, 20), 10)
    assert counted.due == date(2022, 2, 8)
    assert [(s.name, s.first, s.last) for s in counted.skipped] == [
        ("春节", date(2022, 1, 31), date(2022, 2, 6))
    ]
    assert [d.day for d in counted.made_up] == [date(2022, 1, 29), date(2022, 1, 30)]
    assert (counted.weekends, len(counted.steps), counted.provisional) == (2, 10, False)


def test_five_working_days_end_before_the_festival_begins():
    counted = CALENDAR.explain(date(2022, 1, 20), 5)
    assert (counted.due, counted.skipped) == (date(2022, 1, 27), ())


def test_a_term_of_months_ends_on_the_same_day_or_on_the_last_of_the_month():
    assert CALENDAR.add(date(2022, 1, 20), 3, "month") == date(2022, 4, 20)
    assert CALENDAR.add(date(2022, 1, 31), 1, "month") == date(2022, 2, 28)
    assert CALENDAR.add(date(2023, 10, 31), 4, "month") == date(2024, 2, 29)
    assert CALENDAR.add(date(2024, 2, 29), 1, "year") == date(2025, 2, 28)
    assert CALENDAR.back(date(2022, 3, 31), 1, "month") == date(2022, 2, 28)


def test_a_last_day_that_is_off_is_rolled_over_the_whole_holiday_only_when_asked():
    start = date(2022, 1, 21)
    assert CALENDAR.add(start, 12, "natural") == date(2022, 2, 2)
    rolled = CALENDAR.explain(start, 12, "natural", roll=True)
    assert (rolled.due, rolled.rolled_from) == (date(2022, 2, 7), date(2022, 2, 2))
    assert rolled.skipped[0].name == "春节"


def test_a_make_up_saturday_is_a_proper_last_day():
    assert CALENDAR.roll(date(2022, 1, 29)) == date(2022, 1, 29)


@pytest.mark.parametrize(
    ("period", "last", "last_working"),
    [
        ("month", date(2022, 1, 31), date(2022, 1, 30)),
        ("quarter", date(2022, 3, 31), date(2022, 3, 31)),
        ("half", date(2022, 6, 30), date(2022, 6, 30)),
        ("year", date(2022, 12, 31), date(2022, 12, 30)),
    ],
)
def test_the_end_of_a_period_and_its_last_working_day(period, last, last_working):
    assert CALENDAR.end_of(date(2022, 1, 7), period) == last
    assert CALENDAR.end_of(date(2022, 1, 7), period, working=True) == last_working


@settings(deadline=None)
@given(days, numbers)
def test_counting_back_what_was_added_gives_the_number(start, n):
    due = CALENDAR.add(start, n)
    assert CALENDAR.between(start, due) == n
    assert CALENDAR.between(due, start) == -n
    assert CALENDAR.working(due)


@settings(deadline=None)
@given(days, st.integers(1, 400))
def test_adding_agrees_with_walking_day_by_day(start, n):
    day, left = start, n
    while left:
        day += timedelta(days=1)
        left -= CALENDAR.kind(day).working
    assert CALENDAR.add(start, n) == day


@settings(deadline=None)
@given(days, st.integers(1, 400))
def test_going_back_agrees_with_walking_day_by_day(due, n):
    day, left = due, n
    while left:
        day -= timedelta(days=1)
        left -= CALENDAR.kind(day).working
    assert CALENDAR.back(due, n) == day


@settings(deadline=None)
@given(days, numbers, units)
def test_a_longer_term_never_ends_earlier_nor_does_a_later_start(start, n, unit):
    due = CALENDAR.add(start, n, unit)
    assert start < due < CALENDAR.add(start, n + 1, unit)
    assert due <= CALENDAR.add(start + timedelta(days=1), n, unit)


@settings(deadline=None)
@given(days, st.integers(0, 20_000))
def test_natural_days_are_days_on_the_wall_calendar(start, n):
    assert CALENDAR.add(start, n, "natural") == start + timedelta(days=n)
    assert CALENDAR.between(start, start + timedelta(days=n), "natural") == n


@settings(deadline=None)
@given(days, st.integers(1, 300), units, st.booleans())
def test_the_explanation_ends_where_adding_ends(start, n, unit, roll):
    n = n if unit in ("working", "natural") else n % 24 + 1
    counted = CALENDAR.explain(start, n, unit, roll=roll)
    assert counted.due == CALENDAR.add(start, n, unit, roll=roll)
    if unit == "working":
        assert len(counted.steps) == n
        passed = (counted.due - start).days
        assert passed == n + counted.weekends + sum(s.length for s in counted.skipped)
        assert counted.provisional is CALENDAR.provisional(start, counted.due)


@settings(deadline=None)
@given(st.dates(date(2, 1, 1), date(9998, 12, 31)))
def test_no_year_however_far_raises_and_unpublished_days_are_provisional(day):
    found = CALENDAR.kind(day)
    assert found.provisional is (day.year not in KNOWN.years)
    assert CALENDAR.add(day, 1) > day > CALENDAR.back(day, 1)
    if day.year not in KNOWN.years and found.why == "周末":
        assert day.weekday() >= 5


def test_an_unpublished_year_knows_the_holidays_that_the_law_fixes():
    assert 2099 not in KNOWN.years
    off = CALENDAR.holidays(2099)
    assert [(s.name, s.first.month, s.first.day, s.length) for s in off] == [
        ("元旦", 1, 1, 1),
        ("劳动节", 5, 1, 2),
        ("国庆节", 10, 1, 3),
    ]
    assert CALENDAR.status(2099) == "provisional"
    assert CALENDAR.explain(date(2099, 4, 20), 15).provisional


def test_natural_days_do_not_lean_on_a_calendar_that_is_not_published():
    start = date(2099, 9, 25)
    assert not CALENDAR.explain(start, 10, "natural").provisional
    assert CALENDAR.explain(start, 7, "natural", roll=True).provisional


def test_what_the_office_entered_wins_over_the_notice():
    own = {date(2022, 2, 7): rules.Mark(False, "大雪停工", "通知", entered=True)}
    calendar = rules.assemble(KNOWN.marks, KNOWN.years, own, ())
    assert calendar.kind(date(2022, 2, 7)).why == "大雪停工"
    assert calendar.add(date(2022, 1, 30), 1) == date(2022, 2, 8)
    assert CALENDAR.add(date(2022, 1, 30), 1) == date(2022, 2, 7)


def test_one_day_entered_is_certain_though_its_year_is_not():
    own = {date(2099, 3, 2): rules.Mark(False, "放假", "通知", entered=True)}
    calendar = rules.assemble(KNOWN.marks, KNOWN.years, own, ())
    assert not calendar.kind(date(2099, 3, 2)).provisional
    assert calendar.kind(date(2099, 3, 3)).provisional


def test_a_year_entered_whole_owes_nothing_to_the_notice():
    own = {date(2022, 1, 3): rules.Mark(False, "元旦", "录入", entered=True)}
    calendar = rules.assemble(KNOWN.marks, KNOWN.years, own, (2022,))
    assert calendar.status(2022) == "entered"
    assert calendar.working(date(2022, 2, 1))
    assert not calendar.working(date(2022, 1, 29))
    assert not calendar.working(date(2023, 1, 23))


def test_differences_are_the_days_worked_here_and_off_there():
    own = {date(2022, 3, 2): rules.Mark(False, "放假", "通知", entered=True)}
    other = rules.assemble(KNOWN.marks, KNOWN.years, own, ())
    assert rules.differences(CALENDAR, other, [2022]) == (date(2022, 3, 2),)
    whole = rules.assemble(KNOWN.marks, KNOWN.years, {}, (2099,))
    assert len(rules.differences(CALENDAR, whole, [2099])) == 365

"""Working time is counted as an office counts it, forwards and backwards alike."""

from datetime import date, datetime

import pytest

from bihuan.engines.faults import Unfit
from bihuan.engines.schedule.calendar import ALWAYS, Axis, Calendar, of_days, stretches, weekly

from .given import CALENDARS

at = datetime.fromisoformat
DAY = Axis(at("2026-01-05"))  # a Monday
HOUR = Axis(at("2026-01-05"), 60)


def test_five_working_days_from_friday_end_on_thursday():
    weekdays = CALENDARS[""]
    assert DAY.finish_day(weekdays.after(4, 5)) == date(2026, 1, 15)


def test_nothing_moves_by_nothing():
    assert [CALENDARS[""].after(day, 0) for day in range(7)] == list(range(7))


@pytest.mark.parametrize("name", CALENDARS)
@pytest.mark.parametrize("work", [-3, -1, 0, 1, 4])
def test_before_is_the_latest_moment_that_after_does_not_pass(name, work):
    calendar = CALENDARS[name]
    for end in range(20, 60):
        found = calendar.before(end, work)
        assert calendar.after(found, work) <= end
        assert all(calendar.after(later, work) > end for later in range(found + 1, found + 9))


@pytest.mark.parametrize("name", CALENDARS)
def test_counting_by_tables_is_counting_day_by_day(name):
    calendar = CALENDARS[name]
    worked = {t for a, b in zip(calendar.starts, calendar.ends, strict=True) for t in range(a, b)}
    for day in range(60):
        assert calendar.worked(day) == sum(one < day for one in worked)
        assert calendar.opens(day) == min(one for one in worked if one >= day)


def test_an_end_before_rest_and_the_start_after_it_are_one_moment_of_work():
    weekdays = CALENDARS[""]
    friday, saturday, monday = 5, 6, 7  # the ends of Friday and Saturday, the start of Monday
    assert weekdays.start_for(friday, 2) == weekdays.start_for(monday, 2) == 3
    assert weekdays.start_for(saturday, 2) == 4  # only Monday's work ends after a Saturday


def test_hours_of_a_week_with_a_day_off_and_a_day_made_up():
    week = [((480, 720), (780, 1020))] * 5 + [(), ()]
    calendar = weekly(
        HOUR,
        week,
        date(2026, 1, 5),
        date(2026, 2, 28),
        off=[date(2026, 1, 6)],
        other={date(2026, 1, 10): ((480, 720),)},
    )
    start = HOUR.tick(at("2026-01-05 08:00"))
    assert HOUR.when(calendar.after(start, 8)) == at("2026-01-05 17:00")
    assert HOUR.when(calendar.after(start, 9)) == at("2026-01-07 09:00")
    assert HOUR.when(calendar.after(start, 36)) == at("2026-01-10 12:00")


def test_pieces_that_touch_are_one_and_their_order_is_nothing():
    found = stretches([(5, 7), (0, 2), (2, 3), (6, 6)])
    assert (found.starts, found.ends) == ((0, 5), (3, 7))


def test_a_calendar_without_work_and_one_that_is_too_short_say_so():
    with pytest.raises(Unfit, match="schedule_calendar_empty"):
        Calendar((), ())
    with pytest.raises(Unfit, match="schedule_calendar_ends"):
        of_days(range(5)).after(0, 6)


def test_without_a_calendar_every_tick_is_worked():
    assert (ALWAYS.after(3, 4), ALWAYS.before(3, 4), ALWAYS.opens(-7)) == (7, -1, -7)

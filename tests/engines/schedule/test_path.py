"""The critical path agrees with plain scanning of days, and with a worked example by hand."""

from dataclasses import replace

import numpy as np
import pytest

from bihuan.engines.schedule.network import Activity, Bound, Link, network
from bihuan.engines.schedule.path import dates

from .given import CALENDARS, drawn

SEEDS = range(60)


def test_the_worked_example_of_the_documents():
    found = dates(
        network(
            [Activity("立项", 5), Activity("设计", 20), Activity("拆迁", 30), Activity("开工", 0)],
            [
                Link("立项", "设计"),
                Link("立项", "拆迁", "SS", 2),
                Link("设计", "开工"),
                Link("拆迁", "开工"),
            ],
        )
    )
    assert found.length == 32
    assert found.total_float.tolist() == [0, 7, 0, 0]
    assert found.free_float.tolist() == [0, 7, 0, 0]
    assert found.path() == ("立项", "拆迁", "开工")


def allowed(net, link, starts, finishes, start, finish):
    """Does a link allow this start and finish of its follower? Day by day, without the engine."""
    i, j = net.before[link], net.after[link]
    from_end, at_end = net.kinds[link] in (0, 2), net.kinds[link] in (2, 3)
    point = finishes[i] if from_end else starts[i]
    lag, calendar = int(net.lags[link]), net.calendars[net.lag_calendar[link]]
    if lag:
        aim = calendar.worked(point) + lag
        point = next(day for day in range(400) if calendar.worked(day) >= aim)
    if not at_end:
        return start >= point
    own = net.calendars[net.calendar[j]]
    # Work that ended before a rest reaches the first day after it, but no day within it.
    same = own.worked(finish) == own.worked(point) and own.opens(point) == point
    return finish >= point or (net.durations[j] > 0 and same)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_earliest_start_is_the_first_day_that_every_link_allows(seed):
    net = drawn(seed)
    found = dates(net)
    starts, finishes = {}, {}
    for j in net.order.tolist():
        calendar, work = net.calendars[net.calendar[j]], int(net.durations[j])
        for start in range(net.start, 400):
            open_ = calendar.opens(start) == start
            # A milestone may also stand at the end of a day worked.
            if not open_ and (work or calendar.closes(start) != start):
                continue
            finish = start
            while calendar.worked(finish) < calendar.worked(start) + work:
                finish += 1
            into = net.into[j]
            if all(allowed(net, link, starts, finishes, start, finish) for link in into):
                starts[j], finishes[j] = start, finish
                break
    assert found.early_start.tolist() == [starts[j] for j in range(len(net.codes))]
    assert found.early_finish.tolist() == [finishes[j] for j in range(len(net.codes))]


def held(net, at, start):
    """The network with one activity kept from starting earlier."""
    bounds = list(net.bounds)
    bounds[at] = (*bounds[at], Bound("start_from", start))
    return dates(replace(net, bounds=tuple(bounds)))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_latest_start_is_the_last_that_does_not_move_the_end(seed):
    net = drawn(seed)
    found = dates(net)
    for at in range(len(net.codes)):
        late = int(found.late_start[at])
        assert held(net, at, late).finish == found.finish
        calendar = net.calendars[net.calendar[at]]
        if net.durations[at]:
            after = calendar.opens(late + 1)
            assert held(net, at, after).finish > found.finish, (net.codes[at], late)


@pytest.mark.parametrize("seed", SEEDS)
def test_free_float_is_what_no_follower_notices(seed):
    net = drawn(seed, calendars=False)
    found = dates(net)
    for at in range(len(net.codes)):
        if not net.durations[at]:
            continue
        calendar = net.calendars[net.calendar[at]]
        free = int(found.free_float[at])
        start = calendar.opens(calendar.latest(calendar.worked(int(found.early_start[at])) + free))
        others = [k for k in range(len(net.codes)) if k != at]
        slipped = held(net, at, start)
        assert slipped.finish == found.finish
        assert (slipped.early_start[others] == found.early_start[others]).all()
        once_more = held(net, at, calendar.opens(start + 1))
        moved = (once_more.early_start[others] != found.early_start[others]).any()
        assert moved or once_more.finish > found.finish


@pytest.mark.parametrize("seed", SEEDS)
def test_floats_are_never_negative_and_some_path_is_critical(seed):
    found = dates(drawn(seed))
    assert (found.total_float >= 0).all()
    assert found.critical.any()
    assert found.path()


def test_the_order_of_activities_and_links_changes_nothing():
    net = drawn(3)
    activities = [
        Activity(code, int(work), calendar=list(CALENDARS)[at])
        for code, work, at in zip(net.codes, net.durations, net.calendar, strict=True)
    ]
    links = [
        Link(net.codes[i], net.codes[j], ("FS", "SS", "FF", "SF")[kind], int(lag))
        for i, j, kind, lag in zip(net.before, net.after, net.kinds, net.lags, strict=True)
    ]
    again = dates(network(activities[::-1], links[::-1], calendars=CALENDARS, start=14))
    found = dates(net)
    assert again.total_float[::-1].tolist() == found.total_float.tolist()
    assert again.early_start[::-1].tolist() == found.early_start.tolist()


def test_bounds_hold_and_those_that_links_break_are_named():
    activities = [
        Activity("a", 5),
        Activity("b", 2, bounds=(Bound("start_from", 8),)),
        Activity("c", 1, bounds=(Bound("finish_until", 7),)),
    ]
    found = dates(network(activities, [Link("a", "b"), Link("b", "c")]))
    assert found.early_start.tolist() == [0, 8, 10]
    assert found.total_float.tolist() == [-1, -4, -4]
    assert found.broken == (("c", Bound("finish_until", 7)),)


def test_a_date_missed_by_years_is_a_float_far_below_zero_and_no_refusal():
    late = Bound("finish_until", -5000)
    for calendars in (CALENDARS, None):
        activities = [Activity("a", 5), Activity("b", 3, bounds=(late,))]
        net = network(activities, [Link("a", "b")], calendars=calendars, start=14)
        found = dates(net)
        assert (found.total_float < -3000).all()
        assert found.broken == (("b", late),)


def test_a_promised_end_gives_or_takes_float():
    net = network([Activity("a", 5), Activity("b", 3)], [Link("a", "b")])
    assert dates(net, by=10).total_float.tolist() == [2, 2]
    assert dates(net, by=6).total_float.tolist() == [-2, -2]


def test_what_drives_a_start_is_its_latest_predecessor():
    net = network(
        [Activity("a", 5), Activity("b", 9), Activity("c", 1)], [Link("a", "c"), Link("b", "c")]
    )
    assert dates(net).path("c") == ("b", "c")
    assert np.array_equal(dates(net).driver, [-1, -1, 1])

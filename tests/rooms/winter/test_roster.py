"""The roster: gaps, people in two places and too little rest told at once; weeks copied."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.winter import services
from bihuan.winter.models import Duty
from bihuan.winter.queries import roster as queries
from bihuan.winter.rules.roster import Shift, Turn, faults
from tests.rooms.winter.conftest import TODAY

SHIFTS = {"day": Shift("day", 8, 12), "night": Shift("night", 20, 12)}


def put(who, day=TODAY, shift="day", role="officer"):
    return services.put_on(by=None, day=day, shift=shift, role=role, who=who)


def test_who_is_on_duty_now_and_in_the_small_hours(post):
    put(post("duty"))
    put(post("law-head"), shift="night")
    held = clock.now().replace(hour=4)  # noon where the office stands
    assert [one.who for one in queries.on_duty(held)] == [post("duty")]
    assert [one.who for one in queries.on_duty(held + timedelta(hours=14))] == [post("law-head")]


def test_a_turn_is_taken_over_and_given_up(post):
    put(post("duty"))
    one = put(post("law-head"))
    assert Duty.objects.get() == one
    services.take_off(one, by=None)
    assert not Duty.objects.exists()


def test_what_is_past_is_not_filled_and_every_fault_is_told(post):
    with pytest.raises(Refused) as refused:
        services.put_on(by=None, day=TODAY - timedelta(days=1), shift="x", role="y",
                        who=post("duty"))  # fmt: skip
    assert len(refused.value.sentences) == 3


def test_gaps_and_too_little_rest_are_sentences(post):
    put(post("duty"))
    put(post("duty"), shift="night")
    found = queries.faults(TODAY, 1)
    told = "\n".join(queries.sentences(found))
    assert "没有人：白班 带班领导、夜班 带班领导" in told
    assert "只歇 0 小时" in told


def test_a_week_is_copied_where_nothing_stands_yet(post):
    monday = queries.monday_of(TODAY + timedelta(days=7))
    for number in range(7):
        put(post("duty"), monday + timedelta(days=number))
    kept = put(post("law-head"), monday + timedelta(days=8))
    made = services.copy_week(by=None, source=monday, target=monday + timedelta(days=7), weeks=2)
    assert made == 13
    kept.refresh_from_db()
    assert kept.who == post("law-head")
    with pytest.raises(Refused) as refused:
        services.copy_week(by=None, source=monday + timedelta(days=70), target=monday, weeks=99)
    assert len(refused.value.sentences) == 3


def test_one_post_in_two_roles_of_a_shift_is_one_stay(post):
    put(post("leader"), role="leader")
    put(post("leader"), role="officer")
    assert not [one for one in queries.faults(TODAY, 1) if one.code != "gap"]


TURNS = st.lists(
    st.builds(
        Turn,
        st.integers(0, 6).map(lambda n: date(2026, 12, 1) + timedelta(days=n)),
        st.sampled_from(["day", "night"]), st.sampled_from(["leader", "officer"]),
        st.integers(1, 3),
    ),
    max_size=25,
)  # fmt: skip


@given(TURNS, st.integers(0, 24))
def test_rest_agrees_with_asking_every_pair(turns, rest):
    found = faults(turns, (), SHIFTS, (), rest)
    tight = set()
    for one in turns:
        for other in turns:
            if one.who == other.who:
                gap = SHIFTS[other.shift].span(other.day)[0] - SHIFTS[one.shift].span(one.day)[1]
                if timedelta(0) <= gap < timedelta(hours=rest):
                    tight.add((other.who, other.day, other.shift))
    assert {(one.who, one.day, one.shift) for one in found if one.code == "rest"} == tight


@given(TURNS)
def test_a_gap_is_a_turn_that_nobody_has(turns):
    days = [date(2026, 12, 1) + timedelta(days=n) for n in range(7)]
    gaps = [
        one for one in faults(turns, days, SHIFTS, ["leader", "officer"], 0) if one.code == "gap"
    ]
    assert len(gaps) == 28 - len({(one.day, one.shift, one.role) for one in turns})

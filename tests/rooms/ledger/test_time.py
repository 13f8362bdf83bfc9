"""Lamps on any day, lateness as an integral, the ladder of reminders, counted deadlines."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from bihuan.base import clock
from bihuan.base.errors import Refused
from bihuan.ledger import queries, services
from bihuan.ledger.models import Finding, Notice
from bihuan.ledger.rules import OPEN, STATES, is_overdue
from bihuan.ledger.rules import time as timing
from bihuan.ledger.rules.tables import TABLES

LAMPS = TABLES["lamps"].rows
LADDER = TABLES["ladder"].rows
START = date(2026, 1, 1)
DAYS = st.dates(START, START + timedelta(days=120))


@st.composite
def histories(draw):
    """Spans in order of time, as stints are written."""
    days = sorted(draw(st.lists(DAYS, min_size=1, max_size=6)))
    return [
        timing.Span(day, draw(st.sampled_from(sorted(STATES))), draw(st.none() | DAYS))
        for day in days
    ]


@given(histories(), DAYS)
def test_late_days_are_counted_one_by_one(spans, until):
    """The integral equals walking through every single day."""
    walked = 0
    day = spans[0].day
    while day < until:
        now = [span for span in spans if span.day <= day][-1]
        walked += now.due is not None and now.state in OPEN and day > now.due
        day += timing.ONE_DAY
    assert timing.late_days(spans, until) == walked


@given(histories(), DAYS, DAYS)
def test_lateness_never_shrinks(spans, one, other):
    first, last = sorted((one, other))
    assert timing.late_days(spans, first) <= timing.late_days(spans, last)


@given(state=st.sampled_from(sorted(STATES)), due=st.none() | DAYS, day=DAYS, missed=st.booleans())
def test_every_open_finding_with_a_deadline_has_a_lamp_and_no_other(state, due, day, missed):
    lamp = timing.lamp(LAMPS, timing.Standing(state, due, None, missed), day)
    assert (lamp is not None) is (state in OPEN and due is not None)
    if lamp is not None:
        assert (lamp["code"] == "red") is is_overdue(state, due, day)
        assert not (missed and lamp["code"] == "green")


@given(due=DAYS, day=DAYS, sent=st.sets(st.sampled_from([row["code"] for row in LADDER])))
def test_the_ladder_only_climbs(due, day, sent):
    row = timing.rung_due(LADDER, due=due, day=day, sent=sent)
    if row is None:
        return
    order = [r["code"] for r in LADDER]
    assert row["code"] not in sent
    assert all(order.index(code) < order.index(row["code"]) for code in sent)
    assert day >= timing.trigger(row, due)


def test_a_missed_deadline_never_turns_green_again(walk, post):
    finding = walk.rectifying(days=3)
    services.ask_extension(
        finding, by=post("econ-head"), to=finding.due + timedelta(days=60), reason="等口径"
    )
    with clock.held_at(clock.now() + timedelta(days=5)):
        assert queries.lamp(Finding.objects.get(pk=finding.pk))["code"] == "red"
        services.decide_extension(finding, by=post("leader"), granted=True, answer="同意")
        finding = Finding.objects.get(pk=finding.pk)
        assert finding.missed_on == finding.first_due + timedelta(days=1)
        assert queries.lamp(finding)["code"] == "missed"


def test_the_lamp_of_a_past_day_is_what_stood_then(walk, post):
    raised = clock.today()
    finding = walk.rectifying(days=3)
    late_on = raised + timedelta(days=5)
    with clock.held_at(clock.now() + timedelta(days=6)):
        services.submit_evidence(finding, by=post("econ-liaison"), upload=_paper(), text="说明")
        services.request_close(finding, by=post("econ-head"), note="完成")
        services.take_up(finding, by=post("checker"))
        services.verify(finding, by=post("checker"), passed=True, opinion="属实", way="papers")
        finding = services.close(finding, by=post("clerk"))
        assert queries.lamps_on([finding], clock.today())[finding.pk] is None
        assert queries.lamps_on([finding], late_on)[finding.pk]["code"] == "red"
        assert queries.lamps_on([finding], raised)[finding.pk]["code"] == "yellow"
        assert queries.lamps_on([finding], raised - timedelta(days=1))[finding.pk] is None
        late = queries.late_days(Finding.objects.all(), raised, clock.today())
        assert late == {finding.pk: 2}  # the 4th and 5th day; handed in on the 6th


def _paper():
    from tests.rooms.ledger.conftest import paper

    return paper()


def test_reminders_climb_the_ladder_one_slip_at_a_time(walk, post):
    finding = walk.rectifying(days=10)
    assert services.remind() == []
    expected = {8: "remind", 11: "blue", 12: None, 30: "red", 31: None, 60: None}
    for days, rung in expected.items():
        with clock.held_at(clock.now() + timedelta(days=days)):
            sent = [notice.rung for notice in services.remind()]
            assert sent == ([rung] if rung else []), days
            assert services.remind() == []  # the same day again: nothing more
    slips = list(queries.notices_of(finding))
    assert all(slip.number for slip in slips if slip.to_sign)
    assert slips[-1].to == post("econ-head")  # no owner was named: the head of the lead unit


def test_a_new_deadline_begins_the_ladder_anew(walk, post):
    finding = walk.rectifying(days=10)
    with clock.held_at(clock.now() + timedelta(days=8)):
        services.remind()
        services.ask_extension(
            finding, by=post("econ-head"), to=finding.due + timedelta(days=30), reason="等"
        )
        services.decide_extension(finding, by=post("leader"), granted=True, answer="可")
        assert services.remind() == []
    with clock.held_at(clock.now() + timedelta(days=38)):
        assert [notice.rung for notice in services.remind()] == ["remind"]


def test_a_slip_is_signed_for_once_by_its_receiver(walk, post):
    walk.rectifying(days=10)
    with clock.held_at(clock.now() + timedelta(days=11)):
        (notice,) = services.remind()
        with pytest.raises(Refused, match="不是发给您"):
            services.sign_notice(notice, by=post("edu-head"))
        services.sign_notice(notice, by=post("econ-head"))
        with pytest.raises(Refused, match="已经签收"):
            services.sign_notice(notice, by=post("econ-head"))
    assert Notice.objects.get(pk=notice.pk).seen_by == post("econ-head")


def _noon(*day):
    """Noon where the office stands: `clock.now()` is in UTC, where the day may be another one."""
    return datetime(*day, 12, tzinfo=timezone.get_current_timezone())


def test_a_deadline_in_working_days_passes_over_the_spring_festival(walk, post, unit):
    with clock.held_at(_noon(2022, 1, 28)):
        finding = services.assign(
            walk.finding,
            by=post("clerk"),
            lead_unit=unit("economy"),
            days_given=5,
            days_unit="working",
            basis="一般督办",
        )
    # 29 and 30 January were worked, 31 January to 6 February were not.
    assert finding.due == date(2022, 2, 9)
    assert not finding.provisional
    assert queries.counted(finding).due == finding.due


def test_a_deadline_is_a_day_or_a_number_of_days_not_both(walk, post, unit):
    day = clock.today() + timedelta(days=5)
    for both in ({}, {"due": day, "days_given": 5}):
        with pytest.raises(Refused, match="二者取一"):
            services.assign(walk.finding, by=post("clerk"), lead_unit=unit("economy"), **both)


def test_a_deadline_in_a_year_not_yet_published_is_provisional_and_counted_anew(walk, post, unit):
    from bihuan.days import services as days
    from bihuan.days.paste import Entry

    with clock.held_at(_noon(2031, 9, 29)):
        finding = services.assign(
            walk.finding,
            by=post("clerk"),
            lead_unit=unit("economy"),
            days_given=3,
            days_unit="working",
        )
        assert finding.provisional
        before = finding.due
        off = [Entry(date(2031, 10, day), False, "国庆节") for day in range(1, 10)]
        days.enter_year(2031, off, by=None, source="某通知")
        services.recount()
        finding = Finding.objects.get(pk=finding.pk)
        assert finding.due > before
        assert (finding.due, finding.provisional) == (finding.first_due, False)

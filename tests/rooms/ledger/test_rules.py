"""The rules of the ledger, without a database."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bihuan.ledger import rules

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
STATES = st.sampled_from(sorted(rules.STATES))


def test_every_step_leads_to_a_state_and_has_a_name_and_a_permission():
    for state, steps in rules.STEPS.items():
        assert state in rules.STATES
        for step, target in steps.items():
            assert target in rules.STATES, (state, step)
            assert step in rules.STEP_NAMES
            assert step in rules.STEP_VERBS


def test_every_state_can_be_reached_from_a_draft_and_only_void_is_an_end():
    reached, waiting = {"draft"}, ["draft"]
    while waiting:
        for target in rules.STEPS[waiting.pop()].values():
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    assert reached == set(rules.STATES)
    ends = {state for state, steps in rules.STEPS.items() if set(steps.values()) <= {state}}
    assert ends == {"void"}


@given(st.lists(st.sampled_from(sorted(rules.STEP_NAMES)), max_size=40))
def test_nothing_is_closed_that_was_not_asked_for_and_taken_up(steps):
    state, passed_through = "draft", ["draft"]
    for step in steps:
        state = rules.after(state, step) or state
        passed_through.append(state)
    if "closed" in passed_through:
        before = passed_through[: passed_through.index("closed")]
        assert before.index("assigned") < before.index("requested") < before.index("checking")


@given(state=STATES, due=DAYS, today=DAYS, requested=st.none() | DAYS)
def test_overdue_is_what_a_plain_reading_of_the_rule_says(state, due, today, requested):
    if state in ("draft", "closed", "void"):
        expected = False
    elif state in ("requested", "checking"):
        # Handed in: late if it was handed in late.
        expected = requested > due if requested else today > due
    else:
        expected = today > due
    assert rules.is_overdue(state, due, today, requested) is expected


@given(due=DAYS, today=DAYS)
def test_a_finding_that_is_late_today_is_late_tomorrow(due, today):
    if rules.is_overdue("rectifying", due, today):
        assert rules.is_overdue("rectifying", due, today + timedelta(days=1))


@given(
    person=st.integers(1, 9),
    units=st.sets(st.integers(1, 9)),
    persons=st.sets(st.integers(1, 9)),
    answerable=st.sets(st.integers(1, 9)),
)
def test_the_one_who_acted_or_belongs_to_the_unit_never_judges(person, units, persons, answerable):
    involved = rules.Involved(frozenset(persons), frozenset(answerable))
    judges = rules.may_judge(person, units, involved)
    assert judges is not (person in persons or any(unit in answerable for unit in units))


@given(
    due=st.none() | DAYS,
    to=DAYS,
    today=DAYS,
    pending=st.booleans(),
    granted=st.integers(0, 4),
    most=st.integers(0, 4),
)
def test_an_extension_is_asked_for_in_time_to_a_later_day_once_and_not_too_often(
    due, to, today, pending, granted, most
):
    faults = rules.extension_faults(
        due=due, to=to, today=today, pending=pending, granted=granted, most=most
    )
    allowed = due is not None and today <= due < to and not pending and granted < most
    assert (not faults) is allowed
    assert len(faults) == len(set(faults))


def test_closing_needs_evidence_and_a_verification_and_says_both_at_once():
    assert len(rules.missing_for_close(evidence=0, passed=False)) == 2
    assert rules.missing_for_close(evidence=1, passed=True) == []


@given(closed=DAYS, first=st.integers(0, 400), more=st.integers(0, 400))
def test_the_recheck_window_opens_before_it_ends(closed, first, more):
    start, end = rules.recheck_window(closed, first, first + more)
    assert closed <= start <= end
    assert (end - start).days == more

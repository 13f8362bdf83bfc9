"""How inputs are spelled, how far and how long: without a database."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.jobs import rules

NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None, max_examples=50)
@given(JSON)
def test_canonical_text_says_the_same_and_has_one_spelling(value):
    text = rules.canonical(value)
    again = rules.read(text)
    assert rules.canonical(again) == text
    assert repr(again) == repr(json.loads(json.dumps(value, sort_keys=True)))


@settings(deadline=None, max_examples=30)
@given(st.dictionaries(st.text("数abc", max_size=3), st.integers(), min_size=2))
def test_the_order_of_the_inputs_does_not_change_their_digest(inputs):
    turned = dict(reversed(inputs.items()))
    assert rules.digest(rules.canonical(inputs)) == rules.digest(rules.canonical(turned))


@pytest.mark.parametrize("value", [math.nan, math.inf, {"a": {1, 2}}, object(), "\ud800"])
def test_what_is_no_json_has_no_spelling(value):
    with pytest.raises((TypeError, ValueError)):
        rules.canonical(value)


def test_every_step_leads_to_a_state_and_only_lost_is_not_the_end():
    assert set(rules.STEPS) == set(rules.STATES) == {*rules.UNFINISHED, *rules.ENDED}
    for steps in rules.STEPS.values():
        assert steps <= set(rules.STATES)
    ends = {state for state, steps in rules.STEPS.items() if not steps}
    assert ends == {"done", "failed", "cancelled"}


@settings(deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_hundred_per_cent_is_said_only_when_all_is_done(done, total):
    said = rules.percent(done, total)
    assert (said is None) == (total == 0)
    if said is not None:
        assert 0 <= said <= 100
        assert (said == 100) == (done >= total)


@settings(deadline=None)
@given(st.floats(0, 10**7))
def test_hours_minutes_and_seconds_add_up(seconds):
    h, m, s = rules.hours(seconds)
    assert h * 3600 + m * 60 + s == int(seconds)
    assert 0 <= m < 60
    assert 0 <= s < 60

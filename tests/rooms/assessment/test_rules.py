"""Blank weights and suspicious numbers: what the rules assume and what they ask about."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.assessment import rules


@pytest.fixture(scope="module", autouse=True)
def sampled() -> None:
    """Rules need no sample zone."""


CODES = ["a", "b", "c", "d", "e"]
PARTS = st.one_of(st.none(), st.floats(0, 19, allow_nan=False))
BROODS = st.dictionaries(st.sampled_from(CODES), PARTS, min_size=1)


@settings(max_examples=60, deadline=None)
@given(BROODS)
def test_blank_weights_share_evenly_what_is_left_of_a_hundred(brood):
    found = rules.weights(brood)
    blanks = [code for code, weight in brood.items() if weight is None]
    assert {code for code, one in found.items() if one.assumed} == set(blanks)
    assert all(found[code].weight == brood[code] for code in brood if code not in blanks)
    if blanks:
        assert abs(sum(one.weight for one in found.values()) - 100) < 1e-9
        assert len({found[code].weight for code in blanks}) == 1


def test_where_nothing_is_left_a_blank_weighs_as_the_known_ones_do():
    assert rules.weights({"a": 70.0, "b": 50.0, "c": None})["c"].weight == 60.0


PEERS = [(100.0, 100.0 + n) for n in range(1, 21)]


def test_a_growth_far_from_the_peers_is_asked_about():
    seen = rules.jump("gdp", 100.0, 191.0, PEERS)
    assert seen is not None
    assert seen.rule == "jump"
    assert seen.low < 0.11 < seen.high < seen.found == 0.9099999999999999
    assert rules.jump("gdp", 100.0, 111.0, PEERS) is None


def test_with_few_peers_a_change_by_half_is_asked_about():
    assert rules.jump("gdp", 100.0, 149.0, []) is None
    assert rules.jump("gdp", 100.0, 151.0, []) is not None
    assert rules.jump("gdp", None, 151.0, []) is None


def test_a_ratio_far_from_the_peers_is_asked_about():
    pairs = [(10.0 + n / 10, 100.0) for n in range(20)]
    assert rules.ratio("trade", 11.0, 100.0, pairs) is None
    assert rules.ratio("trade", 90.0, 100.0, pairs) is not None
    assert rules.ratio("trade", 90.0, None, pairs) is None


def test_a_number_that_was_there_and_is_gone_is_asked_about():
    assert rules.vanished("gdp", 5.0, None) is not None
    assert rules.vanished("gdp", None, None) is None

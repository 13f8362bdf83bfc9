"""A batch as it was sent: what holds, what does not, and that no fault takes a good entry along."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.fleet import rules

NOW = datetime(2026, 1, 21, 5, 0, tzinfo=UTC)
NOW_MS = rules.milliseconds(NOW)
ON = rules.Shift(7, NOW_MS - 3_600_000, None)


def entry(seconds: float = 0, **more: Any) -> dict[str, Any]:
    at = NOW - timedelta(seconds=seconds)
    return {"vehicle": "撒布01", "time": at.isoformat(), "lon": 113.75, "lat": 34.7, **more}


def judged(*entries: Any, shifts: Any = (ON,), last: Any = None) -> rules.Judged:
    return rules.judge(
        rules.read_batch({"positions": list(entries)}),
        vehicles={"撒布01": 7},
        shifts=shifts,
        last=last or {},
        now_ms=NOW_MS,
        keep_hours=72,
    )


def codes(found: rules.Judged) -> list[tuple[int, str]]:
    return [(fault.nth, fault.code) for fault in found.faults]


def test_a_faulty_entry_takes_no_good_one_with_it():
    found = judged(
        entry(1),
        entry(2, lon=13.4, lat=52.5),  # another continent
        entry(-180),  # three minutes ahead
        entry(4, vehicle="铲车99"),
        "nonsense",
        entry(5),
    )
    assert [one.nth for _pk, one in found.kept] == [0, 5]
    assert codes(found) == [(1, "elsewhere"), (2, "future"), (3, "vehicle"), (4, "shape")]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"time": "2026-01-21T05:00:00"}, "time"),  # no zone
        ({"time": 1}, "time"),
        ({"lon": "113"}, "place"),
        ({"lat": True}, "place"),
        ({"lat": float("nan")}, "place"),
        ({"speed": 900}, "speed"),
        ({"heading": -1}, "heading"),
        ({"plough": "yes"}, "plough"),
        ({"rate": 501}, "rate"),
        ({"seq": -1}, "seq"),
        ({"colour": "red"}, "unknown_key"),
        ({"vehicle": ""}, "no_vehicle"),
    ],
)
def test_each_fault_has_its_own_sentence(more: dict[str, Any], code: str):
    assert codes(judged(entry(1, **more))) == [(0, code)]
    assert code in rules.SENTENCES


def test_two_minutes_ahead_are_let_pass_and_three_are_not():
    assert not judged(entry(-119)).faults
    assert codes(judged(entry(-121))) == [(0, "future")]


def test_off_shift_only_a_number_remains():
    found = judged(entry(7200), entry(1))
    assert (found.off_shift, len(found.kept), found.faults) == (1, 1, ())


def test_the_end_of_a_shift_belongs_to_no_shift():
    closed = rules.Shift(7, NOW_MS - 10_000, NOW_MS - 5_000)
    assert judged(entry(5), shifts=(closed,)).off_shift == 1
    assert judged(entry(5.001), shifts=(closed,)).off_shift == 0


def test_a_clock_at_1970_is_told():
    assert codes(judged(entry(time="1970-01-01T00:00:10Z"))) == [(0, "too_old")]


def test_a_clock_that_went_back_shows_in_the_devices_own_numbers():
    found = judged(entry(100, seq=1), entry(50, seq=2), entry(90, seq=3), entry(40, seq=4))
    assert codes(found) == [(2, "clock_back")]
    assert [one.seq for _pk, one in found.kept] == [1, 2, 4]


def test_entries_out_of_order_are_no_clock_that_went_back():
    found = judged(entry(40, seq=4), entry(100, seq=1), entry(50, seq=2))
    assert not found.faults
    assert not judged(entry(10), entry(100), entry(50)).faults


def test_a_clock_is_compared_with_what_came_before_this_batch():
    last = {7: (NOW_MS - 10_000, 41)}
    assert codes(judged(entry(60, seq=42), last=last)) == [(0, "clock_back")]
    assert not judged(entry(60, seq=40), last=last).faults  # late, not back
    assert not judged(entry(5, seq=0), last=last).faults  # the device began anew


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ([], "object"),
        ({"positions": []}, "no_positions"),
        ({"positions": [{}] * 5001}, "too_many"),
        ({"positions": [{}], "datum": "mars"}, "datum"),
        ({"positions": [{}], "extra": 1}, "unknown_key"),
    ],
)
def test_a_batch_that_is_none_is_refused_as_a_whole(body: Any, code: str):
    with pytest.raises(rules.Unreadable) as refusal:
        rules.read_batch(body)
    assert refusal.value.code == code
    assert code in rules.UNREADABLE


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
_keys = st.sampled_from(["vehicle", "time", "lon", "lat", "speed", "plough", "seq", "rate"])


@given(st.lists(st.dictionaries(_keys, _json, max_size=8) | _json, min_size=1, max_size=5))
def test_whatever_is_sent_every_entry_is_kept_counted_or_told(sent: list[Any]):
    found = judged(*sent)
    assert len(found.kept) + found.off_shift + len(found.faults) == len(sent)

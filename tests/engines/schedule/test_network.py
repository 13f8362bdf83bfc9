"""All that is wrong with a network is said at once, by the names of its activities."""

import pytest

from bihuan.engines.faults import Unfit
from bihuan.engines.schedule.network import Activity, Bound, Link, network


def codes(faults):
    return [fault.code for fault in faults]


def test_every_fault_is_told_at_once():
    with pytest.raises(Unfit) as refusal:
        network(
            [
                Activity("a", -1),
                Activity("a", 2, calendar="moon"),
                Activity("", 2, "没有代码"),
                Activity("b", 1, bounds=(Bound("before_lunch", 3),)),
            ],
            [Link("a", "z"), Link("y", "b"), Link("b", "b"), Link("a", "b", "SSS", 0, "sun")],
        )
    assert sorted(codes(refusal.value.faults)) == [
        "schedule_code_twice",
        "schedule_negative_duration",
        "schedule_no_code",
        "schedule_own_before",
        "schedule_unknown_after",
        "schedule_unknown_before",
        "schedule_unknown_bound",
        "schedule_unknown_calendar",
        "schedule_unknown_kind",
        "schedule_unknown_lag_calendar",
    ]


def test_a_circle_is_named_by_its_activities_and_each_knot_once():
    links = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("e", "f"), ("f", "e")]
    with pytest.raises(Unfit) as refusal:
        network([Activity(one, 1) for one in "abcdef"], [Link(*one) for one in links])
    assert [fault.params["path"] for fault in refusal.value.faults] == [
        "a → b → c → a",
        "e → f → e",
    ]


def test_a_circle_is_found_beside_other_faults():
    with pytest.raises(Unfit) as refusal:
        network([Activity("a", 1), Activity("b", -1)], [Link("a", "b"), Link("b", "a")])
    assert codes(refusal.value.faults) == ["schedule_negative_duration", "schedule_cycle"]


def test_a_network_needs_an_activity():
    with pytest.raises(Unfit, match="schedule_no_activities"):
        network([])


def test_every_activity_stands_after_all_before_it():
    found = network([Activity(one, 1) for one in "dcba"], [Link("a", "b"), Link("b", "d")])
    order = [found.codes[at] for at in found.order]
    assert order.index("a") < order.index("b") < order.index("d")

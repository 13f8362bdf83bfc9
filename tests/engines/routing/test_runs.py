"""Runs join arcs where a driver has no choice, and lose nothing."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from bihuan.engines.routing.runs import runs
from bihuan.exchange.roads.schematic import sample
from tests.engines.routing.drawn import arc, grid, network


def everywhere(net):
    return np.ones(net.arcs, dtype=bool)


def whole(net, found, required):
    """Every required arc is in one run, in driving order, and mirrors are mirrors."""
    assert np.sort(found.arcs).tolist() == np.flatnonzero(required).tolist()
    for run in range(len(found)):
        along = found.along(run)
        assert (net.arc_head[along[:-1]] == net.arc_tail[along[1:]]).all()
        assert (found.of[along] == run).all()
        assert found.tail[run] == net.arc_tail[along[0]]
        assert found.head[run] == net.arc_head[along[-1]]
        assert found.length_m[run] == pytest.approx(net.length_m[along].sum())
        if found.back[run] >= 0:
            mirror = found.along(int(found.back[run]))
            assert mirror.tolist() == net.back[along][::-1].tolist()
            assert found.back[found.back[run]] == run


@pytest.mark.parametrize("through", ["choices", "streets"])
def test_every_arc_is_in_one_run(through):
    net = sample().network
    for required in (everywhere(net), net.kind <= 1, net.kind == 3):
        whole(net, runs(net, required, through=through), required)


def test_a_street_that_nothing_else_meets_is_one_run():
    bent = [
        ([(0, 0), (100, 0)], "primary", {"name": "甲路"}),
        ([(100, 0), (200, 0)], "primary", {"name": "甲路", "bridge": True}),
        ([(200, 0), (300, 0)], "primary", {"name": "甲路"}),
        ([(300, 0), (300, 200), (0, 200), (0, 0)], "secondary", {}),
    ]
    net = network(*bent)
    found = runs(net, net.kind == 0, through="choices")
    assert len(found) == 2  # there and back
    assert found.length_m == pytest.approx([300, 300], abs=0.1)


def test_at_a_crossing_of_two_streets_the_driver_chooses():
    net = network(*grid(3))
    assert len(runs(net, everywhere(net), through="choices")) == 16  # corners are no choice
    straight = runs(net, everywhere(net), through="streets")
    assert len(straight) < 16
    assert len({int(net.name[straight.along(at)[0]]) for at in range(len(straight))}) > 1


def test_streets_that_need_nothing_do_not_interrupt_a_run():
    net = network(*grid(3))
    middle = np.array([net.names[name] == "乙路" for name in net.name])
    found = runs(net, middle, through="choices")
    assert found.length_m == pytest.approx([400, 400], abs=0.1)


def test_a_run_has_one_class_one_number_of_lanes_and_one_task():
    parts = [
        ([(0, 0), (100, 0)], "primary", {"lanes": 4}),
        ([(100, 0), (200, 0)], "primary", {"lanes": 6}),
        ([(200, 0), (300, 0)], "secondary", {"lanes": 6}),
        ([(300, 0), (300, 200), (0, 200), (0, 0)], "secondary", {"lanes": 6}),
    ]
    net = network(*parts)
    assert len(runs(net, everywhere(net), through="choices")) == 6
    task = np.arange(net.arcs)
    assert len(runs(net, everywhere(net), through="choices", same=task)) == net.arcs


def test_long_runs_are_divided_into_equal_parts():
    line = [([(100.0 * at, 0), (100.0 * at + 100, 0)], "primary", {}) for at in range(10)]
    net = network(*line)
    found = runs(net, everywhere(net), longest_m=350)
    assert len(found) == 6
    assert found.length_m.max() <= 400
    whole(net, found, everywhere(net))


def test_a_ring_is_run_once_each_way():
    corners = [(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)]
    ring = [([a, b], "primary", {}) for a, b in pairwise(corners)]
    net = network(*ring)
    found = runs(net, everywhere(net), through="choices")
    whole(net, found, everywhere(net))
    assert len(found) == 2


def test_one_direction_alone_may_be_required():
    net = network(*grid(2))
    only = np.zeros(net.arcs, dtype=bool)
    only[arc(net, (0, 0), (200, 0))] = True
    found = runs(net, only)
    assert len(found) == 1
    assert found.back.tolist() == [-1]


def test_a_run_makes_no_forbidden_turn():
    net = network(*grid(2))
    a = arc(net, (0, 0), (200, 0))
    b = arc(net, (200, 0), (200, 200))
    banned = replace(net, forbidden=np.array([[a, b]], dtype=np.int32))
    found = runs(banned, everywhere(net), through="choices")
    whole(net, found, everywhere(net))
    follow = [pair for run in range(len(found)) for pair in pairwise(found.along(run).tolist())]
    assert (a, b) not in follow

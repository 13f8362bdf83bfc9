"""Line ends that stop just short of another line are joined, and nothing else moves."""

import numpy as np
import pytest

from bihuan.engines.routing.build import build
from bihuan.engines.routing.snap import snapped
from tests.engines.routing.drawn import MAPPING, streets

MAIN = ([(0, 0), (300, 0), (600, 0)], "primary", {"name": "航海路"})


def joined(*lines, within=1.0):
    return snapped(streets(*lines), within)


def test_an_end_beside_a_point_becomes_that_point():
    found, count = joined(MAIN, ([(300.4, 0.3), (300, 200)], "residential", {}))
    assert count == 1
    net = build(found, MAPPING).network
    assert (net.nodes, net.arcs) == (4, 6)


def test_an_end_beside_a_line_cuts_it():
    found, count = joined(MAIN, ([(150, 0.5), (150, 200)], "residential", {}))
    assert count == 1
    net = build(found, MAPPING).network
    assert net.nodes == 4
    main = net.length_m[net.kind == 0]
    assert np.sort(main) == pytest.approx([150, 150, 450, 450], abs=0.1)


def test_two_loose_ends_meet():
    found, count = joined(
        ([(0, 0), (300, 0)], "primary", {}), ([(300.5, 0), (600, 0)], "primary", {})
    )
    assert count == 2
    assert build(found, MAPPING).network.length_m.sum() == pytest.approx(1200, abs=2)


def test_what_is_farther_away_stays_apart():
    far = ([(150, 3.0), (150, 200)], "residential", {})
    assert joined(MAIN, far)[1] == 0
    assert joined(MAIN, far, within=5)[1] == 1
    assert joined(MAIN, far, within=0)[1] == 0


def test_crossing_lines_are_not_joined():
    over = ([(150, -100), (150, 100)], "primary", {"bridge": True})
    assert joined(MAIN, over)[1] == 0


def test_ends_that_are_joined_already_stay():
    lane = ([(300, 0), (300, 0.4), (300, 200)], "residential", {})
    assert joined(MAIN, lane)[1] == 0

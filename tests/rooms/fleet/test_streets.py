"""A track on the active network becomes passes of its sections; without a network nothing does."""

import json

import numpy as np
import pytest

from bihuan.fleet import bridge
from bihuan.fleet.models import Position
from bihuan.roads import queries as roads
from bihuan.roads import sample
from bihuan.roads.models import NetworkVersion

STEP_M = 20.0


@pytest.fixture
def streets(db):
    sample.load_sample()
    return bridge.streets()


def along(section, **signals):
    """A vehicle that drives once along a section at 4 m/s."""
    line = json.loads(section.geometry)
    points = line["coordinates"] if line["type"] == "LineString" else line["coordinates"][0]
    lon, lat = np.array(points).T
    metres = np.hypot(np.diff(lon) * 91_000, np.diff(lat) * 111_000)
    at = np.concatenate([[0], np.cumsum(metres)])
    where = np.arange(0, at[-1], STEP_M)
    return [
        Position(at_ms=1_700_000_000_000 + 5000 * n, lon=x, lat=y, **signals)
        for n, (x, y) in enumerate(
            zip(np.interp(where, at, lon), np.interp(where, at, lat), strict=True)
        )
    ]


def test_driven_once_along_a_section_it_is_passed_once_with_what_was_spread(streets):
    one = roads.sections().filter(length_m__gt=400).order_by("pk").first()
    track = along(one, ploughing=True, spreading=True, rate=20.0)
    found = [
        row for row in bridge.passes(streets, track, width_m=3.0) if row["section"] == one.code
    ]
    assert len(found) == 1
    assert found[0]["share"] > 0.8
    assert (found[0]["ploughed"], found[0]["spread"]) == (True, True)
    assert found[0]["grams"] > 20 * 0.8 * one.length_m * 3
    assert found[0]["evidence"]


def test_what_a_device_does_not_send_is_not_guessed(streets):
    one = roads.sections().filter(length_m__gt=400).order_by("pk").first()
    (found,) = [
        row
        for row in bridge.passes(streets, along(one), width_m=None)
        if row["section"] == one.code
    ]
    assert (found["ploughed"], found["spread"]) == (None, None)


def test_no_track_gives_no_pass_and_no_network_gives_no_streets(streets, db):
    assert bridge.passes(streets, [], width_m=None) == []
    NetworkVersion.objects.update(active=False)
    assert bridge.streets() is None

"""A plan's tours become the timetable whose promises are weighed."""

import math
from dataclasses import dataclass, field

import numpy as np
import pytest

from bihuan.engines.faults import Unfit
from bihuan.engines.routing.chance import chances, planned
from bihuan.engines.routing.timetables import timetable
from bihuan.exchange.roads.schematic import sample
from tests.engines.routing.drawn import network
from tests.engines.routing.test_chance import CALM


@dataclass(frozen=True)
class Leg:
    kind: str
    from_s: float
    to_s: float
    arcs: tuple[int, ...] = ()


@dataclass(frozen=True)
class Tour:
    stops: list[Leg] = field(default_factory=list)


def street():
    return network(
        ([(0, 0), (500, 0)], "primary", {"name": "航海路"}),
        ([(500, 0), (500, 500), (0, 500), (0, 0)], "secondary", {"name": "环路"}),
    )


def made(net, *tours, passes):
    return timetable(net, tours, served=lambda leg: leg.arcs, passes=passes)


def test_a_section_is_clear_when_both_directions_are_done():
    net = street()
    there = next(at for at in range(net.arcs) if net.kind[at] == 0)
    back = int(net.back[there])
    need = (net.kind == 0).astype(np.int32)
    table = made(
        net,
        Tour([Leg("serve", 0, 100, (there,)), Leg("move", 100, 150)]),
        Tour([Leg("serve", 30, 400, (back,))]),
        passes=need,
    )
    place = int(net.section[there])
    assert planned(table)[place] == 400
    assert table.asked.sum() == 1
    assert not table.unserved.any()
    assert chances(table, [400, math.inf, 0, 0, 0], CALM, samples=5).kinds[0].probability == 1


def test_one_pass_too_few_leaves_a_section_unclear():
    net = street()
    there = next(at for at in range(net.arcs) if net.kind[at] == 0)
    table = made(net, Tour([Leg("serve", 0, 100, (there,))]), passes=(net.kind == 0) * 1)
    assert table.unserved[net.section[there]]
    twice = made(
        net,
        Tour([Leg("serve", 0, 100, (there, int(net.back[there])))]),
        passes=(net.kind == 0) * 2,
    )
    assert twice.unserved[net.section[there]]


def test_an_unknown_leg_is_refused():
    with pytest.raises(Unfit) as refusal:
        made(street(), Tour([Leg("fly", 0, 1)]), passes=np.ones(4, dtype=int))
    assert [fault.code for fault in refusal.value.faults] == ["chance_leg"]


def test_the_whole_sample_driven_by_one_vehicle_is_told_by_class():
    net = sample().network
    order = np.argsort(net.kind, kind="stable").tolist()
    legs = [Leg("serve", 60.0 * at, 60.0 * at + 60, (one,)) for at, one in enumerate(order)]
    table = made(net, Tour(legs), passes=np.ones(net.arcs, dtype=int))
    found = chances(table, [2 * 3600, 4 * 3600, 6 * 3600, 8 * 3600, math.inf], samples=250)
    assert [one.kind for one in found.kinds] == ["main", "secondary", "branch", "back"]
    assert [one.planned_s for one in found.kinds] == sorted(one.planned_s for one in found.kinds)
    assert all(one.median_s >= one.planned_s * 0.8 for one in found.kinds)
    assert np.isfinite(found.section).all()

"""A plan's tours as a timetable (时刻表) that `chance` can drive."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

import numpy as np

from bihuan.engines.routing.chance import WORKS, Timetable
from bihuan.engines.routing.faults import Fault, refuse
from bihuan.engines.routing.network import Ints, Network


class Leg(Protocol):
    """一程：做什么（move、serve、refill、wait），几时到几时。"""

    @property
    def kind(self) -> str: ...
    @property
    def from_s(self) -> float: ...
    @property
    def to_s(self) -> float: ...


class Tour(Protocol):
    """一辆车依次的各程。"""

    @property
    def stops(self) -> Sequence[Any]: ...


def timetable(
    network: Network,
    tours: Iterable[Tour],
    *,
    served: Callable[[Any], Iterable[int]],
    passes: Ints,
) -> Timetable:
    """The timetable of some tours over the network's sections.

    `served` names the arcs on which a leg does a pass, and `passes` says how many each arc of the
    network needs in all: a section of which an arc gets fewer is never clear.
    """
    legs = [(at, leg) for at, tour in enumerate(tours) for leg in tour.stops]
    refuse(
        Fault("chance_leg", {"found": leg.kind, "known": "、".join(WORKS)})
        for _at, leg in legs
        if leg.kind not in WORKS
    )
    needed = np.asarray(passes)
    done = np.zeros(network.arcs, dtype=np.int64)
    pairs: set[tuple[int, int]] = set()
    for number, (_at, leg) in enumerate(legs):
        if leg.kind == "serve":
            for arc in served(leg):
                done[arc] += 1
                pairs.add((number, int(network.section[arc])))
    size = len(network.sections)
    asked, short = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    asked[network.section[needed > 0]] = True
    short[network.section[done < needed]] = True
    # What nobody asked for is driven over all the same, but no promise waits for it.
    both = np.array(sorted(pair for pair in pairs if asked[pair[1]]), dtype=np.int32)
    both = both.reshape(-1, 2)
    kind = np.zeros(size, dtype=np.int8)
    kind[network.section] = network.kind
    return Timetable(
        np.array([at for at, _leg in legs], dtype=np.int32),
        np.array([WORKS.index(leg.kind) for _at, leg in legs], dtype=np.int8),
        np.array([leg.from_s for _at, leg in legs], dtype=np.float64),
        np.array([leg.to_s for _at, leg in legs], dtype=np.float64),
        both[:, 0],
        both[:, 1],
        kind,
        asked,
        short,
    )

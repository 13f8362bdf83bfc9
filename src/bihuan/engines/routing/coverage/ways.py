"""The directions of sections: which arcs of a section lead along its line, which against it."""

from dataclasses import dataclass

import numpy as np

from bihuan.engines.routing.network import Floats, Ints, Network
from bihuan.engines.routing.sphere import flat

# 时限内完成、完成但超时、只清了一部分、没有证据、没有作业、时限未到、没有时限而已完成
VERDICTS = ("kept", "late", "partly", "not_proven", "not_done", "open", "done")
KEPT, LATE, PARTLY, NOT_PROVEN, NOT_DONE, OPEN, DONE = range(len(VERDICTS))


@dataclass(frozen=True, eq=False)
class Ways:
    """路段方向：每行一个路段的一个方向；`of` 给出每条弧属于哪一行，-1 为不属于任何路段。"""

    network: Network
    section: Ints  # (w,) places in network.sections
    against: Ints  # (w,) 0 along the section's line, 1 against it
    length_m: Floats
    of: Ints  # (m,)
    x: Floats  # (w,) the middle, in flat metres
    y: Floats

    def __len__(self) -> int:
        return len(self.section)

    def name(self, way: int) -> str:
        return self.network.sections[int(self.section[way])].name

    def direction(self, way: int) -> str:
        return "against" if self.against[way] else "along"


def ways(network: Network) -> Ways:
    """Every direction of every section that can be driven."""
    x, y = flat(
        network.node_lon,
        network.node_lat,
        at_lon=float(network.node_lon.mean()),
        at_lat=float(network.node_lat.mean()),
    )
    dx, dy = x[network.arc_head] - x[network.arc_tail], y[network.arc_head] - y[network.arc_tail]
    mx, my = (
        (x[network.arc_head] + x[network.arc_tail]) / 2,
        (y[network.arc_head] + y[network.arc_tail]) / 2,
    )
    of = np.full(network.arcs, -1, dtype=np.int32)
    section: list[int] = []
    against: list[int] = []
    for place, one in enumerate(network.sections):
        if not one.arcs:
            continue
        arcs = list(one.arcs)
        along = _chain(network, arcs)
        turned = [
            arc
            for arc in arcs
            if arc not in along and _opposes(network, arc, along, dx, dy, mx, my)
        ]
        gone = set(turned)
        for side, mine in ((0, [arc for arc in arcs if arc not in gone]), (1, turned)):
            if mine:
                of[mine] = len(section)
                section.append(place)
                against.append(side)
    w = len(section)
    inside = of >= 0
    weight = network.length_m[inside]
    length = np.bincount(of[inside], weights=weight, minlength=w).astype(np.float64)
    whole = np.maximum(length, 1e-9)
    return Ways(
        network,
        np.array(section, dtype=np.int32),
        np.array(against, dtype=np.int32),
        length,
        of,
        np.bincount(of[inside], weights=weight * mx[inside], minlength=w) / whole,
        np.bincount(of[inside], weights=weight * my[inside], minlength=w) / whole,
    )


def _chain(network: Network, arcs: list[int]) -> dict[int, None]:
    """The arcs that follow each other from the first on: the section's line."""
    leaving = {int(network.arc_tail[arc]): arc for arc in reversed(arcs)}
    found = {arcs[0]: None}
    at = arcs[0]
    mine = set(arcs)
    while True:
        head = int(network.arc_head[at])
        after = [
            int(arc)
            for arc in network.out_arcs[network.out_start[head] : network.out_start[head + 1]]
            if int(arc) in mine and int(arc) not in found and network.back[at] != arc
        ]
        if not after or leaving.get(head) is None or int(network.back[after[0]]) in found:
            return found
        at = after[0]
        found[at] = None


def _opposes(
    network: Network,
    arc: int,
    along: dict[int, None],
    dx: Floats,
    dy: Floats,
    mx: Floats,
    my: Floats,
) -> bool:
    """Does an arc lead against the section's line, where it is nearest?"""
    if int(network.back[arc]) in along:
        return True
    line = np.fromiter(along, dtype=np.int64)
    near = line[np.argmin((mx[line] - mx[arc]) ** 2 + (my[line] - my[arc]) ** 2)]
    return bool(dx[near] * dx[arc] + dy[near] * dy[arc] < 0)

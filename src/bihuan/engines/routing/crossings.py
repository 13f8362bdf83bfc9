"""Crossings (交叉口): the named streets that end a stretch of another, and what each is called."""

from collections import defaultdict

import numpy as np
from scipy.spatial import cKDTree

from bihuan.engines.routing.network import KINDS, Floats, Network
from bihuan.engines.routing.sphere import flat

DEAD_END = "尽头"
UNNAMED_CROSSING = "无名路口"
# How many of the first classes divide a street of each class: a main street is told by the main
# and secondary streets that cross it, a back street by any that has a name.
_DIVIDING = (2, 3, 3, len(KINDS), len(KINDS))
_NEAR_M = 80.0  # how far an unnamed arm may lead to the street that gives a crossing its name
_ACROSS_M = 60.0  # from one carriageway to the other


class Crossings:
    """交叉口：每个路口有哪些有名字的路，等级多高。"""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._here = _here(network)
        self._across = _across(network, self._here)
        self._arrivals = np.bincount(network.arc_head, minlength=network.nodes)

    def others(self, node: int, street: str) -> dict[str, int]:
        """The other named streets at a junction of a street, or across from it, with classes."""
        across = self._across.get((node, street))
        here = self._here[node] if across is None else {**across, **self._here[node]}
        return {name: rank for name, rank in here.items() if name != street}

    def divides(self, node: int, street: str, kind: int) -> bool:
        """Does another street end a stretch of this one here? Small ones divide only small."""
        return any(rank < _DIVIDING[kind] for rank in self.others(node, street).values())

    def end(self, node: int, street: str) -> str:
        """The cross street at an end, by class and then by name; also over a short unnamed arm."""
        net = self._network
        leaving = net.out_arcs[int(net.out_start[node]) : int(net.out_start[node + 1])]
        near = [
            int(net.arc_head[arc])
            for arc in leaving
            if not net.names[net.name[arc]] and net.length_m[arc] <= _NEAR_M
        ]
        for nodes in ([node], near):
            found = [(rank, name) for at in nodes for name, rank in self.others(at, street).items()]
            if found:
                return min(found)[1]
        # Whatever leaves an end of the road goes back to where one came from.
        turns_back = len(leaving) == 1 and net.back[leaving[0]] >= 0
        return DEAD_END if turns_back and self._arrivals[node] == 1 else UNNAMED_CROSSING

    def nearest(self, x: Floats, y: Floats) -> list[str]:
        """The street nearest to each place (metres of `metres`); empty where none has a name."""
        nodes = np.flatnonzero([bool(names) for names in self._here])
        if not len(nodes):
            return [""] * len(x)
        tree = cKDTree(np.column_stack(metres(self._network))[nodes])
        _away, at = tree.query(np.column_stack([x, y]))
        named = (self._here[node] for node in nodes[at].tolist())
        return [min((rank, name) for name, rank in here.items())[1] for here in named]


def metres(network: Network) -> tuple[Floats, Floats]:
    """Where the junctions lie, in metres east and north of the first."""
    at_lon, at_lat = float(network.node_lon[0]), float(network.node_lat[0])
    return flat(network.node_lon, network.node_lat, at_lon=at_lon, at_lat=at_lat)


def _here(network: Network) -> list[dict[str, int]]:
    """At each junction the named streets that meet there, with the best class of each."""
    found: list[dict[str, int]] = [{} for _ in range(network.nodes)]
    for tail, head, name, kind in zip(
        network.arc_tail.tolist(),
        network.arc_head.tolist(),
        network.name.tolist(),
        network.kind.tolist(),
        strict=True,
    ):
        if street := network.names[name]:
            for node in (tail, head):
                here = found[node]
                here[street] = min(kind, here.get(street, len(KINDS)))
    return found


def _across(network: Network, here: list[dict[str, int]]) -> dict[tuple[int, str], dict[str, int]]:
    """What crosses one carriageway crosses the street: the names at its other one count as well.

    Else the two would be divided at different places and never be one section.
    """
    x, y = metres(network)
    of: dict[int, set[int]] = defaultdict(set)
    single = np.flatnonzero(network.back < 0)
    for name, tail, head in zip(
        network.name[single].tolist(),
        network.arc_tail[single].tolist(),
        network.arc_head[single].tolist(),
        strict=True,
    ):
        of[name] |= {tail, head}
    found: dict[tuple[int, str], dict[str, int]] = {}
    for name, members in of.items():
        street = network.names[name]
        if not street or len(members) < 2:
            continue
        nodes = np.array(sorted(members))
        tree = cKDTree(np.column_stack([x[nodes], y[nodes]]))
        pairs = tree.query_pairs(_ACROSS_M, output_type="ndarray")
        for a, b in nodes[pairs].tolist():
            for one, other in ((a, b), (b, a)):
                names = found.setdefault((one, street), {})
                for cross, rank in here[other].items():
                    names[cross] = min(rank, names.get(cross, len(KINDS)))
    return found

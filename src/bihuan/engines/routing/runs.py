"""Street runs (作业段): arcs joined between real choices, so that a solver decides only where a
driver would.

Two arcs are one run when every vehicle that works on the first goes on to the second: at their
junction nothing else has to be served (`choices`), or the street simply goes straight on
(`streets`). Runs of a street open both ways come in pairs of the same arcs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bihuan.engines.routing.network import Bools, Floats, Ints, Longs, Network
from bihuan.engines.routing.sphere import bearing

_STRAIGHT = 40.0  # degrees that a street may bend at a crossing and still go straight on


@dataclass(frozen=True, eq=False)
class Runs:
    """作业段：k 段，第 i 段依次驶过 `along(i)`；`back` 是同一段反方向的序号，-1 为单行。"""

    start: Longs  # (k + 1,)
    arcs: Ints
    tail: Ints  # (k,) junctions
    head: Ints
    length_m: Floats
    kind: NDArray[np.int8]
    back: Ints
    of: Ints  # (m,) run of each arc of the network, -1 where nothing is to be done

    def __len__(self) -> int:
        return len(self.tail)

    def along(self, run: int) -> Ints:
        """The arcs of a run in driving order."""
        return self.arcs[int(self.start[run]) : int(self.start[run + 1])]


def runs(
    network: Network,
    required: Bools,
    *,
    through: Literal["choices", "streets"] = "streets",
    same: Ints | None = None,
    longest_m: float = np.inf,
) -> Runs:
    """Runs over the arcs to be served.

    Arcs are joined only where class, lanes and `same` (a number for whatever else must not change
    within a run: a task, a promise, a contractor) are equal in both directions, and not beyond
    `longest_m`.
    """
    required = np.asarray(required, dtype=bool)
    mirror = np.where((network.back >= 0) & required[network.back], network.back, -1)
    after = _successors(network, required, _keys(network, mirror, same), through)
    return _runs(network, list(_chains(network, required, after, mirror, longest_m)), mirror)


def _keys(network: Network, mirror: Ints, same: Ints | None) -> Ints:
    """One number for all that two arcs must share, in this direction and in the other."""
    other = np.zeros(network.arcs, dtype=np.int64) if same is None else np.asarray(same)
    here = np.column_stack([network.kind, network.lanes, other])
    there = np.where((mirror >= 0)[:, None], here[mirror], -1)
    _rows, key = np.unique(np.hstack([here, there]), axis=0, return_inverse=True)
    return key.astype(np.int32).ravel()


def _successors(network: Network, required: Bools, key: Ints, through: str) -> Ints:
    """(m,) the arc that is always worked next, -1 where the driver has a choice."""
    after = np.full(network.arcs, -1, dtype=np.int32)
    leave, enter = directions(network)
    forbidden = set(map(tuple, network.forbidden.tolist()))
    for coming, going in junctions(network, required):
        pairs = _joined(network, coming, going, leave, enter, through)
        for a, b in pairs:
            if key[a] == key[b] and (a, b) not in forbidden:
                after[a] = b
    return after


def junctions(network: Network, wanted: Bools) -> Iterator[tuple[list[int], list[int]]]:
    """For each junction the wanted arcs that come in, and those that go out."""
    arcs = np.flatnonzero(wanted)
    ins = arcs[np.argsort(network.arc_head[arcs], kind="stable")]
    outs = arcs[np.argsort(network.arc_tail[arcs], kind="stable")]
    to = np.searchsorted(network.arc_head[ins], np.arange(network.nodes + 1)).tolist()
    off = np.searchsorted(network.arc_tail[outs], np.arange(network.nodes + 1)).tolist()
    coming, going = ins.tolist(), outs.tolist()
    for node in range(network.nodes):
        if to[node] < to[node + 1] and off[node] < off[node + 1]:
            yield coming[to[node] : to[node + 1]], going[off[node] : off[node + 1]]


def directions(network: Network) -> tuple[Floats, Floats]:
    """(m,) the compass direction in which an arc leaves its tail, and in which it enters its head.

    Seen over the first and last line of the shape.
    """
    lon, lat = network.shape_lon, network.shape_lat
    first, last = network.shape_start[:-1], network.shape_start[1:] - 1
    leave = bearing(lon[first], lat[first], lon[first + 1], lat[first + 1])
    enter = bearing(lon[last - 1], lat[last - 1], lon[last], lat[last])
    return leave, enter


def turn(enter: float, leave: float) -> float:
    """Degrees from one direction to another: negative is left, ±180 is back."""
    return (leave - enter + 180) % 360 - 180


def _joined(
    network: Network,
    coming: list[int],
    going: list[int],
    leave: Floats,
    enter: Floats,
    through: str,
) -> Iterator[tuple[int, int]]:
    back = network.back
    ahead = {a: [b for b in going if back[a] != b] for a in coming}
    behind = {b: [a for a in coming if back[b] != a] for b in going}
    for a in coming:
        if len(ahead[a]) == 1 and behind[ahead[a][0]] == [a]:
            yield a, ahead[a][0]
        elif through == "streets" and (b := _straight(network, a, ahead[a], leave, enter)) >= 0:
            other = [one for one in behind[b] if network.name[one] == network.name[b]]
            if min(other, key=lambda c: abs(turn(float(enter[c]), float(leave[b])))) == a:
                yield a, b


def _straight(network: Network, a: int, ahead: list[int], leave: Floats, enter: Floats) -> int:
    """The arc by which a street goes straight on under its own name, or still without one."""
    own = [b for b in ahead if network.name[b] == network.name[a]]
    if not own:
        return -1
    best = min(own, key=lambda b: abs(turn(float(enter[a]), float(leave[b]))))
    return best if abs(turn(float(enter[a]), float(leave[best]))) <= _STRAIGHT else -1


def _chains(
    network: Network, required: Bools, after: Ints, back: Ints, longest_m: float
) -> Iterator[list[int]]:
    """Arcs in driving order, each street once: the other direction of a chain is its mirror."""
    # Kept only where the other direction agrees, so that a chain has a mirror.
    a = np.flatnonzero(after >= 0)
    b = after[a]
    two = back[a] >= 0
    agreed = np.where(two, after[back[b]] == back[a], back[b] < 0)
    following = np.full(network.arcs, -1, dtype=np.int32)
    following[a[agreed]] = b[agreed]
    before = np.full(network.arcs, -1, dtype=np.int32)
    before[b[agreed]] = a[agreed]
    nexts, lasts, mirror = following.tolist(), before.tolist(), back.tolist()
    seen = np.zeros(network.arcs, dtype=bool)
    wanted = np.flatnonzero(required).tolist()
    starts = [at for at in wanted if lasts[at] < 0]
    for first in [*starts, *wanted]:  # then the rings, which have no start
        if seen[first] or (mirror[first] >= 0 and seen[mirror[first]]):
            continue
        chain, at = [first], nexts[first]
        seen[first] = True
        # A ring ends before it meets itself, and one driven both ways before it meets its mirror.
        while at >= 0 and not seen[at] and mirror[at] not in (chain[-1], first):
            chain.append(at)
            seen[at] = True
            at = nexts[at]
        yield from _split(network, chain, longest_m)


def _split(network: Network, chain: list[int], longest_m: float) -> Iterator[list[int]]:
    """A chain in as few parts of about the same length as the limit asks for."""
    length = network.length_m[chain]
    parts = int(np.ceil(length.sum() / longest_m)) if np.isfinite(longest_m) else 1
    if parts <= 1:
        yield chain
        return
    middle = np.cumsum(length) - length / 2
    of = np.minimum((middle / length.sum() * parts).astype(int), parts - 1)
    for part in range(parts):
        if piece := [arc for arc, own in zip(chain, of.tolist(), strict=True) if own == part]:
            yield piece


def _runs(network: Network, chains: list[list[int]], mirror: Ints) -> Runs:
    """Chains and their mirrors as arrays, a run's mirror right after it."""
    every: list[list[int]] = []
    back: list[int] = []
    for chain in chains:
        every.append(chain)
        if mirror[chain[0]] >= 0:
            back += [len(every), len(every) - 1]
            every.append([int(mirror[arc]) for arc in reversed(chain)])
        else:
            back.append(-1)
    size = [len(chain) for chain in every]
    arcs = np.array([arc for chain in every for arc in chain], dtype=np.int32)
    start = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
    number = np.repeat(np.arange(len(every), dtype=np.int32), size)
    of = np.full(network.arcs, -1, dtype=np.int32)
    of[arcs] = number
    first, last = arcs[start[:-1]], arcs[start[1:] - 1]
    return Runs(
        start,
        arcs,
        network.arc_tail[first],
        network.arc_head[last],
        np.bincount(number, weights=network.length_m[arcs], minlength=len(every)).astype(
            np.float64
        ),
        network.kind[first],
        np.array(back, dtype=np.int32),
        of,
    )

"""Shortest ways (最短路): seconds or metres from some places to others, and the arcs in between.

Own compiled search: on a city of 30,000 arcs it takes a third of SciPy's time and a tenth of
rustworkx's (`benchmarks/roads.py`). Arcs are the places, turns the steps between them, so that
turning round, or left across the traffic, has its price. A street may be shut or slowed at any
time: costs are an array of the caller's, the graph stays.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from bihuan.engines.routing.network import Floats, Ints, Longs, Network
from bihuan.engines.routing.sweep import reach, reach_many
from bihuan.engines.routing.turns import FREE, TurnRules, Turns, turns

NEVER = np.inf
_WIDTHS = 16.0  # buckets in the mean cost of a step; measured: any from 2 to 32 is as fast
_AT_ONCE = 64  # sources handed over together, about a tenth of a second
_MOST_BUCKETS = 200_000


@dataclass(frozen=True, eq=False)
class Roads:
    """可行驶图：路网加转弯规则；`cost` 是驶过每条弧的代价（秒或米），无穷大即封闭。"""

    network: Network
    turns: Turns
    cost: Floats  # (m,)

    def closed(self, arcs: ArrayLike) -> "Roads":
        """The same with some arcs shut: they may be driven to, not through."""
        cost = self.cost.copy()
        cost[np.asarray(arcs, dtype=np.int64)] = NEVER
        return replace(self, cost=cost)

    def slowed(self, factor: ArrayLike) -> "Roads":
        """The same with every cost multiplied, by one number or by one for each arc."""
        return replace(self, cost=self.cost * np.asarray(factor, dtype=np.float64))

    @cached_property
    def over_arcs(self) -> "_Steps":
        """Arcs as places; a step pays the arc that is left and the turn."""
        size = np.diff(self.turns.start)
        weight = np.repeat(self.cost, size) + self.turns.extra_s
        return _Steps(self.turns.start, self.turns.arc, weight)

    @cached_property
    def over_nodes(self) -> "_Steps":
        """Junctions as places, turns free."""
        out = self.network.out_arcs
        return _Steps(self.network.out_start, self.network.arc_head[out], self.cost[out])


@dataclass(frozen=True, eq=False)
class _Steps:
    start: Longs
    to: Ints
    weight: Floats

    @cached_property
    def width(self) -> float:
        finite = self.weight[np.isfinite(self.weight)]
        if not finite.size or not finite.max() > 0:
            return 1.0
        return max(float(finite.mean()) / _WIDTHS, float(finite.max()) / _MOST_BUCKETS, 1e-6)

    @cached_property
    def buckets(self) -> int:
        finite = self.weight[np.isfinite(self.weight)]
        return int((finite.max() if finite.size else 0.0) / self.width) + 3


def roads(
    network: Network,
    rules: TurnRules = FREE,
    *,
    cost: Floats | None = None,
    speed_kmh: float | None = None,
) -> Roads:
    """Ready to be asked. An arc costs its seconds in free flow, at most at `speed_kmh`; or `cost`.

    With `cost=network.length_m` everything is in metres (turns then cost metres too).
    """
    if cost is None:
        speed = network.speed_kmh.astype(np.float64)
        if speed_kmh is not None:
            speed = np.minimum(speed, speed_kmh)
        cost = network.length_m / (speed / 3.6)
    return Roads(network, turns(network, rules), np.asarray(cost, dtype=np.float64))


def between_arcs(
    one: Roads, sources: ArrayLike, targets: ArrayLike, *, run: Callable[..., Iterable[Any]] = map
) -> Floats:
    """(s, t) from the end of each source arc to the beginning of each target arc.

    What is paid: the turns, and the arcs in between; neither source nor target. Infinite where no
    way leads there. `run` may be a thread pool's map: the search holds no lock.
    """
    begin, arc, extra = one.turns.start, one.turns.arc, one.turns.extra_s
    seeds = [
        (arc[begin[at] : begin[at + 1]], extra[begin[at] : begin[at + 1]])
        for at in _numbers(sources).tolist()
    ]
    return _many(one.over_arcs, seeds, _numbers(targets), run)


def between_nodes(
    one: Roads, sources: ArrayLike, targets: ArrayLike, *, run: Callable[..., Iterable[Any]] = map
) -> Floats:
    """(s, t) from junction to junction, all turns allowed and free."""
    nothing = np.zeros(1)
    seeds = [(np.array([at], dtype=np.int32), nothing) for at in _numbers(sources).tolist()]
    return _many(one.over_nodes, seeds, _numbers(targets), run)


def node_to_arcs(
    one: Roads, sources: ArrayLike, targets: ArrayLike, *, run: Callable[..., Iterable[Any]] = map
) -> Floats:
    """(s, t) from junctions (a yard, say) to the beginning of arcs; the first turn is free."""
    begin, out = one.network.out_start, one.network.out_arcs
    seeds = [
        (out[begin[at] : begin[at + 1]], np.zeros(int(begin[at + 1] - begin[at])))
        for at in _numbers(sources).tolist()
    ]
    return _many(one.over_arcs, seeds, _numbers(targets), run)


def arcs_to_node(
    one: Roads, sources: ArrayLike, targets: ArrayLike, *, run: Callable[..., Iterable[Any]] = map
) -> Floats:
    """(s, t) from the end of arcs to junctions, by whichever arc leads in best."""
    nothing = np.empty(0, dtype=np.int32)
    return arcs_to_both(one, sources, nothing, targets, run=run)[1]


def arcs_to_both(
    one: Roads,
    sources: ArrayLike,
    arcs: ArrayLike,
    nodes: ArrayLike,
    *,
    run: Callable[..., Iterable[Any]] = map,
) -> tuple[Floats, Floats]:
    """`between_arcs` and `arcs_to_node` from the same sources, searched once for both."""
    sources_, arcs_, nodes_ = _numbers(sources), _numbers(arcs), _numbers(nodes)
    coming = [np.flatnonzero(one.network.arc_head == node) for node in nodes_.tolist()]
    into = np.concatenate([np.empty(0, dtype=np.int64), *coming]).astype(np.int32)
    found = between_arcs(one, sources_, np.concatenate([arcs_, into]), run=run)
    there = found[:, len(arcs_) :] + one.cost[into]
    out = np.full((len(sources_), len(nodes_)), NEVER)
    at = 0
    for k, leading in enumerate(coming):
        if len(leading):
            out[:, k] = there[:, at : at + len(leading)].min(axis=1)
        at += len(leading)
    here = one.network.arc_head[sources_][:, None] == nodes_[None, :]
    return found[:, : len(arcs_)], np.where(here, 0.0, out)


def from_arc(one: Roads, source: int, *, limit: float = NEVER) -> tuple[Floats, Ints]:
    """From the end of an arc to the beginning of every arc, and the arc before each (-1: none).

    Beyond `limit` the answer is infinite or too large.
    """
    part = slice(int(one.turns.start[source]), int(one.turns.start[source + 1]))
    return _single(one.over_arcs, one.turns.arc[part], one.turns.extra_s[part], limit)


def from_node(one: Roads, node: int, *, limit: float = NEVER) -> tuple[Floats, Ints]:
    """The same from a junction (a yard, say), in whatever direction; the first turn is free."""
    part = slice(int(one.network.out_start[node]), int(one.network.out_start[node + 1]))
    out = one.network.out_arcs[part]
    return _single(one.over_arcs, out, np.zeros(len(out)), limit)


def trace(before: Ints, target: int) -> list[int]:
    """The arcs driven before a target arc, in order, from what `from_arc` found."""
    arcs: list[int] = []
    at = int(before[target])
    while at >= 0:
        arcs.append(at)
        at = int(before[at])
    return arcs[::-1]


def way(one: Roads, source: int, target: int) -> tuple[float, list[int]]:
    """What it costs from one arc's end to another's beginning, and the arcs between the two."""
    cost, before = from_arc(one, source)
    if not np.isfinite(cost[target]):
        return NEVER, []
    return float(cost[target]), trace(before, target)


def _many(
    steps: _Steps,
    seeds: list[tuple[Ints, Floats]],
    targets: Ints,
    run: Callable[..., Iterable[Any]],
) -> Floats:
    wanted, inverse = np.unique(targets, return_inverse=True)
    parts = [seeds[at : at + _AT_ONCE] for at in range(0, len(seeds), _AT_ONCE)]
    found = list(run(_part, [steps] * len(parts), parts, [wanted.astype(np.int32)] * len(parts)))
    whole = np.concatenate(found) if found else np.empty((0, len(wanted)))
    return np.asarray(whole[:, inverse], dtype=np.float64)


def _part(steps: _Steps, seeds: list[tuple[Ints, Floats]], targets: Ints) -> Floats:
    size = [len(places) for places, _cost in seeds]
    out = np.empty((len(seeds), len(targets)))
    reach_many(
        steps.start,
        steps.to,
        steps.weight,
        np.concatenate([[0], np.cumsum(size)]).astype(np.int64),
        np.concatenate([places for places, _cost in seeds]).astype(np.int32),
        np.concatenate([cost for _places, cost in seeds]).astype(np.float64),
        steps.width,
        steps.buckets,
        targets,
        out,
    )
    return out


def _single(steps: _Steps, seeds: Ints, seed_cost: Floats, limit: float) -> tuple[Floats, Ints]:
    size = len(steps.start) - 1
    cost, before = np.empty(size), np.empty(size, dtype=np.int32)
    work = [np.empty(steps.buckets, dtype=np.int32)]
    work += [np.empty(size, dtype=np.int32) for _three in range(3)]
    reach(
        steps.start,
        steps.to,
        steps.weight,
        seeds.astype(np.int32),
        seed_cost.astype(np.float64),
        steps.width,
        limit,
        cost,
        before,
        *work,
    )
    return cost, before


def _numbers(given: ArrayLike) -> Ints:
    return np.atleast_1d(np.asarray(given, dtype=np.int32))

"""Turns (转向): what it costs to go from one arc to the next, and which turns are not driven.

A plough that turns round in the street, or left across the traffic, loses time or may not. Paths
that know this run over arcs, not junctions: a step is a turn (Caldwell 1961, «On finding minimum
routes in a network with turn penalties», Communications of the ACM 4(2), 107-108).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bihuan.engines.routing.faults import Fault, refuse
from bihuan.engines.routing.network import Floats, Ints, Longs, Network
from bihuan.engines.routing.runs import directions

_LEFT = -45.0  # degrees: from here on it is a left turn
_RIGHT = 45.0
_SHARP = 160.0  # and here one goes back where one came from


@dataclass(frozen=True)
class TurnRules:
    """转弯规则：左转、右转、掉头各加多少秒；是否禁止掉头；逐条禁止的转向（弧、弧）。

    What the map forbids is never driven, unless `map_bans` says that police lets vehicles through.
    Where a street ends one may always turn round; `u_turn_s` is paid there as well. A junction of
    `u_turn_nodes` allows it too, as yards and roundabout-like places do.
    """

    left_s: float = 8.0
    right_s: float = 3.0
    u_turn_s: float = 30.0
    u_turn_banned: bool = True
    u_turn_nodes: tuple[int, ...] = ()
    banned: tuple[tuple[int, int], ...] = ()
    map_bans: bool = True

    def __post_init__(self) -> None:
        refuse(
            Fault("roads_turn_negative", {"found": seconds})
            for seconds in (self.left_s, self.right_s, self.u_turn_s)
            if not 0 <= seconds < 3600
        )


FREE = TurnRules(0.0, 0.0, 0.0, u_turn_banned=False)


@dataclass(frozen=True, eq=False)
class Turns:
    """转向图：每条弧之后能走的弧及附加秒数（按弧压缩存放）。"""

    start: Longs  # (m + 1,)
    arc: Ints  # (t,) the next arc
    extra_s: Floats  # (t,)


def turns(network: Network, rules: TurnRules) -> Turns:
    """Every turn that may be driven."""
    begin, out = network.out_start, network.out_arcs
    head = network.arc_head
    size = begin[head + 1] - begin[head]
    start = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
    a = np.repeat(np.arange(network.arcs, dtype=np.int32), size)
    b = out[np.repeat(begin[head], size) + np.arange(start[-1]) - np.repeat(start[:-1], size)]
    extra, allowed = _judged(network, rules, a, b)
    a, b, extra = a[allowed], b[allowed], extra[allowed]
    count = np.bincount(a, minlength=network.arcs)
    return Turns(np.concatenate([[0], np.cumsum(count)]).astype(np.int64), b, extra)


def _judged(
    network: Network, rules: TurnRules, a: Ints, b: Ints
) -> tuple[Floats, NDArray[np.bool_]]:
    leave, enter = directions(network)
    angle = (leave[b] - enter[a] + 180.0) % 360.0 - 180.0
    round_ = network.back[a] == b
    extra = np.where(angle <= _LEFT, rules.left_s, np.where(angle >= _RIGHT, rules.right_s, 0.0))
    # Crossing to the other carriageway and back is a turn round too, though not into the same arc.
    extra = np.where(round_ | (np.abs(angle) >= _SHARP), rules.u_turn_s, extra)
    allowed = np.ones(len(a), dtype=bool)
    if rules.u_turn_banned:
        leaving = (
            network.out_start[network.arc_head[a] + 1] - network.out_start[network.arc_head[a]]
        )
        free = np.isin(network.arc_head[a], np.array(rules.u_turn_nodes, dtype=np.int64))
        allowed = ~round_ | (leaving == 1) | free
    pairs = np.array(rules.banned, dtype=np.int64).reshape(-1, 2)
    if rules.map_bans:
        pairs = np.concatenate([pairs, network.forbidden])
    if len(pairs):
        number = a.astype(np.int64) * network.arcs + b
        allowed &= ~np.isin(number, pairs[:, 0] * network.arcs + pairs[:, 1])
    return extra, allowed


def with_banned(rules: TurnRules, more: Iterable[tuple[int, int]]) -> TurnRules:
    """The same rules with further forbidden turns."""
    return replace(rules, banned=(*rules.banned, *more))

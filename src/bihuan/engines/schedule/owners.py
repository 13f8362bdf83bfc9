"""Whose act moves the date (谁的工作影响节点): the delay of a date, shared out among owners.

A coalition of owners takes its own (drawn or actual) durations while all others keep the plan; what
the date (or the date that one is 80 % sure of) then loses is the coalition's worth, and each
owner's share is its Shapley value (1953).
Shares add up to the whole delay, a path that two owners hold up together is split between them, and
whoever moves nothing has nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

from bihuan.engines.schedule.chance import Chances, drawn, pieces
from bihuan.engines.schedule.faults import Fault, refuse
from bihuan.engines.schedule.network import Network
from bihuan.engines.schedule.passes import Floats, Lanes, lanes, many

EXACT = 8  # owners up to whom every coalition is counted: 256 of them
ORDERS = 100  # else so many orders of arrival, each with its reverse


@dataclass(frozen=True)
class Share:
    """一个责任单位的份额（格）：分摊 `share`；只有它变 `alone`；只有它照计划，能少晚 `without`。"""

    owner: str
    share: float
    alone: float
    without: float


@dataclass(frozen=True)
class Shares:
    """节点推迟的分摊：`total` 是各单位份额之和，即有 `sure` 把握的日期比计划晚的工作格数。"""

    total: float
    sure: float
    shares: tuple[Share, ...]
    exact: bool


def expected(
    net: Network,
    chances: Chances,
    *,
    runs: int = 1000,
    seed: int,
    target: str = "",
    sure: float = 0.8,
) -> Shares:
    """Who is behind the delay of a date that one may be so sure of, over drawn durations."""
    parts = pieces(net, chances, runs, seed, target)
    works = np.concatenate([drawn(piece) for piece in parts], axis=1)
    return _shared(net, parts[0].lanes, works, target, seed, sure)


def actual(
    net: Network, durations: Mapping[str, int], *, target: str = "", seed: int = 0
) -> Shares:
    """Who is behind a delay that has come about: actual durations, in working ticks."""
    refuse(
        Fault("schedule_unknown_activity", {"found": code})
        for code in durations
        if code not in net.codes
    )
    refuse(
        Fault("schedule_negative_duration", {"activity": code, "found": ticks})
        for code, ticks in durations.items()
        if ticks < 0
    )
    row = [
        float(durations.get(code, planned))
        for code, planned in zip(net.codes, net.durations, strict=True)
    ]
    return _shared(net, lanes(net), np.array([row]).T, target, seed, 1.0)


def _shared(
    net: Network, laid: Lanes, works: Floats, target: str, seed: int, sure: float
) -> Shares:
    game = _Game(net, laid, works, target, sure)
    names, count = game.owners, len(game.owners)
    everyone = frozenset(range(count))
    exact = count <= EXACT
    values = _exactly(game, count) if exact else _by_orders(game, count, seed)
    shares = [
        Share(
            name,
            values[at],
            game.worth(frozenset({at})),
            game.worth(everyone) - game.worth(everyone - {at}),
        )
        for at, name in enumerate(names)
    ]
    shares.sort(key=lambda one: (-one.share, one.owner))
    return Shares(game.worth(everyone), sure, tuple(shares), exact)


class _Game:
    """Coalitions and what they are worth, each counted once."""

    def __init__(self, net: Network, laid: Lanes, works: Floats, target: str, sure: float) -> None:
        moved = (works != net.durations[:, np.newaxis]).any(axis=1)
        self.owners: Sequence[str] = sorted(
            {owner for owner, moves in zip(net.owners, moved, strict=True) if moves}
        )
        self._laid, self._works = laid, works
        self._planned = net.durations[:, np.newaxis].astype(np.float64)
        self._of: list[NDArray[np.bool_]] = [
            np.array([owner == name for owner in net.owners]) for name in self.owners
        ]
        self._sure = sure
        self._target = net.place(target) if target else -1
        self._known: dict[frozenset[int], float] = {}
        self._base = 0.0
        self._base = self.worth(frozenset())
        self._known = {frozenset(): 0.0}

    def worth(self, coalition: frozenset[int]) -> float:
        """Delay of the date, in ticks as the lanes count them."""
        if coalition not in self._known:
            on = np.zeros(len(self._works), dtype=np.bool_)
            for at in coalition:
                on |= self._of[at]
            works = np.where(on[:, np.newaxis], self._works, self._planned)
            ends, none = np.empty(works.shape[1]), np.empty(0, dtype=np.int64)
            seen = np.empty((0, works.shape[1]))
            many(self._laid, works, self._target, none, ends, seen, none)
            end = float(np.quantile(ends, self._sure, method="inverted_cdf"))
            self._known[coalition] = end - self._base
        return self._known[coalition]


def _exactly(game: _Game, count: int) -> list[float]:
    out = []
    for at in range(count):
        others = [one for one in range(count) if one != at]
        value = 0.0
        for size in range(count):
            weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            for chosen in combinations(others, size):
                before = frozenset(chosen)
                value += weight * (game.worth(before | {at}) - game.worth(before))
        out.append(value)
    return out


def _by_orders(game: _Game, count: int, seed: int) -> list[float]:
    """Castro, Gómez & Tejada 2009, with every order also taken backwards."""
    generator = np.random.default_rng(seed)
    values = np.zeros(count)
    for _order in range(ORDERS):
        forth = generator.permutation(count)
        for order in (forth, forth[::-1]):
            before: frozenset[int] = frozenset()
            for at in order.tolist():
                values[at] += game.worth(before | {at}) - game.worth(before)
                before |= {at}
    return [float(value) for value in values / (2 * ORDERS)]

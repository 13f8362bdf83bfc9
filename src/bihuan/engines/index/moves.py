"""Why a rank moved: Shapley shares of own indicators, peers, anchors, edition and roster.

The players together turn the world of one run into that of the other: each own indicator (or a
group of them) takes its new value, the peers take theirs, the anchors of normalisation are set
anew, the edition (weights, functions, indicators) changes, units enter and leave, points given or
taken change. Ranks are whole numbers, so the shares are kept as fractions and add up exactly.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import factorial

import numpy as np

from bihuan.engines.index.build import Result
from bihuan.engines.index.explain import AMONG_PEERS, between
from bihuan.engines.index.faults import unfit
from bihuan.engines.index.frame import Flags, Floats, Ints
from bihuan.engines.index.world import EDITION, NORMS, OUTSIDE, PEERS, POINTS, ROSTER, World

__all__ = [
    "EDITION",
    "NORMS",
    "PEERS",
    "POINTS",
    "ROSTER",
    "Editions",
    "Move",
    "Passing",
    "editions",
    "explain_move",
    "passings",
]

MOST_GROUPS = 14
# Where every score depends on all units, a mixture costs a whole index: fewer permutations then.
PERMUTATIONS_AMONG_PEERS = 60
_SIDE_BY_SIDE, _STRAIGHT = 250, 1000


@dataclass(frozen=True)
class Move:
    """位次变动归因：负为上升；各部分相加恰为 after - before。"""

    unit: str
    before: int
    after: int
    parts: Mapping[str, Fraction]
    exact: bool

    @property
    def change(self) -> int:
        return self.after - self.before

    def whole(self) -> dict[str, int]:
        """The parts as whole ranks (largest remainders), still adding up to the change."""
        floors = {name: part.numerator // part.denominator for name, part in self.parts.items()}
        left = self.change - sum(floors.values())
        by_rest = sorted(self.parts, key=lambda name: (floors[name] - self.parts[name], name))
        for name in by_rest[:left]:
            floors[name] += 1
        return floors


def explain_move(
    before: Result,
    after: Result,
    unit: str,
    *,
    groups: bool = True,
    permutations: int = 10_000,
    seed: int = 0,
) -> Move:
    """位次变动归因：groups 为真按上一级分组精确计算，否则逐指标按随机排列（有种子）。"""
    world = World(before, after, unit)
    players = _grouped(world, groups)
    if groups and len(players) <= MOST_GROUPS:
        parts = _exact(world, players)
    else:
        if AMONG_PEERS & {*before.hows.values(), *after.hows.values()}:
            permutations = min(permutations, PERMUTATIONS_AMONG_PEERS)
        parts = _sampled(world, players, permutations, seed)
    a, b = world.rank_before, world.rank_after
    return Move(unit, a, b, parts, groups and len(players) <= MOST_GROUPS)


def _grouped(world: World, groups: bool) -> dict[str, frozenset[str]]:
    """Each player and the switches it turns: indicators by code, others by their star name."""
    moving = world.moving()
    players: dict[str, frozenset[str]] = {}
    if groups:
        for result in (world.before, world.after):
            tree = result.tree
            for node in tree.aggregates:
                kids = {tree.codes[c] for c in tree.children[node] if c < tree.leaves}
                taken = {code for some in players.values() for code in some}
                mine = frozenset((kids & moving) - taken)
                if mine:
                    name = tree.codes[node]
                    players[name] = players.get(name, frozenset()) | mine
    else:
        players = {code: frozenset({code}) for code in world.codes if code in moving}
    players.update({name: frozenset({name}) for name in OUTSIDE if name in moving})
    return players


def _exact(world: World, players: Mapping[str, frozenset[str]]) -> dict[str, Fraction]:
    """Over all subsets of the players, in whole numbers."""
    n = len(players)
    masks = np.arange(2**n)
    owner = {switch: i for i, some in enumerate(players.values()) for switch in some}
    turned = [(masks >> i & 1).astype(bool) for i in range(n)]

    def on(switch: str) -> Flags | None:
        return turned[owner[switch]] if switch in owner else None

    worth = world.ranks(masks.shape, on)
    _check(world, int(worth[0]), int(worth[-1]))
    sizes = np.array([mask.bit_count() for mask in range(2**n)])
    share = np.array([factorial(s) * factorial(n - s - 1) if s < n else 0 for s in range(n + 1)])
    out = {}
    for i, name in enumerate(players):
        without = masks[(masks >> i & 1) == 0]
        gain = worth[without | 1 << i] - worth[without]
        out[name] = Fraction(int((share[sizes[without]] * gain).sum()), factorial(n))
    return out


def _sampled(
    world: World, players: Mapping[str, frozenset[str]], permutations: int, seed: int
) -> dict[str, Fraction]:
    """Over permutations and their reverses; every one adds up, so that their sum does."""
    names, n = list(players), len(players)
    if n == 0:
        return {}
    half = max(permutations // 2, 1)
    chance = np.random.Generator(np.random.Philox(seed))
    order = np.argsort(chance.random((half, n)), axis=1)
    order = np.concatenate([order, order[:, ::-1]])
    total = np.zeros(n, dtype=np.int64)
    walk, size = (_straight_walk, _STRAIGHT) if world.straight() else (_walk, _SIDE_BY_SIDE)
    for start in range(0, len(order), size):
        part = order[start : start + size]
        places = walk(world, players, part)
        _check(world, int(places[0, 0]), int(places[0, -1]))
        total += np.bincount(
            part.ravel(), weights=np.diff(places, axis=1).ravel(), minlength=n
        ).astype(np.int64)
    return {name: Fraction(int(total[i]), len(order)) for i, name in enumerate(names)}


def _turned(order: Ints) -> Ints:
    """At which step of each permutation a player is turned on."""
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.broadcast_to(np.arange(order.shape[1]), order.shape), axis=1)
    return place


def _walk(world: World, players: Mapping[str, frozenset[str]], order: Ints) -> Ints:
    place, steps = _turned(order), np.arange(order.shape[1] + 1)
    owner = {switch: i for i, some in enumerate(players.values()) for switch in some}
    turned: dict[int, Flags] = {}

    def on(switch: str) -> Flags | None:
        at = owner.get(switch)
        if at is None:
            return None
        if at not in turned:
            turned[at] = place[:, at, None] < steps
        return turned[at]

    return world.ranks((len(order), len(steps)), on)


def _straight_walk(world: World, players: Mapping[str, frozenset[str]], order: Ints) -> Ints:
    """The same for plain weighted sums: own scores by running sums instead of whole trees."""
    place, steps = _turned(order), np.arange(order.shape[1] + 1)
    names = list(players)
    outside = {
        name: place[:, names.index(name), None] < steps for name in OUTSIDE if name in players
    }
    paths: dict[tuple[int, int], Floats] = {}
    out = np.empty((len(order), len(steps)), dtype=np.int64)
    for key, where in world.mixtures(out.shape, outside.get):
        _peers, norm, edition, _roster, points = key
        if (edition, norm) not in paths:
            paths[edition, norm] = _path(world, players, order, edition, norm)
        own = paths[edition, norm][where] + world.points[points][0]
        out[where] = world.place(own, key)
    return out


def _path(
    world: World, players: Mapping[str, frozenset[str]], order: Ints, edition: int, norm: int
) -> Floats:
    """Own scores after each step of each permutation, under one edition and one set of anchors."""
    if (edition, norm) not in world.legs:
        world.legs[edition, norm] = _leg(world, players, edition, norm)
    start, end, worth = world.legs[edition, norm]
    out = np.empty((len(order), order.shape[1] + 1))
    out[:, 0] = start
    np.cumsum(worth[order], axis=1, out=out[:, 1:])
    out[:, 1:] += start
    # Running sums drift by a few bits; ends that are ties in truth must stay ties.
    out[:, -1] = end
    return out


def _leg(
    world: World, players: Mapping[str, frozenset[str]], edition: int, norm: int
) -> tuple[float, float, Floats]:
    """Own score at both ends, and what each player adds to a plain weighted sum."""
    run = (world.before, world.after)[edition]
    a, b = world.own_ends(edition, norm)
    share = run.effective_weights[: run.tree.leaves]
    gain = dict(zip(run.tree.indicators, share * (b - a), strict=True))
    worth = [sum(gain.get(code, 0.0) for code in some) for some in players.values()]
    start, end = (float(world.top(edition, list(x[:, None]))[0]) for x in (a, b))
    return start, end, np.array(worth)


def _check(world: World, start: int, end: int) -> None:
    """Whoever explains does not judge: the two ends must be the ranks of the two runs."""
    if (start, end) != (world.rank_before, world.rank_after):
        found, wanted = f"{start}→{end}", f"{world.rank_before}→{world.rank_after}"
        raise unfit("not_explained", unit=world.unit, found=found, wanted=wanted)


# What a change of edition does alone -----------------------------------------------------------


@dataclass(frozen=True)
class Editions:
    """改版：两版的指标，和只换方案、只换数据各会居第几位。

    `old_data` is the rank under the later edition with everything else as it was; `old_edition`
    the rank under the earlier edition with everything else as it is now. Weights are effective
    ones: the share of the whole.
    """

    kept: tuple[str, ...]
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    weights: Mapping[str, tuple[float, float]]
    before: int
    old_data: int
    old_edition: int
    after: int


def editions(before: Result, after: Result, unit: str) -> Editions | None:
    """方案改版单独的作用；方案没有变的，没有。"""
    world = World(before, after, unit)
    if world.same_edition:
        return None
    moving = world.moving()

    def rank(turned: frozenset[str]) -> int:
        def on(switch: str) -> Flags | None:
            return np.ones(1, dtype=bool) if switch in turned else None

        return int(world.ranks((1,), on)[0])

    a, b = (
        dict(zip(run.tree.indicators, map(float, run.effective_weights), strict=False))
        for run in (before, after)
    )
    return Editions(
        tuple(code for code in b if code in a),
        tuple(code for code in b if code not in a),
        tuple(code for code in a if code not in b),
        {code: (a.get(code, 0.0), b.get(code, 0.0)) for code in dict.fromkeys((*a, *b))},
        world.rank_before,
        rank(frozenset({EDITION})),
        rank(moving - {EDITION}),
        world.rank_after,
    )


# Whom we passed -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Passing:
    """超越：与哪个单位换了先后；on 是差距变化的主要来源（指标，分）。"""

    unit: str
    we_passed: bool
    gap_before: float
    gap_after: float
    on: tuple[tuple[str, float], ...]


def passings(before: Result, after: Result, unit: str, most: int = 3) -> tuple[Passing, ...]:
    """谁被我们超过、谁超过了我们、靠的是什么；同一方案才分解到指标。"""
    a, b = before.row(unit), after.row(unit)
    same = before.tree.nodes == after.tree.nodes and before.hows == after.hows
    own = before.normalised.x[a], after.normalised.x[b]
    apart = same and not AMONG_PEERS & set(after.hows.values())
    mine = between(after, b, *own).parts if apart else None
    out = []
    for i, peer in enumerate(after.units):
        if peer == unit or peer not in before.units:
            continue
        k = before.row(peer)
        ahead = before.top_ranks[k] < before.top_ranks[a], after.top_ranks[i] < after.top_ranks[b]
        if ahead[0] == ahead[1] or not (before.top_ranks[k] and after.top_ranks[i]):
            continue
        on: tuple[tuple[str, float], ...] = ()
        if mine is not None:
            theirs = between(after, i, before.normalised.x[k], after.normalised.x[i]).parts
            shift = mine - theirs
            sign = 1.0 if ahead[0] else -1.0
            order = np.argsort(-sign * shift, kind="stable")[:most]
            on = tuple(
                (after.tree.indicators[j], float(shift[j])) for j in order if sign * shift[j] > 0
            )
        out.append(
            Passing(
                peer,
                bool(ahead[0]),
                float(before.top[a] - before.top[k]),
                float(after.top[b] - after.top[i]),
                on,
            )
        )
    return tuple(sorted(out, key=lambda one: (not one.we_passed, -abs(one.gap_after))))

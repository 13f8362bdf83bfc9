"""Why a rank moved: Shapley shares of own indicators, peers, anchors, edition and roster.

The players together turn the world of one run into that of the other: each own indicator (or a
group of them) takes its new value, the peers take theirs, the anchors of normalisation are set
anew, the edition (weights, functions, indicators) changes, units enter and leave, points given or
taken change. Ranks are whole numbers, so the shares are kept as fractions and add up exactly.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import factorial
from typing import Literal

import numpy as np

from bihuan.engines.index import aggregate as ag
from bihuan.engines.index import normalise as no
from bihuan.engines.index.build import Result
from bihuan.engines.index.explain import AMONG_PEERS, between
from bihuan.engines.index.faults import unfit
from bihuan.engines.index.frame import Flags, Floats, Ints
from bihuan.engines.index.rank import ranks

PEERS, NORMS, EDITION, ROSTER, POINTS = "*peers", "*norms", "*edition", "*roster", "*points"
OUTSIDE = (PEERS, NORMS, EDITION, ROSTER, POINTS)
MOST_GROUPS = 14
# Where every score depends on all units, a mixture costs a whole index: fewer permutations then.
PERMUTATIONS_AMONG_PEERS = 60
_SIDE_BY_SIDE, _STRAIGHT = 250, 1000
_BATCH = 16
_TIES = ("min", "max", "dense")
# At which mixtures a switch is turned; None where it never is.
On = Callable[[str], "Flags | None"]


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
    world = _World(before, after, unit)
    players = _grouped(world, groups)
    if groups and len(players) <= MOST_GROUPS:
        parts = _exact(world, players)
    else:
        if AMONG_PEERS & {*before.hows.values(), *after.hows.values()}:
            permutations = min(permutations, PERMUTATIONS_AMONG_PEERS)
        parts = _sampled(world, players, permutations, seed)
    a, b = world.rank_before, world.rank_after
    return Move(unit, a, b, parts, groups and len(players) <= MOST_GROUPS)


def _grouped(world: "_World", groups: bool) -> dict[str, frozenset[str]]:
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


class _World:
    """Both runs side by side, and the unit's rank in any mixture of the two."""

    def __init__(self, before: Result, after: Result, unit: str) -> None:
        for result in (before, after):
            if len(result.treated.slices) > 1:
                raise unfit("one_year_only", found=len(result.treated.slices))
        self.before, self.after, self.unit = before, after, unit
        runs = (before, after)
        self.ties = after.method.rank.ties
        if self.ties not in _TIES or before.method.rank.ties != self.ties:
            raise unfit("other_ties", found=self.ties, known=" ".join(_TIES))
        self.rank_before = int(before.top_ranks[before.row(unit)])
        self.rank_after = int(after.top_ranks[after.row(unit)])
        if not self.rank_before or not self.rank_after:
            raise unfit("unranked", unit=unit)
        self.codes = tuple(dict.fromkeys((*before.tree.indicators, *after.tree.indicators)))
        self.same_edition = before.tree.nodes == after.tree.nodes and before.method == after.method
        # The roster is everybody who is ranked in either run, our unit left out.
        names = dict.fromkeys((*before.units, *after.units))
        names.pop(unit)
        self.peers = tuple(names)
        self.there = tuple(
            np.array([p in ranked for p in self.peers], dtype=bool)
            for ranked in (
                {u for u, r in zip(run.units, run.top_ranks, strict=True) if r} for run in runs
            )
        )
        self._rows = tuple({unit: i for i, unit in enumerate(run.units)} for run in runs)
        self.own = tuple(np.stack([self._values(e, t, (unit,))[0] for t in (0, 1)]) for e in (0, 1))
        self.field = tuple(tuple(self._values(e, t, self.peers) for t in (0, 1)) for e in (0, 1))
        self.points = tuple(self._points(run) for run in runs)
        self.anchors = tuple(tuple(self._anchors(e, t) for t in (0, 1)) for e in (0, 1))
        self._cache: dict[tuple[int, int, int, int, int], Floats] = {}
        self.legs: dict[tuple[int, int], tuple[float, float, Floats]] = {}
        self._ends: dict[tuple[int, int], tuple[Floats, Floats]] = {}

    def _values(self, edition: int, time: int, units: Sequence[str]) -> Floats:
        """Treated values for an edition's indicators in a year; what a year does not know of a
        unit or an indicator is taken from the other year, so that only the switch for entering
        or for the edition brings it in."""
        runs = (self.before, self.after)
        codes = runs[edition].tree.indicators
        out = np.full((len(units), len(codes)), np.nan)
        for run in (runs[1 - time], runs[time]):
            known = np.array([j for j, c in enumerate(codes) if c in run.tree.index], dtype=int)
            columns = [run.tree.index[codes[j]] for j in known]
            at = self._rows[run is self.after]
            here = np.array([i for i, unit in enumerate(units) if unit in at], dtype=int)
            rows = [at[units[i]] for i in here]
            if len(rows) and len(columns):
                out[np.ix_(here, known)] = run.treated.x[np.ix_(rows, columns)]
        return out

    def _points(self, run: Result) -> Floats:
        """Points given or taken: our unit first, then the peers."""
        out = np.zeros(1 + len(self.peers))
        names = (self.unit, *self.peers)
        for line in run.adjusted:
            if line.unit in names:
                out[names.index(line.unit)] += line.after - line.before
        return out

    def _anchors(self, edition: int, time: int) -> no.Norms:
        runs = (self.before, self.after)
        if edition == time or self.same_edition:
            return runs[time].norms[0]
        rows = self._values(edition, time, runs[time].units)
        run = runs[edition]
        return no.norms(np.ascontiguousarray(rows.T), run.tree, run.method.normalise)

    def moving(self) -> frozenset[str]:
        """The switches that can matter at all."""
        out = set()
        for edition, run in enumerate((self.before, self.after)):
            a, b = self.own[edition]
            for j, code in enumerate(run.tree.indicators):
                if not (a[j] == b[j] or (np.isnan(a[j]) and np.isnan(b[j]))):
                    out.add(code)
        if not self.same_edition:
            out.add(EDITION)
        if not (self.there[0] == self.there[1]).all():
            out.add(ROSTER)
        if not (self.points[0] == self.points[1]).all():
            out.add(POINTS)
        if any(not np.array_equal(x[0], x[1], equal_nan=True) for x in self.field):
            out.add(PEERS)
        if not _same_norms(self.anchors[0]) or not _same_norms(self.anchors[1]):
            out.add(NORMS)
        return frozenset(out)

    def scores(self, edition: int, norm: int, rows: Floats, points: Floats) -> Floats:
        """Top scores of rows of values."""
        normal = no.scored(np.ascontiguousarray(rows.T), self.anchors[edition][norm])
        return self.top(edition, list(normal)) + points

    def top(self, edition: int, leaves: list[Floats]) -> Floats:
        run = (self.before, self.after)[edition]
        weights = [float(w) for w in run.tree.weights]
        values = ag.aggregate(leaves, run.tree, weights, run.method.aggregate, run.hows)
        return np.asarray(values[run.tree.root])

    def ladder(self, peers: int, norm: int, edition: int, roster: int, points: int) -> Floats:
        """The peers' scores in a mixture, sorted."""
        key = (peers, norm, edition, roster, points)
        if key not in self._cache:
            rows = self.field[edition][peers][self.there[roster]]
            extra = self.points[points][1:][self.there[roster]]
            found = self.scores(edition, norm, rows, extra)
            known = found[~np.isnan(found)]
            self._cache[key] = np.unique(known) if self.ties == "dense" else np.sort(known)
        return self._cache[key]

    def own_ends(self, edition: int, norm: int) -> tuple[Floats, Floats]:
        """Our unit's indicator scores before and after, under some anchors."""
        key = (edition, norm)
        if key not in self._ends:
            columns = np.ascontiguousarray(self.own[edition].T)
            pair = no.scored(columns, self.anchors[edition][norm])
            self._ends[key] = (pair[:, 0], pair[:, 1])
        return self._ends[key]

    def place(self, own: Floats, key: tuple[int, int, int, int, int]) -> Ints:
        """Our unit's rank for some own scores."""
        ladder = self.ladder(*key)
        side: Literal["left", "right"] = "left" if self.ties == "max" else "right"
        return 1 + len(ladder) - np.searchsorted(ladder, own, side=side)

    def mixtures(
        self, shape: tuple[int, ...], on: On
    ) -> Iterator[tuple[tuple[int, int, int, int, int], Flags]]:
        """Every combination of the outside switches that occurs, and where it does."""
        flags = [on(name) for name in OUTSIDE]
        for key in product(*((0,) if flag is None else (0, 1) for flag in flags)):
            where = np.ones(shape, dtype=bool)
            for flag, bit in zip(flags, key, strict=True):
                if flag is not None:
                    where &= flag if bit else ~flag
            if where.any():
                yield (key[0], key[1], key[2], key[3], key[4]), where

    def ranks(self, shape: tuple[int, ...], on: On) -> Ints:
        """The rank in many mixtures at once; `on(switch)` says where a switch is turned."""
        out = np.empty(shape, dtype=np.int64)
        for key, where in self.mixtures(shape, on):
            _peers, norm, edition, _roster, points = key
            run = (self.before, self.after)[edition]
            a, b = self.own_ends(edition, norm)
            picked: dict[int, Flags] = {}
            leaves = []
            for j, code in enumerate(run.tree.indicators):
                flag = on(code) if _moves(a[j], b[j]) else None
                if flag is None:
                    leaves.append(a[j : j + 1])
                    continue
                if id(flag) not in picked:
                    picked[id(flag)] = flag[where]
                leaves.append(np.where(picked[id(flag)], b[j], a[j]))
            if AMONG_PEERS & set(run.hows.values()):
                out[where] = self._slowly(key, leaves, int(where.sum()))
                continue
            own = self.top(edition, leaves) + self.points[points][0]
            out[where] = self.place(own, key)
        return out

    def _slowly(self, key: tuple[int, int, int, int, int], own: list[Floats], count: int) -> Ints:
        """Ranks where the score of one unit depends on all others: whole indexes, in batches."""
        peers, norm, edition, roster, points = key
        rows = self.field[edition][peers][self.there[roster]]
        field = no.scored(np.ascontiguousarray(rows.T), self.anchors[edition][norm])
        extra = np.array([self.points[points][0], *self.points[points][1:][self.there[roster]]])
        out = np.empty(count, dtype=np.int64)
        for start in range(0, count, _BATCH):
            size = min(_BATCH, count - start)
            leaves = []
            for x, others in zip(own, field, strict=True):
                table = np.empty((size, 1 + len(others)))
                table[:, 1:] = others
                table[:, 0] = x if len(x) == 1 else x[start : start + size]
                leaves.append(table)
            score = self.top(edition, leaves) + extra
            out[start : start + size] = ranks(score, self.ties)[:, 0]
        return out

    def straight(self) -> bool:
        """Is the score a plain weighted sum in every mixture, with nothing missing?"""
        for edition, run in enumerate((self.before, self.after)):
            if set(run.hows.values()) != {"amean"}:
                return False
            if np.isnan(self.own[edition]).any():
                return False
        return True


def _moves(a: float, b: float) -> bool:
    return not (a == b or (np.isnan(a) and np.isnan(b)))


def _same_norms(pair: Sequence[no.Norms]) -> bool:
    for one, other in zip(pair[0].parts, pair[1].parts, strict=True):
        for name in one.learnt:
            if not np.array_equal(one.learnt[name], other.learnt[name], equal_nan=True):
                return False
    return True


def _exact(world: _World, players: Mapping[str, frozenset[str]]) -> dict[str, Fraction]:
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
    world: _World, players: Mapping[str, frozenset[str]], permutations: int, seed: int
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


def _walk(world: _World, players: Mapping[str, frozenset[str]], order: Ints) -> Ints:
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


def _straight_walk(world: _World, players: Mapping[str, frozenset[str]], order: Ints) -> Ints:
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
    world: _World, players: Mapping[str, frozenset[str]], order: Ints, edition: int, norm: int
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
    world: _World, players: Mapping[str, frozenset[str]], edition: int, norm: int
) -> tuple[float, float, Floats]:
    """Own score at both ends, and what each player adds to a plain weighted sum."""
    run = (world.before, world.after)[edition]
    a, b = world.own_ends(edition, norm)
    share = run.effective_weights[: run.tree.leaves]
    gain = dict(zip(run.tree.indicators, share * (b - a), strict=True))
    worth = [sum(gain.get(code, 0.0) for code in some) for some in players.values()]
    start, end = (float(world.top(edition, list(x[:, None]))[0]) for x in (a, b))
    return start, end, np.array(worth)


def _check(world: _World, start: int, end: int) -> None:
    """Whoever explains does not judge: the two ends must be the ranks of the two runs."""
    if (start, end) != (world.rank_before, world.rank_after):
        found, wanted = f"{start}→{end}", f"{world.rank_before}→{world.rank_after}"
        raise unfit("not_explained", unit=world.unit, found=found, wanted=wanted)


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

"""A genetic search over activity lists, every child justified twice (Valls et al. 2005, 2008).

The herd is kept various: a child takes the place of its worse parent and only if it is no worse,
and no two members are the same schedule; a large herd wins in the long run, a small one at once.
A member is its schedule; its list is the schedule's order by start.
"""

import time
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from bihuan.engines.schedule.levelling.kernel import (
    LATE,
    SPAN,
    Bench,
    bench,
    compiled,
    justified,
    mended,
    sorted_by_start,
)
from bihuan.engines.schedule.levelling.net import Ints, Net, Words, net
from bihuan.engines.schedule.levelling.problem import Problem

# Children that count as one generation: a few milliseconds.
GENERATION = 200
# Share in percent of the children that get a window of their father's time, not a stretch of his
# list. Every child is jolted besides: without that the gap on hard problems nearly doubled.
WINDOWS = 50
# A herd that has not got better for so many births a member starts afresh around its best.
STALE = 40


class Herd(NamedTuple):
    """A population: lists, schedules, scores, one mark for each schedule, and its own chance.

    `idle` counts births since a member last got better.
    """

    orders: Ints
    starts: Ints
    scores: Ints
    marks: Words
    chance: Words
    idle: Ints


@dataclass(frozen=True, eq=False)
class Graze:
    """一份搜索的活：一个种群再繁衍若干代，到时或达到下界即止。"""

    problem: Problem
    herd: Herd | None
    size: int
    seed: int
    generations: int | None
    seconds: float | None
    enough: int


@dataclass(frozen=True, eq=False)
class Grazed:
    """The herd afterwards, how many children it had, and its best schedule."""

    herd: Herd
    births: int

    @property
    def best(self) -> int:
        return int(self.herd.scores.argmin())

    @property
    def score(self) -> int:
        return int(self.herd.scores.min())

    @property
    def starts(self) -> Ints:
        row: Ints = self.herd.starts[self.best]
        return row


def graze(piece: Graze) -> Grazed:
    """Breed until the generations or the seconds are over, or a score is as low as `enough`."""
    began = time.monotonic()
    n = net(piece.problem)
    b, tails = bench(n), _tails(n)
    herd = piece.herd or _founded(n, b, tails, piece.size, piece.seed)
    births, most = 0, None if piece.generations is None else piece.generations * GENERATION
    # Many activities breed slowly: the clock is looked at more often. This changes no child.
    step = GENERATION if piece.seconds is None else max(GENERATION * 100 // (100 + len(tails)), 5)
    order, starts = np.zeros(len(tails), np.int64), np.zeros(len(tails), np.int64)
    while herd.scores.min() > piece.enough:
        if most is not None and births >= most:
            break
        if piece.seconds is not None and time.monotonic() - began >= piece.seconds:
            break
        count = step if most is None else min(step, most - births)
        breed(n, b, herd, tails, order, starts, count)
        births += count
    return Grazed(herd, births)


def scored(problem: Problem, starts: Ints) -> int:
    """The score of a schedule that holds, as `forward` would give it."""
    makespan, late = 0, 0
    for one, start in zip(problem.activities, starts, strict=True):
        end = int(start) + one.duration
        makespan = max(makespan, end)
        if one.due is not None:
            late += max(0, end - one.due) * one.weight
    if problem.first == "makespan":
        return makespan * LATE + late
    return late * SPAN + makespan


def joined(problem: Problem, herd: Herd, starts: Ints) -> Herd:
    """The herd with a schedule from elsewhere in the place of its worst member."""
    n = net(problem)
    b = bench(n)
    order, came = np.zeros_like(starts), starts.copy()
    sorted_by_start(n, b, starts, order)
    score, m = justified(n, b, order, came), mark(came)
    worst = int(herd.scores.argmax())
    if score < herd.scores[worst] and m not in herd.marks:
        herd.scores[worst], herd.marks[worst] = score, m
        herd.orders[worst], herd.starts[worst] = order, came
    return herd


# Founding -----------------------------------------------------------------------------------------


def _tails(n: Net) -> Ints:
    """The least number of periods from each start to the end, by arcs alone."""
    tails = n.duration.copy()
    for j in range(len(tails) - 1, -1, -1):
        for a in range(n.out_at[j], n.out_at[j + 1]):
            tails[j] = max(tails[j], n.out_w[a] + tails[n.out[a]])
    return tails


def _founded(n: Net, b: Bench, tails: Ints, size: int, seed: int) -> Herd:
    jobs = len(tails)
    herd = Herd(
        orders=np.zeros((size, jobs), np.int64),
        starts=np.zeros((size, jobs), np.int64),
        scores=np.zeros(size, np.int64),
        marks=np.zeros(size, np.uint64),
        # A seed of nought would leave the generator at nought for ever.
        chance=np.random.default_rng(seed).integers(1, 2**63, 1, dtype=np.uint64),
        idle=np.zeros(1, np.int64),
    )
    found(n, b, herd, tails, -1)
    return herd


@compiled
def found(n: Net, b: Bench, herd: Herd, tails: Ints, kept: int) -> None:
    """Members by biased sampling; the one that is kept stays."""
    for i in range(herd.scores.shape[0]):
        if i != kept:
            sampled(n, b, herd.chance, tails, herd.orders[i])
            herd.scores[i] = justified(n, b, herd.orders[i], herd.starts[i])
            herd.marks[i] = mark(herd.starts[i])


@compiled
def sampled(n: Net, b: Bench, chance: Words, tails: Ints, order: Ints) -> None:
    """A list drawn at random: of three that may come next, the one with the longest tail."""
    ready, waiting, count = b.stack, b.seen, 0
    for j in range(order.shape[0]):
        waiting[j] = n.into_at[j + 1] - n.into_at[j]
        if waiting[j] == 0:
            ready[count] = j
            count += 1
    for at in range(order.shape[0]):
        pick = drawn(chance, count)
        for _again in range(2):
            other = drawn(chance, count)
            if tails[ready[other]] > tails[ready[pick]]:
                pick = other
        j = ready[pick]
        count -= 1
        ready[pick] = ready[count]
        order[at] = j
        for a in range(n.out_at[j], n.out_at[j + 1]):
            k = n.out[a]
            waiting[k] -= 1
            if waiting[k] == 0:
                ready[count] = k
                count += 1


@compiled
def drawn(chance: Words, below: int) -> np.int64:
    """A whole number in 0 … below − 1: xorshift64* (Vigna 2016), the same on every machine."""
    x = chance[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    chance[0] = x
    high = (x * np.uint64(2685821657736338717)) >> np.uint64(32)
    return np.int64((high * np.uint64(below)) >> np.uint64(32))


@compiled
def mark(starts: Ints) -> np.uint64:
    """A number that tells schedules apart (FNV-1a, stirred)."""
    h = np.uint64(1469598103934665603)
    for j in range(starts.shape[0]):
        h = (h ^ np.uint64(starts[j])) * np.uint64(1099511628211)
        h ^= h >> np.uint64(29)
    return h


# Breeding -----------------------------------------------------------------------------------------


@compiled
def breed(
    n: Net, b: Bench, herd: Herd, tails: Ints, order: Ints, starts: Ints, births: int
) -> None:
    """So many children; each takes the place of its worse parent if it is new and no worse."""
    size = herd.scores.shape[0]
    for _birth in range(births):
        mother = chosen(herd)
        father = chosen(herd)
        if mother == father:
            father = (father + 1) % size
        if drawn(herd.chance, 100) < WINDOWS:
            windowed(n, b, herd, mother, father, order)
        else:
            stretched(b, herd, mother, father, order)
        jolted(n, b, herd.chance, order)
        score = justified(n, b, order, starts)
        herd.idle[0] += 1
        worse = mother if herd.scores[mother] >= herd.scores[father] else father
        if score <= herd.scores[worse]:
            m = mark(starts)
            if not (herd.marks == m).any():
                if score < herd.scores[worse]:
                    herd.idle[0] = 0
                herd.scores[worse] = score
                herd.orders[worse] = order
                herd.starts[worse] = starts
                herd.marks[worse] = m
        if herd.idle[0] > STALE * size:
            found(n, b, herd, tails, int(herd.scores.argmin()))
            herd.idle[0] = 0


@compiled
def chosen(herd: Herd) -> np.int64:
    """The better of two members drawn."""
    size = herd.scores.shape[0]
    one, other = drawn(herd.chance, size), drawn(herd.chance, size)
    return other if herd.scores[other] < herd.scores[one] else one


@compiled
def stretched(b: Bench, herd: Herd, mother: np.int64, father: np.int64, child: Ints) -> None:
    """Two-point crossover of lists (Hartmann 1998): the middle stretch follows the father."""
    jobs = child.shape[0]
    first, last = drawn(herd.chance, jobs), drawn(herd.chance, jobs)
    if first > last:
        first, last = last, first
    for j in range(jobs):
        b.seen[j] = 0
    at = 0
    for k in range(first):
        child[at] = herd.orders[mother, k]
        b.seen[child[at]] = 1
        at += 1
    for k in range(jobs):
        j = herd.orders[father, k]
        if at > last:
            break
        if b.seen[j] == 0:
            child[at] = j
            b.seen[j] = 1
            at += 1
    for k in range(jobs):
        j = herd.orders[mother, k]
        if b.seen[j] == 0:
            child[at] = j
            at += 1


@compiled
def windowed(n: Net, b: Bench, herd: Herd, mother: np.int64, father: np.int64, child: Ints) -> None:
    """What starts in a window of the father's time stays together in his order.

    After Debels & Vanhoucke (2007); the window is a quarter to three quarters of the time.
    """
    jobs = child.shape[0]
    makespan = 1
    for j in range(jobs):
        makespan = max(makespan, herd.starts[father, j] + n.duration[j])
    length = makespan // 4 + drawn(herd.chance, makespan // 2 + 1)
    opens = drawn(herd.chance, int(makespan - length + 1))
    at = 0
    for part in range(3):
        source = father if part == 1 else mother
        for k in range(jobs):
            j = herd.orders[source, k]
            inside = opens <= herd.starts[father, j] < opens + length
            early = herd.starts[mother, j] < opens
            if (part == 1) if inside else (part == (0 if early else 2)):
                child[at] = j
                at += 1
    mended(n, b, child, True)


@compiled
def jolted(n: Net, b: Bench, chance: Words, child: Ints) -> None:
    """A few activities moved by up to ten places."""
    jobs = child.shape[0]
    for _move in range(1 + drawn(chance, max(1, jobs // 20))):
        here = drawn(chance, jobs)
        there = min(max(here + drawn(chance, 21) - 10, 0), jobs - 1)
        j = child[here]
        step = 1 if here < there else -1
        for k in range(here, there, step):
            child[k] = child[k + step]
        child[there] = j
    mended(n, b, child, True)

"""A problem as the compiled search reads it: flat arrays, capacities packed into words of 64 bits.

Each resource has a lane of bits in a word: as many as its largest number needs, and a guard bit on
top that is set in what is free. Taking a need away clears the guard exactly where it does not fit,
so that one subtraction asks all resources of a word at once.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bihuan.engines.schedule.levelling.problem import Problem

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]

NEVER = 2**40


class Net(NamedTuple):
    """Activities 0 … n−1 in an order in which arcs point onward; times are periods.

    `into` and `out` list arcs by their head and tail (`into_at[j]` … `into_at[j + 1]`), `into_w`
    and `out_w` their start-to-start weights. `latest` is the latest start that fixed activities
    allow, `fixed` −1 where free, `due` NEVER where none. `need` is n × words, `room` periods ×
    words, `guard` the guard bits. `tangled` says that sorting by time may break an arc.
    """

    duration: Ints
    into_at: Ints
    into: Ints
    into_w: Ints
    out_at: Ints
    out: Ints
    out_w: Ints
    release: Ints
    latest: Ints
    fixed: Ints
    due: Ints
    weight: Ints
    need: Words
    room: Words
    guard: Words
    tangled: bool
    makespan_first: bool


def net(problem: Problem) -> Net:
    """The arrays of a problem."""
    n, horizon = len(problem.activities), problem.horizon
    duration = np.array([one.duration for one in problem.activities], dtype=np.int64)
    fixed = np.array(
        [-1 if one.start is None else one.start for one in problem.activities], dtype=np.int64
    )
    due = [NEVER if one.due is None else one.due for one in problem.activities]
    arcs = np.array(problem.arcs, dtype=np.int64).reshape(-1, 3)
    into_at, into, into_w = _grouped(arcs[:, 1], arcs[:, 0], arcs[:, 2], n)
    out_at, out, out_w = _grouped(arcs[:, 0], arcs[:, 1], arcs[:, 2], n)
    latest = np.where(fixed >= 0, fixed, NEVER)
    for i, j, w in sorted(problem.arcs, reverse=True):
        if latest[j] < NEVER:
            latest[i] = min(latest[i], latest[j] - w)
    slack = arcs[:, 2] + duration[arcs[:, 1]] - duration[arcs[:, 0]]
    need, room, guard = _packed(problem, horizon)
    return Net(
        duration=duration,
        into_at=into_at,
        into=into,
        into_w=into_w,
        out_at=out_at,
        out=out,
        out_w=out_w,
        release=np.array([one.release for one in problem.activities], dtype=np.int64),
        latest=latest,
        fixed=fixed,
        due=np.array(due, dtype=np.int64),
        weight=np.array([one.weight for one in problem.activities], dtype=np.int64),
        need=need,
        room=room,
        guard=guard,
        tangled=bool(len(arcs) and (arcs[:, 2].min() < 0 or slack.min() < 0)),
        makespan_first=problem.first == "makespan",
    )


def _grouped(key: Ints, other: Ints, weight: Ints, n: int) -> tuple[Ints, Ints, Ints]:
    order = np.argsort(key, kind="stable")
    at = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(np.bincount(key, minlength=n), out=at[1:])
    return at, np.ascontiguousarray(other[order]), np.ascontiguousarray(weight[order])


def _packed(problem: Problem, horizon: int) -> tuple[Words, Words, Words]:
    """Needs, free capacity over time and guard bits, in words."""
    lanes: list[tuple[str, int, int, int]] = []  # resource, word, lowest bit, guard bit
    word, low = 0, 0
    for name, steps in problem.capacity.items():
        largest = max(
            *(count for _start, count in steps),
            *(one.needs.get(name, 0) for one in problem.activities),
        )
        high = low + largest.bit_length()
        if high > 63:
            word, low, high = word + 1, 0, largest.bit_length()
        lanes.append((name, word, low, high))
        low = high + 1
    need = np.zeros((len(problem.activities), word + 1), dtype=np.uint64)
    room = np.zeros((horizon, word + 1), dtype=np.uint64)
    guard = np.zeros(word + 1, dtype=np.uint64)
    for name, k, low, high in lanes:
        guard[k] |= np.uint64(1 << high)
        asked = [one.needs.get(name, 0) << low for one in problem.activities]
        need[:, k] |= np.array(asked, dtype=np.uint64)
        free = np.zeros(horizon, dtype=np.uint64)
        for start, count in problem.capacity[name]:
            free[start:] = np.uint64(count << low)
        room[:, k] |= free | np.uint64(1 << high)
    return need, room, guard

"""What the compiled search knows and keeps: plain arrays, handed over as named tuples."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bihuan.engines.routing.tours.compiled import compiled

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]
Words = NDArray[np.uint64]

NEVER = 1e15


class Given(NamedTuple):
    """What is to be done, as arrays. A stop is a directed task, a refill station or a yard."""

    task: Ints  # (s,) task of a stop; -1: refill station; -2: yard
    other: Ints  # (s,) the same task the other way round, -1 where there is none
    first: Ints  # (n,) a stop of each task
    load: Floats  # (n,)
    due: Floats  # (n,) to be finished by
    ready: Floats  # (n,) not begun before
    stage: Ints  # (n,) a tour does stages in rising order
    away: Singles  # (k, s, s) cost from the end of one stop to the beginning of another, per type
    turned: Singles  # (k, s, s) the same, transposed
    drive: Singles  # (k, s, s) seconds
    driven: Singles  # (k, s, s) the same, transposed
    serve_cost: Floats  # (k, s)
    serve: Floats  # (k, s) seconds; of a refill station: how long loading takes
    able: Bools  # (k, n)
    kind: Ints  # (v,) type of each vehicle
    begin: Ints  # (v,) stop where it starts
    end: Ints  # (v,) stop where it ends, -1: anywhere
    opens: Floats  # (v,)
    shuts: Floats  # (v,)
    room: Floats  # (v,) capacity
    filled: Floats  # (v,) load at the start
    fixed: Floats  # (v,) cost of using it at all
    alike: Ints  # (v,) vehicles of one number are interchangeable while unused
    refills: Ints  # (r,) stops
    near: Ints  # (n, m) tasks by distance, the nearest first (itself excluded)
    ahead: Ints  # (n, c) tasks from which the way to it is short
    behind: Ints  # (n, c) tasks to which the way from it is short
    weight: Floats  # (n,) of a task that stays undone
    timed: bool
    staged: bool
    near_only: bool
    same: bool  # seconds are the cost


class Tours(NamedTuple):
    """The tours as they stand. Row v: stops in order, and what holds at each gap before them."""

    stops: Ints  # (v, l)
    size: Ints  # (v,)
    at: Ints  # (n,) vehicle of each task, -1: undone
    place: Ints  # (n,) and its place in the tour
    leave: Floats  # (v, l + 1) when the stop before a gap is finished
    latest: Floats  # (v, l + 1) latest arrival at the stop behind a gap
    before: Floats  # (v, l + 1) load of the trip that stands before a gap
    behind: Floats  # (v, l + 1) and behind it
    step: Floats  # (v, l + 1) cost of the way across a gap
    ride: Floats  # (v, l + 1) seconds of it
    cost: Floats  # (v,)
    served: Ints  # (v,) tasks


class Kept(NamedTuple):
    """Scratch: what to go back to, and lists of work."""

    stops: Ints  # (v, l)
    step: Floats  # (v, l + 1)
    ride: Floats  # (v, l + 1)
    size: Ints
    at: Ints
    touched: Ints  # (v,) vehicles touched in this round
    mark: Ints  # (v,)
    out: Ints  # (n,) tasks that wait
    key: Floats  # (n,)
    order: Ints  # (n,)
    look: Ints  # (c,) vehicles of the places that are looked at …
    gap: Ints  # (c,) … the first gap …
    till: Ints  # (c,) … and the last
    absent: Floats  # (n,) how often a task was left undone
    misses: Ints  # (n,)
    choice: Ints  # (2, l + 1)
    plan: Floats  # (l + 1,) cheapest way to the places where a refill may stand
    came: Ints  # (2, l + 1) the refill before, and the station
    rows: Singles  # (8, s) ways from and to the task that is put in, both directions
    state: Words  # (1,)


@compiled
def chance(state: Words) -> float:
    """xorshift64*: Vigna 2016, ACM TOMS 42(4), §3; the same everywhere for the same seed."""
    x = state[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) / 9007199254740992.0

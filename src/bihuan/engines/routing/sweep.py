"""The compiled search below `paths`: from one place to all, in order of cost, by buckets.

Dial (1969, Algorithm 360, CACM 12(11)) keeps places to visit in buckets of equal width instead of
a heap; with real costs a place may be visited again while its bucket is open (label correcting, as
one processor's Δ-stepping: Meyer & Sanders 2003, J. Algorithms 49(1), §2). The answer is exact.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]


@njit(cache=True, nogil=True)
def reach(
    start: Longs,
    to: Ints,
    weight: Floats,
    seeds: Ints,
    seed_cost: Floats,
    width: float,
    limit: float,
    cost: Floats,
    before: Ints,
    first: Ints,
    slot: Ints,
    following: Ints,
    previous: Ints,
) -> None:
    """Fill `cost` and `before` (-1: none) of all places, from seeds with costs of their own.

    `first` holds one entry a bucket; `limit` stops the search at that cost. Seeds must not differ
    by more than the largest weight, as the buckets are used in a ring.
    """
    buckets = len(first)
    cost[:] = np.inf
    before[:] = -1
    slot[:] = -1
    first[:] = -1
    waiting = 0
    for k in range(len(seeds)):
        cost[seeds[k]] = min(cost[seeds[k]], seed_cost[k])
    for k in range(len(seeds)):
        v = seeds[k]
        if slot[v] < 0:
            into = int(cost[v] / width) % buckets
            slot[v], previous[v], following[v] = into, -1, first[into]
            if first[into] >= 0:
                previous[first[into]] = v
            first[into] = v
            waiting += 1
    turn = 0
    while waiting > 0 and turn * width <= limit:
        bucket = turn % buckets
        while first[bucket] >= 0:
            u = first[bucket]
            here = cost[u]
            first[bucket] = following[u]
            if following[u] >= 0:
                previous[following[u]] = -1
            slot[u] = -1
            waiting -= 1
            for edge in range(start[u], start[u + 1]):
                v = to[edge]
                there = here + weight[edge]
                if there < cost[v]:
                    cost[v] = there
                    before[v] = u
                    into = int(there / width) % buckets
                    old = slot[v]
                    if old == into:
                        continue
                    if old >= 0:  # out of the chain of its old bucket
                        if previous[v] >= 0:
                            following[previous[v]] = following[v]
                        else:
                            first[old] = following[v]
                        if following[v] >= 0:
                            previous[following[v]] = previous[v]
                        waiting -= 1
                    slot[v], previous[v], following[v] = into, -1, first[into]
                    if first[into] >= 0:
                        previous[first[into]] = v
                    first[into] = v
                    waiting += 1
        turn += 1


@njit(cache=True, nogil=True)
def reach_many(
    start: Longs,
    to: Ints,
    weight: Floats,
    seed_start: Longs,
    seeds: Ints,
    seed_cost: Floats,
    width: float,
    buckets: int,
    targets: Ints,
    out: Floats,
) -> None:
    """(s, t) costs from each group of seeds to the targets."""
    size = len(start) - 1
    cost = np.empty(size, np.float64)
    before = np.empty(size, np.int32)
    first = np.empty(buckets, np.int32)
    slot = np.empty(size, np.int32)
    following = np.empty(size, np.int32)
    previous = np.empty(size, np.int32)
    for k in range(len(seed_start) - 1):
        part = slice(seed_start[k], seed_start[k + 1])
        reach(
            start,
            to,
            weight,
            seeds[part],
            seed_cost[part],
            width,
            np.inf,
            cost,
            before,
            first,
            slot,
            following,
            previous,
        )
        for j in range(len(targets)):
            out[k, j] = cost[targets[j]]

"""The compiled moves below `replan`: what a tour costs, where a task fits best, which move gains.

A cost is in seconds: weighted lateness, driving, and the price of every task that is not where it
was. A tour that outlasts its shift, or does what it may not, costs infinitely much.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from bihuan.engines.routing.network import Bools, Floats, Ints

_SECOND_BEST = 1e7  # regret where only one vehicle can do it


class View(NamedTuple):
    """Tasks, vehicles and how it was, as the compiled code takes them (see `replan`)."""

    service: Floats
    grams: Floats
    due: Floats
    weight: Floats
    travel: Floats
    out: Floats
    back: Floats
    free: Floats
    until: Floats
    left: Floats
    capacity: Floats
    reach: Floats
    refill: Floats
    able: Bools
    home: Ints
    follows: Ints
    stay: float
    drive: float


@njit(cache=True, nogil=True)
def _driven(view: View, k: int, last: int, task: int, load: float) -> tuple[float, float]:
    """The way to a task, by the nearest refill where the load does not do; what is left then."""
    if load >= view.grams[task]:
        way = view.reach[k, task] if last < 0 else view.travel[last, task]
        return way, load - view.grams[task]
    way = np.inf
    for d in range(view.back.shape[0]):
        there = view.refill[k, d] if last < 0 else view.out[last, d]
        way = min(way, there + view.back[d, task])
    return way, view.capacity[k] - view.grams[task]


@njit(cache=True, nogil=True)
def _cost(view: View, k: int, route: Ints, length: int) -> float:
    now, load, last, total = view.free[k], view.left[k], -1, 0.0
    for i in range(length):
        task = route[i]
        if not view.able[k, task] or view.grams[task] > view.capacity[k]:
            return np.inf
        way, load = _driven(view, k, last, task, load)
        now += way + view.service[task]
        if not now <= view.until[k]:
            return np.inf
        total += view.drive * way + view.weight[task] * max(now - view.due[task], 0.0)
        if view.home[task] >= 0 and (view.home[task] != k or view.follows[task] != last):
            total += view.stay
        last = task
    return total


@njit(cache=True, nogil=True)
def _put(route: Ints, length: int, at: int, task: int) -> None:
    for i in range(length, at, -1):
        route[i] = route[i - 1]
    route[at] = task


@njit(cache=True, nogil=True)
def _take(route: Ints, length: int, at: int) -> None:
    for i in range(at, length - 1):
        route[i] = route[i + 1]


@njit(cache=True, nogil=True)
def _detour(view: View, k: int, route: Ints, length: int, at: int, task: int) -> float:
    """Seconds of driving that a task adds at a place, refills left aside."""
    last = route[at - 1] if at > 0 else -1
    way: float = view.reach[k, task] if last < 0 else view.travel[last, task]
    if at < length:
        following = route[at]
        way += view.travel[task, following]
        way -= view.reach[k, following] if last < 0 else view.travel[last, following]
    return way


@njit(cache=True, nogil=True)
def _best_place(
    view: View, k: int, route: Ints, length: int, task: int, most: float
) -> tuple[float, int]:
    """What a task adds to a tour at its best place, and that place; nothing that adds `most`.

    A place whose detour alone costs as much as the best one so far is not looked at: a task put in
    makes nothing behind it earlier.
    """
    if not view.able[k, task]:
        return np.inf, -1
    was = _cost(view, k, route, length)
    least, place = np.inf, -1
    trial = route.copy()
    for at in range(length + 1):
        if view.drive * _detour(view, k, route, length, at, task) >= min(least, most):
            continue
        trial[: length + 1] = route[: length + 1]
        _put(trial, length, at, task)
        more = _cost(view, k, trial, length + 1) - was
        if more < least:
            least, place = more, at
    return least, place


@njit(cache=True, nogil=True)
def fit(view: View, routes: Ints, length: Ints) -> Ints:
    """Take the last tasks out of tours that no longer fit into their shift; which those are."""
    cut = np.empty(len(view.service), np.int32)
    n = 0
    for k in range(len(length)):
        while length[k] > 0 and not _cost(view, k, routes[k], length[k]) < np.inf:
            length[k] -= 1
            cut[n] = routes[k, length[k]]
            n += 1
    return cut[:n]


@njit(cache=True, nogil=True)
def insert(view: View, routes: Ints, length: Ints, pool: Ints) -> Ints:
    """Put every task where it adds least, the one with most to lose first; what fits nowhere."""
    v, n = len(length), len(pool)
    price = np.empty((n, v))
    place = np.empty((n, v), np.int32)
    for i in range(n):
        for k in range(v):
            price[i, k], place[i, k] = _best_place(view, k, routes[k], length[k], pool[i], np.inf)
    waiting = np.ones(n, np.bool_)
    while True:
        top, chosen, vehicle = -np.inf, -1, -1
        for i in range(n):
            if not waiting[i]:
                continue
            first, second, best = np.inf, np.inf, -1
            for k in range(v):
                if price[i, k] < first:
                    second, first, best = first, price[i, k], k
                elif price[i, k] < second:
                    second = price[i, k]
            if best < 0:
                continue
            regret = min(second - first, _SECOND_BEST) - 1e-6 * first
            if regret > top:
                top, chosen, vehicle = regret, i, best
        if chosen < 0:
            return pool[waiting]
        _put(routes[vehicle], length[vehicle], place[chosen, vehicle], pool[chosen])
        length[vehicle] += 1
        waiting[chosen] = False
        for i in range(n):
            if waiting[i]:
                price[i, vehicle], place[i, vehicle] = _best_place(
                    view, vehicle, routes[vehicle], length[vehicle], pool[i], np.inf
                )


@njit(cache=True, nogil=True)
def improve(view: View, routes: Ints, length: Ints) -> bool:
    """Move single tasks of tours that are late to where they cost less; did any move?"""
    v = len(length)
    some = False
    for k in range(v):
        at = 0
        while at < length[k]:
            was = _cost(view, k, routes[k], length[k])
            late = _lateness(view, k, routes[k], length[k])
            if late <= 0:
                break
            task = routes[k, at]
            _take(routes[k], length[k], at)
            length[k] -= 1
            gain = was - _cost(view, k, routes[k], length[k])
            least, vehicle, place = np.inf, -1, -1
            for other in range(v):
                more, there = _best_place(
                    view, other, routes[other], length[other], task, min(least, gain)
                )
                if more < least:
                    least, vehicle, place = more, other, there
            if least < gain - 1e-6:
                _put(routes[vehicle], length[vehicle], place, task)
                length[vehicle] += 1
                some = True
                if vehicle == k:
                    at += 1
            else:
                _put(routes[k], length[k], at, task)
                length[k] += 1
                at += 1
    return some


@njit(cache=True, nogil=True)
def _lateness(view: View, k: int, route: Ints, length: int) -> float:
    """Weighted seconds of lateness of a tour that fits its shift."""
    now, load, last, total = view.free[k], view.left[k], -1, 0.0
    for i in range(length):
        task = route[i]
        way, load = _driven(view, k, last, task, load)
        now += way + view.service[task]
        total += view.weight[task] * max(now - view.due[task], 0.0)
        last = task
    return total

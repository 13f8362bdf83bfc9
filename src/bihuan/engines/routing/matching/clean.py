"""Points before matching: what cannot be is set aside and counted, the rest is put in order."""

from dataclasses import dataclass

import numpy as np
from numba import njit

from bihuan.engines.routing.matching.model import (
    BAD_TIME,
    IMPOSSIBLE,
    REPEATED,
    Bools,
    Bytes,
    Floats,
    Longs,
    Params,
)

_SLACK_M = 60.0  # two bad points of one place may lie so far apart
_AGREE = 3  # so many points in a row that agree with each other are believed
_NEIGHBOURS_S = 15.0  # points further apart say nothing of the speed in between
_THIRD = np.sqrt(20.0)  # standard deviation of a third difference of white noise: 1, 3, 3, 1


@dataclass(frozen=True, eq=False)
class Seen:
    """有序点列：已按时间排好、合并过密者；`rows` 把每个原始点指到这里的一点。"""

    t: Floats
    x: Floats
    y: Floats
    of: Longs  # (k,) which of these each kept row went into


def in_order(t: Floats, x: Floats, y: Floats, fate: Bytes, p: Params) -> Longs:
    """Kept rows by time; the fate of repeated and impossible ones is written."""
    order = np.argsort(t, kind="stable")
    same = np.zeros(len(order), dtype=bool)
    same[1:] = t[order][1:] == t[order][:-1]
    moved = np.zeros(len(order), dtype=bool)
    moved[1:] = np.hypot(np.diff(x[order]), np.diff(y[order])) > 1.0
    fate[order[same & ~moved]] = REPEATED
    fate[order[same & moved]] = BAD_TIME
    order = order[~same]
    bad = _impossible(t[order], x[order], y[order], p.fastest_kmh / 3.6)
    fate[order[bad]] = IMPOSSIBLE
    return np.asarray(order[~bad], dtype=np.int64)


@njit(cache=True, nogil=True)
def _impossible(t: Floats, x: Floats, y: Floats, fastest: float) -> Bools:
    """Points that could not be reached from the last believed one; unless several agree."""
    n = len(t)
    bad = np.zeros(n, np.bool_)
    last, run = 0, 0
    for i in range(1, n):
        gone = np.hypot(x[i] - x[last], y[i] - y[last])
        if gone <= (t[i] - t[last]) * fastest + _SLACK_M:
            last, run = i, 0
            continue
        bad[i] = True
        near = np.hypot(x[i] - x[i - 1], y[i] - y[i - 1])
        agrees = bad[i - 1] and near <= (t[i] - t[i - 1]) * fastest + _SLACK_M
        run = run + 1 if agrees else 1
        if run >= _AGREE:  # the vehicle is there now; the first of a track may be the stray one
            for k in range(i - run + 1, i + 1):
                bad[k] = False
            if last == 0 and i - run == 0:
                bad[0] = True
            last, run = i, 0
    return bad


def merged(t: Floats, x: Floats, y: Floats, p: Params) -> Seen:
    """Points nearer in time than a step are averaged: they share their noise and say little new."""
    of = _groups(t, p.step_s)
    count = np.bincount(of)
    mean_t, mean_x, mean_y = (np.bincount(of, weights=one) / count for one in (t, x, y))
    return Seen(mean_t, mean_x, mean_y, of)


@njit(cache=True, nogil=True)
def _groups(t: Floats, step: float) -> Longs:
    of = np.zeros(len(t), np.int64)
    begin, k = t[0] if len(t) else 0.0, 0
    for i in range(1, len(t)):
        if t[i] - begin >= step - 1e-6:
            k += 1
            begin = t[i]
        of[i] = k
    return of


def noise(seen: Seen, away: Floats, p: Params) -> float:
    """Standard deviation of a coordinate, in metres.

    Third differences take out place, speed and even turning; their median is not moved by corners
    (MAD: Hampel 1974, JASA 69(346)). Noise that moves slowly escapes them, but not the distance to
    the nearest street: the median of a normal distance is 0.6745 deviations, which is a floor.
    """
    floor = float(np.median(away)) / 0.6745 if len(away) else 0.0
    gap = np.diff(seen.t)
    found = floor
    if len(gap) >= 8:
        even = np.abs(gap - np.median(gap)) < 0.3 * np.median(gap)
        good = even[:-2] & even[1:-1] & even[2:]
        thirds = np.concatenate([np.diff(one, 3)[good] for one in (seen.x, seen.y)])
        if len(thirds) >= 8:
            # A street's width beside its line, and speeding up, are no noise of the receiver.
            found = max(min(float(np.median(np.abs(thirds))) / 0.6745 / _THIRD, 2.0 * floor), floor)
    return float(np.clip(found, p.least_noise_m, p.most_noise_m))


@njit(cache=True, nogil=True)
def speeds(t: Floats, x: Floats, y: Floats, half: int) -> Floats:
    """Metres a second at each point: the slope of a line through the points around it."""
    n = len(t)
    out = np.full(n, np.nan)
    for i in range(n):
        low, high = i, i
        while low > 0 and i - low < half and t[low] - t[low - 1] <= _NEIGHBOURS_S:
            low -= 1
        while high < n - 1 and high - i < half and t[high + 1] - t[high] <= _NEIGHBOURS_S:
            high += 1
        if high == low:
            continue
        mean_t = mean_x = mean_y = 0.0
        for k in range(low, high + 1):
            mean_t += t[k]
            mean_x += x[k]
            mean_y += y[k]
        size = high - low + 1
        mean_t, mean_x, mean_y = mean_t / size, mean_x / size, mean_y / size
        tt = tx = ty = 0.0
        for k in range(low, high + 1):
            d = t[k] - mean_t
            tt += d * d
            tx += d * (x[k] - mean_x)
            ty += d * (y[k] - mean_y)
        out[i] = np.hypot(tx, ty) / tt
    return out

"""Outliers (异常值): winsorise by limits of skewness and kurtosis, then take logarithms if need be.

A series is an outlier case when |skewness| and kurtosis both reach their limits (JRC practice;
Becker et al. 2022, COINr). Works on any number of series at once, units along the last axis.
"""

from dataclasses import dataclass

import numpy as np

from bihuan.engines.index.frame import Flags, Floats, Ints
from bihuan.engines.index.method import Treat
from bihuan.engines.index.moments import high, low, shape


@dataclass(frozen=True, eq=False)
class Treated:
    """What treatment did to each series: how many points it moved, and what it had to do."""

    x: Floats
    points: Ints
    transformed: Flags
    skew: tuple[Floats, Floats]
    kurt: tuple[Floats, Floats]


def treat(x: Floats, spec: Treat, skip: Flags | None = None) -> Treated:
    """处理异常值：x 的最后一维是单位；skip 标出不处理的序列。"""
    flat = np.array(x.reshape(-1, x.shape[-1]))
    out = flat.copy()
    points = np.zeros(len(flat), dtype=np.int64)
    transformed = np.zeros(len(flat), dtype=bool)
    first = shape(flat)
    last = (first[0].copy(), first[1].copy())
    failing = _outlying(*first, spec)
    if skip is not None:
        failing &= ~np.broadcast_to(skip, x.shape[:-1]).reshape(-1)
    if spec.how != "none" and failing.any():
        rows = np.flatnonzero(failing)
        if spec.how == "winsorise":
            out[rows], points[rows], still = _winsorised(flat[rows], first[0][rows], spec)
            rows, then = rows[still], spec.then
        else:
            then = spec.how
        if len(rows) and then != "none":
            out[rows] = transform(flat[rows], then, spec.power)
            transformed[rows] = True
        touched = np.flatnonzero(failing)
        last[0][touched], last[1][touched] = shape(out[touched])
    lead = x.shape[:-1]
    return Treated(
        out.reshape(x.shape),
        points.reshape(lead),
        transformed.reshape(lead),
        (first[0].reshape(lead), last[0].reshape(lead)),
        (first[1].reshape(lead), last[1].reshape(lead)),
    )


def _outlying(skew: Floats, kurt: Floats, spec: Treat) -> Flags:
    with np.errstate(invalid="ignore"):
        found: Flags = (np.abs(skew) >= spec.skew) & (kurt >= spec.kurt)
    return found


def _winsorised(x: Floats, skew: Floats, spec: Treat) -> tuple[Floats, Ints, Flags]:
    """Move the outermost points in, one value at a time, while the series is an outlier case.

    Points are counted as COINr counts them: those equal to the present extreme, on each side
    where something was moved.
    """
    out = x.copy()
    count = np.zeros(len(x), dtype=np.int64)
    top, bottom = np.zeros(len(x), dtype=np.int64), np.zeros(len(x), dtype=np.int64)
    failing = np.ones(len(x), dtype=bool)
    skew = skew.copy()
    active = np.flatnonzero(failing & (count < spec.winmax))
    while len(active):
        part, up = out[active], skew[active] >= 0
        extreme = np.where(up, high(part), low(part))[:, None]
        edge = part == extreme
        inside = np.where(edge, np.nan, part)
        put = np.where(up, high(inside), low(inside))[:, None]
        part = np.where(edge, put, part)
        out[active] = part
        moved = edge.sum(axis=1)
        top[active] = np.where(up, moved, top[active])
        bottom[active] = np.where(up, bottom[active], moved)
        count[active] = top[active] + bottom[active]
        new_skew, kurt = shape(part)
        skew[active] = new_skew
        failing[active] = _outlying(new_skew, kurt, spec)
        active = active[failing[active] & (count[active] < spec.winmax)]
    return out, count, failing


def transform(x: Floats, how: str, power: float = 0.0) -> Floats:
    """Log or power transforms that keep the order of values.

    log: ln(x - min + 0.01 (max - min)), the fall-back of the COIN Tool as COINr has it;
    log_by_skew: the same, mirrored where the tail is on the low side: -ln(max + 0.01 (max - min)
    - x); log_plus_one: ln(x - min + 1); boxcox: Box & Cox (1964) on x - min + 1.
    """
    least, most = low(x)[..., None], high(x)[..., None]
    with np.errstate(all="ignore"):
        if how in ("log", "log_by_skew"):
            edge = 0.01 * (most - least)
            out = np.log(x - least + edge)
            if how == "log_by_skew":
                out = np.where(shape(x)[0][..., None] < 0, -np.log(most + edge - x), out)
        elif how == "log_plus_one":
            out = np.log(x - least + 1.0)
        elif how == "boxcox":
            y = x - least + 1.0
            out = np.log(y) if power == 0 else (y**power - 1.0) / power
        else:
            raise ValueError(how)
    return np.asarray(out)

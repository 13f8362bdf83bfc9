"""Aggregation that compares units with each other: outranking, distance to ideals, frontiers."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from bihuan.engines.index.faults import unfit
from bihuan.engines.index.frame import Floats


def copeland(parts: Sequence[Floats], weights: Sequence[Any]) -> Floats:
    """Wins minus losses in pairwise majority (Copeland 1951; Munda & Nardo 2009).

    Unit a beats b when the children on which a is ahead weigh more than half, ties counting half
    on each side; a child missing for either of the two says nothing about the pair.
    """
    if any(np.ndim(part) > 1 for part in parts) or any(np.ndim(w) > 1 for w in weights):
        parts = [np.asarray(part) for part in parts]
        lead = np.broadcast_shapes(
            *(p.shape[:-1] for p in parts), *(np.shape(w)[:-1] for w in weights)
        )
        out = np.empty((*lead, parts[0].shape[-1]))
        wide = [np.broadcast_to(p, out.shape) for p in parts]
        heavy = [
            np.broadcast_to(w, (*lead, 1))
            if np.ndim(w) <= 1 or np.shape(w)[-1] == 1
            else np.broadcast_to(w, out.shape)
            for w in weights
        ]
        for at in np.ndindex(lead):
            out[at] = copeland([p[at] for p in wide], [w[at] for w in heavy])
        return out
    units = parts[0].shape[-1]
    ahead = np.zeros((units, units))
    whole = 0.0
    for x, w in zip(parts, weights, strict=True):
        weight = float(np.ravel(w)[0])
        whole += weight
        with np.errstate(invalid="ignore"):
            ahead += weight * (x[:, None] > x[None, :])
            ahead -= weight * (x[:, None] < x[None, :])
    close = np.abs(ahead) <= 1e-12 * max(whole, 1e-300)
    return np.asarray(np.where(close, 0.0, np.sign(ahead)).sum(axis=1))


def topsis(x: Floats, w: Floats) -> Floats:
    """Closeness to the ideal over both distances (Hwang & Yoon 1981, ch. III.4.4).

    Children arrive normalised, so no second normalisation is done; 0 is the worst, 1 the best.
    A missing child adds to neither distance.
    """
    v = x * (w / w.sum(axis=0))
    best = np.fmax.reduce(v, axis=-1, keepdims=True)
    worst = np.fmin.reduce(v, axis=-1, keepdims=True)
    plus = np.sqrt(np.nansum((v - best) ** 2, axis=0))
    minus = np.sqrt(np.nansum((v - worst) ** 2, axis=0))
    return np.asarray(minus / (plus + minus))


def benefit_of_the_doubt(x: Floats, most: int | None = None) -> Floats:
    """Each unit's score under the weights that flatter it most, 1 on the frontier.

    max Σ w·y of the unit, with Σ w·y ≤ 1 for all units and w ≥ 0 (Melyn & Moesen 1991;
    Cherchye et al. 2007, eq. 4). Needs scores that are nowhere negative; a missing child counts
    as zero, so that it never helps. `most` stops after so many units, each a programme of its own.
    """
    from scipy.optimize import linprog  # half a second: only when needed

    if x.ndim > 2:
        return np.stack([benefit_of_the_doubt(x[:, i], most) for i in range(x.shape[1])])
    if np.nanmin(x) < 0:
        raise unfit("negative_for_bod", found=float(np.nanmin(x)))
    table = np.nan_to_num(x.T, nan=0.0)
    scale = np.where(table.max(axis=0) > 0, table.max(axis=0), 1.0)
    table = table / scale
    ones = np.ones(len(table))
    out = np.empty(len(table[:most]))
    for i, row in enumerate(table[:most]):
        found = linprog(-row, A_ub=table, b_ub=ones, bounds=(0, None), method="highs")
        out[i] = np.nan if found.fun is None else -found.fun
    return out

"""Prices of a load (影子价格): what it is worth to bring a full hopper to each junction.

They come from a linear programme in which every pass carries at most one hopper of what is to be
spread (the single-commodity flow of Gavish & Graves 1978, «The travelling salesman problem and
related problems», working paper OR-078-78, MIT, §3, over streets). `bounds` holds for any prices
whatever: these are only the best. Nothing here is trusted.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from bihuan.engines.routing.network import Bools, Floats, Ints
from bihuan.engines.routing.plan.demand import Demand

_ITERATIONS = 200  # of the interior point method; Harbin needs 27
_M = 1000.0  # the programme counts kilometres: its numbers lie nearer to one, a quarter faster


@dataclass(frozen=True, eq=False)
class Prices:
    """价格（米）：满载料送到各路口值多少；每多出一次场值多少。"""

    junction: Floats  # (n,) zero at every yard
    leaving: float
    least: int  # loads that leave a yard


def loads(whole: Demand) -> float:
    """How many hoppers of the largest vehicle all the work fills."""
    return float(spread(whole).sum())


def spread(whole: Demand) -> Floats:
    """(m,) what is spread on each arc, in hoppers of the largest vehicle; of a street served
    either way, on one side."""
    used = {group.type for group in whole.scenario.groups if group.count}
    room = max(one.capacity_kg for one in whole.scenario.types if one.name in used)
    length = whole.scenario.network.length_m
    out = np.zeros(whole.scenario.network.arcs)
    for task in whole.tasks:
        if task.load_kg > 0:
            arcs = whole.runs.along(task.runs[0])
            out[arcs] += task.load_kg / room * length[arcs] / length[arcs].sum()
    return out


def prices(whole: Demand, open_: Bools, least: int) -> Prices | None:
    """The best prices where turns are free; None where nothing is spread, or nothing was found."""
    salt = spread(whole)
    if not salt.any():
        return None
    served = np.zeros(whole.scenario.network.arcs)
    for task in whole.tasks:
        served[whole.runs.along(task.runs[0])] += 1
    arcs = _useful(whole, open_ | (served > 0))
    return _solved(whole, arcs, served[arcs], salt[arcs], least)


def _useful(whole: Demand, open_: Bools) -> Ints:
    """Arcs but those into dead ends where nothing is to be done: nobody need go there."""
    network = whole.scenario.network
    needed = np.zeros(network.nodes, dtype=bool)
    needed[whole.nodes] = True
    for task in whole.tasks:
        arcs = whole.runs.along(task.runs[0])
        needed[network.arc_tail[arcs]] = needed[network.arc_head[arcs]] = True
    left = open_.copy()
    while True:
        arcs = np.flatnonzero(left).astype(np.int32)
        tail, head = network.arc_tail[arcs], network.arc_head[arcs]
        pairs = np.unique(np.sort(np.column_stack([tail, head]), axis=1), axis=0)
        neighbours = np.bincount(pairs.ravel(), minlength=network.nodes)
        dead = (neighbours <= 1) & ~needed
        gone = dead[tail] | dead[head]
        if not gone.any():
            return arcs
        left[arcs[gone]] = False


def _solved(whole: Demand, arcs: Ints, served: Floats, salt: Floats, least: int) -> Prices | None:
    """Columns: empty passes x, load f on entering each arc (in hoppers), streets turned over w.

    Rows: x and service balance at every junction; f balances but for what is spread and at yards;
    f ≤ passes; the yards are left at least `least` times.
    """
    network, joined = whole.scenario.network, whole.runs
    nodes, m = network.nodes, len(arcs)
    tail, head = network.arc_tail[arcs], network.arc_head[arcs]
    either = [task.runs for task in whole.tasks if len(task.runs) > 1]
    number, ones = np.arange(m), np.ones(m)
    out = sparse.csr_matrix(
        (np.r_[ones, -ones], (np.r_[tail, head], np.r_[number, number])), shape=(nodes, m)
    )
    place = np.full(network.arcs, -1)
    place[arcs] = number
    over = sparse.lil_matrix((m, len(either)))  # service that moves to the other direction
    turned = sparse.lil_matrix((nodes, len(either)))
    for at, (first, second) in enumerate(either):
        over[place[joined.along(first)], at] = -1.0
        over[place[joined.along(second)], at] = 1.0
        turned[int(joined.head[first]), at] += 2.0
        turned[int(joined.tail[first]), at] -= 2.0
    used = np.unique(np.r_[tail, head])
    yards = np.unique(whole.nodes)
    carrying = np.setdiff1d(used, yards)
    spread_at = np.bincount(head, weights=salt, minlength=nodes)
    driven = sparse.hstack([out[used], sparse.csr_matrix((len(used), m)), turned.tocsr()[used]])
    carried = sparse.hstack(
        [sparse.csr_matrix((len(carrying), m)), out[carrying],
         sparse.csr_matrix((len(carrying), len(either)))]
    )  # fmt: skip
    balance = sparse.vstack([driven, carried])
    leaves = np.isin(tail, yards).astype(float)
    one = sparse.identity(m)
    yard = sparse.csr_matrix(np.r_[-leaves, np.zeros(m + len(either))])
    room = sparse.vstack([sparse.hstack([-one, one, -over.tocsr()]), yard])
    fixed = np.ones(m, dtype=bool)  # what is spread here is surely on board when one drives in
    fixed[place[[arc for two in either for arc in joined.along(two[0]).tolist()]]] = False
    low = np.r_[np.zeros(m), np.where(fixed, salt, 0.0), np.zeros(len(either))]
    high = np.r_[np.full(2 * m, np.inf), np.ones(len(either))]
    found = linprog(  # type: ignore[call-overload]  # its stubs know no sparse matrices
        np.r_[network.length_m[arcs] / _M, np.zeros(m + len(either))],
        A_ub=sparse.csc_matrix(room), b_ub=np.r_[served, float(leaves @ served) - least],
        A_eq=sparse.csc_matrix(balance), b_eq=np.r_[-(out @ served)[used], -spread_at[carrying]],
        bounds=np.column_stack([low, high]), method="highs-ipm", options={"maxiter": _ITERATIONS},
    )  # fmt: skip
    if found.status != 0:
        return None
    junction = np.full(nodes, np.nan)
    junction[carrying] = -found.eqlin.marginals[len(used) :] * _M
    junction[yards] = 0.0
    leaving = max(float(-found.ineqlin.marginals[-1]), 0.0) * _M
    return Prices(_carried_on(whole, junction), leaving, least)


def _carried_on(whole: Demand, junction: Floats) -> Floats:
    """Dead ends that were left out have the price of the junction they hang on."""
    network = whole.scenario.network
    out = junction.copy()
    while True:
        tail, head = network.arc_tail, network.arc_head
        new = np.isnan(out[head]) & ~np.isnan(out[tail])
        old = np.isnan(out[tail]) & ~np.isnan(out[head])
        if not (new.any() or old.any()):
            return np.nan_to_num(out)
        out[head[new]] = out[tail[new]]
        out[tail[old]] = out[head[old]]

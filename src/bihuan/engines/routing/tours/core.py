"""The compiled search below `tours`: take strings of neighbouring tasks out, put them back better.

Slack induction by string removals (Christiaens & Vanden Berghe 2020, Transportation Science 54(2),
§4), carried over to streets: a task has one or two directions, both are tried wherever it is put
in (Beullens et al. 2003, EJOR 147(3), §3), and the directions of a tour that was touched are chosen
anew by dynamic programming (Vidal 2017, Operations Research 65(4), §3). Loads, refills, shifts and
deadlines are checked in constant time from what is kept for every gap of a tour.
"""

import numpy as np

from bihuan.engines.routing.tours.compiled import compiled
from bihuan.engines.routing.tours.polish import restock, reverse, turn
from bihuan.engines.routing.tours.recreate import recreate, sort
from bihuan.engines.routing.tours.ruin import ruin
from bihuan.engines.routing.tours.state import Floats, Given, Kept, Tours, chance
from bihuan.engines.routing.tours.tour import reckon

_BLINK = 0.01
_LONG = 25  # stops from which a tour is long


@compiled
def search(
    g: Given,
    t: Tours,
    w: Kept,
    best: Kept,
    rounds: int,
    hot: float,
    cold: float,
    mean_out: float,
    longest: float,
    worth: Floats,
) -> int:
    """Some rounds of ruin and recreate, cooling from `hot` to `cold`; how often the best improved.

    `worth` holds cost now, weight undone now, cost of the best, weight undone in the best.
    """  # fmt: skip
    improved = 0
    heat = hot
    cooling = (cold / hot) ** (1.0 / max(rounds, 1)) if hot > 0.0 else 1.0
    for _round in range(rounds):
        cost0, undone0 = worth[0], worth[1]
        waiting, touched, picked = ruin(g, t, w, mean_out, longest, undone0)
        missing0, undone = 0.0, undone0
        for i in range(picked):
            missing0 += w.absent[w.out[i]]
            undone -= g.weight[w.out[i]]
        # What was taken out must know where it came from if all is to go back.
        for i in range(waiting):
            w.order[i] = w.out[i]
        sort(g, w, waiting)
        touched = recreate(g, t, w, waiting, touched, _BLINK)
        for j in range(touched):
            turn(g, t, w, w.touched[j])
            if t.size[w.touched[j]] > _LONG:
                reverse(g, t, w, w.touched[j])
            if len(g.refills) > 0:
                restock(g, t, w, w.touched[j])
        cost = 0.0
        for v in range(len(t.size)):
            cost += t.cost[v]
        missing = 0.0
        for i in range(waiting):
            task = w.order[i]
            if t.at[task] < 0:
                undone += g.weight[task]
                missing += w.absent[task]
        if undone < 1e-9:
            undone = 0.0
        accept = False
        if undone < undone0 - 1e-9:
            accept = True
        elif undone > undone0 + 1e-9:
            accept = undone0 > 0.0 and missing < missing0
        elif undone > 0.0 and missing < missing0:
            accept = True
        else:
            accept = cost < cost0 - heat * np.log(chance(w.state) + 1e-12)
        if undone > 0.0:
            for i in range(waiting):
                if t.at[w.order[i]] < 0:
                    w.absent[w.order[i]] += 1.0
        if accept:
            worth[0], worth[1] = cost, undone
            better = undone < worth[3] - 1e-9 or (
                undone <= worth[3] + 1e-9 and cost < worth[2] - 1e-6
            )
            if better:
                worth[2], worth[3] = cost, undone
                improved += 1
                for j in range(touched):
                    best.mark[w.touched[j]] = 1
                for v in range(len(t.size)):
                    # Only rows that differ from the kept best have to be copied.
                    if best.mark[v] != 0:
                        best.size[v] = t.size[v]
                        for p in range(t.size[v]):
                            best.stops[v, p] = t.stops[v, p]
                        best.mark[v] = 0
            else:
                for j in range(touched):
                    best.mark[w.touched[j]] = 1
            for j in range(touched):
                w.mark[w.touched[j]] = 0
        else:
            for j in range(touched):
                v = w.touched[j]
                for p in range(t.size[v]):
                    task = g.task[t.stops[v, p]]
                    if task >= 0:
                        t.at[task] = -1
            for j in range(touched):
                v = w.touched[j]
                t.size[v] = w.size[v]
                t.step[v, w.size[v]] = w.step[v, w.size[v]]
                t.ride[v, w.size[v]] = w.ride[v, w.size[v]]
                for p in range(w.size[v]):
                    t.stops[v, p] = w.stops[v, p]
                    t.step[v, p] = w.step[v, p]
                    t.ride[v, p] = w.ride[v, p]
                    task = g.task[w.stops[v, p]]
                    if task >= 0:
                        t.at[task] = v
                reckon(g, t, v)
                w.mark[v] = 0
        heat *= cooling
    return improved

"""Finishing a tour that was touched: directions anew, parts turned round, refills moved."""

from bihuan.engines.routing.tours.compiled import compiled
from bihuan.engines.routing.tours.state import NEVER, Given, Kept, Tours, chance
from bihuan.engines.routing.tours.tour import in_time, refresh

_REVERSALS = 10  # parts of a long tour that are turned round on trial


@compiled
def turn(g: Given, t: Tours, w: Kept, v: int) -> None:
    """Choose the directions of all stops of a tour anew; kept where it is cheaper and in time."""
    size, k = t.size[v], g.kind[v]
    if size < 2:
        return
    free = False
    for p in range(size):
        if g.other[t.stops[v, p]] >= 0:
            free = True
            break
    if not free:
        return
    away = g.away[k]
    stops = t.stops[v]
    c0, c1 = 0.0, NEVER
    last0, last1 = g.begin[v], -1
    for p in range(size):
        one = stops[p]
        two = g.other[one]
        a0 = c0 + away[last0, one]
        a1 = c1 + away[last1, one] if last1 >= 0 else NEVER
        w.choice[0, p] = 0
        if a1 < a0:
            a0 = a1
            w.choice[0, p] = 1
        a0 += g.serve_cost[k, one]
        b0 = NEVER
        if two >= 0:
            b0 = c0 + away[last0, two]
            b1 = c1 + away[last1, two] if last1 >= 0 else NEVER
            w.choice[1, p] = 0
            if b1 < b0:
                b0 = b1
                w.choice[1, p] = 1
            b0 += g.serve_cost[k, two]
        c0, c1, last0, last1 = a0, b0, one, two
    last = g.end[v]
    if last >= 0:
        c0 += away[last0, last]
        if last1 >= 0:
            c1 += away[last1, last]
    pick = 0
    total = c0
    if c1 < c0:
        pick, total = 1, c1
    old = t.cost[v] - g.fixed[v]
    if total >= old - 1e-6 * max(1.0, old):
        return
    # w.choice row 0 and 1 say from which direction of the stop before one came.
    for p in range(size - 1, -1, -1):
        came = w.choice[pick, p]
        if pick == 1:
            stops[p] = g.other[stops[p]]
            w.choice[0, p] = 1  # turned
        else:
            w.choice[0, p] = 0
        pick = came
    refresh(g, t, v)
    if g.timed and not in_time(g, t, v):
        for p in range(size):
            if w.choice[0, p] == 1:
                stops[p] = g.other[stops[p]]
        refresh(g, t, v)


@compiled
def reverse(g: Given, t: Tours, w: Kept, v: int) -> None:
    """Turn parts of a long tour round where that is cheaper: 2-opt with directions.

    Strings alone mend long tours slowly, as they never change the sense of a whole part.
    """
    k = g.kind[v]
    away = g.away[k]
    for _trial in range(_REVERSALS):
        size = t.size[v]
        p = int(chance(w.state) * size)
        a = t.stops[v, p - 1] if p > 0 else g.begin[v]
        if p > 0 and g.task[a] >= 0:
            task = g.task[a]
            other = g.behind[task, int(chance(w.state) * min(12, g.behind.shape[1]))]
            if t.at[other] != v:
                continue
            q = t.place[other]
        else:
            q = int(chance(w.state) * size)
        if q < p:
            # The part before the gap is turned instead, up to behind the neighbour.
            p, q = q + 1, p - 1
            if q < p:
                continue
            a = t.stops[v, p - 1] if p > 0 else g.begin[v]
        fits = True
        for m in range(p, q + 1):
            stop = t.stops[v, m]
            if g.task[stop] < 0 or g.other[stop] < 0:
                fits = False
                break
        if not fits:
            continue
        b = t.stops[v, q + 1] if q + 1 < size else g.end[v]
        last = g.other[t.stops[v, q]]
        gain = t.step[v, p] - away[a, last]
        for m in range(p, q):
            gain += t.step[v, m + 1]
        if b >= 0:
            gain += t.step[v, q + 1] - away[g.other[t.stops[v, p]], b]
        for m in range(q, p, -1):
            gain -= away[g.other[t.stops[v, m]], g.other[t.stops[v, m - 1]]]
        for m in range(p, q + 1):
            stop = t.stops[v, m]
            gain += g.serve_cost[k, stop] - g.serve_cost[k, g.other[stop]]
        if gain <= 1e-6 * max(1.0, t.cost[v]):
            continue
        i, j = p, q
        while i <= j:
            one, two = g.other[t.stops[v, i]], g.other[t.stops[v, j]]
            t.stops[v, i], t.stops[v, j] = two, one
            i += 1
            j -= 1
        refresh(g, t, v)
        if g.timed and not in_time(g, t, v):
            i, j = p, q
            while i <= j:
                one, two = g.other[t.stops[v, i]], g.other[t.stops[v, j]]
                t.stops[v, i], t.stops[v, j] = two, one
                i += 1
                j -= 1
            refresh(g, t, v)


@compiled
def restock(g: Given, t: Tours, w: Kept, v: int) -> None:
    """Put the refills of a tour where they cost least, its tasks as they are.

    Dynamic programming over the places where the last refill may stand (the split of Beasley 1983,
    Omega 11(4), with the detour as the cost of a cut).
    """
    size, k, room = t.size[v], g.kind[v], g.room[v]
    n = 0
    for p in range(size):
        if g.task[t.stops[v, p]] >= 0:
            w.choice[0, n] = t.stops[v, p]
            n += 1
    if n == size or n == 0:
        return
    for i in range(n):  # a refill before stop i (place i); place n is the end
        w.plan[i] = NEVER
        stop = w.choice[0, i]
        a = w.choice[0, i - 1] if i > 0 else g.begin[v]
        detour, station = NEVER, -1
        for r in range(len(g.refills)):
            via = g.refills[r]
            cost = g.away[k, a, via] + g.serve_cost[k, via] + g.away[k, via, stop]
            if cost < detour:
                detour, station = cost, via
        detour -= g.away[k, a, stop]
        w.came[1, i] = station
        load = 0.0
        for j in range(i - 1, -2, -1):
            # The trip since the refill before stop j, or since the start (j = -1).
            if j >= 0:
                load += g.load[g.task[w.choice[0, j]]]
                if load > room + 1e-9:
                    break
                if w.plan[j] + detour < w.plan[i]:
                    w.plan[i] = w.plan[j] + detour
                    w.came[0, i] = j
            elif load <= g.filled[v] + 1e-9 and detour < w.plan[i]:
                w.plan[i] = detour
                w.came[0, i] = -1
    best, last, load = NEVER, -1, 0.0
    for j in range(n - 1, -2, -1):
        if j >= 0:
            load += g.load[g.task[w.choice[0, j]]]
            if load > room + 1e-9:
                break
            if w.plan[j] < best:
                best, last = w.plan[j], j
        elif load <= g.filled[v] + 1e-9 and best > 0.0:
            best, last = 0.0, -1
    if best >= NEVER:
        return
    base, at = 0.0, g.begin[v]
    for i in range(n):
        stop = w.choice[0, i]
        base += g.away[k, at, stop] + g.serve_cost[k, stop]
        at = stop
    if g.end[v] >= 0:
        base += g.away[k, at, g.end[v]]
    if base + best >= t.cost[v] - g.fixed[v] - 1e-6 * max(1.0, base):
        return
    # Written from the back: refills first marked, then everything put in order.
    for i in range(n):
        w.choice[1, i] = -1
    count = 0
    while last >= 0:
        w.choice[1, last] = w.came[1, last]
        last = w.came[0, last]
        count += 1
    for p in range(size):
        w.came[0, p] = t.stops[v, p]
    q = 0
    for i in range(n):
        if w.choice[1, i] >= 0:
            t.stops[v, q] = w.choice[1, i]
            q += 1
        t.stops[v, q] = w.choice[0, i]
        q += 1
    t.size[v] = q
    refresh(g, t, v)
    if g.timed and not in_time(g, t, v):
        t.size[v] = size
        for p in range(size):
            t.stops[v, p] = w.came[0, p]
        refresh(g, t, v)

"""One tour's books: ways, hours and loads at every gap, kept so that a place is judged at once."""

from bihuan.engines.routing.tours.compiled import compiled, inlined
from bihuan.engines.routing.tours.state import Given, Kept, Tours


@inlined
def link(g: Given, t: Tours, v: int, p: int) -> None:
    """What it takes to cross a gap, looked up: large matrices are slow to ask."""
    k, size = g.kind[v], t.size[v]
    a = t.stops[v, p - 1] if p > 0 else g.begin[v]
    b = t.stops[v, p] if p < size else g.end[v]
    step = 0.0
    if b >= 0 and size > 0:
        step = g.away[k, a, b]
    t.step[v, p] = step
    if g.same:
        t.ride[v, p] = step
    elif g.timed:
        t.ride[v, p] = g.drive[k, a, b] if b >= 0 and size > 0 else 0.0


@compiled
def refresh(g: Given, t: Tours, v: int) -> None:
    """Everything that is kept of a tour, anew from its stops."""
    for p in range(t.size[v] + 1):
        link(g, t, v, p)
    reckon(g, t, v)


@inlined
def reckon(g: Given, t: Tours, v: int) -> None:
    """What follows from the stops and the ways between them."""
    k, size = g.kind[v], t.size[v]
    now, load, cost, served = g.opens[v], g.room[v] - g.filled[v], 0.0, 0
    t.leave[v, 0] = now
    for p in range(size):
        stop = t.stops[v, p]
        task = g.task[stop]
        cost += t.step[v, p] + g.serve_cost[k, stop]
        t.before[v, p] = load
        if g.timed:
            now += t.ride[v, p]
            if task >= 0 and now < g.ready[task]:
                now = g.ready[task]
            now += g.serve[k, stop]
            t.leave[v, p + 1] = now
        if task >= 0:
            load += g.load[task]
            served += 1
            t.place[task] = p
        else:
            load = 0.0
    t.before[v, size] = load
    t.cost[v] = cost + t.step[v, size] + (g.fixed[v] if size > 0 else 0.0)
    t.served[v] = served
    load = 0.0
    t.behind[v, size] = 0.0
    for p in range(size - 1, -1, -1):
        task = g.task[t.stops[v, p]]
        load = load + g.load[task] if task >= 0 else 0.0
        t.behind[v, p] = load
    if g.timed:
        t.latest[v, size] = g.shuts[v]
        for p in range(size - 1, -1, -1):
            stop = t.stops[v, p]
            task = g.task[stop]
            done = t.latest[v, p + 1] - t.ride[v, p + 1]
            if task >= 0 and g.due[task] < done:
                done = g.due[task]
            t.latest[v, p] = done - g.serve[k, stop]


@inlined
def touch(t: Tours, w: Kept, v: int, count: int) -> int:
    """Keep a tour as it is before it is changed for the first time in a round."""
    if w.mark[v] == 0:
        w.mark[v] = 1
        w.size[v] = t.size[v]
        for p in range(t.size[v]):
            w.stops[v, p] = t.stops[v, p]
            w.step[v, p] = t.step[v, p]
            w.ride[v, p] = t.ride[v, p]
        w.step[v, t.size[v]] = t.step[v, t.size[v]]
        w.ride[v, t.size[v]] = t.ride[v, t.size[v]]
        w.touched[count] = v
        return count + 1
    return count


@compiled
def tidy(g: Given, t: Tours, v: int) -> None:
    """Refills that are not needed any more go; what stands there afterwards is counted."""
    if len(g.refills) == 0:
        reckon(g, t, v)
        return
    stops, room = t.stops[v], g.room[v]
    p, load = 0, room - g.filled[v]
    while p < t.size[v]:
        task = g.task[stops[p]]
        if task >= 0:
            load += g.load[task]
            p += 1
            continue
        ahead, q = 0.0, p + 1
        while q < t.size[v] and g.task[stops[q]] >= 0:
            ahead += g.load[g.task[stops[q]]]
            q += 1
        if load + ahead <= room + 1e-9 or (ahead == 0.0 and q >= t.size[v]):
            for r in range(p, t.size[v] - 1):
                stops[r] = stops[r + 1]
                t.step[v, r] = t.step[v, r + 1]
                t.ride[v, r] = t.ride[v, r + 1]
            t.size[v] -= 1
            last = t.size[v]
            t.step[v, last] = t.step[v, last + 1]
            t.ride[v, last] = t.ride[v, last + 1]
            link(g, t, v, p)
        else:
            load = 0.0
            p += 1
    reckon(g, t, v)


@inlined
def put(g: Given, t: Tours, v: int, p: int, stop: int, via: int, via_first: int) -> None:
    more = 1 if via < 0 else 2
    size = t.size[v]
    t.step[v, size + more] = t.step[v, size]
    t.ride[v, size + more] = t.ride[v, size]
    for q in range(size - 1, p - 1, -1):
        t.stops[v, q + more] = t.stops[v, q]
        t.step[v, q + more] = t.step[v, q]
        t.ride[v, q + more] = t.ride[v, q]
    if via < 0:
        t.stops[v, p] = stop
    elif via_first:
        t.stops[v, p] = via
        t.stops[v, p + 1] = stop
    else:
        t.stops[v, p] = stop
        t.stops[v, p + 1] = via
    t.size[v] = size + more
    t.at[g.task[stop]] = v
    for q in range(p, p + more + 1):
        link(g, t, v, q)
    reckon(g, t, v)


@compiled
def in_time(g: Given, t: Tours, v: int) -> bool:
    """Whether a tour keeps all its hours: it starts before the latest arrival at its first stop."""
    if t.size[v] == 0:
        return True
    return bool(g.opens[v] + t.ride[v, 0] <= t.latest[v, 0] + 1e-6)

"""Putting back: each task where it costs least, now and then overlooking a place (§4.2).

Both directions of a task are tried wherever it may stand (Beullens et al. 2003, EJOR 147(3), §3).
"""

import numpy as np

from bihuan.engines.routing.tours.compiled import compiled, inlined
from bihuan.engines.routing.tours.state import NEVER, Given, Kept, Tours, chance
from bihuan.engines.routing.tours.tour import put, touch

_WIDEN = 0.1  # how often tours far away are tried as well where near ones have no place


@compiled
def sort(g: Given, w: Kept, waiting: int) -> None:
    """In which order the waiting tasks are put in: chance, load, far, near, or soonest due."""
    draw = chance(w.state) * (13.0 if g.timed else 11.0)
    yard = g.begin[0]
    for i in range(waiting):
        task = w.out[i]
        if draw < 4.0:
            w.key[i] = chance(w.state)
        elif draw < 8.0:
            w.key[i] = -g.load[task] if draw < 6.5 else -g.serve[0, g.first[task]]
        elif draw < 10.0:
            w.key[i] = -g.away[0, yard, g.first[task]]
        elif draw < 11.0:
            w.key[i] = g.away[0, yard, g.first[task]]
        else:
            w.key[i] = g.due[task]
    # Insertion sort: the lists are short.
    for i in range(1, waiting):
        task, key = w.out[i], w.key[i]
        j = i - 1
        while j >= 0 and w.key[j] > key:
            w.out[j + 1] = w.out[j]
            w.key[j + 1] = w.key[j]
            j -= 1
        w.out[j + 1] = task
        w.key[j + 1] = key


@compiled
def _fits(
    now: float, there: float, ready: float, serve: float, due: float, onward: float, latest: float
) -> bool:
    """Whether a stop keeps its own hour and every hour behind it."""
    now += there
    if now < ready:
        now = ready
    now += serve
    return now <= due and now + onward <= latest


@inlined
def _in_stage(g: Given, t: Tours, v: int, p: int, stage: int) -> bool:
    """Whether the tour's stages still rise with a task of this stage in this gap."""
    for q in range(p - 1, -1, -1):
        own = g.task[t.stops[v, q]]
        if own >= 0:
            if g.stage[own] > stage:
                return False
            break
    for q in range(p, t.size[v]):
        own = g.task[t.stops[v, q]]
        if own >= 0:
            return bool(g.stage[own] >= stage)
    return True


@inlined
def _everywhere(t: Tours, g: Given, w: Kept, empty_only: bool, count: int) -> int:
    """All gaps of all tours, and of unused vehicles one of each sort; how many there are then."""
    most = t.stops.shape[1] - 2
    seen = -1
    for v in range(len(t.size)):
        size = t.size[v]
        if size == 0:
            if g.alike[v] == seen:
                continue
            seen = g.alike[v]
        elif empty_only or size >= most:
            continue
        w.look[count] = v
        w.gap[count] = 0
        w.till[count] = size
        count += 1
    return count


@inlined
def _nearby(t: Tours, g: Given, w: Kept, task: int) -> int:
    """Gaps behind tasks from which, and before tasks to which, the way is short."""
    most = t.stops.shape[1] - 2
    count = 0
    for c in range(g.ahead.shape[1]):
        other = g.ahead[task, c]
        v = t.at[other]
        if v >= 0 and t.size[v] < most:
            w.look[count] = v
            w.gap[count] = t.place[other] + 1
            w.till[count] = w.gap[count]
            count += 1
        other = g.behind[task, c]
        v = t.at[other]
        if v >= 0 and t.size[v] < most:
            w.look[count] = v
            w.gap[count] = t.place[other]
            w.till[count] = w.gap[count]
            count += 1
    return _everywhere(t, g, w, True, count)


@inlined
def _best_in(
    g: Given, t: Tours, w: Kept, count: int, task: int, blink: float
) -> tuple[int, int, int, int, int]:
    """The cheapest of the `count` places: vehicle (-1: none), place, stop, refill
    (-1: none), and whether the refill comes first.

    One call for all places: handing the arrays over costs more than looking at a place.
    """
    found, vehicle, place, chosen, refill, first = NEVER, -1, -1, -1, -1, 0
    load, due, ready = g.load[task], g.due[task], g.ready[task]
    one, two = g.first[task], g.other[g.first[task]]
    second = two if two >= 0 else one
    refills = len(g.refills)
    # Overlooked places are counted down to instead of drawn one by one: it is the same chance.
    skip = NEVER
    if blink > 0.0:
        skip = np.floor(np.log(chance(w.state) + 1e-300) / np.log(1.0 - blink))
    held = -1
    out1, in1, out2, in2 = w.rows[0], w.rows[1], w.rows[0], w.rows[1]
    for j in range(count):
        v = w.look[j]
        k, size, room = g.kind[v], t.size[v], g.room[v]
        if not g.able[k, task] or load > room + 1e-9:
            continue
        if refills == 0 and t.before[v, size] + load > room + 1e-9:
            continue
        if k != held:
            # Whole rows are read in order once: jumping about in a large matrix waits for memory.
            held = k
            for x in range(g.away.shape[2]):
                w.rows[0, x] = g.away[k, one, x]
                w.rows[1, x] = g.turned[k, one, x]
            if two >= 0:
                for x in range(g.away.shape[2]):
                    w.rows[2, x] = g.away[k, two, x]
                    w.rows[3, x] = g.turned[k, two, x]
            if g.timed and not g.same:
                for x in range(g.away.shape[2]):
                    w.rows[4, x] = g.drive[k, one, x]
                    w.rows[5, x] = g.driven[k, one, x]
                    if two >= 0:
                        w.rows[6, x] = g.drive[k, two, x]
                        w.rows[7, x] = g.driven[k, two, x]
            if two >= 0:
                out2, in2 = w.rows[2], w.rows[3]
        serve1, serve2 = g.serve_cost[k, one], g.serve_cost[k, second]
        start = g.fixed[v] if size == 0 else 0.0
        for p in range(w.gap[j], w.till[j] + 1):
            if g.timed and t.leave[v, p] > due:
                break
            if skip < 1.0:
                skip = np.floor(np.log(chance(w.state) + 1e-300) / np.log(1.0 - blink))
                continue
            skip -= 1.0
            if g.staged and not _in_stage(g, t, v, p, g.stage[task]):
                continue
            a = t.stops[v, p - 1] if p > 0 else g.begin[v]
            b = t.stops[v, p] if p < size else g.end[v]
            gone = t.step[v, p] if b >= 0 else 0.0
            cost1 = in1[a] + serve1 + start - gone
            cost2 = NEVER
            if two >= 0:
                cost2 = in2[a] + serve2 + start - gone
            if cost1 >= found and cost2 >= found:
                continue  # whatever the way onward costs
            if b >= 0:
                cost1 += out1[b]
                cost2 += out2[b]
            stop, cost = one, cost1
            if cost2 < cost1:
                stop, cost = second, cost2
            if cost >= found:
                continue
            if t.before[v, p] + load + t.behind[v, p] <= room + 1e-9:
                for _both in range(2):
                    if cost >= found:
                        break
                    way = (0 if g.same else 4) + (0 if stop == one else 2)
                    if not g.timed or _fits(
                        t.leave[v, p],
                        w.rows[way + 1, a],
                        ready,
                        g.serve[k, stop],
                        due,
                        w.rows[way, b] if b >= 0 else 0.0,
                        t.latest[v, p],
                    ):
                        found, vehicle, place, chosen, refill = cost, v, p, stop, -1
                        break
                    # The dearer direction may still be in time.
                    stop, cost = (second, cost2) if stop == one else (one, cost1)
                continue
            if refills == 0:
                continue
            for direction in range(2):
                stop = one if direction == 0 else second
                if direction == 1 and two < 0:
                    break
                base = (serve1 if direction == 0 else serve2) + start - gone
                onward, coming = (out1, in1) if direction == 0 else (out2, in2)
                for r in range(refills):
                    via = g.refills[r]
                    # Most stations are too far to be worth a look at the large matrix.
                    if load + t.behind[v, p] <= room + 1e-9:
                        cost = base + g.serve_cost[k, via] + coming[via]
                        if b >= 0:
                            cost += onward[b]
                        if cost < found:
                            cost += g.away[k, a, via]
                        if cost < found and (
                            not g.timed
                            or _fits(
                                t.leave[v, p],
                                g.drive[k, a, via] + g.serve[k, via] + g.drive[k, via, stop],
                                ready,
                                g.serve[k, stop],
                                due,
                                g.drive[k, stop, b] if b >= 0 else 0.0,
                                t.latest[v, p],
                            )
                        ):
                            found, vehicle, place = cost, v, p
                            chosen, refill, first = stop, via, 1
                    if t.before[v, p] + load <= room + 1e-9 and t.behind[v, p] > 0.0:
                        cost = base + coming[a] + onward[via] + g.serve_cost[k, via]
                        if b >= 0 and cost < found:
                            cost += g.away[k, via, b]
                        if cost < found and (
                            not g.timed
                            or _fits(
                                t.leave[v, p],
                                g.drive[k, a, stop],
                                ready,
                                g.serve[k, stop],
                                due,
                                g.drive[k, stop, via]
                                + g.serve[k, via]
                                + (g.drive[k, via, b] if b >= 0 else 0.0),
                                t.latest[v, p],
                            )
                        ):
                            found, vehicle, place = cost, v, p
                            chosen, refill, first = stop, via, 0
    return vehicle, place, chosen, refill, first


@compiled
def recreate(g: Given, t: Tours, w: Kept, waiting: int, touched: int, blink: float) -> int:
    """Put each waiting task where it costs least, now and then overlooking a place."""
    for i in range(waiting):
        task = w.out[i]
        count = _nearby(t, g, w, task) if g.near_only else _everywhere(t, g, w, False, 0)
        bv, bp, bs, br, bf = _best_in(g, t, w, count, task, blink)
        if bv < 0 and g.near_only and (count == 0 or chance(w.state) < _WIDEN):
            count = _everywhere(t, g, w, False, 0)
            bv, bp, bs, br, bf = _best_in(g, t, w, count, task, 0.0)
        if bv >= 0:
            touched = touch(t, w, bv, touched)
            put(g, t, bv, bp, bs, br, bf)
    return touched

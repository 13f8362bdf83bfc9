"""Taking out: strings of neighbouring tasks (Christiaens & Vanden Berghe 2020, §4.1)."""

from bihuan.engines.routing.tours.compiled import compiled
from bihuan.engines.routing.tours.state import Given, Kept, Tours, chance
from bihuan.engines.routing.tours.tour import link, tidy, touch

_LONG = 25  # stops of a tour for each further string
_TRIED = 12  # undone tasks tried in a round
_SPLIT = 0.5  # how often a string is split, and …
_KEEP = 0.01  # … how often the kept part does not grow (two parameters of the source)


@compiled
def ruin(
    g: Given, t: Tours, w: Kept, mean_out: float, longest: float, undone: float
) -> tuple[int, int, int]:
    """Take strings out of some neighbouring tours.

    Returns how many tasks wait, how many tours were touched, and how many of those that wait (the
    first in the list) were undone before.
    """
    n = len(g.load)
    used, assigned = 0, 0
    for v in range(len(t.size)):
        if t.served[v] > 0:
            used += 1
            assigned += t.served[v]
    waiting, touched = 0, 0
    absent = 0
    if undone > 0.0:
        for task in range(n):
            if t.at[task] < 0:
                w.misses[absent] = task
                absent += 1
    seed = int(chance(w.state) * n)
    if absent > 0 and (used == 0 or chance(w.state) < 0.7):
        seed = w.misses[int(chance(w.state) * absent)]
    if used == 0 or 0 < absent <= _TRIED:
        for i in range(absent):
            w.out[waiting] = w.misses[i]
            waiting += 1
    elif absent > 0:
        # Not all that waits is tried each time, only what lies near the place that is opened.
        for c in range(-1, g.near.shape[1]):
            task = seed if c < 0 else g.near[seed, c]
            if t.at[task] < 0:
                w.out[waiting] = task
                waiting += 1
                if waiting >= _TRIED:
                    break
    picked = waiting
    if used == 0:
        return waiting, touched, picked
    limit = min(longest, assigned / used)
    most = 4.0 * mean_out / (1.0 + limit) - 1.0
    tours = int(chance(w.state) * max(most, 0.0) + 1.0)
    done = 0
    for c in range(-1, g.near.shape[1]):
        if done >= tours:
            break
        task = seed if c < 0 else g.near[seed, c]
        v = t.at[task]
        # A long tour is opened in several places, a short one once.
        if v < 0 or (w.mark[v] != 0 and w.mark[v] > t.size[v] // _LONG):
            continue
        size = t.size[v]
        at = t.place[task]
        string = int(chance(w.state) * min(float(size), limit) + 1.0)
        if string > size:
            string = size
        keep = 0
        if string > 1 and string < size and chance(w.state) < _SPLIT:
            keep = 1
            while string + keep < size and chance(w.state) > _KEEP:
                keep += 1
        whole = string + keep
        low, high = max(0, at - whole + 1), min(at, size - whole)
        begin = low + int(chance(w.state) * (high - low + 1))
        kept_from = begin + int(chance(w.state) * (string + 1)) if keep > 0 else -1
        kept_to = kept_from + keep
        touched = touch(t, w, v, touched)
        w.mark[v] += 1
        q, gone = begin, False
        for p in range(begin, size):
            stop = t.stops[v, p]
            own = g.task[stop]
            if own < 0 or p >= begin + whole or (kept_from <= p < kept_to):
                t.stops[v, q] = stop
                if gone:
                    link(g, t, v, q)
                    gone = False
                else:
                    t.step[v, q] = t.step[v, p]
                    t.ride[v, q] = t.ride[v, p]
                q += 1
            else:
                t.at[own] = -1
                w.out[waiting] = own
                waiting += 1
                gone = True
        t.step[v, q] = t.step[v, size]
        t.ride[v, q] = t.ride[v, size]
        t.size[v] = q
        if gone or q == 0:
            link(g, t, v, q)
        tidy(g, t, v)
        done += 1
    return waiting, touched, picked

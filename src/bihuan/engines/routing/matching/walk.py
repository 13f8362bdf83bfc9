"""The compiled search: hypotheses walk forward from cell to cell, points tell how likely each is.

Viterbi (1967, IEEE Trans. Inf. Theory 13(2)) over the hidden Markov model of Newson & Krumm (2009,
ACM GIS '09, §3), with places on the street as states instead of nearest points. A hypothesis never
drives backwards, so noise along the street makes no U-turn.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from bihuan.engines.routing.matching.model import Bools, Floats, Ints
from bihuan.engines.routing.network import Longs

CAP = 16.0  # squared standard deviations: a stray point counts no more than this
JUMP = 22.0  # log-odds against being somewhere that no way leads to
_QUEUE = 4096


class Lay(NamedTuple):
    """The cells as the compiled code takes them."""

    x: Floats
    y: Floats
    arc: Ints
    first: Longs
    size: Floats
    mirror: Ints
    start: Longs
    follow: Ints
    price: Floats
    box_start: Longs
    box_cells: Ints
    west: float
    south: float
    columns: int
    rows: int
    box_m: float


class Steps(NamedTuple):
    """What happens one after another: so far driven, give or take, then perhaps a point is seen."""

    point: Ints  # the point seen after each step, -1: none
    expected: Floats  # metres
    spread: Floats  # standard deviation
    most: Floats  # metres looked at
    near_m: Floats  # without a point: no farther than this from the next
    aim: Ints  # the point seen next


class Queue(NamedTuple):
    """Scratch: cells reached from one, metres, price, and the entry before."""

    cell: Ints
    metres: Floats
    price: Floats
    before: Ints


@njit(cache=True, nogil=True)
def _reach(
    from_cell: int,
    most_m: float,
    most_price: float,
    lay: Lay,
    mid_turn: float,
    queue: Queue,
) -> int:
    """Everything within `most_m` of driving and `most_price` of turning; how many there are."""
    q_cell, q_len, q_price, q_from = queue
    arc, first, size, mirror = lay.arc, lay.first, lay.size, lay.mirror
    start, follow, price = lay.start, lay.follow, lay.price
    q_cell[0], q_len[0], q_price[0], q_from[0] = from_cell, 0.0, 0.0, -1
    count = 1
    if mirror[from_cell] >= 0 and mid_turn <= most_price:
        q_cell[1], q_len[1], q_price[1], q_from[1] = mirror[from_cell], 0.0, mid_turn, 0
        count = 2
    at = 0
    while at < count:
        cell, length = q_cell[at], q_len[at]
        a = arc[cell]
        if cell + 1 < first[a + 1]:
            if length + size[a] <= most_m and count < _QUEUE:
                q_cell[count], q_len[count] = cell + 1, length + size[a]
                q_price[count], q_from[count] = q_price[at], at
                count += 1
        else:
            for k in range(start[a], start[a + 1]):
                there = follow[k]
                longer = length + 0.5 * (size[a] + size[arc[there]])
                paid = q_price[at] + price[k]
                if longer <= most_m and paid <= most_price and count < _QUEUE:
                    q_cell[count], q_len[count] = there, longer
                    q_price[count], q_from[count] = paid, at
                    count += 1
        at += 1
    return count


@njit(cache=True, nogil=True)
def near(
    px: float,
    py: float,
    within: float,
    lay: Lay,
    out: Ints,
) -> int:
    """Cells within so many metres of a place, into `out`; how many."""
    x, y, west, south, columns = lay.x, lay.y, lay.west, lay.south, lay.columns
    box_start, box_cells, box_m = lay.box_start, lay.box_cells, lay.box_m
    count = 0
    c0 = max(int(np.floor((px - within - west) / box_m)), 0)
    c1 = min(int(np.floor((px + within - west) / box_m)), columns - 1)
    r0 = max(int(np.floor((py - within - south) / box_m)), 0)
    r1 = min(int(np.floor((py + within - south) / box_m)), lay.rows - 1)
    for r in range(r0, r1 + 1):
        if c1 < c0:
            break
        for k in range(box_start[r * columns + c0], box_start[r * columns + c1 + 1]):
            cell = box_cells[k]
            if (x[cell] - px) ** 2 + (y[cell] - py) ** 2 <= within * within and count < len(out):
                out[count] = cell
                count += 1
    return count


@njit(cache=True, nogil=True)
def walk(
    steps: Steps,
    px: Floats,
    py: Floats,
    sigma: float,
    beam: float,
    mid_turn: float,
    lay: Lay,
    mark: Ints,  # scratch, one entry a cell, -1
    slot: Ints,
) -> tuple[Ints, Ints, Floats, Bools]:
    """Cells in driving order, the step each belongs to, its share of the step, and jumps."""
    point, expected, spread, most, near_m, aim = steps
    x, y = lay.x, lay.y
    count_steps = len(point)
    room = 65536
    t_cell = np.empty(room, np.int32)
    t_from = np.empty(room, np.int32)
    t_score = np.empty(room, np.float64)
    t_say = np.empty(room, np.float64)  # what the point says of this cell
    t_jump = np.zeros(room, np.bool_)
    begin = np.zeros(count_steps + 1, np.int64)
    queue = Queue(
        np.empty(_QUEUE, np.int32),
        np.empty(_QUEUE, np.float64),
        np.empty(_QUEUE, np.float64),
        np.empty(_QUEUE, np.int32),
    )
    q_cell, q_len, q_price, _before = queue
    around = np.empty(4096, np.int32)
    seed_m = max(4.0 * sigma + 15.0, 65.0)
    weight = 0.5 / (sigma * sigma)
    used = 0
    for s in range(count_steps):
        begin[s] = used
        o = point[s]
        best = -np.inf
        if s > 0:
            low, high = begin[s - 1], used
            before_best = -np.inf
            before_at = low
            for i in range(low, high):
                if t_score[i] > before_best:
                    before_best, before_at = t_score[i], i
            narrow = 0.5 / (spread[s] * spread[s])
            ax, ay, within = px[aim[s]], py[aim[s]], near_m[s]
            for i in range(low, high):
                slack = t_score[i] - before_best + beam
                if slack < 0:
                    continue
                count = _reach(t_cell[i], most[s], slack, lay, mid_turn, queue)
                if used + count >= room:
                    grown = max(2 * room, used + count + 1)
                    t_cell, t_from, t_score, t_say, t_jump = _roomier(
                        t_cell, t_from, t_score, t_say, t_jump, grown
                    )
                    room = grown
                for k in range(count):
                    cell = q_cell[k]
                    off = q_len[k] - expected[s]
                    score = t_score[i] - q_price[k] - narrow * off * off
                    if mark[cell] == s:
                        j = slot[cell]
                        score += t_say[j]
                        if score > t_score[j]:
                            t_score[j], t_from[j] = score, i
                        if score > best:
                            best = score
                        continue
                    away = (x[cell] - ax) ** 2 + (y[cell] - ay) ** 2
                    if o >= 0:
                        say = -min(away * weight, 0.5 * CAP)
                    else:
                        if away > within * within:
                            continue
                        say = 0.0
                    score += say
                    if score < best - beam:
                        continue
                    if score > best:
                        best = score
                    mark[cell], slot[cell] = s, used
                    t_cell[used], t_from[used], t_say[used] = cell, i, say
                    t_score[used], t_jump[used] = score, False
                    used += 1
        poor = used == begin[s]
        if s > 0 and not poor and o >= 0:
            top = begin[s]
            for j in range(begin[s], used):
                if t_score[j] > t_score[top]:
                    top = j
            poor = t_say[top] < -4.5
        if s == 0 or (poor and o >= 0):
            base = 0.0 if s == 0 else before_best - JUMP
            count = near(px[aim[s]], py[aim[s]], seed_m, lay, around)
            if s == 0 and count == 0:
                nothing = np.empty(0, np.int32)
                return nothing, nothing, np.empty(0), np.empty(0, np.bool_)
            if used + count >= room:
                grown = max(2 * room, used + count + 1)
                t_cell, t_from, t_score, t_say, t_jump = _roomier(
                    t_cell, t_from, t_score, t_say, t_jump, grown
                )
                room = grown
            for k in range(count):
                cell = around[k]
                away = (x[cell] - px[aim[s]]) ** 2 + (y[cell] - py[aim[s]]) ** 2
                say = -min(away * weight, 0.5 * CAP)
                score = base + say
                if mark[cell] == s:
                    j = slot[cell]
                    if score <= t_score[j]:
                        continue
                else:
                    j = used
                    mark[cell], slot[cell] = s, j
                    used += 1
                t_cell[j], t_say[j], t_score[j] = cell, say, score
                t_from[j] = -1 if s == 0 else before_at
                t_jump[j] = True
        if used == begin[s]:  # nothing leads on: begin again at the next point that is seen
            for i in range(begin[s - 1], begin[s]):
                if used + 1 >= room:
                    break
                if i == before_at:
                    t_cell[used], t_from[used], t_say[used] = t_cell[i], i, 0.0
                    t_score[used], t_jump[used] = t_score[i] - JUMP, False
                    used += 1
    begin[count_steps] = used
    return _back(begin, t_cell, t_from, t_score, t_jump, steps, beam, lay, mid_turn, queue)


@njit(cache=True, nogil=True)
def _back(
    begin: Longs,
    t_cell: Ints,
    t_from: Ints,
    t_score: Floats,
    t_jump: Bools,
    taken: Steps,
    beam: float,
    lay: Lay,
    mid_turn: float,
    queue: Queue,
) -> tuple[Ints, Ints, Floats, Bools]:
    """The best hypothesis from its end to its beginning, with the cells in between."""
    expected, spread, most = taken.expected, taken.spread, taken.most
    q_cell, q_len, q_price, q_from = queue
    steps = len(begin) - 1
    chain = np.empty(steps, np.int64)
    top = begin[steps - 1]
    for j in range(begin[steps - 1], begin[steps]):
        if t_score[j] > t_score[top]:
            top = j
    for s in range(steps - 1, -1, -1):
        chain[s] = top
        top = t_from[top]
    room = steps * 4 + 1024
    cells, step = np.empty(room, np.int32), np.empty(room, np.int32)
    share, jump = np.empty(room, np.float64), np.zeros(room, np.bool_)
    cells[0], step[0], share[0], jump[0] = t_cell[chain[0]], 0, 1.0, True
    used = 1
    path = np.empty(_QUEUE, np.int32)
    for s in range(1, steps):
        one, other = chain[s - 1], chain[s]
        if used + 2048 >= room:
            grown = 2 * room + 4096
            cells, step = _longer_ints(cells, grown), _longer_ints(step, grown)
            share, jump = _longer(share, grown), _longer_flags(jump, grown)
            room = grown
        if t_jump[other]:
            cells[used], step[used], share[used], jump[used] = t_cell[other], s, 1.0, True
            used += 1
            continue
        count = _reach(t_cell[one], most[s], beam, lay, mid_turn, queue)
        narrow = 0.5 / (spread[s] * spread[s])
        least, found = np.inf, 0
        for k in range(count):
            if q_cell[k] == t_cell[other]:
                paid = q_price[k] + narrow * (q_len[k] - expected[s]) ** 2
                if paid < least:
                    least, found = paid, k
        n, k = 0, found
        while q_from[k] >= 0 and n < 2000:
            path[n] = k
            k = q_from[k]
            n += 1
        whole = q_len[found]
        for j in range(n - 1, -1, -1):
            cells[used], step[used], jump[used] = q_cell[path[j]], s, False
            share[used] = q_len[path[j]] / whole if whole > 0 else 1.0
            used += 1
        if n == 0:  # it stood still; the point is still seen from here
            cells[used], step[used], share[used], jump[used] = t_cell[other], s, 1.0, False
            used += 1
    return cells[:used], step[:used], share[:used], jump[:used]


@njit(cache=True, nogil=True)
def _roomier(
    cell: Ints,
    came: Ints,
    score: Floats,
    say: Floats,
    jump: NDArray[np.bool_],
    room: int,
) -> tuple[Ints, Ints, Floats, Floats, NDArray[np.bool_]]:
    """The trellis with room for more states."""
    return (
        _longer_ints(cell, room),
        _longer_ints(came, room),
        _longer(score, room),
        _longer(say, room),
        _longer_flags(jump, room),
    )


@njit(cache=True, nogil=True)
def _longer(given: Floats, room: int) -> Floats:
    out = np.empty(room, np.float64)
    out[: len(given)] = given
    return out


@njit(cache=True, nogil=True)
def _longer_ints(given: Ints, room: int) -> Ints:
    out = np.empty(room, np.int32)
    out[: len(given)] = given
    return out


@njit(cache=True, nogil=True)
def _longer_flags(given: NDArray[np.bool_], room: int) -> NDArray[np.bool_]:
    out = np.zeros(room, np.bool_)
    out[: len(given)] = given
    return out

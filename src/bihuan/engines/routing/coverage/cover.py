"""Coverage (覆盖): each section's passes, share cleared, grams, and whether the promise was kept.

“Not proven” is not “not done”. Not done: vehicles were heard all the time and none worked there.
Not proven: a vehicle may have worked there while it was not heard, or its device does not say
whether the plough was down.
"""

from dataclasses import dataclass

import numpy as np

from bihuan.engines.routing.coverage.trail import Trail, trail
from bihuan.engines.routing.coverage.ways import (
    DONE,
    KEPT,
    LATE,
    NOT_DONE,
    NOT_PROVEN,
    OPEN,
    PARTLY,
    VERDICTS,
    Ways,
)
from bihuan.engines.routing.matching.model import Bools, Bytes, Floats, Ints, Matched, Tracks
from bihuan.engines.routing.network import Longs
from bihuan.engines.routing.sphere import flat

ENOUGH = 0.95  # of a section's length: the ends lie within the crossings
LANE_M = 3.5  # width of a lane (CJJ 37-2012, table 5.3.1)
_UNHEARD_MS = 25 / 3.6  # as fast as this a vehicle may have come and gone unheard
_EVIDENCE = 3


@dataclass(frozen=True, eq=False)
class Wanted:
    """要求：每个路段方向要作业几遍（各车道合计）、哪一种作业、何时以前；NaN 为没有时限。"""

    passes: Ints  # (w,)
    due_s: Floats  # (w,)
    spread: Bools  # (w,) spreading is wanted, else ploughing


@dataclass(frozen=True)
class Row:
    """一个路段的一个方向：做了什么，凭什么说。"""

    section: str
    name: str
    direction: str
    length_m: float
    wanted: int
    passes: int
    share: float  # of the length, worked at least once and seen
    possible: float  # the same, if what was not heard is believed
    last_s: float  # NaN: never
    done_s: float  # NaN: not enough passes yet
    grams: float
    verdict: str
    evidence: tuple[int, ...]  # rows of Tracks


@dataclass(frozen=True, eq=False)
class Coverage:
    """覆盖结果：与路段方向逐行对应。"""

    ways: Ways
    wanted: Wanted
    passes: Ints
    share: Floats
    possible: Floats
    last_s: Floats
    done_s: Floats
    grams: Floats
    verdict: Bytes
    evidence: tuple[tuple[int, ...], ...]

    def row(self, way: int) -> Row:
        ways = self.ways
        one = ways.network.sections[int(ways.section[way])]
        return Row(
            one.code,
            one.name,
            ways.direction(way),
            float(ways.length_m[way]),
            int(self.wanted.passes[way]),
            int(self.passes[way]),
            float(self.share[way]),
            float(self.possible[way]),
            float(self.last_s[way]),
            float(self.done_s[way]),
            float(self.grams[way]),
            VERDICTS[int(self.verdict[way])],
            self.evidence[way],
        )

    def counts(self) -> dict[str, int]:
        """How many directions that must be worked have each verdict."""
        asked = self.verdict[self.wanted.passes > 0]
        return {name: int((asked == k).sum()) for k, name in enumerate(VERDICTS)}


def cover(
    ways: Ways, tracks: Tracks, matched: Matched, wanted: Wanted, *, now_s: float
) -> Coverage:
    """What the tracks prove of each direction of each section, up to `now_s`."""
    one = trail(ways.network, tracks, matched)
    past = one.at_s <= now_s
    of = ways.of[one.arc]
    asked = np.where(wanted.spread[of], one.spread, one.plough)
    here = past & (of >= 0)
    proven = here & one.seen & (asked == 1)
    maybe = here & (asked != 0)
    cell_way = np.repeat(ways.of, np.diff(one.first))
    cell_m = np.repeat(one.size_m, np.diff(one.first))
    passes, share, done = _times(ways, wanted, one, proven, cell_way, cell_m)
    able, possible, able_s = _times(ways, wanted, one, maybe, cell_way, cell_m)
    last = np.full(len(ways), -np.inf)
    np.maximum.at(last, of[proven], one.at_s[proven])
    return Coverage(
        ways,
        wanted,
        passes,
        share,
        possible,
        np.where(np.isfinite(last), last, np.nan),
        done,
        _grams(ways, one, here),
        _verdicts(ways, tracks, matched, wanted, (passes, share, done), (able, able_s), now_s),
        _evidence(ways, tracks, matched, one, proven),
    )


def _times(
    ways: Ways, wanted: Wanted, one: Trail, which: Bools, cell_way: Ints, cell_m: Floats
) -> tuple[Ints, Floats, Floats]:
    """Passes that 95 % of the length has had, the share that has had one, and when it had all."""
    w = len(ways)
    rows = np.flatnonzero(which)
    order = rows[np.lexsort((one.at_s[rows], one.cell[rows]))]
    cell = one.cell[order]
    new = np.ones(len(cell), dtype=bool)
    new[1:] = cell[1:] != cell[:-1]
    start = np.flatnonzero(new)
    rank = np.arange(len(cell)) - np.repeat(start, np.diff(np.append(start, len(cell)))) + 1
    inside = cell_way >= 0
    whole = np.bincount(cell_way[inside], weights=cell_m[inside], minlength=w).astype(np.float64)
    passes = np.zeros(w, dtype=np.int32)
    share, done = np.zeros(w), np.full(w, np.nan)
    for k in range(1, int(rank.max(initial=0)) + 1):
        at = order[rank == k]  # the k-th time that each cell was worked
        way = cell_way[one.cell[at]]
        had = np.bincount(way, weights=cell_m[one.cell[at]], minlength=w) / np.maximum(whole, 1e-9)
        if k == 1:
            share = np.minimum(had, 1.0)
        passes[had >= ENOUGH] = k
        full = (had >= ENOUGH) & (wanted.passes == k)
        if full.any():
            mine = at[full[way]]
            done[full] = _reached(cell_way, cell_m, one, mine, whole, w)[full]
    return passes, share, done


def _reached(
    cell_way: Ints, cell_m: Floats, one: Trail, at: Longs, whole: Floats, w: int
) -> Floats:
    """The moment at which 95 % of each length had been worked."""
    at = at[np.lexsort((one.at_s[at], cell_way[one.cell[at]]))]
    way, metres = cell_way[one.cell[at]], cell_m[one.cell[at]]
    total = np.cumsum(metres)
    before = np.concatenate([[0.0], total])[np.searchsorted(way, np.arange(w))]
    enough = total - before[way] >= ENOUGH * whole[way] - 1e-6
    out = np.full(w, np.nan)
    place = np.flatnonzero(enough)[::-1]  # the earliest of each way is written last
    out[way[place]] = one.at_s[at[place]]
    return out


def _grams(ways: Ways, one: Trail, here: Bools) -> Floats:
    """Grams = g/m² × metres × width of the lanes of that direction, where the spreader was on."""
    on = here & (one.spread == 1) & np.isfinite(one.rate_g_m2)
    width = LANE_M * np.maximum(ways.network.lanes[one.arc[on]], 1)
    spread = one.rate_g_m2[on] * one.metres[on] * width
    total = np.bincount(ways.of[one.arc[on]], weights=spread, minlength=len(ways))
    return total.astype(np.float64)


def _verdicts(
    ways: Ways,
    tracks: Tracks,
    matched: Matched,
    wanted: Wanted,
    proven: tuple[Ints, Floats, Floats],
    able: tuple[Ints, Floats],
    now_s: float,
) -> Bytes:
    passes, share, done = proven
    due = wanted.due_s
    finished = (passes >= wanted.passes) & (wanted.passes > 0)
    promised = np.isfinite(due)
    out = np.full(len(ways), NOT_DONE, dtype=np.int8)
    out[share > 0] = PARTLY
    by = np.where(promised, due, now_s)
    with np.errstate(invalid="ignore"):
        could = (able[0] >= wanted.passes) & (able[1] <= by)
        late = finished & promised & (done > due)
    unsure = could | _unheard(ways, tracks, matched, by, now_s)
    out[unsure] = NOT_PROVEN
    out[finished] = np.where(promised[finished], KEPT, DONE)
    # Proven late, and no way in which it may have been in time.
    out[late] = np.where(unsure[late], NOT_PROVEN, LATE)
    waiting = ~finished & (~promised | (due > now_s))
    out[waiting] = OPEN
    return out


def _unheard(ways: Ways, tracks: Tracks, matched: Matched, by_s: Floats, now_s: float) -> Bools:
    """May a vehicle have been there, and worked its length, while it was not heard?

    From where it was last heard to the section, along it and to where it was heard again: an
    ellipse of time (Pfoser & Jensen 1999, SSD '99, §3), with straight lines for ways.
    """
    out = np.zeros(len(ways), dtype=bool)
    driven = matched.driven
    if len(driven) < 2:
        return out
    x, y = _places(ways, matched)
    cut = np.flatnonzero((np.diff(driven.vehicle) == 0) & (np.diff(driven.part) != 0))
    for k in cut.tolist():
        a, b = int(driven.last[k]), int(driven.first[k + 1])
        if a < 0 or b < 0:
            continue
        begin, end = tracks.t_s[a], min(float(tracks.t_s[b]), now_s)
        way = np.hypot(ways.x - x[a], ways.y - y[a]) + np.hypot(ways.x - x[b], ways.y - y[b])
        out |= ((way + ways.length_m) / _UNHEARD_MS <= end - begin) & (begin < by_s)
    return out


def _places(ways: Ways, matched: Matched) -> tuple[Floats, Floats]:
    """Where each used point was, in flat metres: the middle of the arc it lies on."""
    net = ways.network
    at_lon, at_lat = float(net.node_lon.mean()), float(net.node_lat.mean())
    x, y = flat(net.node_lon, net.node_lat, at_lon=at_lon, at_lat=at_lat)
    arc = np.maximum(matched.arc, 0)
    head, tail = net.arc_head[arc], net.arc_tail[arc]
    return (x[head] + x[tail]) / 2, (y[head] + y[tail]) / 2


def _evidence(
    ways: Ways, tracks: Tracks, matched: Matched, one: Trail, proven: Bools
) -> tuple[tuple[int, ...], ...]:
    """A few points of the last proven passage of each way: first, middle, last."""
    found: list[tuple[int, ...]] = [()] * len(ways)
    worked = np.zeros(len(matched.driven), dtype=bool)
    worked[one.row[proven]] = True
    driven = matched.driven
    inside: dict[tuple[int, int], list[int]] = {}
    on = np.flatnonzero(matched.arc >= 0)
    on = on[np.argsort(tracks.t_s[on], kind="stable")]
    for point, arc in zip(on.tolist(), matched.arc[on].tolist(), strict=True):
        way = int(ways.of[arc])
        if way >= 0:
            inside.setdefault((way, int(tracks.vehicle[point])), []).append(point)
    rows = np.flatnonzero(worked)
    rows = rows[np.argsort(driven.to_s[rows], kind="stable")]
    for row in rows.tolist():
        way = int(ways.of[driven.arc[row]])
        points = inside.get((way, int(driven.vehicle[row])), [])
        near = [p for p in points if tracks.t_s[p] <= driven.to_s[row] + 1.0]
        latest = near[-12:]
        if latest:
            few = {latest[0], latest[len(latest) // 2], latest[-1]}
            found[way] = tuple(sorted(few, key=lambda p: tracks.t_s[p]))[:_EVIDENCE]
    return tuple(found)

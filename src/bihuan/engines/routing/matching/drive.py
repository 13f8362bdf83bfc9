"""From cells in driving order to rows of arcs driven, with times and the points that saw them."""

from dataclasses import dataclass

import numpy as np

from bihuan.engines.routing.matching.cells import Cells
from bihuan.engines.routing.matching.model import Bools, Driven, Floats, Ints, Longs, Params


@dataclass(frozen=True, eq=False)
class Way:
    """One piece as the search gives it: cells, the step of each, its share of the step, jumps."""

    cells: Ints
    step: Ints
    share: Floats
    jump: Bools
    point: Ints  # (steps,) the point seen after each step, -1
    begin_s: Floats  # (steps,) seconds at which each step begins and ends
    end_s: Floats


def drive(
    cells: Cells,
    way: Way,
    t: Floats,
    ids: tuple[Longs, Longs],
    vehicle: int,
    number: int,
    p: Params,
) -> tuple[Driven, Ints]:
    """The rows of one piece, and the cell of each of its points (-1: none)."""
    place = np.full(len(t), -1, dtype=np.int32)
    if not len(way.cells):
        return joined([]), place
    # The point of a step is where the step ends: at its last cell.
    ends = np.flatnonzero(np.append(way.step[1:] != way.step[:-1], True))
    point = np.full(len(way.cells), -1, dtype=np.int64)
    point[ends] = way.point[way.step[ends]]
    seen_at = point >= 0
    place[point[seen_at]] = way.cells[seen_at]
    when = way.begin_s[way.step] + way.share * (way.end_s - way.begin_s)[way.step]
    gap = np.diff(t, prepend=t[0])
    owner = np.flatnonzero(way.point >= 0)  # the step at which each point is seen
    of_point = way.point[owner[np.searchsorted(owner, way.step)]]
    seen = gap[of_point] <= p.seen_gap_s
    arc, cell = cells.arc[way.cells], way.cells
    new = np.ones(len(cell), dtype=bool)
    new[1:] = (
        (arc[1:] != arc[:-1]) | (cell[1:] < cell[:-1]) | way.jump[1:] | (seen[1:] != seen[:-1])
    )
    start = np.flatnonzero(new)
    stop = np.append(start[1:], len(cell)) - 1
    the_arc = arc[start]
    size, begin = cells.size_m[the_arc], cells.first[the_arc]
    low = (cell[start] - begin) * size
    high = (cell[stop] - begin + 1) * size
    # Seen and unseen stretches of one arc meet between two cells, not within one.
    same = np.zeros(len(start), dtype=bool)
    same[1:] = (the_arc[1:] == the_arc[:-1]) & ~way.jump[start[1:]]
    same[1:] &= cell[start[1:]] >= cell[stop[:-1]]
    low[1:] = np.where(same[1:], np.maximum(low[1:], high[:-1]), low[1:])
    part = number * 1000 + np.cumsum(way.jump[start]) - 1
    leave = when[stop].copy()
    goes_on = ~way.jump[start[1:]]
    leave[:-1][goes_on] = when[start[1:]][goes_on]
    where = np.flatnonzero(seen_at)
    a = np.searchsorted(where, start)
    b = np.searchsorted(where, stop, side="right") - 1
    some = b >= a
    first = np.full(len(start), -1, dtype=np.int64)
    last = first.copy()
    first[some] = ids[0][point[where[a[some]]]]
    last[some] = ids[1][point[where[b[some]]]]
    keep = high > low
    return Driven(
        np.full(int(keep.sum()), vehicle, dtype=np.int32),
        part[keep].astype(np.int32),
        the_arc[keep],
        low[keep],
        high[keep],
        when[start][keep],
        np.maximum(leave, when[start])[keep],
        seen[start][keep],
        first[keep].astype(np.int32),
        last[keep].astype(np.int32),
    ), place


def joined(parts: list[Driven]) -> Driven:
    """Several records as one."""
    kinds = (np.int32, np.int32, np.int32, float, float, float, float, bool, np.int32, np.int32)
    names = (
        "vehicle", "part", "arc", "from_m", "to_m", "from_s", "to_s", "seen", "first", "last",
    )  # fmt: skip
    return Driven(
        *(
            np.concatenate([getattr(one, name) for one in parts]).astype(kind)
            if parts
            else np.empty(0, dtype=kind)
            for name, kind in zip(names, kinds, strict=True)
        )
    )

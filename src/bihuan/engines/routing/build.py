"""From streets as a map has them to a network (建网): cut at junctions, classed, joined, named."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bihuan.engines.routing.faults import Fault, refuse, unfit
from bihuan.engines.routing.mapping import RoadMapping
from bihuan.engines.routing.network import (
    KINDS,
    Bools,
    Bytes,
    Floats,
    Ints,
    Longs,
    Network,
    Singles,
)
from bihuan.engines.routing.sections import sectioned
from bihuan.engines.routing.sphere import distance_m
from bihuan.engines.routing.streets import Streets, Way
from bihuan.engines.routing.strong import CutOff, strong_part, told

_LEAST_SHARE = 0.5  # a network of which less hangs together is told as falling apart


@dataclass(frozen=True)
class Built:
    """建成的路网，连同不通的部分和要告诉人的事。"""

    network: Network
    cut_off: CutOff
    notes: tuple[Fault, ...] = ()


def build(streets: Streets, mapping: RoadMapping) -> Built:
    """The largest network that hangs together; Unfit with every fault where there is none."""
    refuse(_place_faults(streets))
    driven = [
        at for at, way in enumerate(streets.ways) if way.tag in mapping.rows and len(way.points) > 1
    ]
    ways = [streets.ways[at] for at in driven]
    if not ways:
        raise unfit("roads_no_drivable", lines=len(streets.ways))
    pieces = _cut(streets, ways)
    arcs = _arcs(ways, pieces, mapping)
    keep = strong_part(len(streets.lon), arcs.tail, arcs.head, arcs.length_m)
    if not keep.any():
        raise unfit("roads_nothing_connected", arcs=len(keep))
    cut_off = told(keep, arcs.tail, arcs.head, arcs.kind, arcs.length_m)
    network = _network(streets, ways, pieces, arcs, keep, mapping)
    of = np.array(driven)[pieces.way[arcs.piece[keep]]]
    points = np.unique(np.concatenate([arcs.tail[keep], arcs.head[keep]]))
    network = sectioned(replace(network, forbidden=_forbidden(streets, network, of, points)))
    notes = []
    if cut_off.kept_share < _LEAST_SHARE:
        notes.append(Fault("roads_falls_apart", {"kept": round(100 * cut_off.kept_share, 1)}))
    return Built(network, cut_off, tuple(notes))


def _place_faults(streets: Streets) -> Sequence[Fault]:
    """Places that are not on the earth, or whose two numbers changed places."""
    if not len(streets.lon):
        return [Fault("roads_no_lines")]
    used = np.zeros(len(streets.lon), dtype=bool)
    for way in streets.ways:
        used[list(way.points)] = True
    lon, lat = streets.lon[used], streets.lat[used]
    if not len(lon):
        return [Fault("roads_no_lines")]
    bad = ~(np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= 90))
    arctic = bool((lat >= 73).all() and (lon >= 3).all() and (lon <= 54).all())
    if arctic or (bad.any() and (np.abs(lat[bad]) <= 180).all() and (np.abs(lon[bad]) <= 90).all()):
        at = int(np.argmax(bad)) if bad.any() else 0
        return [Fault("roads_swapped", {"lon": float(lon[at]), "lat": float(lat[at])})]
    if bad.any():
        at = int(np.argmax(bad))
        projected = np.abs(lon[at]) > 1000 or np.abs(lat[at]) > 1000
        code = "roads_projected" if projected else "roads_outside_earth"
        found = {"lon": float(lon[at]), "lat": float(lat[at]), "places": int(bad.sum())}
        return [Fault(code, found)]
    return []


@dataclass(frozen=True, eq=False)
class _Pieces:
    """Lines between junctions: places in one long row of points, and the way each is of."""

    row: Ints  # points of all ways, one way after the other
    way: Ints  # (k,)
    first: Longs  # (k,) in `row`
    last: Longs
    length_m: Floats


def _cut(streets: Streets, ways: Sequence[Way]) -> _Pieces:
    """Ways cut at every point where another line, or the same once more, passes or ends."""
    row = np.array([p for way in ways for p in way.points], dtype=np.int32)
    size = np.array([len(way.points) for way in ways])
    end = np.cumsum(size)
    begin = end - size
    of = np.repeat(np.arange(len(ways), dtype=np.int32), size)
    uses = np.bincount(row, minlength=len(streets.lon))
    stop = uses[row] > 1
    stop[begin] = True
    stop[end - 1] = True
    stop |= _middles(row, begin, end, stop)
    at = np.flatnonzero(stop)
    whole = of[at[:-1]] == of[at[1:]]
    first, last = at[:-1][whole], at[1:][whole]
    lon, lat = streets.lon[row], streets.lat[row]
    step = np.concatenate([[0.0], distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:])])
    along = np.cumsum(step)
    length = along[last] - along[first]
    real = (row[first] != row[last]) & (length > 0)
    return _Pieces(row, of[first][real], first[real], last[real], length[real])


def _middles(row: Ints, begin: Longs, end: Longs, stop: Bools) -> Bools:
    """A line that comes back to its own start without a junction is cut once in its middle."""
    more = np.zeros(len(row), dtype=bool)
    at = np.flatnonzero(stop)
    same = (row[at[:-1]] == row[at[1:]]) & (at[1:] - at[:-1] > 1)
    inside = np.searchsorted(begin, at[:-1], "right") == np.searchsorted(begin, at[1:], "right")
    loop = same & inside
    more[(at[:-1][loop] + at[1:][loop]) // 2] = True
    return more


@dataclass(frozen=True, eq=False)
class _Arcs:
    """Directed arcs over pieces."""

    piece: Ints
    along: Bools  # in the direction the line was drawn
    tail: Ints
    head: Ints
    length_m: Floats
    kind: np.ndarray
    back: Ints


def _arcs(ways: Sequence[Way], pieces: _Pieces, mapping: RoadMapping) -> _Arcs:
    direction = np.array([_direction(way, mapping) for way in ways], dtype=np.int8)
    kinds = np.array([KINDS.index(mapping.rows[way.tag].kind) for way in ways], dtype=np.int8)
    sense = direction[pieces.way]
    count = len(pieces.way)
    # Two places for every piece, there and back, of which one-way streets use one.
    piece = np.repeat(np.arange(count, dtype=np.int32), 2)
    along = np.tile(np.array([True, False]), count)
    used = np.where(along, sense[piece] >= 0, sense[piece] <= 0)
    number = np.where(used, np.cumsum(used) - 1, -1).astype(np.int32)
    back = number[np.arange(2 * count) ^ 1]
    piece, along, back = piece[used], along[used], back[used]
    a, b = pieces.row[pieces.first][piece], pieces.row[pieces.last][piece]
    return _Arcs(
        piece,
        along,
        np.where(along, a, b),
        np.where(along, b, a),
        pieces.length_m[piece],
        kinds[pieces.way][piece],
        back,
    )


def _direction(way: Way, mapping: RoadMapping) -> int:
    if way.oneway is not None:
        return way.oneway
    return 1 if mapping.rows[way.tag].oneway else 0


def _network(
    streets: Streets,
    ways: Sequence[Way],
    pieces: _Pieces,
    arcs: _Arcs,
    keep: Bools,
    mapping: RoadMapping,
) -> Network:
    """The kept arcs, numbered anew, without sections yet."""
    piece, along = arcs.piece[keep], arcs.along[keep]
    number = np.where(keep, np.cumsum(keep) - 1, -1).astype(np.int32)
    back = arcs.back[keep]
    back = np.where(back >= 0, number[back], -1).astype(np.int32)
    tail, head = arcs.tail[keep], arcs.head[keep]
    points = np.unique(np.concatenate([tail, head]))
    of = pieces.way[piece]
    slope = np.array([way.slope for way in ways], dtype=np.float32)[of]
    start, lon, lat = _shapes(streets, pieces, piece, along)
    called = [_called(way) for way in ways]
    names = tuple(sorted(set(called)))
    place = {name: at for at, name in enumerate(names)}
    return Network(
        node_lon=streets.lon[points],
        node_lat=streets.lat[points],
        arc_tail=np.searchsorted(points, tail).astype(np.int32),
        arc_head=np.searchsorted(points, head).astype(np.int32),
        length_m=arcs.length_m[keep],
        kind=arcs.kind[keep],
        lanes=_lanes(ways, mapping, of, along, back),
        speed_kmh=_speeds(ways, mapping)[of],
        bridge=np.array([way.bridge for way in ways])[of],
        tunnel=np.array([way.tunnel for way in ways])[of],
        layer=np.array([way.layer for way in ways], dtype=np.int8)[of],
        icing=_icing(ways, mapping)[of],
        slope=np.where(along, slope, -slope).astype(np.float32),
        back=back,
        name=np.array([place[name] for name in called], dtype=np.int32)[of],
        names=names,
        shape_start=start,
        shape_lon=lon,
        shape_lat=lat,
        section=np.full(len(piece), -1, dtype=np.int32),
        sections=(),
        attribution=streets.attribution,
    )


def _forbidden(streets: Streets, network: Network, of: Longs, points: Ints) -> Ints:
    """Pairs of arcs that the map forbids, from the ways they are of (`of`) and their junction."""
    pairs: set[tuple[int, int]] = set()
    for turn in streets.turns:
        node = int(np.searchsorted(points, turn.via))
        if node == len(points) or points[node] != turn.via:
            continue  # nothing else meets there, or it was cut off
        out = network.out_arcs[int(network.out_start[node]) : int(network.out_start[node + 1])]
        coming = np.flatnonzero((network.arc_head == node) & np.isin(of, turn.from_ways))
        wanted = np.isin(of[out], turn.to_ways)
        if turn.only and not wanted.any():
            continue
        for a in coming.tolist():
            pairs.update((a, int(b)) for b in out[~wanted if turn.only else wanted])
    return np.array(sorted(pairs), dtype=np.int32).reshape(-1, 2)


def _called(way: Way) -> str:
    """经南八路潮河大桥: a bridge with a name of its own is called by both."""
    if not way.bridge_name or way.bridge_name in way.name:
        return way.name
    return f"{way.name}{way.bridge_name}"


def _lanes(ways: Sequence[Way], mapping: RoadMapping, of: Ints, along: Bools, back: Ints) -> Bytes:
    """Lanes in the direction of each arc; where the map is silent, as the class usually has."""
    usual = np.array([mapping.rows[way.tag].lanes for way in ways])[of]
    both = np.array([way.lanes for way in ways])[of]
    own = np.where(
        along,
        np.array([way.lanes_along for way in ways])[of],
        np.array([way.lanes_against for way in ways])[of],
    )
    share = np.where(back >= 0, (both + 1) // 2, both)
    lanes = np.where(own > 0, own, np.where(both > 0, share, usual))
    return np.clip(lanes, 1, 12).astype(np.int8)


def _speeds(ways: Sequence[Way], mapping: RoadMapping) -> Singles:
    return np.array(
        [
            mapping.rows[way.tag].speed_kmh if math.isnan(way.speed_kmh) else way.speed_kmh
            for way in ways
        ],
        dtype=np.float32,
    )


def _icing(ways: Sequence[Way], mapping: RoadMapping) -> Bools:
    """Where ice comes first: what the map or the table says is so."""
    rule = mapping.icing
    return np.array(
        [
            way.icing
            or (rule.bridge and way.bridge)
            or (rule.tunnel and way.tunnel)
            or (rule.ramp and mapping.rows[way.tag].ramp)
            or abs(way.slope) >= rule.slope  # never true of an unknown slope
            for way in ways
        ],
        dtype=bool,
    )


def _shapes(
    streets: Streets, pieces: _Pieces, piece: Ints, along: Bools
) -> tuple[Longs, Floats, Floats]:
    """The points of every arc, in its own direction, one arc after the other."""
    first, last = pieces.first[piece], pieces.last[piece]
    size = last - first + 1
    start = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
    step = np.arange(start[-1]) - np.repeat(start[:-1], size)
    at = np.where(
        np.repeat(along, size), np.repeat(first, size) + step, np.repeat(last, size) - step
    )
    point = pieces.row[at]
    return start, streets.lon[point], streets.lat[point]

"""Sections (路段): the stretch of a street between two cross streets, as a duty officer calls it.

“第五大街（航海路—经南三路）” holds both directions and both carriageways. Its code is made of these
names, so that it stays when the map is built again; only where names do not tell two stretches
apart does the place of their ends come in.
"""

import base64
import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from bihuan.engines.routing.crossings import DEAD_END, UNNAMED_CROSSING, Crossings, metres
from bihuan.engines.routing.network import KINDS, Network, Section
from bihuan.engines.routing.runs import directions, junctions, turn
from bihuan.engines.routing.sphere import flat

UNNAMED = "无名路"
RAMP = "匝道"
LINK = "连接段"
_WITHIN_CROSSING_M = 80.0  # between the carriageways of one cross street
_SHORT_M = 60.0  # a stretch nobody would name of itself
_APART_M = 80.0  # two carriageways of one street are nearer than this


@dataclass(frozen=True)
class _Piece:
    """One direction of a stretch: its arcs in order, and the cross streets at its two ends."""

    arcs: tuple[int, ...]
    street: str
    kind: int
    ends: tuple[str, str]
    length_m: float


def sectioned(network: Network) -> Network:
    """The same network with every arc in a named section."""
    crossings = Crossings(network)
    pieces = _pieces(network, crossings)
    groups = _groups(network, pieces)
    made = [_section(network, [pieces[at] for at in group]) for group in groups]
    made = _coded(network, _near_something(network, made, crossings))
    made.sort(key=lambda one: (KINDS.index(one.kind), one.name, one.code))
    section = np.full(network.arcs, -1, dtype=np.int32)
    for at, one in enumerate(made):
        section[list(one.arcs)] = at
    return replace(network, section=section, sections=tuple(made))


def _pieces(network: Network, crossings: Crossings) -> list[_Piece]:
    after = _goes_on(network, crossings)
    first = np.setdiff1d(np.arange(network.arcs), [at for at in after if at >= 0]).tolist()
    seen = [False] * network.arcs
    pieces = []
    for start in [*first, *range(network.arcs)]:  # then rings
        if seen[start]:
            continue
        chain, at = [], start
        while at >= 0 and not seen[at]:
            seen[at] = True
            chain.append(at)
            at = after[at]
        pieces.append(_piece(network, chain, crossings))
    return pieces


def _goes_on(network: Network, crossings: Crossings) -> list[int]:
    """(m,) the arc with which a stretch goes on past a junction, -1 where it ends."""
    leave, enter = (one.tolist() for one in directions(network))
    back, name, kind = network.back.tolist(), network.name.tolist(), network.kind.tolist()
    head = network.arc_head.tolist()
    after = [-1] * network.arcs
    for coming, going in junctions(network, np.ones(network.arcs, dtype=bool)):
        node = head[coming[0]]
        for a in coming:
            street = network.names[name[a]]
            if street and crossings.divides(node, street, kind[a]):
                continue
            alike = [b for b in going if back[a] != b and name[b] == name[a] and kind[b] == kind[a]]
            if not alike or (not street and len(going) - (back[a] in going) > 1):
                continue
            b = min(alike, key=lambda one: (abs(turn(enter[a], leave[one])), one))
            rivals = [
                c for c in coming if back[b] != c and name[c] == name[a] and kind[c] == kind[a]
            ]
            if min(rivals, key=lambda one: (abs(turn(enter[one], leave[b])), one)) != a:
                continue
            if not street and len(coming) - (back[b] in coming) > 1:
                continue
            after[a] = b
    return after


def _piece(network: Network, chain: list[int], crossings: Crossings) -> _Piece:
    street = network.names[network.name[chain[0]]]
    ends = (
        crossings.end(int(network.arc_tail[chain[0]]), street),
        crossings.end(int(network.arc_head[chain[-1]]), street),
    )
    length = float(network.length_m[chain].sum())
    return _Piece(tuple(chain), street, int(network.kind[chain[0]]), ends, length)


def _groups(network: Network, pieces: list[_Piece]) -> list[list[int]]:
    """Pieces of one section: the way back, the other carriageway, bits inside a crossing."""
    of = {arc: at for at, piece in enumerate(pieces) for arc in piece.arcs}
    parent = list(range(len(pieces)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for one, other in _pairs(network, pieces, of):
        a, b = root(one), root(other)
        parent[max(a, b)] = min(a, b)
    groups: dict[int, list[int]] = defaultdict(list)
    for at in range(len(pieces)):
        groups[root(at)].append(at)
    return list(groups.values())


def _pairs(network: Network, pieces: list[_Piece], of: dict[int, int]) -> Iterator[tuple[int, int]]:
    for at, piece in enumerate(pieces):
        for arc in piece.arcs:
            if network.back[arc] >= 0:
                yield at, of[int(network.back[arc])]
    yield from _carriageways(network, pieces)
    yield from _inside_crossings(network, pieces)


def _carriageways(network: Network, pieces: list[_Piece]) -> Iterator[tuple[int, int]]:
    """Pieces of one street side by side: between the same two streets, or there and back."""
    alike: dict[tuple[str, int], list[int]] = defaultdict(list)
    for at, piece in enumerate(pieces):
        if piece.street and network.back[piece.arcs[0]] < 0:
            alike[piece.street, piece.kind].append(at)
    for places in alike.values():
        middle = {at: _middle(network, pieces[at]) for at in places}
        for at, one in enumerate(places):
            for other in places[at + 1 :]:
                apart = float(np.hypot(*(middle[one] - middle[other])))
                if _beside(network, pieces[one], pieces[other], apart):
                    yield one, other


def _beside(network: Network, one: _Piece, other: _Piece, apart: float) -> bool:
    short, longest = sorted((one.length_m, other.length_m))
    if set(one.ends) == set(other.ends):
        return apart < max(_APART_M, 0.2 * longest)
    # One side may end at a street that the other does not meet.
    return apart < _APART_M and short > 0.8 * longest and _against(network, one, other)


def _against(network: Network, one: _Piece, other: _Piece) -> bool:
    """Do two pieces run in opposite directions?"""
    (a, b), (c, d) = _ends(network, one), _ends(network, other)
    lon, lat = network.node_lon, network.node_lat
    shrink = np.cos(np.radians(lat[a])) ** 2
    return bool(
        (lon[b] - lon[a]) * (lon[d] - lon[c]) * shrink + (lat[b] - lat[a]) * (lat[d] - lat[c]) < 0
    )


def _middle(network: Network, piece: _Piece) -> np.ndarray:
    """The place half way along, in metres."""
    half, gone = piece.length_m / 2, 0.0
    for arc in piece.arcs:
        if gone + network.length_m[arc] >= half:
            break
        gone += float(network.length_m[arc])
    lon, lat = network.geometry(arc)
    x, y = flat(lon, lat, at_lon=float(network.node_lon[0]), at_lat=float(network.node_lat[0]))
    along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    share = min((half - gone) / max(float(network.length_m[arc]), 1e-9), 1.0)
    want = share * along[-1]
    return np.array([np.interp(want, along, x), np.interp(want, along, y)])


def _inside_crossings(network: Network, pieces: list[_Piece]) -> Iterator[tuple[int, int]]:
    """A bit inside a crossing goes with the stretch of its street before or after it."""
    touching: dict[tuple[int, str, int], list[int]] = defaultdict(list)
    for at, piece in enumerate(pieces):
        if piece.street:
            for node in _ends(network, piece):
                touching[node, piece.street, piece.kind].append(at)
    for at, piece in enumerate(pieces):
        same = piece.ends[0] == piece.ends[1]
        if not piece.street or piece.length_m >= (_WITHIN_CROSSING_M if same else _SHORT_M):
            continue
        beside = [
            other
            for node in _ends(network, piece)
            for other in touching[node, piece.street, piece.kind]
            if other != at and pieces[other].length_m > piece.length_m
        ]
        if beside:
            yield at, max(beside, key=lambda one: (pieces[one].length_m, -one))


def _ends(network: Network, piece: _Piece) -> tuple[int, int]:
    return int(network.arc_tail[piece.arcs[0]]), int(network.arc_head[piece.arcs[-1]])


def _section(network: Network, pieces: list[_Piece]) -> Section:
    """A section without its code; the main piece says its name."""
    main = max(pieces, key=lambda one: (one.ends[0] != one.ends[1], one.length_m))
    arcs = tuple(sorted({arc for piece in pieces for arc in piece.arcs}))
    first, last = _ordered(network, main)
    ramp = bool(network.icing[list(main.arcs)].any()) and KINDS[main.kind] != "other"
    return Section(
        code="",
        name=_name(main.street or (RAMP if ramp else UNNAMED), first, last),
        kind=KINDS[main.kind],
        arcs=arcs,
        length_m=_street_length(pieces, main),
        street=main.street,
        icing=bool(network.icing[list(arcs)].any()),
    )


def _name(street: str, first: str, last: str) -> str:
    """第五大街（航海路—经南三路）; a bridge within its own street needs no more than its name."""
    if first == last and street != first and street.startswith(first):
        return street
    if first == last and street in (RAMP, UNNAMED) and first not in (DEAD_END, UNNAMED_CROSSING):
        return f"{first}{RAMP if street == RAMP else LINK}"
    # 经南八路（第六大街—潮河大桥）: the bridge's street is already said.
    if street not in (RAMP, UNNAMED):
        first, last = first.removeprefix(street) or first, last.removeprefix(street) or last
    return f"{street}（{first}—{last}）"


def _near_something(network: Network, made: list[Section], crossings: Crossings) -> list[Section]:
    """无名路（近长江路）: where neither street nor ends have a name, the nearest street's."""
    nameless = [
        at
        for at, one in enumerate(made)
        if not one.street
        and set(one.name.partition("（")[2].rstrip("）").split("—")) <= {DEAD_END, UNNAMED_CROSSING}
    ]
    x, y = metres(network)
    tails = [network.arc_tail[list(made[at].arcs)] for at in nameless]
    middle_x = np.array([x[one].mean() for one in tails])
    middle_y = np.array([y[one].mean() for one in tails])
    out = list(made)
    for at, street in zip(nameless, crossings.nearest(middle_x, middle_y), strict=True):
        if street:
            out[at] = replace(made[at], name=f"{made[at].name.split('（')[0]}（近{street}）")
    return out


def _ordered(network: Network, piece: _Piece) -> tuple[str, str]:
    """The ends as people read a map: from west to east, else from north to south."""
    tail, head = _ends(network, piece)
    east = float(network.node_lon[head] - network.node_lon[tail])
    north = float(network.node_lat[head] - network.node_lat[tail])
    east *= float(np.cos(np.radians(network.node_lat[tail])))
    forward = east > 0 if abs(east) > abs(north) else north < 0
    return piece.ends if forward else (piece.ends[1], piece.ends[0])


def _street_length(pieces: list[_Piece], main: _Piece) -> float:
    """The street's own length: a carriageway each way counts once."""
    beside = [
        piece.length_m
        for piece in pieces
        if set(piece.ends) == set(main.ends) and piece.length_m > _WITHIN_CROSSING_M
    ]
    return float(np.mean(beside)) if beside else main.length_m


def _coded(network: Network, made: list[Section]) -> list[Section]:
    """Codes of the names; where these are not enough, of the names and of the place."""
    by_name: dict[str, list[int]] = defaultdict(list)
    for at, one in enumerate(made):
        by_name[_key(one)].append(at)
    out, taken = list(made), set()
    for key in sorted(by_name):
        places = by_name[key]
        for at in places:
            own = (
                key if len(places) == 1 and made[at].street else f"{key}{_spot(network, made[at])}"
            )
            code, again = _code(own), 0
            while code in taken:
                again += 1
                code = _code(f"{own}#{again}")
            taken.add(code)
            out[at] = replace(made[at], code=code)
    return out


def _key(one: Section) -> str:
    street, ends = one.name.rstrip("）").split("（", 1) if "（" in one.name else (one.name, "")
    return "|".join([street, one.kind, *sorted(ends.split("—"))])


def _spot(network: Network, one: Section) -> str:
    """Where a section lies, to about ten metres."""
    arcs = list(one.arcs)
    lon = np.concatenate([network.node_lon[network.arc_tail[arcs]]]).mean()
    lat = np.concatenate([network.node_lat[network.arc_tail[arcs]]]).mean()
    return f"@{lon:.4f},{lat:.4f}"


def _code(words: str) -> str:
    """Eight letters and digits that are not mistaken for each other (RFC 4648, base 32)."""
    return base64.b32encode(hashlib.sha256(words.encode()).digest()[:5]).decode()

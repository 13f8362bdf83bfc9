"""The sample zone's streets (示意路网): a drawing with the road names of a printed page.

Nothing here was surveyed. Lengths, lanes, bridges, yards and entrances are made up so that the
snow window can be tried; every record says 示意. Metres east and north of one place, then degrees.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from bihuan.engines.routing.build import build
from bihuan.engines.routing.network import Network
from bihuan.engines.routing.sphere import RADIUS_M
from bihuan.engines.routing.streets import Streets, Way
from bihuan.exchange.roads.mapping import default

NOTE = "示意路网，示例数据，不是测绘成果"
_LON, _LAT = 113.742, 34.722  # where 第三大街 meets 航海路 on this drawing
_TURN = np.radians(2.0)  # the grid is not laid out due north
_HALF_M = 14.0  # between the middle of 航海路 and each of its carriageways

Point = tuple[float, float]


@dataclass(frozen=True)
class Place:
    """示意部位：桥梁、路口、地铁口、公园等；`icing` 是易结冰部位。"""

    kind: str  # bridge, crossing, metro, park, square, pavement, hospital, school
    name: str
    lon: float
    lat: float
    icing: bool = False
    note: str = NOTE


@dataclass(frozen=True)
class Yard:
    """示意停车场：一家环卫公司的车从这里出发；`refill` 是能补融雪剂。"""

    name: str
    company: str
    lon: float
    lat: float
    refill: bool
    note: str = NOTE


@dataclass(frozen=True)
class Ground:
    """示意底图：河和绿地的轮廓，只为看图。"""

    kind: str  # water (a line), green (a ring)
    name: str
    lonlat: tuple[Point, ...]
    note: str = NOTE


@dataclass(frozen=True)
class Schematic:
    """示意路网，连同部位、停车场和底图。"""

    network: Network
    places: tuple[Place, ...]
    yards: tuple[Yard, ...]
    ground: tuple[Ground, ...]
    note: str = NOTE


# Name, highway tag, lanes in both directions, the line it follows.
_AVENUES: Sequence[tuple[str, str, int, Sequence[Point]]] = (
    ("第三大街", "secondary", 4, ((0, 700), (0, -2600))),
    ("第五大街", "primary", 6, ((900, 700), (900, -2600))),
    ("第六大街", "tertiary", 2, ((1500, 700), (1500, -2600))),
    ("第八大街", "primary", 6, ((2400, 700), (2400, -1800))),
    ("第八大街", "primary", 6, ((2400, -2320), (2400, -2600))),
    ("第九大街", "tertiary", 2, ((3000, 700), (3000, -1800))),
    ("第十大街", "secondary", 4, ((3700, 700), (3700, -1800))),
    ("经北一路", "secondary", 4, ((0, 700), (3700, 700))),
    ("经南一路", "tertiary", 2, ((0, -500), (3700, -500))),
    ("经南三路", "secondary", 4, ((0, -1100), (3700, -1100))),
    ("经南五路", "tertiary", 2, ((0, -1800), (3700, -1800))),
    ("经南八路", "primary", 6, ((0, -2600), (1830, -2600))),
    ("经南八路", "primary", 6, ((2070, -2600), (2400, -2600))),
    ("滨河路", "tertiary", 2, ((900, -2200), (1500, -2200), (1700, -2160), (1700, -1800))),
)
_BRIDGES: Sequence[tuple[str, str, int, Sequence[Point]]] = (
    ("经南八路", "潮河大桥", 6, ((1830, -2600), (2070, -2600))),
    ("第八大街", "潮河桥", 6, ((2400, -2080), (2400, -2320))),
)
# The way down to the bridge, which freezes first.
_SLOPES: Sequence[tuple[str, str, int, float, Sequence[Point]]] = (
    ("第八大街", "primary", 6, -0.04, ((2400, -1800), (2400, -2080))),
)
# 背街小巷; the ones marked -> are one-way along their points.
_LANES: Sequence[tuple[str, bool, Sequence[Point]]] = (
    ("航南一巷", False, ((300, -_HALF_M), (300, -500))),
    ("航南二巷", False, ((600, -_HALF_M), (600, -500))),
    ("航南横巷", False, ((300, -260), (600, -260))),
    ("工业一巷", True, ((900, -750), (1500, -750))),
    ("工业二巷", True, ((1500, -900), (900, -900))),
    ("经开里一巷", False, ((1800, -1100), (1800, -1800))),
    ("经开里二巷", False, ((2100, -1100), (2100, -1800))),
    ("经开里横巷", False, ((1500, -1450), (2400, -1450))),
    ("电商巷", False, ((2700, -_HALF_M), (2700, -500))),
    ("物流一巷", False, ((3000, -750), (3350, -800), (3700, -750))),
    ("物流二巷", False, ((3350, -500), (3350, -1100))),
    ("物流三巷", False, ((3350, -1100), (3350, -1800))),
    ("学苑一巷", False, ((450, -1100), (450, -1800))),
    ("学苑横巷", False, ((0, -1450), (900, -1450))),
    ("潮河一巷", False, ((450, -1800), (450, -2600))),
    ("潮河横巷", False, ((0, -2200), (450, -2240), (900, -2200))),
    ("经北一巷", False, ((1200, 700), (1200, _HALF_M))),
    ("经北二巷", False, ((1950, 700), (1950, _HALF_M))),
    ("经北三巷", False, ((3350, 700), (3350, _HALF_M))),
    ("经北横巷", False, ((1200, 360), (1500, 360))),
    ("地铁东巷", False, ((2100, -500), (2100, -1100))),
    ("地铁横巷", False, ((1500, -800), (2400, -800))),
)
_PLACES: Sequence[tuple[str, str, Point, bool]] = (
    ("bridge", "经南八路潮河大桥", (1950, -2600), True),
    ("bridge", "第八大街潮河桥", (2400, -2200), True),
    ("crossing", "航海路第三大街口", (0, 0), False),
    ("crossing", "航海路第五大街口", (900, 0), False),
    ("crossing", "航海路第八大街口", (2400, 0), False),
    ("crossing", "经南三路第五大街口", (900, -1100), False),
    ("crossing", "经南三路第八大街口", (2400, -1100), False),
    ("crossing", "经南八路第五大街口", (900, -2600), False),
    ("metro", "航海路第五大街地铁站A口", (940, 40), False),
    ("metro", "航海路第五大街地铁站B口", (860, 40), False),
    ("metro", "航海路第五大街地铁站C口", (860, -40), False),
    ("metro", "航海路第八大街地铁站A口", (2440, 40), False),
    ("metro", "航海路第八大街地铁站B口", (2440, -40), False),
    ("park", "经开滨河公园", (1950, -2330), True),
    ("square", "经开广场", (1200, -250), False),
    ("pavement", "第五大街西侧人行道（航海路至经南三路）", (880, -560), False),
    ("pavement", "航海路北侧人行道（第五大街至第八大街）", (1650, 34), False),
    ("hospital", "示意医院门前", (1560, -1160), False),
    ("school", "示意学校门前", (520, -1400), False),
    ("ramp", "第八大街潮河桥北引道坡段", (2400, -1960), True),
)
_YARDS: Sequence[tuple[str, str, Point, bool]] = (
    ("一号停车场", "环卫一公司（示例）", (300, -260), True),
    ("二号停车场", "环卫二公司（示例）", (1200, 360), True),
    ("三号停车场", "环卫三公司（示例）", (3350, -800), True),
    ("四号停车场", "环卫四公司（示例）", (2100, -1450), False),
    ("五号停车场", "环卫五公司（示例）", (450, -2240), True),
    ("六号停车场", "环卫六公司（示例）", (1500, -2200), False),
)
_RIVER: Sequence[Point] = (
    (1950, -3000),
    (1950, -2600),
    (2030, -2330),
    (2220, -2210),
    (2400, -2200),
    (2900, -2220),
    (3400, -2150),
    (4000, -2180),
)
_PARK: Sequence[Point] = ((1760, -2240), (1960, -2190), (1990, -2380), (1880, -2520), (1750, -2480))


@cache
def sample() -> Schematic:
    """示意路网：建好的路网和它的部位。"""
    network = build(streets(), default()).network
    return Schematic(
        network,
        tuple(Place(kind, name, *_lonlat(at), icing) for kind, name, at, icing in _PLACES),
        tuple(Yard(name, company, *_lonlat(at), refill) for name, company, at, refill in _YARDS),
        (
            Ground("water", "潮河", tuple(map(_lonlat, _RIVER))),
            Ground("green", "经开滨河公园", tuple(map(_lonlat, (*_PARK, _PARK[0])))),
        ),
    )


def streets() -> Streets:
    """The drawing as streets: lines that cross are given the crossing as a common point."""
    lines = list(_lines())
    met = [_with_crossings(line, [other for other, _way in lines]) for line, _way in lines]
    place = {point: at for at, point in enumerate(dict.fromkeys(p for line in met for p in line))}
    lonlat = np.array([_lonlat(point) for point in place])
    ways = tuple(
        Way(tuple(place[point] for point in line), **attributes)  # type: ignore[arg-type]
        for line, (_line, attributes) in zip(met, lines, strict=True)
    )
    return Streets(lonlat[:, 0], lonlat[:, 1], ways, NOTE)


def _lines() -> Iterator[tuple[Sequence[Point], dict[str, object]]]:
    for name, tag, lanes, line in _AVENUES:
        yield line, {"tag": tag, "name": name, "lanes": lanes}
    for name, bridge, lanes, line in _BRIDGES:
        about = {"tag": "primary", "name": name, "lanes": lanes, "bridge_name": bridge}
        yield line, {**about, "bridge": True, "layer": 1}
    for name, tag, lanes, slope, line in _SLOPES:
        yield line, {"tag": tag, "name": name, "lanes": lanes, "slope": slope}
    # 航海路 has a carriageway each way, joined at both ends where the drawing stops.
    road = {"tag": "trunk", "name": "航海路", "oneway": 1, "lanes": 4}
    yield ((0, -_HALF_M), (3700, -_HALF_M)), road
    yield ((3700, _HALF_M), (0, _HALF_M)), road
    for name, oneway, line in _LANES:
        yield line, {"tag": "residential", "name": name, "oneway": int(oneway), "lanes": 2}


def _with_crossings(line: Sequence[Point], others: Iterable[Sequence[Point]]) -> list[Point]:
    """The line with every point at which another line crosses or touches it, in order."""
    out: list[Point] = []
    for a, b in pairwise(line):
        found = {_rounded(a): 0.0, _rounded(b): 1.0}
        for other in others:
            if other is line:
                continue
            for c, d in pairwise(other):
                found |= _meeting(a, b, c, d)
        out += sorted(found, key=lambda point: found[point])[1 if out else 0 :]
    return out


def _meeting(a: Point, b: Point, c: Point, d: Point) -> dict[Point, float]:
    """Where two straight lines meet, and how far along the first."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = a, b, c, d
    cross = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx)
    if abs(cross) < 1e-9:
        return {}
    t = ((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx)) / cross
    u = ((cx - ax) * (by - ay) - (cy - ay) * (bx - ax)) / cross
    if not (-1e-9 <= t <= 1 + 1e-9 and -1e-9 <= u <= 1 + 1e-9):
        return {}
    return {_rounded((ax + t * (bx - ax), ay + t * (by - ay))): t}


def _rounded(point: Point) -> Point:
    return round(point[0], 3), round(point[1], 3)


def _lonlat(point: Point) -> Point:
    """Degrees of a place given in metres, the grid turned a little."""
    x = point[0] * np.cos(_TURN) + point[1] * np.sin(_TURN)
    y = point[1] * np.cos(_TURN) - point[0] * np.sin(_TURN)
    lat = _LAT + np.degrees(y / RADIUS_M)
    lon = _LON + np.degrees(x / (RADIUS_M * np.cos(np.radians(_LAT))))
    return round(float(lon), 7), round(float(lat), 7)

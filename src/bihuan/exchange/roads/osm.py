"""OpenStreetMap extracts (.osm.pbf) as streets, read as a stream by pyosmium.

Kept are 16 bytes for each point of the file and the drivable ways with their points; a file too
large for a city is refused before it is opened.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import osmium

from bihuan.engines.routing.faults import unfit
from bihuan.engines.routing.mapping import RoadMapping
from bihuan.engines.routing.streets import Streets, Turn, Way

ATTRIBUTION = "© OpenStreetMap contributors"  # asked for by the Open Database License
MOST_BYTES = 300 * 2**20  # a large province; one city is a few megabytes
_MOST_POINTS = 8_000_000  # some 2 GB of memory
# From the general to the special, as OpenStreetMap orders them (Key:access): the last one counts.
_ACCESS = ("access", "vehicle", "motor_vehicle", "motorcar")
_YES, _AGAINST = {"yes", "true", "1"}, {"-1", "reverse"}
_ROUND = {"roundabout", "circular"}


def read(path: Path, mapping: RoadMapping, *, most_bytes: int = MOST_BYTES) -> Streets:
    """The streets in an extract; Unfit where it is none."""
    size = path.stat().st_size
    if size > most_bytes:
        raise unfit("roads_too_big", found=round(size / 2**20), most=most_bytes // 2**20)
    if size == 0:
        raise unfit("roads_empty")
    try:
        return _streets(path, mapping)
    except RuntimeError as wrong:  # osmium says in this way that a file is broken
        raise unfit("roads_not_pbf", why=str(wrong)) from None


def _streets(path: Path, mapping: RoadMapping) -> Streets:
    told: Counter[str] = Counter()
    places: dict[int, int] = {}
    lonlat: list[tuple[float, float]] = []
    made: list[Way] = []
    ways_of: dict[int, tuple[int, ...]] = {}
    for way in _driven(path):
        tags = dict(way.tags)
        if why := _not_driven(tags, mapping):
            told[why] += 1
            continue
        parts = [_way(part, tags, told) for part in _parts(way, places, lonlat)]
        ways_of[way.id] = tuple(range(len(made), len(made) + len(parts)))
        made += parts
        if len(places) > _MOST_POINTS:
            raise unfit("roads_too_many_points", most=_MOST_POINTS)
    turns = tuple(_turns(path, ways_of, places, told))
    lon, lat = np.array(lonlat, dtype=np.float64).reshape(-1, 2).T
    return Streets(lon.copy(), lat.copy(), tuple(made), ATTRIBUTION, dict(told), turns)


def _driven(path: Path) -> Iterator[osmium.osm.Way]:
    """Ways with a highway tag, their places filled in from a table of 16 bytes a point."""
    kinds = osmium.osm.NODE | osmium.osm.WAY
    for one in (
        osmium.FileProcessor(str(path), kinds)
        .with_locations("sparse_mem_array")
        .with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
        .with_filter(osmium.filter.KeyFilter("highway"))
    ):
        assert isinstance(one, osmium.osm.Way)  # nothing else passes the filter
        yield one


def _turns(
    path: Path,
    ways_of: Mapping[int, tuple[int, ...]],
    place: Mapping[int, int],
    told: Counter[str],
) -> Iterator[Turn]:
    """Turn restrictions at a point; those over a way in between are told, not read."""
    relations = osmium.FileProcessor(str(path), osmium.osm.RELATION).with_filter(
        osmium.filter.TagFilter(("type", "restriction"))
    )
    for one in relations:
        assert isinstance(one, osmium.osm.Relation)
        kind = str(one.tags.get("restriction", ""))
        if not kind.startswith(("no_", "only_")):
            continue  # for some hours or some vehicles only
        members: dict[str, list[tuple[str, int]]] = {"from": [], "via": [], "to": []}
        for member in one.members:
            members.setdefault(member.role, []).append((member.type, member.ref))
        via = members["via"]
        if len(via) != 1 or via[0][0] != "n":
            told["turn_over_way"] += 1
            continue
        start = [at for _kind, ref in members["from"] for at in ways_of.get(ref, ())]
        end = [at for _kind, ref in members["to"] for at in ways_of.get(ref, ())]
        if start and end and via[0][1] in place:
            yield Turn(tuple(start), place[via[0][1]], tuple(end), kind.startswith("only_"))


def _not_driven(tags: Mapping[str, str], mapping: RoadMapping) -> str:
    """Why a way is none of the city's streets; empty if it is one."""
    if tags["highway"] not in mapping.rows or tags.get("area") == "yes":
        return "not_drivable"
    access = next((tags[key] for key in reversed(_ACCESS) if key in tags), "")
    if access in mapping.closed:
        return "closed"
    if tags["highway"] == "service" and tags.get("service") in mapping.left_out:
        return "left_out"
    return ""


def _parts(
    way: osmium.osm.Way, places: dict[int, int], lonlat: list[tuple[float, float]]
) -> Iterator[tuple[int, ...]]:
    """The points of a way. What lies outside a cut-out extract has no place: the way goes on in
    pieces without it."""
    part: list[int] = []
    for node in way.nodes:
        if not node.location.valid():
            if len(part) > 1:
                yield tuple(part)
            part = []
            continue
        at = places.setdefault(node.ref, len(places))
        if at == len(lonlat):
            lonlat.append((node.lon, node.lat))
        if not part or part[-1] != at:
            part.append(at)
    if len(part) > 1:
        yield tuple(part)


def _way(points: tuple[int, ...], tags: Mapping[str, str], told: Counter[str]) -> Way:
    return Way(
        points,
        tags["highway"],
        name=_name(tags),
        oneway=_oneway(tags, told),
        lanes=_count(tags.get("lanes")),
        lanes_along=_count(tags.get("lanes:forward")),
        lanes_against=_count(tags.get("lanes:backward")),
        bridge=tags.get("bridge", "no") not in ("no", "abandoned"),
        tunnel=tags.get("tunnel", "no") not in ("no", "building_passage"),
        layer=_layer(tags.get("layer")),
        slope=_slope(tags.get("incline")),
        bridge_name=(tags.get("bridge:name:zh") or tags.get("bridge:name") or "").strip(),
    )


def _name(tags: Mapping[str, str]) -> str:
    """文昌街 of “文昌街 - Wenchang Street”: what stands behind in another script is left out."""
    said = tags.get("name:zh") or tags.get("name") or tags.get("ref") or ""
    found = re.fullmatch(r"(.*[\u4e00-\u9fff].*?)[\s·/-]+[A-Za-z][A-Za-z .'-]+", said.strip())
    return (found[1] if found else said).strip()


def _oneway(tags: Mapping[str, str], told: Counter[str]) -> int | None:
    said = tags.get("oneway", "").strip().lower()
    if said in _YES:
        return 1
    if said in _AGAINST:
        return -1
    if said == "no":
        return 0
    if said in ("reversible", "alternating"):
        told["reversible"] += 1  # open both ways by turns: whoever clears it has it shut
        return 0
    return 1 if tags.get("junction") in _ROUND else None


def _count(said: str | None) -> int:
    """`3`, `2.5`, `3;4`: the first whole number; zero where there is none."""
    found = re.match(r"\s*(\d{1,2})(?!\d)", said or "")
    return min(int(found[1]), 12) if found else 0


def _layer(said: str | None) -> int:
    try:
        return max(-9, min(9, int(said or 0)))
    except ValueError:
        return 0


def _slope(said: str | None) -> float:
    """Rise over run of `5%`, `-3 °`; `up` and `down` do not say how much."""
    found = re.fullmatch(r"\s*([-+]?\d+(?:\.\d+)?)\s*(%|°)\s*", said or "")
    if not found:
        return math.nan
    rise = float(found[1]) / 100 if found[2] == "%" else math.tan(math.radians(float(found[1])))
    return rise if abs(rise) < 1 else math.nan

"""Streets from GeoJSON (RFC 7946), and a network's sections as GeoJSON."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from bihuan.engines.routing.coordinates import DATUMS, from_wgs84
from bihuan.engines.routing.faults import refuse, unfit
from bihuan.engines.routing.mapping import RoadMapping
from bihuan.engines.routing.network import Network, Section
from bihuan.engines.routing.streets import Streets
from bihuan.exchange.roads.points import Points, pair
from bihuan.exchange.roads.rows import Reader, field_of, shortened

MOST_BYTES = 200 * 2**20
_DIGITS = 6  # a decimetre, and half the bytes


def read(content: bytes, mapping: RoadMapping, *, datum: str = "wgs84") -> Streets:
    """The lines of a FeatureCollection as streets; Unfit with every fault at its feature."""
    table = _table(content)
    if datum not in DATUMS:
        raise unfit("roads_unknown_datum", found=datum, known="、".join(DATUMS))
    points, reader, ways = Points(), Reader(mapping), []
    for number, feature in enumerate(_features(table), 1):
        where = {"feature": number}
        said = feature.get("properties")
        given = {
            name: value
            for word, value in (said if isinstance(said, dict) else {}).items()
            if (name := field_of(word))
        }
        for line in _lines(feature, reader, where):
            way = reader.way(points.numbered(line), given, where)
            if way:
                ways.append(way)
    refuse(shortened(reader.faults))
    who = table.get("attribution")
    attribution = who if isinstance(who, str) else ""
    return Streets(*points.lonlat(datum), tuple(ways), attribution, reader.left_out)


def _table(content: bytes) -> Mapping[str, Any]:
    if not content.strip():
        raise unfit("roads_empty")
    if len(content) > MOST_BYTES:
        raise unfit("roads_too_big", found=round(len(content) / 2**20), most=MOST_BYTES // 2**20)
    try:
        table = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as wrong:
        raise unfit("roads_not_json", why=str(wrong)) from None
    if not isinstance(table, dict) or table.get("type") not in ("FeatureCollection", "Feature"):
        raise unfit("roads_not_geojson")
    return table


def _features(table: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    found = [table] if table.get("type") == "Feature" else table.get("features")
    if not isinstance(found, list):
        raise unfit("roads_not_geojson")
    for one in found:
        yield one if isinstance(one, dict) else {}


def _lines(
    feature: Mapping[str, Any], reader: Reader, where: Mapping[str, Any]
) -> Iterator[list[tuple[float, float]]]:
    shape = feature.get("geometry") or {}
    kind = shape.get("type") if isinstance(shape, dict) else None
    if kind not in ("LineString", "MultiLineString"):
        reader.left_out["not_line"] = reader.left_out.get("not_line", 0) + 1
        return
    lines = shape.get("coordinates")
    for line in [lines] if kind == "LineString" else lines if isinstance(lines, list) else [None]:
        places = [
            pair(*one[:2]) if isinstance(one, list) and len(one) > 1 else None
            for one in (line if isinstance(line, list) else [])
        ]
        good = [one for one in places if one is not None]
        if len(good) < 2 or len(good) != len(places):
            reader.wrong("roads_bad_line", where)
            good = []
        yield good  # also without a line the rest of the feature is looked at


def sections(network: Network, *, datum: str = "wgs84") -> dict[str, Any]:
    """All sections as a FeatureCollection, with whoever must be named for the map."""
    return {
        "type": "FeatureCollection",
        "attribution": network.attribution,
        "datum": datum,
        "features": [
            {
                "type": "Feature",
                "id": one.code,
                "geometry": shape(network, one, datum=datum),
                "properties": {
                    "code": one.code,
                    "name": one.name,
                    "street": one.street,
                    "kind": one.kind,
                    "length_m": round(one.length_m, 1),
                    "icing": one.icing,
                    "attribution": network.attribution,
                },
            }
            for one in network.sections
        ],
    }


def shape(network: Network, section: Section, *, datum: str = "wgs84") -> dict[str, Any]:
    """A section's lines: a street open both ways once, arcs joined where they follow each other."""
    once = [arc for arc in section.arcs if not 0 <= network.back[arc] < arc]
    return {
        "type": "MultiLineString",
        "coordinates": [_line(network, chain, datum) for chain in _chained(network, once)],
    }


def _chained(network: Network, arcs: Sequence[int]) -> list[list[int]]:
    """Arcs joined head to tail, each once; the order does not depend on how they were given."""
    starts = {}
    for arc in sorted(arcs, reverse=True):
        starts[int(network.arc_tail[arc])] = arc
    heads = {int(network.arc_head[arc]) for arc in arcs}
    left = set(arcs)
    chains = []
    first = sorted(arcs, key=lambda arc: (int(network.arc_tail[arc]) in heads, arc))
    for start in first:
        chain, at = [], start
        while at in left:
            left.discard(at)
            chain.append(at)
            at = starts.get(int(network.arc_head[at]), -1)
        if chain:
            chains.append(chain)
    return chains


def _line(network: Network, chain: Sequence[int], datum: str) -> list[list[float]]:
    parts = [network.geometry(arc) for arc in chain]
    lon = np.concatenate([parts[0][0][:1], *(one[1:] for one, _lat in parts)])
    lat = np.concatenate([parts[0][1][:1], *(one[1:] for _lon, one in parts)])
    lon, lat = from_wgs84(lon, lat, datum)
    return np.column_stack([lon.round(_DIGITS), lat.round(_DIGITS)]).tolist()  # type: ignore[no-any-return]

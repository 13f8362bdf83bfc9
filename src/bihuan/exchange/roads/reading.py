"""Any map of streets as streets: an OpenStreetMap extract, GeoJSON, or a table."""

from pathlib import Path

from bihuan.engines.routing.faults import unfit
from bihuan.engines.routing.mapping import RoadMapping
from bihuan.engines.routing.streets import Streets
from bihuan.exchange.roads import geojson, osm, table

_JSON = (".geojson", ".json")
_TABLES = (".csv", ".xlsx", ".xls", ".et", ".ods")


def read(path: Path, mapping: RoadMapping, *, datum: str = "wgs84") -> Streets:
    """The streets in a file, by the ending of its name; Unfit with every fault."""
    ending = path.suffix.casefold()
    if ending == ".pbf":
        return osm.read(path, mapping)  # always WGS-84
    if ending not in (*_JSON, *_TABLES):
        raise unfit("roads_unknown_file", found=path.name)
    if path.stat().st_size > geojson.MOST_BYTES:
        size = round(path.stat().st_size / 2**20)
        raise unfit("roads_too_big", found=size, most=geojson.MOST_BYTES // 2**20)
    reader = geojson.read if ending in _JSON else table.read
    return reader(path.read_bytes(), mapping, datum=datum)

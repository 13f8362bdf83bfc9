"""Streets from a table (.csv, .xlsx): one row a street, with its line in one cell or two places."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bihuan.engines.routing.coordinates import DATUMS
from bihuan.engines.routing.faults import refuse, unfit
from bihuan.engines.routing.mapping import RoadMapping
from bihuan.engines.routing.streets import Streets
from bihuan.exchange.roads.points import Points, pair
from bihuan.exchange.roads.rows import Reader, field_of, folded, shortened
from bihuan.exchange.workbook.grid import Sheet, Value, book

_LINE = ("geometry", "wkt", "geom", "shape", "几何", "坐标", "坐标串", "线路", "线")
_ENDS: Mapping[str, Sequence[str]] = {
    "from_lon": ("from_lon", "start_lon", "lon1", "起点经度"),
    "from_lat": ("from_lat", "start_lat", "lat1", "起点纬度"),
    "to_lon": ("to_lon", "end_lon", "lon2", "终点经度"),
    "to_lat": ("to_lat", "end_lat", "lat2", "终点纬度"),
}
_NUMBERS = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_SEARCHED_ROWS = 10


def read(content: bytes, mapping: RoadMapping, *, datum: str = "wgs84") -> Streets:
    """The rows of the first sheet as streets; Unfit with every fault at its row."""
    if datum not in DATUMS:
        raise unfit("roads_unknown_datum", found=datum, known="、".join(DATUMS))
    found = book(content)
    if not found.sheets:
        raise unfit("roads_not_table" if content.strip() else "roads_empty")
    sheet = found.sheets[0]
    top, columns = _headings(sheet)
    points, reader, ways = Points(), Reader(mapping), []
    for number, row in enumerate(sheet.rows[top + 1 :], top + 2):
        if not any(str(cell).strip() for cell in row):
            continue
        where = {"row": number}
        given = {name: row[at] for name, at in columns.items() if row[at] != ""}
        line = _line(given)
        if len(line) < 2:
            reader.wrong("roads_bad_line", where)
        way = reader.way(points.numbered(line), given, where)
        if way:
            ways.append(way)
    refuse(shortened(reader.faults))
    return Streets(*points.lonlat(datum), tuple(ways), "", reader.left_out)


def _headings(sheet: Sheet) -> tuple[int, dict[str, int]]:
    """The row of headings near the top, and the column of everything that is known there."""
    for top, row in enumerate(sheet.rows[:_SEARCHED_ROWS]):
        columns: dict[str, int] = {}
        for at, cell in enumerate(row):
            if name := _meaning(cell):
                columns.setdefault(name, at)
        if "kind" in columns and ("line" in columns or set(_ENDS) <= set(columns)):
            return top, columns
    raise unfit("roads_no_columns")


def _meaning(cell: Value) -> str:
    word = folded(cell)
    if word in _LINE:
        return "line"
    ends = (name for name, words in _ENDS.items() if word in words)
    return next(ends, "") or field_of(cell)


def _line(given: Mapping[str, Any]) -> list[tuple[float, float]]:
    """`LINESTRING (113.7 34.7, …)`, `113.7,34.7;…`, or the two ends."""
    if "line" in given:
        numbers = _NUMBERS.findall(str(given["line"]))
        if len(numbers) % 2:
            return []
        places = [pair(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
    else:
        places = [
            pair(given.get("from_lon"), given.get("from_lat")),
            pair(given.get("to_lon"), given.get("to_lat")),
        ]
    good = [one for one in places if one is not None]
    return good if len(good) == len(places) else []

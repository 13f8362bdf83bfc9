"""Where a project stands: longitude and latitude, or the outline of its plot (WGS-84)."""

import json
import re
from collections.abc import Mapping
from typing import Any

from bihuan.base.text import zh

MOST_SIGNS = 20_000
MOST_CORNERS = 500
_PAIR = re.compile(r"\s*(-?\d{1,3}(?:\.\d{1,12})?)\s*[,，\s]\s*(-?\d{1,2}(?:\.\d{1,12})?)\s*", re.A)

UNREADABLE = zh(
    "位置写不明白。请写“经度,纬度”，如 113.74,34.72；范围每行写一个点，或粘贴 GeoJSON。"
)
TOO_LONG = zh("位置太长。范围最多 500 个点。")
OUTSIDE = zh("经度应在 −180 到 180 之间，纬度应在 −90 到 90 之间。请核对先后。")
FEW = zh("范围至少要三个点。")


class Misplaced(ValueError):  # noqa: N818 - an answer, not an error
    """What cannot be a place; its text is one of the sentences above."""


def read(text: str) -> Mapping[str, Any] | None:
    """The geometry that somebody wrote: a point, an outline of a point a line, or GeoJSON."""
    text = text.strip()
    if not text:
        return None
    if len(text) > MOST_SIGNS:
        raise Misplaced(TOO_LONG)
    if text.startswith("{"):
        return _geojson(text)
    points = [_pair(line) for line in text.splitlines() if line.strip()]
    return point(points[0]) if len(points) == 1 else polygon(points)


def point(pair: tuple[float, float]) -> Mapping[str, Any]:
    return {"type": "Point", "coordinates": [_checked(pair)[0], pair[1]]}


def polygon(points: list[tuple[float, float]]) -> Mapping[str, Any]:
    ring = [list(_checked(pair)) for pair in points]
    if ring and ring[0] == ring[-1]:
        ring.pop()
    if len(ring) < 3:
        raise Misplaced(FEW)
    if len(ring) > MOST_CORNERS:
        raise Misplaced(TOO_LONG)
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def written(geometry: Mapping[str, Any] | None) -> str:
    """The geometry as `read` takes it back."""
    if not geometry:
        return ""
    if geometry["type"] == "Point":
        return "{},{}".format(*geometry["coordinates"])
    return "\n".join("{},{}".format(*pair) for pair in geometry["coordinates"][0][:-1])


def _geojson(text: str) -> Mapping[str, Any]:
    try:
        told = json.loads(text)
        if told.get("type") == "Feature":
            told = told["geometry"]
        if told["type"] == "Point":
            return point(_numbers(told["coordinates"]))
        if told["type"] == "Polygon" and len(told["coordinates"]) == 1:
            return polygon([_numbers(pair) for pair in told["coordinates"][0]])
    except Misplaced:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        pass
    raise Misplaced(UNREADABLE)


def _numbers(pair: Any) -> tuple[float, float]:
    east, north = pair[0], pair[1]
    if isinstance(east, bool) or not isinstance(east, int | float):
        raise Misplaced(UNREADABLE)
    if isinstance(north, bool) or not isinstance(north, int | float):
        raise Misplaced(UNREADABLE)
    return float(east), float(north)


def _pair(line: str) -> tuple[float, float]:
    found = _PAIR.fullmatch(line)
    if found is None:
        raise Misplaced(UNREADABLE)
    return float(found[1]), float(found[2])


def _checked(pair: tuple[float, float]) -> tuple[float, float]:
    if not (-180 <= pair[0] <= 180 and -90 <= pair[1] <= 90):  # NaN fails too
        raise Misplaced(OUTSIDE)
    return pair

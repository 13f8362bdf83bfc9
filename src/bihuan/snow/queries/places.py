"""Where a walk stops, from the names that people write: sections, streets and places we know."""

from collections.abc import Iterable
from dataclasses import dataclass

from bihuan.base.text import plain
from bihuan.roads import queries as roads
from bihuan.snow.rules import inspection as rules

_KINDS = {"park": "park", "square": "park", "hospital": "other", "school": "other"}


@dataclass(frozen=True)
class StopPlan:
    """要去的一处：类别、叫什么，是哪个路段或在哪里。"""

    kind: str
    name: str
    section: str = ""
    lon: float | None = None
    lat: float | None = None


def stop_plans(names: Iterable[str]) -> list[StopPlan]:
    """Each name as a stop: a place, a section, the first section of a street, or only a name."""
    places = {plain(one.name): one for one in roads.places()}
    sections = {plain(one.name): one for one in roads.sections()}
    streets = {plain(one.street): one for one in reversed(list(sections.values())) if one.street}
    found = []
    for name in names:
        key = plain(name)
        bare = key.removeprefix(plain("经开区")).removeprefix(plain("经开"))
        place = places.get(key) or places.get(bare)
        section = sections.get(key) or streets.get(key) or streets.get(bare)
        if place is not None:
            kind = _KINDS.get(place.kind, place.kind)
            kind = kind if kind in rules.STOPS else "other"
            found.append(StopPlan(kind, name, "", place.lon, place.lat))
        elif section is not None:
            kind = "back" if section.kind == "back" else "section"
            found.append(StopPlan(kind, name, section.code))
        else:
            found.append(StopPlan(_guess(name), name))
    return found


def _guess(name: str) -> str:
    words = {"桥": "bridge", "公园": "park", "广场": "park", "地铁": "metro", "路口": "crossing",
             "人行道": "pavement", "门前": "frontage", "巷": "back", "街": "section",
             "路": "section"}  # fmt: skip
    return next((kind for word, kind in words.items() if word in name), "other")

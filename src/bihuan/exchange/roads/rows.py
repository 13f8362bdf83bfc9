"""One street of a table or of GeoJSON: headings and values in Chinese or English → a way.

A value that cannot be read is a fault at its place; all of a file's faults are said at once.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bihuan.engines.routing.faults import Fault
from bihuan.engines.routing.mapping import RoadMapping
from bihuan.engines.routing.network import KINDS
from bihuan.engines.routing.streets import Way

MOST_FAULTS = 50  # told one by one; the rest as a number

HEADINGS: Mapping[str, Sequence[str]] = {
    "kind": ("kind", "highway", "class", "等级", "道路等级", "类别", "道路类别", "类型", "fclass"),
    "name": ("name", "名称", "道路名称", "路名", "道路", "街道"),
    "oneway": ("oneway", "单行", "单行道", "是否单行", "方向"),
    "lanes": ("lanes", "车道", "车道数", "双向车道数"),
    "bridge": ("bridge", "桥", "桥梁", "是否桥梁"),
    "bridge_name": ("bridge_name", "bridge:name", "桥名", "桥梁名称"),
    "tunnel": ("tunnel", "隧道", "是否隧道"),
    "layer": ("layer", "层"),
    "slope": ("slope", "incline", "坡度", "纵坡"),
    "icing": ("icing", "易结冰", "易结冰部位"),
    "speed_kmh": ("speed_kmh", "maxspeed", "速度", "限速", "车速"),
}
_CLASSES: Mapping[str, Sequence[str]] = {
    "main": ("主干道", "主干路", "快速路", "主路"),
    "secondary": ("次干道", "次干路", "次路"),
    "branch": ("支路", "支道"),
    "back": ("背街小巷", "背街", "小巷", "巷", "街巷"),
    "other": ("其他", "其它", "内部道路"),
}
_USUAL = dict(
    zip(KINDS, ("primary", "secondary", "tertiary", "residential", "service"), strict=True)
)
_CLASS_OF = {word: kind for kind, words in _CLASSES.items() for word in words} | {
    kind: kind for kind in KINDS
}
_TOLD = {name: next(one for one in words if not one.isascii()) for name, words in HEADINGS.items()}
_PLACE = {word: name for name, words in HEADINGS.items() for word in words}
_YES = {"1", "yes", "true", "t", "y", "是", "有", "√"}
_NO = {"", "0", "no", "false", "f", "n", "否", "无", "×"}
_ONEWAY = {"-1": -1, "reverse": -1, "b": 0, "逆向": -1, "反向": -1, "双向": 0, "正向": 1, "单向": 1}


def folded(heading: object) -> str:
    """A heading as it is looked up: without spaces, units and capitals."""
    plain = re.sub(r"[（(].*?[)）]", "", str(heading))
    return re.sub(r"\s+", "", plain).casefold()


def field_of(heading: object) -> str:
    """What a heading means; empty if it is none of ours."""
    return _PLACE.get(folded(heading), "")


@dataclass
class Reader:
    """Reads rows one by one and keeps what was wrong with them."""

    mapping: RoadMapping
    faults: list[Fault] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)

    def way(
        self, points: tuple[int, ...], given: Mapping[str, Any], where: Mapping[str, Any]
    ) -> Way | None:
        """The way of a row, None if the row is no street or cannot be read."""
        tag = self._tag(given.get("kind", ""), where)
        made = Way(
            points,
            tag,
            name=_text(given.get("name")),
            oneway=self._oneway(given.get("oneway"), where),
            lanes=int(self._number("lanes", given, where, 0, 24) or 0),
            bridge=self._flag("bridge", given, where),
            bridge_name=_text(given.get("bridge_name")),
            tunnel=self._flag("tunnel", given, where),
            layer=int(self._number("layer", given, where, -9, 9) or 0),
            slope=self._slope(given, where),
            icing=self._flag("icing", given, where),
            speed_kmh=self._number("speed_kmh", given, where, 1, 150) or math.nan,
        )
        return made if tag and len(points) > 1 else None

    def wrong(self, code: str, where: Mapping[str, Any], **params: Any) -> None:
        self.faults.append(Fault(code, {**where, **params}))

    def _tag(self, said: Any, where: Mapping[str, Any]) -> str:
        """The tag of the mapping: as written, or the first of the class that was written."""
        word = _text(said)
        if word in self.mapping.rows:
            return word
        kind = _CLASS_OF.get(word)
        if kind:
            rows = self.mapping.rows
            own = [tag for tag, row in rows.items() if row.kind == kind and not row.ramp]
            return _USUAL[kind] if _USUAL[kind] in own else next(iter(own), "")
        if not word:
            self.wrong("roads_no_kind", where)
        elif re.fullmatch(r"[a-z_]+", word):  # a footway and the like: no street for vehicles
            self.left_out["not_drivable"] = self.left_out.get("not_drivable", 0) + 1
        else:
            self.wrong("roads_unknown_kind", where, found=word, known=_known())
        return ""

    def _oneway(self, said: Any, where: Mapping[str, Any]) -> int | None:
        word = _text(said).casefold()
        if said is None or word == "":
            return None
        if word in _ONEWAY:
            return _ONEWAY[word]
        if word in _YES:
            return 1
        if word in _NO:
            return 0
        self.wrong("roads_not_direction", where, found=word)
        return None

    def _flag(self, name: str, given: Mapping[str, Any], where: Mapping[str, Any]) -> bool:
        word = _text(given.get(name)).casefold()
        if word in _NO:
            return False
        if word in _YES or name in ("bridge", "tunnel"):  # OpenStreetMap says bridge=viaduct
            return True
        self.wrong("roads_not_flag", where, what=_TOLD[name], found=word)
        return False

    def _number(
        self, name: str, given: Mapping[str, Any], where: Mapping[str, Any], low: int, high: int
    ) -> float | None:
        word = _text(given.get(name))
        if not word:
            return None
        try:
            number = float(word.split(";")[0])
        except ValueError:
            number = math.nan
        if not low <= number <= high:
            what = _TOLD[name]
            self.wrong("roads_not_number", where, what=what, found=word, low=low, high=high)
            return None
        return number

    def _slope(self, given: Mapping[str, Any], where: Mapping[str, Any]) -> float:
        word = _text(given.get("slope"))
        if not word or word in ("up", "down"):
            return math.nan
        found = re.fullmatch(r"([-+]?\d+(?:\.\d+)?)\s*(%|％)?", word)
        slope = float(found[1]) / (100 if found[2] else 1) if found else math.nan
        if not -1 < slope < 1:
            self.wrong("roads_not_slope", where, found=word)
            return math.nan
        return slope


def _text(said: Any) -> str:
    if said is None or said is False:
        return ""
    if said is True:
        return "yes"
    if isinstance(said, float) and said.is_integer():
        said = int(said)
    return str(said).strip()


def _known() -> str:
    return "、".join(words[0] for words in _CLASSES.values())


def shortened(faults: Iterable[Fault]) -> list[Fault]:
    """The first faults, and how many more there are."""
    every = list(faults)
    if len(every) <= MOST_FAULTS:
        return every
    return [*every[:MOST_FAULTS], Fault("roads_more_faults", {"n": len(every) - MOST_FAULTS})]

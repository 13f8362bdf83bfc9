"""The table that says which street is which class, read from TOML; a default is shipped."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from bihuan.engines.routing.faults import Fault, Unfit, unfit
from bihuan.engines.routing.mapping import Icing, RoadMapping, Row

T = TypeVar("T")
_DEFAULT = Path(__file__).with_name("mapping.toml")


@cache
def default() -> RoadMapping:
    """随软件提供的道路等级对照表。"""
    return read(_DEFAULT.read_bytes())


def read(content: bytes) -> RoadMapping:
    """The mapping in a TOML file; Unfit with all that is wrong with it."""
    try:
        table = tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        raise unfit("roads_mapping_not_toml", why=str(wrong)) from None
    return from_table(table)


def from_table(table: Mapping[str, Any]) -> RoadMapping:
    """The mapping in a table, as TOML and JSON give it."""
    faults: list[Fault] = []
    rows = {}
    tags = table.get("tags", {})
    if not isinstance(tags, Mapping):
        raise unfit("roads_mapping_empty")
    for tag, given in tags.items():
        if row := _row(tag, given, faults):
            rows[tag] = row
    faults += [
        Fault("roads_mapping_unknown", {"tag": word})
        for word in table
        if word not in ("tags", "closed", "left_out", "icing")
    ]
    faults += [
        Fault("roads_mapping_value", {"tag": name, "found": table[name]})
        for name in ("closed", "left_out")
        if not isinstance(table.get(name, []), list)
    ]
    icing = _made(Icing, "icing", table.get("icing", {}), faults)
    if faults:
        raise Unfit(faults)
    settled = {
        name: frozenset(map(str, table[name])) for name in ("closed", "left_out") if name in table
    }
    return RoadMapping(rows, icing=icing or Icing(), **settled)


def _row(tag: str, given: object, faults: list[Fault]) -> Row | None:
    if not isinstance(given, Mapping) or "kind" not in given:
        faults.append(Fault("roads_mapping_no_kind", {"tag": tag}))
        return None
    return _made(Row, tag, given, faults)


def _made(shape: type[T], tag: str, given: object, faults: list[Fault]) -> T | None:
    """A row of the table as its dataclass; what does not fit is noted."""
    if not isinstance(given, Mapping):
        faults.append(Fault("roads_mapping_no_kind", {"tag": tag}))
        return None
    kinds = dict(shape.__annotations__)
    wrong = [
        Fault("roads_mapping_value", {"tag": f"{tag}.{name}", "found": value})
        for name, value in given.items()
        if name not in kinds or not _fits(value, kinds[name])
    ]
    faults += wrong
    return None if wrong else shape(**given)


def _fits(value: object, kind: Any) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, kind)


def to_table(mapping: RoadMapping) -> dict[str, Any]:
    """The mapping as a plain table, to be shown and edited."""
    return {
        "closed": sorted(mapping.closed),
        "left_out": sorted(mapping.left_out),
        "icing": vars(mapping.icing),
        "tags": {tag: vars(row) for tag, row in mapping.rows.items()},
    }

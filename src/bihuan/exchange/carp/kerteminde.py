"""Gritting instances as JSON (the ROAR-NET winter gritting statement's form)."""

import json
from collections.abc import Mapping
from typing import Any

from bihuan.engines.routing.faults import Fault, Unfit
from bihuan.engines.routing.gritting import Gritting, Link, Truck


def read(content: bytes) -> Gritting:
    """The instance of a file; Unfit with every fault at once."""
    try:
        table = json.loads(content)
    except ValueError as wrong:
        raise Unfit([Fault("grit_not_json", {"why": str(wrong)})]) from None
    faults: list[Fault] = []
    links: list[Link] = []
    if not isinstance(table, Mapping):
        raise Unfit([Fault("grit_not_json", {"why": type(table).__name__})])
    for part, ends, oneway in (("A", "arc", True), ("A_R", "arc", True), ("E_R", "edge", False),
                               ("E", "edge", False)):  # fmt: skip
        for number, row in enumerate(table.get(part, []), 1):
            try:
                u, v = row[ends]
                load = float(row["dem"]) if part.endswith("_R") else None
                minutes = float(row.get("time", 0.0))
                links.append(Link(str(u), str(v), float(row["len"]), minutes, load, oneway))
            except (KeyError, TypeError, ValueError):
                faults.append(Fault("grit_row", {"part": part, "n": number}))
    trucks = _many(table, "vehicles", ("id", "home", "capacity"), faults)
    refills = _many(table, "depots", ("label",), faults)
    turns = _many(table, "U", ("label",), faults)
    minutes = table.get("max_time", float("inf"))
    if not isinstance(minutes, int | float):
        faults.append(Fault("grit_row", {"part": "max_time", "n": 1}))
    if faults:
        raise Unfit(faults)
    return Gritting(
        str(table.get("name", "")),
        tuple(links),
        tuple(Truck(str(i), str(home), float(room)) for i, home, room in trucks),
        tuple(str(label) for (label,) in refills),
        frozenset(str(label) for (label,) in turns),
        float(minutes),
    )


def _many(
    table: Mapping[str, Any], part: str, names: tuple[str, ...], faults: list[Fault]
) -> list[tuple[Any, ...]]:
    out = []
    for number, row in enumerate(table.get(part, []), 1):
        try:
            out.append(tuple(row[name] for name in names))
        except (KeyError, TypeError):
            faults.append(Fault("grit_row", {"part": part, "n": number}))
    return out

"""CARPLIB text (Spanish keywords, as Belenguer and Benavent published it).

Edges are undirected; serving costs what driving costs. A line is `( 1, 2) coste 13 demanda 1`.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from bihuan.engines.routing.carp import Carp, Edge
from bihuan.engines.routing.faults import Fault, Unfit

_HEAD = re.compile(r"^\s*([A-Z_]+)\s*:\s*(.*?)\s*$")
_EDGE = re.compile(
    r"^\s*\(\s*(\d+)\s*,\s*(\d+)\s*\)\s*(?:coste|cost)\s+(\d+(?:\.\d+)?)"
    r"(?:\s+(?:demanda|demand)\s+(\d+(?:\.\d+)?))?\s*$",
    re.IGNORECASE,
)
_MOST_BYTES = 20_000_000
_DEPOT = ("DEPOSITO", "DEPOT")
_CAPACITY = ("CAPACIDAD", "CAPACITY")
_VEHICLES = ("VEHICULOS", "VEHICLES")
_VERTICES = ("VERTICES",)


def read(content: bytes) -> Carp:
    """The instance of a file; Unfit with every fault at its line."""
    if len(content) > _MOST_BYTES:
        raise Unfit([Fault("carp_too_large", {"most": _MOST_BYTES // 1_000_000})])
    head: dict[str, str] = {}
    edges: list[Edge] = []
    faults: list[Fault] = []
    for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
        if found := _EDGE.match(line):
            u, v, cost, load = found.groups()
            edges.append(Edge(int(u), int(v), float(cost), float(load or 0), load is not None))
        elif found := _HEAD.match(line):
            head[found[1]] = found[2]
        elif line.strip().startswith("("):
            faults.append(Fault("carp_line", {"line": number, "text": line.strip()[:60]}))
    faults += list(_head_faults(head, edges))
    if faults:
        raise Unfit(faults)
    return Carp(
        _first(head, ("NOMBRE", "NAME")) or "",
        tuple(edges),
        float(_first(head, _CAPACITY) or 0),
        int(_first(head, _DEPOT) or 1),
        int(_first(head, _VEHICLES) or 0),
    )


def read_file(path: Path) -> Carp:
    """The same from a file."""
    return read(path.read_bytes())


def _head_faults(head: dict[str, str], edges: list[Edge]) -> Iterator[Fault]:
    if not edges:
        yield Fault("carp_no_edges")
    if (found := _number(_first(head, _CAPACITY))) is None or found <= 0:
        yield Fault("carp_no_capacity", {"found": _first(head, _CAPACITY) or ""})
    for keys in (_DEPOT, _VEHICLES, _VERTICES):
        text = _first(head, keys)
        if text and (_number(text) is None or "." in text):
            yield Fault("carp_head", {"key": keys[0], "found": text})
    depot = _number(_first(head, _DEPOT) or "1")
    if edges and depot is not None and depot not in {n for e in edges for n in (e.u, e.v)}:
        yield Fault("carp_no_depot", {"found": int(depot)})


def _first(head: dict[str, str], keys: tuple[str, ...]) -> str | None:
    return next((head[key] for key in keys if key in head), None)


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None

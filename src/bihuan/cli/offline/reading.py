"""From files to a frame and a method, or every fault of all of them at once."""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from bihuan.base.errors import Refused
from bihuan.cli.offline.words import sentence
from bihuan.engines.index import Fault, Frame, Method, Node, Tree, Unfit, build, frame, tree
from bihuan.engines.index.frame import Floats
from bihuan.engines.index.method import method as method_from
from bihuan.exchange import index_tables
from bihuan.exchange.index_tables import Sheet, Tables

# Functions under which a column without any spread has no meaning.
_NEEDS_SPREAD = {"minmax", "zscore", "dist2max", "prank", "efficacy_linear", "efficacy_exp"}
_IN_META = {
    "unknown_parent": "Parent",
    "cycle": "Parent",
    "roots": "Parent",
    "direction": "Direction",
    "weight": "Weight",
    "no_weight": "Weight",
    "level": "Level",
    "childless": "iCode",
    "no_denominator": "Denominator",
}


@dataclass(frozen=True, eq=False)
class Input:
    """What a run starts from, with the bytes it was read from."""

    frame: Frame
    method: Method
    files: Mapping[str, bytes]

    @property
    def digests(self) -> dict[str, str]:
        return {name: hashlib.sha256(part).hexdigest() for name, part in self.files.items()}


def read(data: Path, meta: Path, method_file: Path | None, year: int | None = None) -> Input:
    """Read all files; one refusal carries every fault of every file."""
    found = index_tables.tables(
        index_tables.sheet(data, index_tables.UNITS), index_tables.sheet(meta, index_tables.CODES)
    )
    sentences = [sentence(f.code, f.params) for f in found.faults]
    files = _named([data, meta])
    method = Method()
    weights: dict[str, float] = {}
    if method_file is not None:
        try:
            table, more, weights = method_table(method_file)
            files = _named([data, meta, method_file], more)
            method = method_from(table)
        except Unfit as refusal:
            sentences += [
                sentence(f.code, {"file": method_file.name, **f.params}) for f in refusal.faults
            ]
    nodes = [Node(**node) for node in found.nodes]
    codes = {node.code for node in nodes}
    sentences += [
        sentence("unknown_node", {"field": "weigh.file", "found": code})
        for code in weights
        if nodes and code not in codes
    ]
    nodes = [replace(n, weight=weights.get(n.code, n.weight)) for n in nodes]
    faults = list(_built(nodes, found, method, year))
    sentences += [sentence(f.code, where(f, found)) for f in faults]
    made = _frame(nodes, found, year) if not sentences else None
    if made is None:
        raise Refused.all(dict.fromkeys(sentences))
    return Input(made, method, files)


def _named(paths: Sequence[Path], more: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    """The bytes of files by name; two of one name from two folders are told apart by number."""
    out: dict[str, bytes] = {}
    for at, path in enumerate(paths, start=1):
        content = path.read_bytes()
        name = path.name
        if name in out:
            name = f"{at}-{name}"
        out[name] = content
    return out | {name: content for name, content in (more or {}).items() if name not in out}


def _frame(nodes: list[Node], found: Tables, year: int | None) -> Frame:
    grown = tree(nodes, found.indicators)
    columns = [found.indicators.index(code) for code in grown.indicators]
    values = np.array(found.values, dtype=np.float64).reshape(len(found.units), -1)[:, columns]
    years = found.years if len(set(found.years)) > 1 else ()
    made = frame(
        found.units,
        grown,
        values,
        names=found.names,
        groups=found.groups,
        denominators=found.denominators,
        years=years,
    )
    if year is None:
        return made
    if year not in found.years:
        known = "、".join(map(str, sorted(set(found.years)))) or "—"
        told = {"field": "--year", "found": year, "known": known}
        raise Unfit([Fault("unknown_year", told)])
    if not years:
        return made
    return replace(made.only(np.array([y == year for y in made.years])), years=())


def _built(nodes: list[Node], found: Tables, method: Method, year: int | None) -> Iterable[Fault]:
    """Faults of tree, data and recipe, each looked for even where another one stands in the way.

    Where the tree is broken, what is left of it is built for the sake of the data's own faults.
    """
    seen: list[Fault] = []
    if found.faults and not nodes:
        return seen
    try:
        tree(nodes, found.indicators)
    except Unfit as refusal:
        seen += [f for f in refusal.faults if f.code != "node_twice"]
        nodes = _sound(nodes)
    nodes = [n for n in nodes if n.level > 1 or n.code in found.indicators]
    faulty = bool(seen or found.faults)
    rest = _without_twins(found)
    for code, values in zip(found.indicators, zip(*found.values, strict=True), strict=False):
        known = {v for v in values if not np.isnan(v)}
        how = method.normalise.each.get(code, method.normalise).how
        if len(known) == 1 and how in _NEEDS_SPREAD:
            seen.append(Fault("constant", {"node": code, "found": known.pop()}))
    try:
        if nodes and rest.units:
            build(_frame(nodes, rest, year), method)
    except Unfit as refusal:
        told = {(f.code, f.params.get("node")) for f in seen}
        skip = {"roots", "childless", "levels", "no_weight"} if faulty else set()
        seen += [
            f
            for f in refusal.faults
            if (f.code not in skip and (f.code, f.params.get("node")) not in told)
            or f.code in ("not_positive", "not_normalised", "zero_denominator")
        ]
    if any(f.code == "constant" for f in seen):
        seen += _not_positive_beside_constants(nodes, rest, method, year, seen)
    return _distinct(seen)


def _distinct(faults: list[Fault]) -> list[Fault]:
    out: dict[tuple[str, str], Fault] = {}
    for fault in faults:
        out.setdefault((fault.code, repr(sorted(fault.params.items()))), fault)
    return list(out.values())


def _not_positive_beside_constants(
    nodes: list[Node], found: Tables, method: Method, year: int | None, seen: list[Fault]
) -> list[Fault]:
    """Look behind the constant indicators for what a mean cannot take."""
    constant = {f.params["node"] for f in seen if f.code == "constant"}
    nodes = _sound([n for n in nodes if n.code not in constant])
    keep = [i for i, code in enumerate(found.indicators) if code not in constant]
    rest = replace(
        found,
        indicators=tuple(found.indicators[i] for i in keep),
        values=tuple(tuple(row[i] for i in keep) for row in found.values),
    )
    try:
        if nodes and rest.units and keep:
            build(_frame(nodes, rest, year), method)
    except Unfit as refusal:
        return [f for f in refusal.faults if f.code in ("not_positive", "not_normalised")]
    return []


def _without_twins(found: Tables) -> Tables:
    """The tables with each unit once and each indicator that has any number."""
    seen: set[tuple[str, int]] = set()
    keep = []
    for i, unit in enumerate(found.units):
        key = (unit, found.years[i] if found.years else 0)
        if key not in seen:
            seen.add(key)
            keep.append(i)
    return replace(
        found,
        units=tuple(found.units[i] for i in keep),
        names=tuple(found.names[i] for i in keep),
        years=tuple(found.years[i] for i in keep) if found.years else (),
        values=tuple(found.values[i] for i in keep),
        groups={k: tuple(v[i] for i in keep) for k, v in found.groups.items()},
        denominators={k: tuple(v[i] for i in keep) for k, v in found.denominators.items()},
        rows_of_units=tuple(found.rows_of_units[i] for i in keep),
    )


def _sound(nodes: list[Node]) -> list[Node]:
    """A broken tree mended for a look at the data: loose nodes hang from the top, weights are
    usable. Its results are thrown away; only the faults that it shows are told."""
    by_code = {n.code: n for n in nodes}
    tops = [n for n in nodes if not n.parent]
    if not tops:
        return []
    top = max(tops, key=lambda n: n.level).code

    def mended(node: Node) -> Node:
        parent = by_code.get(node.parent)
        if node.code == top or (parent is not None and parent.level > node.level):
            return node
        return replace(node, parent=top)

    kept = [mended(n) for n in by_code.values()]
    while True:
        inner = {n.parent for n in kept}
        fewer = [n for n in kept if n.level == 1 or n.code in inner]
        if len(fewer) == len(kept):
            break
        kept = fewer
    zero = {n.parent for n in kept} - {n.parent for n in kept if n.weight > 0}
    return [
        replace(
            n,
            weight=1.0 if n.parent in zero or not n.weight >= 0 else n.weight,
            direction=n.direction if n.direction in (1, -1) else 1,
        )
        for n in kept
    ]


def where(fault: Fault, found: Tables) -> dict[str, Any]:
    """The file, row and column of a fault that an engine named by unit and node."""
    params = dict(fault.params)
    params.pop("row", None)
    node = params.get("child") if fault.code == "not_positive" else params.get("node")
    if fault.code in _IN_META:
        row = found.rows_of_nodes.get(str(params.get("node", "")))
        return {**params, **found.meta.place(row, _IN_META[fault.code])}
    unit = params.get("unit")
    heading = str(node or "")
    if unit in found.units and heading:
        row = found.rows_of_units[found.units.index(unit)]
        return {**params, **found.data.place(row, heading)}
    if heading in found.data.header:
        return {**params, **found.data.place(-1, heading)}
    return params


# The method ---------------------------------------------------------------------------------------


def method_table(path: Path) -> tuple[dict[str, Any], dict[str, bytes], dict[str, float]]:
    """method.toml as plain tables, with the files it points at read into their places.

    `[normalise] file` gives per-indicator scales (iCode, how, lower, upper, target …),
    `[weigh] file` weights (iCode, Weight).
    """
    content = path.read_bytes()
    try:
        table = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise Unfit([Fault("not_toml", {"file": path.name, "found": str(fault)})]) from fault
    files = {path.name: content}
    weights: dict[str, float] = {}
    for name in ("normalise", "weigh"):
        part = table.get(name)
        if not isinstance(part, dict) or "file" not in part:
            continue
        other = path.parent / str(part["file"])
        if not other.is_file():  # a run keeps all its files in one folder
            other = path.parent / other.name
        if not other.is_file():
            raise Unfit([Fault("no_file", {"field": f"{name}.file", "found": str(part["file"])})])
        files[other.name] = other.read_bytes()
        needed = (index_tables.CODES,) if name == "normalise" else (index_tables.CODES, "Weight")
        listed = _listed(other, *needed)
        if name == "normalise":
            part["each"] = {
                **_scales(listed, str(part.get("how", "goalposts"))),
                **part.get("each", {}),
            }
        else:
            weights = _weights(listed)
    return table, files, weights


def _listed(path: Path, *needed: str) -> Sheet:
    """A table that must be readable and have some columns. Unfit."""
    listed = index_tables.sheet(path, index_tables.CODES if index_tables.CODES in needed else "")
    faults = [Fault(fault.code, fault.params) for fault in listed.faults]
    lacking = [name for name in needed if listed.header and name not in listed.header]
    place = {"file": path.name, "row": listed.top}
    faults += [Fault("no_column", {**place, "found": name}) for name in lacking]
    if faults:
        raise Unfit(faults)
    return listed


def _scales(listed: Sheet, how: str) -> dict[str, dict[str, Any]]:
    out: dict[str, dict[str, Any]] = {}
    faults = []
    names = ("lower", "upper", "mean", "sd", "target", "best_low", "best_high", "scale")
    for row in range(len(listed.rows)):
        code = listed.cell(row, "iCode")
        if not code:
            continue
        one: dict[str, Any] = {"how": listed.cell(row, "how") or how}
        for name in names:
            value = listed.number(row, name)
            if value is None:
                params = {**listed.place(row, name), "found": listed.cell(row, name)}
                faults.append(Fault("not_number", params))
            elif not np.isnan(value):
                one[name] = value
        for name in ("log", "cap"):
            if word := listed.cell(row, name).lower():
                one[name] = word in ("1", "true", "yes", "是")
        out[code] = one
    if faults:
        raise Unfit(faults)
    return out


def _weights(listed: Sheet) -> dict[str, float]:
    out = {}
    faults = []
    for row in range(len(listed.rows)):
        value = listed.number(row, "Weight")
        if value is None or np.isnan(value):
            found = {**listed.place(row, "Weight"), "found": listed.cell(row, "Weight")}
            faults.append(Fault("not_number", found))
        elif code := listed.cell(row, "iCode"):
            out[code] = value
    if faults:
        raise Unfit(faults)
    return out


def weight_sets(path: Path, grown: Tree) -> tuple[tuple[str, tuple[float, ...]], ...]:
    """Sets of weights, in any of three shapes: long (set, iCode, Weight); wide (one row per set,
    one column per code, its name in a column of its own, else its number from 1); tall (iCode,
    one column per set). A code that a set does not name keeps the tree's own weight.
    """
    listed = _listed(path)
    sets: dict[str, Floats] = {}
    faults = []
    for name, code, row, column in _weight_cells(listed, grown):
        values = sets.setdefault(name, np.array(grown.weights))
        value = listed.number(row, column)
        if value is None or value < 0:
            found = listed.cell(row, column)
            faults.append(Fault("not_number", {**listed.place(row, column), "found": found}))
        elif not np.isnan(value):
            values[grown.index[code]] = value
    if faults:
        raise Unfit(faults)
    return tuple((name, tuple(float(w) for w in values)) for name, values in sets.items())


def _weight_cells(listed: Sheet, grown: Tree) -> Iterable[tuple[str, str, int, str]]:
    """Set, code, and where its weight stands."""
    own = [name for name in listed.header if name not in ("iCode", "Weight", "Level")]
    rows = range(len(listed.rows))
    if "iCode" in listed.header:
        long = "Weight" in listed.header and bool(own)
        for row in rows:
            code = listed.cell(row, "iCode")
            if code not in grown.index:
                continue
            if long:
                yield listed.cell(row, own[0]), code, row, "Weight"
                continue
            for column in own or ["Weight"]:
                yield column, code, row, column
        return
    labels = [name for name in listed.header if name not in grown.index]
    for row in rows:
        name = listed.cell(row, labels[0]) if labels else str(row + 1)
        for code in listed.header:
            if code in grown.index:
                yield name, code, row, code


def csv_rows(path: Path, *needed: str) -> tuple[list[str], list[list[str]]]:
    """A table as header and rows."""
    listed = _listed(path, *needed)
    return list(listed.header), [list(row) for row in listed.rows if any(row)]

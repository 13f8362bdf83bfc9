"""Index tables (指标数据表): COINr's two tables (data, metadata) from CSV or Excel ⇄ plain rows.

Data: one row per unit (uCode, uName, Time, Group_*, Den_* or x_*, one column per indicator).
Metadata: one row per code (iCode, iName, Level, Parent, Weight, Direction, Type …). Every cell
that cannot be read is named with its file, row and column, all at once.
"""

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

_GAPS = {"", "na", "n/a", "nan", "null", "none", "-", "—", "…", "缺", "缺失"}
_META = ("iCode", "Level", "Parent", "Weight", "Direction", "Type")


@dataclass(frozen=True)
class Fault:
    """一处读不了的地方：代码、文件、行、列、见到什么。"""

    code: str
    params: Mapping[str, Any]


@dataclass(frozen=True)
class Sheet:
    """一张表：表头在第一行，其余为行；格子都是文字。"""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    faults: tuple[Fault, ...] = ()

    def at(self, name: str) -> int:
        """The place of a column; -1 where there is none."""
        return self.header.index(name) if name in self.header else -1

    def cell(self, row: int, name: str) -> str:
        at = self.at(name)
        cells = self.rows[row]
        return cells[at].strip() if 0 <= at < len(cells) else ""

    def place(self, row: int | None = None, column: str = "") -> dict[str, Any]:
        """Where something is, as people count: rows from 1 with the header, columns by letter."""
        out: dict[str, Any] = {"file": self.name}
        if row is not None:
            out["row"] = row + 2
        if column in self.header:
            out["column"] = get_column_letter(self.header.index(column) + 1)
            out["heading"] = column
        return out


@dataclass(frozen=True)
class Tables:
    """读出的两张表：结点、单位、数值、分组、分母、年份，以及各在何处。"""

    nodes: tuple[Mapping[str, Any], ...]
    units: tuple[str, ...]
    names: tuple[str, ...]
    years: tuple[int, ...]
    indicators: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]
    groups: Mapping[str, tuple[str, ...]]
    denominators: Mapping[str, tuple[float, ...]]
    data: Sheet
    meta: Sheet
    rows_of_nodes: Mapping[str, int]
    rows_of_units: tuple[int, ...]
    faults: tuple[Fault, ...] = field(default=())


def sheet(path: Path) -> Sheet:
    """The first sheet of a workbook, or a CSV in UTF-8 (with or without a mark) or GB 18030."""
    content = path.read_bytes()
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return _workbook(path.name, content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError:
            return Sheet(path.name, (), (), (Fault("not_text", {"file": path.name}),))
    return _sheet(path.name, csv.reader(io.StringIO(text)))


def _workbook(name: str, content: bytes) -> Sheet:
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except Exception:  # openpyxl raises whatever its parsers raise; the file is no workbook
        return Sheet(name, (), (), (Fault("not_workbook", {"file": name}),))
    try:
        rows = [[_text(value) for value in row] for row in book.worksheets[0].values]
    finally:
        book.close()
    return _sheet(name, rows)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return repr(value) if isinstance(value, float) else str(value)


def _sheet(name: str, lines: Iterable[Sequence[str]]) -> Sheet:
    rows = list(lines)
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    if not rows:
        return Sheet(name, (), (), (Fault("empty_file", {"file": name}),))
    header = tuple(cell.strip() for cell in rows[0])
    faults = []
    for at, heading in enumerate(header):
        if heading and heading in header[:at]:
            params = {"file": name, "row": 1, "column": get_column_letter(at + 1)}
            faults.append(Fault("heading_twice", {**params, "found": heading}))
    return Sheet(name, header, tuple(tuple(row) for row in rows[1:]), tuple(faults))


def number(text: str) -> float | None:
    """The number a cell says; NaN for a gap; None for a text.

    >>> number("1,234.5"), number("abc")
    (1234.5, None)
    """
    word = text.strip()
    if word.lower() in _GAPS:
        return math.nan
    if "_" in word:  # Python would take 1_000 for a number; an office would not
        return None
    try:
        return float(word)
    except ValueError:
        pass
    head, _sign, _tail = word.partition(".")
    parts = head.lstrip("+-").split(",")
    if len(parts) > 1 and 0 < len(parts[0]) <= 3 and all(len(p) == 3 for p in parts[1:]):
        try:
            return float(word.replace(",", ""))
        except ValueError:
            return None
    return None


class _Cells:
    """Reads cells of one sheet and keeps what is wrong with them."""

    def __init__(self, sheet: Sheet, faults: list[Fault]) -> None:
        self.sheet, self.faults = sheet, faults

    def number(self, row: int, name: str, default: float = math.nan) -> float:
        text = self.sheet.cell(row, name)
        value = number(text)
        if value is None or math.isinf(value):
            place = self.sheet.place(row, name)
            self.faults.append(Fault("not_number", {**place, "found": text[:40]}))
            return default
        return default if math.isnan(value) else value

    def whole(self, row: int, name: str, default: int) -> int:
        value = self.number(row, name, float(default))
        if value != int(value):
            place = self.sheet.place(row, name)
            self.faults.append(Fault("not_whole", {**place, "found": self.sheet.cell(row, name)}))
            return default
        return int(value)


def tables(data: Sheet, meta: Sheet) -> Tables:
    """Both tables read together, with every fault of either."""
    faults = [*data.faults, *meta.faults]
    for one, needed in ((meta, _META), (data, ("uCode",))):
        lacking = [name for name in needed if one.header and name not in one.header]
        for name in lacking:
            faults.append(Fault("no_column", {"file": one.name, "row": 1, "found": name}))
    nodes, kinds, rows_of_nodes = _meta(meta, faults)
    kept = _units(data, faults) if data.at("uCode") >= 0 else []
    inner = {node["parent"] for node in nodes}
    indicators = []
    for node in nodes:
        if node["level"] == 1 and node["code"] not in inner:
            if node["code"] in data.header:
                indicators.append(node["code"])
            else:
                place = meta.place(rows_of_nodes[node["code"]], "iCode")
                params = {**place, "found": node["code"], "data": data.name}
                faults.append(Fault("no_data_column", params))
    indicators.sort(key=data.at)
    cells = _Cells(data, faults)
    denominators = _columns(data, kinds, "denominator", ("Den_", "x_"))
    groups = _columns(data, kinds, "group", ("Group_",))
    known = {*indicators, *denominators, *groups, "uCode", "uName", "Time", "iTime", ""}
    for name in data.header:
        if kinds and name not in known and name not in kinds:
            faults.append(Fault("unknown_column", {**data.place(-1, name), "found": name}))
    years = tuple(cells.whole(row, "Time", 0) for row in kept) if data.at("Time") >= 0 else ()
    _twice(data, kept, years, faults)
    return Tables(
        nodes=tuple(nodes),
        units=tuple(data.cell(row, "uCode") for row in kept),
        names=tuple(data.cell(row, "uName") for row in kept),
        years=years,
        indicators=tuple(indicators),
        values=tuple(tuple(cells.number(row, code) for code in indicators) for row in kept),
        groups={name: tuple(data.cell(row, name) for row in kept) for name in groups},
        denominators={n: tuple(cells.number(row, n) for row in kept) for n in denominators},
        data=data,
        meta=meta,
        rows_of_nodes=rows_of_nodes,
        rows_of_units=tuple(kept),
        faults=tuple(faults),
    )


def _columns(
    data: Sheet, kinds: Mapping[str, str], kind: str, prefixes: tuple[str, ...]
) -> list[str]:
    """Columns that the metadata say are of a kind, or whose names say so."""
    return [
        name
        for name in data.header
        if kinds.get(name) == kind or (name not in kinds and name.startswith(prefixes))
    ]


def _units(data: Sheet, faults: list[Fault]) -> list[int]:
    kept = []
    for row, cells in enumerate(data.rows):
        if not any(cell.strip() for cell in cells):
            continue
        if not data.cell(row, "uCode"):
            faults.append(Fault("no_code", data.place(row, "uCode")))
            continue
        kept.append(row)
    if data.header and not kept:
        faults.append(Fault("no_rows", {"file": data.name}))
    return kept


def _twice(data: Sheet, kept: list[int], years: tuple[int, ...], faults: list[Fault]) -> None:
    seen: dict[tuple[str, int], int] = {}
    for i, row in enumerate(kept):
        key = (data.cell(row, "uCode"), years[i] if years else 0)
        if key in seen:
            params = {**data.place(row, "uCode"), "unit": key[0], "first": seen[key] + 2}
            faults.append(Fault("unit_twice", params))
        else:
            seen[key] = row


def _meta(
    meta: Sheet, faults: list[Fault]
) -> tuple[list[dict[str, Any]], dict[str, str], dict[str, int]]:
    """Nodes of the tree, what kind each code is, and the row of each."""
    cells = _Cells(meta, faults)
    nodes, kinds, rows = list[dict[str, Any]](), dict[str, str](), dict[str, int]()
    if meta.at("iCode") < 0:  # already told; its rows say nothing
        return nodes, kinds, rows
    for row, line in enumerate(meta.rows):
        if not any(cell.strip() for cell in line):
            continue
        code = meta.cell(row, "iCode")
        if not code:
            faults.append(Fault("no_code", meta.place(row, "iCode")))
            continue
        kind = meta.cell(row, "Type").lower()
        if kind not in ("indicator", "aggregate", "group", "denominator", "other", "none", ""):
            found = meta.cell(row, "Type")
            faults.append(Fault("unknown_type", {**meta.place(row, "Type"), "found": found}))
        if code in kinds:
            params = {**meta.place(row, "iCode"), "node": code, "first": rows[code] + 2}
            faults.append(Fault("node_twice", params))
            continue
        kinds[code], rows[code] = kind, row
        if kind not in ("indicator", "aggregate", ""):
            continue
        nodes.append(
            {
                "code": code,
                "name": meta.cell(row, "iName"),
                "level": cells.whole(row, "Level", 1),
                "parent": meta.cell(row, "Parent"),
                "weight": cells.number(row, "Weight", 1.0),
                "direction": cells.whole(row, "Direction", 1),
                "measure": meta.cell(row, "Unit"),
                "denominator": meta.cell(row, "Denominator"),
                "target": cells.number(row, "Target"),
            }
        )
    return nodes, kinds, rows


# Writing ------------------------------------------------------------------------------------------


def cell_text(value: Any) -> str:
    """A value as a cell: doubles so that reading gives the same bits, gaps empty."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float):
        return repr(float(value))
    return str(value)


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A CSV in UTF-8; `read` of it gives back the same doubles."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([cell_text(value) for value in row] for row in rows)
    return stream.getvalue().encode()

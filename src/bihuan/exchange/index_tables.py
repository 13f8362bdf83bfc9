"""Index tables (指标数据表): COINr's two tables (data, metadata) from CSV or Excel ⇄ plain rows.

Data: one row per unit (uCode, uName, Time, Group_*, Den_* or x_*, one column per indicator).
Metadata: one row per code (iCode, iName, Level, Parent, Weight, Direction, Type …). Headings may
be Chinese, and may stand below a title or in two merged rows; both tables may be sheets of one
workbook. Every cell that cannot be read is named with its file, row and column, all at once.
"""

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

_GAPS = {"", "na", "n/a", "nan", "null", "none", "-", "—", "…", "缺", "缺失"}
UNITS, CODES = "uCode", "iCode"
_META = (CODES, "Level", "Parent", "Weight", "Direction", "Type")
# Headings as an office writes them, of either table.
_HEADINGS = {
    UNITS: {
        UNITS: ("单位代码", "开发区代码", "代码"),
        "uName": ("单位名称", "开发区名称", "名称", "单位", "开发区"),
        "Time": ("年份", "年度", "数据年度"),
    },
    CODES: {
        CODES: ("指标代码", "代码"),
        "iName": ("指标名称", "名称", "指标"),
        "Level": ("层级",),
        "Parent": ("上级代码", "上级", "上级指标"),
        "Weight": ("权重",),
        "Direction": ("方向", "指标方向"),
        "Type": ("类型",),
        "Unit": ("计量单位", "单位"),
        "Denominator": ("分母",),
        "Target": ("目标值", "目标"),
    },
}
_KNOWN = {
    key: {word.casefold(): name for name, words in one.items() for word in (name, *words)}
    for key, one in _HEADINGS.items()
}
_TYPES = {
    "指标": "indicator",
    "汇总": "aggregate",
    "汇总项": "aggregate",
    "分组": "group",
    "分母": "denominator",
    "其他": "other",
    "其它": "other",
}
_DIRECTIONS = {"正向": "1", "正": "1", "+": "1", "逆向": "-1", "负向": "-1", "逆": "-1", "-": "-1"}
# So far down a sheet its headings may stand, below titles and notes.
_DEEPEST = 20


@dataclass(frozen=True)
class Fault:
    """一处读不了的地方：代码、文件、行、列、见到什么。"""

    code: str
    params: Mapping[str, Any]


@dataclass(frozen=True)
class Sheet:
    """一张表：表头、以下各行；格子都是文字。top 是第一行数据在文件里的行数减一。"""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    faults: tuple[Fault, ...] = ()
    top: int = 1
    separator: str = ","

    def at(self, name: str) -> int:
        """The place of a column; -1 where there is none."""
        return self.header.index(name) if name in self.header else -1

    def cell(self, row: int, name: str) -> str:
        at = self.at(name)
        cells = self.rows[row]
        return cells[at].strip() if 0 <= at < len(cells) else ""

    def number(self, row: int, name: str) -> float | None:
        """The number in a cell; NaN for a gap; None for anything else."""
        text = self.cell(row, name)
        # Beside semicolons a comma may part decimals or thousands: only the sender knows.
        return None if self.separator == ";" and "," in text else number(text)

    def line(self, row: int) -> int:
        """A row as people count it: from 1, with the headings."""
        return row + self.top + 1

    def place(self, row: int | None = None, column: str = "") -> dict[str, Any]:
        """Where something is, as people count: rows from 1, columns by letter; -1: the heading."""
        out: dict[str, Any] = {"file": self.name}
        if row is not None:
            out["row"] = self.line(row)
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


def sheet(path: Path, key: str = "") -> Sheet:
    """A table from a workbook or a CSV (UTF-8, GB 18030 or UTF-16; comma, semicolon or tab).

    `key` is the heading that every such table has: of a workbook the first sheet that has it is
    read, and what stands above the row of headings is passed over.
    """
    content = path.read_bytes()
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return _workbook(path.name, content, key)
    text = _decoded(content)
    if text is None:
        return Sheet(path.name, (), (), (Fault("not_text", {"file": path.name}),))
    separator = _separator(text)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=None), delimiter=separator))
    except csv.Error:
        return Sheet(path.name, (), (), (Fault("not_text", {"file": path.name}),))
    return replace(_sheet(path.name, lines, key), separator=separator)


def _decoded(content: bytes) -> str | None:
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for coding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(coding)
        except UnicodeDecodeError:
            continue
    return None


def _separator(text: str) -> str:
    """What parts the cells of the first line that has any."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=lambda mark: (first.count(mark), mark == ","))


def _workbook(name: str, content: bytes, key: str) -> Sheet:
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except Exception:  # openpyxl raises whatever its parsers raise; the file is no workbook
        return Sheet(name, (), (), (Fault("not_workbook", {"file": name}),))
    try:
        for one in book.worksheets:
            one.reset_dimensions()  # some programs write a size that is not that of the sheet
        at = next(
            (
                i
                for i, one in enumerate(book.worksheets)
                if key and _top(_texts(islice(one.values, _DEEPEST)), key) is not None
            ),
            0,
        )
        rows = _texts(book.worksheets[at].values)
    finally:
        book.close()
    found = _sheet(name, rows, key)
    return replace(found, faults=(*found.faults, *_uncomputed(name, content, at, rows)))


def _texts(rows: Iterable[Sequence[Any]]) -> list[list[str]]:
    return [[_text(value) for value in row] for row in rows]


def _uncomputed(
    name: str, content: bytes, at: int, rows: Sequence[Sequence[str]]
) -> Iterable[Fault]:
    """Formulas that were never computed: they look empty and are not."""
    book = load_workbook(io.BytesIO(content), read_only=True)
    try:
        one = book.worksheets[at]
        one.reset_dimensions()
        for line, (told, shown) in enumerate(zip(one.values, rows, strict=False), start=1):
            for column, (formula, value) in enumerate(zip(told, shown, strict=False), start=1):
                if value == "" and isinstance(formula, str) and formula.startswith("="):
                    place = {"row": line, "column": get_column_letter(column)}
                    yield Fault("not_computed", {"file": name, **place, "found": formula[:40]})
    finally:
        book.close()


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return repr(value) if isinstance(value, float) else str(value)


def _heading(text: str, key: str) -> str:
    """A heading of the table with this key, under its one name."""
    return _KNOWN.get(key, {}).get("".join(text.split()).casefold(), text.strip())


def _top(rows: Sequence[Sequence[str]], key: str) -> int | None:
    """The row of headings: the first that has the key."""
    for at, row in enumerate(rows[:_DEEPEST]):
        if any(_heading(cell, key) == key for cell in row):
            return at
    return None


def _headings(rows: Sequence[Sequence[str]], key: str) -> tuple[list[str], int]:
    """The headings and the first row below them; of merged heads the lowest word counts."""
    top = (_top(rows, key) if key else None) or 0
    words, below = [cell.strip() for cell in rows[top]], top + 1
    at = next((i for i, word in enumerate(words) if _heading(word, key) == key), -1)
    while at >= 0 and below < len(rows):
        more = [cell.strip() for cell in rows[below]]
        told = [word for word in more if word]
        # Data have a code, or at least numbers; a second row of headings has neither.
        if not told or more[at : at + 1] != [""] or any(number(word) is not None for word in told):
            break
        more += [""] * (len(words) - len(more))
        words += [""] * (len(more) - len(words))
        words = [low or high for high, low in zip(words, more, strict=True)]
        below += 1
    header: list[str] = []
    for word in words:
        named = _heading(word, key) if key else word
        header.append(word if named in header else named)
    return header, below


def _sheet(name: str, lines: Iterable[Sequence[str]], key: str = "") -> Sheet:
    rows = list(lines)
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    if not rows:
        return Sheet(name, (), (), (Fault("empty_file", {"file": name}),))
    header, below = _headings(rows, key)
    faults = []
    for at, heading in enumerate(header):
        if heading and heading in header[:at]:
            params = {"file": name, "row": below, "column": get_column_letter(at + 1)}
            faults.append(Fault("heading_twice", {**params, "found": heading}))
    for line, row in enumerate(rows[below:], start=below + 1):
        if any(cell.strip() for cell in row[len(header) :]):
            params = {"file": name, "row": line, "found": len(row), "wanted": len(header)}
            faults.append(Fault("too_many_cells", params))
    return Sheet(name, tuple(header), tuple(map(tuple, rows[below:])), tuple(faults), below)


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
        value = self.sheet.number(row, name)
        if value is None or math.isinf(value):
            found = {**self.sheet.place(row, name), "found": self.sheet.cell(row, name)[:40]}
            self.faults.append(Fault("not_number", found))
            return default
        return default if math.isnan(value) else value

    def direction(self, row: int) -> int:
        told = _DIRECTIONS.get(self.sheet.cell(row, "Direction"))
        return int(told) if told else self.whole(row, "Direction", 1)

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
            faults.append(Fault("no_column", {"file": one.name, "row": one.top, "found": name}))
    nodes, kinds, rows_of_nodes = _meta(meta, faults)
    data = _by_code(data, meta, rows_of_nodes)
    kept = _units(data, faults) if data.at("uCode") >= 0 else []
    inner = {node["parent"] for node in nodes}
    indicators = []
    for node in nodes:
        if node["level"] == 1 and node["code"] not in inner:
            if node["code"] in data.header:
                indicators.append(node["code"])
            elif data.at(UNITS) >= 0:  # else it is another table, which was told already
                place = meta.place(rows_of_nodes[node["code"]], "iCode")
                params = {**place, "found": node["code"], "data": data.name}
                faults.append(Fault("no_data_column", params))
    indicators.sort(key=data.at)
    cells = _Cells(data, faults)
    denominators = _columns(data, kinds, "denominator", ("Den_", "x_"))
    groups = _columns(data, kinds, "group", ("Group_",))
    known = {*indicators, *denominators, *groups, "uCode", "uName", "Time", "iTime", ""}
    for name in data.header:
        if kinds and data.at(UNITS) >= 0 and name not in known and name not in kinds:
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


def _by_code(data: Sheet, meta: Sheet, rows_of_nodes: Mapping[str, int]) -> Sheet:
    """The data with codes for headings where these are the names of the metadata."""
    codes: dict[str, list[str]] = {}
    for code, row in rows_of_nodes.items():
        codes.setdefault(meta.cell(row, "iName"), []).append(code)

    def coded(heading: str) -> str:
        found = codes.get(heading, [])
        named = len(found) == 1 and heading and heading not in rows_of_nodes
        return found[0] if named and found[0] not in data.header else heading

    return replace(data, header=tuple(map(coded, data.header)))


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
            params = {**data.place(row, "uCode"), "unit": key[0], "first": data.line(seen[key])}
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
        kind = _TYPES.get(kind, kind)
        if kind not in ("indicator", "aggregate", "group", "denominator", "other", "none", ""):
            found = meta.cell(row, "Type")
            faults.append(Fault("unknown_type", {**meta.place(row, "Type"), "found": found}))
        if code in kinds:
            params = {**meta.place(row, "iCode"), "node": code, "first": meta.line(rows[code])}
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
                "direction": cells.direction(row),
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

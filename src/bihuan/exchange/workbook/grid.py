"""A workbook of any common form (.xlsx, .xls, .et, .ods, .csv) as plain sheets of cells."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from bihuan.exchange.workbook.doubt import Doubt
from bihuan.exchange.workbook.guard import MOST_BYTES, MOST_CELLS, MOST_ROWS, Refusal, Seen, checked
from bihuan.exchange.workbook.ods import measured

Value = int | float | str | bool | date | datetime | time | timedelta

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP, _END_OF_ZIP = b"PK\x03\x04", b"PK\x05\x06"
# The longest end of a directory, with its remark (PKWARE appnote 4.3.16).
_LONGEST_END = 65_557


@dataclass(frozen=True)
class Merge:
    """合并单元格: first and last row and column, counted from 0, both included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Sheet:
    """工作表: rows of values from A1 on, all of one length; an empty cell is ""."""

    name: str
    rows: tuple[list[Value], ...]
    merges: tuple[Merge, ...] = ()
    hidden: bool = False
    seen: Seen = field(default_factory=Seen)


@dataclass(frozen=True)
class Book:
    """工作簿: its sheets, or the one doubt that says why it cannot be read."""

    sheets: tuple[Sheet, ...]
    doubts: tuple[Doubt, ...] = ()
    date_system: str = "1900"
    kind: str = ""


def book(content: bytes) -> Book:
    """Every sheet of a file; what the file is, is seen from its bytes and not from its name."""
    try:
        if not content.strip(b"\0 \t\r\n"):
            raise Refusal("empty_file")
        if len(content) > MOST_BYTES:
            raise Refusal("too_big", most=str(MOST_BYTES // 2**20))
        return _READERS[kind_of(content)](content)
    except Refusal as refusal:
        return Book((), (replace(refusal.doubt, grave=True),))


def kind_of(content: bytes) -> str:
    """xlsx, xls, ods or csv; Refusal for what only looks like a workbook."""
    if content.startswith(_ZIP):
        if _END_OF_ZIP not in content[-_LONGEST_END:]:
            raise Refusal("damaged")
        # The names of the parts stand unpacked in the file.
        lowered = content.lower()
        if b"xl/workbook.bin" in lowered:
            raise Refusal("xlsb")
        if b"xl/workbook.xml" in lowered:
            return "xlsx"
        if b"mimetype" in content[:60] and b"content.xml" in lowered:
            return "ods"
        raise Refusal("word" if b"word/document.xml" in lowered else "not_workbook")
    if content.startswith(_OLE):
        if _wide("EncryptedPackage") in content:
            raise Refusal("password")
        if _wide("WordDocument") in content:
            raise Refusal("word")
        return "xls"
    start = content[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<style")):
        raise Refusal("web_page")
    if start.startswith(b"%pdf"):
        raise Refusal("pdf")
    if start.startswith((b"\x89png", b"\xff\xd8\xff", b"gif8")):
        raise Refusal("picture")
    return "csv"


def _wide(text: str) -> bytes:
    return text.encode("utf-16-le")


@contextmanager
def _library_faults() -> Iterator[None]:
    """Whatever the reading library says of a broken file becomes our own refusal."""
    try:
        yield
    except PasswordError as fault:
        raise Refusal("password") from fault
    except (CalamineError, OSError, ValueError, OverflowError, MemoryError) as fault:
        raise Refusal("damaged") from fault
    except BaseException as fault:
        # A panic of the Rust library is no Exception; everything else goes its way.
        if type(fault).__module__ == "pyo3_runtime":
            raise Refusal("damaged") from fault
        raise


def _xlsx(content: bytes) -> Book:
    safe = checked(content)
    sheets = _sheets(safe.content, safe.seen)
    return Book(sheets, _told(sheets), safe.date_system, "xlsx")


def _ods(content: bytes) -> Book:
    pages = measured(content)
    sheets = tuple(
        replace(
            sheet,
            merges=tuple(Merge(*area) for area in page.merges),
            seen=Seen(hidden_rows=page.hidden_rows),
        )
        for sheet, page in zip(_sheets(content, {}), pages, strict=False)
    )
    return Book(sheets, _told(sheets), "1900", "ods")


def _xls(content: bytes) -> Book:
    sheets = _sheets(content, {})
    return Book(sheets, (Doubt("old_format"), *_told(sheets)), "1900", "xls")


def _sheets(content: bytes, seen: Mapping[str, Seen]) -> tuple[Sheet, ...]:
    found = []
    with _library_faults(), CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
        for about in workbook.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = workbook.get_sheet_by_name(about.name)
            found.append(
                Sheet(
                    about.name,
                    _rows(sheet),
                    tuple(
                        Merge(top, left, bottom, right)
                        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
                    ),
                    about.visible != SheetVisibleEnum.Visible,
                    seen.get(about.name, Seen()),
                )
            )
    return tuple(found)


def _rows(sheet: CalamineSheet) -> tuple[list[Value], ...]:
    rows, columns = sheet.total_height, sheet.total_width
    if rows > MOST_ROWS or rows * columns > MOST_CELLS:
        raise Refusal("too_many_cells", sheet=sheet.name, rows=str(rows), columns=str(columns))
    return tuple(_without_blanks(row) for row in sheet.to_python(skip_empty_area=False))


def _without_blanks(row: Sequence[Value]) -> list[Value]:
    """A cell that only holds spaces is empty."""
    return ["" if isinstance(value, str) and not value.strip() else value for value in row]


def _told(sheets: tuple[Sheet, ...]) -> tuple[Doubt, ...]:
    told = [Doubt("hidden_sheet", {"sheet": one.name}, one.name) for one in sheets if one.hidden]
    told += [
        Doubt("hidden_rows", {"sheet": one.name, "rows": str(one.seen.hidden_rows)}, one.name)
        for one in sheets
        if one.seen.hidden_rows
    ]
    told += [
        Doubt(
            "hidden_columns",
            {"sheet": one.name, "columns": "、".join(map(letters, one.seen.hidden_columns))},
            one.name,
        )
        for one in sheets
        if one.seen.hidden_columns
    ]
    return tuple(told)


def _csv(content: bytes) -> Book:
    text, encoding = _decoded(content)
    sample = text[:4000]
    delimiter = max(",\t;", key=sample.count)
    rows: list[list[Value]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(_without_blanks(row))
            if len(rows) > MOST_ROWS:
                break
    except csv.Error as fault:
        raise Refusal("damaged") from fault
    width = max(map(len, rows), default=0)
    if len(rows) > MOST_ROWS or len(rows) * width > MOST_CELLS:
        lines = text.count("\n") + 1 if len(rows) > MOST_ROWS else len(rows)
        raise Refusal("too_many_cells", sheet="CSV", rows=str(lines), columns=str(width))
    padded = tuple(row + [""] * (width - len(row)) for row in rows)
    told = (Doubt("gbk"),) if encoding == "gb18030" else ()
    return Book((Sheet("CSV", padded),), told, "1900", "csv")


def _decoded(content: bytes) -> tuple[str, str]:
    """UTF-8, UTF-16 where it says so, else the national encoding that Excel writes here."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in content:
        raise Refusal("not_workbook")
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise Refusal("encoding")


_READERS = {"xlsx": _xlsx, "xls": _xls, "ods": _ods, "csv": _csv}


def shown(value: Value) -> str:
    """A cell's value as text: whole numbers without a point, days as 2022-01-20.

    >>> shown(3.0), shown(datetime(2022, 1, 20))
    ('3', '2022-01-20')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, datetime):
        return str(value.date() if value.time() == time() else value)
    return str(value)


def address(row: int, column: int) -> str:
    """The name of a cell, counted from 0.

    >>> address(11, 2), address(0, 27)
    ('C12', 'AB1')
    """
    return f"{letters(column)}{row + 1}"


def letters(column: int) -> str:
    """The letters of a column, counted from 0."""
    text, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text

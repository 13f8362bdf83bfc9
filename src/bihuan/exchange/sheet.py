"""One plain table in and out: pasted text, a CSV or a workbook's first sheet; as CSV or XLSX.

Cells are text. What the columns mean is for who asks; a ledger has a reader of its own
(`exchange.workbook`).
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.views import Pane

from bihuan.exchange.workbook.grid import book, letters, shown
from bihuan.exchange.workbook.writing import RISKY, fitting

MOST_SIGNS = 400_000  # of a pasted text: some 2,000 rows
# A number may begin with a sign; any other text that begins like a formula gets an apostrophe,
# which a spreadsheet hides and `_bare` takes off again.
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?%?")

Value = str | int | Decimal | date | None


@dataclass(frozen=True)
class Line:
    """One filled row: its number as the office counts them, from 1, and its cells."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """The filled rows of a table; or, with a `refusal`, the code that says why there are none."""

    lines: tuple[Line, ...]
    refusal: str = ""
    params: Mapping[str, str] = field(default_factory=dict)


def pasted(text: str) -> Sheet:
    """A block as it comes from a spreadsheet's clipboard: tabs between cells; commas do as well."""
    if len(text) > MOST_SIGNS:
        return Sheet((), "too_long", {"most": str(MOST_SIGNS)})
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    delimiter = "\t" if "\t" in text else ","
    if delimiter == ",":
        text = text.replace("，", ",") if "," not in text else text
    # A quotation mark begins a quoted cell only where the clipboard wrote one.
    quoted = re.search(rf'(?:^|{delimiter})"', text, re.MULTILINE) is not None
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
    )
    found, before = [], 0
    try:
        for row in reader:
            found.append((before + 1, row))
            before = reader.line_num
    except csv.Error:
        return Sheet((), "damaged")
    return _lines(found)


def opened(content: bytes) -> Sheet:
    """The first sheet that holds anything, of an .xlsx, .xls or .csv file."""
    found = book(content)
    grave = next((doubt for doubt in found.doubts if doubt.grave), None)
    if grave is not None:
        return Sheet((), grave.code, grave.params)
    for sheet in found.sheets:
        rows = [(number, [shown(cell) for cell in row]) for number, row in enumerate(sheet.rows, 1)]
        if (read := _lines(rows)).lines and not sheet.hidden:
            return read
    return Sheet((), "empty_file")


def _lines(rows: Iterable[tuple[int, Sequence[str]]]) -> Sheet:
    cut = ((number, tuple(_bare(" ".join(cell.split())) for cell in row)) for number, row in rows)
    return Sheet(tuple(Line(number, cells) for number, cells in cut if any(cells)))


def _bare(cell: str) -> str:
    """A cell without the apostrophe that `csv_bytes` or Excel put before a risky text."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(RISKY) else cell


def as_text(lines: Iterable[Line]) -> str:
    """The table as tab-separated text, which `pasted` reads back with the same row numbers."""
    stream, at = io.StringIO(), 1
    writer = csv.writer(stream, delimiter="\t", lineterminator="\n")
    for line in lines:
        stream.write("\n" * (line.number - at))
        writer.writerow([_cell(cell) for cell in line.cells])
        at = line.number + 1
    return stream.getvalue()


def csv_bytes(heads: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """UTF-8 with a mark at the start, so that Excel opens it with Chinese; no cell is a formula."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([_cell(head) for head in heads])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig", "replace")


def _cell(value: Value) -> str:
    if value is None:
        return ""
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    text = text.replace("\0", "")
    return f"'{text}" if text.startswith(RISKY) and not _NUMBER.fullmatch(text) else text


def xlsx_bytes(title: str, heads: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """A workbook of one sheet: the heading stays in sight, numbers keep their printed digits."""
    workbook = Workbook(write_only=True)
    page: Any = workbook.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", title)[:31] or "Sheet1")
    page.sheet_view.pane = Pane(ySplit=1, topLeftCell="A2", state="frozen")
    for at, head in enumerate(heads):
        page.column_dimensions[letters(at)].width = max(10, min(40, 2 * len(head) + 4))
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = "1:1"
    page.append([_head(page, head) for head in heads])
    for row in rows:
        page.append(list(_xlsx_cells(page, row)))
    page.auto_filter.ref = f"A1:{letters(max(len(heads) - 1, 0))}1"
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _head(page: Any, text: str) -> Any:
    cell: Any = WriteOnlyCell(page, value=text)
    cell.font = Font(bold=True)
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


def _xlsx_cells(page: Any, row: Sequence[Value]) -> Iterator[Any]:
    for value in row:
        if isinstance(value, str):
            text = fitting(value)[0]
            cell: Any = WriteOnlyCell(page, value=text)  # type: ignore[arg-type]  # a text stays one
            if text is not None:  # text stays text whatever it begins with
                cell.data_type = "s"
            cell.quotePrefix = value.startswith(RISKY)
            yield cell
        elif isinstance(value, Decimal):
            cell = WriteOnlyCell(page, value=value)  # type: ignore[arg-type]  # takes a Decimal
            exponent = value.as_tuple().exponent
            places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
            cell.number_format = "0" + ("." + "0" * places if places else "")
            yield cell
        else:
            yield value

"""Writes a ledger as a workbook of its own, laid out for the screen and for A3 paper.

Text is written as text: a value that begins with = + - @ never becomes a formula.
"""

import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.views import Pane

from bihuan.exchange.words.listing import clean, join_items
from bihuan.exchange.workbook.grid import letters
from bihuan.exchange.workbook.rows import Written
from bihuan.exchange.workbook.synonyms import HEADINGS

# Excel holds no more in one cell.
_LONGEST = 32_767
_CUT = "……（原文过长，此处截断）"
_ESCAPE = re.compile(r"_x(?=[0-9A-Fa-f]{4}_)")
RISKY = ("=", "+", "-", "@", "\t", "'")

# Column widths in signs of the standard font; narrow ones for numbers and dates.
_WIDTHS = {
    "order": 6,
    "number": 13,
    "problem": 36,
    "goal": 24,
    "measures": 40,
    "progress": 36,
    "evidence": 20,
    "opinion": 22,
    "recheck": 22,
    "lead_units": 14,
    "assist_units": 18,
    "note": 16,
}
_WIDTH = 12
_A3, _A4 = 8, 9


@dataclass(frozen=True)
class Copied:
    """写出的工作簿: its bytes, the cells whose text was too long, and what could not be kept.

    `lost` holds codes: pictures, shapes, controls, threaded_comments, extensions.
    """

    content: bytes
    cut: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def write_ledger(
    rows: Iterable[Mapping[str, Written]],
    *,
    title: str,
    subtitle: str = "",
    headings: Mapping[str, str] = HEADINGS,
    sheet: str = "整改台账",
    paper: str = "A3",
) -> Copied:
    """写台账：the rows under the 23 headings in order, ready to be read back or printed.

    `rows` hold plain values by field; a tuple becomes a numbered list in one cell.
    """
    workbook = Workbook(write_only=True)
    # The stubs of openpyxl do not know what a write-only sheet has.
    page: Any = workbook.create_sheet(_sheet_name(sheet))
    # A write-only sheet is a stream: everything about the page is said before the first row.
    above = [title, *([subtitle] if subtitle else [])]
    header_row = len(above) + 1
    _set_up(page, headings, paper, header_row)
    width = len(headings)
    looks = _Looks(page)
    for number, text in enumerate(above, start=1):
        look = "title" if number == 1 else "subtitle"
        page.append([looks.cell(fitting(text)[0], look)])
        page.merged_cells.add(f"A{number}:{letters(width - 1)}{number}")
    page.append([looks.cell(fitting(text)[0], "heading") for text in headings.values()])
    cut: list[str] = []
    last = header_row
    for last, row in enumerate(rows, start=header_row + 1):
        cells = []
        for at, name in enumerate(headings):
            value, too_long = fitting(row.get(name))
            if too_long:
                cut.append(f"{letters(at)}{last}")
            cells.append(looks.cell(value, _style_of(value, name)))
        page.append(cells)
    page.auto_filter.ref = f"A{header_row}:{letters(width - 1)}{last}"
    stream = io.BytesIO()
    workbook.save(stream)
    return Copied(stream.getvalue(), tuple(cut))


def fitting(value: Written) -> tuple[str | int | float | date | None, bool]:
    """The value as a cell can hold it, and whether its text had to be cut."""
    if isinstance(value, tuple):
        value = join_items(value)
    if not isinstance(value, str):
        return value, False
    text = _ESCAPE.sub("_x005F_x", clean(value))
    if len(text.encode("utf-16-le")) // 2 <= _LONGEST:
        return text or None, False
    most = _LONGEST - len(_CUT)
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore") + _CUT, True


def _sheet_name(name: str) -> str:
    """What Excel takes as the name of a sheet."""
    return re.sub(r"[\\/*?:\[\]]", " ", clean(name))[:31].strip("' ") or "Sheet1"


def _set_up(page: Any, headings: Mapping[str, str], paper: str, header_row: int) -> None:
    # 序号、编号和表头不随滚动移走，每页重印。
    page.sheet_view.pane = Pane(
        xSplit=2, ySplit=header_row, topLeftCell=f"C{header_row + 1}", state="frozen"
    )
    page.print_title_rows = f"{header_row}:{header_row}"
    for at, name in enumerate(headings):
        page.column_dimensions[letters(at)].width = _WIDTHS.get(name, _WIDTH)
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = _A4 if paper == "A4" else _A3
    page.page_setup.fitToWidth = 1
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_options.horizontalCentered = True
    page.oddFooter.center.text = "第 &P 页，共 &N 页"
    page.page_margins.left = page.page_margins.right = 0.4


@dataclass(frozen=True)
class _Style:
    font: Font
    alignment: Alignment
    border: Border | None = None
    fill: PatternFill | None = None
    number_format: str = "General"
    quoted: bool = False


def _styles() -> dict[str, _Style]:
    line = Side(style="thin", color="FF808080")
    box = Border(left=line, right=line, top=line, bottom=line)
    body = Font(name="宋体", size=10)
    wrapped = Alignment(vertical="top", wrap_text=True)
    centred = Alignment(horizontal="center", vertical="top", wrap_text=True)
    return {
        "title": _Style(
            Font(name="黑体", size=18), Alignment(horizontal="center", vertical="center")
        ),
        "subtitle": _Style(Font(name="仿宋", size=12), Alignment(vertical="center")),
        "heading": _Style(
            Font(name="黑体", size=10),
            Alignment(horizontal="center", vertical="center", wrap_text=True),
            box,
            PatternFill("solid", fgColor="FFE8EDF3"),
        ),
        "text": _Style(body, wrapped, box),
        "quoted": _Style(body, wrapped, box, quoted=True),
        "short": _Style(body, centred, box),
        "date": _Style(body, centred, box, number_format="yyyy-mm-dd"),
    }


def _style_of(value: object, name: str) -> str:
    if isinstance(value, date):
        return "date"
    if isinstance(value, str) and value.startswith(RISKY):
        return "quoted"
    return "short" if name in ("order", "rect_kind", "state") else "text"


class _Looks:
    """One styled cell per look; the cells of the rows take over its numbers, which is quick."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self._numbers = {name: self._look(style) for name, style in _styles().items()}

    def _look(self, style: _Style) -> Any:
        cell: Any = WriteOnlyCell(self._page)
        cell.font, cell.alignment = style.font, style.alignment
        if style.border:
            cell.border = style.border
        if style.fill:
            cell.fill = style.fill
        cell.number_format = style.number_format
        cell.quotePrefix = style.quoted
        return cell._style

    def cell(self, value: Any, name: str) -> Any:
        """A cell that holds this value; text stays text whatever it begins with."""
        cell: Any = WriteOnlyCell(self._page, value=value)
        cell._style = self._numbers[name]
        if isinstance(value, str):
            cell.data_type = "s"
        return cell

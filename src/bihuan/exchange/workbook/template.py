"""Writes a ledger into the office's own workbook: its headings, widths, styles and formulas stay.

Only the columns whose headings are understood are written. Columns of an unknown meaning keep what
they held for the same problem; other sheets are not touched.
"""

import io
import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.formula.translate import Translator
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange
from openpyxl.worksheet.worksheet import Worksheet

from bihuan.exchange.words.units import plain_name
from bihuan.exchange.workbook.grid import Book, Sheet, address, book, letters, shown
from bihuan.exchange.workbook.guard import Refusal, checked
from bihuan.exchange.workbook.headings import Header, Words, header
from bihuan.exchange.workbook.lines import other_lines
from bihuan.exchange.workbook.rows import Written
from bihuan.exchange.workbook.synonyms import SYNONYMS
from bihuan.exchange.workbook.writing import RISKY, Copied, fitting

_FOOTERS = frozenset({"total", "note"})
_KEYS = ("number", "problem")
_RANGE = re.compile(r"(\$?[A-Z]{1,3}\$?)(\d+)(:\$?[A-Z]{1,3}\$?)(\d+)")


def write_into(
    template: bytes,
    rows: Iterable[Mapping[str, Written]],
    *,
    synonyms: Mapping[str, Sequence[str]] = SYNONYMS,
) -> Copied:
    """写入单位自己的台账：its first sheet with a ledger's header gets the rows, the rest stays.

    Refusal says why a file cannot take them: no workbook of the new kind, or no header in it.
    """
    opened = book(template)
    if opened.kind != "xlsx":
        if opened.kind:
            raise Refusal("template_kind")
        raise Refusal(opened.doubts[0].code, **opened.doubts[0].params)
    sheet, found = _place(opened, Words(synonyms))
    parts = checked(template).parts
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        workbook = load_workbook(
            io.BytesIO(template),
            keep_vba="xl/vbaProject.bin" in parts,
            rich_text=True,
        )
    page = workbook[sheet.name]
    if not isinstance(page, Worksheet):
        raise Refusal("no_header", sheet=sheet.name)
    filler = _Filler(page, sheet, found)
    filler.fill(list(rows))
    stream = io.BytesIO()
    workbook.save(stream)
    return Copied(stream.getvalue(), tuple(filler.cut), _lost(parts, bool(told), filler))


def _place(opened: Book, words: Words) -> tuple[Sheet, Header]:
    """The first sheet people see that has a ledger's header."""
    for sheet in sorted(opened.sheets, key=lambda one: one.hidden):
        found = header(sheet, words)
        if found is not None:
            return sheet, found
    names = "、".join(sheet.name for sheet in opened.sheets)
    raise Refusal("no_header", sheet=names)


def _lost(parts: Sequence[str], warned: bool, filler: "_Filler") -> tuple[str, ...]:
    """What the library cannot carry over, so that somebody is told before using the copy."""
    names = " ".join(parts).lower()
    found = [
        ("pictures", "xl/media/" in names),
        ("shapes", "xl/drawings/drawing" in names),
        ("controls", "xl/ctrlprops/" in names or "xl/activex/" in names),
        ("threaded_comments", "threadedcomment" in names),
        ("extensions", warned),
        ("unknown_columns", filler.orphans > 0),
    ]
    return tuple(code for code, true in found if true)


@dataclass
class _Look:
    """How the first row of the table looks: a style for each column, and its height."""

    styles: dict[int, Any]
    height: float | None
    formulas: dict[int, str]
    row: int


@dataclass
class _Filler:
    """Fills one sheet; rows and columns count from 1 here, as the library counts them."""

    page: Worksheet
    sheet: Sheet
    found: Header
    cut: list[str] = field(default_factory=list)
    orphans: int = 0

    def __post_init__(self) -> None:
        self.fields: dict[str, int] = {}
        for column in self.found.columns:
            if column.field:
                self.fields.setdefault(column.field, column.at + 1)
        self.start = self.found.bottom + 2
        lines = other_lines(self.sheet, self.found)
        filled = [
            at
            for at in range(self.found.bottom + 1, len(self.sheet.rows))
            if at not in lines and any(value != "" for value in self.sheet.rows[at])
        ]
        last = max(filled, default=self.found.bottom)
        footers = [at for at, kind in lines.items() if kind in _FOOTERS and at > last]
        # 表尾（合计、注）之前的行都可以填；没有表尾时不必腾地方。
        self.footer = min(footers) + 1 if footers else None
        self.end = (self.footer or last + 2) - 1
        self.problems = [at + 1 for at in filled]
        # Only as far as there is content: whole rows and columns may be formatted to the edge.
        self.width = len(self.sheet.rows[0])
        self.bottom = len(self.sheet.rows)

    def fill(self, rows: list[Mapping[str, Written]]) -> None:
        """Make room, write every row, clear what is left of the old ones."""
        look = self._look()
        kept = self._unknown_columns()
        self._unmerge()
        extra = max(0, len(rows) - (self.end - self.start + 1))
        if extra and self.footer:
            self._move_footer(extra)
        for at in range(self.start + len(rows), self.end + 1):
            self._clear(at)
        for number, row in enumerate(rows, start=1):
            self._write(self.start + number - 1, number, row, look, kept)
        self.orphans = sum(bool(cells) for cells in kept.values())
        self._stretch(self.start + max(len(rows), 1) - 1)

    def _look(self) -> _Look:
        first = self.problems[0] if self.problems else self.start
        styles: dict[int, Any] = {}
        formulas: dict[int, str] = {}
        for column in range(1, self.width + 1):
            cell: Any = self.page.cell(first, column)
            styles[column] = None if isinstance(cell, MergedCell) else copy(cell._style)
            if isinstance(cell.value, str) and cell.data_type == "f":
                formulas[column] = cell.value
        return _Look(styles, self.page.row_dimensions[first].height, formulas, first)

    def _unknown_columns(self) -> dict[str, dict[int, Any]]:
        """What the columns of unknown meaning hold for each problem."""
        known = set(self.fields.values())
        kept: dict[str, dict[int, Any]] = {}
        for row in self.problems:
            cells = {
                column: self.page.cell(row, column).value
                for column in range(1, self.width + 1)
                if column not in known and self.page.cell(row, column).value is not None
            }
            cells = {at: one for at, one in cells.items() if not str(one).startswith("=")}
            key = self._key({name: self._old(row, name) for name in _KEYS})
            if cells and key:
                kept.setdefault(key, cells)
        return kept

    def _old(self, row: int, name: str) -> str:
        column = self.fields.get(name)
        return shown(self.sheet.rows[row - 1][column - 1]) if column else ""

    def _key(self, row: Mapping[str, Written]) -> str:
        """By what a problem is known again: its number where the sheet has one, else its words."""
        for name in _KEYS:
            text = fitting(row.get(name))[0]
            if name in self.fields and text:
                return f"{name}:{plain_name(str(text))}"
        return ""

    def _unmerge(self) -> None:
        for merged in list(self.page.merged_cells.ranges):
            if merged.min_row >= self.start and merged.min_row <= self.end:
                self.page.unmerge_cells(str(merged))

    def _move_footer(self, down: int) -> None:
        """合计、注 move below the last row, with their look, their merges and their sums."""
        top, bottom = self.end + 1, self.bottom
        merges = [one for one in self.page.merged_cells.ranges if one.min_row >= top]
        old = [str(one) for one in merges]
        for text in old:
            self.page.unmerge_cells(text)
        heights = {at: self.page.row_dimensions[at].height for at in range(top, bottom + 1)}
        self.page.move_range(f"A{top}:{letters(self.width - 1)}{bottom}", rows=down)
        for at, height in sorted(heights.items(), reverse=True):
            self.page.row_dimensions[at + down].height = height
        for text in old:
            area = CellRange(text)
            area.shift(row_shift=down)
            self.page.merge_cells(area.coord)
        self.footer = top + down
        self.bottom += down
        self.end += down

    def _clear(self, row: int) -> None:
        for column in range(1, self.width + 1):
            cell = self.page.cell(row, column)
            if isinstance(cell, Cell):
                cell.value = None
                cell.hyperlink = None

    def _write(
        self,
        at: int,
        number: int,
        row: Mapping[str, Written],
        look: _Look,
        kept: dict[str, dict[int, Any]],
    ) -> None:
        for column, style in look.styles.items():
            cell: Any = self.page.cell(at, column)
            if style is not None and not isinstance(cell, MergedCell):
                cell._style = copy(style)
                cell.value = None
        if look.height is not None:
            self.page.row_dimensions[at].height = look.height
        for name, column in self.fields.items():
            value, too_long = fitting(self._value(row, name, number))
            if too_long:
                self.cut.append(address(at - 1, column - 1))
            self._put(self.page.cell(at, column), value)
        for column, formula in look.formulas.items():
            if column not in self.fields.values():
                origin = f"{letters(column - 1)}{look.row}"
                here = f"{letters(column - 1)}{at}"
                self.page.cell(at, column).value = Translator(formula, origin).translate_formula(
                    here
                )
        for column, old in kept.pop(self._key(row), {}).items():
            self.page.cell(at, column).value = old

    def _value(self, row: Mapping[str, Written], name: str, number: int) -> Written:
        """A field's value; 责任单位 alone takes both the leading and the assisting units."""
        if name == "order":
            return row.get("order") or number
        if name == "units" and "lead_units" not in self.fields:
            lead, assist = row.get("lead_units") or "", row.get("assist_units") or ""
            if assist and "assist_units" not in self.fields:
                return f"牵头：{lead}；配合：{assist}"
            return lead
        if name == "measures" and "problem" not in self.fields:
            return row.get("measures") or row.get("problem")
        return row.get(name)

    def _put(self, cell: Cell | MergedCell, value: str | int | float | date | None) -> None:
        if not isinstance(cell, Cell):
            return
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
            cell.quotePrefix = value.startswith(RISKY)
        elif isinstance(value, date) and not cell.is_date:
            cell.number_format = "yyyy-mm-dd"

    def _stretch(self, last: int) -> None:
        """Filters, lists to choose from, colours and sums that covered the old rows cover all."""
        old = max(self.problems, default=self.start)
        if self.page.auto_filter.ref:
            area = CellRange(self.page.auto_filter.ref)
            area.expand(down=max(0, last - (area.max_row or last)))
            self.page.auto_filter.ref = area.coord
        for rule in self.page.data_validations.dataValidation:
            rule.sqref = self._stretched(rule.sqref, old, last)
        conditions = self.page.conditional_formatting
        for area_rules in list(conditions):
            area_rules.sqref = self._stretched(area_rules.sqref, old, last)
        if self.footer:
            for line in self.page.iter_rows(min_row=self.footer, max_row=self.bottom):
                for cell in line:
                    if isinstance(cell.value, str) and cell.data_type == "f":
                        cell.value = _RANGE.sub(self._sum(old, last), cell.value)

    def _stretched(self, areas: Any, old: int, last: int) -> MultiCellRange:
        found = MultiCellRange()
        for area in areas.ranges:
            grown = CellRange(area.coord)
            if self.start <= (grown.max_row or 0) <= last and (grown.min_row or 0) <= old:
                grown.expand(down=last - (grown.max_row or last))
            found.add(grown)
        return found

    def _sum(self, old: int, last: int) -> Any:
        def grown(match: re.Match[str]) -> str:
            first, end = int(match[2]), int(match[4])
            if first == self.start and old <= end:
                end = max(last, min(end, self.end))
            return f"{match[1]}{first}{match[3]}{end}"

        return grown

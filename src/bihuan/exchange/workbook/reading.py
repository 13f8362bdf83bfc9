"""Reads any office's rectification ledger into rows, with every doubt, cell by cell, all at once.

Nothing is thrown away: what is not understood is kept as it was written, under its own heading.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bihuan.exchange.words.listing import clean
from bihuan.exchange.words.units import plain_name
from bihuan.exchange.workbook.doubt import Doubt, full_address
from bihuan.exchange.workbook.grid import Book, Sheet, Value, address, book, letters, shown
from bihuan.exchange.workbook.headings import Header, Words, headers
from bihuan.exchange.workbook.lines import Top, other_lines, top
from bihuan.exchange.workbook.problem import Names, Problem
from bihuan.exchange.workbook.rows import Aside, LedgerRead, Row, SheetRead
from bihuan.exchange.workbook.synonyms import SYNONYMS
from bihuan.exchange.workbook.table import Table, cells, short


def read_ledger(
    content: bytes,
    *,
    name: str,
    register: Mapping[str, str],
    year: int | None = None,
    today: date | None = None,
    synonyms: Mapping[str, Sequence[str]] = SYNONYMS,
) -> LedgerRead:
    """读台账：whatever an office calls its ledger, as rows, and every doubt in it.

    `register` holds plain names (aliases and former names too) and the code each means. `year` is
    the reporting year if somebody said one; otherwise the file's own is used where it has one.
    """
    opened = book(content)
    reader = _Reader(opened, name, Names(register), year, today, Words(synonyms))
    for sheet in opened.sheets:
        reader.sheet(sheet)
    if opened.sheets and not reader.rows and not any(one.grave for one in reader.doubts):
        reader.doubts.append(Doubt("no_rows", {"name": name}, grave=True))
    _same_numbers(reader.rows, reader.places)
    return LedgerRead(
        name,
        tuple(reader.rows),
        tuple(reader.sheets),
        tuple(reader.doubts),
        tuple(reader.outside),
    )


@dataclass
class _Reader:
    """Reads sheet by sheet and remembers what was read before: names, dates, doubts."""

    opened: Book
    name: str
    names: Names
    year: int | None
    today: date | None
    words: Words
    rows: list[Row] = field(default_factory=list)
    sheets: list[SheetRead] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    outside: list[Aside] = field(default_factory=list)
    # Sheet → field → the place of its first column.
    places: dict[str, dict[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.doubts.extend(self.opened.doubts)

    def sheet(self, sheet: Sheet) -> None:
        """One sheet, or why it holds no ledger."""
        if not any(value != "" for row in sheet.rows for value in row):
            self.doubts.append(Doubt("empty_sheet", {"sheet": sheet.name}, sheet.name))
            return
        tables = headers(sheet, self.words)
        if not tables:
            self.doubts.append(Doubt("no_header", {"sheet": sheet.name}, sheet.name))
            self._aside(sheet, range(len(sheet.rows)), {})
        start = 0
        above: Top | None = None
        for found in tables:
            above = self._table(sheet, found, start, above)
            start = found.end

    def _table(self, sheet: Sheet, found: Header, start: int, before: Top | None) -> Top:
        """One table of a sheet; a further one is of the year of the one above it."""
        above = top(sheet, found, self.name, start=start)
        if before is not None:
            above = replace(above, year=before.year)
        lines = other_lines(sheet, found)
        page = Table(
            sheet,
            found,
            above,
            lines,
            year=self.year,
            today=self.today,
            date_system=self.opened.date_system,
        )
        self.doubts.extend(page.told())
        places = self.places.setdefault(sheet.name, {})
        places.update({name: some[0].at for name, some in page.columns.items()})
        earlier = len(self.rows)
        self.rows.extend(self._problems(page))
        if len(self.rows) == earlier:
            self.doubts.append(Doubt("no_problems", {"sheet": sheet.name}, sheet.name, grave=True))
        apart = [at for at, kind in lines.items() if kind != "blank"]
        self._aside(sheet, [*range(start, found.bottom + 1), *apart], lines)
        self.sheets.append(
            SheetRead(
                sheet.name,
                above.title,
                above.filed_by,
                above.filed_on,
                page.year,
                found.bottom + 1,
                tuple((letters(one.at), one.heading, one.field) for one in found.columns),
                {at + 1: kind for at, kind in lines.items()},
            )
        )
        return above

    def _aside(self, sheet: Sheet, rows: Iterable[int], kinds: Mapping[int, str]) -> None:
        for at in rows:
            if found := tuple(cells(sheet, [at], {})):
                self.outside.append(Aside(sheet.name, at + 1, kinds.get(at, ""), found))

    def _problems(self, table: Table) -> Iterator[Row]:
        """Every problem of a sheet; a section's heading is the category of those without one."""
        section = ""
        before: dict[str, Value] = {}
        for first, last in table.groups():
            if table.lines.get(first) == "section":
                filled = [value for value in table.sheet.rows[first] if value != ""]
                section = clean(shown(filled[0]))
            elif first not in table.lines:
                yield Problem(table, self.names, first, last, section, before).row()


def _same_numbers(rows: list[Row], places: Mapping[str, Mapping[str, int]]) -> None:
    """编号 written twice, or the same problem of the same unit twice: told, nothing is merged."""
    numbers: dict[str, Row] = {}
    problems: dict[tuple[str, tuple[str, ...]], Row] = {}
    for at, row in enumerate(rows):
        doubts = []
        lead = tuple(one.code or one.name for one in row.lead_units)
        first = numbers.setdefault(row.number, row) if row.number else row
        if first is not row:
            doubts.append(_twice("same_number", "number", row, first, places))
        first = problems.setdefault((plain_name(row.problem), lead), row) if row.problem else row
        if first is not row:
            doubts.append(_twice("same_problem", "problem", row, first, places))
        if doubts:
            rows[at] = replace(row, doubts=(*row.doubts, *doubts))


def _twice(
    code: str, name: str, row: Row, first: Row, places: Mapping[str, Mapping[str, int]]
) -> Doubt:
    cell, before = (address(one.row - 1, places[one.sheet].get(name, 0)) for one in (row, first))
    params = {
        "cell": full_address(row.sheet, cell),
        "found": short(str(getattr(row, name))),
        "first": full_address(first.sheet, before),
    }
    return Doubt(code, params, row.sheet, cell, row.row, code == "same_number")

"""One sheet's table: which column is which field, which rows are one problem, what a cell holds."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from bihuan.exchange.words.deadline import Deadline, Written, deadline
from bihuan.exchange.workbook.doubt import Doubt
from bihuan.exchange.workbook.grid import Sheet, Value, address, letters, shown
from bihuan.exchange.workbook.headings import Column, Header
from bihuan.exchange.workbook.lines import Top
from bihuan.exchange.workbook.rows import Cell

# Under which heading the comments beside cells are kept.
COMMENT = "批注"

# Fields that may stand in several columns and still be one thing.
SEVERAL = frozenset(
    {"measures", "progress", "evidence", "note", "opinion", "recheck"}
    | {"units", "lead_units", "assist_units"}
)


def cells(sheet: Sheet, rows: Iterable[int], columns: Mapping[int, Column]) -> Iterator[Cell]:
    """Every filled cell of these rows, with its original text, and the comments beside them."""
    heads = _heads(tuple(sorted(columns.items())), max(map(len, sheet.rows[:1]), default=0))
    errors = sheet.seen.errors
    for at in rows:
        for place, value in enumerate(sheet.rows[at]):
            if value == "" and (at, place) not in errors:
                continue
            text = errors[at, place] if value == "" else shown(value)
            letter, heading, field = heads[place]
            yield Cell(f"{letter}{at + 1}", heading, field, text)
        for place, text in sheet.seen.comments.get(at, ()):
            yield Cell(address(at, place), COMMENT, "", text)


@lru_cache(maxsize=8)
def _heads(columns: tuple[tuple[int, Column], ...], width: int) -> tuple[tuple[str, str, str], ...]:
    """Letters, heading and field of every column of a sheet."""
    known = dict(columns)
    blank = Column(0, "", "")
    found = ((at, known.get(at, blank)) for at in range(width))
    return tuple((letters(at), column.heading, column.field) for at, column in found)


def short(text: str) -> str:
    """Short enough for a sentence, on one line."""
    text = " ".join(text.split())
    return text if len(text) <= 40 else text[:39] + "…"


class Piece(NamedTuple):
    """One cell of a problem: where its value really stands, the value, and its row."""

    row: int
    column: int
    value: Value
    heading: str


class Table:
    """One sheet with a header: its problems in order."""

    def __init__(
        self,
        sheet: Sheet,
        found: Header,
        above: Top,
        lines: Mapping[int, str],
        *,
        year: int | None,
        today: date | None,
        date_system: str,
    ) -> None:
        self.sheet, self.header, self.lines, self.above = sheet, found, lines, above
        self.year = year if year is not None else above.year
        self._today, self._date_system = today, date_system
        self.columns: dict[str, list[Column]] = {}
        self.extra: list[Column] = []
        self.same: list[Column] = []
        self.by_place = {one.at: one for one in found.columns}
        self._order_columns()
        self._origins = self._merged()
        self._dates: dict[tuple[type, Value], Deadline] = {}
        # Row → its cells that hold an error, or a formula that was never worked out ("").
        self.broken: dict[int, list[tuple[int, str]]] = {}
        self.struck: dict[int, list[int]] = {}
        for row, at in sorted(sheet.seen.struck):
            self.struck.setdefault(row, []).append(at)
        unworked = ((place, "") for place in sheet.seen.unworked)
        for (row, at), text in (*sheet.seen.errors.items(), *unworked):
            self.broken.setdefault(row, []).append((at, text))

    def _order_columns(self) -> None:
        """Which column is which field; the second of a kind only where a field may have two."""
        chosen: dict[str, Column] = {}
        for column in self.header.columns:
            other = chosen.get(column.field)
            if other is None or column.fit > other.fit:
                chosen[column.field] = column
        for column in self.header.columns:
            if not column.field:
                self.extra.append(column)
            elif column.field in SEVERAL or chosen[column.field] is column:
                self.columns.setdefault(column.field, []).append(column)
            else:
                self.same.append(column)
                self.extra.append(column)
                self.by_place[column.at] = replace(column, field="")
        width = max(map(len, self.sheet.rows), default=0)
        self.extra += [
            Column(at, letters(at), "") for at in range(width) if at not in self.by_place
        ]

    @property
    def merged(self) -> bool:
        """Is any cell below the header merged with one above it?"""
        return bool(self._origins)

    def _merged(self) -> dict[tuple[int, int], tuple[int, int]]:
        """A cell merged with one above it → that one; only inside the range."""
        last = self.header.end - 1
        return {
            (row, merge.left): (merge.top, merge.left)
            for merge in self.sheet.merges
            if merge.top > self.header.bottom and merge.bottom > merge.top
            for row in range(merge.top + 1, min(merge.bottom, last) + 1)
        }

    def told(self) -> Iterator[Doubt]:
        """What a reader of the preview should know of this sheet."""
        name = self.sheet.name
        for column in self.same:
            first = self.columns[column.field][0].heading
            yield Doubt(
                "same_meaning",
                {"sheet": name, "heading": column.heading, "first": first},
                name,
                address(self.header.bottom, column.at),
            )
        for column in self.header.columns:
            if not column.field:
                yield Doubt(
                    "unknown_heading",
                    {"sheet": name, "heading": column.heading},
                    name,
                    address(self.header.bottom, column.at),
                )
        for wanted, code in (("problem", "no_problem_column"), ("due", "no_due_column")):
            if wanted not in self.columns:
                yield Doubt(code, {"sheet": name}, name, grave=wanted == "problem")
        if not {"units", "lead_units"} & self.columns.keys():
            yield Doubt("no_unit_column", {"sheet": name}, name, grave=True)
        blank = sum(kind == "blank" for kind in self.lines.values())
        if blank:
            yield Doubt("blank_rows", {"sheet": name, "rows": str(blank)}, name)
        for at, kind in self.lines.items():
            if kind != "blank":
                text = " ".join(shown(value) for value in self.sheet.rows[at] if value != "")
                yield Doubt(
                    f"{kind}_row",
                    {"sheet": name, "row": str(at + 1), "text": short(text)},
                    name,
                    address(at, 0),
                    at + 1,
                )

    def groups(self) -> Iterator[tuple[int, int]]:
        """First and last row of each problem: several where the problem's cell is merged."""
        column = self.header.column("problem")
        tall = {
            merge.top: merge.bottom
            for merge in self.sheet.merges
            if merge.left == column and merge.bottom > merge.top
        }
        at = self.header.bottom + 1
        while at < self.header.end:
            last = min(tall.get(at, at), self.header.end - 1)
            if at in self.lines or any(value != "" for value in self.sheet.rows[at]) or last > at:
                yield at, last
            elif (at, column) in self._origins:
                yield at, at
            at = last + 1

    def pieces(self, name: str, rows: Sequence[int]) -> list[Piece]:
        """The filled cells of a field in these rows; a merged one once."""
        columns = self.columns.get(name)
        if not columns:
            return []
        if len(columns) == 1 and len(rows) == 1:  # most fields of most problems
            piece = self.piece(rows[0], columns[0])
            return [piece] if piece else []
        found: dict[tuple[int, int], Piece] = {}
        for column in columns:
            for row in rows:
                piece = self.piece(row, column)
                if piece is not None:
                    found.setdefault((piece.row, piece.column), piece)
        return list(found.values())

    def piece(self, row: int, column: Column) -> Piece | None:
        """The cell of a row in a column, or the one that it is merged with."""
        value = self.sheet.rows[row][column.at]
        if value == "":
            origin = self._origins.get((row, column.at))
            if origin is None:
                return None
            row = origin[0]
            value = self.sheet.rows[row][column.at]
            if value == "":
                return None
        return Piece(row, column.at, value, column.heading)

    def date(self, value: Value) -> Deadline:
        """A date or deadline of this sheet; the same value is read once."""
        key = (type(value), value)
        if key not in self._dates:
            written: Written = (
                value if isinstance(value, str | int | float | date) else shown(value)
            )
            self._dates[key] = deadline(
                written,
                year=self.year,
                today=self._today,
                date_system=self._date_system,
            )
        return self._dates[key]

"""A table as declared data: columns, rows of cells, one template for the whole product."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal

from django.utils.translation import gettext as _

Tone = Literal["plain", "good", "warn", "orange", "bad", "info", "quiet"]
Kind = Literal[
    "text", "number", "percent", "money", "date", "moment", "tag", "code", "quote", "act", "choice"
]


@dataclass(frozen=True)
class Tag:
    """A word in a coloured frame; the word alone must say everything."""

    label: str
    tone: Tone = "plain"

    template: ClassVar[str] = "ui/parts/tag.html"


@dataclass(frozen=True)
class Cell:
    """One value with how to show it, where it leads, and a small second line.

    An "act" is a button that does one verb by a POST to `href`; a "choice" is a check box, named
    by its note, that sends its value as `chosen` with the form around the table (`Choosing`).
    """

    value: Any
    kind: Kind = "text"
    href: str = ""
    tone: Tone = "plain"
    note: str = ""
    lead: str = ""  # signs before a link that draw a tree: seen, not read out


@dataclass(frozen=True)
class Column:
    """A heading; `wide` lets its text wrap, `number` sets it flush right."""

    label: str
    number: bool = False
    wide: bool = False


@dataclass(frozen=True)
class Row:
    """Cells in the order of the columns; `tone` marks the whole row (in words too, in a cell)."""

    cells: tuple[Cell, ...]
    tone: Tone = "plain"

    def labelled(self, columns: Sequence[Column]) -> list[tuple[Column, Cell]]:
        return list(zip(columns, self.cells, strict=True))


@dataclass(frozen=True)
class Pager:
    """Where we are in a long list, and the addresses of the neighbours."""

    number: int
    count: int
    total: int
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Table:
    """Columns and rows. On a narrow screen each row becomes a card with the headings inside."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: str = ""
    empty: str = ""
    pager: Pager | None = None

    template: ClassVar[str] = "ui/parts/table.html"

    @property
    def lines(self) -> list[tuple[Row, list[tuple[Column, Cell]]]]:
        return [(row, row.labelled(self.columns)) for row in self.rows]

    @property
    def nothing(self) -> str:
        return self.empty or _("暂无记录。")


def columns(*labels: str | Column) -> tuple[Column, ...]:
    """Columns from plain headings."""
    return tuple(label if isinstance(label, Column) else Column(label) for label in labels)


def row(*cells: Any, tone: Tone = "plain") -> Row:
    """A row from plain values, tags and cells."""
    return Row(tuple(_cell(cell) for cell in cells), tone)


def moment(at: datetime | None) -> Cell:
    """When something was; a dash where it has not been."""
    return Cell(at, "moment") if at is not None else Cell("—")


def rows(lines: Iterable[Iterable[Any]]) -> tuple[Row, ...]:
    """Rows from plain values."""
    return tuple(row(*line) for line in lines)


def _cell(value: Any) -> Cell:
    if isinstance(value, Cell):
        return value
    return Cell(value, kind="tag") if isinstance(value, Tag) else Cell(value)

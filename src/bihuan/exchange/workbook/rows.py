"""What a ledger workbook says, row by row: the understood fields, the cells and the doubts."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, NamedTuple

from bihuan.exchange.words.deadline import NONE_WRITTEN, Deadline
from bihuan.exchange.words.units import Match
from bihuan.exchange.workbook.doubt import Doubt

# What may be handed over to be written into a cell.
Written = str | int | float | date | tuple[str, ...] | None
KIND_NAMES = {"immediate": "立行立改", "dated": "限期整改", "long_term": "长期坚持"}


class Cell(NamedTuple):
    """单元格: where it is, the heading over it, the field it means, its original text."""

    at: str
    heading: str
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Measure:
    """整改措施: what is to be done; its own deadline where the row of the measure has one."""

    text: str
    row: int
    due: Deadline = NONE_WRITTEN


@dataclass(frozen=True, slots=True)
class Row:
    """一个问题: one problem with all its measures, from one line of the sheet or several.

    `rect_kind` is immediate, dated, long_term or "". `state` is one of the ledger's states,
    "finished" where the office only says that the work is done, or "".
    """

    sheet: str
    row: int
    last: int
    order: str = ""
    number: str = ""
    source: str = ""
    source_number: str = ""
    category: str = ""
    problem: str = ""
    goal: str = ""
    measures: tuple[Measure, ...] = ()
    leader: str = ""
    lead_units: tuple[Match, ...] = ()
    assist_units: tuple[Match, ...] = ()
    owner: str = ""
    assigned_on: Deadline = NONE_WRITTEN
    due: Deadline = NONE_WRITTEN
    rect_kind: str = ""
    progress: tuple[str, ...] = ()
    evidence: str = ""
    state: str = ""
    state_text: str = ""
    requested_on: Deadline = NONE_WRITTEN
    verifier: str = ""
    opinion: str = ""
    closed_on: Deadline = NONE_WRITTEN
    recheck: str = ""
    place: str = ""
    note: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()
    # Where the originals are looked up when somebody asks: half a million small objects made in
    # advance would cost more than all the reading.
    original: Callable[[], Iterable[Cell]] = field(default=tuple, repr=False, compare=False)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every filled cell of the problem's lines, with its original text."""
        return tuple(self.original())


@dataclass(frozen=True)
class SheetRead:
    """工作表 as it was understood: its lines above the header, and what each column means."""

    name: str
    title: str
    filed_by: str
    filed_on: Deadline
    year: int | None
    header_row: int
    columns: tuple[tuple[str, str, str], ...]  # letters, heading, field
    lines: Mapping[int, str]  # lines that are no problem: total, note, section, header, numbers


@dataclass(frozen=True)
class Aside:
    """表外的一行: a line that is no problem, with all that is written in it.

    `kind` is total, note, section, header_again or column_numbers; "" for the header, the lines
    above it, and sheets that hold no ledger.
    """

    sheet: str
    row: int
    kind: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class LedgerRead:
    """读入结果: every row, and every doubt of the file, its sheets and its rows in order."""

    name: str
    rows: tuple[Row, ...]
    sheets: tuple[SheetRead, ...]
    file_doubts: tuple[Doubt, ...]
    outside: tuple[Aside, ...] = ()

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """Every doubt, the file's own first."""
        return (*self.file_doubts, *(doubt for row in self.rows for doubt in row.doubts))


def values(row: Row) -> dict[str, Written]:
    """A row as it would be written into the 23 columns, so that it reads back the same."""
    return {
        "order": int(row.order) if row.order.isascii() and row.order.isdigit() else row.order,
        "number": row.number,
        "source": row.source,
        "source_number": row.source_number,
        "category": row.category,
        "problem": row.problem,
        "goal": row.goal,
        "measures": tuple(measure.text for measure in row.measures),
        "leader": row.leader,
        "lead_units": "、".join(unit.name for unit in row.lead_units),
        "assist_units": "、".join(unit.name for unit in row.assist_units),
        "owner": row.owner,
        "assigned_on": _day(row.assigned_on),
        "due": _day(row.due),
        "rect_kind": KIND_NAMES.get(row.rect_kind, ""),
        "progress": row.progress,
        "evidence": row.evidence,
        "state": row.state_text,
        "requested_on": _day(row.requested_on),
        "opinion": f"{row.verifier}：{row.opinion}" if row.verifier else row.opinion,
        "closed_on": _day(row.closed_on),
        "recheck": row.recheck,
        "place": row.place,
        "note": row.note,
    }


def _day(found: Deadline) -> date | str:
    """The day where a date was written as such, else the words that were written."""
    plain_date = found.kind == "date" and not found.reason and not found.year_inferred
    return found.day if found.day and plain_date else found.text


def plain(ledger: LedgerRead) -> dict[str, Any]:
    """The whole reading as JSON would hold it: ISO dates, original texts, doubts."""
    return {
        "name": ledger.name,
        "sheets": [_plain(sheet) for sheet in ledger.sheets],
        "rows": [{**_plain(row), "cells": _plain(row.cells)} for row in ledger.rows],
        "doubts": [_plain(doubt) for doubt in ledger.doubts],
        "outside": [_plain(line) for line in ledger.outside],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Cell):
        return value._asdict()
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if hasattr(value, "__dataclass_fields__"):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value) if one.repr}
    return value

"""The same sheets as PDF: each table of a `Sheet` becomes a table on paper, nothing is added."""

from bihuan.exchange.paper import document as paper
from bihuan.reviews.pages.sheets import Sheet
from bihuan.reviews.pages.words import BLANK
from bihuan.ui.table import Cell, Column, Table
from bihuan.ui.templatetags.ui import date_zh

_NUMERALS = "一二三四五六七八九十"
_HAND_MM = 13.0  # a row that is signed by hand
_WIDE, _NARROW, _NUMBER = 3.0, 1.6, 0.7  # shares of the width


def document(sheet: Sheet, mark: str) -> paper.Document:
    """One sheet on A4, lying where it is wide."""
    parts: list[paper.Part] = [paper.Title(sheet.title, subtitle=sheet.about)]
    parts += [_line(line) for line in sheet.lines]
    for table in sheet.tables:
        parts.append(_table(table, _HAND_MM if sheet.tall else 0))
    if sheet.foot:
        parts.append(paper.Paragraph(sheet.foot))
    if sheet.signers:
        parts.append(paper.Signatures(sheet.signers))
    if sheet.closing:
        parts.append(paper.Closing(*sheet.closing))
    layout = paper.LETTER if sheet.text else paper.WIDE if sheet.wide else paper.SHEET
    return paper.Document(sheet.title, parts, layout, mark)


def _line(text: str) -> paper.Heading | paper.Paragraph:
    """A line of a letter: 一、 and its like begin a heading."""
    heading = text[0] in _NUMERALS and text[1:2] == "、"
    return paper.Heading(text) if heading else paper.Paragraph(text)


def _table(table: Table, row_height: float) -> paper.Table:
    return paper.Table(
        tuple(_column(column) for column in table.columns),
        [[_text(cell) for cell in row.cells] for row in table.rows],
        caption=table.caption,
        row_height=row_height,
    )


def _column(column: Column) -> paper.Column:
    if column.number:
        return paper.Column(column.label, _NUMBER, "centre")
    return paper.Column(column.label, _WIDE if column.wide else _NARROW)


def _text(cell: Cell) -> str:
    """What stands in a cell, with its second line under it."""
    value = cell.value
    shown = date_zh(value) if cell.kind == "date" else "" if value in (None, BLANK) else str(value)
    return f"{shown}\n{cell.note}" if cell.note else shown

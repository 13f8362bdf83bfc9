"""A report as one list of sections, written as HTML, Excel or Word; a text is never a formula.

What a report says is for whoever makes its sections.
"""

import html
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.views import Pane

from bihuan.exchange.workbook.grid import letters
from bihuan.exchange.workbook.writing import RISKY, fitting

# A page of Word with a table of more columns is turned on its side.
_UPRIGHT = 7


@dataclass(frozen=True)
class Section:
    """一节：标题、几段话、一张表。`digits` 是小数位数；`large` 的表太大，只写进 Excel。"""

    title: str
    words: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()
    digits: int = 3
    large: bool = False


def _shown(value: Any, digits: int) -> str:
    if value is None:
        return ""
    return f"{value:.{digits}f}" if isinstance(value, float) else str(value)


# HTML -------------------------------------------------------------------------------------------

_STYLE = (
    "body{font-family:serif;line-height:1.6;max-width:60em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse;margin:1em 0;font-size:90%}"
    "td,th{border-bottom:1px solid #999;padding:.2em .6em;text-align:left}"
    "td.n{text-align:right;font-variant-numeric:tabular-nums}"
    "div{overflow-x:auto}@media(max-width:40em){body{margin:1em auto}}"
    "@media print{thead{display:table-header-group}tr{break-inside:avoid}}"
)


def as_html(parts: Sequence[Section], language: str = "zh-CN") -> bytes:
    """One page that needs nothing else."""
    lines = [
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{html.escape(parts[0].title)}</title><style>{_STYLE}</style>",
    ]
    for number, part in enumerate(part for part in parts if not part.large):
        level = 1 if number == 0 else 2
        lines.append(f"<h{level}>{html.escape(part.title)}</h{level}>")
        lines += [f"<p>{html.escape(words)}</p>" for words in part.words]
        if part.header:
            heads = "".join(f'<th scope="col">{html.escape(str(h))}</th>' for h in part.header)
            lines.append(f"<div><table><thead><tr>{heads}</tr></thead><tbody>")
            for row in part.rows:
                cells = "".join(_html_cell(cell, part.digits) for cell in row)
                lines.append(f"<tr>{cells}</tr>")
            lines.append("</tbody></table></div>")
    return ("\n".join(lines) + "</html>\n").encode()


def _html_cell(value: Any, digits: int) -> str:
    mark = ' class="n"' if isinstance(value, int | float) else ""
    return f"<td{mark}>{html.escape(_shown(value, digits))}</td>"


# Excel ------------------------------------------------------------------------------------------


def as_xlsx(parts: Sequence[Section], language: str = "zh-CN") -> bytes:
    """A sheet for each section: its words, then its table with the heading in sight."""
    book = Workbook(write_only=True)
    book.properties.language = language
    taken: set[str] = set()
    for number, part in enumerate(parts, start=1):
        name = re.sub(r"[\\/*?:\[\]']", " ", part.title)[:25].strip()
        name = name if name and name not in taken else f"{name} {number}".strip()
        taken.add(name)
        page: Any = book.create_sheet(name)
        _set_up(page, part)
        for words in (part.title, *part.words):
            page.append([_text(page, words)])
        if part.header:
            page.append([_head(page, str(title)) for title in part.header])
        for row in part.rows:
            page.append([_xlsx_cell(page, value, part.digits) for value in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _set_up(page: Any, part: Section) -> None:
    """A write-only sheet is a stream: everything about the page is said before the first row."""
    top = 2 + len(part.words) if part.header else 0
    if top:
        page.sheet_view.pane = Pane(ySplit=top, topLeftCell=f"A{top + 1}", state="frozen")
        page.print_title_rows = f"{top}:{top}"
        last = letters(len(part.header) - 1)
        page.auto_filter.ref = f"A{top}:{last}{top + len(part.rows)}"
    for at, title in enumerate(part.header):
        longest = max((len(_shown(row[at], part.digits)) for row in part.rows[:60]), default=0)
        width = 2 + max(2 * len(str(title)), 1.6 * longest)
        page.column_dimensions[letters(at)].width = max(9, min(48, width))
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True


def _head(page: Any, text: str) -> Any:
    cell = _text(page, text)
    cell.font = Font(bold=True)
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


def _text(page: Any, text: str) -> Any:
    """A cell that holds this text, whatever it begins with."""
    fitted = fitting(text)[0]
    cell: Any = WriteOnlyCell(page, value=fitted)  # type: ignore[arg-type]  # a text stays one
    if fitted is not None:
        cell.data_type = "s"
    cell.quotePrefix = text.startswith(RISKY)
    return cell


def _xlsx_cell(page: Any, value: Any, digits: int) -> Any:
    if isinstance(value, str):
        return _text(page, value)
    if isinstance(value, float):
        cell: Any = WriteOnlyCell(page, value=value)
        cell.number_format = f"0.{'0' * digits}" if digits else "0"
        return cell
    return value


# Word -------------------------------------------------------------------------------------------

_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DOCX = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_TYPES}.document.main+xml"/>'
        f'<Override PartName="/word/footer1.xml" ContentType="{_TYPES}.footer+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" '
        'Target="word/document.xml"/></Relationships>'
    ),
    "word/_rels/document.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/footer" Target="footer1.xml"/></Relationships>'
    ),
    "word/footer1.xml": (
        f"<w:ftr xmlns:w='{_W}'><w:p><w:pPr><w:jc w:val='center'/></w:pPr>"
        "<w:r><w:t xml:space='preserve'>— </w:t></w:r>"
        "<w:fldSimple w:instr='PAGE'><w:r><w:t>1</w:t></w:r></w:fldSimple>"
        "<w:r><w:t xml:space='preserve'> —</w:t></w:r></w:p></w:ftr>"
    ),
}
_LINE = "w:val='single' w:sz='4' w:color='808080'"
_BORDERS = "".join(
    f"<w:{side} {_LINE}/>" for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
# Named for the office's machines, not carried along: another face stands in where they lack.
_HEADING_FACE, _BODY_FACE = "黑体", "仿宋"


def as_docx(parts: Sequence[Section], language: str = "zh-CN") -> bytes:
    """One document of A4, page numbers below; the same sections always give the same bytes."""
    body, written = [], [part for part in parts if not part.large]
    for number, part in enumerate(written):
        body.append(_paragraph(part.title, size=36 if number == 0 else 28, head=True))
        body += [_paragraph(words) for words in part.words]
        if part.header:
            body += [*_table(part), _paragraph("")]
    wide = max((len(part.header) for part in written), default=0) > _UPRIGHT
    size = "w:w='16838' w:h='11906' w:orient='landscape'" if wide else "w:w='11906' w:h='16838'"
    page = (
        f"<w:sectPr><w:footerReference w:type='default' r:id='rId1'/><w:pgSz {size}/>"
        "<w:pgMar w:top='1418' w:right='1134' w:bottom='1418' w:left='1134' w:header='851' "
        "w:footer='850' w:gutter='0'/></w:sectPr>"
    )
    names = f"xmlns:w='{_W}' xmlns:r='{_RELATIONS}'"
    text = f"<w:document {names}><w:body>{''.join(body)}{page}</w:body></w:document>"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in {**_DOCX, "word/document.xml": text}.items():
            head = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
            # A fixed date, so that the same run writes the same bytes.
            told = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            told.compress_type = zipfile.ZIP_DEFLATED
            book.writestr(told, head + content)
    return stream.getvalue()


def _table(part: Section) -> Iterator[str]:
    yield (
        "<w:tbl><w:tblPr><w:tblW w:w='5000' w:type='pct'/>"
        f"<w:tblBorders>{_BORDERS}</w:tblBorders></w:tblPr><w:tblGrid>"
    )
    yield "<w:gridCol/>" * len(part.header) + "</w:tblGrid>"
    yield _row(part.header, part.digits, head=True)
    for row in part.rows:
        yield _row(row, part.digits, head=False)
    yield "</w:tbl>"


def _row(cells: Sequence[Any], digits: int, *, head: bool) -> str:
    mark = "<w:tblHeader/>" if head else ""
    inner = "".join(_docx_cell(cell, digits, head=head) for cell in cells)
    return f"<w:tr><w:trPr><w:cantSplit/>{mark}</w:trPr>{inner}</w:tr>"


def _docx_cell(value: Any, digits: int, *, head: bool) -> str:
    number = isinstance(value, int | float) and not head
    shade = "<w:shd w:val='clear' w:fill='E8EDF3'/>" if head else ""
    text = _paragraph(_shown(value, digits), size=18, head=head, right=number)
    return f"<w:tc><w:tcPr>{shade}</w:tcPr>{text}</w:tc>"


def _paragraph(text: str, size: int = 22, *, head: bool = False, right: bool = False) -> str:
    face = _HEADING_FACE if head else _BODY_FACE
    look = f"<w:rFonts w:eastAsia='{face}'/>{'<w:b/>' if head else ''}<w:sz w:val='{size}'/>"
    place = "<w:pPr><w:jc w:val='right'/></w:pPr>" if right else ""
    clean = escape(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text))
    return (
        f"<w:p>{place}<w:r><w:rPr>{look}</w:rPr><w:t xml:space='preserve'>{clean}</w:t></w:r></w:p>"
    )


FORMATS = {".html": as_html, ".xlsx": as_xlsx, ".docx": as_docx}

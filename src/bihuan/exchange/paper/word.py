"""A document as .docx, to be edited in the office's own program.

Official papers follow GB/T 9704-2012. The typefaces are named, not shipped: an office has them,
elsewhere its program takes others. The line grid with exact spacing and letters set 0.25 pt closer
gives 22 lines of 28 characters.
"""

import io
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from bihuan.exchange.paper import document as parts
from bihuan.exchange.paper.glyphs import Unprintable, clean, typeface

FANG, BIAO, HEI, KAI, SONG = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
RED = RGBColor(0xD7, 0x00, 0x0F)
_SIDES = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "centre": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
_TWIPS_A_MM = 1440 / 25.4
_CLOSER = -5  # twentieths of a point
_HEADS = {1: (HEI, False), 2: (KAI, False), 3: (FANG, True), 4: (FANG, False)}


def docx_of(paper: parts.Document, *, fonts: Path | None, at: datetime) -> bytes:
    """Word 文件。Letters that no font here can show are refused as for a PDF; `at` is its time."""
    writer = _Writer(paper)
    for part in paper.parts:
        writer.put(part)
    typeface(fonts, frozenset(writer.seen))
    about = writer.doc.core_properties
    about.title, about.author, about.comments = clean(paper.name), "", ""
    about.created = about.modified = at
    stream = io.BytesIO()
    writer.doc.save(stream)
    return stream.getvalue()


class _Writer:
    """One document being written; keeps every letter it showed."""

    def __init__(self, paper: parts.Document) -> None:
        self.doc = docx.Document()
        self.layout, self.seen = paper.layout, set[str]()
        self.official = paper.layout.numbers == "dashes"
        for paragraph in list(self.doc.paragraphs):
            paragraph._element.getparent().remove(paragraph._element)
        self._page(paper)

    def put(self, part: parts.Part) -> None:
        known: Mapping[type, Callable[[Any], None]] = {
            parts.RedHead: self._red_head,
            parts.Title: self._title,
            parts.Heading: self._heading,
            parts.Paragraph: self._paragraph,
            parts.Table: self._table,
            parts.Facts: self._facts,
            parts.Signatures: self._signatures,
            parts.Closing: self._closing,
            parts.Attachments: self._attachments,
            parts.Imprint: self._imprint,
            parts.SmallPrint: self._small,
            parts.FormLines: lambda one: self._line(f"{one.label}：", 0),
            parts.Space: lambda one: self._line("", 0),
            parts.PageBreak: self._break,
        }
        write = known.get(type(part))
        if write is None:
            raise Unprintable("not_in_word", found=type(part).__name__)
        write(part)

    # The page -------------------------------------------------------------------------------------

    def _page(self, paper: parts.Document) -> None:
        section, layout = self.doc.sections[0], paper.layout
        wide, high = (297, 210) if layout.landscape else (210, 297)
        section.page_width, section.page_height = Mm(wide), Mm(high)
        if layout.landscape:
            section.orientation = WD_ORIENT.LANDSCAPE
        section.top_margin, section.bottom_margin = Mm(layout.top), Mm(layout.bottom)
        section.left_margin, section.right_margin = Mm(layout.left), Mm(layout.right)
        section.header_distance = Mm(max(layout.top - 17, 5))
        # The dash of the page number stands 7 mm below the text area (7.5).
        section.footer_distance = Mm(max(layout.bottom - 12, 5))
        grid = OxmlElement("w:docGrid")
        grid.set(qn("w:type"), "lines")
        grid.set(qn("w:linePitch"), str(round(layout.pitch * 20)))
        for old in section._sectPr.findall(qn("w:docGrid")):
            section._sectPr.remove(old)
        section._sectPr.append(grid)
        style = self.doc.styles["Normal"]
        style.font.name, style.font.size = FANG, Pt(16 if self.official else layout.size)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), FANG)
        if paper.mark:
            head = section.header.paragraphs[0]
            head.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            self._run(head, paper.mark, SONG, 9)
        if layout.numbers:
            self.doc.settings.odd_and_even_pages_header_footer = True
            self._number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
            self._number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)
            if paper.mark:
                even = section.even_page_header.paragraphs[0]
                even.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                self._run(even, paper.mark, SONG, 9)

    def _number(self, paragraph: Any, side: WD_ALIGN_PARAGRAPH) -> None:
        paragraph.alignment = side
        inset = paragraph.paragraph_format
        inset.left_indent = inset.right_indent = Pt(14)
        self._run(paragraph, "— ", SONG, 14)
        run = self._run(paragraph, "", SONG, 14)
        for kind, words in (("begin", ""), ("", "PAGE"), ("end", "")):
            tag = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                tag.set(qn("w:fldCharType"), kind)
            else:
                tag.text = words
            run._element.append(tag)
        self._run(paragraph, " —", SONG, 14)

    # Letters --------------------------------------------------------------------------------------

    def _run(
        self,
        paragraph: Any,
        text: str,
        face: str,
        size: float,
        *,
        bold: bool = False,
        colour: RGBColor | None = None,
    ) -> Any:
        told = clean(text)
        self.seen.update(told.replace("\n", ""))
        run = paragraph.add_run()
        for at, line in enumerate(told.split("\n")):
            if at:
                run.add_break()
            run.add_text(line)
        run.font.name, run.font.size, run.font.bold = face, Pt(size), bold
        run._element.rPr.rFonts.set(qn("w:eastAsia"), face)
        if colour is not None:
            run.font.color.rgb = colour
        if self.official and size == 16:
            closer = OxmlElement("w:spacing")
            closer.set(qn("w:val"), str(_CLOSER))
            run._element.rPr.append(closer)
        return run

    def _line(
        self,
        text: str,
        indent: float = 2,
        *,
        face: str = FANG,
        size: float | None = None,
        bold: bool = False,
        align: str = "left",
        into: Any = None,
        colour: RGBColor | None = None,
    ) -> Any:
        size = size or (16 if self.official else self.layout.size)
        paragraph = (into or self.doc).add_paragraph()
        look = paragraph.paragraph_format
        look.space_before = look.space_after = Pt(0)
        look.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        look.line_spacing = Pt(max(self.layout.pitch, size * 1.25))
        look.widow_control = False
        paragraph.alignment = _SIDES[align]
        if indent:
            look.first_line_indent = Pt(indent * size)
        self._run(paragraph, text, face, size, bold=bold, colour=colour)
        return paragraph

    # The parts ------------------------------------------------------------------------------------

    def _red_head(self, one: parts.RedHead) -> None:
        size = min(62.0, 415 / max(len(one.mark), 1))
        if one.urgency:
            self._line(one.urgency, 0, face=HEI)
        first = self._line(one.mark, 0, face=BIAO, size=size, align="centre", colour=RED)
        first.paragraph_format.space_before = Mm(20 if one.urgency else 35)
        number = self._line("", 0, align="right" if one.form == "letter" else "centre")
        number.paragraph_format.space_before = Pt(2 * self.layout.pitch)
        told = one.number if not one.signer else f"{one.number}　　　　签发人：{one.signer}"
        self._run(number, told, FANG, 16)
        self._ruled(number, "bottom", 8, "D7000F", 4)
        self._line("", 0)

    def _title(self, one: parts.Title) -> None:
        big = 22 if self.official else self.layout.size * 1.75
        if one.over:
            self._line(one.over, 0, face=BIAO, size=big * 0.7, align="centre")
        self._line(one.text, 0, face=BIAO, size=big, align="centre")
        if one.subtitle:
            self._line(one.subtitle, 0, face=KAI, align="centre")
        self._line("", 0)

    def _heading(self, one: parts.Heading) -> None:
        face, bold = _HEADS[one.level]
        paragraph = self._line(one.text, 2 if self.official else 0, face=face, bold=bold)
        paragraph.paragraph_format.keep_with_next = True

    def _paragraph(self, one: parts.Paragraph) -> None:
        indent = 2 if one.indent and one.align == "left" else 0
        paragraph = self._line(one.text, indent, align=one.align)
        if one.align == "left":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY

    def _table(self, one: parts.Table) -> None:
        if one.caption:
            self._line(one.caption, 0, face=HEI, size=12, align="centre")
        deep = 2 if one.spans else 1
        made = self.doc.add_table(rows=deep, cols=len(one.columns), style="Table Grid")
        made.alignment = WD_TABLE_ALIGNMENT.CENTER
        if one.spans:
            self._spans(made, one)
        for at, column in enumerate(one.columns):
            self._cell(made.cell(deep - 1, at), column.head, "centre", HEI)
        for row in one.rows:
            cells = made.add_row().cells
            for cell, value, column in zip(cells, row, one.columns, strict=True):
                self._cell(cell, "" if value is None else str(value), column.align, FANG)
        for row in made.rows[:deep]:
            again = OxmlElement("w:tblHeader")
            row._tr.get_or_add_trPr().append(again)
        if one.note:
            self._line(f"注：{one.note}", 0, size=10.5)

    def _spans(self, made: Any, one: parts.Table) -> None:
        at = 0
        for span in one.spans:
            cell = made.cell(0, at).merge(made.cell(0, at + span.columns - 1))
            self._cell(cell, span.text, "centre", HEI)
            at += span.columns

    def _cell(self, cell: Any, text: str, align: str, face: str) -> None:
        paragraph = cell.paragraphs[0]
        paragraph.alignment = _SIDES[align]
        self._run(paragraph, text, face, 12 if self.official else self.layout.size)

    def _facts(self, one: parts.Facts) -> None:
        for name, value in one.pairs:
            self._line(f"{name}：{'' if value is None else value}", 0)

    def _signatures(self, one: parts.Signatures) -> None:
        for label in one.labels:
            self._line(f"{label}：________________", 0)
        if one.date_line:
            self._line("____年__月__日", 0, align="right")

    def _closing(self, one: parts.Closing) -> None:
        self._line("", 0)
        self._line("", 0)
        for text in (one.issuer, one.date):
            if text:
                paragraph = self._line(text, 0, align="right")
                paragraph.paragraph_format.right_indent = Pt(4 * 16)
                paragraph.paragraph_format.keep_with_next = text == one.issuer

    def _attachments(self, one: parts.Attachments) -> None:
        self._line("", 0)
        for at, name in enumerate(one.names):
            told = f"{at + 1}. {name}" if len(one.names) > 1 else name
            self._line(f"附件：{told}" if at == 0 else told, 2 if at == 0 else 5)

    def _imprint(self, one: parts.Imprint) -> None:
        rows = [f"抄送：{one.copies_to}"] if one.copies_to else []
        rows.append(f"{one.office}　　{one.date}印发")
        for at, text in enumerate(rows):
            paragraph = self._line(text, 0, size=14)
            paragraph.paragraph_format.left_indent = Pt(14)
            self._ruled(paragraph, "top", 8 if at == 0 else 6, "000000", 1)
            if at == len(rows) - 1:
                self._ruled(paragraph, "bottom", 8, "000000", 1)
            self._at_foot(paragraph)
        self._line("", 0, size=1).paragraph_format.line_spacing = Pt(1)

    def _at_foot(self, paragraph: Any) -> None:
        """A frame on the last line of the text area (7.4.2): neighbours with the same are one."""
        layout = self.layout
        wide = (297 if layout.landscape else 210) - layout.left - layout.right
        frame = OxmlElement("w:framePr")
        for name, value in (
            ("w", str(round(wide * _TWIPS_A_MM))), ("hSpace", "0"), ("wrap", "around"),
            ("vAnchor", "margin"), ("hAnchor", "margin"), ("xAlign", "left"), ("yAlign", "bottom"),
        ):  # fmt: skip
            frame.set(qn(f"w:{name}"), value)
        paragraph._element.get_or_add_pPr().insert_element_before(
            frame, "w:widowControl", "w:numPr", "w:suppressLineNumbers", "w:pBdr", "w:shd",
            "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct",
            "w:topLinePunct", "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd",
            "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents",
            "w:suppressOverlap", "w:jc", "w:rPr",
        )  # fmt: skip

    def _small(self, one: parts.SmallPrint) -> None:
        for line in one.lines:
            self._line(line, 0, face=SONG, size=7.5)

    def _break(self, _one: parts.PageBreak) -> None:
        self._line("", 0).add_run().add_break(WD_BREAK.PAGE)

    def _ruled(self, paragraph: Any, side: str, eighths: int, colour: str, space: int) -> None:
        look = paragraph._element.get_or_add_pPr()
        borders = look.find(qn("w:pBdr"))
        if borders is None:
            borders = OxmlElement("w:pBdr")
            look.insert_element_before(
                borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc"
            )
        edge = OxmlElement(f"w:{side}")
        for name, value in (
            ("val", "single"),
            ("sz", eighths),
            ("space", space),
            ("color", colour),
        ):
            edge.set(qn(f"w:{name}"), str(value))
        borders.append(edge)

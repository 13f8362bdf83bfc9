"""Documents become PDFs: letters as they are, the same bytes each time, and no glyph missing."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import segno
import typst
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.base.paper_words import SENTENCES
from bihuan.exchange import paper
from bihuan.exchange.paper import Document, Unprintable, pdf
from bihuan.exchange.paper.codes import qr_svg
from bihuan.exchange.paper.document import (
    CARDS,
    QR,
    Card,
    Cards,
    Column,
    Facts,
    FormLines,
    Heading,
    Paragraph,
    Signatures,
    SmallPrint,
    Space,
    Table,
    TickGroup,
    Ticks,
    Title,
)
from bihuan.exchange.paper.glyphs import clean
from tests.exchange.paper.pdf_text import lines, words

AT = datetime(2022, 1, 26, 3, tzinfo=UTC)
PACKAGE = Path(paper.__file__).parent
NOWHERE = "\U0010f8f7"  # of private use: in no font

HOSTILE = (
    '#panic("x")',
    "#import sys: inputs",
    "$x^2 + sum_(i=0)^n$",
    "*粗* _斜_ `码`",
    "<label> @ref",
    "= 标题",
    "- 项 + 项 / 词: 义",
    "\"引\" '撇' “弯” ‘单’",
    "// 注 /* 释 */",
    "反斜\\#杠 \\u{41}",
    "[方] {花} ~ -- --- ...",
    "=HYPERLINK(1)",
    "{{ paper }} {% x %} %s %(n)d",
    "&lt;b&gt;<script>",
    "长" * 300,
    "LongNameWithoutAnySpace" * 13,
    "赟堃昇",
)


def everywhere(text):
    """A document with the text in every place that shows one."""
    return Document(
        name=text,
        mark=text[:20],
        foot=text[:20],
        parts=(
            Title(text, text, text),
            Heading(text),
            Heading(text, 2),
            Paragraph(text),
            Table(
                (Column(text), Column("数", align="right")), ((text, text),), text, text, bold=(0,)
            ),
            Facts(((text, text),)),
            Signatures((text, "乙")),
            FormLines(text, 2),
            Ticks(text, (text,), (TickGroup(text, (text, "乙")),), text),
            QR("X", (text,)),
            SmallPrint((text,), "X"),
            Cards((Card(text, text, "X", text, (text,), text),)),
            Space(5),
        ),
    )


def paragraph(text):
    return Document("文", (Paragraph(text),))


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:12])
def test_a_hostile_text_stands_there_letter_by_letter(text, fonts):
    shown = words(pdf(everywhere(text), fonts=fonts, at=AT))
    # Title 3, headings 2, paragraph 1, table 4, facts 2, signature 1, form 1, ticks 5, QR 1,
    # small print 1, card 4.
    assert shown.count("".join(text.split())) >= 25


@pytest.mark.parametrize("text", [HOSTILE[-3], HOSTILE[-2]], ids=["chinese", "latin"])
def test_a_long_name_stays_on_the_paper(text, fonts):
    """Each run of letters in a table's narrow column is short: it was broken into lines."""
    table = Table((Column("名"), Column("宽", 8)), ((text, ""),))
    runs = [
        run for page in lines(pdf(Document("文", (table,)), fonts=fonts, at=AT)) for run in page
    ]
    assert max(len(run) for run in runs) < 15


@pytest.mark.parametrize(
    "part",
    [Facts((("长" * 300, "宽" * 300),), per_row=2), Signatures(("长" * 300,) * 3)],
    ids=["facts", "signatures"],
)
def test_a_long_label_leaves_room_beside_it(part, fonts):
    (page,) = lines(pdf(Document("文", (part,)), fonts=fonts, at=AT))
    assert min(len(run) for run in page[:20]) > 5


def test_marks_that_turn_the_direction_are_not_printed(fonts):
    content = pdf(
        paragraph("甲\u202e乙丙\u202c丁\u2066戊\u2069\u200f\u061c己\x00\x1b庚"), fonts=fonts, at=AT
    )
    assert words(content).startswith("甲乙丙丁戊己庚")


def test_cleaning_keeps_lines_and_full_width_spaces():
    assert (
        clean("一\r\n二\r三\u2028四\t五\u3000六\u00a0七\ufeff八\ufe0f")
        == "一\n二\n三\n四 五\u3000六 七八"
    )
    assert clean("半\ud800个") == "半\ufffd个"


def test_line_breaks_are_kept(fonts):
    (page,) = lines(pdf(paragraph("第一行\n第二行"), fonts=fonts, at=AT))
    assert page[:2] == ["第一行", "第二行"]


def test_every_reason_has_its_sentence():
    source = "".join(path.read_text("utf-8") for path in PACKAGE.glob("*.py"))
    assert set(re.findall(r'Unprintable\(\s*"(\w+)"', source)) == set(SENTENCES)


def test_letters_that_no_font_has_are_named_all_at_once(fonts):
    document = Document("文", (Title(f"甲{NOWHERE}"), Paragraph(f"乙\U0010f8f8{NOWHERE}")))
    with pytest.raises(Unprintable) as refused:
        pdf(document, fonts=fonts, at=AT)
    assert refused.value.code == "missing_glyphs"
    named = f"「{NOWHERE}」（U+10F8F7）、「\U0010f8f8」（U+10F8F8）"
    assert refused.value.params == {"characters": named}
    assert SENTENCES["missing_glyphs"] % refused.value.params


def test_what_is_only_scanned_needs_no_glyph(fonts):
    assert pdf(Document("文", (QR(NOWHERE),)), fonts=fonts, at=AT)


def test_rare_letters_come_from_the_house_font(fonts):
    content = pdf(paragraph("赟堃昇"), fonts=fonts, at=AT)
    assert words(content).startswith("赟堃昇")
    families = set(re.findall(rb"/BaseFont/[A-Z]{6}\+([\w-]+)", content))
    assert families == {b"NotoSerifSC-Regular"}
    assert b"/FontFile2" in content


@pytest.mark.parametrize("folder", ["empty", "missing", None])
def test_without_the_house_font_the_system_helps_or_the_lack_is_told(folder, tmp_path):
    (tmp_path / "empty").mkdir()
    place = tmp_path / folder if folder else None
    system = [name for name in typst.Fonts(True, False, []).families() if "CJK" in name]
    if system:
        assert words(pdf(paragraph("赟堃昇"), fonts=place, at=AT)).startswith("赟堃昇")
    else:
        with pytest.raises(Unprintable):
            pdf(paragraph("赟堃昇"), fonts=place, at=AT)


def test_no_chinese_font_at_all_is_told(tmp_path, monkeypatch):
    none = typst.Fonts(False, False, [])
    monkeypatch.setattr("bihuan.exchange.paper.glyphs._with_system", lambda folder: none)
    with pytest.raises(Unprintable, match="no_font"):
        pdf(paragraph("文"), fonts=tmp_path, at=AT)


def test_the_same_paper_gives_the_same_bytes(fonts):
    document = everywhere("赟堃昇")
    once = pdf(document, fonts=fonts, at=AT)
    assert pdf(document, fonts=fonts, at=AT) == once
    assert pdf(document, fonts=fonts, at=AT.replace(day=27)) != once
    assert b"20220126030000" in once


def test_another_process_gives_the_same_bytes(fonts, tmp_path):
    program = (
        "import sys; from pathlib import Path; from tests.exchange.paper.test_printing import *;"
        "Path(sys.argv[2]).write_bytes(pdf(everywhere('赟堃昇'), fonts=Path(sys.argv[1]), at=AT))"
    )
    out = tmp_path / "other.pdf"
    subprocess.run(
        [sys.executable, "-c", program, str(fonts), str(out)],
        check=True,
        cwd=Path(__file__).parents[3],
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )
    assert out.read_bytes() == pdf(everywhere("赟堃昇"), fonts=fonts, at=AT)


@pytest.mark.parametrize("text", ["HTTPS://HALL/P/7K4M92QX", "会场 “甲” 号", "0" * 400])
def test_the_modules_of_a_code_are_those_of_its_text(text):
    svg = qr_svg(text)
    side = int(re.search(r'viewBox="0 0 (\d+)', svg)[1])
    drawn = [[0] * side for _ in range(side)]
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)", svg):
        for at in range(int(x), int(x) + int(width)):
            drawn[int(y)][at] = 1
    encoding = None if text.isascii() else "utf-8"
    expected = segno.make(text, error="m", micro=False, encoding=encoding)
    assert drawn == [list(row) for row in expected.matrix_iter(border=4)]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=30))
def test_any_text_is_printed_or_refused(fonts, text):
    try:
        assert pdf(everywhere(text), fonts=fonts, at=AT).startswith(b"%PDF-")
    except Unprintable as refused:
        code = refused.code
    else:
        code = ""
    assert code in ("", "missing_glyphs")


def test_a_mark_that_no_letter_here_can_carry_is_named(fonts):
    with pytest.raises(Unprintable, match="0310"):
        pdf(paragraph("经\u0310"), fonts=fonts, at=AT)


def test_a_code_that_holds_too_much_is_refused(fonts):
    with pytest.raises(Unprintable) as refused:
        pdf(Document("文", (QR("字" * 3000),)), fonts=fonts, at=AT)
    assert (refused.value.code, refused.value.params) == ("qr_too_long", {"text": "字" * 40 + "…"})


def test_cards_are_cut_apart_and_never_torn(fonts):
    cards = Cards([Card("会", "类", f"X{number}", f"C{number}") for number in range(11)])
    pages = lines(pdf(Document("票", (cards,), CARDS), fonts=fonts, at=AT))
    assert [sum(run == "会" for run in page) for page in pages] == [10, 1]

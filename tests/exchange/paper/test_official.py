"""Official papers: the layout of GB/T 9704-2012 measured on the PDF, the same parts as Word."""

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pypdfium2
import pytest

from bihuan.exchange.paper import Unprintable, official, pdf
from bihuan.exchange.paper import document as parts
from bihuan.exchange.paper.word import docx_of
from bihuan.ui import __path__ as ui

AT = datetime(2026, 1, 24, 3, tzinfo=UTC)
FONTS = Path(ui[0]) / "static" / "built" / "fonts"
MM = 25.4 / 72
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TEXT = """代字：示经开
发文机关标志：示例经开区管理委员会文件
文号：示经开〔2026〕5号
标题：关于做好今冬扫雪除冰工作的通知
主送：各有关单位
附件：责任分工表；队伍名单
落款：示例经开区管理委员会
日期：2026年1月24日
附注：此件公开发布
抄送：赟堃昇。
印发机关：示例管委会办公室
印发日期：2026年1月24日

正文：
{body}
"""


def made(body, **more):
    parsed = official.parse(TEXT.format(body=body))
    assert parsed.faults == ()
    return official.document(parsed.paper)


def page_lines(content, number):
    """Each line of a page: its letters and the box around them, in mm from the left and the top."""
    page = pypdfium2.PdfDocument(content)[number]
    text, high, rows = page.get_textpage(), page.get_height(), []
    for at in range(text.count_chars()):
        letter = text.get_text_range(at, 1)
        if not letter.strip():
            continue
        left, low, right, top = text.get_charbox(at, loose=True)
        middle = (low + top) / 2
        if not rows or abs(rows[-1][0] - middle) > 6:
            rows.append([middle, "", 1e9, 0.0, high - top, high - low])
        row = rows[-1]
        row[1] += letter
        row[2], row[3] = min(row[2], left), max(row[3], right)
    return [(row[1], row[2] * MM, row[3] * MM, row[4] * MM, row[5] * MM) for row in rows]


@pytest.fixture(scope="module")
def full():
    """Three pages of nothing but Han letters: every line full."""
    return pdf(made("开" * (28 * 22 * 3)), fonts=FONTS, at=AT)


def test_a_full_page_has_22_lines_of_28_characters(full):
    rows = page_lines(full, 1)
    body, number = rows[:-1], rows[-1]
    assert [len(words) for words, *_box in body] == [28] * 22
    assert number[0] == "—2—"


def test_the_margins_are_37_and_28_millimetres_within_one(full):
    body = page_lines(full, 1)[:-1]
    assert min(left for _w, left, *_ in body) == pytest.approx(28, abs=1)
    assert max(right for _w, _l, right, *_ in body) == pytest.approx(210 - 26, abs=1)
    assert body[0][3] == pytest.approx(37, abs=1)
    # The space under the last line belongs to the text area: 22 lines of one pitch.
    under = (parts.LETTER.pitch - parts.LETTER.size) * MM
    assert body[-1][4] + under == pytest.approx(297 - 35, abs=1)


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages(full):
    odd, even = page_lines(full, 2)[-1], page_lines(full, 1)[-1]
    assert (odd[0], even[0]) == ("—3—", "—2—")
    assert odd[1] > 150
    assert even[2] < 60
    # 7 mm below the text area, which ends 35 mm above the edge.
    assert even[3] == pytest.approx(297 - 35 + 7, abs=2.5)


def test_the_head_stands_where_the_standard_puts_it(full):
    rows = page_lines(full, 0)
    mark, number, title, to = rows[:4]
    assert mark[0] == "示例经开区管理委员会文件"
    assert mark[3] == pytest.approx(37 + 35, abs=4)  # 35 mm below the top of the text area
    assert number[0] == "示经开〔2026〕5号"
    assert title[0] == "关于做好今冬扫雪除冰工作的通知"
    assert (title[1] + title[2]) / 2 == pytest.approx(28 + 78, abs=1)
    assert to[0] in ("各有关单位：", "各有关单位:")
    assert to[1] == pytest.approx(28, abs=1)


def test_every_part_of_a_paper_is_there_and_rare_letters_too():
    content = pdf(made("为做好工作。\n# 一、要求\n## （一）分工\n### 1.主干道\n#### （1）大街"),
                  fonts=FONTS, at=AT)  # fmt: skip
    pages = pypdfium2.PdfDocument(content)
    told = "".join("".join(page.get_textpage().get_text_range().split()) for page in pages)
    for words in ("一、要求", "（一）分工", "1.主干道", "（1）大街", "责任分工表", "队伍名单",
                  "此件公开发布", "赟堃昇", "示例管委会办公室", "2026年1月24日印发"):  # fmt: skip
        assert words in told, words


def test_the_imprint_is_the_last_thing_on_the_last_page():
    content = pdf(made("为做好工作。"), fonts=FONTS, at=AT)
    rows = page_lines(content, len(pypdfium2.PdfDocument(content)) - 1)
    assert rows[-2][0].startswith("示例管委会办公室")
    assert rows[-2][4] == pytest.approx(297 - 35, abs=5)


def test_letters_no_font_has_are_refused_in_both_kinds():
    for make in (pdf, docx_of):
        with pytest.raises(Unprintable, match="missing_glyphs"):
            make(made("\U0010f8f7"), fonts=FONTS, at=AT)


# Word ---------------------------------------------------------------------------------------------


def word(body):
    content = docx_of(made(body), fonts=FONTS, at=AT)
    archive = zipfile.ZipFile(io.BytesIO(content))
    return ElementTree.fromstring(archive.read("word/document.xml")), archive


def test_the_word_file_has_the_page_and_the_line_grid():
    tree, archive = word("为做好工作。")
    section = tree.find(f".//{W}sectPr")
    margins, grid = section.find(f"{W}pgMar"), section.find(f"{W}docGrid")
    told = {side: int(margins.get(f"{W}{side}")) / 1440 * 25.4 for side in
            ("top", "bottom", "left", "right")}  # fmt: skip
    assert told == pytest.approx({"top": 37, "bottom": 35, "left": 28, "right": 26}, abs=0.1)
    assert grid.get(f"{W}type") == "lines"
    # 22 lines in 225 mm.
    assert int(grid.get(f"{W}linePitch")) / 20 * 22 * MM <= 225
    settings = archive.read("word/settings.xml").decode()
    assert "evenAndOddHeaders" in settings


def test_body_letters_are_fang_song_16_points_a_quarter_point_closer_and_lines_exact():
    tree, _archive = word("为做好工作。")
    paragraph = next(p for p in tree.iter(f"{W}p") if "为做好" in "".join(p.itertext()))
    run = paragraph.find(f"{W}r/{W}rPr")
    assert run.find(f"{W}rFonts").get(f"{W}eastAsia") == "仿宋_GB2312"
    assert run.find(f"{W}sz").get(f"{W}val") == "32"
    assert run.find(f"{W}spacing").get(f"{W}val") == "-5"
    assert 28 * (16 - 0.25) * MM <= 156  # 28 letters fit a line
    assert paragraph.find(f"{W}pPr/{W}spacing").get(f"{W}lineRule") == "exact"


def test_the_imprint_stands_on_the_foot_of_the_text_area_in_word():
    tree, _archive = word("为做好工作。")
    framed = [p for p in tree.iter(f"{W}p") if p.find(f"{W}pPr/{W}framePr") is not None]
    told = ["".join(p.itertext()) for p in framed]
    assert told[-1].startswith("示例管委会办公室")
    frames = [sorted(p.find(f"{W}pPr/{W}framePr").attrib.items()) for p in framed]
    assert all(one == frames[0] for one in frames)  # so that they are one frame
    frame = framed[0].find(f"{W}pPr/{W}framePr")
    assert frame.get(f"{W}yAlign") == "bottom"
    assert frame.get(f"{W}vAnchor") == "margin"
    assert int(frame.get(f"{W}w")) / 1440 * 25.4 == pytest.approx(156, abs=0.1)
    last = list(tree.iter(f"{W}p"))[-1]
    assert last.find(f"{W}pPr/{W}framePr") is None  # the frame hangs on a line of its own


def test_levels_have_their_own_typefaces_in_word():
    tree, _archive = word("# 一、甲\n## （一）乙\n### 1.丙\n#### （1）丁")
    faces = {}
    for paragraph in tree.iter(f"{W}p"):
        words = "".join(paragraph.itertext())
        if words[-1:] in "甲乙丙丁" and words:
            faces[words[-1]] = paragraph.find(f"{W}r/{W}rPr/{W}rFonts").get(f"{W}eastAsia")
    assert faces == {"甲": "黑体", "乙": "楷体_GB2312", "丙": "仿宋_GB2312", "丁": "仿宋_GB2312"}


@pytest.mark.parametrize(
    "hostile",
    ["<b>粗</b>&amp;", "=HYPERLINK(1)", "\u202e倒\u202c写", "]]>甲", "{{ x }} %s", "\x0b甲"],
)
def test_hostile_text_is_text_in_both_kinds(hostile):
    paper = official.document(official.Official("标题", body=(parts.Paragraph(hostile),)))
    shown = "".join(one for one in hostile if one.isprintable())
    tree = ElementTree.fromstring(
        zipfile.ZipFile(io.BytesIO(docx_of(paper, fonts=FONTS, at=AT))).read("word/document.xml")
    )
    assert shown in "".join(tree.itertext())
    assert "\u202e" not in "".join(tree.itertext())
    assert pdf(paper, fonts=FONTS, at=AT).startswith(b"%PDF")


def test_what_has_no_shape_in_word_is_refused():
    paper = parts.Document("票", (parts.Cards(()),), parts.CARDS)
    with pytest.raises(Unprintable, match="not_in_word"):
        docx_of(paper, fonts=FONTS, at=AT)


# The text -----------------------------------------------------------------------------------------


def test_all_faults_of_a_text_are_told_at_once():
    text = "主送：甲\n主送：乙\n闲话\n正文：\n#\n| 甲 | 乙 |\n|---|---|\n| 一 |"
    told = {(one.code, one.row) for one in official.parse(text).faults}
    assert told == {("twice", 2), ("outside", 3), ("empty_heading", 5), ("columns", 8),
                    ("lacking", 0)}  # fmt: skip
    assert {one.code for one in official.parse("标题：甲").faults} == {"no_mark", "no_body"}


def test_a_title_may_have_two_lines_and_a_table_its_sides():
    parsed = official.parse("标题：关于甲的\n通知\n正文：\n| 名 | 数 |\n|---|---:|\n| 甲 | 3 |")
    assert parsed.paper.title == "关于甲的\n通知"
    (table,) = parsed.paper.body
    assert [column.align for column in table.columns] == ["left", "right"]


def test_a_line_whose_holes_are_empty_goes_away_with_its_words():
    text, unknown = official.filled(
        "主送：{{to}}\n抄送：{{copies}}\n{{more}}", {"to": "甲", "copies": ""}
    )
    assert (text, unknown) == ("主送：甲", ("more",))


def test_what_a_room_prints_can_be_edited_again():
    table = parts.Table((parts.Column("名"), parts.Column("数", align="right")), (("甲", 3),), "表")
    body = official.body_of(
        (parts.Title("题"), parts.Heading("一、甲"), parts.Paragraph("乙"), table)
    )
    again = official.parse(f"标题：题\n正文：\n{body}")
    assert again.faults == ()
    assert again.paper.body[:2] == (parts.Heading("一、甲"), parts.Paragraph("乙"))
    assert again.paper.body[-1].rows == [["甲", "3"]]

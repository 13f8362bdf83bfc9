"""Each paper shows all that it was given, and looks as its kind must."""

import re
from dataclasses import fields, is_dataclass, replace

import pytest

from bihuan.engines.tally.seal import split
from bihuan.exchange.paper import pdf, shares
from bihuan.exchange.paper.document import LETTER, WIDE, Document, Paragraph, Table
from bihuan.exchange.paper.letter import feedback_letter
from bihuan.exchange.paper.meeting import sign_in_sheet
from bihuan.exchange.paper.result import ItemTable, UnitRow, result_sheet
from bihuan.exchange.paper.shares import share_sheets
from bihuan.exchange.paper.slips import SlipSheet, VotingSlip, paper_ballots, voting_slips
from tests.exchange.paper import samples
from tests.exchange.paper.pdf_text import lines, words
from tests.exchange.paper.test_printing import AT

# Shown as a code, or saying how a table looks that was handed in ready made.
NO_WORDS = {"qr", "width", "align", "row_height"}

HEXADECIMAL = re.compile(r"[0-9a-f]{4}")


def texts(value, name=""):
    """Every text and number in a paper's input."""
    if is_dataclass(value):
        for one in fields(value):
            yield from texts(getattr(value, one.name), one.name)
    elif isinstance(value, tuple):
        for each in value:
            yield from texts(each, name)
    elif name not in NO_WORDS and value not in (None, "") and type(value) is not bool:
        yield "".join(str(value).split())


@pytest.mark.parametrize("lay_out", samples.INPUTS, ids=lambda function: function.__name__)
def test_a_paper_shows_all_that_it_was_given(lay_out, fonts):
    given = samples.INPUTS[lay_out]
    shown = words(pdf(lay_out(given), fonts=fonts, at=AT))
    if lay_out is share_sheets:  # a share stands in groups, which the next test reads
        given = replace(given, shares=())
    assert {text for text in texts(given) if text not in shown} == set()


def test_a_share_can_be_typed_in_from_its_groups(fonts):
    pages = lines(pdf(share_sheets(samples.INPUTS[share_sheets]), fonts=fonts, at=AT))
    groups = ["".join(run for run in page if HEXADECIMAL.fullmatch(run)) for page in pages]
    assert groups == ["0123456789abcdef" * 4, "", "fe" * 32]  # nothing on a share's back


def test_an_opening_of_ones_own_replaces_the_usual_one():
    letter = replace(samples.INPUTS[feedback_letter], opening="现反馈如下。")
    shown = [part.text for part in feedback_letter(letter).parts if isinstance(part, Paragraph)]
    assert shown[1] == "现反馈如下。"


def test_columns_without_a_cell_are_left_out():
    row = UnitRow("规划建设局", (1, 2, 3, 4), (0, 0, 0), points="90.00")
    sheet = replace(samples.RESULT, items=(ItemTable("党建", samples.GRADES, (row,)),))
    tables = [part for part in result_sheet(sheet).parts if isinstance(part, Table)]
    heads = [column.head for column in tables[1].columns]
    assert heads == ["序号", "单位", *samples.GRADES, "弃权", "空白", "作废", "得分"]
    assert sum(span.columns for span in tables[1].spans) == len(heads)


def test_a_wide_result_lies_on_its_side():
    grades = tuple("甲乙丙丁戊己庚辛壬癸")
    row = UnitRow("规划建设局", (0,) * 10, (0, 0, 0))
    sheet = replace(samples.RESULT, items=(ItemTable("党建", grades, (row,)),))
    assert result_sheet(sheet).layout == WIDE


def test_each_ballot_is_a_sheet_of_its_own_and_names_its_number_on_each_page(fonts):
    pages = lines(pdf(paper_ballots(samples.BALLOTS), fonts=fonts, at=AT))
    codes = [{slip.code for slip in samples.SLIPS if slip.code in "".join(page)} for page in pages]
    assert codes == [{"7K4M-92QX"}, {"7K4M-92QX"}, {"H3TD-6WPN"}, {"H3TD-6WPN"}]
    for page in pages:
        assert "弃权" in page  # the heads of the columns too


def test_a_short_ballot_leaves_its_back_empty(fonts):
    pages = lines(
        pdf(paper_ballots(replace(samples.BALLOTS, units=samples.UNITS)), fonts=fonts, at=AT)
    )
    assert [any("单位" in run for run in page) for page in pages] == [True, False, True]


def test_slips_stand_ten_on_a_page_each_once_and_name_nobody(fonts):
    codes = [f"T{number:03d}-X" for number in range(33)]
    sheet = SlipSheet("会", "今天", [VotingSlip(code, f"HTTPS://H/{code}", "类") for code in codes])
    pages = lines(pdf(voting_slips(sheet), fonts=fonts, at=AT))
    shown = [[run for run in page if run in codes] for page in pages]
    assert [len(page) for page in shown] == [10, 10, 10, 3]
    assert [code for page in shown for code in page] == codes


def test_a_letter_has_22_lines_of_28_letters(fonts):
    """GB/T 9704-2012, 5.2.3: 22 lines on a page, 28 letters in a line."""
    content = pdf(
        Document("文", (Paragraph("闭环" * 800, indent=False),), LETTER), fonts=fonts, at=AT
    )
    first = [run for run in lines(content)[0] if "闭" in run]
    assert len(first) == 22
    assert {len(run) for run in first} == {28}


def test_page_numbers_of_a_letter_stand_outside(fonts):
    content = pdf(Document("文", (Paragraph("闭环" * 800),), LETTER), fonts=fonts, at=AT)
    numbers = [run for page in lines(content) for run in page if "—" in run]
    assert numbers == ["— 1 —", "— 2 —", "— 3 —"]


def test_the_heads_of_a_long_table_are_on_each_page(fonts):
    sheet = samples.INPUTS[sign_in_sheet]
    long = replace(sheet, attendees=sheet.attendees * 70)
    pages = lines(pdf(sign_in_sheet(long), fonts=fonts, at=AT))
    assert len(pages) > 2
    assert all("职务" in page for page in pages)


def test_a_share_is_printed_in_the_groups_in_which_it_is_typed():
    made = split(b"k" * 32, need=2, of=3)
    papers = shares.share_sheets(
        shares.ShareSheets(
            meeting="测评会",
            date_text="2026",
            shares=[shares.KeyShare(n, "", text) for n, text in enumerate(made, 1)],
            needed=2,
        )
    )
    tables = [part for part in papers.parts if isinstance(part, Table)]
    typed = [
        " ".join("-".join(str(cell) for cell in row[1:] if cell) for row in table.rows)
        for table in tables
    ]
    assert typed == list(made)

"""A plain table in and out: what is written is read back, and no cell becomes a formula."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.exchange import sheet

CELL = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Cn", "Co"]), max_size=12).map(
    lambda text: " ".join(text.split())
)
ROWS = st.lists(st.lists(CELL, min_size=1, max_size=4), min_size=1, max_size=5)


def cells(read):
    return [line.cells for line in read.lines]


def filled(rows):
    return [tuple(row) for row in rows if any(row)]


def test_a_block_from_a_spreadsheets_clipboard_keeps_its_row_numbers():
    read = sheet.pasted('指标\t数值\r\n"两行的\n名称"\t1,202\r\n\r\n项目\t"3"\r\n')
    assert [(line.number, line.cells) for line in read.lines] == [
        (1, ("指标", "数值")),
        (2, ("两行的 名称", "1,202")),
        (5, ("项目", "3")),
    ]


def test_a_mark_of_inches_within_a_cell_is_no_quotation():
    assert cells(sheet.pasted('规格\t数\n5" 管\t3')) == [("规格", "数"), ('5" 管', "3")]


def test_commas_do_as_well_in_either_width():
    assert cells(sheet.pasted("指标,数值\n甲,1")) == [("指标", "数值"), ("甲", "1")]
    assert cells(sheet.pasted("指标，数值\n甲，1")) == [("指标", "数值"), ("甲", "1")]


def test_too_long_a_text_is_refused_by_its_length():
    read = sheet.pasted("长" * (sheet.MOST_SIGNS + 1))
    assert (read.lines, read.refusal) == ((), "too_long")


@given(ROWS)
def test_what_is_shown_again_as_text_is_read_the_same(rows):
    lines = tuple(sheet.Line(2 * n + 1, tuple(row)) for n, row in enumerate(rows) if any(row))
    again = sheet.pasted(sheet.as_text(lines)) if lines else None
    if again is not None and any("\t" in c for line in lines for c in line.cells) is False:
        wide = [line for line in lines if len(line.cells) > 1]
        if len(wide) == len(lines):  # with one column there is no tab to tell cells by
            assert again.lines == lines


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_without_a_crash(text):
    read = sheet.pasted(text)
    assert read.refusal in ("", "damaged")


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_without_a_crash(content):
    for start in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        read = sheet.opened(start + content)
        assert read.lines or read.refusal


RISKY = "=cmd|' /C calc'!A0"


def test_no_cell_of_a_csv_is_a_formula_and_numbers_stay_numbers():
    content = sheet.csv_bytes(["甲", "乙"], [[RISKY, Decimal("-4.50")], ["-无", None]])
    assert content.startswith(b"\xef\xbb\xbf")
    text = content.decode("utf-8-sig")
    assert text.splitlines() == ["甲,乙", f"'{RISKY},-4.50", "'-无,"]
    assert cells(sheet.opened(content)) == [("甲", "乙"), (RISKY, "-4.50"), ("-无", "")]


def test_a_workbook_keeps_text_as_text_and_digits_as_printed():
    import io

    from openpyxl import load_workbook

    content = sheet.xlsx_bytes("数据/表", ["甲", "乙"], [[RISKY, Decimal("17.50")], ["x", 3]])
    page = load_workbook(io.BytesIO(content)).active
    assert (page["A2"].value, page["A2"].data_type) == (RISKY, "s")
    assert (page["B2"].value, page["B2"].number_format) == (17.5, "0.00")
    assert page.freeze_panes == "A2"
    assert cells(sheet.opened(content))[1:] == [(RISKY, "17.5"), ("x", "3")]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"<html>", b"\x89PNG", b"PK\x03\x04x"])
def test_what_is_no_table_is_refused(content):
    assert sheet.opened(content).refusal

"""A ledger that was written reads back the same, and an office's own workbook keeps its looks."""

import io
from datetime import date

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.styles import Font, PatternFill

from bihuan.exchange.words import clean, join_items, said, split_items
from bihuan.exchange.workbook import HEADINGS, Refusal, values, write_into, write_ledger
from bihuan.ledger.rules.doubts import SENTENCES
from tests.exchange.ledgers import HEAD, OLD, REGISTER, TITLE, problem, read, unpacked, workbook

plain_texts = st.text(
    st.one_of(
        st.sampled_from([*"=+-@'\n\r\t\x00\x0b\x1f_x000D 　问题整改，。；、1.2（）①②一二是"]),
        st.characters(),
    ),
    max_size=30,
)
SOLID = ("source", "source_number", "goal", "leader", "owner", "evidence", "opinion", "note")


@st.composite
def ledger_rows(draw):
    row = {name: draw(plain_texts) for name in SOLID}
    row["problem"] = "问题" + draw(plain_texts)
    row["measures"] = tuple(draw(st.lists(plain_texts.map(said).filter(bool), max_size=4)))
    row["progress"] = tuple(draw(st.lists(plain_texts.map(said).filter(bool), max_size=3)))
    row["lead_units"] = draw(st.sampled_from([*REGISTER, ""]))
    row["assist_units"] = "、".join(draw(st.lists(st.sampled_from([*REGISTER]), unique=True)))
    row["due"] = draw(st.one_of(st.dates(date(1985, 1, 1), date(2099, 1, 1)), st.just("长期坚持")))
    row["assigned_on"] = draw(st.one_of(st.none(), st.dates(date(1985, 1, 1), date(2099, 1, 1))))
    row["rect_kind"] = draw(st.sampled_from(["立行立改", "限期整改", "长期坚持"]))
    row["number"] = draw(st.sampled_from(["", "ZG-2022-001", "0012", "=1"]))
    return row


@settings(max_examples=25, deadline=None)
@given(st.lists(ledger_rows(), min_size=1, max_size=3))
def test_what_was_written_reads_back_the_same(rows):
    content = write_ledger(rows, title=TITLE, subtitle="填报时间：2022年1月10日").content
    assert b"<f>" not in unpacked(content)["xl/worksheets/sheet1.xml"]
    ledger = read(content)
    found = [values(row) for row in ledger.rows if row.problem]
    assert len(found) == len(rows)
    for row, back in zip(rows, found, strict=True):
        for name in (*SOLID, "problem", "number"):
            if clean(row[name]) not in ("同上", "同前", "如上", "''", '"', "〃", "″"):
                assert back[name] == said(row[name]), name
        assert back["measures"] == row["measures"]
        assert back["progress"] == row["progress"]
        assert back["due"] == row["due"]
        assert back["lead_units"] == row["lead_units"]
        assert (back["assigned_on"] or None) == row["assigned_on"]


@settings(max_examples=12, deadline=None)
@given(st.lists(ledger_rows(), min_size=1, max_size=3))
def test_an_import_of_an_export_changes_nothing(rows):
    first = read(write_ledger(rows, title=TITLE).content)
    again = read(write_ledger(list(map(values, first.rows)), title=TITLE).content)
    assert list(map(values, again.rows)) == list(map(values, first.rows))
    assert again.file_doubts == first.file_doubts


@given(st.lists(plain_texts.map(clean).filter(bool), max_size=6))
def test_a_list_joined_in_one_cell_comes_apart_again(items):
    assert split_items(join_items(items)) == tuple(items)


@pytest.mark.parametrize(
    "text",
    [
        "1.加强学习；2.完善制度；3.定期检查",
        "1、加强学习；\n2、完善制度；\n3、定期检查",
        "（1）加强学习；（2）完善制度；（3）定期检查",
        "①加强学习；②完善制度；③定期检查",
        "一是加强学习；二是完善制度；三是定期检查",
        "一、加强学习；\n二、完善制度；\n三、定期检查",
        "1）加强学习；2）完善制度；3）定期检查",
    ],
)
def test_measures_numbered_in_any_usual_way_are_taken_apart(text):
    assert [item.rstrip("；") for item in split_items(text)] == ["加强学习", "完善制度", "定期检查"]


@pytest.mark.parametrize("text", ["投入1.5亿元，2.5公里", "2022.1.20前完成", "第一，没有第二"])
def test_numbers_within_a_text_are_no_list(text):
    assert len(split_items(text)) == 1


def test_the_export_has_the_handbook_s_columns_in_order_and_is_laid_out_for_print():
    content = write_ledger(
        [{"problem": "=1+1", "measures": ("甲", "乙"), "due": date(2022, 1, 20)}], title=TITLE
    ).content
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    assert [cell.value for cell in page[2]] == list(HEADINGS.values())
    assert len(HEADINGS) == 23
    assert page["F3"].value == "=1+1"
    assert page["F3"].data_type == "s"
    assert page["F3"].quotePrefix
    assert page["H3"].value == "1. 甲\n2. 乙"
    assert (page["N3"].value.date(), page["N3"].number_format) == (date(2022, 1, 20), "yyyy-mm-dd")
    assert (page.page_setup.orientation, page.page_setup.fitToWidth) == ("landscape", 1)
    assert (page.print_title_rows, page.freeze_panes) == ("$2:$2", "C3")
    assert page["H3"].alignment.wrap_text


def test_a_text_longer_than_a_cell_is_cut_and_said():
    copied = write_ledger([{"problem": "长" * 40_000}], title=TITLE)
    assert copied.cut == ("F3",)
    assert read(copied.content).rows[0].problem.endswith("此处截断）")


def office_ledger():
    """An office's own workbook: looks, sums, notes, a second sheet, a column of its own."""
    rows = [
        [TITLE],
        ["序号", "存在问题", "整改措施", "责任单位", "整改时限", "完成情况", "联系电话", "天数"],
        [1, "问题1", "措施", "党政办", "2022年6月底", "无", "电话一", "=E3-1"],
        [2, "问题2", "措施", "督查室", "2022年6月底", "无", "电话二", "=E4-1"],
        ["合计", None, None, None, None, None, None, "=SUM(H3:H4)"],
        ["注：本表每月报送。"],
    ]

    def dress(page):
        page["B3"].font = Font(name="楷体", size=14)
        page["C3"].fill = PatternFill("solid", fgColor="FFFFEE99")
        page.column_dimensions["B"].width = 44
        page.row_dimensions[6].height = 40
        page.auto_filter.ref = "A2:H4"

    return workbook((rows, "A1:H1", "A6:H6"), ([["别表", "=1+1"]],), 表1=dress)


def test_the_office_s_own_workbook_keeps_its_looks_sums_notes_and_columns():
    rows = [
        {
            "problem": f"问题{number}",
            "measures": ("甲", "=乙"),
            "lead_units": "党政办",
            "assist_units": "财政局",
            "due": date(2022, 6, number),
            "progress": ("+1",),
        }
        for number in (3, 2, 1, 4)
    ]
    copied = write_into(office_ledger(), rows)
    assert (copied.cut, copied.lost) == ((), ())
    book = openpyxl.load_workbook(io.BytesIO(copied.content))
    page = book["表1"]
    assert [page[f"B{at}"].value for at in range(3, 7)] == ["问题3", "问题2", "问题1", "问题4"]
    assert [page[f"A{at}"].value for at in range(3, 7)] == [1, 2, 3, 4]
    # The column of their own stays with its problem; its formula goes on.
    assert [page[f"G{at}"].value for at in range(3, 7)] == [None, "电话二", "电话一", None]
    assert [page[f"H{at}"].value for at in range(3, 8)] == [
        "=E3-1",
        "=E4-1",
        "=E5-1",
        "=E6-1",
        "=SUM(H3:H6)",
    ]
    assert (page["A7"].value, page["A8"].value) == ("合计", "注：本表每月报送。")
    assert {str(one) for one in page.merged_cells.ranges} == {"A1:H1", "A8:H8"}
    assert page.row_dimensions[8].height == 40
    assert page["B6"].font.name == "楷体"
    assert page["C6"].fill.fgColor.rgb == "FFFFEE99"
    assert page.column_dimensions["B"].width == 44
    assert page.auto_filter.ref == "A2:H6"
    assert (page["F3"].value, page["F3"].data_type) == ("+1", "s")
    assert book["表2"]["B1"].value == "=1+1"
    back = read(copied.content).rows
    assert [row.problem for row in back] == ["问题3", "问题2", "问题1", "问题4"]
    assert [measure.text for measure in back[0].measures] == ["甲", "=乙"]
    assert (back[0].lead_units[0].code, back[0].assist_units[0].code) == ("dz", "cz")
    assert back[0].due.day == date(2022, 6, 3)


def test_fewer_rows_than_before_leave_blanks_and_tell_what_has_no_place():
    copied = write_into(office_ledger(), [{"problem": "问题1", "lead_units": "党政办"}])
    page = openpyxl.load_workbook(io.BytesIO(copied.content))["表1"]
    assert [page[f"{letter}4"].value for letter in "ABCDEFG"] == [None] * 7
    assert page["A5"].value == "合计"
    assert page["G3"].value == "电话一"
    assert copied.lost == ("unknown_columns",)


def test_merged_rows_of_the_template_are_opened_before_they_are_filled():
    rows = [HEAD, problem(1), problem(2)]
    copied = write_into(workbook((rows, "B2:B3")), [{"problem": "甲"}, {"problem": "乙"}])
    assert [row.problem for row in read(copied.content).rows] == ["甲", "乙"]


def test_an_empty_template_is_filled_below_its_header():
    copied = write_into(
        workbook(([[TITLE], HEAD], "A1:G1")), [{"problem": "甲"}, {"problem": "乙"}]
    )
    assert [row.problem for row in read(copied.content).rows] == ["甲", "乙"]


@pytest.mark.parametrize(
    ("content", "code"),
    [(OLD, "template_kind"), (b"", "empty_file"), (workbook(([["无关"]],)), "no_header")],
)
def test_what_cannot_be_written_into_is_refused(content, code):
    with pytest.raises(Refusal) as caught:
        write_into(content, [])
    assert caught.value.doubt.code == code
    assert SENTENCES[code] % caught.value.doubt.params


@settings(max_examples=12, deadline=None)
@given(st.lists(ledger_rows(), min_size=1, max_size=4))
def test_rows_written_into_a_template_of_all_columns_read_back_the_same(rows):
    empty = write_ledger([], title=TITLE).content
    found = [values(row) for row in read(write_into(empty, rows).content).rows]
    wanted = [values(row) for row in read(write_ledger(rows, title=TITLE).content).rows]
    assert found == [{**row, "order": at} for at, row in enumerate(wanted, start=1)]

"""Workbooks as an adversary would send them: every one is read, or its doubt says why not."""

from datetime import date, datetime

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font

from bihuan.exchange.workbook import guard
from tests.exchange.ledgers import (
    HEAD,
    codes,
    opendocument,
    packed,
    problem,
    read,
    saved,
    unpacked,
    workbook,
)


def test_a_header_of_three_rows_is_read_along_its_groups():
    rows = [
        ["某区问题整改台账"],
        ["序号", "问题情况", None, "整改情况", None, None, "责任落实", None],
        [None, "类别", "具体表现", "措施", "时限", None, "牵头", "配合"],
        [None, None, None, None, "开始", "结束", None, None],
        [1, "作风", "走访少", "定计划", "2022.1.1", "2022.6.30", "党政办", "财政局"],
    ]
    merges = ("A1:H1", "A2:A4", "B2:C2", "D2:F2", "G2:H2", "E3:F3")
    tall = ("B3:B4", "C3:C4", "D3:D4", "G3:G4", "H3:H4")
    (row,) = read(workbook((rows, *merges, *tall))).rows
    assert (row.category, row.problem, row.measures[0].text) == ("作风", "走访少", "定计划")
    assert row.due.day == date(2022, 6, 30)
    assert (row.lead_units[0].code, row.assist_units[0].code) == ("dz", "cz")
    assert row.extra == {"整改情况时限·开始": "2022.1.1"}


def test_a_table_that_begins_far_in_with_empty_columns_between_is_read():
    wide = "2022.6.30".translate({ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789."})
    dues = [44742, "44742", wide, "二〇二二年六月三十日", datetime(2022, 6, 30, 17)]  # noqa: DTZ001
    rows = [[], [], [None, None, "二〇二二年台账"], []]
    rows.append([None, None, "序号", None, "问题", None, None, "责任单位", "时限"])
    rows += [
        [None, None, n, None, f"问题{n}", None, None, "党政办", due]
        for n, due in enumerate(dues, 1)
    ]
    ledger = read(workbook((rows,)))
    assert [row.due.day for row in ledger.rows] == [date(2022, 6, 30)] * 5
    assert {row.lead_units[0].code for row in ledger.rows} == {"dz"}
    assert (ledger.sheets[0].header_row, ledger.sheets[0].year) == (5, 2022)


def test_two_tables_on_one_sheet_are_both_read_each_by_its_own_header():
    rows = [
        ["一、作风问题台账（2022年）"],
        ["序号", "问题", "措施", "责任单位", "时限"],
        [1, "甲", "措施", "党政办", "6月底"],
        [],
        ["二、民生问题台账"],
        ["序号", "存在问题", "责任领导", "牵头单位", "整改措施", "完成时限"],
        [1, "乙", "示例领导", "督查室", "措施二", "7月底"],
    ]
    ledger = read(workbook((rows, "A1:F1", "A5:F5")))
    first, second = ledger.rows
    assert (first.problem, first.due.day) == ("甲", date(2022, 6, 30))
    assert (second.problem, second.leader, second.lead_units[0].code) == ("乙", "示例领导", "dc")
    assert second.due.day == date(2022, 7, 31)
    assert [sheet.title for sheet in ledger.sheets] == [rows[0][0], rows[4][0]]


def test_one_column_for_two_things_is_taken_for_the_first_and_a_better_one_comes_first():
    rows = [
        [
            "问题及具体表现",
            "措施及完成时限",
            "责任单位及责任人",
            "责任单位（配合）",
            "整 改\n时 限",
        ],
        ["甲", "定计划", "党政办 示例人员", "财政局", "2022年6月底前\n（长期坚持）"],
    ]
    (row,) = read(workbook((rows,))).rows
    assert (row.problem, row.measures[0].text, row.owner) == ("甲", "定计划", "示例人员")
    assert ([u.code for u in row.lead_units], [u.code for u in row.assist_units]) == (
        ["dz"],
        ["cz"],
    )
    assert row.due.day == date(2022, 6, 30)
    assert codes(row.doubts) == [("date_also_standing", "E2"), ("unit_person", "C2")]


def test_two_columns_of_units_are_one_list_and_who_leads_is_asked():
    rows = [["问题", "责任单位", "责任单位", "时限"], ["甲", "党政办", "财政局", "2022.6.30"]]
    (row,) = read(workbook((rows,))).rows
    assert [unit.code for unit in row.lead_units] == ["dz", "cz"]
    assert [doubt.code for doubt in row.doubts] == ["several_leads"]


def test_measures_in_rows_of_their_own_are_not_guessed_to_belong_to_the_row_above():
    rows = [HEAD, problem(1), [None, None, "2.常检查", None, None, "2022.7.31", None]]
    first, second = read(workbook((rows,))).rows
    assert [measure.text for measure in first.measures] == ["措施"]
    assert (second.problem, second.measures[0].text) == ("", "2.常检查")
    assert ("no_problem", "B3") in codes(second.doubts)


def test_cells_merged_across_and_down_give_each_row_its_value_once():
    rows = [HEAD, problem(1), problem(2), problem(3, unit="督查室")]
    for at in (2, 3, 4):
        rows[2][at] = None
    ledger = read(workbook((rows, "B2:C2", "D2:D3", "E2:E3")))
    assert [[unit.code for unit in row.lead_units] for row in ledger.rows] == [
        ["dz"],
        ["dz"],
        ["dc"],
    ]
    assert ledger.rows[0].measures == ()


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (["合计", 1], "total"),
        (["本月合计：1条"], "total"),
        (["共计1个问题"], "total"),
        (["填表人：示例人员", None, "审核：示例人员"], "note"),
        (["备注：1.每月报送；2.逾期通报。"], "note"),
        (["主要负责人（签字）："], "note"),
        (["※以上问题均须整改"], "note"),
        (["（二）作风建设"], "section"),
        (["2.1 具体方面"], "section"),
    ],
)
def test_lines_that_are_no_problem_are_told_apart(line, kind):
    ledger = read(workbook(([HEAD, problem(1), line, problem(2)],)))
    assert len(ledger.rows) == 2
    assert ledger.sheets[0].lines == {3: kind}
    assert ledger.outside[-1].kind == kind


def test_what_only_says_that_there_is_nothing_is_nothing():
    rows = [
        HEAD,
        [1, "甲", "/", "——", "党政办、/", "-", "无"],
        [2, "无证经营", "无", "/", "无", "", ""],
    ]
    first, second = read(workbook((rows,))).rows
    assert (first.measures, first.leader, first.progress, first.due.kind) == ((), "", (), "none")
    assert [unit.code for unit in first.lead_units] == ["dz"]
    assert (second.problem, second.lead_units) == ("无证经营", ())
    assert {"C2": "/", "D2": "——"}.items() <= {cell.at: cell.text for cell in first.cells}.items()


def test_comments_and_struck_out_texts_are_told_and_kept():
    def mark(page):
        page["B2"].comment = Comment("请核实", "示例")
        page["C3"].font = Font(strike=True)
        struck = TextBlock(InlineFont(strike=True), "旧措施")
        page["C4"] = CellRichText("新措施", struck)

    content = workbook(([HEAD, problem(1), problem(2), problem(3)],), 表1=mark)
    first, second, third = read(content).rows
    assert codes(first.doubts) == [("comment", "B2")]
    assert ("B2", "批注", "请核实") in [(one.at, one.heading, one.text) for one in first.cells]
    assert codes(second.doubts) == [("struck", "C3")]
    assert codes(third.doubts) == [("struck", "C4")]


def test_hidden_columns_are_read_and_told():
    def hide(page):
        page.column_dimensions["C"].hidden = True

    ledger = read(workbook(([HEAD, problem(1)],), 表1=hide))
    assert ledger.rows[0].measures[0].text == "措施"
    (doubt,) = ledger.file_doubts
    assert (doubt.code, doubt.params["columns"]) == ("hidden_columns", "C")


def test_every_doubt_says_where_as_a_spreadsheet_would():
    book = openpyxl.Workbook()
    book.active.title = "2022 年'台账'"
    book.active.append(HEAD)
    book.active.append(problem(1, due="2月30日"))
    (doubt,) = read(saved(book)).rows[0].doubts
    assert doubt.at == "'2022 年''台账'''!F2"
    (doubt,) = read(workbook(([HEAD, problem(1, due="2月30日")],))).rows[0].doubts
    assert doubt.at == doubt.params["cell"] == "表1!F2"


def test_a_long_list_in_one_cell_is_read_whole():
    many = "".join(f"{n}.措施{n}；" for n in range(1, 31))
    (row,) = read(workbook(([HEAD, problem(1, measure=many)],))).rows
    assert len(row.measures) == 30


def test_an_opendocument_ledger_is_read_with_its_merged_cells():
    ledger = read(
        opendocument(
            [
                HEAD,
                [1, "甲", "措施一", "", "党政办", "2022.6.30", ""],
                ["", "", "措施二", *[""] * 4],
            ],
            down={(1, 1): 2},
        )
    )
    (row,) = ledger.rows
    assert [measure.text for measure in row.measures] == ["措施一", "措施二"]
    assert (row.lead_units[0].code, row.due.day) == ("dz", date(2022, 6, 30))


@pytest.mark.parametrize(
    ("repeated", "code"),
    [
        ('table:number-rows-repeated="1000000"', "too_many_cells"),
        ('table:number-rows-repeated="199000"', "too_many_cells"),
    ],
)
def test_a_few_bytes_that_stand_for_a_million_rows_are_refused(repeated, code):
    parts = unpacked(opendocument([HEAD, [1, *["长" * 30] * 30]]))
    text = (
        parts["content.xml"].decode().replace("<table:table-row>", f"<table:table-row {repeated}>")
    )
    ledger = read(packed({**parts, "content.xml": text.encode()}))
    assert [doubt.code for doubt in ledger.file_doubts] == [code]


def test_a_table_of_two_million_rows_is_refused_in_one_sentence(monkeypatch):
    monkeypatch.setattr("bihuan.exchange.workbook.grid.MOST_ROWS", 50)
    ledger = read(("序号,问题\n" + "1,甲\n" * 99).encode())
    (doubt,) = ledger.file_doubts
    assert (doubt.code, doubt.params["rows"]) == ("too_many_cells", "101")
    assert guard.MOST_ROWS == 200_000

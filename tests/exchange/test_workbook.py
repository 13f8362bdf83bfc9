"""Ledgers of many offices are read whole, with every doubt, cell by cell."""

import inspect
import io
import re
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

import bihuan.exchange.workbook
from bihuan.exchange.words.deadline import REASONS
from bihuan.exchange.workbook import HEADINGS, SYNONYMS, read_ledger, template
from bihuan.ledger.rules.doubts import FIELDS, LOST, SENTENCES
from tests.exchange.ledgers import (
    HEAD,
    OLD,
    REGISTER,
    TITLE,
    codes,
    packed,
    problem,
    read,
    saved,
    unpacked,
    workbook,
)


def test_a_plain_ledger_under_a_title_is_read():
    ledger = read(
        workbook(
            (
                [
                    [TITLE],
                    [
                        "填报单位：示例单位（盖章）",
                        None,
                        None,
                        None,
                        None,
                        "填报时间：2022年3月1日",
                    ],
                    HEAD,
                    problem(1, measure="1.加强学习；2.完善制度。", progress="已制定计划"),
                    problem(2, unit="牵头：经发局；配合：财政局", due="立行立改"),
                ],
                "A1:G1",
            )
        )
    )
    first, second = ledger.rows
    assert (first.row, first.order, first.problem, first.leader) == (4, "1", "问题1", "示例领导")
    assert [measure.text for measure in first.measures] == ["加强学习；", "完善制度。"]
    assert [(unit.name, unit.code) for unit in first.lead_units] == [("党政办", "dz")]
    assert (first.due.kind, first.due.day, first.due.text) == (
        "period_end",
        date(2022, 6, 30),
        "2022年6月底前",
    )
    assert (first.rect_kind, first.progress) == ("dated", ("已制定计划",))
    assert (second.rect_kind, second.lead_units[0].code, second.assist_units[0].code) == (
        "immediate",
        "jf",
        "cz",
    )
    assert ledger.doubts == ()
    (sheet,) = ledger.sheets
    assert (sheet.title, sheet.filed_by, sheet.filed_on.day, sheet.year) == (
        TITLE,
        "示例单位",
        date(2022, 3, 1),
        2022,
    )


@pytest.mark.parametrize("field", [field for field in SYNONYMS if field not in ("problem",)])
def test_every_synonym_of_every_heading_is_understood(field):
    for word in SYNONYMS[field]:
        rows = [
            ["问题描述" if field != "problem" else "整改措施", word, "某列"],
            ["甲", "乙", "丙"],
        ]
        ledger = read(workbook((rows,)))
        assert ledger.sheets, word
        assert ledger.sheets[0].columns[1][2] == field, word


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("整改措施（逐条列出）", "measures"),
        ("存在的\n主要问题", "problem"),
        ("整 改 时 限", "due"),
        ("完成时限(具体到日)", "due"),
        ("牵头单位及责任人", "lead_units"),
        ("问题整改进展情况", "progress"),
        ("“回头看”情况", "recheck"),
        ("联系电话", ""),
        ("经费（万元）", ""),
    ],
)
def test_headings_with_more_words_are_understood_or_kept_as_unknown(heading, field):
    rows = [["序号", "问题描述", heading, "责任单位"], [1, "甲", "乙", "党政办"]]
    if field == "problem":
        rows[0][1] = "整改措施"
    ledger = read(workbook((rows,)))
    assert ledger.sheets[0].columns[2][2] == field
    if not field:
        assert ledger.rows[0].extra == {heading: "乙"}
        assert ("unknown_heading", "C1") in codes(ledger.doubts)


def test_two_header_rows_are_read_together():
    rows = [
        [TITLE],
        ["序号", "问题", "整改", None, "责任", None, None, "时限"],
        [None, None, "目标", "措施", "领导", "单位", "责任人"],
        [1, "甲", "目标一", "措施一", "示例领导", "党政办", "示例人员", "2022.6.30"],
    ]
    merges = ("A1:H1", "A2:A3", "B2:B3", "C2:D2", "E2:G2", "H2:H3")
    for content in (workbook((rows, *merges)), workbook((rows, "A1:H1"))):
        (row,) = read(content).rows
        assert (row.row, row.problem, row.goal, row.measures[0].text) == (
            4,
            "甲",
            "目标一",
            "措施一",
        )
        assert (row.leader, row.owner, row.lead_units[0].code) == ("示例领导", "示例人员", "dz")


def test_a_problem_merged_over_rows_is_one_problem_with_several_measures():
    rows = [
        HEAD,
        [1, "甲", "措施一", "示例领导", "党政办", "2022.3.31", "推进中"],
        [None, None, "措施二", "示例领导", "党政办", "2022.6.30", "已完成"],
        [2, "乙", "措施三", "示例领导", "督查室", "长期坚持", None],
        [None, None, "措施四", None, None, None, None],
    ]
    ledger = read(workbook((rows, "A2:A3", "B2:B3")))
    first, second, third = ledger.rows
    assert [(one.text, one.row, one.due.day) for one in first.measures] == [
        ("措施一", 2, date(2022, 3, 31)),
        ("措施二", 3, date(2022, 6, 30)),
    ]
    assert (first.row, first.last, first.due.day) == (2, 3, date(2022, 6, 30))
    assert first.progress == ("推进中", "已完成")
    assert codes(first.doubts) == [("several_deadlines", "F3")]
    # Nothing is filled down outside a merged range: the last row is asked about.
    assert (second.problem, third.problem) == ("乙", "")
    assert {"no_problem", "no_lead", "no_due"} <= {doubt.code for doubt in third.doubts}


def test_merged_cells_fill_down_only_inside_their_range():
    rows = [["类别", *HEAD], ["作风", *problem(1)], [None, *problem(2)], [None, *problem(3)]]
    ledger = read(workbook((rows, "A2:A3", "F2:F3")))
    assert [row.category for row in ledger.rows] == ["作风", "作风", ""]


def test_totals_notes_sections_repeated_headers_and_blank_rows_are_told_and_left_out():
    rows = [
        [TITLE],
        HEAD,
        ["1", "2", "3", "4", "5", "6", "7"],
        ["一、政治建设方面（2个）"],
        problem(1),
        [],
        problem(2),
        ["小计", "2个"],
        HEAD,
        ["二、作风建设方面"],
        problem(3),
        ["合计：3个问题"],
        ["注：本表每月报送一次。"],
        ["填表人：示例人员", None, None, "联系电话：00000000"],
    ]
    ledger = read(workbook((rows, "A1:G1", "A4:G4", "A13:G13")))
    assert [row.problem for row in ledger.rows] == ["问题1", "问题2", "问题3"]
    assert [row.category for row in ledger.rows] == [
        "一、政治建设方面（2个）",
        "一、政治建设方面（2个）",
        "二、作风建设方面",
    ]
    assert ledger.sheets[0].lines == {
        3: "column_numbers",
        4: "section",
        6: "blank",
        8: "total",
        9: "header_again",
        10: "section",
        12: "total",
        13: "note",
        14: "note",
    }
    kept = {cell.at: cell.text for line in ledger.outside for cell in line.cells}
    assert kept["A12"] == "合计：3个问题"
    assert kept["D14"] == "联系电话：00000000"
    assert kept["A1"] == TITLE


def test_a_problem_that_begins_like_a_total_or_a_note_is_a_problem():
    rows = [HEAD, problem(1, text="合计数据不准确"), problem(2, text="备注：不写原因的问题")]
    assert len(read(workbook((rows,))).rows) == 2


def test_several_sheets_are_read_and_those_without_a_ledger_are_told():
    def hide(page):
        page.sheet_state = "hidden"

    ledger = read(
        workbook(
            ([HEAD, problem(1)],),
            ([["填表说明"], ["请如实填写"]],),
            ([],),
            ([[TITLE], HEAD, problem(2)],),
            表4=hide,
        )
    )
    assert [(row.sheet, row.problem) for row in ledger.rows] == [("表1", "问题1"), ("表4", "问题2")]
    told = {(doubt.code, doubt.sheet) for doubt in ledger.file_doubts}
    assert {("no_header", "表2"), ("empty_sheet", "表3"), ("hidden_sheet", "表4")} <= told
    assert ("A2", "请如实填写") in {
        (cell.at, cell.text) for line in ledger.outside for cell in line.cells
    }


def test_every_cell_of_a_row_keeps_its_original_text():
    rows = [[*HEAD, "联系电话"], [*problem(1, due=date(2022, 1, 20)), 12345678]]
    rows[1][1] = " 问题\n含空格 "
    (row,) = read(workbook((rows,))).rows
    kept = {cell.at: (cell.field, cell.text) for cell in row.cells}
    assert kept["B2"] == ("problem", " 问题\n含空格 ")
    assert kept["F2"] == ("due", "2022-01-20")
    assert kept["H2"] == ("", "12345678")
    assert row.problem == "问题\n含空格"
    assert row.extra == {"联系电话": "12345678"}


def test_the_year_comes_from_the_filing_date_then_the_title_then_the_file_s_name():
    def year_of(rows, name="台账.xlsx", **more):
        content = workbook(([*rows, HEAD, problem(1, due="1月20日")],))
        (row,) = read_ledger(content, name=name, register=REGISTER, **more).rows
        return row.due.day and row.due.day.year, row.due.reason, row.due.year_inferred

    assert year_of([["2021年度台账"], ["填报时间：2022年1月5日"]]) == (2022, "", True)
    assert year_of([["2021年度台账"]]) == (2021, "", True)
    assert year_of([], name="2020年台账.xlsx") == (2020, "", True)
    assert year_of([["2021年度台账"]], year=2023) == (2023, "", True)
    assert year_of([]) == (None, "no_year", False)


def test_a_deadline_before_the_filing_date_without_a_year_is_asked_about():
    rows = [["填报时间：2021年12月20日"], HEAD, problem(1, due="1月20日")]
    (row,) = read(workbook((rows,))).rows
    assert row.due.day == date(2021, 1, 20)
    assert ("before_filed", "F3") in codes(row.doubts)


def test_units_that_are_not_in_the_register_are_asked_and_never_guessed():
    rows = [
        HEAD,
        problem(1, unit="经济发展局、财政局"),
        problem(2, unit="某某集团"),
        problem(3, unit="规划建设"),
        problem(4, unit="党政办、督查室等"),
        problem(5, unit=None),
    ]
    ledger = read(workbook((rows,)))
    assert [[unit.code for unit in row.lead_units] for row in ledger.rows] == [
        [None, "cz"],
        [None],
        [None],
        ["dz", "dc"],
        [],
    ]
    assert [[doubt.code for doubt in row.doubts] for row in ledger.rows] == [
        ["unit_close", "several_leads"],
        ["unit_unknown"],
        ["unit_close"],
        ["units_more", "several_leads"],
        ["no_lead"],
    ]
    assert ledger.rows[2].doubts[0].params["close"] == "规划建设局"


def test_same_as_above_takes_the_value_above_and_says_so():
    rows = [HEAD, problem(1), problem(2, unit="同上", due="同上"), problem(3, progress="同上")]
    first, second, third = read(workbook((rows,))).rows
    assert second.lead_units == first.lead_units
    assert second.due == first.due
    assert codes(second.doubts) == [("ditto", "F3"), ("ditto", "E3")]
    assert codes(third.doubts) == [("ditto_nothing", "G4")]


def test_kinds_and_states_are_read_and_contradictions_asked():
    head = [*HEAD, "整改类型", "状态"]
    rows = [
        head,
        [*problem(1), "限期整改", "整改中"],
        [*problem(2, due="长期坚持"), "立行立改", "已销号"],
        [*problem(3), "其他", "不知道"],
        [*problem(4, due="立行立改"), None, "√"],
        [*problem(5, due="2022.1.20（已完成）"), None, None],
    ]
    found = read(workbook((rows,))).rows
    assert [(row.rect_kind, row.state) for row in found] == [
        ("dated", "rectifying"),
        ("immediate", "closed"),
        ("dated", ""),
        ("immediate", "finished"),
        ("", "finished"),
    ]
    assert [[doubt.code for doubt in row.doubts] for row in found] == [
        [],
        ["kind_differs"],
        ["state_unknown", "kind_unknown"],
        [],
        [],
    ]


def test_every_doubt_of_a_row_is_told_at_once():
    rows = [
        ["编号", *HEAD, "交办日期"],
        ["A1", *problem(1, due="2月30日", unit="某某集团"), "2022年13月1日"],
        ["A1", *problem(1, due="2022.1.20"), "2022.3.1"],
    ]
    first, second = read(workbook(([["2022年"], *rows],))).rows
    assert {doubt.code for doubt in first.doubts} == {"date_no_such_day", "unit_unknown"}
    assert sum(doubt.code == "date_no_such_day" for doubt in first.doubts) == 2
    assert {doubt.code for doubt in second.doubts} == {"due_before_assigned", "same_number"}


def test_the_same_problem_of_the_same_unit_twice_is_told():
    first, second = read(workbook(([HEAD, problem(1), [2, *problem(1)[1:]]],))).rows
    assert [doubt.code for doubt in second.doubts] == ["same_problem"]
    assert first.doubts == ()


def test_several_progress_columns_keep_their_headings():
    rows = [
        ["序号", "问题", "责任单位", "时限", "1月进展情况", "2月进展情况"],
        [1, "甲", "党政办", "2022.6.30", "已部署", "推进中"],
    ]
    (row,) = read(workbook((rows,))).rows
    assert row.progress == ("1月进展情况：已部署", "2月进展情况：推进中")


def test_two_columns_of_one_meaning_are_told_and_both_kept():
    rows = [
        ["序号", "问题", "责任单位", "整改时限", "完成时限"],
        [1, "甲", "党政办", "2022.6.30", "2022.9.30"],
    ]
    ledger = read(workbook((rows,)))
    assert ledger.rows[0].due.day == date(2022, 6, 30)
    assert ledger.rows[0].extra == {"完成时限": "2022.9.30"}
    assert ("same_meaning", "E1") in codes(ledger.doubts)


def test_formulas_give_their_last_value_and_broken_ones_are_asked_about():
    rows = [HEAD, problem(1, progress="甲"), problem(2, progress="乙")]
    parts = unpacked(workbook((rows,)))
    name = "xl/worksheets/sheet1.xml"
    text = parts[name].decode()
    text = re.sub(r'<c r="G2".*?(/>|</c>)', '<c r="G2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', text)
    text = re.sub(r'<c r="G3".*?(/>|</c>)', '<c r="G3"><f>A3+1</f></c>', text)
    text = re.sub(r'<c r="A3".*?</c>', '<c r="A3"><f>A2+1</f><v>2</v></c>', text)
    first, second = read(packed({**parts, name: text.encode()})).rows
    assert second.order == "2"
    assert [(one.code, one.cell, one.params["found"]) for one in first.doubts] == [
        ("cell_error", "G2", "#DIV/0!")
    ]
    assert codes(second.doubts) == [("formula_unworked", "G3")]


def test_hidden_rows_are_read_and_told():
    def hide(page):
        page.row_dimensions[3].hidden = True

    ledger = read(workbook(([HEAD, problem(1), problem(2)],), 表1=hide))
    assert len(ledger.rows) == 2
    assert "hidden_rows" in {doubt.code for doubt in ledger.doubts}


def test_serials_are_days_in_both_date_systems():
    content = workbook(([HEAD, problem(1, due=44581)],))
    assert read(content).rows[0].due.day == date(2022, 1, 20)
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.epoch = CALENDAR_MAC_1904
    assert read(saved(book)).rows[0].due.day == date(2026, 1, 21)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_plain_text_tables_are_read_in_the_usual_encodings(encoding, sign):
    rows = [["序号", "问题", "责任单位", "时限"], ["1", "甲", "党政办", "2022年6月底"]]
    ledger = read("\r\n".join(sign.join(row) for row in rows).encode(encoding))
    assert (ledger.rows[0].problem, ledger.rows[0].lead_units[0].code) == ("甲", "dz")
    assert ("gbk" in {doubt.code for doubt in ledger.doubts}) == (encoding == "gb18030")


def test_workbooks_of_the_old_kind_are_read_with_their_merged_cells():
    ledger = read(OLD)
    (row,) = ledger.rows
    assert [measure.text for measure in row.measures] == ["定计划", "常检查"]
    assert row.due.day == date(2022, 1, 20)
    assert "old_format" in {doubt.code for doubt in ledger.doubts}


OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"  \r\n", "empty_file"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        (OLE + "WordDocument".encode("utf-16-le"), "word"),
        (OLE, "damaged"),
        (OLD[:3000], "damaged"),
        (b"%PDF-1.7", "pdf"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        ("<html><table><tr><td>问题</td></tr></table></html>".encode(), "web_page"),
        (packed({"word/document.xml": b"<a/>"}), "word"),
        (packed({"xl/workbook.bin": b"a"}), "xlsb"),
        (packed({"a.txt": b"a"}), "not_workbook"),
        (packed({"xl/workbook.xml": b"<a"}), "damaged"),
        (b"\x00\x01\x02", "not_workbook"),
        (b"\xff\xff\xff\x80", "encoding"),
        ("一段话\n又一段话".encode(), "no_header"),
    ],
)
def test_what_is_no_ledger_says_what_it_is(content, code):
    ledger = read(content)
    assert ledger.rows == ()
    assert code in {doubt.code for doubt in ledger.file_doubts}
    assert any(doubt.grave for doubt in ledger.file_doubts)


def test_traps_are_refused_before_any_library_reads_them(monkeypatch):
    parts = unpacked(workbook(([HEAD, problem(1)],)))
    sheet = "xl/worksheets/sheet1.xml"

    def code(**changed):
        found = read(packed({**parts, **changed})).file_doubts
        return next(doubt.code for doubt in found if doubt.grave)

    entity = b'<!DOCTYPE a [<!ENTITY b "c">]>' + parts[sheet]
    assert code(**{sheet: entity}) == "hostile"
    assert code(**{sheet: parts[sheet].decode().encode("utf-16")}) == "hostile"
    assert code(**{"xl/theme/theme1.xml": b"<!DOCTYPE a><a/>"}) == "hostile"
    far = (
        parts[sheet]
        .replace(b'r="G2"', b'r="XFD1048576"')
        .replace(b"</sheetData>", b'<row r="9"><c r="XFD104857"><v>1</v></c></row></sheetData>')
    )
    assert code(**{sheet: far}) == "too_many_cells"
    monkeypatch.setattr("bihuan.exchange.workbook.guard.MOST_UNPACKED", 2**20)
    assert code(**{sheet: b"<a>" + b" " * 2**21}) == "bomb"


def test_one_long_text_named_by_many_cells_is_refused():
    text = "长" * 11_000
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 20_000))
    parts = unpacked(workbook(([HEAD],)))
    parts["xl/sharedStrings.xml"] = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<si><t>{text}</t></si></sst>"
    ).encode()
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    parts["xl/worksheets/sheet1.xml"] = re.sub(
        r"<sheetData>.*</sheetData>", f"<sheetData>{cells}</sheetData>", sheet
    ).encode()
    assert "bomb" in {doubt.code for doubt in read(packed(parts)).doubts}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 8000), st.integers(0, 255), st.booleans())
def test_a_broken_file_is_told_and_never_stops_the_reading(at, byte, cut):
    content = bytearray(workbook(([HEAD, problem(1)],)))
    at %= len(content)
    if cut:
        del content[at:]
    else:
        content[at] = byte
    ledger = read(bytes(content))
    assert ledger.rows or any(doubt.grave for doubt in ledger.doubts)


def test_every_reason_and_every_code_has_its_sentence():
    folder = Path(bihuan.exchange.workbook.__file__).parent
    source = "\n".join(
        (folder / f"{name}.py").read_text(encoding="utf-8")
        for name in ("grid", "guard", "problem", "table", "template", "reading")
    )
    used = set(re.findall(r'(?:Doubt|_doubt|Refusal|_twice)\(\s*"(\w+)"', source))
    assert len(used) > 40
    assert used <= SENTENCES.keys()
    assert {f"date_{reason}" for reason in REASONS} <= SENTENCES.keys()
    assert FIELDS.keys() == SYNONYMS.keys()
    assert {name: FIELDS[name] for name in HEADINGS} == HEADINGS
    assert set(re.findall(r'\("(\w+)", ', inspect.getsource(template._lost))) == LOST.keys()


words = st.sampled_from(
    [word for several in SYNONYMS.values() for word in several[:2]]
    + [
        "合计",
        "注：",
        "同上",
        "一、某方面",
        "党政办",
        "牵头：党政办；配合：财政局等",
        "1月底",
        "长期坚持",
    ]
    + [
        "填报单位：示例单位 填报时间：2022年1月10日",
        "1.甲；2.乙",
        "已销号",
        "2月30日",
        "=1+1",
        "",
        " ",
    ]
)
contents = st.one_of(words, st.none(), st.integers(-5, 60_000), st.dates(), st.booleans())
areas = st.tuples(st.integers(1, 4), st.integers(1, 5), st.integers(0, 3), st.integers(0, 3))


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.lists(contents, min_size=1, max_size=6), min_size=1, max_size=8),
    st.lists(areas, max_size=3),
)
def test_any_sheet_is_read_and_every_text_of_it_is_kept(rows, merges):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    taken = set()
    for column, row, right, down in merges:
        cells = {(column + x, row + y) for x in range(right + 1) for y in range(down + 1)}
        if len(cells) > 1 and not cells & taken:
            taken |= cells
            book.active.merge_cells(
                start_row=row, start_column=column, end_row=row + down, end_column=column + right
            )
    kept = {
        cell.coordinate: cell.value
        for line in book.active.iter_rows()
        for cell in line
        if str(cell.value or "").strip() and cell.data_type != "f"
    }
    ledger = read(saved(book))
    found = {cell.at for row in ledger.rows for cell in row.cells}
    found |= {cell.at for line in ledger.outside for cell in line.cells}
    assert kept.keys() <= found


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content):
    ledger = read(content)
    assert ledger.rows or any(doubt.grave for doubt in ledger.doubts)

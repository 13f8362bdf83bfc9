"""An office's own table is understood as it was meant; what cannot be is told cell by cell."""

from datetime import date

import pytest

from bihuan.engines.faults import Unfit
from bihuan.engines.schedule.path import dates
from bihuan.exchange.schedules import Refusal, read
from bihuan.exchange.schedules.counting import counted

from .given import HEADINGS, PLAN, workbook


def at(doubts):
    return [(doubt.code, doubt.cell) for doubt in doubts]


def test_a_table_as_an_office_keeps_it():
    plan = read(workbook(PLAN), "前期.xlsx")
    assert [task.name for task in plan.leaves] == ["立项备案", "方案设计", "施工图审查", "开工"]
    assert [task.minutes for task in plan.leaves] == [2400, 9600, 6720, 0]
    assert [(r.before, r.after, r.kind, r.lag) for r in plan.relations] == [
        ("1", "2", "FS", 0),
        ("2", "3", "FS", 3 * 480),
        ("1", "3", "SS", 0),
        ("3", "4", "FS", 0),
    ]
    assert [task.owner for task in plan.leaves][:2] == ["经济发展局", "设计单位"]
    assert plan.leaves[3].milestone
    assert plan.doubts == ()


def test_its_critical_path_ends_with_the_opening():
    one = counted(read(workbook(PLAN), "前期.xlsx"))
    found = dates(one.network)
    assert found.path() == ("1", "2", "3", "4")


def test_everything_that_cannot_be_read_is_told_with_its_cell():
    rows = [
        HEADINGS,
        (1, "甲", "x", "", "2026-13-01", "", ""),
        (2, "乙", 3, "9", "2026-01-10", "2026-01-05", ""),
        (3, "丙", "-2天", "1FS+月", "", "", ""),
    ]
    plan = read(workbook(rows), "计划.xlsx")
    grave = [doubt for doubt in plan.doubts if doubt.grave]
    assert sorted(at(grave)) == [
        ("schedule_backwards", "F3"),
        ("schedule_not_date", "E2"),
        ("schedule_not_length", "C2"),
        ("schedule_not_length", "C4"),
        ("schedule_not_link", "D3"),
        ("schedule_not_link", "D4"),
    ]
    assert ("schedule_working_days", "") in at(plan.doubts)  # told, and nothing to decide
    assert len(plan.leaves) == 3  # nothing is lost


@pytest.mark.parametrize(
    ("written", "kind", "days"),
    [
        ("1", "FS", 0),
        ("甲", "FS", 0),
        ("1ss", "SS", 0),
        ("1FF-2天", "FF", -2),
        ("1完成-开始+1 个工作日", "FS", 1),
        ("1FS+3d".translate({ord(c): ord(c) + 0xFEE0 for c in "1FS+3"}), "FS", 3),  # full width
        ("1SF+1周", "SF", 7),
    ],
)
def test_predecessors_in_many_writings(written, kind, days):
    rows = [HEADINGS, (1, "甲", 1, "", "2026-01-05"), (2, "乙", 1, written)]
    (found,) = read(workbook(rows)).relations
    assert (found.before, found.after, found.kind, found.lag) == ("1", "2", kind, days * 480)


def test_dates_tell_whether_days_are_working_or_natural():
    def finish(ends):
        rows = [
            HEADINGS,
            (1, "甲", 10, "", "2026-01-05", ends),
            (2, "乙", 3, "1"),
        ]
        one = counted(read(workbook(rows)))
        return one.axis.finish_day(dates(one.network).finish)

    assert finish("2026-01-16") == date(2026, 1, 21)  # ten working days, then three
    assert finish("2026-01-14") == date(2026, 1, 17)  # ten natural days, then three


def test_rows_without_anything_are_headings_of_what_follows():
    rows = [
        HEADINGS,
        ("一", "前期手续"),
        (1, "立项", 5, "", "2026-01-05"),
        ("二", "建设"),
        (2, "开工", 0, "1"),
        ("", "合计", 5),
    ]
    plan = read(workbook(rows))
    assert [task.name for task in plan.leaves] == ["立项", "开工"]
    assert [task.parent for task in plan.leaves] == ["一", "二"]


def test_links_of_a_summary_row_hold_for_all_below_it():
    rows = [
        HEADINGS,
        ("1", "前期", "", "", "", ""),
        ("1.1", "立项", 5, "", "2026-01-05"),
        ("1.2", "设计", 8, "", "2026-01-05"),
        ("2", "开工", 0, "1"),
    ]
    one = counted(read(workbook(rows)))
    found = dates(one.network)
    assert found.path() == ("1.2", "2")


def test_a_circle_is_named():
    rows = [HEADINGS, (1, "甲", 2, "2", "2026-01-05"), (2, "乙", 2, "1")]
    with pytest.raises(Unfit, match="1 → 2 → 1"):
        counted(read(workbook(rows)))


def test_an_empty_sheet_and_one_without_headings_say_so():
    assert at(read(workbook([])).doubts) == [("schedule_empty_sheet", "")]
    assert at(read(workbook([("甲", "乙"), (1, 2)])).doubts) == [("schedule_no_heading", "")]
    assert at(read(workbook([HEADINGS])).doubts) == [("schedule_no_tasks", "")]


def test_the_same_table_as_text():
    text = "序号,名称,工期,前置任务,开始\n1,立项,5天,,2026-01-05\n2,开工,0,1,\n"
    plan = read(text.encode("gb18030"), "计划.csv")
    assert [(task.name, task.minutes) for task in plan.leaves] == [("立项", 2400), ("开工", 0)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "schedule_empty_file"),
        (b"%PDF-1.7 \x00", "schedule_pdf"),
        (b"\x89PNG\r\n", "schedule_picture"),
        (b"<html><body>x", "schedule_web_page"),
        (b"PK\x03\x04", "schedule_damaged"),
        (b"\x00\x01\x02" * 99, "schedule_not_workbook"),
        ("今天天气很好。".encode(), "schedule_not_schedule"),
    ],
)
def test_what_is_no_schedule_is_refused_with_what_it_is(content, code):
    with pytest.raises(Refusal) as refusal:
        read(content, "计划.mpp")
    assert refusal.value.doubt.code == code

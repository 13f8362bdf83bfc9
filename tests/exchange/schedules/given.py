"""Schedules as offices keep them, written by the tests: invented, 示例数据."""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from openpyxl import Workbook

HEADINGS = ("序号", "工作内容", "工期(天)", "前置任务", "开始时间", "完成时间", "责任单位")
PLAN: tuple[tuple[Any, ...], ...] = (
    ("示例数据：某项目前期工作计划",),
    (),
    HEADINGS,
    (1, "立项备案", 5, "", "2026-01-05", "2026-01-09", "经济发展局"),
    (2, "方案设计", "20个工作日", "1FS", "", "", "设计单位"),
    (3, "施工图审查", "2周", "2FS+3天,1SS", "", "", "住建局"),
    (4, "开工", 0, "3", "", "", "建设单位"),
)


def workbook(rows: Sequence[Sequence[Any]], title: str = "计划") -> bytes:
    """One sheet of these rows."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def tracked() -> bytes:
    """A small project in the sheets of ProTrack: two activities under a summary, one period."""
    at = datetime.fromisoformat
    book = Workbook()
    base = book.active
    assert base is not None
    base.title = "Baseline Schedule"
    base.append(["General"])
    base.append(
        [
            *("ID", "Name", "WBS", "Predecessors", "Successors", "Baseline Start", "Baseline End"),
            *("Duration", "Resource Demand", "Resource Cost", "Fixed Cost", "Cost/Hour"),
            *("Variable Cost", "Total Cost"),
        ]
    )
    first, half, last = at("2026-01-05 08:00"), at("2026-01-16 17:00"), at("2026-01-30 17:00")
    base.append([0, "示例数据", "1", "", "", first, last, "20d", "", "", 100, "", 900, 1000])
    base.append([1, "基础", "1.1", "", "FS2", first, half, "10d", "", 0, 100, 5, 400, 500])
    second = at("2026-01-19 08:00")
    base.append([2, "主体", "1.2", "1FS-1w 5d", "", second, last, "10d", "", 0, 0, 6.25, 500, 500])
    risk = book.create_sheet("Risk Analysis")
    risk.append(["General"])
    risk.append(
        ["ID", "Name", "Duration", "Optimistic (%)", "Most probable (%)", "Pessimistic (%)"]
    )
    risk.append([1, "基础", "80h", 80, 100, 150])
    period = book.create_sheet("Project Control - TP1")
    period.append(["", "TP Status Date", at("2026-01-16 17:00"), "", "TP Name", "一月中"])
    period.append([])
    period.append(["General"])
    period.append(
        ["ID", "Name", "Actual Start", "Actual Duration", "Actual Cost", "Percentage Completed"]
    )
    period.append([1, "基础", first, "10d", 450, 0.75])
    period.append([2, "主体", "", "0", 0, 0])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()

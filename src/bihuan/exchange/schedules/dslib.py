"""Workbooks of ProTrack and of the Dynamic Scheduling Library: baseline, risk, tracking.

Batselier & Vanhoucke 2015 describe the sheets. Rows of the work breakdown carry sums of what stands
below them; a row is a leaf when no outline number continues its own.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from bihuan.exchange.schedules.plan import (
    Assignment,
    Hours,
    Plan,
    Progress,
    Relation,
    Reported,
    Resource,
    Risk,
    Task,
    Week,
)
from bihuan.exchange.workbook.doubt import Doubt
from bihuan.exchange.workbook.grid import Sheet, Value, address

_LINK = re.compile(r"(\d+)(FS|SS|FF|SF)(?:([+-])(.+))?")
_LENGTH = re.compile(r"(\d+)\s*([wdh])")
_PERIOD = re.compile(r"(?:Project Control - )?TP\d+")
_NEEDED = ("ID", "Name", "WBS", "Predecessors", "Baseline Start", "Baseline End", "Duration")
_WEEK_DAYS = 5  # 1w of a lag is five working days, whatever the agenda
_SAID = {
    "pv": "Planned Value (PV)",
    "ev": "Earned Value (EV)",
    "ac": "Actual Cost (AC)",
    "es": "Earned Schedule (ES)",
    "spi": "Schedule Performance Index (SPI)",
    "cpi": "Cost Performance Index (CPI)",
    "spi_t": "Schedule Performance Index (SPI(t))",
}


def fits(sheets: Sequence[Sheet]) -> bool:
    """Is this a workbook of that kind?"""
    return any(sheet.name == "Baseline Schedule" for sheet in sheets)


def read(sheets: Sequence[Sheet]) -> Plan:
    """The project of the workbook; what could not be read is a doubt at its cell."""
    named = {sheet.name: sheet for sheet in sheets}
    page = _Page(named["Baseline Schedule"])
    if lacking := [name for name in _NEEDED if name not in page.columns]:
        told = Doubt("schedule_no_columns", {"found": "、".join(lacking)}, page.name, grave=True)
        return Plan("dslib", "", None, None, (), doubts=(told,))
    week = _week(named.get("Agenda"))
    doubts: list[Doubt] = []
    tasks = tuple(_tasks(page, week, doubts))
    relations = tuple(_relations(page, week, doubts))
    resources, assignments = _resources(named.get("Resources"), tasks)
    root = next((task for task in tasks if task.summary), None)
    leaves = {task.code for task in tasks if not task.summary}
    starts = [task.start for task in tasks if task.start]
    ends = [task.finish for task in tasks if task.finish]
    return Plan(
        "dslib",
        root.name if root else "",
        min(starts, default=None),
        max(ends, default=None),
        tasks,
        relations,
        resources,
        assignments,
        (week,),
        _risks(named.get("Risk Analysis"), leaves),
        tuple(_periods(sheets, leaves, week.minutes)),
        tuple(doubts),
    )


class _Page:
    """A sheet whose headings stand in the row that opens with ID and Name."""

    def __init__(self, sheet: Sheet) -> None:
        self.name, rows = sheet.name, sheet.rows
        at = next((n for n, row in enumerate(rows[:10]) if list(row[:2]) == ["ID", "Name"]), 0)
        self.top = at
        self.columns: dict[str, int] = {}
        for place, heading in enumerate(rows[at] if rows else ()):
            self.columns.setdefault(str(heading), place)
        self.rows = [
            (at + 1 + n, row) for n, row in enumerate(rows[at + 1 :]) if row and row[0] != ""
        ]

    def value(self, row: Sequence[Value], heading: str) -> Value:
        at = self.columns.get(heading)
        return "" if at is None else row[at]

    def number(self, row: Sequence[Value], heading: str) -> float:
        value = self.value(row, heading)
        return float(value) if isinstance(value, int | float) else 0.0

    def cell(self, at: int, heading: str) -> str:
        return address(at, self.columns[heading])


def _code(value: Value) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _moment(value: Value) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - local time
    return None


def length(text: str, day: int) -> int | None:
    """Minutes of "97d 2h", "1w 3d" or "0", with so many minutes in a day; None if unreadable."""
    rest = _LENGTH.sub("", text).strip()
    if rest not in ("", "0"):
        return None
    unit = {"w": _WEEK_DAYS * day, "d": day, "h": 60}
    return sum(int(number) * unit[mark] for number, mark in _LENGTH.findall(text))


def _tasks(page: _Page, week: Week, doubts: list[Doubt]) -> Iterator[Task]:
    outlines = {str(page.value(row, "WBS")) for _at, row in page.rows}
    above = {outline.rpartition(".")[0] for outline in outlines}
    by_outline = {str(page.value(row, "WBS")): _code(row[0]) for _at, row in page.rows}
    for at, row in page.rows:
        outline = str(page.value(row, "WBS"))
        minutes = length(str(page.value(row, "Duration")), week.minutes)
        if minutes is None:
            found = str(page.value(row, "Duration"))
            cell = page.cell(at, "Duration")
            doubts.append(Doubt("schedule_not_length", {"found": found}, page.name, cell, at + 1))
        fixed, total = page.number(row, "Fixed Cost"), page.number(row, "Total Cost")
        yield Task(
            _code(row[0]),
            str(row[1]).strip(),
            outline,
            outline.count("."),
            by_outline.get(outline.rpartition(".")[0], ""),
            outline in above,
            minutes == 0,
            _moment(page.value(row, "Baseline Start")),
            _moment(page.value(row, "Baseline End")),
            minutes=minutes,
            calendar=week.code,
            fixed_cost=fixed,
            cost=total,
        )


def _relations(page: _Page, week: Week, doubts: list[Doubt]) -> Iterator[Relation]:
    for at, row in page.rows:
        for text in filter(None, map(str.strip, str(page.value(row, "Predecessors")).split(";"))):
            found = _LINK.fullmatch(text)
            lag = length(found[4], week.minutes) if found and found[4] else 0
            if found is None or lag is None:
                cell = page.cell(at, "Predecessors")
                doubts.append(
                    Doubt("schedule_not_link", {"found": text}, page.name, cell, at + 1, grave=True)
                )
                continue
            yield Relation(found[1], _code(row[0]), found[2], -lag if found[3] == "-" else lag)


def _resources(
    sheet: Sheet | None, tasks: Sequence[Task]
) -> tuple[tuple[Resource, ...], tuple[Assignment, ...]]:
    if sheet is None:
        return (), ()
    page = _Page(sheet)
    known = {task.code for task in tasks}
    resources, assignments = [], []
    for _at, row in page.rows:
        code = _code(row[0])
        resources.append(
            Resource(code, str(row[1]).strip(), str(page.value(row, "Type")).casefold())
        )
        for piece in str(page.value(row, "Assigned To")).split(";"):
            found = re.fullmatch(r"(\d+)(?:\[([\d.]+) .*)?", piece.strip())
            if found and found[1] in known:
                assignments.append(Assignment(found[1], code, float(found[2] or 1)))
    return tuple(resources), tuple(assignments)


def _week(sheet: Sheet | None) -> Week:
    rows: Sequence[Sequence[Value]] = sheet.rows if sheet else ()
    hours: list[tuple[int, int]] = []
    for row in rows[1:]:
        found = re.fullmatch(r"(\d+):00 - (\d+):00", str(row[0]).strip()) if row else None
        if found and row[1] == "Yes":
            start = int(found[1]) * 60
            if hours and hours[-1][1] == start:
                hours[-1] = (hours[-1][0], start + 60)
            else:
                hours.append((start, start + 60))
    worked: Hours = tuple(hours) or ((480, 720), (780, 1020))
    days = [row[4] == "Yes" for row in rows[1:8]] if len(rows) >= 8 else [True] * 5 + [False] * 2
    off = {
        moment.date(): ()
        for row in rows[1:]
        if len(row) > 6 and (moment := _moment(row[6])) is not None
    }
    return Week("agenda", "Agenda", tuple(worked if day else () for day in days), off)


def _risks(sheet: Sheet | None, leaves: set[str]) -> Mapping[str, Risk]:
    """The three points, as multiples of the planned duration: percentages beside, or lengths."""
    if sheet is None:
        return {}
    page, found = _Page(sheet), {}
    for _at, row in page.rows:
        points = [
            page.number(row, name)
            for name in ("Optimistic (%)", "Most probable (%)", "Pessimistic (%)")
        ]
        if _code(row[0]) in leaves and 0 < points[0] <= points[1] <= points[2]:
            found[_code(row[0])] = Risk(*(point / 100 for point in points))
    return found


def _periods(sheets: Sequence[Sheet], leaves: set[str], day: int) -> Iterator[Reported]:
    overview = next((sheet for sheet in sheets if sheet.name == "Tracking Overview"), None)
    said = list(_said(overview)) if overview else []
    for sheet in sheets:
        on = _moment(sheet.rows[0][2]) if _PERIOD.fullmatch(sheet.name) else None
        if on is None:
            continue
        page = _Page(sheet)
        progress = {
            _code(row[0]): Progress(
                page.number(row, "Percentage Completed"),
                page.number(row, "Actual Cost"),
                _moment(page.value(row, "Actual Start")),
                length(str(page.value(row, "Actual Duration")), day),
            )
            for _at, row in page.rows
            if _code(row[0]) in leaves
        }
        own = next((one for when, one in said if when == on), {})
        yield Reported(str(sheet.rows[0][5]).strip() or sheet.name, on, progress, own)


def _said(sheet: Sheet) -> Iterator[tuple[datetime, Mapping[str, Any]]]:
    headings = sheet.rows[1] if len(sheet.rows) > 1 else []
    places: dict[str, int] = {}
    for at, heading in enumerate(headings):
        places.setdefault(str(heading), at)
    for row in sheet.rows[2:]:
        on = _moment(row[places["Status date"]]) if "Status date" in places else None
        if on is not None:
            yield on, {key: row[places[name]] for key, name in _SAID.items() if name in places}

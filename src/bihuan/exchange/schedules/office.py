"""An office's own table of a schedule (横道图台账): 名称, 工期, 前置任务, 开始, 完成.

The headings may stand anywhere near the top and be worded in many ways; a cell that cannot be read
is a doubt at its place, and the row is kept.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from bihuan.exchange.schedules.plan import Plan, Relation, Risk, Task, Week
from bihuan.exchange.span import folded
from bihuan.exchange.words.dates import dates, digits_only, plainly
from bihuan.exchange.workbook.doubt import Doubt
from bihuan.exchange.workbook.grid import Sheet, Value, address, shown
from bihuan.exchange.workbook.headings import Words

HEADINGS: Mapping[str, Sequence[str]] = {
    "code": ("序号", "编号", "任务编号", "工序编号", "代码", "标识号", "id", "no", "行号"),
    "outline": ("wbs", "大纲数字", "wbs编码", "大纲编号"),
    "name": (
        *(
            "名称",
            "任务名称",
            "工作名称",
            "活动名称",
            "工序名称",
            "工序",
            "工作内容",
            "任务",
            "事项",
        ),
        *(
            "工作事项",
            "节点名称",
            "节点",
            "分部分项工程",
            "项目内容",
            "施工内容",
            "name",
            "task name",
        ),
        *("活动", "工作任务", "里程碑", "task", "activity"),
    ),
    "duration": (
        *(
            "工期",
            "持续时间",
            "计划工期",
            "天数",
            "历时",
            "所需天数",
            "工作日",
            "工期天",
            "duration",
        ),
        *("最可能工期", "用时"),
    ),
    "before": (
        *("前置任务", "紧前工作", "紧前工序", "紧前", "前置", "前置工作", "前置工序", "前序任务"),
        *("紧前任务", "predecessors", "predecessor", "前导任务"),
    ),
    "start": (
        *("开始", "开始时间", "开始日期", "计划开始", "计划开始时间", "计划开始日期", "开工时间"),
        *("开工日期", "start", "start date", "启动时间", "计划开工时间"),
    ),
    "finish": (
        *(
            "完成",
            "完成时间",
            "完成日期",
            "结束",
            "结束时间",
            "结束日期",
            "计划完成",
            "计划完成时间",
        ),
        *("计划完成日期", "完工时间", "竣工时间", "finish", "end", "finish date", "end date"),
        *("完成时限", "计划完工时间", "计划结束时间"),
    ),
    "owner": (
        *(
            "责任单位",
            "牵头单位",
            "负责单位",
            "责任部门",
            "主管部门",
            "资源名称",
            "责任人",
            "负责人",
        ),
        *("owner", "施工单位", "承办单位"),
    ),
    "done": (
        "完成百分比",
        "完成比例",
        "完成率",
        "形象进度",
        "进度",
        "percent complete",
        "% complete",
    ),
    "low": ("乐观工期", "最短工期", "optimistic"),
    "high": ("悲观工期", "最长工期", "pessimistic"),
    "cost": ("费用", "造价", "投资", "成本", "预算", "合同价", "cost"),
}
_TOP_ROWS = 15
_DAY = 480
_LENGTH = re.compile(
    r"约?(-?\d+(?:\.\d+)?)(个)?(工作日|日历天|自然日|工日|天|日|周|星期|月|季度|年|小时|days?|wks?|weeks?"
    r"|mons?|months?|hrs?|hours?|d|w|h)?\??",
    re.IGNORECASE,
)
_UNITS = {
    **dict.fromkeys(("周", "星期", "w", "wk", "wks", "week", "weeks"), 7.0),
    **dict.fromkeys(("月", "mon", "mons", "month", "months"), 30.0),
    "季度": 91.0,
    "年": 365.0,
    **dict.fromkeys(("小时", "h", "hr", "hrs", "hour", "hours"), 1 / 8),
}
_KINDS = {"完成-开始": "FS", "开始-开始": "SS", "完成-完成": "FF", "开始-完成": "SF"}
_LINK = re.compile(r"(.+?)(FS|SS|FF|SF)?(?:([+-])(\d.*))?", re.IGNORECASE)
_WORK = Week("work", "", (*[((480, 720), (780, 1020))] * 5, (), ()))
_NATURAL = Week("natural", "", tuple([((480, 720), (780, 1020))] * 7))


@dataclass(frozen=True)
class _Table:
    sheet: Sheet
    top: int
    columns: Mapping[str, int]  # field → place

    def value(self, at: int, name: str) -> Value:
        place = self.columns.get(name)
        row = self.sheet.rows[at]
        return "" if place is None or place >= len(row) else row[place]

    def text(self, at: int, name: str) -> str:
        return shown(self.value(at, name)).strip()

    def doubt(self, code: str, at: int, name: str, *, grave: bool = False) -> Doubt:
        cell = address(at, self.columns[name])
        found = {"found": self.text(at, name)[:40]}
        return Doubt(code, found, self.sheet.name, cell, at + 1, grave)


@dataclass
class _Row:
    """One row as it was read: what is missing is worked out when all are known."""

    at: int
    code: str
    name: str
    outline: str
    days: float | None
    natural: bool | None
    start: date | None
    finish: date | None
    before: str
    filled: bool
    doubts: list[Doubt] = field(default_factory=list)


def fits(sheets: Sequence[Sheet]) -> bool:
    """Is there a sheet with a heading of tasks?"""
    return any(_table(sheet) for sheet in sheets if not sheet.hidden)


def read(sheets: Sequence[Sheet], title: str = "") -> Plan:
    """The first sheet that holds a schedule; a plan without tasks, with doubts, where none does."""
    table = next((found for sheet in sheets if (found := _table(sheet))), None)
    if table is None:
        filled = any(value != "" for sheet in sheets for row in sheet.rows for value in row)
        code = "schedule_no_heading" if filled else "schedule_empty_sheet"
        name = sheets[0].name if sheets else ""
        return Plan("office", title, None, None, (), doubts=(Doubt(code, {}, name, grave=True),))
    rows = list(_rows(table))
    doubts = [doubt for row in rows for doubt in row.doubts]
    week = _week(rows, doubts, table.sheet.name)
    tasks = _tasks(rows, table, week)
    known = {task.code: task.code for task in tasks}
    for task in tasks:
        known.setdefault(plainly(task.name), task.code)
    relations = tuple(_relations(rows, table, known, doubts))
    if not tasks:
        doubts.append(Doubt("schedule_no_tasks", {}, table.sheet.name, grave=True))
    starts = [task.start for task in tasks if task.start]
    ends = [task.finish for task in tasks if not task.summary]
    return Plan(
        "office",
        title or table.sheet.name,
        min(starts, default=None),
        # Where some have no date, nobody knows when the last of them ends.
        max((end for end in ends if end), default=None) if all(ends) else None,
        tasks,
        relations,
        calendars=(week,),
        risks=_risks(rows, table),
        doubts=tuple(doubts),
    )


def _table(sheet: Sheet) -> _Table | None:
    words, best = Words(HEADINGS), None
    for at, row in enumerate(sheet.rows[:_TOP_ROWS]):
        columns: dict[str, tuple[int, int]] = {}
        for place, value in enumerate(row):
            name, fit = words.field(shown(value)) if isinstance(value, str) and value else ("", 0)
            if name in HEADINGS and fit > columns.get(name, (0, 0))[1]:
                columns[name] = (place, fit)
        enough = "name" in columns and columns.keys() & {"duration", "start", "finish"}
        if enough and (best is None or len(columns) > len(best.columns)):
            best = _Table(sheet, at, {name: place for name, (place, _fit) in columns.items()})
    return best


def _rows(table: _Table) -> Iterator[_Row]:
    for at in range(table.top + 1, len(table.sheet.rows)):
        name = table.text(at, "name")
        if not name or name.startswith(("合计", "总计", "注：", "备注", "说明：")):
            continue
        row = _Row(
            at,
            table.text(at, "code"),
            name,
            table.text(at, "outline"),
            None,
            None,
            None,
            None,
            table.text(at, "before"),
            any(table.text(at, one) for one in ("duration", "start", "finish", "before")),
        )
        row.start = _day(table, at, "start", row.doubts)
        row.finish = _day(table, at, "finish", row.doubts)
        row.days, row.natural = _length(table, at, "duration", row.doubts)
        if row.start and row.finish and row.finish < row.start:
            row.doubts.append(table.doubt("schedule_backwards", at, "finish", grave=True))
            row.finish = None
        yield row


def _day(table: _Table, at: int, name: str, doubts: list[Doubt]) -> date | None:
    value = table.value(at, name)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = shown(value).strip()
    if not text or text in ("-", "/", "—", "无"):
        return None
    reading = digits_only(plainly(text), "1900")
    if reading is None:
        found = dates(plainly(text), None, None)
        reading = found[-1 if name == "finish" else 0].reading if found else None
    if reading is None or reading.day is None:
        doubts.append(table.doubt("schedule_not_date", at, name, grave=True))
        return None
    return reading.day


def _length(
    table: _Table, at: int, name: str, doubts: list[Doubt]
) -> tuple[float | None, bool | None]:
    """Days, and whether the unit says that they are natural days; None where it does not say."""
    value = table.value(at, name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        if value >= 0:
            return float(value), None
        doubts.append(table.doubt("schedule_not_length", at, name, grave=True))
        return None, None
    text = "".join(folded(shown(value)).split())
    if not text or text in ("-", "/", "—", "无"):
        return None, None
    found = _LENGTH.fullmatch(text)
    if found is None or float(found[1]) < 0:
        doubts.append(table.doubt("schedule_not_length", at, name, grave=True))
        return None, None
    unit = (found[3] or "").casefold()
    natural = {"工作日": False, "工日": False, "日历天": True, "自然日": True}.get(unit)
    if unit in ("月", "季度", "年", "mon", "mons", "month", "months"):
        natural = True
    days = float(found[1]) * _UNITS.get(unit, 1.0)
    if unit in ("周", "星期", "w", "wk", "wks", "week", "weeks") and natural is None:
        natural = True
    return days, natural


def _week(rows: Sequence[_Row], doubts: list[Doubt], sheet: str) -> Week:
    """Working days or natural days: as the units say, else as the dates count, else working."""
    said = [row.natural for row in rows if row.natural is not None]
    if said:
        return _NATURAL if sum(said) * 2 > len(said) else _WORK
    counted = [
        (row.days, (row.finish - row.start).days + 1, _working(row.start, row.finish))
        for row in rows
        if row.days and row.start and row.finish
    ]
    natural = sum(days == all_ != work for days, all_, work in counted)
    working = sum(days == work != all_ for days, all_, work in counted)
    if natural or working:
        return _NATURAL if natural > working else _WORK
    if any(row.days for row in rows):
        doubts.append(Doubt("schedule_working_days", {}, sheet))
        return _WORK
    return _NATURAL


def _working(start: date, finish: date) -> int:
    span = (finish - start).days + 1
    return sum((start + timedelta(days=n)).weekday() < 5 for n in range(min(span, 36_600)))


def _tasks(rows: Sequence[_Row], table: _Table, week: Week) -> tuple[Task, ...]:
    seen: set[str] = set()
    codes = []
    for number, row in enumerate(rows, start=1):
        code = row.code if row.code and row.code not in seen else f"行{row.at + 1}"
        seen.add(code)
        row.code = row.code or str(number)
        codes.append(code)
    outlines = [row.outline or (row.code if "." in row.code else "") for row in rows]
    dotted = {outline or code: code for outline, code in zip(outlines, codes, strict=True)}
    above = {dotted.get(outline.rpartition(".")[0], "") for outline in outlines if outline}
    tasks = []
    heading = ""
    for row, code, outline in zip(rows, codes, outlines, strict=True):
        bare = not row.filled
        summary = code in above or bare
        parent = dotted.get(outline.rpartition(".")[0], "") if outline else ""
        if bare and not outline:
            # A heading whose rows are numbered 1.1, 1.2 ends with them; others run to the next.
            heading, parent = "" if code in above else code, ""
        elif not parent and not outline:
            parent = heading
        done = table.value(row.at, "done")
        cost = table.value(row.at, "cost")
        minutes = None if row.days is None else round(row.days * _DAY)
        start = datetime.combine(row.start, time(8)) if row.start else None
        finish = datetime.combine(row.finish, time(17)) if row.finish else None
        tasks.append(
            Task(
                code,
                row.name,
                outline,
                outline.count(".") if outline else int(bool(parent)),
                parent,
                summary,
                minutes == 0,
                start,
                finish,
                minutes=minutes,
                done=_share(done),
                calendar=week.code,
                constraint="start_from" if start and not row.before else "",
                constraint_on=start if not row.before else None,
                cost=float(cost) if isinstance(cost, int | float) else 0.0,
                owner=table.text(row.at, "owner"),
            )
        )
    return tuple(tasks)


def _share(value: Value) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        share = float(value)
    elif found := re.fullmatch(r"(\d+(?:\.\d+)?)\s*[%％]", shown(value).strip()):
        share = float(found[1]) / 100
    else:
        return None
    share = share / 100 if share > 1 else share
    return share if 0 <= share <= 1 else None


def _relations(
    rows: Sequence[_Row], table: _Table, known: Mapping[str, str], doubts: list[Doubt]
) -> Iterator[Relation]:
    numbered = {row.code: code for row, code in zip(rows, _first(known, rows), strict=True)}
    for row, after in zip(rows, _first(known, rows), strict=True):
        for text in filter(None, map(str.strip, re.split(r"[,，;；、\n]", folded(row.before)))):
            if text in ("-", "/", "无", "—"):
                continue
            relation = _relation(text, after, known, numbered)
            if relation is None:
                told = table.doubt("schedule_not_link", row.at, "before", grave=True)
                doubts.append(replace(told, params={"found": text[:40]}))
            else:
                yield relation


def _first(known: Mapping[str, str], rows: Sequence[_Row]) -> list[str]:
    """The code that each row was given: its own, or the number of the row where that was taken."""
    seen: set[str] = set()
    out = []
    for row in rows:
        code = row.code if row.code in known and row.code not in seen else f"行{row.at + 1}"
        seen.add(code)
        out.append(code)
    return out


def _relation(
    text: str, after: str, known: Mapping[str, str], numbered: Mapping[str, str]
) -> Relation | None:
    plain = "".join(text.split())
    for words, kind in _KINDS.items():
        plain = plain.replace(f"({words})", kind).replace(words, kind)
    found = known.get(plain) or numbered.get(plain) or known.get(plainly(plain))
    if found:
        return Relation(found, after)
    match = _LINK.fullmatch(plain)
    if match is None:
        return None
    before = known.get(match[1]) or numbered.get(match[1]) or known.get(plainly(match[1]))
    length = _LENGTH.fullmatch(match[4]) if match[4] else None
    if before is None or (match[4] and length is None):
        return None
    days = float(length[1]) * _UNITS.get((length[3] or "").casefold(), 1.0) if length else 0.0
    lag = round(days * _DAY) * (-1 if match[3] == "-" else 1)
    return Relation(before, after, (match[2] or "FS").upper(), lag)


def _risks(rows: Sequence[_Row], table: _Table) -> Mapping[str, Risk]:
    """乐观、悲观工期, as multiples of the planned duration."""
    found = {}
    for row in rows:
        if not row.days or "low" not in table.columns or "high" not in table.columns:
            continue
        ends = [_length(table, row.at, name, row.doubts)[0] for name in ("low", "high")]
        low, high = ends
        if low is not None and high is not None and 0 < low <= row.days <= high:
            found[row.code] = Risk(low / row.days, 1.0, high / row.days)
    return found

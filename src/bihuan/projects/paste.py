"""Reads a schedule as a plain table: pasted from a spreadsheet, or the first sheet of a workbook.

The first row names the columns, in any order: 编号、任务、开始、完成、完成%、前置（3、3SS、
3FS+2天）、责任单位、基线开始、基线完成.
All faults come at once, each with its row. Plain Python, no Django.
"""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any

from bihuan.base.text import plain, zh
from bihuan.exchange.sheet import Line, Sheet
from bihuan.projects.rules.comparing import LINKS, Follows, Task

MOST_TASKS = 5000
_HEADS: Mapping[str, tuple[str, ...]] = {
    "key": ("编号", "序号", "代码", "id", "uid", "code", "wbs"),
    "name": ("任务", "任务名称", "名称", "工作", "name", "task", "task name"),
    "start": ("开始", "开始日期", "开工", "start"),
    "finish": ("完成", "完成日期", "结束", "竣工", "finish", "end"),
    "percent": (
        "完成%",
        "完成百分比",
        "进度",
        "进度%",
        "% complete",
        "percent",
        "percent complete",
    ),
    "after": ("前置", "前置任务", "紧前", "predecessors", "after"),
    "owner": (
        "责任单位",
        "责任人",
        "班组",
        "施工单位",
        "负责单位",
        "资源名称",
        "owner",
        "resource names",
    ),
    "base_start": ("基线开始", "比较基准开始", "baseline start"),
    "base_finish": ("基线完成", "比较基准完成", "baseline finish"),
}
_NAMES = {plain(word): field for field, words in _HEADS.items() for word in words}
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s].*)?", re.A)
_LINK = re.compile(rf"(.+?)({'|'.join(LINKS)})(?:([+-])(\d{{1,4}})(天|日|days?|d)?)?", re.A | re.I)
_KINDS = {"完成-开始": "FS", "开始-开始": "SS", "完成-完成": "FF", "开始-完成": "SF"}
_SPACE = re.compile(r"\s*([+-])\s*(\d+)\s*(天|日|days?\b|d\b)", re.A | re.I)
_PERCENT = re.compile(r"(\d{1,3})(?:\.\d+)?\s*[%％]?", re.A)

SENTENCES = {
    "empty": zh(
        "没有读到任务。第一行应是列名：编号、任务、开始、完成，可加完成百分比、前置、责任单位、基线开始、基线完成。"
    ),
    "column": zh("缺少“%(column)s”一列。第一行应是列名。"),
    "too_many": zh("任务超过 %(most)d 项。请只交到分部分项一级。"),
    "no_key": zh("第 %(row)d 行：没有编号。"),
    "no_name": zh("第 %(row)d 行：没有任务名称。"),
    "date": zh("第 %(row)d 行“%(column)s”：“%(found)s”不是日期。请写成 2026-03-01。"),
    "order": zh("第 %(row)d 行：完成早于开始。"),
    "percent": zh("第 %(row)d 行：“%(found)s”不是 0 到 100 的百分数。"),
    "twice": zh("第 %(row)d 行：编号“%(found)s”前面已有。"),
    "unknown": zh("第 %(row)d 行：前置“%(found)s”不在表里。搭接写成 3SS、3FS+2天，时距按自然日。"),
    "cycle": zh("前置成了圈：%(found)s。请去掉其中一条。"),
}
_LABELS = {
    "key": zh("编号"),
    "name": zh("任务"),
    "start": zh("开始"),
    "finish": zh("完成"),
    "base_start": zh("基线开始"),
    "base_finish": zh("基线完成"),
}


@dataclass(frozen=True)
class Fault:
    """One fault: a key of `SENTENCES` and what goes into it."""

    code: str
    params: Mapping[str, Any]

    @property
    def sentence(self) -> str:
        return SENTENCES[self.code]


@dataclass(frozen=True)
class Read:
    """The tasks that were read, or every reason why they could not be."""

    tasks: tuple[Task, ...]
    faults: tuple[Fault, ...]


def read(sheet: Sheet) -> Read:
    """The tasks of a table."""
    if len(sheet.lines) < 2:
        return Read((), (Fault("empty", {}),))
    heads = _columns(sheet.lines[0])
    missing = [f for f in ("key", "name", "start", "finish") if f not in heads]
    if missing:
        return Read((), tuple(Fault("column", {"column": _LABELS[f]}) for f in missing))
    if len(sheet.lines) - 1 > MOST_TASKS:
        return Read((), (Fault("too_many", {"most": MOST_TASKS}),))
    faults: list[Fault] = []
    keys = {line.cells[heads["key"]].strip() for line in sheet.lines[1:]}
    tasks: dict[str, tuple[int, Task]] = {}
    for line in sheet.lines[1:]:
        task = _task(line, heads, keys, faults)
        if task is None:
            continue
        if task.key in tasks:
            faults.append(Fault("twice", {"row": line.number, "found": task.key}))
        else:
            tasks[task.key] = (line.number, task)
    faults += links_faults(list(tasks.values()))
    if faults:
        return Read((), tuple(faults))
    return Read(tuple(task for _row, task in tasks.values()), ())


def links_faults(tasks: Sequence[tuple[int, Task]]) -> Iterator[Fault]:
    """Predecessors that are not there, and circles among those that are."""
    numbers = {task.key: n for n, (_row, task) in enumerate(tasks)}
    for row, task in tasks:
        for link in task.after:
            if link.key not in numbers:
                yield Fault("unknown", {"row": row, "found": link.key})
    links = {
        numbers[task.key]: [numbers[one.key] for one in task.after if one.key in numbers]
        for _row, task in tasks
    }
    if circle := _cycle(links):
        path = " → ".join(tasks[n][1].name for n in (*circle, circle[0]))
        yield Fault("cycle", {"found": path})


def _cycle(links: dict[int, list[int]]) -> tuple[int, ...]:
    """A circle, also in a chain too long for recursion: what is free is taken off first."""
    left = {key: set(before) for key, before in links.items()}
    users: dict[int, list[int]] = {}
    for key, before in left.items():
        for one in before:
            users.setdefault(one, []).append(key)
    free = [key for key, before in left.items() if not before]
    while free:
        done = free.pop()
        for key in users.get(done, ()):
            left[key].discard(done)
            if not left[key]:
                free.append(key)
    stuck = {key: before for key, before in left.items() if before}
    if not stuck:
        return ()
    # Follow predecessors until one comes again: that is a circle.
    path, key = [], next(iter(stuck))
    while key not in path:
        path.append(key)
        key = next(iter(stuck[key] & stuck.keys()))
    return tuple(path[path.index(key) :])


def _columns(head: Line) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, cell in enumerate(head.cells):
        field = _NAMES.get(plain(cell))
        if field is not None:
            found.setdefault(field, at)
    return found


def _task(line: Line, heads: Mapping[str, int], keys: Set[str], faults: list[Fault]) -> Task | None:
    def cell(field: str) -> str:
        at = heads.get(field)
        return line.cells[at].strip() if at is not None and at < len(line.cells) else ""

    before = len(faults)
    for field, code in (("key", "no_key"), ("name", "no_name")):
        if not cell(field):
            faults.append(Fault(code, {"row": line.number}))
    days = {
        field: _date(cell(field), field, line.number, faults, needed="base" not in field)
        for field in ("start", "finish", "base_start", "base_finish")
    }
    start, finish = days["start"], days["finish"]
    if start is not None and finish is not None and finish < start:
        faults.append(Fault("order", {"row": line.number}))
    percent = _percent(cell("percent"), line.number, faults)
    if len(faults) > before or start is None or finish is None:
        return None
    after = tuple(dict.fromkeys(_links(cell("after"), keys)))
    return Task(
        cell("key")[:60], cell("name")[:200], start, finish, percent, after, days["base_start"],
        days["base_finish"], cell("owner")[:80],
    )  # fmt: skip


def _links(text: str, keys: Set[str]) -> Iterator[Follows]:
    """3、3SS、3FS+2天；表里有的编号就是编号，哪怕它以 SS 结尾。"""
    for words, kind in _KINDS.items():
        text = text.replace(f"({words})", kind).replace(f"（{words}）", kind).replace(words, kind)
    for one in re.split(r"[,，;；、\s]+", _SPACE.sub(r"\1\2\3", text)):
        found = None if one in keys else _LINK.fullmatch(one)
        if found is not None and found[1] in keys:
            yield Follows(found[1], found[2].upper(), int(f"{found[3] or '+'}{found[4] or 0}"))
        elif one:
            yield Follows(one)


def _date(text: str, field: str, row: int, faults: list[Fault], *, needed: bool) -> date | None:
    if not text and not needed:
        return None
    found = _DATE.fullmatch(text)
    if found is not None:
        try:
            return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            pass
    faults.append(Fault("date", {"row": row, "column": _LABELS[field], "found": text[:30]}))
    return None


def _percent(text: str, row: int, faults: list[Fault]) -> int | None:
    if not text:
        return None
    found = _PERCENT.fullmatch(text)
    if found is not None and int(found[1]) <= 100:
        return int(found[1])
    faults.append(Fault("percent", {"row": row, "found": text[:30]}))
    return None

"""A schedule as it was read (计划): tasks, links, resources and calendars of any program's file.

Dates are local and without a zone; lengths are minutes of work, lags too unless they are elapsed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bihuan.exchange.workbook.doubt import Doubt

Hours = Sequence[tuple[int, int]]  # pieces of a day, in minutes from midnight


@dataclass(frozen=True)
class Week:
    """工作日历：一周七天（周一起）各自的工作时段，以及例外日；例外日没有时段就是休息。"""

    code: str
    name: str
    days: tuple[Hours, ...]
    exceptions: Mapping[date, Hours] = field(default_factory=dict)

    @property
    def minutes(self) -> int:
        """Working minutes of a usual day, by which "3 days" is understood."""
        sums = [sum(end - start for start, end in day) for day in self.days]
        worked = [one for one in sums if one]
        return max(set(worked), key=worked.count) if worked else 480


@dataclass(frozen=True)
class Task:
    """一行任务；`summary` 是汇总行，它的工期和费用是下面各行的合计，不要再加。

    `base_*` are the baseline dates that the file itself carries, where it does.
    """

    code: str
    name: str
    outline: str = ""
    level: int = 0
    parent: str = ""
    summary: bool = False
    milestone: bool = False
    start: datetime | None = None
    finish: datetime | None = None
    actual_start: datetime | None = None
    actual_finish: datetime | None = None
    base_start: datetime | None = None
    base_finish: datetime | None = None
    minutes: int | None = None
    done: float | None = None  # 0 … 1
    calendar: str = ""
    constraint: str = ""  # a bound of engines.schedule.network, or as the program calls it
    constraint_on: datetime | None = None
    deadline: datetime | None = None
    fixed_cost: float = 0.0
    cost: float = 0.0
    owner: str = ""


@dataclass(frozen=True)
class Relation:
    """紧前关系；`elapsed` 的时距按自然时间计。"""

    before: str
    after: str
    kind: str = "FS"
    lag: int = 0
    elapsed: bool = False


@dataclass(frozen=True)
class Resource:
    """资源。"""

    code: str
    name: str
    kind: str = ""


@dataclass(frozen=True)
class Assignment:
    """谁（什么）干哪一项。"""

    task: str
    resource: str
    units: float = 1.0


@dataclass(frozen=True)
class Risk:
    """工期的三点估计：乐观、最可能、悲观，是计划工期的倍数。"""

    low: float
    mode: float
    high: float


@dataclass(frozen=True)
class Progress:
    """某一状态日某项任务的跟踪数：完成比例、实际费用、实际开始、到此为止用了多少工作时间。"""

    done: float
    cost: float
    start: datetime | None = None
    minutes: int | None = None

    @property
    def begun(self) -> bool:
        return self.start is not None


@dataclass(frozen=True)
class Reported:
    """一个跟踪期：名称、状态日、各末级任务的进展，以及原文件自己算的数（用来核对）。"""

    name: str
    on: datetime
    progress: Mapping[str, Progress]
    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """计划：从一个文件读出的全部；`doubts` 是没有把握的地方。"""

    format: str
    title: str
    start: datetime | None
    finish: datetime | None
    tasks: tuple[Task, ...]
    relations: tuple[Relation, ...] = ()
    resources: tuple[Resource, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    calendars: tuple[Week, ...] = ()
    risks: Mapping[str, Risk] = field(default_factory=dict)
    periods: tuple[Reported, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def leaves(self) -> tuple[Task, ...]:
        """末级任务。"""
        return tuple(task for task in self.tasks if not task.summary)

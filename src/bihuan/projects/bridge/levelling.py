"""Sharing out what is scarce: crews of one plan, panels and surveyors of all projects.

A problem is plain data from the start, so that a job can keep it and the judge, who knows nothing
of the solver, reads the very same. Periods are days of work counted from a first day.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from bihuan.base.errors import Refused
from bihuan.days.rules import Calendar as Days
from bihuan.engines.schedule import check, levelling
from bihuan.engines.schedule.levelling import Progress
from bihuan.projects.rules import Task

_ONE = timedelta(days=1)
SECONDS = 20.0
Run = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]


@dataclass(frozen=True)
class Item:
    """一件要排的事：几天、占什么、不早于第几天、应在第几天前完成、先办哪些（及时距）。"""

    key: str
    days: int
    needs: Mapping[str, int] = field(default_factory=dict)
    release: int = 0
    due: int | None = None
    after: tuple[tuple[str, str, int], ...] = ()


def table(items: Sequence[Item], capacity: Mapping[str, int]) -> dict[str, Any]:
    """The problem as plain data; what nobody limits is not asked for."""
    dated = any(one.due is not None for one in items)
    return {
        "first": "tardiness" if dated else "makespan",
        "capacity": dict(capacity),
        "activities": [
            {
                "name": one.key,
                "duration": one.days,
                "needs": {
                    k: min(n, capacity[k])
                    for k, n in one.needs.items()
                    if k in capacity and one.days
                },
                "release": one.release,
                "due": one.due,
            }
            for one in items
        ],
        "links": [
            {"before": before, "after": one.key, "kind": kind, "lag": lag}
            for one in items
            for before, kind, lag in one.after
        ],
    }


def levelled(
    case: Mapping[str, Any],
    *,
    seed: int,
    seconds: float = SECONDS,
    generations: int | None = None,
    run: Run = map,
    tell: Callable[[Progress], object] = lambda _progress: None,
) -> dict[str, Any]:
    """均衡：在能力之内排出各件的开始，与不受限时比；由另一段代码判定以后才作数。

    Unfit where what is asked has no schedule.
    """
    problem = levelling.from_table(case)
    free = levelling.from_table({**case, "capacity": {}, "activities": _unbound(case)})
    stop = levelling.Stop(None if generations else seconds, generations)
    made = levelling.solve(problem, stop, seed=seed, run=run, tell=tell)
    alone = levelling.solve(free, levelling.Stop(None, 1), seed=seed)
    verdict = check.judge(case, dict(made.starts))
    if not verdict.holds:
        raise Refused(f"schedule refused by its judge: {verdict.violations[0]}")
    return {
        "starts": dict(made.starts),
        "free": dict(alone.starts),
        "makespan": made.makespan,
        "tardiness": made.tardiness,
        "free_makespan": alone.makespan,
        "lower": made.lower,
        "proved": made.proved,
        "first": problem.first,
        "seed": seed,
        "generations": made.generations,
        "engine": levelling.VERSION,
    }


def _unbound(case: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{**one, "needs": {}} for one in case["activities"]]


# Days -----------------------------------------------------------------------------------------


class Workdays:
    """The days of work from a first day on: number them, and find the day of a number."""

    def __init__(self, first: date, worked: Days | None) -> None:
        self._worked = worked
        self._days: list[date] = []
        self._next = first
        self.first = self.day(0)

    def day(self, number: int) -> date:
        """The day of work with this number, the first being 0."""
        while len(self._days) <= number:
            if self._worked is None or self._worked.working(self._next):
                self._days.append(self._next)
            self._next += _ONE
        return self._days[number]

    def before(self, day: date) -> int:
        """How many days of work lie before a day."""
        number = 0
        while self.day(number) < day:
            number += 1
        return number


def crews(
    plan: Sequence[Task], at_once: int, status_on: date, worked: Days | None
) -> tuple[dict[str, Any], Workdays]:
    """The unfinished tasks of a plan, each crew on so many at once; and the days they count in.

    No task starts before the plan says; what is left of one that has begun comes first.
    """
    open_ones = [task for task in plan if task.percent != 100]
    since = max(status_on + _ONE, min((task.start for task in open_ones), default=status_on))
    days = Workdays(since if not _begun(open_ones) else status_on + _ONE, worked)
    known = {task.key for task in open_ones}
    items = []
    for task in open_ones:
        start, end = days.before(task.start), days.before(task.finish + _ONE)
        length = max(end - start, 1) if task.start >= days.first else _left(task, worked)
        after = tuple(
            (one.key, one.kind, _lag(one.lag, days)) for one in task.after if one.key in known
        )
        items.append(
            Item(task.key, length, {task.owner: 1} if task.owner else {}, start, None, after)
        )
    names = sorted({task.owner for task in open_ones if task.owner})
    return table(items, dict.fromkeys(names, at_once)), days


def _begun(tasks: Sequence[Task]) -> bool:
    return any(task.percent for task in tasks)


def _left(task: Task, worked: Days | None) -> int:
    """Days of work that are left of a task that should have begun."""
    whole = (
        (task.finish - task.start).days + 1
        if worked is None
        else worked.between(task.start - _ONE, task.finish)
    )
    return max(round(whole * (100 - (task.percent or 0)) / 100), 1)


def _lag(lag: int, days: Workdays) -> int:
    """A lag in natural days as days of work, as many as a span of that length usually has."""
    share = days.before(days.first + timedelta(days=28)) / 28
    return round(lag * share)


def clashes(plan: Sequence[Task], at_once: int) -> list[tuple[str, date, date, list[str]]]:
    """Owner, first and last day, and the tasks where one crew is planned on more than it can do."""
    found = []
    for owner in sorted({task.owner for task in plan if task.owner and task.percent != 100}):
        own = [task for task in plan if task.owner == owner and task.percent != 100]
        edges = sorted({task.start for task in own} | {task.finish + _ONE for task in own})
        for start, end in pairwise(edges):
            busy = [task.key for task in own if task.start <= start and task.finish >= end - _ONE]
            if len(busy) > at_once:
                found.append((owner, start, end - _ONE, busy))
    return found

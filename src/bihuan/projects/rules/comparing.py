"""A contractor's new plan beside the approved baseline: what moved, what is new, what is missing.

Tasks are the same where their number is the same; a task whose number is gone is looked for by
its name before it is called missing. A new file that brings baseline dates of its own is checked
against the approved ones: a moved baseline would hide every delay.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bihuan.base.text import plain

LINKS = ("FS", "SS", "FF", "SF")


@dataclass(frozen=True)
class Follows:
    """紧前：哪一项、哪种搭接（FS、SS、FF、SF）、时距多少天（自然日，负的是提前）。"""

    key: str
    kind: str = "FS"
    lag: int = 0

    def __str__(self) -> str:
        kind = "" if (self.kind, self.lag) == ("FS", 0) else self.kind
        return f"{self.key}{kind}{f'{self.lag:+d}' if self.lag else ''}"


@dataclass(frozen=True)
class Task:
    """One task of a plan; `base_*` are the baseline dates that its own file claims."""

    key: str
    name: str
    start: date
    finish: date
    percent: int | None = None
    after: tuple[Follows, ...] = ()
    base_start: date | None = None
    base_finish: date | None = None
    owner: str = ""  # who does it: a crew, a contractor, a department


@dataclass(frozen=True)
class Shift:
    """One task in both plans: by how many days its start and finish moved (later is positive)."""

    before: Task
    after: Task
    start_days: int
    finish_days: int
    links_changed: bool

    @property
    def moved(self) -> bool:
        return bool(self.start_days or self.finish_days)


@dataclass(frozen=True)
class Comparison:
    """比对结果。`baseline_moved` are tasks whose file claims another baseline than the approved."""

    same: tuple[Shift, ...]
    new: tuple[Task, ...]
    missing: tuple[Task, ...]
    baseline_moved: tuple[Shift, ...]
    end_days: int  # by how much the end of the whole plan moved

    @property
    def moved(self) -> tuple[Shift, ...]:
        return tuple(one for one in self.same if one.moved)

    @property
    def clean(self) -> bool:
        return not (self.moved or self.new or self.missing or self.baseline_moved)


def compare(baseline: Sequence[Task], plan: Sequence[Task]) -> Comparison:
    """What a new plan changed against the baseline; the order of rows does not matter."""
    pairs, new = _paired(baseline, plan)
    found = {pair[0].key for pair in pairs}
    shifts = tuple(_shift(before, after) for before, after in pairs)
    return Comparison(
        shifts,
        tuple(new),
        tuple(task for task in baseline if task.key not in found),
        tuple(one for one in shifts if _claims_otherwise(one)),
        (_end(plan) - _end(baseline)).days if baseline and plan else 0,
    )


def _paired(
    baseline: Sequence[Task], plan: Sequence[Task]
) -> tuple[list[tuple[Task, Task]], list[Task]]:
    by_key: Mapping[str, Task] = {task.key: task for task in baseline}
    taken = {task.key for task in plan if task.key in by_key}
    by_name = {plain(t.name): t for t in baseline if t.key not in taken}
    pairs, new = [], []
    for task in plan:
        before = by_key.get(task.key) or by_name.pop(plain(task.name), None)
        if before is None:
            new.append(task)
        else:
            pairs.append((before, task))
    return pairs, new


def _shift(before: Task, after: Task) -> Shift:
    return Shift(
        before,
        after,
        (after.start - before.start).days,
        (after.finish - before.finish).days,
        set(before.after) != set(after.after),
    )


def _claims_otherwise(one: Shift) -> bool:
    start, finish = one.after.base_start, one.after.base_finish
    return (start is not None and start != one.before.start) or (
        finish is not None and finish != one.before.finish
    )


def _end(tasks: Sequence[Task]) -> date:
    return max(task.finish for task in tasks)

"""Drawing the end of a plan: percentiles, the chance of each promise, whose act moves the end.

Durations are drawn by the office's table of three points; what is done no longer varies. Whatever
is told is plain data, so that a job can keep it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from bihuan.base.text import plain
from bihuan.days.rules import Calendar as Days
from bihuan.engines.schedule import chance, owners
from bihuan.projects.bridge.network import Laid, laid
from bihuan.projects.rules import Task

RUNS, MOST_CELLS = 10_000, 20_000_000  # draws, and draws times tasks: beyond it fewer are drawn
SHARE_RUNS = 400
SURE = (0.5, 0.8, 0.95)
_POINTS = 24  # of the curve, at equal distances in days
_TOLD = 60  # tasks in the answer: who moves the end most

Run = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]


@dataclass(frozen=True)
class Points:
    """一行三点估计：名称或责任单位含 `words` 的任务，工期是计划的百分之几；空的管其余。"""

    words: str
    low: int
    mode: int
    high: int
    shape: str

    def meets(self, task: Task) -> bool:
        return plain(self.words) in plain(f"{task.name} {task.owner}")

    @property
    def profile(self) -> chance.Profile:
        shape: Any = self.shape
        return chance.Profile(self.low / 100, self.mode / 100, self.high / 100, shape)


@dataclass(frozen=True)
class Promise:
    """一个承诺的日期：全部完成（`key` 空）或某项任务，不晚于哪天。"""

    name: str
    day: date
    key: str = ""


def risk(
    plan: Sequence[Task],
    points: Sequence[Points],
    promises: Sequence[Promise],
    *,
    status_on: date,
    worked: Days | None,
    common: float,
    owner: float,
    seed: int,
    runs: int = RUNS,
    run: Run = map,
) -> dict[str, Any]:
    """工期风险：抽样推算完工，各承诺兑现的把握，各任务的关键度，推迟按责任单位分摊。

    `common` and `owner` are the shares of variance that all tasks, and those of one owner, have in
    common. Unfit where the links make no network.
    """
    said = any(task.percent is not None for task in plan)
    found = laid(plan, worked, status_on if said else None)
    chances = chance.Chances(
        _profiles(plan, points, found.settled),
        chance.factors(found.network, common=common, owner=owner),
        found.settled,
    )
    runs = _fitting(runs, len(plan))
    watched = [one.key for one in promises if one.key in found.network.codes]
    drawn = chance.simulate(
        found.network, chances, runs=runs, seed=seed, watched=list(dict.fromkeys(watched)), run=run
    )
    shares = owners.expected(found.network, chances, runs=min(SHARE_RUNS, runs), seed=seed)
    return {
        "planned": _iso(found, drawn.planned),
        "sure": [[share, _iso(found, drawn.by(share))] for share in SURE],
        "curve": _curve(found, drawn),
        "promises": [
            [one.name, one.day.isoformat(), _chance(found, drawn, one)] for one in promises
        ],
        "tasks": _tasks(plan, found, drawn),
        "owners": [[one.owner, one.share, one.alone, one.without] for one in shares.shares],
        "delay": shares.total,
        "exact": shares.exact,
        "working": worked is not None,
        "runs": runs,
        "seed": seed,
        "digest": drawn.digest,
        "engine": drawn.version,
    }


def _fitting(runs: int, tasks: int) -> int:
    """Fewer draws of a very long plan: their durations have to fit into memory."""
    return max(min(runs, MOST_CELLS // tasks), 200)


def pieces(tasks: int) -> int:
    """Into how many pieces the draws of a plan of so many tasks are cut."""
    return -(-_fitting(RUNS, tasks) // chance.PIECE)


def _profiles(
    plan: Sequence[Task], points: Sequence[Points], settled: Mapping[str, int]
) -> dict[str, chance.Profile]:
    """The first row that meets a task is its row; a milestone and what is done do not vary."""
    made = {}
    for task in plan:
        row = next((one for one in points if one.meets(task)), None)
        if row is not None and task.percent != 100:
            made[task.key] = row.profile
    return made


def _chance(found: Laid, drawn: chance.Simulation, one: Promise) -> float:
    key = one.key if one.key in drawn.watched else ""
    return drawn.chance(float((one.day - found.first).days + 1), key)


def _curve(found: Laid, drawn: chance.Simulation) -> list[list[Any]]:
    """Days at equal distances from the earliest drawn end to the latest, each with its chance."""
    first, last = int(np.floor(drawn.ends.min())), int(np.ceil(drawn.ends.max()))
    step = max(-(-(last - first) // _POINTS), 1)
    ticks = range(first, last + step, step)
    return [[_iso(found, tick), round(drawn.chance(float(tick)), 4)] for tick in ticks]


def _iso(found: Laid, tick: float) -> str:
    return found.finish_day(tick).isoformat()


def _tasks(plan: Sequence[Task], found: Laid, drawn: chance.Simulation) -> list[list[Any]]:
    """Key, name, owner, criticality, cruciality, SSI of those that move the end most."""
    order = np.argsort(-drawn.ssi, kind="stable")[:_TOLD]
    known = {task.key: task for task in plan}
    rows = []
    for at in order.tolist():
        task = known[found.network.codes[at]]
        if drawn.criticality[at] > 0 and task.percent != 100:
            figures = (drawn.criticality[at], drawn.cruciality[at], drawn.ssi[at])
            rows.append([task.key, task.name, task.owner, *(round(float(f), 4) for f in figures)])
    return rows

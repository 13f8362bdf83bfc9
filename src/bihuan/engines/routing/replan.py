"""重排：作业途中有变，从各车当前位置起重排余下的作业，尽量少改。

What is done stays done, the leg that is being driven is finished. Orphaned tasks are put where they
cost least (regret insertion: Potvin & Rousseau 1993, EJOR 66(3), §3), then single tasks are moved
while that gains more than it disturbs. Disturbance has a price of its own (`Trade.stay_s`), so a
plan that still holds is left alone. Rows of plain numbers in and out: any plan can be laid out so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from bihuan.engines.routing.faults import Fault, refuse
from bihuan.engines.routing.network import Bools, Floats, Ints
from bihuan.engines.routing.reinsert import View, fit, improve, insert

_NEVER = 1e15


@dataclass(frozen=True, eq=False)
class Tasks:
    """余下的作业：每行一段要作业的路，连同段与段之间的行驶时间。"""

    section: Ints  # (n,) for counting what changed
    service_s: Floats
    grams: Floats
    due_s: Floats  # NaN: no promise
    weight: Floats  # of each second of lateness
    travel_s: Floats  # (n, n) from the end of one to the beginning of another
    refill_out_s: Floats  # (n, d) from the end of a task to each refill station, loading included
    refill_in_s: Floats  # (d, n)

    def __len__(self) -> int:
        return len(self.service_s)


@dataclass(frozen=True, eq=False)
class Standing:
    """各车现状：何时、从何处可以接着做；料还剩多少，班次到何时。"""

    free_s: Floats  # (v,) when the current leg is finished
    until_s: Floats
    left_g: Floats
    capacity_g: Floats
    reach_s: Floats  # (v, n) from where it will be to the beginning of each task
    refill_s: Floats  # (v, d) … to each refill station, loading included
    able: Bools  # (v, n) may and can do it

    def __len__(self) -> int:
        return len(self.free_s)


@dataclass(frozen=True)
class Trade:
    """取舍：改动一段作业，要换来至少这么多（加权）秒才值得。"""

    stay_s: float = 120.0
    drive: float = 1.0  # of each second of driving, against a weighted second of lateness
    rounds: int = 3  # passes over all tasks; each is a few hundredths of a second


@dataclass(frozen=True)
class Change:
    """变化：车坏、路封、领导或检查组要求先做、晚出车。`at` 是车或作业的序号。"""

    kind: Literal["breakdown", "closed", "first", "late_start"]
    at: tuple[int, ...]
    at_s: float = 0.0  # first: from when it counts as late; late_start: when it starts


@dataclass(frozen=True, eq=False)
class Replanned:
    """重排结果：每车接下来的作业，改动了哪些路段，做不了的作业。"""

    routes: tuple[tuple[int, ...], ...]
    finish_s: Floats  # (n,) NaN where it is left
    changed_sections: tuple[int, ...]
    moved: tuple[int, ...]  # tasks with another vehicle than before
    reordered: tuple[int, ...]  # tasks with the same vehicle behind another task than before
    left: tuple[int, ...]  # nobody can do these within the shifts
    late_s: float  # weighted


def changed(
    tasks: Tasks, standing: Standing, changes: Sequence[Change], *, now_s: float
) -> tuple[Tasks, Standing, frozenset[int]]:
    """The rows after what has happened, and the tasks that fall away because a street is shut."""
    weight, due = tasks.weight.copy(), tasks.due_s.copy()
    free, able = standing.free_s.copy(), standing.able.copy()
    gone: set[int] = set()
    refuse(_wrong(tasks, standing, changes))
    for one in changes:
        at = list(one.at)
        match one.kind:
            case "breakdown":
                able[at] = False
            case "closed":
                gone.update(at)
            case "first":
                due[at] = max(one.at_s, now_s)
                weight[at] = 100.0 * max(float(weight.max(initial=1.0)), 1.0)
            case "late_start":
                free[at] = np.maximum(free[at], one.at_s)
    return (
        replace(tasks, weight=weight, due_s=due),
        replace(standing, free_s=free, able=able),
        frozenset(gone),
    )


def _wrong(tasks: Tasks, standing: Standing, changes: Sequence[Change]) -> list[Fault]:
    faults = []
    for one in changes:
        most = len(standing) if one.kind in ("breakdown", "late_start") else len(tasks)
        faults += [
            Fault("replan_unknown", {"kind": one.kind, "at": at})
            for at in one.at
            if not 0 <= at < most
        ]
    return faults


def replan(
    tasks: Tasks,
    standing: Standing,
    before: Sequence[Sequence[int]],
    changes: Sequence[Change] = (),
    *,
    now_s: float,
    trade: Trade | None = None,
) -> Replanned:
    """New tours that keep to the old ones where they can. `before`: what each vehicle still had.

    Tasks in nobody's list are new (fresh snow) and are put in. Deterministic.
    """
    t = trade or Trade()
    tasks, standing, gone = changed(tasks, standing, changes, now_s=now_s)
    n, v = len(tasks), len(standing)
    home = np.full(n, -1, dtype=np.int32)  # the vehicle and the task before, as it was
    follows = np.full(n, -2, dtype=np.int32)
    routes = np.full((v, n + 1), -1, dtype=np.int32)
    length = np.zeros(v, dtype=np.int32)
    waiting = set(range(n)) - gone
    first = {task for one in changes if one.kind == "first" for task in one.at}
    for k, route in enumerate(before):
        last = -1
        for task in route:
            home[task] = k
            if task in gone:
                continue
            follows[task] = last
            last = task
            # What is ordered first leaves its place and looks for the earliest one.
            if standing.able[k, task] and task in waiting and task not in first:
                routes[k, length[k]] = task
                length[k] += 1
                waiting.discard(task)
    view = View(
        tasks.service_s, tasks.grams, np.where(np.isnan(tasks.due_s), _NEVER, tasks.due_s),
        tasks.weight, tasks.travel_s, tasks.refill_out_s, tasks.refill_in_s,
        standing.free_s, standing.until_s, standing.left_g, standing.capacity_g,
        standing.reach_s, standing.refill_s, standing.able, home, follows, t.stay_s, t.drive,
    )  # fmt: skip
    cut = fit(view, routes, length)
    pool = np.array(sorted(waiting | set(cut.tolist())), dtype=np.int32)
    left = insert(view, routes, length, pool)
    for _round in range(t.rounds):
        if not improve(view, routes, length):
            break
        left = insert(view, routes, length, left)
    final = tuple(tuple(routes[k, : length[k]].tolist()) for k in range(v))
    return _told(tasks, standing, final, home, follows, left)


def _told(
    tasks: Tasks,
    standing: Standing,
    routes: tuple[tuple[int, ...], ...],
    home: Ints,
    follows: Ints,
    left: Ints,
) -> Replanned:
    finish = finishes(tasks, standing, routes)
    moved, reordered = [], []
    for k, route in enumerate(routes):
        last = -1
        for task in route:
            if home[task] != k:
                moved.append(task)
            elif follows[task] != last:
                reordered.append(task)
            last = task
    touched = [*moved, *reordered, *(task for task in left.tolist() if home[task] >= 0)]
    sections = sorted({int(tasks.section[task]) for task in touched})
    late = np.nan_to_num(np.maximum(finish - tasks.due_s, 0.0)) * tasks.weight
    return Replanned(
        routes,
        finish,
        tuple(sections),
        tuple(sorted(moved)),
        tuple(sorted(reordered)),
        tuple(left.tolist()),
        float(late.sum()),
    )


def finishes(tasks: Tasks, standing: Standing, routes: Sequence[Sequence[int]]) -> Floats:
    """When each task is finished, by plain arithmetic; NaN where it is in no route."""
    out = np.full(len(tasks), np.nan)
    for k, route in enumerate(routes):
        now, load, last = float(standing.free_s[k]), float(standing.left_g[k]), -1
        for task in route:
            way = standing.reach_s[k, task] if last < 0 else tasks.travel_s[last, task]
            if load < tasks.grams[task]:
                to = standing.refill_s[k] if last < 0 else tasks.refill_out_s[last]
                way = (to + tasks.refill_in_s[:, task]).min()
                load = float(standing.capacity_g[k])
            load -= float(tasks.grams[task])
            now += float(way) + float(tasks.service_s[task])
            out[task] = now
            last = task
    return out


def check(
    tasks: Tasks, standing: Standing, found: Replanned, *, gone: frozenset[int] = frozenset()
) -> list[Fault]:
    """Everything that a re-planned day breaks; an empty list where it may be driven."""
    faults: list[Fault] = []
    times = np.zeros(len(tasks), dtype=int)
    for k, route in enumerate(found.routes):
        for task in route:
            times[task] += 1
            if not standing.able[k, task]:
                faults.append(Fault("replan_not_able", {"vehicle": k, "task": task}))
            if tasks.grams[task] > standing.capacity_g[k]:
                faults.append(Fault("replan_too_heavy", {"vehicle": k, "task": task}))
    for task in found.left:
        times[task] += 1
    for task in range(len(tasks)):
        if times[task] != (0 if task in gone else 1):
            faults.append(Fault("replan_count", {"task": task, "n": int(times[task])}))
    finish = finishes(tasks, standing, found.routes)
    for k, route in enumerate(found.routes):
        faults += [
            Fault("replan_after_shift", {"vehicle": k, "task": task})
            for task in route
            if not finish[task] <= standing.until_s[k] + 1e-6
        ]
    return faults

"""Lower bounds and better schedules by constraint programming (证明): OR-Tools CP-SAT.

The model asks for something better than what is known, lowest value first; that there is nothing
is the proof. One worker, so that the same effort gives the same answer.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from bihuan.engines.schedule.levelling.bound import Bounds
from bihuan.engines.schedule.levelling.net import Ints
from bihuan.engines.schedule.levelling.problem import Problem


@dataclass(frozen=True, eq=False)
class Ask:
    """一份证明的活：在已知最好值之下找更好的，或证明没有；限时（秒）或限工（确定性工时）。

    `best` is the value to beat, None where no schedule is known that keeps the fixed starts;
    `hint` a schedule to begin from.
    """

    problem: Problem
    known: Bounds
    best: int | None
    lower: int
    hint: Ints | None
    seed: int
    seconds: float | None
    effort: float | None


@dataclass(frozen=True, eq=False)
class Proof:
    """Where the search by constraints ended: a lower bound, and a better schedule if it found one.

    `impossible` says that no schedule at all keeps the fixed starts.
    """

    lower: int
    starts: Ints | None
    impossible: bool


def prove(ask: Ask) -> Proof:
    """Look for a better schedule and raise the lower bound of what counts first."""
    model = cp_model.CpModel()
    starts = _model(model, ask)
    if starts is None:
        return Proof(ask.lower if ask.best is None else ask.best, None, ask.best is None)
    if ask.hint is not None:
        for x, start in zip(starts, ask.hint, strict=True):
            model.add_hint(x, int(start))
    solver = cp_model.CpSolver()
    given = solver.parameters
    given.num_workers = 1
    given.random_seed = ask.seed % 2**31
    # Chosen by trial on PSPLIB, see docs/methods/levelling.md: climbing from the lower bound, with
    # explanations by clauses and without the linear relaxation.
    given.use_objective_lb_search = True
    given.linearization_level = 0
    if ask.seconds is not None:
        given.max_time_in_seconds = ask.seconds
    if ask.effort is not None:
        given.max_deterministic_time = ask.effort
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return Proof(ask.lower if ask.best is None else ask.best, None, ask.best is None)
    lower = max(ask.lower, int(np.ceil(solver.best_objective_bound - 1e-6)))
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Proof(lower, np.array([solver.value(x) for x in starts], np.int64), False)
    return Proof(lower if ask.best is None else min(lower, ask.best), None, False)


def _model(model: Any, ask: Ask) -> list[Any] | None:
    """Variables of the starts, with everything that holds of them; None where one has no room."""
    problem, known = ask.problem, ask.known
    first = problem.first
    longest = problem.horizon
    if first == "makespan" and ask.best is not None:
        longest = ask.best - 1
    starts, boxes = [], []
    for j, one in enumerate(problem.activities):
        low, high = int(known.heads[j]), longest - int(known.tails[j])
        if one.start is not None:
            low, high = max(low, one.start), min(high, one.start)
        if low > high:
            return None
        x = model.new_int_var(low, high, f"s{j}")
        starts.append(x)
        boxes.append(model.new_fixed_size_interval_var(x, one.duration, f"i{j}"))
    for i, j, w in problem.arcs:
        model.add(starts[j] >= starts[i] + w)
    _capacities(model, problem, boxes, longest)
    if first == "makespan":
        span = model.new_int_var(min(ask.lower, longest), longest, "span")
        for x, one in zip(starts, problem.activities, strict=True):
            model.add(span >= x + one.duration)
        model.minimize(span)
        return starts
    late = []
    for j, one in enumerate(problem.activities):
        if one.due is not None and one.weight:
            behind = model.new_int_var(0, longest, f"late{j}")
            model.add(behind >= starts[j] + one.duration - one.due)
            late.append(one.weight * behind)
    total = sum(late)
    model.add(total >= ask.lower)
    if ask.best is not None:
        model.add(total <= ask.best - 1)
    model.minimize(total)
    return starts


def _capacities(model: Any, problem: Problem, boxes: list[Any], longest: int) -> None:
    """One cumulative a resource; where capacity falls below its peak, blocks fill what lacks."""
    for name, steps in problem.capacity.items():
        users = [
            (boxes[j], one.needs[name])
            for j, one in enumerate(problem.activities)
            if one.needs.get(name) and one.duration
        ]
        peak = max(count for _start, count in steps)
        for (start, count), (end, _next) in pairwise([*steps, (longest, 0)]):
            if count < peak and start < min(end, longest):
                stretch = min(end, longest) - start
                users.append((model.new_fixed_size_interval_var(start, stretch, ""), peak - count))
        model.add_cumulative([box for box, _need in users], [need for _box, need in users], peak)

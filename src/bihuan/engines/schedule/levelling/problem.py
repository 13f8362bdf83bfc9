"""What is to be levelled (资源均衡): activities, links, and capacities that change over time.

Time is counted in whole periods from 0 (a working day, an hour: the caller says); an activity that
starts at s and lasts d uses its resources in periods s … s + d − 1 without a break. Activities are
kept in an order in which links only point onward.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal, get_args

from bihuan.engines.schedule.faults import Fault, refuse

Kind = Literal["FS", "SS", "FF", "SF"]
First = Literal["makespan", "tardiness"]
Steps = tuple[tuple[int, int], ...]

# Beyond this many periods the arrays of time are too long to be searched.
LONGEST = 1_000_000
# Beyond this the sum of weights times periods does not fit beside the makespan in one score.
LATEST = 2**40 - 1
# Demands and capacities are packed into 64-bit words, one guard bit each.
LARGEST = 2**31 - 1


@dataclass(frozen=True)
class Activity:
    """活动：工期、每期占用、最早开工、应完成期（晚一期计 weight）、已定的开工期 start。

    `release` is the earliest start; `due` the period by whose beginning it should have ended;
    `start` fixes it.
    """

    name: str
    duration: int
    needs: Mapping[str, int] = field(default_factory=dict)
    release: int = 0
    due: int | None = None
    weight: int = 1
    start: int | None = None


@dataclass(frozen=True)
class Link:
    """搭接：FS、SS、FF、SF 和时距（最小时距，可为负）。"""

    before: str
    after: str
    kind: Kind = "FS"
    lag: int = 0


@dataclass(frozen=True, eq=False)
class Problem:
    """一个均衡问题。Built by `problem`, which refuses what does not fit together.

    `arcs` are (i, j, w): activity j starts no earlier than w periods after the start of i, i < j.
    `capacity` gives, for each resource, (from period, how many), rising, from 0 on.
    `first` says what counts first; the other decides between equals.
    """

    activities: tuple[Activity, ...]
    links: tuple[Link, ...]
    capacity: Mapping[str, Steps]
    first: First
    arcs: tuple[tuple[int, int, int], ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.activities)

    @property
    def horizon(self) -> int:
        """A period by which any list of activities, put one after the other, has ended."""
        fixed = (one.start + one.duration for one in self.activities if one.start is not None)
        latest = max(
            *(steps[-1][0] for steps in self.capacity.values()),
            *(one.release for one in self.activities),
            *fixed,
            0,
            0,
        )
        reach = [one.duration for one in self.activities]
        for _i, j, w in self.arcs:
            reach[j] = max(reach[j], w + self.activities[j].duration)
        return latest + sum(reach) + 1

    def table(self) -> dict[str, Any]:
        """The problem as plain data, the form that the judge and files take."""
        return {
            "first": self.first,
            "capacity": {name: [list(s) for s in steps] for name, steps in self.capacity.items()},
            "activities": [
                {
                    "name": one.name,
                    "duration": one.duration,
                    "needs": {name: n for name, n in one.needs.items() if n},
                    "release": one.release,
                    "due": one.due,
                    "weight": one.weight,
                    "start": one.start,
                }
                for one in self.activities
            ],
            "links": [
                {"before": one.before, "after": one.after, "kind": one.kind, "lag": one.lag}
                for one in self.links
            ],
        }

    @property
    def digest(self) -> str:
        text = json.dumps(self.table(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def problem(
    activities: Iterable[Activity],
    links: Iterable[Link] = (),
    capacity: Mapping[str, int | Sequence[tuple[int, int]]] | None = None,
    first: First = "makespan",
) -> Problem:
    """The problem, or every fault in it at once. Unfit."""
    given, joined = tuple(activities), tuple(links)
    steps = {name: _steps(value) for name, value in (capacity or {}).items()}
    refuse(
        [
            *_capacity_faults(steps),
            *_activity_faults(given),
            *_link_faults(given, joined),
            *([] if first in get_args(First) else [Fault("levelling_first", {"found": first})]),
        ]
    )
    place = {one.name: i for i, one in enumerate(given)}
    arcs = [(place[k.before], place[k.after], _weight(k, given, place)) for k in joined]
    order = _onward(given, arcs)
    rank = {i: k for k, i in enumerate(order)}
    tightest: dict[tuple[int, int], int] = {}
    for i, j, w in arcs:
        pair = (rank[i], rank[j])
        tightest[pair] = max(tightest.get(pair, w), w)
    made = Problem(
        activities=tuple(given[i] for i in order),
        links=joined,
        capacity=steps,
        first=first,
        arcs=tuple((i, j, w) for (i, j), w in sorted(tightest.items())),
    )
    if made.horizon > LONGEST:
        refuse([Fault("levelling_too_long", {"found": made.horizon, "most": LONGEST})])
    refuse([*_need_faults(made), *_late_faults(made), *_fixed_faults(made)])
    return made


def _steps(value: int | Sequence[tuple[int, int]]) -> Steps:
    if isinstance(value, int):
        return ((0, value),)
    return tuple((int(start), int(count)) for start, count in value)


def _weight(link: Link, given: Sequence[Activity], place: Mapping[str, int]) -> int:
    """From start to start: what the link says in periods."""
    before, after = given[place[link.before]].duration, given[place[link.after]].duration
    head = before if link.kind in ("FS", "FF") else 0
    tail = after if link.kind in ("FF", "SF") else 0
    return head + link.lag - tail


# Faults -------------------------------------------------------------------------------------------


def _capacity_faults(capacity: Mapping[str, Steps]) -> Iterator[Fault]:
    for name, steps in capacity.items():
        rising = all(a[0] < b[0] for a, b in pairwise(steps))
        if not steps or steps[0][0] != 0 or not rising:
            yield Fault("levelling_steps", {"resource": name})
        for _start, count in steps:
            if not 0 <= count <= LARGEST:
                yield Fault("levelling_capacity", {"resource": name, "found": count})


def _activity_faults(given: Sequence[Activity]) -> Iterator[Fault]:
    if not given:
        yield Fault("levelling_nothing")
    seen: set[str] = set()
    for one in given:
        if one.name in seen:
            yield Fault("levelling_name_twice", {"activity": one.name})
        seen.add(one.name)
        numbers = {
            "duration": one.duration,
            "release": one.release,
            "due": one.due or 0,
            "weight": one.weight,
            "start": one.start or 0,
            **{f"needs.{name}": count for name, count in one.needs.items()},
        }
        for name, found in numbers.items():
            if not 0 <= found <= LARGEST:
                params = {"activity": one.name, "field": name, "found": found}
                yield Fault("levelling_number", params)


def _link_faults(given: Sequence[Activity], links: Sequence[Link]) -> Iterator[Fault]:
    known = {one.name for one in given}
    for link in links:
        for name in (link.before, link.after):
            if name not in known:
                params = {"before": link.before, "after": link.after, "found": name}
                yield Fault("levelling_unknown_activity", params)
        if link.kind not in get_args(Kind):
            params = {"before": link.before, "after": link.after, "found": link.kind}
            yield Fault("levelling_kind", params)


def _need_faults(made: Problem) -> Iterator[Fault]:
    """Needs that no stretch of periods can meet."""
    for one in made.activities:
        for name, count in one.needs.items():
            if name not in made.capacity:
                yield Fault("levelling_unknown_resource", {"activity": one.name, "found": name})
            elif one.duration and count > made.capacity[name][-1][1]:
                # The last step lasts for ever: whoever fits there always has a place in the end.
                params = {
                    "activity": one.name,
                    "resource": name,
                    "found": count,
                    "most": made.capacity[name][-1][1],
                }
                yield Fault("levelling_need", params)


def _fixed_faults(made: Problem) -> Iterator[Fault]:
    """Fixed activities that overrun a capacity by themselves: the first period of each resource."""
    held = [(one, one.start) for one in made.activities if one.start is not None and one.duration]
    for name, steps in made.capacity.items():
        changes = {start for start, _count in steps} | {start for _one, start in held}
        for period in sorted(changes):
            used = sum(
                one.needs.get(name, 0)
                for one, start in held
                if start <= period < start + one.duration
            )
            has = [count for start, count in steps if start <= period][-1]
            if used > has:
                params = {"resource": name, "period": period, "found": used, "most": has}
                yield Fault("levelling_fixed_over", params)
                break


def _late_faults(made: Problem) -> Iterator[Fault]:
    """Weights so large that their sum of tardiness could not be counted."""
    most = made.horizon * sum(one.weight for one in made.activities if one.due is not None)
    if most > LATEST:
        yield Fault("levelling_weights", {"found": most, "most": LATEST})


def _onward(given: Sequence[Activity], arcs: Sequence[tuple[int, int, int]]) -> list[int]:
    """An order in which every link points onward, nearest to the given one. Unfit: a circle."""
    after: list[list[int]] = [[] for _one in given]
    waiting = [0] * len(given)
    for i, j, _w in arcs:
        after[i].append(j)
        waiting[j] += 1
    ready = [i for i in range(len(given)) if not waiting[i]][::-1]
    order = []
    while ready:
        i = ready.pop()
        order.append(i)
        for j in reversed(after[i]):
            waiting[j] -= 1
            if not waiting[j]:
                ready.append(j)
    if len(order) < len(given):
        stuck = [given[i].name for i in range(len(given)) if waiting[i]]
        refuse([Fault("levelling_circle", {"found": "、".join(stuck[:8]), "count": len(stuck)})])
    return order

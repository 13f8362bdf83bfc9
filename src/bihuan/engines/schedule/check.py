"""The judge of levelled schedules (判定): plain, slow, and a stranger to the search.

It reads the problem as plain data (or the .sm text itself, in its own way), looks at every link,
every period and every resource in turn, and says what is violated. It imports nothing of the
solver, so that an error there cannot be forgiven here.

The plain form: {"capacity": {resource: count | [[from period, count], …]}, "activities": [{"name",
"duration", "needs": {resource: count}, "release", "due", "weight", "start"}], "links": [{"before",
"after", "kind", "lag"}]}; all but names and durations may be left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bihuan.engines.schedule.faults import Fault


@dataclass(frozen=True)
class Verdict:
    """判定结果：全部违反之处；无违反时，总工期和加权拖期才作数。"""

    violations: tuple[Fault, ...]
    makespan: int
    tardiness: int

    @property
    def holds(self) -> bool:
        return not self.violations


def judge(case: Mapping[str, Any], starts: Mapping[str, Any]) -> Verdict:
    """Every violation of a schedule, given as the start period of each activity."""
    activities = {str(one["name"]): one for one in case["activities"]}
    violations = list(_unplaced(activities, starts))
    placed = {
        name: one
        for name, one in activities.items()
        if name in starts and _whole(starts[name]) and starts[name] >= 0
    }
    when = {name: int(starts[name]) for name in placed}
    ends = {name: when[name] + int(one["duration"]) for name, one in placed.items()}
    violations += _alone(placed, when)
    violations += _links(case.get("links", ()), when, ends)
    violations += _capacity(case.get("capacity", {}), placed, when, ends)
    late = 0
    for name, one in placed.items():
        if one.get("due") is not None:
            late += max(0, ends[name] - int(one["due"])) * int(one.get("weight", 1))
    return Verdict(tuple(violations), max(ends.values(), default=0), late)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _unplaced(activities: Mapping[str, Any], starts: Mapping[str, Any]) -> Iterator[Fault]:
    for name in activities:
        if name not in starts:
            yield Fault("judged_no_start", {"activity": name})
        elif not _whole(starts[name]) or starts[name] < 0:
            yield Fault("judged_not_period", {"activity": name, "found": starts[name]})
    for name in starts:
        if name not in activities:
            yield Fault("judged_unknown_activity", {"activity": name})


def _alone(placed: Mapping[str, Any], when: Mapping[str, int]) -> Iterator[Fault]:
    """What an activity asks for by itself: its release and its fixed start."""
    for name, one in placed.items():
        release, fixed = int(one.get("release") or 0), one.get("start")
        if when[name] < release:
            params = {"activity": name, "found": when[name], "least": release}
            yield Fault("judged_before_release", params)
        if fixed is not None and when[name] != int(fixed):
            params = {"activity": name, "found": when[name], "wanted": int(fixed)}
            yield Fault("judged_not_as_fixed", params)


def _links(links: Any, when: Mapping[str, int], ends: Mapping[str, int]) -> Iterator[Fault]:
    for link in links:
        before, after = str(link["before"]), str(link["after"])
        if before not in when or after not in when:
            continue
        kind, lag = str(link.get("kind", "FS")), int(link.get("lag", 0))
        held = (when if kind[0] == "S" else ends)[before] + lag
        found = (when if kind[1] == "S" else ends)[after]
        if found < held:
            params = {
                "before": before,
                "after": after,
                "kind": kind,
                "lag": lag,
                "found": found,
                "least": held,
            }
            yield Fault("judged_link_broken", params)


def _capacity(
    capacity: Mapping[str, Any],
    placed: Mapping[str, Any],
    when: Mapping[str, int],
    ends: Mapping[str, int],
) -> Iterator[Fault]:
    """Each period of each resource; neighbouring periods that overrun alike are told as one."""
    for resource, given in capacity.items():
        steps = [(0, given)] if _whole(given) else [(int(a), int(b)) for a, b in given]
        users = {
            name: int(one.get("needs", {}).get(resource, 0))
            for name, one in placed.items()
            if one.get("needs", {}).get(resource, 0)
        }
        told: dict[str, Any] | None = None
        for period in range(max((ends[name] for name in users), default=0) + 1):
            used = sum(need for name, need in users.items() if when[name] <= period < ends[name])
            has = [count for start, count in steps if start <= period][-1]
            if told and (told["found"], told["most"]) != (used, has):
                yield Fault("judged_over_capacity", {**told, "to": period - 1})
                told = None
            if used > has and told is None:
                told = {"resource": resource, "from": period, "found": used, "most": has}


# PSPLIB, read a second time -----------------------------------------------------------------------


def case_of_sm(text: str) -> dict[str, Any]:
    """The plain form of a PSPLIB .sm text: blocks between ruled lines, numbers only. ValueError."""
    blocks: list[list[list[int]]] = [[]]
    for line in text.splitlines():
        if line.startswith("***"):
            blocks.append([])
        elif (words := line.split()) and all(word.isdigit() for word in words):
            blocks[-1].append([int(word) for word in words])
    found = [block for block in blocks if block]
    # Project data, successors, requests, availabilities; the heads hold no line of numbers alone.
    if len(found) != 4 or len(found[3]) != 1:
        raise ValueError("not PSPLIB")
    _project, after, work, (stock,) = found
    resources = [f"R{k}" for k in range(1, len(stock) + 1)]
    return {
        "capacity": dict(zip(resources, stock, strict=True)),
        "activities": [
            {
                "name": str(job),
                "duration": lasts,
                "needs": dict(zip(resources, needs, strict=True)),
            }
            for job, _mode, lasts, *needs in work
        ],
        "links": [
            {"before": str(job), "after": str(to)}
            for job, _modes, _count, *successors in after
            for to in successors
        ],
    }

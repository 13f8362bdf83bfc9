"""The network (网络计划): activities, links and bounds, checked once and kept as arrays.

All that is wrong with it is said at once; what has passed can be counted through in order.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from bihuan.engines.schedule.calendar import ALWAYS, Calendar, Ints
from bihuan.engines.schedule.faults import Fault, refuse

LinkKind = Literal["FS", "SS", "FF", "SF"]
BoundKind = Literal[
    "start_from", "start_until", "start_on", "finish_from", "finish_until", "finish_on"
]
LINKS: tuple[LinkKind, ...] = get_args(LinkKind)
BOUNDS: tuple[BoundKind, ...] = get_args(BoundKind)
NONE = np.iinfo(np.int64).min  # no bound, no driver


@dataclass(frozen=True)
class Bound:
    """约束：不早于、不晚于或必须在某时开始、完成；`at` 是格，完成指工作结束的一格之后。"""

    kind: BoundKind
    at: int


@dataclass(frozen=True)
class Activity:
    """活动：代码、工期（工作格数，零是里程碑）、所用日历、责任单位和约束。"""

    code: str
    duration: int
    name: str = ""
    calendar: str = ""
    owner: str = ""
    bounds: tuple[Bound, ...] = ()


@dataclass(frozen=True)
class Link:
    """逻辑关系：FS 完成—开始、SS 开始—开始、FF 完成—完成、SF 开始—完成，时距可以为负。

    The lag is worked in the calendar of the activity before, unless another is named.
    """

    before: str
    after: str
    kind: LinkKind = "FS"
    lag: int = 0
    calendar: str | None = None


@dataclass(frozen=True, eq=False)
class Network:
    """网络：n 个活动、m 条关系，按数组存；`order` 使每个活动排在它的紧前之后。

    `into[j]` and `out_of[i]` hold the numbers of the links that end in j and start from i.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    owners: tuple[str, ...]
    durations: Ints  # (n,)
    calendars: tuple[Calendar, ...]
    calendar: Ints  # (n,) places in `calendars`
    bounds: tuple[tuple[Bound, ...], ...]
    before: Ints  # (m,)
    after: Ints  # (m,)
    kinds: Ints  # (m,) places in LINKS
    lags: Ints  # (m,)
    lag_calendar: Ints  # (m,)
    order: Ints  # (n,)
    into: tuple[tuple[int, ...], ...]
    out_of: tuple[tuple[int, ...], ...]
    start: int

    def place(self, code: str) -> int:
        return self.codes.index(code)


def network(
    activities: Iterable[Activity],
    links: Iterable[Link] = (),
    *,
    calendars: Mapping[str, Calendar] | None = None,
    start: int = 0,
) -> Network:
    """A network that can be computed; Unfit with every fault where it cannot.

    Without calendars every tick is worked. An activity that names no calendar takes the one called
    "", else the first.
    """
    activities, links = tuple(activities), tuple(links)
    known = dict(calendars or {"": ALWAYS})
    known.setdefault("", next(iter(known.values())))
    faults = [*_activity_faults(activities, known)]
    places = {one.code: at for at, one in enumerate(activities)}
    faults += _link_faults(links, places, known)
    sound = [
        one
        for one in links
        if one.before in places and one.after in places and one.before != one.after
    ]
    count = len(activities)
    before = np.array([places[one.before] for one in sound], dtype=np.int64)
    after = np.array([places[one.after] for one in sound], dtype=np.int64)
    into: list[list[int]] = [[] for _ in range(count)]
    out_of: list[list[int]] = [[] for _ in range(count)]
    for at, (i, j) in enumerate(zip(before.tolist(), after.tolist(), strict=True)):
        into[j].append(at)
        out_of[i].append(at)
    order = _ordered(count, after, into, out_of)
    if len(order) < count:
        stuck = set(range(count)) - set(order)
        circles = _circles(stuck, [[int(after[k]) for k in out] for out in out_of])
        faults += (
            Fault("schedule_cycle", {"path": " → ".join(activities[at].code for at in circle)})
            for circle in circles
        )
    refuse(faults)
    names = {name: at for at, name in enumerate(known)}
    own = np.array([names[one.calendar] for one in activities], dtype=np.int64)
    return Network(
        tuple(one.code for one in activities),
        tuple(one.name for one in activities),
        tuple(one.owner for one in activities),
        np.array([one.duration for one in activities], dtype=np.int64),
        tuple(known.values()),
        own,
        tuple(one.bounds for one in activities),
        before,
        after,
        np.array([LINKS.index(one.kind) for one in links], dtype=np.int64),
        np.array([one.lag for one in links], dtype=np.int64),
        np.array(
            [
                own[i] if one.calendar is None else names[one.calendar]
                for one, i in zip(links, before, strict=True)
            ],
            dtype=np.int64,
        ),
        np.array(order, dtype=np.int64),
        tuple(map(tuple, into)),
        tuple(map(tuple, out_of)),
        start,
    )


def _activity_faults(
    activities: Sequence[Activity], calendars: Mapping[str, Calendar]
) -> Iterable[Fault]:
    if not activities:
        yield Fault("schedule_no_activities")
    seen: set[str] = set()
    for one in activities:
        if not one.code:
            yield Fault("schedule_no_code", {"name": one.name or "—"})
        elif one.code in seen:
            yield Fault("schedule_code_twice", {"activity": one.code})
        seen.add(one.code)
        if one.duration < 0:
            yield Fault("schedule_negative_duration", {"activity": one.code, "found": one.duration})
        if one.calendar not in calendars:
            yield Fault("schedule_unknown_calendar", {"activity": one.code, "found": one.calendar})
        for bound in one.bounds:
            if bound.kind not in BOUNDS:
                yield Fault(
                    "schedule_unknown_bound",
                    {"activity": one.code, "found": bound.kind, "known": "、".join(BOUNDS)},
                )


def _link_faults(
    links: Sequence[Link], places: Mapping[str, int], calendars: Mapping[str, Calendar]
) -> Iterable[Fault]:
    for one in links:
        about = {"before": one.before, "after": one.after}
        if one.before not in places:
            yield Fault("schedule_unknown_before", about)
        if one.after not in places:
            yield Fault("schedule_unknown_after", about)
        if one.before == one.after:
            yield Fault("schedule_own_before", about)
        if one.kind not in LINKS:
            yield Fault("schedule_unknown_kind", {**about, "found": one.kind})
        if one.calendar is not None and one.calendar not in calendars:
            yield Fault("schedule_unknown_lag_calendar", {**about, "found": one.calendar})


def _ordered(
    count: int,
    after: Ints,
    into: Sequence[Sequence[int]],
    out_of: Sequence[Sequence[int]],
) -> list[int]:
    """Kahn 1962: those without open predecessors first; what stands in a circle never comes."""
    waiting = [len(one) for one in into]
    free = deque(at for at in range(count) if waiting[at] == 0)
    order = []
    while free:
        at = free.popleft()
        order.append(at)
        for link in out_of[at]:
            j = int(after[link])
            waiting[j] -= 1
            if waiting[j] == 0:
                free.append(j)
    return order


def _circles(stuck: set[int], successors: Sequence[Sequence[int]]) -> list[list[int]]:
    """A shortest circle for each knot of activities, and no activity in two of them."""
    left, found = set(stuck), []
    for at in sorted(stuck):
        if at not in left:
            continue
        back: dict[int, int] = {}
        queue = deque([at])
        while queue and at not in back:
            here = queue.popleft()
            for there in successors[here]:
                if there in left and there not in back:
                    back[there] = here
                    queue.append(there)
        if at not in back:
            continue
        circle = [at]
        while (here := back[circle[-1]]) != at:
            circle.append(here)
        left -= set(circle)
        found.append([at, *reversed(circle[1:]), at])
    return found

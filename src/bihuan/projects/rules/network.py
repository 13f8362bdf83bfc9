"""The preliminary steps of one project as a network: what blocks the start, and when it could be.

`earliest` is a plain forward pass over legal limits, working days and natural days mixed, which no
single-calendar engine does; it judges nothing else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bihuan.days.rules import Calendar

_ENDED = ("done", "skipped")


@dataclass(frozen=True)
class Node:
    """A step as the network needs it: what comes before it, how much of its limit is left.

    `lapsed` says that its document has expired: it is done and yet has to be done again.
    """

    key: int
    state: str
    after: frozenset[int]
    blocks: bool
    left: int | None
    unit: str
    lapsed: bool = False
    stopped: bool = False

    @property
    def ended(self) -> bool:
        return self.state in _ENDED and not self.lapsed


@dataclass(frozen=True)
class Blocking:
    """开工还卡在哪里：此刻能办的（前沿）、排在后面的、按时限最早哪天办完、最长的一条链。"""

    front: tuple[int, ...]
    behind: tuple[int, ...]
    earliest: date | None
    chain: tuple[int, ...]
    unlimited: tuple[int, ...]


def cycle(after: Mapping[int, Iterable[int]]) -> tuple[int, ...]:
    """The keys of a circle, in order; empty where there is none."""
    state: dict[int, int] = {}
    path: list[int] = []

    def walk(key: int) -> tuple[int, ...]:
        state[key] = 1
        path.append(key)
        for before in after.get(key, ()):
            if state.get(before) == 1:
                return tuple(path[path.index(before) :])
            if before not in state and (found := walk(before)):
                return found
        path.pop()
        state[key] = 2
        return ()

    for key in after:
        if key not in state and (found := walk(key)):
            return found
    return ()


def blocking(nodes: Sequence[Node], calendar: Calendar, today: date) -> Blocking:
    """What stands between today and the start."""
    known = {node.key: node for node in nodes}
    needed = _needed(known)
    open_ones = [node for node in nodes if node.key in needed and not node.ended]
    front = tuple(node.key for node in open_ones if _free(node, known))
    behind = tuple(node.key for node in open_ones if not _free(node, known))
    ends: dict[int, tuple[date, tuple[int, ...]]] = {}
    for node in open_ones:
        _earliest(node, known, calendar, today, ends)
    last = max((ends[node.key] for node in open_ones), key=lambda one: one[0], default=None)
    unlimited = tuple(node.key for node in open_ones if node.left is None)
    if last is None:
        return Blocking(front, behind, None, (), ())
    return Blocking(front, behind, last[0], last[1], unlimited)


def _needed(known: Mapping[int, Node]) -> set[int]:
    """Steps that the start waits for, with all that come before them."""
    found: set[int] = set()
    waiting = [node.key for node in known.values() if node.blocks]
    while waiting:
        key = waiting.pop()
        if key not in found and key in known:
            found.add(key)
            waiting += known[key].after
    return found


def _free(node: Node, known: Mapping[int, Node]) -> bool:
    return node.state != "waiting" or all(known[k].ended for k in node.after if k in known)


def _earliest(
    node: Node,
    known: Mapping[int, Node],
    calendar: Calendar,
    today: date,
    ends: dict[int, tuple[date, tuple[int, ...]]],
) -> tuple[date, tuple[int, ...]]:
    if node.key in ends:
        return ends[node.key]
    begin = today
    chain: tuple[int, ...] = ()
    before = [known[k] for k in sorted(node.after) if k in known and not known[k].ended]
    for one in before if node.state == "waiting" else ():
        end, through = _earliest(one, known, calendar, today, ends)
        if end > begin or not chain:
            begin, chain = max(begin, end), through
    left = max(node.left or 0, 0)
    end = calendar.add(begin, left, node.unit) if left else begin
    ends[node.key] = (end, (*chain, node.key))
    return ends[node.key]


# Documents that expire ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Validity:
    """证件有效期：到哪天为止，还能延几次，是否已失效，是否该提醒。"""

    until: date
    renewals_left: int
    lapsed: bool
    soon: bool
    days_left: int


def validity(
    calendar: Calendar,
    issued: date,
    *,
    number: int,
    unit: str,
    renewals: int,
    renewal_number: int,
    used: int,
    warn_days: int,
    today: date,
) -> Validity:
    """A document of `number` units, renewed `used` times: 3 + 3 + 3 months for a permit."""
    until = calendar.add(issued, number + renewal_number * used, unit)
    left = (until - today).days
    return Validity(until, max(renewals - used, 0), until < today, 0 <= left <= warn_days, left)

"""值班：每一班每个岗位有人，一个人不同时上两班，两班之间歇够。"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bihuan.base.text import zh

SENTENCES = {
    "gap": zh("%(day)s没有人：%(turns)s。"),
    "double": zh("%(who)s在%(day)s同时排了%(shift)s和%(other)s。"),
    "rest": zh("%(who)s %(day)s%(shift)s离上一班只歇 %(hours)d 小时，少于 %(least)d 小时。"),
}


@dataclass(frozen=True)
class Shift:
    """一种班次：代码、几点开始、多少小时。"""

    code: str
    begins: int
    hours: int

    def span(self, day: date) -> tuple[datetime, datetime]:
        """From when to when, as clocks on the wall show it."""
        start = datetime(day.year, day.month, day.day, self.begins)  # noqa: DTZ001 - wall clock
        return start, start + timedelta(hours=self.hours)


@dataclass(frozen=True)
class Turn:
    """一个岗位的一班：哪天、哪班、什么岗位、谁（任职的编号）。"""

    day: date
    shift: str
    role: str
    who: int


@dataclass(frozen=True)
class Fault:
    """一处不妥：代码，哪天哪班，谁，还有什么。"""

    code: str
    day: date
    shift: str
    role: str = ""
    who: int = 0
    other: str = ""
    hours: int = 0


def faults(
    turns: Sequence[Turn],
    days: Iterable[date],
    shifts: Mapping[str, Shift],
    roles: Iterable[str],
    rest: int,
) -> list[Fault]:
    """Everything wrong with a roster at once: gaps first, then people in two places, then rest."""
    found = [*_gaps(turns, days, shifts, list(roles))]
    by_person: dict[int, list[Turn]] = {}
    for one in turns:
        if one.shift in shifts:
            by_person.setdefault(one.who, []).append(one)
    for who in sorted(by_person):
        found += _of_one(by_person[who], shifts, rest)
    order = {"gap": 0, "double": 1, "rest": 2}
    return sorted(found, key=lambda one: (order[one.code], one.day, one.shift))


def _gaps(
    turns: Iterable[Turn], days: Iterable[date], shifts: Mapping[str, Shift], roles: Sequence[str]
) -> Iterator[Fault]:
    there = {(one.day, one.shift, one.role) for one in turns}
    for day in days:
        for shift in shifts:
            for role in roles:
                if (day, shift, role) not in there:
                    yield Fault("gap", day, shift, role)


def _of_one(turns: Iterable[Turn], shifts: Mapping[str, Shift], rest: int) -> Iterator[Fault]:
    """Two roles in one shift are one stay; anything else that overlaps is two places at once."""
    stays = sorted({(one.day, one.shift) for one in turns}, key=lambda s: shifts[s[1]].span(s[0]))
    for (day, shift), (later, other) in itertools.pairwise(stays):
        end, begin = shifts[shift].span(day)[1], shifts[other].span(later)[0]
        who = next(one.who for one in turns if (one.day, one.shift) == (later, other))
        if begin < end:
            yield Fault("double", later, shift, who=who, other=other)
        elif (begin - end) < timedelta(hours=rest):
            hours = int((begin - end).total_seconds() // 3600)
            yield Fault("rest", later, other, who=who, hours=hours)

"""情况报告的数怎样由队伍报告汇总：在岗、人次、台次、融雪剂、清运。No Django.

Three traps of the office's language are kept apart here (handbook section 11). People at work is a
stock at a moment; 人次 counts whoever came to a shift, once a shift however often a team reported.
A vehicle that went out three times is three 台次. And noon written as 上午12时 is 12:00.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from bihuan.base.text import zh

# Code → what it is called, its measure, decimals shown.
FIGURES: Mapping[str, tuple[str, str, int]] = {
    "posted": (zh("在岗人数"), zh("人"), 0),
    "people": (zh("出动人次"), zh("人次"), 0),
    "turnouts": (zh("出动车辆"), zh("台次"), 0),
    "deicer_t": (zh("撒布融雪剂"), zh("吨"), 3),
    "cleared_m3": (zh("清运积雪"), zh("立方米"), 0),
}
REPORT_STATES = {
    "draft": zh("草稿"),
    "issued": zh("已签发"),
    "dropped": zh("已作废"),
}
KG_PER_T = 1000


@dataclass(frozen=True)
class Entry:
    """一条队伍报告里与汇总有关的部分；`key` 是它的主键，`at` 是办公室所在地的时间。"""

    key: int
    unit: str
    unit_name: str
    at: datetime
    people: int | None = None
    turnouts: int | None = None
    deicer_kg: int | None = None
    cleared_m3: int | None = None


@dataclass(frozen=True)
class Out:
    """一台次出动：哪个单位的哪台车，什么时候出的。"""

    key: int
    unit: str
    unit_name: str
    vehicle: str
    at: datetime


@dataclass(frozen=True)
class Line:
    """汇总的一行：加了多少，取自哪条报告（或哪次出动）。"""

    unit: str
    unit_name: str
    at: str
    amount: Decimal
    entry: int | None = None
    turnout: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """一个数：汇总值和它的各行；行加起来就是汇总值。"""

    code: str
    summed: Decimal
    lines: tuple[Line, ...] = field(default=())


def shift_of(at: datetime, starts: Sequence[int]) -> tuple[date, int]:
    """The shift of a moment: the day it began and the hour; before the first hour it is last
    night's."""
    hours = sorted(starts)
    begun = [hour for hour in hours if hour <= at.hour]
    if begun:
        return at.date(), begun[-1]
    return at.date() - timedelta(days=1), hours[-1]


def figures(
    entries: Iterable[Entry], outs: Iterable[Out], starts: Sequence[int]
) -> dict[str, Figure]:
    """汇总：every figure from the entries given, each with its lines.

    Turn-outs are counted one by one where a unit's turn-outs are registered; only of units without
    any is their own count taken, so that none is counted twice.
    """
    told = sorted(entries, key=lambda one: (one.at, one.key))
    return {
        "posted": _figure("posted", _newest(told)),
        "people": _figure("people", _greatest(told, starts)),
        "turnouts": _figure("turnouts", _turnouts(told, outs)),
        "deicer_t": _figure("deicer_t", _each(told, "deicer_kg", KG_PER_T)),
        "cleared_m3": _figure("cleared_m3", _each(told, "cleared_m3")),
    }


def _figure(code: str, lines: Sequence[Line]) -> Figure:
    return Figure(code, sum((one.amount for one in lines), Decimal(0)), tuple(lines))


def _line(one: Entry, amount: Decimal, note: str = "") -> Line:
    at = one.at.isoformat(timespec="minutes")
    return Line(one.unit, one.unit_name, at, amount, one.key, note=note)


def _newest(told: Sequence[Entry]) -> list[Line]:
    """The newest word of each unit on how many are at work."""
    newest = {one.unit: one for one in told if one.people is not None}
    return [_line(one, Decimal(one.people or 0)) for one in newest.values() if one.people]


def _greatest(told: Sequence[Entry], starts: Sequence[int]) -> list[Line]:
    """Of each unit and shift the report with the most people: whoever came counts once."""
    greatest: dict[tuple[str, date, int], Entry] = {}
    for one in told:
        if not one.people:
            continue
        key = (one.unit, *shift_of(one.at, starts))
        held = greatest.get(key)
        if held is None or one.people > (held.people or 0):
            greatest[key] = one
    return [
        _line(one, Decimal(one.people or 0), f"{day.isoformat()} {hour:02d}")
        for (_unit, day, hour), one in greatest.items()
    ]


def _turnouts(told: Sequence[Entry], outs: Iterable[Out]) -> list[Line]:
    registered = sorted(outs, key=lambda one: (one.at, one.key))
    units = {one.unit for one in registered}
    lines = [
        Line(one.unit, one.unit_name, one.at.isoformat(timespec="minutes"), Decimal(1),
             turnout=one.key, note=one.vehicle)
        for one in registered
    ]  # fmt: skip
    return lines + _each([one for one in told if one.unit not in units], "turnouts")


def _each(told: Sequence[Entry], name: str, divided: int = 1) -> list[Line]:
    amounts = ((one, getattr(one, name)) for one in told)
    return [_line(one, Decimal(amount) / divided) for one, amount in amounts if amount]


# What a frozen report holds -----------------------------------------------------------------------


def frozen(found: Mapping[str, Figure]) -> list[dict[str, Any]]:
    """The figures with their lines as they are stored for good."""
    return [
        {
            "code": one.code,
            "summed": plain(one.summed),
            "lines": [
                {
                    "unit": line.unit,
                    "unit_name": line.unit_name,
                    "at": line.at,
                    "amount": plain(line.amount),
                    "entry": line.entry,
                    "turnout": line.turnout,
                    "note": line.note,
                }
                for line in one.lines
            ],
        }
        for one in found.values()
    ]


def thawed(stored: Iterable[Mapping[str, Any]]) -> dict[str, Figure]:
    """The same, read back."""
    return {
        one["code"]: Figure(
            one["code"],
            Decimal(one["summed"]),
            tuple(Line(**{**line, "amount": Decimal(line["amount"])}) for line in one["lines"]),
        )
        for one in stored
    }


def plain(value: Decimal) -> str:
    """A number without an exponent and without noughts at the end: 12.5, 3970."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# Roads --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Piece:
    """一个路段属于哪条路，代码、名称、等级，是不是重点路段。"""

    code: str
    name: str
    street: str
    kind: str
    key: bool = False


@dataclass(frozen=True)
class Road:
    """一条路的状态：报过的路段里最坏的；报了几段、共几段；哪些路段封闭或结冰。"""

    name: str
    kind: str
    state: str
    at: str
    known: int
    pieces: int
    worst: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Has every section of it been reported?"""
        return self.known == self.pieces


_WORST = ("closed", "icy", "slow", "passable")  # among those that were reported


def roads(
    pieces: Iterable[Piece], states: Mapping[str, tuple[str, datetime]], *, key_only: bool = True
) -> tuple[Road, ...]:
    """重点道路的状态：of each street, the worst that was said of any of its sections."""
    streets: dict[str, list[Piece]] = {}
    for one in pieces:
        if one.key or not key_only:
            streets.setdefault(one.street or one.name, []).append(one)
    return tuple(_road(name, parts, states) for name, parts in streets.items())


def _road(name: str, parts: Sequence[Piece], states: Mapping[str, tuple[str, datetime]]) -> Road:
    told = {one.code: states[one.code] for one in parts if one.code in states}
    told = {code: one for code, one in told.items() if one[0] in _WORST}
    worst = min((state for state, _at in told.values()), key=_WORST.index, default="unknown")
    newest = max((at for _state, at in told.values()), default=None)
    bad = tuple(
        one.name for one in parts if one.code in told and told[one.code][0] in ("closed", "icy")
    )
    return Road(
        name,
        parts[0].kind,
        worst,
        newest.isoformat(timespec="minutes") if newest else "",
        len(told),
        len(parts),
        bad,
    )


@dataclass(frozen=True)
class Change:
    """与上一期相比：一个数增减多少，或一条路由什么变为什么。"""

    code: str
    before: str
    after: str


def road_changes(before: Iterable[Mapping[str, Any]], after: Iterable[Road]) -> list[Change]:
    """Roads that stand otherwise than in the report before."""
    old = {one["name"]: one["state"] for one in before}
    return [
        Change(one.name, old.get(one.name, "unknown"), one.state)
        for one in after
        if old.get(one.name, "unknown") != one.state
    ]


_HALVES = {"上午": 0, "凌晨": 0, "早上": 0, "早晨": 0, "中午": 12, "下午": 12, "傍晚": 12,
           "晚上": 12, "夜间": 12, "晚": 12}  # fmt: skip


def moment(text: str) -> datetime | None:
    """A moment as papers write it, where the office stands: 上午12时 is noon; None if unread.

    >>> moment("2022年1月24日上午12时").hour
    12
    """
    found = _MOMENT.search("".join(text.split()))
    if found is None:
        return None
    year, month, day, half, hour, minute = found.groups()
    told, late = int(hour), _HALVES.get(half or "", 0)
    if late and told < 12 and not (half == "中午" and told in (10, 11)):
        told += late
    try:
        return datetime(int(year), int(month), int(day), told, int(minute or 0))  # noqa: DTZ001 - what was written; the office's zone is added by whoever asks
    except ValueError:
        return None


_MOMENT = re.compile(
    r"(\d{4})年(\d{1,2})月(\d{1,2})日"
    r"(上午|凌晨|早上|早晨|中午|下午|傍晚|晚上|夜间|晚)?(\d{1,2})[时点](?:(\d{1,2})分?)?"
)

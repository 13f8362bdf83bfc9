"""承诺兑现：a section is clear by its promised hour, and by what that is known. No Django.

Kept apart: proven by a track, declared by a team, not proven (a vehicle was out of hearing), done
only in part, not kept. 'Not proven' is never counted as kept nor as broken (issue 6, section 1).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from bihuan.base.text import zh
from bihuan.snow.rules.live import KINDS

OUTCOMES = {
    "proven": zh("兑现，有轨迹为证"),
    "declared": zh("兑现，队伍报告"),
    "partly": zh("到时做了一部分"),
    "not_proven": zh("无法证明"),
    "broken": zh("没有兑现"),
}
KEPT = ("proven", "declared")
# What `fleet.queries.standings` says of a section → how its promise stands.
_OF_STANDING = {
    "proven": "proven",
    "reported": "declared",
    "partly": "partly",
    "not_proven": "not_proven",
    "not_done": "broken",
}


@dataclass(frozen=True)
class Owed:
    """一个路段的承诺：等级、长度、归谁，承诺的时刻。"""

    code: str
    name: str
    kind: str
    length_m: float
    unit: str = ""
    due: datetime | None = None


@dataclass(frozen=True)
class Kept:
    """一个路段兑现得怎样：承诺的时刻、结果，晚了多少（没做过的为 None）。"""

    owed: Owed
    outcome: str
    late: timedelta | None = None


@dataclass(frozen=True)
class ClassRow:
    """一类道路：几个路段、多少公里，各种结果各几个，兑现率。"""

    kind: str
    due: str
    sections: int
    km: Decimal
    counts: Mapping[str, int]
    rate: Decimal | None
    longest_late_h: Decimal | None = None


def outcome(standing: str) -> str:
    """How a promise stands by what is known of the section at its hour."""
    return _OF_STANDING[standing]


def by_class(found: Iterable[Kept]) -> tuple[ClassRow, ...]:
    """承诺兑现按道路等级；in the order of the classes, those without sections left out."""
    groups: dict[str, list[Kept]] = {}
    for one in found:
        groups.setdefault(one.owed.kind, []).append(one)
    order = [kind for kind in KINDS if kind in groups]
    return tuple(_row(kind, groups[kind]) for kind in order)


def _row(kind: str, parts: Sequence[Kept]) -> ClassRow:
    counts = {code: sum(one.outcome == code for one in parts) for code in OUTCOMES}
    dues = sorted({one.owed.due for one in parts if one.owed.due is not None})
    late = [one.late for one in parts if one.late is not None and one.outcome not in KEPT]
    hours = Decimal(round(max(late).total_seconds() / 360)) / 10 if late else None
    return ClassRow(
        kind,
        dues[0].isoformat(timespec="minutes") if dues else "",
        len(parts),
        Decimal(round(sum(one.owed.length_m for one in parts) / 10)) / 100,
        counts,
        rate(parts),
        hours,
    )


def rate(found: Sequence[Kept]) -> Decimal | None:
    """兑现率（%）：kept over all, by length; None where nothing was promised.

    By length, so that cutting a street into more sections changes nothing.
    """
    whole = sum(one.owed.length_m for one in found)
    if not whole:
        return None
    kept = sum(one.owed.length_m for one in found if one.outcome in KEPT)
    return Decimal(round(10000 * kept / whole)) / 100


def by_unit(found: Iterable[Kept]) -> dict[str, Decimal]:
    """Each unit's share of what it owed, in percent; sections of nobody give none."""
    groups: dict[str, list[Kept]] = {}
    for one in found:
        if one.owed.unit:
            groups.setdefault(one.owed.unit, []).append(one)
    rates = {unit: rate(parts) for unit, parts in groups.items()}
    return {unit: told for unit, told in rates.items() if told is not None}


@dataclass(frozen=True)
class Price:
    """单价：一项的代码、名称、元、每多少。"""

    code: str
    price: Decimal


@dataclass(frozen=True)
class Cost:
    """费用：数量乘单价，合计。"""

    lines: tuple[tuple[str, Decimal, Decimal, Decimal], ...] = field(default=())  # code, n, 元, 元
    total: Decimal = Decimal(0)


def cost(amounts: Mapping[str, Decimal], prices: Iterable[Price]) -> Cost:
    """What an event cost, item by item; items without a price cost nothing and are not shown."""
    lines = tuple(
        (one.code, amounts[one.code], one.price, amounts[one.code] * one.price)
        for one in prices
        if one.code in amounts and one.price
    )
    return Cost(lines, sum((told[3] for told in lines), Decimal(0)))

"""Pieces that the texts of several kinds share; releases are Chinese, so are these."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from bihuan.base.errors import NotFound
from bihuan.people import queries as people
from bihuan.press.rules import Known

_HUNDRED_MILLION = 10_000  # 万元 in 亿元


def missing() -> NotFound:
    return NotFound(_("没有这条记录，或您现在的任职看不到它。"))


def number(key: str) -> int:
    if not key.isdecimal():
        raise missing()
    return int(key)


def zone() -> str:
    found = people.zone()
    return found.name if found else "本区"


def day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


def listed(names: Sequence[str], most: int = 4) -> str:
    """甲、乙、丙、丁等: the first few, with 等 where there are more."""
    return "、".join(names[:most]) + ("等" if len(names) > most else "")


def figure(
    code: str, names: Sequence[str], value: Decimal | int, measure: str, *, period: str = "",
    scope: str = "",
) -> Known:  # fmt: skip
    """A figure of a thing as the check of a text knows it; as many places as it has."""
    told = Decimal(value)
    exponent = told.normalize().as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    return Known(
        pk=0, name=names[0], names=tuple(names), units=(zone(),), period=period, years=(),
        measure=measure, value=told, places=places, scope=scope, code=code,
    )  # fmt: skip


def written(one: Known) -> str:
    return f"{one.value:.{one.places}f}{one.measure}"


def amount(code: str, names: Sequence[str], wan: Decimal, *, period: str = "") -> Known:
    """An amount kept in 万元, told in 亿元 where it is that large."""
    if wan >= _HUNDRED_MILLION:
        return figure(code, names, wan / _HUNDRED_MILLION, "亿元", period=period)
    return figure(code, names, wan, "万元", period=period)


def paragraphs(parts: Iterable[str]) -> str:
    return "\n".join(part.strip() for part in parts if part.strip())

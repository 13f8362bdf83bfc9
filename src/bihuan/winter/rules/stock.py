"""融雪剂库存：收、发、盘点、冲正，只增不改；任何一刻的结存都不能是负数。"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bihuan.base.text import zh

KINDS = {
    "receipt": zh("入库"),
    "issue": zh("出库"),
    "count": zh("盘点"),
    "reversal": zh("冲正"),
}
KG_PER_T = 1000


@dataclass(frozen=True)
class Step:
    """一笔：什么时候，多了（正）少了（负）多少公斤。"""

    at: datetime
    kg: int


def balance(steps: Iterable[Step], at: datetime | None = None) -> int:
    """The stock at a moment, in kg; now where none is given."""
    return sum(one.kg for one in steps if at is None or one.at <= at)


def short(steps: Iterable[Step]) -> Step | None:
    """The first moment at which the stock would be below zero: nothing can be issued that is not
    there, even where it is written down later. What comes at the same moment comes first.
    """
    held = 0
    for one in sorted(steps, key=lambda step: (step.at, -step.kg)):
        held += one.kg
        if held < 0:
            return Step(one.at, held)
    return None


def days_left(kg: int, square_m: float, grams: int, passes: int) -> float | None:
    """For how many days a stock lasts; None where nothing is to be spread.

    >>> days_left(90_000, 1_000_000, 15, 2)
    3.0
    """
    daily = square_m * grams * passes / 1000
    return None if daily <= 0 else round(kg / daily, 1)

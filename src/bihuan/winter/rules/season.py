"""A winter's plan, contracts and their areas: states, and which streets nobody or two clear."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bihuan.base.text import zh

SEASON_STATES = {"draft": zh("拟定中"), "in_force": zh("执行中"), "over": zh("已结束")}


@dataclass(frozen=True)
class Area:
    """一份合同的范围：编号、道路等级（空的是不限）、道路名（空的是全区）。"""

    number: str
    kinds: frozenset[str]
    streets: frozenset[str]

    def covers(self, street: str, kind: str) -> bool:
        return (not self.kinds or kind in self.kinds) and (
            not self.streets or street in self.streets
        )


@dataclass(frozen=True)
class Coverage:
    """哪些道路没有合同，哪些在两份以上合同里，合同里哪些道路路网里没有。"""

    none: tuple[str, ...]
    several: tuple[tuple[str, tuple[str, ...]], ...]
    unknown: tuple[tuple[str, str], ...]

    @property
    def whole(self) -> bool:
        return not (self.none or self.several or self.unknown)


def coverage(
    streets: Iterable[tuple[str, str]], areas: Sequence[Area], owed: frozenset[str]
) -> Coverage:
    """`streets` are (name, class) pairs of the network; `owed` the classes that must be in one.

    >>> found = coverage([("甲路", "main"), ("乙路", "main")],
    ...                  [Area("1", frozenset(), frozenset({"甲路", "丙路"}))], frozenset({"main"}))
    >>> found.none, found.unknown
    (('乙路',), (('1', '丙路'),))
    """
    pairs = sorted(set(streets))
    held = {pair: tuple(one.number for one in areas if one.covers(*pair)) for pair in pairs}
    none = {street for (street, kind), numbers in held.items() if kind in owed and not numbers}
    several = {street: numbers for (street, _kind), numbers in held.items() if len(numbers) > 1}
    names = {street for street, _kind in pairs}
    unknown = tuple((one.number, street) for one in areas for street in sorted(one.streets - names))
    return Coverage(tuple(sorted(none)), tuple(sorted(several.items())), unknown)

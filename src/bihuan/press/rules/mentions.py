"""Figures in a text: where they stand, in which unit, what is said of them.

A mention is a number with a unit of measure beside it. Dates, clock times and ordinals are none.
Plain Python; the units are handed in.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from unicodedata import normalize

_NUMBER = r"\d[\d,]*(?:\.\d+)?"
# What makes a number a day, an hour, an article, a rank on the way: looked at on both sides.
_DATED = re.compile(r"^(?:年(?!度?[内间])|月|日|时|点|号|周年|世纪|届|：|:)")
_SENTENCE = re.compile(r"[^。！？!?；;\n]+")
_MORE = re.compile(r"^(?:余|多)")
_SIGNS = {"约": "about", "近": "about", "超": "least", "逾": "least", "至少": "least"}
_DOWN = ("下降", "降低", "减少", "回落", "收窄")
_UP = ("增长", "提高", "上升", "增加", "扩大", "提升")
SIGN = "\ue000"  # stands for a number; no text has it
_RANK = re.compile(rf"由第?({_NUMBER})[位名]?[^\d。；;]{{0,6}}?(?:至|到)第?({_NUMBER})([位名])")


@dataclass(frozen=True)
class Mention:
    """文中的一个数：位置、数值、小数位、单位，是不是变动，前后的字。"""

    start: int
    end: int
    value: Decimal
    places: int
    measure: str
    role: str  # value, growth, points
    bound: str  # "", about, least
    before: str  # of its sentence
    after: str
    sentence: str


def folded(text: str) -> str:
    r"""Widths folded letter by letter, so that positions in the text stay what they were.

    >>> folded("\uff11\uff12\uff05")
    '12%'
    """
    out = []
    for one in text:
        plain = normalize("NFKC", one)
        out.append(plain if len(plain) == 1 else one)
    return "".join(out)


@lru_cache(maxsize=16)
def _units(measures: frozenset[str]) -> re.Pattern[str]:
    words = sorted(measures | {"个百分点", "百分点"}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


def mentions(text: str, measures: Collection[str]) -> Iterator[Mention]:
    """Every figure of a text, in order."""
    flat = folded(text)
    units = _units(frozenset(one for one in measures if one not in ("date", "time", "年")))
    for sentence in _SENTENCE.finditer(flat):
        yield from _in_sentence(flat, sentence.start(), sentence.end(), units)


def _in_sentence(flat: str, first: int, last: int, units: re.Pattern[str]) -> Iterator[Mention]:
    for found in re.compile(_NUMBER).finditer(flat, first, last):
        rest = flat[found.end() : last]
        more = _MORE.match(rest)
        unit = units.match(rest[more.end() if more else 0 :].lstrip())
        if unit is None or _DATED.match(rest):
            continue
        before, word = flat[first : found.start()], unit.group()
        written = found.group().replace(",", "")
        bound = (
            "least"
            if more
            else next((kind for sign, kind in _SIGNS.items() if before.endswith(sign)), "")
        )
        role, value = _role(before, word, Decimal(written))
        yield Mention(
            found.start(),
            found.end(),
            value,
            len(written.partition(".")[2]),
            "百分点" if word == "个百分点" else word,
            role,
            bound,
            before,
            rest[(more.end() if more else 0) + unit.end() :],
            flat[first:last],
        )


def _role(before: str, unit: str, value: Decimal) -> tuple[str, Decimal]:
    """A level, or a change of one: growth in per cent, a move in percentage points."""
    near = before[-8:]
    down = any(word in near for word in _DOWN)
    if unit in ("百分点", "个百分点"):
        return "points", -value if down else value
    if unit == "%" and (down or any(word in near for word in _UP)) and "比重" not in near:
        return "growth", -value if down else value
    return "value", value


def rank_moves(text: str) -> Iterator[tuple[int, int, tuple[int, int]]]:
    """From which rank to which, and where both stand: 由第26位跃升至22位."""
    for found in _RANK.finditer(folded(text)):
        yield int(found[1]), int(found[2]), (found.start(1), found.start(2))


def masked(text: str) -> tuple[str, list[tuple[Decimal, int]]]:
    """A text without spaces, each number one sign; and the numbers with their places in the text.

    >>> masked("参评 217 家")[0] == f"参评{SIGN}家"
    True
    """
    flat, numbers, out, at = folded(text), [], [], 0
    for found in re.compile(_NUMBER).finditer(flat):
        out.append(flat[at : found.start()] + SIGN)
        numbers.append((Decimal(found.group().replace(",", "")), found.start()))
        at = found.end()
    out.append(flat[at:])
    return re.sub(r"\s+", "", "".join(out)), numbers

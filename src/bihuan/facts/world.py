"""What the rules look at: all current figures as plain rows, indexed once; and how rules are told.

Plain Python. Figures keep the digits they were printed with, so that a comparison can allow for
rounding and for nothing else.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from bihuan.facts.terms import Terms

T = TypeVar("T")
K = TypeVar("K")


@dataclass(frozen=True)
class Figure:
    """One current observation, as the rules see it; whole numbers are keys of stored rows."""

    pk: int
    unit: int
    indicator: int
    period: int
    scope: str
    scope_key: str
    value: Decimal | None
    places: int
    measure: str
    text: str = ""
    change: Decimal | None = None
    change_places: int = 0
    change_kind: str = ""
    change_text: str = ""
    base_period: int | None = None
    approximate: bool = False
    lower_bound: bool = False
    year_inferred: bool = False
    quote: str = ""

    @property
    def series(self) -> tuple[int, int, str]:
        """What it is a figure of, whatever the period."""
        return self.unit, self.indicator, self.scope_key


@dataclass(frozen=True)
class Meaning:
    """What an indicator measures; a share names its whole, and the indicators of both."""

    numerator: str = ""
    denominator: str = ""
    whole_unit: int | None = None
    part: int | None = None
    whole: int | None = None


@dataclass(frozen=True)
class Days:
    """What the rules need to know of a period."""

    code: str
    starts: date | None = None
    assess_year: int | None = None
    data_year: int | None = None


@dataclass(frozen=True)
class Found:
    """One doubt: the rule, the numbers of its sentence, the figures and their parts in it.

    `about` is what makes it the same doubt when the rules run again.
    """

    rule: str
    about: tuple[str, ...]
    params: Mapping[str, str]
    concerned: tuple[tuple[str, Figure], ...]

    @property
    def fingerprint(self) -> str:
        text = json.dumps([self.rule, *self.about], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class World:
    """All current figures with what they mean, and the indexes that keep the rules quick."""

    figures: tuple[Figure, ...]
    meanings: Mapping[int, Meaning]
    periods: Mapping[int, Days]
    terms: Terms
    at: dict[tuple[int, int, int], list[Figure]] = field(init=False)
    of_series: dict[tuple[int, int, str, int], Figure] = field(init=False)

    def __post_init__(self) -> None:
        self.at = grouped(self.figures, lambda f: (f.unit, f.indicator, f.period))
        self.of_series = {(*f.series, f.period): f for f in self.figures}

    def comparable(self, *figures: Figure) -> bool:
        """Numbers of one dimension and one currency; nothing is ever converted by a rate."""
        measures = [
            (self.terms.sort(f.measure), self.terms.measures.get(f.measure)) for f in figures
        ]
        kinds = {(sort, m.currency) if m else None for sort, m in measures}
        numbers = all(f.value is not None and not f.approximate for f in figures)
        return numbers and len(kinds) == 1 and None not in kinds

    def range(self, figure: Figure) -> "Range":
        """The range a printed number stands for, in base units (元, not 亿元)."""
        factor = self.terms.measures[figure.measure].factor
        printed = Range.printed(figure.value or Decimal(0), figure.places)
        return Range(printed.low * factor, printed.high * factor)


@dataclass(frozen=True)
class Range:
    """All values that would be printed the same."""

    low: Decimal
    high: Decimal

    @classmethod
    def printed(cls, value: Decimal, places: int) -> "Range":
        """9.3 with one place stands for 9.25 to 9.35."""
        half = Decimal(5).scaleb(-places - 1)
        return cls(value - half, value + half)

    def meets(self, other: "Range") -> bool:
        return self.low <= other.high and other.low <= self.high


def grouped(rows: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """Rows by a key, in their order."""
    groups: dict[K, list[T]] = {}
    for one in rows:
        groups.setdefault(key(one), []).append(one)
    return groups


def digits(value: Decimal, places: int, *, sign: bool = False) -> str:
    """A number for a sentence: groups of three, a fixed number of places, a sign if asked."""
    text = f"{value:+,.{places}f}" if sign else f"{value:,.{places}f}"
    return text.replace("-", "−")


@dataclass(frozen=True)
class Sentence:
    """How a doubt is told: one line, how it was worked out, what to make of it."""

    severity: str
    title: str
    working: str
    reading: str


Rule = Callable[[World], Iterator[Found]]
RULES: dict[str, Rule] = {}
SENTENCES: dict[str, Sentence] = {}


def told(severity: str, title: str, working: str, reading: str) -> Callable[[Rule], Rule]:
    """Enter a rule with its sentences, under its own name."""

    def enter(rule: Rule) -> Rule:
        RULES[rule.__name__] = rule
        SENTENCES[rule.__name__] = Sentence(severity, title, working, reading)
        return rule

    return enter

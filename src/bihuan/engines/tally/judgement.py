"""Majority judgment (多数判断): the middle grade as a second opinion on a mean of points.

Balinski & Laraki, Majority Judgment (MIT Press 2011), chapters 1 and 12-13. A distribution is the
shares of the grades, best first, adding up to 1; weights of categories are already in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cmp_to_key
from itertools import accumulate

Shares = tuple[Fraction, ...]
HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Majority:
    """多数等次 grade（0 为最好）；above、below 是高于、低于它的占比。

    The gauge (p, grade with a sign, q): plus where more stand above the grade than below.
    """

    grade: int
    above: Fraction
    below: Fraction

    @property
    def plus(self) -> bool:
        return self.above > self.below


def majority(shares: Shares) -> Majority | None:
    """The majority grade: the best that more than half reach (of two middle marks the lower).

    None for a distribution without marks.

    >>> majority((Fraction(2, 5), Fraction(2, 5), Fraction(1, 5))).grade
    1
    """
    if not shares:
        return None
    upto = list(accumulate(shares))
    grade = next(place for place, share in enumerate(upto) if share > HALF)
    return Majority(grade, upto[grade] - shares[grade], 1 - upto[grade])


def compare(one: Shares, other: Shares) -> int:
    """1 where `one` has the higher majority value, −1 where the other has, 0 where they are equal.

    The majority value lists the grades from the middle outwards, the lower of each pair first; it
    is compared like words in a dictionary (chapter 13). In shares: going out from one half by t,
    compare the grade at ½ + t (counted from the best: the lower side), then that at ½ − t.
    """
    if not one or not other:
        return (len(one) > 0) - (len(other) > 0)
    cuts = sorted(
        {abs(cut - HALF) for shares in (one, other) for cut in accumulate(shares)} | {Fraction(0)}
    )
    for near in cuts[:-1]:
        for lower in (True, False):
            a, b = (_grade_at(shares, near, lower=lower) for shares in (one, other))
            if a != b:
                return 1 if a < b else -1
    return 0


def _grade_at(shares: Shares, distance: Fraction, *, lower: bool) -> int:
    """The grade just beyond `distance` from the middle; 0 is the best."""
    upto = list(accumulate(shares))
    if lower:
        return next(place for place, share in enumerate(upto) if share > HALF + distance)
    return next(place for place, share in enumerate(upto) if share >= HALF - distance)


def ranking(each: Sequence[Shares]) -> list[int]:
    """Rank by majority value, 1 the best; equal values share."""

    def best_first(one: int, other: int) -> int:
        return compare(each[other], each[one])

    order = sorted(range(len(each)), key=cmp_to_key(best_first))
    ranks = [0] * len(each)
    for place, number in enumerate(order):
        before = order[place - 1]
        same = place > 0 and compare(each[before], each[number]) == 0
        ranks[number] = ranks[before] if same else place + 1
    return ranks

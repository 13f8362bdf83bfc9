"""The judge (推导检查): tries to derive what was withheld, by other, slower means than the teller.

It takes the reader to know the plan, every told number and how many valid marks each withheld cell
has, and asks for each such cell how far the possible ones lie apart. Linear relations are solved
exactly, whole numbers are tried out. It knows nothing of `telling` and `witness`. Scores made of
places (method rank) are no sums of marks: of them it judges the counts only.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any

from bihuan.engines.tally.plan import Plan

Key = tuple[str, str, str]  # category, subject, item
Variable = tuple[Key, str]  # one grade's count in one cell
Vector = tuple[int, ...]  # a cell's counts, grade by grade
_WHOLE = 40  # cells up to this size are tried out whole, larger ones in part
_MANY = 200_000


@dataclass(frozen=True)
class Leak:
    """泄露：这一格能被推到多窄（spread 张票之内），而规则要求至少 needed。0 即推得出原数。"""

    category: str
    subject: str
    item: str
    spread: int
    needed: int


@dataclass(frozen=True)
class Sum:
    """另行公布的合计：这些格（类别、单位、项）各等次之和，如一项的总票数。"""

    keys: tuple[Key, ...]
    counts: Mapping[str, int]


def derivable(
    plan: Plan,
    accepted: Mapping[str, int],
    told: Sequence[Mapping[str, Any]],
    *,
    valid: Mapping[Key, int] | None = None,
    sums: Sequence[Sum] = (),
) -> list[Leak]:
    """Every withheld cell that the told rows (plain) give away. `plan` is the plan as counted.

    `accepted` are the ballots per category, `valid` the valid marks per cell where the reader is
    taken to know them; else all accepted ballots count as valid marks.
    """
    rows = [row for row in told if row["item"]]
    sizes: dict[Key, int] = {}
    known: dict[Key, Mapping[str, int]] = {}
    for row in rows:
        for category in plan.categories:
            key = (category.code, row["subject"], row["item"])
            if row["cells"] and category.code in row["cells"]:
                known[key] = row["cells"][category.code]
            elif size := (valid or {}).get(key, accepted.get(category.code, 0)):
                sizes[key] = size
    bounds = _bounds(plan, sizes, _equations(plan, rows, sizes, known, sums))
    leaks = []
    for row in rows:
        own = [key for key in sizes if key[1:] == (row["subject"], row["item"])]
        for key in own:
            spread = _spread(_possible(plan, row, key, own, sizes, known, bounds))
            needed = min(plan.min_cell, sizes[key])
            if spread is not None and spread < needed:
                leaks.append(Leak(*key, spread, needed))
    return leaks


# Linear relations ---------------------------------------------------------------------------------

Equation = tuple[dict[Variable, Fraction], Fraction]


def _equations(
    plan: Plan,
    rows: Sequence[Mapping[str, Any]],
    sizes: Mapping[Key, int],
    known: Mapping[Key, Mapping[str, int]],
    sums: Sequence[Sum],
) -> list[Equation]:
    """Sizes of cells, totals of rows, other sums: what is known minus what is told openly."""
    grades = [grade.code for grade in plan.grades]
    one = Fraction(1)
    out: list[Equation] = [
        ({(key, code): one for code in grades}, Fraction(size)) for key, size in sizes.items()
    ]
    totals = [
        Sum(tuple((c.code, row["subject"], row["item"]) for c in plan.categories), row["counts"])
        for row in rows
        if row["counts"]
    ]
    for total in [*totals, *sums]:
        for code in grades:
            rest = total.counts[code] - sum(known.get(k, {}).get(code, 0) for k in total.keys)
            terms = {(key, code): one for key in total.keys if key in sizes}
            if terms:
                out.append((terms, Fraction(rest)))
    return out


def _solved(equations: Iterable[Equation]) -> list[Equation]:
    """Gauss and Jordan in fractions: each equation keeps one leading unknown that no other has."""
    done: list[tuple[Variable, Equation]] = []
    for terms, value in equations:
        terms = dict(terms)
        for lead, (other, amount) in done:
            if factor := terms.get(lead):
                terms, value = _less(terms, value, other, amount, factor)
        if not terms:
            continue
        lead = next(iter(terms))
        scale = terms[lead]
        terms, value = {v: x / scale for v, x in terms.items()}, value / scale
        for place, (other_lead, (other, amount)) in enumerate(done):
            if factor := other.get(lead):
                done[place] = (other_lead, _less(other, amount, terms, value, factor))
        done.append((lead, (terms, value)))
    return [equation for _lead, equation in done]


def _less(
    terms: Mapping[Variable, Fraction],
    value: Fraction,
    other: Mapping[Variable, Fraction],
    amount: Fraction,
    factor: Fraction,
) -> Equation:
    out = dict(terms)
    for variable, x in other.items():
        out[variable] = out.get(variable, Fraction(0)) - factor * x
        if not out[variable]:
            del out[variable]
    return out, value - factor * amount


def _bounds(
    plan: Plan, sizes: Mapping[Key, int], equations: list[Equation]
) -> dict[Variable, tuple[Fraction, Fraction]]:
    """The narrowest ranges that follow from every equation alone, over and over."""
    bounds = {
        (key, grade.code): (Fraction(0), Fraction(size))
        for key, size in sizes.items()
        for grade in plan.grades
    }
    both = [*equations, *_solved(equations)] if len(equations) <= 400 else equations
    moved = True
    while moved:
        moved = False
        for terms, value in both:
            least = sum((min(x * b for b in bounds[v]) for v, x in terms.items()), Fraction(0))
            most = sum((max(x * b for b in bounds[v]) for v, x in terms.items()), Fraction(0))
            for v, x in terms.items():
                ends = [x * bound for bound in bounds[v]]
                a, b = (value - (most - max(ends))) / x, (value - (least - min(ends))) / x
                low, high = max(bounds[v][0], min(a, b)), min(bounds[v][1], max(a, b))
                if (low, high) != bounds[v]:
                    # The sums above are of the old range: take them anew in the next round.
                    bounds[v], moved = (low, high), True
                    break
    return bounds


# Whole numbers ------------------------------------------------------------------------------------


def _possible(
    plan: Plan,
    row: Mapping[str, Any],
    key: Key,
    own: Sequence[Key],
    sizes: Mapping[Key, int],
    known: Mapping[Key, Mapping[str, int]],
    bounds: Mapping[Variable, tuple[Fraction, Fraction]],
) -> Iterator[Vector]:
    """Vectors of this cell that leave the row's other cells some way to make what is told."""
    points = [plan.points[grade.code] for grade in plan.grades]
    good = [grade.code in plan.good for grade in plan.grades]
    near = [grade.code != row["near"] for grade in plan.grades] if row["near"] else []
    limits = [bounds[key, grade.code] for grade in plan.grades]
    test = _Row(plan, row, key, own, sizes, known)
    tried: dict[tuple[Fraction, int], bool] = {}  # few sums, many vectors
    for vector in _vectors(sizes[key], len(points)):
        if any(not low <= n <= high for n, (low, high) in zip(vector, limits, strict=True)):
            continue
        if near and sum(n for n, is_other in zip(vector, near, strict=True) if is_other) > (
            plan.min_cell
        ):
            continue
        total = sum((n * p for n, p in zip(vector, points, strict=True)), Fraction(0))
        sums = total, sum(n for n, is_good in zip(vector, good, strict=True) if is_good)
        if sums not in tried:
            tried[sums] = test.allows(*sums)
        if tried[sums]:
            yield vector


def _vectors(size: int, places: int) -> Iterator[Vector]:
    """All vectors of a small cell; of a large one those with at most three grades in use.

    Leaving some out can only make the judge stricter.
    """
    if size <= _WHOLE or places <= 3:
        yield from _whole(size, places)
        return
    seen = set()
    for used in combinations(range(places), 3):
        for part in _whole(size, 3):
            vector = [0] * places
            for place, number in zip(used, part, strict=True):
                vector[place] = number
            if tuple(vector) not in seen:
                seen.add(tuple(vector))
                yield tuple(vector)


def _whole(size: int, places: int) -> Iterator[Vector]:
    if places == 1:
        yield (size,)
        return
    for first in range(size + 1):
        for rest in _whole(size - first, places - 1):
            yield (first, *rest)


class _Row:
    """What a row's told score, share and totals leave open to one of its cells."""

    def __init__(
        self,
        plan: Plan,
        row: Mapping[str, Any],
        key: Key,
        own: Sequence[Key],
        sizes: Mapping[Key, int],
        known: Mapping[Key, Mapping[str, int]],
    ) -> None:
        weights = {category.code: category.weight for category in plan.categories}
        numbers = {k: sizes[k] for k in own} | {
            k: sum(counts.get(grade.code, 0) for grade in plan.grades)
            for k, counts in known.items()
            if k[1:] == key[1:]
        }
        filled = {k: n for k, n in numbers.items() if n}
        total = sum((weights[k[0]] for k in filled), Fraction(0)) or Fraction(1)
        self.number = sum(filled.values())
        self.step = {k: weights[k[0]] / total / n for k, n in filled.items()}
        self.own = self.step[key]
        # A rounded number stands for low ≤ x < high; an exact one, or a range, has both ends.
        self.half_open = row["level"] == "score" and row["low"] != row["high"]
        by_sums = plan.method != "rank"
        self.score = _interval(row["low"], row["high"]) if by_sums else None
        self.share = _interval(row["share_low"], row["share_high"])
        start = Fraction(0)
        start_good = 0
        for k, counts in known.items():
            if k in self.step:
                for grade in plan.grades:
                    number = counts.get(grade.code, 0)
                    start += self.step[k] * number * plan.points[grade.code]
                    start_good += number * (grade.code in plan.good)
        rest = {(start, start_good)}
        for other in own:
            if other == key:
                continue
            reach = _reach(plan, sizes[other], with_good=self.share is not None)
            if len(rest) * len(reach) > _MANY:
                self.rest: dict[int, list[Fraction]] | None = None  # too many to try: all is open
                return
            rest = {(value + self.step[other] * s, g + h) for value, g in rest for s, h in reach}
        self.rest = {}
        for value, g in sorted(rest):
            self.rest.setdefault(g, []).append(value)

    def allows(self, total: Fraction, good: int) -> bool:
        """Whether the other cells can make up the told numbers beside this cell's."""
        if self.rest is None or (self.score is None and self.share is None):
            return True
        for g, values in self.rest.items():
            if self.share and not self._within(Fraction(good + g, self.number), self.share):
                continue
            if self.score is None:
                return True
            moved = self.own * total
            at = bisect_left(values, self.score[0] - moved)
            if at < len(values) and self._within(values[at] + moved, self.score):
                return True
        return False

    def _within(self, value: Fraction, interval: tuple[Fraction, Fraction]) -> bool:
        low, high = interval
        return low <= value < high or (value == high and not self.half_open)


def _interval(low: str | None, high: str | None) -> tuple[Fraction, Fraction] | None:
    return None if low is None or high is None else (Fraction(low), Fraction(high))


def _reach(plan: Plan, size: int, *, with_good: bool) -> set[tuple[Fraction, int]]:
    """(points, 好) that so many marks can add up to."""
    each = {
        (plan.points[grade.code], int(with_good and grade.code in plan.good))
        for grade in plan.grades
    }
    reach = {(Fraction(0), 0)}
    for _ in range(size):
        reach = {(total + p, number + g) for total, number in reach for p, g in each}
    return reach


def _spread(vectors: Iterable[Vector]) -> int | None:
    """The most voters in which two of these vectors differ; None if there are none.

    Half the sum of differences is the largest surplus over any set of grades.
    """
    found = list(vectors)
    if not found:
        return None
    places = range(len(found[0]))
    most = 0
    for size in range(1, len(found[0])):
        for chosen in combinations(places, size):
            sums = [sum(vector[place] for place in chosen) for vector in found]
            most = max(most, max(sums) - min(sums))
    return most

"""Sensitivity (变动余量): the fewest ballots that would have to differ for a result to differ.

Each changed mark moves a score by at most w_c / (W n_c) times a distance of points. Moves add up,
so taking the largest first gives the fewest. Where two units are compared one ballot may move
both: the number is then what is needed at least.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from bihuan.engines.tally.count import Outcome, Row, shares
from bihuan.engines.tally.judgement import HALF, majority, ranking
from bihuan.engines.tally.plan import Plan

Moves = list[tuple[Fraction, int]]  # (gain, how many marks can gain it), largest first


@dataclass(frozen=True)
class Opinion:
    """第二意见：一行的多数等次、依多数值的位次，以及改变结果所需的最少票数（None 为不可能）。"""

    subject: str
    item: str
    grade: str
    above: Fraction
    below: Fraction
    plus: bool
    rank: int
    to_change_grade: int | None
    to_change_band: int | None
    to_change_rank: int | None


def opinions(plan: Plan, outcome: Outcome, item: str) -> list[Opinion]:
    """The second opinion on every unit of one item that has marks.

    Distances of a score are given for the methods points and share, and for single items: a place
    or a joined score does not move by sums.
    """
    rows = [row for row in outcome.of(item) if shares(plan, row)]
    each = [shares(plan, row) for row in rows]
    ranks = ranking(each)
    additive = plan.method != "rank" and item in [one.code for one in plan.items]
    out = []
    for row, own, rank in zip(rows, each, ranks, strict=True):
        found = majority(own)
        assert found is not None  # rows without marks are left out above
        code = plan.grades[found.grade].code
        out.append(
            Opinion(
                row.subject,
                item,
                code,
                found.above,
                found.below,
                found.plus,
                rank,
                to_change_grade=_to_change_grade(plan, row, found.grade),
                to_change_band=_to_change_band(plan, row) if additive else None,
                to_change_rank=_to_change_rank(plan, row, rows) if additive else None,
            )
        )
    return out


def _steps(plan: Plan, row: Row) -> list[tuple[str, Fraction]]:
    """Category and what one of its marks weighs: w_c / (W n_c)."""
    known = [
        (category.weight, cell)
        for category, cell in zip(plan.categories, row.cells, strict=True)
        if cell.valid and category.weight
    ]
    total = sum((w for w, _cell in known), Fraction(0))
    return [(cell.category, w / total / cell.valid) for w, cell in known]


def _moves(
    plan: Plan, row: Row, gain: Callable[[str], Fraction], of: Sequence[str] | None = None
) -> dict[str, Moves]:
    """Category → what changing its marks (of these grades) gains, and how many gain so much."""
    weigh = dict(_steps(plan, row))
    grades = [grade.code for grade in plan.grades] if of is None else of
    return {
        cell.category: sorted(
            ((weigh[cell.category] * gain(grade), cell.counts[grade]) for grade in grades),
            reverse=True,
        )
        for cell in row.cells
        if cell.category in weigh
    }


def _fewest(moves: Moves, need: Fraction, *, beyond: bool) -> int | None:
    """How many of the largest moves reach `need` (or go beyond it); None if all do not."""
    if need < 0 or (need == 0 and not beyond):
        return 0
    taken = 0
    for move, number in sorted(moves, reverse=True):
        if move <= 0:
            return None
        wanted = need / move
        wanted_whole = floor(wanted) + 1 if beyond else ceil(wanted)
        if wanted_whole <= number:
            return taken + wanted_whole
        need, taken = need - number * move, taken + number
    return None


def _to_change_grade(plan: Plan, row: Row, grade: int) -> int | None:
    """Marks to move across the majority grade until the middle lies elsewhere."""
    upto = sum(shares(plan, row)[: grade + 1], Fraction(0))
    above = sum(shares(plan, row)[:grade], Fraction(0))
    codes = [one.code for one in plan.grades]
    # Down: at most half may stay at the grade or above it. Up: more than half above it.
    down = _all(_moves(plan, row, lambda code: Fraction(codes.index(code) <= grade)))
    up = _all(_moves(plan, row, lambda code: Fraction(codes.index(code) >= grade)))
    found = [
        _fewest(down, upto - HALF, beyond=False) if grade < len(codes) - 1 else None,
        _fewest(up, HALF - above, beyond=True) if grade > 0 else None,
    ]
    return min((number for number in found if number is not None), default=None)


def _all(moves: Mapping[str, Moves]) -> Moves:
    return [move for each in moves.values() for move in each]


def _to_change_band(plan: Plan, row: Row) -> int | None:
    """Marks to change until the band is another one."""
    if row.score is None or row.share is None or not plan.bands:
        return None
    here = [one.code for one in plan.bands].index(row.band)
    found = []
    points = plan.points
    best, worst = max(points.values()), min(points.values())
    # To fall, one condition of the own band has to break.
    one = plan.bands[here]
    if one.score is not None:
        falls = _all(_moves(plan, row, lambda code: points[code] - worst))
        found.append(_fewest(falls, row.score - one.score, beyond=True))
    if one.share is not None:
        falls = [(Fraction(1, row.valid), sum(row.counts[code] for code in plan.good))]
        found.append(_fewest(falls, row.share - one.share, beyond=True))
    # To rise, every condition of a higher band has to hold; the lowest of them is the nearest.
    for higher in plan.bands[:here]:
        found.append(_to_rise(plan, row, best, higher.score, higher.share))
    known = [number for number in found if number is not None]
    return min(known, default=None)


def _to_rise(
    plan: Plan, row: Row, best: Fraction, score: Fraction | None, share: Fraction | None
) -> int | None:
    """Marks to raise to the best grade until both conditions hold.

    Marks that already count as 好 raise the score only, all others raise both.
    """
    assert row.score is not None  # asked by _to_change_band
    assert row.share is not None
    points = plan.points
    need = max(Fraction(0), (score or Fraction(0)) - row.score)
    short = max(Fraction(0), (share or Fraction(0)) - row.share) * row.valid
    others = -(-short.numerator // short.denominator)
    rest_codes = [grade.code for grade in plan.grades if grade.code not in plan.good]
    both = sorted(_all(_moves(plan, row, lambda code: best - points[code], rest_codes)))
    only = _all(_moves(plan, row, lambda code: best - points[code], plan.good))
    rest, wanted = [], others
    for move, number in reversed(both):
        taken = min(wanted, number)
        need, wanted = need - taken * move, wanted - taken
        rest.append((move, number - taken))
    more = _fewest(rest + only, need, beyond=False)
    return None if wanted or more is None else others + more


def _to_change_rank(plan: Plan, row: Row, rows: Sequence[Row]) -> int | None:
    """Ballots until the unit would be level with a neighbour by score."""
    if row.score is None:
        return None
    scored = sorted(
        (one for one in rows if one.score is not None), key=lambda one: -(one.score or 0)
    )
    found = []
    for higher, lower in pairwise(scored):
        if row.subject in (higher.subject, lower.subject):
            found.append(_to_meet(plan, higher, lower))
    return min((number for number in found if number is not None), default=None)


def _to_meet(plan: Plan, higher: Row, lower: Row) -> int | None:
    """Ballots that lower the one and raise the other until both scores are equal."""
    points = plan.points
    best, worst = max(points.values()), min(points.values())
    down = _moves(plan, higher, lambda code: points[code] - worst)
    up = _moves(plan, lower, lambda code: best - points[code])
    both: Moves = []
    for category in {*down, *up}:
        both += _paired(down.get(category, []), up.get(category, []))
    assert higher.score is not None  # sorted by it
    assert lower.score is not None
    return _fewest(both, higher.score - lower.score, beyond=False)


def _paired(one: Moves, other: Moves) -> Moves:
    """The largest of one with the largest of the other, and so on; what is left stands alone."""
    left, right, out = list(reversed(one)), list(reversed(other)), []
    while left or right:
        a, n = left.pop() if left else (Fraction(0), 0)
        b, m = right.pop() if right else (Fraction(0), 0)
        number = min(n, m) if n and m else n or m
        if number:
            out.append((a + b if n and m else a if n else b, number))
        if n > number:
            left.append((a, n - number))
        if m > number:
            right.append((b, m - number))
    return out

"""Witnesses (旁证): another row of marks that would be told just the same.

If one exists that differs in min(min_cell, n) of a cell's n voters, nobody can read that cell off
what is told: the reader cannot know which of the two it was.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product

from bihuan.engines.tally.count import Cell, Row
from bihuan.engines.tally.plan import Plan

Interval = tuple[Fraction, Fraction]  # low ≤ x < high


def hidden(plan: Plan, row: Row, score: Interval, share: Interval | None) -> bool:
    """Whether every cell of the row could have been another one under the same told numbers."""
    steps = _steps(plan, row)
    return all(_other(plan, row, cell, steps, score, share) for cell in row.cells if cell.valid)


def still(plan: Plan, row: Row) -> bool:
    """Whether each cell could be another one while no mean moves, nor a share that bands use."""
    by_share = any(one.share is not None for one in plan.bands)
    return all(
        any(not points and not (by_share and good) for points, good in _exchanges(plan, cell))
        for cell in row.cells
        if cell.valid
    )


def _steps(plan: Plan, row: Row) -> dict[str, Fraction]:
    """Category → how far one point of one of its marks moves the score."""
    known = {
        cell.category: (category.weight, cell.valid)
        for category, cell in zip(plan.categories, row.cells, strict=True)
        if cell.valid
    }
    total = sum((weight for weight, _n in known.values()), Fraction(0))
    return {code: weight / total / n for code, (weight, n) in known.items()}


def _other(
    plan: Plan,
    row: Row,
    cell: Cell,
    steps: dict[str, Fraction],
    score: Interval,
    share: Interval | None,
) -> bool:
    """A change of this cell, alone or with one kind of change elsewhere, that nobody would see."""
    assert row.score is not None  # a row without a score is not rounded
    assert row.share is not None
    own = steps[cell.category]
    rest = [other for other in row.cells if other.valid and other.category != cell.category]
    for points, good in sorted(_exchanges(plan, cell), key=lambda move: (abs(move[0]), move)):
        start = row.score + own * points
        start_share = row.share + Fraction(good, row.valid)
        # Where the share of 好 is told too, changes that leave it alone may do what others cannot.
        for keep_share in (False, True) if share else (False,):
            moved, good_moved = _made_up(plan, rest, steps, start, score, keep_share=keep_share)
            then = start_share + Fraction(good_moved, row.valid)
            if _inside(moved, score) and (share is None or _inside(then, share)):
                return True
    return False


def _inside(value: Fraction, interval: Interval) -> bool:
    return interval[0] <= value < interval[1]


def _made_up(
    plan: Plan,
    cells: Sequence[Cell],
    steps: dict[str, Fraction],
    start: Fraction,
    score: Interval,
    *,
    keep_share: bool,
) -> tuple[Fraction, int]:
    """(score, 好 gained) after changing marks of other cells towards the interval.

    Largest changes first, as many of each as do not pass the interval: a search that may miss a
    way, never one that invents one.
    """
    sign = 1 if start < score[0] else -1
    kinds = sorted(
        (
            (abs(steps[cell.category] * by), cell.category, one, room, good)
            for cell in cells
            for one, room, by, good in _shifts(plan, cell)
            if steps[cell.category] * by * sign > 0 and not (keep_share and good)
        ),
        reverse=True,
    )
    left: dict[tuple[str, str], int] = {}
    gained = 0
    for step, category, one, room, good in kinds:
        if _inside(start, score):
            break
        need = score[1] - start if sign > 0 else start - score[0]
        number = min(left.get((category, one), room), int(need / step))
        # The upper end is not inside: one step fewer where the last would land on it.
        if number and sign > 0 and start + number * step >= score[1]:
            number -= 1
        start += sign * number * step
        gained += number * good
        left[category, one] = left.get((category, one), room) - number
    return start, gained


def _shifts(plan: Plan, cell: Cell) -> Iterator[tuple[str, int, Fraction, int]]:
    """(grade, its marks, points each, 好 each): marks of one grade turning into another."""
    points = plan.points
    for one, other in product(points, points):
        if one != other and cell.counts[one]:
            good = (other in plan.good) - (one in plan.good)
            yield one, cell.counts[one], points[other] - points[one], good


def _exchanges(plan: Plan, cell: Cell) -> set[tuple[Fraction, int]]:
    """(points, 好) gained by changing exactly min(min_cell, n) of the cell's marks.

    A grade that marks leave is not one that they go to, or fewer would really have changed.
    """
    points, grades = plan.points, [grade.code for grade in plan.grades]
    size = min(plan.min_cell, cell.valid)
    gains = set()
    for left in _parts(size, [cell.counts[code] for code in grades]):
        free = [code for code, number in zip(grades, left, strict=True) if not number]
        lost = sum((points[c] * n for c, n in zip(grades, left, strict=True)), Fraction(0))
        lost_good = sum(n for c, n in zip(grades, left, strict=True) if c in plan.good)
        for come in _parts(size, [size] * len(free)):
            won = sum((points[c] * n for c, n in zip(free, come, strict=True)), Fraction(0))
            won_good = sum(n for c, n in zip(free, come, strict=True) if c in plan.good)
            gains.add((won - lost, won_good - lost_good))
    return gains


def _parts(total: int, most: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Every way to write total as a sum with at most so much in each place."""
    if not most:
        if total == 0:
            yield ()
        return
    for first in range(min(total, most[0]), -1, -1):
        for rest in _parts(total - first, most[1:]):
            yield (first, *rest)

"""Telling (披露规则): how much of each row may be told so that no small or unanimous cell is.

A row (one unit in one item) is told at one of four levels, and everything else that is told (rank,
band, joined score) is made from what is told, never from what is withheld:

  cells  every category's counts, totals and the exact score: each cell has at least min_cell valid
         marks and they are not all the same (min_other of them differ)
  score  the rounded score alone: for each cell there is another row of marks, different in
         min(min_cell, n) of its voters, that would be told just the same (`witness.hidden`)
  range  nearly all marks are one grade: only the range of scores that min_cell other marks span
  none   nothing but the reconciliation's numbers

With `plan.scores == "rounded"` a row that is not told whole is told its rounded score, unguarded.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor
from typing import Any, Self

from bihuan.engines.tally.columns import Columns
from bihuan.engines.tally.count import COMBINED, Cell, Outcome, Row, band
from bihuan.engines.tally.disclosure.witness import Interval, hidden, still
from bihuan.engines.tally.faults import unfit
from bihuan.engines.tally.plan import Plan

CELLS, SCORE, RANGE, NONE = "cells", "score", "range", "none"
LEVELS = (CELLS, SCORE, RANGE, NONE)
# Ever coarser, in points.
_STEPS = tuple(
    map(Fraction, ("0.1", "0.2", "0.5", "1", "1.5", "2", "2.5", "3", "4", "5", "6", "8", "10"))
)
_HUNDRED = Fraction(100)


@dataclass(frozen=True)
class Told:
    """告知的一行。low、high 为得分区间（相等即精确），share_low、share_high 为“好”占比的区间。

    bands are those that the told range allows; rank to rank_last the places it allows.
    """

    subject: str
    item: str
    level: str
    reason: str = ""
    cells: Mapping[str, Mapping[str, int]] | None = None
    counts: Mapping[str, int] | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    share_low: Fraction | None = None
    share_high: Fraction | None = None
    near: str = ""
    bands: tuple[str, ...] = ()
    rank: int | None = None
    rank_last: int | None = None

    @property
    def exact(self) -> bool:
        return self.low is not None and self.low == self.high

    @property
    def middle(self) -> Fraction | None:
        """The number to print for a rounded score; None for a range and where nothing is told."""
        if self.low is None or self.high is None or self.level == RANGE:
            return None
        return (self.low + self.high) / 2

    def plain(self) -> dict[str, Any]:
        def text(value: Fraction | None) -> str | None:
            return None if value is None else str(value)

        return {
            "subject": self.subject,
            "item": self.item,
            "level": self.level,
            "reason": self.reason,
            "cells": _tidy(self.cells),
            "counts": None if self.counts is None else dict(self.counts),
            "low": text(self.low),
            "high": text(self.high),
            "share_low": text(self.share_low),
            "share_high": text(self.share_high),
            "near": self.near,
            "bands": list(self.bands),
            "rank": self.rank,
            "rank_last": self.rank_last,
        }

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> Self:
        """What `plain` wrote; Unfit if it is something else."""
        numbers = ("low", "high", "share_low", "share_high")
        try:
            parts = dict(table) | {
                name: None if table[name] is None else Fraction(table[name]) for name in numbers
            }
            made = cls(**{**parts, "bands": tuple(table["bands"])})
        except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
            raise unfit("told_unreadable") from error
        if not _is_shaped(made):
            raise unfit("told_unreadable")
        return made


def _is_shaped(made: Told) -> bool:
    """Whether what came from a file has the types and ends that the rest relies on."""
    pairs = ((made.low, made.high), (made.share_low, made.share_high))
    ends = all((low is None) == (high is None) for low, high in pairs)
    texts = (made.subject, made.item, made.level, made.reason, made.near, *made.bands)
    tables = [made.counts, *(made.cells.values() if isinstance(made.cells, dict) else ())]
    counts = all(
        one is None or (isinstance(one, dict) and all(type(n) is int for n in one.values()))
        for one in tables
    )
    return (
        ends
        and counts
        and made.level in LEVELS
        and isinstance(made.cells, dict | None)
        and all(isinstance(one, str) for one in texts)
        and all(type(one) is int or one is None for one in (made.rank, made.rank_last))
        and (made.rank is None) == (made.rank_last is None)
    )


def _tidy(cells: Mapping[str, Mapping[str, int]] | None) -> dict[str, dict[str, int]] | None:
    return None if cells is None else {code: dict(counts) for code, counts in cells.items()}


def tell(
    plan: Plan, outcome: Outcome, columns: Columns, *, earlier: Sequence[Columns] = ()
) -> tuple[Told, ...]:
    """披露：a told row for each row of the outcome, in its order.

    `plan` is the plan as counted; `earlier` are the columns behind results already told: what
    differs from them in fewer than min_cell marks is not told again.
    """
    told: list[Told] = []
    for item in plan.items:
        rows = outcome.of(item.code)
        made = [_row(plan, row, rows, columns, earlier) for row in rows]
        if plan.method == "rank" and any(one.level != CELLS for one in made):
            # A place depends on every unit's marks: what one row hides, all of them could show.
            made = _places(plan, rows, made)
        told += _ranked(plan, rows, made)
    if plan.combine:
        rows = outcome.of(COMBINED)
        told += _ranked(plan, rows, [_joined(plan, row, told) for row in rows])
    return tuple(told)


def _row(
    plan: Plan, row: Row, rows: Sequence[Row], columns: Columns, earlier: Sequence[Columns]
) -> Told:
    bare = Told(row.subject, row.item, NONE)
    filled = [cell for cell in row.cells if sum(cell.counts.values())]
    if any(_differs(plan, row, columns, before) for before in earlier):
        return replace(bare, reason="difference")
    if row.valid < plan.min_cell:
        return replace(bare, reason="few")
    if all(is_safe(plan, cell) for cell in filled):
        return _open(plan, row)
    if row.score is None:
        return replace(bare, reason=row.reason)
    if plan.method == "rank":
        return replace(bare, reason="small_cells")
    near = _near(plan, row)
    if near is not None and plan.scores == "guarded":
        return _range(plan, row, near)
    return _rounded(plan, row, bare)


def is_safe(plan: Plan, cell: Cell) -> bool:
    """At least min_cell valid marks, and at least min_other of them not the commonest."""
    most = max(cell.counts[grade.code] for grade in plan.grades)
    return cell.valid >= plan.min_cell and cell.valid - most >= plan.min_other


def _near(plan: Plan, row: Row) -> str | None:
    """The grade from which at most min_cell of the row's valid marks differ, if there is one."""
    code = max((grade.code for grade in plan.grades), key=lambda one: row.counts[one])
    return code if row.valid - row.counts[code] <= plan.min_cell else None


def _open(plan: Plan, row: Row) -> Told:
    return Told(
        row.subject,
        row.item,
        CELLS,
        reason=row.reason,
        cells={cell.category: dict(cell.counts) for cell in row.cells},
        counts=dict(row.counts),
        low=row.score,
        high=row.score,
        share_low=row.share,
        share_high=row.share,
        bands=(row.band,) if row.band else (),
    )


def _range(plan: Plan, row: Row, near: str) -> Told:
    """The scores that up to min_cell other marks than `near` can make: says only that much."""
    points = plan.points
    steps = sorted(
        (step for weight, n in _weights(plan, row) for step in [weight / n] * n), reverse=True
    )
    moved = sum(steps[: plan.min_cell], Fraction(0))
    low = points[near] - moved * (points[near] - min(points.values()))
    high = points[near] + moved * (max(points.values()) - points[near])
    fewer = Fraction(min(plan.min_cell, row.valid), row.valid)
    good = near in plan.good
    return Told(
        row.subject,
        row.item,
        RANGE,
        reason="near_unanimous",
        low=low,
        high=high,
        share_low=1 - fewer if good else Fraction(0),
        share_high=Fraction(1) if good else fewer,
        near=near,
        bands=_bands(plan, low, high, 1 - fewer if good else Fraction(0), Fraction(good) or fewer),
    )


def _weights(plan: Plan, row: Row) -> list[tuple[Fraction, int]]:
    """(share of the score, valid marks) of the categories that count for this row."""
    known = [
        (category.weight, cell.valid)
        for category, cell in zip(plan.categories, row.cells, strict=True)
        if cell.valid and category.weight
    ]
    total = sum((weight for weight, _n in known), Fraction(0))
    return [(weight / total, n) for weight, n in known]


def _rounded(plan: Plan, row: Row, bare: Told) -> Told:
    """The finest rounding under which every cell stays hidden; nothing if none is coarse enough."""
    finest = Fraction(1, 10**plan.decimals)
    with_share = any(one.share is not None for one in plan.bands)
    for step in (finest, *(step for step in _STEPS if step > finest)):
        score = rounding(row.score, step)
        share = rounding(row.share, step / _HUNDRED) if with_share else None
        if score is not None and (plan.scores == "rounded" or hidden(plan, row, score, share)):
            low, high = share or (None, None)
            return replace(
                bare,
                level=SCORE,
                reason="small_cells",
                low=score[0],
                high=score[1],
                share_low=low,
                share_high=high,
                bands=_bands(plan, *score, low, high),
            )
    return replace(bare, reason="small_cells")


def rounding(value: Fraction | None, step: Fraction) -> Interval | None:
    """The values that round to the same multiple of step: [v − step/2, v + step/2).

    >>> rounding(Fraction("94.26"), Fraction(1))
    (Fraction(187, 2), Fraction(189, 2))
    """
    if value is None:
        return None
    at = floor(value / step + Fraction(1, 2)) * step
    return at - step / 2, at + step / 2


def _bands(
    plan: Plan,
    low: Fraction,
    high: Fraction,
    share_low: Fraction | None,
    share_high: Fraction | None,
) -> tuple[str, ...]:
    """Every band from that of the upper ends down to that of the lower ends."""
    if not plan.bands:
        return ()
    codes = [one.code for one in plan.bands]
    first = codes.index(band(plan.bands, high, share_high))
    last = codes.index(band(plan.bands, low, share_low))
    return tuple(codes[first : last + 1])


def _differs(plan: Plan, row: Row, columns: Columns, before: Columns) -> bool:
    """Whether an earlier result and this one differ by so few marks that they could be read off."""
    for cell in row.cells:
        key = (cell.category, row.subject, row.item)
        now, then = columns.counts[key], before.counts.get(key)
        if then is None:
            continue
        for more, less in ((now, then), (then, now)):
            moved = {m: n - less.get(m, 0) for m, n in more.items() if n > less.get(m, 0)}
            if moved and (sum(moved.values()) < plan.min_cell or len(moved) == 1):
                return True
    return False


def _places(plan: Plan, rows: Sequence[Row], made: Sequence[Told]) -> list[Told]:
    """Rank-based scores are told only where marks could be exchanged and no mean would move."""
    withheld = {one.subject for one in made if one.level != CELLS}
    if all(still(plan, row) for row in rows if row.subject in withheld):
        out = []
        for row, one in zip(rows, made, strict=True):
            known = one.level == CELLS or row.score is None
            scored = replace(one, level=SCORE, low=row.score, high=row.score, bands=(row.band,))
            out.append(one if known else scored)
        return out
    return [
        replace(Told(one.subject, one.item, NONE), reason=one.reason or "small_cells")
        for one in made
    ]


def _joined(plan: Plan, row: Row, told: Sequence[Told]) -> Told:
    """All items of a unit, made from what is told of each of them."""
    own = [one for one in told if one.subject == row.subject]
    total = sum((item.weight for item in plan.items), Fraction(0))
    if any(one.low is None for one in own):
        worst = next(one for one in own if one.low is None)
        return Told(row.subject, COMBINED, NONE, reason=worst.reason)
    level = max((one.level for one in own), key=LEVELS.index)
    if level == CELLS:
        return _open(plan, row)
    pairs = list(zip(plan.items, own, strict=True))
    low = sum((item.weight * (one.low or 0) for item, one in pairs), Fraction(0)) / total
    high = sum((item.weight * (one.high or 0) for item, one in pairs), Fraction(0)) / total
    return Told(
        row.subject,
        COMBINED,
        level,
        reason=next(one.reason for one in own if one.level == level),
        low=low,
        high=high,
        bands=_bands(plan, low, high, Fraction(0), Fraction(1)),
    )


def _ranked(plan: Plan, rows: Sequence[Row], made: Sequence[Told]) -> list[Told]:
    """The places of the count where every row is told cell by cell, else those of the ranges."""
    if all(one.level == CELLS for one in made):
        equal = {row.rank: sum(other.rank == row.rank for other in rows) - 1 for row in rows}
        return [
            replace(one, rank=r.rank, rank_last=None if r.rank is None else r.rank + equal[r.rank])
            for one, r in zip(made, rows, strict=True)
        ]
    return placed(made)


def placed(made: Sequence[Told]) -> list[Told]:
    """Places from told ranges alone: from the best to the worst that they allow."""
    told = [one for one in made if one.low is not None]
    out = []
    for one in made:
        if one.low is None:
            out.append(one)
            continue
        above = sum(_surely_above(other, one) for other in told)
        below = sum(_surely_above(one, other) for other in told)
        out.append(replace(one, rank=above + 1, rank_last=len(told) - below))
    return out


def _surely_above(one: Told, other: Told) -> bool:
    assert one.low is not None  # only rows with a told score are compared
    assert other.high is not None
    return one.low >= other.high and (one.low, one.high) != (other.low, other.high)


def remarks(plan: Plan, columns: Columns) -> dict[str, tuple[str, ...]]:
    """The remarks that may be handed on: none where fewer than min_cell ballots were accepted."""
    enough = sum(columns.accepted.values()) >= plan.min_cell
    return dict(columns.remarks) if enough else {}

"""Count (计票): columns → results in exact fractions. No rounding happens here.

Symbols: category c of weight w_c, n_c its valid marks (grades only), p(g) the points of grade g.
A category's mark of a unit in an item is the mean x̄_c = Σ_g p(g) n_cg / n_c; the score is
Σ_c w_c x̄_c / Σ_c w_c over the categories with n_c > 0 (or there is no result: the plan says).
Abstained, blank, own and void marks are counted beside the grades and never among them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from bihuan.engines.tally.columns import Columns
from bihuan.engines.tally.judgement import Shares, ranking
from bihuan.engines.tally.plain import shown
from bihuan.engines.tally.plan import Band, Plan

HUNDRED = Fraction(100)
COMBINED = ""  # the item of a row that joins all items by their weights


@dataclass(frozen=True)
class Cell:
    """一类人员的一列：counts 为各票面的数，points 为平均折算分，share 为“好”的占比。"""

    category: str
    counts: Mapping[str, int]
    valid: int
    points: Fraction | None
    share: Fraction | None


@dataclass(frozen=True)
class Row:
    """一个单位在一项上的结果。reason 说明为什么没有得分；decided_by 是分开并列的那一条。"""

    subject: str
    item: str
    cells: tuple[Cell, ...]
    counts: Mapping[str, int]
    valid: int
    score: Fraction | None
    share: Fraction | None
    reason: str = ""
    rank: int | None = None
    shared: bool = False
    decided_by: str = ""
    band: str = ""


@dataclass(frozen=True)
class Outcome:
    """计票结果：每项（及合并项）下每个单位一行，按方案中单位的次序。"""

    plan: str
    rows: tuple[Row, ...]

    def of(self, item: str) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.item == item)

    def row(self, subject: str, item: str) -> Row:
        return next(row for row in self.rows if (row.subject, row.item) == (subject, item))

    def plain(self) -> list[dict[str, Any]]:
        """JSON shape, exact: for the scrutineers; what others may see is told by `disclosure`."""
        return [
            {
                "subject": row.subject,
                "item": row.item,
                "valid": row.valid,
                "counts": {mark: n for mark, n in row.counts.items() if n},
                "score": shown(row.score),
                "share": shown(row.share),
                "reason": row.reason,
                "rank": row.rank,
                "shared": row.shared,
                "decided_by": row.decided_by,
                "band": row.band,
                "cells": [
                    {
                        "category": cell.category,
                        "valid": cell.valid,
                        "points": shown(cell.points),
                        "share": shown(cell.share),
                    }
                    for cell in row.cells
                ],
            }
            for row in self.rows
        ]


def count(plan: Plan, columns: Columns) -> Outcome:
    """计票：the plan as it is counted (`plan.merged(issued)`) on its columns."""
    rows: list[Row] = []
    for item in plan.items:
        rows += finished(plan, scored(plan, item.code, columns.counts))
    if plan.combine:
        rows += finished(plan, [joined(plan, rows, one.code) for one in plan.rated], rows)
    return Outcome(plan.digest, tuple(rows))


Counts = Mapping[tuple[str, str, str], Mapping[str, int]]


def scored(plan: Plan, item: str, counts: Counts) -> list[Row]:
    """Every rated unit's row of one item, scored but not yet ranked."""
    cells = {
        subject.code: tuple(
            _cell(plan, category.code, counts[category.code, subject.code, item])
            for category in plan.categories
        )
        for subject in plan.rated
    }
    marks = _places(plan, cells) if plan.method == "rank" else _means(cells)
    return [_row(plan, one.code, item, cells[one.code], marks[one.code]) for one in plan.rated]


def scored_row(plan: Plan, subject: str, item: str, counts: Counts) -> Row:
    """One row by itself, for the methods in which no other unit matters (points, share)."""
    cells = tuple(_cell(plan, c.code, counts[c.code, subject, item]) for c in plan.categories)
    return _row(plan, subject, item, cells, [cell.points for cell in cells])


def _cell(plan: Plan, category: str, counts: Mapping[str, int]) -> Cell:
    graded = {grade.code: counts.get(grade.code, 0) for grade in plan.grades}
    valid = sum(graded.values())
    points = plan.points
    total = sum((points[code] * number for code, number in graded.items()), Fraction(0))
    good = sum(graded[code] for code in plan.good)
    full = {mark: counts.get(mark, 0) for mark in plan.marks}
    return Cell(
        category,
        full,
        valid,
        total / valid if valid else None,
        Fraction(good, valid) if valid else None,
    )


def _means(cells: Mapping[str, tuple[Cell, ...]]) -> dict[str, list[Fraction | None]]:
    return {subject: [cell.points for cell in row] for subject, row in cells.items()}


def _places(plan: Plan, cells: Mapping[str, tuple[Cell, ...]]) -> dict[str, list[Fraction | None]]:
    """Rank-based: in each category 100 for the first place down to 0 for the last.

    100 (m − r) / (m − 1), r the mean of the places that equals share, m units that the category
    marked (Borda 1781, shares of the places); 100 where it marked one unit only.
    """
    out: dict[str, list[Fraction | None]] = {subject: [] for subject in cells}
    for number in range(len(plan.categories)):
        known = {s: row[number].points for s, row in cells.items()}
        values = [value for value in known.values() if value is not None]
        for subject, value in known.items():
            if value is None:
                out[subject].append(None)
                continue
            above = sum(other > value for other in values)
            equal = sum(other == value for other in values)
            place = above + Fraction(equal + 1, 2)
            m = len(values)
            out[subject].append(HUNDRED * (m - place) / (m - 1) if m > 1 else HUNDRED)
    return out


def _row(
    plan: Plan, subject: str, item: str, cells: tuple[Cell, ...], marks: Sequence[Fraction | None]
) -> Row:
    counts = {mark: sum(cell.counts[mark] for cell in cells) for mark in plan.marks}
    valid = sum(cell.valid for cell in cells)
    good = sum(counts[code] for code in plan.good)
    score, reason = weighted(plan, marks)
    share = Fraction(good, valid) if valid else None
    return Row(subject, item, cells, counts, valid, score, share, reason)


def weighted(plan: Plan, marks: Sequence[Fraction | None]) -> tuple[Fraction | None, str]:
    """Σ w x / Σ w over categories with a mark, or None and the reason."""
    weights = [category.weight for category in plan.categories]
    known = [(w, x) for w, x in zip(weights, marks, strict=True) if x is not None]
    lacking = any(x is None and w > 0 for w, x in zip(weights, marks, strict=True))
    total = sum((w for w, _x in known), Fraction(0))
    if not total:
        return None, "no_marks"
    if lacking and plan.empty_category == "no_result":
        return None, "empty_category"
    return sum((w * x for w, x in known), Fraction(0)) / total, ""


def joined(plan: Plan, rows: Sequence[Row], subject: str) -> Row:
    """All items of a unit by the items' weights; no score where one of them has none."""
    own = [row for row in rows if row.subject == subject]
    counts = {mark: sum(row.counts[mark] for row in own) for mark in plan.marks}
    valid = sum(row.valid for row in own)
    share = Fraction(sum(counts[code] for code in plan.good), valid) if valid else None
    total = sum((item.weight for item in plan.items), Fraction(0))
    score, reason = Fraction(0), ""
    for item, row in zip(plan.items, own, strict=True):
        if row.score is None:
            reason = row.reason
        else:
            score += item.weight * row.score / total
    cells = tuple(
        _joined_cell(plan, [row.cells[number] for row in own])
        for number in range(len(plan.categories))
    )
    return Row(subject, COMBINED, cells, counts, valid, None if reason else score, share, reason)


def _joined_cell(plan: Plan, cells: Sequence[Cell]) -> Cell:
    """One category's marks of a unit over all items, by the items' weights."""
    counts = {mark: sum(cell.counts[mark] for cell in cells) for mark in plan.marks}
    valid = sum(cell.valid for cell in cells)
    known = [
        (item.weight, cell.points)
        for item, cell in zip(plan.items, cells, strict=True)
        if cell.points is not None
    ]
    total = sum((w for w, _x in known), Fraction(0))
    points = sum((w * x for w, x in known), Fraction(0)) / total if total else None
    good = sum(counts[code] for code in plan.good)
    return Cell(cells[0].category, counts, valid, points, Fraction(good, valid) if valid else None)


# Order, ties and bands ----------------------------------------------------------------------------


def finished(plan: Plan, rows: Sequence[Row], items: Sequence[Row] = ()) -> list[Row]:
    """The rows of one item with rank, the link that parted equals, and band.

    `items` are the rows of the single items where these rows join them.
    """
    scored_rows = [row for row in rows if row.score is not None]
    by_majority = {}
    if "majority" in plan.ties:
        places_of = ranking([shares(plan, row) for row in scored_rows])
        by_majority = dict(zip((row.subject for row in scored_rows), places_of, strict=True))
    places = ranked({row.subject: _links(plan, row, items, by_majority) for row in scored_rows})
    out = []
    for row in rows:
        rank, shared, link = places.get(row.subject, (None, False, 0))
        decided = plan.ties[link - 1] if link else ""
        made = replace(row, rank=rank, shared=shared, decided_by=decided)
        out.append(replace(made, band=band(plan.bands, row.score, row.share)))
    return out


def _links(
    plan: Plan, row: Row, items: Sequence[Row], by_majority: Mapping[str, int]
) -> tuple[Fraction, ...]:
    """Score first, then what each link of the chain says; larger is better everywhere."""
    said: list[Fraction] = [_or_least(row.score)]
    for link in plan.ties:
        kind, _sign, code = link.partition(":")
        if link == "share":
            said.append(_or_least(row.share))
        elif link == "majority":
            said.append(-Fraction(by_majority[row.subject]))
        elif kind == "fewest":
            said.append(-Fraction(row.counts[code], row.valid) if row.valid else Fraction(-1))
        elif kind == "category":
            cell = next(cell for cell in row.cells if cell.category == code)
            said.append(_or_least(cell.points))
        elif kind == "item":
            # One item by itself: within an item's own rows this link parts nobody.
            same = [one for one in items if (one.subject, one.item) == (row.subject, code)]
            said.append(_or_least(same[0].score) if same else Fraction(0))
    return tuple(said)


def _or_least(value: Fraction | None) -> Fraction:
    return Fraction(-1) if value is None else value


def shares(plan: Plan, row: Row) -> Shares:
    """The row's grades as weighted shares, best first: Σ_c w_c n_cg / n_c, adding up to 1."""
    known = [
        (category.weight, cell)
        for category, cell in zip(plan.categories, row.cells, strict=True)
        if cell.valid and category.weight
    ]
    total = sum((w for w, _cell in known), Fraction(0))
    return tuple(
        sum((w * Fraction(c.counts[grade.code], c.valid) for w, c in known), Fraction(0)) / total
        for grade in plan.grades
        if total
    )


def ranked(keys: Mapping[str, Sequence[Fraction]]) -> dict[str, tuple[int, bool, int]]:
    """Subject → (rank, whether it is shared, the link that parted it from an equal score or 0)."""
    out = {}
    for subject, key in keys.items():
        above = sum(tuple(other) > tuple(key) for other in keys.values())
        same = sum(tuple(other) == tuple(key) for other in keys.values()) > 1
        links = [
            _parting(key, other)
            for name, other in keys.items()
            if name != subject and other[0] == key[0] and tuple(other) != tuple(key)
        ]
        out[subject] = (above + 1, same, max(links, default=0))
    return out


def _parting(one: Sequence[Fraction], other: Sequence[Fraction]) -> int:
    return next(place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b)


def band(bands: Sequence[Band], score: Fraction | None, share: Fraction | None) -> str:
    """评定档次：the first band whose conditions are all met; "" without score or bands."""
    if score is None:
        return ""
    for one in bands:
        low_score = one.score is not None and score < one.score
        low_share = one.share is not None and (share is None or share < one.share)
        if not low_score and not low_share:
            return one.code
    return ""

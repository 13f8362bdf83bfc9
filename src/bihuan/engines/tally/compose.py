"""Composition (综合评价): the ballot joined with everyday marks, survey and assessment, as data.

The leading body decides the grade; this is the arithmetic it looks at. Every part's marks carry a
version and a source, and the whole input has a digest, so that a composite can be made again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from bihuan.engines.tally import plain
from bihuan.engines.tally.count import band, ranked
from bihuan.engines.tally.disclosure import Told, placed
from bihuan.engines.tally.faults import Fault, refuse
from bihuan.engines.tally.plan import Band, Part, Plan

BALLOT = "ballot"


@dataclass(frozen=True)
class Marks:
    """一个组成部分的分数：版本、来源，单位 → 分（0 到该部分的满分）。"""

    part: str
    version: str
    source: str
    marks: Mapping[str, Fraction]

    def plain(self) -> dict[str, Any]:
        return {
            "part": self.part,
            "version": self.version,
            "source": self.source,
            "marks": {subject: str(mark) for subject, mark in sorted(self.marks.items())},
        }


@dataclass(frozen=True)
class Share:
    """一个部分在综合分里：weight 为实际用的权重（各部分合计为 1），points 为计入的分。"""

    part: str
    weight: Fraction
    mark: Fraction | None
    points: Fraction


@dataclass(frozen=True)
class Composite:
    """一个单位的综合分（0 到 100）；lacking 为没有分数的部分。"""

    subject: str
    parts: tuple[Share, ...]
    total: Fraction | None
    lacking: tuple[str, ...]
    rank: int | None
    shared: bool
    band: str


def faults(plan: Plan, given: Sequence[Marks]) -> list[Fault]:
    """Everything wrong with the parts' marks, at once."""
    found = []
    parts = {part.code: part for part in plan.parts if part.code != BALLOT}
    subjects = {one.code for one in plan.subjects}
    seen: set[str] = set()
    for marks in given:
        if marks.part not in parts:
            found.append(Fault("part_unknown", {"part": marks.part}))
            continue
        if marks.part in seen:
            found.append(Fault("part_twice", {"part": marks.part}))
        seen.add(marks.part)
        full = parts[marks.part].full
        for subject, mark in marks.marks.items():
            params = {"part": marks.part, "subject": subject}
            if subject not in subjects:
                found.append(Fault("part_stranger", params))
            elif not 0 <= mark <= full:
                limits = {"found": str(mark), "full": str(full)}
                found.append(Fault("part_off_scale", {**params, **limits}))
    found += [Fault("part_lacking", {"part": code}) for code in parts if code not in seen]
    return found


def compose(
    plan: Plan, ballot: Mapping[str, Fraction | None], given: Sequence[Marks]
) -> list[Composite]:
    """综合：ballot maps unit → score 0…100; a lacking part follows `plan.missing_part`.

    Σ_p w_p · 100 m_p / full_p / Σ_p w_p, p over the parts that the unit has. Unit by unit in the
    plan's order; equal totals share a rank. Raises Unfit.
    """
    refuse(faults(plan, given))
    table = {marks.part: marks.marks for marks in given}
    table[BALLOT] = {s: score for s, score in ballot.items() if score is not None}
    made = [_one(plan, one.code, table) for one in plan.rated]
    places = ranked({one.subject: (one.total,) for one in made if one.total is not None})
    out = []
    for one in made:
        rank, shared, _link = places.get(one.subject, (None, False, 0))
        code = band(_by_score(plan), one.total, None)
        out.append(Composite(one.subject, one.parts, one.total, one.lacking, rank, shared, code))
    return out


def told(plan: Plan, ballot: Sequence[Told], given: Sequence[Marks]) -> list[Told]:
    """综合分能告知到哪一步：made from what is told of the ballot (the rows of one item).

    The other parts are known to whoever reads this, so an exact composite would give the exact
    score of the ballot away, and with it the cells that its rule withholds. Rows come as `Told`,
    low and high in points of the composite. Raises Unfit.
    """
    lows, highs = {t.subject: t.low for t in ballot}, {t.subject: t.high for t in ballot}
    ends = [{one.subject: one.total for one in compose(plan, end, given)} for end in (lows, highs)]
    bands = [one.code for one in _by_score(plan)]
    out = []
    for row in ballot:
        low, high = (end[row.subject] for end in ends)
        made = Told(row.subject, row.item, row.level, row.reason, low=low, high=high)
        if low is None or high is None:
            out.append(made)
            continue
        first, last = (band(_by_score(plan), end, None) for end in (high, low))
        spanned = tuple(bands[bands.index(first) : bands.index(last) + 1]) if bands else ()
        out.append(replace(made, bands=spanned))
    return placed(out)


def _by_score(plan: Plan) -> list[Band]:
    """The bands that ask for a score only: a composite has no share of 好."""
    return [one for one in plan.bands if one.share is None]


def _one(plan: Plan, subject: str, table: Mapping[str, Mapping[str, Fraction]]) -> Composite:
    def full_of(part: Part) -> Fraction:
        return Fraction(100) if part.code == BALLOT else part.full

    marks = {part.code: table.get(part.code, {}).get(subject) for part in plan.parts}
    used = [p for p in plan.parts if p.weight > 0]
    lacking = tuple(part.code for part in used if marks[part.code] is None)
    counted = [part for part in used if marks[part.code] is not None]
    total_weight = sum((part.weight for part in counted), Fraction(0))
    shares = []
    for part in plan.parts:
        mark = marks[part.code]
        weight = part.weight / total_weight if part in counted else Fraction(0)
        points = weight * 100 * mark / full_of(part) if mark is not None else Fraction(0)
        shares.append(Share(part.code, weight, mark, points))
    fails = not counted or (lacking and plan.missing_part == "no_result")
    total = None if fails else sum((share.points for share in shares), Fraction(0))
    return Composite(subject, tuple(shares), total, lacking, None, False, "")


def digest(plan: Plan, ballot: Mapping[str, Fraction | None], given: Sequence[Marks]) -> str:
    """SHA-256 over everything that a composite was made of."""
    return plain.digest(
        {
            "plan": plan.digest,
            "ballot": {s: plain.shown(score) for s, score in sorted(ballot.items())},
            "parts": [marks.plain() for marks in sorted(given, key=lambda one: one.part)],
        }
    )

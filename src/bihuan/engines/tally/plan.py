"""Plan (测评方案): what is rated, by whom, how it is counted and told; frozen before casting.

Plain data only. A plan's digest stands in every signed head, so that nobody can count by another.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any, Self

from bihuan.engines.tally import plain
from bihuan.engines.tally.faults import Fault, refuse
from bihuan.engines.tally.plan_parts import (
    ABSTAIN,
    BLANK,
    BLANK_RULES,
    BODY,
    EMPTY_RULES,
    KINDS,
    METHODS,
    OTHERS,
    OWN,
    OWN_RULES,
    SCORES,
    SEALS,
    TIES,
    VOID,
    Band,
    Cap,
    Category,
    Grade,
    Item,
    Part,
    Subject,
    read_band,
    read_cap,
    read_category,
    read_grade,
    read_item,
    read_part,
    read_subject,
)

__all__ = [
    "ABSTAIN",
    "BLANK",
    "BODY",
    "OTHERS",
    "OWN",
    "VOID",
    "Band",
    "Cap",
    "Category",
    "Grade",
    "Item",
    "Part",
    "Plan",
    "Subject",
    "faults",
]

SCHEMA = "bihuan-tally-plan/1"


@dataclass(frozen=True)
class Plan:
    """测评方案。Built by `Plan.read`, which refuses whatever could not be counted.

    A cell is told where it has min_cell valid marks, min_other of them not the commonest. Where
    not all cells are, scores are "guarded" (as coarse as it takes to hide every cell) or "rounded"
    to `decimals`, whatever they narrow: an office that wants every place has to say so beforehand.
    """

    box: str
    kind: str
    title: str
    year: int
    categories: tuple[Category, ...]
    items: tuple[Item, ...] = ()
    grades: tuple[Grade, ...] = ()
    subjects: tuple[Subject, ...] = ()
    good: tuple[str, ...] = ()
    cap: Cap | None = None
    own_subject: str = "skip"
    blanks: str = "count"
    abstain: bool = True
    remarks: bool = False
    remark_most: int = 500
    method: str = "points"
    combine: bool = False
    empty_category: str = "redistribute"
    bands: tuple[Band, ...] = ()
    ties: tuple[str, ...] = ("share", "shared")
    min_cell: int = 5
    min_other: int = 1
    scores: str = "guarded"
    decimals: int = 1
    parts: tuple[Part, ...] = ()
    missing_part: str = "no_result"
    signers: int = 1
    seal: str = "house"
    seal_need: int = 2
    seal_of: int = 3
    notes: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> Self:
        """The plan in this plain table; Unfit with every fault at once."""
        read = plain.Reader()
        made: Self = _made(cls, table, read)
        # What could not be read at all would only be named a second time.
        refuse(read.faults or list(faults(made)))
        return made

    def plain(self) -> dict[str, Any]:
        """JSON shape: fractions as text, everything else as it is."""
        table: dict[str, Any] = {"schema": SCHEMA}
        for one in fields(self):
            table[one.name] = _plain(getattr(self, one.name))
        return table

    def canonical(self) -> bytes:
        return plain.canonical(self.plain())

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical plan, in hex."""
        return plain.digest(self.plain())

    @property
    def rated(self) -> tuple[Subject, ...]:
        """Who stands on the ballot."""
        return tuple(one for one in self.subjects if one.rated)

    @property
    def points(self) -> Mapping[str, Fraction]:
        """Grade → what a mark is worth by the method: its points, or 100 for what counts as 好."""
        if self.method == "share":
            return {g.code: Fraction(100 if g.code in self.good else 0) for g in self.grades}
        return {grade.code: grade.points for grade in self.grades}

    @property
    def marks(self) -> tuple[str, ...]:
        """Every mark a column may hold: grades from best to worst, then the four others."""
        return (*(grade.code for grade in self.grades), *OTHERS)

    def merges(self, issued: Mapping[str, int]) -> dict[str, str]:
        """并类：发票数（issued，截止发票时公布）不足 min_cell 的类别并到哪里；每类都有一行。

        In the plan's order, a merged category's people counted where they went, until no small
        category is left that the plan names a way for. Known before the first ballot is cast.
        """
        to = {one.code: one.code for one in self.categories}
        size = {code: issued.get(code, 0) for code in to}
        way = {one.code: one.merge_into for one in self.categories if one.merge_into}
        while small := [c for c in way if to[c] == c and size[c] < self.min_cell]:
            code = small[0]
            target = _end(to, way[code])
            size[target] += size[code]
            for one, at in to.items():
                if at == code:
                    to[one] = target
        return to

    def merged(self, issued: Mapping[str, int]) -> "Plan":
        """The plan as it is counted: merged categories are gone, their weight and people moved."""
        to = self.merges(issued)
        kept = []
        for one in self.categories:
            inside = [c for c in self.categories if to[c.code] == one.code]
            if to[one.code] == one.code:
                weight = sum((c.weight for c in inside), Fraction(0))
                kept.append(replace(one, weight=weight, due=sum(c.due for c in inside)))
        ties = []
        for link in self.ties:
            kind, _sign, code = link.partition(":")
            ties.append(f"{kind}:{to[code]}" if kind == "category" else link)
        return replace(self, categories=tuple(kept), ties=tuple(dict.fromkeys(ties)))


def _end(to: Mapping[str, str], code: str) -> str:
    while to[code] != code:
        code = to[code]
    return code


def _plain(value: Any) -> Any:
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if hasattr(value, "__dataclass_fields__"):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    return value


# Reading ------------------------------------------------------------------------------------------


def _made(shape: type[Plan], table: Mapping[str, Any], read: plain.Reader) -> Any:
    read.known(table, ["schema", *(one.name for one in fields(shape))], "")
    if table.get("schema", SCHEMA) != SCHEMA:
        read.fault("plan_unknown_schema", "schema", found=str(table["schema"])[:60], known=SCHEMA)
    kind = read.choice(table, "kind", "", KINDS)
    grades = _rows(read, table, "grades", read_grade)
    good = read.words(table, "good", "") or tuple(one.code for one in grades[:1])
    bare = table.get("cap")
    if bare is not None and not isinstance(bare, Mapping):
        read.fault("plan_not_fit", "cap", found=str(bare)[:60])
    notes = table.get("notes", {})
    if not isinstance(notes, Mapping) or not all(isinstance(one, str) for one in notes.values()):
        read.fault("plan_not_fit", "notes", found=str(notes)[:60])
        notes = {}
    return shape(
        box=read.text(table, "box", ""),
        kind=kind,
        title=read.text(table, "title", ""),
        year=read.whole(table, "year", "", 0, least=1),
        categories=_rows(read, table, "categories", read_category),
        items=_rows(read, table, "items", read_item),
        grades=grades,
        subjects=_rows(read, table, "subjects", read_subject),
        good=good,
        cap=read_cap(read, bare) if isinstance(bare, Mapping) else None,
        own_subject=read.choice(table, "own_subject", "", OWN_RULES),
        blanks=read.choice(table, "blanks", "", BLANK_RULES),
        abstain=read.flag(table, "abstain", "", True),
        remarks=read.flag(table, "remarks", "", kind == "opinions"),
        remark_most=read.whole(table, "remark_most", "", 500, least=1),
        method=read.choice(table, "method", "", METHODS),
        combine=read.flag(table, "combine", "", False),
        empty_category=read.choice(table, "empty_category", "", EMPTY_RULES),
        bands=_rows(read, table, "bands", read_band),
        ties=read.words(table, "ties", "", ("share", "shared")),
        min_cell=read.whole(table, "min_cell", "", 5, least=2),
        min_other=read.whole(table, "min_other", "", 1, least=1),
        scores=read.choice(table, "scores", "", SCORES),
        decimals=read.whole(table, "decimals", "", 1),
        parts=_rows(read, table, "parts", read_part),
        missing_part=read.choice(table, "missing_part", "", ("no_result", "redistribute")),
        signers=read.whole(table, "signers", "", 1, least=1),
        seal=read.choice(table, "seal", "", SEALS),
        seal_need=read.whole(table, "seal_need", "", 2, least=2),
        seal_of=read.whole(table, "seal_of", "", 3, least=2),
        notes=dict(notes),
    )


def _rows(
    read: plain.Reader,
    table: Mapping[str, Any],
    key: str,
    make: Callable[[plain.Reader, Mapping[str, Any], str], Any],
) -> tuple[Any, ...]:
    rows = enumerate(read.rows(table, key), 1)
    return tuple(make(read, row, f"{key}[{number}].") for number, row in rows)


# What no reading finds: parts that do not fit each other ------------------------------------------


def faults(plan: Plan) -> Iterable[Fault]:
    """Everything for which this plan could not be cast or counted."""
    if len(plan.box) != 32 or not set(plan.box) <= set("0123456789abcdef"):
        yield Fault("plan_not_box", {"field": "box", "found": plan.box[:60]})
    for name in ("categories", "items", "grades", "subjects", "bands", "parts"):
        yield from _doubles(name, getattr(plan, name))
    if not plan.categories:
        yield Fault("plan_lacking", {"field": "categories"})
    yield from _weights("categories", [one.weight for one in plan.categories])
    yield from _merging(plan.categories)
    if not 1 <= plan.signers <= 2:
        yield Fault("plan_not_fit", {"field": "signers", "found": plan.signers})
    if plan.seal == "shares" and not 2 <= plan.seal_need <= plan.seal_of <= 15:
        yield Fault("plan_seal_shares", {"need": plan.seal_need, "of": plan.seal_of})
    if plan.kind == "opinions":
        yield from _opinions(plan)
    else:
        yield from _rating(plan)


def _doubles(name: str, rows: Sequence[Any]) -> Iterable[Fault]:
    for key in ("code", "name"):
        seen: dict[str, int] = {}
        for number, row in enumerate(rows, 1):
            found = getattr(row, key)
            if found in seen:
                params = {"field": f"{name}[{number}].{key}", "found": found, "first": seen[found]}
                yield Fault("plan_twice", params)
            seen.setdefault(found, number)


def _weights(name: str, weights: Sequence[Fraction]) -> Iterable[Fault]:
    for number, weight in enumerate(weights, 1):
        if weight < 0:
            yield Fault(
                "plan_negative", {"field": f"{name}[{number}].weight", "found": str(weight)}
            )
    if weights and not any(weight > 0 for weight in weights):
        yield Fault("plan_no_weight_at_all", {"field": name})


def _merging(categories: Sequence[Category]) -> Iterable[Fault]:
    way = {one.code: one.merge_into for one in categories}
    for number, one in enumerate(categories, 1):
        where = f"categories[{number}].merge_into"
        if one.merge_into and one.merge_into not in way:
            yield Fault("plan_unknown_code", {"field": where, "found": one.merge_into})
            continue
        passed, here = {one.code}, one.merge_into
        while here:
            if here in passed:
                yield Fault("plan_merge_circle", {"field": where, "found": one.code})
                break
            passed.add(here)
            here = way.get(here, "")


def _opinions(plan: Plan) -> Iterable[Fault]:
    for name in ("items", "grades", "bands", "parts"):
        if getattr(plan, name):
            yield Fault("plan_not_in_opinions", {"field": name})
    if plan.cap is not None:
        yield Fault("plan_not_in_opinions", {"field": "cap"})
    if not plan.remarks:
        yield Fault("plan_nothing_to_say", {"field": "remarks"})


def _rating(plan: Plan) -> Iterable[Fault]:
    grades = [one.code for one in plan.grades]
    for name, least in (("items", 1), ("grades", 2)):
        if len(getattr(plan, name)) < least:
            yield Fault("plan_too_few", {"field": name, "least": least})
    if not plan.rated:
        yield Fault("plan_nobody_rated", {"field": "subjects"})
    yield from _weights("items", [one.weight for one in plan.items])
    for number, code in enumerate(grades, 1):
        if code in OTHERS:
            yield Fault("plan_reserved", {"field": f"grades[{number}].code", "found": code})
    for number, (one, below) in enumerate(pairwise(plan.grades), 2):
        if below.points >= one.points:
            params = {"field": f"grades[{number}].points", "found": str(below.points)}
            yield Fault("plan_grade_order", params)
    if any(one.points < 0 for one in plan.grades):
        yield Fault("plan_negative", {"field": "grades", "found": str(plan.grades[-1].points)})
    # 好 is the upper end of the scale, never a grade in its middle.
    if plan.grades and list(plan.good) != grades[: len(plan.good)]:
        yield Fault("plan_good_not_top", {"field": "good", "found": "、".join(plan.good)})
    if plan.cap is not None:
        yield from _cap_faults(plan, plan.cap)
    yield from _band_faults(plan.bands)
    yield from _tie_faults(plan)
    if not 0 <= plan.decimals <= 4:
        yield Fault("plan_not_fit", {"field": "decimals", "found": plan.decimals})
    if plan.parts:
        yield from _weights("parts", [one.weight for one in plan.parts])
        if "ballot" not in [one.code for one in plan.parts]:
            yield Fault("plan_no_ballot_part", {"field": "parts"})
        for number, part in enumerate(plan.parts, 1):
            if part.full <= 0:
                found = str(part.full)
                yield Fault("plan_not_fit", {"field": f"parts[{number}].full", "found": found})


def _cap_faults(plan: Plan, cap: Cap) -> Iterable[Fault]:
    if cap.grade not in [one.code for one in plan.grades]:
        yield Fault("plan_unknown_code", {"field": "cap.grade", "found": cap.grade})
    if cap.per == "ballot" and cap.void == "item":
        yield Fault("plan_cap_of_ballot", {"field": "cap.void"})
    room = len(plan.rated) * (len(plan.items) if cap.per == "ballot" else 1)
    if cap.most >= room:
        yield Fault("plan_cap_caps_nothing", {"field": "cap.most", "found": cap.most, "room": room})


def _band_faults(bands: Sequence[Band]) -> Iterable[Fault]:
    for number, (one, below) in enumerate(pairwise(bands), 2):
        for key in ("score", "share"):
            high, low = getattr(one, key), getattr(below, key)
            if low is not None and (high is None or high < low):
                yield Fault(
                    "plan_band_order", {"field": f"bands[{number}].{key}", "found": str(low)}
                )
    for number, one in enumerate(bands, 1):
        if one.share is not None and not 0 <= one.share <= 1:
            yield Fault(
                "plan_not_share", {"field": f"bands[{number}].share", "found": str(one.share)}
            )
    if bands and (bands[-1].score is not None or bands[-1].share is not None):
        yield Fault("plan_band_last", {"field": f"bands[{len(bands)}]"})


def _tie_faults(plan: Plan) -> Iterable[Fault]:
    known = {
        "category": [one.code for one in plan.categories],
        "item": [one.code for one in plan.items],
        "fewest": [one.code for one in plan.grades],
    }
    for number, link in enumerate(plan.ties, 1):
        kind, _sign, code = link.partition(":")
        if link not in TIES and code not in known.get(kind, ()):
            yield Fault("plan_unknown_tie", {"field": f"ties[{number}]", "found": link[:60]})
    if not plan.ties or plan.ties[-1] != "shared" or plan.ties.count("shared") != 1:
        yield Fault("plan_ties_end", {"field": "ties"})

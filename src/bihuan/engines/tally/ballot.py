"""Ballot (测评票): one rater's marks as bytes of one size, and all that may be wrong with it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bihuan.engines.tally import plain
from bihuan.engines.tally.faults import Fault, Unfit, unfit
from bihuan.engines.tally.plan import ABSTAIN, BLANK, BODY, OWN, Plan

VERSION = 1
BLOCK = 4096  # a sealed ballot's length must not tell how much its rater wrote
LARGEST = 16 * BLOCK
WHOLE = "ballot"  # scope of a fault that voids the ballot, not one item of it
_KEYS = {"v", "category", "marks", "remarks", "nonce"}


@dataclass(frozen=True)
class Ballot:
    """测评票：marks 为单位 → 测评项 → 票面（等次、弃权、空白、本单位）；remarks 为单位 → 意见。"""

    category: str
    marks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
    nonce: str = ""

    def mark(self, subject: str, item: str) -> str:
        """What stands in one box of the grid; blank where nothing does."""
        return self.marks.get(subject, {}).get(item, BLANK)


def encode(ballot: Ballot) -> bytes:
    """What is sealed: canonical JSON, padded with spaces to a multiple of BLOCK bytes."""
    text = plain.canonical(
        {
            "v": VERSION,
            "category": ballot.category,
            "marks": {subject: dict(marks) for subject, marks in ballot.marks.items()},
            "remarks": dict(ballot.remarks),
            "nonce": ballot.nonce,
        }
    )
    return text.ljust(-(-len(text) // BLOCK) * BLOCK)


def read(plan: Plan, category: str, raw: bytes) -> Ballot:
    """The ballot in these bytes; Unfit if they are none, or not of the envelope's category.

    Whether its marks keep the rules is asked of `faults`.
    """
    if len(raw) > LARGEST:
        raise unfit("ballot_large", found=len(raw), most=LARGEST)
    try:
        table = plain.parse(raw)
    except ValueError as error:
        raise unfit("ballot_unreadable") from error
    if not isinstance(table, dict) or set(table) - _KEYS or table.get("v") != VERSION:
        raise unfit("ballot_unreadable")
    marks, remarks, nonce = table.get("marks", {}), table.get("remarks", {}), table.get("nonce", "")
    shaped = _is_texts(remarks) and isinstance(marks, dict) and isinstance(nonce, str)
    if not shaped or not all(_is_texts(row) for row in marks.values()):
        raise unfit("ballot_unreadable")
    if table.get("category") != category:
        raise unfit("ballot_category", found=str(table.get("category"))[:60], known=category)
    if category not in [one.code for one in plan.categories]:
        raise unfit("ballot_category", found=category, known="")
    return Ballot(category, marks, remarks, nonce)


def _is_texts(table: Any) -> bool:
    return isinstance(table, dict) and all(isinstance(one, str) for one in table.values())


def faults(plan: Plan, ballot: Ballot) -> list[Fault]:
    """Every rule that the ballot breaks; `scope` in its parameters says what that voids.

    Scope "ballot" voids all of it, an item's code that item alone. The phone and the page without
    JavaScript refuse to cast a ballot with any of them; at the count they decide what is void.
    """
    found = [*_strangers(plan, ballot), *_own(plan, ballot), *_remarks(plan, ballot)]
    for item in plan.items:
        blank = [s.code for s in plan.rated if ballot.mark(s.code, item.code) == BLANK]
        if blank and plan.blanks != "count":
            scope = item.code if plan.blanks == "void_item" else WHOLE
            for subject in blank:
                params = {"scope": scope, "subject": subject, "item": item.code}
                found.append(Fault("mark_missing", params))
    return [*found, *_over(plan, ballot)]


def _strangers(plan: Plan, ballot: Ballot) -> Iterable[Fault]:
    """Units, items and marks that are not on the printed ballot."""
    rated, items = {one.code for one in plan.rated}, {one.code for one in plan.items}
    known = (
        {one.code for one in plan.grades} | {BLANK, OWN} | ({ABSTAIN} if plan.abstain else set())
    )
    for subject, row in ballot.marks.items():
        if subject not in rated:
            yield Fault(
                "mark_of_stranger", {"scope": WHOLE, "subject": plain.visible(subject)[:60]}
            )
            continue
        for item, mark in row.items():
            if item not in items:
                params = {"scope": WHOLE, "subject": subject, "item": plain.visible(item)[:60]}
                yield Fault("mark_of_no_item", params)
            elif mark not in known:
                params = {"subject": subject, "item": item, "found": plain.visible(mark)[:60]}
                yield Fault("mark_unknown", {"scope": WHOLE, **params})


def _own(plan: Plan, ballot: Ballot) -> Iterable[Fault]:
    """At most one unit is the rater's own, in every item of it, and only if the plan asks."""
    own = []
    for subject in plan.rated:
        marks = [ballot.mark(subject.code, item.code) for item in plan.items]
        if OWN in marks:
            own.append(subject.code)
            if set(marks) != {OWN}:
                yield Fault("own_in_part", {"scope": WHOLE, "subject": subject.code})
    if own and plan.own_subject == "allowed":
        yield Fault("own_not_asked", {"scope": WHOLE, "subject": own[0]})
    if len(own) > 1:
        yield Fault("own_twice", {"scope": WHOLE, "subjects": own})


def _over(plan: Plan, ballot: Ballot) -> Iterable[Fault]:
    cap = plan.cap
    if cap is None:
        return
    given = Counter(
        {
            item.code: sum(ballot.mark(s.code, item.code) == cap.grade for s in plan.rated)
            for item in plan.items
        }
    )
    if cap.per == "ballot" and given.total() > cap.most:
        params = {"scope": WHOLE, "grade": cap.grade, "found": given.total(), "most": cap.most}
        yield Fault("over_cap", params)
    if cap.per == "item":
        for item, number in given.items():
            if number > cap.most:
                scope = item if cap.void == "item" else WHOLE
                params = {"item": item, "grade": cap.grade, "found": number, "most": cap.most}
                yield Fault("over_cap_in_item", {"scope": scope, **params})


def _remarks(plan: Plan, ballot: Ballot) -> Iterable[Fault]:
    known = {one.code for one in plan.subjects} | {BODY}
    for subject, text in ballot.remarks.items():
        if not text.strip():
            continue
        if not plan.remarks:
            yield Fault("remark_not_asked", {"scope": WHOLE})
        elif subject not in known:
            params = {"scope": WHOLE, "subject": plain.visible(subject)[:60]}
            yield Fault("remark_of_stranger", params)
        elif len(text) > plan.remark_most:
            size: dict[str, Any] = {"found": len(text), "most": plan.remark_most}
            yield Fault("remark_long", {"scope": WHOLE, "subject": subject, **size})


def voided(found: Iterable[Fault]) -> tuple[str, frozenset[str]]:
    """(code of the first fault that voids the whole ballot or "", items that are void)."""
    scopes = [(fault.params["scope"], fault.code) for fault in found]
    whole = next((code for scope, code in scopes if scope == WHOLE), "")
    return whole, frozenset(scope for scope, _code in scopes if scope != WHOLE)


def opened(plan: Plan, category: str, raw: bytes | None) -> tuple[Ballot | None, str]:
    """(ballot, "") or (None, why it is void as a whole); raw is None where no key opened it."""
    if raw is None:
        return None, "ballot_sealed"
    try:
        ballot = read(plan, category, raw)
    except Unfit as refusal:
        return None, refusal.faults[0].code
    whole, _items = voided(faults(plan, ballot))
    return (None, whole) if whole else (ballot, "")

"""Columns (票列): all marks of one category for one unit in one item, with no thread between them.

A column is a multiset: so many marks of each kind. Whole ballots end here; 4^60 patterns would be
fingerprints (Kelsey et al. 2010, attacks by pattern voting).
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from bihuan.engines.tally import plain
from bihuan.engines.tally.ballot import faults, opened, voided
from bihuan.engines.tally.faults import unfit
from bihuan.engines.tally.plan import ABSTAIN, OWN, VOID, Plan

Key = tuple[str, str, str]  # category, subject, item
_COMMIT = b"bihuan-column-1\x00"


@dataclass(frozen=True)
class Columns:
    """票列：counts 为（类别、单位、项）→ 票面 → 数；一类的每一列长度相同，即该类有效票数。"""

    counts: Mapping[Key, Mapping[str, int]]
    accepted: Mapping[str, int]
    void: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    abstained: Mapping[str, int] = field(default_factory=dict)
    remarks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def column(self, key: Key, order: Iterable[str]) -> tuple[str, ...]:
        """One column written out, in the order of marks given: sorting is the best shuffle."""
        counts = self.counts[key]
        return tuple(mark for mark in order for _ in range(counts.get(mark, 0)))

    def plain(self) -> dict[str, Any]:
        """JSON shape: rows of category, subject, item, counts (marks that occur)."""
        return {
            "columns": [
                {"category": c, "subject": s, "item": i, "counts": _present(self.counts[c, s, i])}
                for c, s, i in sorted(self.counts)
            ],
            "accepted": dict(sorted(self.accepted.items())),
            "void": {c: _present(reasons) for c, reasons in sorted(self.void.items())},
            "abstained": dict(sorted(self.abstained.items())),
            "remarks": {s: list(texts) for s, texts in sorted(self.remarks.items())},
        }

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> Self:
        """What `plain` wrote; Unfit if it is something else."""
        try:
            return cls(
                counts={
                    (str(r["category"]), str(r["subject"]), str(r["item"])): _numbers(r["counts"])
                    for r in table["columns"]
                },
                accepted=_numbers(table["accepted"]),
                void={str(c): _numbers(reasons) for c, reasons in table["void"].items()},
                abstained=_numbers(table["abstained"]),
                remarks={str(s): tuple(map(str, t)) for s, t in table["remarks"].items()},
            )
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise unfit("columns_unreadable") from error

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical columns: for comparing two counts inside the house only.

        Never published: with one small column withheld its few possibilities could be tried.
        """
        return plain.digest(self.plain())


def _present(counts: Mapping[str, int]) -> dict[str, int]:
    return {mark: number for mark, number in sorted(counts.items()) if number}


def _numbers(table: Mapping[str, Any]) -> dict[str, int]:
    if not all(type(number) is int and number >= 0 for number in table.values()):
        raise ValueError("counts are whole numbers")
    return {str(mark): number for mark, number in table.items()}


def gather(
    plan: Plan,
    ballots: Iterable[tuple[str, bytes | None]],
    *,
    issued: Mapping[str, int] | None = None,
) -> Columns:
    """集票：every opened ballot (category, bytes or None) judged and taken apart into columns.

    The order of ballots leaves no trace. `issued` merges small categories as the plan says; without
    it every category stands by itself. Peak memory: one ballot and the columns.
    """
    to = {c.code: c.code for c in plan.categories} if issued is None else plan.merges(issued)
    counts: dict[Key, Counter[str]] = {
        (category, subject.code, item.code): Counter()
        for category in dict.fromkeys(to.values())
        for subject in plan.rated
        for item in plan.items
    }
    accepted = dict.fromkeys(to, 0)
    abstained = dict.fromkeys(to, 0)
    void: dict[str, Counter[str]] = {code: Counter() for code in to}
    remarks: dict[str, list[str]] = {}
    for category, raw in ballots:
        if category not in to:
            raise unfit("ballot_of_no_category", found=category)
        ballot, reason = opened(plan, category, raw)
        if ballot is None:
            void[category][reason] += 1
            continue
        accepted[category] += 1
        _whole, items = voided(faults(plan, ballot))
        marks = set()
        for subject in plan.rated:
            for item in plan.items:
                mark = VOID if item.code in items else ballot.mark(subject.code, item.code)
                counts[to[category], subject.code, item.code][mark] += 1
                marks.add(mark)
        abstained[category] += marks - {OWN} == {ABSTAIN}
        for subject_code, text in ballot.remarks.items():
            if text.strip():
                remarks.setdefault(subject_code, []).append(text.strip())
    return Columns(
        counts=counts,
        accepted=accepted,
        void={code: dict(reasons) for code, reasons in void.items()},
        abstained=abstained,
        remarks={subject: tuple(sorted(texts)) for subject, texts in remarks.items()},
    )


# Commitments --------------------------------------------------------------------------------------


def salt(secret: bytes, key: Key) -> bytes:
    """The salt of one column: 32 bytes that say nothing of any other column's."""
    return hmac.new(secret, plain.canonical(list(key)), hashlib.sha256).digest()


def commitment(key: Key, counts: Mapping[str, int], salted: bytes) -> str:
    """SHA-256 over salt and column: binds what is withheld, and tells nothing of it."""
    said = plain.canonical([*key, _present(counts)])
    return hashlib.sha256(_COMMIT + salted + said).hexdigest()


def commitments(columns: Columns, secret: bytes) -> dict[Key, str]:
    """Key → commitment of every column."""
    return {k: commitment(k, counts, salt(secret, k)) for k, counts in columns.counts.items()}


def columns_root(each: Mapping[Key, str]) -> str:
    """One digest over all commitments: what the final head signs."""
    return plain.digest([[*key, each[key]] for key in sorted(each)])

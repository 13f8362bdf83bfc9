"""What is told: every row that can be counted again is, and the scrutineers' part as a whole."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bihuan.engines.tally import disclosure, plain
from bihuan.engines.tally.bundle import Counted, open_reconciliation
from bihuan.engines.tally.columns import Columns, Key, commitments
from bihuan.engines.tally.count import (
    COMBINED,
    Row,
    band,
    count,
    finished,
    joined,
    scored,
    scored_row,
)
from bihuan.engines.tally.disclosure import Told, placed
from bihuan.engines.tally.faults import Fault, Unfit
from bihuan.engines.tally.reconciliation import Reconciliation, faults
from bihuan.engines.tally.verify.opened import Opened, key_of, shown_columns


def told(found: Opened) -> Iterator[Fault]:
    """The told rows are the signed ones, and those told cell by cell follow from their columns."""
    if plain.digest(found.raw["told"]) != found.said.get("told"):
        yield Fault("bundle_told_altered")
    items = [*(one.code for one in found.plan.items), *([COMBINED] if found.plan.combine else [])]
    wanted = {(one.code, item) for one in found.plan.rated for item in items}
    rows = {(one.subject, one.item): one for one in found.told}
    for subject, item in sorted(wanted ^ set(rows)):
        yield Fault("bundle_row_set", {"subject": subject, "item": item})
    if wanted != set(rows):
        return
    made: list[Row] = []
    for item in items:
        again = _again(found, item, rows, made)
        shown = [s.code for s in found.plan.rated if rows[s.code, item].cells is not None]
        # Places can be counted again only with every unit's columns: then there is no row to miss.
        lacking = set(shown) - {row.subject for row in again}
        for subject in sorted(lacking) if found.merged.method != "rank" else ():
            yield Fault("bundle_row_wrong", {"subject": subject, "item": item})
        whole = len(again) == len(found.plan.rated)
        if whole:
            again = finished(found.merged, again, made)
        if item != COMBINED:
            made += again
        right = {row.subject for row in again if _same(found, row, rows[row.subject, item])}
        wrong = [row.subject for row in again if row.subject not in right]
        here = [rows[subject.code, item] for subject in found.plan.rated]
        if (_ranks(again) if whole else _places(here)) != {
            one.subject: (one.rank, one.rank_last) for one in here
        }:
            yield Fault("bundle_ranks_wrong", {"item": item})
        for subject in wrong:
            yield Fault("bundle_row_wrong", {"subject": subject, "item": item})


Places = dict[str, tuple[int | None, int | None]]


def _ranks(rows: Sequence[Row]) -> Places:
    ranks = [row.rank for row in rows]
    return {
        row.subject: (row.rank, None if row.rank is None else row.rank + ranks.count(row.rank) - 1)
        for row in rows
    }


def _places(rows: Sequence[Told]) -> Places:
    bare = [replace(one, rank=None, rank_last=None) for one in rows]
    return {one.subject: (one.rank, one.rank_last) for one in placed(bare)}


def _again(
    found: Opened, item: str, rows: Mapping[tuple[str, str], Told], made: Sequence[Row]
) -> list[Row]:
    """The rows of one item that are told cell by cell, counted once more."""
    shown = shown_columns(found)
    told = [one.code for one in found.plan.rated if rows[one.code, item].cells is not None]
    if item == COMBINED:
        # Told cell by cell only where every item of the unit was.
        items = [row.subject for row in made]
        known = [one for one in told if items.count(one) == len(found.plan.items)]
        return [joined(found.merged, made, subject) for subject in known]
    if found.merged.method == "rank":
        # Places need every unit's columns.
        whole = len(told) == len(found.plan.rated)
        return scored(found.merged, item, _filled(found, item, shown)) if whole else []
    counts = _filled(found, item, shown)
    return [scored_row(found.merged, subject, item, counts) for subject in told]


def _filled(
    found: Opened, item: str, shown: Mapping[Key, Mapping[str, int]]
) -> dict[Key, Mapping[str, int]]:
    """An item's columns; one that is withheld or missing is empty here and its row not used."""
    return {
        (c.code, s.code, item): shown.get((c.code, s.code, item), {})
        for c in found.merged.categories
        for s in found.plan.rated
    }


def _same(found: Opened, row: Row, told: Told) -> bool:
    numbers = (told.low, told.high, told.share_low, told.share_high)
    cells = {cell.category: dict(cell.counts) for cell in row.cells}
    code = band(found.merged.bands, row.score, row.share)
    return (
        numbers == (row.score, row.score, row.share, row.share)
        and told.cells == cells
        and told.counts == dict(row.counts)
        and told.bands == ((code,) if code else ())
    )


def full(found: Opened) -> Iterator[Fault]:
    """The scrutineers' part: all columns, the exact outcome, and that telling kept its rule."""
    raw = found.raw
    try:
        secret = bytes.fromhex(raw["secret"])
        columns = Columns.read(raw["full_columns"])
        exact = Reconciliation.read(raw["full_reconciliation"])
        earlier = tuple(Columns.read(one) for one in raw["earlier"])
        outcome = raw["outcome"]
    except (KeyError, TypeError, ValueError, Unfit) as error:
        yield Fault("bundle_unreadable", {"detail": str(error)[:80]})
        return
    each = commitments(columns, secret)
    for row in raw["columns"]:
        if each.get(key_of(row)) != row["commitment"]:
            names = dict(zip(("category", "subject", "item"), key_of(row), strict=True))
            yield Fault("bundle_column_altered", names)
    broken = faults(found.plan, exact, columns, len(found.leaves))
    yield from broken
    if broken:
        return
    again = count(found.merged, columns)
    told = disclosure.tell(found.merged, again, columns, earlier=earlier)
    made = Counted(found.plan, columns, exact, secret, again, told, earlier)
    if open_reconciliation(made) != raw["reconciliation"]:
        yield Fault("bundle_reconciliation_altered")
    for one, said in zip(again.plain(), outcome, strict=False):
        if one != said:
            yield Fault("bundle_row_wrong", {"subject": one["subject"], "item": one["item"]})
    if len(outcome) != len(again.rows):
        yield Fault("bundle_row_set", {"subject": "", "item": ""})
    for row, kept in zip(told, found.told, strict=False):
        if row != kept:
            yield Fault("bundle_told_wrong", {"subject": row.subject, "item": row.item})

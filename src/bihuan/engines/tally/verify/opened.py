"""A bundle taken apart: what every check needs, and refused as a whole if it is no bundle."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bihuan.engines.tally import plain
from bihuan.engines.tally.bundle import FULL, OPEN, SCHEMA, told_flow, told_rows
from bihuan.engines.tally.columns import Key
from bihuan.engines.tally.disclosure import Told
from bihuan.engines.tally.faults import unfit
from bihuan.engines.tally.heads import Head
from bihuan.engines.tally.plan import Plan
from bihuan.engines.tally.reconciliation import Reconciliation


@dataclass(frozen=True)
class Opened:
    """A bundle taken apart into what the checks need."""

    raw: Mapping[str, Any]
    plan: Plan
    merged: Plan
    public: bytes
    leaves: tuple[bytes, ...]
    heads: tuple[Head, ...]
    final: Head
    stations: tuple[tuple[bytes, Head], ...]
    reconciliation: Reconciliation
    told: tuple[Told, ...]

    @property
    def said(self) -> Mapping[str, Any]:
        """What the final head says: digests of plan, columns, reconciliation and told rows."""
        try:
            said = plain.parse(self.final.extra.encode())
        except ValueError:
            return {}
        return said if isinstance(said, dict) else {}


def opened(raw: Any) -> Opened:
    """The bundle in this JSON; Unfit if it is none or its plan could not be counted."""
    if not isinstance(raw, Mapping) or raw.get("schema") != SCHEMA:
        raise unfit("bundle_unreadable", detail="schema")
    if raw.get("kind") not in (OPEN, FULL):
        raise unfit("bundle_unreadable", detail="kind")
    plan = Plan.read(raw["plan"] if isinstance(raw.get("plan"), Mapping) else {})
    try:
        flows = {code: told_flow(row) for code, row in raw["reconciliation"]["flows"].items()}
        table = {"flows": {c: vars(flow) for c, flow in flows.items()}, "own_raters": []}
        reconciliation = Reconciliation.read(table)
        log = raw["log"]
        made = Opened(
            raw,
            plan,
            plan.merged(reconciliation.issued),
            bytes.fromhex(log["public"]),
            tuple(bytes.fromhex(leaf) for leaf in log["leaves"]),
            tuple(Head.read(head) for head in log["heads"]),
            Head.read(raw["final"]),
            tuple((bytes.fromhex(o["public"]), Head.read(o["head"])) for o in raw["stations"]),
            reconciliation,
            tuple(told_rows(raw)),
        )
        for row in raw["columns"]:
            key_of(row), str(row["commitment"]), bytes.fromhex(row.get("salt", ""))
            if "counts" in row and not _are_counts(plan, row["counts"]):
                raise ValueError("counts")
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise unfit("bundle_unreadable", detail=str(error)[:80]) from error
    return made


def _are_counts(plan: Plan, counts: Mapping[str, Any]) -> bool:
    return set(counts) <= set(plan.marks) and all(type(n) is int and n > 0 for n in counts.values())


def key_of(row: Mapping[str, Any]) -> Key:
    return str(row["category"]), str(row["subject"]), str(row["item"])


def shown_columns(found: Opened) -> dict[Key, Mapping[str, int]]:
    return {key_of(row): row["counts"] for row in found.raw["columns"] if "counts" in row}


def accepted(found: Opened) -> dict[str, int]:
    """Accepted ballots by category as counted."""
    to = found.plan.merges(found.reconciliation.issued)
    wanted: dict[str, int] = {}
    for code, flow in found.reconciliation.flows.items():
        at = to.get(code, code)
        wanted[at] = wanted.get(at, 0) + flow.accepted
    return wanted

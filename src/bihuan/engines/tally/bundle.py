"""Bundle (公开包): all that is needed to check a result without trusting whoever counted.

The open bundle goes to everybody in the circle of the result, the full one to the scrutineers. Both
hold the plan, the log and its heads, the reconciliation and a commitment to every column; the open
one shows only the columns that the disclosure rule lets be told. The final head signs both alike.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bihuan.engines.tally import disclosure, plain
from bihuan.engines.tally.columns import Columns, Key, columns_root, commitments, salt
from bihuan.engines.tally.count import Outcome, count
from bihuan.engines.tally.disclosure import Told
from bihuan.engines.tally.faults import refuse
from bihuan.engines.tally.heads import Head
from bihuan.engines.tally.plan import Plan
from bihuan.engines.tally.reconciliation import Flow, Reconciliation, faults, notes

SCHEMA = "bihuan-tally-bundle/1"
OPEN, FULL = "open", "full"


@dataclass(frozen=True)
class Counted:
    """计票的全部所得，尚未签名：`extra` 写进最后的签名根，`bundle` 再由它成包。

    secret: 32 random bytes that salt the commitments; whoever has it can open every column.
    """

    plan: Plan
    columns: Columns
    reconciliation: Reconciliation
    secret: bytes
    outcome: Outcome
    told: tuple[Told, ...]
    earlier: tuple[Columns, ...] = ()

    @property
    def extra(self) -> str:
        """What the final head says besides the log: four digests, as canonical JSON text."""
        said = {
            "columns": columns_root(commitments(self.columns, self.secret)),
            "plan": self.plan.digest,
            "reconciliation": plain.digest(open_reconciliation(self)),
            "told": plain.digest([one.plain() for one in self.told]),
        }
        return plain.canonical(said).decode()

    @property
    def merged(self) -> Plan:
        """The plan as it was counted."""
        return self.plan.merged(self.reconciliation.issued)


def counted(
    plan: Plan,
    columns: Columns,
    reconciliation: Reconciliation,
    *,
    leaves: int,
    secret: bytes,
    earlier: Sequence[Columns] = (),
) -> Counted:
    """计票：核对为零才有结果；otherwise Unfit with every equation that is not.

    `columns` come from `gather(plan, …, issued=reconciliation.issued)`; `leaves` is the log's size.
    """
    refuse(faults(plan, reconciliation, columns, leaves))
    merged = plan.merged(reconciliation.issued)
    outcome = count(merged, columns)
    told = disclosure.tell(merged, outcome, columns, earlier=earlier)
    return Counted(plan, columns, reconciliation, secret, outcome, told, tuple(earlier))


def open_reconciliation(found: Counted) -> dict[str, Any]:
    """The reconciliation as told: whole abstentions are marks, so few of them are not told."""
    flows = {}
    for code, flow in sorted(found.reconciliation.flows.items()):
        row: dict[str, int | None] = asdict(flow)
        if not _tells_abstained(flow, found.plan.min_cell):
            row["abstained"] = None
        flows[code] = row
    return {"flows": flows}


def _tells_abstained(flow: Flow, min_cell: int) -> bool:
    return flow.accepted >= min_cell and flow.abstained < flow.accepted


def bundle(
    found: Counted,
    *,
    leaves: Sequence[bytes],
    heads: Sequence[Head],
    final: Head,
    log_public: bytes,
    stations: Sequence[tuple[bytes, Head]] = (),
    full: bool = False,
) -> dict[str, Any]:
    """公开包 or, with `full`, the scrutineers': JSON-ready.

    leaves in the order of the log; heads of all batches, oldest first; stations: public key and
    final head of each further signer.
    """
    each = commitments(found.columns, found.secret)
    shown = _shown(found)
    made: dict[str, Any] = {
        "schema": SCHEMA,
        "kind": FULL if full else OPEN,
        "plan": found.plan.plain(),
        "log": {
            "public": log_public.hex(),
            "leaves": [leaf.hex() for leaf in leaves],
            "heads": [head.plain() for head in heads],
        },
        "final": final.plain(),
        "stations": [{"public": key.hex(), "head": head.plain()} for key, head in stations],
        "reconciliation": open_reconciliation(found),
        "columns": [
            _column(found, key, each[key], shown=full or key in shown) for key in sorted(each)
        ],
        "told": [one.plain() for one in found.told],
    }
    if full:
        made |= {
            "secret": found.secret.hex(),
            "full_columns": found.columns.plain(),
            "full_reconciliation": found.reconciliation.plain(),
            "outcome": found.outcome.plain(),
            "earlier": [one.plain() for one in found.earlier],
            "notes": [
                {"code": note.code, **note.params}
                for note in notes(found.plan, found.reconciliation, found.columns)
            ],
        }
    return made


def _shown(found: Counted) -> set[Key]:
    """The columns of the rows that are told cell by cell."""
    rows = {(one.subject, one.item) for one in found.told if one.cells is not None}
    return {key for key in found.columns.counts if key[1:] in rows}


def _column(found: Counted, key: Key, commitment: str, *, shown: bool) -> dict[str, Any]:
    row: dict[str, Any] = dict(zip(("category", "subject", "item"), key, strict=True))
    row["commitment"] = commitment
    if shown:
        row["counts"] = {m: n for m, n in sorted(found.columns.counts[key].items()) if n}
        row["salt"] = salt(found.secret, key).hex()
    return row


def told_rows(made: Mapping[str, Any]) -> list[Told]:
    """The told rows of a bundle as they were made."""
    return [Told.read(row) for row in made["told"]]


def told_flow(row: Mapping[str, Any]) -> Flow:
    """A told flow; what is not told of it counts as nothing, which no equation notices."""
    return Flow(**{**row, "abstained": row["abstained"] or 0})

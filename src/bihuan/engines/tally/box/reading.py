"""Questions to a box: how many, which heads, which proofs; and the ballots once it is closed."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

from bihuan.engines.tally import heads, merkle, seal
from bihuan.engines.tally.box import refusals, schema
from bihuan.engines.tally.heads import Head

Standing = Literal["on", "older_file", "forked", "foreign"]
_WIDTH = 32


@dataclass(frozen=True)
class Proof:
    """收录证明：leaf number `index` of `head.size`, with the path up to the head's root."""

    leaf: bytes
    index: int
    path: tuple[bytes, ...]
    head: Head

    def holds(self) -> bool:
        """Whether the path leads to the head's root. Who signed the head is another question."""
        return merkle.check_inclusion(
            self.leaf, self.index, self.head.size, self.path, self.head.root
        )


@dataclass(frozen=True)
class Batch:
    """One row of the log: the leaves it brought, the tree after them, and its signed head."""

    leaves: tuple[bytes, ...]
    peaks: bytes
    head: Head


@dataclass(frozen=True)
class Right:
    """What used up a right: for the scrutineers, who check tokens again."""

    spent: bytes
    leaf: bytes
    category: str
    evidence: bytes


@dataclass(frozen=True)
class Slips:
    """票证对账：printed into the box, made void, cast; unused are the rest."""

    total: int
    void: int
    cast: int

    @property
    def unused(self) -> int:
        return self.total - self.void - self.cast


def closed(connection: sqlite3.Connection) -> bool:
    """Whether voting is over."""
    return schema.PHASES.index(schema.phase(connection)) >= schema.PHASES.index("closed")


def ask_closed(connection: sqlite3.Connection) -> None:
    """Nobody, of any role, learns anything before the close. Raises NotYet."""
    if not closed(connection):
        raise refusals.NotYet(phase=schema.phase(connection))


def ask_kept(connection: sqlite3.Connection) -> None:
    """Closed, and not yet forgotten. Raises NotYet, Forgotten."""
    ask_closed(connection)
    if schema.phase(connection) == "done":
        raise refusals.Forgotten


def log(connection: sqlite3.Connection) -> list[Batch]:
    """The whole log, oldest first; the first row is the empty log's head."""
    box = schema.known(connection, "box")
    rows = connection.execute(
        "SELECT size, leaves, peaks, root, extra, signature FROM batch ORDER BY size"
    )
    return [
        Batch(
            tuple(leaves[at : at + _WIDTH] for at in range(0, len(leaves), _WIDTH)),
            peaks,
            Head(box, size, root, extra, signature),
        )
        for size, leaves, peaks, root, extra, signature in rows
    ]


def leaves(connection: sqlite3.Connection) -> list[bytes]:
    """All leaves in the order of the log."""
    return [leaf for batch in log(connection) for leaf in batch.leaves]


def head(connection: sqlite3.Connection) -> Head:
    """The newest signed head."""
    row = connection.execute(
        "SELECT size, root, extra, signature FROM batch ORDER BY size DESC LIMIT 1"
    ).fetchone()
    if row is None:
        raise refusals.NotABox
    return Head(schema.known(connection, "box"), *row)


def proof(connection: sqlite3.Connection, leaf: bytes) -> Proof | None:
    """None if the log has no such leaf."""
    all_leaves = leaves(connection)
    if leaf not in all_leaves:
        return None
    index = all_leaves.index(leaf)
    return Proof(leaf, index, merkle.inclusion(all_leaves, index), head(connection))


def consistency(connection: sqlite3.Connection, size: int, larger: int) -> tuple[bytes, ...]:
    """Proof that the log of `size` is the beginning of the log of `larger`. Raises IndexError."""
    all_leaves = leaves(connection)
    if larger > len(all_leaves):
        raise IndexError(larger)
    return merkle.consistency(all_leaves[:larger], size)


def standing(connection: sqlite3.Connection, shown: Head) -> Standing:
    """Where a head that was shown lies: on this log; beyond it (this file is older than what was
    shown); beside it (this log is another history); or it is not a head of this box at all."""
    if shown.box != schema.known(connection, "box") or not heads.check(
        schema.known(connection, "log"), shown
    ):
        return "foreign"
    all_leaves = leaves(connection)
    if shown.size > len(all_leaves):
        return "older_file"
    return "on" if merkle.root(all_leaves[: shown.size]) == shown.root else "forked"


def counts(connection: sqlite3.Connection) -> dict[str, int]:
    """Ballots cast, by category."""
    rows = connection.execute(
        "SELECT category, count(*) FROM ballot GROUP BY category ORDER BY category"
    )
    return dict(rows.fetchall())


def slips(connection: sqlite3.Connection) -> dict[str, Slips]:
    """Slips by category."""
    rows = connection.execute(
        "SELECT category, count(*), sum(void), count(spent.leaf) FROM slip"
        " LEFT JOIN spent ON spent.spent = slip.spent GROUP BY category ORDER BY category"
    )
    return {category: Slips(total, void, cast) for category, total, void, cast in rows}


def rights(connection: sqlite3.Connection) -> list[Right]:
    """Every right that was used, in the order of the spent keys."""
    rows = connection.execute(
        "SELECT spent.spent, leaf, category, evidence FROM spent JOIN ballot USING (leaf)"
        " ORDER BY spent.spent"
    )
    return [Right(*row) for row in rows]


def ballots(path: Path, private: bytes) -> Iterator[tuple[bytes, str, bytes | None]]:
    """(leaf, category, plain) in the order of the leaves; None where the seal does not open."""
    with schema.reading(path) as connection:
        box = schema.known(connection, "box")
        rows = connection.execute("SELECT leaf, category, blob FROM ballot ORDER BY leaf")
        for leaf, category, blob in rows:
            try:
                plain = seal.unseal(private, blob, box=box, category=category)
            except seal.Unsealable:
                yield leaf, category, None
            else:
                yield leaf, category, plain


def ascending(values: tuple[bytes, ...]) -> bool:
    """Whether a batch is sorted and has no leaf twice."""
    return all(one < other for one, other in pairwise(values))

"""Does the file still say what was signed? Every ballot that does not is named by its leaf.

Plainer and slower than the code that writes: leaves are computed again from the stored ballots,
roots from the leaves. Whoever holds the file *and* the log key can write another history that
agrees with itself; that is found with what others kept: the keys they expect and heads they saw.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from bihuan.engines.tally import heads, merkle, signing
from bihuan.engines.tally.box import casting, reading, schema
from bihuan.engines.tally.faults import Fault
from bihuan.engines.tally.heads import Head


def founding(plan: bytes, seal_public: bytes) -> str:
    """What the head of the empty log says besides: the plan and the seal this box is for."""
    return json.dumps(
        {"plan": sha256(plan).hexdigest(), "seal": seal_public.hex()},
        sort_keys=True,
        separators=(",", ":"),
    )


CLOSING = '{"closed":true}'


def faults(
    path: Path,
    connection: sqlite3.Connection,
    *,
    box: bytes | None,
    log_public: bytes | None,
    plan: bytes | None,
    seen: Iterable[Head],
) -> Iterator[Fault]:
    """All that is wrong. `box`, `log_public`, `plan`, `seen`: what the asker knows from outside."""
    yield from _file(connection)
    yield from _identity(path, connection, box=box, log_public=log_public, plan=plan)
    yield from _log(connection)
    if schema.phase(connection) == "done":
        yield from _forgotten(connection)
    else:
        yield from _ballots(connection)
        yield from _rights(connection)
    yield from _said(connection)
    for shown in seen:
        found = reading.standing(connection, shown)
        if found != "on":
            yield Fault("box_head_not_on_log", {"size": shown.size, "standing": found})


def _file(connection: sqlite3.Connection) -> Iterator[Fault]:
    for (line,) in connection.execute("PRAGMA integrity_check"):
        if line != "ok":
            yield Fault("box_file_damaged", {"detail": line})


def _identity(
    path: Path,
    connection: sqlite3.Connection,
    *,
    box: bytes | None,
    log_public: bytes | None,
    plan: bytes | None,
) -> Iterator[Fault]:
    expected = {"box": box, "log": log_public, "plan": plan}
    for name, value in expected.items():
        if value is not None and schema.known(connection, name) != value:
            yield Fault(f"box_{name}_replaced")
    key = schema.key_path(path)
    if log_public is None and key.exists():
        private = key.read_bytes()
        if len(private) != 32 or signing.public_of(private) != schema.known(connection, "log"):
            yield Fault("box_log_replaced")


def _log(connection: sqlite3.Connection) -> Iterator[Fault]:
    log = reading.log(connection)
    public = schema.known(connection, "log")
    forged = [batch.head.size for batch in log if not heads.check(public, batch.head)]
    if len(forged) == len(log):
        # Not one head fits this box id and this key: the id or the key is not the old one.
        yield Fault("box_identity_forged")
    else:
        for size in forged:
            yield Fault("box_head_forged", {"size": size})
    before = merkle.Peaks()
    for batch in log:
        head = batch.head
        after = before.add(batch.leaves)
        fits = (after.size, after.root) == (head.size, head.root)
        if not fits or not reading.ascending(batch.leaves):
            yield Fault("box_batch_altered", {"after": before.size, "size": head.size})
        try:
            kept = merkle.Peaks.from_bytes(head.size, batch.peaks)
        except ValueError:
            kept = after
        # The signed root vouches for the peaks: so each batch answers for itself alone.
        before = kept if kept.root == head.root else after
    if not log or log[0].head.extra != founding(
        schema.known(connection, "plan"), schema.known(connection, "seal")
    ):
        yield Fault("box_plan_replaced")


def _ballots(connection: sqlite3.Connection) -> Iterator[Fault]:
    logged = Counter(reading.leaves(connection))
    for leaf, number in sorted(logged.items()):
        if number > 1:
            yield Fault("box_ballot_twice", {"leaf": leaf.hex()})
    stored: set[bytes] = set()
    for leaf, category, blob in connection.execute("SELECT leaf, category, blob FROM ballot"):
        stored.add(leaf)
        if leaf not in logged:
            yield Fault("box_ballot_inserted", {"leaf": leaf.hex()})
        if casting.leaf_of(category, blob) != leaf:
            yield Fault("box_ballot_edited", {"leaf": leaf.hex()})
    for leaf in sorted(set(logged) - stored):
        yield Fault("box_ballot_deleted", {"leaf": leaf.hex()})


def _rights(connection: sqlite3.Connection) -> Iterator[Fault]:
    used = Counter(leaf for (leaf,) in connection.execute("SELECT leaf FROM spent"))
    stored = {leaf for (leaf,) in connection.execute("SELECT leaf FROM ballot")}
    for leaf in sorted(stored - set(used)):
        yield Fault("box_ballot_without_right", {"leaf": leaf.hex()})
    for leaf, number in sorted(used.items()):
        if number > 1:
            yield Fault("box_ballot_with_rights", {"leaf": leaf.hex(), "count": number})
        if leaf not in stored:
            yield Fault("box_right_without_ballot", {"leaf": leaf.hex()})


def _forgotten(connection: sqlite3.Connection) -> Iterator[Fault]:
    for table in ("ballot", "spent", "slip", "paper"):
        if connection.execute(f"SELECT 1 FROM {table}").fetchone():
            yield Fault("box_not_forgotten", {"table": table})
    counts = json.loads(schema.known(connection, "counts"))
    if sum(counts.values()) != reading.head(connection).size:
        yield Fault("box_counts_altered")


def _said(connection: sqlite3.Connection) -> Iterator[Fault]:
    """The two heads that say more than a size: at the close, and the final one."""
    newest = reading.head(connection)
    closing = said(connection, "closing")
    if closing is None:
        if reading.closed(connection):
            yield Fault("box_closing_missing")
    elif not _valid(connection, closing) or closing.extra != CLOSING:
        yield Fault("box_closing_forged")
    elif not reading.closed(connection):
        yield Fault("box_reopened", {"size": closing.size})
    elif closing.size != newest.size:
        yield Fault("box_cast_after_close", {"closed": closing.size, "size": newest.size})
    final = said(connection, "final")
    if final is not None and (
        not _valid(connection, final) or (final.size, final.root) != (newest.size, newest.root)
    ):
        yield Fault("box_final_forged")


def _valid(connection: sqlite3.Connection, head: Head) -> bool:
    return head.box == schema.known(connection, "box") and heads.check(
        schema.known(connection, "log"), head
    )


def said(connection: sqlite3.Connection, name: str) -> Head | None:
    """A head kept among the facts about the box: "closing" or "final"."""
    kept = schema.about(connection, name)
    return None if kept is None else Head.read(json.loads(kept))

"""The close, the count and the end of a box: steps that go one way, and what each one forgets."""

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from bihuan.engines.tally import heads
from bihuan.engines.tally.box import checking, reading, refusals, schema
from bihuan.engines.tally.heads import Head


def advance(path: Path, to: str) -> None:
    """One step on. The transaction that closes is the line: a ballot is wholly before it or
    refused. Asked again for the step it is at, a box only tidies again.

    Raises WrongStep, PapersPending, NotYet (columns missing), NoKey, NotStored.
    """
    with closing(schema.connect(path)) as connection:
        with schema.writing(connection):
            now = schema.phase(connection)
            if to not in schema.PHASES[schema.PHASES.index(now) :][:2]:
                raise refusals.WrongStep(phase=now, to=to)
            if to != now:
                if to == "closed":
                    _close(path, connection)
                elif to == "counted" and schema.about(connection, "columns") is None:
                    raise refusals.NotYet(phase=now)
                elif to == "done":
                    _forget(connection)
                schema.note(connection, "phase", to.encode())
        if to in ("closed", "done"):
            rewrite(path, connection)
    if to == "done":
        shred(schema.key_path(path))


def _close(path: Path, connection: sqlite3.Connection) -> None:
    (pending,) = connection.execute("SELECT count(*) FROM paper").fetchone()
    if pending:
        raise refusals.PapersPending(count=pending)
    private = schema.log_key(path, connection)
    _say(connection, "closing", private, checking.CLOSING)


def _forget(connection: sqlite3.Connection) -> None:
    """Ballots, spent keys and slips go; leaves, heads and columns stay."""
    schema.note(connection, "counts", json.dumps(reading.counts(connection)).encode())
    for table in ("ballot", "spent", "slip", "paper"):
        connection.execute(f"DELETE FROM {table}")


def _say(connection: sqlite3.Connection, name: str, private: bytes, extra: str) -> Head:
    """Sign what the log is now, with more said; kept among the facts about the box."""
    newest = reading.head(connection)
    head = heads.signed(private, box=newest.box, size=newest.size, root=newest.root, extra=extra)
    schema.note(connection, name, json.dumps(head.plain()).encode())
    return head


def store_columns(path: Path, columns: bytes) -> None:
    """What the count has read out of the ballots; once. Raises NotYet, Forgotten, Settled."""
    with closing(schema.connect(path)) as connection, schema.writing(connection):
        reading.ask_kept(connection)
        kept = schema.about(connection, "columns")
        if kept is not None and kept != columns:
            raise refusals.Settled
        schema.note(connection, "columns", columns)


def sign_final(path: Path, extra: str) -> Head:
    """The last word: the log with plan, columns and reconciliation. The same words again give
    the same head; others are refused. Raises NotYet, Forgotten, Settled, NoKey."""
    with closing(schema.connect(path)) as connection, schema.writing(connection):
        reading.ask_kept(connection)
        kept = checking.said(connection, "final")
        if kept is None:
            return _say(connection, "final", schema.log_key(path, connection), extra)
        if kept.extra != extra:
            raise refusals.Settled
        return kept


def rewrite(path: Path, connection: sqlite3.Connection) -> None:
    """Write the file anew in the order of its keys; nothing of its past stays in the folder.

    What was deleted has been overwritten page by page (secure_delete); the write-ahead log is
    first overwritten with zeros where it lies and then cut to nothing. Best effort below the
    file system: a copying file system, a flash disk or a snapshot may keep old blocks, which is
    why ballots are sealed and the seal's key is destroyed. Raises Busy, Full, NotStored.
    """
    try:
        _checkpoint(connection, "RESTART")
        log = path.with_name(path.name + "-wal")
        length = log.stat().st_size if log.exists() else 0
        connection.execute("CREATE TABLE filler (zeros BLOB)")
        connection.execute("INSERT INTO filler VALUES (zeroblob(?))", (length,))
        connection.execute("DROP TABLE filler")
        connection.execute("VACUUM")
        _checkpoint(connection, "TRUNCATE")
    except sqlite3.Error as error:
        raise refusals.of(error) from error


def _checkpoint(connection: sqlite3.Connection, how: str) -> None:
    (busy, _frames, _moved) = connection.execute(f"PRAGMA wal_checkpoint({how})").fetchone()
    if busy:
        raise refusals.Busy


def shred(path: Path) -> None:
    """Overwrite a small key file, then remove it. Nothing happens if it is not there."""
    if not path.exists():
        return
    with path.open("r+b") as stream:
        stream.write(bytes(path.stat().st_size))
        stream.flush()
        os.fsync(stream.fileno())
    path.unlink()
    schema.settle_folder(path.parent)

"""The box's file: its tables, how it is opened, and its log key beside it.

One SQLite file per meeting. No row has a person, an address, a clock or a running number: keys
are random or digests, and every table is WITHOUT ROWID, so that a row lies where its key says and
not where its turn put it. Pages freed are overwritten (`secure_delete`), and nothing spills into a
temporary file. The write-ahead log needs shared memory: the file must lie on a disk of the machine
(not on a network share) that all its servers run on.
"""

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bihuan.engines.tally import signing
from bihuan.engines.tally.box import refusals

PHASES = ("issuing", "issued", "casting", "closed", "counted", "done")
APPLICATION = 0x42_48_50_58  # "BHPX", in the file's header
WAIT_S = 30.0  # how long to wait for another process that holds the file

TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE slip (
    spent BLOB PRIMARY KEY, category TEXT NOT NULL, void INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE spent (spent BLOB PRIMARY KEY, leaf BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE ballot (
    leaf BLOB PRIMARY KEY, category TEXT NOT NULL, blob BLOB NOT NULL, evidence BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE batch (
    size INTEGER PRIMARY KEY, leaves BLOB NOT NULL, peaks BLOB NOT NULL,
    root BLOB NOT NULL, extra TEXT NOT NULL, signature BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE paper (
    spent BLOB PRIMARY KEY, category TEXT NOT NULL, mask BLOB NOT NULL, masked BLOB NOT NULL
) WITHOUT ROWID;
"""


def connect(path: Path) -> sqlite3.Connection:
    """A connection with the box's settings, none of which the file remembers by itself.

    Raises NotABox. A file that cannot be written (a scrutineer's copy) is opened for reading.
    """
    mode = "rw" if os.access(path, os.W_OK) else "ro"
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            isolation_level=None,
            timeout=WAIT_S,
        )
    except sqlite3.Error as error:
        raise refusals.NotABox from error
    try:
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA secure_delete = ON")
        # Each commit reaches the disk before anybody hears of it.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION:
            raise refusals.NotABox
    except sqlite3.Error as error:
        connection.close()
        raise refusals.of(error) from error
    except refusals.NotABox:
        connection.close()
        raise
    return connection


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One transaction, alone on the file from its first line; all of it or nothing.

    A failure of the file becomes a refusal (Full, Busy, NotStored).
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield connection
        connection.execute("COMMIT")
    except BaseException as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if isinstance(error, sqlite3.Error):
            raise refusals.of(error) from error
        raise


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """One view of the file, the same for all questions asked within."""
    with closing(connect(path)) as connection:
        try:
            connection.execute("BEGIN")
            yield connection
        except sqlite3.Error as error:
            raise refusals.of(error) from error


def about(connection: sqlite3.Connection, name: str) -> bytes | None:
    """A fact about the box as a whole."""
    row = connection.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
    return None if row is None else bytes(row[0])


def known(connection: sqlite3.Connection, name: str) -> bytes:
    """A fact without which there is no box. Raises NotABox."""
    value = about(connection, name)
    if value is None:
        raise refusals.NotABox
    return value


def note(connection: sqlite3.Connection, name: str, value: bytes) -> None:
    """Write a fact about the box as a whole."""
    connection.execute(
        "INSERT INTO about VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def phase(connection: sqlite3.Connection) -> str:
    """Where the box stands: one of PHASES."""
    return known(connection, "phase").decode()


def key_path(path: Path) -> Path:
    """The log's private key lies beside the box, so that a copy of the box can sign nothing."""
    return path.with_name(path.name + ".key")


def log_key(path: Path, connection: sqlite3.Connection) -> bytes:
    """The box's Ed25519 log key. Raises NoKey if it is not there or belongs to another box."""
    try:
        private = key_path(path).read_bytes()
    except OSError as error:
        raise refusals.NoKey from error
    if len(private) != 32 or signing.public_of(private) != known(connection, "log"):
        raise refusals.NoKey
    return private


def write_new(path: Path, fill: bytes = b"") -> None:
    """A file of mode 0600 that was not there before, on the disk when this returns."""
    binary = getattr(os, "O_BINARY", 0)  # only where lines could be "translated"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | binary, 0o600)
    try:
        os.write(handle, fill)
        os.fsync(handle)
    finally:
        os.close(handle)


def settle_folder(folder: Path) -> None:
    """Names in a folder reach the disk, too."""
    if os.name == "nt":  # no folder can be opened there; its journal looks after names
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def build(path: Path, facts: dict[str, bytes], first: tuple[object, ...], private: bytes) -> None:
    """Write a new box whole, then give it its name: there is never half a box at `path`.

    facts: rows of `about`; first: the row of `batch` for the empty log. Raises BoxExists.
    """
    mark = secrets.token_hex(8)
    draft, key = path.with_name(f".{mark}.box"), path.with_name(f".{mark}.key")
    try:
        write_new(draft)
        with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript("BEGIN;" + TABLES)
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
            connection.executemany("INSERT INTO about VALUES (?, ?)", sorted(facts.items()))
            connection.execute("INSERT INTO batch VALUES (?, ?, ?, ?, ?, ?)", first)
            connection.execute("COMMIT")
        write_new(key, private)
        os.link(draft, path)  # unlike a rename, never over another file
        key.replace(key_path(path))
        settle_folder(path.parent)
    except FileExistsError as error:
        raise refusals.BoxExists from error
    except sqlite3.Error as error:
        raise refusals.of(error) from error
    finally:
        for left in (draft, key):
            left.unlink(missing_ok=True)

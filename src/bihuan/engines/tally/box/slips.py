"""Printed slips: which rights may be used without a token. The box knows spent keys, not codes."""

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bihuan.engines.tally.box import refusals, schema

_MAY_VOID = ("issuing", "issued", "casting")


@dataclass(frozen=True)
class Voided:
    """作废结果：done are void now (or were before), cast had been used, unknown are no slips."""

    done: tuple[bytes, ...]
    cast: tuple[bytes, ...]
    unknown: tuple[bytes, ...]


def add(path: Path, category: str, spent: Iterable[bytes]) -> int:
    """Make slips good for a category while issuing lasts; how many are new.

    `spent`: codes.spent_slip(code) of each. A slip that is known already stays what it is.
    Raises NotOpen, NotStored.
    """
    keys = sorted(set(spent))  # sorted: the order of printing is not kept
    if any(len(key) != 32 for key in keys):
        raise ValueError("a spent key has 32 bytes")
    with closing(schema.connect(path)) as connection, schema.writing(connection):
        phase = schema.phase(connection)
        if phase != "issuing":
            raise refusals.NotOpen(phase=phase)
        before = connection.total_changes
        connection.executemany(
            "INSERT OR IGNORE INTO slip (spent, category) VALUES (?, ?)",
            [(key, category) for key in keys],
        )
        return connection.total_changes - before


def category(path: Path, spent: bytes) -> str | None:
    """The category of a good slip; None if there is none such, or it is void."""
    with schema.reading(path) as connection:
        row = connection.execute(
            "SELECT category FROM slip WHERE spent = ? AND NOT void", (spent,)
        ).fetchone()
        return None if row is None else str(row[0])


def make_void(path: Path, spent: Iterable[bytes]) -> Voided:
    """Make slips void, unless they were cast. Raises NotOpen after the close."""
    done: list[bytes] = []
    cast: list[bytes] = []
    unknown: list[bytes] = []
    with closing(schema.connect(path)) as connection, schema.writing(connection):
        phase = schema.phase(connection)
        if phase not in _MAY_VOID:
            raise refusals.NotOpen(phase=phase)
        for key in spent:
            if connection.execute("SELECT 1 FROM spent WHERE spent = ?", (key,)).fetchone():
                cast.append(key)
                continue
            made = connection.execute("UPDATE slip SET void = 1 WHERE spent = ?", (key,))
            connection.execute("DELETE FROM paper WHERE spent = ?", (key,))
            (done if made.rowcount else unknown).append(key)
    return Voided(tuple(done), tuple(cast), tuple(unknown))

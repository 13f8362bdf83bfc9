"""Paper ballots, typed in twice by two people; the box compares what it cannot read.

The server seals each entry at once, so two entries cannot be compared as text. Each comes with a
check: a digest of what was typed, keyed by the slip's own code (`check_of`), which stands on the
paper and nowhere in the box. Of the first entry the box keeps only HMAC(random mask, check) and
the category, until the second entry matches or differs; both then go. Honest limits: whoever
reads the box file in between *and* holds the slip can try out what was typed; and the two typists
see the paper anyway. That they are two people is the room's to ensure: the box knows nobody.
"""

import hmac
import secrets
from contextlib import closing
from pathlib import Path

from bihuan.engines.tally import codes
from bihuan.engines.tally.box import casting, refusals, schema


def check_of(code: str, typed: bytes) -> bytes:
    """Check of one entry: 32 bytes. `typed` is canonical and without the ballot's nonce."""
    return hmac.digest(codes.normal(code).encode(), b"bihuan-paper-1\x00" + typed, "sha256")


def first(path: Path, spent: bytes, category: str, check: bytes) -> None:
    """Keep the first entry's check.

    Raises NotOpen, AnotherBallot (the slip was cast), VoidSlip (void, or no slip of this box),
    WrongCategory, TypedAlready.
    """
    with closing(schema.connect(path)) as connection, schema.writing(connection):
        phase = schema.phase(connection)
        if phase != "casting":
            raise refusals.NotOpen(phase=phase)
        if connection.execute("SELECT 1 FROM spent WHERE spent = ?", (spent,)).fetchone():
            raise refusals.AnotherBallot
        slip = connection.execute(
            "SELECT category, void FROM slip WHERE spent = ?", (spent,)
        ).fetchone()
        if slip is None or slip[1]:
            raise refusals.VoidSlip
        if slip[0] != category:
            raise refusals.WrongCategory(category=slip[0])
        if connection.execute("SELECT 1 FROM paper WHERE spent = ?", (spent,)).fetchone():
            raise refusals.TypedAlready
        mask = secrets.token_bytes(32)
        connection.execute(
            "INSERT INTO paper VALUES (?, ?, ?, ?)",
            (spent, category, mask, casting.masked(mask, check)),
        )


def drop(path: Path, spent: bytes) -> bool:
    """Forget a first entry (mistyped, or nobody will type the second). False if there is none."""
    with closing(schema.connect(path)) as connection, schema.writing(connection):
        gone = connection.execute("DELETE FROM paper WHERE spent = ?", (spent,))
        return gone.rowcount > 0


def pending(path: Path) -> int:
    """How many paper ballots wait for their second entry."""
    with schema.reading(path) as connection:
        return int(connection.execute("SELECT count(*) FROM paper").fetchone()[0])

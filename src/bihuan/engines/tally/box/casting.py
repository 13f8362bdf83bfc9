"""One batch of ballots into the file: who is in, who is refused, and the log's next signed head.

Nothing here waits or knows threads; the caller holds the transaction.
"""

import hashlib
import hmac
import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from bihuan.engines.tally import ballot, heads, merkle, seal
from bihuan.engines.tally.box import refusals, schema
from bihuan.engines.tally.heads import Head

MOST = ballot.LARGEST + seal.OVERHEAD
MOST_EVIDENCE = 4096
T = TypeVar("T")


@dataclass(frozen=True)
class Vote:
    """一票：spent 32 bytes, the right it uses up; blob, the sealed ballot.

    evidence: what proved the right (a token and its signatures), kept for the recount, "" for a
    slip. check: 32 bytes for the second entry of a paper ballot, which must match the first.
    """

    spent: bytes
    category: str
    blob: bytes
    evidence: bytes = b""
    check: bytes | None = None


@dataclass(frozen=True)
class Receipt:
    """回执：the ballot's leaf, and the signed head of the batch that brought it into the log.

    again: the same ballot had been cast before; nothing was counted twice.
    """

    leaf: bytes
    head: Head
    again: bool

    @property
    def size(self) -> int:
        return self.head.size


@dataclass(frozen=True)
class Differs:
    """两遍不一致：两遍都已丢弃，从第一遍重新录入。"""


Answer = Receipt | Differs | refusals.Refusal


def leaf_of(category: str, blob: bytes) -> bytes:
    """票根：SHA-256(0x00 || SHA-256(category || 0x00 || blob)), 32 bytes."""
    return merkle.leaf_hash(hashlib.sha256(category.encode() + b"\x00" + blob).digest())


def shuffled(items: Sequence[T]) -> list[T]:
    """In an order that the machine's own randomness chose."""
    order = list(items)
    secrets.SystemRandom().shuffle(order)
    return order


def measure(vote: Vote) -> None:
    """Refuse what no box takes, before it waits for a turn. Raises TooLarge, Misshapen.

    Sealed ballots have few lengths, so that a length says nothing about what was marked.
    """
    if len(vote.spent) != 32 or (vote.check is not None and len(vote.check) != 32):
        raise ValueError("a spent key and a check have 32 bytes")
    if len(vote.blob) > MOST or len(vote.evidence) > MOST_EVIDENCE:
        raise refusals.TooLarge(most=MOST)
    if len(vote.blob) <= seal.OVERHEAD or (len(vote.blob) - seal.OVERHEAD) % ballot.BLOCK:
        raise refusals.Misshapen


def record(connection: sqlite3.Connection, votes: Sequence[Vote], private: bytes) -> list[Answer]:
    """Cast a batch, inside the caller's transaction. One answer a vote, in the order given.

    The rows are written in shuffled order and the log takes the leaves sorted: who came first
    within the batch is nowhere in the file.
    """
    phase = schema.phase(connection)
    answers: dict[int, Answer] = {}
    new: dict[bytes, list[int]] = {}  # leaf → the places that get the batch's head as receipt
    for place in shuffled(range(len(votes))):
        answer: bytes | Answer
        try:
            answer = _one(connection, votes[place], phase, new)
        except refusals.Refusal as refusal:
            answer = refusal
        if isinstance(answer, bytes):
            new.setdefault(answer, []).append(place)
        else:
            answers[place] = answer
    if new:
        head = append(connection, sorted(new), private)
        for leaf, places in new.items():
            for turn, place in enumerate(places):
                answers[place] = Receipt(leaf, head, again=turn > 0)
    return [answers[place] for place in range(len(votes))]


def append(
    connection: sqlite3.Connection, leaves: Sequence[bytes], private: bytes, extra: str = ""
) -> Head:
    """Take leaves into the log and sign what it has become."""
    size, joined = connection.execute(
        "SELECT size, peaks FROM batch ORDER BY size DESC LIMIT 1"
    ).fetchone()
    try:
        peaks = merkle.Peaks.from_bytes(size, joined).add(leaves)
    except ValueError as error:
        raise refusals.NotStored(reason="log") from error
    box = schema.known(connection, "box")
    head = heads.signed(private, box=box, size=peaks.size, root=peaks.root, extra=extra)
    connection.execute("INSERT INTO batch VALUES (?, ?, ?, ?, ?, ?)", row_of(head, leaves, peaks))
    return head


def row_of(head: Head, leaves: Sequence[bytes], peaks: merkle.Peaks) -> tuple[object, ...]:
    """A row of `batch`."""
    return (head.size, b"".join(leaves), peaks.to_bytes(), head.root, head.extra, head.signature)


def masked(mask: bytes, check: bytes) -> bytes:
    """What is kept of the first entry's check."""
    return hmac.digest(mask, check, "sha256")


def _one(
    connection: sqlite3.Connection, vote: Vote, phase: str, new: dict[bytes, list[int]]
) -> bytes | Receipt | Differs:
    """The leaf if it goes into this batch. Raises a refusal."""
    if vote.check is not None and phase == "casting":
        answer = _match(connection, vote)
        if answer is not None:
            return answer
    leaf = leaf_of(vote.category, vote.blob)
    row = connection.execute("SELECT leaf FROM spent WHERE spent = ?", (vote.spent,)).fetchone()
    if row is not None:
        if row[0] != leaf:
            raise refusals.AnotherBallot
        return leaf if leaf in new else Receipt(leaf, head_of(connection, leaf), again=True)
    if phase != "casting":
        raise refusals.NotOpen(phase=phase)
    slip = connection.execute(
        "SELECT category, void FROM slip WHERE spent = ?", (vote.spent,)
    ).fetchone()
    if slip is not None:
        if slip[1]:
            raise refusals.VoidSlip
        if slip[0] != vote.category:
            raise refusals.WrongCategory(category=slip[0])
    if connection.execute("SELECT 1 FROM ballot WHERE leaf = ?", (leaf,)).fetchone():
        raise refusals.Copied
    # Cast on a phone while half typed: the entry has no more use.
    connection.execute("DELETE FROM paper WHERE spent = ?", (vote.spent,))
    connection.execute("INSERT INTO spent VALUES (?, ?)", (vote.spent, leaf))
    connection.execute(
        "INSERT INTO ballot VALUES (?, ?, ?, ?)", (leaf, vote.category, vote.blob, vote.evidence)
    )
    return leaf


def _match(connection: sqlite3.Connection, vote: Vote) -> Differs | None:
    """None if the second entry of a paper says what the first said; the first is forgotten."""
    row = connection.execute(
        "SELECT category, mask, masked FROM paper WHERE spent = ?", (vote.spent,)
    ).fetchone()
    if row is None:
        # A lost answer asked again: the ballot is there, and the first entry no longer.
        if connection.execute("SELECT 1 FROM spent WHERE spent = ?", (vote.spent,)).fetchone():
            return None
        raise refusals.NoFirstEntry
    connection.execute("DELETE FROM paper WHERE spent = ?", (vote.spent,))
    category, mask, kept = row
    assert vote.check is not None
    same = category == vote.category and hmac.compare_digest(kept, masked(mask, vote.check))
    return None if same else Differs()


def head_of(connection: sqlite3.Connection, leaf: bytes) -> Head:
    """The head of the batch that a leaf came with."""
    row = connection.execute(
        "SELECT size, root, extra, signature FROM batch WHERE instr(leaves, ?)", (leaf,)
    ).fetchone()
    if row is None:
        raise refusals.NotStored(reason="log")
    return Head(schema.known(connection, "box"), *row)

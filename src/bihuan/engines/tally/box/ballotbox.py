"""The ballot box (票箱): one file, many hands. Each method says what it asks of which module."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self

from bihuan.engines.tally import heads, merkle, signing
from bihuan.engines.tally.box import (
    checking,
    finishing,
    paper,
    reading,
    refusals,
    schema,
    slips,
    writer,
)
from bihuan.engines.tally.box.casting import Differs, Receipt, Vote, row_of
from bihuan.engines.tally.box.writer import Pace, Pending
from bihuan.engines.tally.faults import Fault
from bihuan.engines.tally.heads import Head


class BallotBox:
    """票箱：issuing → issued → casting → closed → counted → done; nothing goes back.

    Safe to use from many threads, and from many processes of one machine on one file. A box holds
    no connection of its own between calls; ballots of one process share the process's writer.
    """

    def __init__(self, path: Path, pace: Pace | None = None) -> None:
        self.path = Path(path)
        self.pace = pace or Pace()
        with schema.reading(self.path) as connection:
            self.box = schema.known(connection, "box")
            self.plan = schema.known(connection, "plan")
            self.seal_public = schema.known(connection, "seal")
            self.log_public = schema.known(connection, "log")

    @classmethod
    def new(
        cls,
        path: Path,
        *,
        box: bytes,
        plan: bytes,
        seal_public: bytes,
        log_private: bytes | None = None,
        pace: Pace | None = None,
    ) -> Self:
        """A new box in its first phase, with the signed head of an empty log.

        box: 16 random bytes; plan: its canonical bytes; seal_public: X25519, 32 bytes;
        log_private: Ed25519, 32 bytes, made here if not given, kept beside the file (mode 0600).
        Raises BoxExists.
        """
        if len(box) != 16 or len(seal_public) != 32:
            raise ValueError("a box has 16 bytes, a public key 32")
        private = signing.new_signer()[0] if log_private is None else log_private
        peaks = merkle.Peaks()
        extra = checking.founding(plan, seal_public)
        head = heads.signed(private, box=box, size=0, root=peaks.root, extra=extra)
        facts = {
            "box": box,
            "plan": plan,
            "seal": seal_public,
            "log": signing.public_of(private),
            "phase": b"issuing",
        }
        schema.build(Path(path), facts, row_of(head, (), peaks), private)
        return cls(path, pace)

    # Steps

    @property
    def phase(self) -> str:
        """One of "issuing", "issued", "casting", "closed", "counted", "done"."""
        with schema.reading(self.path) as connection:
            return schema.phase(connection)

    def advance(self, to: str) -> None:
        """One step on; see `finishing.advance`. What this process has queued goes in before."""
        if (queue := writer.at(self.path)) is not None:
            queue.flush()
        finishing.advance(self.path, to)

    def finish(self) -> None:
        """End of the check window: ballots, spent keys, slips and the log key are forgotten.

        Safe to ask again after a crash.
        """
        self.advance("done")

    def close(self) -> None:
        """Answer everybody who waits and let go of the file. The box may be used again."""
        if (queue := writer.at(self.path)) is not None:
            queue.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # Slips

    def add_slips(self, category: str, spent: Iterable[bytes]) -> int:
        """Good slips by their spent keys, while issuing lasts; how many are new."""
        return slips.add(self.path, category, spent)

    def slip_category(self, spent: bytes) -> str | None:
        """None: no such slip, or void."""
        return slips.category(self.path, spent)

    def void_slips(self, spent: Iterable[bytes]) -> slips.Voided:
        """Make slips void that have not been cast."""
        return slips.make_void(self.path, spent)

    # Ballots

    def put(self, spent: bytes, category: str, blob: bytes, evidence: bytes = b"") -> Receipt:
        """投票：returns when the ballot is on the disk.

        The same right with the same ballot again gets the same leaf and head. `evidence` is what
        proved the right (a token with its signatures), kept for the scrutineers until the end.
        Raises NotOpen, AnotherBallot, Copied, VoidSlip, WrongCategory, TooLarge, Misshapen, Full,
        Busy, NotStored.
        """
        answer = self.submit(spent, category, blob, evidence).wait()
        assert isinstance(answer, Receipt)
        return answer

    def submit(self, spent: bytes, category: str, blob: bytes, evidence: bytes = b"") -> Pending:
        """As `put`, without waiting; `wait()` of what it returns gives the receipt."""
        return writer.of(self.path, self.pace).submit(Vote(spent, category, blob, evidence))

    def paper_first(self, spent: bytes, category: str, check: bytes) -> None:
        """First entry of a paper ballot: only its check (`paper.check_of`) is kept."""
        paper.first(self.path, spent, category, check)

    def paper_second(
        self, spent: bytes, category: str, check: bytes, blob: bytes
    ) -> Receipt | Differs:
        """Second entry: cast if it says what the first said, else both are forgotten."""
        vote = Vote(spent, category, blob, check=check)
        return writer.of(self.path, self.pace).submit(vote).wait()

    def paper_drop(self, spent: bytes) -> bool:
        """Forget a first entry; False if there is none."""
        return paper.drop(self.path, spent)

    def papers_pending(self) -> int:
        """Paper ballots that wait for their second entry; the box does not close over them."""
        return paper.pending(self.path)

    # Heads and proofs

    def turnout(self) -> int:
        """Ballots cast so far, of all categories together."""
        return self.head().size

    def head(self) -> Head:
        """The newest signed head."""
        with schema.reading(self.path) as connection:
            return reading.head(connection)

    def heads(self) -> tuple[Head, ...]:
        """All heads of the log, oldest first."""
        return tuple(batch.head for batch in self.log())

    def log(self) -> list[reading.Batch]:
        """The log's batches, oldest first; the first one is empty."""
        with schema.reading(self.path) as connection:
            return reading.log(connection)

    def leaves(self) -> list[bytes]:
        """All leaves in the order of the log."""
        with schema.reading(self.path) as connection:
            return reading.leaves(connection)

    def closing_head(self) -> Head | None:
        """The head signed at the close; None before."""
        with schema.reading(self.path) as connection:
            return checking.said(connection, "closing")

    def final_head(self) -> Head | None:
        """The head signed after the count; None before."""
        with schema.reading(self.path) as connection:
            return checking.said(connection, "final")

    def proof(self, leaf: bytes) -> reading.Proof | None:
        """That a leaf is on the log; None if it is not."""
        with schema.reading(self.path) as connection:
            return reading.proof(connection, leaf)

    def consistency(self, size: int, larger: int) -> tuple[bytes, ...]:
        """That the log only grew between two sizes. Raises IndexError."""
        with schema.reading(self.path) as connection:
            return reading.consistency(connection, size, larger)

    def fits(self, shown: Head) -> bool:
        """Whether a head seen earlier lies on this file's log; `standing` says why not."""
        return self.standing(shown) == "on"

    def standing(self, shown: Head) -> reading.Standing:
        """ "on", "older_file" (a backup was put back), "forked" or "foreign"."""
        with schema.reading(self.path) as connection:
            return reading.standing(connection, shown)

    def check(
        self,
        *,
        box: bytes | None = None,
        log_public: bytes | None = None,
        plan: bytes | None = None,
        seen: Iterable[Head] = (),
    ) -> tuple[Fault, ...]:
        """Everything that is not as it was signed, each ballot by its leaf; see `checking`.

        Give what is known from outside the file (its id, log key, plan, heads that were shown):
        somebody who holds both the file and its log key can make it agree with itself.
        """
        found: list[Fault] = []
        try:
            with schema.reading(self.path) as connection:
                found.extend(
                    checking.faults(
                        self.path,
                        connection,
                        box=box,
                        log_public=log_public,
                        plan=plan,
                        seen=seen,
                    )
                )
        except (refusals.Refusal, sqlite3.Error, ValueError, TypeError, AttributeError) as error:
            # Somebody wrote into the file what no box writes.
            found.append(Fault("box_file_damaged", {"detail": str(error)}))
        return tuple(found)

    # After the close

    def counts(self) -> dict[str, int]:
        """Ballots cast by category. Raises NotYet before the close."""
        with schema.reading(self.path) as connection:
            reading.ask_closed(connection)
            if schema.phase(connection) == "done":
                return dict(json.loads(schema.known(connection, "counts")))
            return reading.counts(connection)

    def slip_counts(self) -> dict[str, reading.Slips]:
        """Slips printed, void and cast, by category. Raises NotYet, Forgotten."""
        with schema.reading(self.path) as connection:
            reading.ask_kept(connection)
            return reading.slips(connection)

    def rights(self) -> list[reading.Right]:
        """Every used right with its evidence. Raises NotYet, Forgotten."""
        with schema.reading(self.path) as connection:
            reading.ask_kept(connection)
            return reading.rights(connection)

    def open(self, private: bytes) -> Iterator[tuple[bytes, str, bytes | None]]:
        """开箱：(leaf, category, plain) in the order of the leaves; None where no seal opens.

        Raises, before the first ballot, NotYet, Forgotten, and Unsound if `check` finds anything.
        """
        with schema.reading(self.path) as connection:
            reading.ask_kept(connection)
        if faults := self.check():
            raise refusals.Unsound(faults)
        return reading.ballots(self.path, private)

    def store_columns(self, columns: bytes) -> None:
        """What the count has read; once. Raises NotYet, Forgotten, Settled."""
        finishing.store_columns(self.path, columns)

    def columns(self) -> bytes | None:
        """What `store_columns` was given; None before."""
        with schema.reading(self.path) as connection:
            return schema.about(connection, "columns")

    def sign_final(self, extra: str) -> Head:
        """The final head, which says `extra` besides; once. Raises NotYet, Forgotten, Settled."""
        return finishing.sign_final(self.path, extra)

    def copy(self, to: Path) -> None:
        """A copy for scrutineers or a backup, in the order of its keys and without the log key.

        To put one back: stop the servers, remove the box's `-wal` and `-shm` files (they belong
        to the file that is replaced), put the copy in its place; the log key lies beside it.
        Then ask `standing` of the newest head that was shown. Raises BoxExists.
        """
        if Path(to).exists():
            raise refusals.BoxExists
        with closing(schema.connect(self.path)) as connection:
            try:
                connection.execute("VACUUM INTO ?", (str(to),))
            except sqlite3.Error as error:
                raise refusals.of(error) from error

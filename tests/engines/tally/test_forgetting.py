"""Whoever copies the box's files throughout a vote links no ballot to a voter better than chance.

The attacker is given more than anybody would have: every copy of the file, its write-ahead log,
its shared memory and a server's log, taken as fast as they can be; the exact order in which the
voters came and were answered; for each voter the batch the ballot went in with; every head; and
every ballot in clear, in the order in which the box gives them out (but not the seal's key, which
would say which stored ballot is which). What is left to find is the order within a batch. Chance
is one in the batch size. The same attacker finds a writer that is broken on purpose.
"""

import math
import random
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from bihuan.engines.tally.box import BallotBox, Pace, Receipt, casting, leaf_of, schema
from tests.engines.tally import voters

VOTERS = 300
BATCH = 20
# 6 orders in the files and the ballots in clear, against two orders of voters, two statistics
# each: at most 28 questions a vote. At 1e-8 each, a vote that is secret fails the test with a
# probability below 3e-7.
ALPHA = 1e-8
SIGMAS = 6.0  # two-sided, 2e-9 for a normal sum; permutation sums have lighter tails


@dataclass
class Copy:
    """One look at the folder."""

    main: bytes
    wal: bytes
    shm: bytes
    log: bytes


@dataclass
class Watched:
    """A vote as the attacker saw it, and the truth for the judge."""

    folder: Path
    box: BallotBox
    copies: list[Copy] = field(default_factory=list)
    voted: Copy = field(default_factory=lambda: Copy(b"", b"", b"", b""))  # before the close
    arrived: list[int] = field(default_factory=list)  # voters in order
    answered: list[int] = field(default_factory=list)
    batch: dict[int, int] = field(default_factory=dict)  # voter → size of the log after it
    truth: dict[int, bytes] = field(default_factory=dict)  # voter → leaf
    told: list[bytes] = field(default_factory=list)  # ballots in clear, as the box gives them out
    said: dict[bytes, int] = field(default_factory=dict)  # ballot in clear → voter


def look(folder: Path) -> Copy:
    def read(name: str) -> bytes:
        path = folder / name
        return path.read_bytes() if path.exists() else b""

    names = ("meeting.box", "meeting.box-wal", "meeting.box-shm", "log")
    return Copy(*(read(name) for name in names))


def poll(seen: Watched, over: threading.Event) -> None:
    while True:
        last = over.is_set()
        copy = look(seen.folder)
        if not seen.copies or (copy.main, copy.wal) != (seen.copies[-1].main, seen.copies[-1].wal):
            seen.copies.append(copy)
        if last:
            return
        over.wait(0.005)


def watched_vote(folder: Path) -> Watched:
    """300 voters come one by one while somebody copies the files; then the box is closed."""
    # As many phones wait at once as a batch needs at least, and that many divide the voters: every
    # batch has its full size, however slow the machine is.
    box = voters.new_box(folder, pace=Pace(window_s=0.01, least=BATCH, patience_s=60.0))
    seen = Watched(folder, box)
    over, order = threading.Event(), threading.Lock()
    plain = {voter: f"示例 {random.random()}" for voter in range(VOTERS)}
    blobs = {voter: voters.sealed(plain[voter]) for voter in range(VOTERS)}
    log = (folder / "log").open("w")

    def one(voter: int) -> None:
        with order:
            seen.arrived.append(voter)
            log.write("POST /b/meeting/cast/\n")
            pending = box.submit(voters.right(7, voter), "a", blobs[voter])
        receipt = pending.wait()
        assert isinstance(receipt, Receipt)
        with order:
            seen.answered.append(voter)
            log.write(f"200 size {receipt.head.size}\n")
            log.flush()
            seen.batch[voter] = receipt.head.size

    watcher = threading.Thread(target=poll, args=(seen, over))
    watcher.start()
    with ThreadPoolExecutor(BATCH) as hall:
        list(hall.map(one, range(VOTERS)))
    seen.voted = look(folder)
    box.advance("closed")
    over.set()
    watcher.join()
    log.close()
    seen.truth = {voter: leaf_of("a", blob) for voter, blob in blobs.items()}
    seen.said = {text.encode().ljust(4096): voter for voter, text in plain.items()}
    seen.told = [text for _leaf, _category, text in box.open(voters.PRIVATE) if text is not None]
    return seen


# What the files may betray: each gives every ballot a place; smaller is "earlier".


@dataclass(frozen=True)
class Row:
    """A stored ballot, as the last copy has it."""

    leaf: bytes
    spent: bytes
    blob: bytes


def stored(seen: Watched) -> list[Row]:
    with schema.reading(seen.box.path) as connection:
        rows = connection.execute("SELECT leaf, spent, blob FROM ballot JOIN spent USING (leaf)")
        return [Row(*row) for row in rows]


def first_in_wal(piece: Callable[[Row], bytes]) -> Callable[[Watched, list[Row]], dict[bytes, int]]:
    """Where in the write-ahead log a piece was first seen."""

    def places(seen: Watched, rows: list[Row]) -> dict[bytes, int]:
        found: dict[bytes, int] = {}
        for number, copy in enumerate([*seen.copies, seen.voted]):
            for row in rows:
                at = -1 if row.leaf in found else copy.wal.find(piece(row))
                if at >= 0:
                    found[row.leaf] = number * 10**9 + at
        return found

    return places


def in_main(piece: Callable[[Row], bytes]) -> Callable[[Watched, list[Row]], dict[bytes, int]]:
    """Where in the file itself a piece lay in the last copy before the close."""

    def places(seen: Watched, rows: list[Row]) -> dict[bytes, int]:
        with closing(copied(seen)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        main = (seen.folder / "stolen" / "meeting.box").read_bytes()
        return {row.leaf: main.find(piece(row)) for row in rows}

    return places


def copied(seen: Watched) -> sqlite3.Connection:
    """The last copy before the close, opened with the tool that everybody has."""
    folder = seen.folder / "stolen"
    folder.mkdir(exist_ok=True)
    (folder / "meeting.box").write_bytes(seen.voted.main)
    (folder / "meeting.box-wal").write_bytes(seen.voted.wal)
    return sqlite3.connect(folder / "meeting.box", isolation_level=None)


def by_row(seen: Watched, rows: list[Row]) -> dict[bytes, int]:
    """The order in which the table gives its rows: by rowid, where there is one."""
    with closing(copied(seen)) as connection:
        try:
            found = connection.execute("SELECT rowid, leaf FROM ballot").fetchall()
        except sqlite3.OperationalError:
            unnumbered = connection.execute("SELECT leaf FROM ballot NOT INDEXED")
            found = [(place, leaf) for place, (leaf,) in enumerate(unnumbered)]
    return {bytes(leaf): place for place, leaf in found}


def by_log(seen: Watched, rows: list[Row]) -> dict[bytes, int]:
    """The order of the published leaves."""
    return {leaf: place for place, leaf in enumerate(seen.box.leaves())}


def head(row: Row) -> bytes:
    return row.blob[:40]


def tail(row: Row) -> bytes:
    return row.blob[-40:]


def spent(row: Row) -> bytes:
    return row.spent


STRATEGIES: dict[str, Callable[[Watched, list[Row]], dict[bytes, int]]] = {
    "frames of the write-ahead log": first_in_wal(tail),
    "cells of the write-ahead log": first_in_wal(head),
    "rights in the write-ahead log": first_in_wal(spent),
    "pages of the file": in_main(tail),
    "rows of the table": by_row,
    "leaves of the log": by_log,
}


# How good a guess is, against what chance would do.


def fixed_points(size: int) -> list[float]:
    """P(k right) when `size` ballots are guessed at random within one batch."""
    return [
        sum((-1) ** j / math.factorial(j) for j in range(size - k + 1)) / math.factorial(k)
        for k in range(min(size, 60) + 1)
    ]


def chance_of(right: int, sizes: Sequence[int]) -> float:
    """P(at least so many right) by chance, over all batches together: exact."""
    total = np.array([1.0])
    for size in sizes:
        total = np.convolve(total, fixed_points(size))
    return float(total[right:].sum())


@dataclass(frozen=True)
class Finding:
    strategy: str
    voters: str
    right: int
    expected: float
    chance: float
    sigmas: float

    @property
    def betrayed(self) -> bool:
        return self.chance < ALPHA or abs(self.sigmas) > SIGMAS


def judge(name: str, who: str, batches: Sequence[tuple[list[bytes], list[bytes]]]) -> Finding:
    """Each batch: true leaves in the order of the voters, guessed leaves in the same places."""
    batches = [(truth, guess) for truth, guess in batches if len(truth) > 1]
    right = sum(a == b for truth, guess in batches for a, b in zip(truth, guess, strict=True))
    product = variance = 0.0
    for truth, guess in batches:
        n = len(truth)
        centred = np.arange(n) - (n - 1) / 2
        place = {leaf: i for i, leaf in enumerate(guess)}
        product += float(centred @ centred[[place[leaf] for leaf in truth]])
        variance += float(centred @ centred) ** 2 / (n - 1)
    sizes = [len(truth) for truth, _guess in batches]
    return Finding(
        name, who, right, float(len(sizes)), chance_of(right, sizes), product / math.sqrt(variance)
    )


def attack(seen: Watched) -> Iterator[Finding]:
    """Every strategy, against the order of arrival and the order of answers."""
    rows = stored(seen)
    assert {row.leaf for row in rows} == set(seen.truth.values())
    for who, order in (("arrival", seen.arrived), ("answer", seen.answered)):
        groups: dict[int, list[int]] = {}
        for voter in order:
            groups.setdefault(seen.batch[voter], []).append(voter)
        truths = {size: [seen.truth[voter] for voter in group] for size, group in groups.items()}
        for name, strategy in STRATEGIES.items():
            places = strategy(seen, rows)
            batches = [
                (truth, sorted(truth, key=lambda leaf: places.get(leaf, -1)))
                for truth in truths.values()
                if all(places.get(leaf, -1) >= 0 for leaf in truth)
            ]
            if sum(len(truth) for truth, _guess in batches) > 1:
                yield judge(name, who, batches)
        opened = [seen.truth[seen.said[text]] for text in seen.told]
        yield judge("ballots as opened", who, [([seen.truth[v] for v in order], opened)])


def describe(findings: Sequence[Finding]) -> str:
    return "\n".join(
        f"{f.strategy} ~ {f.voters}: {f.right} right, {f.expected:.0f} expected,"
        f" p = {f.chance:.1e}, {f.sigmas:+.1f} sigmas"
        for f in findings
    )


def test_copies_of_everything_link_no_better_than_chance(tmp_path: Path) -> None:
    seen = watched_vote(tmp_path)
    findings = list(attack(seen))
    assert len(seen.copies) > 5
    # Each question was really asked: files in the course of voting, not only the closed ones.
    assert {f.strategy for f in findings} == {*STRATEGIES, "ballots as opened"}
    assert not [f for f in findings if f.betrayed], describe(findings)
    # Nobody was alone, so that "one in the batch size" is worth something.
    assert all(list(seen.batch.values()).count(size) == BATCH for size in seen.batch.values())


@pytest.mark.parametrize("rowid", [False, True])
def test_the_same_attacker_finds_a_writer_that_keeps_the_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rowid: bool
) -> None:
    monkeypatch.setattr(casting, "shuffled", list)
    if rowid:
        monkeypatch.setattr(schema, "TABLES", schema.TABLES.replace("WITHOUT ROWID", ""))
    findings = list(attack(watched_vote(tmp_path)))
    caught = {f.strategy for f in findings if f.betrayed and f.voters == "arrival"}
    assert "frames of the write-ahead log" in caught, describe(findings)
    assert "pages of the file" in caught
    assert ("rows of the table" in caught) == rowid


def test_shuffling_alone_does_not_excuse_a_table_that_counts_its_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row number tells batches apart for ever, even in the closed file; ours tells nothing."""
    monkeypatch.setattr(schema, "TABLES", schema.TABLES.replace("WITHOUT ROWID", ""))
    seen = watched_vote(tmp_path)
    with closing(sqlite3.connect(seen.box.path)) as connection:
        kept = [leaf for (leaf,) in connection.execute("SELECT leaf FROM ballot ORDER BY rowid")]
    whole = judge("rowid", "arrival", [([seen.truth[v] for v in seen.arrived], kept)])
    assert whole.betrayed


def test_the_closed_file_tells_nothing_of_the_order_of_batches(tmp_path: Path) -> None:
    """Rewritten at the close: places in the file follow the keys. Only the log keeps batches."""
    seen = watched_vote(tmp_path)
    main = seen.box.path.read_bytes()
    rows = stored(seen)
    for piece in (head, tail):
        kept = [row.leaf for row in sorted(rows, key=lambda row: main.find(piece(row)))]
        found = judge("closed file", "arrival", [([seen.truth[v] for v in seen.arrived], kept)])
        assert not found.betrayed, describe([found])
    assert seen.box.path.with_name("meeting.box-wal").stat().st_size == 0


def test_chance_is_reckoned_rightly() -> None:
    assert sum(fixed_points(20)) == pytest.approx(1)
    assert fixed_points(3) == pytest.approx([2 / 6, 3 / 6, 0, 1 / 6])
    assert chance_of(0, [5, 9]) == pytest.approx(1)
    assert chance_of(4, [2, 2]) == pytest.approx(1 / 4)


def test_after_the_end_no_file_holds_a_right_a_slip_or_a_piece_of_a_ballot(tmp_path: Path) -> None:
    box = voters.new_box(tmp_path, to="issuing")
    slips = [voters.right(9, number) for number in range(50)]
    box.add_slips("a", slips)
    box.advance("issued")
    box.advance("casting")
    log_key = schema.key_path(box.path).read_bytes()
    check = b"c" * 32
    box.paper_first(slips[1], "a", check)
    pieces: dict[str, bytes] = {"slip": slips[40], "log key": log_key}
    for voter in range(40):
        blob, evidence = voters.ballot(9, voter), voters.right(10, voter)
        if voter == 1:
            box.paper_second(slips[voter], "a", check, blob)
        else:
            box.put(slips[voter], "a", blob, evidence=evidence)
            pieces[f"evidence {voter}"] = evidence
        pieces[f"right {voter}"] = slips[voter]
        pieces |= {f"blob {voter} from {at}": blob[at : at + 16] for at in range(0, 4096, 512)}

    def held() -> set[str]:
        files = [path.read_bytes() for path in tmp_path.iterdir()]
        return {name for name, piece in pieces.items() if any(piece in raw for raw in files)}

    assert held() == set(pieces), "the test would see them"
    box.advance("closed")
    box.store_columns(b"[]")
    final = box.sign_final("{}")
    box.advance("counted")
    assert held() == set(pieces)
    box.finish()
    assert held() == set()
    assert leaf_of("a", voters.ballot(9, 0)) in box.leaves()
    assert box.columns() == b"[]"
    assert box.counts() == {"a": 40}
    assert box.final_head() == final
    assert box.check(seen=[final]) == ()

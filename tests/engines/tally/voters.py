"""Simulated voters for the box's tests and its benchmark, also as a process that may be killed.

    python voters.py BOX SEED VOTERS VARIANT THREADS

casts the ballots of voters 0 … VOTERS-1 in an order of chance and writes a line for every answer:
`in VOTER LEAF SIZE ROOT SIGNATURE`, or `no VOTER CODE`. A voter's right and ballot follow from the
seed, so that another process can try the same ballot again; another variant is another ballot.
"""

import hashlib
import os
import queue
import random
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bihuan.engines.tally import seal
from bihuan.engines.tally.box import BallotBox, Pace, Refusal
from bihuan.engines.tally.faults import Fault
from bihuan.engines.tally.heads import Head

PRIVATE, PUBLIC = seal.new_pair()
BOX = bytes(range(16))
PLAN = b'{"title":"\xe7\xa4\xba\xe4\xbe\x8b"}'
QUICK = Pace(window_s=0.002, least=1, patience_s=0.0)


def new_box(folder: Path, *, to: str = "casting", pace: Pace = QUICK) -> BallotBox:
    """A box at some step."""
    box = BallotBox.new(folder / "meeting.box", box=BOX, plan=PLAN, seal_public=PUBLIC, pace=pace)
    for step in ("issued", "casting", "closed"):
        if box.phase == to:
            break
        box.advance(step)
    return box


def right(seed: int, voter: int) -> bytes:
    """A spent key."""
    return hashlib.sha256(f"right {seed} {voter}".encode()).digest()


def ballot(seed: int, voter: int, variant: int = 0) -> bytes:
    """Bytes of the shape of a sealed ballot of one block; no seal opens them."""
    return random.Random(f"{seed} {voter} {variant}").randbytes(4096 + seal.OVERHEAD)


def sealed(text: str, category: str = "a") -> bytes:
    """A ballot that really is sealed to the box."""
    return seal.seal(PUBLIC, text.encode().ljust(4096), box=BOX, category=category)


def voted(folder: Path, count: int = 6) -> BallotBox:
    """A box in the course of voting."""
    found = new_box(folder)
    for voter in range(count):
        found.put(right(1, voter), "a", ballot(1, voter))
    return found


def codes(found: BallotBox) -> list[str]:
    """What the box's judge finds, in short."""
    return [fault.code for fault in found.check()]


def vote(path: Path, seed: int, count: int, variant: int, threads: int) -> None:
    """Cast all ballots, from many threads, and say each answer in one line."""
    box = BallotBox(path, QUICK)
    voters: queue.SimpleQueue[int] = queue.SimpleQueue()
    order = list(range(count))
    secrets.SystemRandom().shuffle(order)
    for voter in order:
        voters.put(voter)

    def work() -> None:
        while True:
            try:
                voter = voters.get_nowait()
            except queue.Empty:
                return
            try:
                receipt = box.put(right(seed, voter), "a", ballot(seed, voter, variant))
            except Refusal as refusal:
                line = f"no {voter} {refusal.code}\n"
            else:
                head = receipt.head
                line = (
                    f"in {voter} {receipt.leaf.hex()} {head.size} {head.root.hex()}"
                    f" {head.signature.hex()} {head.extra}\n"
                )
            os.write(1, line.encode())  # one write, one line, however many threads

    crew = [threading.Thread(target=work) for _ in range(threads)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    box.close()


def start(
    path: Path, seed: int, count: int, *, variant: int = 0, threads: int = 16
) -> "subprocess.Popen[str]":
    """The same in a process of its own."""
    return subprocess.Popen(
        [sys.executable, __file__, str(path), *map(str, (seed, count, variant, threads))],
        stdout=subprocess.PIPE,
        text=True,
    )


@dataclass
class Told:
    """What voters were told: receipts by voter, refusals by voter, every head that was shown."""

    leaves: dict[int, set[str]] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
    heads: set[Head] = field(default_factory=set)
    struck: int = 0  # kills that found the process still at work

    def hear(self, line: str) -> None:
        if not line.endswith("\n"):
            return  # cut off by the kill: nobody was told
        kind, voter, *rest = line[:-1].split(" ")
        if kind == "no":
            self.refused[int(voter)] = rest[0]
            return
        leaf, size, root, signature, extra = rest
        self.leaves.setdefault(int(voter), set()).add(leaf)
        self.heads.add(Head(BOX, int(size), bytes.fromhex(root), extra, bytes.fromhex(signature)))


def killed(path: Path, seed: int, *, voters: int, kills: int) -> Told:
    """Voting that is killed (SIGKILL) at random moments and begun again, then goes to its end.

    In each life some new voters come, and all earlier ones try again, in an order of chance.
    """
    told, chance = Told(), secrets.SystemRandom()
    for life in range(1, kills + 1):
        present = max(1, voters * life // kills)
        process = start(path, seed, present)
        assert process.stdout is not None
        for _ in range(chance.randrange(present)):
            told.hear(process.stdout.readline())
        time.sleep(chance.random() * 0.005)
        process.send_signal(signal.SIGKILL)
        for line in process.stdout:  # what was said before the end counts
            told.hear(line)
        process.stdout.close()
        told.struck += process.wait() == -signal.SIGKILL
    with start(path, seed, voters) as last:
        assert last.stdout is not None
        for line in last.stdout:
            told.hear(line)
    assert last.returncode == 0
    return told


def complaints(box: BallotBox, told: Told, voters: int) -> Iterator[str | Fault]:
    """What must never be: an acknowledged ballot lost, one doubled, a head that no longer fits."""
    leaves = [leaf.hex() for leaf in box.leaves()]
    acknowledged = {leaf for known in told.leaves.values() for leaf in known}
    if lost := acknowledged - set(leaves):
        yield f"acknowledged and lost: {sorted(lost)}"
    if len(leaves) != len(set(leaves)) or len(leaves) != voters:
        yield f"{len(leaves)} leaves, {len(set(leaves))} different, of {voters} voters"
    if two := [voter for voter, known in told.leaves.items() if len(known) > 1]:
        yield f"two receipts: {two}"
    yield from (f"refused: {voter} {code}" for voter, code in told.refused.items())
    yield from box.check(seen=told.heads)


if __name__ == "__main__":
    vote(Path(sys.argv[1]), *map(int, sys.argv[2:]))

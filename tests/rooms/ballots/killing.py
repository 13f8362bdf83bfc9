"""A hall that votes while the server is killed at random moments and begun again."""

import http.client
import json
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

from bihuan.engines.tally.box import BallotBox
from bihuan.engines.tally.heads import Head
from tests.rooms.ballots import served

THREADS = 12


@dataclass
class Told:
    """What phones were told: receipts by voter, refusals, every signed head."""

    receipts: dict[int, set[str]] = field(default_factory=dict)
    refused: dict[int, Any] = field(default_factory=dict)
    heads: set[tuple[int, str, str]] = field(default_factory=set)
    unanswered: int = 0  # requests that a kill cut off, or that found nobody
    struck: int = 0  # kills that found the server in the midst of answering
    lock: threading.Lock = field(default_factory=threading.Lock)

    def hear(self, voter: int, heard: served.Heard) -> None:
        with self.lock:
            if heard.status != 200:
                self.refused[voter] = (heard.status, heard.said)
                return
            said = heard.said
            self.receipts.setdefault(voter, set()).add(said["receipt"])
            self.heads.add((said["size"], said["root"], said["signature"]))


def killed(server: served.Served, slug: str, sent: Sequence[dict[str, Any]], *, kills: int) -> Told:
    """In each life some new voters come and all earlier ones ask again; the last life is whole."""
    told = Told()
    bodies = [json.dumps(said).encode() for said in sent]
    try:
        for life in range(1, kills + 1):
            server.start()
            coming = max(1, len(bodies) * life // kills)
            answers = threading.Semaphore(0)
            crew = _voting(server.port, slug, bodies[:coming], told, answers)
            # Answers come in groups, so this falls anywhere between and within commits.
            for _answer in range(secrets.randbelow(max(1, coming // 2))):
                answers.acquire(timeout=served.PATIENCE_S)
            time.sleep(secrets.randbelow(1000) * 1e-5)
            busy = any(thread.is_alive() for thread in crew)
            told.struck += server.kill() and busy
            for thread in crew:
                thread.join()
        server.start()
        for thread in _voting(server.port, slug, bodies, told, threading.Semaphore(0)):
            thread.join()
    finally:
        server.stop()
    return told


def _voting(
    port: int, slug: str, bodies: Sequence[bytes], told: Told, answers: threading.Semaphore
) -> list[threading.Thread]:
    """Voters in an order of chance, several at once, until they are through or nobody answers."""
    order = list(range(len(bodies)))
    secrets.SystemRandom().shuffle(order)
    waiting: SimpleQueue[int] = SimpleQueue()
    for voter in order:
        waiting.put(voter)

    def work() -> None:
        while True:
            try:
                voter = waiting.get_nowait()
            except Empty:
                return
            try:
                heard = served.ask(port, f"/b/{slug}/cast/", bodies[voter])
            except (OSError, http.client.HTTPException, ValueError):
                with told.lock:
                    told.unanswered += 1
                return
            told.hear(voter, heard)
            answers.release()

    crew = [threading.Thread(target=work) for _thread in range(THREADS)]
    for thread in crew:
        thread.start()
    return crew


def complaints(box: BallotBox, told: Told, voters: int) -> Iterator[Any]:
    """What must never be: an acknowledged ballot lost, one doubled, a head that does not fit."""
    leaves = [leaf.hex() for leaf in box.leaves()]
    acknowledged = {leaf for known in told.receipts.values() for leaf in known}
    if lost := acknowledged - set(leaves):
        yield f"acknowledged and lost: {sorted(lost)}"
    if len(leaves) != len(set(leaves)) or len(leaves) != voters:
        yield f"{len(leaves)} leaves, {len(set(leaves))} different, of {voters} voters"
    if unheard := voters - len(told.receipts):
        yield f"{unheard} voters never heard a receipt"
    if two := [voter for voter, known in told.receipts.items() if len(known) > 1]:
        yield f"two receipts: {two}"
    yield from told.refused.items()
    seen = [
        Head(box.box, size, bytes.fromhex(root), "", bytes.fromhex(signature))
        for size, root, signature in told.heads
    ]
    yield from box.check(seen=seen)

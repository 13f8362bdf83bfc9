"""Somebody copies the whole data folder, again and again, while a hall votes through HTTP.

What is copied is judged by the attacker of tests/engines/tally/test_forgetting.py, who also knows
in which order the phones came and were answered, and holds the seal's key.
"""

import base64
import random
import threading
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bihuan.ballots import bridge
from bihuan.ballots.models import Poll
from bihuan.engines.tally import seal
from bihuan.engines.tally.box import leaf_of
from tests.engines.tally import test_forgetting as attacker
from tests.rooms.ballots import served

Files = tuple[tuple[str, bytes], ...]


@dataclass
class Found:
    """What was copied: states of the box's three files, and of everything else together."""

    seen: attacker.Watched
    others: set[Files] = field(default_factory=set)

    @property
    def batches(self) -> list[int]:
        return list(Counter(self.seen.batch.values()).values())


def files(folder: Path) -> dict[str, bytes]:
    """Everything in the data folder, as somebody who copies it would have it."""
    found = {}
    for path in sorted(folder.rglob("*")):
        try:
            if path.is_file() and "stolen" not in path.parts:
                found[str(path.relative_to(folder))] = path.read_bytes()
        except FileNotFoundError:  # gone while it was being copied
            continue
    return found


def vote(
    data: Path, port: int, poll: Poll, sent: Mapping[int, Mapping[str, Any]], *, phones: int
) -> Found:
    """All cast, so many phones at once, in an order of chance; each then asks how things stand."""
    box = bridge.box(poll.box_id)
    found = Found(attacker.Watched(box.path.parent, box))
    seen = found.seen
    place = box.path.relative_to(data)
    names = [f"{place}{part}" for part in ("", "-wal", "-shm")]
    over, order = threading.Event(), threading.Lock()

    def watch() -> None:
        while True:
            last = over.is_set()
            copied = files(data)
            seen.copies.append(attacker.Copy(*(copied.pop(name, b"") for name in names), b""))
            # An idle database has a shared memory or not, as its last reader left it.
            rest = ((n, content) for n, content in copied.items() if content)
            found.others.add(tuple((n, c) for n, c in rest if not n.endswith("-shm")))
            if last:
                return
            over.wait(0.02)

    def one(number: int) -> None:
        with order:
            seen.arrived.append(number)
        heard = served.post(port, poll.slug, "cast", sent[number])
        assert heard.status == 200, heard
        with order:
            seen.answered.append(number)
            seen.batch[number] = heard.said["size"]
        assert served.ask(port, f"/b/{poll.slug}/state/").status == 200

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        with ThreadPoolExecutor(phones) as hall:
            list(hall.map(one, random.sample(sorted(sent), len(sent))))
    finally:
        over.set()
        watcher.join()
    seen.voted = seen.copies[-1]
    return found


def truth(found: Found, poll: Poll, sent: Mapping[int, Mapping[str, Any]]) -> attacker.Watched:
    """The same with the truth for the judge: once the box is closed, before it is counted."""
    box, seen = bridge.box(poll.box_id), found.seen
    private = bridge.keys(poll.box_id).seal
    for number, said in sent.items():
        blob = base64.b64decode(said["blob"])
        category = said["category"]
        seen.truth[number] = leaf_of(category, blob)
        seen.said[seal.unseal(private, blob, box=box.box, category=category)] = number
    seen.told = [text for _leaf, _category, text in box.open(private) if text is not None]
    return seen

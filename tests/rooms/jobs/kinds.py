"""Small seeded computations, importable by any worker; no Django here."""

import os
import random
import threading
from typing import Any


def share(seed: int, number: int, throws: int) -> float:
    """One piece: the share of throws that fall into a quarter circle, and its own random stream."""
    chance = random.Random(f"{seed}/{number}")
    hits = sum(chance.random() ** 2 + chance.random() ** 2 <= 1 for _ in range(throws))
    return hits / throws + chance.gauss(0, 1e-9)


def estimate(inputs: dict[str, Any], *, seed: int, tell: Any, run: Any) -> dict[str, Any]:
    """Many pieces, their mean, and each of them, so that one differing bit would show."""
    count = inputs["pieces"]
    found = []
    pieces = run(share, [seed] * count, range(count), [inputs["throws"]] * count)
    for done, value in enumerate(pieces, start=1):
        found.append(value)
        tell(done, count, f"第 {done} 块")
    return {"mean": sum(found) / count * 4, "pieces": found}


def whereabouts(_number: int) -> tuple[int, str]:
    """Which process and which thread this piece ran in."""
    return os.getpid(), threading.current_thread().name


def die(_number: int) -> None:
    """A worker that ends without a word, as when memory runs out."""
    os._exit(1)


def nothing() -> None:
    """What a process does before its first piece, where that is nothing."""

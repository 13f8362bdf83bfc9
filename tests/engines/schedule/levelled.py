"""Small problems for the tests of levelling: drawn at random, or levelled by hand."""

import csv
import os
import random
from pathlib import Path
from typing import Any

import pytest

from bihuan.engines.schedule.levelling import Activity, Link, Problem, problem

ROOT = Path(__file__).resolve().parents[3]
RCPSP = Path(os.environ.get("BIHUAN_BENCH", ROOT.parent / "shared" / "bench")) / "projects/rcpsp"

needs_bench = pytest.mark.skipif(
    not RCPSP.is_dir(), reason="the PSPLIB files are not here; say where with BIHUAN_BENCH"
)


def published() -> list[dict[str, str]]:
    """The published bounds and best makespans of the PSPLIB files."""
    with (RCPSP / "expected_makespans.csv").open() as stream:
        return list(csv.DictReader(stream))


def text_of(row: dict[str, str]) -> str:
    return (RCPSP / row["set"] / row["instance"]).read_text()


def drawn(seed: int, **changes: Any) -> Problem:
    """A problem with everything a problem can have; always solvable but for its fixed starts."""
    chance = random.Random(seed)
    count = chance.randint(2, 9)
    activities = [
        Activity(
            name=f"a{j}",
            duration=chance.randint(0, 5),
            needs={"人": chance.randint(0, 2), "车": chance.randint(0, 3)},
            release=chance.choice([0, 0, chance.randint(0, 6)]),
            due=chance.choice([None, chance.randint(0, 12)]),
            weight=chance.randint(0, 3),
        )
        for j in range(count)
    ]
    links = [
        Link(f"a{i}", f"a{j}", chance.choice(["FS", "FS", "SS", "FF", "SF"]), chance.randint(-2, 3))
        for j in range(count)
        for i in range(j)
        if chance.random() < 0.25
    ]
    chance.shuffle(activities)
    capacity = {"人": [(0, 2), (3, chance.randint(0, 3)), (8, 2)], "车": 3}
    return problem(activities, links, capacity, **changes)


def three_reviews() -> Problem:
    """Three reviews of 2 days by one panel; by hand, 6 days."""
    return problem([Activity(f"评审{k}", 2, {"评审组": 1}) for k in range(3)], [], {"评审组": 1})

"""Small frames that the tests share, and the way to published numbers (not in this checkout)."""

import csv
import os
from pathlib import Path

import numpy as np
import pytest

from bihuan.engines.index import Frame, Node, Tree, frame, tree

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / "tests" / "data" / "index"
BENCH = Path(os.environ.get("BIHUAN_BENCH", ROOT.parent / "shared" / "bench"))

needs_bench = pytest.mark.skipif(
    not (BENCH / "index").is_dir(),
    reason="the published numbers are not here; say where with BIHUAN_BENCH",
)


def read(name: str) -> list[dict[str, str]]:
    """Rows of a published table."""
    with (BENCH / "index" / name).open(encoding="utf-8-sig") as stream:
        return list(csv.DictReader(stream))


def numbers(rows: list[dict[str, str]], names: tuple[str, ...]) -> np.ndarray:
    return np.array([[float(row[name] or "nan") for name in names] for row in rows])


def grove(indicators: int = 8, pillars: int = 3) -> Tree:
    """Indicators under pillars under one top; every fifth is better when lower."""
    nodes = [
        Node(f"i{j}", level=1, parent=f"p{j % pillars}", direction=-1 if j % 5 == 4 else 1)
        for j in range(indicators)
    ]
    nodes += [Node(f"p{k}", level=2, parent="top", weight=1.0 + k) for k in range(pillars)]
    return tree([*nodes, Node("top", level=3)], [f"i{j}" for j in range(indicators)])


def some(units: int = 20, indicators: int = 8, pillars: int = 3, seed: int = 0) -> Frame:
    """Positive, skewed, complete data."""
    chance = np.random.default_rng(seed)
    x = np.exp(chance.normal(size=(units, indicators)) * np.linspace(0.2, 1.0, indicators))
    names = ("east", "centre", "west")
    return frame(
        [f"u{i:03d}" for i in range(units)],
        grove(indicators, pillars),
        x,
        groups={"region": [names[i % 3] for i in range(units)]},
    )


def later(before: Frame, seed: int = 1, size: float = 0.15) -> Frame:
    """The next year of the same units."""
    chance = np.random.default_rng(seed)
    return frame(
        before.units,
        before.tree,
        before.x * np.exp(size * chance.normal(size=before.x.shape)),
        groups=before.groups,
    )

"""How fast the index engine is, beside a plain NumPy copy of its pipeline: prints a table.

    python benchmarks/index.py [--processes 2] [--draws 10000] [--only WORD] [--dask HOST:PORT]

217 units × 40 indicators under 8 pillars, generated with a fixed seed (示例数据). The plain copy is
what one would write by hand: one build after another, columns in a loop, a matrix product at the
end. It runs on fewer draws and is scaled up; its scores are checked against the engine's first.
Each line is the best of three runs (one for what takes seconds). Beside the clock stands CPU time,
divided by the processes: what the clock would show on cores that nobody else uses.
"""

import argparse
import os
import platform
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(name, "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

import numpy as np  # noqa: E402 - after the number of threads is set

from bihuan.engines.index import Frame, Method, Node, Result, build, frame, method, tree  # noqa: E402
from bihuan.engines.index.design import Design, Inputs, drawn  # noqa: E402
from bihuan.engines.index.goal import Lever, seek  # noqa: E402
from bihuan.engines.index.method import Scale  # noqa: E402
from bihuan.engines.index.moves import explain_move  # noqa: E402
from bihuan.engines.index.robust import uncertainty  # noqa: E402
from bihuan.engines.index.whatif import what_if  # noqa: E402

UNITS, INDICATORS, PILLARS = 217, 40, 8
CHOICES = Inputs(
    winmax=(1, 2, 3, 4, 5),
    normalisation=(
        Scale(how="minmax", lower=1.0, upper=100.0),
        Scale(how="zscore", mean=100.0, sd=10.0),
    ),
    aggregation=(("amean",), ("gmean",)),
    weight_factor=0.25,
)
NOISE = Inputs(
    winmax=CHOICES.winmax,
    normalisation=CHOICES.normalisation,
    aggregation=CHOICES.aggregation,
    weight_factor=0.25,
    noise=(0.05,),
)
RECIPE = method({"normalise": {"lower": 1, "upper": 100}})


def sample(units: int, indicators: int, years: int = 1) -> Frame:
    """Positive, skewed data of generated units."""
    chance = np.random.default_rng(1)
    nodes = [
        Node(f"i{j}", parent=f"p{j % PILLARS}", direction=-1 if j % 7 == 3 else 1)
        for j in range(indicators)
    ]
    nodes += [Node(f"p{k}", level=2, parent="top", weight=1.0 + k) for k in range(PILLARS)]
    grown = tree([*nodes, Node("top", level=3)], [f"i{j}" for j in range(indicators)])
    x = np.exp(chance.normal(size=(units * years, indicators)) * np.linspace(0.2, 1.2, indicators))
    names = [f"u{i:04d}" for i in range(units)] * years
    when = [2012 + y for y in range(years) for _unit in range(units)] if years > 1 else []
    return frame(names, grown, x, years=when)


# The plain copy -----------------------------------------------------------------------------------


def plain_shape(x: np.ndarray) -> tuple[float, float]:
    n, d = len(x), x - x.mean()
    m2, m3, m4 = (d**2).mean(), (d**3).mean(), (d**4).mean()
    g1, g2 = m3 / m2**1.5, m4 / m2**2 - 3
    return (
        g1 * np.sqrt(n * (n - 1)) / (n - 2),
        ((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3)),
    )


def plain_treated(x: np.ndarray, winmax: int) -> np.ndarray:
    original, moved = x.copy(), 0
    skew, kurt = plain_shape(x)
    x = x.copy()
    while abs(skew) >= 2 and kurt >= 3.5 and moved < winmax:
        edge = x == (x.max() if skew >= 0 else x.min())
        x[edge] = x[~edge].max() if skew >= 0 else x[~edge].min()
        moved = int(edge.sum())
        skew, kurt = plain_shape(x)
    if abs(skew) >= 2 and kurt >= 3.5:
        return np.log(original - original.min() + 0.01 * np.ptp(original))
    return x


def plain_build(x: np.ndarray, given: Frame, winmax: int, z: bool, geometric: bool) -> np.ndarray:
    """Scores of one build with the tree's own weights."""
    grown = given.tree
    y = np.empty_like(x)
    for j in range(x.shape[1]):
        column = plain_treated(x[:, j], winmax) * grown.nodes[j].direction
        if z:
            y[:, j] = (column - column.mean()) / column.std(ddof=1) * 10 + 100
        else:
            y[:, j] = (column - column.min()) / np.ptp(column) * 99 + 1
    values = {code: y[:, j] for j, code in enumerate(grown.indicators)}
    for node in grown.aggregates:
        below = [grown.codes[c] for c in grown.children[node]]
        w = np.array([grown.nodes[grown.index[c]].weight for c in below])
        table = np.column_stack([values[c] for c in below])
        mean = np.log(table) @ (w / w.sum()) if geometric else table @ (w / w.sum())
        values[grown.codes[node]] = np.exp(mean) if geometric else mean
    return values[grown.codes[grown.root]]


def plain_draws(given: Frame, count: int, noise: float) -> None:
    chance = np.random.default_rng(0)
    for draw in range(count):
        x = given.x * (1 + noise * chance.normal(size=given.x.shape)) if noise else given.x
        scores = plain_build(x, given, 1 + draw % 5, draw % 2 == 0, draw % 3 == 0)
        np.argsort(-scores)


def agrees(given: Frame) -> None:
    """The copy computes what the engine computes."""
    for winmax in (0, 3):
        for z, geometric in ((False, True), (True, False)):
            scale: dict[str, Any] = {"how": "zscore", "mean": 100.0, "sd": 10.0} if z else {}
            told = RECIPE.changed(
                treat={"winmax": winmax},
                normalise=scale,
                aggregate={"how": ("gmean",) if geometric else ("amean",)},
            )
            gap = np.abs(
                plain_build(np.array(given.x), given, winmax, z, geometric) - build(given, told).top
            )
            assert gap.max() < 1e-9, gap.max()


# Timing -------------------------------------------------------------------------------------------


def cpu() -> float:
    """CPU seconds of this process and of its children that have ended."""
    return sum(
        sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )


def best(work: Callable[[], Any], times: int = 3) -> tuple[float, float, Any]:
    """The smallest wall and CPU seconds of some runs, and the answer."""
    wall = busy = float("inf")
    answer = None
    for _time in range(times):
        start, used = time.perf_counter(), cpu()
        answer = work()
        wall, busy = min(wall, time.perf_counter() - start), min(busy, cpu() - used)
    return wall, busy, answer


class Table:
    def __init__(self, only: str) -> None:
        self.only = only
        print(f"{'what':<68}{'asked':>10}{'clock':>11}{'CPU':>11}{'plain CPU':>11}{'ratio':>7}")

    def line(
        self,
        what: str,
        asked: float,
        work: Callable[[], Any],
        times: int = 3,
        plain: Callable[[], float] | None = None,
        processes: int = 1,
    ) -> Any:
        if self.only not in what:
            return None
        wall, busy, answer = best(work, times)
        shown = f"{what:<68}{_say(asked):>10}{_say(wall):>11}{_say(busy / processes):>11}"
        if plain is not None:
            other = plain()
            shown += f"{_say(other):>11}{other / busy:>6.0f}×"
        print(shown, flush=True)
        return answer


def _say(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def uncertainties(table: Table, given: Frame, draws: int, processes: int) -> None:
    def plain(noise: float) -> float:
        few = 40
        return best(lambda: plain_draws(given, few, noise), 1)[1] * draws / few

    for what, asked, inputs, noise in (
        ("choices and weights", 1.0, CHOICES, 0.0),
        ("data noise through the whole pipeline", 10.0, NOISE, 0.05),
    ):
        design = drawn(inputs, draws, 1)
        table.line(
            f"{draws} draws, {what}, {processes} processes",
            asked,
            lambda design=design: pooled(given, design, processes),
            1,
            lambda noise=noise: plain(noise),
            processes,
        )


def pooled(given: Frame, design: Design, processes: int) -> None:
    """All draws, the start and the end of the pool included."""
    with ProcessPoolExecutor(processes) as pool:
        uncertainty(given, RECIPE, design, pool.map)


def answers(table: Table, given: Frame, first: Result) -> None:
    second = build(
        frame(
            given.units,
            given.tree,
            given.x * np.random.default_rng(2).normal(1, 0.1, given.x.shape),
        ),
        RECIPE,
    )
    unit = first.units[int(np.flatnonzero(first.top_ranks == 120)[0])]
    table.line(
        "build, 217 × 40",
        0.1,
        lambda: build(given, RECIPE),
        plain=lambda: best(lambda: plain_build(np.array(given.x), given, 5, False, False))[1],
    )
    table.line("one-cell what-if and re-rank", 0.010, lambda: what_if(first, {(unit, "i5"): 3.0}))
    move = table.line(
        "Shapley of a rank over groups, exact", 0.010, lambda: explain_move(first, second, unit)
    )
    alone = table.line(
        "Shapley of a rank over 40 indicators, 10,000 permutations",
        0.1,
        lambda: explain_move(first, second, unit, groups=False),
    )
    for one in (move, alone):
        assert one is None or sum(one.parts.values()) == one.change
    sd = given.x.std(axis=0)
    for kind, step in (("continuous", 0.0), ("whole steps", 0.1)):
        levers = [Lever(f"i{j}", 1 / sd[j], sd[j], step * sd[j]) for j in range(INDICATORS)]
        table.line(
            f"goal-seek, 4 ranks, 40 levers, {kind}",
            1.0,
            lambda levers=levers: seek(first, unit, levers, gain=4),
        )


def same_bits(given: Frame, recipe: Method, processes: int, dask: str) -> None:
    """One process, a pool and Dask give the same scores to the last bit."""
    design = drawn(NOISE, 600, 3)
    here = uncertainty(given, recipe, design).scores
    with ProcessPoolExecutor(processes) as pool:
        there = uncertainty(given, recipe, design, pool.map).scores
    print("same bits in a process pool:", np.array_equal(here, there))
    if dask:
        from distributed import Client

        with Client(f"tcp://{dask}") as client:
            far = uncertainty(given, recipe, design, client.get_executor().map).scores
        print("same bits on Dask:", np.array_equal(here, far))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--processes", type=int, default=2)
    asked.add_argument("--draws", type=int, default=10_000)
    asked.add_argument("--only", default="")
    asked.add_argument("--dask", default="")
    told = asked.parse_args()
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, "
          f"Python {platform.python_version()}, NumPy {np.__version__}")  # fmt: skip
    given = sample(UNITS, INDICATORS)
    agrees(given)
    table = Table(told.only)
    answers(table, given, build(given, RECIPE))
    many = sample(3000, 60, 10) if told.only in "build, 3,000 × 60 × 10 years" else None
    if many is not None:
        table.line("build, 3,000 × 60 × 10 years", 2.0, lambda: build(many, RECIPE))
    uncertainties(table, given, told.draws, told.processes)
    same_bits(given, RECIPE, told.processes, told.dask)


if __name__ == "__main__":
    main()

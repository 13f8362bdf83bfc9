"""Levelling against published makespans: gap tables of PSPLIB samples, and what they cost.

    python benchmarks/rcpsp.py [--sets j30,j60,j120] [--sample 24] [--seconds 30] [--run threads:2]
                               [--seed 1] [--bench FOLDER] [--csv FILE]

A sample takes files at equal distances through a set, so that every kind of problem has its share;
`--sample 0` takes all. Every schedule is judged by `engines.schedule.check`, which does not know
the solver. Gap: how far the makespan is above the best known one; open: above the own lower bound.
CPU time is that of this process, so it is told with threads only; beside it stands the load of the
machine, as a machine that others use gives fewer generations in the same seconds.
"""

import argparse
import csv
import os
import platform
import resource
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from bihuan.engines.schedule.check import case_of_sm, judge
from bihuan.engines.schedule.levelling import Stop, psplib, solve

BENCH = Path(__file__).resolve().parents[2] / "shared" / "bench"


@dataclass(frozen=True)
class Line:
    """One problem solved and judged."""

    set: str
    instance: str
    best: int
    published_lower: int
    makespan: int
    lower: int
    generations: int
    seconds: float
    cpu: float

    @property
    def gap(self) -> float:
        return 100.0 * (self.makespan - self.best) / self.best

    @property
    def open(self) -> float:
        return 100.0 * (self.makespan - self.lower) / self.makespan


def cpu() -> float:
    use = resource.getrusage(resource.RUSAGE_SELF)
    return use.ru_utime + use.ru_stime


def sample(rows: list[dict[str, str]], count: int) -> list[dict[str, str]]:
    if not count or count >= len(rows):
        return rows
    return [rows[round(k * (len(rows) - 1) / max(count - 1, 1))] for k in range(count)]


def solved(
    folder: Path, rows: list[dict[str, str]], pool: Executor, places: int, given: argparse.Namespace
) -> Iterator[Line]:
    for row in rows:
        text = (folder / row["set"] / row["instance"]).read_text()
        problem, used = psplib(text), cpu()
        result = solve(
            problem,
            Stop(given.seconds),
            seed=given.seed,
            islands=max(1, places - 1),
            run=pool.map,
            at_once=places,
        )
        verdict = judge(case_of_sm(text), result.starts)
        best, lower = int(row["best_known_makespan"]), int(row["lower_bound"])
        if not verdict.holds or verdict.makespan != result.makespan:
            raise SystemExit(f"{row['instance']}: {verdict.violations}")
        if verdict.makespan < lower or result.lower > best:
            raise SystemExit(f"{row['instance']}: {result.lower} … {verdict.makespan} cannot be")
        yield Line(
            set=row["set"],
            instance=row["instance"],
            best=best,
            published_lower=lower,
            makespan=verdict.makespan,
            lower=result.lower,
            generations=result.generations,
            seconds=result.seconds,
            cpu=cpu() - used,
        )


def summary(lines: list[Line], given: argparse.Namespace) -> str:
    count = len(lines)

    def mean(values: Iterator[float]) -> float:
        return sum(values) / count

    return (
        f"{lines[0].set:>5}  {count:>4} files  {given.seconds:>4g} s"
        f"  gap {mean(one.gap for one in lines):5.2f} % (worst {max(o.gap for o in lines):.1f} %)"
        f"  as best known {sum(o.makespan <= o.best for o in lines):>3}"
        f"  proved {sum(o.makespan == o.lower for o in lines):>3}"
        f"  open {mean(one.open for one in lines):5.2f} %"
        f"  {mean(one.seconds for one in lines):5.1f} s and {mean(o.cpu for o in lines):5.1f} s CPU"
        f" each, load {os.getloadavg()[0]:.1f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", default="j30,j60,j120")
    parser.add_argument("--sample", type=int, default=24)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--run", default="threads:2", help="threads:N or processes:N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bench", type=Path, default=BENCH)
    parser.add_argument("--csv", type=Path)
    given = parser.parse_args()
    kind, _colon, number = given.run.partition(":")
    places = int(number or 2)
    pools = {"threads": ThreadPoolExecutor, "processes": ProcessPoolExecutor}
    folder = given.bench / "projects" / "rcpsp"
    with (folder / "expected_makespans.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    machine = f"{platform.machine()} {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}, {given.run}, seed {given.seed}, load {os.getloadavg()[0]:.1f}")
    told: list[Line] = []
    with pools[kind](places) as pool:
        # Compiled or loaded before the clock starts.
        small = psplib((folder / "j30" / "j301_1.sm").read_text())
        solve(small, Stop(generations=1), islands=places, run=pool.map)
        for name in given.sets.split(","):
            chosen = sample([row for row in rows if row["set"] == name], given.sample)
            lines = []
            for line in solved(folder, chosen, pool, places, given):
                lines.append(line)
                if sys.stderr.isatty():
                    print(f"\r{name} {len(lines)}/{len(chosen)}", end="", file=sys.stderr)
            print(summary(lines, given), flush=True)
            told += lines
    if given.csv:
        with given.csv.open("w", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(list(Line.__dataclass_fields__))
            writer.writerows([*vars(line).values()] for line in told)


if __name__ == "__main__":
    main()

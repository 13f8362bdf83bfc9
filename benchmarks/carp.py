"""How near the tours come to the best known ones: `python benchmarks/carp.py` prints a table.

Every instance gets the same processor seconds on one core; the plan is judged by `check`, the bound
is our own. Instances and best-known costs are found by BIHUAN_BENCH (default ../shared/bench).

    python benchmarks/carp.py [--family egl-e] [--seconds 60] [--seed 1] [--only E4] [--workers 1]
    python benchmarks/carp.py --family kerteminde --seconds 60
"""

import argparse
import csv
import os
import platform
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from bihuan.engines.routing.carp import check, solve_carp
from bihuan.engines.routing.carp_bound import lower_bound
from bihuan.engines.routing.gritting import check_gritting, solve_gritting
from bihuan.engines.routing.tours import Limits
from bihuan.exchange.carp import carplib, kerteminde

BENCH = Path(os.environ.get("BIHUAN_BENCH", ROOT.parent / "shared" / "bench"))


def known() -> dict[str, float]:
    with (BENCH / "carp" / "bks.csv").open() as stream:
        return {row["instance"]: float(row["best_known"]) for row in csv.DictReader(stream)}


def one(work: tuple[Path, float, int]) -> tuple[str, float, float, int, int]:
    file, seconds, seed = work
    carp = carplib.read_file(file)
    solve_carp(carp, Limits(rounds=10, seed=seed))  # compiled code is loaded before the clock runs
    plan = solve_carp(carp, Limits(seconds, seed=seed, clock=time.process_time))
    cost, faults = check(carp, plan.routes)
    return file.stem, cost, lower_bound(carp), plan.rounds, len(faults)


def gritting(seconds: float, seed: int) -> None:
    file = BENCH / "salt-spreading" / "kerteminde" / "kerteminde.json"
    given = kerteminde.read(file.read_bytes())
    solve_gritting(given, Limits(rounds=10, seed=seed))
    print(f"{'ends':<10}{'km':>8}{'faults':>8}{'left':>6}{'rounds':>10}")
    for name, home in (("at home", True), ("anywhere", False)):
        asked = replace(given, ends_home=home)
        limits = Limits(seconds, seed=seed, hot=1.0, clock=time.process_time)
        plan = solve_gritting(asked, limits)
        metres, faults = check_gritting(asked, plan.trips)
        row = f"{name:<10}{metres / 1000:>8.1f}{len(faults):>8}{len(plan.left):>6}"
        print(f"{row}{plan.rounds:>10,}", flush=True)


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("--family", default="egl-e")
    ask.add_argument("--seconds", type=float, default=60.0)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--only", default="")
    ask.add_argument("--workers", type=int, default=1)
    given = ask.parse_args()
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}, "
          f"load {load}, {given.seconds:g} s of one core each, seed {given.seed}")  # fmt: skip
    if given.family == "kerteminde":
        gritting(given.seconds, given.seed)
        return
    best = known()
    files = [
        (file, given.seconds, given.seed)
        for file in sorted((BENCH / "carp" / given.family).glob("*.dat"))
        if given.only in file.stem
    ]
    gaps = []
    print(f"{'instance':<12}{'cost':>9}{'best':>9}{'gap %':>8}{'bound':>9}{'above %':>9}"
          f"{'rounds':>11}{'faults':>8}")  # fmt: skip
    with ProcessPoolExecutor(given.workers) as pool:
        for name, cost, bound, rounds, faults in pool.map(one, files):
            reference = best.get(name, best.get(f"val{name}", float("nan")))
            gaps.append((cost / reference - 1) * 100)
            print(f"{name:<12}{cost:>9.0f}{reference:>9.0f}{gaps[-1]:>8.2f}{bound:>9.0f}"
                  f"{(cost / bound - 1) * 100:>9.2f}{rounds:>11,}{faults:>8}", flush=True)  # fmt: skip
    print(f"mean gap {sum(gaps) / len(gaps):.3f} %, worst {max(gaps):.2f} %, "
          f"{sum(gap < 1e-6 for gap in gaps)} of {len(gaps)} reached")  # fmt: skip


if __name__ == "__main__":
    main()

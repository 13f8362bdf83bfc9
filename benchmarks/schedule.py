"""How right and how fast the schedule engine is: prints tables against the shared projects.

    python benchmarks/schedule.py [--only WORD]

WORD is one of path, evm, files, risk, forecast. The shared files are looked for in BIHUAN_BENCH
(default ../shared/bench); what needs them is skipped with a word where they are not. The network of
the speed table is generated with a fixed seed (示例数据). Speeds are CPU seconds, the best of three
runs: what the clock shows on a core that nobody else uses.
"""

import argparse
import csv
import os
import platform
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(name, "1")
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

import numpy as np  # noqa: E402 - after the number of threads is set

from bihuan.engines.schedule import owners  # noqa: E402
from bihuan.engines.schedule.calendar import of_days  # noqa: E402
from bihuan.engines.schedule.calibration import brier, spread  # noqa: E402
from bihuan.engines.schedule.chance import (  # noqa: E402
    Chances,
    Profile,
    factors,
    rank_cruciality,
    simulate,
)
from bihuan.engines.schedule.earned import table  # noqa: E402
from bihuan.engines.schedule.forecast import CLASSES, mixed, outside  # noqa: E402
from bihuan.engines.schedule.network import LINKS, Activity, Link, Network, network  # noqa: E402
from bihuan.engines.schedule.path import dates  # noqa: E402
from bihuan.exchange.schedules import Refusal, read  # noqa: E402
from bihuan.exchange.schedules.counting import (  # noqa: E402
    Counted,
    baseline,
    counted,
    statuses,
)

PROJECTS = Path(os.environ.get("BIHUAN_BENCH", ROOT.parent / "shared" / "bench")) / "projects"
NAMES = ("pv", "ev", "ac", "spi", "cpi", "spi_t")


def rows(path: str) -> list[dict[str, str]]:
    with (PROJECTS / path).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def best(work: Callable[[], object], times: int = 3) -> float:
    found = []
    for _once in range(times):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


# The critical path of PSPLIB ----------------------------------------------------------------------


def of_sm(path: Path) -> Network:
    """The order and the durations of a PSPLIB file, read in the plainest way."""
    text = path.read_text(encoding="ascii")
    order = text.split("PRECEDENCE RELATIONS:")[1].split("***")[0].strip().splitlines()[1:]
    works = text.split("REQUESTS/DURATIONS:")[1].split("***")[0].strip().splitlines()[2:]
    return network(
        [Activity(line.split()[0], int(line.split()[2])) for line in works],
        [Link(line.split()[0], after) for line in order for after in line.split()[3:]],
    )


def path_table() -> None:
    published = {
        row["instance"]: int(row["critical_path_length"])
        for row in rows("rcpsp/expected_makespans.csv")
    }
    print("set    files  equal  seconds")
    for folder in ("j30", "j60", "j120"):
        files = sorted((PROJECTS / "rcpsp" / folder).glob("*.sm"))
        start = time.process_time()
        equal = sum(dates(of_sm(file)).length == published[file.name] for file in files)
        print(f"{folder:5} {len(files):6} {equal:6} {time.process_time() - start:8.2f}")


# Earned value -------------------------------------------------------------------------------------


def projects() -> Iterator[tuple[dict[str, str], Counted]]:
    for row in rows("dslib/expected_values.csv"):
        content = (PROJECTS / "dslib" / row["file"]).read_bytes()
        yield row, counted(read(content, row["file"]))


def evm_table() -> None:
    last: Counter[str] = Counter()
    every: Counter[str] = Counter()
    ended = periods = 0
    for row, one in projects():
        base, plan = baseline(one), one.plan
        last["leaf_activities"] += len(plan.leaves) == int(row["leaf_activities"])
        last["predecessor_links"] += len(plan.relations) == int(row["predecessor_links"])
        last["baseline_start"] += f"{plan.start:%Y-%m-%d %H:%M}" == row["baseline_start"]
        last["baseline_end"] += f"{plan.finish:%Y-%m-%d %H:%M}" == row["baseline_end"]
        last["bac"] += abs(base.budget - float(row["bac"])) < 0.0051
        last["tracking_periods"] += len(plan.periods) == int(row["tracking_periods"])
        found = table(base, statuses(one), whole=True)
        periods += len(found)
        for period, state in zip(plan.periods, found, strict=True):
            for name in NAMES:
                every[name] += np.isclose(getattr(state, name), period.said[name], rtol=1e-6)
            every["es"] += state.es == one.worked(period.said["es"])
        if found:
            ended += 1
            for name in NAMES:
                value = getattr(found[-1], name)
                last[name] += bool(np.isclose(value, float(row[name]), rtol=1e-12, atol=0))
    print("value               equal  of")
    for name, count in last.items():
        print(f"{name:18} {count:6} {ended if name in NAMES else 26:4}")
    print("in every period")
    for name, count in every.items():
        print(f"{name:18} {count:6} {periods:4}")


# Files --------------------------------------------------------------------------------------------


def files_table() -> None:
    print("file                                       s  differs")
    for row in (
        *rows("schedule_files/expected_values.csv"),
        *rows("schedule_files/derived_expected.csv"),
    ):
        content = (PROJECTS / "schedule_files" / row["file"]).read_bytes()
        start = time.process_time()
        try:
            plan = read(content, row["file"])
        except Refusal as refusal:
            print(f"{row['file']:40} {refusal.doubt.code}")
            continue
        seconds = time.process_time() - start
        found = {
            "tasks": len(plan.tasks),
            "leaf_tasks": len(plan.leaves),
            "relations": len(plan.relations),
            "resources": len(plan.resources),
            "assignments": len(plan.assignments),
            "calendars": len(plan.calendars),
            "project_start": f"{plan.start:%Y-%m-%dT%H:%M}" if plan.start else "",
            "project_finish": f"{plan.finish:%Y-%m-%dT%H:%M}" if plan.finish else "",
        }
        found["baseline_finish"] = found["project_finish"]
        wrong = {
            name: (value, row[name])
            for name, value in found.items()
            if name in row and str(value) != row[name]
        }
        print(f"{row['file']:40} {seconds:4.1f}  {wrong or ''}")


# Risk ---------------------------------------------------------------------------------------------


def sample(count: int) -> Network:
    chance = np.random.default_rng(1)
    activities = [
        Activity(str(i), int(chance.integers(1, 30)), owner="甲乙丙丁"[i % 4]) for i in range(count)
    ]
    links = [
        Link(
            str(i),
            str(j),
            LINKS[chance.choice(4, p=[0.8, 0.1, 0.07, 0.03])],
            int(chance.integers(-3, 6)) if chance.random() < 0.2 else 0,
        )
        for j in range(1, count)
        for i in sorted(set(chance.integers(max(0, j - 25), j, 2).tolist()))
    ]
    return network(activities, links)


def risk_table() -> None:
    net = sample(300)
    print("10,000 runs × 300 activities                seconds")
    for shape in ("triangular", "pert", "lognormal"):
        chances = Chances({code: Profile(0.8, 1.0, 1.6, shape) for code in net.codes})
        seconds = best(lambda c=chances: simulate(net, c, runs=10_000, seed=1))
        print(f"{shape:42} {seconds:8.3f}")
    tied = Chances(chances.profiles, factors(net, common=0.2, owner=0.2))
    print(f"{'with five common factors':42} "
          f"{best(lambda: simulate(net, tied, runs=10_000, seed=1)):8.3f}")  # fmt: skip
    weekdays = of_days([day for day in range(4000) if day % 7 < 5])
    six = of_days([day for day in range(4000) if day % 7 < 6])
    apart = replace(
        net, calendars=(weekdays, six), calendar=np.arange(300) % 2, lag_calendar=0 * net.lags
    )
    print(f"{'with two calendars':42} "
          f"{best(lambda: simulate(apart, chances, runs=10_000, seed=1)):8.3f}")  # fmt: skip
    here = simulate(net, tied, runs=10_000, seed=1)
    print(f"{'cruciality by ranks':42} "
          f"{best(lambda: rank_cruciality(net, tied, here), 1):8.3f}")  # fmt: skip
    print(f"{'whose act, 4 owners, 1,000 runs':42} "
          f"{best(lambda: owners.expected(net, tied, seed=1)):8.3f}")  # fmt: skip
    with ProcessPoolExecutor(2) as pool:
        other = simulate(net, tied, runs=10_000, seed=1, run=pool.map)
    same = (other.ends == here.ends).all() and (other.sums == here.sums).all()
    print(f"two processes give the same bits: {'yes' if same else 'NO'}")


# Forecasts ----------------------------------------------------------------------------------------


def forecast_table() -> None:
    """In sample: what was left out one by one is in docs/methods/schedule.md."""
    kept: dict[str, list[tuple[float, float, float]]] = {"mixture": [], "class": [], "tracking": []}
    places: list[float] = []
    chances: list[float] = []
    came: list[bool] = []
    for _row, one in projects():
        base = baseline(one)
        states = table(base, statuses(one))
        end = next((state.at for state in states if state.done > 1 - 1e-9), None)
        for state in states if end else ():
            if state.done > 1 - 1e-9 or state.es <= 0 or state.at <= 0:
                continue
            done = state.es / base.length
            both, prior = (
                mixed(base.length, state.at, state.es, CLASSES[0]),
                outside(base.length, CLASSES[0]),
            )
            own = state.lengths()["ES:SPI(t)"] or 0.0
            kept["mixture"].append((done, both.by(0.5), end))
            kept["class"].append((done, max(prior.by(0.5), state.at), end))
            kept["tracking"].append((done, max(own, state.at), end))
            places.append(both.chance(end))
            chances.append(both.chance(base.length))
            came.append(end <= base.length)
    print("miss of the median, % of the real duration, by earned progress")
    print("              0–25 %  25–50 %  50–75 %  75–100 %")
    for name, found in kept.items():
        cells = [
            np.mean([abs(said / end - 1) for done, said, end in found if low <= done < low + 0.25])
            for low in (0.0, 0.25, 0.5, 0.75)
        ]
        print(f"{name:12} " + "".join(f"{100 * cell:9.1f}" for cell in cells))
    honest = spread(places)
    print("intervals: " + ", ".join(
        f"{100 * one.said:.0f} % held {100 * one.found:.0f} %" for one in honest.covers
    ))  # fmt: skip
    print(f"where the real ends fell, tenths: {honest.histogram}")
    score = brier(chances, came)
    print(
        f"the planned end kept? Brier {score.score:.3f} = reliability {score.reliability:.3f}"
        f" − resolution {score.resolution:.3f} + uncertainty {score.uncertainty:.3f}"
        f" + within bands {score.within:.3f}"
    )
    print("said       count   mean said   came true")
    for band in score.bands:
        if band.count:
            print(
                f"{band.low:.1f}–{band.high:.1f} {band.count:9} {band.said:11.2f} {band.came:11.2f}"
            )


TABLES = {
    "path": (path_table, True),
    "evm": (evm_table, True),
    "files": (files_table, True),
    "risk": (risk_table, False),
    "forecast": (forecast_table, True),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=TABLES)
    only = parser.parse_args().only
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, {os.cpu_count()} cores")
    for name, (show, needs_files) in TABLES.items():
        if only in (None, name):
            print(f"\n{name}")
            if needs_files and not PROJECTS.is_dir():
                print("skipped: the shared projects are not here (BIHUAN_BENCH)")
            else:
                show()


if __name__ == "__main__":
    main()

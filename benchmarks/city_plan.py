"""A whole city: `python benchmarks/city_plan.py CITY.osm.pbf` prints a table.

Trunk to secondary roads once in each direction, 53 vehicles on 6 yards, refill, shifts, promises of
3 h (main) and 6 h (secondary). First by distance, then by clearing time, then as offices plan
today: a sector for each company, a territory for each vehicle. Every plan is judged by `check`.

    python benchmarks/city_plan.py CITY.osm.pbf [--seconds 60] [--longer 300] [--seed 1]
"""

import argparse
import os
import platform
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from scipy.cluster.vq import kmeans2

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from bihuan.engines.routing.build import build
from bihuan.engines.routing.network import Network
from bihuan.engines.routing.plan.bounds import Bounds, bounds
from bihuan.engines.routing.plan.check import check
from bihuan.engines.routing.plan.city import plan_demand
from bihuan.engines.routing.plan.demand import Demand, demand
from bihuan.engines.routing.plan.legs import CityPlan
from bihuan.engines.routing.plan.planner import Aim
from bihuan.engines.routing.plan.scenario import (
    Amounts,
    ClassRule,
    Group,
    Scenario,
    VehicleType,
    Yard,
)
from bihuan.engines.routing.plan.sectors import by_company, by_vehicle, plan_pieces
from bihuan.engines.routing.turns import TurnRules
from bihuan.exchange.roads import mapping, osm

COUNTS = (9, 9, 9, 9, 9, 8)


def scenario(network: Network) -> Scenario:
    """Yards in the middle of six parts of the main roads; the start is drawn, the seed fixed."""
    main = np.flatnonzero(np.isin(network.kind, (0, 1)))
    places = np.column_stack(
        [network.node_lon[network.arc_tail[main]], network.node_lat[network.arc_tail[main]]]
    )
    middles, _of = kmeans2(places, len(COUNTS), seed=1, minit="++")
    yards = tuple(
        Yard(f"{at + 1}", float(lon), float(lat)) for at, (lon, lat) in enumerate(middles)
    )
    return Scenario(
        network,
        (ClassRule("main", promise_s=3 * 3600, weight=10), ClassRule("secondary", promise_s=6 * 3600)),
        (VehicleType("plough", work_kmh=20, drive_kmh=30, capacity_kg=6000,
                     turns=TurnRules(4, 1, 20, u_turn_banned=False)),),
        yards,
        tuple(Group(f"{at + 1}", "plough", count) for at, count in enumerate(COUNTS)),
        amounts=Amounts(((-40, "", 20.0),)),
    )  # fmt: skip


def row(name: str, whole: Demand, plan: CityPlan, low: Bounds, spent: float) -> float:
    verdict = check(whole.scenario, plan, whole.passes)
    last = max(verdict.judged.clear_s.values())
    late = sum(verdict.judged.late.values())
    first = f"{plan.first_s:.1f}" if plan.first_s is not None else "–"
    print(f"{name:<24}{verdict.judged.km:>9.0f}{(verdict.judged.km / low.km - 1) * 100:>8.1f}"
          f"{(verdict.judged.km / low.balance_km - 1) * 100:>9.1f}"
          f"{last / 3600:>9.2f}{late:>6}{len(plan.left):>6}{verdict.judged.vehicles:>6}"
          f"{first:>8}{len(verdict.faults):>8}{spent:>8.0f}", flush=True)  # fmt: skip
    return last


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("city", type=Path)
    ask.add_argument("--seconds", type=float, default=60.0)
    ask.add_argument("--longer", type=float, default=300.0)
    ask.add_argument("--seed", type=int, default=1)
    given = ask.parse_args()
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}, "
          f"load {load}, seed {given.seed}")  # fmt: skip
    rules = mapping.default()
    whole = demand(scenario(build(osm.read(given.city, rules), rules).network))
    low = bounds(whole)
    print(f"{len(whole.tasks):,} street runs, {low.served_km:,.0f} km to clear; bound "
          f"{low.km:,.0f} km ({low.balance_km:,.0f} km by balance alone), "
          f"{low.clear_s / 3600:.2f} h")  # fmt: skip
    print(f"{'plan':<24}{'km':>9}{'gap %':>8}{'balance':>9}{'clear h':>9}{'late':>6}{'left':>6}"
          f"{'used':>6}{'first s':>8}{'faults':>8}{'s':>8}")  # fmt: skip

    def timed(name: str, make):  # type: ignore[no-untyped-def]
        began = time.perf_counter()
        plan = make()
        return row(name, whole, plan, low, time.perf_counter() - began)

    plan_demand(whole, Aim(rounds=5, seed=0))  # compiled code is loaded before the clock runs
    timed("distance", lambda: plan_demand(whole, Aim(given.seconds, None, given.seed, "distance")))
    timed("clear", lambda: plan_demand(whole, Aim(given.seconds, None, given.seed)))
    sector = timed("sector of a company", lambda: plan_pieces(
        whole, by_company(whole), Aim(given.seconds, None, given.seed)))  # fmt: skip
    territory = timed("territory of a vehicle", lambda: plan_pieces(
        whole, by_vehicle(whole), Aim(given.longer, None, given.seed)))  # fmt: skip
    longer = timed("clear, longer", lambda: plan_demand(
        whole, Aim(given.longer, None, given.seed)))  # fmt: skip
    with ProcessPoolExecutor(2) as pool:
        timed("2 districts, 2 cores", lambda: plan_demand(
            whole, Aim(given.seconds, None, given.seed, "distance"), districts=2, run=pool.map
        ))  # fmt: skip
    print(f"clear {100 * (1 - longer / territory):.0f} % sooner than territories, "
          f"{100 * (1 - longer / sector):.0f} % sooner than sectors; "
          f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB at most")  # fmt: skip


if __name__ == "__main__":
    main()

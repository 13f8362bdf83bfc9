"""Facts on the way: `python benchmarks/on_the_way.py CITY.osm.pbf` prints a table.

A city's plan is driven otherwise than it says: every vehicle slower or faster, some in another
order, some leave streets out, some are not heard for a while, some do not say whether the plough is
down, some send another datum. From the points alone: which tasks are done, where each vehicle is
and what it carries, held against what was driven; then the plan made anew from there, judged.

    python benchmarks/on_the_way.py CITY.osm.pbf [--seconds 30] [--seed 1] [--every 5] [--noise 5]
"""

import argparse
import os
import platform
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "benchmarks")]

from city_plan import scenario

from bihuan.engines.routing.build import build
from bihuan.engines.routing.matching import cells, match
from bihuan.engines.routing.plan import onward
from bihuan.engines.routing.plan.check import check
from bihuan.engines.routing.plan.city import plan_city
from bihuan.engines.routing.plan.facts.carry import carried_on
from bihuan.engines.routing.plan.facts.gather import facts
from bihuan.engines.routing.plan.legs import CityPlan, Tour
from bihuan.engines.routing.plan.live import Event, replan_city
from bihuan.engines.routing.plan.planner import Aim
from bihuan.engines.routing.plan.tracking import Receivers, track_plan
from bihuan.exchange.roads import mapping, osm


def driven(plan: CityPlan, seed: int) -> CityPlan:
    """What is really done: other paces, other orders, streets left out."""
    rng = np.random.default_rng(seed)
    tours = []
    for tour in onward.every_tour(plan):
        order = [(leg.task, int(plan.demand.runs.of[leg.arcs[0]]))
                 for leg in tour.stops if leg.kind == "serve"]  # fmt: skip
        if tour.vehicle % 10 == 3:  # another order
            for at in range(2, len(order) - 1, 5):
                order[at], order[at + 1] = order[at + 1], order[at]
        if tour.vehicle % 10 == 7:  # leaves streets out
            order = [one for at, one in enumerate(order) if at % 8 != 5]
        empty = replace(tour, stops=())
        kind = plan.scenario.types[tour.type]
        graph = plan.demand.graph(kind)
        full = onward.go_on(plan.demand, empty, graph, order, 0.0) if order else empty
        pace = rng.uniform(0.9, 1.35)
        tours.append(replace(full, stops=tuple(
            replace(leg, from_s=leg.from_s * pace, to_s=leg.to_s * pace) for leg in full.stops
        )))  # fmt: skip
    return replace(plan, tours=tuple(tours))


def of(tour: Tour, now_s: float) -> tuple[set[int], set[int], float]:
    """Tasks finished, tasks begun, and kilograms in the hopper by what was driven."""
    done = {leg.task for leg in tour.stops if leg.kind == "serve" and leg.to_s <= now_s}
    begun = {leg.task for leg in tour.stops if leg.kind == "serve" and leg.from_s <= now_s}
    load = 6000.0
    for leg in tour.stops:
        if leg.to_s <= now_s:
            load = load - leg.kg if leg.kind == "serve" else load + leg.kg
    return done, begun, load


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("city", nargs="?")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=float, default=5.0)
    parser.add_argument("--noise", type=float, default=5.0)
    asked = parser.parse_args()
    bench = Path(os.environ.get("BIHUAN_BENCH", ROOT.parent / "shared" / "bench"))
    city = Path(asked.city) if asked.city else bench / "roads" / "harbin.osm.pbf"
    if not city.exists():
        sys.exit(f"not here: {city}; say where with BIHUAN_BENCH")
    rules = mapping.default()
    network = build(osm.read(city, rules), rules).network
    plan = plan_city(scenario(network), Aim(asked.seconds, None, asked.seed, "distance"))
    real = driven(plan, asked.seed)
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, load {load}; "
          f"{len(plan.demand.tasks)} tasks, {len(real.tours)} vehicles, a point every "
          f"{asked.every:g} s, noise {asked.noise:g} m")  # fmt: skip
    at = time.perf_counter()
    grid = cells(network)
    print(f"cells {time.perf_counter() - at:.1f} s, once for a network")
    print(f"{'after':>7}{'points':>9}{'match s':>9}{'facts s':>9}{'anew s':>8}{'heard':>7}"
          f"{'done':>7}{'recall':>8}{'precis.':>9}{'place':>7}{'load kg':>9}{'left':>6}"
          f"{'changed':>9}{'faults':>8}")  # fmt: skip
    names = [name for _group, name in plan.scenario.vehicles]
    for minutes in (20, 60, 120, 180):
        now = minutes * 60.0
        silent = tuple((v, now - 900.0, now) for v in range(len(names)) if v % 13 == 5)
        sent = Receivers(
            asked.every, asked.noise, tuple(v for v in range(len(names)) if v % 17 == 2), silent,
            tuple(v for v in range(len(names)) if v % 7 == 4), asked.seed,
        )  # fmt: skip
        told = track_plan(real, sent, until_s=now)
        place = np.array([names.index(name) for name in told.vehicles], dtype=np.int32)
        told = replace(told, vehicles=tuple(names), vehicle=place[told.vehicle])
        t0 = time.perf_counter()
        matched = match(grid, told)
        t1 = time.perf_counter()
        found = facts(plan, told, matched, now_s=now)
        on = carried_on(plan, found, now_s=now)
        t2 = time.perf_counter()
        anew = replan_city(on, Event(), now_s=now)
        t3 = time.perf_counter()
        verdict = check(anew.plan.scenario, anew.plan, anew.plan.demand.passes,
                        seen={one.vehicle: one for one in found.seen})  # fmt: skip
        right = wrong = missed = there = 0
        away = []
        quiet = {v for v, _a, _b in silent}
        for one in found.seen:
            tour = real.tours[one.vehicle]
            done, begun, load_kg = of(tour, one.at_s)
            mine = {each.task for each in one.done}
            right, wrong, missed = (
                right + len(mine & begun), wrong + len(mine - begun), missed + len(done - mine),
            )  # fmt: skip
            on_it = [leg for leg in tour.stops if leg.from_s <= one.at_s + 1e-6 <= leg.to_s + 5]
            there += any(one.arc in leg.arcs for leg in on_it) or one.arc < 0
            finished = sum(each.kg for each in one.done if each.task not in done)
            if one.vehicle not in quiet:
                away.append(abs(one.load_kg + finished - load_kg))
        print(f"{minutes:>4} min{told.points:>9,}{t1 - t0:>9.1f}{t2 - t1:>9.1f}{t3 - t2:>8.1f}"
              f"{len(found.seen):>7}{right:>7,}{right / max(right + missed, 1):>8.1%}"
              f"{right / max(right + wrong, 1):>9.1%}{there / max(len(found.seen), 1):>7.0%}"
              f"{np.median(away):>9.0f}{len(anew.left):>6}{len(anew.changed):>9}"
              f"{len(verdict.faults):>8}", flush=True)  # fmt: skip
        if verdict.faults:
            print("       ", [f"{f.code} {dict(f.params)}" for f in verdict.faults[:4]])


if __name__ == "__main__":
    main()

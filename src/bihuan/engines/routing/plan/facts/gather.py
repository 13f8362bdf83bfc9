"""All that is known at one moment: of vehicles by their tracks, of streets by what teams report."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from bihuan.engines.routing.coverage.trail import trail
from bihuan.engines.routing.matching.model import Bools, Matched, Tracks
from bihuan.engines.routing.plan import onward
from bihuan.engines.routing.plan.facts.progress import ENOUGH, Progress
from bihuan.engines.routing.plan.facts.record import Facts, Said, Seen
from bihuan.engines.routing.plan.facts.whereabouts import Look
from bihuan.engines.routing.plan.legs import CityPlan
from bihuan.engines.routing.plan.live import until


def facts(
    plan: CityPlan,
    tracks: Tracks,
    matched: Matched,
    *,
    now_s: float,
    said: Sequence[Said] = (),
    earlier: Mapping[int, Seen] | None = None,
    broken: Collection[int] = (),
) -> Facts:
    """What is known of a running plan at `now_s`.

    `tracks`: seconds since the plan began; a vehicle's number there is its place in the plan.
    `earlier`: what was known before; of a vehicle only what came after it is looked at, and of
    `said` only what was not known then should be given. `broken` vehicles finish nothing.
    """
    before = dict(earlier or {})
    count = len(plan.scenario.vehicles)
    since = np.array([before[v].free_s if v in before else -np.inf for v in range(count)])
    one = trail(plan.scenario.network, tracks, matched)
    who = matched.driven.vehicle[one.row]
    new = (one.at_s >= since[who]) & (one.at_s <= now_s)
    heard = set(
        tracks.vehicle[(tracks.t_s > since[tracks.vehicle]) & (tracks.t_s <= now_s)].tolist()
    )
    tours = {tour.vehicle: tour for tour in onward.every_tour(plan)}
    unheard = [
        until(tour, now_s, broken=v in broken) for v, tour in tours.items() if v not in heard
    ]
    known = {leg.task for tour in unheard for leg in tour.stops if leg.kind == "serve"}
    known |= plan.demand.fallen | {one.task for mine in before.values() for one in mine.done}
    work = Progress(plan, one, who, new, known)
    done = work.done({v: tours[v] for v in sorted(heard)})
    seen = []
    for v in sorted(heard):
        look = Look(plan, tours[v], tracks, matched, before.get(v), now_s, v in broken)
        if (found := look.found(work, done[v])) is not None:
            seen.append(found)
    return Facts(tuple(seen), _reported(plan, said, known, now_s))


def _reported(
    plan: CityPlan, said: Sequence[Said], known: set[int], now_s: float
) -> tuple[int, ...]:
    """Tasks on streets that somebody says are done: of the passes of a street the next one."""
    if not said:
        return ()
    tasks = plan.demand.tasks
    at_s = np.full(plan.scenario.network.arcs, -np.inf)
    for one in said:
        if one.at_s <= now_s:
            arcs = list(one.arcs)
            at_s[arcs] = np.maximum(at_s[arcs], one.at_s)
    taken: set[tuple[int, frozenset[str]]] = set()
    out = []
    for at in sorted(set(range(len(tasks))) - known, key=lambda at: (tasks[at].round, at)):
        task = tasks[at]
        key = (task.runs[0], task.does)
        if key not in taken and any(
            _share(plan, at_s >= max(task.ready_s, 0.0), run) >= ENOUGH for run in task.runs
        ):
            taken.add(key)
            out.append(at)
    known.update(out)
    return tuple(sorted(out))


def _share(plan: CityPlan, which: Bools, run: int) -> float:
    arcs = plan.demand.runs.along(run)
    length = plan.scenario.network.length_m[arcs]
    return float(length[which[arcs]].sum()) / max(float(length.sum()), 1e-9)

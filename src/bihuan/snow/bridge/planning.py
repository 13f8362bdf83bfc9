"""The planner at work: a plan made, made anew from the live state, and what if; all as plain data.

Whoever makes a plan does not judge it: every number told comes from the judge's counting.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from bihuan.engines.routing import whatif
from bihuan.engines.routing.chance import chances
from bihuan.engines.routing.faults import Fault, Unfit
from bihuan.engines.routing.network import KINDS, Floats, Network
from bihuan.engines.routing.plan import variants
from bihuan.engines.routing.plan.bounds import bounds
from bihuan.engines.routing.plan.check import Verdict, check
from bihuan.engines.routing.plan.city import plan_demand
from bihuan.engines.routing.plan.facts.carry import carried_on
from bihuan.engines.routing.plan.facts.record import Facts
from bihuan.engines.routing.plan.legs import CityPlan
from bihuan.engines.routing.plan.live import ahead, replan_city
from bihuan.engines.routing.plan.planner import Aim, Progress
from bihuan.engines.routing.plan.scenario import Group, Scenario
from bihuan.engines.routing.plan.sectors import by_company, by_vehicle, plan_pieces
from bihuan.exchange.roads import uncertainty
from bihuan.snow.bridge import heard as facts
from bihuan.snow.bridge import plan as bridge
from bihuan.snow.bridge import showing
from bihuan.snow.bridge.heard import Heard
from bihuan.snow.bridge.warm import warmed
from bihuan.snow.rules.plan import empty_share, steps

LATE_S = 120.0  # a vehicle that will be done later by more is told to be late
SAMPLES = 400  # of the chance: an error of at most five points
Run = Callable[..., Iterable[Any]]
Inputs = Mapping[str, Any]
VERSION = bridge.VERSION
__all__ = ["VERSION", "Unfit", "asked_what_if", "planned", "replanned"]


def planned(
    network: Network,
    inputs: Inputs,
    *,
    seed: int,
    seconds: float | None,
    rounds: int | None,
    run: Run = map,
    progress: Callable[[float], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> dict[str, Any]:
    """制订：the best plan found in that time; stopped early, the best until then."""

    def tell(now: Progress) -> None:
        if progress is not None:
            progress(now.share)

    warmed()
    aim = Aim(seconds or 30.0, rounds, seed, inputs["first"], progress=tell, stop=stop)
    whole = bridge.work(network, inputs)
    plan = plan_demand(whole, aim, run=run)
    verdict = check(whole.scenario, plan, whole.passes)
    told = _told(plan, verdict, network, inputs)
    bound = bounds(whole)
    told |= {
        "bound_km": bound.km,
        "gap": (plan.km / bound.km - 1) * 100 if bound.km and plan.km else None,
        "bound_clear_s": bound.clear_s,
        "fences": [],
        "chances": {},
    }
    if any(tour.stops for tour in plan.tours) and not plan.stopped:
        told["chances"] = _chances(plan)
        if inputs["compare"]:
            told["fences"] = list(_fences(plan, replace(aim, progress=None), inputs, run))
    return {"tours": bridge.tours_of(plan.tours), "left": list(plan.left), "told": told}


def replanned(
    network: Network,
    inputs: Inputs,
    kept: Mapping[str, Any],
    event: Mapping[str, Any],
    *,
    heard: Heard,
    run: Run = map,
) -> dict[str, Any]:
    """重排：from where every vehicle is at `now_s`, changing little.

    Vehicles that are heard are where they say, with what they have done; the others where the plan
    has them.
    """
    warmed()
    before = bridge.restored(network, inputs, kept)
    if len(before.demand.tasks) != kept["tasks"]:
        raise Unfit([Fault("replan_other_version")])
    now = event["now_s"]
    earlier = facts.restored(before.demand, inputs.get("events", ()))
    found = facts.found(before, heard, earlier, event["breakdowns"], now)
    happened = replace(bridge.event(network, event), reported=found.reported)
    running = carried_on(before, found, now_s=now, closed=happened.closed)
    if event["again_kinds"] or event.get("again_codes"):
        happened = replace(happened, again=tuple(_done(running, found, network, event)))
        # Who is heard to be late needs no second pass: its own work goes on from where it is.
        if not happened.again and not (event.get("again_codes") and found.seen):
            raise Unfit([Fault("replan_nothing_again")])
    if event["first_codes"]:
        happened = replace(happened, first=tuple(_on(running, network, event)))
        if not happened.first:
            raise Unfit([Fault("replan_nothing_first")])
    anew = replan_city(running, happened, now_s=now, run=run)
    plan = anew.plan
    known = {**earlier, **{one.vehicle: one for one in found.seen}}
    verdict = check(
        plan.scenario, plan, plan.demand.passes, stranded=_stranded(inputs, event), seen=known
    )  # fmt: skip
    event = {
        **event, "again": list(happened.again), "first": list(happened.first),
        "reported": list(found.reported), "seen": facts.plain(before.demand, found.seen),
    }  # fmt: skip
    shown = {**inputs, "events": [*inputs.get("events", []), event]}
    told = _told(plan, verdict, network, shown)
    told["change"] = {
        "sections": list(anew.changed), "moved": anew.moved,
        "vehicles": _changed(running, plan, now),
    }  # fmt: skip
    told["heard"] = _heard(before, running, found, now)
    return {
        "tours": bridge.tours_of(plan.tours), "left": list(anew.left), "told": told,
        "event": event,
    }  # fmt: skip


def _changed(was: CityPlan, plan: CityPlan, now_s: float) -> list[int]:
    """Vehicles that are to drive otherwise from now on; an hour alone is no change."""

    def ways(one: CityPlan) -> dict[int, list[tuple[str, tuple[int, ...]]]]:
        return {
            tour.vehicle: [(leg.kind, leg.arcs) for leg in ahead(tour, now_s) if leg.arcs]
            for tour in one.tours
        }

    before, after = ways(was), ways(plan)
    return [at for at, way in after.items() if before.get(at, []) != way]


def _heard(before: CityPlan, running: CityPlan, found: Facts, now_s: float) -> dict[str, Any]:
    """How far what was heard is from what was planned."""
    seen = {one.vehicle for one in found.seen}
    planned = {tour.vehicle: tour for tour in before.tours if tour.stops}
    out = [at for at, tour in planned.items() if at not in seen and tour.back_s > now_s]
    late = [
        tour.cleared_s - planned[tour.vehicle].cleared_s
        for tour in running.tours if tour.vehicle in seen and tour.vehicle in planned
    ]  # fmt: skip
    return {
        "seen": len(seen),
        "unheard": out,
        "late": sum(one > LATE_S for one in late),
        "latest_s": max(late, default=0.0),
        "opened": len(set(running.left) - set(before.left)),
        "reported": len(found.reported),
    }


def _stranded(inputs: Inputs, event: Mapping[str, Any]) -> set[int]:
    every = [*inputs.get("events", []), event]
    return {at for one in every for at in one["breakdowns"]}


def _done(
    plan: CityPlan, found: Facts, network: Network, event: Mapping[str, Any]
) -> list[int]:  # fmt: skip
    """Tasks of these classes or on these sections that are done by now: they are to be done once
    more. On sections of which nothing was heard those only that the plan alone takes for done."""
    kinds = {KINDS.index(kind) for kind in event["again_kinds"]}
    arcs = set(bridge.closed_arcs(network, event.get("again_codes", ())))
    now, finish, runs = event["now_s"], plan.finish_s, plan.demand.runs
    proven = {one.task for mine in found.seen for one in mine.done}
    reported = plan.demand.fallen | set(found.reported)
    done = [
        at for at, task in enumerate(plan.demand.tasks)
        if (finish.get(at, math.inf) <= now or at in reported)
        and (task.kind in kinds or (at not in proven | reported and any(
            arcs & set(runs.along(run).tolist()) for run in task.runs
        )))
    ]  # fmt: skip
    last: dict[Any, int] = {}
    for at in done:
        task = plan.demand.tasks[at]
        last[task.runs, task.does] = max(last.get((task.runs, task.does), 0), task.round)
    every = plan.demand.tasks
    return [at for at in done if every[at].round == last[every[at].runs, every[at].does]]


def _on(plan: CityPlan, network: Network, event: Mapping[str, Any]) -> list[int]:
    """Tasks on these sections that are still to be done."""
    arcs = set(bridge.closed_arcs(network, event["first_codes"]))
    now, finish, runs = event["now_s"], plan.finish_s, plan.demand.runs
    return [
        at for at, task in enumerate(plan.demand.tasks)
        if finish.get(at, math.inf) > now
        and any(arcs & set(runs.along(run).tolist()) for run in task.runs)
    ]  # fmt: skip


# What is told of a plan ---------------------------------------------------------------------------


def _told(
    plan: CityPlan, verdict: Verdict, network: Network, inputs: Inputs
) -> dict[str, Any]:  # fmt: skip
    judged = verdict.judged
    scenario = plan.scenario
    clear = _cleared(plan)
    length = np.array([one.length_m for one in scenario.network.sections])
    kinds = _section_kinds(scenario)
    classes = [
        {
            "kind": kind, "promise_s": rule.promise_s,
            "sections": int(((kinds == KINDS.index(kind)) & ~np.isnan(clear)).sum()),
            "km": float(length[(kinds == KINDS.index(kind)) & ~np.isnan(clear)].sum()) / 1000,
            "clear_s": _finite(judged.clear_s[kind]), "late": judged.late[kind],
        }
        for kind, rule in scenario.rules.items()
        if kind in judged.clear_s
    ]  # fmt: skip
    undone = np.flatnonzero(np.isinf(clear))
    return {
        "version": bridge.VERSION,
        "network": network.digest,
        "tasks": len(plan.demand.tasks),
        "left": len(plan.left),
        "vehicles": judged.vehicles,
        "km": judged.km,
        "served_km": verdict.served_km,
        "empty": empty_share(judged.km, verdict.served_km),
        "deicer_kg": judged.deicer_kg,
        "late_s": judged.late_s,
        "classes": classes,
        "undone": [scenario.network.sections[at].code for at in undone.tolist()],
        "undone_km": float(length[undone].sum()) / 1000,
        "faults": [[one.code, dict(one.params)] for one in verdict.faults],
        "curve": _curve(clear, kinds, length, network, inputs),
        "first_s": plan.first_s,
        "seconds": plan.seconds,
        "rounds": plan.rounds,
        "stopped": plan.stopped,
        "by_vehicle": showing.totals(plan.tours),
    }


def _finite(seconds: float) -> float | None:
    return float(seconds) if math.isfinite(seconds) else None


def _cleared(plan: CityPlan) -> Floats:
    """(s,) when each section is cleared: infinite where it is not, NaN where nothing is asked."""
    network = plan.scenario.network
    asked = plan.asked
    last = np.zeros(network.arcs)
    done = np.zeros(network.arcs, dtype=np.int64)
    for tour in plan.tours:
        for leg in tour.stops:
            if leg.kind == "serve":
                arcs = list(leg.arcs)
                last[arcs] = np.maximum(last[arcs], leg.to_s)
                done[arcs] += 1
    last[done < asked] = np.inf
    wanted = asked > 0
    out = np.full(len(network.sections), np.nan)
    known = np.unique(network.section[wanted])
    out[known] = 0.0
    np.maximum.at(out, network.section[wanted], last[wanted])
    return out


def _section_kinds(scenario: Scenario) -> Any:
    """(s,) class of each section as it is planned for: where ice forms it may stand higher."""
    network = scenario.network
    out = np.full(len(network.sections), len(KINDS), dtype=np.int64)
    np.minimum.at(out, network.section, network.kind)
    return out


def _curve(
    clear: Floats, kinds: Any, length: Floats, network: Network, inputs: Inputs
) -> dict[str, Any]:  # fmt: skip
    """Share of the length that is cleared, by class, at some moments."""
    known = ~np.isnan(clear)
    ends = clear[known & np.isfinite(clear)]
    at = steps(float(ends.max()) if len(ends) else 0.0)
    rows: dict[str, list[float]] = {}
    icing = np.zeros(len(clear), dtype=bool)
    icing[np.unique(network.section[bridge.icy(network, inputs)])] = True
    groups = [(kind, (kinds == number) & known) for number, kind in enumerate(KINDS)]
    for kind, mine in [*groups, ("icing", icing & known)]:
        if mine.any():
            whole = float(length[mine].sum()) or 1.0
            rows[kind] = [
                round(float(length[mine & (clear <= s)].sum()) / whole * 100, 1) for s in at
            ]
    return {"at": at, "rows": rows}


def _chances(plan: CityPlan) -> dict[str, float]:
    """How likely each class keeps its hour when speeds are not as planned, in per cent."""
    found = chances(
        plan.timetable(), plan.scenario.promises(), uncertainty.default(), samples=SAMPLES
    )
    return {
        one.kind: round(one.probability * 100, 1)
        for one in found.kinds
        if math.isfinite(one.promise_s)
    }


def _fences(plan: CityPlan, aim: Aim, inputs: Inputs, run: Run) -> Iterable[dict[str, Any]]:
    """What fixed sectors of companies, and a territory for every vehicle, cost beside this plan."""
    whole = plan.demand
    ways = [("company", by_company(whole))]
    if len(ways[0][1]) == 1:  # one company for all: then each yard has its own roads
        yards = tuple(replace(yard, company="") for yard in whole.scenario.yards)
        alone = replace(whole, scenario=replace(whole.scenario, yards=yards))
        ways = [("yard", by_company(alone))]
    ways.append(("territory", by_vehicle(whole, aim.seed)))
    for code, pieces in ways:
        other = plan_pieces(whole, pieces, aim, run=run)
        last = max(other.clear_s().values(), default=0.0)
        yield {
            "code": code, "pieces": len(pieces), "km": other.km,
            "more": (other.km / plan.km - 1) * 100 if plan.km else None,
            "clear_s": _finite(last), "left": len(other.left),
        }  # fmt: skip


# What if ------------------------------------------------------------------------------------------


def asked_what_if(
    network: Network,
    inputs: Inputs,
    asked: Mapping[str, Any],
    *,
    seed: int,
    seconds: float | None,
    rounds: int | None,
    run: Run = map,
    progress: Callable[[int, int], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> dict[str, Any]:
    """假如：each variant planned as long as the plan itself, every one counted by the judge."""
    warmed()
    base = bridge.scenario(network, inputs)
    means = whatif.Means(
        variants.planner_by_rounds if rounds else variants.planner, variants.judge,
        float(rounds or seconds or 10.0), seed, run, progress, stop,
    )  # fmt: skip
    if asked["kind"] == "vehicles":
        like = _like(inputs, asked["does"])
        found = whatif.vehicles_needed(
            base, lambda scenario, n: _more(scenario, n, like), means, most=asked["most"]
        )
    elif asked["kind"] == "raise":
        raised = [variants.raised(base, asked["class"], s) for s in asked["promises_s"]]
        found = whatif.price_of_raising(whatif.Variant("", base), raised, means)
    else:
        moved = variants.yard_at(base, asked["lon"], asked["lat"], moved=asked["yard"])
        found = whatif.best_yard(whatif.Variant("", base), [moved], means)
    return {
        "version": bridge.VERSION,
        "answer": found.answer,
        "stopped": found.stopped,
        "rows": [_row(one) for one in found.rows],
    }


def _like(inputs: Inputs, does: str) -> int:
    """A vehicle that does this work: further ones are taken to be like it."""
    types = inputs["types"]
    for at, one in enumerate(inputs["vehicles"]):
        if does in types[one["type"]]["does"]:
            return at
    raise Unfit([Fault("whatif_no_such_vehicle")])


def _more(scenario: Scenario, count: int, like: int) -> Scenario:
    """`count` further vehicles like one of them, shared out over the yards in turn."""
    model = scenario.groups[like]
    yards = list(dict.fromkeys(group.yard for group in scenario.groups))
    more = [Group(yards[n % len(yards)], model.type, 1, model.opens_s, model.shuts_s)
            for n in range(count)]  # fmt: skip
    return replace(scenario, groups=(*scenario.groups, *more))


def _row(one: whatif.Row) -> dict[str, Any]:
    judged = one.judged
    return {
        "amount": one.amount,
        "clear_s": {kind: _finite(s) for kind, s in judged.clear_s.items()},
        "late": sum(judged.late.values()),
        "undone": judged.undone,
        "km": judged.km,
        "deicer_kg": judged.deicer_kg,
        "vehicles": judged.vehicles,
        "kept": judged.kept,
    }

"""The plan as it really runs: facts instead of what was to be, and from there on as planned."""

from collections.abc import Sequence
from dataclasses import replace

from bihuan.engines.routing.plan import onward
from bihuan.engines.routing.plan.driver import Leg
from bihuan.engines.routing.plan.facts.record import Facts, Seen
from bihuan.engines.routing.plan.legs import CityPlan, Tour
from bihuan.engines.routing.plan.live import ahead, told_of, until


def carried_on(
    plan: CityPlan, found: Facts, *, now_s: float, closed: Sequence[int] = ()
) -> CityPlan:  # fmt: skip
    """The plan as it really runs: what was done as a record, then each on in its own order.

    What a vehicle should have done by now and has not is in nobody's tour: `replan_city` puts it
    where it fits best. If nothing is changed, this is the forecast.
    """
    whole = plan.demand
    known = {each.vehicle: each for each in found.seen}
    done = {one.task for mine in found.seen for one in mine.done} | whole.fallen
    done |= set(found.reported)
    driving = onward.graphs(whole, closed)
    shut = set(closed)
    hops = onward.hops(plan, closed)
    tours = []
    for tour in onward.every_tour(plan):
        own = known.get(tour.vehicle)
        if own is None:
            begun, coming, begin = until(tour, now_s), ahead(tour, now_s), now_s
            if not any(leg.task in done for leg in coming if leg.kind == "serve"):
                tours.append(tour)
                continue
        else:
            begun = replace(tour, stops=tuple(_record(own)))
            coming, begin = _not_come_to(tour, own), own.free_s
        rest = [
            (leg.task, int(whole.runs.of[leg.arcs[0]])) for leg in coming
            if leg.kind == "serve" and leg.task not in done and not shut & set(leg.arcs)
        ]  # fmt: skip
        ways = hops.get(tour.type)
        tours.append(onward.go_on(whole, begun, driving[tour.type], rest, begin, ways))
    served = {leg.task for tour in tours for leg in tour.stops if leg.kind == "serve"}
    left = tuple(at for at in range(len(whole.tasks)) if at not in served | whole.fallen)
    return replace(plan, tours=tuple(tours), left=left)


def _record(own: Seen) -> list[Leg]:
    """What was done, in order, and last of all where it is; the ways between are one number."""
    legs = [
        Leg("serve", one.from_s, one.to_s, one.arcs, one.m, one.task, kg=one.kg)
        for one in sorted(own.done, key=lambda each: (each.to_s, each.task))
    ]
    idle = max(own.m - sum(leg.m for leg in legs), 0.0)
    arcs = (own.arc,) if own.arc >= 0 else ()
    at = Leg("seen", own.at_s, own.free_s, arcs, idle, yard=own.yard, kg=own.load_kg)
    return [*legs, at]


def _not_come_to(tour: Tour, own: Seen) -> tuple[Leg, ...]:
    """The legs behind the last one that it has done."""
    done = {one.task for one in own.done}
    legs = tour.stops[told_of(tour) :]
    last = max((at for at, leg in enumerate(legs, 1) if leg.task in done), default=0)
    return legs[last:]

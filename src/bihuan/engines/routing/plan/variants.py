"""What-if for a city (假如): more vehicles, another yard, a class raised, as scenarios to compare.

`whatif` asks, `plan_city` plans each variant and `check` counts it.
"""

from dataclasses import replace

from bihuan.engines.routing.faults import Fault, refuse
from bihuan.engines.routing.plan.check import check
from bihuan.engines.routing.plan.city import plan_city
from bihuan.engines.routing.plan.legs import CityPlan
from bihuan.engines.routing.plan.planner import Aim
from bihuan.engines.routing.plan.scenario import Group, Scenario, Yard
from bihuan.engines.routing.whatif import Judged, Variant


def planner(scenario: Scenario, seconds: float, seed: int) -> CityPlan:
    """A plan for a variant, by time; what `whatif.Means` takes."""
    return plan_city(scenario, Aim(seconds, None, seed))


def planner_by_rounds(scenario: Scenario, rounds: float, seed: int) -> CityPlan:
    """The same by rounds, so that every machine answers alike."""
    return plan_city(scenario, Aim(rounds=int(rounds), seed=seed))


def judge(scenario: Scenario, plan: CityPlan) -> Judged:
    """What a plan comes to, counted by who did not plan it."""
    return check(scenario, plan, plan.demand.passes).judged


def more_vehicles(scenario: Scenario, count: int, *, like: int = 0) -> Scenario:
    """`count` further vehicles as in group `like`, shared out over the yards that have any."""
    refuse(
        [] if 0 <= like < len(scenario.groups) else [Fault("plan_unknown_type", {"found": like})]
    )
    model = scenario.groups[like]
    yards = list(dict.fromkeys(group.yard for group in scenario.groups if group.count))
    share = [count // len(yards) + (at < count % len(yards)) for at in range(len(yards))]
    more = [
        replace(model, yard=yard, count=n, filled_kg=None)
        for yard, n in zip(yards, share, strict=True)
        if n
    ]
    return replace(scenario, groups=(*scenario.groups, *more))


def yard_at(scenario: Scenario, lon: float, lat: float, *, moved: int = 0) -> Variant:
    """The yard `moved` somewhere else, with its vehicles."""
    old = scenario.yards[moved]
    new = Yard(old.name, lon, lat, old.refill, old.refill_s, old.company)
    yards = tuple(new if at == moved else yard for at, yard in enumerate(scenario.yards))
    return Variant(f"{old.name} → {lon:.5f}, {lat:.5f}", replace(scenario, yards=yards))


def raised(scenario: Scenario, kind: str, promise_s: float) -> Variant:
    """A class promised for an earlier hour."""
    classes = tuple(
        replace(rule, promise_s=promise_s) if rule.kind == kind else rule
        for rule in scenario.classes
    )
    return Variant(
        f"{kind} {promise_s / 3600:g} h", replace(scenario, classes=classes), promise_s / 3600
    )


def started(scenario: Scenario, group: int, opens_s: float) -> Variant:
    """A group of vehicles that starts at another hour (“what if the second spreader …”)."""
    old = scenario.groups[group]
    shift = old.shuts_s - old.opens_s
    new = Group(old.yard, old.type, old.count, opens_s, opens_s + shift, old.filled_kg)
    groups = tuple(new if at == group else one for at, one in enumerate(scenario.groups))
    return Variant(
        f"{old.yard} {old.type} {opens_s / 3600:g} h", replace(scenario, groups=groups), opens_s
    )

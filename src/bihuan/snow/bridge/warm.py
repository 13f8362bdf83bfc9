"""The search compiled before the clock runs: on a new machine that takes longer than a plan may.

Without it a plan of twenty seconds would be made of what is left after compiling.
"""

from functools import cache

from bihuan.engines.routing.plan.city import plan_demand
from bihuan.engines.routing.plan.demand import demand
from bihuan.engines.routing.plan.live import Event, replan_city
from bihuan.engines.routing.plan.planner import Aim
from bihuan.engines.routing.plan.scenario import ClassRule, Group, Scenario, VehicleType, Yard
from bihuan.exchange.roads import schematic

ROUNDS = 50


@cache
def warmed() -> bool:
    """Plan a small drawn network once, and once more on the way; true when that is done."""
    drawn = schematic.sample()
    yard = drawn.yards[0]
    small = Scenario(
        drawn.network, (ClassRule("main", "direction", 7200.0),), (VehicleType("a"),),
        (Yard("a", yard.lon, yard.lat),), (Group("a", "a", 2),), longest_m=1500.0,
    )  # fmt: skip
    plan = plan_demand(demand(small), Aim(rounds=ROUNDS))
    replan_city(plan, Event(breakdowns=(0,)), now_s=600.0)
    return True

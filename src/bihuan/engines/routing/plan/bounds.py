"""Lower bounds (下界): what no plan can undercut, so that a gap can be told.

**Distance.** What is served has to be joined into closed ways, along turns that some vehicle may
make: the cheapest is a circulation (`circulation`). Two facts make it dearer:

* *No hopper holds more than it holds.* Give every junction v a price p(v), zero at yards. Follow a
  load from yard to yard: if a kg are still to be spread on pass i, from u to v, then
  Σ a (p(v) - p(u)) is what was spread, each kilogram at the price of its place, because all other
  terms cancel (summation by parts). As 0 ≤ a ≤ hopper, hopper · Σ max(0, p(v) - p(u)) over all
  passes is no less. So every pass may be counted that much shorter if the value of what is spread
  is added: whatever the prices, the cheapest circulation of those lengths and the value are a
  lower bound (Lagrangian relaxation: Geoffrion 1974, Mathematical Programming Study 2, 82-114, §2).
* *Every load leaves a yard*, and there are at least (kg in all) / hopper, rounded up. So each pass
  out of a yard may be counted shorter by any λ ≥ 0 if λ times that number is added.

The best prices say, for each set of streets, how often it must at least be entered: the aggregated
capacity cuts of Belenguer & Benavent (2003), Computers & OR 30(5), 705-728, §3, without rounding.
Shifts, promises, connection and whole numbers of loads are left out: the truth lies above.

**Time**: work spread over all vehicles without a gap.
"""

import math
from dataclasses import dataclass

import numpy as np

from bihuan.engines.routing.network import KINDS, Floats
from bihuan.engines.routing.plan.circulation import Circulation, circulation
from bihuan.engines.routing.plan.demand import Demand
from bihuan.engines.routing.plan.prices import Prices, loads, prices, spread

_UNIT = 100_000  # hundredths of a millimetre: costs of a flow are whole numbers
# Shares of the prices that are tried: rounded prices may let a flow run round at a gain for ever.
_SHARES = (0.9999, 0.99, 0.9, 0.5)


@dataclass(frozen=True)
class Bounds:
    """下界：作业里程、至少要空驶多少、总里程；最早清完（秒）。

    `balance_km`: the total that balance at the junctions alone asks for, without turns and loads.
    """

    served_km: float
    empty_km: float
    clear_s: float
    balance_km: float

    @property
    def km(self) -> float:
        return self.served_km + self.empty_km


def bounds(whole: Demand) -> Bounds:
    """Bounds for all of a scenario's work together."""
    served = sum(float(whole.runs.length_m[task.runs[0]]) for task in whole.tasks)
    balance = _total_m(whole, circulation(whole, turning=False))
    graph = circulation(whole)
    turned = _total_m(whole, graph)
    # Closed roads may cut a part off: nothing but the work is known then.
    loaded = None if turned is None else _loaded_m(whole, graph)
    total = max(balance or 0.0, turned or 0.0, loaded or 0.0, served)
    return Bounds(
        served / 1000, (total - served) / 1000, _clear_s(whole), max(balance or 0.0, served) / 1000
    )


def _total_m(whole: Demand, graph: Circulation) -> float | None:
    found = graph.cost(np.floor(whole.scenario.network.length_m * _UNIT).astype(np.int64))
    return None if found is None else found / _UNIT


def _loaded_m(whole: Demand, graph: Circulation) -> float | None:
    """The bound with turns, hoppers and loads together; None where no prices help."""
    full = loads(whole)
    # A thousandth less, lest rounding of sums asks for a load that is not there.
    least = math.ceil(full - 1e-3)
    best = prices(whole, graph.open, least)
    if best is None:
        return None
    tried = (_priced_m(whole, graph, best, share) for share in _SHARES)
    return next((found for found in tried if found is not None), None)


def _priced_m(whole: Demand, graph: Circulation, best: Prices, share: float) -> float | None:
    """The two facts above, with a share of the prices, in whole units."""
    network = whole.scenario.network
    tail, head = network.arc_tail, network.arc_head
    price = np.floor(best.junction * share * _UNIT).astype(np.int64)
    price[whole.nodes] = 0
    leaving = int(best.leaving * share * _UNIT)
    length = np.floor(network.length_m * _UNIT).astype(np.int64)
    rise = np.maximum(price[head] - price[tail], 0)
    found = graph.cost(length - rise - leaving * np.isin(tail, whole.nodes))
    if found is None:
        return None
    # It may be counted as spread at either end of an arc: the dearer one.
    value = float((spread(whole) * np.maximum(price[tail], price[head])).sum())
    return (found + value + leaving * best.least) / _UNIT


def _clear_s(whole: Demand) -> float:
    """No plan clears everything sooner: work at the fastest, shared by all vehicles at once."""
    scenario = whole.scenario
    types = {one.name: one for one in scenario.types}
    used = [types[group.type] for group in scenario.groups if group.count]
    count = sum(group.count for group in scenario.groups)
    opens = min(group.opens_s for group in scenario.groups if group.count)
    work = max(one.work_kmh for one in used) / 3.6
    served: Floats = np.array([whole.runs.length_m[task.runs[0]] for task in whole.tasks])
    shared = float(served.sum()) / work / count
    last = max((task.ready_s for task in whole.tasks), default=0.0)
    longest = float((served / work).max(initial=0.0))
    return max(opens + shared, last + longest)


def kinds_served_km(whole: Demand) -> dict[str, float]:
    """Kilometres of passes of each class."""
    out: dict[str, float] = {}
    for task in whole.tasks:
        kind = KINDS[task.kind]
        out[kind] = out.get(kind, 0.0) + float(whole.runs.length_m[task.runs[0]]) / 1000
    return out

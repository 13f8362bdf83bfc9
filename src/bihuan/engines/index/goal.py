"""Goals (目标): the cheapest bundle of improvements that reaches a rank, and how sure that is.

A mixed-integer programme (HiGHS, Huangfu & Hall 2018, through SciPy) over costs, caps and whole
steps. Where the score is not linear it is cut by tangents until the bundle meets the goal
(Kelley 1960): exact for concave scores, which all weighted means with p ≤ 1 are. The answer is
judged by building the whole index again, because one's own gain can move everybody's anchors.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from bihuan.engines.index.build import Result
from bihuan.engines.index.faults import Fault, Unfit, refuse, unfit
from bihuan.engines.index.frame import Floats
from bihuan.engines.index.whatif import Held, what_if

CUTS, ROUNDS, DRAWS = 60, 8, 4000
_TINY = 1e-9


@dataclass(frozen=True)
class Lever:
    """抓手：一个指标最多能改善多少（most，原始单位）、每单位多少代价、是否按整步（step）。"""

    indicator: str
    cost: float
    most: float
    step: float = 0.0


@dataclass(frozen=True)
class Peers:
    """同伴的变动：得分的标准差（分）；confidence 是要求的把握。"""

    sd: float = 0.0
    drift: float = 0.0
    confidence: float = 0.0
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Bundle:
    """一揽子改善：各指标改善多少、代价、得分与位次的前后，以及在同伴变动下达成的概率。"""

    reached: bool
    proven: bool
    target: int
    changes: Mapping[str, float]
    cost: float
    score: tuple[float, float]
    rank: tuple[int, int]
    probability: float
    result: Result | None


def seek(
    result: Result,
    unit: str,
    levers: Sequence[Lever],
    *,
    gain: int = 0,
    rank: int = 0,
    leave_last: int = 0,
    peers: Peers | None = None,
) -> Bundle:
    """寻优：升 gain 位、到第 rank 位，或离开末 leave_last 位，代价最小。"""
    held = Held(result, unit)
    peers = peers or Peers()
    now = int(result.top_ranks[held.row])
    others = np.delete(result.top, held.row)
    others = np.sort(others[~np.isnan(others)])[::-1]
    target = _target(now, len(others) + 1, gain, rank, leave_last)
    refuse(_lever_faults(result, levers))
    field = _moved(others, peers)
    bars = np.sort(field, axis=1)[:, ::-1][:, target - 1] if target <= len(others) else None
    bar = -np.inf
    if bars is not None:
        sure = np.quantile(bars, peers.confidence) if peers.confidence else others[target - 1]
        bar = float(max(sure, others[target - 1])) + _TINY
    before = float(result.top[held.row])
    proven = _concave(result)
    lift = 0.0
    for _round in range(ROUNDS):
        steps = _cheapest(held, levers, bar + lift)
        if steps is None:
            return Bundle(
                False,
                proven,
                target,
                {},
                0.0,
                (before, before),
                (now, now),
                _sure(before, bars),
                None,
            )
        changes = {
            lever.indicator: float(d) * float(_sign(result, lever))
            for lever, d in zip(levers, steps, strict=True)
            if d > 0
        }
        cells = {
            (unit, code): float(held.raw[result.tree.index[code]] + d)
            for code, d in changes.items()
        }
        new = what_if(result, cells).result
        place, score = int(new.top_ranks[new.row(unit)]), float(new.top[new.row(unit)])
        if 0 < place <= target:
            cost = float(sum(lever.cost * d for lever, d in zip(levers, steps, strict=True)))
            # Anchors may have moved with us: the peers' scores of the new run are the bar.
            left = np.delete(new.top, new.row(unit))
            moved = _moved(np.sort(left[~np.isnan(left)])[::-1], peers)
            bars = np.sort(moved, axis=1)[:, ::-1][:, target - 1] if bars is not None else None
            return Bundle(
                True,
                proven,
                target,
                changes,
                cost,
                (before, score),
                (now, place),
                _sure(score, bars),
                new,
            )
        ahead = np.sort(np.delete(new.top, new.row(unit)))[::-1][target - 1]
        lift += float(ahead - score) + _TINY * 10
    return Bundle(
        False, False, target, {}, 0.0, (before, before), (now, now), _sure(before, bars), None
    )


def _target(now: int, count: int, gain: int, rank: int, leave_last: int) -> int:
    if sum(map(bool, (gain, rank, leave_last))) != 1:
        raise unfit("one_goal")
    if not now:
        raise unfit("unranked", unit="")
    target = rank or (count - leave_last if leave_last else now - gain)
    if not 1 <= target <= count:
        raise unfit("no_such_rank", found=target, most=count)
    return target


def _lever_faults(result: Result, levers: Sequence[Lever]) -> list[Fault]:
    out = []
    if not levers:
        out.append(Fault("no_levers"))
    for lever in levers:
        if lever.indicator not in result.tree.indicators:
            out.append(Fault("unknown_node", {"field": "lever", "found": lever.indicator}))
        if lever.cost < 0 or lever.most < 0 or lever.step < 0:
            out.append(Fault("negative_lever", {"node": lever.indicator}))
    return out


def _sign(result: Result, lever: Lever) -> float:
    return float(result.tree.directions[result.tree.index[lever.indicator]])


def _concave(result: Result) -> bool:
    """Are tangents on the safe side? Then the cheapest bundle found is the cheapest there is."""
    spec, hows = result.method.aggregate, set(result.hows.values())
    means = hows <= {"amean", "gmean", "hmean", "min"} or (hows <= {"genmean"} and spec.p <= 1)
    straight = {"minmax", "zscore", "scaled", "dist2max", "dist2targ", "goalposts", "none"}
    scales = {result.method.normalise.how, *(s.how for s in result.method.normalise.each.values())}
    return means and scales <= straight


def _moved(others: Floats, peers: Peers) -> Floats:
    """Peers' scores in many futures; one future when nothing is uncertain."""
    if not peers.sd:
        return np.asarray(others[None] + peers.drift)
    chance = np.random.Generator(np.random.Philox(peers.seed))
    return np.asarray(
        others + peers.drift + peers.sd * chance.standard_normal((DRAWS, len(others)))
    )


def _sure(score: float, bars: Floats | None) -> float:
    return 1.0 if bars is None else float((score >= bars).mean())


def _cheapest(held: Held, levers: Sequence[Lever], bar: float) -> Floats | None:
    """The cheapest improvements (in raw units, towards better) whose held score meets the bar."""
    result, n = held.result, len(levers)
    leaf = [result.tree.index[lever.indicator] for lever in levers]
    sign = [_sign(result, lever) for lever in levers]
    size = np.array([lever.step or 1.0 for lever in levers])
    most = np.array(
        [np.floor(one.most / one.step + 1e-9) if one.step else one.most for one in levers],
        dtype=float,
    )
    cost = np.array([lever.cost for lever in levers]) * size
    whole = np.array([1 if lever.step else 0 for lever in levers])

    def score(amount: Floats) -> float:
        raised = {
            leaf[i]: float(held.raw[leaf[i]] + sign[i] * size[i] * amount[i])
            for i in range(n)
            if amount[i] > 0
        }
        return held.score(raised)

    def slope(amount: Floats, at: float) -> Floats:
        out = np.empty(n)
        for i in range(n):
            h = max(most[i], 1e-12) * 1e-6
            step = np.zeros(n)
            step[i] = h
            out[i] = (score(amount + step) - at) / h
        return out

    rows: list[Floats] = []
    need: list[float] = []
    amount = np.zeros(n)
    for _cut in range(CUTS):
        here = score(amount)
        if here >= bar - 1e-12:
            return np.asarray(amount * size)
        grad = slope(amount, here)
        rows.append(grad)
        # The margin keeps a solver's rounding from leaving the bundle a hair below the bar.
        need.append(bar - here + float(grad @ amount) + 1e-10 * max(1.0, abs(bar)))
        found = milp(
            cost + 1e-12 * size,
            constraints=LinearConstraint(np.array(rows), lb=np.array(need), ub=np.inf),
            bounds=Bounds(np.zeros(n), most),
            integrality=whole,
            options={"time_limit": 10.0, "mip_rel_gap": 0.0},
        )
        if found.x is None:
            return None
        new = np.where(whole == 1, np.round(found.x), np.clip(found.x, 0.0, most))
        if np.array_equal(new, amount):
            return None
        amount = new
    return None


# How large a misreport ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Misreport:
    """虚报：该指标要多报（或少报）多少，结果才会改变；None 表示怎么报都不变。"""

    indicator: str
    reported: float
    change: float | None
    rank: int


def misreports(result: Result, unit: str, *, within: int = 0, last: int = 0) -> list[Misreport]:
    """各指标单独虚报多少，单位才会进入（或跌出）前 within 名，或离开（落入）末 last 名。"""
    held = Held(result, unit)
    count = int((result.top_ranks > 0).sum())
    line = within or (count - last if last else 0)
    if not line:
        raise unfit("one_goal")
    now = int(result.top_ranks[held.row])
    up = now > line
    others = np.sort(np.delete(result.top, held.row))[::-1]
    others = others[~np.isnan(others)]
    bar = float(others[line - 1])
    out = []
    for j, code in enumerate(result.tree.indicators):
        reported = float(held.raw[j])
        if np.isnan(reported):
            continue
        better = float(result.tree.directions[j]) * (1.0 if up else -1.0)
        span = float(np.nanmax(result.given.x[:, j]) - np.nanmin(result.given.x[:, j])) or 1.0

        def flips(size: float, j: int = j, reported: float = reported, s: float = better) -> bool:
            score = held.score({j: reported + s * size})
            return score >= bar if up else score < bar

        size = _smallest(flips, span)
        # Held anchors only propose; the whole index decides, and corrects by doubling.
        place = now
        for stretch in (1.0, 1.0 + 1e-6, 1.01, 1.1, 1.5, 2.0, 4.0):
            if size is None:
                break
            cell = {(unit, code): reported + better * size * stretch}
            try:
                new = what_if(result, cell).result
            except Unfit:  # a value that no index can be built from is no misreport
                continue
            place = int(new.top_ranks[new.row(unit)])
            if (place <= line) == up:
                size *= stretch
                break
        else:
            size = None
        change = None if size is None else better * size
        out.append(Misreport(code, reported, change, place if change is not None else now))
    return sorted(out, key=lambda m: (m.change is None, abs(m.change or 0.0)))


def _smallest(flips: Callable[[float], bool], span: float) -> float | None:
    """The smallest size that flips an outcome, by doubling and then halving the bracket."""
    high = span * 1e-4
    while not flips(high):
        high *= 2.0
        if high > span * 16:
            return None
    low = 0.0
    for _halving in range(48):
        middle = (low + high) / 2.0
        low, high = (low, middle) if flips(middle) else (middle, high)
    return high

"""Goals (目标): the cheapest bundle of improvements that reaches a rank, and how sure that is.

A mixed-integer programme (HiGHS, Huangfu & Hall 2018, through SciPy) over costs, caps and whole
steps. Where the score is not linear it is cut by tangents until the bundle meets the goal
(Kelley 1960): exact for concave scores, which all weighted means with p ≤ 1 are. The answer is
judged by building the whole index again, because one's own gain can move everybody's anchors.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

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
    held, peers = Held(result, unit), peers or Peers()
    now, before = int(result.top_ranks[held.row]), float(result.top[held.row])
    others = _others(result, held.row)
    target = _target(unit, now, len(others) + 1, gain, rank, leave_last)
    refuse(_lever_faults(held, levers))
    bar = _bar(others, target, peers, result.method.rank.ties)
    proven, lift = _concave(result), 0.0
    for _round in range(ROUNDS):
        steps = _cheapest(held, levers, bar + lift)
        if steps is None:
            break
        changes = _changes(result, levers, steps)
        raised = {(unit, c): float(held.raw[result.tree.index[c]] + d) for c, d in changes.items()}
        new = what_if(result, raised).result
        row = new.row(unit)
        place, score = int(new.top_ranks[row]), float(new.top[row])
        left = _others(new, row)
        if 0 < place <= target:
            cost = float(sum(one.cost * d for one, d in zip(levers, steps, strict=True)))
            return Bundle(
                reached=True,
                # Only where nobody's anchors moved was the first bar the right one.
                proven=proven and not lift,
                target=target,
                changes=changes,
                cost=cost,
                score=(before, score),
                rank=(now, place),
                probability=_sure(score, left, target, peers),
                result=new,
            )
        # Our own gain moved the anchors and lifted somebody: aim higher by as much.
        lift += max(float(left[target - 1]) - score, 0.0) + _TINY * 10
    else:
        proven = False
    sure = _sure(before, others, target, peers)
    return Bundle(False, proven, target, {}, 0.0, (before, before), (now, now), sure, None)


def _others(result: Result, row: int) -> Floats:
    """The peers' scores, best first."""
    scores = np.delete(result.top, row)
    return np.sort(scores[~np.isnan(scores)])[::-1]


def _bar(others: Floats, target: int, peers: Peers, ties: str) -> float:
    """The score that reaches a rank: now, and with the asked confidence in the peers' futures."""
    if target > len(others):
        return float(-np.inf)
    sure = float(others[target - 1]) + peers.drift
    if peers.confidence:
        sure = float(np.quantile(_bars(others, target, peers), peers.confidence))
    # Whoever draws level shares the better rank, unless ties are told otherwise.
    return max(sure, float(others[target - 1])) + (0.0 if ties == "min" else _TINY)


def _bars(others: Floats, target: int, peers: Peers) -> Floats:
    """The score that reaches a rank in each future of the peers."""
    return np.asarray(np.sort(_moved(others, peers), axis=1)[:, ::-1][:, target - 1])


def _changes(result: Result, levers: Sequence[Lever], steps: Floats) -> dict[str, float]:
    """Improvements as changes of the reported values."""
    return {
        lever.indicator: float(d) * _sign(result, lever)
        for lever, d in zip(levers, steps, strict=True)
        if d > 0
    }


def _target(unit: str, now: int, count: int, gain: int, rank: int, leave_last: int) -> int:
    if sum(map(bool, (gain, rank, leave_last))) != 1:
        raise unfit("one_goal")
    if not now:
        raise unfit("unranked", unit=unit)
    target = rank or (count - leave_last if leave_last else now - gain)
    if not 1 <= target <= count:
        raise unfit("no_such_rank", found=target, most=count)
    return target


def _lever_faults(held: Held, levers: Sequence[Lever]) -> Iterable[Fault]:
    tree, seen = held.result.tree, set[str]()
    if not levers:
        yield Fault("no_levers")
    for lever in levers:
        code = lever.indicator
        if code not in tree.indicators:
            yield Fault("unknown_node", {"field": "lever", "found": code})
        elif np.isnan(held.raw[tree.index[code]]):
            yield Fault("lever_without_value", {"unit": held.unit, "node": code})
        if code in seen:
            yield Fault("lever_twice", {"node": code})
        seen.add(code)
        numbers = (lever.cost, lever.most, lever.step)
        if not all(np.isfinite(numbers)) or min(numbers) < 0:
            yield Fault("negative_lever", {"node": code})


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


def _sure(score: float, others: Floats, target: int, peers: Peers) -> float:
    """P(the score still reaches the rank) over the peers' futures."""
    if target > len(others):
        return 1.0
    return float((score >= _bars(others, target, peers)).mean())


def _cheapest(held: Held, levers: Sequence[Lever], bar: float) -> Floats | None:
    """The cheapest improvements (in raw units, towards better) whose held score meets the bar."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # half a second: only when needed

    size = np.array([lever.step or 1.0 for lever in levers])
    room = [np.floor(one.most / one.step + 1e-9) if one.step else one.most for one in levers]
    most = np.array(room, dtype=np.float64)
    whole = np.array([1 if lever.step else 0 for lever in levers])
    cost = np.array([lever.cost for lever in levers]) * size
    rows: list[Floats] = []
    need: list[float] = []
    amount = np.zeros(len(levers))
    # A solver's rounding may leave whole steps a hair below the bar: then the margin widens.
    margin = 1e-10 * max(1.0, abs(bar))
    for _cut in range(CUTS):
        here = _raised(held, levers, amount * size)
        if here >= bar - 1e-12:
            return np.asarray(amount * size)
        grad = _slope(held, levers, amount, size, most, here)
        rows.append(grad)
        need.append(bar - here + float(grad @ amount) + margin)
        found = milp(
            cost + 1e-12 * size,
            constraints=LinearConstraint(np.array(rows), lb=np.array(need), ub=np.inf),
            bounds=Bounds(np.zeros(len(levers)), most),
            integrality=whole,
            options={"time_limit": 10.0, "mip_rel_gap": 0.0},
        )
        if found.x is None:
            return None
        new = np.where(whole == 1, np.round(found.x), np.clip(found.x, 0.0, most))
        if np.array_equal(new, amount):
            margin *= 100.0
        amount = new
    return None


def _raised(held: Held, levers: Sequence[Lever], steps: Floats) -> float:
    """The unit's held score after improvements (raw units, towards better)."""
    tree, values = held.result.tree, dict[int, float]()
    for lever, d in zip(levers, steps, strict=True):
        if d > 0:
            leaf = tree.index[lever.indicator]
            values[leaf] = float(held.raw[leaf] + _sign(held.result, lever) * d)
    return held.score(values)


def _slope(
    held: Held, levers: Sequence[Lever], amount: Floats, size: Floats, most: Floats, at: float
) -> Floats:
    """Points per step of each lever, by a small difference upwards."""
    out = np.empty(len(levers))
    for i in range(len(levers)):
        h = max(float(most[i]), 1e-12) * 1e-6
        step = np.array(amount)
        step[i] += h
        out[i] = (_raised(held, levers, step * size) - at) / h
    return out


# How large a misreport ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Misreport:
    """虚报：该指标要多报（或少报）多少，结果才会改变；None 表示怎么报都不变。"""

    indicator: str
    reported: float
    change: float | None
    rank: int


def misreports(result: Result, unit: str, *, within: int = 0, last: int = 0) -> list[Misreport]:
    """各指标单独虚报多少，单位才会进入（或跌出）前 within 名，或离开（落入）末 last 名；

    由占填报数最小的起，排在前面的最值得核对。
    """
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

        place = now

        def holds(
            size: float, code: str = code, reported: float = reported, s: float = better
        ) -> bool:
            """Does the whole index, anchors and all, say so too?"""
            nonlocal place
            try:
                new = what_if(result, {(unit, code): reported + s * size}).result
            except Unfit:  # a value that no index can be built from is no misreport
                return False
            found = int(new.top_ranks[new.row(unit)])
            if (found <= line) != up:
                return False
            place = found
            return True

        size = _judged(_smallest(flips, span), holds)
        change = None if size is None else better * size
        out.append(Misreport(code, reported, change, place if change is not None else now))
    return sorted(out, key=_how_large)


def _how_large(one: Misreport) -> float:
    """As a share of what was reported: raw units of two indicators cannot be compared."""
    if one.change is None:
        return float("inf")
    return abs(one.change) / abs(one.reported) if one.reported else float(np.finfo(float).max)


def _judged(size: float | None, holds: Callable[[float], bool]) -> float | None:
    """Held anchors only propose a size; the whole index decides, to a thousandth."""
    if size is None:
        return None
    below, above = 0.0, size
    for stretch in (1.0, 1.0 + 1e-6, 1.01, 1.1, 1.5, 2.0, 4.0):
        above = size * stretch
        if holds(above):
            break
        below = above
    else:
        return None
    if not holds(above * 0.999):
        below = above * 0.999
    while above - below > 1e-3 * above:
        middle = (below + above) / 2.0
        below, above = (below, middle) if holds(middle) else (middle, above)
    holds(above)
    return above


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

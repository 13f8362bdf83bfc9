"""Ranks (位次): tie rules, leagues, points given or taken, and the exit rule, all as plain data."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bihuan.engines.index.faults import unfit
from bihuan.engines.index.frame import Floats, Ints

UNRANKED = 0


def ranks(scores: Floats, ties: str = "min") -> Ints:
    """1 is the best; equal scores share a rank by the tie rule; a missing score is unranked (0).

    Works along the last axis, so that many draws are ranked at once. Rules: min (1 2 2 4),
    max (1 3 3 4), dense (1 2 2 3), first (1 2 3 4, in the order of rows).
    """
    if ties not in ("min", "max", "dense", "first"):
        raise unfit("unknown_choice", field="rank.ties", found=ties, known="min max dense first")
    order = np.argsort(-scores, axis=-1, kind="stable" if ties == "first" else None)
    ordered = np.take_along_axis(scores, order, axis=-1)
    places = np.broadcast_to(np.arange(1, scores.shape[-1] + 1), scores.shape)
    if ties == "first":
        given = places
    else:
        starts = np.ones(scores.shape, dtype=bool)
        starts[..., 1:] = ordered[..., 1:] != ordered[..., :-1]
        if ties == "dense":
            given = np.cumsum(starts, axis=-1)
        elif ties == "min":
            given = np.maximum.accumulate(np.where(starts, places, 0), axis=-1)
        else:
            ends = np.ones(scores.shape, dtype=bool)
            ends[..., :-1] = starts[..., 1:]
            far = np.where(ends, places, scores.shape[-1] + 1)[..., ::-1]
            given = np.minimum.accumulate(far, axis=-1)[..., ::-1]
    out = np.empty(scores.shape, dtype=np.int64)
    np.put_along_axis(out, order, given, axis=-1)
    missing = np.isnan(scores)
    if missing.any():
        out[missing] = UNRANKED
    return out


def mean_ranks(scores: Floats) -> Floats:
    """Ranks of a complete series, ties sharing the mean of their places (for Spearman's rho)."""
    return np.asarray((ranks(scores, "min") + ranks(scores, "max")) / 2.0)


def in_leagues(scores: Floats, leagues: Sequence[str], ties: str = "min") -> Ints:
    """分类位次：各组（东、中、西部）之内的位次。"""
    out = np.zeros(len(scores), dtype=np.int64)
    names = np.asarray(leagues)
    for league in np.unique(names):
        rows = np.flatnonzero(names == league)
        out[rows] = ranks(scores[rows], ties)
    return out


# Points given or taken ----------------------------------------------------------------------------

TESTS: Mapping[str, Callable[[Floats, float], np.ndarray]] = {
    "below": lambda x, limit: x < limit,
    "above": lambda x, limit: x > limit,
    "at_most": lambda x, limit: x <= limit,
    "at_least": lambda x, limit: x >= limit,
}


@dataclass(frozen=True)
class Adjustment:
    """加分、扣分、一票否决：对某单位，或对某指标过线的单位；points 为负即扣分，cap 为封顶分。

    `rule` and `basis` are carried to the lines of the result. What adjustments of one rule give to
    one unit (or take from it) adds up to `most` at the most.
    """

    reason: str
    points: float = 0.0
    cap: float | None = None
    last: bool = False
    unit: str = ""
    node: str = ""
    test: str = ""
    limit: float = 0.0
    rule: str = ""
    basis: str = ""
    most: float | None = None


@dataclass(frozen=True)
class Adjusted:
    """One adjustment as it was carried out: what a unit's score was and became, and why.

    `asked` is what the adjustment says; what it counted for is `after` less `before`.
    """

    unit: str
    row: int
    reason: str
    before: float
    after: float
    rule: str = ""
    basis: str = ""
    asked: float = 0.0


def adjusted(
    top: Floats,
    rules: Sequence[Adjustment],
    units: Sequence[str],
    value_of: Callable[[str], Floats],
) -> tuple[Floats, tuple[Adjusted, ...]]:
    """The top scores after every rule in turn, and a line for each unit it touched.

    Points first, then caps, then vetoes that put a unit behind everybody: the order of rules in
    the list does not change what a veto does.
    """
    scores, lines = np.array(top), []
    given: dict[tuple[str, int], float] = {}
    kinds = sorted(rules, key=lambda rule: (rule.last, rule.cap is not None))
    for rule in kinds:
        if rule.unit and rule.unit not in units:
            raise unfit("unknown_unit", unit=rule.unit)
        if rule.node and rule.test not in TESTS:
            raise unfit(
                "unknown_choice", field="adjust.test", found=rule.test, known=" ".join(TESTS)
            )
        hit = np.array([not rule.unit or unit == rule.unit for unit in units])
        if rule.node:
            hit &= TESTS[rule.test](value_of(rule.node), rule.limit)
        elif not rule.unit:
            raise unfit("adjustment_of_nobody", reason=rule.reason)
        floor = np.nanmin(scores) if len(scores) else 0.0
        for row in map(int, np.flatnonzero(hit & ~np.isnan(scores))):
            before = float(scores[row])
            after = before + _counted(rule, row, given)
            if rule.cap is not None:
                after = min(after, rule.cap)
            if rule.last:
                after = min(after, float(floor) - 1.0)
            scores[row] = after
            told = (rule.rule, rule.basis, rule.points)
            lines.append(Adjusted(units[row], row, rule.reason, before, after, *told))
    return scores, tuple(lines)


def _counted(one: Adjustment, row: int, given: dict[tuple[str, int], float]) -> float:
    """What of an adjustment counts, with what its rule has given to this row before."""
    if one.most is None:
        return one.points
    before = given.get((one.rule, row), 0.0)
    given[one.rule, row] = before + one.points

    def within(points: float, most: float = one.most) -> float:
        return max(-most, min(points, most))

    return within(before + one.points) - within(before)


# The exit rule ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ExitRule:
    """退出规则：近 within 次考核中有 times 次列本组末 last 名；in_a_row 要求连续。"""

    last: int = 5
    times: int = 2
    within: int = 3
    in_a_row: bool = False


# Handbook 5: the 2016 edition removes the last five two years running; the 2021 edition those
# twice within three consecutive years in the last five of their own region.
EXIT_2016 = ExitRule(last=5, times=2, within=2, in_a_row=True)
EXIT_2021 = ExitRule(last=5, times=2, within=3)


def in_last(scores: Floats, count: int) -> np.ndarray:
    """Is a unit among the last `count`? Counted from the bottom; ties at the line are all in."""
    below = ranks(-scores)
    return (below > 0) & (below <= count)


def leaving(history: Sequence[Mapping[str, bool]], rule: ExitRule) -> tuple[str, ...]:
    """退出名单：按各年（由早到晚）谁列末位，应退出的单位。

    A unit that was not assessed in a year was not among the last in it.
    """
    recent = list(history)[-rule.within :]
    units = sorted({unit for year in recent for unit in year})
    if rule.in_a_row:
        runs = list(history)[-rule.times :]
        if len(runs) < rule.times:
            return ()
        return tuple(u for u in units if all(year.get(u, False) for year in runs))
    return tuple(u for u in units if sum(year.get(u, False) for year in recent) >= rule.times)

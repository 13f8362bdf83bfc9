"""Honest closing: samples that anybody can redraw, likeness of texts, signs of closing on paper."""

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bihuan.base.text import plain, zh

# 回头看抽样 --------------------------------------------------------------------------------------


def draw(seed: str, population: Iterable[tuple[str, str]], shares: Mapping[str, int]) -> list[str]:
    """抽样：`population` 为（编号，风险），`shares` 为每种风险抽百分之几；结果只由种子决定。

    Each risk is a stratum. In a stratum of N with share p, ceil(N·p/100) numbers are taken in the
    order of SHA-256("seed:number"): whoever knows the seed and the published list draws the same.
    Each number gets a ticket and the lowest tickets of its stratum win, as with permanent random
    numbers (Lindblom 2014); the seed is public as in RFC 3797. See docs/methods/recheck-sample.md.
    """
    strata: dict[str, list[str]] = {}
    for number, risk in population:
        strata.setdefault(risk, []).append(number)
    drawn: list[str] = []
    for risk in sorted(strata):
        numbers = sorted(set(strata[risk]), key=lambda n: (_ticket(seed, n), n))
        drawn += numbers[: math.ceil(len(numbers) * shares.get(risk, 0) / 100)]
    return sorted(drawn)


def _ticket(seed: str, number: str) -> str:
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def population_digest(population: Iterable[tuple[str, str]]) -> str:
    """SHA-256 over the sorted lines "number risk": what the sample was drawn from."""
    lines = "".join(f"{number} {risk}\n" for number, risk in sorted(population))
    return hashlib.sha256(lines.encode()).hexdigest()


SCHEMA = "bihuan-recheck-sample/1"  # docs/methods/recheck-sample.md says what it means


@dataclass(frozen=True)
class Redrawn:
    """A published sample drawn once more: the outcome, and everything that does not agree."""

    drawn: tuple[str, ...]
    faults: tuple[str, ...]


def redraw(published: Any) -> Redrawn:
    """重抽：只凭公布的文件，不需要台账；`faults` 说明哪里对不上，空则完全一致。"""
    try:
        seed, told = str(published["seed"]), list(map(str, published["drawn"]))
        population = [(str(number), str(risk)) for number, risk in published["population"]]
        shares = {str(risk): int(share) for risk, share in published["shares"].items()}
        schema, digest = published["schema"], str(published["population_sha256"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return Redrawn((), (zh("这不是公布的抽样数据：缺少种子、总体、比例、抽中或摘要。"),))
    faults = []
    if schema != SCHEMA:
        faults.append(zh("抽样数据的格式不是这个版本认识的。请用公布时的版本核对。"))
    if len({number for number, _risk in population}) < len(population):
        faults.append(zh("总体里有重复的编号。"))
    if population_digest(population) != digest:
        faults.append(zh("总体与公布的摘要不一致：名单被改动过。"))
    drawn = draw(seed, population, shares)
    if drawn != told:
        faults.append(zh("重抽的结果与公布的抽中名单不一致。"))
    return Redrawn(tuple(drawn), tuple(faults))


# 反复出现 ----------------------------------------------------------------------------------------


def grams(text: str) -> frozenset[str]:
    """Pairs of neighbouring characters, widths and punctuation folded away."""
    folded = "".join(sign for sign in plain(text) if sign.isalnum())
    return frozenset(folded[i : i + 2] for i in range(len(folded) - 1)) or frozenset(
        {folded} - {""}
    )


def likeness(first: frozenset[str], second: frozenset[str]) -> float:
    """Sørensen-Dice coefficient of two sets of pairs (Dice 1945), 0 to 1."""
    total = len(first) + len(second)
    return 2 * len(first & second) / total if total else 0.0


# 纸面整改 ----------------------------------------------------------------------------------------


def in_the_last_hours(asked_at: datetime, due_ends: datetime, hours: int) -> bool:
    """Was closing asked for within the last hours before the deadline ended?"""
    return due_ends - timedelta(hours=hours) <= asked_at <= due_ends


def older_than_the_problem(dated: Sequence[date | None], raised: date, days: int) -> bool:
    """Is there evidence that was made more than so many days before the problem was raised?"""
    return any(day is not None and (raised - day).days > days for day in dated)


def never_refuses(passed: int, refused: int, least: int) -> bool:
    """A verifier who has judged often and has never sent anything back."""
    return refused == 0 and passed >= least

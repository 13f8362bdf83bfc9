"""Honest closing: samples that anybody can redraw, likeness of texts, signs of closing on paper."""

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from bihuan.base.text import plain

# 回头看抽样 --------------------------------------------------------------------------------------


def draw(seed: str, population: Iterable[tuple[str, str]], shares: Mapping[str, int]) -> list[str]:
    """抽样：`population` 为（编号，风险），`shares` 为每种风险抽百分之几；结果只由种子决定。

    Each risk is a stratum. In a stratum of N with share p, ceil(N·p/100) numbers are taken in the
    order of SHA-256("seed:number"): whoever knows the seed and the published list draws the same.
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

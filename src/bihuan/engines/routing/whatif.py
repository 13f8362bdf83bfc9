"""What-if (假如): more spreaders, another yard, a class raised; each answer is a judged plan.

Nothing here solves: a planner makes each variant's plan and a judge, who is not the planner, counts
it. All variants get the same seconds and the same seed, so that they differ by what was asked and
not by luck alone; the first row is always the plan without the change. Asked to stop, what has been
counted so far is the answer.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bihuan.engines.routing.faults import Fault, refuse

Planner = Callable[[Any, float, int], Any]  # scenario, seconds, seed → plan
Judge = Callable[[Any, Any], "Judged"]  # scenario, plan → what it comes to


@dataclass(frozen=True)
class Judged:
    """一个方案判下来的数：各类清完的时间、超时的路段和超时多少、里程、融雪剂、用车。"""

    clear_s: Mapping[str, float]
    late: Mapping[str, int]  # sections of each class after their promised hour
    late_s: float  # by how much in all, weighted as the promises are
    km: float
    deicer_kg: float = 0.0
    vehicles: int = 0
    undone: int = 0  # sections the plan leaves undone

    @property
    def kept(self) -> bool:
        """Every promise, and all of the work."""
        return not self.undone and not any(self.late.values())

    @property
    def order(self) -> tuple[float, ...]:
        """Better is smaller: promises first, then when all is clear, then the way and the salt."""
        last = max(self.clear_s.values(), default=0.0)
        return self.undone, self.late_s, sum(self.late.values()), last, self.km, self.deicer_kg


@dataclass(frozen=True)
class Variant:
    """一种假设：怎么称呼，和改好的任务。`amount` 是改了多少（几台车、哪个位置）。"""

    label: str
    scenario: Any
    amount: float = 0.0


@dataclass(frozen=True)
class Row:
    """比较表的一行：假设、判数，以及比不改时各差多少。"""

    label: str
    amount: float
    judged: Judged
    clear_gain_s: Mapping[str, float] = field(default_factory=dict)  # earlier is positive
    km_more: float = 0.0
    deicer_more_kg: float = 0.0
    late_less: int = 0


@dataclass(frozen=True)
class Comparison:
    """比较表：第一行是不改的方案；`answer` 是问题的答案所在的行，没有答案为空。"""

    rows: tuple[Row, ...]
    answer: int | None
    seconds: float
    seed: int
    stopped: bool = False

    @property
    def best(self) -> Row | None:
        return None if self.answer is None else self.rows[self.answer]


@dataclass(frozen=True)
class Means:
    """怎么算：谁排、谁判、各给几秒、种子、在哪里算，以及进度和停止。"""

    plan: Planner
    judge: Judge
    seconds: float = 10.0
    seed: int = 0
    run: Callable[..., Iterable[Judged]] = map
    progress: Callable[[int, int], None] | None = None
    stop: Callable[[], bool] | None = None

    def stopping(self) -> bool:
        return self.stop is not None and self.stop()


def compare(base: Variant, variants: Sequence[Variant], means: Means) -> Comparison:
    """Every variant beside the base; the answer is the best of all, the base included."""
    judged: list[Judged] = []
    every = [base, *variants]
    stopped = False
    for one in _all(every, means):
        judged.append(one)
        if means.progress:
            means.progress(len(judged), len(every))
        if len(judged) < len(every) and means.stopping():
            stopped = True
            break
    rows = _rows(every, judged)
    best = min(range(len(rows)), key=lambda at: (rows[at].judged.order, at))
    return Comparison(rows, best, means.seconds, means.seed, stopped)


def best_yard(base: Variant, places: Sequence[Variant], means: Means) -> Comparison:
    """哪个停车场位置最好：每个候选位置排一次。"""
    refuse([] if places else [Fault("whatif_no_candidates")])
    return compare(base, places, means)


def price_of_raising(base: Variant, raised: Sequence[Variant], means: Means) -> Comparison:
    """提高等级的代价：里程、融雪剂和别的道路晚多少；答案是仍然兑现全部承诺的最高一档。

    The variants come from the mildest to the strictest.
    """
    refuse([] if raised else [Fault("whatif_no_candidates")])
    table = compare(base, raised, means)
    kept = [at for at, row in enumerate(table.rows) if row.judged.kept]
    answer = max(kept, default=None)
    return Comparison(table.rows, answer, table.seconds, table.seed, table.stopped)


def vehicles_needed(
    base: Any, more: Callable[[Any, int], Any], means: Means, *, most: int = 32
) -> Comparison:
    """还差几台车：加几台撒布车才能兑现承诺；答案是最少的那一行。

    Doubles until the promises hold, then halves the gap. It takes for granted that more vehicles
    are never worse, which a planner with little time does not always show: every count that was
    planned stands in the table.
    """
    refuse([] if most >= 1 else [Fault("whatif_most", {"found": most})])
    tried: dict[int, Judged] = {}
    stopped = False
    for count in _search(tried, most):
        variant = Variant("", more(base, count) if count else base, count)
        tried[count] = next(iter(_all([variant], means)))
        if means.progress:
            means.progress(len(tried), 2 + 2 * most.bit_length())
        if means.stopping():
            stopped = True
            break
    counts = sorted(tried)
    every = [Variant(f"+{count}", None, count) for count in counts]
    rows = _rows(every, [tried[count] for count in counts])
    answer = next((at for at, row in enumerate(rows) if row.judged.kept), None)
    return Comparison(rows, answer, means.seconds, means.seed, stopped)


def _search(tried: Mapping[int, Judged], most: int) -> Iterator[int]:
    """Counts worth trying next, from what has been found of the others."""
    yield 0
    if tried[0].kept:
        return
    short, enough = 0, 1
    while True:
        yield min(enough, most)
        if tried[min(enough, most)].kept:
            enough = min(enough, most)
            break
        short = min(enough, most)
        if short == most:
            return
        enough *= 2
    while enough - short > 1:
        middle = (short + enough) // 2
        yield middle
        if tried[middle].kept:
            enough = middle
        else:
            short = middle


def _all(variants: Sequence[Variant], means: Means) -> Iterable[Judged]:
    count = len(variants)
    return means.run(
        _one,
        [means.plan] * count,
        [means.judge] * count,
        [one.scenario for one in variants],
        [means.seconds] * count,
        [means.seed] * count,
    )


def _one(plan: Planner, judge: Judge, scenario: Any, seconds: float, seed: int) -> Judged:
    return judge(scenario, plan(scenario, seconds, seed))


def _rows(variants: Sequence[Variant], judged: Sequence[Judged]) -> tuple[Row, ...]:
    first = judged[0]
    return tuple(
        Row(
            variant.label,
            variant.amount,
            one,
            {
                kind: first.clear_s[kind] - clear
                for kind, clear in one.clear_s.items()
                if kind in first.clear_s
            },
            one.km - first.km,
            one.deicer_kg - first.deicer_kg,
            sum(first.late.values()) - sum(one.late.values()),
        )
        for variant, one in zip(variants[: len(judged)], judged, strict=True)
    )

"""What a levelling comes to (结果): a schedule, its worth, and how good it could be at most."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bihuan.engines.schedule.levelling.problem import Problem

VERSION = "1"


@dataclass(frozen=True)
class Stop:
    """何时停：满若干秒，或搜索满若干代（同样的种子和代数，结果逐位相同）。先到为准。"""

    seconds: float | None = None
    generations: int | None = None


@dataclass(frozen=True)
class Progress:
    """进展：已用秒数、代数，眼下的首要目标值（还没有可用的进度则为 None）和下界。"""

    seconds: float
    generations: int
    value: int | None
    lower: int


@dataclass(frozen=True, eq=False)
class Result:
    """均衡结果：各活动开工期、总工期、加权拖期、首要目标的下界（各法所得）；proved 即已证最优。

    `lower` bounds what counts first (`problem.first`); `bounds` names what each method gave.
    `seed`, `size` and `generations` make the same schedule again.
    """

    problem: Problem
    starts: Mapping[str, int]
    makespan: int
    tardiness: int
    lower: int
    bounds: Mapping[str, int]
    seed: int
    size: int
    generations: int
    seconds: float

    @property
    def value(self) -> int:
        """What counts first."""
        return self.makespan if self.problem.first == "makespan" else self.tardiness

    @property
    def proved(self) -> bool:
        return self.value == self.lower

    @property
    def gap(self) -> float:
        """How far above the lower bound, as a share of the value."""
        return 0.0 if self.value == self.lower else (self.value - self.lower) / self.value

    def table(self) -> dict[str, Any]:
        """The result as plain data, as `schedule.json` holds it."""
        return {
            "version": VERSION,
            "digest": self.problem.digest,
            "first": self.problem.first,
            "makespan": self.makespan,
            "tardiness": self.tardiness,
            "lower_bound": self.lower,
            "proved": self.proved,
            "bounds": dict(self.bounds),
            "seed": self.seed,
            "size": self.size,
            "generations": self.generations,
            "seconds": round(self.seconds, 3),
            "starts": dict(self.starts),
        }

"""An honest forecast (完工预测): how projects of a kind have ended, and how this one is doing.

The outside view (Kahneman & Lovallo 1993; Flyvbjerg 2006) is a distribution of the final SPI(t),
planned over real duration, of finished projects. The project's own earned schedule is evidence
about the same number, weak in the beginning and strong towards the end; the two are mixed by Bayes'
rule. docs/methods/schedule.md derives the formulas and shows how they were calibrated.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from bihuan.engines.schedule.faults import Fault, refuse, unfit

# How far ln SPI(t) at progress x is from its final value: variance TAU² (1 - x) / x + RHO². Largest
# likelihood over the tracking of 19 finished projects, each project counting once.
TAU, RHO = 0.12, 0.10
_LEAST = 8  # finished projects of one's own that make a class


@dataclass(frozen=True)
class ReferenceClass:
    """参照类：多少个已完工项目，其中多大比例晚于计划，最终 SPI(t) 的中位数。"""

    name: str
    count: int
    late: float
    median: float
    source: str = ""

    def __post_init__(self) -> None:
        # The median and the share of late ones must lie on the same side of 1.
        sides = (self.median < 1) == (self.late > 0.5)
        if self.median <= 0 or not 0 < self.late < 1 or not sides or self.median == 1:
            raise unfit("forecast_class", name=self.name)

    @property
    def mean(self) -> float:
        """Mean of ln SPI(t)."""
        return float(np.log(self.median))

    @property
    def deviation(self) -> float:
        """Of ln SPI(t): the one normal distribution with this median and this share below 0."""
        return float(-self.mean / ndtri(self.late))


# The table of classes known here; a zone adds its own as its projects end.
CLASSES: tuple[ReferenceClass, ...] = (
    ReferenceClass(
        "dslib",
        115,
        0.65,
        0.93,
        "Batselier & Vanhoucke 2015; DSLIB v3.0, finished projects with tracking",
    ),
)


def of_finished(name: str, finals: Sequence[float]) -> ReferenceClass:
    """A class from one's own finished projects: their final SPI(t), planned over real duration."""
    if len(finals) < _LEAST:
        raise unfit("forecast_few", found=len(finals), least=_LEAST)
    refuse(Fault("forecast_not_positive", {"found": one}) for one in finals if not one > 0)
    values = np.log(np.array(finals))
    mean, deviation = float(values.mean()), float(values.std(ddof=1))
    if mean == 0 or deviation == 0:
        raise unfit("forecast_class", name=name)
    return ReferenceClass(name, len(finals), float(ndtr(-mean / deviation)), float(np.exp(mean)))


@dataclass(frozen=True)
class Outlook:
    """完工工期的预测分布：ln(计划工期/实际工期) 为正态，且不早于状态日（`at` 格）。

    Without a deviation the project has ended, at `at`.
    """

    length: float  # planned, in ticks
    at: float  # passed already
    mean: float
    deviation: float

    @property
    def _top(self) -> float:
        """The share of the normal that lies after the status day."""
        if self.at <= 0:
            return 1.0
        return float(ndtr((np.log(self.length / self.at) - self.mean) / self.deviation))

    def by(self, share: float) -> float:
        """有这么大把握不超过的完工工期，工作格数。"""
        if self.deviation == 0:
            return self.at
        z = ndtri(self._top * (1.0 - share))
        return float(max(self.length * np.exp(-(self.mean + self.deviation * z)), self.at))

    def chance(self, ticks: float) -> float:
        """在这么多工作格之内完工的概率。"""
        if self.deviation == 0:
            return float(ticks >= self.at)
        if ticks <= self.at:
            return 0.0
        below = ndtr((np.log(self.length / ticks) - self.mean) / self.deviation)
        return float(np.clip(1.0 - below / self._top, 0.0, 1.0))


def outside(length: float, known: ReferenceClass) -> Outlook:
    """Before anything is tracked: the plan, as projects of its kind have kept theirs."""
    return Outlook(length, 0.0, known.mean, known.deviation)


def mixed(
    length: float, at: float, es: float, known: ReferenceClass, *, ended: bool = False
) -> Outlook:
    """参照类与本项目的挣得进度合起来：x = ES/PD，ln(ES/AT) 的方差是 TAU²(1-x)/x + RHO²。"""
    if ended:
        return Outlook(length, at, 0.0, 0.0)
    if at <= 0 or es <= 0:
        return Outlook(length, max(at, 0.0), known.mean, known.deviation)
    done = min(es / length, 1.0)
    variance = TAU**2 * (1.0 - done) / done + RHO**2
    weight = 1.0 / known.deviation**2 + 1.0 / variance
    mean = (known.mean / known.deviation**2 + np.log(es / at) / variance) / weight
    return Outlook(length, at, float(mean), float(weight**-0.5))

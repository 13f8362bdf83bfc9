"""Were past forecasts honest (预测校准): chances against what happened, intervals against dates.

Brier 1950 with the decomposition of Murphy 1973; the probability integral transform of Dawid 1984.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bihuan.engines.schedule.faults import Fault, refuse, unfit

COVERS = (0.5, 0.8, 0.9)


@dataclass(frozen=True)
class Band:
    """一档概率：预报在其中的平均概率，兑现的比例，有几次。"""

    low: float
    high: float
    count: int
    said: float | None
    came: float | None


@dataclass(frozen=True)
class Brier:
    """布里尔评分：越小越好；可靠性 − 分辨力 + 不确定性（+ 档内差异）。"""

    score: float
    reliability: float
    resolution: float
    uncertainty: float
    within: float
    bands: tuple[Band, ...]

    @property
    def skill(self) -> float | None:
        """Against always saying the share that came true; above 0 is better than that."""
        return None if self.uncertainty == 0 else 1.0 - self.score / self.uncertainty


@dataclass(frozen=True)
class Cover:
    """区间覆盖：说 80 % 的区间，实际装进了多少。"""

    said: float
    found: float
    count: int


@dataclass(frozen=True)
class Spread:
    """概率积分变换：实际完工落在预报分布的哪一处；均匀的才是如实的。"""

    covers: tuple[Cover, ...]
    histogram: tuple[int, ...]
    late: float  # share that ended after the median that was said


def brier(chances: Sequence[float], came: Sequence[bool], bands: int = 10) -> Brier:
    """Promises with the chance that was given, and whether they were kept."""
    if not chances or len(chances) != len(came):
        raise unfit("calibration_pairs", said=len(chances), came=len(came))
    refuse(Fault("calibration_chance", {"found": one}) for one in chances if not 0 <= one <= 1)
    said, true = np.array(chances, dtype=float), np.array(came, dtype=float)
    places = np.minimum((said * bands).astype(int), bands - 1)
    base, score = float(true.mean()), float(((said - true) ** 2).mean())
    found, reliability, resolution = [], 0.0, 0.0
    for band in range(bands):
        mine = places == band
        count = int(mine.sum())
        mean = (float(said[mine].mean()), float(true[mine].mean())) if count else (None, None)
        found.append(Band(band / bands, (band + 1) / bands, count, *mean))
        if count:
            reliability += count * (said[mine].mean() - true[mine].mean()) ** 2
            resolution += count * (true[mine].mean() - base) ** 2
    reliability, resolution = reliability / len(said), resolution / len(said)
    uncertainty = base * (1 - base)
    within = score - (reliability - resolution + uncertainty)
    return Brier(
        score, float(reliability), float(resolution), uncertainty, float(within), tuple(found)
    )


def spread(places: Sequence[float], bins: int = 10) -> Spread:
    """Where each real finish fell: the chance that had been given to ending no later than it."""
    if not places:
        raise unfit("calibration_pairs", said=0, came=0)
    refuse(Fault("calibration_chance", {"found": one}) for one in places if not 0 <= one <= 1)
    at = np.array(places, dtype=float)
    covers = tuple(
        # A hair wider, so that a place on the edge counts as inside whatever its last digit.
        Cover(said, float((np.abs(at - 0.5) <= said / 2 + 1e-12).mean()), len(at))
        for said in COVERS
    )
    counts = np.histogram(at, bins=bins, range=(0.0, 1.0))[0]
    return Spread(covers, tuple(int(count) for count in counts), float((at > 0.5).mean()))

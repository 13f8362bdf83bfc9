"""How a project will end, by earned schedule and by the class of projects it belongs to.

Time is in natural days since the start of the baseline, both ends worked, tasks weighed by their
days: an office has no costs per task.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from bihuan.engines.schedule import calibration, earned, forecast
from bihuan.engines.schedule.faults import Unfit
from bihuan.projects.rules import Task

_ONE = timedelta(days=1)


@dataclass(frozen=True)
class Outlook:
    """完工预测：进度、SPI(t)、P50/P80/P95、按基线日期完工的把握，以及所依据的参照类。

    `spi_t` is the earned schedule over the time that has passed (Lipke 2003).
    """

    done_percent: int
    spi_t: float | None
    days_behind: int
    planned: date
    p50: date
    p80: date
    p95: date
    chance_percent: int
    reference: forecast.ReferenceClass
    ended: bool
    first: date
    view: forecast.Outlook

    def chance(self, day: date) -> float:
        """The chance that the whole ends no later than on this day."""
        return self.view.chance(self._passed(day))

    def in_time(self, finish: date) -> float:
        """The chance that what the baseline ends on this day, and is not yet done, ends by then.

        The same SPI(t) holds for the part of the plan up to that day: at its end, for the whole.
        """
        days = self._passed(finish)
        return replace(self.view, length=days).chance(days)

    def _passed(self, day: date) -> float:
        return float((day - self.first).days + 1)


def final_spi_t(baseline: Sequence[Task], ended_on: date) -> float:
    """Planned over real duration of a project that ended on a day; its start is the baseline's."""
    first = min(task.start for task in baseline)
    planned = (max(task.finish for task in baseline) - first).days + 1
    return planned / max((ended_on - first).days + 1, 1)


def reference(finals: Sequence[float]) -> forecast.ReferenceClass:
    """The zone's own finished projects, by their final SPI(t); the published class while they are
    too few, or all alike, or their median and their share of late ones contradict each other."""
    try:
        return forecast.of_finished("own", finals)
    except Unfit:
        return forecast.CLASSES[0]


def outlook(
    baseline: Sequence[Task],
    plan: Sequence[Task],
    status_on: date,
    known: forecast.ReferenceClass = forecast.CLASSES[0],
) -> Outlook | None:
    """How the project will end, by its baseline, what a newer plan says is done, and its class.

    None where no task of the baseline says how much of it is done, or nothing has begun yet.
    """
    done: Mapping[str, float] = {
        task.key: task.percent / 100 for task in plan if task.percent is not None
    }
    first = min(task.start for task in baseline)
    at = float((status_on - first).days + 1)
    if at <= 0 or not any(task.key in done for task in baseline):
        return None
    days = np.array([(task.finish - task.start).days + 1 for task in baseline], dtype=float)
    starts = np.array([(task.start - first).days for task in baseline], dtype=float)
    base = earned.Baseline(
        tuple(task.key for task in baseline), starts, starts + days, np.zeros(len(days)), days
    )
    share = np.array([done.get(task.key, 0.0) for task in baseline])
    status = earned.Status("", at, share, share > 0, np.zeros(len(days)))
    found = earned.earned(base, status)
    ended = found.done >= 1.0 - 1e-9
    if ended:
        at = min(at, float((max(task.finish for task in plan) - first).days + 1))
    view = forecast.mixed(base.length, at, found.es, known, ended=ended)

    def day(share_: float) -> date:
        return first + timedelta(days=math.ceil(view.by(share_) - 1e-9)) - _ONE

    return Outlook(
        round(100 * found.done),
        found.spi_t,
        round(found.at - found.es),
        max(task.finish for task in baseline),
        day(0.5),
        day(0.8),
        day(0.95),
        round(100 * view.chance(base.length)),
        known,
        ended,
        first,
        view,
    )


@dataclass(frozen=True)
class Past:
    """过去的一次完工预测和后来的事：`place` 是预测给“不晚于实际完工日”的概率。"""

    outlook: Outlook
    status_on: date
    ended_on: date

    @property
    def kept(self) -> bool:
        return self.ended_on <= self.outlook.planned

    @property
    def chance(self) -> float:
        return self.outlook.chance(self.outlook.planned)

    @property
    def place(self) -> float:
        return self.outlook.chance(self.ended_on)


def judged(past: Sequence[Past]) -> tuple[calibration.Brier, calibration.Spread]:
    """Past forecasts against what happened; Unfit where there are none."""
    return (
        calibration.brier([one.chance for one in past], [one.kept for one in past]),
        calibration.spread([one.place for one in past]),
    )

"""Earned value (挣值): what was planned, done and paid by a day, and where that leads.

PMI 2019 for the terms; Lipke 2003 for the earned schedule; Vandevoorde & Vanhoucke 2006 for the
nine forecasts of time. Time is in working ticks since the start of the baseline: days or hours.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bihuan.engines.schedule.faults import Fault, refuse

Floats = NDArray[np.float64]
_SAME = 1e-9  # two values that differ by this share of the budget are the same value
_ROUND = 1e-6  # shares are kept in single precision by some programs


@dataclass(frozen=True, eq=False)
class Baseline:
    """基线：每个末级活动计划的开始、完成（工作格数），一开工就算的固定费用和随时间算的费用。

    Summaries carry sums of their parts and must not be handed in.
    """

    codes: tuple[str, ...]
    starts: Floats  # (n,)
    finishes: Floats  # (n,)
    fixed: Floats  # (n,)
    spread: Floats  # (n,)
    curve: Floats = field(init=False)  # (length + 1,) planned value at every whole tick

    def __post_init__(self) -> None:
        refuse(self._faults())
        ticks = np.arange(int(np.ceil(self.finishes.max())) + 1, dtype=np.float64)
        curve = np.zeros(len(ticks))
        for place in range(len(self.codes)):
            curve += self._planned(ticks, place)
        object.__setattr__(self, "curve", curve)

    def _faults(self) -> list[Fault]:
        if not self.codes:
            return [Fault("schedule_no_activities")]
        faults = [
            Fault("evm_backwards", {"activity": code})
            for code, late in zip(self.codes, self.finishes < self.starts, strict=True)
            if late
        ]
        budget = float(self.fixed.sum() + self.spread.sum())
        return faults if budget > 0 else [*faults, Fault("evm_no_budget")]

    @property
    def budget(self) -> float:
        """完工预算 BAC。"""
        return float(self.fixed.sum() + self.spread.sum())

    @property
    def length(self) -> float:
        """计划工期 PD：从最早的开始到最晚的完成，工作格数。"""
        return float(self.finishes.max())

    def planned(self, at: float) -> Floats:
        """计划值 of each activity at a moment."""
        return np.array([self._planned(np.array([at]), i)[0] for i in range(len(self.codes))])

    def _planned(self, at: Floats, place: int) -> Floats:
        start, finish = self.starts[place], self.finishes[place]
        fixed, spread = self.fixed[place], self.spread[place]
        if finish > start:
            share = np.clip((at - start) / (finish - start), 0.0, 1.0)
            return np.asarray(fixed * (at > start) + spread * share)
        return np.asarray((fixed + spread) * (at >= finish))


@dataclass(frozen=True, eq=False)
class Status:
    """某一状态日：已过的工作格数，各活动的完成比例、是否已开工、实际费用。"""

    name: str
    at: float
    done: Floats  # (n,) 0 … 1
    begun: NDArray[np.bool_]  # (n,)
    cost: Floats  # (n,)


@dataclass(frozen=True)
class Earned:
    """挣值结果：PV、EV、AC、ES 和由此得出的偏差、指数、预测；不能算的是 None。"""

    name: str
    at: float  # AT: working ticks since the start
    budget: float  # BAC
    length: float  # PD
    pv: float
    ev: float
    ac: float
    es: float
    p_factor: float | None

    @property
    def sv(self) -> float:
        return self.ev - self.pv

    @property
    def cv(self) -> float:
        return self.ev - self.ac

    @property
    def spi(self) -> float | None:
        return _over(self.ev, self.pv)

    @property
    def cpi(self) -> float | None:
        return _over(self.ev, self.ac)

    @property
    def sv_t(self) -> float:
        """SV(t): ticks ahead, or behind where negative."""
        return self.es - self.at

    @property
    def spi_t(self) -> float | None:
        return _over(self.es, self.at)

    @property
    def sci(self) -> float | None:
        return _times(self.spi, self.cpi)

    @property
    def sci_t(self) -> float | None:
        return _times(self.spi_t, self.cpi)

    @property
    def done(self) -> float:
        """完成比例：挣值占预算。"""
        return self.ev / self.budget

    def costs(self) -> dict[str, float | None]:
        """完工估算 EAC：AC + (BAC - EV) / PF，按八种效率系数。"""
        factors: dict[str, float | None] = {
            "1": 1.0,
            "CPI": self.cpi,
            "SPI": self.spi,
            "SPI(t)": self.spi_t,
            "SCI": self.sci,
            "SCI(t)": self.sci_t,
            "0.8CPI+0.2SPI": _mixed(self.cpi, self.spi),
            "0.8CPI+0.2SPI(t)": _mixed(self.cpi, self.spi_t),
        }
        left = self.budget - self.ev
        return {
            name: None if (more := _over(left, factor)) is None else self.ac + more
            for name, factor in factors.items()
        }

    def lengths(self) -> dict[str, float | None]:
        """完工工期估算 EAC(t)，工作格数：计划值法、挣得工期法、挣得进度法各三种。"""
        behind = self.sv * self.length / self.budget
        earned = None if self.spi is None else self.at * self.spi
        most = max(self.length, self.at)
        left = self.length - self.es
        return {
            "PV:1": self.length - behind,
            "PV:SPI": _over(self.length, self.spi),
            "PV:SCI": _over(self.length, self.sci),
            "ED:1": None if earned is None else self.at + most - earned,
            "ED:SPI": _after(self.at, None if earned is None else most - earned, self.spi),
            "ED:SCI": _after(self.at, None if earned is None else most - earned, self.sci),
            "ES:1": self.at + left,
            "ES:SPI(t)": _after(self.at, left, self.spi_t),
            "ES:SCI(t)": _after(self.at, left, self.sci_t),
        }


def earned_value(baseline: Baseline, status: Status) -> Floats:
    """挣值 of each activity: what is fixed counts from the first stroke, the rest by share done."""
    touched = status.begun | (status.done > 0)
    return np.asarray(baseline.fixed * touched + baseline.spread * status.done)


def earned_schedule(baseline: Baseline, ev: float, at: float, *, whole: bool = False) -> float:
    """挣得进度 ES：计划上挣得这么多价值的时刻，从状态日往前或往后找到的第一处。

    Where the plan stands still, several moments have the same planned value; the one nearest to the
    status day counts, and with exactly the planned value that is the status day itself. `whole`
    keeps to whole ticks (as ProTrack does with hours): the first that reaches the value when ahead,
    the last that does not pass it when behind.
    """
    curve, last = baseline.curve, len(baseline.curve) - 1
    here, same = min(at, float(last)), _SAME * baseline.budget
    pv = float(np.interp(here, np.arange(last + 1), curve))
    if abs(ev - pv) <= same:
        return min(here, baseline.length)
    if ev > pv:
        tick = int(np.searchsorted(curve, ev - same))
        if tick > last:
            return baseline.length
        low, high = curve[tick - 1], curve[tick]
        back = 0.0 if whole else float((high - ev) / (high - low))
        return min(max(tick - max(back, 0.0), here), baseline.length)
    tick = int(np.searchsorted(curve, ev + same, side="right")) - 1
    if tick < 0:
        return 0.0
    low, high = curve[tick], curve[tick + 1]
    on = 0.0 if whole else float((ev - low) / (high - low))
    return min(tick + max(on, 0.0), here)


def earned(baseline: Baseline, status: Status, *, whole: bool = False) -> Earned:
    """一个状态日的挣值。"""
    refuse(_status_faults(baseline, status))
    values = earned_value(baseline, status)
    ev, pv = float(values.sum()), float(baseline.planned(status.at).sum())
    es = earned_schedule(baseline, ev, status.at, whole=whole)
    planned = baseline.planned(es)
    kept = float(np.minimum(planned, values).sum())
    return Earned(
        status.name,
        status.at,
        baseline.budget,
        baseline.length,
        pv,
        ev,
        float(status.cost.sum()),
        es,
        _over(kept, float(planned.sum())),
    )


def _status_faults(baseline: Baseline, status: Status) -> list[Fault]:
    faults = []
    if not status.at >= 0:
        faults.append(Fault("evm_before_start", {"period": status.name}))
    for code, done in zip(baseline.codes, status.done, strict=True):
        if not 0 <= done <= 1 + _ROUND:
            faults.append(
                Fault(
                    "evm_not_share", {"period": status.name, "activity": code, "found": float(done)}
                )
            )
    return faults


def table(baseline: Baseline, statuses: Sequence[Status], *, whole: bool = False) -> list[Earned]:
    """Every status day, in order."""
    return [earned(baseline, status, whole=whole) for status in statuses]


def _over(value: float, divisor: float | None) -> float | None:
    return None if divisor is None or divisor == 0 else value / divisor


def _times(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one * other


def _mixed(cost: float | None, time: float | None) -> float | None:
    return None if cost is None or time is None else 0.8 * cost + 0.2 * time


def _after(at: float, left: float | None, factor: float | None) -> float | None:
    if left is None:
        return None
    more = _over(left, factor)
    return None if more is None else at + more

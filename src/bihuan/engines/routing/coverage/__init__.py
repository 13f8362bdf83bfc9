"""作业覆盖：由匹配好的行驶记录算出每个路段清了几遍、撒了多少、时限兑现没有。"""

from bihuan.engines.routing.coverage.cover import Coverage, Row, Wanted, cover
from bihuan.engines.routing.coverage.passes import Pass, passes
from bihuan.engines.routing.coverage.shifts import Shifts, on_shift
from bihuan.engines.routing.coverage.ways import VERDICTS, Ways, ways

__all__ = [
    "VERDICTS",
    "Coverage",
    "Pass",
    "Row",
    "Shifts",
    "Wanted",
    "Ways",
    "cover",
    "on_shift",
    "passes",
    "ways",
]

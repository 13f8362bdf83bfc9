"""地图匹配：把车载定位点还原成驶过的路段。"""

from bihuan.engines.routing.matching.cells import Cells, cells
from bihuan.engines.routing.matching.match import match, nothing
from bihuan.engines.routing.matching.model import (
    FATES,
    Driven,
    Matched,
    Params,
    Tracks,
    tracks,
)

__all__ = [
    "FATES",
    "Cells",
    "Driven",
    "Matched",
    "Params",
    "Tracks",
    "cells",
    "match",
    "nothing",
    "tracks",
]

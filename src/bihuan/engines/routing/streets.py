"""Streets as a map has them (原始道路): lines through numbered points, before any is cut.

Whoever reads a file makes these; `build` makes the network.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Way:
    """一条原始道路：依次经过的点（在 Streets 里的序号）和图上写明的属性。

    `oneway` is 1 along the points, -1 against them, 0 both, None where the map is silent. `lanes`
    counts both directions, zero is unknown; `slope` is rise over run along the points.
    """

    points: tuple[int, ...]
    tag: str
    name: str = ""
    oneway: int | None = None
    lanes: int = 0
    lanes_along: int = 0
    lanes_against: int = 0
    bridge: bool = False
    tunnel: bool = False
    layer: int = 0
    slope: float = math.nan
    icing: bool = False
    bridge_name: str = ""
    speed_kmh: float = math.nan


@dataclass(frozen=True, slots=True)
class Turn:
    """转向限制：从哪些道路、经哪个点、到哪些道路，不许（`only` 则只许）这样转。"""

    from_ways: tuple[int, ...]  # places in Streets.ways
    via: int  # place of the point
    to_ways: tuple[int, ...]
    only: bool = False


@dataclass(frozen=True, eq=False)
class Streets:
    """原始路网：点的经纬度（WGS-84）和经过它们的道路；在同一点相遇即相通。"""

    lon: Floats
    lat: Floats
    ways: tuple[Way, ...]
    attribution: str = ""
    left_out: dict[str, int] | None = None  # why → how many lines of the file are not streets
    turns: tuple[Turn, ...] = ()

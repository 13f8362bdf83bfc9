"""The mapping (道路等级对照): which street of a map is which class, and what it is taken to have.

A table that an office edits; the one that is shipped stands in `exchange.roads`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bihuan.engines.routing.faults import Fault, refuse
from bihuan.engines.routing.network import KINDS


@dataclass(frozen=True)
class Row:
    """一种道路：等级，以及图上没写时按几车道（单方向）、多快行驶。"""

    kind: str
    lanes: int = 1
    speed_kmh: float = 30.0
    oneway: bool = False  # one-way unless the map says otherwise, as motorways are
    ramp: bool = False


@dataclass(frozen=True)
class Icing:
    """易结冰部位：桥、隧道口、匝道，以及纵坡不小于多少的坡段。"""

    bridge: bool = True
    tunnel: bool = False
    ramp: bool = True
    slope: float = 0.03  # rise over run


@dataclass(frozen=True)
class RoadMapping:
    """道路等级对照表：图上的标签对应的等级；不在表里的不是车行道。"""

    rows: Mapping[str, Row]
    # Values of an access tag that shut a street to a city's vehicles.
    closed: frozenset[str] = frozenset({"no", "private", "agricultural", "forestry", "military"})
    # Service roads of these kinds are nobody's street: parking aisles, drives to one house.
    left_out: frozenset[str] = frozenset({"parking_aisle", "driveway", "drive-through"})
    icing: Icing = field(default_factory=Icing)

    def __post_init__(self) -> None:
        refuse(self._faults())

    def _faults(self) -> Iterator[Fault]:
        if not self.rows:
            yield Fault("roads_mapping_empty")
        for tag, row in self.rows.items():
            about = {"tag": tag}
            if row.kind not in KINDS:
                yield Fault(
                    "roads_mapping_kind", {**about, "found": row.kind, "known": "、".join(KINDS)}
                )
            if not 1 <= row.lanes <= 12:
                yield Fault("roads_mapping_lanes", {**about, "found": row.lanes})
            if not 1 <= row.speed_kmh <= 150:
                yield Fault("roads_mapping_speed", {**about, "found": row.speed_kmh})
        if not 0 < self.icing.slope < 1:
            yield Fault("roads_mapping_slope", {"found": self.icing.slope})

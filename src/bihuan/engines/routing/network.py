"""The street network (路网): junctions, directed arcs, their shapes, and the sections people name.

Plain arrays, checked once by who builds them. Everything is WGS-84 and metres.
"""

import hashlib
from dataclasses import dataclass, field, fields
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from bihuan.engines.routing.sphere import flat

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Bytes = NDArray[np.int8]
Bools = NDArray[np.bool_]

# 主干道、次干道、支路、背街小巷、其他
KINDS = ("main", "secondary", "branch", "back", "other")


@dataclass(frozen=True)
class Section:
    """路段：值班员叫得出的一段路，含上下行；代码在重建路网后不变。

    `length_m` is the street's own length: two carriageways of 500 m are a section of 500 m.
    """

    code: str
    name: str
    kind: str
    arcs: tuple[int, ...]
    length_m: float
    street: str = ""
    icing: bool = False


@dataclass(frozen=True, eq=False)
class Network:
    """路网：n 个路口、m 条有向弧；`back` 是同一条路反方向的弧，-1 为单行。"""

    node_lon: Floats  # (n,)
    node_lat: Floats
    arc_tail: Ints  # (m,) places among nodes
    arc_head: Ints
    length_m: Floats
    kind: Bytes  # (m,) places in KINDS
    lanes: Bytes  # (m,) in this direction
    speed_kmh: Singles  # (m,) in summer, with nothing in the way
    bridge: Bools
    tunnel: Bools
    layer: Bytes
    icing: Bools
    slope: Singles  # (m,) rise over run in this direction, NaN where unknown
    back: Ints
    name: Ints  # (m,) places in `names`
    names: tuple[str, ...]
    shape_start: Longs  # (m + 1,)
    shape_lon: Floats  # geometry with both ends
    shape_lat: Floats
    section: Ints  # (m,) places in `sections`
    sections: tuple[Section, ...]
    attribution: str = ""  # who must be named wherever this is shown
    # (t, 2) an arc and the next that must not follow it, as the map has them
    forbidden: Ints = field(default_factory=lambda: np.empty((0, 2), dtype=np.int32))

    @property
    def nodes(self) -> int:
        return len(self.node_lon)

    @property
    def arcs(self) -> int:
        return len(self.arc_tail)

    def geometry(self, arc: int) -> tuple[Floats, Floats]:
        """Longitudes and latitudes along an arc, both ends included."""
        part = slice(int(self.shape_start[arc]), int(self.shape_start[arc + 1]))
        return self.shape_lon[part], self.shape_lat[part]

    def nearest_nodes(self, lon: Floats, lat: Floats) -> tuple[Ints, Floats]:
        """The junction nearest to each place, and how many metres away it is."""
        x, y = flat(
            np.atleast_1d(np.asarray(lon, dtype=float)),
            np.atleast_1d(np.asarray(lat, dtype=float)),
            at_lon=self._centre[0],
            at_lat=self._centre[1],
        )
        away, at = self._tree.query(np.column_stack([x, y]))
        return np.asarray(at, dtype=np.int32), np.asarray(away, dtype=float)

    @cached_property
    def _centre(self) -> tuple[float, float]:
        return float(self.node_lon.mean()), float(self.node_lat.mean())

    @cached_property
    def _tree(self) -> cKDTree:
        x, y = flat(self.node_lon, self.node_lat, at_lon=self._centre[0], at_lat=self._centre[1])
        return cKDTree(np.column_stack([x, y]))

    @cached_property
    def out_start(self) -> Longs:
        """(n + 1,) where each junction's leaving arcs begin in `out_arcs`."""
        count = np.bincount(self.arc_tail, minlength=self.nodes)
        return np.concatenate([[0], np.cumsum(count)]).astype(np.int64)

    @cached_property
    def out_arcs(self) -> Ints:
        """(m,) arcs by the junction they leave from."""
        return np.argsort(self.arc_tail, kind="stable").astype(np.int32)

    @cached_property
    def digest(self) -> str:
        """What this network is, in 64 letters: the same arrays give the same."""
        sha = hashlib.sha256()
        for one in fields(self):
            value = getattr(self, one.name)
            sha.update(one.name.encode())
            if isinstance(value, np.ndarray):
                sha.update(f"{value.dtype.str}{value.shape}".encode())
                sha.update(np.ascontiguousarray(value).tobytes())
            else:
                sha.update(repr(value).encode())
        return sha.hexdigest()

    @cached_property
    def places(self) -> dict[str, int]:
        """Code of a section → its place in `sections`."""
        return {one.code: at for at, one in enumerate(self.sections)}

    def km_by_kind(self) -> dict[str, float]:
        """Kilometres of arcs of each class; a street open both ways counts twice."""
        total = np.bincount(self.kind, weights=self.length_m, minlength=len(KINDS)) / 1000
        return dict(zip(KINDS, total.tolist(), strict=True))

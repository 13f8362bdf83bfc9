"""The strong part (互通部分): streets from which every other can be reached and come back from.

What is cut off is told, never dropped in silence.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from bihuan.engines.routing.network import KINDS, Bools, Floats, Ints


@dataclass(frozen=True)
class CutOff:
    """不通部分：被略去的路口、弧和公里数，以及留下的占多少。"""

    nodes: int
    arcs: int
    km: float
    km_by_kind: dict[str, float]
    kept_share: float  # of the length


def strong_part(nodes: int, tail: Ints, head: Ints, length_m: Floats) -> Bools:
    """Which arcs lie in the largest strongly connected part, by length (Tarjan 1972 in SciPy)."""
    graph = csr_array((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(nodes, nodes))
    _count, label = connected_components(graph, directed=True, connection="strong")
    inside = label[tail] == label[head]
    weight = np.bincount(label[tail], weights=np.where(inside, length_m, 0.0))
    found: Bools = inside & (label[tail] == int(np.argmax(weight)))
    return found


def told(keep: Bools, tail: Ints, head: Ints, kind: np.ndarray, length_m: Floats) -> CutOff:
    """What the arcs that are not kept come to."""
    gone = ~keep
    every = np.union1d(tail, head)
    kept = np.union1d(tail[keep], head[keep])
    km = np.bincount(kind[gone], weights=length_m[gone], minlength=len(KINDS)) / 1000
    total = float(length_m.sum())
    return CutOff(
        len(every) - len(kept),
        int(gone.sum()),
        float(length_m[gone].sum()) / 1000,
        dict(zip(KINDS, km.tolist(), strict=True)),
        float(length_m[keep].sum()) / total if total else 0.0,
    )

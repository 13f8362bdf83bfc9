"""Frame: units × indicators, with directions, groups, denominators and the tree of weights.

Everything here is frozen: a step never edits a frame, it returns another one. Rows are units, or
units in years when `years` is given; indicators are the leaves of the tree, in the same order.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bihuan.engines.index.faults import Fault, refuse

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

# The story of a cell, kept beside its value; flags add up.
OBSERVED, MISSING, IMPUTED, CARRIED, TREATED = 0, 1, 2, 4, 8


def frozen(values: ArrayLike) -> Floats:
    """A contiguous copy that nobody can change."""
    array = np.array(values, dtype=np.float64, order="C")
    array.setflags(write=False)
    return array


@dataclass(frozen=True)
class Node:
    """指标或汇总项：树上的一个结点；weight 是在同一上级之内的权重，不必归一。"""

    code: str
    name: str = ""
    level: int = 1
    parent: str = ""
    weight: float = 1.0
    direction: int = 1
    measure: str = ""
    denominator: str = ""
    target: float = float("nan")


@dataclass(frozen=True)
class Tree:
    """指标体系：叶在前（与数据列同序），汇总项在后（自下而上）。"""

    nodes: tuple[Node, ...]
    leaves: int

    @cached_property
    def codes(self) -> tuple[str, ...]:
        return tuple(node.code for node in self.nodes)

    @cached_property
    def index(self) -> Mapping[str, int]:
        return {node.code: i for i, node in enumerate(self.nodes)}

    @cached_property
    def indicators(self) -> tuple[str, ...]:
        return self.codes[: self.leaves]

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        below: list[list[int]] = [[] for _ in self.nodes]
        for i, node in enumerate(self.nodes):
            if node.parent:
                below[self.index[node.parent]].append(i)
        return tuple(map(tuple, below))

    @cached_property
    def root(self) -> int:
        return next(i for i, node in enumerate(self.nodes) if not node.parent)

    @cached_property
    def aggregates(self) -> tuple[int, ...]:
        """Aggregates bottom to top: a node always after all of its children."""
        return tuple(range(self.leaves, len(self.nodes)))

    @cached_property
    def weights(self) -> Floats:
        return frozen([node.weight for node in self.nodes])

    @cached_property
    def directions(self) -> Floats:
        return frozen([node.direction for node in self.nodes])

    @cached_property
    def levels(self) -> tuple[int, ...]:
        return tuple(node.level for node in self.nodes)

    def under(self, node: int) -> tuple[int, ...]:
        """Every indicator below a node (an indicator: itself)."""
        if node < self.leaves:
            return (node,)
        return tuple(leaf for child in self.children[node] for leaf in self.under(child))

    def weighted(self, weights: Floats) -> "Tree":
        """The same tree with other weights, one per node."""
        pairs = zip(self.nodes, weights, strict=True)
        return replace(self, nodes=tuple(replace(n, weight=float(w)) for n, w in pairs))


def tree(nodes: Iterable[Node], order: Sequence[str] = ()) -> Tree:
    """The tree of nodes in any order, or every fault in it; `order` sets the order of leaves."""
    given = list(nodes)
    refuse(_tree_faults(given))
    inner = {node.parent for node in given if node.parent}
    leaves = [node for node in given if node.code not in inner]
    if order:
        place = {code: i for i, code in enumerate(order)}
        leaves.sort(key=lambda node: place.get(node.code, len(place)))
    height = {node.code: 1 for node in leaves}
    rest = [node for node in given if node.code in inner]
    children: dict[str, list[str]] = {}
    for node in given:
        children.setdefault(node.parent, []).append(node.code)
    ordered: list[Node] = []
    while rest:
        ready = [n for n in rest if all(c in height for c in children[n.code])]
        for node in ready:
            height[node.code] = 1 + max(height[c] for c in children[node.code])
        ordered += ready
        rest = [n for n in rest if n.code not in height]
    ordered.sort(key=lambda node: (max(node.level, height[node.code]), height[node.code]))
    return Tree((*leaves, *ordered), len(leaves))


def _tree_faults(nodes: list[Node]) -> Iterable[Fault]:
    codes: set[str] = set()
    for node in nodes:
        if node.code in codes:
            yield Fault("node_twice", {"node": node.code})
        codes.add(node.code)
    parents = {node.code: node.parent for node in nodes}
    for node in nodes:
        if node.parent and node.parent not in codes:
            yield Fault("unknown_parent", {"node": node.code, "parent": node.parent})
        if node.direction not in (1, -1):
            yield Fault("direction", {"node": node.code, "found": node.direction})
        if not np.isfinite(node.weight) or node.weight < 0:
            yield Fault("weight", {"node": node.code, "found": node.weight})
        parent = next((n for n in nodes if n.code == node.parent), None)
        if parent is not None and parent.level <= node.level:
            yield Fault("level", {"node": node.code, "parent": parent.code})
    for code in parents:
        seen, at = {code}, parents[code]
        while at in parents:
            if at == code:
                yield Fault("cycle", {"node": code})
            if at in seen:
                break
            seen.add(at)
            at = parents[at]
    roots = [node.code for node in nodes if not node.parent]
    if len(roots) != 1 and nodes:
        yield Fault("roots", {"found": len(roots), "nodes": "、".join(roots)})
    inner = {node.parent for node in nodes}
    for node in nodes:
        if node.level > 1 and node.code not in inner:
            yield Fault("childless", {"node": node.code})
    for parent_code in sorted(inner & codes):
        brood = [node.weight for node in nodes if node.parent == parent_code]
        if all(weight == 0 for weight in brood):
            yield Fault("no_weight", {"node": parent_code})
    if not nodes:
        yield Fault("no_nodes")


@dataclass(frozen=True, eq=False)
class Frame:
    """数据框：单位 × 指标，连同指标体系、分组、分母和每格的来历。"""

    units: tuple[str, ...]
    tree: Tree
    x: Floats
    names: tuple[str, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    denominators: Mapping[str, Floats] = field(default_factory=dict)
    years: tuple[int, ...] = ()
    status: NDArray[np.uint8] = field(default_factory=lambda: np.zeros((0, 0), np.uint8))

    def with_values(self, x: Floats, flag: int = 0) -> "Frame":
        """The same frame with other values; cells that changed or were filled carry the flag."""
        gone = np.isnan(x)
        changed = ~((x == self.x) | (gone & np.isnan(self.x)))
        status = np.where(changed, (self.status & np.uint8(255 - MISSING)) | flag, self.status)
        status = np.where(gone, MISSING, status)
        return replace(self, x=frozen(x), status=_locked(status.astype(np.uint8)))

    def only(self, rows: Sequence[int] | Ints | Flags) -> "Frame":
        """Some rows of it."""
        at = np.flatnonzero(rows) if np.asarray(rows).dtype == bool else np.asarray(rows, int)
        pick: Any = at.tolist()
        return replace(
            self,
            units=tuple(self.units[i] for i in pick),
            names=tuple(self.names[i] for i in pick) if self.names else (),
            x=frozen(self.x[at]),
            groups={k: tuple(v[i] for i in pick) for k, v in self.groups.items()},
            denominators={k: frozen(v[at]) for k, v in self.denominators.items()},
            years=tuple(self.years[i] for i in pick) if self.years else (),
            status=_locked(self.status[at]),
        )

    @cached_property
    def slices(self) -> tuple[tuple[int | None, Ints], ...]:
        """The rows of each year, years in order; one slice when there are no years."""
        if not self.years:
            return ((None, np.arange(len(self.units))),)
        years = np.asarray(self.years)
        return tuple((int(y), np.flatnonzero(years == y)) for y in np.unique(years))

    @cached_property
    def columns(self) -> Floats:
        """Indicators × units: what the kernels work on."""
        return frozen(self.x.T)

    @cached_property
    def digest(self) -> str:
        """sha256 over everything that can change a result."""
        total = hashlib.sha256()
        for part in (self.units, self.tree.nodes, sorted(self.groups.items()), self.years):
            total.update(repr(part).encode())
        total.update(np.ascontiguousarray(self.x).tobytes())
        for name, values in sorted(self.denominators.items()):
            total.update(name.encode() + values.tobytes())
        return total.hexdigest()


def frame(
    units: Sequence[str],
    tree: Tree,
    x: ArrayLike,
    *,
    names: Sequence[str] = (),
    groups: Mapping[str, Sequence[str]] | None = None,
    denominators: Mapping[str, ArrayLike] | None = None,
    years: Sequence[int] = (),
) -> Frame:
    """A checked frame, or every fault in the data at once; NaN stands for missing."""
    values = frozen(x)
    dens = {name: frozen(column) for name, column in (denominators or {}).items()}
    refuse(_frame_faults(tuple(units), tree, values, dens, tuple(years)))
    return Frame(
        units=tuple(units),
        tree=tree,
        x=values,
        names=tuple(names),
        groups={name: tuple(column) for name, column in (groups or {}).items()},
        denominators=dens,
        years=tuple(years),
        status=_locked(np.isnan(values).astype(np.uint8) * np.uint8(MISSING)),
    )


def _frame_faults(
    units: tuple[str, ...],
    tree: Tree,
    x: Floats,
    denominators: Mapping[str, Floats],
    years: tuple[int, ...],
) -> Iterable[Fault]:
    if x.shape != (len(units), tree.leaves):
        wanted = f"{len(units)}×{tree.leaves}"
        yield Fault("shape", {"found": "×".join(map(str, x.shape)), "wanted": wanted})
        return
    if not units:
        yield Fault("no_units")
    seen: set[tuple[str, int | None]] = set()
    for row, unit in enumerate(units):
        key = (unit, years[row] if years else None)
        if key in seen:
            yield Fault("unit_twice", {"unit": unit, "row": row})
        seen.add(key)
    for row, column in zip(*np.nonzero(np.isinf(x)), strict=True):
        yield Fault("infinite", {"unit": units[row], "node": tree.codes[column], "row": int(row)})
    for node in tree.nodes[: tree.leaves]:
        if node.denominator and node.denominator not in denominators:
            yield Fault("no_denominator", {"node": node.code, "denominator": node.denominator})
    for column, node in enumerate(tree.nodes[: tree.leaves]):
        if units and np.isnan(x[:, column]).all():
            yield Fault("empty", {"node": node.code})


def _locked(status: NDArray[np.uint8]) -> NDArray[np.uint8]:
    copy = status.copy()
    copy.setflags(write=False)
    return copy

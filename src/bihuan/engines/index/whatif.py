"""What if (假如): one cell, weight, norm or choice changed, and everybody ranked again at once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bihuan.engines.index import normalise as no
from bihuan.engines.index.build import Result, build
from bihuan.engines.index.explain import whole_tree
from bihuan.engines.index.faults import unfit
from bihuan.engines.index.frame import MISSING, Floats, frozen
from bihuan.engines.index.treat import transform

Cells = Mapping[tuple[str, str], float]


@dataclass(frozen=True)
class Shift:
    """One unit whose rank the change moves."""

    unit: str
    before: int
    after: int


@dataclass(frozen=True, eq=False)
class WhatIf:
    """假设的结果：新的一套结果，和位次有变的单位。"""

    result: Result
    shifts: tuple[Shift, ...]


def what_if(
    result: Result,
    cells: Cells | None = None,
    weights: Mapping[str, float] | None = None,
    year: int | None = None,
    **changes: Any,
) -> WhatIf:
    """假如：改几个格子（单位、指标 → 值，原始单位）、权重或方案，从头重算。"""
    given = result.given
    x, tree = np.array(given.x), given.tree
    rows = {unit: i for i, unit in enumerate(given.units) if year is None or given.years[i] == year}
    for (unit, code), value in (cells or {}).items():
        if unit not in rows:
            raise unfit("unknown_unit", unit=unit)
        if code not in tree.indicators:
            raise unfit("unknown_node", field="cell", found=code)
        x[rows[unit], tree.index[code]] = value
    if weights:
        for code in weights:
            if code not in tree.index:
                raise unfit("unknown_node", field="weight", found=code)
        nodes = tuple(replace(n, weight=float(weights.get(n.code, n.weight))) for n in tree.nodes)
        tree = replace(tree, nodes=nodes)
    status = np.where(np.isnan(x), MISSING, 0).astype(np.uint8)
    new = build(
        replace(given, x=frozen(x), tree=tree, status=status), result.method.changed(**changes)
    )
    return WhatIf(new, shifts(result, new))


def shifts(before: Result, after: Result) -> tuple[Shift, ...]:
    """Every unit of the later result whose rank is not that of the earlier (0: it had none)."""
    there = dict(zip(_keys(before), before.top_ranks, strict=True))
    return tuple(
        Shift(key[0], int(there.get(key, 0)), int(place))
        for key, place in zip(_keys(after), after.top_ranks, strict=True)
        if there.get(key, 0) != place
    )


def _keys(result: Result) -> list[tuple[str, int | None]]:
    years = result.treated.years or (None,) * len(result.units)
    return list(zip(result.units, years, strict=True))


class Held:
    """A unit's score for any values of its own, peers and anchors held still.

    Goes the whole way from a value as reported: denominator, outlier treatment with the limits of
    this run, norms, tree. Good for searching; whatever is found is judged by `what_if`.
    """

    def __init__(self, result: Result, unit: str) -> None:
        if len(result.treated.slices) > 1:
            raise unfit("one_year_only", found=len(result.treated.slices))
        self.result, self.unit = result, unit
        self.row = result.row(unit)
        self.given_row = result.given.units.index(unit)
        self.top = whole_tree(result, self.row)
        self.raw = result.given.x[self.given_row]
        treating = next(step for step in result.log if step.name == "treat")
        self._before, self._after = treating.before.x, treating.after.x
        self._done = next(iter(treating.notes["by_year"].values()))
        extra = [line.after - line.before for line in result.adjusted if line.unit == unit]
        self.points = float(sum(extra))

    def indicator_scores(self, leaf: int, values: Floats) -> Floats:
        """Scores of one indicator for reported values of it."""
        node = self.result.tree.nodes[leaf]
        if node.denominator and self.result.method.denominate:
            values = values / self.result.given.denominators[node.denominator][self.given_row]
        column, done = self._before[:, leaf], self._after[:, leaf]
        spec = self.result.method.treat
        if self._done.transformed[leaf]:
            how = spec.then if spec.how == "winsorise" else spec.how
            inside = np.clip(values, np.nanmin(column), np.nanmax(column))
            among = (transform(np.append(column, v), how, spec.power) for v in inside)
            values = np.array([one[-1] for one in among])
        elif self._done.points[leaf]:
            values = np.clip(values, np.nanmin(done), np.nanmax(done))
        return no.one_scored(np.asarray(values), leaf, self.result.norms[0])

    def score(self, values: Mapping[int, float]) -> float:
        """The top score when some indicators are reported as given."""
        scores = np.array(self.result.normalised.x[self.row])
        for leaf, value in values.items():
            scores[leaf] = self.indicator_scores(leaf, np.array([value]))[0]
        return float(self.top(scores[None])[0]) + self.points

"""build(frame, method) → Result: the whole index, in the order of the recipe."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from bihuan.engines.index import aggregate as ag
from bihuan.engines.index import normalise as no
from bihuan.engines.index.faults import Fault, refuse, unfit
from bihuan.engines.index.frame import TREATED, Floats, Frame, Ints, Tree
from bihuan.engines.index.impute import denominate, impute, screened
from bihuan.engines.index.method import Method
from bihuan.engines.index.rank import Adjusted, adjusted, in_leagues, ranks
from bihuan.engines.index.treat import Treated, treat
from bihuan.engines.index.weigh import effective, weigh

VERSION = "index/1"


@dataclass(frozen=True)
class Cell:
    """One cell that a step changed."""

    unit: str
    year: int | None
    node: str
    before: float
    after: float


@dataclass(frozen=True, eq=False)
class Step:
    """一步：名称、参数、前后的数据；改动的格子可以逐一列出。"""

    name: str
    arguments: Mapping[str, Any]
    before: Frame
    after: Frame
    notes: Mapping[str, Any]

    def cells(self) -> Iterator[Cell]:
        """Every cell that this step filled or altered (none where rows were dropped)."""
        if len(self.before.units) != len(self.after.units):
            return
        a, b = self.before.x, self.after.x
        for row, j in zip(*np.nonzero(~((a == b) | (np.isnan(a) & np.isnan(b)))), strict=True):
            year = self.after.years[row] if self.after.years else None
            code = self.after.tree.codes[j]
            yield Cell(self.after.units[row], year, code, float(a[row, j]), float(b[row, j]))

    @property
    def dropped(self) -> tuple[str, ...]:
        """The units that this step left out."""
        if len(self.before.units) == len(self.after.units):
            return ()
        kept = set(zip(self.after.units, self.after.years or self.after.units, strict=True))
        rows = zip(self.before.units, self.before.years or self.before.units, strict=True)
        return tuple(row[0] for row in rows if row not in kept)


@dataclass(frozen=True, eq=False)
class Result:
    """结果：每个结点的得分和位次，连同得出它的方法、数据和每一步。"""

    method: Method
    given: Frame
    treated: Frame
    normalised: Frame
    tree: Tree
    hows: Mapping[int, str]
    norms: tuple[no.Norms, ...]
    scores: Floats
    ranks: Ints
    league_ranks: Ints | None
    adjusted: tuple[Adjusted, ...]
    log: tuple[Step, ...]
    version: str = VERSION

    @property
    def units(self) -> tuple[str, ...]:
        return self.treated.units

    @property
    def top(self) -> Floats:
        """The scores of the whole, adjustments included."""
        return np.asarray(self.scores[:, self.tree.root])

    @property
    def top_ranks(self) -> Ints:
        return np.asarray(self.ranks[:, self.tree.root])

    def row(self, unit: str, year: int | None = None) -> int:
        """The row of a unit (in a year, when there are several)."""
        for i, code in enumerate(self.units):
            if code == unit and (year is None or self.treated.years[i] == year):
                return i
        raise unfit("unknown_unit", unit=unit)

    @cached_property
    def effective_weights(self) -> Floats:
        return effective(self.tree, self.tree.weights)

    @cached_property
    def digest(self) -> str:
        """sha256 of everything that made this result."""
        text = json.dumps(self.method.table(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(f"{self.version}|{self.given.digest}|{text}".encode()).hexdigest()

    def again(self, **changes: Any) -> "Result":
        """The same run with one argument changed: `result.again(treat={"winmax": 3})`."""
        return build(self.given, self.method.changed(**changes))


def build(frame: Frame, method: Method | None = None) -> Result:
    """算出指数：筛选、折算、插补、异常值、无量纲化、定权、汇总、位次。"""
    method = method or Method()
    log: list[Step] = []

    data = frame
    if method.denominate:
        data = _logged(log, "denominate", {}, data, denominate(data))
    if method.screen.before:
        data = _screen(log, method, data)
    data = _logged(log, "impute", vars(method.impute), data, impute(data, method.impute))
    if not method.screen.before:
        data = _screen(log, method, data)
    data = _treat(log, method, data)
    normalised, norms = _normalise(log, method, data)
    hows = plans(data.tree, method)
    tree = _weigh(log, method, normalised, hows)
    scores = _aggregate(method, normalised, tree, hows)
    _logged(log, "aggregate", vars(method.aggregate), normalised, normalised)
    scores, touched = _adjust(method, data, tree, scores)
    if method.adjust:
        rules = {"rules": [vars(rule) for rule in method.adjust]}
        _logged(log, "adjust", rules, normalised, normalised, lines=touched)
    places, leagues = _rank(method, data, scores, tree)
    _logged(log, "rank", vars(method.rank), normalised, normalised)
    return Result(
        method=method,
        given=frame,
        treated=data,
        normalised=normalised,
        tree=tree,
        hows=hows,
        norms=norms,
        scores=scores,
        ranks=places,
        league_ranks=leagues,
        adjusted=touched,
        log=tuple(log),
    )


def plans(tree: Tree, method: Method) -> dict[int, str]:
    """The function of every aggregate; benefit of the doubt takes over where it sets weights."""
    hows = ag.plan(tree, method.aggregate)
    if method.weigh.how == "bod":
        for node in tree.aggregates:
            if any(tree.levels[c] == method.weigh.level for c in tree.children[node]):
                hows[node] = "bod"
    return hows


def _logged(
    log: list[Step],
    name: str,
    arguments: Mapping[str, Any],
    before: Frame,
    after: Frame,
    **notes: Any,
) -> Frame:
    log.append(Step(name, dict(arguments), before, after, notes))
    return after


def _screen(log: list[Step], method: Method, data: Frame) -> Frame:
    keep = screened(data, method.screen)
    after = data if keep.all() else data.only(keep)
    return _logged(log, "screen", vars(method.screen), data, after)


def skipped(tree: Tree, method: Method) -> np.ndarray:
    """Which indicators treatment leaves alone."""
    unknown = [code for code in method.treat.skip if code not in tree.indicators]
    if unknown:
        raise unfit("unknown_node", field="treat.skip", found="、".join(unknown))
    return np.array([code in method.treat.skip for code in tree.indicators], dtype=bool)


def _treat(log: list[Step], method: Method, data: Frame) -> Frame:
    x = np.array(data.x)
    done: dict[int | None, Treated] = {}
    for year, rows in data.slices:
        done[year] = treat(
            np.ascontiguousarray(x[rows].T), method.treat, skipped(data.tree, method)
        )
        x[rows] = done[year].x.T
    after = data.with_values(x, TREATED)
    return _logged(log, "treat", vars(method.treat), data, after, by_year=done)


def _normalise(log: list[Step], method: Method, data: Frame) -> tuple[Frame, tuple[no.Norms, ...]]:
    spec, tree, anchors = method.normalise, data.tree, method.year.anchors
    unknown = [code for code in spec.each if code not in tree.indicators]
    if unknown:
        raise unfit("unknown_node", field="normalise.each", found="、".join(unknown))
    refuse(no.lacking(tree, spec))
    shared: no.Norms | None = None
    if anchors == "pooled":
        shared = no.norms(data.columns, tree, spec)
    elif anchors != "own":
        fixed = dict(data.slices).get(int(anchors))
        if fixed is None:
            known = "、".join(str(year) for year, _rows in data.slices)
            raise unfit("unknown_year", field="year.anchors", found=anchors, known=known)
        shared = no.norms(np.ascontiguousarray(data.x[fixed].T), tree, spec)
    x, used = np.empty(data.x.shape), []
    faults: list[Fault] = []
    for _year, rows in data.slices:
        columns = np.ascontiguousarray(data.x[rows].T)
        fitted = shared or no.norms(columns, tree, spec)
        out = no.scored(columns, fitted)
        faults += no.faults(columns, out, tree, tuple(data.units[i] for i in rows))
        x[rows] = out.T
        used.append(fitted)
    refuse(faults)
    after = data.with_values(x)
    arguments = {k: v for k, v in vars(spec).items() if v is not None and k != "each"}
    _logged(log, "normalise", {**arguments, "anchors": anchors}, data, after)
    return after, tuple(used)


def _weigh(log: list[Step], method: Method, data: Frame, hows: Mapping[int, str]) -> Tree:
    spec = method.weigh
    arguments = {"how": spec.how, "level": spec.level}
    weights = weigh(data.columns, data.tree, spec, method.aggregate, hows)
    tree = data.tree if spec.how in ("given", "bod") else data.tree.weighted(weights)
    _logged(
        log, "weigh", arguments, data, data, weights=dict(zip(tree.codes, weights, strict=True))
    )
    return tree


def _aggregate(method: Method, data: Frame, tree: Tree, hows: Mapping[int, str]) -> Floats:
    scores = np.empty((len(data.units), len(tree.nodes)))
    faults: list[Fault] = []
    weights = [float(w) for w in tree.weights]
    for _year, rows in data.slices:
        leaves = list(np.ascontiguousarray(data.x[rows].T))
        values = ag.aggregate(leaves, tree, weights, method.aggregate, hows)
        faults += ag.faults(
            values, tree, hows, method.aggregate, tuple(data.units[i] for i in rows)
        )
        scores[rows] = np.array(values).T
    refuse(faults)
    return scores


def _adjust(
    method: Method, data: Frame, tree: Tree, scores: Floats
) -> tuple[Floats, tuple[Adjusted, ...]]:
    if not method.adjust:
        scores.setflags(write=False)
        return scores, ()
    lines: list[Adjusted] = []
    for _year, rows in data.slices:
        part = scores[rows]

        def value_of(code: str, part: Floats = part) -> Floats:
            if code not in tree.index:
                raise unfit("unknown_node", field="adjust.node", found=code)
            return np.asarray(part[:, tree.index[code]])

        units = [data.units[i] for i in rows]
        top, touched = adjusted(part[:, tree.root], method.adjust, units, value_of)
        scores[rows, tree.root] = top
        lines += [replace(line, row=int(rows[line.row])) for line in touched]
    scores.setflags(write=False)
    return scores, tuple(lines)


def _rank(method: Method, data: Frame, scores: Floats, tree: Tree) -> tuple[Ints, Ints | None]:
    places = np.empty(scores.shape, dtype=np.int64)
    leagues = None
    if method.rank.league:
        if method.rank.league not in data.groups:
            known = "、".join(data.groups)
            raise unfit("unknown_group", field="rank.league", found=method.rank.league, known=known)
        leagues = np.zeros(len(scores), dtype=np.int64)
    for _year, rows in data.slices:
        places[rows] = ranks(np.ascontiguousarray(scores[rows].T), method.rank.ties).T
        if leagues is not None:
            names = np.asarray(data.groups[method.rank.league])[rows]
            leagues[rows] = in_leagues(scores[rows, tree.root], list(names), method.rank.ties)
    return places, leagues

"""Two runs side by side, and a unit's rank in any mixture of the two: what moves are split over.

Each switch turns one thing from the world of the earlier run into that of the later: an own
indicator by its code, and the five outside ones below.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Literal

import numpy as np

from bihuan.engines.index import aggregate as ag
from bihuan.engines.index import normalise as no
from bihuan.engines.index.build import Result
from bihuan.engines.index.explain import AMONG_PEERS
from bihuan.engines.index.faults import unfit
from bihuan.engines.index.frame import Flags, Floats, Ints
from bihuan.engines.index.rank import ranks

PEERS, NORMS, EDITION, ROSTER, POINTS = "*peers", "*norms", "*edition", "*roster", "*points"
OUTSIDE = (PEERS, NORMS, EDITION, ROSTER, POINTS)
_BATCH = 16
_TIES = ("min", "max", "dense")
# At which mixtures a switch is turned; None where it never is.
On = Callable[[str], "Flags | None"]


class World:
    """Both runs side by side, and the unit's rank in any mixture of the two."""

    def __init__(self, before: Result, after: Result, unit: str) -> None:
        for result in (before, after):
            if len(result.treated.slices) > 1:
                raise unfit("one_year_only", found=len(result.treated.slices))
        self.before, self.after, self.unit = before, after, unit
        runs = (before, after)
        self.ties = after.method.rank.ties
        if self.ties not in _TIES or before.method.rank.ties != self.ties:
            raise unfit("other_ties", found=self.ties, known=" ".join(_TIES))
        self.rank_before = int(before.top_ranks[before.row(unit)])
        self.rank_after = int(after.top_ranks[after.row(unit)])
        if not self.rank_before or not self.rank_after:
            raise unfit("unranked", unit=unit)
        self.codes = tuple(dict.fromkeys((*before.tree.indicators, *after.tree.indicators)))
        self.same_edition = before.tree.nodes == after.tree.nodes and before.method == after.method
        # The roster is everybody who is ranked in either run, our unit left out.
        names = dict.fromkeys((*before.units, *after.units))
        names.pop(unit)
        self.peers = tuple(names)
        self.there = tuple(
            np.array([p in ranked for p in self.peers], dtype=bool)
            for ranked in (
                {u for u, r in zip(run.units, run.top_ranks, strict=True) if r} for run in runs
            )
        )
        self._rows = tuple({unit: i for i, unit in enumerate(run.units)} for run in runs)
        self.own = tuple(np.stack([self._values(e, t, (unit,))[0] for t in (0, 1)]) for e in (0, 1))
        self.field = tuple(tuple(self._values(e, t, self.peers) for t in (0, 1)) for e in (0, 1))
        self.points = tuple(self._points(run) for run in runs)
        self.anchors = tuple(tuple(self._anchors(e, t) for t in (0, 1)) for e in (0, 1))
        self._cache: dict[tuple[int, int, int, int, int], Floats] = {}
        self.legs: dict[tuple[int, int], tuple[float, float, Floats]] = {}
        self._ends: dict[tuple[int, int], tuple[Floats, Floats]] = {}

    def _values(self, edition: int, time: int, units: Sequence[str]) -> Floats:
        """Treated values for an edition's indicators in a year; what a year does not know of a
        unit or an indicator is taken from the other year, so that only the switch for entering
        or for the edition brings it in."""
        runs = (self.before, self.after)
        codes = runs[edition].tree.indicators
        out = np.full((len(units), len(codes)), np.nan)
        for run in (runs[1 - time], runs[time]):
            known = np.array([j for j, c in enumerate(codes) if c in run.tree.index], dtype=int)
            columns = [run.tree.index[codes[j]] for j in known]
            at = self._rows[run is self.after]
            here = np.array([i for i, unit in enumerate(units) if unit in at], dtype=int)
            rows = [at[units[i]] for i in here]
            if len(rows) and len(columns):
                out[np.ix_(here, known)] = run.treated.x[np.ix_(rows, columns)]
        return out

    def _points(self, run: Result) -> Floats:
        """Points given or taken: our unit first, then the peers."""
        out = np.zeros(1 + len(self.peers))
        names = (self.unit, *self.peers)
        for line in run.adjusted:
            if line.unit in names:
                out[names.index(line.unit)] += line.after - line.before
        return out

    def _anchors(self, edition: int, time: int) -> no.Norms:
        runs = (self.before, self.after)
        if edition == time or self.same_edition:
            return runs[time].norms[0]
        rows = self._values(edition, time, runs[time].units)
        run = runs[edition]
        return no.norms(np.ascontiguousarray(rows.T), run.tree, run.method.normalise)

    def moving(self) -> frozenset[str]:
        """The switches that can matter at all."""
        out = set()
        for edition, run in enumerate((self.before, self.after)):
            a, b = self.own[edition]
            for j, code in enumerate(run.tree.indicators):
                if not (a[j] == b[j] or (np.isnan(a[j]) and np.isnan(b[j]))):
                    out.add(code)
        if not self.same_edition:
            out.add(EDITION)
        if not (self.there[0] == self.there[1]).all():
            out.add(ROSTER)
        if not (self.points[0] == self.points[1]).all():
            out.add(POINTS)
        if any(not np.array_equal(x[0], x[1], equal_nan=True) for x in self.field):
            out.add(PEERS)
        if not _same_norms(self.anchors[0]) or not _same_norms(self.anchors[1]):
            out.add(NORMS)
        return frozenset(out)

    def scores(self, edition: int, norm: int, rows: Floats, points: Floats) -> Floats:
        """Top scores of rows of values."""
        normal = no.scored(np.ascontiguousarray(rows.T), self.anchors[edition][norm])
        return self.top(edition, list(normal)) + points

    def top(self, edition: int, leaves: list[Floats]) -> Floats:
        run = (self.before, self.after)[edition]
        weights = [float(w) for w in run.tree.weights]
        values = ag.aggregate(leaves, run.tree, weights, run.method.aggregate, run.hows)
        return np.asarray(values[run.tree.root])

    def ladder(self, peers: int, norm: int, edition: int, roster: int, points: int) -> Floats:
        """The peers' scores in a mixture, sorted."""
        key = (peers, norm, edition, roster, points)
        if key not in self._cache:
            rows = self.field[edition][peers][self.there[roster]]
            extra = self.points[points][1:][self.there[roster]]
            found = self.scores(edition, norm, rows, extra)
            known = found[~np.isnan(found)]
            self._cache[key] = np.unique(known) if self.ties == "dense" else np.sort(known)
        return self._cache[key]

    def own_ends(self, edition: int, norm: int) -> tuple[Floats, Floats]:
        """Our unit's indicator scores before and after, under some anchors."""
        key = (edition, norm)
        if key not in self._ends:
            columns = np.ascontiguousarray(self.own[edition].T)
            pair = no.scored(columns, self.anchors[edition][norm])
            self._ends[key] = (pair[:, 0], pair[:, 1])
        return self._ends[key]

    def place(self, own: Floats, key: tuple[int, int, int, int, int]) -> Ints:
        """Our unit's rank for some own scores."""
        ladder = self.ladder(*key)
        side: Literal["left", "right"] = "left" if self.ties == "max" else "right"
        return 1 + len(ladder) - np.searchsorted(ladder, own, side=side)

    def mixtures(
        self, shape: tuple[int, ...], on: On
    ) -> Iterator[tuple[tuple[int, int, int, int, int], Flags]]:
        """Every combination of the outside switches that occurs, and where it does."""
        flags = [on(name) for name in OUTSIDE]
        for key in product(*((0,) if flag is None else (0, 1) for flag in flags)):
            where = np.ones(shape, dtype=bool)
            for flag, bit in zip(flags, key, strict=True):
                if flag is not None:
                    where &= flag if bit else ~flag
            if where.any():
                yield (key[0], key[1], key[2], key[3], key[4]), where

    def ranks(self, shape: tuple[int, ...], on: On) -> Ints:
        """The rank in many mixtures at once; `on(switch)` says where a switch is turned."""
        out = np.empty(shape, dtype=np.int64)
        for key, where in self.mixtures(shape, on):
            _peers, norm, edition, _roster, points = key
            run = (self.before, self.after)[edition]
            a, b = self.own_ends(edition, norm)
            picked: dict[int, Flags] = {}
            leaves = []
            for j, code in enumerate(run.tree.indicators):
                flag = on(code) if _moves(a[j], b[j]) else None
                if flag is None:
                    leaves.append(a[j : j + 1])
                    continue
                if id(flag) not in picked:
                    picked[id(flag)] = flag[where]
                leaves.append(np.where(picked[id(flag)], b[j], a[j]))
            if AMONG_PEERS & set(run.hows.values()):
                out[where] = self._slowly(key, leaves, int(where.sum()))
                continue
            own = self.top(edition, leaves) + self.points[points][0]
            out[where] = self.place(own, key)
        return out

    def _slowly(self, key: tuple[int, int, int, int, int], own: list[Floats], count: int) -> Ints:
        """Ranks where the score of one unit depends on all others: whole indexes, in batches."""
        peers, norm, edition, roster, points = key
        rows = self.field[edition][peers][self.there[roster]]
        field = no.scored(np.ascontiguousarray(rows.T), self.anchors[edition][norm])
        extra = np.array([self.points[points][0], *self.points[points][1:][self.there[roster]]])
        out = np.empty(count, dtype=np.int64)
        for start in range(0, count, _BATCH):
            size = min(_BATCH, count - start)
            leaves = []
            for x, others in zip(own, field, strict=True):
                table = np.empty((size, 1 + len(others)))
                table[:, 1:] = others
                table[:, 0] = x if len(x) == 1 else x[start : start + size]
                leaves.append(table)
            score = self.top(edition, leaves) + extra
            out[start : start + size] = ranks(score, self.ties)[:, 0]
        return out

    def straight(self) -> bool:
        """Is the score a plain weighted sum in every mixture, with nothing missing?"""
        for edition, run in enumerate((self.before, self.after)):
            if set(run.hows.values()) != {"amean"}:
                return False
            if np.isnan(self.own[edition]).any():
                return False
        return True


def _moves(a: float, b: float) -> bool:
    return not (a == b or (np.isnan(a) and np.isnan(b)))


def _same_norms(pair: Sequence[no.Norms]) -> bool:
    for one, other in zip(pair[0].parts, pair[1].parts, strict=True):
        for name in one.learnt:
            if not np.array_equal(one.learnt[name], other.learnt[name], equal_nan=True):
                return False
    return True

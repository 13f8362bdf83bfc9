"""Audit of an index as the JRC does it: does the data carry the structure that was drawn?

Statistics, correlations within and across groups, Cronbach's alpha, principal components,
redundancy and coherence (OECD & JRC 2008, Handbook on Constructing Composite Indicators; Saisana
& Saltelli 2010). Reads a result; changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bihuan.engines.index.build import Result, build
from bihuan.engines.index.faults import Unfit
from bihuan.engines.index.frame import Floats, Frame
from bihuan.engines.index.method import Method
from bihuan.engines.index.moments import high, low, mean, shape, spread
from bihuan.engines.index.rank import mean_ranks

REDUNDANT, WEAK, AGAINST = 0.92, 0.30, -0.40
CONSISTENT_ALPHA = 0.70


@dataclass(frozen=True)
class Stats:
    """一个指标的概况；flags 是需要看一看的地方。"""

    node: str
    least: float
    most: float
    mean: float
    median: float
    sd: float
    skew: float
    kurt: float
    known: int
    nonzero: int
    distinct: int
    same: int
    flags: tuple[str, ...]


def statistics(frame: Frame, skew: float = 2.0, kurt: float = 3.5) -> tuple[Stats, ...]:
    """各指标的概况（原始数据）。"""
    x = frame.columns
    g1, g2 = shape(x)
    out = []
    for j, code in enumerate(frame.tree.indicators):
        known = x[j][~np.isnan(x[j])]
        values, counts = np.unique(known, return_counts=True)
        flags = []
        if len(known) / x.shape[1] < 0.65:
            flags.append("few_known")
        if (known != 0).sum() / max(len(known), 1) < 0.5:
            flags.append("many_zeros")
        if len(values) / max(len(known), 1) < 0.5:
            flags.append("few_distinct")
        if abs(g1[j]) >= skew and g2[j] >= kurt:
            flags.append("outliers")
        out.append(
            Stats(
                code,
                float(low(x[j])),
                float(high(x[j])),
                float(mean(x[j])),
                float(np.median(known)) if len(known) else float("nan"),
                float(spread(x[j])),
                float(g1[j]),
                float(g2[j]),
                len(known),
                int((known != 0).sum()),
                len(values),
                int(counts.max()) if len(counts) else 0,
                tuple(flags),
            )
        )
    return tuple(out)


def correlations(table: Floats, how: str = "pearson") -> Floats:
    """列与列的相关系数；缺失成对剔除，不能算的为缺失。"""
    n = table.shape[1]
    if how == "spearman":
        return _spearman(table)
    if not np.isnan(table).any():
        with np.errstate(all="ignore"):
            return np.atleast_2d(np.corrcoef(table.T))
    out = np.eye(n)
    for i in range(n):
        for j in range(i):
            both = ~np.isnan(table[:, i]) & ~np.isnan(table[:, j])
            out[i, j] = out[j, i] = _pair(table[both, i], table[both, j])
    return out


def _spearman(table: Floats) -> Floats:
    n = table.shape[1]
    out = np.eye(n)
    for i in range(n):
        for j in range(i):
            both = ~np.isnan(table[:, i]) & ~np.isnan(table[:, j])
            pair = mean_ranks(table[both, i]), mean_ranks(table[both, j])
            out[i, j] = out[j, i] = _pair(*pair)
    return out


def _pair(a: Floats, b: Floats) -> float:
    if len(a) < 3 or a.std() == 0 or b.std() == 0:
        return float("nan")
    return float(np.corrcoef(a, b)[0, 1])


def alpha(table: Floats) -> float:
    """Cronbach's alpha of complete rows (Cronbach 1951, eq. 2)."""
    table = table[~np.isnan(table).any(axis=1)]
    k = table.shape[1]
    if k < 2 or len(table) < 3:
        return float("nan")
    whole = table.sum(axis=1).var(ddof=1)
    if whole == 0:
        return float("nan")
    return float(k / (k - 1) * (1.0 - table.var(axis=0, ddof=1).sum() / whole))


@dataclass(frozen=True, eq=False)
class Components:
    """主成分：各成分的特征值、解释的方差占比和第一主成分的载荷。"""

    eigenvalues: Floats
    share: Floats
    loadings: Floats


def components(table: Floats) -> Components:
    """Principal components of the correlation matrix, complete rows only."""
    table = table[~np.isnan(table).any(axis=1)]
    table = table[:, table.std(axis=0) > 0]
    values, vectors = np.linalg.eigh(np.atleast_2d(np.corrcoef(table.T)))
    values, vectors = values[::-1], vectors[:, ::-1]
    first = vectors[:, 0] * np.sqrt(max(values[0], 0.0))
    if first.sum() < 0:
        first = -first
    return Components(values, values / values.sum(), first)


@dataclass(frozen=True)
class Group:
    """一组（同一上级）：内部一致性、第一主成分、组内外相关的高低。"""

    node: str
    children: tuple[str, ...]
    alpha: float
    first_share: float
    within: float
    across: float
    mixed_signs: bool


@dataclass(frozen=True)
class Pair:
    """值得一看的一对：相关系数和为什么。"""

    one: str
    other: str
    r: float
    why: str


@dataclass(frozen=True)
class Influence:
    """去掉一个指标，位次平均动多少、最多动多少。"""

    node: str
    mean_shift: float
    most_shift: int
    reason: str = ""


@dataclass(frozen=True, eq=False)
class Audit:
    """指数体检：概况、相关、分组、可疑的对子、各指标的分量。"""

    stats: tuple[Stats, ...]
    correlations: Mapping[str, Floats]
    groups: tuple[Group, ...]
    pairs: tuple[Pair, ...]
    importance: Mapping[str, tuple[float, float]]
    influence: tuple[Influence, ...]


def audit(result: Result, *, influence: bool = True) -> Audit:
    """体检：数据撑不撑得起画出来的结构。"""
    tree = result.tree
    whole = correlations(result.scores)
    ranked = correlations(result.scores, "spearman")
    leaf = whole[: tree.leaves, : tree.leaves]
    return Audit(
        stats=statistics(result.given),
        correlations={"pearson": whole, "spearman": ranked},
        groups=tuple(_group(result, node, whole) for node in tree.aggregates),
        pairs=tuple(_pairs(result, leaf, whole)),
        importance=_importance(result, whole),
        influence=_influence(result) if influence else (),
    )


def _group(result: Result, node: int, whole: Floats) -> Group:
    tree = result.tree
    brood = list(tree.children[node])
    table = result.scores[:, brood]
    level = [i for i in range(len(tree.nodes)) if tree.levels[i] == tree.levels[brood[0]]]
    others = [i for i in level if i not in brood]
    within = whole[np.ix_(brood, brood)][np.triu_indices(len(brood), 1)]
    across = whole[np.ix_(brood, others)].ravel()
    share, mixed = float("nan"), False
    if len(brood) > 1:
        found = components(table)
        share = float(found.share[0])
        mixed = bool((found.loadings > 0).any() and (found.loadings < 0).any())
    return Group(
        tree.codes[node],
        tuple(tree.codes[c] for c in brood),
        alpha(table),
        share,
        _mean(within),
        _mean(across),
        mixed,
    )


def _mean(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def _pairs(result: Result, leaf: Floats, whole: Floats) -> list[Pair]:
    tree, out = result.tree, []
    group = {c: node for node in tree.aggregates for c in tree.children[node]}
    for i in range(tree.leaves):
        for j in range(i):
            r = float(leaf[i, j])
            pair = (tree.codes[j], tree.codes[i], r)
            if abs(r) >= REDUNDANT:
                out.append(Pair(*pair, "redundant"))
            elif r <= AGAINST and group.get(i) == group.get(j):
                out.append(Pair(*pair, "against"))
    for child, node in group.items():
        if len(tree.children[node]) < 2:
            continue
        r = float(whole[child, node])
        if r < 0:
            out.append(Pair(tree.codes[child], tree.codes[node], r, "against_parent"))
        elif r < WEAK:
            out.append(Pair(tree.codes[child], tree.codes[node], r, "weak_in_parent"))
    for child in range(tree.leaves):
        own = abs(whole[child, group[child]])
        rivals = [n for n in set(group.values()) if tree.levels[n] == tree.levels[group[child]]]
        best = max(rivals, key=lambda n: abs(whole[child, n]))
        if best != group[child] and abs(whole[child, best]) > own + 0.1:
            r = float(whole[child, best])
            out.append(Pair(tree.codes[child], tree.codes[best], r, "closer_to_other"))
    return out


def _importance(result: Result, whole: Floats) -> dict[str, tuple[float, float]]:
    """Effective weight against squared correlation with the top (Becker et al. 2017)."""
    tree = result.tree
    weights = result.effective_weights
    return {
        tree.codes[i]: (float(weights[i]), float(whole[i, tree.root] ** 2))
        for i in range(len(tree.nodes))
    }


def _influence(result: Result) -> tuple[Influence, ...]:
    out = []
    for j, code in enumerate(result.tree.indicators):
        try:
            new = build(without(result.given, j), result.method)
        except Unfit as refusal:
            out.append(Influence(code, float("nan"), 0, refusal.faults[0].code))
            continue
        shared = [u for u in new.units if u in result.units]
        if len(shared) != len(result.units):
            out.append(Influence(code, float("nan"), 0, "other_units"))
            continue
        shift = np.abs(new.top_ranks - result.top_ranks)
        out.append(Influence(code, float(shift.mean()), int(shift.max())))
    return tuple(sorted(out, key=lambda one: -(one.mean_shift if one.reason == "" else -1.0)))


def without(frame: Frame, leaf: int) -> Frame:
    """The frame without one indicator; a group left empty goes with it."""
    from bihuan.engines.index.frame import frame as framed
    from bihuan.engines.index.frame import tree as grown

    gone = {frame.tree.codes[leaf]}
    while True:
        inner = {n.parent for n in frame.tree.nodes if n.code not in gone}
        empty = {n.code for n in frame.tree.nodes if n.level > 1 and n.code not in inner} - gone
        if not empty:
            break
        gone |= empty
    keep = [j for j in range(frame.tree.leaves) if j != leaf]
    nodes = [n for n in frame.tree.nodes if n.code not in gone]
    order = [frame.tree.codes[j] for j in keep]
    return framed(
        frame.units,
        grown(nodes, order),
        frame.x[:, keep],
        names=frame.names,
        groups=frame.groups,
        denominators=frame.denominators,
        years=frame.years,
    )


def reversals(
    frame: Frame, method: Method, unit: str, full: Result | None = None
) -> tuple[tuple[str, str], ...]:
    """逆序：拿掉一个单位后，其余单位之间先后对调的有哪些对（越少越稳）。

    `full` is the build with the unit, where it is at hand. Unfit where no index is left without.
    """
    full = full or build(frame, method)
    rest = [i for i, name in enumerate(frame.units) if name != unit]
    less = build(frame.only(np.array(rest)), method)
    names = [u for u in full.units if u in less.units]
    a = np.array([full.top[full.row(u)] for u in names])
    b = np.array([less.top[less.row(u)] for u in names])
    turned = (np.sign(a[:, None] - a) * np.sign(b[:, None] - b)) < 0
    return tuple((names[i], names[j]) for i, j in zip(*np.nonzero(np.triu(turned)), strict=True))

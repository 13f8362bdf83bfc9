"""Weights (定权): given, equal, or learnt from the data or from judgements, within each group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bihuan.engines.index.aggregate import aggregate
from bihuan.engines.index.faults import Fault, refuse, unfit
from bihuan.engines.index.frame import Floats, Tree
from bihuan.engines.index.method import Aggregate, Weigh

# Saaty (1980, ch. 1, table of random indices), 1 to 15 items: mean inconsistency of chance.
RANDOM_INDEX = (0, 0, 0.58, 0.9, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
CONSISTENT = 0.10


def weigh(
    columns: Floats, tree: Tree, spec: Weigh, how: Aggregate, hows: Mapping[int, str]
) -> Floats:
    """定权：每个结点一个权重（在同一上级之内有意义）；只改 spec.level 这一层。"""
    weights = np.array(tree.weights)
    if spec.how in ("given", "bod"):
        return weights
    groups = [
        (node, [c for c in tree.children[node] if tree.levels[c] == spec.level])
        for node in tree.aggregates
    ]
    groups = [(node, brood) for node, brood in groups if brood]
    if not groups:
        raise unfit("no_level", field="weigh.level", found=spec.level)
    if spec.how == "equal":
        for _node, brood in groups:
            weights[brood] = 1.0
        return weights
    if spec.how == "ahp":
        return _judged(weights, tree, spec, groups)
    if spec.how == "optimise":
        return _optimised(columns, tree, weights, how, hows, [c for _n, b in groups for c in b])
    values = aggregate(list(columns), tree, list(weights), how, hows)
    faults = []
    for node, brood in groups:
        table = np.array([values[c] for c in brood]).T
        table = table[~np.isnan(table).any(axis=1)]
        if len(brood) == 1:
            weights[brood] = 1.0
            continue
        found = _LEARN[spec.how](table)
        if isinstance(found, str):
            faults.append(Fault(found, {"node": tree.codes[node], "how": spec.how}))
        else:
            weights[brood] = found
    refuse(faults)
    return weights


def effective(tree: Tree, weights: Sequence[float] | Floats) -> Floats:
    """有效权重：一路乘到总分；同层之和为 1（只对算术平均就是权重本身）。"""
    out = np.zeros(len(tree.nodes))
    out[tree.root] = 1.0
    for node in reversed(tree.aggregates):
        brood = list(tree.children[node])
        part = np.asarray([weights[c] for c in brood], dtype=np.float64)
        out[brood] = out[node] * part / part.sum()
    return out


def entropy(table: Floats) -> Floats | str:
    """熵权法：差异大的指标权重大（Shannon 1948; Hwang & Yoon 1981, sec. III.3.2）。"""
    if (table < 0).any():
        return "negative_for_entropy"
    total = table.sum(axis=0)
    if (total <= 0).any():
        return "no_spread"
    p = table / total
    with np.errstate(all="ignore"):
        e = -np.where(p > 0, p * np.log(p), 0.0).sum(axis=0) / np.log(len(table))
    d = 1.0 - e
    return np.asarray(d / d.sum()) if d.sum() > 0 else "no_spread"


def critic(table: Floats) -> Floats | str:
    """CRITIC 法：标准差乘以与其他指标的不相关程度（Diakoulaki et al. 1995, eq. 5-6）。"""
    span = table.max(axis=0) - table.min(axis=0)
    if (span <= 0).any():
        return "no_spread"
    z = (table - table.min(axis=0)) / span
    worth = z.std(axis=0) * (1.0 - np.corrcoef(z.T)).sum(axis=0)
    return np.asarray(worth / worth.sum()) if worth.sum() > 0 else "no_spread"


def principal(table: Floats) -> Floats | str:
    """主成分法：第一主成分的载荷；符号不一致即拒绝（OECD & JRC 2008, sec. 6.1）。"""
    if (table.std(axis=0) <= 0).any():
        return "no_spread"
    first = np.linalg.eigh(np.corrcoef(table.T))[1][:, -1]
    if (np.abs(first) < 1e-12).any() or len({bool(one) for one in first > 0}) > 1:
        return "mixed_signs"
    return np.asarray(np.abs(first) / np.abs(first).sum())


_LEARN = {"entropy": entropy, "critic": critic, "pca": principal}


@dataclass(frozen=True)
class Judged:
    """Weights from pairwise judgements, and how consistent the judgements are."""

    weights: Floats
    ratio: float


def ahp(matrix: Floats) -> Judged:
    """层次分析法：判断矩阵的主特征向量和一致性比率 CR（Saaty 1980, ch. 3）。"""
    values, vectors = np.linalg.eig(matrix)
    top = int(np.argmax(values.real))
    vector = np.abs(vectors[:, top].real)
    n = len(matrix)
    chance = RANDOM_INDEX[min(n, len(RANDOM_INDEX)) - 1]
    index = (float(values[top].real) - n) / (n - 1) if n > 1 else 0.0
    return Judged(vector / vector.sum(), index / chance if chance else 0.0)


def _judged(
    weights: Floats, tree: Tree, spec: Weigh, groups: list[tuple[int, list[int]]]
) -> Floats:
    faults = []
    for node, brood in groups:
        code = tree.codes[node]
        if len(brood) == 1:
            continue
        if code not in spec.judgements:
            faults.append(Fault("no_judgement", {"node": code}))
            continue
        matrix = np.asarray(spec.judgements[code], dtype=np.float64)
        if matrix.shape != (len(brood), len(brood)):
            faults.append(Fault("judgement_size", {"node": code, "wanted": len(brood)}))
        elif (matrix <= 0).any() or not np.allclose(matrix * matrix.T, 1.0, rtol=1e-2):
            faults.append(Fault("not_reciprocal", {"node": code}))
        else:
            found = ahp(matrix)
            if found.ratio > CONSISTENT:
                faults.append(Fault("inconsistent", {"node": code, "found": round(found.ratio, 3)}))
            weights[brood] = found.weights
    refuse(faults)
    return weights


def _optimised(
    columns: Floats,
    tree: Tree,
    weights: Floats,
    how: Aggregate,
    hows: Mapping[int, str],
    brood: list[int],
) -> Floats:
    """Weights under which every node of the level correlates alike with the top.

    Minimises the squared differences of the correlations by Nelder & Mead (1965) from the given
    weights (Becker et al. 2017, sec. 4).
    """

    from scipy.optimize import minimize  # half a second: only when needed

    def with_logs(logs: Floats) -> Floats:
        tried = np.array(weights)
        tried[brood] = np.exp(logs - logs.mean())
        return tried

    def unlike(logs: Floats) -> float:
        values = aggregate(list(columns), tree, list(with_logs(logs)), how, hows)
        top = values[tree.root]
        found = []
        for c in brood:
            both = ~(np.isnan(values[c]) | np.isnan(top))
            found.append(np.corrcoef(values[c][both], top[both])[0, 1])
        gap = np.asarray(found) - np.mean(found)
        return float((gap * gap).sum()) + 1e-6 * float((logs * logs).mean())

    start = np.log(np.where(weights[brood] > 0, weights[brood], 1.0))
    found = minimize(
        unlike,
        start - start.mean(),
        method="Nelder-Mead",
        options={"maxiter": 400 * len(brood), "xatol": 1e-6, "fatol": 1e-12, "adaptive": True},
    )
    return with_logs(found.x)

"""The bridge to the engine: a round as plain data, and a run built again from what it stored."""

import hashlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from bihuan.assessment import queries, rules, words
from bihuan.assessment.models import Node, Point, Round, Run, Scheme
from bihuan.base.errors import Refused
from bihuan.engines.index import VERSION, Frame, Method, Result, build, frame, method, tree
from bihuan.engines.index import Node as TreeNode
from bihuan.engines.index.method import Scale
from bihuan.engines.index.rank import ranks
from bihuan.jobs import rules as spelling

if TYPE_CHECKING:
    from bihuan.engines.index.design import Inputs
    from bihuan.engines.index.robust import Run as Mapper
    from bihuan.engines.index.robust import Spread

ROOT = "total"
ROOT_NAME = "综合得分"
SHARE = 0.9  # of the rank interval
_TOLD = 20  # failed draws that a result names one by one


def snapshot(found: Round) -> dict[str, Any]:
    """轮次的全部输入：指标、权重、参评单位、数和算法；此后的测算只看这一份。

    An indicator without a single value takes no part; the page says which.
    """
    values = queries.values(found)
    who = {c: (e.name, e.league) for c, e in queries.entrants(values).items()}
    adjust = [*rules_for_all(found.scheme), *_given(found, values)]
    return composed(queries.nodes(found.scheme), values, who, found.scheme.method, adjust)


def rules_for_all(scheme: Scheme) -> list[dict[str, Any]]:
    """Rules that scores trigger, as the engine reads them."""
    return [
        {
            "reason": one.name,
            "rule": one.code,
            "basis": one.basis,
            "points": float(one.points),
            "node": one.node.code,
            "test": one.trigger,
            "limit": float(one.limit),
        }
        for one in queries.rules_of(scheme)
        if one.node is not None and one.points is not None and one.limit is not None
    ]


def _given(found: Round, values: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Points that were recorded one by one, in their order, with the cap of their rule."""
    given = Point.objects.filter(round=found).select_related("entrant", "rule").order_by("pk")
    for one in given:
        if one.entrant.code in values:
            told = {
                "reason": one.reason,
                "rule": one.rule.code,
                "basis": one.basis,
                "points": float(one.points),
                "unit": one.entrant.code,
            }
            yield told if one.rule.cap is None else {**told, "most": float(one.rule.cap)}


def composed(
    nodes: list[Node],
    values: Mapping[str, Mapping[str, float | None]],
    who: Mapping[str, tuple[str, str]],
    method: Any,
    adjust: list[dict[str, Any]],
) -> dict[str, Any]:
    """A snapshot from its pieces; `who` gives name and league of every entrant by code."""
    known = {code for row in values.values() for code, v in row.items() if v is not None}
    used = _used(nodes, known)
    weights = weights_of(nodes)
    ordered = [n for n in nodes if n.parent is not None and n.code in used]
    codes = sorted(values)
    return {
        "nodes": [[ROOT, ROOT_NAME, 3, "", 1.0, 1, ""]]
        + [_row(n, weights[n.code].weight) for n in nodes if n.code in used],
        "leaves": [n.code for n in ordered],
        "units": codes,
        "names": [who[code][0] for code in codes],
        "league": [who[code][1] for code in codes],
        "x": [[values[code].get(n.code) for n in ordered] for code in codes],
        "method": _method(method, used, adjust),
    }


def _used(nodes: list[Node], known: set[str]) -> set[str]:
    leaves = {n.code for n in nodes if n.parent is not None and n.code in known}
    return leaves | {n.parent.code for n in nodes if n.parent is not None and n.code in leaves}


def _row(node: Node, weight: float) -> list[Any]:
    level, parent = (1, node.parent.code) if node.parent is not None else (2, ROOT)
    direction = -1 if node.lower_is_better else 1
    return [node.code, node.name, level, parent, weight, direction, node.measure]


def weights_of(nodes: list[Node]) -> dict[str, rules.Weighing]:
    """Every weight, the blank ones by assumption."""
    broods: dict[int | None, dict[str, float | None]] = {}
    for node in nodes:
        given = None if node.weight is None else float(node.weight)
        broods.setdefault(node.parent_id, {})[node.code] = given
    return {code: one for brood in broods.values() for code, one in rules.weights(brood).items()}


def _method(given: Any, used: set[str], adjust: list[dict[str, Any]]) -> dict[str, Any]:
    """The scheme's method, with those of its rules whose indicators take part, and points."""
    table = dict(given)
    table["adjust"] = [one for one in adjust if one.get("node", "") in used or "unit" in one]
    normalise = dict(table.get("normalise", {}))
    if "each" in normalise:
        normalise["each"] = {k: v for k, v in normalise["each"].items() if k in used}
        table["normalise"] = normalise
    return table


def digest(inputs: Mapping[str, Any]) -> str:
    return hashlib.sha256(spelling.canonical(inputs).encode()).hexdigest()


def names_in(inputs: Mapping[str, Any]) -> dict[str, str]:
    """Codes of nodes and entrants → their names, for sentences."""
    return {row[0]: row[1] for row in inputs["nodes"]} | dict(
        zip(inputs["units"], inputs["names"], strict=True)
    )


def leagues_in(inputs: Mapping[str, Any]) -> dict[str, str]:
    """Entrants → the league in which they were ranked, whatever it may be now."""
    return dict(zip(inputs["units"], inputs["league"], strict=True))


def framed(inputs: Mapping[str, Any]) -> tuple[Frame, Method]:
    """The engine's own view of a snapshot."""
    grown = tree(
        [TreeNode(c, name, level, up, w, d, m) for c, name, level, up, w, d, m in inputs["nodes"]],
        inputs["leaves"],
    )
    x = np.array(
        [[np.nan if v is None else float(v) for v in row] for row in inputs["x"]], dtype=float
    )
    made = frame(
        inputs["units"],
        grown,
        x.reshape(len(inputs["units"]), grown.leaves),
        names=inputs["names"],
        groups={"league": inputs["league"]},
    )
    return made, method(inputs["method"])


def result_of(inputs: Mapping[str, Any]) -> Result:
    """The index built from a snapshot; what does not fit is refused in sentences."""
    with words.spoken(names_in(inputs)):
        return build(*framed(inputs))


@lru_cache(maxsize=8)
def _again(pk: int, inputs_digest: str, expected: str) -> Result:
    inputs: Any = Run.objects.values_list("inputs", flat=True).get(pk=pk)
    if digest(inputs) != inputs_digest:
        raise Refused(words.changed())
    made = result_of(inputs)
    if made.digest != expected:
        raise Refused(words.changed())
    return made


def result(run: Run) -> Result:
    """A run built again from its own inputs; refused where inputs or result differ from then."""
    return _again(run.pk, run.inputs_digest, run.digest)


def under(run: Run, scheme: Scheme) -> Result:
    """The run's own numbers under another scheme: what both know by the same code counts."""
    inputs = run.inputs
    rows = (dict(zip(inputs["leaves"], row, strict=True)) for row in inputs["x"])
    values = dict(zip(inputs["units"], rows, strict=True))
    pairs = zip(inputs["names"], inputs["league"], strict=True)
    who = dict(zip(inputs["units"], pairs, strict=True))
    adjust = rules_for_all(scheme)
    return result_of(composed(queries.nodes(scheme), values, who, scheme.method, adjust))


# The uncertain ----------------------------------------------------------------------------------


def varied(made: Method) -> "Inputs":
    """What may just as well be otherwise: outlier limits, scale, means, weights, filled gaps.

    Where units are marked against fixed standards only the weights are open.
    """
    from bihuan.engines.index.design import Inputs

    if made.normalise.how == "none":
        return Inputs(weight_factor=0.25)
    return Inputs(
        winmax=(3, 5, 8),
        normalisation=(
            Scale(how="efficacy_linear"),
            Scale(how="minmax", lower=1.0, upper=100.0),
            Scale(how="zscore", mean=50.0, sd=10.0),
        ),
        aggregation=(("amean",), ("gmean",)),
        weight_factor=0.25,
        gaps=True,
    )


def spread(inputs: Mapping[str, Any], draws: int, seed: int, run: "Mapper") -> "Spread":
    """Many builds under other defensible choices."""
    # SciPy takes most of a second to load: only when something is computed, not at every start.
    from bihuan.engines.index.design import drawn
    from bihuan.engines.index.robust import uncertainty

    with words.spoken(names_in(inputs)):
        data, made = framed(inputs)
        return uncertainty(data, made, drawn(varied(made), draws, seed), run)


OUTPUTS = ("rank", "top")


def what_matters(
    inputs: Mapping[str, Any], unit: str, draws: int, seed: int, run: "Mapper"
) -> dict[str, Any]:
    """Sobol indices and Shapley effects of every uncertain choice, for the unit's rank and for
    whether it is among the first TOP (where there are more than that)."""
    from bihuan.engines.index.sensitivity import Output, both

    with words.spoken(names_in(inputs)):
        data, made = framed(inputs)
        kinds = OUTPUTS if len(inputs["units"]) > rules.TOP else OUTPUTS[:1]
        asked = [Output(kind, unit, rules.TOP) for kind in kinds]
        found = both(data, made, varied(made), count=draws, seed=seed, outputs=asked, run=run)
    failed = found[0][0].failed
    return {
        "outputs": {
            kind: {
                "variance": effects.variance,
                "used": indices.used,
                "inputs": list(indices.inputs),
                "first": [float(v) for v in indices.first],
                "first_interval": indices.first_interval.tolist(),
                "total": [float(v) for v in indices.total],
                "total_interval": indices.total_interval.tolist(),
                "share": [float(v) for v in effects.share],
            }
            for kind, (indices, effects) in zip(kinds, found, strict=True)
        },
        "failed": {
            "count": len(failed),
            "told": [[one.draw, one.why.code, dict(one.why.params)] for one in failed[:_TOLD]],
        },
    }


def draws_that_matter(inputs: Mapping[str, Any], draws: int) -> int:
    """How many builds `what_matters` makes."""
    from bihuan.engines.index.sensitivity import draws_of_both

    return draws_of_both(varied(framed(inputs)[1]), draws)


def told(after: "Spread", before: "Spread | None") -> dict[str, Any]:
    """What a run stores of its draws: a row for each entrant, and the draws that failed."""
    from bihuan.engines.index.robust import really_rose

    if not len(after.good):
        raise Refused(words.all_failed())
    rose = really_rose(before, after) if before is not None and len(before.good) else {}
    made = after.nominal
    ends = after.interval(SHARE)
    top, last = after.within(rules.TOP), among_last(after)
    rows = []
    for i, unit in enumerate(made.units):
        score = float(made.top[i])
        league = 0 if made.league_ranks is None else int(made.league_ranks[i])
        rows.append(
            [
                unit,
                None if np.isnan(score) else score,
                int(made.top_ranks[i]),
                league,
                round(float(ends[i, 0])),
                round(float(ends[i, 2])),
                float(top[i]),
                float(last[i]),
                rose.get(unit),
            ]
        )
    failed = [[one.draw, one.why.code, dict(one.why.params)] for one in after.failed[:_TOLD]]
    return {
        "engine": VERSION,
        "digest": made.digest,
        "scores": rows,
        "failed": {"count": len(after.failed), "told": failed},
    }


def among_last(after: "Spread", last: int = rules.LAST) -> np.ndarray:
    """P(列本类末五位): each entrant within its own league."""
    leagues = np.asarray(after.nominal.treated.groups["league"])
    out = np.zeros(len(leagues))
    for league in np.unique(leagues):
        at = np.flatnonzero(leagues == league)
        below = ranks(-after.scores[np.ix_(after.good, at)])
        out[at] = ((below > 0) & (below <= last)).mean(axis=0)
    return out

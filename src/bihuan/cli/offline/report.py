"""What the printable report of a run says, section by section."""

from typing import Any

import numpy as np

from bihuan.cli.offline.words import _
from bihuan.engines.index import Result
from bihuan.engines.index.audit import Audit, audit
from bihuan.engines.index.explain import contributions, strengths
from bihuan.exchange.report import Section


def sections(result: Result, unit: str = "") -> list[Section]:
    """The report's content; every sentence comes from a stored number."""
    told = audit(result, influence=False)
    out = [_about(result), _ranking(result)]
    if unit:
        out += _unit(result, unit)
    return [*out, *_audit(told), _steps(result)]


def _about(result: Result) -> Section:
    words = (
        _("本报告的得分和位次是测算值，不是主管部门公布的结果。"),
        _("%(units)d 个单位，%(indicators)d 项指标；方法：%(scale)s，%(means)s。")
        % {
            "units": len(result.units),
            "indicators": result.tree.leaves,
            "scale": result.method.normalise.how,
            "means": _("、").join(result.method.aggregate.how),
        },
        _("运行摘要 %(digest)s，引擎 %(engine)s。")
        % {"digest": result.digest[:16], "engine": result.version},
    )
    return Section(_("综合评价报告"), words)


def _ranking(result: Result) -> Section:
    tree = result.tree
    parts = [tree.root, *tree.children[tree.root]]
    order = sorted(range(len(result.units)), key=lambda i: (int(result.top_ranks[i]) or 10**9, i))
    rows = tuple(
        (
            int(result.top_ranks[i]) or "—",
            result.units[i],
            result.treated.names[i] if result.treated.names else "",
            *(round(float(result.scores[i, n]), 2) for n in parts),
        )
        for i in order
    )
    titles = [tree.nodes[n].name or tree.codes[n] for n in parts]
    return Section(_("位次"), (), (_("位次"), _("代码"), _("名称"), *titles), rows, digits=2)


def _unit(result: Result, unit: str) -> list[Section]:
    row = result.row(unit)
    tree = result.tree
    words = [
        _("%(unit)s 得 %(score).2f 分，居第 %(rank)d 位。")
        % {"unit": unit, "score": result.top[row], "rank": result.top_ranks[row]}
    ]
    parts = contributions(result, unit)
    up, down = strengths(tree, parts)
    names = {n.code: n.name or n.code for n in tree.nodes}
    if up:
        words.append(_("长处：%(list)s。") % {"list": _("、").join(names[c] for c in up)})
    if down:
        words.append(_("短板：%(list)s。") % {"list": _("、").join(names[c] for c in down)})
    order = np.argsort(-np.abs(parts), kind="stable")
    rows = tuple(
        (
            tree.codes[j],
            names[tree.codes[j]],
            round(float(result.normalised.x[row, j]), 2),
            round(float(parts[j]), 3),
        )
        for j in order
    )
    header = (_("代码"), _("指标"), _("无量纲值"), _("对总分的贡献（与平均水平相比）"))
    return [Section(unit, tuple(words), header, rows)]


def _audit(told: Audit) -> list[Section]:
    groups = tuple(
        (
            g.node,
            len(g.children),
            *(_short(v) for v in (g.alpha, g.first_share, g.within, g.across)),
        )
        for g in told.groups
    )
    pairs = tuple((p.one, p.other, round(p.r, 3), why(p.why)) for p in told.pairs)
    return [
        Section(
            _("各组的一致性"),
            (),
            (_("组"), _("项数"), _("克龙巴赫系数"), _("第一主成分"), _("组内相关"), _("组外相关")),
            groups,
        ),
        Section(_("值得一看的相关"), (), (_("一"), _("二"), "r", _("为什么")), pairs),
    ]


def why(code: str) -> str:
    """Why a pair is worth a look."""
    return {
        "redundant": _("几乎重复"),
        "against": _("同组而相反"),
        "against_parent": _("与上级相反"),
        "weak_in_parent": _("在上级里几乎不起作用"),
        "closer_to_other": _("与别组更近"),
    }[code]


def _steps(result: Result) -> Section:
    rows = []
    for step in result.log:
        changed = sum(1 for _cell in step.cells()) if step.name in ("impute", "treat") else ""
        arguments = "，".join(f"{k}={v}" for k, v in step.arguments.items())
        rows.append((step.name, arguments, changed, _("、").join(step.dropped)))
    header = (_("步骤"), _("参数"), _("改动的格数"), _("未参评的单位"))
    return Section(_("每一步"), (), header, tuple(rows))


def _short(value: float) -> Any:
    return "—" if np.isnan(value) else round(value, 3)

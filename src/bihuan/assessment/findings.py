"""What a run shows that belongs in the ledger: low scores, the risk of leaving; in sentences."""

from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from bihuan.assessment import bridge, rules, words
from bihuan.assessment.models import Entrant, Round, Run, Score
from bihuan.engines.index import Result
from bihuan.engines.index.explain import contributions


@dataclass(frozen=True)
class Concern:
    """预警：一句话说是什么，一段话说数从哪里来。"""

    kind: str
    node: str
    title: str
    description: str
    goal: str

    def fields(self) -> dict[str, str]:
        """As the verb that raises it takes them."""
        return {
            "kind": self.kind,
            "node_code": self.node,
            "title": self.title,
            "description": self.description,
            "goal": self.goal,
        }


@dataclass(frozen=True)
class Standing:
    """一项的得分在同伴中的位置。"""

    code: str
    score: float
    median: float
    place: int
    of: int
    part: float

    @property
    def low(self) -> bool:
        """So many do better that it is a matter for the ledger."""
        return self.of > 1 and (self.place - 1) / (self.of - 1) >= rules.LOW_SHARE


def standings(result: Result, unit: str) -> list[Standing]:
    """Every node of an entrant among its peers; contributions of indicators to the whole."""
    row, tree = result.row(unit), result.tree
    parts = contributions(result, unit)
    out = []
    for j, code in enumerate(tree.codes):
        if j == tree.root or np.isnan(result.scores[row, j]):
            continue
        column = result.scores[:, j]
        known = column[~np.isnan(column)]
        under = list(tree.under(j))
        out.append(
            Standing(
                code,
                float(column[row]),
                float(np.median(known)),
                int(result.ranks[row, j]),
                len(known),
                float(parts[under].sum()),
            )
        )
    return out


def declared(result: Result, unit: str) -> set[str]:
    """Indicators of which the entrant itself has a number."""
    at = result.given.units.index(unit)
    known = ~np.isnan(result.given.x[at])
    return {code for code, there in zip(result.tree.indicators, known, strict=True) if there}


def warnings(run: Run, score: Score, names: dict[str, str]) -> list[Concern]:
    """这次测算里值得进台账的事：偏低的指标，退出的风险。"""
    result = bridge.result(run)
    # A number that was filled in by the scheme says nothing about who lacks it.
    leaves = declared(result, score.entrant.code)
    out = [
        _low(run, score.entrant, one, names[one.code])
        for one in standings(result, score.entrant.code)
        if one.low and one.code in leaves
    ]
    if run.round.scheme.subject == "zone" and float(score.in_last) >= rules.RISKY:
        out.insert(0, _exit(run, score))
    return out


def _low(run: Run, entrant: Entrant, one: Standing, name: str) -> Concern:
    told = {
        "unit": entrant.label(),
        "name": name,
        "place": one.place,
        "of": one.of,
        "score": one.score,
        "median": one.median,
        "part": one.part,
        "year": run.round.assess_year,
        "digest": run.digest[:12],
    }
    return Concern(
        "low",
        one.code,
        _("%(year)d 考核年度测算：%(name)s居第 %(place)d 位") % told,
        _(
            "%(unit)s的“%(name)s”测算得 %(score).2f 分，在 %(of)d 家中居第 %(place)d 位，"
            "中位数 %(median).2f 分；与平均水平相比，对总分的贡献为 %(part)+.2f 分。"
            "测算摘要 %(digest)s。"
        )
        % told,
        _("查明“%(name)s”偏低的原因，提出措施；下一轮测算不再偏低。") % told,
    )


def _exit(run: Run, score: Score) -> Concern:
    told = {
        "unit": score.entrant.label(),
        "league": _(rules.LEAGUES[bridge.leagues_in(run.inputs)[score.entrant.code]]),
        "chance": words.chance(score.in_last),
        "last": rules.LAST,
        "year": run.round.assess_year,
        "digest": run.digest[:12],
    }
    return Concern(
        "exit",
        "",
        _("%(year)d 考核年度测算：列%(league)s末 %(last)d 位的概率为 %(chance)s") % told,
        _(
            "在 %(league)s各家中，%(unit)s列末 %(last)d 位的概率为 %(chance)s（测算值）。"
            "按 2021 年版办法，连续三次考核中两次列本区域末五位的，进入退出名单。"
            "测算摘要 %(digest)s。"
        )
        % told,
        _("定出提升措施，使列末 %(last)d 位的概率降到 5%% 以下。") % told,
    )


def conflict(found: Round, entrant: Entrant, one: rules.Suspicion, name: str) -> Concern:
    """填报数据的一处疑点，作为问题。"""
    sentence = words.suspicion(one, name)
    return Concern(
        "conflict",
        f"{one.rule}-{one.node}",
        _("%(year)d 考核年度填报：“%(name)s”有疑点") % {"year": found.assess_year, "name": name},
        _("%(unit)s：%(sentence)s数据照旧保留。") % {"unit": entrant.label(), "sentence": sentence},
        _("查明这个数的口径和来源，书面说明；确有错误的，改正后重新提交。"),
    )

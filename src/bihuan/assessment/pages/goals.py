"""What would it take (目标): the cheapest way to a rank, and how large a misreport changes it."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.assessment import bridge, words
from bihuan.assessment.forms import Asked, GoalForm
from bihuan.assessment.models import Run, Score
from bihuan.assessment.pages import naming
from bihuan.assessment.pages.naming import plus
from bihuan.base.text import zh
from bihuan.engines.index import Result
from bihuan.engines.index.goal import Bundle, Lever, Misreport, Peers, misreports, seek
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, Facts, Grid, GridCell, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Row, Table, columns, row

WHOLE = (zh("家"), zh("个"))  # things that come one by one


@dataclass(frozen=True)
class Goal:
    """目标页的表单和（问过之后的）答案。"""

    form: GoalForm
    bundle: Bundle | None = None


def levers(run: Run, unit: str) -> tuple[list[Asked], dict[str, str]]:
    """Levers as the form begins: a tenth of the peers' spread costs one, ten of it is the most.

    The office puts its own costs; these only make indicators comparable.
    """
    result, names = bridge.result(run), naming.names(run.round.scheme)
    measures = naming.measures(run.round.scheme)
    whole_things = {_(word) for word in WHOLE}
    at = result.given.units.index(unit)
    out = []
    for j, code in enumerate(result.tree.indicators):
        now, sd = float(result.given.x[at, j]), float(np.nanstd(result.given.x[:, j]))
        if now != now or not sd:
            continue
        most = min(abs(now) * 0.15, sd) or sd
        whole = measures.get(code, "") in whole_things
        most = float(max(round(most), 1)) if whole else most
        one = Asked(code, names[code], now, _tidy(10.0 / sd), _tidy(most), "")
        one.step = 1.0 if whole else 0.0
        out.append(one)
    return out, measures


def _tidy(value: float) -> float:
    """Three figures are enough for what is only a beginning."""
    return float(f"{value:.3g}")


def answer(run: Run, score: Score, form: GoalForm) -> Bundle:
    """代价最小的一揽子改善。"""
    result, said = bridge.result(run), form.cleaned_data
    much = said["much"]
    goal = {"gain": {"gain": much}, "rank": {"rank": much}, "leave": {"leave_last": much}}
    wanted: Any = goal[said["aim"]]
    peers = Peers(sd=peers_sd(run), confidence=said["confidence"] or 0.0, seed=run.seed)
    given = [Lever(*one) for one in form.levers()]
    with words.spoken(bridge.names_in(run.inputs)):
        return seek(result, score.entrant.code, given, peers=peers, **wanted)


def peers_sd(run: Run) -> float:
    """同伴得分一年里变动的标准差；没有上一轮或方案不同的，不知道，当作不变。"""
    if run.previous is None:
        return 0.0
    before, after = bridge.result(run.previous), bridge.result(run)
    if before.tree.nodes != after.tree.nodes:
        return 0.0
    there = dict(zip(before.units, before.top, strict=True))
    moved = [s - there[u] for u, s in zip(after.units, after.top, strict=True) if u in there]
    return float(np.nanstd(moved)) if len(moved) > 1 else 0.0


def goal(run: Run, score: Score, by: Post, found: Goal) -> DetailPage:
    """目标：代价最小的办法，和要虚报多少才会改变结果。"""
    result, names = bridge.result(run), naming.names(run.round.scheme)
    unit = score.entrant.code
    panels: list[Panel] = []
    if found.bundle is not None:
        panels += _bundle(found.bundle, names, naming.measures(run.round.scheme))
    panels += [_lever_form(run, unit, found.form, names), *_misreports(run, result, unit, names)]
    sd = peers_sd(run)
    intro = _("同伴一年里得分变动的标准差为 %(sd).2f 分，由上一轮和这一轮算出。") % {"sd": sd}
    return DetailPage(
        _("目标：%(unit)s") % {"unit": score.entrant.label()},
        panels,
        tags=words.tags(run.round),
        kicker=words.run_title(run),
        intro=intro if sd else _("没有可比的上一轮，不知道同伴会怎样变，按不变算。"),
        links=naming.links(run, score.entrant, by, "goal"),
    )


def _bundle(found: Bundle, names: dict[str, str], measures: dict[str, str]) -> list[Panel]:
    if not found.reached:
        text = _("给出的抓手全部用足，也到不了第 %(n)d 位。请放宽上限、增加抓手或降低目标。")
        return [Prose(_("做不到"), text % {"n": found.target})]
    items: list[tuple[str, Cell]] = [
        (
            _("位次"),
            Cell(
                _("%(before)d → %(after)d") % {"before": found.rank[0], "after": found.rank[1]},
                tone="good",
            ),
        ),
        (_("得分"), Cell(f"{found.score[0]:.2f} → {found.score[1]:.2f}")),
        (_("代价合计"), Cell(float(f"{found.cost:.6g}"), "number")),
        (_("同伴变动时仍达到的概率"), Cell(words.chance(found.probability))),
        (
            _("是不是最省的"),
            Cell(_("已证明") if found.proven else _("未能证明：自己的进步移动了标准")),
        ),
    ]
    heads = columns(Column(_("指标"), wide=True), Column(_("改善"), number=True))
    rows = tuple(
        row(
            names[code],
            Cell(plus(size, ".6g"), note=measures.get(code, "")),
        )
        for code, size in found.changes.items()
    )
    return [
        Facts(_("答案"), tuple(items)),
        Tables(_("怎样做到"), Table(heads, rows), _("已用全体重排核对过，不只是推算。")),
    ]


def _lever_form(run: Run, unit: str, form: GoalForm, names: dict[str, str]) -> Grid:
    heads = (_("指标"), _("每单位代价"), _("最多改善"), _("整步"), _("计量单位"))
    lines = tuple(
        (
            GridCell(heads[0], value=names[code]),
            GridCell(heads[1], field=form[f"cost-{code}"]),
            GridCell(heads[2], field=form[f"most-{code}"]),
            GridCell(heads[3], field=form[f"step-{code}"]),
            GridCell(heads[4], value=form.measures.get(code, "")),
        )
        for code in form.codes
    )
    return Grid(
        _("目标和抓手"),
        form,
        reverse("assessment:goal", args=[run.pk, unit]),
        _("求代价最小的办法"),
        heads,
        lines,
        _(
            "代价由办公室定（人、钱或工作量，同一单位即可）；起始值按各家标准差折算，只求各项可比。"
            "上限留空或写 0 的不作抓手；须成整的（如家数）写整步。"
        ),
    )


@lru_cache(maxsize=32)
def _flips(pk: int, digest: str, unit: str, line: int) -> tuple[Misreport, ...]:
    """Hundreds of builds: a finished run never changes, so they are not done twice."""
    found = Run.objects.get(pk=pk)
    with words.spoken():
        return tuple(misreports(bridge.result(found), unit, within=line))


def _misreports(run: Run, result: Result, unit: str, names: dict[str, str]) -> list[Panel]:
    """虚报多少才会改变结果：用来看数据核对该往哪里使力。"""
    place = int(result.top_ranks[result.row(unit)])
    line = 30 if len(result.units) > 30 else 0
    if not line or not place:
        return []
    found = _flips(run.pk, run.digest, unit, line)
    heads = columns(
        Column(_("指标"), wide=True),
        Column(_("填报的数"), number=True),
        Column(_("差多少就改变"), number=True),
        Column(_("合填报数的"), number=True),
    )
    rows = tuple(_misreport(one, names) for one in found)
    told = {"line": line}
    inside = _("单独一项差多少，就会跌出前 %(line)d 名；数越小，越要先核对。") % told
    outside = _("单独一项差多少，就会进入前 %(line)d 名；数越小，越要先核对。") % told
    table = Table(heads, rows)
    return [Tables(_("数据差多少会改变结果"), table, inside if place <= line else outside)]


def _misreport(one: Misreport, names: dict[str, str]) -> Row:
    if one.change is None:
        never = Cell(_("怎样都不变"), tone="quiet")
        return row(names[one.indicator], naming.figure(one.reported), never, Cell(""))
    if one.reported >= 0 > one.reported + one.change:
        never = Cell(_("除非报成负数"), tone="quiet")
        return row(names[one.indicator], naming.figure(one.reported), never, Cell(""))
    share = abs(one.change / one.reported) if one.reported else float("inf")
    return row(
        names[one.indicator],
        naming.figure(one.reported),
        Cell(plus(float(f"{one.change:.4g}"), ",")),
        Cell("" if share == float("inf") else f"{share:.1%}"),
    )

"""What if, and what would it take: other numbers or weights, and the cheapest way to a rank."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.assessment import bridge, words
from bihuan.assessment.forms import Asked, GoalForm, WhatIfForm
from bihuan.assessment.models import Run, Score
from bihuan.assessment.pages import naming
from bihuan.assessment.pages.naming import signed
from bihuan.base.text import zh
from bihuan.engines.index import Result
from bihuan.engines.index.explain import Marginal, marginals
from bihuan.engines.index.goal import Bundle, Lever, Misreport, Peers, misreports, seek
from bihuan.engines.index.whatif import WhatIf, what_if
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, Facts, FormPanel, Grid, GridCell, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Row, Table, columns, row

SHOWN = 12
WHOLE = (zh("家"), zh("个"))  # things that come one by one


# What if ----------------------------------------------------------------------------------------


def trying(run: Run, score: Score, by: Post, query: QueryDict) -> DetailPage:
    """假如：改几个数或几个权重，全体重排；不存入任何地方。"""
    result, names = bridge.result(run), naming.names(run.round.scheme)
    unit = score.entrant.code
    cells, weights = _cells(run, result, unit, names), _weights(result, names)
    form = WhatIfForm(query, cells, weights)
    panels: list[Panel] = []
    changed, weighed = form.changed_to("c-"), form.changed_to("w-")
    if changed or weighed:
        with words.spoken(bridge.names_in(run.inputs)):
            tried = what_if(
                result, {(unit, code): v for code, v in changed.items()}, weighed or None
            )
        panels += _outcome(run, score, result, tried, changed | weighed, names)
    else:
        panels.append(Prose(_("结果"), _("还没有改动。改一个数或一个权重，看位次怎样变。")))
    panels.append(_marginals(run, result, unit, names))
    here = reverse("assessment:what-if", args=[run.pk, unit])
    acts = (
        FormPanel(
            _("改动"),
            form,
            here,
            _("重排"),
            _("标准随数据重定，别的单位也可能变。"),
            method="get",
        ),
    )
    return DetailPage(
        _("假如：%(unit)s") % {"unit": score.entrant.label()},
        panels,
        acts,
        words.tags(run.round),
        kicker=words.run_title(run),
        intro=_("只是试算，不改动任何填报的数。"),
        links=naming.links(run, score.entrant, by, "what-if"),
    )


def _cells(run: Run, result: Result, unit: str, names: dict[str, str]) -> list[Asked]:
    """Own numbers that can be tried: from half to one and a half of what they are."""
    at = result.given.units.index(unit)
    measures = naming.measures(run.round.scheme)
    out = []
    for j, code in enumerate(result.tree.indicators):
        now = float(result.given.x[at, j])
        if now != now:
            continue
        low, high = sorted((now * 0.5, now * 1.5)) if now else (0.0, 1.0)
        hint = _("现为 %(now)s %(measure)s") % {
            "now": f"{now:.6g}",
            "measure": measures.get(code, ""),
        }
        out.append(Asked(f"c-{code}", names[code], now, low, high, hint.strip()))
    return out


def _weights(result: Result, names: dict[str, str]) -> list[Asked]:
    """The weights of the groups."""
    tree = result.tree
    out = []
    for j in tree.children[tree.root]:
        code, now = tree.codes[j], float(tree.weights[j])
        label = _("%(name)s的权重") % {"name": names[code]}
        hint = _("现为 %(now)s") % {"now": f"{now:.4g}"}
        out.append(Asked(f"w-{code}", label, now, 0.0, max(now * 2, 1.0), hint))
    return out


def _outcome(
    run: Run,
    score: Score,
    result: Result,
    tried: WhatIf,
    changed: dict[str, float],
    names: dict[str, str],
) -> list[Panel]:
    unit = score.entrant.code
    new = tried.result
    row_old, row_new = result.row(unit), new.row(unit)
    before, after = int(result.top_ranks[row_old]), int(new.top_ranks[row_new])
    gain = float(new.top[row_new] - result.top[row_old])
    told = _("%(before)d → %(after)d") % {"before": before, "after": after}
    tone = "good" if after < before else "bad" if after > before else "plain"
    facts = Facts(
        _("结果"),
        (
            (_("位次"), Cell(told, tone=tone)),  # type: ignore[arg-type]  # three of the tones
            (
                _("得分"),
                Cell(f"{result.top[row_old]:.2f} → {new.top[row_new]:.2f}", note=f"{gain:+.3f}"),
            ),
            (_("位次有变的单位"), Cell(len(tried.shifts), "number")),
            (_("改了什么"), Cell(_("、").join(_said(c, v, names) for c, v in changed.items()))),
        ),
    )
    return [facts, _shifts(run, tried, unit)]


def _said(code: str, value: float, names: dict[str, str]) -> str:
    return _("%(name)s改为 %(value)s") % {"name": names[code], "value": f"{value:.6g}"}


def _shifts(run: Run, tried: WhatIf, unit: str) -> Tables:
    units = naming.unit_names(run)
    order = sorted(tried.shifts, key=lambda s: (s.unit != unit, -abs(s.after - s.before), s.after))
    heads = columns(
        _("单位"),
        Column(_("原来"), number=True),
        Column(_("假如"), number=True),
        Column(_("变动"), number=True),
    )
    rows = tuple(_shift(units[one.unit], one.before, one.after) for one in order[:SHOWN])
    left = len(order) - len(rows)
    intro = _("另有 %(n)d 家位次也有变，未列。") % {"n": left} if left > 0 else ""
    return Tables(_("位次变动最大的"), Table(heads, rows, empty=_("谁的位次也没有变。")), intro)


def _shift(name: str, before: int, after: int) -> Row:
    move = after - before
    tone = "good" if move < 0 else "bad"
    return row(
        name,
        Cell(before, "number"),
        Cell(after, "number"),
        Cell(f"{move:+d}".replace("-", "−"), "text", tone=tone),  # type: ignore[arg-type]  # two of the tones
    )


def _marginals(run: Run, result: Result, unit: str, names: dict[str, str]) -> Tables:
    """每项再好一点值多少。"""
    measures = naming.measures(run.round.scheme)
    with words.spoken():
        found = sorted(marginals(result, unit), key=lambda one: -one.points)
    heads = columns(
        Column(_("指标"), wide=True),
        Column(_("改善"), number=True),
        Column(_("得分"), number=True),
        Column(_("进几位"), number=True),
    )
    rows = tuple(_marginal(one, names, measures) for one in found if one.step == one.step)
    intro = _("各项改善各家标准差的十分之一，标准不动时，能加几分、进几位。")
    return Tables(_("每项再好一点值多少"), Table(heads, rows), intro)


def _marginal(one: Marginal, names: dict[str, str], measures: dict[str, str]) -> Row:
    step = f"{one.step:+.4g}".replace("-", "−")
    return row(
        names[one.indicator],
        Cell(step, note=measures.get(one.indicator, "")),
        signed(one.points),
        Cell(one.ranks, "number"),
    )


# Goal -------------------------------------------------------------------------------------------


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
            Cell(f"{size:+.6g}".replace("-", "−"), note=measures.get(code, "")),
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
        Cell(f"{float(f'{one.change:.4g}'):+,}".replace("-", "−")),
        Cell("" if share == float("inf") else f"{share:.1%}"),
    )

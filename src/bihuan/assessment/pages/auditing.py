"""The audit of an index: does the data carry the structure that was drawn?"""

from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from bihuan.assessment import bridge, queries, words
from bihuan.assessment.models import Run
from bihuan.assessment.pages import naming
from bihuan.base.index_words import SENTENCES
from bihuan.base.text import zh
from bihuan.engines.index import Result
from bihuan.engines.index.audit import Audit, audit
from bihuan.ui.chart import Chart, Series
from bihuan.ui.panel import DetailPage, Link, Panel, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row

FLAGS = {
    "few_known": zh("缺数多"),
    "many_zeros": zh("零多"),
    "few_distinct": zh("取值少"),
    "outliers": zh("有异常值"),
}
PAIRS = {
    "redundant": zh("几乎重复"),
    "against": zh("同组而相反"),
    "against_parent": zh("与上级相反"),
    "weak_in_parent": zh("在上级里几乎不起作用"),
    "closer_to_other": zh("与别组更近"),
}
STEPS = {
    "denominate": zh("折算"),
    "screen": zh("筛选"),
    "impute": zh("插补"),
    "treat": zh("异常值"),
    "normalise": zh("无量纲化"),
    "weigh": zh("定权"),
    "aggregate": zh("汇总"),
    "adjust": zh("加减分"),
    "rank": zh("位次"),
}
CELLS_SHOWN = 40


@lru_cache(maxsize=8)
def _told(pk: int, digest: str) -> Audit:
    """Every indicator is left out once: some tenths of a second that need not be spent twice."""
    return audit(bridge.result(Run.objects.get(pk=pk)))


def detail(run: Run) -> DetailPage:
    """体检：指标概况、各组一致性、可疑的相关、各指标的分量、每一步改了哪些格。"""
    result, names = bridge.result(run), naming.names(run.round.scheme)
    with words.spoken():
        told = _told(run.pk, run.digest)
    panels: list[Panel] = [
        _groups(told, names),
        _pairs(told, names),
        _importance(result, told, names),
        _influence(told, names),
        _stats(told, names),
        _steps(result),
        _cells(run, result, names),
    ]
    return DetailPage(
        _("指数体检"),
        panels,
        tags=words.tags(run.round),
        kicker=words.run_title(run),
        intro=_(
            "按欧盟联合研究中心的做法，看数据撑不撑得起画出来的结构；只是提示，不改动任何结果。"
        ),
        links=(Link(_("位次表"), run.get_absolute_url()),),
    )


def _short(value: float) -> Cell:
    return Cell("" if value != value else f"{value:.2f}".replace("-", "−"))


def _groups(told: Audit, names: dict[str, str]) -> Tables:
    heads = columns(
        _("组"),
        Column(_("项数"), number=True),
        Column(_("克龙巴赫系数"), number=True),
        Column(_("第一主成分"), number=True),
        Column(_("组内相关"), number=True),
        Column(_("组外相关"), number=True),
        _("提示"),
    )
    rows = tuple(
        row(
            names[one.node],
            Cell(len(one.children), "number"),
            _short(one.alpha),
            Cell("" if one.first_share != one.first_share else f"{one.first_share:.0%}"),
            _short(one.within),
            _short(one.across),
            Tag(_("载荷有正有负"), "warn") if one.mixed_signs else Cell(""),
        )
        for one in told.groups
    )
    intro = _("克龙巴赫系数低于 0.7，说明一组里的指标量的不像是同一件事。")
    return Tables(_("各组的一致性"), Table(heads, rows), intro)


def _pairs(told: Audit, names: dict[str, str]) -> Tables:
    heads = columns(
        _("一"), _("二"), Column(_("相关系数"), number=True), Column(_("提示"), wide=True)
    )
    rows = tuple(
        row(names[one.one], names[one.other], _short(one.r), _(PAIRS[one.why]))
        for one in told.pairs
    )
    return Tables(_("值得一看的相关"), Table(heads, rows, empty=_("没有可疑的。")))


def _importance(result: Result, told: Audit, names: dict[str, str]) -> Chart:
    codes = result.tree.indicators
    weights = [told.importance[code][0] for code in codes]
    strength = [told.importance[code][1] for code in codes]
    whole = sum(s for s in strength if s == s) or 1.0
    shares = [s / whole if s == s else None for s in strength]
    heads = columns(
        Column(_("指标"), wide=True),
        Column(_("名义权重"), number=True),
        Column(_("实际分量"), number=True),
    )
    rows = tuple(
        row(
            names[code],
            Cell(f"{weight:.1%}"),
            Cell("" if share is None else f"{share:.1%}"),
        )
        for code, weight, share in zip(codes, weights, shares, strict=True)
    )
    return Chart(
        "bar",
        _("名义权重与实际分量"),
        tuple(names[code] for code in codes),
        (
            Series(_("名义权重"), tuple(round(w * 100, 2) for w in weights)),
            Series(_("实际分量"), tuple(None if s is None else round(s * 100, 2) for s in shares)),
        ),
        unit="%",
        axis=_("指标"),
        under=Table(heads, rows),
    )


def _influence(told: Audit, names: dict[str, str]) -> Tables:
    heads = columns(
        Column(_("去掉的指标"), wide=True),
        Column(_("位次平均动"), number=True),
        Column(_("最多动"), number=True),
        _("算不出的原因"),
    )
    rows = tuple(
        row(
            names[one.node],
            _short(one.mean_shift),
            Cell(one.most_shift, "number") if not one.reason else Cell(""),
            Cell(_why(one.reason)),
        )
        for one in told.influence
    )
    return Tables(_("去掉一项，位次动多少"), Table(heads, rows))


def _why(code: str) -> str:
    if not code:
        return ""
    return _("参评单位变了") if code == "other_units" else _(SENTENCES.get(code, code))


def _stats(told: Audit, names: dict[str, str]) -> Tables:
    heads = columns(
        Column(_("指标"), wide=True),
        Column(_("有数"), number=True),
        Column(_("最小"), number=True),
        Column(_("中位数"), number=True),
        Column(_("最大"), number=True),
        Column(_("偏度"), number=True),
        Column(_("峰度"), number=True),
        _("提示"),
    )
    rows = tuple(
        row(
            names[one.node],
            Cell(one.known, "number"),
            naming.figure(one.least),
            naming.figure(one.median),
            naming.figure(one.most),
            _short(one.skew),
            _short(one.kurt),
            Cell(_("、").join(_(FLAGS[flag]) for flag in one.flags)),
        )
        for one in told.stats
    )
    return Tables(_("指标概况"), Table(heads, rows))


def _steps(result: Result) -> Tables:
    heads = columns(_("步骤"), Column(_("参数"), wide=True), Column(_("改动的格"), number=True))
    rows = []
    for step in result.log:
        counted = step.name in ("denominate", "impute", "treat")
        changed = sum(1 for _cell in step.cells()) if counted else None
        arguments = _("，").join(
            f"{k}={_as_written(v)}"
            for k, v in step.arguments.items()
            if v not in ({}, (), [], "", None)
        )
        # The rules of points are long, and stand on the page of whom they touched.
        shown = "" if step.name == "adjust" else arguments
        rows.append(
            row(
                _(STEPS[step.name]),
                Cell(shown, "code") if shown else Cell(""),
                Cell("" if changed is None else changed, "number"),
            )
        )
    return Tables(_("每一步"), Table(heads, tuple(rows)))


def _as_written(value: Any) -> str:
    """A choice as a method file has it."""
    if isinstance(value, bool):
        return str(value).lower()
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _cells(run: Run, result: Result, names: dict[str, str]) -> Tables:
    units = naming.unit_names(run)
    heads = columns(
        _("步骤"),
        _("单位"),
        Column(_("指标"), wide=True),
        Column(_("之前"), number=True),
        Column(_("之后"), number=True),
    )
    found = [
        (step, cell)
        for step in result.log
        if step.name in ("impute", "treat")
        for cell in step.cells()
    ]
    ours = {one.code for one in queries.own(run.round)}
    order = sorted(found, key=lambda p: p[1].unit not in ours)  # our own first
    rows = tuple(
        row(
            _(STEPS[step.name]),
            units[cell.unit],
            names[cell.node],
            naming.figure(cell.before),
            naming.figure(cell.after),
        )
        for step, cell in order[:CELLS_SHOWN]
    )
    intro = _("共改动 %(n)d 格，列出前 %(shown)d 格。") % {"n": len(found), "shown": len(rows)}
    return Tables(_("插补和收拢的格"), Table(heads, rows, empty=_("一格也没有改动。")), intro)

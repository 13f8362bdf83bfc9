"""One entrant of a run: profile, contributions, strengths and weaknesses, history, warnings."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.assessment import bridge, findings, queries, rules, words
from bihuan.assessment.forms import shown
from bihuan.assessment.models import Run, Score
from bihuan.assessment.pages import naming, peers, points
from bihuan.assessment.pages.naming import plus, signed
from bihuan.engines.index import Result
from bihuan.engines.index.explain import contributions, strengths
from bihuan.engines.index.frame import IMPUTED, TREATED
from bihuan.facts import words as facts_words
from bihuan.ledger import queries as ledger
from bihuan.people.models import Post
from bihuan.ui.chart import Chart, Series
from bihuan.ui.panel import DetailPage, Facts, Panel, Tables
from bihuan.ui.table import Cell, Column, Row, Table, Tag, columns, row


def detail(run: Run, score: Score, by: Post) -> DetailPage:
    """一个参评单位的画像。"""
    entrant = score.entrant
    result = bridge.result(run)
    names = naming.names(run.round.scheme)
    standing = findings.standings(result, entrant.code)
    panels: list[Panel] = [_where(run, score), *_warnings(run, score, names, by)]
    panels += [
        _groups(result, standing, names),
        _contributions(result, entrant.code, names),
        _indicators(run, score, result, standing, names),
        *points.sum_of(run, result, entrant.code),
        *_history(score, run),
        *_published(score),
    ]
    tags = words.tags(run.round)
    return DetailPage(
        entrant.label(),
        panels,
        tags=tags,
        kicker=words.run_title(run),
        intro=words.notice(run.round),
        links=naming.links(run, entrant, by, "entrant"),
    )


def _where(run: Run, one: Score) -> Facts:
    zone = run.round.scheme.subject == "zone"
    items = [
        (_("得分（测算值）"), naming.score(one.score)),
        (
            _("位次（测算值）"),
            Cell(one.rank or "", "number", note=_("共 %(n)d 家") % {"n": run.scores.count()}),
        ),
        (_("位次区间（90%）"), Cell(words.interval(one.low, one.high))),
    ]
    if zone:
        items += [
            (
                _("分类位次"),
                Cell(one.league_rank, "number", note=naming.league_of(run, one.entrant)),
            ),
            (_("前 %(n)d 的概率") % {"n": rules.TOP}, Cell(words.chance(one.in_top))),
            (
                _("列本类末 %(n)d 的概率") % {"n": rules.LAST},
                Cell(words.chance(one.in_last)),
            ),
        ]
    if one.rose is not None:
        items.append((_("较上一轮确有上升的概率"), Cell(words.chance(one.rose))))
    return Facts(_("现在在哪里"), tuple(items))


def _warnings(run: Run, score: Score, names: dict[str, str], by: Post) -> list[Panel]:
    """预警：一键提出为问题。"""
    if score.entrant.unit_id is None:
        return []
    found = findings.warnings(run, score, names)
    heads = columns(_("类别"), Column(_("是什么"), wide=True), "")
    rows = tuple(_warning(run, score, one, by) for one in found)
    intro = _("六成以上的同伴更好的指标，和列末位的概率不低于 5%% 的，列在这里。") % {}
    return [Tables(_("预警"), Table(heads, rows, empty=_("没有预警。")), intro)]


def _warning(run: Run, score: Score, one: findings.Concern, by: Post) -> Row:
    issue = queries.issue(run.round, score.entrant, one.kind, one.node)
    finding = ledger.of_origin(issue).first() if issue is not None else None
    if finding is not None:
        act = Cell(finding.number, "code", href=finding.get_absolute_url())
    elif naming.may_raise(by):
        parts = [run.pk, score.entrant.code, one.kind, one.node or "all"]
        act = Cell(_("提出问题"), "act", href=reverse("assessment:raise", args=parts))
    else:
        act = Cell("")
    tone = "bad" if one.kind == "exit" else "warn"
    return row(
        Tag(_(rules.ISSUES[one.kind]), tone),  # type: ignore[arg-type]  # two of the tones
        Cell(one.title, note=one.description),
        act,
    )


def _groups(result: Result, standing: Iterable[findings.Standing], names: dict[str, str]) -> Tables:
    heads = columns(
        _("一级指标"),
        Column(_("得分"), number=True),
        Column(_("中位数"), number=True),
        Column(_("该项位次"), number=True),
        Column(_("对总分的贡献"), number=True),
    )
    leaves = set(result.tree.indicators)
    rows = tuple(
        row(
            names[one.code],
            naming.score(one.score),
            naming.score(one.median),
            Cell(one.place, "number", note=_("共 %(n)d 家") % {"n": one.of}),
            signed(one.part, 2),
        )
        for one in standing
        if one.code not in leaves
    )
    intro = _("贡献：与各家的平均水平相比，多得或少得的分；全部相加就是与平均水平的差距。")
    return Tables(_("各组得分"), Table(heads, rows), intro)


def _contributions(result: Result, unit: str, names: dict[str, str]) -> Chart:
    parts = contributions(result, unit)
    order = np.argsort(-parts, kind="stable")
    up, down = strengths(result.tree, parts)
    rows = []
    for j in order:
        code = result.tree.indicators[j]
        tag = Cell("")
        if code in up:
            tag = Cell(Tag(_("长处"), "good"), "tag")
        elif code in down:
            tag = Cell(Tag(_("短板"), "bad"), "tag")
        rows.append(row(names[code], signed(float(parts[j])), tag))
    table = Table(columns(_("指标"), Column(_("对总分的贡献（分）"), number=True), ""), tuple(rows))
    codes = [result.tree.indicators[j] for j in order]
    return Chart(
        "bar",
        _("长处与短板：各指标对总分的贡献"),
        tuple(names[code] for code in codes),
        (Series(_("贡献"), tuple(round(float(parts[j]), 3) for j in order)),),
        unit=_("分"),
        axis=_("指标"),
        under=table,
    )


def _indicators(
    run: Run,
    score: Score,
    result: Result,
    standing: Iterable[findings.Standing],
    names: dict[str, str],
) -> Tables:
    """每项的数从哪里来，测算时动过没有。"""
    entrant = score.entrant
    measures = naming.measures(run.round.scheme)
    declared = {one.node.code: one for one in queries.cells(run.round).filter(entrant=entrant)}
    known = queries.peer_row(run.round, entrant)
    place = {one.code: one for one in standing}
    at = result.given.units.index(entrant.code)
    row_at = result.row(entrant.code)
    heads = columns(
        _("指标"),
        Column(_("数值"), number=True),
        _("状态"),
        Column(_("测算用数"), number=True),
        Column(_("得分"), number=True),
        Column(_("该项位次"), number=True),
        Column(_("来历"), wide=True),
    )
    rows = []
    for j, code in enumerate(result.tree.indicators):
        one, cell, peer = place.get(code), declared.get(code), known.get(code)
        given, used = float(result.given.x[at, j]), float(result.treated.x[row_at, j])
        value = naming.figure(given) if cell is None else Cell(shown(cell.value))
        measure = measures.get(code, "") if given == given else ""
        rows.append(
            row(
                names[code],
                replace(value, note=measure),
                peers.status(cell, peer),
                Cell(
                    "" if used != used else f"{used:.6g}",
                    note=_status(int(result.treated.status[row_at, j])),
                ),
                naming.score(one.score if one else None),
                Cell(one.place if one else "", "number"),
                peers.told(cell, peer),
            )
        )
    intro = _(
        "每格写着从哪里来、谁在何时填上或载入。“插补”是没有数、按方案补上的；“缩尾”是过于突出、"
        "按方案收拢的。其余照填报的数。"
    )
    return Tables(_("各指标"), Table(heads, tuple(rows)), intro)


def _status(status: int) -> str:
    said = []
    if status & IMPUTED:
        said.append(_("插补"))
    if status & TREATED:
        said.append(_("缩尾"))
    return _("、").join(said)


def _history(score: Score, run: Run) -> list[Panel]:
    """历轮测算位次；公布的名次另列，不放在一起比。"""
    scores = queries.history(score.entrant, run.round.scheme.subject)
    if len(scores) < 2:
        return []
    years = tuple(_("考核年度 %(year)d") % {"year": one.run.round.assess_year} for one in scores)
    heads = columns(
        _("轮次"),
        Column(_("得分（测算值）"), number=True),
        Column(_("位次（测算值）"), number=True),
        Column(_("位次区间（90%）"), number=True),
    )
    rows = tuple(
        row(
            Cell(year, href=one.get_absolute_url()),
            naming.score(one.score),
            Cell(one.rank, "number"),
            Cell(words.interval(one.low, one.high)),
        )
        for year, one in zip(years, scores, strict=True)
    )
    return [
        Chart(
            "line",
            _("历轮测算位次"),
            years,
            (Series(_("位次（测算值）"), tuple(float(one.rank) for one in scores)),),
            unit=_("位"),
            axis=_("轮次"),
            reverse_y=True,
            under=Table(heads, rows),
        )
    ]


def _published(score: Score) -> list[Panel]:
    """公布的结果：只照原文列出。"""
    found = queries.published(score.entrant.unit)
    if not found:
        return []
    heads = columns(
        _("评价期"),
        Column(_("公布的位次"), number=True),
        Column(_("公布的变动"), number=True),
        Column(_("原文"), wide=True),
    )
    rows = tuple(
        row(
            facts_words.period(one.period),
            Cell(int(one.value or 0), "number", href=one.get_absolute_url()),
            Cell("" if one.change is None else plus(one.change.normalize(), "f")),
            Cell(one.quote, "quote"),
        )
        for one in found
    )
    intro = _("主管部门公布、报道所载，与测算值不是一回事。")
    return [Tables(_("公布的结果"), Table(heads, rows), intro)]

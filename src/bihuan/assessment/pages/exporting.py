"""A run's results as a file: scores, ranks, contributions, method, sources; Excel or Word."""

from typing import Any

import numpy as np
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.assessment import bridge, queries, rules, words
from bihuan.assessment.forms import scheme_name
from bihuan.assessment.models import Run, Score
from bihuan.assessment.pages import auditing, naming, points
from bihuan.assessment.pages.schemes import method_items
from bihuan.base import clock
from bihuan.engines.index import Result
from bihuan.engines.index.explain import contributions
from bihuan.exchange.report import FORMATS, Section
from bihuan.people.models import Post

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def file(run: Run, by: Post, kind: str) -> tuple[str, str, bytes]:
    """Name, media type and bytes."""
    language = "en" if get_language() == "en" else "zh-CN"
    mark = _("，示例数据") if run.round.sample else ""
    name = _("%(year)d 年度综合评价测算值%(mark)s.%(kind)s") % {
        "year": run.round.assess_year,
        "mark": mark,
        "kind": kind,
    }
    return name, KINDS[kind], FORMATS[f".{kind}"](sections(run, by), language)


def sections(run: Run, by: Post) -> list[Section]:
    """Every table says on its own that its scores are estimates, and what is a sample."""
    result, scores = bridge.result(run), list(queries.scores(run, by))
    names = naming.names(run.round.scheme)
    parts = [
        _front(run),
        _ranking(run, result, scores, names),
        *_own(run, result, scores, names),
        _contributions(run, result, scores, names),
        *_points(run, result),
        _scheme(run, names),
        _method(run),
        _steps(run, result),
        _declared(run),
        _peer_sources(run),
        _peer_cells(run, names),
    ]
    return [part for part in parts if part.rows or not part.header]


def _marks(run: Run) -> tuple[str, ...]:
    """What must stand above every table."""
    marks = [_("测算值：本区自行测算，不是主管部门公布的结果。")]
    if run.round.sample:
        marks.append(_("示例数据：不是真实的参评数据。"))
    return tuple(marks)


def _front(run: Run) -> Section:
    said = [words.year(run.round), words.notice(run.round)]
    said += [
        _("方案：%(name)s。") % {"name": scheme_name(run.round.scheme)},
        _("结果摘要 %(digest)s，引擎 %(engine)s，种子 %(seed)s，抽样 %(draws)d 次。")
        % {
            "digest": run.digest[:16],
            "engine": run.engine,
            "seed": run.seed,
            "draws": run.draws,
        },
        _("导出于 %(day)s。") % {"day": clock.in_words(clock.today())},
    ]
    return Section(words.run_title(run), (*_marks(run), *said))


def _ranking(run: Run, result: Result, scores: list[Score], names: dict[str, str]) -> Section:
    """位次、得分、区间、分类位次、概率、各组得分；示例的逐行标明。"""
    tree, zone = result.tree, run.round.scheme.subject == "zone"
    groups = [n for n in tree.children[tree.root] if n >= tree.leaves]
    heads = [_("位次"), _("代码"), _("参评单位"), _("测算得分"), _("区间上端"), _("区间下端")]
    if zone:
        heads += [
            _("分类"),
            _("分类位次"),
            _("前 %(n)d（概率）") % {"n": rules.TOP},
            _("本类末 %(n)d（概率）") % {"n": rules.LAST},
        ]
    heads += [_("确有上升（概率）"), *(names[tree.codes[n]] for n in groups), _("标记")]
    rows = []
    for one in scores:
        at = result.row(one.entrant.code)
        line: list[Any] = [
            one.rank or None,
            one.entrant.code,
            one.entrant.label(),
            _number(one.score),
            one.low,
            one.high,
        ]
        if zone:
            line += [
                naming.league_of(run, one.entrant),
                one.league_rank or None,
                _number(one.in_top),
                _number(one.in_last),
            ]
        line += [_number(one.rose), *(_number(result.scores[at, n]) for n in groups)]
        rows.append((*line, _("示例数据") if one.entrant.sample or run.round.sample else ""))
    said = (
        *_marks(run),
        _("位次区间：换用别的合理做法重算，九成落在其间的位次。"),
    )
    return Section(_("得分与位次"), said, tuple(heads), tuple(rows), digits=2)


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)


def _own(run: Run, result: Result, scores: list[Score], names: dict[str, str]) -> list[Section]:
    """本区各指标：填报的数、测算用的数、得分、位次、贡献。"""
    out = []
    for one in scores:
        if run.round.scheme.subject != "zone" or one.entrant.unit_id is None:
            continue
        code = one.entrant.code
        at, given = result.row(code), result.given.units.index(code)
        parts = contributions(result, code)
        order = np.argsort(-parts, kind="stable")
        rows = tuple(
            (
                names[result.tree.codes[j]],
                _number(result.given.x[given, j]),
                _number(result.treated.x[at, j]),
                _number(result.scores[at, j]),
                int(result.ranks[at, j]) or None,
                float(parts[j]),
            )
            for j in map(int, order)
        )
        heads = (
            _("指标"),
            _("数值"),
            _("测算用数"),
            _("得分"),
            _("该项位次"),
            _("对总分的贡献"),
        )
        said = (*_marks(run), _("贡献：与各家的平均水平相比，多得或少得的分。"))
        out.append(Section(one.entrant.label(), said, heads, rows, digits=3))
    return out


def _contributions(run: Run, result: Result, scores: list[Score], names: dict[str, str]) -> Section:
    """每家每项对总分的贡献；一行相加就是与平均水平的差距。"""
    rows = tuple(
        (
            one.rank or None,
            one.entrant.label(),
            *map(float, contributions(result, one.entrant.code)),
        )
        for one in scores
    )
    heads = (_("位次"), _("参评单位"), *(names[code] for code in result.tree.indicators))
    said = (*_marks(run), _("贡献：与各家的平均水平相比，多得或少得的分。"))
    return Section(_("各家的贡献"), said, heads, rows, digits=3, large=True)


def _points(run: Run, result: Result) -> list[Section]:
    heads = (
        _("参评单位"),
        _("规则"),
        _("事由"),
        _("依据"),
        _("应加减"),
        _("计入"),
        _("加减后得分"),
    )
    rows = tuple(points.whole_table(run, result))
    return [Section(_("加减分逐条"), _marks(run), heads, rows, digits=2)]


def _scheme(run: Run, names: dict[str, str]) -> Section:
    scheme = run.round.scheme
    weighing = bridge.weights_of(queries.nodes(scheme))
    figures = queries.figure_names(scheme)
    used = {row[0] for row in run.inputs["nodes"]}
    rows = tuple(
        (
            names[node.parent.code] if node.parent else "",
            node.label(),
            "" if node.parent is None else _("越小越好") if node.lower_is_better else _("越大越好"),
            _(node.measure) if node.measure else "",
            weighing[node.code].weight,
            _("推定") if weighing[node.code].assumed else _("给定"),
            "" if node.parent is None else naming.source_of(node, figures),
            "" if node.code in used else _("没有数，未参加测算"),
        )
        for node in queries.nodes(scheme)
    )
    heads = (
        _("一级指标"),
        _("指标"),
        _("方向"),
        _("计量单位"),
        _("权重（%）"),
        _("权重来历"),
        _("取数"),
        _("说明"),
    )
    said = (_("权重是在同一上级之内的百分数；未公布的按同组平分，标“推定”。"),)
    return Section(_("指标与权重"), said, heads, rows, digits=2)


def _method(run: Run) -> Section:
    rows = tuple((name, str(cell.value)) for name, cell in method_items(run.round.scheme))
    return Section(_("算法"), (), (_("一步"), _("做法")), rows)


def _steps(run: Run, result: Result) -> Section:
    rows = []
    for step in result.log:
        changed = sum(1 for _c in step.cells()) if step.name in ("impute", "treat") else None
        rows.append((_(auditing.STEPS[step.name]), changed, len(step.after.units)))
    return Section(
        _("每一步"), (), (_("步骤"), _("改动的格数"), _("参评单位数")), tuple(rows), digits=0
    )


def _declared(run: Run) -> Section:
    """填报的每一格：数、来历、依据、版本、谁、何时。"""
    rows = tuple(
        (
            one.entrant.label(),
            one.node.label(),
            _number(one.value),
            _(one.node.measure) if one.node.measure else "",
            _(rules.ORIGINS[one.origin]),
            words.source(one),
            one.version,
            one.by.label() if one.by else _("系统"),
            _moment(one.created_at),
        )
        for one in queries.cells(run.round)
    )
    heads = (
        _("参评单位"),
        _("指标"),
        _("数值"),
        _("计量单位"),
        _("来历"),
        _("依据"),
        _("版本"),
        _("谁填报"),
        _("何时"),
    )
    return Section(_("填报的数"), (), heads, rows, digits=4)


def _peer_sources(run: Run) -> Section:
    rows = tuple(
        (
            _(one.source),
            one.given,
            one.missing,
            one.estimated,
            one.load.by.label() if one.load.by else _("系统"),
            _moment(one.load.created_at),
            _("示例数据") if one.load.sample else "",
        )
        for one in queries.peer_sources(run.round)
    )
    heads = (
        _("来源"),
        *(_(word) for word in rules.STATUSES.values()),
        _("谁载入"),
        _("何时"),
        _("标记"),
    )
    return Section(_("同伴数据的来源"), (_("单位是格：一家的一项算一格。"),), heads, rows)


def _peer_cells(run: Run, names: dict[str, str]) -> Section:
    """同伴的每一格：数、状态、来源、谁、何时。"""
    loads = {load.pk: load for load in queries.peer_loads(run.round)}
    newest = {(one.entrant_id, one.node_id): one for one in queries.peer_cells(run.round)}
    who = {one.pk: one for one in queries.all_entrants()}
    codes = {node.pk: node.code for node in queries.leaves(run.round.scheme)}
    rows = tuple(
        (
            who[one.entrant_id].code,
            who[one.entrant_id].label(),
            names[codes[one.node_id]],
            _number(one.value),
            _(rules.STATUSES[one.status]),
            _(one.source),
            loads[one.load_id].by.label() if loads[one.load_id].by else _("系统"),  # type: ignore[union-attr]  # asked just before
            _moment(loads[one.load_id].created_at),
            _("示例数据") if loads[one.load_id].sample else "",
        )
        for one in newest.values()
    )
    heads = (
        _("代码"),
        _("参评单位"),
        _("指标"),
        _("数值"),
        _("状态"),
        _("来源"),
        _("谁载入"),
        _("何时"),
        _("标记"),
    )
    return Section(_("同伴的每一格"), (), heads, rows, digits=4, large=True)


def _moment(at: Any) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"

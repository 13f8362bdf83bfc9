"""The printable report: every sentence comes from a stored score or from the attribution."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from bihuan.assessment import bridge, findings, queries, rules, words
from bihuan.assessment.models import Run, Score
from bihuan.assessment.pages import moves, naming, peers, points, sensitivity
from bihuan.assessment.pages.naming import plus, signed
from bihuan.base import clock
from bihuan.engines.index import Result
from bihuan.engines.index.explain import Attribution, contributions, strengths
from bihuan.engines.index.moves import Passing
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Table, columns, row


def detail(run: Run, score: Score, by: Post) -> DetailPage:
    """测算报告：总的情况、长处短板、升降原因、把握、数据。"""
    result, names = bridge.result(run), naming.names(run.round.scheme)
    unit = score.entrant.code
    standing = findings.standings(result, unit)
    panels: list[Panel] = [
        Prose(_("一、总的情况"), "\n".join(_whole(run, score))),
        _groups(result, standing, names),
        Prose(_("二、长处与短板"), "\n".join(_both(result, unit, standing, names))),
    ]
    if run.previous is not None and unit in bridge.result(run.previous).units:
        move, change, passed = moves.reasons(run, unit)
        called = moves.players(run, names)
        said = moves.sentences(move, called) + _changed(change, names) + _passed(passed, run)
        panels += [
            Prose(_("三、升降原因"), "\n".join(said)),
            moves.waterfall(move, called, moves.years(run)),
            *moves.edition_panels(run, score, move, called),
        ]
    else:
        panels.append(Prose(_("三、升降原因"), _("没有可比的上一轮。")))
    panels += [
        Prose(_("四、把握有多大"), "\n".join(_certainty(run, score) + _what_matters(run, score))),
        Prose(_("五、数据和方法"), "\n".join(_made(run, result, unit, names))),
        peers.own_table(run.round, score.entrant),
        *peers.sources(run.round),
        *points.sum_of(run, result, unit),
    ]
    return DetailPage(
        _("%(unit)s综合评价测算报告") % {"unit": score.entrant.label()},
        panels,
        tags=words.tags(run.round),
        kicker=words.run_title(run),
        intro=words.notice(run.round),
        links=naming.links(run, score.entrant, by, "report"),
    )


def _whole(run: Run, score: Score) -> list[str]:
    told = {
        "year": run.round.assess_year,
        "data": run.round.data_year,
        "unit": score.entrant.label(),
        "score": float(score.score or 0),
        "rank": score.rank,
        "of": run.scores.count(),
        "league": naming.league_of(run, score.entrant),
        "place": score.league_rank,
    }
    out = [
        _(
            "%(year)d 考核年度（用 %(data)d 年的数据），%(unit)s测算得 %(score).2f 分，"
            "在 %(of)d 家中居第 %(rank)d 位。"
        )
        % told
    ]
    if run.round.scheme.subject == "zone":
        out.append(_("在%(league)s各家中居第 %(place)d 位。") % told)
    return out


def _groups(
    result: Result, standing: Sequence[findings.Standing], names: Mapping[str, str]
) -> Tables:
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
            Cell(one.place, "number"),
            signed(one.part, 2),
        )
        for one in standing
        if one.code not in leaves
    )
    return Tables(_("各组得分"), Table(heads, rows))


def _both(
    result: Result,
    unit: str,
    standing: Sequence[findings.Standing],
    names: Mapping[str, str],
) -> list[str]:
    parts = contributions(result, unit)
    up, down = strengths(result.tree, parts)
    worth = dict(zip(result.tree.indicators, (float(p) for p in parts), strict=True))

    def listed(codes: Sequence[str]) -> str:
        return _("、").join(
            _("%(name)s（%(size)s 分）") % {"name": names[code], "size": plus(worth[code])}
            for code in codes
        )

    out = []
    if up:
        out.append(_("与各家平均水平相比，得分多在：%(list)s。") % {"list": listed(up)})
    if down:
        out.append(_("失分多在：%(list)s。") % {"list": listed(down)})
    leaves = findings.declared(result, unit)
    low = [one for one in standing if one.low and one.code in leaves]
    if low:
        said = _("、").join(
            _("%(name)s（第 %(place)d 位）") % {"name": names[one.code], "place": one.place}
            for one in low
        )
        out.append(_("六成以上的同伴更好的有：%(list)s。") % {"list": said})
    return out or [_("各项都与平均水平相当。")]


def _changed(change: Attribution | None, names: Mapping[str, str]) -> list[str]:
    if change is None:
        return [_("两轮的方案不同，得分不逐指标相比。")]
    pairs = sorted(
        zip(change.indicators, (float(p) for p in change.parts), strict=True), key=lambda p: -p[1]
    )

    def listed(some: Sequence[tuple[str, float]]) -> str:
        return _("、").join(
            _("%(name)s（%(size)s 分）") % {"name": names[code], "size": plus(size)}
            for code, size in some
        )

    out = [
        _("得分由 %(before).2f 变为 %(after).2f，变动 %(change)+.2f 分。")
        % {"before": change.before, "after": change.after, "change": change.change}
    ]
    if up := [pair for pair in pairs if pair[1] > 0][:3]:
        out.append(_("加分最多的是：%(list)s。") % {"list": listed(up)})
    if down := [pair for pair in reversed(pairs) if pair[1] < 0][:3]:
        out.append(_("减分最多的是：%(list)s。") % {"list": listed(down)})
    return out


def _passed(passed: Sequence[Passing], run: Run) -> list[str]:
    units = naming.unit_names(run)
    ours = [units[one.unit] for one in passed if one.we_passed]
    theirs = [units[one.unit] for one in passed if not one.we_passed]
    out = []
    if ours:
        told = {"n": len(ours), "list": _("、").join(ours[:8])}
        out.append(_("超过了 %(n)d 家，如：%(list)s。") % told)
    if theirs:
        told = {"n": len(theirs), "list": _("、").join(theirs[:8])}
        out.append(_("被 %(n)d 家超过，如：%(list)s。") % told)
    return out


def _certainty(run: Run, score: Score) -> list[str]:
    told = {
        "draws": run.draws,
        "interval": words.interval(score.low, score.high),
        "top": rules.TOP,
        "last": rules.LAST,
        "in_top": words.chance(score.in_top),
        "in_last": words.chance(score.in_last),
        "league": naming.league_of(run, score.entrant),
    }
    out = [
        _("换用别的合理做法重算 %(draws)d 次，位次九成落在 %(interval)s 之间。") % told,
    ]
    if run.round.scheme.subject == "zone":
        out.append(
            _(
                "进入前 %(top)d 位的概率为 %(in_top)s，列%(league)s末 %(last)d 位的概率为 "
                "%(in_last)s。"
            )
            % told
        )
    if score.rose is not None:
        out.append(_("较上一轮确有上升的概率为 %(p)s。") % {"p": words.chance(score.rose)})
    return out


def _what_matters(run: Run, score: Score) -> list[str]:
    """哪种做法最左右位次；没有分析过的不说。"""
    done = next((o for o in queries.sensitivities(run, score.entrant) if o.told is not None), None)
    told: Any = done.told if done is not None else {"outputs": {}}
    out = []
    for kind, found in told["outputs"].items():
        if found["variance"]:
            most = max(range(len(found["share"])), key=found["share"].__getitem__)
            name = _(sensitivity.INPUTS[found["inputs"][most]])
            out.append(sensitivity.sentence(kind, name, found["share"][most]))
    return out


def _made(run: Run, result: Result, unit: str, names: Mapping[str, str]) -> list[str]:
    filled = [c.node for s in result.log if s.name == "impute" for c in s.cells() if c.unit == unit]
    out = []
    if filled:
        listed = _("、").join(names[code] for code in filled)
        out.append(_("没有数、按方案插补的有：%(list)s。") % {"list": listed})
    if blanks := queries.blanks(run.round.scheme):
        out.append(_("有 %(n)d 项权重未公布，按同组平分。") % {"n": blanks})
    out.append(
        _("结果摘要 %(digest)s，引擎 %(engine)s，种子 %(seed)s。")
        % {"digest": run.digest[:16], "engine": run.engine, "seed": run.seed}
    )
    out.append(_("打印于 %(day)s。") % {"day": clock.in_words(clock.today())})
    return out

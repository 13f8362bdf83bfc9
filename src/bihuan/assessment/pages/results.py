"""A run: who stands where and how sure that is, who is at risk of leaving, what made it."""

from collections.abc import Iterable

import numpy as np
from django.core.paginator import Paginator
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.assessment import bridge, queries, rules, words
from bihuan.assessment.forms import RankingFilter
from bihuan.assessment.models import Run, Score
from bihuan.assessment.pages.naming import score
from bihuan.audit import pages as audit
from bihuan.engines.index.faults import Fault
from bihuan.engines.index.rank import EXIT_2016, EXIT_2021, ExitRule, in_last, leaving
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, Facts, FormPanel, Link, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Pager, Row, Table, columns, rows

PAGE = 50
AROUND = 4


def detail(run: Run, by: Post, query: QueryDict) -> DetailPage:
    """一次测算：位次表连同区间、分类位次、进前列和列末位的概率。"""
    zone = run.round.scheme.subject == "zone"
    found = list(queries.scores(run, by))
    panels: list[Panel] = []
    if zone:
        panels += _neighbours(run, found)
    panels += [*_filter(run, found, query), _ranking(run, found, zone, query)]
    if zone:
        panels += _exits(run)
    panels += [_made(run), *_failed(run), audit.timeline(run)]
    whole: tuple[Link, ...] = ()
    if queries.sees_whole(run.round, by):
        whole = (
            Link(_("体检"), reverse("assessment:audit", args=[run.pk])),
            *(
                Link(label, reverse("assessment:export", args=[run.pk, kind]))
                for kind, label in (("xlsx", _("导出 Excel")), ("docx", _("导出 Word")))
            ),
        )
    return DetailPage(
        words.run_title(run),
        panels,
        tags=words.tags(run.round),
        kicker=words.year(run.round),
        intro=words.notice(run.round),
        links=(
            *whole,
            Link(_("返回这一轮"), run.round.get_absolute_url()),
        ),
    )


def _heads(zone: bool, rose: bool) -> tuple[Column, ...]:
    heads = [
        Column(_("位次"), number=True),
        Column(_("参评单位")),
        Column(_("测算得分"), number=True),
        Column(_("位次区间（90%）"), number=True),
    ]
    if zone:
        heads += [
            Column(_("分类位次"), number=True),
            Column(_("前 %(n)d（概率）") % {"n": rules.TOP}, number=True),
            Column(_("本类末 %(n)d（概率）") % {"n": rules.LAST}, number=True),
        ]
    if rose:
        heads.append(Column(_("确有上升（概率）"), number=True))
    return tuple(heads)


def _line(one: Score, league: str, zone: bool, rose: bool) -> Row:
    ours = zone and one.entrant.unit_id is not None
    notes = [_("本区")] if ours else []
    if one.entrant.sample:
        notes.append(_("示例数据"))
    cells = [
        Cell(one.rank or "", "number"),
        Cell(
            one.entrant.label(),
            href=one.get_absolute_url(),
            note=_("、").join(notes),
        ),
        score(one.score),
        Cell(words.interval(one.low, one.high)),
    ]
    if zone:
        risky = float(one.in_last) >= rules.RISKY
        cells += [
            Cell(one.league_rank or "", "number", note=_(rules.LEAGUES[league])),
            Cell(words.chance(one.in_top)),
            Cell(words.chance(one.in_last), tone="bad" if risky else "plain"),
        ]
    if rose:
        cells.append(Cell("" if one.rose is None else words.chance(one.rose)))
    return Row(tuple(cells), "info" if ours else "plain")


def _neighbours(run: Run, found: list[Score]) -> list[Panel]:
    """本区和前后几家。"""
    at = next((i for i, one in enumerate(found) if one.entrant.unit_id is not None), None)
    if at is None or len(found) <= PAGE:
        return []
    near = found[max(at - AROUND, 0) : at + AROUND + 1]
    rose = any(one.rose is not None for one in near)
    leagues = bridge.leagues_in(run.inputs)
    lines = tuple(_line(one, leagues[one.entrant.code], True, rose) for one in near)
    table = Table(_heads(True, rose), lines)
    intro = _(
        "位次区间：改用别的做法（异常值、无量纲化、汇总、权重、插补）各算一遍，九成落在其间的位次。"
    )
    return [Tables(_("本区和前后几家"), table, intro)]


def _filter(run: Run, found: list[Score], query: QueryDict) -> list[Panel]:
    if len(found) <= PAGE:
        return []
    form = RankingFilter(query, _present(run, found))
    return [FormPanel(_("筛选"), form, run.get_absolute_url(), _("筛选"), method="get")]


def _present(run: Run, found: list[Score]) -> tuple[str, ...]:
    """The leagues that are ranked here, in the order of their first."""
    leagues = bridge.leagues_in(run.inputs)
    return tuple(dict.fromkeys(leagues[one.entrant.code] for one in found))


def _ranking(run: Run, found: list[Score], zone: bool, query: QueryDict) -> Tables:
    league = bridge.leagues_in(run.inputs)
    asked = RankingFilter(query, _present(run, found)).asked()
    shown = [
        one
        for one in found
        if asked.get("league", league[one.entrant.code]) == league[one.entrant.code]
        and asked.get("text", "") in one.entrant.label()
    ]
    number = query.get("page", "1")
    paginator = Paginator(shown, PAGE)
    part = paginator.get_page(number if number.isdecimal() else 1)
    rose = zone and any(one.rose is not None for one in found)
    here = run.get_absolute_url()

    def address(page: int) -> str:
        changed = query.copy()
        changed["page"] = str(page)
        return f"{here}?{changed.urlencode()}"

    table = Table(
        _heads(zone, rose),
        tuple(_line(one, league[one.entrant.code], zone, rose) for one in part),
        pager=Pager(
            part.number,
            paginator.num_pages,
            paginator.count,
            address(part.number - 1) if part.has_previous() else "",
            address(part.number + 1) if part.has_next() else "",
        ),
    )
    intro = "" if zone else _("只供内部考核参考；各单位只看得到自己的。")
    return Tables(_("位次表"), table, intro)


def _exits(run: Run) -> list[Panel]:
    """退出规则：近几次测算里谁两次列本类末五位。"""
    last = _last_now(run)
    history = [_last_now(one) for one in _chain(run)]
    names = {one.code: one.label() for one in queries.entrants(last).values()}

    def listed(codes: Iterable[str]) -> str:
        return _("、").join(names.get(code, code) for code in codes) or _("无")

    def rule(one: ExitRule) -> str:
        if len(history) < 2:
            return _("只有一次测算，还说不出。")
        return listed(leaving(history, one))

    here = [code for code, is_last in last.items() if is_last]
    lines = (
        (_("这次列本类末 %(n)d 位的") % {"n": rules.LAST}, Cell(listed(here))),
        (_("2021 年版：三次里两次"), Cell(rule(EXIT_2021))),
        (_("2016 年版：连续两次（这里按本类）"), Cell(rule(EXIT_2016))),
    )
    heads = columns(_("规则"), Column(_("单位"), wide=True))
    return [Tables(_("退出规则（测算值，仅供自查）"), Table(heads, rows(lines)))]


def _chain(run: Run) -> list[Run]:
    """This run and those before it, oldest first."""
    out = [run]
    while out[0].previous is not None and len(out) < 3:
        out.insert(0, out[0].previous)
    return out


def _last_now(run: Run) -> dict[str, bool]:
    result = bridge.result(run)
    leagues = np.asarray(result.treated.groups["league"])
    out: dict[str, bool] = {}
    for league in np.unique(leagues):
        at = np.flatnonzero(leagues == league)
        for i, is_last in zip(at, in_last(result.top[at], rules.LAST), strict=True):
            out[result.units[i]] = bool(is_last)
    return out


def _made(run: Run) -> Facts:
    unused = _unused(run)
    items = [
        (_("方案"), Cell(run.round.scheme.label(), href=run.round.scheme.get_absolute_url())),
        (_("结果摘要"), Cell(run.digest[:16], "code")),
        (_("输入摘要"), Cell(run.inputs_digest[:16], "code")),
        (_("引擎"), Cell(run.engine, "code")),
        (_("种子"), Cell(str(run.seed), "code")),
        (_("抽样次数"), Cell(run.draws, "number")),
    ]
    assumed = queries.blanks(run.round.scheme)
    if assumed:
        items.append(
            (
                _("推定的权重"),
                Cell(_("%(n)d 项未公布，按同组平分") % {"n": assumed}, tone="warn"),
            )
        )
    if unused:
        items.append((_("没有数、未参加测算的指标"), Cell(_("、").join(unused), tone="warn")))
    if run.job is not None:
        items.append((_("作业"), Cell(run.job.title, href=run.job.get_absolute_url())))
    return Facts(_("怎样算出的"), tuple(items))


def _unused(run: Run) -> list[str]:
    used = set(run.inputs["leaves"])
    return [n.label() for n in queries.leaves(run.round.scheme) if n.code not in used]


def _failed(run: Run) -> list[Panel]:
    """算不出的抽样：如实列出原因，不悄悄去掉。"""
    failed: dict[str, object] = dict(run.failed) if run.failed else {}
    if not failed.get("count"):
        return []
    names = bridge.names_in(run.inputs)
    told = [words.fault(Fault(code, params), names) for _draw, code, params in run.failed["told"]]
    text = _("%(n)s 次抽样算不出，未计入区间和概率。原因：") % {"n": failed["count"]}
    return [Prose(_("算不出的抽样"), "\n".join([text, *dict.fromkeys(told)]))]

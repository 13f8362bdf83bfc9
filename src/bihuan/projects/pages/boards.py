"""Boards over all projects: batches, the key list, filings, weekly notes, blockages."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.people.models import Post
from bihuan.projects import queries, rules
from bihuan.projects.pages import words
from bihuan.projects.pages.progress import rung
from bihuan.ui.chart import Chart, Series
from bihuan.ui.panel import DetailPage, FormPanel, Link, Numbers, Panel, Station, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, Tone, columns, row

_TONES: dict[str, Tone] = {
    "in_time": "good",
    "late": "orange",
    "overdue": "bad",
    "running": "plain",
}


def _turn_name(state: str) -> str:
    return {
        "in_time": _("按期转化"),
        "late": _("晚转化"),
        "overdue": _("超期未转"),
        "running": _("期内未转"),
    }[state]


def batches(by: Post) -> DetailPage:
    """三个一批看板：每期每批转化了多少、用了多久、谁超期。"""
    found = queries.board(queries.visible_to(by))
    heads = columns(
        _("期次"), _("批别"), Column(_("规则"), wide=True), Column(_("项目"), number=True),
        Column(_("已转化"), number=True), Column(_("转化率"), number=True),
        Column(_("超期未转"), number=True), Column(_("用时中位数"), number=True),
    )  # fmt: skip
    lines = tuple(
        row(
            one.edition,
            Tag(_(rules.BATCHES[one.batch]), "info"),
            Cell(queries.tables.label(one.rule), note=_rule(one)),
            Cell(len(one.turns), "number"),
            Cell(
                one.count("in_time", "late"),
                "number",
                note=_("按期 %(n)d") % {"n": one.count("in_time")},
            ),
            Cell(one.rate, "percent"),
            Cell(one.count("overdue"), "number", tone="bad" if one.count("overdue") else "plain"),
            Cell(one.median_age, "number", note=_(queries.left_unit(one.rule["unit"]))),
        )
        for one in found
    )
    panels: list[Panel] = [
        Tables(_("各批转化"), Table(heads, lines, empty=_("还没有项目列入三个一批。")),
               _("用时从签约（或开工）那天算起；还没有转化的算到今天。")),
    ]  # fmt: skip
    if found:
        panels += [_rates(found), _turns(found)]
    return DetailPage(_("三个一批"), panels, links=words.boards("batches"))


def _rule(one: queries.Conversion) -> str:
    unit = _(words.unit_name(one.rule["unit"]))
    return _("%(n)d %(unit)s以内") % {"n": one.rule["number"], "unit": unit}


def _rates(found: Sequence[queries.Conversion]) -> Chart:
    names = tuple(f"{one.edition} {queries.tables.label(one.rule)}" for one in found)
    series = tuple(
        Series(_turn_name(state), tuple(float(one.count(state)) for one in found))  # type: ignore[arg-type]  # a key of _TONES
        for state in _TONES
    )
    return Chart("stacked", _("各批项目走到哪里"), names, series, _("个"), _("批"))


def _turns(found: Sequence[queries.Conversion]) -> Tables:
    heads = columns(
        _("期次"), Column(_("项目"), wide=True), _("阶段"), _("起算"), _("期限"), _("完成"),
        Column(_("用时"), number=True), _("情况"),
    )  # fmt: skip
    turns = [turn for one in found for turn in one.turns]
    late_first = sorted(turns, key=lambda turn: (turn.state != "overdue", turn.due))
    lines = tuple(
        row(
            turn.tag.edition,
            words.project_cell(turn.tag.project),
            words.stage(turn.tag.project),
            words.day(turn.began),
            words.day(turn.due),
            words.day(turn.reached),
            Cell(turn.age, "number", note=_(queries.left_unit(turn.rule["unit"]))),
            Tag(_turn_name(turn.state), _TONES[turn.state]),
            tone="bad" if turn.state == "overdue" else "plain",
        )
        for turn in late_first
    )
    return Tables(_("逐个项目"), Table(heads, lines))


# The key list -------------------------------------------------------------------------------------


def key(by: Post, year: int) -> DetailPage:
    """省市重点名单：一年的计划和完成、开工率、联审联批完成率。"""
    rows = queries.key_list(queries.visible_to(by), year)
    totals = queries.key_totals(rows)
    panels: list[Panel] = [_key_numbers(totals, len(rows)), _key_table(rows)]
    planned = [one for one in rows if one.rate is not None]
    if planned:
        panels.append(
            Chart(
                "bar",
                _("投资完成率和时间进度"),
                tuple(one.project.label() for one in planned),
                (
                    Series(_("完成率"), tuple(float(one.rate or 0) for one in planned)),
                    Series(_("时间进度"), tuple(float(one.expected) for one in planned)),
                ),
                "%",
                _("项目"),
            )
        )
    near = tuple(
        Link(_("%(year)d 年") % {"year": one}, reverse("projects:key-of", args=[one]))
        for one in (year - 1, year + 1)
    )
    acts: list[Panel] = []
    if planned and queries.manages(by):
        acts.append(
            FormPanel(
                _("各单位年度完成率"),
                Form(),
                reverse("projects:key-figures", args=[year]),
                _("登记到数据"),
                intro=_(
                    "按责任单位把全年完成投资除以年度计划，登记为数据；区内单位年度考核从那里取数。"
                ),
                folded=True,
            )
        )
    return DetailPage(
        _("%(year)d 年省市重点项目") % {"year": year},
        panels,
        acts,
        links=(*near, *words.boards("key")),
    )


def _key_numbers(totals: queries.KeyTotals, count: int) -> Numbers:
    here = reverse("projects:key")

    def part(rate: int | None) -> int:
        return rate or 0

    started = {"done": totals.started, "all": totals.to_start}
    joint = {"done": totals.joint_done, "all": totals.joint_all}
    money = {"done": f"{totals.done:,.0f}", "all": f"{totals.planned:,.0f}"}
    return Numbers(
        _("合计"),
        (
            Station(_("项目"), count, here),
            Station(
                _("投资完成率（%）"), part(totals.rate), here, _("%(done)s / %(all)s 万元") % money
            ),
            Station(
                _("开工率（%）"),
                part(totals.start_rate),
                here,
                _("应开工 %(all)d 个，已开工 %(done)d 个") % started,
            ),
            Station(
                _("联审联批完成率（%）"),
                part(totals.joint_rate),
                here,
                _("%(all)d 步，办结 %(done)d 步") % joint,
            ),
        ),
    )


def _key_table(rows: Sequence[queries.KeyRow]) -> Tables:
    heads = columns(
        Column(_("项目"), wide=True), _("级别"), _("阶段"),
        Column(_("年度计划（万元）"), number=True),
        Column(_("已完成（万元）"), number=True), Column(_("完成率"), number=True),
        Column(_("时间进度"), number=True), _("本年开工"), _("联审联批"),
    )  # fmt: skip
    points = queries.tables.limit("behind_points")
    lines = tuple(
        row(
            words.project_cell(one.project),
            words.level(one.listing.level),
            words.stage(one.project),
            Cell(one.plan.amount if one.plan else None, "number"),
            Cell(one.done, "number", note=words.month(one.filing.month) if one.filing else ""),
            Cell(one.rate, "percent", tone="bad" if one.behind(points) else "plain",
                 note=_("落后") if one.behind(points) else ""),
            Cell(one.expected if one.filing else None, "percent"),
            _start(one),
            f"{one.joint_done} / {one.joint_all}" if one.joint_all else "",
        )
        for one in rows
    )  # fmt: skip
    intro = _("时间进度是报到的那个月末，全年过了百分之几；落后的界限见“规则”。")
    return Tables(_("名单"), Table(heads, lines, empty=_("这一年没有列入名单的项目。")), intro)


def _start(one: queries.KeyRow) -> Tag | str:
    if one.plan is None or not one.plan.starts:
        return Tag(_("续建"), "quiet") if one.started else ""
    return Tag(_("已开工"), "good") if one.started else Tag(_("应开工，未开工"), "warn")


# Filings and weekly notes -------------------------------------------------------------------------


def filings(by: Post, month: date) -> DetailPage:
    """月报：某月谁报了、谁没报、谁迟报。"""
    found = queries.filings_due(queries.visible_to(by), month)
    order = {"missing": 0, "waiting": 1, "late": 2, "filed": 3}
    found.sort(key=lambda one: (order[one.state], one.project.pk))
    heads = columns(
        Column(_("项目"), wide=True), _("责任单位"), _("应报"), _("情况"),
        Column(_("本年累计（万元）"), number=True), Column(_("形象进度"), wide=True),
        Column(_("还缺"), wide=True),
    )  # fmt: skip
    lines = []
    for one in found:
        missing = "" if one.filing else _("、").join(queries.missing_items(one.project, month, {}))
        lines.append(
            row(
                words.project_cell(one.project),
                one.project.unit.label() if one.project.unit else "",
                words.day(one.due),
                words.filed(one.state, one.days_late),
                Cell(one.filing.invested if one.filing else None, "number"),
                one.filing.progress if one.filing else "",
                missing,
                tone="bad" if one.state == "missing" else "plain",
            )
        )
    count = {state: sum(one.state == state for one in found) for state in order}
    here = reverse("projects:filings-of", args=[month.year, month.month])
    numbers = Numbers(
        _("合计"),
        (
            Station(_("应报"), len(found), here),
            Station(_("按期报"), count["filed"], here, tone="good"),
            Station(_("迟报"), count["late"], here, tone="warn" if count["late"] else "plain"),
            Station(_("未报"), count["missing"], here, tone="bad" if count["missing"] else "plain"),
        ),
    )
    told = {"day": clock.in_words(queries.filing_due(month))}
    intro = _("这个月应于 %(day)s以前报送；日期和检查清单在“规则”里改。") % told
    empty = _("这个月没有项目要报。")
    before = queries.month_before(month)
    after = (month + timedelta(days=32)).replace(day=1)
    near = tuple(
        Link(words.month(one), reverse("projects:filings-of", args=[one.year, one.month]))
        for one in (before, after)
    )
    return DetailPage(
        _("月报：%(month)s") % {"month": words.month(month)},
        (numbers, Tables(_("逐个项目"), Table(heads, tuple(lines), empty=empty))),
        intro=intro,
        links=(*near, *words.boards("filings")),
    )


def weekly(by: Post, monday: date) -> DetailPage:
    """周进展：某周各项目干了什么、谁没写。"""
    found = queries.week(queries.visible_to(by), monday)
    heads = columns(
        Column(_("项目"), wide=True), _("阶段"), Column(_("形象进度（%）"), number=True),
        Column(_("本周进展"), wide=True), Column(_("下周计划"), wide=True), _("情况"),
    )  # fmt: skip
    lines = []
    for one in found:
        note = one.weekly
        state = Tag(_("已写"), "good") if note else Tag(_("待写"), "plain")
        if one.late:
            state = Tag(_("没有写"), "bad")
        lines.append(
            row(
                words.project_cell(one.project),
                words.stage(one.project),
                Cell(note.percent if note else None, "percent"),
                note.text if note else "",
                note.next_steps if note else "",
                state,
                tone="bad" if one.late else "plain",
            )
        )
    near = tuple(
        Link(label, f"{reverse('projects:weekly')}?week={day:%Y-%m-%d}")
        for label, day in (
            (_("上一周"), monday - timedelta(days=7)),
            (_("下一周"), monday + timedelta(days=7)),
        )
    )
    told = {"first": clock.in_words(monday), "last": clock.in_words(monday + timedelta(days=6))}
    return DetailPage(
        _("周进展：%(first)s至 %(last)s") % told,
        (Tables(_("逐个项目"), Table(heads, tuple(lines), empty=_("这一周没有在推进的项目。"))),),
        links=(*near, *words.boards("weekly")),
    )


def blockages(by: Post) -> DetailPage:
    """堵点：没有解决的，升级最高的在前。"""
    visible = list(queries.visible_to(by))
    found = queries.blockages(visible, unsolved=True)
    heads = columns(
        Column(_("项目"), wide=True), Column(_("堵点"), wide=True), _("责任部门"), _("登记日期"),
        _("现在到"), Column(_("由谁解决"), wide=True), _("到期"),
    )  # fmt: skip
    lines = tuple(
        row(
            Cell(
                one.blockage.project.label(),
                href=reverse("projects:progress", args=[one.blockage.project_id]),
            ),
            one.blockage.title,
            one.blockage.owner.label(),
            words.day(one.blockage.opened_on),
            rung(one),
            queries.held_by(one),
            words.day(one.standing.rung.due),
            tone="bad" if one.overdue else "plain",
        )
        for one in found
    )
    return DetailPage(
        _("堵点"),
        (Tables(_("没有解决的"), Table(heads, lines, empty=_("没有未解决的堵点。"))),),
        intro=_("过期没有解决的自动到下一级；各级的天数在“规则”的堵点升级表里。"),
        links=words.boards("blockages"),
    )

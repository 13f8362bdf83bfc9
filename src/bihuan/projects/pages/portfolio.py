"""The portfolio: how many projects stand where, on a map, in charts over their tables."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.projects import bridge, queries, rules
from bihuan.projects.forms import FilterForm
from bihuan.projects.models import BatchTag, Project
from bihuan.projects.pages import words
from bihuan.ui.chart import Chart, Map, Series
from bihuan.ui.panel import DetailPage, FormPanel, Link, Numbers, Panel, Station, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row

_MAP_TONES = {"good": "good", "info": "info", "bad": "bad"}


def index(by: Post, form: FilterForm) -> DetailPage:
    """项目总览。"""
    year = clock.today().year
    levels = queries.levels(year)
    tags: dict[int, list[BatchTag]] = {}
    for tag in BatchTag.objects.filter(removed="").order_by("on", "pk"):
        tags.setdefault(tag.project_id, []).append(tag)
    everything = list(queries.visible_to(by))
    asked = form.cleaned_data if form.is_valid() else {}
    shown = [one for one in everything if _fits(one, asked, levels, tags)]
    stuck = queries.blockages(shown, unsolved=True)
    rows = queries.key_list(shown, year)
    panels: list[Panel] = [
        _numbers(shown, rows, stuck, by),
        FormPanel(_("筛选"), form, reverse("projects:index"), _("筛选"), folded=True, method="get"),
        _table(shown, levels, tags, Counter(one.blockage.project_id for one in stuck)),
    ]
    placed = [one for one in shown if one.geometry]
    if placed:
        panels.append(_map(placed))
    if shown:
        panels.append(_by_stage(shown))
    if any(one.plan for one in rows):
        panels.append(_investment(rows, year))
    if past := queries.foretold(everything):
        panels.append(_foretold(past))
    links = words.boards("index")
    if people.may(by, "projects.manage"):
        links = (Link(_("建项目卡"), reverse("projects:enter"), primary=True), *links)
    return DetailPage(_("重点项目"), panels, links=links)


def _fits(
    project: Project,
    asked: Mapping[str, Any],
    levels: Mapping[int, Any],
    tags: Mapping[int, Sequence[BatchTag]],
) -> bool:
    wanted = asked.get("stage")
    if wanted and wanted not in ((project.side,) if project.side else (project.stage,)):
        return False
    if level := asked.get("level"):
        held = levels[project.pk].level if project.pk in levels else "none"
        if held != level:
            return False
    if (batch := asked.get("batch")) and batch not in {t.batch for t in tags.get(project.pk, ())}:
        return False
    q = (asked.get("q") or "").strip().casefold()
    told = (project.name, project.name_en, project.code, project.builder)
    return not q or any(q in one.casefold() for one in told)


def _numbers(
    shown: Sequence[Project],
    rows: Sequence[queries.KeyRow],
    stuck: Sequence[queries.Stuck],
    by: Post,
) -> Numbers:
    today = clock.today()
    month = queries.month_of(today)
    due = queries.filings_due(shown, queries.month_before(month), today)
    missing = sum(one.state == "missing" for one in due)
    late = sum(one.overdue for one in stuck)
    building = sum(not p.side and p.stage in ("started", "under_construction") for p in shown)
    totals = queries.key_totals(rows)
    total = sum((p.total for p in shown if p.total), Decimal(0))
    return Numbers(
        _("一眼看"),
        (
            Station(
                _("项目"),
                len(shown),
                reverse("projects:index"),
                _("总投资 %(n)s 万元") % {"n": f"{total:,.0f}"},
            ),
            Station(
                _("开工、在建"), building, reverse("projects:index") + "?stage=under_construction"
            ),
            Station(
                _("省市重点"),
                len(rows),
                reverse("projects:key"),
                _("完成年度计划 %(n)d%%") % {"n": totals.rate} if totals.rate is not None else "",
            ),
            Station(
                _("未解决的堵点"),
                len(stuck),
                reverse("projects:blockages"),
                _("逾期 %(n)d 个") % {"n": late} if late else "",
                tone="bad" if late else "plain",
            ),
            Station(
                _("上月漏报"),
                missing,
                reverse("projects:filings-of", args=[*_month_before(month)]),
                tone="bad" if missing else "good",
            ),
        ),
    )


def _month_before(month: Any) -> tuple[int, int]:
    before = queries.month_before(month)
    return before.year, before.month


def _table(
    shown: Sequence[Project],
    levels: Mapping[int, Any],
    tags: Mapping[int, Sequence[BatchTag]],
    stuck: Mapping[int, int],
) -> Tables:
    heads = columns(
        Column(_("项目"), wide=True), _("阶段"), _("级别"), _("三个一批"),
        Column(_("总投资（万元）"), number=True), _("责任单位"), _("堵点"),
    )  # fmt: skip
    lines = tuple(
        row(
            words.project_cell(one),
            words.stage(one),
            words.level(levels[one.pk].level) if one.pk in levels else "",
            _("、").join(_(rules.BATCHES[t.batch]) for t in tags.get(one.pk, ())),
            Cell(one.total, "number"),
            one.unit.label() if one.unit else "",
            Tag(_("%(n)d 个") % {"n": stuck[one.pk]}, "warn") if stuck.get(one.pk) else "",
        )
        for one in shown
    )
    return Tables(_("项目"), Table(heads, lines, empty=_("没有符合的项目。")))


def feature(project: Project) -> Mapping[str, Any]:
    """A project on the map: its tone says what its tag says in words."""
    tone = words.STAGE_TONES[project.side or project.stage]
    name = f"{project.label()} · {words.stage_name(project)}"
    return {
        "type": "Feature",
        "geometry": project.geometry,
        "properties": {"name": name, "tone": _MAP_TONES.get(tone, "warn")},
    }


def _map(placed: Sequence[Project]) -> Map:
    heads = columns(Column(_("项目"), wide=True), _("阶段"), Column(_("建设地点"), wide=True))
    lines = tuple(row(words.project_cell(one), words.stage(one), one.site) for one in placed)
    return Map(_("项目分布"), tuple(feature(one) for one in placed), Table(heads, lines))


def _by_stage(shown: Sequence[Project]) -> Chart:
    counts = Counter(one.side or one.stage for one in shown)
    names = {"": _(rules.NO_STAGE), **{c: _(n) for c, n in (rules.STAGES | rules.SIDES).items()}}
    found = [code for code in (*rules.ORDER, "suspended", "withdrawn", "") if counts.get(code)]
    return Chart(
        "bar",
        _("各阶段的项目"),
        tuple(names[code] for code in found),
        (Series(_("项目"), tuple(float(counts[code]) for code in found)),),
        _("个"),
        _("阶段"),
    )


def _foretold(past: Sequence[queries.Foretold]) -> Tables:
    """过去的完工预测准不准。"""
    score, spread = bridge.judged([one.past for one in past])
    heads = columns(
        Column(_("项目"), wide=True), _("数据日期"), _("一半把握（P50）"), _("八成把握（P80）"),
        _("实际竣工"), _("基线完工"), Column(_("当时说按期的把握"), number=True), _("结果"),
    )  # fmt: skip
    lines = tuple(
        row(
            Cell(one.plan.project.label(), href=one.plan.get_absolute_url()),
            words.day(one.past.status_on),
            words.day(one.past.outlook.p50),
            words.day(one.past.outlook.p80),
            words.day(one.past.ended_on),
            words.day(one.past.outlook.planned),
            Cell(round(100 * one.past.chance), "percent"),
            Tag(_("按期"), "good") if one.past.kept else Tag(_("晚于基线"), "bad"),
        )
        for one in past
    )
    told = {
        "n": len(past),
        "covers": _("，").join(
            _("%(said)d%% 的区间装进 %(found)d%%")
            % {"said": round(100 * one.said), "found": round(100 * one.found)}
            for one in spread.covers
        ),
        "late": round(100 * spread.late),
        "score": round(score.score, 3),
    }
    intro = _(
        "已竣工项目当时的预测 %(n)d 次：%(covers)s；%(late)d%% 晚于一半把握的日期；"
        "布里尔评分 %(score)s（0 最好，总说五成是 0.25）。"
        "如实的预测，装进的比例与所说的相近；次数少时只供参考。"
    )
    return Tables(_("过去的完工预测准不准"), Table(heads, lines), intro % told)


def _investment(rows: Sequence[queries.KeyRow], year: int) -> Chart:
    planned = [one for one in rows if one.plan]
    return Chart(
        "bar",
        _("%(year)d 年投资：计划和完成") % {"year": year},
        tuple(one.project.label() for one in planned),
        (
            Series(
                _("计划"), tuple(float(one.plan.amount) if one.plan else None for one in planned)
            ),
            Series(
                _("完成"), tuple(None if one.done is None else float(one.done) for one in planned)
            ),
        ),
        _("万元"),
        _("项目"),
    )

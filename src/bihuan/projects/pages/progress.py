"""While it is built: filings with their chart, weekly notes, blockages, the coordination log."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.base import clock
from bihuan.people.models import Post
from bihuan.people.words import who
from bihuan.projects import queries, rules
from bihuan.projects.models import Filing, Project
from bihuan.projects.pages import acts, words
from bihuan.ui.chart import Chart, Series
from bihuan.ui.panel import DetailPage, Panel, Tables
from bihuan.ui.table import Cell, Column, Row, Table, Tag, columns, row

_WEEKS = 12
_MONTHS = 12


def progress(project: Project, by: Post) -> DetailPage:
    """建设进展。"""
    filings = queries.filings_of(project)
    panels: list[Panel] = _blockages(project, by)
    shown = [one for one in filings if one.invested is not None]
    if shown:
        panels.append(_chart(project))
    panels += [_filings(project), _weeklies(project), _log(project)]
    names = ("file", "weekly", "block", "log")
    return DetailPage(
        _("建设进展"),
        panels,
        acts.panels(project, by, *names),
        (words.stage(project),),
        project.label(),
        links=words.around(project, "progress"),
    )


def _chart(project: Project) -> Chart:
    """Months without a filing are gaps, not bridges."""
    filed = {one.month: one for one in queries.filings_of(project) if one.invested is not None}
    months = [max(filed)]
    while months[0] > min(filed) and len(months) < _MONTHS:
        months.insert(0, queries.month_before(months[0]))
    values = [filed[one].invested if one in filed else None for one in months]
    return Chart(
        "line",
        _("本年累计完成投资"),
        tuple(f"{one:%Y-%m}" for one in months),
        (Series(_("本年累计完成"), tuple(None if v is None else float(v) for v in values)),),
        _("万元"),
        _("月份"),
    )


def _blockages(project: Project, by: Post) -> list[Panel]:
    heads = columns(Column(_("堵点"), wide=True), _("现在到"), _("由谁解决"), "", "", "")
    lines, moves = [], []
    for one in queries.blockages([project]):
        blockage = one.blockage
        blockage.project = project
        opened = _("%(day)s登记") % {"day": clock.in_words(blockage.opened_on)}
        until = _("到 %(day)s为止") % {"day": clock.in_words(one.standing.rung.due)}
        holder = Cell("") if one.solved else Cell(queries.held_by(one), note=until)
        lines.append(
            row(
                Cell(blockage.title, note=opened),
                rung(one),
                holder,
                words.doing(_("进展"), "note-blockage", project, by, blockage),
                words.doing(_("升级"), "lift-blockage", project, by, blockage),
                words.doing(_("解决"), "solve-blockage", project, by, blockage),
                tone="bad" if one.overdue else "plain",
            )
        )
        moves += [
            row(blockage.title, words.day(move.on), _(rules.MOVES[move.kind]), move.note,
                words.registered(move.by, move.created_at))
            for move in blockage.moves.select_related("by__person", "by__unit")
        ]  # fmt: skip
    empty = _("没有登记过堵点。")
    found: list[Panel] = [Tables(_("堵点"), Table(heads, tuple(lines), empty=empty))]
    if moves:
        heads = columns(
            Column(_("堵点"), wide=True), _("日期"), _("做了什么"), Column(_("说明"), wide=True),
            _("登记"),
        )  # fmt: skip
        found.append(Tables(_("堵点的经过"), Table(heads, tuple(moves))))
    return found


def rung(one: queries.Stuck) -> Tag:
    """Where a blockage stands, in words."""
    if one.solved:
        return Tag(_("已解决"), "good")
    name = queries.rung_name(one.standing.rung)
    if one.overdue:
        late = one.standing.days_late
        told = ngettext("%(rung)s，逾期 %(n)d 天", "%(rung)s，逾期 %(n)d 天", late)
        return Tag(told % {"rung": name, "n": late}, "bad")
    if one.escalated:
        return Tag(_("已升到%(rung)s") % {"rung": name}, "orange")
    return Tag(name, "warn")


def _filings(project: Project) -> Tables:
    heads = columns(
        _("月份"), _("报送"), Column(_("本年累计（万元）"), number=True),
        Column(_("形象进度"), wide=True), Column(_("存在问题"), wide=True), _("佐证"),
    )  # fmt: skip
    today, lines = clock.today(), []
    missing = [one for one in queries.missing_months(project, today, 12) if one.filing is None]
    for one in missing[::-1]:
        state = words.filed(one.state, one.days_late)
        lines.append(row(words.month(one.month), state, "", "", "", "", tone="bad"))
    first = {one.month: one for one in project.filings.filter(version=1)}
    for filing in queries.filings_of(project)[::-1]:
        begun = first[filing.month]
        late = (begun.filed_on - begun.due).days
        note = ""
        if filing.version > 1:
            told = {"n": filing.version, "reason": filing.reason}
            note = _("第 %(n)d 版：%(reason)s") % told
        lines.append(
            row(
                Cell(words.month(filing.month), note=note),
                words.filed("late" if late > 0 else "filed", late),
                Cell(filing.invested, "number", note=_since_start(filing)),
                Cell(filing.progress, note=_next(filing)),
                filing.problems,
                words.paper(project, filing.paper, _("文件")),
            )
        )
    return Tables(_("月报"), Table(heads, tuple(lines), empty=_("还没有报过。")))


def _since_start(filing: Filing) -> str:
    if filing.invested_total is None:
        return ""
    return _("开工以来 %(n)s") % {"n": f"{filing.invested_total.normalize():,f}"}


def _next(filing: Filing) -> str:
    return _("下月：%(plan)s") % {"plan": filing.next_steps} if filing.next_steps else ""


def _weeklies(project: Project) -> Tables:
    heads = columns(
        _("周（星期一）"), Column(_("形象进度（%）"), number=True),
        Column(_("本周进展"), wide=True), Column(_("下周计划"), wide=True), _("登记"),
    )  # fmt: skip
    rows = project.weeklies.select_related("by__person", "by__unit").order_by("-week", "-pk")
    lines = tuple(
        row(
            words.day(one.week),
            Cell(one.percent, "percent"),
            one.text,
            one.next_steps,
            who(one.by),
        )
        for one in rows[:_WEEKS]
    )
    return Tables(_("周进展"), Table(heads, lines, empty=_("还没有记过。")))


def _log(project: Project) -> Tables:
    heads = columns(
        _("日期"), _("方式"), Column(_("协调内容"), wide=True), Column(_("说定的事"), wide=True),
        _("登记"),
    )  # fmt: skip
    rows = project.log.select_related("by__person", "by__unit").order_by("-on", "-pk")
    lines: tuple[Row, ...] = tuple(
        row(words.day(one.on), _(rules.LOG_KINDS[one.kind]), Cell(one.text, note=one.parties),
            one.agreed, words.registered(one.by, one.created_at))
        for one in rows
    )  # fmt: skip
    return Tables(_("协调记录"), Table(heads, lines, empty=_("还没有记过。")))

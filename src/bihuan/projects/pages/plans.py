"""Schedule plans of one project: the versions, one plan beside the baseline, what is forecast."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.people.models import Post
from bihuan.people.words import who
from bihuan.projects import bridge, queries, rules
from bihuan.projects.models import Project, SchedulePlan
from bihuan.projects.pages import acts, words
from bihuan.projects.pages.gantt import Bar, Gantt, Track, scaled
from bihuan.ui.chart import Chart, Series
from bihuan.ui.panel import DetailPage, Facts, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Row, Table, Tag, columns, row

_MOST_CRITICAL = 30
_UNLIKELY = 0.2  # a chance below this is marked
_MOST_PROMISED = 50
_MOST_LINES = 200  # tasks drawn; the table of differences names all of them


def plans(project: Project, by: Post) -> DetailPage:
    """施工计划：各版、哪一版是基线。"""
    held = queries.baseline(project)
    heads = columns(
        _("版本"), Column(_("标题"), wide=True), _("类别"), _("数据日期"), _("状态"),
        _("报送"), Column(_("审批"), wide=True), _("文件"),
    )  # fmt: skip
    lines = []
    for plan in queries.plans(project):
        state: Tag = words.plan_state(plan)
        if plan.state == "baseline" and held is not None and plan.pk != held.pk:
            state = Tag(_("曾为基线"), "quiet")
        decided = ""
        if plan.decided_on is not None:
            told = {"who": who(plan.decided_by), "day": clock.in_words(plan.decided_on)}
            decided = _("%(who)s，%(day)s") % told
        lines.append(
            row(
                Cell(_("第 %(n)d 版") % {"n": plan.number}, href=plan.get_absolute_url()),
                plan.title,
                _(rules.PLAN_KINDS[plan.kind]),
                words.day(plan.status_on),
                state,
                who(plan.by),
                Cell(decided, note=plan.opinion),
                words.paper(project, plan.file, _("文件")),
            )
        )
    intro = _("批准的一版是基线；施工单位更新的计划只与它比对，自己改动的基线会被指出来。")
    return DetailPage(
        _("施工计划"),
        (Tables(_("各版"), Table(heads, tuple(lines), empty=_("还没有计划。")), intro),),
        acts.panels(project, by, "bring-plan"),
        (words.stage(project),),
        project.label(),
        links=words.around(project, "plans"),
    )


def plan(found: SchedulePlan, by: Post) -> DetailPage:
    """一版计划：与基线比对的结果，时间轴。"""
    project, tasks = found.project, queries.tasks(found)
    told = queries.compared(found)
    panels: list[Panel] = [_facts(found, tasks)]
    if told is not None:
        before, comparison = told
        panels.append(Prose(_("与基线比对"), "\n".join(_sentences(before, comparison))))
        panels += _differences(comparison)
        if comparison.moved:
            panels.append(_moved_chart(comparison))
        ahead = queries.outlook(found, before)
        if ahead is not None:
            panels += _ahead(ahead)
            if not ahead.ended:
                panels.append(_promised(found, before, ahead))
    elif found.state != "baseline":
        panels.append(Prose(_("与基线比对"), _("还没有批准的基线，没有可比对的。")))
    panels.append(_gantt(tasks, told[1] if told else None))
    if chain := bridge.critical(tasks, queries.worked(found)):
        panels.append(_critical(chain))
    return DetailPage(
        _("第 %(n)d 版计划：%(title)s") % {"n": found.number, "title": found.title},
        panels,
        acts.panels(project, by, "decide-plan", thing=found),
        (words.plan_state(found),),
        project.label(),
        links=(*words.around_plan(found, "plan"), *words.around(project, "")[:-1]),
    )


def _facts(found: SchedulePlan, tasks: Sequence[rules.Task]) -> Facts:
    done = queries.percent(tasks)
    items = [
        (_("类别"), Cell(_(rules.PLAN_KINDS[found.kind]))),
        (_("数据日期"), words.day(found.status_on)),
        (_("工期按"), Cell(_(rules.PLAN_DAYS[found.days]))),
        (_("任务"), Cell(len(tasks), "number")),
        (_("开始"), words.day(min(task.start for task in tasks))),
        (_("完成"), words.day(max(task.finish for task in tasks))),
        (_("完成百分比（按工期加权）"), Cell(done, "percent") if done is not None else Cell("")),
        (_("报送"), Cell(who(found.by))),
    ]
    if found.decided_on is not None:
        items.append((_("审批"), Cell(who(found.decided_by), note=found.opinion)))
        items.append((_("审批日期"), words.day(found.decided_on)))
    if found.file is not None:
        items.append((_("文件"), words.paper(found.project, found.file, found.file.name)))
    return Facts(_("计划"), tuple(items))


def _sentences(before: SchedulePlan, comparison: rules.Comparison) -> list[str]:
    said = [_("基线是第 %(n)d 版：%(title)s。") % {"n": before.number, "title": before.title}]
    if comparison.clean:
        return [*said, _("与基线没有差别。")]
    if comparison.end_days > 0:
        said.append(_("竣工比基线推迟 %(n)d 天。") % {"n": comparison.end_days})
    elif comparison.end_days < 0:
        said.append(_("竣工比基线提前 %(n)d 天。") % {"n": -comparison.end_days})
    counts = {
        "moved": len(comparison.moved),
        "new": len(comparison.new),
        "missing": len(comparison.missing),
    }
    said.append(_("日期变动的任务 %(moved)d 项，新增 %(new)d 项，缺少 %(missing)d 项。") % counts)
    if comparison.baseline_moved:
        said.append(
            _("有 %(n)d 项任务自称的基线与批准的不同：基线被改动。")
            % {"n": len(comparison.baseline_moved)}
        )
    return said


def _differences(comparison: rules.Comparison) -> list[Panel]:
    found: list[Panel] = []
    heads = columns(
        _("编号"), Column(_("任务"), wide=True), _("变化"), _("基线"), _("现在"),
        Column(_("完成推迟（天）"), number=True),
    )  # fmt: skip
    lines: list[Row] = []
    for one in sorted(comparison.moved, key=lambda one: -one.finish_days):
        late = one.finish_days > 0
        tag = Tag(_("推迟"), "bad") if late else Tag(_("提前或改期"), "info")
        lines.append(
            row(one.after.key,
                Cell(one.after.name, note=_("前置改了") if one.links_changed else ""), tag,
                _span(one.before), _span(one.after), Cell(one.finish_days, "number"))
        )  # fmt: skip
    lines += [row(t.key, t.name, Tag(_("新增"), "warn"), "", _span(t), "") for t in comparison.new]
    lines += [
        row(t.key, t.name, Tag(_("缺少"), "bad"), _span(t), "", "") for t in comparison.missing
    ]
    if lines:
        found.append(Tables(_("哪些任务变了"), Table(heads, tuple(lines))))
    if comparison.baseline_moved:
        heads = columns(
            _("编号"), Column(_("任务"), wide=True), _("批准的基线"), _("文件自称的基线")
        )
        claimed = tuple(
            row(one.after.key, one.after.name, _span(one.before), _claimed(one.after), tone="bad")
            for one in comparison.baseline_moved
        )
        found.append(Tables(_("基线被改动"), Table(heads, claimed)))
    return found


def _span(task: rules.Task) -> str:
    return f"{task.start:%Y-%m-%d} — {task.finish:%Y-%m-%d}"


def _claimed(task: rules.Task) -> str:
    days = (task.base_start, task.base_finish)
    return " — ".join(f"{one:%Y-%m-%d}" if one else "?" for one in days)


def _ahead(ahead: bridge.Outlook) -> list[Panel]:
    """完工预测：不是计划的日期，而是同类项目的经历和本项目的进度合起来的估计。"""
    known = ahead.reference
    if ahead.ended:
        return [Prose(_("完工预测"), _("基线上的任务都已完成。"))]
    items = (
        (_("已完成（按工期加权）"), Cell(ahead.done_percent, "percent")),
        (_("SPI(t)"), Cell(None if ahead.spi_t is None else round(ahead.spi_t, 2), "number")),
        (_("进度落后"), Cell(_("%(n)d 天") % {"n": ahead.days_behind})),
        (_("基线完工"), words.day(ahead.planned)),
        (_("按基线日期完工的把握"), Cell(ahead.chance_percent, "percent")),
        (_("一半把握（P50）"), words.day(ahead.p50)),
        (_("八成把握（P80）"), words.day(ahead.p80)),
        (_("九成五把握（P95）"), words.day(ahead.p95)),
    )
    told = {
        "n": known.count,
        "late": round(100 * known.late),
        "median": known.median,
        "source": known.source or _("本区已竣工的项目"),
    }
    said = _(
        "预测由两部分合成：%(n)d 个已完工项目里 %(late)d%% 晚于计划，最终 SPI(t) 中位数 %(median)s"
        "（%(source)s）；以及本项目至今的挣得进度。越到后期，本项目的进度越算数。"
    )
    return [Facts(_("完工预测"), items), Prose(_("预测从何而来"), said % told)]


def _promised(found: SchedulePlan, before: SchedulePlan, ahead: bridge.Outlook) -> Tables:
    """承诺的日期：全部完工的各个说法，和基线上没有做完的每一项。"""
    heads = columns(
        Column(_("承诺"), wide=True), _("日期"), Column(_("兑现的把握"), number=True)
    )  # fmt: skip
    told = {task.key: task.percent for task in queries.tasks(found)}
    lines = [
        (
            (_("全部完工，这一版计划") if one.pk == found.pk
             else _("全部完工，第 %(n)d 版（基线）") % {"n": one.number}),
            day,
            ahead.chance(day),
        )
        for one, day in queries.promises(found)
    ]  # fmt: skip
    open_ones = [task for task in queries.tasks(before) if told.get(task.key) != 100]
    lines += [
        (f"{task.key} {task.name}", task.finish, ahead.in_time(task.finish))
        for task in sorted(open_ones, key=lambda task: task.finish)[:_MOST_PROMISED]
    ]
    rows = tuple(
        row(name, words.day(day), Cell(round(100 * chance), "percent"),
            tone="bad" if chance < _UNLIKELY else "plain")
        for name, day, chance in lines
    )  # fmt: skip
    intro = _(
        "先是全部完工的日期，再是基线上没有做完的任务，按同一个 SPI(t) 的预测；已经过去的日期是零。"
    )
    return Tables(_("承诺的日期"), Table(heads, rows), intro)


def _critical(chain: Sequence[bridge.Critical]) -> Tables:
    heads = columns(
        _("编号"),
        Column(_("任务"), wide=True),
        _("日期"),
        _("前置"),
        Column(_("还能拖几天"), number=True),
    )
    lines = tuple(
        row(
            one.task.key,
            Cell(one.task.name, note=_("关键") if one.float_days <= 0 else ""),
            _span(one.task),
            _("、").join(map(str, one.task.after)),
            Cell(one.float_days, "number"),
            tone="warn" if one.float_days <= 0 else "plain",
        )
        for one in chain[:_MOST_CRITICAL]
    )
    intro = _("照计划的日期和前置，一项任务拖过这么多天，竣工就要推迟；零天的是关键任务。")
    return Tables(_("关键任务"), Table(heads, lines), intro)


def _moved_chart(comparison: rules.Comparison) -> Chart:
    worst = sorted(comparison.moved, key=lambda one: -abs(one.finish_days))[:20]
    return Chart(
        "bar",
        _("完成比基线推迟多少天"),
        tuple(one.after.name for one in worst),
        (Series(_("推迟"), tuple(float(one.finish_days) for one in worst)),),
        _("天"),
        _("任务"),
    )


def _gantt(tasks: Sequence[rules.Task], comparison: rules.Comparison | None) -> Gantt:
    shifts = {one.after.key: one for one in comparison.same} if comparison else {}
    new = {task.key for task in comparison.new} if comparison else set()
    tracks = []
    for task in tasks[:_MOST_LINES]:
        shift = shifts.get(task.key)
        late = shift is not None and shift.finish_days > 0
        bars = [
            Bar(task.start, task.finish, "bad" if late else "warn" if task.key in new else "info")
        ]
        if shift is not None:
            bars.append(Bar(shift.before.start, shift.before.finish, "quiet", lane=1))
        said = _span(task)
        if task.percent is not None:
            said = _("%(span)s，完成 %(n)d%%") % {"span": said, "n": task.percent}
        tracks.append(
            Track(f"{task.key} {task.name}", tuple(bars), said, "bad" if late else "plain")
        )
    if comparison is not None:
        tracks += [
            Track(
                f"{t.key} {t.name}",
                (Bar(t.start, t.finish, "quiet", lane=1),),
                _("新计划里没有"),
                "warn",
            )
            for t in comparison.missing
        ]
        legend = _("粗条是这一版（红：比基线晚；黄：新增），细条是基线，竖线是今天。")
    else:
        legend = _("竖线是今天。")
    return scaled(_("时间轴"), tracks, clock.today(), legend)

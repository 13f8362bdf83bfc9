"""Estimates: the risk of a plan, its crews levelled, all preliminary work levelled."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.jobs import pages as jobs_pages
from bihuan.jobs import queries as jobs
from bihuan.jobs import rules as job_rules
from bihuan.jobs.forms import StopForm
from bihuan.people.models import Post
from bihuan.projects import bridge, forms, queries, rules
from bihuan.projects.models import Estimate, SchedulePlan
from bihuan.projects.pages import words
from bihuan.projects.queries import tables
from bihuan.ui.chart import Chart, Series
from bihuan.ui.panel import DetailPage, Facts, FormPanel, Panel, Progress, Prose, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row

REFRESH_S = 2
_UNLIKELY = 0.2  # a chance below this is marked
Answer = Callable[[Estimate, Any], list[Panel]]


def _of_plan(
    found: SchedulePlan, by: Post, kind: str, intro: str, form: Form, answer: Answer
) -> DetailPage:
    """One kind of estimate of one plan: what runs, the newest answer, how to ask again."""
    asked = queries.estimates(kind, found)
    may = queries.reports(by, found.project)
    action = reverse(f"projects:plan-{kind}", args=[found.project_id, found.pk])
    panels, acts, refresh = _asked(asked, by, may, action, form, answer)
    return DetailPage(
        _(rules.ESTIMATES[kind]),
        panels,
        acts,
        kicker=str(found),
        intro=intro,
        links=words.around_plan(found, kind),
        refresh_s=refresh,
    )


def _asked(
    asked: Sequence[Estimate], by: Post, may: bool, action: str, form: Form, answer: Answer
) -> tuple[list[Panel], list[Panel], int]:
    panels: list[Panel] = []
    acts: list[Panel] = []
    running = next((one for one in asked if queries.busy(one)), None)
    done = next((one for one in asked if one.told is not None), None)
    if running is not None and running.job is not None:
        said = jobs_pages.progress(running.job) or _("等待开始。")
        panels.append(Progress(_("正在推演"), running.job.done, running.job.total, said))
        if not running.job.wanted_stop and jobs.may_stop(running.job, by):
            stop = reverse("jobs:stop", args=[running.job_id])
            intro = _("已经算出的部分不保留。停止以后可以重新发起。")
            acts.append(FormPanel(_("停止"), StopForm(), stop, _("停止"), intro, "bad"))
    elif asked and asked[0].told is None:
        job = asked[0].job
        state = "" if job is None else _(job.fault) if job.fault else _(job_rules.STATES[job.state])
        panels.append(Prose(_("上一次没有结果"), state or _("请重新发起。")))
    if done is not None:
        panels += answer(done, done.told)
        panels.append(_made(done))
    elif running is None:
        panels.append(Prose(_("还没有推演"), _("发起一次就有结果；在后台进行，可以离开本页。")))
    if may and running is None:
        intro = _("在后台进行，可以离开本页。")
        acts.append(
            FormPanel(_("发起推演"), form, action, _("发起"), intro, folded=done is not None)
        )
    return panels, acts, REFRESH_S if running is not None else 0


def _made(one: Estimate) -> Facts:
    told: Any = one.told
    items = [
        (_("推演于"), Cell(one.created_at, "moment")),
        (_("种子"), Cell(str(one.seed))),
        (_("引擎版本"), Cell(str(told["engine"]))),
    ]
    if "runs" in told:
        items.insert(1, (_("抽样次数"), Cell(told["runs"], "number")))
    return Facts(_("怎样算出的"), tuple(items))


def _on(text: str) -> str:
    return clock.in_words(date.fromisoformat(text))


# Risk ---------------------------------------------------------------------------------------------


def risk(found: SchedulePlan, by: Post, form: Form | None = None) -> DetailPage:
    """工期风险：完工的把握、承诺的日期、谁的工作最左右完工。"""
    intro = _(
        "按“工期的三点估计”表抽取每项没完成任务的工期，逐次推算完工；"
        "同一责任单位的任务一起快、一起慢。这是估计，不是计划的日期。"
    )
    return _of_plan(found, by, "risk", intro, form or forms.SeedForm(), _risk_told)


def _risk_told(one: Estimate, told: Mapping[str, Any]) -> list[Panel]:
    sure = dict(told["sure"])
    items = [(_("照计划的工期"), Cell(_on(told["planned"])))]
    items += [
        (_("%(n)d%% 的把握") % {"n": round(100 * share)}, Cell(_on(day)))
        for share, day in sure.items()
    ]
    panels: list[Panel] = [
        Facts(_("何时完工"), tuple(items)),
        Chart(
            "line",
            _("不晚于这一天完工的把握"),
            tuple(_short(day) for day, _chance in told["curve"]),
            (Series(_("把握"), tuple(round(100 * chance) for _day, chance in told["curve"])),),
            "%",
            _("日期"),
        ),
    ]
    if told["promises"]:
        panels.append(_promises(told["promises"]))
    panels += _movers(told)
    return panels


def _short(day: str) -> str:
    return date.fromisoformat(day).strftime("%Y-%m-%d")


def _promises(promises: Sequence[Sequence[Any]]) -> Tables:
    heads = columns(
        Column(_("承诺"), wide=True), _("日期"), Column(_("兑现的把握"), number=True)
    )  # fmt: skip
    lines = tuple(
        row(
            _("全部完工，第 %(n)d 版") % {"n": int(name)} if name.isdigit() else name,
            _on(day),
            Cell(round(100 * chance), "percent"),
            tone="bad" if chance < _UNLIKELY else "plain",
        )
        for name, day, chance in promises
    )
    return Tables(_("承诺的日期"), Table(heads, lines))


def _movers(told: Mapping[str, Any]) -> list[Panel]:
    panels: list[Panel] = []
    unit = _("工作日") if told["working"] else _("天")
    shares = [(name or _("没写责任单位的"), *values) for name, *values in told["owners"]]
    if shares:
        heads = columns(
            Column(_("责任单位或班组"), wide=True), Column(_("分摊"), number=True),
            Column(_("只有它变"), number=True), Column(_("只有它照计划，能少晚"), number=True),
        )  # fmt: skip
        lines = tuple(
            row(name, *(Cell(round(value, 1), "number", note=unit) for value in values))
            for name, *values in shares
        )
        said = _(
            "有八成把握的完工比计划晚 %(days)s %(unit)s，按沙普利值分给各责任单位，加起来正好。"
        )
        intro = said % {"days": round(told["delay"], 1), "unit": unit}
        panels.append(
            Chart(
                "bar",
                _("谁的工作最左右完工"),
                tuple(name for name, *_rest in shares[:15]),
                (Series(_("分摊"), tuple(round(one[1], 1) for one in shares[:15])),),
                unit,
                _("责任单位或班组"),
                under=Table(heads, lines),
            )
        )
        panels.append(Prose(_("怎样分摊"), intro))
    heads = columns(
        _("编号"), Column(_("任务"), wide=True), _("责任单位或班组"),
        Column(_("关键度"), number=True), Column(_("敏感度 SSI"), number=True),
        Column(_("关联度"), number=True),
    )  # fmt: skip
    lines = tuple(
        row(key, name, owner, Cell(round(100 * ci), "percent"), Cell(round(ssi, 2), "number"),
            Cell(round(cri, 2), "number"))
        for key, name, owner, ci, cri, ssi in told["tasks"]
    )  # fmt: skip
    intro = _("关键度是落在关键链上的次数占比；敏感度越大，这项任务的快慢越左右完工。")
    panels.append(Tables(_("最左右完工的任务"), Table(heads, lines), intro))
    return panels


# Crews of one plan --------------------------------------------------------------------------------


def crews(found: SchedulePlan, by: Post, form: Form | None = None) -> DetailPage:
    """班组均衡：同一班组的任务不重叠，最早哪天完工，哪些任务要挪。"""
    intro = _("没完成的任务，同一责任单位或班组同时只做这么几项；任何任务不早于计划的开始。")
    tasks = {task.key: task for task in queries.tasks(found)}

    def answer(one: Estimate, told: Mapping[str, Any]) -> list[Panel]:
        assert one.job is not None  # only a job gives an answer
        return _crews_told(tasks, one.job.inputs, told, queries.worked(found))

    return _of_plan(found, by, "crews", intro, form or forms.CrewsForm(), answer)


def _crews_told(
    tasks: Mapping[str, rules.Task], asked: Mapping[str, Any], told: Mapping[str, Any], worked: Any
) -> list[Panel]:
    days = bridge.Workdays(date.fromisoformat(asked["first_day"]), worked)
    lengths = {one["name"]: one["duration"] for one in asked["case"]["activities"]}
    ends = {key: days.day(max(at + lengths[key] - 1, 0)) for key, at in told["starts"].items()}
    free_end = days.day(max(told["free_makespan"] - 1, 0))
    items = (
        (_("每个班组同时最多做几项"), Cell(asked["at_once"], "number")),
        (_("均衡以后完工"), words.day(max(ends.values()))),
        (_("班组不受限时完工"), words.day(free_end)),
        *_proof(told),
    )
    moved = [
        (key, at - told["free"][key])
        for key, at in sorted(told["starts"].items(), key=lambda pair: (pair[1], pair[0]))
    ]
    heads = columns(
        _("编号"), Column(_("任务"), wide=True), _("责任单位或班组"), _("计划"), _("均衡以后"),
        Column(_("晚开始（天）"), number=True),
    )  # fmt: skip
    lines = tuple(
        row(
            key,
            tasks[key].name,
            tasks[key].owner,
            f"{tasks[key].start:%Y-%m-%d} — {tasks[key].finish:%Y-%m-%d}",
            f"{days.day(told['starts'][key]):%Y-%m-%d} — {ends[key]:%Y-%m-%d}",
            Cell(late, "number"),
            tone="warn" if late > 0 else "plain",
        )
        for key, late in moved
        if key in tasks
    )
    panels: list[Panel] = [Facts(_("均衡的结果"), items)]
    found = bridge.clashes(list(tasks.values()), asked["at_once"])
    if found:
        heads_ = columns(_("责任单位或班组"), _("哪几天"), Column(_("同时做的任务"), wide=True))
        rows = tuple(
            row(owner, f"{first:%Y-%m-%d} — {last:%Y-%m-%d}", _("、").join(keys))
            for owner, first, last, keys in found
        )
        panels.append(Tables(_("计划里撞在一起的"), Table(heads_, rows)))
    return [*panels, Tables(_("每项任务何时做"), Table(heads, lines))]


def _proof(told: Mapping[str, Any]) -> tuple[tuple[str, Cell], ...]:
    """How good the schedule is, as far as it is known."""
    value = told["makespan"] if told["first"] == "makespan" else told["tardiness"]
    if told["proved"]:
        return ((_("还能不能更好"), Cell(_("已证明不能更好。"))),)
    gap = _("结果 %(value)d 天，已证明不会少于 %(lower)d 天。")
    return ((_("还能不能更好"), Cell(gap % {"value": value, "lower": told["lower"]})),)


# Preliminary work of all projects -----------------------------------------------------------------


def levelling(by: Post, form: Form | None = None) -> DetailPage:
    """前期均衡：评审会、勘测队、窗口力量有限，各项目的步骤排出先后。"""
    waiting = queries.waiting(by)
    names = {str(one["code"]): tables.label(one) for one in tables.table("scarce")}
    intro = _(
        "还没办完的前期步骤争用同一支力量时，怎样排最能按计划办结；没有计划办结日的，"
        "求总的最早。时限取法律给的最长天数，没有法定时限的按零天算。"
    )

    def answer(one: Estimate, told: Mapping[str, Any]) -> list[Panel]:
        assert one.job is not None  # only a job gives an answer
        return _steps_told(waiting, names, one.job.inputs, told)

    panels, acts, refresh = _asked(
        queries.estimates("steps"),
        by,
        queries.manages(by),
        reverse("projects:levelling"),
        form or forms.SeedForm(),
        answer,
    )
    return DetailPage(
        _("前期均衡"),
        [_strengths(waiting, names), *panels],
        acts,
        intro=intro,
        links=words.boards("levelling"),
        refresh_s=refresh,
    )


def _strengths(waiting: Sequence[queries.Waiting], names: Mapping[str, str]) -> Tables:
    """What each kind of strength has before it now."""
    heads = columns(
        Column(_("力量"), wide=True), Column(_("同时能办"), number=True),
        Column(_("办理中"), number=True), Column(_("等着办"), number=True), _("忙闲"),
    )  # fmt: skip
    lines = []
    for one in tables.table("scarce"):
        code, capacity = str(one["code"]), int(one["capacity"])
        own = [w.step.state for w in waiting if w.strength == code]
        running, queued = own.count("running"), own.count("waiting")
        tag = Tag(_("超出"), "bad") if running > capacity else Tag(_("排满"), "warn")
        if running < capacity:
            tag = Tag(_("有空"), "good")
        lines.append(
            row(names[code], Cell(capacity, "number"), Cell(running, "number"),
                Cell(queued, "number"), tag)
        )  # fmt: skip
    return Tables(_("有限的力量"), Table(heads, tuple(lines)), _("数在“有限的力量”规则表里改。"))


def _by_when(due: date | None) -> str:
    return _("计划 %(day)s办结") % {"day": clock.in_words(due)} if due else ""


def _steps_told(
    waiting: Sequence[queries.Waiting],
    names: Mapping[str, str],
    asked: Mapping[str, Any],
    told: Mapping[str, Any],
) -> list[Panel]:
    days = queries.workdays(date.fromisoformat(asked["first_day"]))
    case = {one["name"]: one for one in asked["case"]["activities"]}
    known = {str(one.step.pk): one for one in waiting}
    heads = columns(
        Column(_("项目"), wide=True), Column(_("步骤"), wide=True), _("占用"), _("何时办"),
        Column(_("因排队晚（工作日）"), number=True),
    )  # fmt: skip
    lines, gone = [], 0
    for key, at in sorted(told["starts"].items(), key=lambda pair: (pair[1], pair[0])):
        if key not in known:
            gone += 1
            continue
        one, length = known[key], case[key]["duration"]
        end = days.day(at + max(length - 1, 0))
        missed = one.due is not None and end > one.due
        late = at - told["free"][key]
        lines.append(
            row(
                Cell(one.step.project.label(), href=one.step.project.get_absolute_url()),
                Cell(one.step.label(), href=one.step.get_absolute_url()),
                names.get(one.strength, ""),
                Cell(f"{days.day(at):%Y-%m-%d} — {end:%Y-%m-%d}", note=_by_when(one.due)),
                Cell(late, "number"),
                tone="bad" if missed else "warn" if late > 0 else "plain",
            )
        )
    items = [
        (_("从哪天排起"), words.day(days.first)),
        (_("全部办完"), words.day(days.day(max(told["makespan"] - 1, 0)))),
        (_("不排队时全部办完"), words.day(days.day(max(told["free_makespan"] - 1, 0)))),
    ]
    if told["first"] == "tardiness":
        items.append((_("晚于计划办结的，合计（工作日）"), Cell(told["tardiness"], "number")))
    said = _("推演以后办完的 %(n)d 步不再列出。") % {"n": gone} if gone else ""
    return [
        Facts(_("均衡的结果"), (*items, *_proof(told))),
        Tables(_("每一步何时办"), Table(heads, tuple(lines)), said),
    ]

"""What moves a rank most: shares of every uncertain choice, over their table; asked as a job."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.assessment import bridge, queries, rules, words
from bihuan.assessment.forms import SensitivityForm
from bihuan.assessment.models import Run, Score, Sensitivity
from bihuan.assessment.pages import naming
from bihuan.base.text import zh
from bihuan.engines.index.faults import Fault
from bihuan.jobs import pages as jobs_pages
from bihuan.jobs import queries as jobs
from bihuan.jobs import rules as job_rules
from bihuan.jobs.forms import StopForm
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.ui.chart import Chart, Series
from bihuan.ui.panel import DetailPage, Facts, FormPanel, Panel, Progress, Prose
from bihuan.ui.table import Cell, Column, Table, columns, row

INPUTS = {
    "winmax": zh("缩尾点数"),
    "normalisation": zh("无量纲化"),
    "aggregation": zh("汇总"),
    "impute": zh("插补方法"),
    "weights": zh("权重"),
    "noise": zh("数据误差"),
    "gaps": zh("插补的数"),
}
DRAWS = 256
REFRESH_S = 2


def detail(run: Run, score: Score, by: Post, form: SensitivityForm | None = None) -> DetailPage:
    """敏感性：哪种做法最左右位次、最左右能否进入前列；图在表上。"""
    entrant = score.entrant
    asked = queries.sensitivities(run, entrant)
    running = next((one for one in asked if _busy(one)), None)
    done = next((one for one in asked if one.told is not None), None)
    panels: list[Panel] = []
    acts: list[Panel] = []
    if running is not None and running.job is not None:
        panels.append(_bar(running))
        if not running.job.wanted_stop and jobs.may_stop(running.job, by):
            address = reverse("jobs:stop", args=[running.job_id])
            intro = _("已经算出的部分不保留。停止以后可以重新发起。")
            acts.append(FormPanel(_("停止"), StopForm(), address, _("停止"), intro, "bad"))
    elif asked and asked[0].told is None:
        panels.append(_unfinished(asked[0]))
    if done is not None:
        panels += answers(done)
    elif not asked:
        panels.append(Prose(_("还没有分析"), _("发起一次，看哪种做法最左右这个单位的位次。")))
    if running is None and people.may(by, "assessment.run"):
        acts.append(_asking(run, score, form))
    return DetailPage(
        _("敏感性：%(unit)s") % {"unit": entrant.label()},
        panels,
        acts,
        words.tags(run.round),
        kicker=words.run_title(run),
        intro=words.notice(run.round),
        links=naming.links(run, entrant, by, "sensitivity"),
        refresh_s=REFRESH_S if running is not None else 0,
    )


def _busy(one: Sensitivity) -> bool:
    return one.job is not None and one.job.state in job_rules.UNFINISHED


def _bar(one: Sensitivity) -> Progress:
    assert one.job is not None  # only a job can be busy
    told = jobs_pages.progress(one.job) or _("等待开始。")
    return Progress(_("正在计算"), min(one.job.done, one.job.total), one.job.total, told)


def _unfinished(one: Sensitivity) -> Prose:
    """Why the last one has no result."""
    if one.job is None:
        return Prose(_("上一次没有结果"), _("请重新发起。"))
    fault = _(one.job.fault) if one.job.fault else _(job_rules.STATES[one.job.state])
    return Prose(_("上一次没有结果"), fault)


def _asking(run: Run, score: Score, form: SensitivityForm | None) -> FormPanel:
    start = {"draws": DRAWS, "seed": run.seed}
    count = bridge.draws_that_matter(run.inputs, 1)
    return FormPanel(
        _("发起分析"),
        form or SensitivityForm(initial=start),
        reverse("assessment:sensitivity", args=[run.pk, score.entrant.code]),
        _("发起"),
        _("做法有 %(n)d 种组合，每种各抽一块；在后台进行，可以离开本页。") % {"n": count},
        folded=bool(queries.sensitivities(run, score.entrant)),
    )


# Answers ----------------------------------------------------------------------------------------


def answers(one: Sensitivity) -> list[Panel]:
    """每个输出一张图、一张表；怎样算出的。"""
    told: Any = one.told
    panels: list[Panel] = []
    for kind, found in told["outputs"].items():
        panels += _output(kind, found)
    panels += [_reading(), _made(one, told)]
    return [*panels, *_failed(one, told)]


def question(kind: str) -> str:
    if kind == "top":
        return _("什么最左右能否进入前 %(n)d 位") % {"n": rules.TOP}
    return _("什么最左右位次")


def _output(kind: str, found: Mapping[str, Any]) -> list[Panel]:
    title = question(kind)
    if not found["variance"]:
        never = _("换用各种做法，结果都一样，没有什么可分。")
        return [Prose(title, never)]
    order = sorted(range(len(found["inputs"])), key=lambda i: -found["share"][i])
    names = tuple(_(INPUTS[found["inputs"][i]]) for i in order)
    heads = columns(
        _("做法"),
        Column(_("分得的方差"), number=True),
        Column(_("单独的作用"), number=True),
        Column(_("90% 区间"), number=True),
        Column(_("连同相互作用"), number=True),
        Column(_("90% 区间"), number=True),
    )
    rows = tuple(
        row(
            names[n],
            Cell(_share(found["share"][i])),
            Cell(_share(found["first"][i])),
            Cell(_ends(found["first_interval"][i])),
            Cell(_share(found["total"][i])),
            Cell(_ends(found["total_interval"][i])),
        )
        for n, i in enumerate(order)
    )
    chart = Chart(
        "bar",
        _("各种做法分得的方差：能否进入前列") if kind == "top" else _("各种做法分得的方差：位次"),
        names,
        (Series(_("分得的方差"), tuple(round(100 * found["share"][i], 2) for i in order)),),
        unit="%",
        axis=_("做法"),
        under=Table(heads, rows),
    )
    told = sentence(kind, names[0], found["share"][order[0]])
    return [Prose(title, told), chart]


def sentence(kind: str, name: str, share: float) -> str:
    """最左右它的是什么，占几成。"""
    told = {"name": name, "share": f"{share:.0%}", "n": rules.TOP}
    if kind == "top":
        return _("换用别的做法时，能否进入前 %(n)d 位最取决于%(name)s，占变动的 %(share)s。") % told
    return _("换用别的做法时，位次的变动最取决于%(name)s，占 %(share)s。") % told


def _share(value: float) -> str:
    return f"{value:.1%}".replace("-", "−")


def _ends(pair: list[float]) -> str:
    return _("%(low)s 至 %(high)s") % {"low": _share(pair[0]), "high": _share(pair[1])}


def _reading() -> Prose:
    return Prose(
        _("怎样读"),
        _(
            "分得的方差（沙普利效应）合计为 100%%；单独的作用（Sobol 一阶）不含相互作用，"
            "连同相互作用的（全阶）合计可超过 100%%。抽样有误差，小的可为负。"
        )
        % {},
    )


def _made(one: Sensitivity, told: Mapping[str, Any]) -> Facts:
    used = min(found["used"] for found in told["outputs"].values())
    items = [
        (_("每块的抽样次数"), Cell(one.draws, "number")),
        (_("其中算得出的"), Cell(used, "number")),
        (_("种子"), Cell(str(one.seed), "code")),
        (_("引擎"), Cell(one.engine, "code")),
    ]
    if one.job is not None:
        items.append((_("作业"), Cell(one.job.title, href=one.job.get_absolute_url())))
    return Facts(_("怎样算出的"), tuple(items))


def _failed(one: Sensitivity, told: Mapping[str, Any]) -> list[Panel]:
    """算不出的抽样：如实列出原因。"""
    failed = told["failed"]
    if not failed["count"]:
        return []
    names = bridge.names_in(one.run.inputs)
    reasons = [words.fault(Fault(code, params), names) for _draw, code, params in failed["told"]]
    text = _("%(n)s 次抽样算不出，连同各块里同号的一起未计入。原因：") % {"n": failed["count"]}
    return [Prose(_("算不出的抽样"), "\n".join([text, *dict.fromkeys(reasons)]))]

"""What the pages of jobs show: the list, and one job with all that is needed to run it again."""

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.audit import pages as audit
from bihuan.base import clock
from bihuan.base.text import shorten
from bihuan.jobs import queries, rules, services
from bihuan.jobs.forms import StartForm, StopForm
from bihuan.jobs.models import Job
from bihuan.people.models import Post
from bihuan.ui.panel import (
    DetailPage,
    Facts,
    FormPage,
    FormPanel,
    Link,
    ListPage,
    Progress,
    Prose,
)
from bihuan.ui.table import Cell, Column, Pager, Row, Table, Tag, Tone, columns, row

PAGE = 50
REFRESH_S = 3

TONES: dict[str, Tone] = {
    "waiting": "quiet",
    "running": "info",
    "done": "good",
    "failed": "bad",
    "cancelled": "quiet",
    "lost": "warn",
}


def title(job: Job) -> str:
    """What it is called; a job named after its kind is so in the reader's language."""
    return _told(job.title)


def _told(text: str) -> str:
    """What the house itself wrote is in the source language; what it knows is translated."""
    return _(text) if text else ""


def _kind(job: Job) -> str:
    """The kind, where the title does not already say it."""
    label = services.label(job.kind)
    return "" if label == job.title else _(label)


def state_tag(job: Job) -> Tag:
    """The state in words."""
    if job.wanted_stop and job.state in rules.UNFINISHED:
        return Tag(_("正在停止"), "warn")
    return Tag(_(rules.STATES[job.state]), TONES[job.state])


def index(found: QuerySet[Job], number: int, by: Post) -> ListPage:
    """作业一览，新的在前。"""
    paginator = Paginator(found, PAGE)
    shown = paginator.get_page(number)
    here = reverse("jobs:index")
    heads = columns(
        Column(_("作业"), wide=True), _("状态"), _("进度"), _("发起人"), _("开始"), _("用时")
    )
    pager = Pager(
        shown.number,
        paginator.num_pages,
        paginator.count,
        f"{here}?page={shown.number - 1}" if shown.has_previous() else "",
        f"{here}?page={shown.number + 1}" if shown.has_next() else "",
    )
    empty = _("还没有作业。评价、预测等长计算发起以后，在这里看进度和结果。")
    table = Table(heads, tuple(_line(job) for job in shown), empty=empty, pager=pager)
    intro = _("长计算在后台进行；可以离开本页，以后再来看。")
    links = (Link(_("发起作业"), reverse("jobs:start"), primary=True),) if choices(by) else ()
    return ListPage(_("作业"), table, intro, links=links)


def _line(job: Job) -> Row:
    return row(
        Cell(title(job), href=job.get_absolute_url(), note=_kind(job)),
        state_tag(job),
        Cell(progress(job), note=_told(job.message) if job.state in rules.UNFINISHED else ""),
        who(job),
        Cell(job.started_at, "moment"),
        took(job),
    )


def choices(by: Post) -> list[tuple[str, str]]:
    """Kinds that this post may start from the page, with what they are called."""
    return [(kind, _(services.label(kind))) for kind in services.startable(by)]


def starting(form: StartForm) -> FormPage:
    """发起作业：选一种不需要另填输入的。"""
    address = reverse("jobs:start")
    intro = _("在后台进行，不影响别人使用；可以随时停止。")
    return FormPage(_("发起作业"), FormPanel("", form, address, _("发起"), intro))


def detail(job: Job, by: Post) -> DetailPage:
    """One job."""
    live = job.state in rules.UNFINISHED
    acts = []
    if live and not job.wanted_stop and queries.may_stop(job, by):
        intro = _("已经算出的部分不保留。停止以后可以重新发起。")
        address = reverse("jobs:stop", args=[job.pk])
        acts.append(FormPanel(_("停止作业"), StopForm(), address, _("停止"), intro, "bad"))
    panels: list[Any] = [_facts(job)]
    if job.inputs:
        panels.append(plain_facts(_("输入"), job.inputs))
    if job.fault:
        panels.insert(0, Prose(_("未完成的原因"), _(job.fault)))
    if job.state == "done":
        panels.insert(0, plain_facts(_("结果"), job.result))
    if live:
        panels.insert(0, bar(job))
    return DetailPage(
        title(job),
        [*panels, audit.timeline(job)],
        acts,
        (state_tag(job),),
        kicker=_("作业 %(number)d") % {"number": job.pk},
        intro=_("本页每 %(n)d 秒自动刷新。") % {"n": REFRESH_S} if live else "",
        links=(Link(_("返回作业"), reverse("jobs:index")),),
        refresh_s=REFRESH_S if live else 0,
    )


def bar(job: Job) -> Progress:
    """How far an unfinished job is."""
    if job.state == "waiting":
        words = _("前面还有作业，等待开始。")
    else:
        words = progress(job) or _("正在计算，还不知道总量。")
    done = min(job.done, job.total)
    return Progress(_("进度"), done, job.total, words, _told(job.message))


def progress(job: Job) -> str:
    """12 / 40（30%）; nothing where the total is not known."""
    part = rules.percent(job.done, job.total)
    if part is None:
        return ""
    return _("%(done)d / %(total)d（%(percent)d%%）") % {
        "done": job.done,
        "total": job.total,
        "percent": part,
    }


def took(job: Job) -> str:
    """How long it took, or has taken so far."""
    if job.started_at is None:
        return ""
    end = job.finished_at or clock.now()
    h, m, s = rules.hours((end - job.started_at).total_seconds())
    if h:
        return _("%(h)d 小时 %(m)d 分") % {"h": h, "m": m}
    if m:
        return _("%(m)d 分 %(s)d 秒") % {"m": m, "s": s}
    return _("%(s)d 秒") % {"s": s}


def plain_facts(title: str, value: Any) -> Facts:
    """JSON as names and values: what is small as it stands, what is large by its size."""
    pairs = value.items() if isinstance(value, dict) else (("", value),)
    return Facts(title, tuple((_told(str(name)), _plain(part)) for name, part in pairs))


def _plain(value: Any) -> Cell:
    match value:
        case bool():
            return Cell(_("是") if value else _("否"))
        case int() | float():
            return Cell(value, "number")
        case None | str():
            return Cell(shorten(_told(value or ""), 300))
        case [str(), *rest] if all(isinstance(line, str) for line in rest):
            return Cell(" ".join(value))
        case _:
            text = rules.canonical(value)
            if len(text) <= 120:
                return Cell(text, "code")
            n = len(value)
            return Cell(ngettext("共 %(n)d 项", "共 %(n)d 项", n) % {"n": n})


def _facts(job: Job) -> Facts:
    return Facts(_("基本情况"), tuple(told(job)))


def told(job: Job) -> Iterator[tuple[str, Cell]]:
    """What is known of a job besides inputs and result: names and values."""
    if kind := _kind(job):
        yield _("种类"), Cell(kind)
    yield _("发起人"), Cell(who(job))
    yield _("发起时间"), Cell(job.created_at, "moment")
    if job.state in rules.ENDED:  # until then the bar says so
        yield _("进度"), Cell(progress(job), note=_told(job.message))
    yield _("开始"), Cell(job.started_at, "moment")
    yield _("结束"), Cell(job.finished_at, "moment")
    yield _("用时"), Cell(took(job))
    yield _("种子"), Cell(str(job.seed), "code")
    yield _("输入摘要"), Cell(job.inputs_digest[:16], "code")
    yield _("程序版本"), Cell(job.engine_version)


def who(job: Job) -> str:
    """Who started it."""
    return job.by.label() if job.by else _("系统")

"""演练报告：what a simulated hall met with, and whether the result holds; to be printed."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.base.text import zh
from bihuan.jobs import pages as jobs_pages
from bihuan.jobs import rules as jobs
from bihuan.meetings.models import Meeting
from bihuan.meetings.pages import words
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, Facts, Link, Panel, Progress, Prose, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row

# Codes of ballots.hall, as people would tell them.
MET: Mapping[str, str] = {
    "lost_answer": zh("答复没有收到，再交一次"),
    "twice": zh("点了两次，或开了两页"),
    "changed_mind": zh("用同一张票另投一次，被拒绝"),
    "dead_phone": zh("手机没电，没有投"),
    "wrong_code": zh("输错票码，被拒绝"),
}
CHECKS: Mapping[str, str] = {
    "form": zh("文件完整"),
    "plan": zh("方案与签名根一致"),
    "key": zh("签名公钥相符"),
    "heads": zh("各次箱头前后相连"),
    "leaves": zh("每张票都在日志里"),
    "final": zh("签名根成立"),
    "stations": zh("监票签名站会签成立"),
    "columns": zh("分栏与承诺一致"),
    "reconciliation": zh("票数核对为零"),
    "told": zh("公布的结果由分栏重算一致"),
    "full": zh("全部分栏重算一致"),
    "seen": zh("现场留存的箱头都在日志里"),
    "other": zh("两份结果文件相符"),
}


def is_running(meeting: Meeting) -> bool:
    """Is its simulated hall still at work?"""
    return meeting.job is not None and meeting.job.state in jobs.UNFINISHED


def state_tag(meeting: Meeting) -> Tag:
    """The state of its job."""
    return jobs_pages.state_tag(meeting.job) if meeting.job else Tag(_("等待"), "quiet")


def detail(meeting: Meeting, by: Post) -> DetailPage:
    """演练报告：人数、收票、意外、核验，和模拟结果的去处。"""
    job = meeting.job
    panels: list[Panel] = []
    if job is not None and is_running(meeting):
        told = jobs_pages.progress(job)
        panels.append(Progress(_("进度"), job.done, job.total, told))
    elif job is not None and job.state == "done":
        panels += _report(meeting, job.result)
    elif job is not None:
        panels.append(Prose(_("没有做完"), job.fault or str(state_tag(meeting).label)))
    links = [words.back(meeting)]
    if job is not None and job.state == "done":
        links.insert(0, Link(_("模拟的测评结果表（PDF）"), words.address(meeting, "result-paper")))
    if meeting.rehearsal_of is not None:
        links.append(Link(_("正式的会议"), meeting.rehearsal_of.get_absolute_url()))
    return DetailPage(
        _("演练报告"),
        panels,
        tags=words.tags(meeting),
        kicker=meeting.label(),
        intro=_("模拟的投票人，随机的票；与任何真实的人和结果无关。"),
        links=tuple(links),
        refresh_s=2 if is_running(meeting) else 0,
    )


def _report(meeting: Meeting, said: Mapping[str, Any]) -> list[Panel]:
    rate = said["cast"] / said["taken_s"] if said["taken_s"] else 0
    numbers: tuple[tuple[str, Cell], ...] = (
        (_("名单人数"), Cell(said["voters"], "number")),
        (_("手机票"), Cell(said["phones"], "number")),
        (_("纸票在手机上投"), Cell(said["slips"], "number")),
        (_("收到的票"), Cell(said["cast"], "number")),
        (_("没有投"), Cell(said["not_cast"], "number")),
        (_("投票用时"), Cell(_("%(s).1f 秒") % {"s": said["taken_s"]})),
        (_("每秒收票"), Cell(_("%(n).0f 张") % {"n": rate})),
        (_("票箱里的票"), Cell(said["size"], "number")),
        (_("箱头"), Cell(said["root"], "code")),
    )
    met = tuple(
        row(_(MET.get(code, code)), Cell(number, "number")) for code, number in said["met"].items()
    )
    checks = tuple(
        row(
            _(CHECKS.get(one["name"], one["name"])),
            Tag(_("通过"), "good")
            if one["asked"] and not one["faults"]
            else Tag(_("未通过"), "bad")
            if one["faults"]
            else Tag(_("不适用"), "quiet"),
            "；".join(one["faults"]),
        )
        for one in said["checks"]
    )
    lost = said["cast"] - said["size"]
    verdict = (
        _("收到的票一张不少、一张不多。") if lost == 0 else _("票数相差 %(n)d 张。") % {"n": lost}
    )
    panels: list[Panel] = [
        Facts(_("会场"), numbers),
        Tables(
            _("遇到的意外"),
            Table(columns(Column(_("意外"), wide=True), Column(_("次数"), number=True)), met),
            verdict,
        ),
        Tables(
            _("对公开结果文件的独立核验"),
            Table(
                columns(Column(_("核验"), wide=True), _("结果"), Column(_("说明"), wide=True)),
                checks,
            ),
        ),
    ]
    if said["wrong"]:
        panels.append(Prose(_("没有按预期答复的"), "\n".join(said["wrong"])))
    return panels

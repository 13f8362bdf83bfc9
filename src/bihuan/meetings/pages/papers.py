"""Before the meeting: who has handed in, materials, guests, the roll."""

from collections.abc import Mapping
from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.ballots import rules as polls
from bihuan.base import clock
from bihuan.files import pages as files
from bihuan.files import queries as file_queries
from bihuan.meetings import queries, rules
from bihuan.meetings.forms import Button, GuestForm, MaterialForm, RollForm
from bihuan.meetings.models import Meeting
from bihuan.meetings.pages import words
from bihuan.meetings.pages.reporter import receipt_number
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, Facts, FormPanel, Link, Panel, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row


def detail(meeting: Meeting, by: Post, forms: dict[str, Form] | None = None) -> DetailPage:
    """述职报告和材料：谁交了、谁迟了；会议材料；到会指导。"""
    given = forms or {}
    panels: list[Panel] = [_reports(meeting, by)]
    if sees_materials(by):
        panels += [_materials(meeting), _guests(meeting, by)]
    acts: list[Panel] = []
    if words.may(by, "meetings.run"):
        acts = [
            FormPanel(
                _("存入材料"),
                given.get("material") or MaterialForm(meeting),
                words.address(meeting, "material"),
                _("存入"),
                folded=True,
            ),
            FormPanel(
                _("登记到会指导"),
                given.get("guest") or GuestForm(meeting),
                words.address(meeting, "invite"),
                _("登记"),
                _("只在这几天里看得到这一次会议，看不到测评结果。"),
                folded=True,
            ),
        ]
    return DetailPage(
        _("述职报告和材料"),
        panels,
        acts,
        words.tags(meeting),
        kicker=meeting.label(),
        intro=_("报告截止：%(day)s。")
        % {"day": words.day(queries.document(meeting)["reports_due"])},
        links=(words.back(meeting),),
    )


def sees_materials(by: Post) -> bool:
    """The office, the leading body and the invited."""
    return (
        words.may(by, "meetings.run")
        or queries.sees_results(by)
        or people.may(by, "meetings.guest")
    )


def _reports(meeting: Meeting, by: Post) -> Tables:
    reporters = list(queries.reporters_seen(by, meeting))
    newest = queries.latest_reports(reporters)
    heads = columns(
        Column(_("次序"), number=True),
        Column(_("单位"), wide=True),
        _("述职方式"),
        _("报告"),
        _("收到"),
        _("上年问题"),
    )
    rows = []
    for one in reporters:
        report = newest.get(one.pk)
        state = Tag(_("未交"), "bad" if _overdue(meeting) else "quiet")
        if report is not None:
            state = Tag(_("迟交"), "warn") if report.late else Tag(_("已交"), "good")
        found = queries.last_year(one, by)
        closed = sum(finding.state == "closed" for finding in found)
        rows.append(
            row(
                Cell(one.number, "number"),
                Cell(one.unit.label(), href=one.get_absolute_url()),
                words.mode_tag(one.mode),
                Cell(
                    state,
                    "tag",
                    note=receipt_number(report) if report else "",
                ),
                Cell(report.created_at, "moment") if report else "",
                Cell(
                    _("%(closed)d/%(n)d 已销号") % {"closed": closed, "n": len(found)}
                    if found
                    else ""
                ),
            )
        )
    return Tables(
        _("述职报告"), Table(heads, tuple(rows), empty=_("没有您可以看的单位，或方案还没有批准。"))
    )


def _overdue(meeting: Meeting) -> bool:
    return clock.today().isoformat() > str(queries.document(meeting)["reports_due"])


def _materials(meeting: Meeting) -> Tables:
    heads = columns(
        _("种类"), Column(_("标题"), wide=True), _("文件"), _("摘要"), _("经办"), _("时间")
    )
    rows = []
    for material in meeting.materials.select_related("document"):
        version = file_queries.newest(material.document)
        if version is None:
            continue
        rows.append(
            row(
                Cell(_(rules.MATERIALS[material.kind])),
                Cell(
                    material.document.title,
                    href=reverse("meetings:material-file", args=[meeting.pk, material.pk]),
                ),
                Cell(
                    _("第 %(n)d 版") % {"n": version.number},
                    note=f"{version.name} {files.size(version.size)}",
                ),
                Cell(version.digest[:12], "code"),
                version.by.label() if version.by else _("系统"),
                Cell(version.created_at, "moment"),
            )
        )
    return Tables(_("会议材料"), Table(heads, tuple(rows), empty=_("还没有材料。")))


def _guests(meeting: Meeting, by: Post) -> Tables:
    heads = columns(
        _("派出单位"), Column(_("姓名或职务"), wide=True), _("职级"), _("自"), _("至"), ""
    )
    ends = words.may(by, "meetings.run")
    rows = tuple(
        row(
            guest.unit.label(),
            guest.name,
            guest.rank,
            Cell(guest.valid_from, "date"),
            Cell(guest.valid_to, "date"),
            Cell(
                _("结束"),
                "act",
                href=reverse("meetings:end-guest", args=[meeting.pk, guest.pk]),
            )
            if ends and guest.valid_to is not None and guest.valid_to >= clock.today()
            else "",
        )
        for guest in meeting.guests.select_related("unit")
    )
    return Tables(
        _("到会指导"),
        Table(heads, rows, empty=_("没有登记。")),
        _("到会指导的人不投票，除非编进投票名单。"),
    )


def roll(meeting: Meeting, by: Post, forms: dict[str, Form] | None = None) -> DetailPage:
    """投票名单和票箱：编名单，设票箱；签到发票在投票的签到台办。"""
    given, poll = forms or {}, meeting.poll
    document = queries.document(meeting)
    items: list[tuple[str, Cell]] = []
    if poll is not None:
        items = [
            (_("票箱"), Cell(_(polls.PHASES[poll.phase]))),
            (_("票箱号"), Cell(poll.box_id, "code")),
            (_("名单人数"), Cell(poll.voters.count(), "number")),
        ]
        if poll.plan_digest:
            items.append((_("票面方案摘要"), Cell(poll.plan_digest, "code")))
    acts: list[Panel] = []
    open_to_change = meeting.state in ("preparing", "sitting") and (
        poll is None or not polls.reached(poll.phase, "issuing")
    )
    if words.may(by, "meetings.run") and open_to_change:
        acts.append(
            FormPanel(
                _("编名单"),
                given.get("roll") or RollForm(meeting),
                words.address(meeting, "set-roll"),
                _("保存名单"),
                _("班子成员和单位负责人已按任职列出，代表请粘贴在后面。保存即整个重编。"),
            )
        )
        if poll is not None and (poll.phase == "draft" or queries.poll_stale(meeting)):
            acts.append(
                FormPanel(
                    _("设票箱"),
                    given.get("seal") or Button(),
                    words.address(meeting, "seal-box"),
                    _("设好票箱"),
                    _("造票箱和密钥，从此票面不变。密钥分开保管的，份额只显示这一次。"),
                    "good",
                )
            )
    links = [words.back(meeting)]
    if poll is not None and words.may(by, "ballots.run"):
        desk = Link(_("签到台"), reverse("ballots:roll", args=[poll.slug]), primary=True)
        links = [desk, Link(_("投票办理"), poll.get_absolute_url()), *links]
    intro = _("与会人员即投票人，一人一票。")
    if queries.poll_stale(meeting):
        intro = _("方案已有新的一版，票箱还是照旧版设的。请重新保存名单，再设票箱。")
    return DetailPage(
        _("投票名单"),
        [
            *([Facts(_("票箱"), tuple(items))] if items else []),
            _by_category(meeting, document),
        ],
        acts,
        words.tags(meeting),
        kicker=meeting.label(),
        intro=intro,
        links=tuple(links),
    )


def _by_category(meeting: Meeting, document: Mapping[str, Any]) -> Tables:
    heads = columns(
        Column(_("类别"), wide=True), Column(_("权重"), number=True), Column(_("人数"), number=True)
    )
    poll = meeting.poll
    rows = tuple(
        row(
            queries.named(line),
            Cell(str(line["weight"])),
            Cell(poll.voters.filter(category=line["code"]).count() if poll else 0, "number"),
        )
        for line in document["categories"]
    )
    return Tables(_("各类人数"), Table(heads, rows))

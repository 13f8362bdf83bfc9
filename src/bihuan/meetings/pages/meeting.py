"""One round: every step with what is missing in it, and what the reader can do now."""

from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.audit import pages as audit
from bihuan.ballots import rules as polls
from bihuan.meetings import queries, rules
from bihuan.meetings.forms import Button, CountForm, RehearseForm, WaiveForm
from bihuan.meetings.models import Meeting
from bihuan.meetings.pages import rehearsal, words
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, Facts, FormPanel, Link, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row

# Where each step is taken.
_PAGES = {
    "plan": "plan",
    "reports": "papers",
    "last_year": "hall",
    "roll": "roll",
    "reporting": "hall",
    "comments": "hall",
    "ballot": "hall",
    "speech": "follow",
    "decision": "grades",
    "letters": "follow",
    "uses": "follow",
    "ledger": "follow",
    "scores": "follow",
    "box": "results",
}


def detail(meeting: Meeting, by: Post, forms: dict[str, Form] | None = None) -> DetailPage:
    """一轮述职评议：概况，每一步，下一步办什么。"""
    panels: list[Panel] = [_about(meeting, by)]
    inside = words.may(by, "meetings.run") or queries.sees_results(by)
    if inside:
        panels.append(_steps(meeting))
    if inside and (trials := _rehearsals(meeting)):
        panels.append(trials)
    panels.append(_reporters(meeting, by))
    if meeting.verdict:
        panels.append(Prose(_("总的评价"), meeting.verdict))
    if inside:
        panels.append(audit.timeline(meeting, *meeting.plans.all()))
    return DetailPage(
        meeting.label(),
        panels,
        _acts(meeting, by, forms or {}),
        words.tags(meeting),
        kicker=words.year(meeting),
        links=_links(meeting, by),
        refresh_s=3 if rehearsal.is_running(meeting) else 0,
    )


def _links(meeting: Meeting, by: Post) -> tuple[Link, ...]:
    inside = words.may(by, "meetings.run") or queries.sees_results(by)
    shown = [("plan", _("测评方案")), ("papers", _("述职报告和材料"))]
    if inside:
        shown.append(("roll", _("投票名单")))
    shown.append(("hall", _("会场")))
    if meeting.rehearsal:
        shown.append(("rehearsal", _("演练报告")))
    if queries.sees_results(by) and rules.reached(meeting.state, "counted"):
        shown += [("results", _("测评结果")), ("grades", _("综合评价等次"))]
    if inside:
        shown.append(("follow", _("反馈和整改")))
    if queries.in_force(meeting) is not None:
        shown += [("notice-paper", _("会议通知（PDF）")), ("appointments", _("日程（ICS）"))]
    links = [Link(label, words.address(meeting, name)) for name, label in shown]
    return (*links, Link(_("返回测评"), reverse("meetings:index")))


def _about(meeting: Meeting, by: Post) -> Facts:
    document = queries.document(meeting)
    plan = queries.in_force(meeting)
    onsite = sum(one["mode"] == "onsite" for one in document["units"])
    items: list[tuple[str, Cell]] = [
        (_("述职年度"), Cell(str(meeting.year))),
        (_("会议时间"), Cell(words.held(document))),
        (
            _("述职单位"),
            Cell(
                _("现场 %(onsite)d 个，书面 %(written)d 个")
                % {"onsite": onsite, "written": len(document["units"]) - onsite}
            ),
        ),
        (_("报告截止"), Cell(words.day(document["reports_due"]))),
    ]
    if meeting.chair:
        items.append((_("主持"), Cell(meeting.chair.label())))
    if plan is not None:
        items.append((_("测评方案"), Cell(_("第 %(n)d 版") % {"n": plan.version})))
        items.append((_("方案摘要"), Cell(plan.digest[:16], "code")))
    if meeting.poll is not None:
        phase = Tag(_(polls.PHASES[meeting.poll.phase]), "info")
        href = ""
        if words.may(by, "ballots.run") or words.may(by, "ballots.chair"):
            href = meeting.poll.get_absolute_url()
        items.append((_("票箱"), Cell(phase.label, href=href)))
    for guest in meeting.guests.select_related("unit"):
        told = f"{guest.unit.label()} {guest.name} {guest.rank}".strip()
        items.append((_("到会指导"), Cell(told)))
    return Facts(_("概况"), tuple(items))


def _rehearsals(meeting: Meeting) -> Tables | None:
    found = list(meeting.rehearsals.select_related("job").order_by("-pk"))
    if not found:
        return None
    heads = columns(Column(_("演练"), wide=True), _("状态"), _("时间"))
    rows = tuple(
        row(
            Cell(_("第 %(n)d 次") % {"n": number}, href=words.address(one, "rehearsal")),
            rehearsal.state_tag(one),
            Cell(one.created_at, "moment"),
        )
        for number, one in zip(range(len(found), 0, -1), found, strict=True)
    )
    return Tables(_("演练"), Table(heads, rows))


def _steps(meeting: Meeting) -> Tables:
    heads = columns(Column(_("步骤"), wide=True), _("状态"), Column(_("还差什么"), wide=True))
    rows = []
    for check in queries.checks(meeting):
        tag, told = Tag(_("已完成"), "good"), ""
        if check.waiver is not None:
            who = check.waiver.by.label() if check.waiver.by else _("系统")
            tag = Tag(_("批准免做"), "warn")
            told = _("%(reason)s（%(who)s）") % {"reason": check.waiver.reason, "who": who}
        elif not check.done:
            tag, told = Tag(_("未完成"), "quiet"), check.missing
        href = words.address(meeting, _PAGES[check.step])
        rows.append(row(Cell(_(rules.STEPS[check.step]), href=href), tag, Cell(told)))
    return Tables(
        _("步骤"),
        Table(heads, tuple(rows)),
        _("没有做又没有写明原因的，不能办结；免做的原因和结果一起打印。"),
    )


def _reporters(meeting: Meeting, by: Post) -> Tables:
    heads = columns(
        Column(_("次序"), number=True), Column(_("单位"), wide=True), _("述职方式"), _("测评")
    )
    seen = set(queries.reporters_seen(by, meeting).values_list("pk", flat=True))
    rows = tuple(
        row(
            Cell(one.number, "number"),
            Cell(one.unit.label(), href=one.get_absolute_url() if one.pk in seen else ""),
            words.mode_tag(one.mode),
            Cell(_("参加") if one.rated else _("不参加")),
        )
        for one in queries.reporters(meeting)
    )
    return Tables(_("述职次序"), Table(heads, rows, empty=_("方案批准以后排定。")))


# What can be done now ---------------------------------------------------------------------------


def _acts(meeting: Meeting, by: Post, given: dict[str, Form]) -> list[Panel]:
    acts: list[Panel] = []

    def act(
        name: str, title: str, submit: str, intro: str = "", form: Any = None, **more: Any
    ) -> None:
        shown = given.get(name) or (form if form is not None else Button())
        acts.append(FormPanel(title, shown, _act(meeting, name), submit, intro, **more))

    phase = meeting.poll.phase if meeting.poll else ""
    if words.may(by, "meetings.chair"):
        if meeting.state == "preparing":
            act("begin", _("开会"), _("宣布开会"), _("方案已批准、票箱已设好，才能开会。"))
        if meeting.state == "sitting" and phase == "issued":
            act(
                "start-rating",
                _("开始测评"),
                _("宣布开始测评"),
                _("述职和点评已做完。开始以后，屏幕上只按整步显示投票率。"),
            )
        if meeting.state == "sitting" and phase == "casting":
            act(
                "end-rating",
                _("结束测评"),
                _("宣布结束测评"),
                _("结束以后一张票也不再收，什么也不变。"),
                tone="bad",
            )
        if meeting.state == "sitting" and phase in ("closed", "counted"):
            shares = meeting.poll is not None and meeting.poll.plan["seal"] == "shares"
            act(
                "count",
                _("计票"),
                _("开箱计票"),
                _("请监票人到场。张数核对不平，不出结果。"),
                CountForm() if shares and phase == "closed" else Button(),
            )
        if phase == "counted" and meeting.state != "sitting" and not meeting.rehearsal:
            act(
                "put-away",
                _("封存票箱"),
                _("核对期结束，封存票箱"),
                _("核对期到 %(day)s。封着的票、用过的票证和密钥从此抹去，不能再复票；结果留下。")
                % {"day": words.day(queries.check_until(meeting).isoformat())},
            )
    if words.may(by, "meetings.approve") and meeting.state != "planning":
        open_steps = [
            one.step
            for one in queries.checks(meeting)
            if not one.settled and one.step not in rules.NEVER_WAIVED
        ]
        if open_steps and meeting.state != "done":
            act(
                "waive",
                _("批准免做一步"),
                _("批准"),
                _("写明原因，和结果一起打印。方案、计票、定等次不能免。"),
                WaiveForm(open_steps),
                folded=True,
            )
    if words.may(by, "meetings.run") and meeting.state == "preparing" and not meeting.rehearsal:
        act(
            "rehearse",
            _("演练"),
            _("发起演练"),
            _("照现行方案另开一场，模拟的手机从签到投到计票，在后台进行；不进台账和数据。"),
            RehearseForm(),
            folded=True,
        )
    if words.may(by, "meetings.run") and meeting.state == "issued":
        act("close", _("办结"), _("办结这一轮"), _("每一步都做了，或写明为什么没有做。"))
    return acts


def _act(meeting: Meeting, name: str) -> str:
    return words.address(meeting, "act", name)

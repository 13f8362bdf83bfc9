"""反馈和整改：the speech and its requirements, letters, uses, what goes to the ledger."""

from collections.abc import Mapping
from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.ledger.models import Finding
from bihuan.ledger.pages.listing import state_tag
from bihuan.meetings import queries, rules
from bihuan.meetings.forms import Button, RequirementsForm, SpeechForm, UseForm
from bihuan.meetings.models import Letter, Meeting, Reporter, Use
from bihuan.meetings.pages import words
from bihuan.meetings.queries import results
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, Facts, FormPanel, Link, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Row, Table, Tag, columns, row

_OPEN = ("sitting", "counted", "decided", "issued")


def detail(meeting: Meeting, by: Post, forms: dict[str, Form] | None = None) -> DetailPage:
    """反馈和整改：讲话和要求，问题进台账，反馈函，结果运用，年度得分。"""
    raised = queries.issues(meeting)
    panels: list[Panel] = []
    if meeting.speech:
        panels.append(Prose(_("讲话"), meeting.speech))
    panels.append(_requirements(meeting, raised, by))
    panels += _concerns(meeting, raised, by)
    panels += [_letters(meeting, by), _uses(meeting, by)]
    return DetailPage(
        _("反馈和整改"),
        panels,
        _acts(meeting, by, forms or {}),
        words.tags(meeting),
        kicker=meeting.label(),
        links=(words.back(meeting),),
    )


def _acts(meeting: Meeting, by: Post, given: dict[str, Form]) -> list[Panel]:
    if not words.may(by, "meetings.run"):
        return []
    acts: list[Panel] = []
    if meeting.state == "decided":
        acts.append(
            FormPanel(
                _("发出反馈函"),
                Button(),
                words.address(meeting, "act", "issue-letters"),
                _("每个单位发一份"),
                _("先把要写进反馈函的问题存入台账；发出以后内容不变。"),
                "good",
            )
        )
    if meeting.state in ("decided", "issued") and not meeting.scored and not meeting.rehearsal:
        acts.append(
            FormPanel(
                _("年度得分"),
                Button(),
                words.address(meeting, "act", "record-scores"),
                _("登记入数据"),
                _("只有看得到测评结果的人看得到，不公布。"),
            )
        )
    if meeting.state in _OPEN:
        before = {"verdict": meeting.verdict, "speech": meeting.speech}
        acts.append(
            FormPanel(
                _("记录讲话"),
                given.get("speech") or SpeechForm(initial=before),
                words.address(meeting, "speech"),
                _("保存讲话"),
                folded=bool(meeting.speech),
            )
        )
        acts.append(
            FormPanel(
                _("登记会议要求"),
                given.get("requirements") or RequirementsForm(),
                words.address(meeting, "requirements"),
                _("逐条登记"),
                _("讲话里提出的要求，一行一条，自动编号；要不要单列任务，逐条再定。"),
                folded=True,
            )
        )
    return acts


# Requirements and concerns ----------------------------------------------------------------------

Raised = Mapping[tuple[int | None, str, str], Finding]


def _requirements(meeting: Meeting, raised: Raised, by: Post) -> Tables:
    runs = words.may(by, "meetings.run") and meeting.state in _OPEN and not meeting.rehearsal
    acts_heads = ("", "") if runs else ()
    heads = columns(
        Column(_("序号"), number=True), Column(_("要求"), wide=True), _("台账"), *acts_heads
    )
    rows = []
    for one in meeting.requirements.all():
        finding = raised.get((None, "requirement", str(one.number)))
        told: Any = _told(finding)
        if finding is None and one.general:
            told = Tag(_("原则要求"), "quiet")
        acts: tuple[Any, ...] = ("", "") if runs else ()
        if runs and finding is None:
            label = _("改为要办") if one.general else _("原则要求")
            general = reverse("meetings:general", args=[meeting.pk, one.number])
            send = words.address(meeting, "raise", "all", "requirement", str(one.number))
            acts = (
                "" if one.general else Cell(_("存入台账"), "act", href=send),
                Cell(label, "act", href=general),
            )
        rows.append(row(Cell(one.number, "number"), Cell(one.text), told, *acts))
    return Tables(
        _("会议要求"),
        Table(heads, tuple(rows), empty=_("还没有登记。")),
        _("要办的存入台账，由谁办、何时办完在交办时定；只讲原则的，标明即可。"),
    )


def _told(finding: Finding | None) -> Any:
    if finding is None:
        return ""
    return Cell(state_tag(finding).label, href=finding.get_absolute_url(), note=finding.number)


def _concerns(meeting: Meeting, raised: Raised, by: Post) -> list[Panel]:
    """Everything that could go to the ledger, each with one button."""
    if not queries.sees_results(by):
        return []
    runs = words.may(by, "meetings.run") and meeting.state in _OPEN and not meeting.rehearsal
    heads = columns(
        _("单位"), _("由来"), Column(_("问题"), wide=True), _("台账"), *(("",) if runs else ())
    )
    rows: list[Row] = []
    for one in queries.reporters(meeting):
        for concern in results.concerns(meeting, one):
            finding = raised.get((one.pk, concern.kind, concern.key))
            send = words.address(
                meeting, "raise", one.unit.code, concern.kind, concern.key or "all"
            )
            rows.append(
                row(
                    one.unit.label(),
                    _(rules.ISSUES[concern.kind]),
                    Cell(concern.title, note=concern.description),
                    _told(finding),
                    *_send(runs, finding, send),
                )
            )
    return [
        Tables(
            _("测评会上的问题"),
            Table(heads, tuple(rows), empty=_("还没有点评和结果。")),
            _("一件事只存一次。交办在台账里办。"),
        )
    ]


def _send(runs: bool, finding: Finding | None, href: str) -> tuple[Any, ...]:
    """The cell of the button, where there is a column for it."""
    if not runs:
        return ()
    return (Cell(_("存入台账"), "act", href=href) if finding is None else "",)


# Letters and uses -------------------------------------------------------------------------------


def _letters(meeting: Meeting, by: Post) -> Tables:
    heads = columns(Column(_("单位"), wide=True), _("反馈函"), _("发出"), _("签收"), _("签收人"))
    found = Letter.objects.filter(reporter__meeting=meeting).select_related(
        "reporter__unit", "reporter__meeting", "read_by__person", "read_by__unit"
    )
    rows = tuple(
        row(
            letter.reporter.unit.label(),
            Cell(letter.content["number"], href=letter.get_absolute_url()),
            Cell(letter.created_at, "moment"),
            Cell(letter.read_at, "moment") if letter.read_at else Tag(_("未签收"), "quiet"),
            letter.read_by.label() if letter.read_by else "",
        )
        for letter in found.order_by("reporter__number")
        if queries.may_read_letter(by, letter.reporter)
    )
    document = queries.document(meeting)
    return Tables(
        _("反馈函"),
        Table(heads, rows, empty=_("等次定了以后发出。")),
        _("方案规定会后 %(n)s 天内反馈。") % {"n": document["feedback_days"]},
    )


def _uses(meeting: Meeting, by: Post) -> Tables:
    heads = columns(
        Column(_("单位"), wide=True),
        _("做什么"),
        _("期限"),
        _("办结"),
        Column(_("办理情况"), wide=True),
    )
    found = Use.objects.filter(reporter__meeting=meeting).select_related("reporter__unit")
    rows = tuple(_use(use, by) for use in found.order_by("due", "reporter__number"))
    shown = rows if queries.sees_results(by) else ()
    return Tables(_("结果运用"), Table(heads, shown, empty=_("没有。")))


def _use(use: Use, by: Post) -> Row:
    late = use.done_on is None and use.due < clock.today()
    href = ""
    if words.may(by, "meetings.run") and use.done_on is None:
        href = reverse("meetings:use", args=[use.reporter.meeting_id, use.pk])
    return row(
        use.reporter.unit.label(),
        Cell(_(rules.USES[use.kind]), href=href),
        Cell(use.due, "date", tone="bad" if late else "plain", note=_("逾期") if late else ""),
        Cell(use.done_on, "date") if use.done_on else Tag(_("未办结"), "quiet"),
        use.note,
    )


def using(use: Use, form: UseForm) -> DetailPage:
    """办结一项结果运用。"""
    meeting = use.reporter.meeting
    title = _("%(unit)s：%(use)s") % {
        "unit": use.reporter.unit.label(),
        "use": _(rules.USES[use.kind]),
    }
    return DetailPage(
        title,
        [
            FormPanel(
                _("办结"),
                form,
                reverse("meetings:use", args=[meeting.pk, use.pk]),
                _("办结"),
                _("期限：%(day)s。") % {"day": clock.in_words(use.due)},
            )
        ],
        kicker=meeting.label(),
        links=(Link(_("回到反馈和整改"), words.address(meeting, "follow")),),
    )


def letter(found: Letter, by: Post) -> DetailPage:
    """反馈函：只有本单位和领导班子看得到；本单位签收。"""
    content = found.content
    reporter: Reporter = found.reporter
    items = [
        row(item["item"], Cell(item["points"], "text"), item["band"]) for item in content["items"]
    ]
    heads = columns(Column(_("测评项"), wide=True), Column(_("得分"), number=True), _("等次"))
    panels: list[Panel] = []
    if items:
        panels.append(Tables(_("测评结果"), Table(heads, tuple(items))))
    if content["composite"]:
        panels.append(Facts(_("综合评价等次"), ((_("等次"), Cell(content["composite"])),)))
    if content["comments"]:
        title = _("点评（%(by)s）") % {"by": content["comment_by"]}
        panels.append(Prose(title, "\n".join(content["comments"])))
    if content["skipped"]:
        panels.append(Prose(_("未述职的原因"), content["skipped"]))
    if content["problems"]:
        panels.append(Prose(_("存在问题"), "\n".join(content["problems"])))
    panels.append(Prose(_("整改要求"), request_told(content)))
    items_about: list[tuple[str, Cell]] = [
        (_("编号"), Cell(content["number"])),
        (_("发出"), Cell(words.day(content["issued_on"]))),
        (_("摘要（SHA-256）"), Cell(found.digest, "code")),
    ]
    if found.read_at and found.read_by:
        items_about.append((_("签收"), Cell(found.read_at, "moment", note=found.read_by.label())))
    panels.append(Facts(_("这份反馈函"), tuple(items_about)))
    acts: list[Panel] = []
    if found.read_at is None and people.may(by, "meetings.report", at=reporter.unit):
        acts.append(
            FormPanel(
                _("签收"), Button(), words.reporter_address(reporter, "sign-letter"), _("签收")
            )
        )
    return DetailPage(
        _("测评反馈函"),
        panels,
        acts,
        kicker=reporter.meeting.label(),
        intro=_("给%(unit)s。请勿外传。") % {"unit": reporter.unit.label()},
        links=(
            Link(_("打印（PDF）"), words.reporter_address(reporter, "letter-paper"), primary=True),
            Link(_("回到单位页"), reporter.get_absolute_url()),
        ),
    )


def request_told(content: Mapping[str, Any]) -> str:
    """What the letter asks for."""
    if content["rectify"]:
        return _("请于%(day)s前报送整改方案和责任清单，限期整改，进展在整改台账中填报。") % {
            "day": words.day(content["plan_due"])
        }
    return _("请于%(day)s前报送整改方案，进展在整改台账中填报。") % {
        "day": words.day(content["plan_due"])
    }

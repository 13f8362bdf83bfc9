"""What the ledger's pages show."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import BaseForm
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.audit import pages as audit
from bihuan.base import clock
from bihuan.base.text import zh
from bihuan.files import pages as files
from bihuan.ledger import queries, rules
from bihuan.ledger.forms import FORMS, FilterForm, RaiseForm, initial
from bihuan.ledger.models import Finding
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.ui.panel import (
    DetailPage,
    Facts,
    FormPage,
    FormPanel,
    Link,
    ListPage,
    Prose,
    Tables,
)
from bihuan.ui.table import Cell, Column, Pager, Row, Table, Tag, Tone, columns, row

PAGE = 50

TONES: dict[str, Tone] = {
    "draft": "quiet",
    "assigned": "info",
    "acknowledged": "info",
    "rectifying": "info",
    "requested": "warn",
    "checking": "warn",
    "closed": "good",
    "long_term": "plain",
    "void": "quiet",
}

# What the fold of an act says, and what its button says.
INTROS = {
    "assign": zh("定下谁来改、何时改完。交办以后，最初时限不再变。"),
    "submit_evidence": zh("照片、文件、表格都可以。文件按内容存证，只供下载。"),
    "request_close": zh("写明完成了什么。提交后由未参与整改的人核查。"),
    "verify": zh("参与整改的人和责任单位的人不能核查。"),
    "ask_extension": zh("须在到期之前申请。最初时限永远保留。"),
    "recheck": zh("销号一段时间后再看一次，是否反弹。"),
}


def state_tag(finding: Finding) -> Tag:
    """The state in words."""
    return Tag(_(rules.STATES[finding.state]), TONES[finding.state])


def due_tag(finding: Finding) -> Tag | None:
    """逾期、临期，或无。"""
    if finding.due is None or finding.state not in rules.OPEN:
        return None
    today = clock.today()
    left = rules.days_left(finding.due, today)
    if rules.is_overdue(finding.state, finding.due, today, finding.requested_on):
        if finding.state in rules.WITH_CHECKER:
            return Tag(_("逾期申请"), "bad")
        return Tag(ngettext("逾期 %(n)d 天", "逾期 %(n)d 天", -left) % {"n": -left}, "bad")
    if finding.state in rules.WITH_UNIT and left <= queries.limit("soon_days"):
        return Tag(ngettext("还有 %(n)d 天", "还有 %(n)d 天", left) % {"n": left}, "warn")
    return None


def table(found: list[Finding], pager: Pager | None = None, empty: str = "") -> Table:
    """Findings as rows."""
    heads = columns(
        _("编号"), Column(_("问题"), wide=True), _("牵头单位"), _("完成时限"), _("状态"), _("提示")
    )
    return Table(heads, tuple(_line(finding) for finding in found), empty=empty, pager=pager)


def _line(finding: Finding) -> Row:
    tag = due_tag(finding)
    extended = finding.first_due is not None and finding.due != finding.first_due
    note = (
        _("最初时限 %(day)s") % {"day": clock.in_words(finding.first_due)}
        if finding.first_due and extended
        else ""
    )
    return row(
        Cell(finding.number, "code", href=finding.get_absolute_url()),
        Cell(finding.title, href=finding.get_absolute_url()),
        finding.lead_unit.label() if finding.lead_unit else "",
        Cell(finding.due, "date", note=note),
        state_tag(finding),
        tag if tag else "",
        tone=tag.tone if tag else "plain",
    )


def index(found: QuerySet[Finding], form: FilterForm, number: int, by: Post) -> ListPage:
    """The ledger as the filters say."""
    paginator = Paginator(found, PAGE)
    shown = paginator.get_page(number)
    here = reverse("ledger:index")
    asked = {key: getattr(value, "pk", value) for key, value in form.asked().items()}
    pager = Pager(
        shown.number,
        paginator.num_pages,
        paginator.count,
        _page_address(here, asked, shown.number - 1) if shown.has_previous() else "",
        _page_address(here, asked, shown.number + 1) if shown.has_next() else "",
    )
    links = (
        (Link(_("提出问题"), reverse("ledger:raise"), primary=True),)
        if people.may(by, "ledger.raise")
        else ()
    )
    return ListPage(
        _("整改台账"),
        table(list(shown), pager, _("没有符合条件的问题。")),
        filters=FormPanel("", form, here, _("筛选"), method="get"),
        links=links,
    )


def _page_address(here: str, asked: dict[str, object], number: int) -> str:
    return f"{here}?{urlencode({**asked, 'page': number})}"


def raising(form: RaiseForm) -> FormPage:
    """A form for a new finding."""
    panel = FormPanel("", form, reverse("ledger:raise"), _("存入台账"))
    return FormPage(
        _("提出问题"), panel, _("先存为草稿，领取编号；由谁整改、何时完成，在交办时定。")
    )


def detail(
    finding: Finding, by: Post, *, bound: BaseForm | None = None, bound_step: str = ""
) -> DetailPage:
    """One finding: what it is, all that was done, and what this post can do now."""
    steps = queries.possible(finding, by)
    if bound_step and bound_step not in steps:
        steps = [bound_step, *steps]
    acts = [
        _act(finding, step, bound if step == bound_step else None, i == 0)
        for i, step in enumerate(_ordered(steps))
    ]
    tag = due_tag(finding)
    panels = [_facts(finding), *_texts(finding), *_work(finding), audit.timeline(finding)]
    return DetailPage(
        finding.title,
        panels,
        acts,
        (state_tag(finding), *((tag,) if tag else ())),
        kicker=_("问题 %(number)s") % {"number": finding.number},
        intro=_waiting_for(finding),
        links=(Link(_("返回台账"), reverse("ledger:index")),),
    )


# The step that moves a finding on stands first and open; the others are folded below it.
_FORWARD = ("assign", "acknowledge", "decide_extension", "take_up", "close", "verify")


def _ordered(steps: list[str]) -> list[str]:
    shown = [step for step in steps if step in FORMS]
    return sorted(shown, key=lambda s: _FORWARD.index(s) if s in _FORWARD else len(_FORWARD))


def _act(finding: Finding, step: str, bound: BaseForm | None, first: bool) -> FormPanel:
    form = bound or FORMS[step](initial=initial(finding, step), prefix=None)
    name = _(rules.STEP_NAMES[step])
    address = reverse("ledger:step", args=[finding.pk, step.replace("_", "-")])
    intro = _(INTROS[step]) if step in INTROS else ""
    tone: Tone = "bad" if step in ("discard", "decline") else "plain"
    return FormPanel(name, form, address, name, intro, tone, folded=not first)  # type: ignore[arg-type]  # every form here is a Form


def _waiting_for(finding: Finding) -> str:
    """One sentence: whose turn it is."""
    lead = finding.lead_unit.label() if finding.lead_unit else ""
    sentence = {
        "draft": _("等待交办。"),
        "assigned": _("等待%(unit)s签收。"),
        "acknowledged": _("等待%(unit)s制定整改措施。"),
        "rectifying": _("%(unit)s正在整改；完成后提交佐证，申请销号。"),
        "requested": _("等待核查人受理。"),
        "checking": _("核查中；通过后由督查部门销号。"),
        "closed": _("已销号。一段时间后回头看。"),
        "long_term": _("长期坚持；到下次检查的日期再看。"),
        "void": _("已作废，编号保留。"),
    }[finding.state]
    return sentence % {"unit": lead}


def _facts(finding: Finding) -> Facts:
    assisting = "、".join(unit.label() for unit in finding.assist_units.all())
    origin = queries.origin(finding)
    address: Callable[[], str] | None = getattr(origin, "get_absolute_url", None)
    items: list[tuple[str, Cell]] = [
        (_("问题来源"), Cell(finding.get_source_display(), note=finding.source_number)),
        (_("问题类别"), Cell(finding.category)),
        (_("整改类型"), Cell(finding.get_rect_kind_display())),
        (_("责任领导"), Cell(finding.leader.label() if finding.leader else "")),
        (_("牵头单位"), Cell(finding.lead_unit.label() if finding.lead_unit else "")),
        (_("配合单位"), Cell(assisting)),
        (_("责任人"), Cell(finding.owner.label() if finding.owner else "")),
        (_("交办日期"), Cell(finding.assigned_on, "date")),
        (_("完成时限"), Cell(finding.due, "date")),
        (_("最初时限"), Cell(finding.first_due, "date")),
        (_("申请销号日期"), Cell(finding.requested_on, "date")),
        (_("销号日期"), Cell(finding.closed_on, "date")),
    ]
    if finding.origin_name:
        items.append((_("由来"), Cell(finding.origin_name, href=address() if address else "")))
    if finding.closed_on:
        first, last = queries.recheck_window(finding.closed_on)
        window = _("%(first)s 至 %(last)s") % {
            "first": clock.in_words(first),
            "last": clock.in_words(last),
        }
        items.append((_("回头看"), Cell(window)))
    if finding.round > 1:
        items.append((_("轮次"), Cell(finding.round, "number")))
    return Facts(_("基本情况"), tuple(items))


def _texts(finding: Finding) -> list[Prose]:
    texts = (
        (_("问题描述"), finding.description),
        (_("整改目标"), finding.goal),
        (_("备注"), finding.note),
    )
    return [Prose(title, text) for title, text in texts if text]


def _work(finding: Finding) -> list[Tables]:
    """Measures, progress, evidence, verifications, extensions, re-checks: those there are."""
    who, when = _("经办"), _("时间")
    text = Column(_("内容"), wide=True)
    measures = [
        row(m.text, Cell(m.due, "date"), _by(m.by), Cell(m.created_at, "moment"))
        for m in finding.measures.select_related(*_BY)
    ]
    progress = [
        row(p.text, _by(p.by), Cell(p.created_at, "moment"))
        for p in finding.progress.select_related(*_BY)
    ]
    evidence = [
        row(
            Cell(
                e.version.name,
                href=reverse("ledger:evidence", args=[finding.pk, e.pk]),
                note=files.size(e.version.size),
            ),
            e.text,
            Cell(e.version.digest[:12], "code"),
            _by(e.by),
            Cell(e.created_at, "moment"),
        )
        for e in finding.evidence.select_related("version", *_BY)
    ]
    checks = [
        row(
            Tag(_("通过"), "good") if v.passed else Tag(_("不通过"), "bad"),
            v.get_way_display(),
            v.opinion,
            _by(v.by),
            Cell(v.created_at, "moment"),
        )
        for v in finding.verifications.select_related(*_BY)
    ]
    extensions = [
        row(
            Cell(x.from_due, "date"),
            Cell(x.to_due, "date"),
            x.reason,
            _granted(x.granted),
            Cell(x.answer, note=_by(x.decided_by)),
        )
        for x in finding.extensions.select_related(*_BY, "decided_by__person", "decided_by__unit")
    ]
    rechecks = [
        row(
            Tag(_("没有反弹"), "good") if r.held else Tag(_("有反弹"), "bad"),
            r.opinion,
            _by(r.by),
            Cell(r.created_at, "moment"),
        )
        for r in finding.rechecks.select_related(*_BY)
    ]
    plan = (
        (_("整改措施"), columns(text, _("完成日期"), who, when), measures),
        (_("进展"), columns(text, who, when), progress),
        (
            _("佐证材料"),
            columns(_("文件"), Column(_("说明"), wide=True), _("摘要"), who, when),
            evidence,
        ),
        (
            _("核查"),
            columns(_("结论"), _("核查方式"), Column(_("核查意见"), wide=True), who, when),
            checks,
        ),
        (
            _("延期"),
            columns(
                _("原时限"), _("新时限"), Column(_("延期理由"), wide=True), _("决定"), _("审批意见")
            ),
            extensions,
        ),
        (_("回头看"), columns(_("结果"), Column(_("意见"), wide=True), who, when), rechecks),
    )
    return [Tables(title, Table(heads, tuple(rows))) for title, heads, rows in plan if rows]


_BY = ("by__person", "by__unit")


def _by(post: Post | None) -> str:
    return post.label() if post else _("系统")


def _granted(granted: bool | None) -> Tag:
    if granted is None:
        return Tag(_("待审批"), "warn")
    return Tag(_("同意"), "good") if granted else Tag(_("不同意"), "bad")

"""One finding on its page: what it is, all that was done, what the reader can do now."""

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.audit import pages as audit
from bihuan.base import clock
from bihuan.base.text import zh
from bihuan.days import words as days
from bihuan.files import pages as files
from bihuan.ledger import queries, rules
from bihuan.ledger.forms import FORMS, form_for
from bihuan.ledger.forms.steps import AmendForm, StepForm
from bihuan.ledger.models import Evidence, Finding, Measure
from bihuan.ledger.pages import notices
from bihuan.ledger.pages.listing import alike_panel, due_words, lamp_tag, state_tag, table
from bihuan.people.models import Post
from bihuan.people.words import who as _by
from bihuan.ui.panel import DetailPage, Facts, FormPanel, Link, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, Tone, columns, row

# What the fold of an act says, and what its button says.
INTROS = {
    "assign": zh("定下谁来改、何时改完。交办以后，最初时限不再变。"),
    "submit_evidence": zh("照片、文件、表格都可以。文件按内容存证，只供下载。"),
    "request_close": zh("写明完成了什么。提交后由未参与整改的人核查。"),
    "verify": zh("参与整改的人和责任单位的人不能核查。"),
    "ask_extension": zh("须在到期之前申请。最初时限永远保留。"),
    "recheck": zh("销号一段时间后再看一次，是否反弹；有反弹的另立新问题，与这个问题相连。"),
    "split": zh("逐级分解：只能分给直接下级。下级全部销号，上级才能销号。"),
    "finish_measure": zh("措施与问题分开计数；一条措施只填一次落实。"),
    "hand_over": zh("单位撤并或分工调整时移交；时限不因移交而变。"),
    "cancel": zh("经批准撤销，编号保留。"),
}


def detail(
    finding: Finding,
    by: Post,
    *,
    bound: StepForm | AmendForm | None = None,
    bound_step: str = "",
    wanted: str = "",
) -> DetailPage:
    """One finding: what it is, all that was done, and what this post can do now.

    `wanted` is the step whose form stands first and open, where it is possible at all.
    """
    steps = queries.possible(finding, by)
    if bound_step and bound_step not in steps:
        steps = [bound_step, *steps]
    acts = [
        _act(finding, step, bound if step == bound_step else None, i == 0)
        for i, step in enumerate(_ordered(steps, bound_step or wanted))
    ]
    tags = [state_tag(finding)]
    if (lamp := lamp_tag(queries.lamp(finding))) is not None:
        tags.append(lamp)
    panels: list[Panel] = [
        *_facts(finding),
        *_texts(finding),
        *_cascade(finding, by),
        *_work(finding),
        *_signs(finding),
        *notices.of_finding(finding),
        *_earlier(finding, by),
        audit.timeline(finding),
    ]
    return DetailPage(
        finding.title,
        panels,
        acts,
        tuple(tags),
        kicker=_("问题 %(number)s") % {"number": finding.number},
        intro=_waiting_for(finding),
        links=(Link(_("返回台账"), reverse("ledger:index")),),
    )


# The step that moves a finding on stands first and open; the others are folded below it.
_FORWARD = (
    "assign",
    "acknowledge",
    "decide_extension",
    "take_up",
    "close",
    "verify",
    "report",
    "finish_measure",
    "submit_evidence",
    "request_close",
)


def _ordered(steps: list[str], first: str) -> list[str]:
    shown = [step for step in steps if step in FORMS]
    order = (first, *_FORWARD)
    return sorted(shown, key=lambda s: order.index(s) if s in order else len(order))


def _act(finding: Finding, step: str, bound: StepForm | AmendForm | None, first: bool) -> FormPanel:
    form = bound or form_for(finding, step)
    name = _(rules.STEP_NAMES[step])
    address = reverse("ledger:step", args=[finding.pk, step.replace("_", "-")])
    intro = _(INTROS[step]) if step in INTROS else ""
    tone: Tone = "bad" if step in ("discard", "decline", "cancel") else "plain"
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


def _facts(finding: Finding) -> tuple[Facts, Facts]:
    assisting = _("、").join(unit.label() for unit in finding.assist_units.all())
    origin = queries.origin(finding)
    address: Callable[[], str] | None = getattr(origin, "get_absolute_url", None)
    what: list[tuple[str, Cell]] = [
        (
            _("问题来源"),
            Cell(queries.word("sources", finding.source), note=finding.source_number),
        ),
        (_("问题类别"), Cell(finding.category)),
        (_("地点或对象"), Cell(finding.place)),
        (_("风险"), Cell(finding.get_risk_display())),
        (_("整改类型"), Cell(finding.get_rect_kind_display())),
        (_("责任领导"), Cell(finding.leader.label() if finding.leader else "")),
        (_("牵头单位"), Cell(finding.lead_unit.label() if finding.lead_unit else "")),
        (_("配合单位"), Cell(assisting)),
        (_("责任人"), Cell(finding.owner.label() if finding.owner else "")),
    ]
    if finding.origin_name:
        what.append((_("由来"), Cell(finding.origin_name, href=address() if address else "")))
    if finding.external_number:
        what.append((_("原编号"), Cell(finding.external_number)))
    if finding.signatures > 1:
        what.append((_("核查签字人数"), Cell(finding.signatures, "number")))
    return Facts(_("基本情况"), tuple(what)), Facts(_("时间"), tuple(_dates(finding)))


def _dates(finding: Finding) -> list[tuple[str, Cell]]:
    items: list[tuple[str, Cell]] = [
        (_("交办日期"), Cell(finding.assigned_on, "date")),
        (_("完成时限"), Cell(finding.due, "date", note=due_words(finding))),
        (_("最初时限"), Cell(finding.first_due, "date")),
    ]
    if (counted := queries.counted(finding)) is not None:
        note = _("暂定：有的年份放假安排还没有公布。") if finding.provisional else ""
        told = "".join(part for part in (finding.counted_by, days.told(counted)) if part)
        items.append((_("时限怎样算出"), Cell(told, note=note)))
    if finding.due_text:
        items.append((_("时限原文"), Cell(finding.due_text, "quote")))
    if finding.missed_on:
        items.append((_("首次逾期日期"), Cell(finding.missed_on, "date", tone="bad")))
    items.append((_("申请销号日期"), Cell(finding.requested_on, "date")))
    items.append((_("销号日期"), Cell(finding.closed_on, "date")))
    if (window := queries.window(finding)) is not None:
        told = _("%(first)s 至 %(last)s") % {
            "first": clock.in_words(window[0]),
            "last": clock.in_words(window[1]),
        }
        items.append((_("回头看"), Cell(told)))
    if finding.round > 1:
        items.append((_("轮次"), Cell(finding.round, "number")))
    return items


def _cascade(finding: Finding, by: Post) -> list[Panel]:
    """层层传导：上级问题，下级各份，合起来怎样；晚了的下级藏不住。"""
    panels: list[Panel] = []
    if finding.parent is not None:
        seen = queries.visible_to(by).filter(pk=finding.parent.pk).exists()
        href = finding.parent.get_absolute_url() if seen else ""
        items = (
            (_("上级问题"), Cell(str(finding.parent), href=href)),
            (_("分解所沿的线"), Cell(finding.get_line_display())),
        )
        panels.append(Facts(_("上级"), items))
    parts = queries.parts(finding)
    if parts:
        up = queries.roll_up(finding, parts)
        intro = _(
            "共 %(total)d 份：已销号 %(closed)d，已撤销 %(void)d，逾期 %(late)d。"
            "全部销号或经批准撤销，上级才能销号。"
        ) % {
            "total": up.total,
            "closed": up.closed,
            "void": up.withdrawn,
            "late": up.overdue,
        }
        panels.append(Tables(_("分解到下级"), table(parts), intro))
    return panels


def _signs(finding: Finding) -> list[Panel]:
    signs = [row(sign.note) for sign in finding.signs.filter(round=finding.round)]
    if not signs:
        return []
    intro = _("这些迹象只说明应再看一次，不是结论。")
    return [Tables(_("纸面整改的迹象"), Table(columns(_("迹象")), tuple(signs)), intro)]


def _earlier(finding: Finding, by: Post) -> list[Panel]:
    """反复出现的链条，和疑似的旧问题。"""
    visible = queries.visible_to(by)
    chain = []
    before = finding.previous
    while before is not None:
        chain.append(before)
        before = before.previous
    linked = [*reversed(chain), *finding.returns.select_related("lead_unit")]
    shown = [one for one in linked if visible.filter(pk=one.pk).exists()]
    panels: list[Panel] = []
    if shown:
        panels.append(Tables(_("同一问题的前后各次"), table(shown)))
    if finding.state == "draft":
        alike = queries.alike(
            finding.title,
            description=finding.description,
            place=finding.place,
            unit=finding.lead_unit,
            other_than=finding.pk,
            among=visible,
        )
        if alike:
            panels.append(alike_panel(alike[:8]))
    return panels


def _texts(finding: Finding) -> list[Prose]:
    texts = (
        (_("问题描述"), finding.description),
        (_("整改目标"), finding.goal),
        (_("验收标准"), finding.standard),
        (_("备注"), finding.note),
    )
    return [Prose(title, text) for title, text in texts if text]


def _work(finding: Finding) -> list[Tables]:
    """Measures, progress, evidence, verifications, extensions, re-checks: those there are."""
    who, when = _("经办"), _("时间")
    text = Column(_("内容"), wide=True)
    measures = [
        row(m.text, Cell(m.due, "date"), _done(m), _by(m.by), Cell(m.created_at, "moment"))
        for m in finding.measures.select_related(*_BY, "done_by__person", "done_by__unit")
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
            Cell(e.text, note=_made(e)),
            Cell(e.version.digest[:12], "code"),
            _by(e.by),
            Cell(e.created_at, "moment"),
        )
        for e in finding.evidence.select_related("version", *_BY)
    ]
    checks = [
        row(
            Tag(_("通过"), "good") if v.passed else Tag(_("不通过"), "bad"),
            queries.word("check_ways", v.way),
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
        (_("整改措施"), columns(text, _("完成日期"), _("落实"), who, when), measures),
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


def _done(measure: Measure) -> Cell | Tag:
    if measure.done_on is None:
        return Tag(_("未落实"), "quiet")
    return Cell(measure.done_on, "date", note=measure.result)


def _made(evidence: Evidence) -> str:
    """Before or after, when and where the evidence was made."""
    day = clock.in_words(evidence.dated) if evidence.dated else ""
    parts = (evidence.get_kind_display(), day, evidence.place)
    return " · ".join(part for part in parts if part)


def _granted(granted: bool | None) -> Tag:
    if granted is None:
        return Tag(_("待审批"), "warn")
    return Tag(_("同意"), "good") if granted else Tag(_("不同意"), "bad")

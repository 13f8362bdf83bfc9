"""One project: its card, its life, what blocks its start, what belongs in the ledger."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.audit import pages as audit
from bihuan.base import clock
from bihuan.ledger import queries as ledger
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.projects import queries, rules
from bihuan.projects.models import BatchTag, Project
from bihuan.projects.pages import acts, words
from bihuan.projects.pages.portfolio import feature
from bihuan.ui.chart import Map
from bihuan.ui.panel import DetailPage, Facts, FormPage, FormPanel, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Row, Table, Tag, columns, row


def detail(project: Project, by: Post) -> DetailPage:
    """项目卡。"""
    found = queries.all_clocked(project)
    levels = queries.level_years(project)
    tags = [words.stage(project)]
    newest = max(levels, key=lambda one: one.year, default=None)
    if newest is not None and newest.level != "none":
        told = {"year": newest.year, "level": _(rules.LEVELS[newest.level])}
        tags.append(Tag(_("%(year)d 年%(level)s") % told, "info"))
    if project.sample:
        tags.append(Tag(_("示例数据"), "quiet"))
    panels: list[Panel] = [_card(project)]
    if project.content:
        panels.append(Prose(_("建设内容"), project.content))
    panels.append(Prose(_("开工卡在哪里"), "\n".join(queries.blocking_sentences(project, found))))
    panels += [
        concerns(project, by),
        _life(project),
        _batches(project, by),
        _levels(project),
        _plans(project),
    ]
    if project.geometry:
        panels.append(_map(project))
    if project.note:
        panels.append(Prose(_("备注"), project.note))
    names = ("advance", "amend", "tag", "list-key", "plan-year", "strike")
    return DetailPage(
        project.label(),
        panels,
        acts.panels(project, by, *names),
        tuple(tags),
        project.code,
        links=words.around(project, "project"),
    )


def _card(project: Project) -> Facts:
    total = Cell(project.total, "number", note=_("万元")) if project.total else Cell("")
    items = [
        (_("统一项目代码"), Cell(project.code, "code") if project.code else Cell("")),
        (_("投资类别"), Cell(_(rules.KINDS[project.kind]) if project.kind else "")),
        (_("行业"), Cell(project.industry)),
        (_("建设单位"), Cell(project.builder)),
        (_("建设地点"), Cell(project.site, note=project.plot)),
        (_("总投资"), total),
        (_("责任单位"), Cell(project.unit.label() if project.unit else "")),
        (_("责任领导"), Cell(project.leader.label() if project.leader else "")),
        (_("项目协调员"), Cell(project.coordinator.label() if project.coordinator else "")),
        (_("阶段"), Cell(words.stage_name(project))),
        (_("自"), words.day(project.stage_on)),
    ]
    if project.source:
        items.append((_("来源"), Cell(project.source)))
    return Facts(_("项目"), tuple(items))


def concerns(project: Project, by: Post) -> Tables:
    """What of this project belongs in the ledger, each one click away."""
    heads = columns(
        _("类别"), Column(_("什么事"), wide=True), Column(_("依据"), wide=True), _("台账")
    )
    may, sees = people.may(by, "ledger.raise"), people.may(by, "ledger.view")
    lines: list[Row] = []
    for one in queries.concerns(project):
        if one.finding is not None:
            visible = sees and ledger.visible_to(by).filter(pk=one.finding.pk).exists()
            href = one.finding.get_absolute_url() if visible else ""
            act = Cell(one.finding.number, href=href)
        elif may:
            where = reverse("projects:raise", args=[project.pk, one.kind, one.key])
            act = Cell(_("提为问题"), "act", href=where)
        else:
            act = Cell("")
        lines.append(row(_(rules.ISSUES[one.kind]), one.title, one.description, act, tone="warn"))
    return Tables(_("值得关注"), Table(heads, tuple(lines), empty=_("没有需要关注的事。")))


def _life(project: Project) -> Tables:
    heads = columns(_("日期"), _("步骤"), _("佐证"), Column(_("说明"), wide=True), _("登记"))
    steps = queries.life(project)
    counting = {one.pk for one in queries.counting(steps)}
    lines = []
    for one in steps:
        struck = one.step != rules.STRUCK and one.pk not in counting
        name = _(rules.STEPS[one.step])
        tag = Tag(_("%(step)s（已更正，不算）") % {"step": name}, "quiet") if struck else Tag(name)
        lines.append(
            row(
                words.day(one.on),
                tag,
                words.paper(project, one.proof, one.proof.name),
                one.reason,
                words.registered(one.by, one.created_at),
                tone="quiet" if struck else "plain",
            )
        )
    intro = _("只进不退；登记错了的另作更正，原来的登记仍在。")
    return Tables(_("走过的阶段"), Table(heads, tuple(lines), empty=_("还没有登记过。")), intro)


def _batches(project: Project, by: Post) -> Tables:
    heads = columns(_("期次"), _("批别"), _("日期"), Column(_("转化"), wide=True), _("依据"), "")
    turns: dict[int, list[str]] = {}
    for turn in queries.turns_of(project, clock.today()):
        turns.setdefault(turn.tag.pk, []).append(turn_sentence(turn))
    lines = []
    for tag in BatchTag.objects.filter(project=project):
        told = " ".join(turns.get(tag.pk, ()))
        if tag.removed:
            told = _("已移出：%(reason)s") % {"reason": tag.removed}
        lines.append(
            row(
                tag.edition,
                Tag(_(rules.BATCHES[tag.batch]), "quiet" if tag.removed else "info"),
                words.day(tag.on),
                told,
                tag.source,
                words.doing(_("移出"), "untag", project, by, tag),
            )
        )
    return Tables(_("三个一批"), Table(heads, tuple(lines), empty=_("没有列入。")))


def turn_sentence(turn: queries.Turn) -> str:
    """How one conversion went, in a sentence."""
    from_unit = _(queries.left_unit(turn.rule["unit"]))
    told = {
        "rule": queries.tables.label(turn.rule),
        "n": turn.age,
        "unit": from_unit,
        "due": clock.in_words(turn.due),
        "on": clock.in_words(turn.reached) if turn.reached else "",
    }
    match turn.state:
        case "in_time":
            return _("%(rule)s：%(on)s完成，用了 %(n)d %(unit)s，在期限（%(due)s）内。") % told
        case "late":
            return _("%(rule)s：%(on)s完成，用了 %(n)d %(unit)s，晚于期限（%(due)s）。") % told
        case "overdue":
            return _("%(rule)s：已 %(n)d %(unit)s，过了期限（%(due)s）还没有完成。") % told
        case _:
            return _("%(rule)s：已 %(n)d %(unit)s，期限 %(due)s。") % told


def _levels(project: Project) -> Tables:
    heads = columns(_("年度"), _("级别"), Column(_("依据"), wide=True), _("登记"))
    found = project.listings.select_related("by__person", "by__unit").order_by("-year", "-pk")
    lines = tuple(
        row(one.year, words.level(one.level) or _(rules.LEVELS["none"]), one.source,
            words.registered(one.by, one.created_at))
        for one in found
    )  # fmt: skip
    intro = _("与三个一批互不相干，可以同时都是；名单按年动态调整，旧的保留。")
    return Tables(_("省市重点"), Table(heads, lines, empty=_("没有列入过。")), intro)


def _plans(project: Project) -> Tables:
    heads = columns(
        _("年度"), Column(_("计划投资（万元）"), number=True), _("本年开工"),
        Column(_("目标"), wide=True), _("登记"),
    )  # fmt: skip
    lines = tuple(
        row(
            one.year,
            Cell(one.amount, "number"),
            _("是") if one.starts else _("否"),
            Cell(
                one.goal, note=_("调整：%(reason)s") % {"reason": one.reason} if one.reason else ""
            ),
            words.registered(one.by, one.created_at),
        )
        for one in queries.plan_years(project)
    )
    return Tables(_("年度计划"), Table(heads, lines, empty=_("还没有定。")))


def _map(project: Project) -> Map:
    table = Table(
        columns(_("项目"), _("建设地点"), _("地块")),
        (row(project.label(), project.site, project.plot),),
    )
    return Map(_("位置"), (feature(project),), table)


def entering(form: Any) -> FormPage:
    """建项目卡。"""
    panel = FormPanel("", form, reverse("projects:enter"), _("建项目卡"))
    return FormPage(
        _("建项目卡"), panel, _("知道什么填什么，不知道的留空；阶段另行登记，每一步都要有佐证。")
    )


def history(project: Project) -> DetailPage:
    """经过：这个项目的每一件事。"""
    things = (
        project, *project.steps.all(), *project.work.all(), *project.blockages.all(),
        *project.filings.all(), *project.plans.all(), *project.batches.all(),
        *project.listings.all(), *project.year_plans.all(), *project.issues.all(),
    )  # fmt: skip
    return DetailPage(
        _("经过"),
        (audit.timeline(*things),),
        kicker=project.label(),
        links=words.around(project, "history"),
    )

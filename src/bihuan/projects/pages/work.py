"""Preliminary work of one project: the network of steps, and one step with its clock."""

from datetime import date

from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.people.models import Post
from bihuan.people.words import who
from bihuan.projects import queries
from bihuan.projects.models import Project, WorkStep
from bihuan.projects.pages import acts, words
from bihuan.projects.pages.gantt import Bar, Gantt, Track, scaled
from bihuan.ui.panel import DetailPage, Facts, Panel, Progress, Prose, Tables
from bihuan.ui.table import Cell, Column, Row, Table, Tag, columns, row


def work(project: Project, by: Post) -> DetailPage:
    """前期工作。"""
    found = queries.all_clocked(project)
    needed = [one for one in found if one.step.state != "skipped"]
    done = sum(one.step.state == "done" for one in needed)
    told = {"all": len(needed), "done": done}
    joint = [one for one in needed if one.step.joint]
    joint_done = sum(one.step.state == "done" for one in joint)
    note = _("联审联批 %(all)d 步，办结 %(done)d 步") % {"all": len(joint), "done": joint_done}
    panels: list[Panel] = []
    if found:
        said = _("共 %(all)d 步，办结 %(done)d 步") % told
        panels.append(Progress(_("前期工作"), done, len(needed), said, note if joint else ""))
    panels.append(Prose(_("开工卡在哪里"), "\n".join(queries.blocking_sentences(project, found))))
    panels.append(_steps(project, found))
    if any(one.step.accepted_on for one in found):
        panels.append(_bars(found))
    return DetailPage(
        _("前期工作"),
        panels,
        acts.panels(project, by, "lay-out"),
        (words.stage(project),),
        project.label(),
        links=words.around(project, "work"),
    )


def _steps(project: Project, found: list[queries.Clocked]) -> Tables:
    heads = columns(
        Column(_("步骤"), wide=True), _("牵头部门"), _("状态和时钟"),
        Column(_("时限和依据"), wide=True),
    )  # fmt: skip
    lines = tuple(_line(one) for one in found)
    empty = _("还没有排。请从步骤库里选要办的步骤。")
    return Tables(_("步骤"), Table(heads, lines, empty=empty))


def _line(one: queries.Clocked) -> Row:
    step = one.step
    before = [earlier.label() for earlier in step.after.all()]
    note = _("在%(steps)s之后") % {"steps": _("、").join(before)} if before else ""
    if not step.blocks_start:
        note = " ".join(filter(None, (note, _("开工以后办"))))
    late = one.overdue or (one.validity is not None and one.validity.lapsed)
    return row(
        Cell(step.label(), href=step.get_absolute_url(), note=note),
        step.unit.label() if step.unit else _(one.rule.authority),
        _clock(one),
        Cell(words.limit(one.rule), note=_(one.rule.source)),
        tone="bad" if late else "plain",
    )


def _clock(one: queries.Clocked) -> Cell:
    """The state of a step with its clock beside it; the clock first where it is bad."""
    told = words.validity_tag(one.validity) or words.clock_tag(one)
    said = [told.label] if isinstance(told, Tag) else []
    tag = words.work_state(one.step)
    if isinstance(told, Tag) and told.tone in ("bad", "warn"):
        tag, said = told, []
    due = _due(one)
    if due is not None:
        day = clock.in_words(due)
        provisional = one.term is not None and one.term.provisional
        until = _("到 %(day)s为止（暂定）") if provisional else _("到 %(day)s为止")
        said.append(until % {"day": day})
    return Cell(tag, "tag", note=_("，").join(said))


def _due(one: queries.Clocked) -> date | None:
    if one.validity is not None:
        return one.validity.until
    return one.term.due if one.term and one.step.state == "running" else None


def _bars(found: list[queries.Clocked]) -> Gantt:
    tracks, today = [], clock.today()
    for one in found:
        step = one.step
        if step.accepted_on is None:
            continue
        end = step.done_on or (one.term.due if one.term and one.term.due else today)
        bars = [Bar(step.accepted_on, max(end, step.accepted_on), "bad" if one.overdue else "info")]
        bars += [Bar(stop.first, stop.last or today, "quiet") for stop in step.stops.all()]
        note = f"{step.accepted_on:%Y-%m-%d} — {end:%Y-%m-%d}"
        tracks.append(Track(step.label(), tuple(bars), note))
    legend = _("蓝：受理到办结或到期；红：已超时；灰：停钟；竖线：今天。")
    return scaled(_("时间轴"), tracks, today, legend)


def step(found: WorkStep, by: Post) -> DetailPage:
    """一步：时钟、停钟、证件、分工。"""
    project, one = found.project, queries.clocked(found)
    rule = one.rule
    items = [
        (_("牵头部门"), Cell(found.unit.label() if found.unit else _(rule.authority))),
        (_("配合部门"), Cell(_("、").join(unit.label() for unit in found.assist.all()))),
        (_("排在之后"), Cell(_("、").join(before.label() for before in found.after.all()))),
        (_("法定时限"), Cell(words.limit(rule), note=_(rule.note) if rule.note else "")),
        (_("依据"), words.source(_(rule.source), rule.grade)),
        (_("规定有效"), Cell(words.valid(rule))),
        (_("受理日期"), words.day(found.accepted_on)),
        (_("计划办结"), words.day(found.planned_on)),
        (_("到期"), words.day(one.term.due if one.term else None)),
        (_("办结日期"), words.day(found.done_on)),
    ]
    if found.extended:
        items.append((_("延长的理由"), Cell(found.extended)))
    if found.proof is not None:
        items.append((_("批文或证件"), words.paper(project, found.proof, found.document_number)))
    if one.validity is not None:
        items.append((_("发证日期"), words.day(found.issued_on)))
        items.append((_("有效期至"), words.day(one.validity.until)))
    if found.note:
        items.append((_("说明"), Cell(found.note)))
    tags = [words.work_state(found)]
    for tag in (words.clock_tag(one), words.validity_tag(one.validity)):
        if isinstance(tag, Tag):
            tags.append(tag)
    panels: list[Panel] = [Facts(_("步骤"), tuple(items)), _stops(found)]
    if rule.document_number:
        panels.append(_renewals(found))
    names = (
        "accept",
        "stop",
        "resume",
        "extend",
        "finish",
        "renew",
        "arrange",
        "skip",
        "take-back",
    )
    return DetailPage(
        found.label(),
        panels,
        acts.panels(project, by, *names, thing=found),
        tuple(tags),
        project.label(),
        links=words.around(project, ""),
    )


def _stops(found: WorkStep) -> Tables:
    heads = columns(_("情形"), _("自"), _("至"), Column(_("说明"), wide=True), _("登记"))
    rows = found.stops.select_related("by__person", "by__unit")
    lines = tuple(
        row(
            queries.tables.stop_name(one.kind),
            words.day(one.first),
            words.day(one.last) if one.last else Tag(_("还停着"), "info"),
            one.reason,
            who(one.by),
        )
        for one in rows
    )
    return Tables(_("停钟"), Table(heads, lines, empty=_("没有停过。")))


def _renewals(found: WorkStep) -> Tables:
    rule = found.rule
    heads = columns(_("准予延期的日期"), _("文件"), _("登记"))
    rows = found.renewals.select_related("proof", "by__person", "by__unit")
    lines = tuple(
        row(words.day(one.on), words.paper(found.project, one.proof, ""), who(one.by))
        for one in rows
    )
    told = {
        "document": _(rule.document),
        "n": rule.document_number,
        "unit": _(words.unit_name(rule.document_unit)),
        "times": rule.renewals,
        "each": rule.renewal_number,
    }
    sentence = _("%(document)s有效 %(n)d %(unit)s，可延 %(times)d 次，每次 %(each)d %(unit)s。")
    return Tables(_("证件延期"), Table(heads, lines, empty=_("没有延过。")), sentence % told)

"""Tags, cells and links that the pages of this room share."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.base import clock
from bihuan.people.models import Post
from bihuan.people.words import who
from bihuan.projects import queries, rules
from bihuan.projects.models import Project, SchedulePlan, StepRule, WorkStep
from bihuan.projects.pages import acts
from bihuan.ui.panel import Link
from bihuan.ui.table import Cell, Tag, Tone
from bihuan.ui.templatetags.ui import moment

STAGE_TONES: dict[str, Tone] = {
    "reserve": "quiet",
    "signed": "info",
    "preliminary": "info",
    "started": "good",
    "under_construction": "good",
    "completed": "good",
    "in_production": "good",
    "suspended": "bad",
    "withdrawn": "quiet",
    "": "quiet",
}
WORK_TONES: dict[str, Tone] = {
    "waiting": "plain",
    "running": "info",
    "done": "good",
    "skipped": "quiet",
}
PLAN_TONES: dict[str, Tone] = {
    "submitted": "warn",
    "baseline": "good",
    "refused": "quiet",
    "noted": "info",
}
BLANK = "\u00a0"


def stage_name(project: Project) -> str:
    """The stage of a project in words; what it stands still in, where it does."""
    if project.side:
        return _(rules.SIDES[project.side])
    return _(rules.STAGES[project.stage]) if project.stage else _(rules.NO_STAGE)


def stage(project: Project) -> Tag:
    return Tag(stage_name(project), STAGE_TONES[project.side or project.stage])


def level(code: str) -> Tag | str:
    return Tag(_(rules.LEVELS[code]), "info") if code and code != "none" else ""


def work_state(step: WorkStep) -> Tag:
    return Tag(_(rules.WORK_STATES[step.state]), WORK_TONES[step.state])


def plan_state(plan: SchedulePlan) -> Tag:
    return Tag(_(rules.PLAN_STATES[plan.state]), PLAN_TONES[plan.state])


def clock_tag(one: queries.Clocked) -> Tag | str:
    """How the clock of a step stands, in words."""
    if one.term is None:
        return ""
    unit, left = _(queries.left_unit(one.rule.unit)), one.term.left
    if one.step.state == "done":
        if one.overdue:
            told = {"n": -(left or 0), "unit": unit}
            return Tag(_("办结时已超 %(n)d %(unit)s") % told, "bad")
        used = {"n": one.term.used, "unit": unit}
        return Tag(_("用了 %(n)d %(unit)s") % used, "good")
    if one.term.stopped:
        return Tag(_("时钟停着，已用 %(n)d %(unit)s") % {"n": one.term.used, "unit": unit}, "info")
    if one.overdue:
        return Tag(_("超时 %(n)d %(unit)s") % {"n": -(left or 0), "unit": unit}, "bad")
    told = {"n": max(left or 0, 0), "unit": unit}
    return Tag(_("还剩 %(n)d %(unit)s") % told, "warn" if one.soon else "plain")


def validity_tag(held: rules.Validity | None) -> Tag | str:
    """How long a document holds, in words."""
    if held is None:
        return ""
    if held.lapsed:
        return Tag(_("已失效"), "bad")
    told = {"n": held.days_left, "left": held.renewals_left}
    sentence = _("还有 %(n)d 天，可延 %(left)d 次") % told
    return Tag(sentence, "warn" if held.soon else "good")


def limit(rule: Any) -> str:
    """A legal limit in words."""
    if rule.number is None:
        return _("没有法定时限")
    if rule.number == 0:
        return _("当场")
    unit = _(rules.UNITS[rule.unit])
    told = {"bound": _(rules.BOUNDS[rule.bound]), "n": rule.number, "unit": unit}
    return _("%(bound)s %(n)d %(unit)s") % told


def source(text: str, grade: str) -> Cell:
    return Cell(text, note=_(rules.GRADES[grade]))


def doing(label: str, name: str, project: Project, by: Post, thing: Any) -> Cell:
    """A way to an act on one row, where it is offered."""
    if acts.offered(name, by, thing):
        return Cell(label, href=acts.address(name, project, thing))
    return Cell(BLANK)


def day(when: date | None) -> Cell:
    return Cell(when, "date")


def registered(post: Any, at: datetime) -> Cell:
    """Who recorded something, and when."""
    return Cell(who(post), note=moment(at))


def paper(project: Project, version: Any, label: str) -> Cell:
    """A file kept for a project, to be taken."""
    if version is None:
        return Cell("")
    return Cell(label or version.name, href=reverse("projects:file", args=[project.pk, version.pk]))


def project_cell(project: Project, note: str = "") -> Cell:
    told = note or (_("示例数据") if project.sample else "")
    return Cell(project.label(), href=project.get_absolute_url(), note=told)


def month(filed: date) -> str:
    return _("%(year)d 年 %(month)d 月") % {"year": filed.year, "month": filed.month}


def filed(state: str, days_late: int) -> Tag:
    """Whether a month was filed, in words."""
    match state:
        case "filed":
            return Tag(_("已报"), "good")
        case "late":
            return Tag(
                ngettext("迟报 %(n)d 天", "迟报 %(n)d 天", days_late) % {"n": days_late}, "orange"
            )
        case "missing":
            told = ngettext("未报，已过 %(n)d 天", "未报，已过 %(n)d 天", days_late)
            return Tag(told % {"n": days_late}, "bad")
        case _:
            return Tag(_("待报"), "plain")


def around(project: Project, here: str) -> tuple[Link, ...]:
    """The pages of one project, without the one that is open."""
    names = (
        ("project", _("项目卡")),
        ("work", _("前期工作")),
        ("progress", _("建设进展")),
        ("plans", _("施工计划")),
        ("history", _("经过")),
    )
    found = tuple(
        Link(label, reverse(f"projects:{name}", args=[project.pk]))
        for name, label in names
        if name != here
    )
    return (*found, Link(_("全部项目"), reverse("projects:index")))


def around_plan(plan: SchedulePlan, here: str) -> tuple[Link, ...]:
    """The pages of one plan, without the one that is open."""
    names = (("plan", _("这一版计划")), ("risk", _("工期风险")), ("crews", _("班组均衡")))
    found = tuple(
        Link(
            label,
            reverse(f"projects:{'plan' if name == 'plan' else f'plan-{name}'}",
                    args=[plan.project_id, plan.pk]),
        )
        for name, label in names
        if name != here
    )  # fmt: skip
    return (*found, Link(_("施工计划"), reverse("projects:plans", args=[plan.project_id])))


def boards(here: str) -> tuple[Link, ...]:
    """The boards over all projects, without the one that is open."""
    names = (
        ("index", _("项目总览")),
        ("batches", _("三个一批")),
        ("key", _("省市重点")),
        ("filings", _("月报")),
        ("weekly", _("周进展")),
        ("blockages", _("堵点")),
        ("levelling", _("前期均衡")),
        ("library", _("步骤库和规则")),
    )
    return tuple(Link(label, reverse(f"projects:{name}")) for name, label in names if name != here)


def unit_name(unit: str) -> str:
    """The unit of a term, still to be translated."""
    return rules.UNITS[unit]


def valid(rule: StepRule) -> str:
    """Since when and until when a row of the library holds."""
    first, last = rule.valid_from, rule.valid_to
    told = {
        "first": clock.in_words(first) if first else "",
        "last": clock.in_words(last) if last else "",
    }
    if first and last:
        return _("%(first)s至 %(last)s") % told
    if first:
        return _("%(first)s起") % told
    return _("%(last)s止") % told if last else _("一直")

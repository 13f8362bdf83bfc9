"""The list of meetings, the step library, the settings."""

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.reviews import queries, rules
from bihuan.reviews.forms import PrepareForm
from bihuan.reviews.models import Review, StepTemplate
from bihuan.reviews.pages import words
from bihuan.ui.panel import DetailPage, FormPage, FormPanel, Link, ListPage, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row


def index(by: Post) -> ListPage:
    """民主生活会：本人参加、经办或受邀指导的。"""
    today = words.today()
    lines = []
    for review in queries.visible_to(by):
        late = len(queries.late_steps(review, today)) if review.state != "closed" else 0
        overdue = Tag(_("%(n)d 步过了期限") % {"n": late}, "bad") if late else ""
        lines.append(
            row(
                Cell(review.label(), href=review.get_absolute_url(), note=_sample(review)),
                words.day(review.date),
                words.state(review),
                _ready(review),
                overdue,
            )
        )
    heads = columns(Column(_("会议"), wide=True), _("会议日期"), _("状态"), _("准备"), _("期限"))
    links: tuple[Link, ...] = ()
    if people.may(by, "reviews.view") or people.may(by, "reviews.keep"):
        links = (Link(_("步骤库和规则"), reverse("reviews:library")),)
    if people.may(by, "reviews.keep"):
        links = (Link(_("筹备一次会"), reverse("reviews:prepare"), primary=True), *links)
    return ListPage(
        _("民主生活会"),
        Table(heads, tuple(lines), empty=_("没有您参加、经办或受邀指导的会。")),
        _("会上的材料和批评只有本班子成员、经办人和受邀期内的指导组看得到；每次阅读都记入审计。"),
        links=links,
    )


def _sample(review: Review) -> str:
    return _("示例数据") if review.sample else ""


def _ready(review: Review) -> Tag | str:
    if review.state != "preparing":
        return ""
    missing = len(queries.not_ready(review))
    if missing:
        return Tag(_("会前还有 %(n)d 步") % {"n": missing}, "warn")
    return Tag(_("准备就绪"), "good")


def preparing(form: PrepareForm) -> FormPage:
    """筹备一次会。"""
    panel = FormPanel("", form, reverse("reviews:prepare"), _("开始筹备"))
    return FormPage(
        _("筹备民主生活会"),
        panel,
        _("成员取自班子在会议日的任职，步骤和期限取自步骤库，都可以再改。"),
    )


def library(by: Post) -> DetailPage:
    """步骤库和规则：可改的数据，带依据和可靠程度。"""
    heads = columns(
        _("阶段"), Column(_("步骤"), wide=True), _("期限"), Column(_("材料"), wide=True),
        Column(_("依据"), wide=True), _("使用"),
    )  # fmt: skip
    lines = tuple(
        row(
            _(rules.PHASES[one.phase]),
            Cell(one.label(), href=one.get_absolute_url(), note=_(one.note) if one.note else ""),
            limit(one),
            words.known(one.documents),
            Cell(words.known(one.source), note=_(rules.GRADES[one.grade])),
            Tag(_("使用"), "good") if one.in_use else Tag(_("停用"), "quiet"),
            tone="plain" if one.in_use else "quiet",
        )
        for one in queries.templates()
    )
    settings = tuple(
        row(
            Cell(_(plan.name), href=reverse("reviews:rule", args=[code])),
            said(code, queries.setting(code)),
            *_source(code),
        )
        for code, plan in rules.SETTINGS.items()
    )
    said_by = columns(_("规则"), Column(_("现在"), wide=True), Column(_("依据"), wide=True))
    empty = _("步骤库在筹备第一次会时装入。")
    return DetailPage(
        _("步骤库和规则"),
        (
            Tables(_("步骤库"), Table(heads, lines, empty=empty)),
            Tables(_("规则"), Table(said_by, settings)),
        ),
        intro=_("改动只用于以后筹备的会。标“待核实”的，请对照本地规定。"),
        links=(Link(_("民主生活会"), reverse("reviews:index")),),
    )


def _source(code: str) -> tuple[Cell]:
    newest = queries.rule_history(code).first()
    source, grade = (
        (newest.source, newest.grade)
        if newest
        else (rules.SETTINGS[code].source, rules.SETTINGS[code].grade)
    )
    return (Cell(words.known(source), note=_(rules.GRADES[grade])),)


def limit(one: StepTemplate) -> str:
    """How far from the meeting a step is due, in words."""
    if one.days == 0:
        return _("会议当日")
    told = {"n": one.days, "unit": _(rules.DAY_UNITS[one.unit])}
    if one.phase == "before":
        return _("会前 %(n)d %(unit)s") % told
    return _("会后 %(n)d %(unit)s") % told


def said(code: str, value: Any) -> str:
    """The value of a setting in words."""
    match code:
        case "quorum":
            return str(_("应到的 %(whole)d 分之 %(part)d") % value)
        case "window":
            return str(_("当年 %(first)s 至 %(last)s") % value)
        case _:
            at = 2 if get_language() == "en" else 1
            return _("、").join(row[at] or row[1] for row in value)


def template(code: str, form: Any, by: Post) -> DetailPage | FormPage:
    """一个步骤：现行的一条、以前的各条、修改。"""
    history = queries.template_history(code)
    heads = columns(
        _("时间"), Column(_("步骤"), wide=True), _("期限"), Column(_("依据"), wide=True), _("经办")
    )
    lines = tuple(
        row(
            Cell(one.created_at, "moment"),
            one.label(),
            limit(one),
            Cell(words.known(one.source), note=_(rules.GRADES[one.grade])),
            one.by.label() if one.by else _("系统"),
        )
        for one in history
    )
    acts: tuple[FormPanel, ...] = ()
    if people.may(by, "reviews.keep"):
        where = reverse("reviews:template", args=[code])
        acts = (FormPanel(_("修改"), form, where, _("保存")),)
    return DetailPage(
        history[0].label(),
        (Tables(_("各版"), Table(heads, lines)),),
        acts,
        links=(Link(_("步骤库和规则"), reverse("reviews:library")),),
    )


def rule(code: str, form: Any, by: Post) -> DetailPage:
    """一项规则：现行的值、以前的各次、修改。"""
    plan = rules.SETTINGS[code]
    heads = columns(_("时间"), Column(_("值"), wide=True), Column(_("依据"), wide=True), _("经办"))
    lines = [
        row(
            Cell(one.created_at, "moment"),
            said(code, one.value),
            Cell(words.known(one.source), note=_(rules.GRADES[one.grade])),
            one.by.label() if one.by else _("系统"),
        )
        for one in queries.rule_history(code)
    ]
    start = Cell(words.known(plan.source), note=_(rules.GRADES[plan.grade]))
    lines.append(row(_("起始"), said(code, plan.value), start, _("系统")))
    acts: tuple[FormPanel, ...] = ()
    if people.may(by, "reviews.keep"):
        acts = (FormPanel(_("修改"), form, reverse("reviews:rule", args=[code]), _("保存")),)
    return DetailPage(
        _(plan.name),
        (Tables(_("各版"), Table(heads, tuple(lines))),),
        acts,
        intro=_("改动只用于以后筹备的会。"),
        links=(Link(_("步骤库和规则"), reverse("reviews:library")),),
    )

"""The step library and the rule tables as pages."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.ledger.pages.room_tables import RoomTables
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.people.words import who
from bihuan.projects import queries, rules
from bihuan.projects.forms import TableForm
from bihuan.projects.pages import words
from bihuan.projects.queries import tables
from bihuan.projects.rules.tables import TABLES
from bihuan.ui.panel import DetailPage, FormPage, FormPanel, Link, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row

RULES = "projects.rules"


def library(by: Post) -> DetailPage:
    """步骤库和规则表：可改的数据，带依据和可靠程度。"""
    heads = columns(
        Column(_("步骤"), wide=True), _("办理部门"), _("法定时限"), Column(_("依据"), wide=True),
        Column(_("证件"), wide=True), Column(_("排在之后"), wide=True), _("开工前须办"),
    )  # fmt: skip
    found = queries.step_rules()
    names = {one.code: one.label() for one in found}
    lines = tuple(
        row(
            Cell(one.label(), href=one.get_absolute_url(), note=_(one.note) if one.note else ""),
            _(one.authority),
            words.limit(one),
            Cell(_(one.source), note=_(rules.GRADES[one.grade])),
            _document(one),
            _("、").join(names.get(code, code) for code in one.after),
            _("是") if one.blocks_start else _("否"),
        )
        for one in found
    )
    links = words.boards("library")
    if people.may(by, RULES):
        links = (Link(_("往步骤库里加一步"), reverse("projects:add-step-rule")), *links)
    intro = _("时限按受理那天有效的规定算：规定改了，已受理的不变。")
    return DetailPage(
        _("步骤库和规则"),
        (
            Tables(_("步骤库"), Table(heads, lines, empty=_("步骤库是空的。")), intro),
            ROOM.index(),
        ),
        intro=_("标“待核实”的，请对照本地规定。每次改动另存一版，写明依据，旧版永远可查。"),
        links=links,
    )


def _document(one: Any) -> Cell | str:
    if not one.document:
        return ""
    if not one.document_number:
        return _(one.document)
    unit = _(words.unit_name(one.document_unit))
    told = {
        "n": one.document_number,
        "unit": unit,
        "times": one.renewals,
        "each": one.renewal_number,
    }
    note = _("有效 %(n)d %(unit)s") % told
    if one.renewals:
        note = _("有效 %(n)d %(unit)s，可延 %(times)d 次，每次 %(each)d %(unit)s") % told
    return Cell(_(one.document), note=note)


def step_rule(code: str, form: Any, by: Post, *, looking: bool = False) -> DetailPage:
    """一步：各个时期的规定、修改。"""
    history = list(queries.step_rule_history(code))
    held = queries.step_rule(code)
    heads = columns(
        _("有效"), _("法定时限"), Column(_("依据"), wide=True), Column(_("证件"), wide=True),
        _("录入"), _("经办"),
    )  # fmt: skip
    lines = tuple(
        row(
            Cell(
                words.valid(one), note=_("现行") if held is not None and one.pk == held.pk else ""
            ),
            words.limit(one),
            Cell(_(one.source), note=_(rules.GRADES[one.grade])),
            _document(one),
            Cell(one.created_at, "moment"),
            who(one.by),
        )
        for one in history
    )
    acts: tuple[FormPanel, ...] = ()
    if people.may(by, RULES):
        where = reverse("projects:step-rule", args=[code])
        submit = _("存为新的一版") if looking else _("看会改变什么")
        acts = (
            FormPanel(_("另立一条"), form, where, submit,
                      _("规定有了变化，写明从哪天起有效；以前的各条在其有效期内照旧。")),
        )  # fmt: skip
    panels: list[Panel] = [Tables(_("各个时期的规定"), Table(heads, lines))]
    if looking:
        panels = [*_looked(code, form), *panels]
    return DetailPage(
        history[0].label(),
        panels,
        acts,
        (Tag(_("在用"), "good") if history[0].in_use else Tag(_("停用"), "quiet"),),
        links=(Link(_("步骤库和规则"), reverse("projects:library")),),
    )


def _looked(code: str, form: Any) -> list[Panel]:
    """What the new row would change, and for which steps."""
    told = [
        _("%(label)s由“%(before)s”改为“%(after)s”。")
        % {"label": label, "before": _shown(before), "after": _shown(after)}
        for label, before, after in form.changes()
    ]
    waiting = queries.steps_waiting(code)
    effect = _("还没有受理的 %(n)d 步，以后按受理那天有效的规定；已受理、已办结的不变。")
    return [
        Prose(_("将要改动（还没有保存）"), "\n".join(told) or _("内容没有变化，不必另存。")),
        Prose(_("今天会因此改变什么"), effect % {"n": waiting}),
    ]


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return _("、").join(map(str, value))
    return str(value) if value not in (None, "") else "—"


def adding(form: Any) -> FormPage:
    """往步骤库里加一步。"""
    panel = FormPanel("", form, reverse("projects:add-step-rule"), _("保存"))
    return FormPage(_("往步骤库里加一步"), panel)


def _effects(code: str, form: TableForm) -> Iterable[str]:
    """What the new rows would change today, and from when on they hold."""
    sentences = {
        "overdue": _("超期未转的由 %(before)s 个变为 %(after)s 个。"),
        "files": _("这个月要报的项目由 %(before)s 个变为 %(after)s 个。"),
        "monthly": _("这个月的应报日期由 %(before)s变为 %(after)s。"),
        "behind": _("投资滞后的由 %(before)s 个变为 %(after)s 个。"),
    }
    for one in queries.effects(code, form.rows):
        told = {"before": _counted(one.before), "after": _counted(one.after)}
        yield sentences[one.what] % told
    yield _since(code)


def _counted(value: int | date) -> str:
    return clock.in_words(value) if isinstance(value, date) else str(value)


def _since(code: str) -> str:
    told = {
        "ladder": _("只用于以后登记的堵点；已登记的照登记那天的表走。"),
        "deadlines": _("保存后立即生效；已报的月报仍按报送时的应报日期论早晚。"),
        "stages": _("只用于以后登记的步骤。"),
        "checklist": _("只用于以后报送的月报。"),
        "stops": _("已记下的停钟照旧显示原来的名称。"),
    }
    return told.get(code, _("保存后立即生效：看板按新的规定重算。"))


ROOM = RoomTables(
    TABLES, tables, TableForm, RULES, "projects:table",
    lambda: Link(_("步骤库和规则"), reverse("projects:library")), _effects,
)  # fmt: skip

"""The plan: read as a document, written part by part, approved, printed."""

from collections.abc import Mapping
from typing import Any

from django.forms import Form
from django.utils.translation import gettext as _

from bihuan.meetings import queries, rules
from bihuan.meetings.forms import (
    Button,
    NoteForm,
    ReasonForm,
    RowsForm,
    SectionForm,
    UnitsForm,
    name_of,
)
from bihuan.meetings.models import Meeting, Plan
from bihuan.meetings.pages import words
from bihuan.people.models import Post
from bihuan.ui.panel import (
    DetailPage,
    Facts,
    FormPanel,
    Grid,
    GridCell,
    Link,
    Panel,
    Prose,
    Tables,
)
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row

Document = Mapping[str, Any]


def detail(meeting: Meeting, by: Post, forms: dict[str, Form] | None = None) -> DetailPage:
    """方案：现行的一版，或正在草拟的一版；各节可改，报批，批准，另立一版。"""
    given = forms or {}
    draft = queries.drafting(meeting)
    plan = draft or queries.in_force(meeting)
    assert plan is not None  # a round is opened with its first draft
    if plan.state == "draft" and not words.may(by, "meetings.plan"):
        plan = queries.in_force(meeting) or plan
    panels: list[Panel] = [_about(plan), *_faults(plan)]
    panels += [*document_panels(plan.document), *_versions(meeting)]
    links = [words.back(meeting)]
    if plan.state == "draft" and words.may(by, "meetings.plan"):
        links = [*_edit_links(meeting), *links]
    links.append(Link(_("打印方案（PDF）"), words.address(meeting, "plan-paper")))
    return DetailPage(
        _("测评方案，第 %(n)d 版") % {"n": plan.version},
        panels,
        _acts(meeting, plan, by, given),
        (words.plan_tag(plan),),
        kicker=meeting.label(),
        links=tuple(links),
    )


def _edit_links(meeting: Meeting) -> list[Link]:
    """A page for each part that can be written."""
    parts = [
        *((code, _(label)) for code, (label, _fields) in rules.SECTIONS.items()),
        ("units", _("述职单位")),
        *((code, _(table.label)) for code, table in rules.TABLES.items()),
    ]
    return [
        Link(_("改：%(part)s") % {"part": label}, words.address(meeting, "plan-part", code))
        for code, label in parts
    ]


def _about(plan: Plan) -> Facts:
    items: list[tuple[str, Cell]] = [
        (_("版次"), Cell(str(plan.version))),
        (_("状态"), Cell(words.plan_tag(plan), "tag")),
    ]
    if plan.drafted_by:
        items.append((_("拟定"), Cell(plan.drafted_by.label())))
    if plan.approved_by and plan.approved_on:
        items.append((_("批准"), Cell(plan.approved_by.label())))
        items.append((_("批准日期"), Cell(plan.approved_on, "date")))
    if plan.reason:
        items.append((_("另立一版的原因"), Cell(plan.reason)))
    if plan.digest:
        items.append((_("摘要"), Cell(plan.digest, "code")))
    return Facts(_("这一版"), tuple(items))


def _faults(plan: Plan) -> list[Panel]:
    if plan.state != "draft" or not (found := queries.plan_faults(plan.document)):
        return []
    return [Prose(_("报批以前还要改的"), "\n".join(found))]


def document_panels(document: Document) -> list[Panel]:
    """Every part of a plan, as it reads."""
    panels: list[Panel] = [
        _section(document, code) for code in rules.SECTIONS if code in ("basics", "course")
    ]
    panels.append(units_panel(document))
    panels += [_table(document, code) for code in ("items", "grades", "categories")]
    panels += [_section(document, "rules"), _section(document, "box")]
    panels += [_table(document, code) for code in ("parts", "uses")]
    return panels


def _section(document: Document, code: str) -> Facts:
    label, fields = rules.SECTIONS[code]
    items = tuple(
        (_(rules.FIELDS[one].label), Cell(told(document, one)))
        for one in fields
        if rules.applies(document, one)
    )
    return Facts(_(label), items)


def told(document: Document, code: str) -> str:
    """One field of a plan as it reads."""
    one, value = rules.FIELDS[code], document.get(code, "")
    match one.kind:
        case "flag":
            return _("是") if value else _("否")
        case "date":
            return words.day(value)
        case "choice" if one.of:
            return queries.tables_words(document, one.of).get(str(value), "")
        case "choice":
            return _(one.choices[value]) if value in one.choices else ""
        case _:
            return str(value)


def units_panel(document: Document) -> Tables:
    """Who reports, in which order, how."""
    heads = columns(Column(_("次序"), number=True), Column(_("单位"), wide=True), _("述职方式"))
    rows = tuple(
        row(Cell(number, "number"), queries.named(unit), words.mode_tag(unit["mode"]))
        for number, unit in enumerate(document["units"], start=1)
    )
    return Tables(_("述职单位"), Table(heads, rows, empty=_("还没有选。")))


def _table(document: Document, code: str) -> Tables:
    table = rules.TABLES[code]
    heads = tuple(
        Column(
            _(column.label), number=column.kind in ("number", "whole"), wide=column.code == "name"
        )
        for column in table.columns
        if column.code not in ("code", "name_en")
    )
    rows = tuple(
        row(*(Cell(cell_told(document, column, line), "text") for column in shown(table)))
        for line in document[code]
    )
    return Tables(_(table.label), Table(heads, rows, empty=_("没有。")), _(table.intro))


def shown(table: rules.Table) -> list[rules.Column]:
    """The columns that a reader sees: names, not codes."""
    return [column for column in table.columns if column.code not in ("code", "name_en")]


def cell_told(document: Document, column: rules.Column, line: Document) -> str:
    """One cell of a table of the plan as it reads."""
    value = line.get(column.code, "")
    if column.code == "name":
        return queries.named(line)
    if column.of:
        return queries.tables_words(document, column.of).get(str(value), "")
    if column.choices:
        return _(column.choices[value]) if value in column.choices else ""
    return str(value)


def _versions(meeting: Meeting) -> list[Panel]:
    found = list(meeting.plans.select_related("approved_by__person", "approved_by__unit"))
    if len(found) < 2:
        return []
    heads = columns(
        _("版次"), _("状态"), _("批准日期"), Column(_("另立的原因"), wide=True), _("摘要")
    )
    rows = tuple(
        row(
            Cell(str(plan.version)),
            words.plan_tag(plan),
            Cell(plan.approved_on, "date") if plan.approved_on else "",
            plan.reason,
            Cell(plan.digest[:16], "code") if plan.digest else "",
        )
        for plan in found
    )
    return [Tables(_("各版"), Table(heads, rows), _("旧版照原样保存。"))]


def _acts(meeting: Meeting, plan: Plan, by: Post, given: dict[str, Form]) -> list[Panel]:
    acts: list[Panel] = []
    if plan.state == "draft" and words.may(by, "meetings.plan"):
        acts.append(
            FormPanel(
                _("报批"),
                given.get("submit") or Button(),
                words.address(meeting, "plan-act", "submit"),
                _("报领导批准"),
                _("报批以后不能再改，除非退回。"),
            )
        )
    if plan.state == "submitted" and words.may(by, "meetings.approve"):
        own = plan.drafted_by is not None and plan.drafted_by.person_id == by.person_id
        if not own:
            acts.append(
                FormPanel(
                    _("批准"),
                    given.get("approve") or Button(),
                    words.address(meeting, "plan-act", "approve"),
                    _("批准，固化这一版"),
                    _("批准以后内容不变，摘要即刻生成；要改只能另立一版。"),
                    "good",
                )
            )
        acts.append(
            FormPanel(
                _("退回"),
                given.get("send-back") or NoteForm(),
                words.address(meeting, "plan-act", "send-back"),
                _("退回修改"),
                folded=not own,
            )
        )
    if plan.state == "approved" and meeting.state == "preparing" and words.may(by, "meetings.plan"):
        acts.append(
            FormPanel(
                _("另立一版"),
                given.get("new-version") or ReasonForm(),
                words.address(meeting, "plan-act", "new-version"),
                _("另立一版"),
                _("发票开始以前可以。批准以前，现行的一版照旧有效。"),
                folded=True,
            )
        )
    return acts


# Writing one part -------------------------------------------------------------------------------


def editing(meeting: Meeting, plan: Plan, part: str, form: Form) -> DetailPage:
    """改方案的一节或一张表。"""
    address = words.address(meeting, "plan-part", part)
    if isinstance(form, RowsForm):
        panel: Panel = _rows_grid(form, address)
        title = _(rules.TABLES[part].label)
    elif isinstance(form, UnitsForm):
        panel, title = _units_grid(form, address), _("述职单位")
    else:
        title = _(rules.SECTIONS[part][0])
        panel = FormPanel("", form, address, _("保存"))
    return DetailPage(
        title,
        [panel],
        tags=(Tag(_("草拟"), "quiet"),),
        kicker=meeting.label(),
        links=(
            Link(_("回到方案"), words.address(meeting, "plan")),
            *_edit_links(meeting),
        ),
    )


def _rows_grid(form: RowsForm, address: str) -> Grid:
    table = rules.TABLES[form.table]
    heads = tuple(_(column.label) for column in table.columns)
    lines = tuple(
        tuple(
            GridCell(_(column.label), form[name_of(line, column.code)]) for column in table.columns
        )
        for line in range(form.count)
    )
    intro = _("%(intro)s清空一行的名称和代码，就删去这一行；要再加几行，保存以后又有空行。") % {
        "intro": _(table.intro)
    }
    return Grid("", form, address, _("保存"), heads, lines, intro)


def _units_grid(form: UnitsForm, address: str) -> Grid:
    lines = tuple(
        (
            GridCell(_("单位"), value=unit.label()),
            GridCell(_("述职方式"), form[f"mode-{unit.code}"]),
            GridCell(_("次序"), form[f"at-{unit.code}"]),
        )
        for unit in form.units
    )
    return Grid(
        "",
        form,
        address,
        _("保存"),
        (_("单位"), _("述职方式"), _("次序")),
        lines,
        _("单位取自机构名册中党工委的直接下级；现场述职的排在前，各按次序。"),
    )


def form_for(part: str, document: Document, data: Any = None) -> Form | None:
    """The form of one part of a plan; None for a part that there is not."""
    if part in rules.SECTIONS:
        return SectionForm(part, document, data)
    if part in rules.TABLES:
        return RowsForm(part, document, data)
    return UnitsForm(document, data) if part == "units" else None

"""The register of units and the page of one unit."""

from collections.abc import Sequence
from datetime import date

from django.core.paginator import Paginator
from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.audit import pages as audit
from bihuan.base import clock
from bihuan.people import forms, queries, rules
from bihuan.people.models import Post, Tie, Unit, UnitName
from bihuan.people.pages.acts import UNIT_ACTS, panels_of
from bihuan.people.pages.lists import PAGE, pager, posts_table, ways
from bihuan.ui.panel import DetailPage, Facts, FormPanel, Link, ListPage, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Row, Table, Tag, columns, row

STEP = "　"  # an ideographic space keeps its width in a table cell; there are no inline styles


def units(form: forms.RegisterForm, number: int, by: Post) -> ListPage:
    """机构名册：选定的线和日期上的机构树；查名称时列出所有相符的单位。"""
    asked = form.asked()
    line, day = asked.get("line", "party"), asked.get("day") or clock.today()
    text = asked.get("text", "")
    found = queries.units_like(text, day) if text else queries.register(line, day)
    shown = Paginator(found, PAGE).get_page(number)
    here = reverse("people:units")
    heads = columns(
        Column(_("单位"), wide=True), _("类型"), _("其他名称"), _("第一责任人"), _("状况")
    )
    rows = tuple(_standing(standing, day) for standing in shown)
    intro = _("%(day)s，%(line)s。") % {"day": clock.in_words(day), "line": _(rules.LINES[line])}
    if text:
        intro = _("名称、曾用名、简称中含“%(text)s”的单位。") % {"text": text}
    return ListPage(
        _("机构"),
        Table(heads, rows, empty=_("没有这样的单位。"), pager=pager(shown, here, asked)),
        intro,
        FormPanel("", form, here, _("查询"), method="get"),
        ways(by, "units"),
    )


def _standing(standing: queries.Standing, day: date) -> Row:
    unit = standing.unit
    indent = STEP * (standing.depth - 1) + "└ " if standing.depth else ""
    names = _("、").join(dict.fromkeys(name.name for name in standing.names))
    state = unit_state(unit, day)
    tag = state if standing.tied or state.tone != "good" else Tag(_("不在这条线上"), "quiet")
    former = standing.name if standing.name not in (unit.name, unit.name_en) else ""
    note = _("今名%(name)s") % {"name": unit.label()} if former else ""
    return row(
        Cell(standing.name, href=unit.get_absolute_url(), note=note, lead=indent),
        unit.get_kind_display(),
        names,
        _person_cell(standing.owner),
        tag,
        tone="quiet" if state.tone == "quiet" else "plain",
    )


def unit_state(unit: Unit, day: date | None = None) -> Tag:
    """存续、已撤销、已并入、尚未设立。"""
    today = day or clock.today()
    if unit.valid_to and unit.valid_to < today:
        return Tag(_("已并入") if unit.successor_id else _("已撤销"), "quiet")
    if unit.valid_from and unit.valid_from > today:
        return Tag(_("尚未设立"), "quiet")
    return Tag(_("存续"), "good")


def unit(unit: Unit, by: Post, *, bound: Form | None = None, bound_act: str = "") -> DetailPage:
    """单位：名称、四种关系、任职、经过，和可以办的事。"""
    posts = list(unit.posts.select_related("person", "role", "unit").order_by("-valid_to", "pk"))
    panels: list[Panel] = [
        _unit_facts(unit),
        *([Prose(_("备注"), unit.note)] if unit.note else []),
        *_names(list(unit.names.order_by("valid_to", "pk"))),
        _ties(_("上级"), list(unit.ties_up.select_related("parent")), up=True),
        _ties(_("下级"), list(unit.ties_down.select_related("child")), up=False),
        posts_table(posts, of_unit=True),
        audit.timeline(unit, *posts),
    ]
    names = unit_acts(unit, by) if queries.may(by, "people.manage", at=unit) else []
    return DetailPage(
        unit.label(),
        panels,
        panels_of(UNIT_ACTS, names, unit, "people:unit-act", unit.pk, bound, bound_act),
        (unit_state(unit),),
        kicker=unit.get_kind_display(),
        links=(Link(_("返回机构名册"), reverse("people:units")),),
    )


def unit_acts(unit: Unit, by: Post) -> list[str]:
    """What this post can do with this unit now, in the order of the page."""
    if not queries.may(by, "people.manage", at=unit):
        return []
    if unit.valid_to:  # what is over can only be corrected
        return ["end-post", "amend", "alias"] if queries.posts_to_end(unit).exists() else ["amend"]
    hidden = set() if queries.posts_to_end(unit).exists() else {"end-post"}
    if not queries.ties_to_end(unit).exists():
        hidden.add("end-tie")
    return [name for name in UNIT_ACTS if name not in hidden]


def _unit_facts(unit: Unit) -> Facts:
    owner = unit.posts.filter(queries.valid_on(clock.today()), primary_owner=True).first()
    items = [
        (_("代码"), Cell(unit.code, "code")),
        (_("英文名称"), Cell(unit.name_en)),
        (_("起始日期"), Cell(unit.valid_from, "date")),
        (_("终止日期"), Cell(unit.valid_to, "date")),
        (_("第一责任人"), _person_cell(owner)),
    ]
    if unit.successor:
        heir = unit.successor
        items.append((_("并入单位"), Cell(heir.label(), href=heir.get_absolute_url())))
    return Facts(_("基本情况"), tuple(items))


def _person_cell(post: Post | None) -> Cell:
    if post is None:
        return Cell("")
    name = post.person.label()
    note = post.duty if post.duty != name else ""  # accounts named after their posts
    return Cell(name, href=post.person.get_absolute_url(), note=note)


def _names(names: Sequence[UnitName]) -> list[Tables]:
    if not names:
        return []
    heads = columns(_("名称"), _("类型"), _("起始日期"), _("终止日期"))
    rows = tuple(
        row(n.name, n.get_kind_display(), Cell(n.valid_from, "date"), Cell(n.valid_to, "date"))
        for n in names
    )
    return [Tables(_("名称"), Table(heads, rows))]


def _ties(title: str, ties: Sequence[Tie], *, up: bool) -> Tables:
    heads = columns(_("单位"), _("关系"), _("起始日期"), _("终止日期"))
    order = {line: i for i, line in enumerate(rules.LINES)}
    rows = []
    for tie in sorted(ties, key=lambda tie: (not queries.holds(tie), order[tie.line], tie.pk)):
        other = tie.parent if up else tie.child
        rows.append(
            row(
                Cell(other.label(), href=other.get_absolute_url()),
                tie.get_line_display(),
                Cell(tie.valid_from, "date"),
                Cell(tie.valid_to, "date"),
                tone="plain" if queries.holds(tie) else "quiet",
            )
        )
    return Tables(title, Table(heads, tuple(rows), empty=_("没有。")))

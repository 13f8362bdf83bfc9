"""测评结果：each item for itself, as far as the rule of disclosure lets; never merged silently."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.base.text import zh
from bihuan.meetings import queries, rules
from bihuan.meetings.models import Meeting
from bihuan.meetings.pages import words
from bihuan.meetings.queries import results
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, Facts, Link, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Row, Table, columns, row

# Why a row is told less than in full; codes of engines.tally.disclosure.
REASONS: Mapping[str, str] = {
    "few": zh("有效票太少，不给结果"),
    "small_cells": zh("有的类别人少或意见一致，只给约数"),
    "near_unanimous": zh("几乎全体一致，只给范围"),
    "difference": zh("与先前的结果相差太少，不再给"),
    "no_marks": zh("没有有效票"),
    "empty_category": zh("有的类别没有有效票"),
}
OTHERS: Mapping[str, str] = {
    "abstain": zh("弃权"),
    "": zh("空白"),
    "own": zh("本单位"),
    "void": zh("作废"),
}
FLOWS: Mapping[str, str] = {
    "due": zh("应到"),
    "present": zh("到会"),
    "issued": zh("发出"),
    "cast": zh("收回"),
    "abstained": zh("全弃权"),
    "void": zh("作废"),
    "not_cast": zh("未投"),
    "unused": zh("未用"),
}


def detail(meeting: Meeting, by: Post) -> DetailPage:
    """测评结果：每项一张表，四个等次和弃权、空白、作废各是各的数。"""
    document = queries.document(meeting)
    panels: list[Panel] = [_reckoning(meeting, document)]
    for item in document["items"]:
        panels += _item(meeting, document, item)
    panels += _waived(meeting)
    links = [
        Link(_("测评结果表（PDF）"), words.address(meeting, "result-paper"), primary=True),
        Link(_("综合评价等次"), words.address(meeting, "grades")),
        words.back(meeting),
    ]
    return DetailPage(
        _("测评结果"),
        [*panels, _box(meeting)],
        tags=words.tags(meeting),
        kicker=meeting.label(),
        intro=_("内部资料，不公布。各项分别列出，不合并；人少或一致的格子按披露规则不显示。"),
        links=tuple(links),
    )


def issued(flow: Mapping[str, Any]) -> int:
    """All rights that were handed out."""
    return sum(int(flow.get(code) or 0) for code in ("tokens", "slips", "paper"))


def flow_told(flow: Mapping[str, Any], code: str) -> Any:
    """One number of a flow; None where it is not told."""
    return issued(flow) if code == "issued" else flow.get(code)


def _reckoning(meeting: Meeting, document: Mapping[str, Any]) -> Tables:
    names = queries.tables_words(document, "categories")
    heads = columns(
        Column(_("类别"), wide=True), *(Column(_(label), number=True) for label in FLOWS.values())
    )
    rows = tuple(
        row(
            names.get(category, category),
            *(Cell(flow_told(flow, code), "number") for code in FLOWS),
        )
        for category, flow in results.flows(meeting).items()
    )
    return Tables(
        _("票数核对"), Table(heads, rows), _("每个等式差额为零，才有结果；弃权太少时不显示。")
    )


def _item(meeting: Meeting, document: Mapping[str, Any], item: Mapping[str, Any]) -> list[Panel]:
    told = [one for one in results.rows(meeting) if one.item == item["code"]]
    units = {unit["code"]: queries.named(unit) for unit in document["units"]}
    grades = queries.tables_words(document, "grades")
    places = int(document["decimals"])
    heads = columns(
        Column(_("单位"), wide=True),
        *(Column(name, number=True) for name in grades.values()),
        *(Column(_(label), number=True) for label in OTHERS.values()),
        Column(_("得分"), number=True),
        _("等次"),
    )
    rows = tuple(
        Row(
            (
                Cell(units.get(one.unit, one.unit), note=_(REASONS.get(one.reason, ""))
                     if one.reason in REASONS else ""),
                *(Cell(one.counts.get(code) if one.counts else None, "number") for code in grades),
                *(Cell(one.counts.get(code) if one.counts else None, "number") for code in OTHERS),
                Cell(results.score_told(one, places), "text"),
                Cell(words.grade_tag(document, one.band), "tag") if one.band else Cell(""),
            )
        )
        for one in told
    )  # fmt: skip
    panels: list[Panel] = [Tables(queries.named(item), Table(heads, rows))]
    by_category = _by_category(document, told, units, grades)
    if by_category.rows:
        title = _("%(item)s：分类别") % {"item": queries.named(item)}
        panels.append(Tables(title, by_category))
    return panels


def _by_category(
    document: Mapping[str, Any],
    told: list[results.Row],
    units: Mapping[str, str],
    grades: Mapping[str, str],
) -> Table:
    names = queries.tables_words(document, "categories")
    heads = columns(
        Column(_("单位"), wide=True),
        _("类别"),
        *(Column(name, number=True) for name in grades.values()),
        *(Column(_(label), number=True) for label in OTHERS.values()),
    )
    rows = tuple(
        row(
            units.get(one.unit, one.unit),
            names.get(category, category),
            *(Cell(counts.get(code, 0), "number") for code in (*grades, *OTHERS)),
        )
        for one in told
        for category, counts in _in_order(one.cells, names)
    )
    return Table(heads, rows)


def _in_order(
    cells: Mapping[str, Mapping[str, int]], names: Mapping[str, str]
) -> list[tuple[str, Mapping[str, int]]]:
    """The cells in the order of the plan's categories."""
    order = list(names)
    return sorted(cells.items(), key=lambda one: order.index(one[0]))


def _waived(meeting: Meeting) -> list[Panel]:
    """What was left out, with the reason: it goes with the result."""
    told = [
        _("“%(step)s”没有做：%(reason)s") % {"step": _(rules.STEPS[row.step]), "reason": row.reason}
        for row in meeting.waivers.all()
    ]
    told += [
        _("%(unit)s未述职：%(reason)s") % {"unit": one.unit.label(), "reason": one.skipped}
        for one in queries.reporters(meeting)
        if one.skipped
    ]
    return [Prose(_("没有做的和原因"), "\n".join(told))] if told else []


def _box(meeting: Meeting) -> Facts:
    poll = meeting.poll
    items: list[tuple[str, Cell]] = []
    if poll is not None and poll.open is not None:
        final = poll.open["final"]
        items = [
            (_("票箱号"), Cell(poll.box_id, "code")),
            (_("票数"), Cell(final["size"], "number")),
            (_("箱头"), Cell(final["root"], "code")),
            (_("签名"), Cell(final["signature"], "code")),
            (_("票面方案摘要"), Cell(poll.plan_digest, "code")),
        ]
    return Facts(_("凭此可以独立复算"), tuple(items))

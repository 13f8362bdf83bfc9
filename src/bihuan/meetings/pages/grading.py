"""综合评价：parts entered, the exact score, the grade that the leading body decides."""

from collections.abc import Mapping
from typing import Any

from django.forms import Form
from django.utils.translation import gettext as _

from bihuan.meetings import queries, rules
from bihuan.meetings.forms import DecideForm, PartsForm
from bihuan.meetings.models import Meeting, Reporter
from bihuan.meetings.pages import words
from bihuan.meetings.queries import results
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, FormPanel, Grid, GridCell, Link, Panel, Tables
from bihuan.ui.table import Cell, Column, Row, Table, columns, row


def detail(meeting: Meeting, by: Post, forms: dict[str, Form] | None = None) -> DetailPage:
    """综合评价：各部分的分，合成的分和测算等次，领导班子确定的等次。"""
    given = forms or {}
    document = queries.document(meeting)
    reporters = [one for one in queries.reporters(meeting) if one.rated]
    entered = queries.parts_entered(meeting)
    panels: list[Panel] = [_table(meeting, document, reporters, by)]
    if words.may(by, "meetings.run") and meeting.state in ("preparing", "sitting", "counted"):
        for part in document["parts"]:
            if part["code"] != results.BALLOT:
                bound = given.get(f"part-{part['code']}")
                form = bound or PartsForm(reporters, entered, part["code"])
                panels.append(_part(meeting, part, form))
    return DetailPage(
        _("综合评价等次"),
        panels,
        tags=words.tags(meeting),
        kicker=meeting.label(),
        intro=_("测算的等次供领导班子研究；等次由领导班子确定，与测算不同的要写理由。内部资料。"),
        links=(
            Link(_("测评结果"), words.address(meeting, "results")),
            words.back(meeting),
        ),
    )


def _table(
    meeting: Meeting, document: Mapping[str, Any], reporters: list[Reporter], by: Post
) -> Tables:
    parts = queries.tables_words(document, "parts")
    decides = words.may(by, "meetings.grade") and meeting.state in ("counted", "decided")
    heads = columns(
        Column(_("单位"), wide=True),
        *(Column(name, number=True) for name in parts.values()),
        Column(_("综合得分"), number=True),
        _("测算等次"),
        _("确定等次"),
        *(("",) if decides else ()),
    )
    rows = tuple(_line(meeting, document, one, parts, decides) for one in reporters)
    weights = _("、").join(
        _("%(part)s %(weight)s") % {"part": queries.named(part), "weight": part["weight"]}
        for part in document["parts"]
    )
    return Tables(
        _("综合得分"),
        Table(heads, rows),
        _("按方案的权重合成：%(weights)s。缺一项就不算，不当作零分。") % {"weights": weights},
    )


def _line(
    meeting: Meeting,
    document: Mapping[str, Any],
    one: Reporter,
    parts: Mapping[str, str],
    decides: bool,
) -> Row:
    places = int(document["decimals"])
    entered = queries.part_values(one, queries.parts_entered(meeting))
    ballot = {row.unit: row for row in results.rows(meeting) if row.item == results.JOINED}
    joined = results.composite_of(meeting, one)
    decided = queries.decision(one)

    def value(code: str) -> str:
        if code == results.BALLOT:
            found = ballot.get(one.unit.code)
            return results.score_told(found, places) if found else ""
        return rules.points(entered.get(code), places)

    return row(
        Cell(one.unit.label(), href=one.get_absolute_url()),
        *(Cell(value(code), "text") for code in parts),
        Cell(results.between(joined.low, joined.high, places), "text"),
        words.grade_tag(document, joined.grade) if joined.grade else _grades(document, joined),
        Cell(
            words.grade_tag(document, decided.grade),
            "tag",
            note=decided.reason,
        )
        if decided
        else "",
        *_decide(meeting, one, decides, decided is not None),
    )


def _decide(meeting: Meeting, one: Reporter, decides: bool, again: bool) -> tuple[Cell, ...]:
    """The way to the form, where there is a column for it."""
    if not decides:
        return ()
    label = _("改定") if again else _("确定等次")
    return (Cell(label, href=words.address(meeting, "decide", one.unit.code)),)


def _part(meeting: Meeting, part: Mapping[str, Any], form: Form) -> Grid:
    name = queries.named(part)
    lines = tuple(
        (GridCell(_("单位"), value=one.unit.label()), GridCell(_("分"), form[f"v-{one.unit.code}"]))
        for one in form.reporters  # type: ignore[attr-defined]  # a PartsForm
    )
    return Grid(
        _("登记：%(part)s") % {"part": name},
        form,
        words.address(meeting, "enter-part", part["code"]),
        _("保存"),
        (_("单位"), _("分（0–100）")),
        lines,
        _("改动的各登新的一版，旧的留着。"),
        folded=True,
    )


def _grades(document: Mapping[str, Any], joined: results.Joined) -> str:
    """Every grade that the limits of the score leave open."""
    return _("或").join(words.grade(document, code) for code in joined.grades)


def deciding(reporter: Reporter, form: DecideForm) -> DetailPage:
    """确定一个单位的等次。"""
    meeting = reporter.meeting
    document = queries.document(meeting)
    joined = results.composite_of(meeting, reporter)
    told = _("测算等次：%(grade)s，综合得分 %(score)s。") % {
        "grade": _grades(document, joined) or "—",
        "score": results.between(joined.low, joined.high, int(document["decimals"])) or "—",
    }
    history = reporter.decisions.order_by("-version")
    heads = columns(
        _("等次"), _("测算等次"), Column(_("理由"), wide=True), _("哪次会议确定"), _("确定日期")
    )
    rows = tuple(
        row(
            words.grade_tag(document, one.grade),
            words.grade(document, one.computed),
            one.reason,
            one.basis,
            Cell(one.decided_on, "date"),
        )
        for one in history
    )
    panels: list[Panel] = [
        FormPanel(
            _("确定等次"),
            form,
            words.address(meeting, "decide", reporter.unit.code),
            _("确定"),
            told,
        )
    ]
    if rows:
        panels.append(Tables(_("已定的各版"), Table(heads, rows)))
    return DetailPage(
        reporter.unit.label(),
        panels,
        kicker=meeting.label(),
        links=(Link(_("回到综合评价等次"), words.address(meeting, "grades")),),
    )

"""The problem list on its way into the ledger, and the lower bodies' meetings."""

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.ledger import rules as ledger
from bihuan.ledger.models import Finding
from bihuan.people.models import Post
from bihuan.reviews import queries, rules
from bihuan.reviews.models import LowerMeeting, Problem, Review
from bihuan.reviews.pages import acts, words
from bihuan.reviews.rules import Place
from bihuan.ui.panel import DetailPage, Link, Panel, Tables
from bihuan.ui.table import Cell, Column, Row, Table, Tag, columns, row


def problems(review: Review, by: Post) -> DetailPage:
    """问题清单：列出、存入台账、看整改到哪一步。"""
    place = queries.place(review, by)
    raised = queries.findings(review)
    heads = columns(
        Column(_("序号"), number=True), Column(_("问题"), wide=True),
        Column(_("整改措施"), wide=True), _("责任"), _("完成时限"), _("台账"), "", "", "",
    )  # fmt: skip
    lines = tuple(_problem(review, place, one, raised.get(one.pk)) for one in listed(review))
    panels: list[Panel] = [
        Tables(
            _("问题清单"),
            words.trimmed(Table(heads, lines, empty=_("清单还是空的。"))),
            _("存入台账后由台账交办、整改、核查、销号；这里只看到哪一步。"),
        )
    ]
    if review.state == "held":
        missing = queries.open_of_ledger(review)
        panels.append(words.sentences(_("了结之前"), missing, empty=_("都已办结，可以了结。")))
    return DetailPage(
        _("问题清单"),
        panels,
        acts.panels(review, place, "list-problem", "close"),
        kicker=review.label(),
        links=(
            Link(_("打印整改方案"), reverse("reviews:sheet", args=[review.pk, "plan"])),
            *words.around(review, place, "problems"),
        ),
    )


def listed(review: Review) -> list[Problem]:
    """The problem list with whom it concerns, in order."""
    found = review.problems.select_related("lead_unit", "seat__post__person")
    return list(found.order_by("number"))


def _problem(review: Review, place: Place, one: Problem, finding: Finding | None) -> Row:
    free = finding is None
    enter = free and not one.dropped and acts.offered("raise-problem", review, place, one)
    return row(
        Cell(one.number, "number"),
        Cell(one.title, note=_(rules.PROBLEM_SOURCES[one.source])),
        Cell(one.measures, note=_(ledger.RECT_KINDS[one.rect_kind])),
        Cell(one.lead_unit.label(), note=one.seat.label() if one.seat else ""),
        words.day(one.due),
        standing(one, finding),
        Cell(_("存入台账"), "act", href=acts.address("raise-problem", review, one))
        if enter
        else Cell(words.BLANK),
        words.doing(_("修改"), "amend-problem", review, place, one) if free else Cell(words.BLANK),
        words.doing(_("不再整改"), "drop-problem", review, place, one)
        if enter
        else Cell(words.BLANK),
    )


def standing(one: Problem, finding: Finding | None) -> Cell:
    """Where the problem stands in the ledger, in words."""
    if finding is not None:
        state = _(ledger.STATES[finding.state])
        return Cell(finding.number, href=finding.get_absolute_url(), note=state)
    if one.dropped:
        return Cell(_("不再整改"), note=one.dropped)
    return Cell(_("未存入"), tone="warn")


def lower(review: Review, by: Post) -> DetailPage:
    """下级民主生活会：日期、到会指导、状态；晚了的点名。"""
    place = queries.place(review, by)
    late = {row.pk for row in queries.overdue_lower(review)}
    heads = columns(
        Column(_("下级单位"), wide=True), _("最迟日期"), _("会议日期"), _("到会指导"), _("状态"), ""
    )
    found = review.lower.select_related("unit", "guide__post__person").order_by("pk")
    rows = list(found)
    own = queries.own_meetings(review, by)
    lines = tuple(_lower(review, place, one, one.pk in late, own.get(one.unit_id)) for one in rows)
    sentences = [
        _("%(unit)s的民主生活会已过 %(day)s，还没有召开。")
        % {"unit": one.unit.label(), "day": (one.date or one.due).isoformat()}
        for one in rows
        if one.pk in late
    ]
    return DetailPage(
        _("下级民主生活会"),
        (
            words.sentences(_("过了期限的"), sentences, empty=_("没有过期限的。")),
            Tables(
                _("下级"), words.trimmed(Table(heads, lines, empty=_("还没有列出下级民主生活会。")))
            ),
        ),
        acts.panels(review, place, "list-lower"),
        kicker=review.label(),
        links=words.around(review, place, "lower"),
    )


def _lower(review: Review, place: Place, one: LowerMeeting, late: bool, own: Review | None) -> Row:
    tones = {"held": "good", "dated": "info", "exempt": "quiet"}
    tag = Tag(_(rules.LOWER_STATES[one.state]), tones.get(one.state, "plain"))  # type: ignore[arg-type]  # three of the tones
    if late:
        tag = Tag(_("已过期限"), "bad")
    return row(
        Cell(one.unit.label(), href=own.get_absolute_url() if own else "", note=one.note),
        words.day(one.due),
        words.day(one.date),
        one.guide.label() if one.guide else "",
        tag,
        words.doing(_("登记"), "lower", review, place, one),
        tone="bad" if late else "plain",
    )

"""The agenda as it runs, and what was said: criticism, comment, judgement."""

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.people.models import Post
from bihuan.reviews import queries, rules
from bihuan.reviews.models import AgendaItem, Criticism, Judgement, Review
from bihuan.reviews.pages import acts, words
from bihuan.reviews.rules import Place
from bihuan.ui.panel import DetailPage, FormPanel, Link, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Row, Table, Tag, columns, row


def planned(review: Review) -> list[AgendaItem]:
    """The agenda: as it runs, or as it will be with everybody present."""
    stored = review.agenda.select_related("seat__post__person").prefetch_related(
        "speakers__post__person", "guests__post__person", "guests__post__unit"
    )
    if items := list(stored.order_by("number")):
        return items
    found = {seat.pk: seat for seat in queries.seats(review)}
    plan = rules.agenda(list(found), guided=review.guests.exists())
    return [
        AgendaItem(number=n, kind=item.kind, seat=found[item.who] if item.who else None)
        for n, item in enumerate(plan, start=1)
    ]


def agenda(review: Review, by: Post) -> DetailPage:
    """议程：按次序进行，记下谁发了言。"""
    place = queries.place(review, by)
    current = queries.current_item(review) if review.state == "sitting" else None
    heads = columns(
        Column(_("序号"), number=True), Column(_("事项"), wide=True), _("状态"),
        Column(_("发言"), wide=True), _("结束"),
    )  # fmt: skip
    lines = tuple(_item(one, current) for one in planned(review))
    doing: tuple[FormPanel, ...] = ()
    if current is not None:
        doing = acts.panels(review, place, "finish-item", "skip-item", thing=current)
    intro = _("主要负责人带头，先作对照检查，先接受批评；其他成员依次进行。")
    if review.state == "preparing":
        intro = _("开会时按到会成员排定；下面是全体到会时的次序。")
    return DetailPage(
        _("议程"),
        (Tables(_("议程"), Table(heads, lines), intro),),
        (*doing, *acts.panels(review, place, "open", "end", "attendance")),
        (words.state(review),),
        review.label(),
        links=words.around(review, place, "agenda"),
    )


def _item(one: AgendaItem, current: AgendaItem | None) -> Row:
    here = current is not None and one.pk == current.pk
    tag = Tag(_("正在进行"), "info") if here else _state(one)
    spoke = ""
    if one.pk:
        names = [seat.label() for seat in one.speakers.all()]
        names += [guest.label() for guest in one.guests.all()]
        spoke = _("、").join(names)
    return row(
        Cell(one.number, "number"),
        Cell(one.label(), note=one.note),
        tag,
        spoke,
        Cell(one.ended_at, "moment"),
    )


def _state(one: AgendaItem) -> Tag:
    return Tag(_(rules.STEP_STATES[one.state]), words.STEP_TONES[one.state])


def record(review: Review, by: Post, said: list[Criticism]) -> DetailPage:
    """会上记录：批评意见矩阵和原文、指导组点评和五项评价。"""
    place = queries.place(review, by)
    here = [seat for seat in queries.seats(review) if seat.attendance == "present"]
    done = {(one.source_id, one.target_id) for one in said}
    how = _("行：提出的人；列：对谁。● 已有记录，○ 空缺")
    table = words.matrix(here, done, _("提出的人"))
    missing = queries.blank_criticism_sentences(review)
    panels: list[Panel] = [
        Tables(_("批评意见矩阵"), table, how),
        words.sentences(_("还没有记录的"), missing, empty=_("每一格都有记录。")),
        _criticism(review, place, said),
        _judgements(review, place),
    ]
    if review.comment:
        panels.append(Prose(_("指导组点评"), review.comment))
    return DetailPage(
        _("会上记录"),
        panels,
        acts.panels(review, place, "criticism", "comment"),
        kicker=review.label(),
        intro=_("本次阅读已记入审计。"),
        links=(
            Link(_("打印批评意见"), reverse("reviews:sheet", args=[review.pk, "record"])),
            *words.around(review, place, "record"),
        ),
    )


def _criticism(review: Review, place: Place, said: list[Criticism]) -> Tables:
    heads = columns(_("提出的人"), _("对谁"), Column(_("批评意见"), wide=True), "")
    lines = tuple(
        row(
            one.source.label(),
            one.target.label(),
            Cell(one.text, note=_("更正过") if one.replaces_id else ""),
            words.doing(_("更正"), "correct", review, place, one),
        )
        for one in said
    )
    return Tables(_("批评意见"), words.trimmed(Table(heads, lines, empty=_("还没有记录。"))))


def _judgements(review: Review, place: Place) -> Tables:
    heads = columns(Column(_("评价项"), wide=True), _("等次"), Column(_("意见"), wide=True), "")
    lines = tuple(_judged(review, place, one) for one in review.judgements.order_by("order"))
    return Tables(_("指导组评价"), words.trimmed(Table(heads, lines)))


def _judged(review: Review, place: Place, one: Judgement) -> Row:
    return row(
        one.label(),
        Tag(one.graded(), "info") if one.grade else Tag(_("未评价"), "plain"),
        one.text,
        words.doing(_("评价"), "judge", review, place, one),
    )

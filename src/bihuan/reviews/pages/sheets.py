"""Papers that are printed for the meeting: each a page of its own that looks like the paper."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.ledger import rules as ledger
from bihuan.people.models import Post
from bihuan.reviews import queries, rules
from bihuan.reviews.models import Review
from bihuan.reviews.pages import after, sitting, words
from bihuan.reviews.pages.words import BLANK
from bihuan.ui.panel import DetailPage, Link, Tables
from bihuan.ui.table import Cell, Column, Table, columns, row


@dataclass(frozen=True)
class Sheet:
    """一张会议用表：标题、一行说明、一张表、表下的话；`wide` 横放，`tall` 行高便于签名。"""

    title: str
    about: str
    tables: tuple[Table, ...]
    links: tuple[Link, ...]
    foot: str = ""
    wide: bool = False
    tall: bool = False
    signers: tuple[str, ...] = ()
    text: str = ""  # of a letter, in place of tables; lines that begin with 一、 are headings
    closing: tuple[str, str] | None = None

    @property
    def lines(self) -> list[str]:
        return [line for line in self.text.splitlines() if line.strip()]


def index(review: Review, by: Post) -> DetailPage:
    """可打印的会议用表。"""
    place = queries.place(review, by)
    lines = tuple(
        row(Cell(_(name), href=reverse("reviews:sheet", args=[review.pk, code])))
        for code, name in rules.SHEETS.items()
        if code not in rules.WRITINGS or review.held_on
    )
    intro = _("打开后用浏览器打印；每次打开都记入审计。")
    return DetailPage(
        _("打印"),
        (Tables(_("会议用表"), Table(columns(_("用表")), lines), intro),),
        kicker=review.label(),
        links=words.around(review, place, "sheets"),
    )


def sheet(review: Review, kind: str) -> Sheet:
    """One paper, from what is known now."""
    return _MAKERS[kind](review)


def _sheet(review: Review, kind: str, *tables: Table, **more: object) -> Sheet:
    about = _("%(meeting)s · %(day)s") % {
        "meeting": review.label(),
        "day": clock.in_words(review.held_on or review.date),
    }
    if review.sample:
        about = f"{about} · {_('示例数据')}"
    links = (
        Link("PDF", reverse("reviews:sheet-pdf", args=[review.pk, kind])),
        Link(_("返回"), reverse("reviews:sheets", args=[review.pk])),
    )
    return Sheet(_(rules.SHEETS[kind]), about, tables, links, **more)  # type: ignore[arg-type]  # the rest of its fields


def _agenda(review: Review) -> Sheet:
    heads = columns(Column(_("序号"), number=True), Column(_("事项"), wide=True), _("备注"))
    lines = tuple(
        row(Cell(one.number, "number"), one.label(), one.note or BLANK)
        for one in sitting.planned(review)
    )
    return _sheet(review, "agenda", Table(heads, lines))


def _sign_in(review: Review) -> Sheet:
    heads = columns(
        Column(_("序号"), number=True), _("职务"), _("签名"), Column(_("备注"), wide=True)
    )
    members = [(seat.label(), seat.absent_why) for seat in queries.seats(review)]
    guests = [
        (guest.label(), _("指导组"))
        for guest in review.guests.select_related("post__person", "post__unit")
    ]
    lines = tuple(
        row(Cell(n, "number"), name, BLANK, note or BLANK)
        for n, (name, note) in enumerate([*members, *guests], start=1)
    )
    foot = _("应到 %(due)d 人，实到____人；至少 %(needed)d 人到会方可开会。") % {
        "due": len(members),
        "needed": queries.quorum(review).needed,
    }
    return _sheet(review, "sign-in", Table(heads, lines), foot=foot, tall=True)


def _talks(review: Review) -> Sheet:
    found, held = queries.seats(review), queries.talks_held(review)
    heads = columns(_("谁与谁"), *(seat.label() for seat in found))
    lines = []
    for one in found:
        cells = [Cell(one.label())]
        for other in found:
            talk = queries.talk_of(held, one, other) if one != other else None
            day = clock.in_words(talk.on) if talk else BLANK
            cells.append(Cell("—" if one == other else day))
        lines.append(row(*cells))
    missing = queries.blank_talk_sentences(review)
    return _sheet(review, "talks", Table(heads, tuple(lines)), foot="".join(missing))


def _problems(review: Review) -> Sheet:
    heads = columns(
        Column(_("序号"), number=True), Column(_("问题"), wide=True), _("由来"), _("责任领导"),
        _("牵头单位"), _("完成时限"),
    )  # fmt: skip
    lines = tuple(
        row(
            Cell(one.number, "number"),
            Cell(one.title, note=one.dropped),
            _(rules.PROBLEM_SOURCES[one.source]),
            one.seat.label() if one.seat else BLANK,
            one.lead_unit.label(),
            words.day(one.due),
        )
        for one in after.listed(review)
    )
    return _sheet(review, "problems", Table(heads, lines))


def _plan(review: Review) -> Sheet:
    raised = queries.findings(review)
    heads = columns(
        Column(_("序号"), number=True), Column(_("问题"), wide=True),
        Column(_("整改目标"), wide=True),
        Column(_("整改措施"), wide=True), _("整改类型"), _("责任领导"), _("牵头单位"),
        _("完成时限"), _("台账"),
    )  # fmt: skip
    lines = []
    for one in after.listed(review):
        if one.dropped:
            continue
        finding = raised.get(one.pk)
        stands = Cell(BLANK)
        if finding is not None:
            stands = Cell(finding.number, note=_(ledger.STATES[finding.state]))
        lines.append(
            row(
                Cell(one.number, "number"),
                one.title,
                one.goal or BLANK,
                one.measures,
                _(ledger.RECT_KINDS[one.rect_kind]),
                one.seat.label() if one.seat else BLANK,
                one.lead_unit.label(),
                words.day(one.due),
                stands,
            )
        )
    return _sheet(review, "plan", Table(heads, tuple(lines)), wide=True, signers=_signers())


def _record(review: Review) -> Sheet:
    heads = columns(_("提出的人"), _("对谁"), Column(_("批评意见"), wide=True))
    lines = tuple(
        row(one.source.label(), one.target.label(), one.text) for one in queries.criticisms(review)
    )
    judged = columns(_("评价项"), _("等次"), Column(_("意见"), wide=True))
    graded = tuple(
        row(one.label(), one.graded() or BLANK, one.text or BLANK)
        for one in review.judgements.order_by("order")
    )
    missing = "".join(queries.blank_criticism_sentences(review))
    tables = (Table(heads, lines), Table(judged, graded, _("指导组评价")))
    return _sheet(review, "record", *tables, foot=missing)


def _writing(kind: str) -> Callable[[Review], Sheet]:
    def made(review: Review) -> Sheet:
        text = queries.written_or_drafted(review, kind)
        saved = queries.writing(review, kind)
        day = timezone.localdate(saved.saved_at) if saved else clock.today()
        foot = "" if saved else _("照记录起草，还没有改定。")
        links = _sheet(review, kind).links
        with translation.override("zh-hans"):  # as it is sent
            closing = (review.body.name, clock.in_words(day))
            paper = _sheet(review, kind, text=text, foot=foot, closing=closing)
        return replace(paper, links=links)

    return made


def _signers() -> tuple[str, ...]:
    return (_("主要负责人"), _("经办人"))


_MAKERS: Mapping[str, Callable[[Review], Sheet]] = {
    "agenda": _agenda,
    "sign-in": _sign_in,
    "talks": _talks,
    "problems": _problems,
    "plan": _plan,
    "record": _record,
    "report": _writing("report"),
    "circular": _writing("circular"),
}

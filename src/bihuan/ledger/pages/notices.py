"""催办: the list of slips, one slip as a document for paper, and what would be sent today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.base import clock
from bihuan.ledger import queries
from bihuan.ledger.forms.office import NoticeFilterForm
from bihuan.ledger.models import Finding, Notice
from bihuan.ledger.pages.listing import state_tag
from bihuan.ledger.rules.time import trigger
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, FormPanel, Link, ListPage, Panel, Tables
from bihuan.ui.table import Cell, Column, Pager, Row, Table, Tag, Tone, columns, row

PAGE = 50


@dataclass(frozen=True)
class Item:
    """One box of a slip; `whole` takes the full width, `room` leaves space for a pen."""

    label: str
    text: str
    whole: bool = False
    room: bool = False
    href: str = ""


@dataclass(frozen=True)
class Slip:
    """督办单：一张单子，屏上和 A4 纸上是同一个样子（GB/T 9704 的版心、红线、发文字号）。"""

    title: str
    number: str
    form: str
    items: tuple[Item, ...]
    issuer: str
    day: date
    tone: Tone = "plain"

    template: ClassVar[str] = "ledger/slip.html"


# The list ----------------------------------------------------------------------------------------


def index(found: QuerySet[Notice], form: NoticeFilterForm, number: int, by: Post) -> ListPage:
    """All slips the reader may see, as the filters say."""
    paginator = Paginator(found, PAGE)
    shown = paginator.get_page(number)
    here = reverse("ledger:notices")
    asked = "".join(f"{name}={_written(value)}&" for name, value in form.asked().items())
    pager = Pager(
        shown.number,
        paginator.num_pages,
        paginator.count,
        f"{here}?{asked}page={shown.number - 1}" if shown.has_previous() else "",
        f"{here}?{asked}page={shown.number + 1}" if shown.has_next() else "",
    )
    links = [Link(_("返回台账"), reverse("ledger:index"))]
    if paginator.count:
        address = f"{reverse('ledger:print-notices')}?{asked}page={shown.number}"
        links.insert(0, Link(_("打印本页的单子"), address))
    if may_see_today(by):
        links.insert(0, Link(_("今天的催办"), reverse("ledger:remind"), primary=True))
    return ListPage(
        _("催办"),
        _table(list(shown), pager, _("没有符合条件的催办。")),
        _("按催办阶梯发出的提醒和督办单。督办单由收件人或其单位签收。"),
        FormPanel("", form, here, _("筛选"), method="get"),
        tuple(links),
    )


def may_see_today(by: Post) -> bool:
    """Whoever sends or approves sees what has come today."""
    return people.may(by, "ledger.assign") or people.may(by, "ledger.notice")


def _written(value: object) -> str:
    return "on" if value is True else str(value)


def _table(found: Sequence[Notice], pager: Pager | None = None, empty: str = "") -> Table:
    heads = columns(
        _("单号"), _("形式"), Column(_("问题"), wide=True), _("发给"), _("时限"), _("签收")
    )
    sent = queries.forms_of(found)
    lines = tuple(_line(notice, sent[notice.pk]) for notice in found)
    return Table(heads, lines, empty=empty, pager=pager)


def _line(notice: Notice, form: queries.Form) -> Row:
    kind = "code" if notice.number else "text"
    return row(
        Cell(notice.number or _("查看"), kind, href=notice.get_absolute_url()),  # type: ignore[arg-type]  # a kind
        Cell(_tag(form), "tag", note=clock.in_words(notice.day)),
        Cell(notice.finding.title, note=notice.finding.number),
        notice.to.label() if notice.to else Cell(_("没有收件人"), tone="bad"),
        Cell(notice.due, "date"),
        _signed(notice),
    )


def _tag(form: queries.Form) -> Tag:
    """The rung's own name in the colour of its slip, both as they were when it was sent."""
    return Tag(queries.label(form.rung), form.slip["tone"])


def _signed(notice: Notice) -> Cell | Tag:
    if notice.seen_at is None:
        return Tag(_("未签收"), "warn") if notice.to_sign else Tag("—", "quiet")
    by = notice.seen_by.label() if notice.seen_by else ""
    return Cell(notice.seen_at, "moment", note=by)


def of_finding(finding: Finding) -> list[Panel]:
    """催办: what was sent about one finding, for its page; nothing if nothing was sent."""
    sent = list(queries.notices_of(finding))
    return [Tables(_("催办"), _table(sent))] if sent else []


# One slip, as it goes on paper -------------------------------------------------------------------


def notice(found: Notice, by: Post) -> DetailPage:
    """One slip as it goes on paper: what, to whom, about what, what is asked, place to sign."""
    form = queries.forms_of([found])[found.pk]
    acts = []
    if found.to_sign and found.seen_at is None and queries.may_sign(found, by):
        acts.append(
            FormPanel(
                _("签收"),
                forms.Form(),
                reverse("ledger:sign-notice", args=[found.pk]),
                _("签收"),
                _("签收即表示已经知晓；只签一次。"),
            )
        )
    return DetailPage(
        queries.label(form.rung),
        [_slip(found, form, by)],
        acts,
        (_tag(form), state_tag(found.finding)),
        kicker=number_in_words(found.number),
        intro=_("用浏览器的“打印”，得到 A4 纸上的单子。"),
        links=(Link(_("全部催办"), reverse("ledger:notices")),),
    )


def printed(found: Sequence[Notice], by: Post) -> DetailPage:
    """Many slips to be printed at once, each on a page of its own."""
    sent = queries.forms_of(found)
    return DetailPage(
        _("打印督办单"),
        [_slip(one, sent[one.pk], by) for one in found],
        intro=_("用浏览器的“打印”，每张单子各占一页 A4。"),
        links=(Link(_("全部催办"), reverse("ledger:notices")),),
    )


def number_in_words(number: str) -> str:
    """督办〔2026〕12号 as official documents are numbered: no leading zeros (GB/T 9704, 7.2.5)."""
    year, _hyphen, sequence = number.partition("-")
    if not sequence:
        return ""
    return _("督办〔%(year)s〕%(n)d号") % {"year": year, "n": int(sequence)}


def _slip(found: Notice, form: queries.Form, by: Post) -> Slip:
    unit = queries.issuing_unit(found)
    return Slip(
        queries.label(form.rung),
        number_in_words(found.number),
        queries.label(form.slip),
        tuple(_items(found, form, by)),
        unit.label() if unit else "",
        found.day,
        form.slip["tone"],
    )


def _items(found: Notice, form: queries.Form, by: Post) -> list[Item]:
    finding = found.finding
    lead, leader = finding.lead_unit, finding.leader
    items = [
        Item(_("发给"), found.to.label() if found.to else _("没有收件人"), whole=True),
        Item(_("督办事项"), finding.title, whole=True, href=_visible(finding, by)),
        Item(_("问题编号"), finding.number),
        Item(_("问题来源"), queries.word("sources", finding.source)),
        Item(_("牵头单位"), lead.label() if lead else ""),
        Item(_("责任领导"), leader.label() if leader else ""),
        Item(_("完成时限"), clock.in_words(found.due)),
        Item(_("超期情况"), _lateness(found)),
        Item(_("督办要求"), queries.in_language(form.slip, "asks"), whole=True),
    ]
    if finding.standard:
        items.append(Item(_("验收标准"), finding.standard, whole=True))
    if found.to_sign:
        items.append(Item(_("办理情况"), "", whole=True, room=True))
        items += _signature(found)
    if form.slip.get("approval") and found.by is not None:
        items.append(Item(_("批准"), found.by.label(), whole=True))
    return items


def _visible(finding: Finding, by: Post) -> str:
    seen = queries.visible_to(by).filter(pk=finding.pk).exists()
    return finding.get_absolute_url() if seen else ""


def _lateness(found: Notice) -> str:
    """How it stood with the deadline on the day the slip went out."""
    late = (found.day - found.due).days
    if late <= 0:
        return ngettext("发出时还有 %(n)d 天", "发出时还有 %(n)d 天", -late) % {"n": -late}
    return ngettext("发出时已逾期 %(n)d 天", "发出时已逾期 %(n)d 天", late) % {"n": late}


def _signature(found: Notice) -> list[Item]:
    """Who signed and when; else room for a pen."""
    if found.seen_at is None:
        return [Item(_("签收人"), _("（签名）")), Item(_("签收日期"), _("　　　年　　月　　日"))]
    by = found.seen_by.label() if found.seen_by else ""
    return [Item(_("签收人"), by), Item(_("签收日期"), clock.in_words(found.seen_at))]


# Today -------------------------------------------------------------------------------------------


def remind(
    due: Sequence[queries.Reminder], bound: Sequence[queries.Reminder], by: Post
) -> DetailPage:
    """What would be sent today, before it is sent; and what waits for somebody's approval."""
    may_approve = people.may(by, "ledger.notice")
    panels: list[Panel] = [
        Tables(_("将要发出"), _coming(due, _("今天没有到级的催办。"))),
    ]
    if bound:
        panels.append(
            Tables(
                _("待批准"),
                _coming(bound, approve=may_approve),
                _("约谈、通报等按规定须经批准，每日催办不会自己发；批准即发出。"),
            )
        )
    n = len(due)
    acts = []
    if due and people.may(by, "ledger.assign"):
        acts.append(
            FormPanel(
                _("现在发出"),
                forms.Form(),
                reverse("ledger:remind"),
                ngettext("发出 %(n)d 件催办", "发出 %(n)d 件催办", n) % {"n": n},
                _(
                    "同一时限同一级只发一次，发出后不能收回。设了每日任务的，不必在这里发；"
                    "邮件由每日任务发。"
                ),
            )
        )
    return DetailPage(
        _("今天的催办"),
        panels,
        acts,
        intro=_("按催办阶梯算出，还没有发。每个问题只发最重的一级。"),
        links=(
            Link(_("全部催办"), reverse("ledger:notices")),
            Link(_("催办阶梯"), reverse("ledger:table", args=["ladder"])),
        ),
    )


def _coming(found: Sequence[queries.Reminder], empty: str = "", *, approve: bool = False) -> Table:
    heads = [_("形式"), _("编号"), _("问题"), _("发给"), _("时限"), _("到级日期")]
    labels: list[str | Column] = [Column(h, wide=h == _("问题")) for h in heads]
    if approve:
        labels.append("")
    lines = []
    for one in found:
        cells = [
            Tag(queries.label(one.rung), one.slip["tone"]),
            Cell(one.finding.number, "code", href=one.finding.get_absolute_url()),
            one.finding.title,
            one.to.label() if one.to else Cell(_("没有收件人"), tone="bad"),
            Cell(one.finding.due, "date"),
            Cell(trigger(one.rung, one.finding.due) if one.finding.due else None, "date"),
        ]
        if approve:
            address = reverse("ledger:approve-notice", args=[one.finding.pk])
            cells.append(Cell(_("批准发出"), "act", href=address))
        lines.append(row(*cells))
    return Table(columns(*labels), tuple(lines), empty=empty)

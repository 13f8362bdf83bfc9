"""催办: the list of slips, one slip as a document for paper, and what would be sent today."""

from collections.abc import Sequence

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.base import clock
from bihuan.base.text import zh
from bihuan.ledger import queries
from bihuan.ledger.forms.office import NoticeFilterForm
from bihuan.ledger.models import Finding, Notice
from bihuan.ledger.pages.listing import state_tag
from bihuan.ledger.rules.time import trigger
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, Facts, FormPanel, Link, ListPage, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Pager, Row, Table, Tag, Tone, columns, row

PAGE = 50
TONES: dict[str, Tone] = {
    "none": "quiet",
    "blue": "info",
    "yellow": "warn",
    "red": "bad",
    "talk": "bad",
    "bulletin": "bad",
}
# What a slip asks for, by its form. The standard of the finding itself stands below it.
REQUIREMENTS = {
    "none": zh("请按时限完成整改，提交佐证，申请销号。确有困难的，在到期之前申请延期。"),
    "blue": zh("该问题已超过时限。请立即整改，在台账中填报进展，说明原因和完成日期。"),
    "yellow": zh("该问题逾期后仍未完成。请负责人亲自过问，定出措施和完成日期，在台账中填报。"),
    "red": zh("该问题长时间逾期。请责任领导督促，查明原因，限期完成，并书面报告。"),
    "talk": zh("该问题逾期严重，经多次督办仍未完成。请责任领导约谈牵头单位负责人。"),
    "bulletin": zh("该问题逾期严重，列入通报。请牵头单位说明原因，限期完成。"),
}


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
    if people.may(by, "ledger.assign"):
        links.insert(0, Link(_("今天的催办"), reverse("ledger:remind"), primary=True))
    return ListPage(
        _("催办"),
        _table(list(shown), pager, _("没有符合条件的催办。")),
        _("按催办阶梯发出的提醒和督办单。督办单由收件人或其单位签收。"),
        FormPanel("", form, here, _("筛选"), method="get"),
        tuple(links),
    )


def _written(value: object) -> str:
    return "on" if value is True else str(value)


def _table(found: Sequence[Notice], pager: Pager | None = None, empty: str = "") -> Table:
    heads = columns(
        _("单号"), _("形式"), Column(_("问题"), wide=True), _("发给"), _("时限"), _("签收")
    )
    return Table(heads, tuple(_line(notice) for notice in found), empty=empty, pager=pager)


def _line(notice: Notice) -> Row:
    return row(
        Cell(notice.number or _("查看"), "code" if notice.number else "text", href=_href(notice)),
        Cell(_slip(notice), "tag", note=clock.in_words(notice.day)),
        Cell(notice.finding.title, note=notice.finding.number),
        notice.to.label() if notice.to else _("没有收件人"),
        Cell(notice.due, "date"),
        _signed(notice),
    )


def _href(notice: Notice) -> str:
    return notice.get_absolute_url()


def _slip(notice: Notice) -> Tag:
    """The rung's own name, as it was called when it was sent."""
    return Tag(queries.label({"name": notice.name}), TONES[notice.slip])


def _signed(notice: Notice) -> Cell | Tag:
    if notice.seen_at is None:
        return Tag("—", "quiet") if notice.slip == "none" else Tag(_("未签收"), "warn")
    by = notice.seen_by.label() if notice.seen_by else ""
    return Cell(notice.seen_at, "moment", note=by)


def of_finding(finding: Finding) -> list[Panel]:
    """催办: what was sent about one finding, for its page; nothing if nothing was sent."""
    sent = list(queries.notices_of(finding))
    return [Tables(_("催办"), _table(sent))] if sent else []


def notice(found: Notice, by: Post) -> DetailPage:
    """One slip as it goes on paper: what, to whom, about what, what is asked, place to sign."""
    finding = found.finding
    lead = finding.lead_unit.label() if finding.lead_unit else ""
    about = (
        (_("问题编号"), Cell(finding.number, "code", href=_visible(finding, by))),
        (_("问题"), Cell(finding.title)),
        (_("牵头单位"), Cell(lead)),
        (_("完成时限"), Cell(found.due, "date", note=_lateness(found))),
    )
    sent = (
        (_("单号"), Cell(found.number, "code")),
        (_("发给"), Cell(found.to.label() if found.to else _("没有收件人"))),
        (_("发出日期"), Cell(found.day, "date")),
        (_("发出单位"), Cell(_("督查部门"))),
    )
    panels: list[Panel] = [
        Facts(_("收发"), sent),
        Facts(_("所督办的问题"), about),
        Prose(_("要求"), _(REQUIREMENTS[found.slip])),
    ]
    if finding.standard:
        panels.append(Prose(_("验收标准"), finding.standard))
    panels.append(Facts(_("签收"), tuple(_signature(found))))
    acts = []
    if found.slip != "none" and found.seen_at is None and queries.may_sign(found, by):
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
        queries.label({"name": found.name}),
        panels,
        acts,
        (Tag(str(found.get_slip_display()), TONES[found.slip]), state_tag(finding)),
        kicker=_("第 %(number)s 号") % {"number": found.number} if found.number else "",
        links=(Link(_("全部催办"), reverse("ledger:notices")),),
    )


def _visible(finding: Finding, by: Post) -> str:
    seen = queries.visible_to(by).filter(pk=finding.pk).exists()
    return finding.get_absolute_url() if seen else ""


def _lateness(found: Notice) -> str:
    """How it stood with the deadline on the day the slip went out."""
    late = (found.day - found.due).days
    if late <= 0:
        return ngettext("发出时还有 %(n)d 天", "发出时还有 %(n)d 天", -late) % {"n": -late}
    return ngettext("发出时已逾期 %(n)d 天", "发出时已逾期 %(n)d 天", late) % {"n": late}


def _signature(found: Notice) -> list[tuple[str, Cell]]:
    """Who signed and when; else room for a pen."""
    if found.seen_at is not None:
        by = found.seen_by.label() if found.seen_by else ""
        return [(_("签收人"), Cell(by)), (_("签收时间"), Cell(found.seen_at, "moment"))]
    if found.slip == "none":
        return [(_("签收人"), Cell(_("提醒不必签收")))]
    return [
        (_("签收人"), Cell(_("（签名）"))),
        (_("签收日期"), Cell(_("　　　　年　　月　　日"))),
    ]


def remind(due: Sequence[queries.Reminder]) -> DetailPage:
    """What would be sent today, before it is sent."""
    heads = columns(
        _("形式"), _("编号"), Column(_("问题"), wide=True), _("发给"), _("时限"), _("到级日期")
    )
    lines = tuple(
        row(
            Tag(queries.label(one.rung), TONES[one.rung["slip"]]),
            Cell(one.finding.number, "code", href=one.finding.get_absolute_url()),
            one.finding.title,
            one.to.label() if one.to else Cell(_("没有收件人"), tone="bad"),
            Cell(one.finding.due, "date"),
            Cell(trigger(one.rung, one.finding.due) if one.finding.due else None, "date"),
        )
        for one in due
    )
    table = Table(heads, lines, empty=_("今天没有到级的催办。"))
    n = len(due)
    acts = []
    if due:
        acts.append(
            FormPanel(
                _("发出"),
                forms.Form(),
                reverse("ledger:remind"),
                ngettext("发出 %(n)d 件催办", "发出 %(n)d 件催办", n) % {"n": n},
                _("同一时限同一级只发一次，发出后不能收回。设了每日任务的，不必在这里发。"),
            )
        )
    return DetailPage(
        _("今天的催办"),
        (Tables(_("将要发出"), table),),
        acts,
        intro=_("按催办阶梯算出，还没有发。每个问题只发最重的一级。"),
        links=(
            Link(_("全部催办"), reverse("ledger:notices")),
            Link(_("催办阶梯"), reverse("ledger:table", args=["ladder"])),
        ),
    )

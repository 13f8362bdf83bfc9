"""路况：what everybody may read; the road, its state and the time, the response, chosen orders."""

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.base.clock import now
from bihuan.snow.models import Publication
from bihuan.snow.rules import public as public_rules
from bihuan.snow.rules import storm as storm_rules
from bihuan.snow.rules.live import KINDS, TONES
from bihuan.ui.panel import DetailPage, Panel, Prose, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row


def published(one: Publication | None) -> DetailPage:
    """给所有人看的路况：只有道路、状态、时间。"""
    if one is None:
        return DetailPage(_("道路通行情况"), (Prose("", _("现在没有发布的路况。")),))
    as_of = timezone.localtime(one.as_of)
    heads = columns(Column(_("道路"), wide=True), _("现在怎样"), Column(_("其中"), wide=True))
    lines = tuple(
        row(each["name"], Tag(_(public_rules.PLAIN[each["state"]]), TONES[each["state"]]),  # type: ignore[arg-type]
            "、".join(each["worst"]) or "—")
        for each in one.told["roads"]
    )  # fmt: skip
    panels: list[Panel] = []
    if one.note:
        english = get_language() == "en" and one.note_en
        panels.append(Prose(_("提醒"), one.note_en if english else one.note))
    panels += [*_responding(one), Tables(_("重点道路"), Table(heads, lines)), *_ordered(one)]
    if one.told["closed"]:
        closed = tuple(row(each["name"], each["at"][:16].replace("T", " "))
                       for each in one.told["closed"])  # fmt: skip
        heads = columns(Column(_("封闭的路段"), wide=True), _("什么时候的情况"))
        panels.append(Tables(_("封闭"), Table(heads, closed)))
    promised = tuple(
        row(_(KINDS[each["kind"]]), Cell(each["hours"], "number"),
            each["by"][:16].replace("T", " ") or _("雪停以后起算"))
        for each in one.told["promises"]
    )  # fmt: skip
    heads = columns(_("道路等级"), Column(_("雪停后几小时清完"), number=True), _("什么时候以前"))
    panels.append(Tables(_("承诺"), Table(heads, promised, empty=_("还没有承诺。"))))
    intro = _("截至 %(at)s。以现场交通标志和交警指挥为准。") % {"at": f"{as_of:%Y-%m-%d %H:%M}"}
    hours = int((now() - one.as_of).total_seconds() // 3600)
    if hours >= public_rules.STALE_HOURS:
        intro += " " + _("这是 %(n)d 小时以前的情况，现在可能已经不同。") % {"n": hours}
    return DetailPage(_("道路通行情况"), panels, intro=intro)


def _responding(one: Publication) -> list[Panel]:
    told = [
        f"{_(storm_rules.SCALES[each['scale']][0])} {_(storm_rules.LEVELS[each['level']])}"
        for each in one.told.get("levels", ())
    ]
    return [Prose(_("正在执行的响应"), "、".join(told))] if told else []


def _ordered(one: Publication) -> list[Panel]:
    """Orders that the officer chose to tell: to whom, what, until when, done or not."""
    english = get_language() == "en"
    lines = tuple(
        row((each["unit_en"] if english else "") or each["unit"], each["text"],
            each["given_at"][:16].replace("T", " "),
            each["due_at"][:16].replace("T", " ") or "—",
            Tag(_("已办结"), "good") if each["done"] else Tag(_("正在办"), "info"))
        for each in one.told.get("orders", ())
    )  # fmt: skip
    heads = columns(
        _("部门"), Column(_("办什么"), wide=True), _("下达"), _("什么时候以前"), _("状态")
    )
    return [Tables(_("扫雪指令"), Table(heads, lines))] if lines else []

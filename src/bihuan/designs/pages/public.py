"""What everybody may see: notices with their pictures, and the form for an opinion."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.designs import queries, rules
from bihuan.designs.models import Notice
from bihuan.designs.pages import acts, words
from bihuan.designs.pages.scheme import opinions_table
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, Facts, FormPanel, Link, ListPage, Prose
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row


@dataclass(frozen=True)
class Pictures:
    """公示的图：一页一张，看得清，不用脚本。"""

    title: str
    items: tuple[tuple[str, str], ...]  # what it is, where it is

    template: ClassVar[str] = "designs/pictures.html"


def index(managing: bool) -> ListPage:
    """方案公示：正在公示的和以前的。"""
    heads = columns(Column(_("公示"), wide=True), _("项目"), _("公示期"), _("状态"))
    lines = tuple(
        row(
            Cell(one.title, href=one.get_absolute_url(), note=_sample(one)),
            one.scheme.project.label(),
            period(one),
            _state(one),
        )
        for one in queries.notices.shown()
    )
    return ListPage(
        _("规划设计方案公示"),
        Table(heads, lines, empty=_("现在没有公示。")),
        _("公示期内，谁都可以看图、提意见，不用登录，不用留姓名。"),
        links=words.around("public", managing=managing) if managing else (),
    )


def _sample(notice: Notice) -> str:
    return _("示例数据") if notice.sample else ""


def period(notice: Notice) -> str:
    """From when to when."""
    return f"{clock.in_words(notice.first)} – {clock.in_words(notice.last)}"


def _state(notice: Notice) -> Tag:
    if queries.notices.is_open(notice):
        return Tag(_("公示中"), "info")
    return Tag(_("已结束"), "quiet")


def notice(found: Notice, form: Any) -> DetailPage:
    """公示页：说明、图、办理情况、提意见的表单。"""
    panels: list[Any] = [Prose(_("公示说明"), found.text), _facts(found)]
    if found.outcome:
        panels.insert(0, Prose(_("公众意见办理情况"), found.outcome))
    pages = found.pages.order_by("page")
    items = tuple(
        (
            _("第 %(n)d 页") % {"n": page.page},
            reverse("designs:public-page", args=[found.slug, page.page]),
        )
        for page in pages
    )
    panels.append(Pictures(_("公示的图"), items))
    doing: tuple[FormPanel, ...] = ()
    if queries.notices.is_open(found):
        intro = _("不用登录，不用留姓名。请不要写自己或别人的身份证号、电话、住址。")
        act = FormPanel(_("提意见"), form, found.get_absolute_url(), _("提交意见"), intro)
        doing = (act,)
    return DetailPage(
        found.title,
        panels,
        doing,
        tuple(filter(None, (_state(found), Tag(_("示例数据"), "quiet") if found.sample else None))),
        kicker=_("规划设计方案公示"),
        links=(Link(_("全部公示"), reverse("designs:public")),),
    )


def _facts(found: Notice) -> Facts:
    opinions = queries.notices.received(found)
    answers = [queries.reply(one) for one in opinions]
    taken = sum(reply is not None and reply.decision in rules.TAKEN for reply in answers)
    told = {"n": len(opinions), "answered": sum(map(bool, answers)), "taken": taken}
    counted = _("收到 %(n)d 条，已研究 %(answered)d 条，采纳或部分采纳 %(taken)d 条") % told
    items = [
        (_("项目"), Cell(found.scheme.project.label())),
        (_("公示期"), Cell(period(found))),
        (_("公众意见"), Cell(counted)),
    ]
    if found.asking:
        items.append((_("咨询方式"), Cell(found.asking)))
    return Facts(_("公示"), tuple(items))


def desk(found: Notice, by: Post) -> DetailPage:
    """公示的台面：收到的意见，公布办理情况，撤下。"""
    opinions = queries.notices.received(found)
    panels: list[Any] = [_facts(found), opinions_table(opinions, _("公众意见"))]
    if found.outcome:
        panels.append(Prose(_("公众意见办理情况"), found.outcome))
    if found.withdrawn:
        panels.append(Prose(_("撤下的原因"), found.withdrawn))
    return DetailPage(
        found.title,
        panels,
        acts.panels(found, by),
        (Tag(_("已撤下"), "quiet") if found.withdrawn else _state(found),),
        kicker=found.scheme.label(),
        links=(
            Link(_("公众看到的页"), found.get_absolute_url()),
            Link(_("回到这个方案"), found.scheme.get_absolute_url()),
        ),
    )

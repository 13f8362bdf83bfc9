"""What the lists of the register share: ways to the other lists, page numbers, tables of posts."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page
from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.base import clock
from bihuan.base.text import zh
from bihuan.people import queries
from bihuan.people.models import Person, Post, Unit
from bihuan.ui.panel import FormPage, FormPanel, Link, Tables
from bihuan.ui.table import Cell, Pager, Table, Tag, columns, row

PAGE = 100

# Where one can go from each list: name, label, the verb without which it is not shown.
_WAYS = (
    ("units", zh("机构"), "people.view"),
    ("persons", zh("人员名单"), "people.view"),
    ("roles", zh("角色一览"), "people.view"),
    ("accounts", zh("账号一览"), "people.accounts"),
)
_ADD = {
    "units": ("people:add-unit", zh("登记新单位"), "people.manage"),
    "persons": ("people:add-person", zh("登记新人员"), "people.manage"),
    "roles": ("people:add-role", zh("增设角色"), "people.roles"),
}


def ways(by: Post, here: str) -> tuple[Link, ...]:
    links = [
        Link(_(label), reverse(f"people:{name}"))
        for name, label, verb in _WAYS
        if name != here and queries.may(by, verb)
    ]
    if here in _ADD and queries.may(by, _ADD[here][2]):
        name, label, _verb = _ADD[here]
        links.append(Link(_(label), reverse(name), primary=True))
    return tuple(links)


def pager(shown: Page[Any], here: str, asked: dict[str, Any]) -> Pager:
    def address(number: int) -> str:
        given = {name: value for name, value in asked.items() if value}
        return f"{here}?{urlencode({**given, 'page': number})}"

    return Pager(
        shown.number,
        shown.paginator.num_pages,
        shown.paginator.count,
        address(shown.number - 1) if shown.has_previous() else "",
        address(shown.number + 1) if shown.has_next() else "",
    )


def adding(title: str, form: Form, name: str, intro: str = "") -> FormPage:
    """A form for a new unit, person or role."""
    return FormPage(title, FormPanel("", form, reverse(name), _("登记")), intro)


def posts_table(posts: Sequence[Post], *, of_unit: bool) -> Tables:
    heads = columns(
        _("人员") if of_unit else _("单位"),
        _("职务"),
        _("角色"),
        _("起始日期"),
        _("终止日期"),
        _("状况"),
    )
    rows = []
    for post in sorted(posts, key=lambda post: (not queries.holds(post), post.pk)):
        other: Unit | Person = post.person if of_unit else post.unit
        rows.append(
            row(
                Cell(other.label(), href=other.get_absolute_url()),
                Cell(post.duty, note=_post_words(post)),
                Cell(post.role.label(), href=post.role.get_absolute_url()),
                Cell(post.valid_from, "date"),
                Cell(post.valid_to, "date"),
                post_state(post),
                tone="plain" if queries.holds(post) else "quiet",
            )
        )
    return Tables(_("任职"), Table(heads, tuple(rows), empty=_("无人任职。")))


def _post_words(post: Post) -> str:
    words = ((_("第一责任人"), post.primary_owner), (_("代理"), post.acting))
    return _("、").join(word for word, true in words if true)


def post_state(post: Post) -> Tag:
    """在任、已免、尚未开始。"""
    if queries.holds(post):
        return Tag(_("在任"), "good")
    started = post.valid_from is None or post.valid_from <= clock.today()
    return Tag(_("已免"), "quiet") if started else Tag(_("尚未开始"), "info")

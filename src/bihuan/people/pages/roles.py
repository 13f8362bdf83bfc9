"""The list of roles and the page of one role."""

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.audit import pages as audit
from bihuan.people import forms, queries, rules, services
from bihuan.people.models import Post, Role
from bihuan.people.pages.lists import ways
from bihuan.ui.panel import DetailPage, FormPanel, Link, ListPage, Tables
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row


def roles(by: Post) -> ListPage:
    """角色：范围、可做几件事、现有几人。"""
    heads = columns(
        _("角色"),
        _("范围"),
        Column(_("可做的事"), number=True),
        Column(_("现任人数"), number=True),
    )
    rows = tuple(
        row(
            Cell(role.label(), href=role.get_absolute_url()),
            role.get_reach_display(),
            Cell(len(role.verbs), "number"),
            Cell(held, "number"),
        )
        for role, held in queries.roles_held()
    )
    return ListPage(_("角色一览"), Table(heads, rows), links=ways(by, "roles"))


def role(role: Role, by: Post, bound: Form | None = None) -> DetailPage:
    """角色：按房间分组的可做的事；可设定的人在此设定。"""
    register = services.verbs()
    heads = columns(_("所属"), Column(_("可做的事"), wide=True))
    rows = tuple(
        row(_(rules.ROOMS.get(room, room)), _(register.get(verb, verb)))
        for verb in role.verbs
        for room in (verb.partition(".")[0],)
    )
    acts: tuple[FormPanel, ...] = ()
    if queries.may(by, "people.roles"):
        form = bound or forms.RoleForm(thing=role)
        address = reverse("people:role", args=[role.pk])
        acts = (FormPanel(_("设定"), form, address, _("设定")),)
    return DetailPage(
        role.label(),
        [Tables(_("可做的事"), Table(heads, rows)), audit.timeline(role)],
        acts,
        (Tag(role.get_reach_display(), "info"),),
        kicker=_("角色"),
        links=(Link(_("返回角色"), reverse("people:roles")),),
    )

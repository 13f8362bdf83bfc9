"""The list of persons, the page of one person, the list of accounts."""

from typing import Any

from django.core.paginator import Paginator
from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.audit import pages as audit
from bihuan.people import forms, queries, rules
from bihuan.people.models import Account, Person, Post
from bihuan.people.pages.acts import PERSON_ACTS, Act, panels_of
from bihuan.people.pages.lists import PAGE, pager, posts_table, ways
from bihuan.ui.panel import DetailPage, Facts, FormPanel, Link, ListPage, Panel, Prose
from bihuan.ui.table import Cell, Column, Table, Tag, columns, row


def persons(form: forms.SearchForm, number: int, by: Post) -> ListPage:
    """人员名单：现任职务；电话只显示首尾。"""
    text = form.asked()
    shown = Paginator(queries.persons_like(text), PAGE).get_page(number)
    here = reverse("people:persons")
    heads = columns(_("姓名"), Column(_("现任职务"), wide=True), _("联系电话"))
    rows = tuple(
        row(
            Cell(person.label(), href=person.get_absolute_url()),
            _("；").join(_in_short(post) for post in person.posts.all() if queries.holds(post)),
            rules.masked(person.phone),
        )
        for person in shown
    )
    return ListPage(
        _("人员名单"),
        Table(heads, rows, empty=_("没有这样的人员。"), pager=pager(shown, here, {"text": text})),
        filters=FormPanel("", form, here, _("查询"), method="get"),
        links=ways(by, "persons"),
    )


def _in_short(post: Post) -> str:
    return _("%(unit)s %(title)s") % {"unit": post.unit.label(), "title": post.duty}


def person(
    person: Person, by: Post, *, bound: Form | None = None, bound_act: str = ""
) -> DetailPage:
    """人员：各处任职及起止、账号、经过，和可以办的事。"""
    posts = list(person.posts.select_related("person", "unit", "role"))
    account = queries.account_of(person)
    manages = queries.may_for(by, "people.manage", person)
    phone = person.phone if manages else rules.masked(person.phone)
    facts = [(_("姓名"), Cell(person.name)), (_("英文姓名"), Cell(person.name_en))]
    facts.append((_("联系电话"), Cell(phone)))
    if manages or by.person_id == person.pk:
        facts.append((_("电子邮箱"), Cell(person.email)))
    panels: list[Panel] = [Facts(_("基本情况"), tuple(facts))]
    panels += [Prose(_("备注"), person.note)] if person.note else []
    panels.append(posts_table(posts, of_unit=False))
    things: list[Any] = [person, *posts]
    # When somebody signs in is nobody's business but that of those who keep the accounts.
    if account is not None and queries.may_for(by, "people.accounts", person):
        panels.append(_account_facts(account))
        things.append(account)
    panels.append(audit.timeline(*things))
    return DetailPage(
        person.label(),
        panels,
        panels_of(
            PERSON_ACTS,
            person_acts(person, by),
            person,
            "people:person-act",
            person.pk,
            bound,
            bound_act,
        ),
        kicker=_("人员"),
        links=(Link(_("返回人员名单"), reverse("people:persons")),),
    )


def person_acts(person: Person, by: Post) -> list[str]:
    """What this post can do for this person now, in the order of the page."""
    account = queries.account_of(person)
    hidden = {"open-account"} if account else {"reset-password", "close-account", "reopen-account"}
    if account:
        needs_help = not account.is_active or account.is_locked()
        hidden.add("close-account" if not account.is_active else "")
        hidden.add("" if needs_help else "reopen-account")
    if not queries.posts_to_end(person).exists():
        hidden.add("end-post")
    if by.person_id == person.pk:  # nobody does these to themselves
        hidden |= {"appoint", "end-post", "reset-password", "close-account"}
    verbs = {
        "people.manage": queries.may_for(by, "people.manage", person),
        "people.accounts": queries.may_for(by, "people.accounts", person),
    }
    return [name for name, act in PERSON_ACTS.items() if name not in hidden and verbs[act.verb]]


def _account_facts(account: Account) -> Facts:
    items = (
        (_("账号"), Cell(account.username, "code")),
        (_("状态"), Cell(account_state(account), "tag")),
        (_("最近登录"), Cell(account.last_login, "moment")),
        (_("下次登录须改密码"), Cell(_("是") if account.must_change_password else _("否"))),
    )
    return Facts(_("账号"), items)


def account_state(account: Account) -> Tag:
    """启用、锁定、停用。"""
    if not account.is_active:
        return Tag(_("停用"), "bad")
    return Tag(_("锁定"), "warn") if account.is_locked() else Tag(_("启用"), "good")


def told_once(person: Person, act: Act, answer: str) -> DetailPage:
    """一次性密码：只显示这一次。"""
    account = queries.account_of(person)
    name = account.username if account else ""
    items = ((_("账号"), Cell(name, "code")), (_(act.tells), Cell(answer, "code")))
    return DetailPage(
        _(act.tells),
        [Facts(person.label(), items)],
        intro=_("请当面或电话告知本人。离开此页后不再显示；本人登录后须先改密码。"),
        links=(Link(_("返回%(name)s") % {"name": person.label()}, person.get_absolute_url()),),
    )


def accounts(form: forms.SearchForm, number: int, by: Post) -> ListPage:
    """账号：状态、锁定、最近登录。"""
    text = form.asked()
    shown = Paginator(queries.accounts_like(text), PAGE).get_page(number)
    here = reverse("people:accounts")
    heads = columns(_("账号"), _("人员"), _("状态"), _("锁定至"), _("最近登录"))
    rows = tuple(
        row(
            Cell(account.username, "code"),
            Cell(account.person.label(), href=account.person.get_absolute_url()),
            Cell(
                account_state(account),
                "tag",
                note=_("须改密码") if account.must_change_password else "",
            ),
            Cell(account.locked_until if account.is_locked() else None, "moment"),
            Cell(account.last_login, "moment"),
        )
        for account in shown
    )
    return ListPage(
        _("账号一览"),
        Table(heads, rows, empty=_("没有这样的账号。"), pager=pager(shown, here, {"text": text})),
        filters=FormPanel("", form, here, _("查询"), method="get"),
        links=ways(by, "accounts"),
    )

"""The roll of a vote and one person at the door."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.ballots import forms, queries, rules
from bihuan.ballots.models import Poll, Voter
from bihuan.ballots.pages.desk import PER_PAGE, phase_tag
from bihuan.ballots.queries import named
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, Facts, FormPanel, Link, Panel, Tables
from bihuan.ui.table import Cell, Column, Pager, Table, Tag, columns, row


def roll(poll: Poll, post: Post, asked: str, number: int, given: Mapping[str, Form]) -> DetailPage:
    """名单与签到：找到一个人，发票。"""
    found = queries.voters(poll, asked)
    total = found.count()
    pages = max(1, -(-total // PER_PAGE))
    number = min(max(number, 1), pages)
    names = {c["code"]: named(c) for c in poll.plan["categories"]}
    chosen = found[(number - 1) * PER_PAGE : number * PER_PAGE]
    table = Table(
        columns(
            Column(_("序号"), number=True),
            Column(_("姓名或职务"), wide=True),
            _("单位"),
            _("类别"),
            _("领票"),
            "",
        ),
        tuple(_roll_row(poll, voter, names) for voter in chosen),
        pager=Pager(
            number,
            pages,
            total,
            _address(poll, asked, number - 1) if number > 1 else "",
            _address(poll, asked, number + 1) if number < pages else "",
        ),
        empty=_("名单上没有这个人。"),
    )
    find = FormPanel(
        _("找人"),
        forms.FindForm({"q": asked}),
        reverse("ballots:roll", args=[poll.slug]),
        _("找"),
        method="get",
    )
    acts: list[Panel] = [find]
    if people.may(post, "ballots.run"):
        if poll.phase in ("draft", "frozen"):
            acts.append(
                FormPanel(
                    _("编名单"),
                    given.get("roll") or forms.RollForm(),
                    reverse("ballots:enrol", args=[poll.slug]),
                    _("重编整个名单"),
                    intro=_("类别可用：%(names)s。") % {"names": _("、").join(names.values())},
                    folded=total > 0,
                )
            )
        if poll.phase in ("frozen", "issuing"):
            acts.append(
                FormPanel(
                    _("补录一人"),
                    given.get("late") or forms.LateForm(poll=poll),
                    reverse("ballots:late", args=[poll.slug]),
                    _("补录"),
                    folded=True,
                )
            )
    return DetailPage(
        title=_("名单与签到"),
        kicker=poll.label(),
        tags=(phase_tag(poll),),
        links=(
            Link(_("回到投票"), poll.get_absolute_url()),
            Link(_("印签到凭证"), reverse("ballots:invitations", args=[poll.slug])),
        ),
        panels=[Tables(_("名单"), table)],
        acts=acts,
    )


def _address(poll: Poll, asked: str, number: int) -> str:
    query = urlencode({"q": asked, "page": number})
    return f"{reverse('ballots:roll', args=[poll.slug])}?{query}"


def _roll_row(poll: Poll, voter: Voter, names: Mapping[str, str]) -> Any:
    state = Tag(_(rules.GIVEN[voter.given]), "good" if voter.given else "plain")
    href = reverse("ballots:voter", args=[poll.slug, voter.number])
    return row(
        Cell(voter.number, kind="number"),
        Cell(voter.name, href=href, note=voter.late_reason),
        voter.unit.label() if voter.unit else "",
        names.get(voter.category, voter.category),
        state,
        Cell(_("签到"), href=href) if poll.phase == "issuing" and not voter.given else "",
    )


def voter(poll: Poll, of: Voter, post: Post, given: Mapping[str, Form]) -> DetailPage:
    """签到一个人：给手机票，或请他抽一张纸票。"""
    names = {c["code"]: named(c) for c in poll.plan["categories"]}
    acts: list[Panel] = []
    if poll.phase == "issuing" and people.may(post, "ballots.run"):
        if not of.given:
            acts += [
                FormPanel(
                    _("发手机票"),
                    Form(),
                    reverse("ballots:give", args=[poll.slug, of.number, "token"]),
                    _("签到，发手机票"),
                    intro=_("本人用手机扫屏幕上的码。码只显示这一次。"),
                    tone="good",
                ),
                FormPanel(
                    _("发纸票"),
                    Form(),
                    reverse("ballots:give", args=[poll.slug, of.number, "slip"]),
                    _("签到，请本人抽一张"),
                    intro=_("请本人从扣着的纸票里随机抽一张，不要看票码。"),
                ),
            ]
        else:
            acts.append(
                FormPanel(
                    _("收回票证"),
                    given.get("back") or forms.ReasonForm(),
                    reverse("ballots:take-back", args=[poll.slug, of.number]),
                    _("收回票证"),
                    intro=_("手机票还没激活，或纸票原样退回，才能收回另发。"),
                    folded=True,
                )
            )
    return DetailPage(
        title=of.name,
        kicker=poll.label(),
        tags=(Tag(_(rules.GIVEN[of.given]), "good" if of.given else "plain"),),
        links=(Link(_("名单"), reverse("ballots:roll", args=[poll.slug])),),
        panels=[
            Facts(
                _("名单上的登记"),
                (
                    (_("序号"), Cell(of.number, kind="number")),
                    (_("单位"), Cell(of.unit.label() if of.unit else "")),
                    (_("类别"), Cell(names.get(of.category, of.category))),
                    (_("到会"), Cell(_("是") if of.present else _("否"))),
                ),
            )
        ],
        acts=acts,
    )

"""What can be done on the page of a unit or of a person: one table each, and its panels."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.base.text import zh
from bihuan.people import forms, services
from bihuan.people.models import Person, Unit
from bihuan.ui.panel import FormPanel
from bihuan.ui.table import Tone


@dataclass(frozen=True)
class Act:
    """One thing that can be done on a page: its form, its verb, the permission, what it acts on."""

    title: str
    form: Callable[..., Form]
    service: Callable[..., Any]
    subject: str
    verb: str = "people.manage"
    intro: str = ""
    tone: Tone = "plain"
    tells: str = ""  # the heading under which an answer is shown once, such as a password


UNIT_ACTS = {
    "appoint": Act(zh("任命"), forms.AppointHereForm, services.appoint, "unit"),
    "end-post": Act(zh("免去任职"), forms.EndPostForm, services.end_post, ""),
    "alias": Act(zh("登记别名"), forms.AliasForm, services.add_alias, "unit"),
    "rename": Act(
        zh("更名"), forms.RenameForm, services.rename_unit, "unit", intro=zh("旧名连同日期保留。")
    ),
    "tie": Act(zh("设定上级"), forms.TieForm, services.tie_unit, "child"),
    "end-tie": Act(zh("终止上级关系"), forms.EndTieForm, services.end_tie, "unit"),
    "amend": Act(zh("更正登记"), forms.AmendUnitForm, services.amend_unit, "unit"),
    "merge": Act(
        zh("撤并"),
        forms.MergeForm,
        services.merge_unit,
        "unit",
        intro=zh("下级单位和名称转给并入的单位；本单位的历史记录保留。"),
        tone="bad",
    ),
    "end": Act(
        zh("撤销"),
        forms.EndUnitForm,
        services.end_unit,
        "unit",
        intro=zh("须先移走下级单位、免去任职。"),
        tone="bad",
    ),
}
PERSON_ACTS = {
    "appoint": Act(zh("任命"), forms.AppointPersonForm, services.appoint, "person"),
    "end-post": Act(zh("免去任职"), forms.EndPostForm, services.end_post, ""),
    "amend": Act(zh("更正登记"), forms.AmendPersonForm, services.amend_person, "person"),
    "open-account": Act(
        zh("为此人开通账号"),
        forms.OpenAccountForm,
        services.give_account,
        "person",
        "people.accounts",
        tells=zh("一次性密码"),
    ),
    "reset-password": Act(
        zh("重设密码"),
        forms.NewPasswordForm,
        services.give_password,
        "account",
        "people.accounts",
        zh("现有登录立即失效；新密码只显示一次。"),
        tells=zh("一次性密码"),
    ),
    "reopen-account": Act(
        zh("恢复此账号"),
        forms.CloseAccountForm,
        services.reopen_account,
        "account",
        "people.accounts",
    ),
    "close-account": Act(
        zh("停用此账号"),
        forms.CloseAccountForm,
        services.close_account,
        "account",
        "people.accounts",
        zh("现有登录立即失效。"),
        "bad",
    ),
}


def panels_of(
    table: dict[str, Act],
    names: Sequence[str],
    thing: Unit | Person,
    address: str,
    pk: int,
    bound: Form | None,
    bound_act: str,
) -> list[FormPanel]:
    return [
        FormPanel(
            _(table[name].title),
            bound if bound is not None and name == bound_act else table[name].form(thing=thing),
            reverse(address, args=[pk, name]),
            _(table[name].title),
            _(table[name].intro) if table[name].intro else "",
            table[name].tone,
            folded=True,
        )
        for name in names
    ]

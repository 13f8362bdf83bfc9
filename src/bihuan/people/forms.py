"""What people type into this room: sign-in, passwords, units, persons, posts, roles."""

from typing import Any

from django import forms
from django.core.validators import validate_slug
from django.db.models import QuerySet
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from bihuan.base import clock
from bihuan.base.fields import choices, day
from bihuan.people import queries, rules, services
from bihuan.people.models import Account, Person, Post, Role, Tie, Unit


class SignInForm(forms.Form):
    """账号与密码。"""

    username = forms.CharField(
        label=_("账号"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autofocus": True, "autocapitalize": "none"}
        ),
    )
    password = forms.CharField(
        label=_("密码"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PasswordForm(forms.Form):
    """原密码、新密码、再输一遍。"""

    old = forms.CharField(
        label=_("原密码"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("新密码"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("至少 10 个字符，不能全是数字，不能是常见密码。"),
    )
    again = forms.CharField(
        label=_("再输一遍新密码"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("new") != cleaned.get("again"):
            self.add_error("again", _("两次输入的新密码不一致。请重新输入。"))
        return cleaned


# The register ------------------------------------------------------------------------------------


def _word(
    label: Any, length: int, *, required: bool = True, help_text: Any = ""
) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, required=required, help_text=help_text)


def _note(label: Any, *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _code(label: Any, length: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=length,
        validators=[validate_slug],
        help_text=_("字母、数字、连字符；登记后不再改。"),
        widget=forms.TextInput(attrs={"autocapitalize": "none"}),
    )


class Labelled(forms.ModelChoiceField):  # type: ignore[type-arg]  # no parameter at run time
    """One thing, named in the reader's language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"empty_label": _("请选择"), **kwargs})

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label())


class TieChoice(Labelled):
    """One relation upwards: its line and the superior."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.get_line_display()}：{obj.parent.label()}"


class RegisterForm(forms.Form):
    """机构名册的查询：哪条线、哪一天、名称。"""

    line = forms.ChoiceField(
        label=_("关系"),
        required=False,
        choices=choices({line: rules.LINES[line] for line in rules.CASCADE_LINES}),
    )
    day = day(_("日期"), required=False, help_text=_("空着即今天。"))
    text = _word(_("名称"), 60, required=False, help_text=_("曾用名、简称也可以。"))

    def asked(self) -> dict[str, Any]:
        """What was asked; a question that makes no sense is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class SearchForm(forms.Form):
    """按姓名或账号查找。"""

    text = _word(_("姓名或账号"), 60, required=False)

    def asked(self) -> str:
        """What was asked."""
        return str(self.cleaned_data["text"]) if self.is_valid() else ""


class AddUnitForm(forms.Form):
    """登记单位。"""

    name = _word(_("名称"), 120)
    name_en = _word(_("英文名称"), 160, required=False)
    code = _code(_("代码"), 60)
    kind = forms.ChoiceField(label=_("类型"), choices=choices(rules.UNIT_KINDS))
    parent = Labelled(Unit.objects.none(), label=_("上级单位"), required=False)
    line = forms.ChoiceField(label=_("与上级的关系"), choices=choices(rules.LINES), initial="admin")
    valid_from = day(_("起始日期"), required=False)
    note = _note(_("备注"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _among(self, "parent", queries.units())


class PersonForm(forms.Form):
    """登记人员，或更正登记。"""

    name = _word(_("姓名"), 60)
    name_en = _word(_("英文姓名"), 80, required=False)
    phone = _word(_("联系电话"), 30, required=False, help_text=_("列表中只显示首尾几位。"))
    email = forms.EmailField(
        label=_("电子邮箱"), required=False, help_text=_("整改催办的邮件发到这里；系统可不发邮件。")
    )
    note = _note(_("备注"))


class AboutUnit(forms.Form):
    """A form on a unit's page."""

    def __init__(self, *args: Any, thing: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about(thing)

    def about(self, unit: Unit) -> None:
        """Choices and first values that depend on the unit."""


class RenameForm(AboutUnit):
    """单位更名。"""

    name = _word(_("新名称"), 120)
    name_en = _word(_("英文名称"), 160, required=False)
    on = day(_("自哪一天起"), help_text=_("旧名保留到前一天。"))


class AliasForm(AboutUnit):
    """登记别名。"""

    name = _word(_("名称"), 120)
    kind = forms.ChoiceField(label=_("类型"), choices=choices(rules.GIVEN_NAME_KINDS))


class AmendUnitForm(AboutUnit):
    """更正单位登记。"""

    kind = forms.ChoiceField(label=_("类型"), choices=choices(rules.UNIT_KINDS))
    name_en = _word(_("英文名称"), 160, required=False)
    note = _note(_("备注"))

    def about(self, unit: Unit) -> None:
        self.initial = {"kind": unit.kind, "name_en": unit.name_en, "note": unit.note}


class TieForm(AboutUnit):
    """设定上级。"""

    line = forms.ChoiceField(label=_("关系"), choices=choices(rules.LINES))
    parent = Labelled(Unit.objects.none(), label=_("上级单位"))
    since = day(_("自哪一天起"), help_text=_("同一条线上原来的上级到前一天为止。"))

    def about(self, unit: Unit) -> None:
        _among(self, "parent", queries.units().exclude(pk=unit.pk))


class EndTieForm(AboutUnit):
    """终止一条上级关系。"""

    tie = TieChoice(Tie.objects.none(), label=_("哪一条"))
    on = day(_("到哪一天为止"))
    note = _note(_("说明"))

    def about(self, unit: Unit) -> None:
        _among(self, "tie", queries.ties_to_end(unit))


class MergeForm(AboutUnit):
    """撤并。"""

    into = Labelled(Unit.objects.none(), label=_("并入哪个单位"))
    on = day(_("存续到哪一天"), help_text=_("次日起并入。"))
    posts = forms.ChoiceField(label=_("现有任职"), choices=choices(rules.MERGED_POSTS))
    note = _note(_("依据"))

    def about(self, unit: Unit) -> None:
        _among(self, "into", queries.units().exclude(pk=unit.pk))


class EndUnitForm(AboutUnit):
    """撤销。"""

    on = day(_("存续到哪一天"))
    note = _note(_("依据"), required=True)


class PostForm(forms.Form):
    """任职的各项，人和单位另定。"""

    role = Labelled(Role.objects.none(), label=_("角色"))
    title = _word(_("职务"), 80)
    title_en = _word(_("英文职务"), 120, required=False)
    valid_from = day(_("起始日期"))
    valid_to = day(_("终止日期"), required=False, help_text=_("空着即未定。"))
    primary_owner = forms.BooleanField(label=_("第一责任人"), required=False)
    acting = forms.BooleanField(label=_("代理"), required=False)

    def __init__(self, *args: Any, thing: Unit | Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _among(self, "role", Role.objects.all())
        self.fields["valid_from"].initial = clock.today


class AppointHereForm(PostForm):
    """任职：在单位的页上选人。"""

    person = Labelled(Person.objects.none(), label=_("人员"))
    field_order = ("person", "role")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _among(self, "person", Person.objects.all())


class AppointPersonForm(PostForm):
    """任职：在人员的页上选单位。"""

    unit = Labelled(Unit.objects.none(), label=_("单位"))
    field_order = ("unit", "role")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _among(self, "unit", queries.units())


class EndPostForm(forms.Form):
    """免职：在单位或人员的页上选一条任职。"""

    post = Labelled(Post.objects.none(), label=_("哪一条任职"))
    on = day(_("到哪一天为止"))
    note = _note(_("依据"))

    def __init__(self, *args: Any, thing: Unit | Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _among(self, "post", queries.posts_to_end(thing))


class AboutPerson(forms.Form):
    """A form on a person's page."""

    def __init__(self, *args: Any, thing: Person | Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class AmendPersonForm(PersonForm):
    """更正人员登记。"""

    def __init__(self, *args: Any, thing: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {name: getattr(thing, name) for name in self.fields}


class OpenAccountForm(AboutPerson):
    """开通账号。"""

    username = _code(_("账号"), 60)


class CloseAccountForm(AboutPerson):
    """停用或恢复账号。"""

    note = _note(_("原因"))


class NewPasswordForm(AboutPerson):
    """重置密码：没有要填的。"""


class VerbsField(forms.MultipleChoiceField):
    """可做的事：按所在的房间分组的复选框。"""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=_verbs_by_room, required=False, **kwargs)


def _verbs_by_room() -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for verb, sentence in services.verbs().items():
        groups.setdefault(verb.partition(".")[0], []).append((verb, now(sentence)))
    return [(now(rules.ROOMS.get(room, room)), verbs) for room, verbs in groups.items()]


class RoleForm(forms.Form):
    """设定角色：可做的事和范围。"""

    reach = forms.ChoiceField(label=_("范围"), choices=choices(rules.REACHES))
    verbs = VerbsField(label=_("可做的事"))

    def __init__(self, *args: Any, thing: Role | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if thing is not None:
            self.initial = {"reach": thing.reach, "verbs": thing.verbs}


class AddRoleForm(RoleForm):
    """新设角色。"""

    name = _word(_("名称"), 60)
    name_en = _word(_("英文名称"), 80, required=False)
    code = _code(_("代码"), 40)
    field_order = ("name", "name_en", "code")


def _among(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    """What may be chosen in a field."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows

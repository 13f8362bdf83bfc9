"""What people type into the ledger: one form for each step."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.base import clock
from bihuan.files.forms import UploadField
from bihuan.ledger import queries, rules
from bihuan.ledger.models import Finding
from bihuan.people.models import Post, Unit


def _choices(table: dict[str, str]) -> list[tuple[str, Any]]:
    return [(code, _(label)) for code, label in table.items()]


def _text(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=4000,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def _day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class UnitChoice(forms.ModelChoiceField):
    """One unit, named in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label())


class UnitsChoice(forms.ModelMultipleChoiceField):
    """Some units, named in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label())


class FilterForm(forms.Form):
    """台账的筛选：状态、单位、来源、文字、只看逾期。"""

    state = forms.ChoiceField(label=_("状态"), required=False)
    unit = UnitChoice(Unit.objects.none(), label=_("单位"), required=False, empty_label=_("全部"))
    source = forms.ChoiceField(label=_("来源"), required=False)
    text = forms.CharField(label=_("编号或文字"), required=False, max_length=60)
    late = forms.BooleanField(label=_("只看逾期"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [("", _("全部")), ("open", _("未销号")), *_choices(rules.STATES)]
        _field(self, "state").choices = states
        _field(self, "source").choices = [
            ("", _("全部")),
            *_choices(rules.SOURCES),
        ]
        _field(self, "unit").queryset = queries.units_to_choose()

    def asked(self) -> dict[str, Any]:
        """What was asked; a filter that makes no sense is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class RaiseForm(forms.ModelForm):  # type: ignore[type-arg]  # the stub's parameter is not there at run time
    """提出问题。"""

    class Meta:
        model = Finding
        fields = (
            "title",
            "description",
            "source",
            "source_number",
            "category",
            "rect_kind",
            "goal",
        )
        widgets = {  # noqa: RUF012 - Django's own way of declaring
            "description": forms.Textarea(attrs={"rows": 4}),
            "goal": forms.Textarea(attrs={"rows": 2}),
        }

    def _post_clean(self) -> None:
        """The verb, not the form, makes the finding."""


class AssignForm(forms.Form):
    """交办。"""

    lead_unit = UnitChoice(Unit.objects.none(), label=_("牵头单位"))
    due = _day(_("完成时限"))
    rect_kind = forms.ChoiceField(label=_("整改类型"), choices=_choices(rules.RECT_KINDS))
    owner = forms.ModelChoiceField(Post.objects.none(), label=_("责任人"), required=False)
    leader = forms.ModelChoiceField(Post.objects.none(), label=_("责任领导"), required=False)
    assist_units = UnitsChoice(
        Unit.objects.none(),
        label=_("配合单位"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    goal = _text(_("整改目标"), required=False)
    note = _text(_("交办意见"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _field(self, "lead_unit").queryset = queries.units_to_choose()
        _field(self, "assist_units").queryset = queries.units_to_choose()
        for name, posts in (
            ("owner", queries.owners_to_choose()),
            ("leader", queries.leaders_to_choose()),
        ):
            field = _field(self, name)
            field.queryset = posts
            field.label_from_instance = Post.label
        self.fields["due"].widget.attrs["min"] = clock.today().isoformat()


class NoteForm(forms.Form):
    """一句说明，必填。"""

    note = _text(_("说明"))


class WordForm(forms.Form):
    """一句说明，可不填。"""

    note = _text(_("说明"), required=False)


class PlanForm(forms.Form):
    """一条措施。"""

    text = _text(_("整改措施"))
    due = _day(_("完成日期"), required=False)


class ReportForm(forms.Form):
    """一次进展。"""

    text = _text(_("进展"))


class EvidenceForm(forms.Form):
    """一份佐证。"""

    text = _text(_("这份材料说明什么"))
    upload = UploadField(label=_("文件"))


class VerifyForm(forms.Form):
    """核查意见。"""

    passed = forms.TypedChoiceField(
        label=_("结论"),
        choices=[("yes", _("通过")), ("no", _("不通过，退回整改"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    way = forms.ChoiceField(label=_("核查方式"), choices=_choices(rules.CHECK_WAYS))
    opinion = _text(_("核查意见"))


class ExtensionForm(forms.Form):
    """申请延期。"""

    to = _day(_("新的时限"))
    reason = _text(_("延期理由"))


class DecideForm(forms.Form):
    """审批延期。"""

    granted = forms.TypedChoiceField(
        label=_("决定"),
        choices=[("yes", _("同意")), ("no", _("不同意"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    answer = _text(_("审批意见"))


class LongTermForm(forms.Form):
    """转长期坚持。"""

    review = _day(_("下次检查的日期"))
    note = _text(_("理由"))


class RecheckForm(forms.Form):
    """回头看。"""

    held = forms.TypedChoiceField(
        label=_("结果"),
        choices=[("yes", _("没有反弹")), ("no", _("有反弹，重新打开"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    opinion = _text(_("回头看意见"))
    due = _day(_("有反弹时的新时限"), required=False)


class ReopenForm(forms.Form):
    """重新打开。"""

    due = _day(_("新的时限"))
    note = _text(_("原因"))


def _field(form: forms.BaseForm, name: str) -> Any:
    """A field by name, as whatever it is: the stubs know only the base class."""
    return form.fields[name]


FORMS: dict[str, type[forms.BaseForm]] = {
    "amend": RaiseForm,
    "assign": AssignForm,
    "discard": NoteForm,
    "acknowledge": WordForm,
    "decline": NoteForm,
    "plan": PlanForm,
    "report": ReportForm,
    "submit_evidence": EvidenceForm,
    "ask_extension": ExtensionForm,
    "decide_extension": DecideForm,
    "request_close": NoteForm,
    "withdraw": NoteForm,
    "take_up": WordForm,
    "verify": VerifyForm,
    "close": WordForm,
    "make_long_term": LongTermForm,
    "recheck": RecheckForm,
    "reopen": ReopenForm,
}


def initial(finding: Finding, step: str) -> dict[str, Any]:
    """What a step's form begins with: what is already known."""
    known = {
        "amend": RaiseForm.Meta.fields,
        "assign": ("lead_unit", "due", "rect_kind", "owner", "leader", "goal"),
    }.get(step, ())
    return {name: getattr(finding, name) for name in known if getattr(finding, name)}

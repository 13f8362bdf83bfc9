"""The step library and the rule tables."""

import hashlib
import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices
from bihuan.ledger.forms.office import TableForm as LedgerTableForm
from bihuan.projects import queries, rules, services
from bihuan.projects.models import StepRule
from bihuan.projects.queries import tables


class TableForm(LedgerTableForm):
    """项目规则表：与台账的规则表同一种表单。"""

    tables: Any = tables


class StepRuleForm(forms.ModelForm):  # type: ignore[type-arg]  # not there at run time
    """设定步骤库的一步。"""

    kinds = forms.MultipleChoiceField(
        label=_("用于哪类投资"), choices=choices(rules.KINDS), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("都不选，就是都用。"),
    )  # fmt: skip
    after = forms.MultipleChoiceField(
        label=_("排在哪些步骤之后"), required=False, widget=forms.CheckboxSelectMultiple
    )
    stops = forms.MultipleChoiceField(
        label=_("哪些情形停钟"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("都不选，就是哪种都可以。"),
    )  # fmt: skip

    # Which contents the page has shown before they are saved.
    looked = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = StepRule
        fields = services.STEP_FIELDS
        widgets = {  # noqa: RUF012 - Django's own way
            "valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "valid_to": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(one.code, one.label()) for one in queries.step_rules()]
        own = self.instance.code
        after: Any = self.fields["after"]
        after.choices = [one for one in known if one[0] != own]
        stops: Any = self.fields["stops"]
        stops.choices = tables.stop_kinds()

    def _post_clean(self) -> None:
        """The verb, not the form, makes the row."""

    def told(self) -> dict[str, Any]:
        """What the verb takes."""
        return {name: self.cleaned_data[name] for name in services.STEP_FIELDS}

    def changes(self) -> list[tuple[str, Any, Any]]:
        """Label, before and after of every field that would change."""
        return [
            (str(self.fields[name].label), getattr(self.instance, name), value)
            for name, value in self.told().items()
            if getattr(self.instance, name) != value
        ]

    def was_looked_at(self) -> bool:
        """Has the page shown what exactly this would change? If not, the next one does."""
        text = json.dumps(self.told(), ensure_ascii=False, sort_keys=True, default=str)
        digest = hashlib.sha256(text.encode()).hexdigest()
        told = self.data.get("looked") == digest
        copied: Any = self.data
        copied = copied.copy()
        copied["looked"] = digest
        self.data = copied
        return told


class NewStepForm(StepRuleForm):
    """往步骤库里加一步。"""

    code = forms.SlugField(
        label=_("代码"), max_length=40, help_text=_("小写字母和下划线；用过以后不要改。")
    )
    field_order = ("code",)

"""The step library and the settings."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices
from bihuan.reviews import rules
from bihuan.reviews.models import StepTemplate
from bihuan.reviews.services import library


class TemplateForm(forms.ModelForm):  # type: ignore[type-arg]  # not there at run time
    """设定一个步骤。"""

    class Meta:
        model = StepTemplate
        fields = library.FIELDS

    def _post_clean(self) -> None:
        """The verb, not the form, makes the row."""


class RuleForm(forms.Form):
    """设定一项规则：值、依据、可靠程度。"""

    source = forms.CharField(label=_("依据"), max_length=200)
    grade = forms.ChoiceField(label=_("可靠程度"), choices=choices(rules.GRADES), initial="O")

    def __init__(self, *args: Any, value: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.show(value)

    def show(self, value: Any) -> None:
        """Put the value that holds into the fields."""

    def cleaned_value(self) -> Any:
        """The value as it is stored."""
        raise NotImplementedError


class QuorumForm(RuleForm):
    """到会人数下限。"""

    whole = forms.IntegerField(label=_("分母"), min_value=1, max_value=100)
    part = forms.IntegerField(label=_("分子"), min_value=1, max_value=100)

    def show(self, value: Any) -> None:
        self.fields["part"].initial, self.fields["whole"].initial = value["part"], value["whole"]
        self.order_fields(["part", "whole"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("part", 0) > cleaned.get("whole", 100):
            self.add_error("part", _("分子不得大于分母。请改正。"))
        return cleaned

    def cleaned_value(self) -> Any:
        return {"part": self.cleaned_data["part"], "whole": self.cleaned_data["whole"]}


_MONTH_AND_DAY = r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"


class WindowForm(RuleForm):
    """年度会议的时间。"""

    first = forms.RegexField(label=_("自"), regex=_MONTH_AND_DAY, help_text=_("月和日，如 10-01。"))
    last = forms.RegexField(label=_("至"), regex=_MONTH_AND_DAY, help_text=_("月和日，如 12-31。"))

    def show(self, value: Any) -> None:
        self.fields["first"].initial, self.fields["last"].initial = value["first"], value["last"]
        self.order_fields(["first", "last"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("first", "") > cleaned.get("last", "99"):
            self.add_error("last", _("终止日期不得早于起始日期。请检查日期。"))
        return cleaned

    def cleaned_value(self) -> Any:
        return {"first": self.cleaned_data["first"], "last": self.cleaned_data["last"]}


class ListForm(RuleForm):
    """评价的项目，或等次：一行一个，代码、中文、英文用竖线隔开。"""

    lines = forms.CharField(
        label=_("各项"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("一行一项：代码｜中文｜英文。代码用小写字母、数字、下划线，用过以后不要改。"),
    )

    def show(self, value: Any) -> None:
        self.fields["lines"].initial = "\n".join("｜".join(row) for row in value)
        self.order_fields(["lines"])

    def clean_lines(self) -> list[list[str]]:
        rows = [
            [piece.strip() for piece in line.replace("|", "｜").split("｜")]
            for line in self.cleaned_data["lines"].splitlines()
            if line.strip()
        ]
        faults = []
        for number, row in enumerate(rows, start=1):
            if len(row) not in (2, 3) or not row[1] or len(row[1]) > 40 or len(row[0]) > 40:
                faults.append(_now("第 %(n)d 行：应为代码｜中文｜英文。请改正。") % {"n": number})
            elif not row[0].isascii() or not row[0].replace("_", "").isalnum():
                faults.append(_now("第 %(n)d 行：代码只用字母、数字、下划线。") % {"n": number})
        codes = [row[0] for row in rows]
        if len(set(codes)) < len(codes):
            faults.append(_now("有代码重复。请改成各不相同。"))
        if faults:
            raise forms.ValidationError([forms.ValidationError(fault) for fault in faults])
        return [[*row, ""][:3] for row in rows]

    def cleaned_value(self) -> Any:
        return self.cleaned_data["lines"]


RULE_FORMS: Mapping[str, type[RuleForm]] = {
    "quorum": QuorumForm,
    "window": WindowForm,
    "judgements": ListForm,
    "grades": ListForm,
}

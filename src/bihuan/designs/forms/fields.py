"""Fields that the forms of this room share."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base import fields
from bihuan.base.fields import day
from bihuan.designs import rules
from bihuan.files.forms import UploadField, UploadInput
from bihuan.people.models import Post

__all__ = [
    "ActForm",
    "ConfirmForm",
    "Labelled",
    "PagesField",
    "ReasonForm",
    "RegionField",
    "Several",
    "UploadsField",
    "day",
    "line",
    "number",
    "pick",
    "words",
]


class ActForm(forms.Form):
    """A form of one verb; `thing` is what it is about, `by` the post that fills it in, or None."""

    def __init__(self, *args: Any, about: Any, by: Any, **kwargs: Any) -> None:
        self.thing, self.by = about, by
        super().__init__(*args, **kwargs)
        self.fit()

    def fit(self) -> None:
        """Fill choices and first values from the thing at hand."""

    def told(self) -> dict[str, Any]:
        """What the verb is told: its keywords and their values."""
        return self.cleaned_data

    def choose(self, name: str, rows: Any) -> None:
        """What can be chosen in a field."""
        field: Any = self.fields[name]
        field.queryset = rows


class ConfirmForm(ActForm):
    """只要按一下。"""


class ReasonForm(ActForm):
    """写明原因。"""

    reason = forms.CharField(
        label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


words = fields.words


def line(label: Any, *, longest: int = 200, required: bool = True, help_text: Any = "") -> Any:
    """A text of one line."""
    return forms.CharField(label=label, max_length=longest, required=required, help_text=help_text)


def number(label: Any, *, required: bool = True, help_text: Any = "", most: int = 9999) -> Any:
    """A whole number from 1."""
    return forms.IntegerField(
        label=label, min_value=1, max_value=most, required=required, help_text=help_text
    )


def pick(label: Any, table: Any, *, required: bool = True, first: str = "") -> Any:
    """One of some codes with their sentences."""
    choices = [(code, _(sentence)) for code, sentence in table.items()]
    blank = [] if required else [("", "—")]
    return forms.ChoiceField(
        label=label, choices=[*blank, *choices], required=required, initial=first or None
    )


class Labelled(fields.Labelled):
    """One of some nouns; which, its form says."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label=label, queryset=Post.objects.none(), **kwargs)


class Several(fields.Several):
    """Some of some nouns, to be ticked; which, its form says."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label=label, queryset=Post.objects.none(), **kwargs)


class RegionField(forms.CharField):
    """图上一处：左、上、宽、高的百分数，在图上框选即自动填写。"""

    def __init__(self, **kwargs: Any) -> None:
        help_text = _("在图上框选会自动填写；也可手写左、上、宽、高的百分数，如 12.5,30,20,10。")
        super().__init__(
            label=_("区域"), required=False, max_length=60, help_text=help_text, **kwargs
        )

    def to_python(self, value: Any) -> Any:
        try:
            return rules.read_region(super().to_python(value) or "")
        except rules.Misplaced as fault:
            raise ValidationError(_now(str(fault))) from fault

    def prepare_value(self, value: Any) -> Any:
        return rules.spelled(value) if isinstance(value, rules.Region) else value

    def run_validators(self, value: Any) -> None:
        """Judged while it was read; a region has no length."""


class PagesField(forms.CharField):
    """页码：如 1,3-5。"""

    def to_python(self, value: Any) -> Any:
        try:
            return rules.read_pages(super().to_python(value) or "", 9999)
        except rules.Misplaced as fault:
            raise ValidationError(_now(str(fault))) from fault

    def prepare_value(self, value: Any) -> Any:
        return rules.pages_of(value) if isinstance(value, list) else value

    def run_validators(self, value: Any) -> None:
        """Judged while it was read."""


class UploadsInput(UploadInput):
    """One field for several files."""

    allow_multiple_selected = True


class UploadsField(UploadField):
    """上传几个文件：逐个判断，所有的毛病一次说全。"""

    widget = UploadsInput
    default_error_messages: ClassVar[dict[str, Any]] = {"required": _("请选择至少一个文件。")}

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = data if isinstance(data, (list, tuple)) else [data] if data else []
        if not files:
            raise ValidationError(self.error_messages["required"], code="required")
        faults, kept = [], []
        for each in files:
            try:
                kept.append(super().clean(each))
            except ValidationError as fault:
                faults += fault.error_list
        if faults:
            raise ValidationError(faults)
        return kept

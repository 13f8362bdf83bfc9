"""Starting a job that needs no inputs, and stopping one."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class StartForm(forms.Form):
    """发起：选哪一种。"""

    kind = forms.ChoiceField(label=_("哪一种"), widget=forms.RadioSelect)

    def __init__(self, *given: Any, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__(*given)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        field.initial = choices[0][0]


class StopForm(forms.Form):
    """停止：一个按钮。"""

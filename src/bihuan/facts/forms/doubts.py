"""Doubts: the filters of their list, and what somebody found out."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import field
from bihuan.facts import terms
from bihuan.facts.forms.fields import choices, long_text


class DoubtFilterForm(forms.Form):
    """疑点的筛选：状态、程度。"""

    state = forms.ChoiceField(label=_("状态"), required=False)
    severity = forms.ChoiceField(label=_("程度"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        every = _now("全部")
        field(self, "state").choices = choices(terms.DOUBT_STATES, empty=every)
        field(self, "severity").choices = choices(terms.SEVERITIES, empty=every)

    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class SettleForm(forms.Form):
    """了结疑点：查到了什么。"""

    note = long_text(_("查到了什么"), rows=3)

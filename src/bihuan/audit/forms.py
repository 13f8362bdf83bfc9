"""What people ask of the chain."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from bihuan.audit import services
from bihuan.base.fields import day
from bihuan.base.text import plain


class SearchForm(forms.Form):
    """按事项、经办、对象、日期查询。"""

    act = forms.CharField(label=_("事项"), required=False, max_length=100)
    actor = forms.CharField(label=_("经办"), required=False, max_length=100)
    thing = forms.CharField(label=_("对象"), required=False, max_length=100)
    since = day(_("自"), required=False)
    until = day(_("至"), required=False)

    def asked(self) -> dict[str, Any]:
        """What was asked, as `queries.search` takes it; what makes no sense is left out."""
        asked = self._given()
        if act := asked.pop("act", ""):
            asked["acts"] = _acts_called(act)
        return asked

    def address(self, here: str) -> str:
        """The address of this question, to which a page number can be added."""
        asked = urlencode(self._given())
        return f"{here}?{asked}&" if asked else f"{here}?"

    def _given(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def _acts_called(text: str) -> list[str]:
    """Acts whose code begins with a text, or whose sentence contains it in the reader's words."""
    wanted = plain(text)
    return [
        act
        for act, sentence in services.acts().items()
        if act.startswith(text) or wanted in plain(now(sentence)) or wanted in plain(sentence)
    ]

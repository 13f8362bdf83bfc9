"""What people ask of the chain."""

from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _


class SearchForm(forms.Form):
    """按事项、经办、对象查询。"""

    act = forms.CharField(label=_("事项代码"), required=False, max_length=100)
    actor = forms.CharField(label=_("经办"), required=False, max_length=100)
    thing = forms.CharField(label=_("对象"), required=False, max_length=100)

    def asked(self) -> dict[str, str]:
        """What was asked, without the empty fields."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def address(self, here: str) -> str:
        """The address of this question, to which a page number can be added."""
        asked = urlencode(self.asked())
        return f"{here}?{asked}&" if asked else f"{here}?"

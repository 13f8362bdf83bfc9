"""What may be asked of the live list: which sections, in which order, what counts as fresh."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bihuan.base.fields import choices, field
from bihuan.snow.queries import live as queries
from bihuan.snow.rules import live as rules

_ALL = [("", _("全部"))]


class LiveForm(forms.Form):
    """筛选实时清单。"""

    text = forms.CharField(label=_("路段"), required=False, max_length=40)
    kind = forms.ChoiceField(label=_("等级"), required=False, choices=_ALL + choices(rules.KINDS))
    company = forms.ChoiceField(label=_("单位"), required=False)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=_ALL + choices(rules.STATES))
    age = forms.ChoiceField(label=_("最近一遍"), required=False, choices=_ALL + choices(rules.AGES))
    fresh = forms.TypedChoiceField(
        label=_("多久算不久"), required=False, coerce=int, empty_value=None
    )
    icing = forms.BooleanField(label=_("只看易结冰"), required=False)
    sort = forms.ChoiceField(
        required=False, choices=list(rules.SORTS.items()), widget=forms.HiddenInput
    )
    down = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, asked: QueryDict) -> None:
        told = asked.copy()
        told.setdefault("fresh", str(rules.FRESH))
        super().__init__(told)
        companies = [(one, one) for one in queries.companies()]
        field(self, "company").choices = [("", _now("全部")), *companies]
        field(self, "fresh").choices = [
            (n, ngettext("%(n)d 小时以内", "%(n)d 小时以内", n) % {"n": n})
            for n in rules.FRESH_HOURS
        ]
        self.fields["fresh"].initial = rules.FRESH

    def asked(self) -> dict[str, Any]:
        """What was asked; where something unknown was, as if nothing had been."""
        self.is_valid()
        told = getattr(self, "cleaned_data", {})
        return {
            "text": (told.get("text") or "").strip(),
            "kind": told.get("kind") or "",
            "company": told.get("company") or "",
            "state": told.get("state") or "",
            "age": told.get("age") or "",
            "fresh": told.get("fresh") or rules.FRESH,
            "icing": bool(told.get("icing")),
            "sort": told.get("sort") or "state",
            "down": bool(told.get("down")),
        }

    def query(self) -> Mapping[str, Any]:
        """The same as an address says it."""
        asked = self.asked()
        flags = {name: "1" if asked[name] else "" for name in ("icing", "down")}
        return {**asked, **flags}

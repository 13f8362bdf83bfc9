"""Forms of who can be rated."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.assessment import queries, rules
from bihuan.assessment.models import Entrant
from bihuan.base.fields import Labelled
from bihuan.people.models import Unit


class EntrantForm(forms.Form):
    """参评单位：登记，或修改；代码一经登记不再变。"""

    code = forms.SlugField(
        label=_("代码"), max_length=60, help_text=_("字母、数字和连字符，一经使用不再变。")
    )
    name = forms.CharField(label=_("名称"), max_length=200)
    name_en = forms.CharField(label=_("英文名称"), max_length=300, required=False)
    league = forms.ChoiceField(
        label=_("分类"), choices=[(code, _(label)) for code, label in rules.LEAGUES.items()]
    )
    unit = Labelled(
        Unit.objects.none(),
        label=_("对应的单位"),
        required=False,
        help_text=_("本区和区内单位才选；选了的逐格填报。别的开发区留空。"),
    )
    sample = forms.BooleanField(label=_("示例数据"), required=False)

    def __init__(self, data: Any = None, *, entrant: Entrant | None = None) -> None:
        names = ("name", "name_en", "league", "unit", "sample")
        now = {name: getattr(entrant, name) for name in names} if entrant is not None else {}
        super().__init__(data, initial=now)
        if entrant is not None:
            del self.fields["code"]
        unit: Any = self.fields["unit"]
        unit.queryset = queries.units_to_enter()


class EntrantFilter(forms.Form):
    """参评单位的筛选：分类、名称。"""

    league = forms.ChoiceField(label=_("分类"), required=False)
    text = forms.CharField(label=_("名称"), required=False, max_length=60)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        field: Any = self.fields["league"]
        field.choices = [("", _now("全部")), *((c, _now(w)) for c, w in rules.LEAGUES.items())]

    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

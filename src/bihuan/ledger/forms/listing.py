"""The filters of the ledger's list; what they ask is an address that can be sent on."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices, day
from bihuan.ledger import queries, rules
from bihuan.ledger.forms.fields import PostChoice, UnitChoice, field
from bihuan.people.models import Post, Unit

# Asked by the links of the statistics rather than by hand; shown where they are asked.
_RARE = ("lead", "leader", "category", "closed_since", "closed_until")


class FilterForm(forms.Form):
    """台账的筛选：状态、单位、来源、类型、风险、亮灯、日期、文字、只看逾期、只看待回头看。"""

    text = forms.CharField(label=_("编号或文字"), required=False, max_length=60)
    state = forms.ChoiceField(label=_("状态"), required=False)
    unit = UnitChoice(Unit.objects.none(), label=_("单位"), required=False, empty_label=_("全部"))
    lead = UnitChoice(
        Unit.objects.none(), label=_("牵头单位"), required=False, empty_label=_("全部")
    )
    leader = PostChoice(
        Post.objects.none(), label=_("责任领导"), required=False, empty_label=_("全部")
    )
    source = forms.ChoiceField(label=_("来源"), required=False)
    kind = forms.ChoiceField(label=_("整改类型"), required=False)
    category = forms.CharField(label=_("问题类别"), required=False, max_length=60)
    risk = forms.ChoiceField(label=_("风险"), required=False)
    lamp = forms.ChoiceField(label=_("亮灯"), required=False)
    since = day(_("交办自"), required=False)
    until = day(_("交办至"), required=False)
    closed_since = day(_("销号自"), required=False)
    closed_until = day(_("销号至"), required=False)
    late = forms.BooleanField(label=_("只看逾期"), required=False)
    recheck = forms.BooleanField(label=_("只看待回头看"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = ("", _("全部"))
        options = {
            "state": [
                ("open", _("未销号")),
                ("given", _("交办过的")),
                ("with_unit", _("在责任单位")),
                ("with_checker", _("在核查人")),
                *choices(rules.STATES),
            ],
            "source": queries.words("sources"),
            "kind": choices(rules.RECT_KINDS),
            "risk": choices(rules.RISKS),
            "lamp": [*queries.words("lamps"), ("-", _("不亮灯"))],
        }
        for name, found in options.items():
            asked = self.data.get(name, "")
            if name == "source" and asked and asked not in dict(found):
                found = [*found, (asked, queries.word("sources", asked))]
            field(self, name).choices = [everything, *found]
        field(self, "unit").queryset = queries.units_to_choose()
        # An address may name a unit that has ended since.
        field(self, "lead").queryset = Unit.objects.all()
        if self.data.get("leader"):
            field(self, "leader").queryset = Post.objects.select_related("person", "unit")
        for name in _RARE:
            if not self.data.get(name):
                del self.fields[name]

    def asked(self) -> dict[str, Any]:
        """What was asked; a filter that makes no sense is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def address(self) -> dict[str, str]:
        """What was asked, as it stands in an address."""
        return {name: _written(value) for name, value in self.asked().items()}


class ListingForm(FilterForm):
    """台账页的筛选：另可选排序。"""

    sort = forms.ChoiceField(label=_("排序"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field(self, "sort").choices = [("", _("新提出的在前")), *choices(queries.SORTS)]


def _written(value: Any) -> str:
    return "on" if value is True else str(getattr(value, "pk", value))

"""One figure at a time, and the filters of their list."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import Labelled, field
from bihuan.facts import queries, terms, versions
from bihuan.facts.forms.fields import (
    PeriodChoice,
    choices,
    long_text,
    measures,
    number,
    period_written,
)
from bihuan.facts.models import Group, Indicator, Observation, Period, Submission
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit


class FilterForm(forms.Form):
    """数据的筛选：单位、指标、时期、一级指标、文字、有无疑点。"""

    unit = Labelled(Unit.objects.none(), label=_("单位"), required=False, empty_label=_("全部"))
    indicator = Labelled(
        Indicator.objects.none(), label=_("指标"), required=False, empty_label=_("全部")
    )
    period = PeriodChoice(
        Period.objects.none(), label=_("时期"), required=False, empty_label=_("全部")
    )
    group = Labelled(
        Group.objects.none(), label=_("一级指标"), required=False, empty_label=_("全部")
    )
    text = forms.CharField(label=_("文字"), required=False, max_length=60)
    doubted = forms.BooleanField(label=_("只看有疑点的"), required=False)

    def __init__(self, data: Any, by: Post) -> None:
        super().__init__(data)
        seen = queries.visible_to(by).order_by()
        field(self, "unit").queryset = Unit.objects.filter(pk__in=seen.values("unit"))
        field(self, "indicator").queryset = Indicator.objects.filter(
            pk__in=seen.values("indicator")
        )
        field(self, "period").queryset = Period.objects.filter(pk__in=seen.values("period"))
        field(self, "group").queryset = Group.objects.filter(pk__in=seen.values("indicator__group"))

    def asked(self) -> dict[str, Any]:
        """What was asked; a filter that makes no sense is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def address(self, here: str) -> str:
        """The address of this question, to which a page number can be added."""
        asked = urlencode({k: getattr(v, "pk", v) for k, v in self.asked().items()})
        return f"{here}?{asked}&" if asked else f"{here}?"


class SaidForm(forms.Form):
    """一个数说了什么：数值、单位、变动、原文、来源。"""

    value = number(_("数值"), _("照原文写，小数位数照样保留。没有数的，填下面的文字。"))
    text = forms.CharField(label=_("文字"), required=False, max_length=200)
    measure = forms.ChoiceField(label=_("计量单位"), required=False)
    change = number(_("变动"), _("百分比、百分点或位次变动的数；位次前移写负数。"))
    change_kind = forms.ChoiceField(label=_("变动类型"), required=False)
    approximate = forms.BooleanField(label=_("约数"), required=False)
    lower_bound = forms.BooleanField(label=_("下限（余、以上）"), required=False)
    quote = long_text(_("原文"), rows=3, help_text=_("照抄出处的原话。"))
    source = forms.CharField(label=_("来源"), required=False, max_length=300)
    to_verify = forms.BooleanField(label=_("来源待核实"), required=False)
    note = long_text(_("备注"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field(self, "measure").choices = measures()
        field(self, "change_kind").choices = choices(terms.CHANGE_KINDS, empty="—")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        # The unit of a change follows from its kind: % is not 百分点.
        cleaned["change_unit"] = terms.CHANGE_UNITS.get(cleaned.get("change_kind", ""), "")
        return cleaned


class ReviseForm(SaidForm):
    """修订一个数：改什么，为什么。"""

    reason = long_text(_("修订的原因"), help_text=_("旧版一字不动，新版写明原因。"))
    field_order = ("reason",)

    @classmethod
    def of(cls, observation: Observation) -> "ReviseForm":
        """The form as the figure stands now, with the digits as printed."""
        known = {name: getattr(observation, name) for name in cls.base_fields if name != "reason"}
        known["value"] = versions.printed(observation.value, observation.places)
        known["change"] = versions.printed(observation.change, observation.change_places)
        return cls(initial=known)


class RecordForm(SaidForm):
    """录入一个数：哪个单位、哪个指标、哪个时期、什么口径。"""

    unit = Labelled(Unit.objects.none(), label=_("单位"))
    indicator = Labelled(Indicator.objects.none(), label=_("指标"))
    period = period_written()
    base_period = forms.CharField(
        label=_("基期"), required=False, max_length=80, help_text=_("变动是与哪个时期相比。")
    )
    scope = forms.CharField(
        label=_("口径"), required=False, max_length=200, help_text=_("如：不含富士康结转。")
    )
    submission = forms.ModelChoiceField(
        Submission.objects.none(),
        label=_("填报批次"),
        required=False,
        empty_label=_("不归入批次，录入后立即算数"),
    )
    field_order = (
        *("submission", "unit", "indicator", "period", "scope", "value", "measure", "text"),
        *("change", "change_kind", "base_period"),
    )

    def __init__(self, *args: Any, by: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        where = people.scope(by, "facts.record")
        units = people.units()
        field(self, "unit").queryset = (
            units if where.units is None else units.filter(pk__in=where.units)
        )
        field(self, "indicator").queryset = queries.indicators()
        filling = queries.submissions(by).filter(state__in=terms.FILLING)
        field(self, "submission").queryset = filling

"""Forms of a run's pages: filters, what if, goals, what matters."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.assessment import rules
from bihuan.assessment.forms.parts import number, shown
from bihuan.assessment.services.sensitivity import FEWEST, MOST


class RankingFilter(forms.Form):
    """位次表的筛选：分类、名称。"""

    league = forms.ChoiceField(label=_("分类"), required=False)
    text = forms.CharField(label=_("名称"), required=False, max_length=60)

    def __init__(self, data: Any, leagues: Sequence[str]) -> None:
        super().__init__(data)
        field: Any = self.fields["league"]
        field.choices = [("", _now("全部")), *((c, _now(rules.LEAGUES[c])) for c in leagues)]

    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class Slide(forms.TextInput):
    """A field for a number; the page's script adds a slider beside it."""

    def __init__(self, low: float, high: float, step: float) -> None:
        super().__init__(
            attrs={
                "inputmode": "decimal",
                "data-slide": "",
                "data-min": f"{low:.10g}",
                "data-max": f"{high:.10g}",
                "data-step": f"{step:.10g}",
            }
        )


# Scales and means that can be tried; a geometric mean asks for scores above zero.
TRIED_SCALES = {
    "efficacy_linear": _("线性功效系数法（60–100）"),
    "efficacy_exp": _("指数功效系数法"),
    "minmax": _("极差法（1–100）"),
    "zscore": _("标准分（50 ± 10）"),
    "prank": _("百分位"),
}
TRIED_MEANS = {
    "amean": _("算术平均"),
    "gmean": _("几何平均"),
    "hmean": _("调和平均"),
    "mpi": _("马齐奥塔–帕雷托法"),
}


class WhatIfForm(forms.Form):
    """假如：改本单位的几个数、几个权重、做法或方案，立即重排。"""

    def __init__(
        self,
        data: Any,
        cells: Sequence["Asked"],
        weights: Sequence["Asked"],
        choices: Mapping[str, tuple[str, Mapping[str, Any]]],
    ) -> None:
        initial = {one.key: shown(one.now) for one in (*cells, *weights)}
        # An address without an answer is a page just opened; what it leaves out is as it was.
        said = {key: data.get(key) or now for key, now in initial.items()} if data else None
        super().__init__(said, initial=initial)
        for one in (*cells, *weights):
            field = number(one.label, help_text=one.hint)
            field.widget = Slide(one.low, one.high, one.step)
            self.fields[one.key] = field
        self.now = {one.key: one.now for one in (*cells, *weights)}
        for key, (label, words) in choices.items():
            given = [("", _now("照方案")), *((code, str(word)) for code, word in words.items())]
            self.fields[key] = forms.ChoiceField(label=label, choices=given, required=False)
            if said is not None:
                said[key] = data.get(key, "")

    def chosen(self, key: str) -> str:
        """The way that was chosen; nothing where all stays as it is."""
        return str(self.cleaned_data.get(key, "")) if self.is_bound and self.is_valid() else ""

    def changed_to(self, prefix: str) -> dict[str, float]:
        """What was really changed, by code."""
        if not self.is_bound or not self.is_valid():
            return {}
        out = {}
        for key, value in self.cleaned_data.items():
            asked = key.startswith(prefix) and key in self.now and value is not None
            if asked and shown(value) != shown(self.now[key]):
                out[key[len(prefix) :]] = float(value)
        return out


class Asked:
    """One number that can be tried otherwise."""

    def __init__(
        self, key: str, label: str, now: float, low: float, high: float, hint: str
    ) -> None:
        self.key, self.label, self.hint = key, label, hint
        self.now = float(f"{now:.6g}")
        self.low, self.high = low, high
        self.step = float(f"{(high - low) / 200 or 1:.1g}")


class GoalForm(forms.Form):
    """目标：升几位、进前几位或离开末几位；每个抓手的代价、上限、整步。"""

    aim = forms.ChoiceField(
        label=_("目标"),
        choices=[("gain", _("上升几位")), ("rank", _("到第几位")), ("leave", _("离开末几位"))],
    )
    much = forms.IntegerField(label=_("几"), min_value=1, max_value=9999, initial=4)
    confidence = forms.TypedChoiceField(
        label=_("要求的把握"),
        coerce=float,
        choices=[("0", _("同伴不变")), ("0.5", "50%"), ("0.8", "80%"), ("0.9", "90%")],
    )

    def __init__(self, data: Any, levers: Sequence["Asked"], measures: dict[str, str]) -> None:
        super().__init__(data)
        self.codes = [one.key for one in levers]
        for one in levers:
            for part, label, value in (
                ("cost", _now("每单位代价"), one.low),
                ("most", _now("最多改善"), one.high),
                ("step", _now("整步"), one.step or None),
            ):
                field = number(label, initial=shown(value), min_value=0)
                field.widget.attrs["aria-label"] = f"{one.label} {label}"
                self.fields[f"{part}-{one.key}"] = field
        self.measures = measures

    def levers(self) -> list[tuple[str, float, float, float]]:
        """Indicator, cost, most and step of every lever with a cost and room."""
        said = self.cleaned_data
        out = []
        for code in self.codes:
            cost, most = said.get(f"cost-{code}"), said.get(f"most-{code}")
            if cost is not None and most:
                out.append((code, float(cost), float(most), float(said.get(f"step-{code}") or 0)))
        return out


class SensitivityForm(forms.Form):
    """敏感性分析：每块的抽样次数和种子。"""

    draws = forms.IntegerField(
        label=_("每块的抽样次数"),
        min_value=FEWEST,
        max_value=MOST,
        help_text=_("做法的每种组合各抽这么多次；越多越准，也越久。"),
    )
    seed = forms.IntegerField(label=_("种子"), min_value=0, max_value=2**62)

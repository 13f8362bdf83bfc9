"""Forms of the room. Numbers are kept as typed; what is left empty stays unknown, never nought."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.assessment import queries, rules
from bihuan.assessment.models import Entrant, Node, Scheme
from bihuan.base import clock
from bihuan.engines.index.method import IMPUTE, MEANS, SCALES, TREAT
from bihuan.facts import queries as facts
from bihuan.facts.models import Indicator

SCALE_WORDS = {
    "efficacy_linear": _("线性功效系数法（60–100）"),
    "efficacy_exp": _("指数功效系数法"),
    "minmax": _("极差法（0–100）"),
    "zscore": _("标准分"),
    "prank": _("百分位"),
    "rank": _("位次"),
    "borda": _("博尔达计分"),
    "dist2max": _("与最好值的距离"),
    "fracmax": _("与最好值之比"),
    "none": _("不变"),
}
MEAN_WORDS = {
    "amean": _("算术平均"),
    "gmean": _("几何平均"),
    "hmean": _("调和平均"),
    "median": _("中位数"),
    "mpi": _("马齐奥塔–帕雷托法"),
}
TREAT_WORDS = {
    "winsorise": _("缩尾"),
    "log": _("取对数"),
    "boxcox": _("博克斯–考克斯变换"),
    "none": _("不处理"),
}
IMPUTE_WORDS = {
    "group_median": _("本类中位数"),
    "group_mean": _("本类平均数"),
    "median": _("全体中位数"),
    "mean": _("全体平均数"),
    "none": _("不插补"),
}


def number(label: Any, **kwargs: Any) -> forms.DecimalField:
    """A number as printed, not forced to be there."""
    kwargs.setdefault("required", False)
    kwargs.setdefault("max_digits", 20)
    kwargs.setdefault("decimal_places", 8)
    return forms.DecimalField(
        label=label, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **kwargs
    )


def text(label: Any, *, required: bool = True, rows: int = 2, help_text: Any = "") -> Any:
    return forms.CharField(
        label=label,
        required=required,
        max_length=300,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def shown(value: Decimal | float | None) -> str:
    """A number without the zeros that a column of the database adds."""
    if value is None:
        return ""
    return f"{Decimal(str(value)).normalize():f}"


class Labelled(forms.ModelChoiceField):  # type: ignore[type-arg]  # not there at run time
    """One of some nouns, named in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label())


class Button(forms.Form):
    """一个按钮。"""


class NoteForm(forms.Form):
    """写一句话。"""

    note = text(_("说明"), rows=3)


class FreezeForm(forms.Form):
    """冻结：有疑点的，逐条说明。"""

    note = text(
        _("核对说明"),
        required=False,
        rows=3,
        help_text=_("有核对疑点的，逐条写明为什么没有错。"),
    )


class OpenForm(forms.Form):
    """开始一轮考核。"""

    scheme = Labelled(Scheme.objects.none(), label=_("评价方案"))
    assess_year = forms.IntegerField(label=_("考核年度"), min_value=2016, max_value=2199)
    data_year = forms.IntegerField(
        label=_("数据年度"),
        min_value=2015,
        max_value=2199,
        help_text=_("考核年度与数据年度不同：“2021年”考核评的是2020年的数据。"),
    )

    league = forms.ChoiceField(
        label=_("本区所在分类"),
        required=False,
        choices=[("", "—"), ("east", _("东部")), ("centre", _("中部")), ("west", _("西部"))],
        help_text=_("只在第一次评开发区时要选。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        year = clock.today().year
        kwargs.setdefault("initial", {"assess_year": year, "data_year": year - 1})
        super().__init__(*args, **kwargs)
        field: Any = self.fields["scheme"]
        field.queryset = queries.schemes()
        field.label_from_instance = scheme_name


def scheme_name(scheme: Scheme) -> str:
    return _now("%(name)s，第 %(version)d 版") % {
        "name": scheme.label(),
        "version": scheme.version,
    }


class CellsForm(forms.Form):
    """填报：每项一个数，改动的各登新的一版。"""

    def __init__(
        self, data: Any = None, *, nodes: Sequence[Node], now: dict[str, Decimal | None]
    ) -> None:
        super().__init__(data)
        for node in nodes:
            made = number(node.label(), initial=shown(now.get(node.code)))
            made.widget.attrs["aria-label"] = node.label()
            self.fields[f"c-{node.code}"] = made
        self.fields["source"] = text(_("依据"), help_text=_("这些数出自哪份文件、报表，什么口径。"))

    def values(self) -> dict[str, Decimal | None]:
        return {k[2:]: v for k, v in self.cleaned_data.items() if k.startswith("c-")}


class WeightsForm(forms.Form):
    """权重：未公布的留空，不要填 0。"""

    def __init__(self, data: Any = None, *, nodes: Sequence[Node]) -> None:
        super().__init__(data)
        for node in nodes:
            made = number(
                node.label(),
                initial=shown(node.weight),
                min_value=0,
                max_digits=7,
                decimal_places=3,
            )
            made.widget.attrs["aria-label"] = _now("%(name)s的权重") % {"name": node.label()}
            self.fields[f"w-{node.code}"] = made
        self.fields["basis"] = text(_("依据"))

    def weights(self) -> dict[str, Decimal | None]:
        return {k[2:]: v for k, v in self.cleaned_data.items() if k.startswith("w-")}


class MethodForm(forms.Form):
    """算法：无量纲化、汇总、异常值、插补、抽样次数。"""

    normalise = forms.ChoiceField(
        label=_("无量纲化"), choices=[(k, v) for k, v in SCALE_WORDS.items() if k in SCALES]
    )
    groups = forms.ChoiceField(
        label=_("组内汇总"), choices=[(k, v) for k, v in MEAN_WORDS.items() if k in MEANS]
    )
    total = forms.ChoiceField(
        label=_("总分汇总"), choices=[(k, v) for k, v in MEAN_WORDS.items() if k in MEANS]
    )
    treat = forms.ChoiceField(
        label=_("异常值"), choices=[(k, v) for k, v in TREAT_WORDS.items() if k in TREAT]
    )
    impute = forms.ChoiceField(
        label=_("缺数"), choices=[(k, v) for k, v in IMPUTE_WORDS.items() if k in IMPUTE]
    )
    draws = forms.IntegerField(label=_("抽样次数"), min_value=50, max_value=100_000)
    basis = text(_("依据"))

    def __init__(self, data: Any = None, *, of: Scheme) -> None:
        table: Any = of.method
        hows = table.get("aggregate", {}).get("how", ["amean"])
        super().__init__(
            data,
            initial={
                "normalise": table.get("normalise", {}).get("how", "minmax"),
                "groups": hows[0],
                "total": hows[-1],
                "treat": table.get("treat", {}).get("how", "winsorise"),
                "impute": table.get("impute", {}).get("how", "none"),
                "draws": of.draws,
            },
        )
        self.of = of

    def table(self) -> dict[str, Any]:
        said, now = self.cleaned_data, dict(self.of.method)
        return {
            "normalise": {**now.get("normalise", {}), "how": said["normalise"]},
            "aggregate": {**now.get("aggregate", {}), "how": [said["groups"], said["total"]]},
            "treat": {**now.get("treat", {}), "how": said["treat"]},
            "impute": {**now.get("impute", {}), "how": said["impute"], "group": "league"},
        }


class NodeForm(forms.Form):
    """补录一项指标。"""

    parent = Labelled(Node.objects.none(), label=_("一级指标"))
    code = forms.SlugField(
        label=_("代码"), max_length=60, help_text=_("字母、数字和连字符，一经使用不再变。")
    )
    name = forms.CharField(label=_("名称"), max_length=200)
    name_en = forms.CharField(label=_("英文名称"), max_length=300, required=False)
    weight = number(_("权重"), min_value=0, max_digits=7, decimal_places=3)
    measure = forms.CharField(label=_("计量单位"), max_length=20, required=False)
    lower_is_better = forms.BooleanField(label=_("越小越好"), required=False)
    indicator = Labelled(
        Indicator.objects.none(),
        label=_("数据指标"),
        required=False,
        empty_label=_("手工填报"),
        help_text=_("选了的，可从数据取数；测评、项目、清雪登记的指标也在这里选。"),
    )

    def __init__(self, data: Any = None, *, of: Scheme) -> None:
        super().__init__(data)
        parent: Any = self.fields["parent"]
        parent.queryset = of.nodes.filter(parent__isnull=True).order_by("number")
        indicator: Any = self.fields["indicator"]
        indicator.queryset = facts.indicators()


class CopyForm(forms.Form):
    """另立一版。"""

    first_round = forms.IntegerField(label=_("自考核年度起用"), min_value=2016, max_value=2199)
    basis = forms.CharField(label=_("依据"), max_length=300, required=False)


class RunForm(forms.Form):
    """发起测算：抽样次数和种子；同一种子得同样的结果。"""

    draws = forms.IntegerField(label=_("抽样次数"), min_value=50, max_value=100_000)
    seed = forms.IntegerField(
        label=_("种子"),
        min_value=0,
        max_value=2**62,
        help_text=_("同一种子得同样的结果；与上一轮同种子，才能说出确有上升的概率。"),
    )


class PeersForm(forms.Form):
    """同伴数据：从表格里复制粘贴。"""

    table = forms.CharField(
        label=_("表格"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=400_000,
        help_text=_(
            "第一行是列名：代码、名称、分类（东部、中部、西部），以后每列一项指标（名称或代码）。"
        ),
    )
    source = forms.CharField(label=_("来源"), max_length=300)


class PointForm(forms.Form):
    """加减分：减分写负数。"""

    entrant = Labelled(Entrant.objects.none(), label=_("单位"))
    points = number(_("分数"), required=True, max_digits=7, decimal_places=3)
    reason = forms.CharField(label=_("理由"), max_length=200)
    basis = forms.CharField(label=_("依据"), max_length=200)

    def __init__(self, data: Any = None, *, entrants: Sequence[Entrant]) -> None:
        super().__init__(data)
        entrant: Any = self.fields["entrant"]
        entrant.queryset = Entrant.objects.filter(pk__in=[one.pk for one in entrants])


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


class WhatIfForm(forms.Form):
    """假如：改本单位的几个数，或几个权重，立即重排。"""

    def __init__(self, data: Any, cells: Sequence["Asked"], weights: Sequence["Asked"]) -> None:
        initial = {one.key: shown(one.now) for one in (*cells, *weights)}
        # An address without an answer is a page just opened; what it leaves out is as it was.
        said = {key: data.get(key) or now for key, now in initial.items()} if data else None
        super().__init__(said, initial=initial)
        for one in (*cells, *weights):
            field = number(one.label, help_text=one.hint)
            field.widget = Slide(one.low, one.high, one.step)
            self.fields[one.key] = field
        self.now = {one.key: one.now for one in (*cells, *weights)}

    def changed_to(self, prefix: str) -> dict[str, float]:
        """What was really changed, by code."""
        if not self.is_bound or not self.is_valid():
            return {}
        out = {}
        for key, value in self.cleaned_data.items():
            asked = key.startswith(prefix) and value is not None
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

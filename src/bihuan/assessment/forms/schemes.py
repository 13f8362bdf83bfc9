"""Forms of schemes: weights, method, indicators, rules for points, a new version."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.assessment import queries, rules
from bihuan.assessment.forms.parts import number, shown, text
from bihuan.assessment.models import Node, PointRule, Scheme
from bihuan.assessment.services import NodeWords, RulePlan
from bihuan.base.fields import Labelled
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


def scheme_name(scheme: Scheme) -> str:
    return _now("%(name)s，第 %(version)d 版") % {
        "name": scheme.label(),
        "version": scheme.version,
    }


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


class AmendNodeForm(forms.Form):
    """改一项：名称、计量单位、方向、上级、取数、比对、序号；一级指标只改名称和序号。"""

    name = forms.CharField(label=_("名称"), max_length=200)
    name_en = forms.CharField(label=_("英文名称"), max_length=300, required=False)
    number = forms.IntegerField(label=_("序号"), min_value=0, max_value=32767)
    parent = Labelled(Node.objects.none(), label=_("一级指标"))
    measure = forms.CharField(label=_("计量单位"), max_length=20, required=False)
    lower_is_better = forms.BooleanField(label=_("越小越好"), required=False)
    figure = forms.ChoiceField(
        label=_("数据指标"), required=False, help_text=_("选了的，可从数据取数。")
    )
    count = forms.ChoiceField(label=_("台账统计"), required=False)
    ratio_to = forms.ChoiceField(
        label=_("比对指标"),
        required=False,
        help_text=_("这一项通常随它走：两者之比远离同伴的，核对时要问。"),
    )
    ONLY_LEAVES = ("parent", "measure", "lower_is_better", "figure", "count", "ratio_to")

    def __init__(self, data: Any = None, *, node: Node) -> None:
        now = {name: getattr(node, name) for name in ("name", "name_en", "number")}
        now |= {name: getattr(node, name) for name in self.ONLY_LEAVES}
        super().__init__(data, initial=now)
        if node.parent_id is None:
            for name in self.ONLY_LEAVES:
                del self.fields[name]
            return
        fields: dict[str, Any] = self.fields
        fields["parent"].queryset = node.scheme.nodes.filter(parent__isnull=True).order_by("number")
        fields["figure"].choices = [("", "—"), *_figures(node)]
        fields["count"].choices = [("", "—"), *((k, _now(v)) for k, v in rules.COUNTS.items())]
        others = [n for n in queries.leaves(node.scheme) if n.pk != node.pk]
        fields["ratio_to"].choices = [("", "—"), *((n.code, n.label()) for n in others)]

    def words(self) -> NodeWords:
        """As the verb that amends it takes them."""
        return NodeWords(**self.cleaned_data)


def _figures(node: Node) -> list[tuple[str, str]]:
    """Known figures by code; the one that stands there too, though nothing has brought it yet."""
    known = [(one.code, one.label()) for one in facts.indicators()]
    there = {code for code, _name in known}
    unmet = [(node.figure, node.figure)] if node.figure and node.figure not in there else []
    return [*unmet, *known]


class RuleForm(forms.Form):
    """加减分规则：一条一行，写明触发和依据。"""

    code = forms.SlugField(
        label=_("代码"), max_length=60, help_text=_("字母、数字和连字符，一经使用不再变。")
    )
    name = forms.CharField(label=_("名称"), max_length=200)
    name_en = forms.CharField(label=_("英文名称"), max_length=300, required=False)
    points = number(
        _("分数"),
        max_digits=7,
        decimal_places=3,
        help_text=_("减分写负数；留空就是逐次核定。"),
    )
    cap = number(
        _("累计最多"),
        max_digits=7,
        decimal_places=3,
        help_text=_("一个单位一轮里这条规则最多加（减）几分，写正数；留空不限。"),
    )
    trigger = forms.ChoiceField(
        label=_("触发"), choices=[(code, _(label)) for code, label in rules.TRIGGERS.items()]
    )
    node = Labelled(
        Node.objects.none(),
        label=_("指标"),
        required=False,
        help_text=_("按得分触发的才选；看的是这一项化成的得分，不是原来的数。"),
    )
    limit = number(_("界限"), max_digits=12, decimal_places=4)
    basis = text(_("依据"))
    order = forms.IntegerField(label=_("序号"), required=False, min_value=1, max_value=32767)

    def __init__(self, data: Any = None, *, of: Scheme, rule: PointRule | None = None) -> None:
        now: dict[str, Any] = {}
        if rule is not None:
            now = {k: getattr(rule, k) for k in ("name", "name_en", "trigger", "node", "basis")}
            now |= {k: shown(getattr(rule, k)) for k in ("points", "cap", "limit")}
            now["order"] = rule.number
        super().__init__(data, initial=now)
        if rule is not None:
            del self.fields["code"]
        node: Any = self.fields["node"]
        node.queryset = of.nodes.order_by("number", "pk")

    def plan(self) -> RulePlan:
        """As the verbs that add and amend it take it."""
        said = {k: v for k, v in self.cleaned_data.items() if k not in ("code", "order")}
        return RulePlan(**said, number=self.cleaned_data["order"] or 0)


class CopyForm(forms.Form):
    """另立一版。"""

    first_round = forms.IntegerField(label=_("自考核年度起用"), min_value=2016, max_value=2199)
    basis = forms.CharField(label=_("依据"), max_length=300, required=False)

"""Forms of a round: opened, filled, checked, points, a run."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.assessment import queries, rules
from bihuan.assessment.forms.parts import number, shown, text
from bihuan.assessment.forms.schemes import scheme_name
from bihuan.assessment.models import Entrant, Node, PointRule, Round, Scheme
from bihuan.base import clock
from bihuan.base.fields import Labelled


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
            "估计的数后面加 *，缺数留空；可加一列“来源”，也可加代码写作“来源”的一行，逐行逐列注明。"
        ),
    )
    source = forms.CharField(label=_("来源"), max_length=300)
    merge = forms.BooleanField(
        label=_("只改表里有的格"),
        required=False,
        help_text=_("不选就整批替换；以前各批都留着备查。"),
    )


class PointForm(forms.Form):
    """加减分：按方案的一条规则记。"""

    entrant = Labelled(Entrant.objects.none(), label=_("单位"))
    rule = Labelled(PointRule.objects.none(), label=_("规则"))
    times = forms.IntegerField(
        label=_("次数"),
        initial=1,
        min_value=-999,
        max_value=999,
        help_text=_("改正以前记错的，写负数。"),
    )
    points = number(
        _("核定的分数"),
        max_digits=7,
        decimal_places=3,
        help_text=_("只有逐次核定的规则才写；减分写负数。"),
    )
    reason = forms.CharField(label=_("事由"), max_length=200)
    basis = forms.CharField(label=_("依据"), max_length=200)

    def __init__(self, data: Any = None, *, of: Round) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["entrant"].queryset = Entrant.objects.filter(
            pk__in=[one.pk for one in queries.own(of)]
        )
        fields["rule"].queryset = of.scheme.point_rules.filter(trigger=rules.EVENT)
        fields["rule"].label_from_instance = rule_name


def rule_name(rule: PointRule) -> str:
    """A rule with what it gives."""
    if rule.points is None:
        amount = _now("逐次核定")
    else:
        amount = f"{rule.points.normalize():+f}".replace("-", "−")
    if rule.cap is None:
        return _now("%(name)s（%(amount)s）") % {"name": rule.label(), "amount": amount}
    return _now("%(name)s（%(amount)s，累计最多 %(cap)s）") % {
        "name": rule.label(),
        "amount": amount,
        "cap": shown(rule.cap),
    }

"""What figures are of: terms, indicators, frameworks and their groups."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import Labelled, field
from bihuan.facts import queries, terms
from bihuan.facts.forms.fields import choices, long_text, measures
from bihuan.facts.models import Framework, Group, Indicator, Term
from bihuan.people import queries as people
from bihuan.people.models import Unit


class GroupForm(forms.Form):
    """一级指标：名称、权重、个数、依据；未公布的留空。"""

    name = forms.CharField(label=_("一级指标"), max_length=200)
    weight = forms.DecimalField(
        label=_("权重（%）"),
        required=False,
        min_value=0,
        max_value=100,
        max_digits=6,
        decimal_places=2,
        help_text=_("未公布的留空，不要填 0。"),
    )
    indicator_count = forms.IntegerField(
        label=_("指标个数"), required=False, min_value=0, max_value=9999
    )
    source = forms.CharField(label=_("依据"), required=False, max_length=200)


class FrameworkForm(forms.Form):
    """指标体系：一版考核办法，用于哪几轮考核。"""

    code = forms.SlugField(
        label=_("代码"), max_length=60, help_text=_("字母、数字和连字符，如 2021；一经使用不再变。")
    )
    name = forms.CharField(label=_("名称"), max_length=200)
    name_en = forms.CharField(label=_("英文名称"), required=False, max_length=300)
    edition = forms.CharField(label=_("版本"), required=False, max_length=60)
    first_round = forms.IntegerField(
        label=_("首次用于考核年度"), required=False, min_value=1984, max_value=2199
    )
    last_round = forms.IntegerField(
        label=_("末次用于考核年度"),
        required=False,
        min_value=1984,
        max_value=2199,
        help_text=_("还在用的留空。"),
    )
    note = long_text(_("备注"), required=False)

    def __init__(self, *args: Any, of: Framework | None = None, **kwargs: Any) -> None:
        if of is not None:
            names = [name for name in self.base_fields if name != "code"]
            kwargs.setdefault("initial", {name: getattr(of, name) for name in names})
        super().__init__(*args, **kwargs)
        if of is not None:
            del self.fields["code"]


class IndicatorForm(forms.Form):
    """指标：量什么、用什么单位、越大越好还是越小越好；占比另填分子、分母和整体。"""

    name = forms.CharField(label=_("名称"), max_length=200)
    code = forms.SlugField(
        label=_("代码"),
        required=False,
        max_length=60,
        help_text=_("字母、数字和连字符，一经使用不再变；不填则自动生成。"),
    )
    name_en = forms.CharField(label=_("英文名称"), required=False, max_length=300)
    group = Labelled(
        Group.objects.none(), label=_("一级指标"), required=False, empty_label=_("不属于指标体系")
    )
    number = forms.IntegerField(
        label=_("序号"), initial=999, min_value=0, max_value=32767, help_text=_("列表里的先后。")
    )
    measure = forms.ChoiceField(
        label=_("计量单位"), required=False, help_text=_("表中没有的，先到用语表登记。")
    )
    kind = forms.ChoiceField(label=_("类型"))
    direction = forms.ChoiceField(label=_("方向"))
    bureau = Labelled(
        Unit.objects.none(), label=_("牵头部门"), required=False, empty_label=_("未定")
    )
    numerator = forms.CharField(
        label=_("分子"), required=False, max_length=200, help_text=_("占比才填：什么占什么。")
    )
    denominator = forms.CharField(label=_("分母"), required=False, max_length=200)
    of_whole = forms.CharField(
        label=_("整体所属单位"),
        required=False,
        max_length=120,
        help_text=_("占哪个单位的比重，如：郑州市。"),
    )
    part_indicator = Labelled(
        Indicator.objects.none(), label=_("分子指标"), required=False, empty_label=_("按名称找")
    )
    whole_indicator = Labelled(
        Indicator.objects.none(), label=_("分母指标"), required=False, empty_label=_("按名称找")
    )
    formula = long_text(_("计算方法"), required=False)
    note = long_text(_("备注"), required=False)

    def __init__(self, *args: Any, of: Indicator | None = None, **kwargs: Any) -> None:
        if of is not None:
            names = [name for name in self.base_fields if name != "code"]
            kwargs.setdefault("initial", {name: getattr(of, name) for name in names})
        super().__init__(*args, **kwargs)
        field(self, "measure").choices = measures()
        field(self, "kind").choices = choices(terms.KINDS)
        field(self, "direction").choices = choices(terms.DIRECTIONS)
        field(self, "direction").initial = "none"
        field(self, "group").queryset = queries.groups()
        field(self, "bureau").queryset = people.units()
        for name in ("part_indicator", "whole_indicator"):
            others = queries.indicators()
            field(self, name).queryset = others.exclude(pk=of.pk) if of else others
        if of is not None:
            del self.fields["code"]


class TermFilterForm(forms.Form):
    """用语的筛选：类别、文字。"""

    kind = forms.ChoiceField(label=_("类别"), required=False)
    text = forms.CharField(label=_("文字"), required=False, max_length=60)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        field(self, "kind").choices = choices(terms.TERM_KINDS, empty=_now("全部"))

    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class TermForm(forms.Form):
    """用语：一类一类各填所需；修改时类别和写法不变。"""

    kind = forms.ChoiceField(label=_("类别"))
    word = forms.CharField(label=_("写法"), max_length=200)
    dimension = forms.ChoiceField(
        label=_("量的是什么"), required=False, help_text=_("计量单位才填。")
    )
    factor = forms.DecimalField(
        label=_("等于多少个基本单位"),
        required=False,
        max_digits=20,
        decimal_places=8,
        help_text=_(
            "计量单位才填，用来核对大小。基本单位是元、一个、一人、平方米、公斤、吨标准煤、千瓦时、立方米、米、"
            "分钟；如“千元”填 1000。"
        ),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    currency = forms.ChoiceField(label=_("货币"), required=False, help_text=_("金额才选。"))
    family = forms.ChoiceField(
        label=_("属于哪一类量"), required=False, help_text=_("统计量词才填：同一类的才能相除。")
    )
    meaning = forms.CharField(
        label=_("登记用的写法"),
        required=False,
        max_length=200,
        help_text=_("口径或指标的另一种写法才填：它等同于哪一种写法。"),
    )
    note = forms.CharField(label=_("备注"), required=False, max_length=200)

    def __init__(self, *args: Any, of: Term | None = None, **kwargs: Any) -> None:
        if of is not None:
            kwargs.setdefault("initial", self._known(of))
        super().__init__(*args, **kwargs)
        field(self, "kind").choices = choices(terms.TERM_KINDS)
        field(self, "dimension").choices = choices(terms.DIMENSIONS, empty="—")
        field(self, "currency").choices = choices(terms.CURRENCIES, empty="—")
        field(self, "family").choices = choices(terms.FAMILIES, empty="—")
        if of is not None:
            kept = _OF_KIND[of.kind]
            for name in [name for name in self.fields if name not in kept]:
                del self.fields[name]
            for name in kept - {"note", "currency"}:
                field(self, name).help_text = ""

    @staticmethod
    def _known(of: Term) -> dict[str, Any]:
        meaning = {"dimension": of.meaning, "family": of.meaning, "meaning": of.meaning}
        factor = f"{of.factor.normalize():f}"
        return meaning | {"factor": factor, "currency": of.currency, "note": of.note}

    def said(self, kind: str) -> dict[str, Any]:
        """What the verb wants: the meaning stands in another field for each kind."""
        typed = self.cleaned_data
        meaning = {"unit": "dimension", "measure": "family", "limit": ""}.get(kind, "meaning")
        factor = typed.get("factor")
        return {
            "meaning": typed.get(meaning, "") if meaning else "",
            "currency": typed.get("currency", ""),
            "factor": Decimal(1) if factor is None else factor,
            "note": typed["note"],
        }


_OF_KIND = {
    "unit": {"dimension", "factor", "currency", "note"},
    "measure": {"family", "note"},
    "limit": {"note"},
    "scope": {"meaning", "note"},
    "name": {"meaning", "note"},
}

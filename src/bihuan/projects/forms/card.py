"""The card, its life, its batches, its level and plan by year."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base import clock
from bihuan.base.fields import Labelled, choices, day, field
from bihuan.people.models import Post, Unit
from bihuan.projects import queries, rules, services
from bihuan.projects.forms.fields import ActForm, amount, proof, words
from bihuan.projects.models import Project
from bihuan.projects.rules import places


class CardForm(forms.ModelForm):  # type: ignore[type-arg]  # not there at run time
    """项目卡：不知道的留空。"""

    unit = Labelled(label=_("责任单位"), queryset=Unit.objects.none(), required=False)
    leader = Labelled(label=_("责任领导"), queryset=Post.objects.none(), required=False)
    coordinator = Labelled(label=_("项目协调员"), queryset=Post.objects.none(), required=False)
    place = forms.CharField(
        label=_("位置"),
        required=False,
        max_length=places.MOST_SIGNS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("WGS-84：一个点写“经度,纬度”；范围每行写一个点；也可粘贴 GeoJSON。"),
    )

    class Meta:
        model = Project
        fields = (
            "name", "name_en", "code", "kind", "industry", "builder", "content", "site", "plot",
            "place", "total", "unit", "leader", "coordinator", "source", "note",
        )  # fmt: skip

    def __init__(self, *args: Any, about: Project | None = None, **kwargs: Any) -> None:
        self.thing = about
        if about is not None:
            kwargs["instance"] = Project.objects.get(pk=about.pk)
            kwargs["initial"] = {"place": places.written(about.geometry)}
        super().__init__(*args, **kwargs)
        field(self, "unit").queryset = queries.units_to_choose()
        field(self, "leader").queryset = queries.leaders_to_choose()
        field(self, "coordinator").queryset = queries.coordinators_to_choose()
        order = list(self.Meta.fields)
        self.order_fields(order)
        for name in ("content", "note"):
            self.fields[name].widget = forms.Textarea(attrs={"rows": 3})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        try:
            cleaned["geometry"] = places.read(cleaned.pop("place", "") or "")
        except places.Misplaced as fault:
            self.add_error("place", _now(str(fault)))
        return cleaned

    def _post_clean(self) -> None:
        """The verb, not the form, makes the row."""


class AdvanceForm(ActForm):
    """登记一步。"""

    step = forms.ChoiceField(label=_("到了哪一步"))
    on = day(_("日期"))
    upload = proof(help_text=_("没有佐证不能登记。以什么为证，见“规则”里的项目阶段表。"))
    reason = forms.CharField(label=_("说明"), max_length=300, required=False)

    def fit(self) -> None:
        table = {row["code"]: row for row in queries.tables.table("stages")}
        field(self, "step").choices = [
            (code, _as_choice(code, table)) for code in services.next_steps(self.project)
        ]
        self.fields["on"].initial = clock.today()


def _as_choice(code: str, table: dict[str, Any]) -> str:
    name = _now(rules.STEPS[code])
    if code not in table:
        return name
    told = {"stage": name, "proof": _now(table[code]["proof"])}
    return _now("%(stage)s（以%(proof)s为证）") % told


class StrikeForm(ActForm):
    """更正：最近的一步不算。"""

    reason = forms.CharField(
        label=_("更正的原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
    upload = proof(_("更正的依据"))


class TagForm(ActForm):
    """列入三个一批。"""

    edition = forms.CharField(label=_("期次"), max_length=40, help_text=_("例如 2026年第一季度。"))
    batch = forms.ChoiceField(
        label=_("批别"), choices=choices(rules.BATCHES), widget=forms.RadioSelect
    )
    on = day(_("日期"))
    source = forms.CharField(label=_("依据"), max_length=200, required=False)


class KeyForm(ActForm):
    """列入省市重点名单。"""

    year = forms.IntegerField(label=_("年度"))
    level = forms.ChoiceField(
        label=_("级别"), choices=choices(rules.LEVELS), widget=forms.RadioSelect
    )
    source = forms.CharField(label=_("依据"), max_length=200)

    def fit(self) -> None:
        self.fields["year"].initial = clock.today().year


class YearPlanForm(ActForm):
    """定年度计划。"""

    year = forms.IntegerField(label=_("年度"))
    amount = amount(_("年度计划投资（万元）"), required=True)
    starts = forms.BooleanField(label=_("计划本年开工"), required=False)
    goal = forms.CharField(label=_("年度目标"), max_length=300, required=False)
    reason = words(
        _("调整的原因"), required=False, help_text=_("这一年已有计划的，须写明。"), rows=2
    )

    def fit(self) -> None:
        self.fields["year"].initial = clock.today().year


class FilterForm(forms.Form):
    """项目总览的筛选：都在地址里。"""

    stage = forms.ChoiceField(label=_("阶段"), required=False)
    level = forms.ChoiceField(label=_("级别"), required=False)
    batch = forms.ChoiceField(label=_("批别"), required=False)
    q = forms.CharField(label=_("名称或代码"), required=False, max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, table in (
            ("stage", rules.STAGES | rules.SIDES),
            ("level", rules.LEVELS),
            ("batch", rules.BATCHES),
        ):
            field(self, name).choices = [("", _("全部")), *choices(table)]

"""What people type about plans: a new one, what has happened on the way, what if."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base import clock
from bihuan.base.fields import choices, field
from bihuan.people.doing import AboutForm
from bihuan.snow.forms.fields import Moment, ReadyPlan
from bihuan.snow.models import Plan
from bihuan.snow.queries import plan as queries
from bihuan.snow.queries.fitting import Wish
from bihuan.snow.rules import plan as rules
from bihuan.snow.rules.live import KINDS

_SECTIONS = _("写路段的名称或代码，多段用顿号或换行分开。")


def _streets(label: Any, *, required: bool = True) -> Any:
    return forms.CharField(
        label=label, required=required, max_length=4000, help_text=_SECTIONS,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


def _note() -> Any:
    return forms.CharField(label=_("说明"), required=False, max_length=300)


class AskForm(AboutForm):
    """制订方案；`about` is the event, or nothing for a plan in readiness."""

    starts_at = Moment(label=_("几时出车"))
    temperature = forms.FloatField(
        label=_("气温（℃）"), min_value=-60, max_value=10, initial=-5,
        help_text=_("融雪剂用量照“融雪剂用量”表取。"),
    )  # fmt: skip
    precipitation = forms.ChoiceField(label=_("降水"), choices=choices(rules.SNOWS))
    work = forms.ChoiceField(label=_("怎样做"), choices=choices(rules.WORKS))
    who = forms.ChoiceField(label=_("哪些车"), choices=choices(rules.WHO))
    first = forms.ChoiceField(label=_("承诺之后先求"), choices=choices(rules.FIRSTS))
    shift_h = forms.IntegerField(
        label=_("没排班的车干几小时"), min_value=1, max_value=24, initial=rules.SHIFT_H
    )
    icing = forms.BooleanField(
        label=_("易结冰部位按最先承诺的一等排"), required=False, initial=True
    )
    closed = _streets(_("封闭的路段"), required=False)
    every_h = forms.IntegerField(
        label=_("边下边清：每几小时再清一轮"), required=False, min_value=1, max_value=24
    )
    until_h = forms.IntegerField(
        label=_("到出车后几小时为止"), required=False, min_value=1, max_value=72
    )
    compare = forms.BooleanField(label=_("与固定分片的做法比较"), required=False)
    seconds = forms.IntegerField(
        label=_("排几秒"), min_value=1, max_value=rules.MOST_SECONDS, initial=rules.SECONDS,
        help_text=_("越久越好；随时可停，以那时最好的为准。"),
    )  # fmt: skip
    seed = forms.IntegerField(
        label=_("种子"), required=False, min_value=0, max_value=2**31 - 1,
        help_text=_("同样的输入、种子得出同样的线路（按轮数排时）；可不填。"),
    )  # fmt: skip
    at_once = forms.BooleanField(
        label=_("排好即付诸执行"), required=False, help_text=_("不等再看一遍；备用方案不用勾。")
    )
    note = _note()

    def fit(self) -> None:
        self.fields["starts_at"].initial = timezone.localtime(clock.now())
        self.fields["closed"].initial = "\n".join(queries.closed_now())

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if bool(told.get("every_h")) != bool(told.get("until_h")):
            self.add_error("until_h", _now("每几小时、到几时为止请一起写，或都不写。"))
        if self.errors:
            return told
        # As the verb takes it.
        rest = {name: told.pop(name) for name in ("seconds", "seed", "at_once", "note")}
        rest["seed"] = rest["seed"] or 0
        told["closed"] = rules.parted(told["closed"])
        told["every_h"], told["until_h"] = told["every_h"] or 0, told["until_h"] or 0
        return {"wish": Wish(**told), **rest}


class ForceForm(AboutForm):
    """给哪场雪：选一个备用方案。"""

    plan = ReadyPlan(Plan.objects.none(), label=_("备用方案"))

    def fit(self) -> None:
        field(self, "plan").queryset = queries.ready()


class _VehiclesForm(AboutForm):
    vehicles = forms.TypedMultipleChoiceField(
        label=_("哪台车"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def fit(self) -> None:
        field(self, "vehicles").choices = [
            (at, one["number"])
            for at, one in enumerate(self.about.inputs["vehicles"])
            if at in {tour["vehicle"] for tour in (self.about.tours or {}).get("tours", ())}
        ]


class BreakdownForm(_VehiclesForm):
    """车坏了。"""

    note = _note()


class LateForm(_VehiclesForm):
    """晚出车。"""

    starts_at = Moment(label=_("几时才能出车"))
    note = _note()


class ClosedForm(AboutForm):
    """封路。"""

    sections = _streets(_("封闭了哪些路段"))
    note = _note()

    def fit(self) -> None:
        self.fields["sections"].initial = "\n".join(queries.closed_now())

    def clean_sections(self) -> list[str]:
        return rules.parted(self.cleaned_data["sections"])


class FirstForm(AboutForm):
    """要求先做。"""

    sections = _streets(_("先做哪些路段"))
    by_at = Moment(label=_("几时以前"), required=False)
    note = forms.CharField(label=_("谁要求的、为什么"), required=False, max_length=300)

    def clean_sections(self) -> list[str]:
        return rules.parted(self.cleaned_data["sections"])


class SnowForm(AboutForm):
    """又下雪：做完的再做一遍。"""

    kinds = forms.MultipleChoiceField(
        label=_("哪些等级的道路再做一遍"), widget=forms.CheckboxSelectMultiple
    )
    note = _note()

    def fit(self) -> None:
        mine = [one["kind"] for one in self.about.inputs["classes"]]
        field(self, "kinds").choices = [(kind, _now(KINDS[kind])) for kind in mine]


class BehindForm(AboutForm):
    """落在后面：该做完而没有作业记录的再排一次。"""

    note = _note()

    def fit(self) -> None:
        told = {"n": len(queries.behind(self.about))}
        self.fields["note"].help_text = _now("现在有 %(n)d 段。") % told


# What if ------------------------------------------------------------------------------------------


class MoreForm(AboutForm):
    """假如多几台车。"""

    does = forms.ChoiceField(label=_("什么车"), choices=choices(rules.DOES), initial="spread")
    most = forms.IntegerField(
        label=_("最多加几台"), min_value=1, max_value=rules.MOST_MORE, initial=8
    )


class RaiseForm(AboutForm):
    """假如某一等级提早清完。"""

    road = forms.ChoiceField(label=_("哪一等级"))
    hours = forms.CharField(
        label=_("几小时清完"), max_length=60, help_text=_("可以写几个，例如 3、2、1.5。")
    )

    def fit(self) -> None:
        mine = [one["kind"] for one in self.about.inputs["classes"]]
        field(self, "road").choices = [(kind, _now(KINDS[kind])) for kind in mine]

    def clean_hours(self) -> list[float]:
        try:
            return [float(one) for one in rules.parted(self.cleaned_data["hours"])]
        except ValueError:
            raise forms.ValidationError(_now("请只写数，例如 3、2。")) from None


class YardForm(AboutForm):
    """假如某个车场换个地方。"""

    yard = forms.TypedChoiceField(label=_("哪个车场"), coerce=int)
    place = forms.CharField(
        label=_("搬到哪里（经度,纬度）"), max_length=40, help_text=_("例如 113.75,34.71。")
    )

    def fit(self) -> None:
        field(self, "yard").choices = [
            (at, one["name"]) for at, one in enumerate(self.about.inputs["yards"])
        ]

    def clean_place(self) -> tuple[float, float]:
        found = rules.place(self.cleaned_data["place"])
        if found is None:
            raise forms.ValidationError(_now("请写经度,纬度，例如 113.75,34.71。"))
        return found

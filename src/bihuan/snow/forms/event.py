"""What people type about an event: begun, levels, reports, walks, publications, review."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base import clock
from bihuan.base.fields import Labelled, Several, choices, field
from bihuan.files.forms import UploadField
from bihuan.fleet.models import Vehicle
from bihuan.ledger.forms.office import TableForm as LedgerTableForm
from bihuan.people import queries as people
from bihuan.people.doing import AboutForm
from bihuan.people.models import Post, Unit
from bihuan.snow.forms.fields import Moment, ReadyPlan, words
from bihuan.snow.forms.phone import Keyed
from bihuan.snow.models import DepartmentOrder, Plan
from bihuan.snow.queries import places, publication, tables
from bihuan.snow.queries import plan as plans
from bihuan.snow.rules import inspection as inspection_rules
from bihuan.snow.rules import review as review_rules
from bihuan.snow.rules import situation as situation_rules
from bihuan.snow.rules import storm as storm_rules
from bihuan.snow.rules.live import STATES
from bihuan.snow.services import review as review_services


class ReasonForm(AboutForm):
    """写明原因。"""

    reason = words(_("原因"), rows=2)


class BeginForm(AboutForm):
    """启动响应。"""

    name = forms.CharField(label=_("名称"), max_length=120)
    first_snow_at = Moment(label=_("降雪开始"))
    start = forms.ChoiceField(label=_("怎样启动"), choices=choices(storm_rules.STARTS))
    plan = ReadyPlan(
        Plan.objects.none(), label=_("立即执行的方案"), required=False,
        help_text=_("备用方案随响应启动，不等命令；出车时刻从启动算起。"),
    )  # fmt: skip
    note = words(_("说明"), required=False, rows=2)

    def fit(self) -> None:
        ready = plans.ready()
        field(self, "plan").queryset = ready
        self.fields["plan"].initial = ready.first()
        now = timezone.localtime(clock.now())
        self.fields["name"].initial = _now("%(month)d月%(day)d日降雪") % {
            "month": now.month,
            "day": now.day,
        }
        self.fields["first_snow_at"].initial = now


class LevelForm(AboutForm):
    """定响应级别。"""

    level = forms.ChoiceField(label=_("级别"))
    reason = words(_("原因"), rows=2)

    def fit(self) -> None:
        field(self, "level").choices = [
            (_now(name), [(code, _now(word)) for code, word in levels.items()])
            for name, levels in storm_rules.SCALES.values()
        ]


class WarningForm(AboutForm):
    """转发预警。"""

    issuer = forms.CharField(label=_("发布单位"), max_length=80)
    kind = forms.ChoiceField(label=_("种类"), choices=choices(storm_rules.WARNINGS))
    colour = forms.ChoiceField(label=_("颜色"), choices=choices(storm_rules.COLOURS))
    issued_at = Moment(label=_("发布时间"))
    text = words(_("原文"))


class StoppedForm(AboutForm):
    """登记雪停。"""

    at = Moment(label=_("雪停时间"))

    def fit(self) -> None:
        self.fields["at"].initial = timezone.localtime(clock.now())


def _offices() -> Any:
    kinds = ("bureau", "contractor", "subdistrict_office", "park", "soe", "team")
    return people.units().filter(kind__in=kinds).order_by("code")


class OrderForm(AboutForm):
    """下达调度指令。"""

    to = Several(Unit.objects.none(), label=_("给哪些部门"))
    text = words(_("办什么"))
    due_at = Moment(label=_("时限"), required=False)

    def fit(self) -> None:
        field(self, "to").queryset = _offices()


class AnswerForm(AboutForm):
    """回报调度指令。"""

    answer = words(_("办了什么"))


class DraftForm(AboutForm):
    """拟情况报告。"""

    as_of = Moment(label=_("截至"))
    summary = words(_("情况"), required=False)
    next_steps = words(_("下一步"), required=False)

    def fit(self) -> None:
        self.fields["as_of"].initial = timezone.localtime(clock.now())


class TextForm(AboutForm):
    """改情况报告的文字。"""

    summary = words(_("情况"), required=False)
    next_steps = words(_("下一步"), required=False)

    def fit(self) -> None:
        for name in self.fields:
            self.fields[name].initial = getattr(self.about, name)


class CorrectForm(AboutForm):
    """更正一个数。"""

    figure = forms.ChoiceField(label=_("哪个数"))
    value = forms.DecimalField(
        label=_("写成"), required=False, max_digits=14, decimal_places=3, min_value=0,
        help_text=_("留空是恢复汇总值。"),
    )  # fmt: skip
    reason = words(_("为什么不照汇总值"), rows=2)

    def fit(self) -> None:
        field(self, "figure").choices = [
            (code, f"{_now(name)}（{_now(measure)}）")
            for code, (name, measure, _places) in situation_rules.FIGURES.items()
        ]


class PublishForm(AboutForm):
    """对外发布路况。"""

    note = forms.CharField(label=_("给公众的话"), required=False, max_length=300)
    note_en = forms.CharField(label=_("给公众的话（英文）"), required=False, max_length=500)
    orders = Several(
        DepartmentOrder.objects.none(), label=_("一并公布的指令"), required=False,
        help_text=_("公布部门、事项、时限和办结没有；回报的内容不公布。"),
    )  # fmt: skip

    def fit(self) -> None:
        found = self.about.orders.select_related("unit").order_by("pk")
        field(self, "orders").queryset = found
        self.fields["orders"].initial = publication.told_orders(self.about)


# Walks --------------------------------------------------------------------------------------------


class PlanWalkForm(AboutForm):
    """安排督导。"""

    subject = forms.CharField(label=_("督导内容"), max_length=120)
    leader = Labelled(Post.objects.none(), label=_("带队"))
    participants = Several(Post.objects.none(), label=_("参加"), required=False)
    starts_at = Moment(label=_("出发时间"))
    stops = words(
        _("依次到哪几处"), rows=6,
        help_text=_("一行一处。写路段、道路、桥梁、地铁口、公园的名称，系统认得的会连上路段和位置。"),
    )  # fmt: skip

    def fit(self) -> None:
        self.fields["subject"].initial = _now("扫雪除冰保畅通")
        self.fields["starts_at"].initial = timezone.localtime(clock.now())
        found = Post.objects.filter(people.valid_on(clock.today())).select_related(
            "person", "unit", "role"
        )
        for name in ("leader", "participants"):
            field(self, name).queryset = found.order_by("unit__code", "pk")

    def clean_stops(self) -> Any:
        lines = (" ".join(line.split()) for line in self.cleaned_data["stops"].splitlines())
        return places.stop_plans([line for line in lines if line])


class StopForm(AboutForm):
    """加一处。"""

    name = forms.CharField(label=_("地点"), max_length=120)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("name"):
            (stop,) = places.stop_plans([told["name"]])
            return {"stop": stop}
        return told


class ArriveForm(AboutForm):
    """到达一处。"""

    state = forms.ChoiceField(label=_("路况"), required=False)

    def fit(self) -> None:
        field(self, "state").choices = [
            ("", _now("只记到达")),
            *((code, _now(word)) for code, word in STATES.items() if code != "unknown"),
        ]


class RemarkForm(Keyed):
    """记所见。"""

    seen = forms.ChoiceField(
        label=_("看法"), choices=choices(inspection_rules.SEEN), widget=forms.RadioSelect,
        initial="issue",
    )  # fmt: skip
    text = words(_("所见"), rows=2)
    photo = UploadField(
        label=_("照片"), required=False, help_text="",
        widget=UploadField.widget(attrs={"accept": "image/*", "capture": "environment"}),
    )  # fmt: skip
    unit = Labelled(Unit.objects.none(), label=_("涉及单位"), required=False)

    def __init__(self, *args: Any, about: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field(self, "unit").queryset = _offices()

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        told.pop("written_ms", None)
        return told


class EndWalkForm(AboutForm):
    """结束督导。"""

    summary = words(_("小结"))


# Review -------------------------------------------------------------------------------------------


class SummaryForm(AboutForm):
    """写总的看法。"""

    summary = words(_("总的看法"), rows=4)

    def fit(self) -> None:
        self.fields["summary"].initial = self.about.summary


class LessonForm(AboutForm):
    """记一条教训。"""

    kind = forms.ChoiceField(label=_("类别"), choices=choices(review_rules.LESSONS))
    text = words(_("内容"))
    unit = Labelled(Unit.objects.none(), label=_("涉及单位"), required=False)

    def fit(self) -> None:
        field(self, "unit").queryset = _offices()


class ReplayForm(AboutForm):
    """重演。"""

    kind = forms.ChoiceField(label=_("假如"), choices=choices(review_rules.REPLAYS))
    vehicle = Labelled(Vehicle.objects.none(), label=_("哪台车"), required=False)
    starts_at = Moment(label=_("几时出发"), required=False)
    more = forms.IntegerField(
        label=_("多几台"), required=False, min_value=1, max_value=review_rules.MOST_VEHICLES
    )

    def fit(self) -> None:
        went = review_services.first_shifts(self.about.storm)
        field(self, "vehicle").queryset = Vehicle.objects.filter(pk__in=went)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        told["more"] = told.get("more") or 0
        return told


class TableForm(LedgerTableForm):
    """扫雪除冰规则表：与台账的规则表同一种表单。"""

    tables: Any = tables.TABLE

"""What is asked on the pages of this room."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base import clock, sheets
from bihuan.base.fields import Labelled, Several, choices, field
from bihuan.base.text import plain
from bihuan.exchange import sheet
from bihuan.fleet import queries, rules
from bihuan.fleet.models import Depot, Vehicle
from bihuan.fleet.rules import pasted
from bihuan.fleet.services.register import FIELDS
from bihuan.people.models import Post, Unit

_LARGEST = 10_000_000  # bytes
_MOST_FAULTS = 50


def moment(label: Any, *, help_text: Any = "") -> forms.DateTimeField:
    """A moment where the office stands, chosen from the browser's own calendar and clock."""
    return forms.DateTimeField(
        label=label,
        help_text=help_text,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class FilterForm(forms.Form):
    """筛选车辆。"""

    text = forms.CharField(label=_("编号或车牌"), required=False, max_length=40)
    kind = forms.ChoiceField(
        label=_("种类"), required=False, choices=[("", _("全部")), *choices(rules.KINDS)]
    )
    company = Labelled(Unit.objects.none(), label=_("单位"), required=False, empty_label=_("全部"))
    duty = forms.ChoiceField(
        label=_("当班"),
        required=False,
        choices=[("", _("全部")), ("on", _("在班上")), ("off", _("不在班上"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field(self, "company").queryset = queries.companies()


class VehicleForm(forms.ModelForm):  # type: ignore[type-arg]  # not there at run time
    """登记车辆。"""

    company = Labelled(Unit.objects.none(), label=_("单位"))
    depot = Labelled(Depot.objects.none(), label=_("车场"), required=False, empty_label=_("没有定"))

    class Meta:
        model = Vehicle
        fields = FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field(self, "company").queryset = queries.company_choices()
        field(self, "depot").queryset = Depot.objects.filter(in_use=True)
        self.fields["capacity_kg"].widget.attrs["min"] = 1

    def _post_clean(self) -> None:
        """The verb tells every fault, those of the model among them."""

    def clean_width_m(self) -> float | None:
        width: float | None = self.cleaned_data["width_m"]
        if width is not None and not 0 < width < 20:
            raise forms.ValidationError(_now("作业宽度应在 0 到 20 米之间。"))
        return width


class DepotForm(forms.Form):
    """登记车场。"""

    name = forms.CharField(label=_("名称"), max_length=200)
    name_en = forms.CharField(label=_("英文名称"), max_length=300, required=False)
    company = Labelled(Unit.objects.none(), label=_("单位"))
    lon = forms.FloatField(label=_("经度"), help_text=_("WGS-84，度，例如 113.75。"))
    lat = forms.FloatField(label=_("纬度"), help_text=_("WGS-84，度，例如 34.72。"))
    refill = forms.BooleanField(label=_("可加融雪剂"), required=False, initial=True)
    in_use = forms.BooleanField(label=_("在用"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field(self, "company").queryset = queries.company_choices()


class DeviceForm(forms.Form):
    """发设备令牌。"""

    name = forms.CharField(
        label=_("名称"), max_length=80, help_text=_("是什么设备或平台，由谁保管。")
    )
    company = Labelled(Unit.objects.none(), label=_("单位"))
    vehicle = Labelled(
        Vehicle.objects.none(),
        label=_("只报这一台车"),
        required=False,
        empty_label=_("单位的全部车辆"),
        help_text=_("装在一台车上的终端请选车；丢了只影响这一台。"),
    )
    datum = forms.ChoiceField(
        label=_("坐标系"),
        choices=choices(rules.DATUMS),
        help_text=_("问设备厂家；报的数据里写明的，以数据里的为准。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field(self, "company").queryset = queries.company_choices()
        field(self, "vehicle").queryset = Vehicle.objects.filter(in_use=True)


class NothingForm(forms.Form):
    """A button is enough."""


class ReasonForm(forms.Form):
    """写明原因。"""

    reason = forms.CharField(label=_("原因"), max_length=200)


class KeepingForm(forms.Form):
    """定位置保存期限。"""

    hours = forms.IntegerField(
        label=_("保存小时数"), min_value=rules.LEAST_HOURS, max_value=rules.MOST_HOURS
    )
    source = forms.CharField(
        label=_("依据"), max_length=200, help_text=_("哪份文件、哪次会议，或谁的决定。")
    )


class SpanForm(forms.Form):
    """看哪一段轨迹，为什么。"""

    since = moment(_("自"))
    until = moment(_("至"))
    reason = forms.CharField(
        label=_("查看的原因"), max_length=200, help_text=_("记入审计，车辆页上可见。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = timezone.localtime(clock.now())
        self.fields["since"].initial = now - timedelta(hours=2)
        self.fields["until"].initial = now


class PassForm(forms.Form):
    """筛选作业记录。"""

    since = moment(_("自"))
    until = moment(_("至"))
    section = forms.CharField(label=_("路段代码"), required=False, max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = timezone.localtime(clock.now())
        for name, at in (("since", now - timedelta(hours=24)), ("until", now)):
            self.fields[name].required = False
            self.fields[name].initial = at

    def span(self) -> tuple[datetime, datetime, str]:
        """What was asked; the last 24 hours where nothing was."""
        asked = self.cleaned_data if self.is_valid() else {}
        until = asked.get("until") or clock.now()
        since = asked.get("since") or until - timedelta(hours=24)
        return since, until, asked.get("section", "").strip()


class ShiftsForm(forms.Form):
    """排班：几台车从何时到何时当班。"""

    vehicles = Several(Vehicle.objects.none(), label=_("车辆"))
    starts_at = moment(_("出车"))
    ends_at = moment(_("收车"))

    def __init__(self, *args: Any, by: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field(self, "vehicles").queryset = queries.to_plan(by)
        tomorrow: datetime = timezone.localtime(clock.now()).replace(
            minute=0, second=0, microsecond=0
        ) + timedelta(hours=1)
        self.fields["starts_at"].initial = tomorrow
        self.fields["ends_at"].initial = tomorrow + timedelta(hours=8)


class ImportForm(forms.Form):
    """导入车辆：粘贴，或选一个文件。"""

    text = forms.CharField(
        label=_("车辆表"),
        required=False,
        max_length=sheet.MOST_SIGNS,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "从电子表格粘贴，第一行是列名：编号、车牌、种类、单位，"
            "可加车场、推雪、撒布、载量、作业宽度、归属、备注。"
        ),
    )
    upload = forms.FileField(
        label=_("或选择文件"), required=False, help_text=_("xlsx、xls、csv 的第一张表，列名同上。")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        upload, text = cleaned.pop("upload", None), cleaned.pop("text", "")
        if not upload and not (text or "").strip():
            self.add_error("text", _("请粘贴车辆表，或选择一个文件。"))
            return cleaned
        if upload and (upload.size or 0) > _LARGEST:
            self.add_error("upload", _("文件太大。车辆表最大 10 MB。"))
            return cleaned
        where = "upload" if upload else "text"
        table = sheet.opened(upload.read()) if upload else sheet.pasted(text)
        if refusal := sheets.refusal(table):
            self.add_error(where, refusal)
            return cleaned
        found = pasted.read(table)
        lines, faults = _placed(found.lines)
        faults = [*(_sentence(fault) for fault in found.faults), *faults]
        for fault in faults[:_MOST_FAULTS]:
            self.add_error(where, fault)
        if (more := len(faults) - _MOST_FAULTS) > 0:
            self.add_error(where, _now("还有 %(n)d 处类似的不对。") % {"n": more})
        cleaned["lines"] = lines
        return cleaned


def _sentence(fault: pasted.Fault) -> str:
    params = {**fault.params}
    if "column" in params:
        params["column"] = _now(params["column"])
    if "known" in params:
        params["known"] = _now("、").join(_now(one) for one in params["known"])
    return _now(pasted.SENTENCES[fault.code]) % params


def _placed(lines: Sequence[Any]) -> tuple[list[dict[str, Any]], list[str]]:
    """The lines with their companies and depots found by name."""
    units = {plain(word): one for one in queries.company_choices() for word in (one.name, one.code)}
    depots = {(one.company_id, plain(one.name)): one for one in Depot.objects.filter(in_use=True)}
    placed, faults = [], []
    for line in lines:
        told = dict(line)
        company = units.get(plain(told["company"]))
        if company is None:
            about = {"row": told["row"], "found": told["company"][:40]}
            faults.append(_now("第 %(row)d 行：没有名为“%(found)s”的单位。请先登记单位。") % about)
            continue
        told["company"] = company
        if name := told.get("depot"):
            told["depot"] = depots.get((company.pk, plain(name)))
            if told["depot"] is None:
                about = {"row": told["row"], "found": name[:40]}
                faults.append(_now("第 %(row)d 行：这个单位没有车场“%(found)s”。") % about)
        elif "depot" in told:
            told["depot"] = None
        placed.append(told)
    return placed, faults

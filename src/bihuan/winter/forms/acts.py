"""A form for each verb of a winter."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base import clock, fields
from bihuan.base.fields import Labelled, choices, day, field
from bihuan.exchange import sheet
from bihuan.files.forms import UploadField
from bihuan.people import queries as people
from bihuan.people.doing import AboutForm
from bihuan.people.models import Post, Unit
from bihuan.roads.rules import KINDS
from bihuan.winter.models import Contract, Duty, Movement, Team
from bihuan.winter.queries import crews, fronts, roster, stock
from bihuan.winter.queries.tables import TABLE

words = partial(fields.words, rows=3, longest=4000)


def line(label: Any, longest: int = 120, *, required: bool = True, help_text: Any = "") -> Any:
    return forms.CharField(label=label, max_length=longest, required=required, help_text=help_text)


def number(label: Any, most: int, *, least: int = 0, help_text: Any = "") -> Any:
    return forms.IntegerField(label=label, min_value=least, max_value=most, help_text=help_text)


def of_table(label: Any) -> Any:
    """One of the rows of a rule table; its choices come when the form is made."""
    return forms.ChoiceField(label=label)


def _fill(form: AboutForm, **tables: str) -> None:
    for name, code in tables.items():
        field(form, name).choices = list(TABLE.labels(code).items())


def _units(*kinds: str) -> Any:
    found = people.units()
    return (found.filter(kind__in=kinds) if kinds else found).order_by("code")


class WhyForm(AboutForm):
    """写明原因。"""

    why = words(_("原因"), rows=2)


class SeasonForm(AboutForm):
    """预案。"""

    title = line(_("名称"), 160)
    starts = day(_("从哪天起"))
    ends = day(_("到哪天止"))
    text = words(_("总的安排"), required=False, rows=8)

    def fit(self) -> None:
        if self.about is not None:
            for name in self.fields:
                self.fields[name].initial = getattr(self.about, name)
            return
        year = clock.today().year if clock.today().month > 6 else clock.today().year - 1
        self.fields["title"].initial = _now("%(first)d-%(last)d 年扫雪除冰预案") % {
            "first": year,
            "last": year + 1,
        }
        self.fields["starts"].initial = f"{year}-11-15"
        self.fields["ends"].initial = f"{year + 1}-03-15"


class ContractForm(AboutForm):
    """清雪合同。"""

    unit = Labelled(Unit.objects.none(), label=_("公司"))
    number = line(_("合同编号"), 60)
    starts = day(_("从哪天起"))
    ends = day(_("到哪天止"))
    kinds = forms.MultipleChoiceField(
        label=_("道路等级"),
        required=False,
        choices=choices(KINDS),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("都不勾是不限等级。"),
    )
    streets = words(
        _("道路"),
        required=False,
        rows=6,
        help_text=_("一行一条，写路名；不写是全区。路网里没有的会指出来。"),
    )
    note = line(_("说明"), 300, required=False)

    def fit(self) -> None:
        field(self, "unit").queryset = _units("contractor")

    def clean_streets(self) -> list[str]:
        return [one for one in str(self.cleaned_data["streets"]).splitlines() if one.strip()]


class StopForm(AboutForm):
    """终止合同。"""

    contract = Labelled(Contract.objects.none(), label=_("哪份合同"))
    on = day(_("终止的日期"))
    why = words(_("原因"), rows=2)

    def fit(self) -> None:
        rows = Contract.objects.filter(stopped_on=None, ends__gte=clock.today())
        field(self, "contract").queryset = rows.select_related("unit")


class Turn(Labelled):
    """A turn of the roster in words: day, shift, duty post, who."""

    names: ClassVar[
        Mapping[str, str]
    ] = {}  # of shifts and duty posts, read once for the whole list

    def label_from_instance(self, obj: Any) -> str:
        shift, role = (self.names.get(code, code) for code in (obj.shift, obj.role))
        return f"{obj.day:%m-%d} {shift} {role} {obj.who.label()}"


class OffForm(AboutForm):
    """撤班。"""

    duty = Turn(Duty.objects.none(), label=_("哪一班"))

    def fit(self) -> None:
        rows = Duty.objects.filter(day__gte=clock.today()).select_related("who__unit", "who__role")
        chosen = field(self, "duty")
        chosen.names = TABLE.labels("shifts") | TABLE.labels("roles")
        chosen.queryset = rows.order_by("day", "pk")


class ReverseForm(AboutForm):
    """冲正一笔。"""

    movement = Labelled(Movement.objects.none(), label=_("哪一笔"))
    why = words(_("原因"), rows=2)

    def fit(self) -> None:
        rows = stock.reversible(self.about)
        field(self, "movement").queryset = rows


class TeamForm(AboutForm):
    """队伍。"""

    unit = Labelled(Unit.objects.none(), label=_("单位"))
    name = line(_("名称"), 120)
    parent = Labelled(
        Team.objects.none(),
        label=_("属哪支队伍"),
        required=False,
        help_text=_("不选是一支队伍；选了是它的分队。"),
    )
    task = line(_("负责什么"), 200, required=False)

    def fit(self) -> None:
        field(self, "unit").queryset = _units()
        field(self, "parent").queryset = crews.teams().filter(parent=None)


class StrengthForm(AboutForm):
    """人数。"""

    trade = of_table(_("工种"))
    shift = of_table(_("班次"))
    number = number(_("人数"), 100_000, help_text=_("只记人数；写 0 是没有。"))

    def fit(self) -> None:
        _fill(self, trade="trades", shift="shifts")


class ToolsForm(AboutForm):
    """器具。"""

    tool = of_table(_("器具"))
    number = number(_("数量"), 1_000_000)
    lower_bound = forms.BooleanField(label=_("以上（只知道下限）"), required=False)

    def fit(self) -> None:
        _fill(self, tool="tools")


class StoreForm(AboutForm):
    """库房。"""

    unit = Labelled(Unit.objects.none(), label=_("管库单位"))
    name = line(_("名称"), 120)
    place = line(_("地点"), 160, required=False)

    def fit(self) -> None:
        field(self, "unit").queryset = _units()


class ReceiptForm(AboutForm):
    """入库。"""

    product = of_table(_("品种"))
    kg = number(_("公斤"), 50_000_000, least=1)
    what = line(_("凭证"), 200, help_text=_("入库单号、送货单号。"))

    def fit(self) -> None:
        _fill(self, product="products")


class IssueForm(ReceiptForm):
    """出库。"""

    team = Labelled(Team.objects.none(), label=_("领用队伍"))
    what = line(_("用途"), 200)

    def fit(self) -> None:
        super().fit()
        field(self, "team").queryset = crews.teams()


class CountForm(ReceiptForm):
    """盘点。"""

    kg = number(_("实存公斤"), 50_000_000)
    what = line(_("说明"), 200, help_text=_("谁点的，差在哪里。"))


class DutyForm(AboutForm):
    """排一班。"""

    day = day(_("日期"))
    shift = of_table(_("班次"))
    role = of_table(_("岗位"))
    who = Labelled(Post.objects.none(), label=_("谁"))

    def fit(self) -> None:
        _fill(self, shift="shifts", role="roles")
        field(self, "who").queryset = roster.posts_to_choose()
        self.fields["day"].initial = clock.today()


class CopyForm(AboutForm):
    """照抄一周。"""

    source = day(_("抄哪一周"), help_text=_("那一周里的任何一天。"))
    target = day(_("抄到哪一周"), help_text=_("那一周里的任何一天。"))
    weeks = number(_("连抄几周"), 26, least=1)

    def fit(self) -> None:
        self.fields["weeks"].initial = 1


class DrillForm(AboutForm):
    """演练。"""

    on = day(_("日期"))
    scenario = line(_("演练内容"), 300)
    participants = number(_("参加人数"), 100_000)
    vehicles = number(_("出动车辆"), 10_000)
    minutes = number(_("几分钟出动"), 1440)
    lacking = words(_("发现缺什么"), required=False)

    def fit(self) -> None:
        self.fields["on"].initial = clock.today()


class FrontForm(AboutForm):
    """门面。"""

    street = line(_("道路"))
    name = line(_("商户"), help_text=_("写招牌上的名称，不写店主的姓名和电话。"))
    stretch = line(_("门前范围"), 160, required=False)
    duties = of_table(_("哪一种门前五包"))
    unit = Labelled(Unit.objects.none(), label=_("责任单位"))
    inspector = Labelled(Post.objects.none(), label=_("谁检查"), required=False)

    def fit(self) -> None:
        _fill(self, duties="lists")
        field(self, "unit").queryset = _units()
        field(self, "inspector").queryset = roster.posts_to_choose()


class SheetForm(AboutForm):
    """整表登记门面：贴进来，或传表格文件。"""

    pasted = words(
        _("从表格里贴进来"),
        required=False,
        rows=6,
        help_text=_("每行依次：道路、商户、门前范围、哪一种（a 或 b）、责任单位。"),
    )
    upload = UploadField(label=_("或传 .xlsx、.csv"), required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        upload = told.pop("upload", None)
        text = told.pop("pasted", "")
        if not upload and not text.strip():
            raise forms.ValidationError(_("请贴入表格，或选一个文件。"))
        found = sheet.opened(upload.read()) if upload else sheet.pasted(text)
        if found.refusal:
            raise forms.ValidationError(_("这个文件读不出表格。请另存为 .xlsx 或 .csv 再传。"))
        told["lines"] = found.lines
        return told


class CheckForm(AboutForm):
    """查看门前。"""

    missed = forms.MultipleChoiceField(
        label=_("没做到的"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("都做到了，一个也不勾，直接提交。"),
    )
    note = line(_("说明"), 300, required=False)
    photo = UploadField(label=_("照片"), required=False)

    def fit(self) -> None:
        field(self, "missed").choices = list(fronts.duties(self.about).items())

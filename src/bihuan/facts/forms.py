"""What people type into this room: filters, one figure, a file, a settlement, a group's weight."""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.facts import queries, terms, versions, words
from bihuan.facts.models import Indicator, Observation, Period
from bihuan.files.forms import UploadField
from bihuan.people import queries as people
from bihuan.people.models import Post, Unit

LARGEST_FILE = 2_000_000  # bytes; a page of figures has less than a hundredth of that
_SUBJECT = re.compile(r"unit-(\d{1,3})")


def _choices(table: Mapping[str, str]) -> list[tuple[str, Any]]:
    return [(code, _now(label)) for code, label in table.items()]


def _text(label: Any, *, required: bool = True, rows: int = 2, help_text: Any = "") -> Any:
    return forms.CharField(
        label=label,
        required=required,
        max_length=4000,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def _number(label: Any, help_text: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        max_digits=15,
        decimal_places=8,
        help_text=help_text,
        # A text field: a number field of the browser would drop the last zero of 17.50.
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )


def _field(form: forms.BaseForm, name: str) -> Any:
    """A field by name, as whatever it is: the stubs know only the base class."""
    return form.fields[name]


class Labelled(forms.ModelChoiceField):  # type: ignore[type-arg]  # not there at run time
    """One of some nouns, named in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label())


class PeriodChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not there at run time
    """A period, worded in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return words.period(obj)


class FilterForm(forms.Form):
    """数据的筛选：单位、指标、时期、文字。"""

    unit = Labelled(Unit.objects.none(), label=_("单位"), required=False, empty_label=_("全部"))
    indicator = Labelled(
        Indicator.objects.none(), label=_("指标"), required=False, empty_label=_("全部")
    )
    period = PeriodChoice(
        Period.objects.none(), label=_("时期"), required=False, empty_label=_("全部")
    )
    text = forms.CharField(label=_("文字"), required=False, max_length=60)

    def __init__(self, data: Any, by: Post) -> None:
        super().__init__(data)
        seen = queries.visible_to(by).order_by()
        _field(self, "unit").queryset = Unit.objects.filter(pk__in=seen.values("unit"))
        _field(self, "indicator").queryset = Indicator.objects.filter(
            pk__in=seen.values("indicator")
        )
        _field(self, "period").queryset = Period.objects.filter(pk__in=seen.values("period"))

    def asked(self) -> dict[str, Any]:
        """What was asked; a filter that makes no sense is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def address(self, here: str) -> str:
        """The address of this question, to which a page number can be added."""
        asked = urlencode({k: getattr(v, "pk", v) for k, v in self.asked().items()})
        return f"{here}?{asked}&" if asked else f"{here}?"


class DoubtFilterForm(forms.Form):
    """疑点的筛选：状态、程度。"""

    state = forms.ChoiceField(label=_("状态"), required=False)
    severity = forms.ChoiceField(label=_("程度"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        every = ("", _now("全部"))
        _field(self, "state").choices = [every, *_choices(terms.DOUBT_STATES)]
        _field(self, "severity").choices = [every, *_choices(terms.SEVERITIES)]

    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class SaidForm(forms.Form):
    """一个数说了什么：数值、单位、变动、原文、来源。"""

    value = _number(_("数值"), _("照原文写，小数位数照样保留。没有数的，填下面的文字。"))
    text = forms.CharField(label=_("文字"), required=False, max_length=200)
    measure = forms.ChoiceField(label=_("计量单位"), required=False)
    change = _number(_("变动"), _("百分比、百分点或位次变动的数；位次前移写负数。"))
    change_kind = forms.ChoiceField(label=_("变动类型"), required=False)
    approximate = forms.BooleanField(label=_("约数"), required=False)
    lower_bound = forms.BooleanField(label=_("下限（余、以上）"), required=False)
    quote = _text(_("原文"), rows=3, help_text=_("照抄出处的原话。"))
    source = forms.CharField(label=_("来源"), required=False, max_length=300)
    to_verify = forms.BooleanField(label=_("来源待核实"), required=False)
    note = _text(_("备注"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        measures = [(word, _now(word)) for word in queries.known_terms().measures]
        _field(self, "measure").choices = [("", "—"), *measures]
        _field(self, "change_kind").choices = [("", "—"), *_choices(terms.CHANGE_KINDS)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        # The unit of a change follows from its kind: % is not 百分点.
        cleaned["change_unit"] = terms.CHANGE_UNITS.get(cleaned.get("change_kind", ""), "")
        return cleaned


class ReviseForm(SaidForm):
    """修订一个数：改什么，为什么。"""

    reason = _text(_("修订的原因"), help_text=_("旧版一字不动，新版写明原因。"))
    field_order = ("reason",)

    @classmethod
    def of(cls, observation: Observation) -> "ReviseForm":
        """The form as the figure stands now, with the digits as printed."""
        known = {name: getattr(observation, name) for name in cls.base_fields if name != "reason"}
        known["value"] = versions.printed(observation.value, observation.places)
        known["change"] = versions.printed(observation.change, observation.change_places)
        return cls(initial=known)


class RecordForm(SaidForm):
    """录入一个数：哪个单位、哪个指标、哪个时期、什么口径。"""

    unit = Labelled(Unit.objects.none(), label=_("单位"))
    indicator = Labelled(Indicator.objects.none(), label=_("指标"))
    period = forms.CharField(
        label=_("时期"),
        max_length=80,
        help_text=_("如 2020、2020年末、2022-01-21、考核年度2021（数据年度2020）。"),
    )
    base_period = forms.CharField(
        label=_("基期"), required=False, max_length=80, help_text=_("变动是与哪个时期相比。")
    )
    scope = forms.CharField(
        label=_("口径"), required=False, max_length=200, help_text=_("如：不含富士康结转。")
    )
    field_order = ("unit", "indicator", "period", "scope")

    def __init__(self, *args: Any, by: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        where = people.scope(by, "facts.record")
        units = people.units()
        _field(self, "unit").queryset = (
            units if where.units is None else units.filter(pk__in=where.units)
        )
        _field(self, "indicator").queryset = queries.indicators()


class SettleForm(forms.Form):
    """了结疑点：查到了什么。"""

    note = _text(_("查到了什么"), rows=3)


class ReasonForm(forms.Form):
    """退回的原因。"""

    note = _text(_("原因"), rows=3)


class WordForm(forms.Form):
    """可写一句话。"""

    note = _text(_("备注"), required=False)


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


class ImportForm(forms.Form):
    """导入数据文件；认不出的单位逐个指明，不猜。"""

    upload = UploadField(
        label=_("数据文件"),
        required=False,
        help_text=_("JSON 文件，格式为 zone-page/1。有一处不对就全部不导入。"),
    )
    # A file once read is carried along, so that naming a unit does not ask for it again.
    kept = forms.CharField(required=False, widget=forms.HiddenInput)
    file_name = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args: Any, asked: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = [(unit.code, unit.label()) for unit in people.units()]
        for number, name in enumerate(asked):
            self.fields[f"name-{number}"] = forms.CharField(
                initial=name, required=False, widget=forms.HiddenInput
            )
            self.fields[f"unit-{number}"] = forms.ChoiceField(
                label=_now("“%(name)s”是哪个单位") % {"name": name},
                choices=[("", _now("请选择")), *units],
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        upload = cleaned.get("upload")
        if upload is not None and upload.size > LARGEST_FILE:
            self.add_error("upload", _now("文件太大，不像是一版数据。请选择正确的文件。"))
        elif upload is None and not self.errors and not self._kept(cleaned):
            self.add_error("upload", _now("请选择一个文件。"))
        return cleaned

    def content(self) -> tuple[bytes, str]:
        """The bytes and the name of the file: the one uploaded now, else the one kept."""
        upload = self.cleaned_data.get("upload")
        if upload is not None:
            upload.seek(0)
            return upload.read(), upload.name
        return self._kept(self.cleaned_data), self.cleaned_data["file_name"]

    def subjects(self) -> dict[str, str]:
        """Which unit each name means, as far as somebody has said so."""
        said = {}
        for key in self.data:
            if (found := _SUBJECT.fullmatch(key)) and self.data[key]:
                said[self.data.get(f"name-{found[1]}", "")] = self.data[key]
        return {name: code for name, code in said.items() if name}

    @classmethod
    def again(
        cls, content: bytes, name: str, unmatched: Iterable[str], subjects: Mapping[str, str]
    ) -> "ImportForm":
        """The form to come back with: the file kept, every unknown name asked for."""
        asked = list(dict.fromkeys([*subjects, *unmatched]))
        initial = {"kept": base64.b64encode(content).decode(), "file_name": name}
        initial |= {f"unit-{n}": subjects.get(one, "") for n, one in enumerate(asked)}
        return cls(initial=initial, asked=asked)

    def _kept(self, cleaned: Mapping[str, Any]) -> bytes:
        try:
            return base64.b64decode(cleaned.get("kept") or "", validate=True)
        except (binascii.Error, ValueError):
            return b""

"""What a captain fills in on a telephone: one report, or one task done by hand."""

import secrets
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import Labelled, choices, field
from bihuan.base.text import plain
from bihuan.files.forms import UploadField
from bihuan.people.models import Post, Unit
from bihuan.snow.queries import field as queries
from bihuan.snow.queries import live
from bihuan.snow.rules.field import TRADES
from bihuan.snow.rules.live import STATES

_PEOPLE = "people_"


def new_key() -> str:
    """A key for a form that no script renews."""
    return secrets.token_hex(16)


def _number(label: Any, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=1_000_000,
        help_text=help_text,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


def _photo() -> UploadField:
    widget = UploadField.widget(attrs={"accept": "image/*"})
    return UploadField(label=_("照片"), required=False, help_text="", widget=widget)


class Keyed(forms.Form):
    """A form with a key of its own, and the moment at which it was filled in."""

    client_key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    written_ms = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.fields["client_key"].initial = new_key()

    def written_at(self) -> datetime | None:
        """When the telephone wrote it, where it said so and the number can be a time."""
        told = self.cleaned_data.get("written_ms")
        if told is None or not 0 < told < 4e12:
            return None
        return datetime.fromtimestamp(told / 1000, UTC)


class ReportForm(Keyed):
    """报情况：知道什么填什么。"""

    unit = Labelled(Unit.objects.none(), label=_("单位"))
    turnouts = _number(_("出动台次"), _("自上次报告以来；一台车出动两次算两台次。"))
    deicer_kg = _number(_("融雪剂（kg）"))
    cleared_m3 = _number(_("清运（m³）"))
    section = forms.CharField(
        label=_("路段"),
        required=False,
        max_length=120,
        help_text=_("报路况才填，从清单里选。"),
        widget=forms.TextInput(attrs={"list": "sections", "autocomplete": "off"}),
    )
    state = forms.ChoiceField(
        label=_("路况"),
        required=False,
        choices=[("", _("不报"))] + [one for one in choices(STATES) if one[0] != "unknown"],
    )
    photo = _photo()
    note = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, by: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = queries.units_to_report(by)
        field(self, "unit").queryset = units
        if units.filter(pk=by.unit_id).exists():
            self.fields["unit"].initial = by.unit_id
        for trade, label in TRADES.items():
            self.fields[f"{_PEOPLE}{trade}"] = _number(_(label))
        after = [f"{_PEOPLE}{trade}" for trade in TRADES]
        rest = [name for name in self.fields if name not in after]
        self.order_fields([*rest[:3], *after, *rest[3:]])

    def clean_section(self) -> str:
        """A section by its name or its code; one that nobody knows is told at once."""
        text = str(self.cleaned_data["section"]).strip()
        if not text:
            return ""
        codes = {plain(word): one.code for one in live.streets() for word in (one.name, one.code)}
        if plain(text) not in codes:
            raise forms.ValidationError(_now("没有叫“%(name)s”的路段。请从清单里选。")
                                        % {"name": text})  # fmt: skip
        return codes[plain(text)]

    def told(self) -> dict[str, Any]:
        """What the verb takes."""
        asked = self.cleaned_data
        names = ("turnouts", "deicer_kg", "cleared_m3", "section", "state", "photo", "note")
        return {
            "client_key": asked["client_key"],
            "people_at_work": {trade: asked.get(f"{_PEOPLE}{trade}") or 0 for trade in TRADES},
            "at": self.written_at(),
            **{name: asked[name] for name in names},
        }


class DoneForm(Keyed):
    """人工清雪完成。"""

    photo = UploadField(
        label=_("清完以后的照片"),
        help_text="",
        widget=UploadField.widget(attrs={"accept": "image/*"}),
    )
    note = forms.CharField(label=_("说明"), required=False, max_length=200)

    def told(self) -> dict[str, Any]:
        """What the verb takes."""
        return {name: self.cleaned_data[name] for name in ("client_key", "photo", "note")}

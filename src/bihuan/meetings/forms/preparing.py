"""Forms before the meeting and of the parts: reports, materials, guests, the roll."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import choices, day
from bihuan.files.forms import UploadField
from bihuan.meetings import queries, rules
from bihuan.meetings.models import Material, Meeting, Part, Reporter
from bihuan.people import queries as people
from bihuan.people.models import Unit


class ReportForm(forms.Form):
    """提交述职报告。"""

    upload = UploadField(label=_("述职报告"))
    note = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("过了截止日期的，写明迟交的原因。"),
    )


class MaterialForm(forms.Form):
    """存入会议材料。"""

    kind = forms.ChoiceField(label=_("种类"), choices=choices(rules.MATERIALS))
    title = forms.CharField(label=_("标题"), max_length=200)
    upload = UploadField(label=_("文件"))
    material = forms.ModelChoiceField(
        Material.objects.none(),
        label=_("作为哪一份的新版本"),
        required=False,
        empty_label=_("新的一份"),
    )

    def __init__(self, meeting: Meeting, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["material"]
        field.queryset = meeting.materials.select_related("document")


class GuestForm(forms.Form):
    """登记到会指导。"""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("派出单位"), empty_label="—")
    name = forms.CharField(label=_("姓名或职务"), max_length=120)
    rank = forms.CharField(label=_("职级"), max_length=120, required=False)
    valid_from = day(_("起始日期"))
    valid_to = day(_("终止日期"))

    def __init__(self, meeting: Meeting, *args: Any, **kwargs: Any) -> None:
        held_on = queries.document(meeting).get("held_on", "")
        kwargs.setdefault("initial", {"valid_from": held_on, "valid_to": held_on})
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.queryset = people.units().filter(kind__in=("guidance_group", "superior", "city"))
        field.label_from_instance = lambda unit: unit.label()


class RollForm(forms.Form):
    """投票名单：一行一人，可整块粘贴；怎样读，由 `ballots.intake` 说。"""

    roll = forms.CharField(
        label=_("名单"),
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false"}),
        help_text=_("一行一人：姓名或职务、类别、单位，用逗号或制表符隔开；单位可不填。"),
    )

    def __init__(self, meeting: Meeting, data: Any = None) -> None:
        super().__init__(data, initial={"roll": _written(meeting)})


def _written(meeting: Meeting) -> str:
    """The roll as it stands; before there is one, what the register knows."""
    words = {row["code"]: row["name"] for row in queries.document(meeting)["categories"]}
    poll = meeting.poll
    if poll is not None and poll.voters.exists():
        rows = poll.voters.select_related("unit").order_by("number")
        listed = [(one.name, one.category, one.unit) for one in rows]
    else:
        listed = list(queries.likely_roll(meeting))
    return "\n".join(
        "\t".join((name, words.get(code, code), unit.name if unit else ""))
        for name, code, unit in listed
    )


class PartsForm(forms.Form):
    """登记一部分的分数：每个单位一格。"""

    use_required_attribute = False
    basis = forms.CharField(
        label=_("依据"), max_length=300, help_text=_("这些分数从哪份材料来；改动时写明原因。")
    )

    def __init__(
        self,
        reporters: Sequence[Reporter],
        entered: Mapping[tuple[int, str], Part],
        code: str,
        data: Any = None,
    ) -> None:
        super().__init__(data)
        self.reporters = list(reporters)
        for one in self.reporters:
            row = entered.get((one.pk, code))
            self.fields[f"v-{one.unit.code}"] = forms.DecimalField(
                required=False,
                min_value=0,
                max_value=100,
                max_digits=9,
                decimal_places=4,
                initial=f"{row.value.normalize():f}" if row else None,
                widget=forms.TextInput(
                    attrs={"inputmode": "decimal", "aria-label": one.unit.label()}
                ),
            )
        self.order_fields([*(f"v-{one.unit.code}" for one in self.reporters), "basis"])

    def values(self) -> dict[str, Any]:
        """Unit code → value."""
        return {one.unit.code: self.cleaned_data[f"v-{one.unit.code}"] for one in self.reporters}

"""What is asked before and after a workbook is read."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.files.forms import UploadField
from bihuan.ledger import queries
from bihuan.ledger.models import Intake

OURS_NOT = "-"  # what an answer is called that says "none of our units"


class WorkbookForm(forms.Form):
    """一份台账工作簿。"""

    upload = UploadField(label=_("工作簿（xlsx、xls、csv）"))
    year = forms.IntegerField(
        label=_("填报年度"),
        required=False,
        min_value=2000,
        max_value=2100,
        help_text=_("时限只写“1月20日”的，按这一年算；不填则看文件里的填报时间。"),
    )


class TemplateForm(forms.Form):
    """单位自己的空白台账：照它的格式写出。"""

    upload = UploadField(label=_("本单位的台账（xlsx）"))


class AnswerForm(forms.Form):
    """没有认出的单位名称，逐个指明；拿不准的留空，那一行先存为草稿。"""

    year = forms.IntegerField(label=_("填报年度"), required=False, min_value=2000, max_value=2100)

    def __init__(
        self, intake: Intake, names: Mapping[str, tuple[str, ...]], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, initial={"year": intake.year}, **kwargs)
        self.names = list(names)
        units = [(unit.code, unit.label()) for unit in queries.units_to_choose()]
        for number, name in enumerate(self.names):
            close = set(names[name])
            near = [pair for pair in units if pair[1] in close]
            self.fields[f"unit-{number}"] = forms.ChoiceField(
                label=name,
                required=False,
                choices=[
                    ("", _("还不知道")),
                    *near,
                    *(pair for pair in units if pair not in near),
                    (OURS_NOT, _("不是本区的单位")),
                ],
            )

    def units(self) -> dict[str, str]:
        """Written name → code; "" for what is none of our units. What is unknown is left out."""
        chosen = {n: self.cleaned_data.get(f"unit-{i}") for i, n in enumerate(self.names)}
        return {name: "" if c == OURS_NOT else str(c) for name, c in chosen.items() if c}

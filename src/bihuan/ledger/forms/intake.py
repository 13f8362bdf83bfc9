"""What is asked before and after a workbook is read."""

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bihuan.exchange.words import plain_name
from bihuan.files.forms import UploadField
from bihuan.files.rules import size_in_words
from bihuan.ledger import queries
from bihuan.ledger.models import Intake
from bihuan.ledger.queries.intake import Stranger

OURS_NOT = "-"  # what an answer is called that says "none of our units"
MOST_ASKED = 60  # names asked about on one page; the rest follow when these are answered


def _largest() -> str:
    return gettext("xlsx、xls、et、ods 或 csv，不超过 %(largest)s。") % {
        "largest": size_in_words(settings.LARGEST_FILE)
    }


class WorkbookForm(forms.Form):
    """一份台账工作簿。"""

    upload = UploadField(label=_("台账工作簿"), help_text=lazy(_largest, str)())
    year = forms.IntegerField(
        label=_("填报年度"),
        required=False,
        min_value=2000,
        max_value=2100,
        help_text=_("时限只写“1月20日”的，按这一年算；不填则看文件里的填报时间。"),
    )


class TemplateForm(forms.Form):
    """单位自己的空白台账：照它的格式写出。"""

    upload = UploadField(label=_("本单位的台账"), help_text=_("须是 .xlsx。"))


class AnswerForm(forms.Form):
    """没有认出的单位名称，逐个指明，可记为别名；拿不准的留空，那一行先存为草稿。"""

    year = forms.IntegerField(
        label=_("填报年度"),
        required=False,
        min_value=2000,
        max_value=2100,
        help_text=_("时限没有写年份的，按这一年读。"),
    )

    def __init__(
        self,
        intake: Intake,
        strangers: Sequence[Stranger],
        data: Any = None,
        *,
        may_remember: bool = False,
    ) -> None:
        super().__init__(data, initial={"year": intake.year})
        self.strangers = strangers[:MOST_ASKED]
        self.left = len(strangers) - len(self.strangers)
        self.may_remember = may_remember
        units = [(unit.name, unit.code, unit.label()) for unit in queries.units_to_choose()]
        for number, stranger in enumerate(self.strangers):
            self.fields[f"unit-{number}"] = forms.ChoiceField(
                label=stranger.name, required=False, choices=_choices(units, stranger.close)
            )
            if may_remember:
                label = _("记为别名")
                self.fields[f"alias-{number}"] = forms.BooleanField(label=label, required=False)

    def units(self) -> dict[str, str]:
        """Written name → code; "" for what is none of our units. What is unknown is left out."""
        chosen = {s.name: self.cleaned_data.get(f"unit-{i}") for i, s in enumerate(self.strangers)}
        return {name: "" if c == OURS_NOT else str(c) for name, c in chosen.items() if c}

    def remembered(self) -> list[str]:
        """Written names that are to be entered as aliases of the units that were chosen."""
        ticked = (s for i, s in enumerate(self.strangers) if self.cleaned_data.get(f"alias-{i}"))
        return [stranger.name for stranger in ticked]


def _choices(units: Sequence[tuple[str, str, str]], close: Collection[str]) -> list[Any]:
    """Names that are close to what was written stand first, in a group of their own."""
    near = [(code, label) for name, code, label in units if plain_name(name) in close]
    others = [(code, label) for name, code, label in units if plain_name(name) not in close]
    answers: list[Any] = [("", _("还不知道")), (OURS_NOT, _("不是本区的单位"))]
    if not near:
        return [*answers, *others]
    return [*answers, (_("相近的"), near), (_("其余的"), others)]

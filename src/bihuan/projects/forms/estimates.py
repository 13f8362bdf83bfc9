"""What an estimate is asked with."""

from django import forms
from django.utils.translation import gettext_lazy as _

SEED = 20260101


class SeedForm(forms.Form):
    """发起推演：同样的种子得同样的结果。"""

    seed = forms.IntegerField(
        label=_("种子"),
        min_value=0,
        max_value=2**62,
        initial=SEED,
        help_text=_("同样的计划和种子，结果逐位相同。"),
    )


class CrewsForm(SeedForm):
    """发起班组均衡。"""

    at_once = forms.IntegerField(
        label=_("每个班组同时最多做几项"), min_value=1, max_value=100, initial=1
    )
    field_order = ("at_once", "seed")

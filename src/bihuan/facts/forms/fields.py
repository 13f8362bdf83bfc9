"""Fields that the forms of this room share."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base import fields
from bihuan.facts import queries, words
from bihuan.facts.terms import Terms


def choices(table: Mapping[str, str], *, empty: str = "") -> list[tuple[str, Any]]:
    """A table of codes as choices in the reader's language; `empty` is what no choice is called."""
    listed = [(code, _now(label)) for code, label in table.items()]
    return [("", empty), *listed] if empty else listed


def measures(like: str = "", known: Terms | None = None) -> list[tuple[str, Any]]:
    """Every known unit of measure, or none; with `like` only those of the same sort."""
    known = known or queries.known_terms()
    sort = known.sort(like)
    fitting = [word for word in known.measures if sort is None or known.sort(word) == sort]
    return [("", "—"), *((word, words.measure(word)) for word in fitting)]


long_text = partial(fields.words, rows=2, longest=4000)


def number(label: Any, help_text: Any = "") -> forms.DecimalField:
    """A number as printed: a number field of the browser would drop the last zero of 17.50."""
    return forms.DecimalField(
        label=label,
        required=False,
        max_digits=15,
        decimal_places=8,
        help_text=help_text,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )


class PeriodChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not there at run time
    """A period, worded in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return words.period(obj)


def period_written(**kwargs: Any) -> forms.CharField:
    """A period as people write it."""
    return forms.CharField(
        label=kwargs.pop("label", _("时期")),
        max_length=80,
        help_text=kwargs.pop(
            "help_text", _("如 2020、2020年末、2022-01-21、考核年度2021（数据年度2020）。")
        ),
        **kwargs,
    )


class ReasonForm(forms.Form):
    """写明原因。"""

    note = long_text(_("原因"), rows=3)


class WordForm(forms.Form):
    """可写一句话。"""

    note = long_text(_("备注"), required=False)

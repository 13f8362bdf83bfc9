"""What the forms of this room share: numbers kept as typed, texts, nouns by their names.

What is left empty stays unknown, never nought.
"""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def number(label: Any, **kwargs: Any) -> forms.DecimalField:
    """A number as printed, not forced to be there."""
    kwargs.setdefault("required", False)
    kwargs.setdefault("max_digits", 20)
    kwargs.setdefault("decimal_places", 8)
    return forms.DecimalField(
        label=label, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **kwargs
    )


def text(label: Any, *, required: bool = True, rows: int = 2, help_text: Any = "") -> Any:
    return forms.CharField(
        label=label,
        required=required,
        max_length=300,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def shown(value: Decimal | float | None) -> str:
    """A number without the zeros that a column of the database adds."""
    if value is None:
        return ""
    return f"{Decimal(str(value)).normalize():f}"


class Button(forms.Form):
    """一个按钮。"""


class NoteForm(forms.Form):
    """写一句话。"""

    note = text(_("说明"), rows=3)

"""What models and forms of every room are made of: choices from a table of codes, a day."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def choices(table: Mapping[str, str]) -> list[tuple[str, Any]]:
    """A table of codes and Chinese sentences as Django wants its choices, each translated late."""
    return [(code, _(label)) for code, label in table.items()]


def day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """A day, chosen from the browser's own calendar."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

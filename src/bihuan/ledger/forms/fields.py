"""Fields that every form of the ledger is made of."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def choices(table: Mapping[str, str]) -> list[tuple[str, Any]]:
    """A table of codes and sentences as a form wants its choices."""
    return [(code, _(label)) for code, label in table.items()]


def words(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    """A text of several lines."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=4000,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """A day, chosen from the browser's own calendar."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # the stub's parameter is not there at run time
    """One unit, named in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label())


class UnitsChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # the stub's parameter is not there at run time
    """Some units, named in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label())


class PostChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # the stub's parameter is not there at run time
    """One post, named in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label())


def field(form: forms.BaseForm, name: str) -> Any:
    """A field by name, as whatever it is: the stubs know only the base class."""
    return form.fields[name]

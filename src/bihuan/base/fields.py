"""What models and forms of every room are made of: choices from a table of codes, a day."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _


def choices(table: Mapping[str, str]) -> list[tuple[str, Any]]:
    """A table of codes and Chinese sentences as Django wants its choices, each translated late."""
    return [(code, _(label)) for code, label in table.items()]


def post(verbose_name: Any = "") -> Any:
    """Who did something, as a column: a post; none for the system."""
    return models.ForeignKey(
        "people.Post", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=verbose_name,
    )  # fmt: skip


def day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """A day, chosen from the browser's own calendar."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def words(
    label: Any, *, required: bool = True, help_text: Any = "", rows: int = 4, longest: int = 20_000
) -> Any:
    """A text of several lines, of at most `longest` signs."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=longest,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class Labelled(forms.ModelChoiceField):  # type: ignore[type-arg]  # not there at run time
    """One of some nouns, named in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label())


class Several(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not there at run time
    """Some of some nouns, to be ticked, named in the reader's language."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label())


def field(form: forms.BaseForm, name: str) -> Any:
    """A field by name, as whatever it is: the stubs know only the base class."""
    return form.fields[name]

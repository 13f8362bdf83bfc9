"""Fields that every form of the ledger is made of."""

from typing import Any

from django import forms


def words(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    """A text of several lines."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=4000,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 4}),
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

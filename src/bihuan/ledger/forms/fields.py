"""Fields that every form of the ledger is made of."""

from functools import partial
from typing import Any

from django import forms

from bihuan.base import fields

words = partial(fields.words, longest=4000)


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

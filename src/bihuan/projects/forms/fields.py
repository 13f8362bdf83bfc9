"""Fields that the forms of this room share."""

from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.base import fields
from bihuan.projects.models import Project


class ActForm(forms.Form):
    """A form of one verb; `thing` is what it is about, `project` the project of that thing."""

    def __init__(self, *args: Any, about: Any, **kwargs: Any) -> None:
        self.thing = about
        self.project: Project = _project_of(about)
        super().__init__(*args, **kwargs)
        self.fit()

    def fit(self) -> None:
        """Fill choices and first values from the thing at hand."""


def _project_of(thing: Any) -> Any:
    return thing if isinstance(thing, Project) else thing.project


class ReasonForm(ActForm):
    """写明原因。"""

    reason = forms.CharField(
        label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class NoteForm(ActForm):
    """写一段话。"""

    note = forms.CharField(
        label=_("说明"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


words = partial(fields.words, rows=3, longest=10_000)


def proof(label: Any = "", *, required: bool = True, help_text: Any = "") -> Any:
    """A file; the sentence where there is none is the verb's own."""
    return forms.FileField(
        label=label or _("佐证"),
        required=required,
        help_text=help_text,
        error_messages={"required": _("没有佐证，不能登记。请附上文件。")},
    )


def amount(label: Any, *, required: bool = False, help_text: Any = "") -> Any:
    """An amount in 万元."""
    return forms.DecimalField(
        label=label, required=required, max_digits=14, decimal_places=2, help_text=help_text
    )

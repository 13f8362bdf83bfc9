"""Fields of this room's forms: a moment, a text of several lines, a plan that stands ready."""

from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bihuan.base import fields
from bihuan.base.fields import Labelled
from bihuan.snow.rules import situation as situation_rules


class Moment(forms.DateTimeField):
    """A moment: from the browser's own clock and calendar, or as papers write it.

    2022年1月24日上午12时 is noon.
    """

    widget = forms.DateTimeInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.DateTimeInput(
                format="%Y-%m-%d %H:%M", attrs={"autocomplete": "off", "size": 20}
            ),
            **{
                "help_text": _("例如 2026-01-24 12:00；也认“2026年1月24日上午12时”，即中午。"),
                **kwargs,
            },
        )

    def to_python(self, value: Any) -> datetime | None:
        if isinstance(value, str) and (told := situation_rules.moment(value)) is not None:
            return timezone.make_aware(told)
        return super().to_python(value)


words = partial(fields.words, rows=3, longest=2000)


class ReadyPlan(Labelled):
    """A plan that stands ready: which, made when, what was noted of it."""

    def label_from_instance(self, obj: Any) -> str:
        made = timezone.localtime(obj.created_at)
        return " · ".join(one for one in (obj.label(), f"{made:%Y-%m-%d %H:%M}", obj.note) if one)

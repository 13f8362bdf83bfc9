"""Fields that the forms of this room share."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import field
from bihuan.reviews.models import Review, Seat


class ActForm(forms.Form):
    """A form of one verb; `thing` is what it is about, `review` the meeting of that thing."""

    def __init__(self, *args: Any, about: Any, **kwargs: Any) -> None:
        self.thing = about
        self.review: Review = about if isinstance(about, Review) else _meeting_of(about)
        super().__init__(*args, **kwargs)
        self.fit()

    def fit(self) -> None:
        """Fill choices and first values from the thing at hand."""


def _meeting_of(thing: Any) -> Any:
    return thing.review


class ConfirmForm(ActForm):
    """只要按一下。"""


class ReasonForm(ActForm):
    """写明原因。"""

    reason = forms.CharField(
        label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


def members(form: ActForm, *names: str, present: bool = False) -> None:
    """Give these fields the members of the meeting as choices; only those present, if told."""
    found = form.review.seats.select_related("post__person", "post__unit")
    if present:
        found = found.filter(attendance="present")
    for name in names:
        field(form, name).queryset = found.order_by("-head", "order")


def no_seats() -> Any:
    return Seat.objects.none()

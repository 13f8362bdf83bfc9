"""The meeting itself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import Labelled, Several, field, words
from bihuan.reviews import queries
from bihuan.reviews.forms.fields import ActForm, members, no_seats
from bihuan.reviews.models import Guest


class AttendanceForm(ActForm):
    """核对到会。"""

    present = Several(label=_("到会"), queryset=no_seats(), required=False)

    def fit(self) -> None:
        members(self, "present")
        found = queries.seats(self.review)
        known = any(seat.attendance for seat in found)
        self.fields["present"].initial = [
            seat.pk for seat in found if not known or seat.attendance == "present"
        ]
        for seat in found:
            self.fields[f"why-{seat.pk}"] = forms.CharField(
                label=_("%(member)s缺席的原因") % {"member": seat.label()},
                max_length=200,
                required=False,
                initial=seat.absent_why,
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        reasons = {
            int(name.removeprefix("why-")): cleaned.pop(name)
            for name in list(cleaned)
            if name.startswith("why-")
        }
        return {**cleaned, "reasons": reasons}


class ItemForm(ActForm):
    """进行完一项议程。"""

    speakers = Several(label=_("发言的成员"), queryset=no_seats(), required=False)
    guests = Several(label=_("发言的指导组成员"), queryset=Guest.objects.none(), required=False)
    note = forms.CharField(label=_("说明"), max_length=300, required=False)

    def fit(self) -> None:
        members(self, "speakers", present=True)
        visitors = self.review.guests.select_related("post__person", "post__unit")
        field(self, "guests").queryset = visitors
        found = field(self, "speakers").queryset
        if self.thing.kind == "mutual":
            self.fields["speakers"].initial = [seat.pk for seat in found]
        elif self.thing.kind == "criticism":
            others = [seat.pk for seat in found if seat.pk != self.thing.seat_id]
            self.fields["speakers"].initial = others
        elif self.thing.seat_id:
            self.fields["speakers"].initial = [self.thing.seat_id]
        if self.thing.kind == "comment":
            self.fields["guests"].initial = [one.pk for one in visitors if one.leader]


class CriticismForm(ActForm):
    """记批评意见。"""

    source = Labelled(label=_("提出的人"), queryset=no_seats())
    target = Labelled(label=_("对谁"), queryset=no_seats())
    text = words(_("批评意见"))

    def fit(self) -> None:
        members(self, "source", present=True)
        members(self, "target")


class CorrectionForm(ActForm):
    """更正记错的一条。"""

    text = words(_("更正后的批评意见"))

    def fit(self) -> None:
        self.fields["text"].initial = self.thing.text


class CommentForm(ActForm):
    """点评。"""

    text = words(_("点评"), rows=8)

    def fit(self) -> None:
        self.fields["text"].initial = self.review.comment


class JudgeForm(ActForm):
    """评价一个项目。"""

    grade = forms.ChoiceField(label=_("等次"), widget=forms.RadioSelect)
    text = words(_("意见"), required=False, rows=3)

    def fit(self) -> None:
        grades = queries.setting("grades")
        english = self.thing.label() != self.thing.name
        field(self, "grade").choices = [
            (code, name_en if english and name_en else name) for code, name, name_en in grades
        ]
        chosen = {name: code for code, name, _name_en in grades}
        self.fields["grade"].initial = chosen.get(self.thing.grade)
        self.fields["text"].initial = self.thing.text

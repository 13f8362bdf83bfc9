"""Preparing: the meeting, its members, its guests, its steps."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.base import clock
from bihuan.base.fields import Labelled, Several, choices, day, field, words
from bihuan.files.forms import UploadField
from bihuan.people.models import Post, Unit
from bihuan.reviews import queries, rules
from bihuan.reviews.forms.fields import ActForm, members, no_seats

_CONSENT = _("年度会议提前或推迟的，写明上级同意的依据。")
_BASIS = _("上级哪份通知或方案，文号。")


class PrepareForm(forms.Form):
    """筹备一次会。"""

    kind = forms.ChoiceField(
        label=_("类别"), choices=choices(rules.KINDS), widget=forms.RadioSelect, initial="annual"
    )
    body = Labelled(label=_("班子"), queryset=Unit.objects.none())
    year = forms.IntegerField(label=_("年度"), help_text=_("述说哪一年的，不一定是开会那一年。"))
    theme = words(_("主题"))
    basis = forms.CharField(label=_("上级部署的依据"), max_length=300, help_text=_BASIS)
    date = day(_("会议日期"))
    consent = forms.CharField(
        label=_("上级同意提前或推迟的依据"), max_length=300, required=False, help_text=_CONSENT
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field(self, "body").queryset = queries.bodies()
        self.fields["year"].initial = clock.today().year


class AmendForm(ActForm):
    """改会议安排。"""

    theme = words(_("主题"))
    basis = forms.CharField(label=_("上级部署的依据"), max_length=300, help_text=_BASIS)
    date = day(_("会议日期"), help_text=_("改日期，没办的步骤期限随之重算。"))
    consent = forms.CharField(
        label=_("上级同意提前或推迟的依据"), max_length=300, required=False, help_text=_CONSENT
    )

    def fit(self) -> None:
        for name in self.fields:
            self.fields[name].initial = getattr(self.review, name)


class ClerksForm(ActForm):
    """指定经办人。"""

    clerks = Several(label=_("经办人"), queryset=Post.objects.none())

    def fit(self) -> None:
        field(self, "clerks").queryset = queries.clerks_to_choose()
        self.fields["clerks"].initial = [post.pk for post in self.review.clerks.all()]


class SeatForm(ActForm):
    """列入成员。"""

    post = Labelled(label=_("任职"), queryset=Post.objects.none())
    head = forms.BooleanField(label=_("是主要负责人"), required=False)

    def fit(self) -> None:
        field(self, "post").queryset = queries.members_to_choose(self.review)


class ArrangeForm(ActForm):
    """排次序，定主要负责人。"""

    head = Labelled(label=_("主要负责人"), queryset=no_seats())

    def fit(self) -> None:
        members(self, "head")
        found = queries.seats(self.review)
        self.fields["head"].initial = next((seat.pk for seat in found if seat.head), None)
        for order, seat in enumerate(found, start=1):
            self.fields[f"place-{seat.pk}"] = forms.IntegerField(
                label=_("次序：%(member)s") % {"member": seat.label()},
                min_value=1,
                max_value=999,
                initial=order,
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        places = {
            int(name.removeprefix("place-")): cleaned.pop(name)
            for name in list(cleaned)
            if name.startswith("place-")
        }
        return {**cleaned, "places": places}


class InviteForm(ActForm):
    """邀请指导组成员。"""

    post = Labelled(label=_("指导组成员"), queryset=Post.objects.none())
    leader = forms.BooleanField(label=_("是组长"), required=False)
    home_unit = forms.CharField(label=_("所在单位"), max_length=120, required=False)
    valid_from = day(_("受邀自"))
    valid_to = day(_("受邀至"), help_text=_("过了这一天，自行失效。"))

    def fit(self) -> None:
        field(self, "post").queryset = queries.guides_to_choose(self.review)
        self.fields["valid_from"].initial = clock.today()


class InvitationForm(ActForm):
    """改受邀期。"""

    valid_to = day(_("受邀至"), help_text=_("要当天失效，填昨天。"))

    def fit(self) -> None:
        self.fields["valid_to"].initial = self.thing.valid_to


class FinishForm(ActForm):
    """完成一步。"""

    note = words(_("说明"), required=False, rows=3)


class AttachForm(ActForm):
    """附一份材料。"""

    upload = UploadField(label=_("文件"))

"""Opinions and talks."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base import clock
from bihuan.base.fields import Labelled, choices, day, field, words
from bihuan.people.models import Post
from bihuan.reviews import queries, rules
from bihuan.reviews.forms.fields import ActForm, members, no_seats


class OpinionForm(ActForm):
    """记一条意见；像是写了自己是谁的，先提醒，确认后才存。"""

    channel = forms.ChoiceField(
        label=_("渠道"),
        choices=choices({k: v for k, v in rules.CHANNELS.items() if k != "box"}),
        widget=forms.RadioSelect,
        initial="written",
    )
    text = words(_("意见"), help_text=_(rules.WARNING))
    origin = forms.CharField(
        label=_("来自"),
        max_length=120,
        required=False,
        help_text=_("只写哪一类人，如“基层支部”“服务对象”，不写是谁。"),
    )
    about = forms.ChoiceField(label=_("对谁"), choices=choices(rules.ABOUT), required=False)
    seat = Labelled(label=_("成员"), queryset=no_seats(), required=False)

    def fit(self) -> None:
        members(self, "seat")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        signs = rules.reveals(cleaned.get("text", ""))
        if signs:
            self.fields["all_the_same"] = forms.BooleanField(
                label=_("本人愿意署名，或已核对没有写明是谁，照样存"), required=False
            )
            if self.data.get("all_the_same") != "on":
                for sign in signs:
                    self.add_error("text", _now(sign))
                self.add_error("all_the_same", _("请改掉这些话；确实可以保留的，勾选后再存。"))
        return cleaned


class SortForm(ActForm):
    """分送一条意见。"""

    about = forms.ChoiceField(
        label=_("对谁"),
        choices=choices({k: v for k, v in rules.ABOUT.items() if k}),
        widget=forms.RadioSelect,
    )
    seat = Labelled(label=_("成员"), queryset=no_seats(), required=False)

    def fit(self) -> None:
        members(self, "seat")
        self.fields["about"].initial = self.thing.about
        self.fields["seat"].initial = self.thing.seat_id


class TalkForm(ActForm):
    """记一次谈心谈话。"""

    seat = Labelled(label=_("成员"), queryset=no_seats())
    other = Labelled(label=_("与哪位成员"), queryset=no_seats(), required=False)
    post = Labelled(label=_("或与哪位单位负责人"), queryset=Post.objects.none(), required=False)
    on = day(_("日期"))
    points = words(
        _("要点"), required=False, rows=3, help_text=_("可不写；写了只有双方和经办人看得到。")
    )

    def fit(self) -> None:
        members(self, "seat", "other")
        field(self, "post").queryset = queries.heads_to_choose(self.review)
        self.fields["on"].initial = clock.today()


class DueTalkForm(ActForm):
    """列入应谈对象。"""

    seat = Labelled(label=_("成员"), queryset=no_seats())
    post = Labelled(label=_("单位负责人"), queryset=Post.objects.none())

    def fit(self) -> None:
        members(self, "seat")
        field(self, "post").queryset = queries.heads_to_choose(self.review)

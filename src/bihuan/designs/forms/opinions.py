"""Forms about an opinion: give, answer, verify, discuss."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.designs import queries, rules
from bihuan.designs.forms.fields import ActForm, Labelled, RegionField, number, pick, words
from bihuan.designs.models import ReviewMeeting
from bihuan.press.forms import FromAnybody


class GiveForm(ActForm):
    """提意见：本单位的；办公室还可记专家意见、会上意见。`thing` is the version in view."""

    text = words(_("意见"), rows=3)
    aspect = Labelled(_("方面"), empty_label=None)
    priority = pick(_("分量"), rules.PRIORITIES, first="should")
    page = number(_("页码"), required=False, help_text=_("不填即对全案提。"))
    region = RegionField()

    def fit(self) -> None:
        self.choose("aspect", queries.aspects())

    def told(self) -> dict[str, Any]:
        return {**self.cleaned_data, "version": self.thing}


class RecordForm(GiveForm):
    """记意见：专家的、会上的。"""

    source = pick(_("来源"), {code: rules.SOURCES[code] for code in ("expert", "meeting", "unit")})
    unit = Labelled(_("提出单位"), required=False, help_text=_("有单位的由该单位核实。"))
    meeting = Labelled(_("审查会"), required=False)

    def fit(self) -> None:
        super().fit()
        self.choose("unit", queries.units_to_choose())
        self.choose("meeting", ReviewMeeting.objects.filter(agenda__scheme=self.thing.scheme))
        if not queries.comments_on(self.by, self.thing.scheme):
            field: Any = self.fields["source"]
            field.choices = [pair for pair in field.choices if pair[0] != "unit"]


class AnswerForm(ActForm):
    """答复。"""

    decision = pick(_("答复"), rules.DECISIONS)
    reason = words(_("理由"), rows=3)
    settled_in = Labelled(
        _("落实的版本"),
        required=False,
        help_text=_("采纳的要写；新版还没交，可以先不选，交了再答一次。"),
    )

    def fit(self) -> None:
        later = self.thing.scheme.versions.filter(number__gt=self.thing.version.number)
        self.choose("settled_in", later.order_by("-number"))
        if given := queries.reply(self.thing):
            self.fields["decision"].initial = given.decision
            self.fields["reason"].initial = given.reason
            self.fields["settled_in"].initial = given.settled_in_id


class VerifyForm(ActForm):
    """核实。"""

    passed = forms.TypedChoiceField(
        label=_("核实结果"),
        choices=[("yes", _("认可")), ("no", _("退回"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = words(_("核实意见"), required=False, rows=3, help_text=_("退回的，写明还差什么。"))


class RemarkForm(ActForm):
    """讨论。"""

    text = words(_("内容"), rows=2)


class ResidentForm(FromAnybody, ActForm):
    """公众提意见：只问意见；联系方式自愿。`thing` is the notice."""

    aspect = Labelled(_("关于哪方面"), empty_label=None)
    page = forms.TypedChoiceField(
        label=_("关于哪一页"), required=False, coerce=int, empty_value=None
    )
    field_order = ("text", "aspect", "page", "contact")

    def fit(self) -> None:
        self.choose("aspect", queries.aspects())
        shown = self.thing.pages.values_list("page", flat=True)
        field: Any = self.fields["page"]
        field.choices = [("", _("整个方案")), *((n, _("第 %(n)d 页") % {"n": n}) for n in shown)]

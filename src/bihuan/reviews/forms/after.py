"""After the meeting."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.base import clock
from bihuan.base.fields import Labelled, Several, choices, day, field, words
from bihuan.ledger import queries as ledger
from bihuan.ledger import rules as ledger_rules
from bihuan.people.models import Unit
from bihuan.reviews import queries, rules, services
from bihuan.reviews.forms.fields import ActForm, members, no_seats
from bihuan.reviews.models import Problem

_OPEN = _("这些话存入台账后，全区看得到台账的人都能读。请不要照抄批评意见和对照检查材料。")


class ProblemForm(ActForm):
    """列入或修改问题清单的一条。"""

    source = forms.ChoiceField(label=_("由来"), choices=choices(rules.PROBLEM_SOURCES))
    title = forms.CharField(label=_("问题"), max_length=200, help_text=_OPEN)
    measures = words(_("整改措施"))
    goal = words(_("整改目标"), required=False, rows=2)
    rect_kind = forms.ChoiceField(
        label=_("整改类型"),
        choices=choices(ledger_rules.RECT_KINDS),
        widget=forms.RadioSelect,
        initial="immediate",
    )
    seat = Labelled(label=_("责任领导"), queryset=no_seats(), required=False)
    lead_unit = Labelled(label=_("牵头单位"), queryset=Unit.objects.none())
    due = day(_("完成时限"))

    def fit(self) -> None:
        members(self, "seat")
        field(self, "lead_unit").queryset = ledger.units_to_choose()
        if isinstance(self.thing, Problem):
            for name in self.fields:
                self.fields[name].initial = getattr(self.thing, name)


class DropForm(ActForm):
    """不再整改。"""

    reason = forms.CharField(label=_("不再整改的原因"), max_length=300)


class WritingForm(ActForm):
    """会后文书：先给照记录起草的文字，改定再存。"""

    kind: ClassVar[str]
    text = words(_("文字"), rows=22)

    def fit(self) -> None:
        self.fields["text"].initial = queries.written_or_drafted(self.review, self.kind)
        self.fields["text"].help_text = _("“一、”开头的一行是标题。请不要引批评意见和材料的原话。")

    def clean(self) -> dict[str, Any]:
        return {**(super().clean() or {}), "kind": self.kind}


class ReportForm(WritingForm):
    """会议情况报告。"""

    kind = "report"


class CircularForm(WritingForm):
    """会议情况通报。"""

    kind = "circular"


class TellForm(ActForm):
    """转告缺席成员。"""

    on = day(_("转告日期"))

    def fit(self) -> None:
        self.fields["on"].initial = clock.today()


class LowersForm(ActForm):
    """列下级民主生活会。"""

    units = Several(label=_("下级单位"), queryset=Unit.objects.none())
    due = day(_("最迟日期"))

    def fit(self) -> None:
        listed = self.review.lower.values("unit")
        found = queries.lower_units(self.review.body).exclude(pk__in=listed)
        field(self, "units").queryset = found
        self.fields["due"].initial = services.default_lower_due(self.review)


class LowerForm(ActForm):
    """登记一个下级的会。"""

    state = forms.ChoiceField(
        label=_("状态"), choices=choices(rules.LOWER_STATES), widget=forms.RadioSelect
    )
    date = day(_("会议日期"), required=False)
    guide = Labelled(label=_("到会指导"), queryset=no_seats(), required=False)
    note = forms.CharField(label=_("说明"), max_length=300, required=False)

    def fit(self) -> None:
        members(self, "guide")
        self.fields["guide"].initial = self.thing.guide_id
        for name in ("state", "date", "note"):
            self.fields[name].initial = getattr(self.thing, name)


class CloseForm(ActForm):
    """了结前看清楚。"""

    sure = forms.BooleanField(label=_("整改已办结，会后的材料已报送"))

    def clean(self) -> dict[str, Any]:
        super().clean()
        return {}

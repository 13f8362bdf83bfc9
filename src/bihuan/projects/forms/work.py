"""Preliminary work: laying out, accepting, stopping, ending, renewing."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.base import clock
from bihuan.base.fields import Labelled, Several, day, field
from bihuan.people.models import Unit
from bihuan.projects import queries
from bihuan.projects.forms.fields import ActForm, proof
from bihuan.projects.models import StepRule, WorkStep


class LayOutForm(ActForm):
    """排前期步骤。"""

    steps = Several(label=_("要办的步骤"), queryset=StepRule.objects.none())

    def fit(self) -> None:
        laid = set(self.project.work.values_list("code", flat=True))
        kind = self.project.kind
        found = [
            one
            for one in queries.step_rules()
            if one.code not in laid and (not kind or not one.kinds or kind in one.kinds)
        ]
        keys = [one.pk for one in found]
        field(self, "steps").queryset = StepRule.objects.filter(pk__in=keys).order_by("order", "pk")
        usual = [one.pk for one in found if one.usual and (kind or not one.kinds)]
        self.fields["steps"].initial = usual


class ArrangeForm(ActForm):
    """定分工和先后。"""

    unit = Labelled(label=_("牵头部门"), queryset=Unit.objects.none(), required=False)
    assist = Several(label=_("配合部门"), queryset=Unit.objects.none(), required=False)
    planned_on = day(_("计划办结"), required=False)
    after = Several(label=_("排在哪些步骤之后"), queryset=WorkStep.objects.none(), required=False)

    def fit(self) -> None:
        for name in ("unit", "assist"):
            field(self, name).queryset = queries.units_to_choose()
        others = self.project.work.exclude(pk=self.thing.pk)
        field(self, "after").queryset = others.order_by("order", "pk")
        for name, value in (
            ("unit", self.thing.unit_id),
            ("assist", [one.pk for one in self.thing.assist.all()]),
            ("planned_on", self.thing.planned_on),
            ("after", [one.pk for one in self.thing.after.all()]),
        ):
            self.fields[name].initial = value


class OnForm(ActForm):
    """哪一天。"""

    on = day(_("日期"))

    def fit(self) -> None:
        self.fields["on"].initial = clock.today()


class StopForm(ActForm):
    """停钟。"""

    kind = forms.ChoiceField(label=_("情形"), widget=forms.RadioSelect)
    first = day(_("从哪天起"))
    reason = forms.CharField(label=_("说明"), max_length=300, required=False)

    def fit(self) -> None:
        allowed = {*self.thing.rule.stops, "supplement"}
        known = queries.tables.stop_kinds()
        fitting = [one for one in known if not self.thing.rule.stops or one[0] in allowed]
        field(self, "kind").choices = fitting
        self.fields["first"].initial = clock.today()


class ResumeForm(ActForm):
    """恢复计时。"""

    last = day(_("停到哪天（含）"))

    def fit(self) -> None:
        self.fields["last"].initial = clock.today()


class FinishForm(ActForm):
    """办结。"""

    on = day(_("办结日期"))
    upload = proof(_("批文或证件"))
    document_number = forms.CharField(label=_("证件编号"), max_length=80, required=False)
    issued_on = day(
        _("发证日期"), required=False, help_text=_("有效期从发证那天起算；空着即办结日。")
    )

    def fit(self) -> None:
        self.fields["on"].initial = clock.today()


class RenewForm(ActForm):
    """证件延期。"""

    on = day(_("准予延期的日期"))
    upload = proof(_("准予延期的文件"))

    def fit(self) -> None:
        self.fields["on"].initial = clock.today()

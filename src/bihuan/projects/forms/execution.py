"""While it is built: filings, weekly notes, blockages, the coordination log."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base import clock
from bihuan.base.fields import Labelled, choices, day, field
from bihuan.people.models import Unit
from bihuan.projects import queries, rules, services
from bihuan.projects.forms.fields import ActForm, amount, proof, words

_MONTHS = 14  # the months that can be filed for: a year back, and this one


class FilingForm(ActForm):
    """报送月报：检查清单上缺的，标在下面。"""

    use_required_attribute = False  # what is required depends on the month that is chosen

    month = forms.ChoiceField(label=_("月份"))
    invested = amount(_("本年累计完成投资（万元）"), help_text=_("1 月至这个月的合计。"))
    invested_total = amount(_("开工以来累计完成投资（万元）"))
    progress = words(_("形象进度"), required=False)
    problems = words(_("存在问题"), required=False, help_text=_("没有的写“无”。"))
    next_steps = words(_("下月计划"), required=False)
    upload = proof(_("现场照片或佐证"), required=False)
    reason = forms.CharField(
        label=_("更正的原因"), max_length=300, required=False,
        help_text=_("这个月已报过的，须写明。"),
    )  # fmt: skip

    def fit(self) -> None:
        month, found = queries.month_of(clock.today()), []
        for _n in range(_MONTHS):
            told = {"year": month.year, "month": month.month}
            found.append((f"{month:%Y-%m}", _now("%(year)d 年 %(month)d 月") % told))
            month = queries.month_before(month)
        field(self, "month").choices = found
        self._ask(queries.month_of(clock.today()))

    def _ask(self, month: date) -> None:
        """What the check list asks for in this month must be there; the sentence names it."""
        before = queries.newest_filing(self.project, month)
        rows = {row["field"]: row for row in queries.checks(self.project, month)}
        for name in (*services.SAID, "upload"):
            row = rows.get("paper" if name == "upload" else name)
            kept = name == "upload" and before is not None and before.paper is not None
            self.fields[name].required = row is not None and not kept
            if row is not None:
                told = {"item": queries.tables.label(row)}
                self.fields[name].error_messages["required"] = (
                    _now("检查清单：缺“%(item)s”。") % told
                )

    def full_clean(self) -> None:
        """Asked by the month that was chosen, not by this one."""
        chosen = str(self.data.get("month", "")) if self.is_bound else ""
        if chosen in dict(field(self, "month").choices):
            self._ask(date.fromisoformat(f"{chosen}-01"))
        super().full_clean()

    def clean_month(self) -> date:
        return date.fromisoformat(f"{self.cleaned_data['month']}-01")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        month = cleaned.get("month")
        if month is not None:
            # What stands in no field: the weekly notes.
            given = dict.fromkeys(rules.FILING_FIELDS, "there")
            for item in queries.missing_items(self.project, month, given):
                self.add_error(None, _now("检查清单：缺“%(item)s”。") % {"item": item})
        return cleaned


class WeeklyForm(ActForm):
    """记周进展。"""

    week = day(_("哪一周"), help_text=_("写那周的任何一天。"))
    percent = forms.IntegerField(
        label=_("形象进度（%）"), required=False, min_value=0, max_value=100
    )
    text = words(_("本周进展"))
    next_steps = words(_("下周计划"), required=False)

    def fit(self) -> None:
        self.fields["week"].initial = clock.today()


class BlockageForm(ActForm):
    """登记堵点。"""

    title = forms.CharField(label=_("卡在哪里"), max_length=200)
    owner = Labelled(label=_("责任部门"), queryset=Unit.objects.none())
    opened_on = day(_("登记日期"))
    note = words(_("说明"), required=False)

    def fit(self) -> None:
        field(self, "owner").queryset = queries.units_to_choose()
        self.fields["opened_on"].initial = clock.today()


class SolveForm(ActForm):
    """解决堵点。"""

    on = day(_("解决日期"))
    note = words(_("怎样解决的"))

    def fit(self) -> None:
        self.fields["on"].initial = clock.today()


class LogForm(ActForm):
    """记协调。"""

    on = day(_("日期"))
    kind = forms.ChoiceField(label=_("方式"), choices=choices(rules.LOG_KINDS))
    parties = forms.CharField(label=_("参加单位"), max_length=200, required=False)
    text = words(_("协调内容"))
    agreed = words(_("说定的事"), required=False)

    def fit(self) -> None:
        self.fields["on"].initial = clock.today()

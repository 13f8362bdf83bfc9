"""Small forms: a button, a note, a comment, a decision."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bihuan.base import clock
from bihuan.base.fields import day
from bihuan.meetings import queries, rules
from bihuan.meetings.models import Reporter


def text(label: Any, *, rows: int = 3, required: bool = True, most: int = 2000) -> forms.CharField:
    """A text of some lines."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class Button(forms.Form):
    """一个按钮。"""


class NoteForm(forms.Form):
    """写明要改什么。"""

    note = text(_("要改什么"))


class ReasonForm(forms.Form):
    """写明原因。"""

    reason = text(_("原因"))


class CommentForm(forms.Form):
    """记录点评。"""

    comment_by = forms.CharField(label=_("点评人"), max_length=120)
    comment = text(_("点评"), rows=5)

    def __init__(self, reporter: Reporter, data: Any = None) -> None:
        meeting = reporter.meeting
        chair = meeting.chair.label() if meeting.chair else ""
        before = {"comment": reporter.comment, "comment_by": reporter.comment_by or chair}
        super().__init__(data, initial=before)


class SpeechForm(forms.Form):
    """记录讲话。"""

    verdict = text(_("总的评价"), required=False)
    speech = text(_("讲话内容"), rows=10, most=50_000)


class CountForm(forms.Form):
    """计票：密钥分开保管的，一行一份。"""

    shares = text(_("密钥份额，一行一份"), rows=6, most=20_000)

    def lines(self) -> list[str]:
        return [line for line in self.cleaned_data["shares"].splitlines() if line.strip()]


class DecideForm(forms.Form):
    """确定等次。"""

    grade = forms.ChoiceField(label=_("等次"))
    basis = forms.CharField(
        label=_("哪次会议确定"), max_length=200, help_text=_("如：党工委会议，会议纪要文号。")
    )
    decided_on = day(_("确定日期"))
    reason = forms.CharField(
        label=_("理由"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("与测算的等次不同，才要写。"),
    )

    def __init__(self, plan: Mapping[str, Any], data: Any = None, **initial: Any) -> None:
        initial.setdefault("decided_on", clock.today())
        super().__init__(data, initial=initial)
        field: Any = self.fields["grade"]
        field.choices = [("", "—"), *queries.tables_words(plan, "grades").items()]


class UseForm(forms.Form):
    """办结一项结果运用。"""

    note = text(_("怎样办的"), rows=2)


class RequirementsForm(forms.Form):
    """登记会议要求。"""

    texts = text(_("要求，一行一条"), rows=6, most=20_000)

    def lines(self) -> list[str]:
        return [line for line in self.cleaned_data["texts"].splitlines() if line.strip()]


class WaiveForm(forms.Form):
    """批准免做一步。"""

    step = forms.ChoiceField(label=_("步骤"))
    reason = text(_("原因"))

    def __init__(self, steps: list[str], data: Any = None) -> None:
        super().__init__(data)
        field: Any = self.fields["step"]
        field.choices = [(step, gettext(rules.STEPS[step])) for step in steps]


class RehearseForm(forms.Form):
    """发起演练。"""

    voters = forms.IntegerField(label=_("模拟多少人"), min_value=30, max_value=3000, initial=1000)
    seed = forms.IntegerField(
        label=_("种子"),
        min_value=0,
        max_value=2**32 - 1,
        initial=1,
        help_text=_("同一种子，模拟的人打同样的票。"),
    )

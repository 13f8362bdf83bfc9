"""Forms of the site: a button alone, and what the patterns page fills its parts with."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bihuan.files.forms import UploadField


class NothingToFillIn(forms.Form):
    """一个按钮。"""


class EveryField(forms.Form):
    """界面样例：每种输入框各一个。"""

    text = forms.CharField(label=_("一行文字"), help_text=_("提示写在下面，说明要填什么。"))
    long_text = forms.CharField(
        label=_("一段文字"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    day = forms.DateField(label=_("日期"), widget=forms.DateInput(attrs={"type": "date"}))
    choice = forms.ChoiceField(label=_("选一个"), choices=[("a", _("甲")), ("b", _("乙"))])
    either = forms.ChoiceField(
        label=_("二选一"), choices=[("a", _("通过")), ("b", _("不通过"))], widget=forms.RadioSelect
    )
    several = forms.MultipleChoiceField(
        label=_("选几个"),
        choices=[("a", _("甲")), ("b", _("乙"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    upload = UploadField(label=_("文件"), required=False)


class TwoLines(forms.Form):
    """界面样例：表里两行各两格，表下一项。"""

    LINES = (("small", _("小雪"), 6), ("heavy", _("大雪"), 24))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line, (code, name, hours) in enumerate(self.LINES, 1):
            for column, label, made in (
                ("name", _("雪情"), forms.CharField(initial=name)),
                ("hours", _("清完小时数"), forms.IntegerField(initial=hours, min_value=1)),
            ):
                called = gettext("第 %(row)d 行，%(column)s") % {"row": line, "column": label}
                made.label = label
                made.widget.attrs["aria-label"] = called
                self.fields[f"{code}-{column}"] = made
        self.fields["source"] = forms.CharField(label=_("依据"))


class DoWithChosen(forms.Form):
    """界面样例：对勾选的行做什么。"""

    act = forms.ChoiceField(label=_("对选中的问题"), choices=[("a", _("催办")), ("b", _("移交"))])

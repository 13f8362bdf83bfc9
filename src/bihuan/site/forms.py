"""Forms of the site: a button alone, and one of every field for the patterns page."""

from django import forms
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

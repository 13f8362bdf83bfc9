"""What people type in this room."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import day
from bihuan.people.models import Post
from bihuan.press import queries, rules


def _text(label: Any, rows: int, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=100_000, widget=forms.Textarea(attrs={"rows": rows}), **more
    )


class DraftForm(forms.Form):
    """起草公文。"""

    kind = forms.ChoiceField(label=_("文种"))
    subject = forms.CharField(
        label=_("事由"), max_length=120, required=False,
        help_text=_("自拟的公文写事由，如“做好今冬扫雪除冰工作”。"),
    )  # fmt: skip
    source_id = forms.CharField(
        label=_("由哪条记录填写"), max_length=60, required=False,
        help_text=_("由记录填写的公文写记录的编号：台账写问题编号，其他写网址里的数字。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        field.choices = [(code, _(kind.name)) for code, kind in rules.KINDS.items()]


class PaperForm(forms.Form):
    """文稿：栏目在前，“正文：”以后是正文。"""

    text = _text(
        _("文稿"), 26,
        help_text=_(
            "开头是栏目（标题、主送、附件……），“正文：”以后写正文。# 到 #### 是四级标题，"
            "以竖线开头的行是表格。一次存不对也不会丢。"
        ),
    )  # fmt: skip


class TemplateForm(forms.Form):
    """公文模板。"""

    text = _text(
        _("模板"), 24, help_text=_("{{…}} 是由记录填写的空；一行的空都没有内容时，整行不印。")
    )
    source = forms.CharField(label=_("依据"), max_length=300)


class ReasonForm(forms.Form):
    """写明原因。"""

    reason = forms.CharField(label=_("原因"), max_length=300)


class NoteForm(forms.Form):
    """写一句意见。"""

    note = forms.CharField(label=_("意见"), max_length=500, required=False)


class ReleaseForm(forms.Form):
    """发布稿。"""

    headline = forms.CharField(label=_("标题"), max_length=120)
    subheadline = forms.CharField(label=_("副题"), max_length=120, required=False)
    dateline = forms.CharField(label=_("电头"), max_length=40, required=False)
    body = _text(_("正文"), 16, help_text=_("每存一次，文中的数都与存着的数比对。"))
    byline = forms.CharField(label=_("署名"), max_length=60, required=False)
    event_on = day(
        _("事情发生或信息形成的日期"),
        help_text=_("主动公开的时限从这一天算起，二十个工作日。"),
    )

    opinions_until = day(
        _("征求意见至"), required=False,
        help_text=_("填了，发布后到这一天为止，任何人都可以在公开页上写意见，不用登录。"),
    )  # fmt: skip


class FromForm(forms.Form):
    """由一件事起草。"""

    thing = forms.ChoiceField(
        label=_("哪件事"), help_text=_("只列出您看得到、可以公开的事；数由记录填写。")
    )

    def __init__(self, *args: Any, by: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["thing"]
        field.choices = [
            (_(label), [(f"{kind}:{one.key}", f"{one.on:%Y-%m-%d} {one.name}") for one in found])
            for kind, (label, found) in queries.offers(by).items()
        ]


class FromAnybody(forms.Form):
    """What everybody may write without signing in: not asked who they are."""

    text = forms.CharField(
        label=_("您的意见"), max_length=rules.VISITS.longest,
        widget=forms.Textarea(attrs={"rows": 6}),
    )  # fmt: skip
    contact = forms.CharField(
        label=_("联系方式"), required=False, max_length=120,
        help_text=_("不留也可以。留了只供回复，不公开，意见办完即删除。"),
    )  # fmt: skip
    # People do not see this field; programs that fill in every field do.
    website = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.pop("website", ""):
            raise forms.ValidationError(_("没有收到意见。请用页面上的表单再写一次。"))
        return told


class SayForm(FromAnybody):
    """公众写意见。"""


class SettleForm(forms.Form):
    """办理意见。"""

    state = forms.ChoiceField(label=_("怎样办"))
    answer = _text(_("答复"), 4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["state"]
        told = ("answered", "aside")
        field.choices = [(code, _(rules.OPINION_STATES[code])) for code in told]


class OutcomeForm(forms.Form):
    """公布办理情况。"""

    outcome = _text(_("意见办理情况"), 6)


class CorrectionForm(ReleaseForm):
    """更正稿。"""

    correction = forms.CharField(
        label=_("更正了什么"), max_length=500, help_text=_("读者会在新旧两篇上看到这句话。")
    )


class ReviewForm(forms.Form):
    """发布前审查：三问。"""

    answers = forms.MultipleChoiceField(
        label=_("这篇稿件"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("逐条想过，有就打勾；一个都没有，直接提交。"),
    )  # fmt: skip
    note = forms.CharField(label=_("审查意见"), max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["answers"]
        field.choices = [(name, _(words)) for name, words in rules.REVIEW.items()]


class CheckForm(forms.Form):
    """核对一篇文字里的数。"""

    text = _text(_("文字"), 14)

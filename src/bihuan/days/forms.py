"""What people type into the calendar: a year, a few days, a limit, a term to count."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base import sheets
from bihuan.base.fields import choices, day
from bihuan.days import limits, paste, queries, rules, services
from bihuan.days.models import LegalLimit
from bihuan.exchange import sheet

LARGEST_FILE = 500_000  # bytes: a year's arrangement is one page, a workbook of it some ten KB
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class YearForm(forms.Form):
    """录入全年：粘贴表格或通知原文，或选一个文本文件；先预览，再录入。"""

    text = forms.CharField(
        label=_("放假安排"),
        required=False,
        max_length=paste.LONGEST,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "可粘贴通知的原文；也可从电子表格粘贴三列：日期、放假或上班、节日。"
            "日期可写 2027-01-01、1月1日，或 1月31日至2月6日。"
        ),
    )
    file = forms.FileField(
        label=_("或选择文件"),
        required=False,
        help_text=_("Excel 工作簿的第一张表、CSV 或文本文件（UTF-8 或 GB 18030）。"),
    )
    source = forms.CharField(
        label=_("依据"), max_length=300, help_text=_("通知的名称和文号，或本单位的决定。")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if upload := cleaned.get("file"):
            cleaned["text"] = self._decoded(upload)
            if len(cleaned["text"]) > paste.LONGEST:
                self.add_error("file", _("文件太大。请只放一年的放假安排。"))
        if not cleaned.get("text") and not self.errors:
            self.add_error("text", _("请粘贴放假安排，或选择一个文件。"))
        return cleaned

    def _decoded(self, upload: "UploadedFile[Any]") -> str:
        if (upload.size or 0) > LARGEST_FILE:
            self.add_error("file", _("文件太大。请只放一年的放假安排。"))
            return ""
        content = upload.read()
        if content.startswith(_WORKBOOKS):
            table = sheet.opened(content)
            if refusal := sheets.refusal(table):
                self.add_error("file", refusal)
            return sheet.as_text(table.lines)
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return str(content.decode(encoding))
            except UnicodeDecodeError:
                continue
        self.add_error("file", _("读不出这个文件。请从电子表格另存为 CSV，或直接复制粘贴到上面。"))
        return ""


class ConfirmForm(forms.Form):
    """预览以后确认：所读的文字原样带回，再读一遍。"""

    text = forms.CharField(max_length=paste.LONGEST, widget=forms.HiddenInput, strip=False)
    source = forms.CharField(max_length=300, widget=forms.HiddenInput)
    confirmed = forms.BooleanField(label=_("以上各天已核对无误"))


class MarkForm(forms.Form):
    """标记几天。"""

    first = day(_("起始日期"))
    last = day(_("终止日期"), required=False, help_text=_("只有一天的不填。"))
    working = forms.TypedChoiceField(
        label=_("标记为"),
        choices=[("off", _("放假")), ("on", _("上班")), ("back", _("撤销先前的标记"))],
        coerce=lambda value: {"off": False, "on": True, "back": None}[value],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label=_("节日或原因"), required=False, max_length=40)
    source = forms.CharField(label=_("依据"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.year: int = kwargs.pop("year")
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last") or cleaned.get("first")
        if first is None or last is None:
            return cleaned
        if not 0 <= (last - first).days < 62:
            self.add_error("last", _("终止日期应在起始日期之后两个月以内。请改正。"))
        elif first.year != self.year or last.year != self.year:
            self.add_error(
                "first",
                _now("日期应在 %(year)d 年。请改正，或先转到那一年。") % {"year": self.year},
            )
        return cleaned

    def entries(self) -> list[paste.Entry]:
        """One entry for each day of the span."""
        asked = self.cleaned_data
        days = queries.calendar().days(asked["first"], asked["last"] or asked["first"])
        return [paste.Entry(d.day, asked["working"], asked["name"]) for d in days]


class CountForm(forms.Form):
    """算期：从哪天起、几个什么日，到哪天。"""

    start = day(_("起算日"), help_text=_("当日不计入。"))
    number = forms.IntegerField(
        label=_("期限"), min_value=1, max_value=services.LARGEST_NUMBER, initial=15
    )
    unit = forms.ChoiceField(label=_("计算单位"), choices=choices(rules.UNITS))
    roll = forms.BooleanField(
        label=_("末日放假则顺延"),
        required=False,
        help_text=_("《民法典》第 203 条；其他法规是否适用须询问。"),
    )


class LimitForm(forms.ModelForm):  # type: ignore[type-arg]  # the stub's parameter is not there at run time
    """设定期限。"""

    class Meta:
        model = LegalLimit
        fields = ("name", "name_en", "bound", "number", "unit", "source", "grade", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grade"].initial = "O"
        self.fields["grade"].help_text = _("核对过法规原文的，选“%(grade)s”。") % {
            "grade": _(limits.GRADES["L"])
        }

    def _post_clean(self) -> None:
        """The verb, not the form, makes the row."""

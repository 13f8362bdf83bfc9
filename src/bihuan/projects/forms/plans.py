"""Schedule plans: a pasted table or a file, read at once, every fault with its row."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base import clock, sheets
from bihuan.base.fields import choices, day
from bihuan.exchange import sheet
from bihuan.projects import bridge, paste, rules
from bihuan.projects.forms.fields import ActForm

_LARGEST = 20_000_000  # bytes


class PlanForm(ActForm):
    """报送施工计划。"""

    kind = forms.ChoiceField(
        label=_("类别"), choices=choices(rules.PLAN_KINDS), widget=forms.RadioSelect,
        initial="plan",
    )  # fmt: skip
    title = forms.CharField(label=_("标题"), max_length=200)
    days = forms.ChoiceField(
        label=_("工期按"), choices=choices(rules.PLAN_DAYS), widget=forms.RadioSelect,
        initial="natural", required=False,
        help_text=_("总时差、风险推算和均衡按这种天数数。"),
    )  # fmt: skip
    status_on = day(_("数据日期"), help_text=_("计划反映到哪一天的情况。"))
    text = forms.CharField(
        label=_("计划表"),
        required=False,
        max_length=sheet.MOST_SIGNS,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_(
            "从电子表格粘贴，第一行是列名：编号、任务、开始、完成，"
            "可加完成百分比、前置（3、3SS、3FS+2天）、责任单位、基线开始、基线完成。"
        ),
    )
    upload = forms.FileField(
        label=_("或选择文件"),
        required=False,
        help_text=_(
            "xlsx、xls、csv 的第一张表，列名同上；"
            "或 Project（mpp、xml、mpx）、Primavera（xer、xml）的文件。"
        ),
    )

    def fit(self) -> None:
        self.fields["status_on"].initial = clock.today()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["days"] = cleaned.get("days") or "natural"
        upload, text = cleaned.get("upload"), cleaned.pop("text", "")
        if not upload and not (text or "").strip():
            self.add_error("text", _("请粘贴计划表，或选择一个文件。"))
            return cleaned
        if upload and (upload.size or 0) > _LARGEST:
            self.add_error("upload", _("文件太大。计划文件最大 20 MB。"))
            return cleaned
        cleaned["tasks"] = self._read(upload, text or "")
        return cleaned

    def _read(self, upload: "UploadedFile[bytes] | None", text: str) -> tuple[rules.Task, ...]:
        where = "upload" if upload else "text"
        content = upload.read() if upload else b""
        of_program = bridge.file_tasks(content, upload.name or "") if upload else None
        if of_program is not None:
            for one in of_program.faults:
                self.add_error(where, _now(bridge.SENTENCES[one.code]) % one.params)
            return of_program.tasks
        table = sheet.opened(content) if upload else sheet.pasted(text)
        if refusal := sheets.refusal(table):
            self.add_error(where, refusal)
            return ()
        found = paste.read(table)
        for fault in found.faults[:_MOST_FAULTS]:
            params = {**fault.params}
            if "column" in params:
                params["column"] = _now(params["column"])
            self.add_error(where, _now(fault.sentence) % params)
        if (more := len(found.faults) - _MOST_FAULTS) > 0:
            self.add_error(where, _now("还有 %(n)d 处类似的不对。") % {"n": more})
        return found.tasks


_MOST_FAULTS = 50


class DecideForm(ActForm):
    """审批计划。"""

    passed = forms.TypedChoiceField(
        label=_("结论"),
        choices=[("yes", _("批准，成为基线")), ("no", _("不批准"))],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )
    opinion = forms.CharField(label=_("意见"), max_length=300, required=False)

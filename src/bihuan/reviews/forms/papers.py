"""Check materials."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import words
from bihuan.files.forms import UploadField
from bihuan.reviews import queries
from bihuan.reviews.forms.fields import ActForm


class DraftForm(ActForm):
    """写草稿：文字、文件，至少一样。"""

    text = words(_("文字"), required=False, rows=18)
    upload = UploadField(label=_("或附文件"), required=False)

    def fit(self) -> None:
        """What is there already: the draft, else the last version, as the start of the next."""
        draft = queries.draft_of(self.thing)
        last = queries.versions(self.thing).first()
        if draft is not None:
            self.fields["text"].initial = draft.text
        elif last is not None:
            self.fields["text"].initial = last.text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        draft = queries.draft_of(self.thing)
        kept = draft is not None and draft.version is not None
        if not self.errors and not (cleaned.get("text") or cleaned.get("upload") or kept):
            self.add_error("text", _("请写下文字，或附上文件。"))
        return cleaned


class JudgePaperForm(ActForm):
    """审阅。"""

    passed = forms.TypedChoiceField(
        label=_("结论"),
        choices=[("yes", _("通过")), ("no", _("退回修改"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    text = words(_("审阅意见"), required=False, help_text=_("退回修改的必须写。"))

"""`UploadField`: one file, judged before any verb sees it."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.files import queries, rules


def _largest() -> dict[str, str]:
    return {"largest": rules.size_in_words(settings.LARGEST_FILE)}


def _hint() -> str:
    return (
        _("不超过 %(largest)s。PDF、OFD、Office、WPS、文本、图片、音视频、压缩包都可以。")
        % _largest()
    )


class UploadInput(forms.FileInput):
    """A file input that tells the page's script how large a file may be, and what to say if not."""

    def build_attrs(
        self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        return {
            **super().build_attrs(base_attrs, extra_attrs),
            "data-largest": str(settings.LARGEST_FILE),
            "data-too-large": _("文件超过 %(largest)s 的上限。请压缩或拆分后再选。") % _largest(),
        }


class UploadField(forms.FileField):
    """上传一个文件：查大小、是否为空、名称和内容是否相符；名称整理后再用。"""

    widget = UploadInput
    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": gettext_lazy("请选择一个文件。"),
        "invalid": gettext_lazy("没有收到文件。请重新选择，再提交。"),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", lazy(_hint, str)())
        super().__init__(**kwargs)

    def to_python(self, data: Any) -> "UploadedFile[bytes] | None":
        if data in self.empty_values:
            return None
        if not isinstance(data, UploadedFile):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if faults := queries.faults(data):
            raise ValidationError([ValidationError(fault, code="refused") for fault in faults])
        data.name = rules.clean_name(data.name or "")
        return data

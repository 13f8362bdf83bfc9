"""A file of published figures, and which unit each name in it means."""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.files.forms import UploadField
from bihuan.people import queries as people

LARGEST_FILE = 2_000_000  # bytes; a page of figures has less than a hundredth of that
_SUBJECT = re.compile(r"unit-(\d{1,3})")


class ImportForm(forms.Form):
    """导入数据文件；认不出的单位逐个指明，不猜。"""

    upload = UploadField(
        label=_("数据文件"),
        required=False,
        help_text=_("JSON 文件，格式为 zone-page/1。有一处不对就全部不导入。"),
    )
    # A file once read is carried along, so that naming a unit does not ask for it again.
    kept = forms.CharField(required=False, widget=forms.HiddenInput)
    file_name = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args: Any, asked: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = [(unit.code, unit.label()) for unit in people.units()]
        for number, name in enumerate(asked):
            self.fields[f"name-{number}"] = forms.CharField(
                initial=name, required=False, widget=forms.HiddenInput
            )
            self.fields[f"unit-{number}"] = forms.ChoiceField(
                label=_now("“%(name)s”是哪个单位") % {"name": name},
                choices=[("", _now("请选择")), *units],
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        upload = cleaned.get("upload")
        if upload is not None and upload.size > LARGEST_FILE:
            self.add_error("upload", _now("文件太大，不像是一版数据。请选择正确的文件。"))
        elif upload is None and not self.errors and not self._kept(cleaned):
            self.add_error("upload", _now("请选择一个文件。"))
        return cleaned

    def content(self) -> tuple[bytes, str]:
        """The bytes and the name of the file: the one uploaded now, else the one kept."""
        upload = self.cleaned_data.get("upload")
        if upload is not None:
            upload.seek(0)
            return upload.read(), upload.name
        return self._kept(self.cleaned_data), self.cleaned_data["file_name"]

    def subjects(self) -> dict[str, str]:
        """Which unit each name means, as far as somebody has said so."""
        said = {}
        for key in self.data:
            if (found := _SUBJECT.fullmatch(key)) and self.data[key]:
                said[self.data.get(f"name-{found[1]}", "")] = self.data[key]
        return {name: code for name, code in said.items() if name}

    @classmethod
    def again(
        cls, content: bytes, name: str, unmatched: Iterable[str], subjects: Mapping[str, str]
    ) -> "ImportForm":
        """The form to come back with: the file kept, every unknown name asked for."""
        asked = list(dict.fromkeys([*subjects, *unmatched]))
        initial = {"kept": base64.b64encode(content).decode(), "file_name": name}
        initial |= {f"unit-{n}": subjects.get(one, "") for n, one in enumerate(asked)}
        return cls(initial=initial, asked=asked)

    def _kept(self, cleaned: Mapping[str, Any]) -> bytes:
        try:
            return base64.b64decode(cleaned.get("kept") or "", validate=True)
        except (binascii.Error, ValueError):
            return b""

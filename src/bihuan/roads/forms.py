"""What people type in this room."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.base.fields import Labelled
from bihuan.people.models import Unit
from bihuan.roads import rules


class LoadForm(forms.Form):
    """载入路网。"""

    name = forms.CharField(label=_("名称"), max_length=120)
    upload = forms.FileField(
        label=_("路网文件"),
        help_text=_(
            "OpenStreetMap 的 .osm.pbf，或 GeoJSON、CSV，或 bihuan roads build 写出的 .npz。"
        ),
    )

    def clean_upload(self) -> Any:
        upload: UploadedFile[bytes] = self.cleaned_data["upload"]
        if PurePath(upload.name or "").suffix.lower().lstrip(".") not in rules.FILES:
            raise forms.ValidationError(_now("不认得这种文件。请交 .pbf、.geojson、.csv 或 .npz。"))
        if (upload.size or 0) > rules.LARGEST:
            raise forms.ValidationError(
                _now("文件太大。请用 bihuan roads build 做成 .npz 再载入。")
            )
        return upload


class MarkForm(forms.Form):
    """标记路段。"""

    icing = forms.BooleanField(label=_("易结冰"), required=False)
    key = forms.BooleanField(label=_("重点路段"), required=False)
    district = Labelled(Unit.objects.none(), label=_("负责单位"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["district"]
        field.queryset = Unit.objects.order_by("name")

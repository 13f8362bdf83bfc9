"""What other systems send in: the forms of the pages, read strictly."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bihuan.ledger.forms.fields import UnitChoice
from bihuan.ledger.forms.listing import FilterForm
from bihuan.ledger.forms.steps import EvidenceForm, RaiseForm
from bihuan.people.models import Unit

PAGE_SIZE, MOST = 50, 200
DEFAULTS = {"risk": "medium", "rect_kind": "dated"}
_SURROGATE = re.compile("[\ud800-\udfff]")


class Strict(forms.Form):
    """A form that refuses what it does not know: a misspelt filter must not be passed over."""

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        for name in self.data:
            if name in self.fields:
                continue
            self.add_error(None, gettext("没有“%(name)s”这一项。请去掉或改正。") % {"name": name})
        return asked


class ListForm(Strict, FilterForm):
    """台账的筛选，单位写代码；每次取多少条，从哪里接着取。"""

    unit = UnitChoice(
        Unit.objects.none(), label=_("单位代码"), required=False, to_field_name="code"
    )
    page_size = forms.IntegerField(
        label=_("每次多少条"), required=False, min_value=1, max_value=MOST
    )
    cursor = forms.IntegerField(label=_("从哪里接着取"), required=False, min_value=1)

    def asked(self) -> dict[str, Any]:
        """What was asked, without the two that say which part of it."""
        apart = ("page_size", "cursor")
        return {name: v for name, v in self.cleaned_data.items() if v and name not in apart}

    @property
    def page_size_asked(self) -> int:
        return int(self.cleaned_data["page_size"] or PAGE_SIZE)


class NewFindingForm(RaiseForm):
    """提出问题：一个 JSON 对象，每项都是文字。"""

    def __init__(self, body: Any) -> None:
        given = body if isinstance(body, dict) else {}
        super().__init__({**DEFAULTS, **{k: v for k, v in given.items() if _is_text(v)}})
        self.body = body

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        if not isinstance(self.body, dict):
            self.add_error(None, gettext("请求的内容应是一个 JSON 对象。"))
            return asked
        for name, value in self.body.items():
            if name not in self.fields:
                sentence = gettext("没有“%(name)s”这一项。请去掉或改正。")
                self.add_error(None, sentence % {"name": _clean(name)})
            elif not _is_text(value):
                self.errors.pop(name, None)  # "required" would be the wrong sentence
                self.add_error(name, gettext("应为文字。请改正。"))
        return asked


class NewEvidenceForm(Strict, EvidenceForm):
    """一份佐证：多部分表单。"""

    def __init__(self, data: Mapping[str, Any], files: Any) -> None:
        super().__init__({"kind": "other", **dict(data.items())}, files)
        del self.fields["seen"]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and not _SURROGATE.search(value)


def _clean(name: str) -> str:
    return _SURROGATE.sub("?", name)

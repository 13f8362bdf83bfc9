"""What other systems send in: the forms of the pages, read strictly."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bihuan.ledger.forms.fields import UnitChoice, field
from bihuan.ledger.forms.listing import FilterForm
from bihuan.ledger.forms.steps import EvidenceForm, RaiseForm
from bihuan.ledger.models import Finding
from bihuan.people.models import Unit

PAGE_SIZE, MOST, LAST = 50, 200, 2**63 - 1
DEFAULTS = {"risk": "medium", "rect_kind": "dated"}
FILTERS = (
    "text",
    "state",
    "unit",
    "lead",
    "source",
    "kind",
    "category",
    "risk",
    "lamp",
    "since",
    "until",
    "closed_since",
    "closed_until",
    "late",
    "recheck",
)
PART = ("page_size", "cursor")  # which part of what was found
YES_OR_NO = {"true": True, "false": False}
_SURROGATE = re.compile("[\ud800-\udfff]")


class Strict(forms.Form):
    """A form that refuses what it does not know: a misspelt filter must not be passed over."""

    known: ClassVar[tuple[str, ...]] = ()  # besides the fields there are at the moment

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        for name in (*self.data, *self.files):
            if name not in self.fields and name not in self.known:
                self.add_error(None, _unknown(name))
        return asked


def _unknown(name: str) -> str:
    shown = _SURROGATE.sub("?", name)
    return gettext("没有“%(name)s”这一项。请去掉或改正。") % {"name": shown}


class Flag(forms.BooleanField):
    """true or false, and nothing that only looks like it."""

    def __init__(self, label: Any) -> None:
        super().__init__(label=label, required=False, widget=forms.TextInput)

    def to_python(self, value: Any) -> bool:
        if value in (None, ""):
            return False
        if value not in YES_OR_NO:
            raise forms.ValidationError(gettext("应为 true 或 false。请改正。"))
        return YES_OR_NO[value]


class ListForm(Strict, FilterForm):
    """台账的筛选，单位写代码；每次取多少条，从哪里接着取。"""

    known = FILTERS  # the page drops some of them where nothing is asked

    unit = UnitChoice(
        Unit.objects.none(), label=_("单位代码"), required=False, to_field_name="code"
    )
    lead = UnitChoice(
        Unit.objects.none(), label=_("牵头单位代码"), required=False, to_field_name="code"
    )
    late = Flag(_("只看逾期"))
    recheck = Flag(_("只看待回头看"))
    page_size = forms.IntegerField(
        label=_("每次多少条"), required=False, min_value=1, max_value=MOST
    )
    cursor = forms.IntegerField(
        label=_("从哪里接着取"), required=False, min_value=1, max_value=LAST
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in [name for name in self.fields if name not in (*FILTERS, *PART)]:
            del self.fields[name]  # a filter of the page that was not declared to other systems

    def asked(self) -> dict[str, Any]:
        """What was asked, without the two that say which part of it."""
        return {name: v for name, v in self.cleaned_data.items() if v and name not in PART}

    @property
    def page_size_asked(self) -> int:
        return int(self.cleaned_data["page_size"] or PAGE_SIZE)


def codes_of(name: str) -> list[str]:
    """The codes that a filter takes."""
    return [str(code) for code, _label in field(ListForm({}), name).choices if code]


class NewFindingForm(RaiseForm):
    """提出问题：一个 JSON 对象，每项都是文字。"""

    def __init__(self, body: Any) -> None:
        given = body if isinstance(body, dict) else {}
        super().__init__({**DEFAULTS, **{k: v for k, v in given.items() if _is_text(v)}})
        self.body = body
        longest = Finding._meta.get_field("external_number").max_length
        self.fields["external_number"] = forms.CharField(required=False, max_length=longest)

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        if not isinstance(self.body, dict):
            self.add_error(None, gettext("请求的内容应是一个 JSON 对象。"))
            return asked
        for name, value in self.body.items():
            if name not in self.fields:
                self.add_error(None, _unknown(name))
            elif not _is_text(value):
                self.errors.pop(name, None)  # "required" would be the wrong sentence
                self.add_error(name, gettext("应为文字。请改正。"))
        return asked


class NewEvidenceForm(Strict, EvidenceForm):
    """一份佐证：多部分表单。"""

    def __init__(self, data: Mapping[str, Any], files: MultiValueDict[str, Any]) -> None:
        super().__init__({"kind": "other", **dict(data.items())}, files)
        del self.fields["seen"], self.fields["photo"]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and not _SURROGATE.search(value)

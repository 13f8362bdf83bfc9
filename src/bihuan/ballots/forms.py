"""What phones and clerks send, judged before any verb is called."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.ballots import queries, rules, services
from bihuan.ballots.models import Poll, Voter
from bihuan.base.errors import Refused

# A ballot of 60 units with a remark on each stays far below; a phone that sends more is not ours.
LARGEST_BODY = 512 * 1024
SHORT = 200


class TooLarge(Refused):
    """送来的内容太大。"""

    status = 413


def measure(request: HttpRequest) -> None:
    """Refuse what no phone of ours sends, before it is read. Raises TooLarge."""
    if int(request.headers.get("Content-Length") or 0) > LARGEST_BODY:
        raise TooLarge(_("送来的内容太大，没有收。请缩短意见再提交。"))


def body(request: HttpRequest) -> dict[str, Any]:
    """The JSON object that a phone sent. Raises Refused for anything else."""
    measure(request)
    try:
        said = json.loads(request.body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise Refused(_("送来的内容读不通。请刷新页面再试。"))
    return said


def text(said: Mapping[str, Any], name: str) -> str:
    """A short text; empty where there is none."""
    value = said.get(name, "")
    return value[:SHORT] if isinstance(value, str) else ""


def hexes(said: Mapping[str, Any], name: str, *, most: int = 2) -> list[bytes]:
    """Some byte strings, written in hex. Raises Refused."""
    values = said.get(name)
    if not isinstance(values, list) or not 1 <= len(values) <= most:
        raise Refused(_("送来的内容读不通。请刷新页面再试。"))
    return [_bytes(value) for value in values]


def _bytes(value: Any) -> bytes:
    try:
        return bytes.fromhex(value)
    except (TypeError, ValueError):
        raise Refused(_("送来的内容读不通。请刷新页面再试。")) from None


@dataclass(frozen=True)
class Cast:
    """A ballot as a phone sends it: by a token, or by a slip's code."""

    blob: bytes
    category: str
    slip: str
    token: services.Token | None


def cast(said: Mapping[str, Any]) -> Cast:
    """Read a ballot. Raises Refused."""
    try:
        blob = base64.b64decode(said.get("blob", ""), validate=True)
    except (TypeError, ValueError, binascii.Error):
        blob = b""
    if not blob:
        raise Refused(_("送来的内容读不通。请刷新页面再试。"))
    if slip := text(said, "slip"):
        return Cast(blob, "", slip, None)
    token = services.Token(
        public=_bytes(said.get("pub")),
        prefix=_bytes(said.get("prefix")),
        signatures=hexes(said, "signatures"),
        proof=_bytes(said.get("proof")),
    )
    return Cast(blob, text(said, "category"), "", token)


def marks_of(
    posted: Mapping[str, Any], plan: Mapping[str, Any]
) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """Marks and remarks from the fields of a page: `m-UNIT-ITEM` and `r-UNIT`."""
    marks = {
        subject["code"]: {
            item["code"]: str(posted.get(f"m-{subject['code']}-{item['code']}", ""))
            for item in plan["items"]
        }
        for subject in plan["subjects"]
        if subject["rated"] and plan["items"]
    }
    remarks = {
        subject["code"]: said
        for subject in plan["subjects"]
        if (said := str(posted.get(f"r-{subject['code']}", "")).strip())
    }
    return marks, remarks


class RollForm(forms.Form):
    """名单：一行一人，“姓名或职务，类别，单位”，制表符或逗号隔开。"""

    lines = forms.CharField(
        label=gettext_lazy("名单"),
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy(
            "一行一人：姓名或职务、类别、单位，用逗号或制表符隔开；单位可不填。"
        ),
    )


class LateForm(forms.Form):
    """补录一人。"""

    name = forms.CharField(label=gettext_lazy("姓名或职务"), max_length=120)
    category = forms.ChoiceField(label=gettext_lazy("类别"))
    reason = forms.CharField(label=gettext_lazy("补录理由"), max_length=200)

    def __init__(self, *args: Any, poll: Poll, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = categories(poll)  # type: ignore[attr-defined]  # a ChoiceField


class SlipsForm(forms.Form):
    """印纸票，或登记退回。"""

    category = forms.ChoiceField(label=gettext_lazy("类别"))
    count = forms.IntegerField(label=gettext_lazy("张数"), min_value=0, max_value=5000)

    def __init__(self, *args: Any, poll: Poll, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = categories(poll)  # type: ignore[attr-defined]  # a ChoiceField


class PrintForm(SlipsForm):
    """印哪一种：裁开抽的票证，或可打勾的纸质票。"""

    kind = forms.ChoiceField(
        label=gettext_lazy("印成"),
        choices=[
            ("slip", gettext_lazy("票证：裁开，随机抽取，用手机投")),
            ("paper", gettext_lazy("纸质票：可在纸上打勾，也可用手机投")),
        ],
    )


class SharesForm(forms.Form):
    """开箱的密钥份额：一行一份，或分几个框。"""

    def __init__(self, *args: Any, need: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, need + 1):
            self.fields[f"share{number}"] = forms.CharField(
                label=_("第 %(n)d 份密钥份额") % {"n": number},
                max_length=300,
                widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            )

    def shares(self) -> list[str]:
        return [str(value) for value in self.cleaned_data.values()]


class FindForm(forms.Form):
    """在名单里找人。"""

    q = forms.CharField(
        label=gettext_lazy("姓名、单位或序号"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )


class ReasonForm(forms.Form):
    """理由。"""

    reason = forms.CharField(label=gettext_lazy("理由"), max_length=200)


class CodeForm(forms.Form):
    """票码。"""

    code = forms.CharField(
        label=gettext_lazy("票码"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


def categories(poll: Poll) -> list[tuple[str, str]]:
    """The categories of a poll's plan, as choices."""
    return [(one["code"], queries.named(one)) for one in poll.plan["categories"]]


def gives(voter: Voter) -> Sequence[tuple[str, str]]:
    """What may still be given to this voter."""
    return [] if voter.given else [(code, _(label)) for code, label in rules.GIVEN.items() if code]


# What a signing station sends -------------------------------------------------------------------


def public_keys(said: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Category → n and e in hex. Raises Refused."""
    keys = said.get("keys")
    if not isinstance(keys, dict) or not all(
        isinstance(key, dict) and all(isinstance(part, str) for part in key.values())
        for key in keys.values()
    ):
        raise Refused(_("签名站的公钥读不通。"))
    return {str(code): {"n": key.get("n", ""), "e": key.get("e", "")} for code, key in keys.items()}


def named_hexes(said: Mapping[str, Any], name: str) -> dict[str, str]:
    """Name → bytes in hex. Raises Refused."""
    found = said.get(name)
    if not isinstance(found, dict):
        raise Refused(_("送来的内容读不通。请刷新页面再试。"))
    return {str(key): _bytes(value).hex() for key, value in found.items()}

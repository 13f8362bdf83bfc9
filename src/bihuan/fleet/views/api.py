"""The door of devices: a token instead of a session, problem+json instead of a page.

`endpoint` is to the interface what the middleware is to the pages, and therefore has the only
`try` among the views of this room. Tokens hold 256 random bits: wrong ones are refused by one look
into an index, which is cheaper than counting them.
"""

import json
import zlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from bihuan.fleet import queries, rules, services
from bihuan.fleet.pages import api as pages
from bihuan.people.access import Asked, needs

Endpoint = Callable[[HttpRequest], HttpResponse]


class Refusal(Exception):  # noqa: N818 - an answer with its status, not an error
    """A request that could not be taken, with the sentence that says why."""

    def __init__(self, status: int, sentence: str, **headers: str) -> None:
        super().__init__(sentence)
        self.status, self.headers = status, headers


def endpoint(view: Endpoint) -> Endpoint:
    """Every refusal becomes problem+json."""

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest) -> HttpResponse:
        try:
            return view(request)
        except Refusal as refusal:
            return _problem(refusal.status, str(refusal), **refusal.headers)
        except rules.Unreadable as fault:
            return _problem(422, _(rules.UNREADABLE[fault.code]) % fault.params)
        except RequestDataTooBig:
            return _problem(413, _too_big())
        except OperationalError:  # the database is locked for longer than its patience
            return _problem(503, _("服务器正忙，这一批没有收。请稍后原样重发。"), retry_after="5")

    return answered


@endpoint
def positions(request: HttpRequest) -> HttpResponse:
    """收一批位置。"""
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    held = scheme.lower() == "bearer" and secret.strip()
    device = queries.device_in_force(services.token_digest(secret.strip())) if held else None
    if device is None:
        sentence = _("请在 Authorization 请求头里写 Bearer 和有效的设备令牌。令牌由除雪办发放。")
        raise Refusal(401, sentence, www_authenticate='Bearer realm="bihuan"')
    if request.method != "POST":
        raise Refusal(405, _("请用 POST。"), allow="POST")
    if request.content_type != "application/json":
        raise Refusal(415, _("请用 application/json 提交。"))
    return JsonResponse(
        pages.receipt(services.record_positions(device, _json(request))),
        json_dumps_params={"ensure_ascii": False},
    )


def _json(request: HttpRequest) -> Any:
    match request.headers.get("Content-Encoding", "identity").lower():
        case "identity" | "":
            text = request.body
        case "gzip":
            text = _unpacked(request.body)
        case _:
            raise Refusal(415, _("压缩只认 gzip。"))
    if len(text) > pages.MOST_BYTES:
        raise Refusal(413, _too_big())
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Refusal(400, _("请求的内容不是完整的 JSON。请检查。")) from None


def _unpacked(packed: bytes) -> bytes:
    """At most one byte more than allowed: a bomb is not let off."""
    if len(packed) > pages.MOST_PACKED:
        raise Refusal(413, _too_big())
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        text = unpacking.decompress(packed, pages.MOST_BYTES + 1)
    except zlib.error:
        raise Refusal(400, _("压缩的内容读不出来。请检查。")) from None
    if len(text) <= pages.MOST_BYTES and not unpacking.eof:
        raise Refusal(400, _("压缩的内容读不出来。请检查。"))
    return text


def _too_big() -> str:
    return _("一批太大。请分几次发送，每次最多 %(n)d 条。") % {"n": rules.MOST_ENTRIES}


def _problem(status: int, sentence: str, **headers: str) -> HttpResponse:
    answer = JsonResponse(
        pages.problem(status, sentence),
        status=status,
        content_type=pages.PROBLEM,
        json_dumps_params={"ensure_ascii": False},
    )
    for name, value in headers.items():
        answer.headers[name.replace("_", "-").title()] = value
    return answer


@require_safe
@needs("fleet.view")
def document(_request: Asked) -> HttpResponse:
    return JsonResponse(pages.document(), json_dumps_params={"ensure_ascii": False})


@require_safe
@needs("fleet.view")
def page(request: Asked) -> HttpResponse:
    address = request.build_absolute_uri("/").rstrip("/")
    return render(request, "ui/detail.html", {"page": pages.page(address)})

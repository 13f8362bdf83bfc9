"""Pages for what went wrong outside a verb: not found, too large, expired forms, our own faults."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from bihuan.ui.middleware import typed


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _say(request, 404, _("没有这一页，或您现在的任职看不到它。"))


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _say(request, 403, _("您现在的任职不能做这件事。"))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _say(request, 400, _("请求不完整或过大，没有办理。请返回后再试。"))


def our_fault(request: HttpRequest) -> HttpResponse:
    return _say(request, 500, _("系统出错，没有保存。请稍后再试，并告知管理员出错的时间。"))


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _say(request, 403, _("页面已过期，没有办理。请返回，刷新后再提交。"), typed(request))


def _say(
    request: Any, status: int, sentence: str, texts: list[tuple[str, str]] | None = None
) -> HttpResponse:
    context = {"sentences": [sentence], "typed": texts or [], "back": "/"}
    return render(request, "ui/refused.html", context, status=status)

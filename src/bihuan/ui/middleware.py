"""Refusals become a page with a sentence; headers that keep the browser at home."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bihuan.base.errors import Refused

# Charts and maps set style attributes by script, hence style-src-attr; nothing may come from
# another host, nothing of ours may be framed.
_POLICY = (
    "default-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_NEVER_ECHOED = ("csrfmiddlewaretoken", "password", "old", "new", "again")


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What the person typed, to be shown again; never a password."""
    return [
        (name, value)
        for name in request.POST
        if not name.endswith(_NEVER_ECHOED)
        for value in request.POST.getlist(name)
        if value
    ]


def stay_home(get_response: Callable[[HttpRequest], HttpResponse]) -> Any:
    """Content policy on every answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", _POLICY)
        response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(self)")
        return response

    return middleware


class Refusals:
    """`Refused` is caught here and nowhere else; what the person typed is shown again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        if not isinstance(fault, Refused):
            return None
        context = {"sentences": fault.sentences, "typed": typed(request), "back": request.path}
        return render(request, "ui/refused.html", context, status=fault.status)

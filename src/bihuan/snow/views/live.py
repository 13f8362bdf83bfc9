"""The live picture: one page, the streets it draws, what has changed since."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, require_safe

from bihuan.people.access import Asked, needs
from bihuan.snow.forms.live import LiveForm
from bihuan.snow.pages import live as pages
from bihuan.snow.queries import live as queries
from bihuan.snow.rules import live as rules

SEEN = needs("snow.view")


@require_safe
@SEEN
def page(request: Asked) -> HttpResponse:
    form = LiveForm(request.GET)
    found = pages.page(form, _whole(request.GET.get("page")) or 1)
    return render(request, "snow/live.html", {"page": found})


def _mark(_request: HttpRequest, *_args: Any, **_kwargs: Any) -> str:
    return f'"{queries.network_mark()}.{get_language()}"'


@require_safe
@gzip_page
@SEEN
@cache_control(private=True, no_cache=True)  # kept by the browser, asked again each time (304)
@condition(etag_func=_mark)
def network(_request: Asked) -> HttpResponse:
    return JsonResponse(pages.network(), json_dumps_params=_COMPACT)


@require_safe
@gzip_page
@never_cache
@SEEN
def changes(request: Asked) -> HttpResponse:
    fresh = _whole(request.GET.get("fresh"))
    told = pages.changes(
        _whole(request.GET.get("since")), fresh if fresh in rules.FRESH_HOURS else rules.FRESH
    )
    return JsonResponse(told, json_dumps_params=_COMPACT)


_COMPACT: dict[str, Any] = {"ensure_ascii": False, "separators": (",", ":")}


def _whole(text: str | None) -> int | None:
    """A whole number as it stands in an address, or none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 15 else None

"""Pages without a sign-in: cheap to serve, kept by caches for a minute, the same for everybody."""

import hashlib
import time
from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from bihuan.press import pages, queries

KEPT_S = 60  # how long a cache may show what stood there


def kept(request: HttpRequest, name: str, make: Callable[[], tuple[bytes, str]]) -> HttpResponse:
    """The answer from the house's own cache, made anew once a minute; 304 where it is known."""
    language = get_language() or ""
    key = f"public:{language}:{name}"
    found: Any = cache.get(key)
    if found is None:
        content, media = make()
        found = (content, media, f'"{hashlib.sha256(content).hexdigest()[:24]}"', time.time())
        cache.set(key, found, KEPT_S)
    content, media, etag, _at = found
    known = parse_etags(request.headers.get("If-None-Match", ""))
    answer = HttpResponse(status=304) if etag in known else HttpResponse(content)
    answer.headers["Content-Type"] = media
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = f"public, max-age={KEPT_S}"
    patch_vary_headers(answer, ["Accept-Language", "Cookie"])
    return answer


def _page(request: HttpRequest, template: str, page: Any) -> tuple[bytes, str]:
    return render(request, template, {"page": page}).content, "text/html; charset=utf-8"


@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    if getattr(request, "post", None) is not None:
        return render(request, "press/public.html", {"page": pages.public.front()})
    return kept(request, "front", lambda: _page(request, "press/public.html", pages.public.front()))


@require_safe
def release(request: HttpRequest, slug: str) -> HttpResponseBase:
    found = get_object_or_404(queries.published(), slug=slug)
    return render(request, "press/story.html", {"page": pages.public.story(found)})


@require_safe
def roots(request: HttpRequest) -> HttpResponseBase:
    return render(request, "press/roots.html", {"page": pages.public.roots()})


@require_safe
def feed(request: HttpRequest) -> HttpResponseBase:
    address = f"{request.scheme}://{request.get_host()}"
    return kept(
        request, f"feed:{address}",
        lambda: (pages.public.feed(address), "application/atom+xml; charset=utf-8"),
    )  # fmt: skip


@require_safe
def figures(request: HttpRequest, kind: str) -> HttpResponseBase:
    made = {
        "csv": (pages.public.as_csv, "text/csv; charset=utf-8"),
        "json": (pages.public.as_json, "application/json"),
    }
    if kind not in made:
        raise Http404
    make, media = made[kind]
    return kept(request, f"figures:{kind}", lambda: (make(), media))

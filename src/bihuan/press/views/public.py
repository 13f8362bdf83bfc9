"""Pages without a sign-in: cheap to serve, kept by caches for a minute, the same for everybody."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.press import forms, pages, queries, services

KEPT_S = 60  # how long a cache may show what stood there
HTML = "text/html; charset=utf-8"
Make = Callable[[], bytes]


def kept(request: HttpRequest, name: str, media: str, make: Make) -> HttpResponse:
    """The answer from the house's own cache, made anew once a minute; 304 where it is known.

    Only what is the same for everybody may come here.
    """
    key = f"public:{get_language()}:{name}"
    found: Any = cache.get(key)
    if found is None:
        content = make()
        found = (content, f'"{hashlib.sha256(content).hexdigest()[:24]}"')
        cache.set(key, found, KEPT_S)
    content, etag = found
    known = etag in parse_etags(request.headers.get("If-None-Match", ""))
    answer = HttpResponse(status=304) if known else HttpResponse(content)
    answer.headers["Content-Type"] = media
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = f"public, max-age={KEPT_S}"
    patch_vary_headers(answer, ["Accept-Language", "Cookie"])
    return answer


def shown(
    request: HttpRequest, name: str, template: str, make: Callable[[], Any]
) -> HttpResponseBase:
    """A page: kept for strangers; made for whoever is signed in, is told something, or asks more.

    What a page has of its reader (their navigation, a message, their address) is kept for nobody.
    """

    def made() -> HttpResponse:
        return render(request, template, {"page": make()})

    if getattr(request, "post", None) is not None or request.GET or len(get_messages(request)):
        return made()
    return kept(request, name, HTML, lambda: made().content)


def address_of(request: HttpRequest) -> str:
    """Where the request came from; behind the proxy of an HTTPS site, what the proxy says."""
    if settings.SECURE_PROXY_SSL_HEADER:
        told: str = request.headers.get("X-Forwarded-For", "")
        return told.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    return str(request.META.get("REMOTE_ADDR", ""))


@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    return shown(request, "front", "press/public.html", pages.public.front)


@require_safe
def release(request: HttpRequest, slug: str) -> HttpResponseBase:
    def make() -> Any:
        return pages.public.story(get_object_or_404(queries.published(), slug=slug))

    return shown(request, f"release:{slug}", "press/story.html", make)


@require_http_methods(["GET", "HEAD", "POST"])
def say(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The form for an opinion: of this reader alone, so it is kept nowhere."""
    found = get_object_or_404(queries.asking(), slug=slug)
    posted = request.method == "POST"
    form = forms.SayForm(request.POST if posted else None)
    if posted and form.is_valid():
        made = services.receive(found, address=address_of(request), **form.cleaned_data)
        told = {"n": made.number}
        messages.success(request, _("收到了，编号 %(n)d。办理情况会写在这一页。谢谢。") % told)
        return redirect(found.public_url())
    page = pages.public.saying(found, form)
    answer = render(request, "ui/form.html", {"page": page}, status=422 if posted else 200)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_safe
def roots(request: HttpRequest) -> HttpResponseBase:
    return shown(request, "roots", "press/roots.html", pages.public.roots)


@require_safe
def feed(request: HttpRequest) -> HttpResponseBase:
    address = f"{request.scheme}://{request.get_host()}"
    media = "application/atom+xml; charset=utf-8"
    return kept(request, f"feed:{address}", media, lambda: pages.public.feed(address))


@require_safe
def figures(request: HttpRequest, kind: str) -> HttpResponseBase:
    made = {
        "csv": (pages.public.as_csv, "text/csv; charset=utf-8"),
        "json": (pages.public.as_json, "application/json"),
    }
    if kind not in made:
        raise Http404
    make, media = made[kind]
    return kept(request, f"figures:{kind}", media, make)

"""The doors of a vote: open to whoever holds a code, without account, session or cookie.

Nothing ambient is trusted here, so there is nothing that another site could ride on: CSRF checks
would only set a cookie. Refusals are answered as JSON where a script asked.
"""

from collections.abc import Callable
from functools import wraps
from threading import BoundedSemaphore
from time import sleep as pause
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from bihuan.ballots import forms, pages, queries, services
from bihuan.base.errors import NotFound, Refused

Answer = Callable[..., HttpResponse]

# A wrong code costs the one who tries a moment, and few may try at once. Codes have 60 bits, so
# this only keeps the server free for the hall: right codes never wait, whatever their address.
_WRONG_S = 0.3
_guessing = BoundedSemaphore(2)


def as_json(view: Answer) -> Answer:
    """Refusals of this door are JSON with every sentence."""

    @csrf_exempt
    @require_POST
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override(_language(request)):
            try:
                answer = view(request, *args, **kwargs)
            except Refused as refused:
                if isinstance(refused, NotFound) and not _slow_down():
                    return _quiet(JsonResponse({"sentences": [_busy()]}, status=429))
                told = {"sentences": [str(sentence) for sentence in refused.sentences]}
                answer = JsonResponse(told, status=refused.status)
            return _quiet(answer)

    return wrapped


def as_page(view: Answer) -> Answer:
    """A public page: no cookie is set, nothing is kept, no address is passed on."""

    @csrf_exempt
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override(_language(request)):
            try:
                forms.measure(request)
                answer = view(request, *args, **kwargs)
            except Refused as refused:
                if isinstance(refused, NotFound):
                    _slow_down()
                answer = render(
                    request,
                    "ballots/said.html",
                    {
                        "title": _("没有办成"),
                        "sentences": refused.sentences,
                        "back": request.path if request.method == "POST" else "",
                    },
                    status=refused.status,
                )
            return _quiet(answer)

    return wrapped


def _busy() -> str:
    return _("输错的票码太多了，请稍等几秒再试。")


def _slow_down() -> bool:
    if not _guessing.acquire(blocking=False):
        return False
    try:
        pause(_WRONG_S)
    finally:
        _guessing.release()
    return True


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in ("en", "zh-hans") else translation.get_language() or "zh-hans"


def _quiet(answer: HttpResponse) -> HttpResponse:
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@require_safe
@as_page
def rate(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse(_rate(slug))


def _rate(slug: str) -> str:
    """The same for everybody who reads one language."""
    return pages.for_a_second(
        ("rate", slug, str(translation.get_language())),
        lambda: render_to_string("ballots/rate.html", {"page": pages.rate(slug)}),
    )


@as_json
def right(request: HttpRequest, slug: str) -> HttpResponse:
    said = forms.body(request)
    kind, category = services.right(
        slug, slip=forms.text(said, "slip"), ticket=forms.text(said, "ticket")
    )
    return JsonResponse({"kind": kind, "category": category})


@as_json
def issue(request: HttpRequest, slug: str) -> HttpResponse:
    said = forms.body(request)
    ticket, blinded = forms.text(said, "ticket"), forms.hexes(said, "z")
    category, signatures = services.issue(slug, ticket=ticket, blinded=blinded)
    if len(signatures) < len(blinded):
        return JsonResponse({}, status=202)
    return JsonResponse({"category": category, "signatures": [one.hex() for one in signatures]})


@as_json
def cast(request: HttpRequest, slug: str) -> HttpResponse:
    said = forms.cast(forms.body(request))
    if said.token is None:
        receipt = services.cast_slip(slug, slip=said.slip, blob=said.blob)
    else:
        receipt = services.cast_token(
            slug, category=said.category, blob=said.blob, token=said.token
        )
    return JsonResponse(services.as_answer(receipt))


@require_safe
@as_page
def state(request: HttpRequest, slug: str) -> HttpResponse:
    return JsonResponse(pages.state(slug))


@as_page
def slip(request: HttpRequest, slug: str) -> HttpResponse:
    """Without a script: the code, then all units on one page, then the receipt."""
    if request.method != "POST":
        return HttpResponse(_rate(slug))
    code = request.POST.get("code", "")[: forms.SHORT]
    if "sheet" not in request.POST:
        return render(request, "ballots/sheet.html", {"page": pages.sheet(slug, code)})
    fixed = queries.fixed(slug)
    marks, remarks = forms.marks_of(request.POST, fixed.plan.plain())
    try:
        receipt = services.cast_open(slug, slip=code, marks=marks, remarks=remarks)
    except services.Closed:
        raise
    except Refused as refused:
        page = pages.sheet(slug, code, marks=marks, remarks=remarks, faults=refused.sentences)
        return render(request, "ballots/sheet.html", {"page": page}, status=422)
    return render(request, "ballots/receipt.html", {"page": pages.receipt(slug, receipt)})


@require_safe
@as_page
def screen(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """投影：阶段、投票率（整步）、箱头、二维码。"""
    return render(request, "ballots/screen.html", {"page": pages.screen(slug, key, request)})


@require_safe
@as_page
def check(request: HttpRequest, slug: str) -> HttpResponse:
    """核对页：箱头、全部回执、结果文件和核对程序。"""
    content = pages.for_a_second(
        ("check", slug, str(translation.get_language())),
        lambda: render_to_string("ballots/check.html", {"page": pages.check(slug)}),
    )
    return HttpResponse(content)


@require_safe
@as_page
def bundle(request: HttpRequest, slug: str) -> HttpResponse:
    content = pages.for_a_second(("bundle", slug), lambda: pages.bundle(slug))
    answer = HttpResponse(content, content_type="application/json; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{pages.bundle_name(slug)}"'
    return answer


@require_safe
@as_page
def verifier(request: HttpRequest) -> HttpResponse:
    answer = HttpResponse(pages.verifier(), content_type="text/x-python; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="recount.py"'
    return answer

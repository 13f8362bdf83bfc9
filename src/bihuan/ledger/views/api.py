"""接口 for other systems: what each operation does, and the page that tells people of them.

Tokens, refusals and faults are handled at the door (views/door.py); what is declared stands in
pages/api.py.
"""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.ledger import queries, services
from bihuan.ledger.forms.api import ListForm, NewEvidenceForm, NewFindingForm
from bihuan.ledger.models import Finding, Token
from bihuan.ledger.pages import api as pages
from bihuan.ledger.views import door
from bihuan.people import queries as people
from bihuan.people.access import Asked, signed_in_only
from bihuan.people.models import Post


def list_findings(request: HttpRequest, token: Token) -> HttpResponse:
    form = ListForm(request.GET)
    if not form.is_valid():
        return _faulty(form)
    found = queries.search(queries.visible_to(token.post), **form.asked())
    total = queries.quick_count(found)
    if cursor := form.cleaned_data["cursor"]:
        found = found.filter(pk__lt=cursor)
    size = form.page_size_asked
    shown = list(found[: size + 1])
    following = None
    if len(shown) > size:
        asked = request.GET.copy()
        asked["cursor"] = str(shown[size - 1].pk)
        following = f"{request.path}?{asked.urlencode()}"
    return door.answer(pages.findings(shown[:size], total, following))


def raise_finding(request: HttpRequest, token: Token) -> HttpResponse:
    people.require(token.post, "ledger.raise")
    form = NewFindingForm(_json(request))
    if not form.is_valid():
        return _faulty(form)
    made, new = services.raise_through(token, **form.cleaned_data)
    answer = door.answer(pages.finding(made), 201 if new else 200)
    answer.headers["Location"] = f"{pages.ROOT}/findings/{made.number}"
    return answer


def read_finding(_request: HttpRequest, token: Token, number: str) -> HttpResponse:
    return door.answer(pages.finding(_visible(token.post, number)))


def add_evidence(request: HttpRequest, token: Token, number: str) -> HttpResponse:
    found = _visible(token.post, number)
    if request.content_type != "multipart/form-data":
        raise door.Unreadable(415, _("请用 multipart/form-data 提交文件。"))
    form = NewEvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        return _faulty(form)
    brought = services.bring_through(token, found, **form.cleaned_data)
    return door.answer(pages.evidence(brought), 201)


def read_document(_request: HttpRequest, _token: Token | None) -> HttpResponse:
    return door.answer(pages.document())


VIEWS: dict[str, Callable[..., HttpResponse]] = {
    "list_findings": list_findings,
    "raise_finding": raise_finding,
    "read_finding": read_finding,
    "add_evidence": add_evidence,
    "read_document": read_document,
}
endpoint = partial(door.endpoint, VIEWS)


def _visible(by: Post, number: str) -> Finding:
    return get_object_or_404(queries.visible_to(by), number=number)


def _json(request: HttpRequest) -> Any:
    """The body as JSON."""
    if request.content_type != "application/json":
        raise door.Unreadable(415, _("请用 application/json 提交。"))
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        raise door.Unreadable(400, _("请求的内容不是完整的 JSON。请检查。")) from None


def _faulty(form: BaseForm) -> HttpResponse:
    return door.faulty(
        ("" if name == "__all__" else name, str(sentence))
        for name, sentences in form.errors.items()
        for sentence in sentences
    )


@require_safe
@signed_in_only
def page(request: Asked) -> HttpResponse:
    if not any(people.may(request.post, verb) for verb in door.READERS):
        raise Http404
    address = request.build_absolute_uri("/").rstrip("/")
    return render(request, "ui/detail.html", {"page": pages.page(address)})

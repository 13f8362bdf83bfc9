"""接口 for other systems: a token instead of a session, JSON instead of pages.

`endpoint` is the door: it finds the post of the token, the operation of the method, and turns
every refusal into problem+json. It is to this interface what the middleware is to the pages, and
therefore the only `try` here.
"""

import json
from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from bihuan.base.errors import Refused
from bihuan.ledger import queries, services
from bihuan.ledger.forms.api import ListForm, NewEvidenceForm, NewFindingForm
from bihuan.ledger.models import Finding
from bihuan.ledger.pages import api as pages
from bihuan.people import queries as people
from bihuan.people.access import Asked, signed_in_only
from bihuan.people.models import Post

READERS = ("ledger.view", "ledger.tokens")


class Unreadable(Exception):  # noqa: N818 - an answer with its status, not an error
    """A request that could not even be read."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


# Operations --------------------------------------------------------------------------------------


def list_findings(request: HttpRequest, by: Post) -> HttpResponse:
    form = ListForm(request.GET)
    if not form.is_valid():
        return _faulty(form)
    found = queries.search(queries.visible_to(by), **form.asked())
    total = found.order_by().select_related(None).count()
    if cursor := form.cleaned_data["cursor"]:
        found = found.filter(pk__lt=cursor)
    size = form.page_size_asked
    shown = list(found[: size + 1])
    following = None
    if len(shown) > size:
        asked = request.GET.copy()
        asked["cursor"] = str(shown[size - 1].pk)
        following = f"{request.path}?{asked.urlencode()}"
    return _answer(pages.findings(shown[:size], total, following))


def raise_finding(request: HttpRequest, by: Post) -> HttpResponse:
    people.require(by, "ledger.raise")
    form = NewFindingForm(_json(request))
    if not form.is_valid():
        return _faulty(form)
    made = services.raise_finding(by=by, **form.cleaned_data)
    answer = _answer(pages.finding(made), 201)
    answer.headers["Location"] = f"{pages.ROOT}/findings/{made.number}"
    return answer


def read_finding(request: HttpRequest, by: Post, number: str) -> HttpResponse:
    return _answer(pages.finding(_visible(by, number)))


def add_evidence(request: HttpRequest, by: Post, number: str) -> HttpResponse:
    found = _visible(by, number)
    if request.content_type != "multipart/form-data":
        raise Unreadable(415, _("请用 multipart/form-data 提交文件。"))
    form = NewEvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        return _faulty(form)
    brought = services.act(found, "submit_evidence", by=by, **form.cleaned_data)
    return _answer(pages.evidence(brought), 201)


def read_document(request: HttpRequest, by: Post) -> HttpResponse:
    return _answer(pages.document())


VIEWS: dict[str, Callable[..., HttpResponse]] = {
    "list_findings": list_findings,
    "raise_finding": raise_finding,
    "read_finding": read_finding,
    "add_evidence": add_evidence,
    "read_document": read_document,
}


# The door ----------------------------------------------------------------------------------------


def endpoint(path: str) -> Callable[..., HttpResponse]:
    """The view of one address: its operations by method, each in the post of the token."""
    operations = {one.method.upper(): one for one in pages.OPERATIONS if one.path == path}

    @csrf_exempt
    @never_cache
    def view(request: Any, **kwargs: str) -> HttpResponse:
        by = _acting(request, path)
        if by is None:
            return _stranger(request)
        operation = operations.get("GET" if request.method == "HEAD" else request.method)
        if operation is None and operations:
            answer = _problem(405, _("请改用：%(methods)s。") % {"methods": "、".join(operations)})
            answer.headers["Allow"] = ", ".join(operations)
            return answer
        try:
            if operation is None:
                raise Http404
            if operation.method == "get" and path != "/openapi.json":
                _require_view(by)
            return VIEWS[operation.code](request, by, **kwargs)
        except Http404:
            return _problem(404, _("没有找到，或您无权查看。"))
        except Refused as refusal:
            return _problem(refusal.status, *(str(s) for s in refusal.sentences))
        except Unreadable as unread:
            return _problem(unread.status, str(unread))
        except MultiPartParserError:
            return _problem(400, _("提交的表单不完整。请检查分隔符和各部分。"))
        except RequestDataTooBig:
            return _problem(413, _("请求太大。文件请用提交佐证的地址。"))

    return view


def _acting(request: Any, path: str) -> Post | None:
    """The post of the token; for reading the document, a person signed in will do."""
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and secret.strip():
        return queries.acting_by(services.token_digest(secret.strip()))
    signed_in: Post | None = request.post
    if path == "/openapi.json" and signed_in is not None and _may_read(signed_in):
        return signed_in
    return None


def _stranger(request: HttpRequest) -> HttpResponse:
    sentence = _("请在 Authorization 请求头里写 Bearer 和有效的令牌。令牌由系统管理员发放。")
    answer = _problem(401, sentence)
    error = ', error="invalid_token"' if "Authorization" in request.headers else ""
    answer.headers["WWW-Authenticate"] = f'Bearer realm="bihuan"{error}'
    return answer


def _require_view(by: Post) -> None:
    if not people.may(by, "ledger.view"):
        raise Http404


def _may_read(by: Post) -> bool:
    return any(people.may(by, verb) for verb in READERS)


def _visible(by: Post, number: str) -> Finding:
    return get_object_or_404(queries.visible_to(by), number=number)


def _json(request: HttpRequest) -> Any:
    """The body as JSON."""
    if request.content_type != "application/json":
        raise Unreadable(415, _("请用 application/json 提交。"))
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        raise Unreadable(400, _("请求的内容不是完整的 JSON。请检查。")) from None


def _faulty(form: BaseForm) -> HttpResponse:
    """Every fault of a form, each with its field."""
    faults = [
        ("" if name == "__all__" else name, str(sentence))
        for name, sentences in form.errors.items()
        for sentence in sentences
    ]
    return _answer(pages.problem(422, faults), 422)


def _problem(status: int, *sentences: str) -> HttpResponse:
    return _answer(pages.problem(status, [("", sentence) for sentence in sentences]), status)


def _answer(content: dict[str, Any], status: int = 200) -> HttpResponse:
    return JsonResponse(
        content,
        status=status,
        content_type=pages.PROBLEM if status >= 400 else "application/json",
        json_dumps_params={"ensure_ascii": False},
    )


# The page for people ------------------------------------------------------------------------------


@require_safe
@signed_in_only
def page(request: Asked) -> HttpResponse:
    if not _may_read(request.post):
        raise Http404
    address = request.build_absolute_uri("/").rstrip("/")
    return render(request, "ui/detail.html", {"page": pages.page(address)})

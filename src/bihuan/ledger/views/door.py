"""The door of the interface: a token instead of a session, problem+json instead of a page.

`endpoint` finds the token of a request and the operation of its method, and turns every refusal
into problem+json. It is to the interface what the middleware is to the pages, and therefore the
only `try` among the views.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.cache import cache
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from bihuan.base.errors import Refused
from bihuan.ledger import queries, services
from bihuan.ledger.models import Token
from bihuan.ledger.pages import api as pages
from bihuan.people import queries as people
from bihuan.people.models import Post

log = logging.getLogger("bihuan.ledger")

READERS = ("ledger.view", "ledger.tokens")
DOCUMENT = "/openapi.json"

# So many wrong tokens from one address within so many seconds, and its next ones are not even
# looked at; a token that was good there within the last hour goes on, so that one system with a
# wrong token does not lock out its neighbour behind the same proxy.
MOST_FAILURES, WINDOW_S, REMEMBERED_S = 20, 300, 3600


class Unreadable(Exception):  # noqa: N818 - an answer with its status, not an error
    """A request that could not even be read."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def endpoint(views: Mapping[str, Callable[..., HttpResponse]], path: str) -> Any:
    """The view of one address: its operations by method, each in the post of the token."""
    operations = {one.method.upper(): one for one in pages.OPERATIONS if one.path == path}

    @csrf_exempt
    @never_cache
    def view(request: Any, **kwargs: str) -> HttpResponse:
        token = _token(request)
        if token is None and not (path == DOCUMENT and _may_read(request.post)):
            return _stranger(request)
        operation = operations.get("GET" if request.method == "HEAD" else request.method)
        if operation is None and operations:
            methods = _("、").join(operations)
            answer = problem(405, _("请改用：%(methods)s。") % {"methods": methods})
            answer.headers["Allow"] = ", ".join(operations)
            return answer
        try:
            if operation is None:
                raise Http404
            if token is not None:
                services.note_use(token)
                if operation.method == "get" and path != DOCUMENT:
                    _require_view(token.post)
            return views[operation.code](request, token, **kwargs)
        except Http404:
            return problem(404, _("没有找到，或您无权查看。"))
        except Refused as refusal:
            return problem(refusal.status, *(str(s) for s in refusal.sentences))
        except Unreadable as unread:
            return problem(unread.status, str(unread))
        except MultiPartParserError:
            return problem(400, _("提交的表单不完整。请检查分隔符和各部分。"))
        except RequestDataTooBig:
            return problem(413, _("请求太大。文件请用提交佐证的地址。"))
        except SuspiciousOperation:
            return problem(400, _("请求读不懂。请检查各项的数目和写法。"))

    return view


# Tokens ------------------------------------------------------------------------------------------


def _token(request: HttpRequest) -> Token | None:
    """The token of a request, if it holds; wrong ones are counted for each address."""
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        return None
    digest = services.token_digest(secret.strip())
    if _failures(request) >= MOST_FAILURES and not cache.get(_good(request, digest)):
        return None
    token = queries.token_in_force(digest)
    if token is None:
        _count_failure(request)
    else:
        cache.set(_good(request, digest), True, REMEMBERED_S)
    return token


def _address(request: HttpRequest) -> str:
    """A key that any cache accepts, whatever stands in the address."""
    return hashlib.sha256(request.META.get("REMOTE_ADDR", "").encode()).hexdigest()[:32]


def _good(request: HttpRequest, digest: str) -> str:
    return f"ledger.api.good.{_address(request)}.{digest}"


def _wrong(request: HttpRequest) -> str:
    return f"ledger.api.wrong.{_address(request)}"


def _failures(request: HttpRequest) -> int:
    return int(cache.get(_wrong(request), 0))


def _count_failure(request: HttpRequest) -> None:
    key = _wrong(request)
    cache.add(key, 0, WINDOW_S)
    try:
        n = cache.incr(key)
    except ValueError:  # it ran out between the two lines
        return
    if n == MOST_FAILURES:
        log.warning("too many wrong tokens from %s", request.META.get("REMOTE_ADDR", ""))


def _stranger(request: HttpRequest) -> HttpResponse:
    if "Authorization" in request.headers and _failures(request) >= MOST_FAILURES:
        answer = problem(429, _("错误的令牌太多。请过几分钟再试，并检查令牌是否有效。"))
        answer.headers["Retry-After"] = str(WINDOW_S)
        return answer
    sentence = _("请在 Authorization 请求头里写 Bearer 和有效的令牌。令牌由系统管理员发放。")
    answer = problem(401, sentence)
    error = ', error="invalid_token"' if "Authorization" in request.headers else ""
    answer.headers["WWW-Authenticate"] = f'Bearer realm="bihuan"{error}'
    return answer


def _require_view(by: Post) -> None:
    if not people.may(by, "ledger.view"):
        raise Http404


def _may_read(by: Post | None) -> bool:
    return by is not None and any(people.may(by, verb) for verb in READERS)


# Answers -----------------------------------------------------------------------------------------


def faulty(faults: Iterable[tuple[str, str]]) -> HttpResponse:
    """Every fault of what was sent, each with its field."""
    return answer(pages.problem(422, list(faults)), 422)


def problem(status: int, *sentences: str) -> HttpResponse:
    """What went wrong, as a problem document."""
    return answer(pages.problem(status, [("", sentence) for sentence in sentences]), status)


def answer(content: dict[str, Any], status: int = 200) -> HttpResponse:
    """JSON with Chinese as it is."""
    return JsonResponse(
        content,
        status=status,
        content_type=pages.PROBLEM if status >= 400 else "application/json",
        json_dumps_params={"ensure_ascii": False},
    )

"""Who is asking: puts the account, its posts and the acting post on the request; ends sessions."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth import login as django_login
from django.contrib.auth import logout as django_logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from bihuan.base import clock
from bihuan.people import queries
from bihuan.people.models import Account, Post

Respond = Callable[[HttpRequest], HttpResponse]

_STARTED, _SEEN, _POST = "started", "seen", "post"
_WRITE_EVERY_S = 60  # the session row is not rewritten at every click


def begin_session(request: HttpRequest, account: Account) -> None:
    """Sign the account in: a new session key, and the clock of the session starts."""
    django_login(request, account, backend="django.contrib.auth.backends.ModelBackend")
    now = clock.now().isoformat()
    request.session[_STARTED] = request.session[_SEEN] = now


def choose_post(request: HttpRequest, post: Post) -> None:
    """From now on this session acts in that post."""
    request.session[_POST] = post.pk


def signed_in(get_response: Respond) -> Respond:
    """Set `request.account`, `.posts` and `.post` (all empty for a stranger)."""

    def middleware(request: Any) -> HttpResponse:
        request.account, request.post, request.posts = None, None, ()
        with queries.remembering():
            if SESSION_KEY in request.session:
                _recognise(request)
            return get_response(request)

    return middleware


def password_first(get_response: Respond) -> Respond:
    """Somebody who must change the password reaches that page and the way out, nothing else."""

    def middleware(request: Any) -> HttpResponse:
        if request.account and request.account.must_change_password:
            allowed = {reverse("people:password"), reverse("people:sign-out"), reverse("language")}
            if request.path not in allowed and not request.path.startswith("/static/"):
                return redirect("people:password")
        return get_response(request)

    return middleware


def _recognise(request: Any) -> None:
    now = clock.now()
    seen = datetime.fromisoformat(request.session.get(_SEEN, "1970-01-01T00:00:00+00:00"))
    started = datetime.fromisoformat(request.session.get(_STARTED, "1970-01-01T00:00:00+00:00"))
    account = request.user if isinstance(request.user, Account) else None
    limits = queries.sign_in_limits()
    too_old = now - seen > limits.idle or now - started > limits.longest
    posts = tuple(queries.posts_of(account.person)) if account and not too_old else ()
    if account is None or not account.is_active or not posts:
        django_logout(request)
        return
    if (now - seen).total_seconds() > _WRITE_EVERY_S:
        request.session[_SEEN] = now.isoformat()
    chosen = request.session.get(_POST)
    request.account, request.posts = account, posts
    # Nothing chosen yet: the post held longest, not the one that sorts first.
    first = min(posts, key=lambda post: post.pk)
    request.post = next((post for post in posts if post.pk == chosen), first)

"""Doors: decorators that let only the signed-in, or only those with a verb, into a view."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from bihuan.people import queries
from bihuan.people.models import Account, Post

P = ParamSpec("P")


def known(found: object) -> None:
    """Not found, unless it was."""
    if not found:
        raise Http404


class Asked(HttpRequest):
    """A request whose asker is known: what `people.middleware` puts on it."""

    account: Account
    post: Post
    posts: tuple[Post, ...]


View = Callable[Concatenate[Asked, P], HttpResponseBase]
Door = Callable[Concatenate[Any, P], HttpResponseBase]  # takes any request; its asker comes later


def signed_in_only(view: View[P]) -> Door[P]:
    """Strangers are led to the sign-in page and back afterwards."""

    @wraps(view)
    def wrapped(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.post is None:
            return redirect_to_login(request.get_full_path(), reverse("people:sign-in"))
        return view(request, *args, **kwargs)

    return wrapped


def needs(*verbs: str) -> Callable[[View[P]], Door[P]]:
    """Those with none of these verbs find nothing here (404); strangers are led to sign in."""

    def decorate(view: View[P]) -> Door[P]:
        @wraps(view)
        def wrapped(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not any(queries.may(request.post, verb) for verb in verbs):
                raise Http404
            return view(request, *args, **kwargs)

        return signed_in_only(wrapped)

    return decorate

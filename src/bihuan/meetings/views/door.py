"""What the views of this room share: the door, the thing asked for, the way back."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from bihuan.meetings import queries
from bihuan.meetings.models import Meeting, Reporter
from bihuan.people import queries as people
from bihuan.people.access import Asked, Door, signed_in_only

P = ParamSpec("P")
BOTH = ["GET", "HEAD", "POST"]
View = Callable[Concatenate[Asked, P], HttpResponseBase]


def sees(view: View[P]) -> Door[P]:
    """Whoever may look at meetings, or is invited to one; others find nothing here."""

    @wraps(view)
    def wrapped(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not any(people.may(request.post, verb) for verb in queries.VIEW):
            raise Http404
        return view(request, *args, **kwargs)

    return signed_in_only(wrapped)


def meeting_of(request: Asked, pk: int) -> Meeting:
    """A round this post may see."""
    return get_object_or_404(queries.meetings(request.post), pk=pk)


def reporter_of(request: Asked, pk: int, code: str) -> Reporter:
    """A reporter whose papers this post may open."""
    meeting = meeting_of(request, pk)
    reporter = get_object_or_404(queries.reporters_seen(request.post, meeting), unit__code=code)
    reporter.meeting = meeting
    return reporter


def only(request: Asked, *verbs: str) -> None:
    """Those without any of these verbs for the whole zone find nothing here."""
    if all(people.scope(request.post, verb).units is not None for verb in verbs):
        raise Http404


def detail(
    request: Asked, page: Any, status: int = 200, template: str = "ui/detail.html"
) -> HttpResponse:
    return render(request, template, {"page": page}, status=status)


def said(request: Asked, sentence: str, to: Any) -> HttpResponse:
    messages.success(request, sentence)
    return redirect(to)

"""What the views of this room share: what one may see, and how a page is shown."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from bihuan.facts import queries
from bihuan.facts.models import Doubt, Framework, Indicator, Observation, Submission, Term
from bihuan.people.access import Asked

BOTH = ["GET", "HEAD", "POST"]


def visible(request: Asked, pk: int) -> Observation:
    return get_object_or_404(queries.visible_to(request.post), pk=pk)


def the_doubt(request: Asked, pk: int) -> Doubt:
    return get_object_or_404(queries.doubts_to_see(request.post), pk=pk)


def the_framework(pk: int) -> Framework:
    return get_object_or_404(queries.all_frameworks(), pk=pk)


def the_indicator(pk: int) -> Indicator:
    return get_object_or_404(queries.indicators(), pk=pk)


def the_term(pk: int) -> Term:
    return get_object_or_404(queries.own_terms(), pk=pk)


def the_submission(request: Asked, pk: int) -> Submission:
    return get_object_or_404(queries.submissions(request.post), pk=pk)


def number(request: HttpRequest) -> int:
    """The page asked for; the first for anything that is no number."""
    asked = request.GET.get("page", "1")
    return int(asked) if asked.isdecimal() and len(asked) < 9 else 1


def listed(request: HttpRequest, page: Any) -> HttpResponse:
    return render(request, "ui/list.html", {"page": page})


def detail(request: HttpRequest, page: Any, status: int = 200) -> HttpResponse:
    return render(request, "ui/detail.html", {"page": page}, status=status)


def form_page(request: HttpRequest, page: Any, status: int = 200) -> HttpResponse:
    """A page with a form; 422 where it comes back with faults."""
    form = page.form.form
    faulty = bool(page.faults) or (form.is_bound and bool(form.errors))
    return render(request, "ui/form.html", {"page": page}, status=422 if faulty else status)

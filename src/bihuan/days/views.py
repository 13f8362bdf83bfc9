"""Parse, call one verb or one question, render one page."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.base import clock
from bihuan.days import pages, queries, services
from bihuan.days.forms import ConfirmForm, CountForm, LimitForm, MarkForm, YearForm
from bihuan.people.access import Asked, needs


@require_safe
@needs("days.view")
def index(request: Asked) -> HttpResponse:
    return redirect("days:year", clock.today().year)


@require_safe
@needs("days.view")
def year(request: Asked, year: int) -> HttpResponse:
    page = pages.year(_known(year), request.post)
    return render(request, "ui/detail.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@needs("days.manage")
def enter(request: Asked, year: int) -> HttpResponse:
    form = YearForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        asked = form.cleaned_data
        entries = services.read_year(asked["text"], _known(year))
        confirm_form = ConfirmForm(initial={"text": asked["text"], "source": asked["source"]})
        page = pages.preview(year, entries, confirm_form, asked["source"])
        return render(request, "ui/form.html", {"page": page})
    page = pages.entering(_known(year), form)
    return render(request, "ui/form.html", {"page": page}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("days.manage")
def confirm(request: Asked, year: int) -> HttpResponse:
    if request.method != "POST":  # after a change of language, or signing in again
        return redirect("days:enter", _known(year))
    form = ConfirmForm(request.POST)
    entries = services.read_year(request.POST.get("text", ""), _known(year))
    if not form.is_valid():
        page = pages.preview(year, entries, form, request.POST.get("source", ""))
        return render(request, "ui/form.html", {"page": page}, status=422)
    services.enter_year(year, entries, by=request.post, source=form.cleaned_data["source"])
    messages.success(request, _("已录入 %(year)d 年放假安排。") % {"year": year})
    return redirect("days:year", year)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("days.manage")
def mark(request: Asked, year: int) -> HttpResponse:
    if request.method != "POST":
        return redirect("days:year", _known(year))
    form = MarkForm(request.POST, year=_known(year))
    if not form.is_valid():
        page = pages.year(year, request.post, bound=form)
        return render(request, "ui/detail.html", {"page": page}, status=422)
    source = form.cleaned_data["source"]
    services.mark_days(year, form.entries(), by=request.post, source=source)
    messages.success(request, _("已标记。"))
    return redirect("days:year", year)


@require_safe
@needs("days.view")
def count(request: Asked) -> HttpResponse:
    form = CountForm(request.GET or None, initial={"start": clock.today()})
    counted = None
    if form.is_valid():
        counted = queries.calendar().explain(
            form.cleaned_data["start"],
            form.cleaned_data["number"],
            form.cleaned_data["unit"],
            roll=form.cleaned_data["roll"],
        )
    page = pages.count(form, counted)
    return render(request, "ui/detail.html", {"page": page}, status=422 if form.errors else 200)


@require_safe
@needs("days.view")
def limits(request: Asked) -> HttpResponse:
    return render(request, "ui/list.html", {"page": pages.limits()})


@require_http_methods(["GET", "HEAD", "POST"])
@needs("days.view")
def limit(request: Asked, code: str) -> HttpResponse:
    found = queries.limit(code)
    if request.method != "POST":
        return render(request, "ui/detail.html", {"page": pages.limit(found, request.post)})
    form: Any = LimitForm(request.POST)
    if not form.is_valid():
        page = pages.limit(found, request.post, bound=form)
        return render(request, "ui/detail.html", {"page": page}, status=422)
    services.set_limit(code, by=request.post, **form.cleaned_data)
    messages.success(request, _("已设定。"))
    return redirect(found)


def _known(year: int) -> int:
    """A year that the calendar shows; any other is not found."""
    if not services.FIRST_YEAR <= year <= services.LAST_YEAR:
        raise Http404
    return year

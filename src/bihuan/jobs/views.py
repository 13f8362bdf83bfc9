"""Parse, call one verb or one question, render one page."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.jobs import pages, queries, services
from bihuan.jobs.forms import StartForm
from bihuan.people.access import Asked, signed_in_only


@require_safe
@signed_in_only
def index(request: Asked) -> HttpResponse:
    number = request.GET.get("page", "1")
    found = queries.visible_to(request.post)
    page = pages.index(found, int(number) if number.isdecimal() else 1, request.post)
    return render(request, "ui/list.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_only
def start(request: Asked) -> HttpResponse:
    choices = pages.choices(request.post)
    if not choices:
        raise Http404
    form = StartForm(request.POST or None, choices=choices)
    if form.is_valid():
        started = services.start(form.cleaned_data["kind"], by=request.post, inputs={})
        messages.success(request, _("已发起作业。"))
        return redirect(started)
    page = pages.starting(form)
    return render(request, "ui/form.html", {"page": page}, status=422 if form.errors else 200)


@require_safe
@signed_in_only
def job(request: Asked, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.visible_to(request.post), pk=pk)
    page = pages.detail(found, request.post)
    return render(request, "ui/detail.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_only
def stop(request: Asked, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.visible_to(request.post), pk=pk)
    if request.method == "POST":  # else after a change of language, or signing in again
        services.stop(found, by=request.post)
        messages.success(request, _("已要求停止。"))
    return redirect(found)

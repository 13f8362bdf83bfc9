"""The telephone's page. What its script sends gets a short answer as JSON; a plain form a page.

`answered` is to the script what the middleware is to pages, and has the only `try` here.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bihuan.base.errors import Refused
from bihuan.people.access import Asked, needs
from bihuan.snow import services
from bihuan.snow.forms.phone import DoneForm, ReportForm
from bihuan.snow.models import HandTask
from bihuan.snow.pages import phone as pages
from bihuan.snow.queries import field as queries

TEMPLATE = "snow/phone.html"
View = Callable[..., HttpResponse]


def _by_script(request: Asked) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def answered(view: View) -> View:
    """A refusal, told to the script in its own way."""

    @wraps(view)
    def told(request: Asked, *args: Any, **kwargs: Any) -> HttpResponse:
        if not _by_script(request):
            return view(request, *args, **kwargs)
        try:
            return view(request, *args, **kwargs)
        except Refused as refusal:
            return JsonResponse({"faults": [str(one) for one in refusal.sentences]}, status=409)

    return told


@require_safe
@needs(queries.REPORT)
def page(request: Asked) -> HttpResponse:
    return render(request, TEMPLATE, {"page": pages.page(request.post)})


@never_cache
@require_POST
@needs(queries.REPORT)
@answered
def report(request: Asked) -> HttpResponse:
    form = ReportForm(request.POST, request.FILES, by=request.post)
    if not form.is_valid():
        return _faulty(request, form, pages.page(request.post, report=form))
    unit = form.cleaned_data["unit"]
    _made, new = services.report_team(unit, by=request.post, **form.told())
    return _taken(request, new, _("已收到。"))


@never_cache
@require_POST
@needs(queries.REPORT)
@answered
def done(request: Asked, pk: int) -> HttpResponse:
    task = get_object_or_404(HandTask.objects.select_related("unit"), pk=pk)
    form = DoneForm(request.POST, request.FILES)
    if not form.is_valid():
        return _faulty(request, form, pages.page(request.post, task=pk, done=form))
    _task, new = services.finish_hand_task(task, by=request.post, **form.told())
    return _taken(request, new, _("“%(place)s”清完了。") % {"place": task.place})


def _taken(request: Asked, new: bool, sentence: str) -> HttpResponse:
    if _by_script(request):
        return JsonResponse({"stored": True, "again": not new}, status=201 if new else 200)
    messages.success(request, sentence)
    return redirect("snow:phone")


def _faulty(request: Asked, form: BaseForm, page: pages.PhonePage) -> HttpResponse:
    if _by_script(request):
        told = [
            f"{form.fields[name].label}：{one}" if form.fields.get(name) else str(one)
            for name, found in form.errors.items()
            for one in found
        ]
        return JsonResponse({"faults": told}, status=422)
    return render(request, TEMPLATE, {"page": page}, status=422)


@require_safe
def worker(request: Asked) -> HttpResponse:
    """The script that lets the page open without a network; from here, so that it serves no other
    page."""
    context = {
        "page": request.path.removesuffix("worker.js"),
        "files": [static("ui/house.css"), static("ui/app.js"), static("built/report.js")],
    }
    answer = render(request, "snow/worker.js", context, content_type="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer

"""Estimates: see the newest answer, or ask for one, which is computed in the background."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bihuan.people.access import Asked, known
from bihuan.projects import forms, pages, queries, services
from bihuan.projects.models import Estimate, SchedulePlan
from bihuan.projects.views.doors import DETAIL, inside, visible
from bihuan.ui.panel import DetailPage

BOTH = ["GET", "HEAD", "POST"]


def _plan(request: Asked, pk: int, plan: int) -> SchedulePlan:
    return get_object_or_404(visible(request, pk).plans.select_related("project__unit"), pk=plan)


def _answered(
    request: Asked,
    form: Form,
    ask: Callable[..., Estimate],
    page: Callable[[Form | None], DetailPage],
) -> HttpResponse:
    """Shown when read; asked, and then shown, when posted."""
    if request.method != "POST":
        return render(request, DETAIL, {"page": page(None)})
    if not form.is_valid():
        return render(request, DETAIL, {"page": page(form)}, status=422)
    made = ask(by=request.post, **form.cleaned_data)
    messages.success(request, _("已发起推演。"))
    return redirect(made)


@require_http_methods(BOTH)
@inside
def risk(request: Asked, pk: int, plan: int) -> HttpResponse:
    found = _plan(request, pk, plan)
    known(request.method != "POST" or queries.reports(request.post, found.project))
    return _answered(
        request,
        forms.SeedForm(request.POST or None),
        lambda **more: services.ask_risk(found, **more),
        lambda form: pages.estimates.risk(found, request.post, form),
    )


@require_http_methods(BOTH)
@inside
def crews(request: Asked, pk: int, plan: int) -> HttpResponse:
    found = _plan(request, pk, plan)
    known(request.method != "POST" or queries.reports(request.post, found.project))
    return _answered(
        request,
        forms.CrewsForm(request.POST or None),
        lambda **more: services.ask_crews(found, **more),
        lambda form: pages.estimates.crews(found, request.post, form),
    )


@require_http_methods(BOTH)
@inside
def levelling(request: Asked) -> HttpResponse:
    known(request.method != "POST" or queries.manages(request.post))
    return _answered(
        request,
        forms.SeedForm(request.POST or None),
        services.ask_steps,
        lambda form: pages.estimates.levelling(request.post, form),
    )

"""Devices and the keeping of positions: parse, call one verb, render one page."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bihuan.fleet import forms, queries, services
from bihuan.fleet.pages import devices as pages
from bihuan.people import queries as people
from bihuan.people.access import Asked, needs

DETAIL = "ui/detail.html"
BOTH = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(BOTH)
@needs(queries.MANAGE)
def devices(request: Asked) -> HttpResponse:
    form = forms.DeviceForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        given = services.give_device(by=request.post, **form.cleaned_data)
        # Not redirected: the token stands on this one page and nowhere else.
        return render(request, DETAIL, {"page": pages.devices(given=given)})
    return render(request, DETAIL, {"page": pages.devices(form=form)}, status=422 if form else 200)


@require_http_methods(BOTH)
@needs(queries.MANAGE)
def end_device(request: Asked, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.devices(), pk=pk)
    if request.method == "POST":
        services.end_device(found, by=request.post)
        messages.success(request, _("已停用。"))
    return redirect("fleet:devices")


@require_http_methods(BOTH)
@needs(queries.VIEW)
def keeping(request: Asked) -> HttpResponse:
    form = forms.KeepingForm(request.POST) if request.method == "POST" else None
    if form is not None:
        people.require(request.post, queries.MANAGE)
    if form is not None and form.is_valid():
        services.set_keeping(by=request.post, **form.cleaned_data)
        messages.success(request, _("已设定。"))
        return redirect("fleet:keeping")
    page = pages.keeping(request.post, form)
    return render(request, DETAIL, {"page": page}, status=422 if form else 200)

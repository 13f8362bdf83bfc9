"""The register, shifts, tracks: parse, call one verb, render one page."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.fleet import forms, queries, services
from bihuan.fleet.models import Vehicle
from bihuan.fleet.pages import register as pages
from bihuan.people.access import Asked, needs

DETAIL, FORM = "ui/detail.html", "ui/form.html"
BOTH = ["GET", "HEAD", "POST"]


@require_safe
@needs(queries.VIEW)
def index(request: Asked) -> HttpResponse:
    asked = request.GET.copy()
    page = asked.pop("page", ["1"])[-1]
    number = int(page) if page.isdecimal() else 1
    form = forms.FilterForm(request.GET)
    found = pages.index(request.post, form, number, asked.urlencode())
    return render(request, "ui/list.html", {"page": found})


def _visible(request: Asked, pk: int) -> Vehicle:
    return get_object_or_404(queries.visible_to(request.post), pk=pk)


@require_safe
@needs(queries.VIEW)
def vehicle(request: Asked, pk: int) -> HttpResponse:
    page = pages.vehicle(_visible(request, pk), request.post)
    return render(request, DETAIL, {"page": page})


@require_http_methods(BOTH)
@needs(queries.MANAGE)
def enter(request: Asked) -> HttpResponse:
    form: Any = forms.VehicleForm(request.POST or None)
    if form.is_valid():
        made = services.enter(by=request.post, **form.cleaned_data)
        messages.success(request, _("已登记。"))
        return redirect(made)
    page = pages.form_page(_("登记车辆"), form, request.path, _("登记"))
    return render(request, FORM, {"page": page}, status=422 if form.errors else 200)


@require_POST
@needs(queries.MANAGE)
def amend(request: Asked, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    form: Any = forms.VehicleForm(request.POST, instance=Vehicle(pk=found.pk))
    if form.is_valid():
        services.amend(found, by=request.post, **form.cleaned_data)
        messages.success(request, _("已更正。"))
        return redirect(found)
    page = pages.form_page(_("更正登记"), form, request.path, _("更正"))
    return render(request, FORM, {"page": page}, status=422)


@require_POST
@needs(queries.MANAGE)
def retire(request: Asked, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    form = forms.ReasonForm(request.POST)
    if form.is_valid():
        services.retire(found, by=request.post, **form.cleaned_data)
        messages.success(request, _("已停用。"))
        return redirect(found)
    page = pages.form_page(_("停用"), form, request.path, _("停用"))
    return render(request, FORM, {"page": page}, status=422)


@require_POST
@needs(queries.SHIFT)
def start_shift(request: Asked, pk: int) -> HttpResponse:
    shift = services.start_shift(_visible(request, pk), by=request.post)
    messages.success(request, _("“%(number)s”已出车。") % {"number": shift.vehicle.number})
    return redirect(shift)


@require_POST
@needs(queries.SHIFT)
def end_shift(request: Asked, pk: int) -> HttpResponse:
    shift = services.end_shift(_visible(request, pk), by=request.post)
    messages.success(request, _("“%(number)s”已收车。") % {"number": shift.vehicle.number})
    return redirect(shift)


@never_cache
@require_POST
@needs(queries.MANAGE)
def track(request: Asked, pk: int) -> HttpResponse:
    """Not redirected: whoever loads it again has looked again."""
    found = _visible(request, pk)
    form = forms.SpanForm(request.POST)
    if not form.is_valid():
        page = pages.vehicle(found, request.post, span=form)
        return render(request, DETAIL, {"page": page}, status=422)
    asked = form.cleaned_data
    positions = services.look_at_track(found, by=request.post, **asked)
    page = pages.track(found, positions, asked["since"], asked["until"])
    return render(request, DETAIL, {"page": page})


@require_http_methods(BOTH)
@needs(queries.VIEW)
def shifts(request: Asked) -> HttpResponse:
    form = forms.ShiftsForm(request.POST, by=request.post) if request.method == "POST" else None
    if form is not None and form.is_valid():
        asked = form.cleaned_data
        made = services.plan_shifts(
            list(asked["vehicles"]),
            by=request.post,
            starts_at=asked["starts_at"],
            ends_at=asked["ends_at"],
        )
        n = len(made)
        messages.success(request, ngettext("排了 %(n)d 台车。", "排了 %(n)d 台车。", n) % {"n": n})
        return redirect("fleet:shifts")
    page = pages.shifts(request.post, form)
    return render(request, DETAIL, {"page": page}, status=422 if form else 200)


@require_http_methods(BOTH)
@needs(queries.VIEW)
def depots(request: Asked) -> HttpResponse:
    form = forms.DepotForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        services.add_depot(by=request.post, **form.cleaned_data)
        messages.success(request, _("已登记。"))
        return redirect("fleet:depots")
    page = pages.depots(request.post, form)
    return render(request, DETAIL, {"page": page}, status=422 if form else 200)


@require_http_methods(BOTH)
@needs(queries.MANAGE)
def depot(request: Asked, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.depots_of(request.post), pk=pk)
    before = {name: getattr(found, name) for name in forms.DepotForm.base_fields}
    form = forms.DepotForm(request.POST or None, initial=before)
    if form.is_valid():
        services.amend_depot(found, by=request.post, **form.cleaned_data)
        messages.success(request, _("已更正。"))
        return redirect("fleet:depots")
    page = pages.form_page(found.label(), form, request.path, _("更正"))
    return render(request, FORM, {"page": page}, status=422 if form.errors else 200)


@require_http_methods(BOTH)
@needs(queries.MANAGE)
def bring(request: Asked) -> HttpResponse:
    form = forms.ImportForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        added, amended = services.bring_register(form.cleaned_data["lines"], by=request.post)
        told = _("新登记 %(added)d 台，更正 %(amended)d 台。")
        messages.success(request, told % {"added": added, "amended": amended})
        return redirect("fleet:index")
    intro = _("编号已有的更正，没有的登记；有一行不对就都不动，全部不对之处一次说清。")
    page = pages.form_page(_("导入车辆"), form, request.path, _("导入"), intro)
    return render(request, FORM, {"page": page}, status=422 if form.errors else 200)

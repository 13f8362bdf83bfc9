"""Parse, call once, render."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.people import queries as people
from bihuan.people.access import Asked, needs
from bihuan.roads import forms, pages, queries, services

BOTH = ["GET", "HEAD", "POST"]
DETAIL = "ui/detail.html"
inside = needs("roads.view")


@require_safe
@inside
def index(request: Asked) -> HttpResponse:
    return render(request, DETAIL, {"page": pages.index(request.post)})


@require_http_methods(BOTH)
@inside
def section(request: Asked, code: str) -> HttpResponse:
    found = get_object_or_404(queries.sections().select_related("network"), code=code)
    if request.method != "POST":
        return render(request, DETAIL, {"page": pages.section(found, request.post)})
    if not people.may(request.post, services.MANAGE):
        raise Http404
    form: Any = forms.MarkForm(request.POST)
    if not form.is_valid():
        page = pages.section(found, request.post, form)
        return render(request, DETAIL, {"page": page}, status=422)
    services.mark(found, by=request.post, **form.cleaned_data)
    messages.success(request, _("已保存。"))
    return redirect(found)


@require_http_methods(BOTH)
@needs("roads.manage")
def load(request: Asked) -> HttpResponse:
    form: Any = forms.LoadForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        loaded = services.load_file(
            form.cleaned_data["upload"], by=request.post, name=form.cleaned_data["name"]
        )
        told = {"n": loaded.version.sections.count(), "gone": len(loaded.vanished)}
        messages.success(request, _("已载入 %(n)d 个路段；不再有的 %(gone)d 个。") % told)
        return redirect("roads:index")
    page = pages.loading(form)
    return render(request, "ui/form.html", {"page": page}, status=422 if form.errors else 200)

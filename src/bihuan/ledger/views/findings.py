"""Parse, call one verb or one question, render one page."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.files import views as files
from bihuan.ledger import pages, queries, rules, services
from bihuan.ledger.forms import FORMS, FilterForm, RaiseForm, form_for
from bihuan.ledger.models import Finding
from bihuan.people.access import Asked, needs


@require_safe
@needs("ledger.view")
def index(request: Asked) -> HttpResponse:
    form = FilterForm(request.GET)
    found = queries.search(queries.visible_to(request.post), **form.asked())
    number = request.GET.get("page", "1")
    page = pages.index(found, form, int(number) if number.isdecimal() else 1, request.post)
    return render(request, "ui/list.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@needs("ledger.raise")
def raise_finding(request: Asked) -> HttpResponse:
    form = RaiseForm(request.POST or None)
    if form.is_valid():
        finding = services.raise_finding(by=request.post, **form.cleaned_data)
        messages.success(request, _("已存入台账，编号 %(number)s。") % {"number": finding.number})
        return redirect(finding)
    page = pages.raising(form)
    return render(request, "ui/form.html", {"page": page}, status=422 if form.errors else 200)


@require_safe
@needs("ledger.view")
def finding(request: Asked, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    return render(request, "ui/detail.html", {"page": pages.detail(found, request.post)})


@require_http_methods(["GET", "HEAD", "POST"])
@needs("ledger.view")
def step(request: Asked, pk: int, name: str) -> HttpResponse:
    found = _visible(request, pk)
    if request.method != "POST":  # after a change of language, or signing in again
        return redirect(found)
    wanted = name.replace("-", "_")
    if wanted not in FORMS:
        raise Http404
    form: Any = form_for(found, wanted, request.POST, request.FILES)
    if not form.is_valid():
        page = pages.detail(found, request.post, bound=form, bound_step=wanted)
        return render(request, "ui/detail.html", {"page": page}, status=422)
    services.act(found, wanted, by=request.post, **form.cleaned_data)
    messages.success(request, _("已办理：%(step)s。") % {"step": _(rules.STEP_NAMES[wanted])})
    return redirect(found)


@require_safe
@needs("ledger.view")
def evidence(request: Asked, pk: int, evidence: int) -> HttpResponse:
    row = get_object_or_404(_visible(request, pk).evidence.select_related("version"), pk=evidence)
    return files.deliver(row.version)


def _visible(request: HttpRequest, pk: int) -> Finding:
    return get_object_or_404(queries.visible_to(request.post), pk=pk)  # type: ignore[attr-defined]  # needs() has put it there

"""Parse, call one verb or one question, render one page."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.base.errors import NotFound
from bihuan.files import views as files
from bihuan.ledger import pages, queries, rules, services
from bihuan.ledger.forms import FORMS, ListingForm, form_for, told_of_others
from bihuan.ledger.forms.raising import RaisingForm
from bihuan.ledger.models import Finding
from bihuan.people.access import Asked, needs


@require_safe
@needs("ledger.view")
def index(request: Asked) -> HttpResponse:
    form = ListingForm(request.GET)
    found = queries.search(queries.visible_to(request.post), **form.asked())
    page = pages.index(found, form, request.GET.get("page", ""), request.post)
    return render(request, "ui/list.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@needs("ledger.raise")
def raise_finding(request: Asked) -> HttpResponse:
    form = RaisingForm(request.POST or None, by=request.post)
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
    page = pages.detail(found, request.post, wanted=request.GET.get("do", ""))
    return render(request, "ui/detail.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@needs("ledger.view")
def step(request: Asked, pk: int, name: str) -> HttpResponse:
    if request.method != "POST":  # after a change of language, or signing in again
        return redirect(_visible(request, pk))
    found = queries.visible_to(request.post).filter(pk=pk).first()
    if found is None:
        # Said as a refusal, so that what was typed is shown: it may have been taken away meanwhile.
        raise NotFound(_("没有这个问题，或它已经转走，您现在的任职看不到它。"))
    wanted = name.replace("-", "_")
    if wanted not in FORMS:
        raise Http404
    form: Any = form_for(found, wanted, request.POST, request.FILES)
    if not form.is_valid():
        return _again(request, found, wanted, form, 422)
    asked = form.cleaned_data
    others = queries.in_the_way(found, wanted, by=request.post, seen=asked.get("seen"))
    if others:
        return _again(request, found, wanted, told_of_others(form, found, others), 409)
    services.act(found, wanted, by=request.post, **asked)
    messages.success(request, _("已办理：%(step)s。") % {"step": _(rules.STEP_NAMES[wanted])})
    return redirect(found)


def _again(request: Asked, found: Finding, step: str, form: Any, status: int) -> HttpResponse:
    """The finding as it is now, with the form as it was typed and what stands in its way."""
    page = pages.detail(found, request.post, bound=form, bound_step=step)
    return render(request, "ui/detail.html", {"page": page}, status=status)


@require_safe
@needs("ledger.view")
def evidence(request: Asked, pk: int, evidence: int) -> HttpResponse:
    row = get_object_or_404(_visible(request, pk).evidence.select_related("version"), pk=evidence)
    return files.deliver(row.version)


def _visible(request: HttpRequest, pk: int) -> Finding:
    return get_object_or_404(queries.visible_to(request.post), pk=pk)  # type: ignore[attr-defined]  # needs() has put it there

"""Doubts: their list, one of them, and settling it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.facts import pages, queries, services
from bihuan.facts.forms import DoubtFilterForm, SettleForm
from bihuan.facts.views.asked import BOTH, detail, listed, number, the_doubt
from bihuan.people.access import Asked, needs


@require_safe
@needs("facts.view")
def doubts(request: Asked) -> HttpResponse:
    form = DoubtFilterForm(request.GET)
    found = queries.doubts_to_see(request.post).filter(**form.asked())
    page = pages.doubts(found, form, number(request))
    return listed(request, page)


@require_safe
@needs("facts.view")
def doubt(request: Asked, pk: int) -> HttpResponse:
    return detail(request, pages.doubt(the_doubt(request, pk), request.post))


@require_http_methods(BOTH)
@needs("facts.record")
def settle(request: Asked, pk: int) -> HttpResponse:
    found = the_doubt(request, pk)
    if request.method != "POST":
        return redirect(found)
    form = SettleForm(request.POST)
    if not form.is_valid():
        return detail(request, pages.doubt(found, request.post, (), form), 422)
    services.settle(found, by=request.post, **form.cleaned_data)
    messages.success(request, _("疑点已了结，数照旧保留。"))
    return redirect(found)

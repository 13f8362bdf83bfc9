"""Views that look across rooms."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.facts import queries as facts
from bihuan.people.access import Asked, needs, signed_in_only
from bihuan.press import queries as press
from bihuan.site import loop, pages
from bihuan.site import patterns as pattern_pages
from bihuan.site import zone as zones


@require_safe
@signed_in_only
def overview(request: Asked) -> HttpResponse:
    return render(request, "ui/detail.html", {"page": pages.overview(request.post)})


@require_safe
@needs("facts.view")
def zone(request: Asked) -> HttpResponse:
    unit = zones.root()
    if unit is None:
        raise Http404
    return render(request, "ui/detail.html", {"page": pages.zone(unit, request.post)})


@require_safe
@needs("facts.view")
def doubt(request: Asked, pk: int) -> HttpResponse:
    found = get_object_or_404(facts.doubts_to_see(request.post), pk=pk)
    return render(request, "ui/detail.html", {"page": pages.doubt(found, request.post)})


@require_POST
@needs("ledger.raise")
def raise_from_doubt(request: Asked, pk: int) -> HttpResponse:
    found = get_object_or_404(facts.doubts_to_see(request.post), pk=pk)
    finding = loop.raise_from_doubt(found, by=request.post)
    messages.success(request, _("已存入台账，编号 %(number)s。") % {"number": finding.number})
    return redirect(finding)


@require_POST
@needs("ledger.raise")
def raise_from_opinion(request: Asked, pk: int) -> HttpResponse:
    found = press.opinion_for(request.post, pk)
    if found is None:
        raise Http404
    finding = loop.raise_from_opinion(found, by=request.post)
    messages.success(request, _("已存入台账，编号 %(number)s。") % {"number": finding.number})
    return redirect(finding)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_only
def patterns(request: Asked) -> HttpResponse:
    if request.method == "POST":  # its buttons do nothing: back to where they stand
        return redirect("patterns")
    return render(request, "ui/detail.html", {"page": pattern_pages.page()})

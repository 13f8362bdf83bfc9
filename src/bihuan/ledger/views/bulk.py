"""Bulk acts: choose on the list (GET), fill in, look at the preview, confirm (POST)."""

from collections.abc import Iterable

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from bihuan.ledger import queries, rules
from bihuan.ledger.forms import FilterForm
from bihuan.ledger.forms.reading import bulk_form, bulk_steps, filled_in, is_key, rows_of
from bihuan.ledger.models import Finding
from bihuan.ledger.pages import bulk as pages
from bihuan.ledger.services import bulk as services
from bihuan.people.access import Asked, needs
from bihuan.people.models import Post
from bihuan.ui.panel import FormPage


@require_http_methods(["GET", "HEAD", "POST"])
@needs("ledger.view")
def bulk(request: Asked) -> HttpResponse:
    writing = request.method == "POST"
    asked = request.POST if writing else request.GET
    step = asked.get("act", "")
    if step not in bulk_steps(request.post):
        raise Http404
    if writing:
        return _filled_in(request, step)
    found = _chosen(request)
    form = bulk_form(step)
    if any(field.required for field in form.fields.values()):
        outcomes = services.possible(found, step, by=request.post)
        return _shown(request, pages.asking(outcomes, step, form))
    # Nothing need be filled in: the preview comes at once.
    seen = {finding.pk: finding.revision for finding in found}
    outcomes = services.preview(found, step, by=request.post, seen=seen)
    return _shown(request, pages.preview(outcomes, step, form))


def _filled_in(request: Asked, step: str) -> HttpResponse:
    rows = rows_of(request.POST.get("rows", ""))
    found = _seen(request.post, rows)
    form = bulk_form(step, request.POST)
    if not form.is_valid():
        outcomes = services.possible(found, step, by=request.post)
        return _shown(request, pages.asking(outcomes, step, form), 422)
    fields = filled_in(form)
    if not request.POST.get("confirmed"):
        outcomes = services.preview(found, step, by=request.post, seen=rows, **fields)
        return _shown(request, pages.preview(outcomes, step, form))
    done = services.act_on_each(found, step, by=request.post, seen=rows, **fields)
    return _shown(request, pages.outcome(done, step))


def _shown(request: Asked, page: pages.Page, status: int = 200) -> HttpResponse:
    template = "ui/form.html" if isinstance(page, FormPage) else "ui/detail.html"
    return render(request, template, {"page": page}, status=status)


def _chosen(request: Asked) -> list[Finding]:
    """The ticked ones, or everything under the filter; one more than may be, so that it shows."""
    if "whole" not in request.GET:
        ticked = {int(pk) for pk in request.GET.getlist("chosen") if is_key(pk)}
        return _seen(request.post, ticked)
    asked = FilterForm(request.GET).asked()
    return list(queries.search(queries.visible_to(request.post), **asked)[: rules.BULK_MOST + 1])


def _seen(by: Post, chosen: Iterable[int]) -> list[Finding]:
    """What was chosen, as far as this post may see it."""
    return list(queries.visible_to(by).filter(pk__in=list(chosen)).order_by("-pk"))

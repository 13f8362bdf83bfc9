"""Bulk acts: choose on the list (GET), look at the preview, confirm (POST)."""

from collections.abc import Iterable

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from bihuan.ledger import queries
from bihuan.ledger.forms.reading import BULK_FORMS, bulk_steps, carrying, rows_of
from bihuan.ledger.models import Finding
from bihuan.ledger.pages import bulk as pages
from bihuan.ledger.services import bulk as services
from bihuan.people.access import Asked, needs
from bihuan.people.models import Post


@require_http_methods(["GET", "HEAD", "POST"])
@needs("ledger.view")
def bulk(request: Asked) -> HttpResponse:
    steps = bulk_steps(request.post)
    asked = request.POST if request.method == "POST" else request.GET
    step = asked.get("act") or next(iter(steps), "")
    if step not in steps:
        raise Http404
    if request.method == "POST":
        return _confirmed(request, step)
    chosen = {int(pk) for pk in request.GET.getlist("chosen") if pk.isdecimal()}
    outcomes = services.preview(_seen(request.post, chosen), step, by=request.post)
    page = pages.preview(outcomes, step)
    template = "ui/form.html" if hasattr(page, "form") else "ui/detail.html"
    return render(request, template, {"page": page})


def _confirmed(request: Asked, step: str) -> HttpResponse:
    rows = rows_of(request.POST.get("rows", ""))
    found = _seen(request.post, rows)
    form = carrying(BULK_FORMS[step](request.POST), step, list(rows.items()))
    if not form.is_valid():
        outcomes = services.preview(found, step, by=request.post)
        page = pages.preview(outcomes, step, form)
        template = "ui/form.html" if hasattr(page, "form") else "ui/detail.html"
        return render(request, template, {"page": page}, status=422)
    fields = {n: v for n, v in form.cleaned_data.items() if n not in ("act", "rows")}
    done = services.act_on_each(found, step, by=request.post, seen=rows, **fields)
    return render(request, "ui/detail.html", {"page": pages.outcome(done, step)})


def _seen(by: Post, chosen: Iterable[int]) -> list[Finding]:
    """What was chosen, as far as this post may see it."""
    return list(queries.visible_to(by).filter(pk__in=list(chosen)).order_by("-pk"))

"""Reading pages: boards over all projects, the pages of one, its files."""

from datetime import date

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from bihuan.base import clock
from bihuan.files import views as files
from bihuan.files.models import Version
from bihuan.people.access import Asked, known
from bihuan.projects import pages, queries, rules
from bihuan.projects.forms import FilterForm
from bihuan.projects.models import WorkStep
from bihuan.projects.views.doors import DETAIL, inside, visible


@require_safe
@inside
def index(request: Asked) -> HttpResponse:
    form = FilterForm(request.GET or None)
    return render(request, DETAIL, {"page": pages.portfolio.index(request.post, form)})


@require_safe
@inside
def batches(request: Asked) -> HttpResponse:
    return render(request, DETAIL, {"page": pages.boards.batches(request.post)})


@require_safe
@inside
def key(request: Asked, year: int | None = None) -> HttpResponse:
    asked = year or clock.today().year
    known(1993 <= asked <= 2100)
    return render(request, DETAIL, {"page": pages.boards.key(request.post, asked)})


@require_safe
@inside
def filings(request: Asked, year: int | None = None, month: int | None = None) -> HttpResponse:
    asked = queries.month_of(clock.today())
    if year is not None and month is not None:
        known(1993 <= year <= 2100 and 1 <= month <= 12)
        asked = date(year, month, 1)
    return render(request, DETAIL, {"page": pages.boards.filings(request.post, asked)})


@require_safe
@inside
def weekly(request: Asked) -> HttpResponse:
    week = _day(request.GET.get("week", "")) or clock.today()
    page = pages.boards.weekly(request.post, rules.monday(week))
    return render(request, DETAIL, {"page": page})


def _day(text: str) -> date | None:
    """A day from the address; None for anything else."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1993 <= found.year <= 2100 else None


@require_safe
@inside
def blockages(request: Asked) -> HttpResponse:
    return render(request, DETAIL, {"page": pages.boards.blockages(request.post)})


@require_safe
@inside
def project(request: Asked, pk: int) -> HttpResponse:
    page = pages.project.detail(visible(request, pk), request.post)
    return render(request, DETAIL, {"page": page})


@require_safe
@inside
def work(request: Asked, pk: int) -> HttpResponse:
    page = pages.work.work(visible(request, pk), request.post)
    return render(request, DETAIL, {"page": page})


@require_safe
@inside
def work_step(request: Asked, pk: int, step: int) -> HttpResponse:
    found = get_object_or_404(
        WorkStep.objects.filter(project=visible(request, pk)).select_related(
            "project__unit", "rule", "unit", "proof"
        ),
        pk=step,
    )
    return render(request, DETAIL, {"page": pages.work.step(found, request.post)})


@require_safe
@inside
def progress(request: Asked, pk: int) -> HttpResponse:
    page = pages.progress.progress(visible(request, pk), request.post)
    return render(request, DETAIL, {"page": page})


@require_safe
@inside
def plans(request: Asked, pk: int) -> HttpResponse:
    page = pages.plans.plans(visible(request, pk), request.post)
    return render(request, DETAIL, {"page": page})


@require_safe
@inside
def plan(request: Asked, pk: int, plan: int) -> HttpResponse:
    rows = visible(request, pk).plans.select_related(
        "project__unit", "file", "by__person", "by__unit", "decided_by__person", "decided_by__unit"
    )
    found = get_object_or_404(rows, pk=plan)
    return render(request, DETAIL, {"page": pages.plans.plan(found, request.post)})


@require_safe
@inside
def history(request: Asked, pk: int) -> HttpResponse:
    return render(request, DETAIL, {"page": pages.project.history(visible(request, pk))})


@require_safe
@inside
def file(request: Asked, pk: int, version: int) -> HttpResponse:
    """A file that was brought to this project or to one of its steps."""
    found = visible(request, pk)
    steps = [str(key) for key in found.work.values_list("pk", flat=True)]
    own = Q(document__thing_type=found._meta.label_lower, document__thing_id=str(found.pk))
    own |= Q(document__thing_type=WorkStep._meta.label_lower, document__thing_id__in=steps)
    kept = Version.objects.filter(own).filter(pk=version).first()
    if kept is None:
        raise Http404
    return files.deliver(kept)

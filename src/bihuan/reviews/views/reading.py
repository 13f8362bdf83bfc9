"""Reading pages of one meeting. What is confidential is handed out by a verb that records it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bihuan.files import views as files
from bihuan.files.models import Version
from bihuan.people.access import Asked, known
from bihuan.reviews import pages, queries, rules, services
from bihuan.reviews.models import Review, StepDocument
from bihuan.reviews.views.doors import inside, visible
from bihuan.ui import printing

DETAIL = "ui/detail.html"


@require_safe
@inside
def review(request: Asked, pk: int) -> HttpResponse:
    page = pages.detail.detail(visible(request, pk), request.post)
    return render(request, DETAIL, {"page": page})


@require_safe
@inside
def people(request: Asked, pk: int) -> HttpResponse:
    page = pages.people.page(visible(request, pk), request.post)
    return render(request, DETAIL, {"page": page})


@require_safe
@inside
def step(request: Asked, pk: int, step: int) -> HttpResponse:
    found = get_object_or_404(visible(request, pk).steps.select_related("review__body"), pk=step)
    return render(request, DETAIL, {"page": pages.detail.step(found, request.post)})


@require_safe
@never_cache
@inside
def document(request: Asked, pk: int, document: int) -> HttpResponse:
    papers = StepDocument.objects.filter(step__review=visible(request, pk))
    found = get_object_or_404(papers.select_related("step__review__body", "version"), pk=document)
    return _delivered(*services.take_document(found, by=request.post))


@require_safe
@never_cache
@inside
def opinions(request: Asked, pk: int) -> HttpResponse:
    found = visible(request, pk)
    read = services.read_opinions(found, by=request.post)
    page = pages.before.opinions(found, request.post, read)
    return render(request, DETAIL, {"page": page})


@require_safe
@inside
def talks(request: Asked, pk: int) -> HttpResponse:
    page = pages.before.talks(visible(request, pk), request.post)
    return render(request, DETAIL, {"page": page})


@require_safe
@never_cache
@inside
def talk(request: Asked, pk: int, talk: int) -> HttpResponse:
    rows = visible(request, pk).talks.select_related("review__body", "seat__post__person")
    found = get_object_or_404(rows, pk=talk)
    place = queries.place(found.review, request.post)
    known(place.clerk or place.seat in {found.seat_id, found.other_id} - {None})
    page = pages.before.talk(found, services.read_talk(found, by=request.post))
    return render(request, DETAIL, {"page": page})


@require_safe
@inside
def papers(request: Asked, pk: int) -> HttpResponse:
    page = pages.before.papers(visible(request, pk), request.post)
    return render(request, DETAIL, {"page": page})


@require_safe
@never_cache
@inside
def paper(request: Asked, pk: int, paper: int) -> HttpResponse:
    found = get_object_or_404(queries.papers(visible(request, pk)), pk=paper)
    reading = services.read_paper(found, by=request.post)
    return render(request, DETAIL, {"page": pages.before.paper(reading, request.post)})


@require_safe
@never_cache
@inside
def draft_file(request: Asked, pk: int, paper: int) -> HttpResponse:
    found = get_object_or_404(queries.papers(visible(request, pk)), pk=paper)
    return _delivered(*services.take_file(found, by=request.post, number=None))


@require_safe
@never_cache
@inside
def paper_file(request: Asked, pk: int, paper: int, number: int) -> HttpResponse:
    found = get_object_or_404(queries.papers(visible(request, pk)), pk=paper)
    return _delivered(*services.take_file(found, by=request.post, number=number))


@require_safe
@inside
def agenda(request: Asked, pk: int) -> HttpResponse:
    page = pages.sitting.agenda(visible(request, pk), request.post)
    return render(request, DETAIL, {"page": page})


@require_safe
@never_cache
@inside
def record(request: Asked, pk: int) -> HttpResponse:
    found = visible(request, pk)
    said = services.read_record(found, by=request.post)
    page = pages.sitting.record(found, request.post, said)
    return render(request, DETAIL, {"page": page})


@require_safe
@inside
def problems(request: Asked, pk: int) -> HttpResponse:
    page = pages.after.problems(visible(request, pk), request.post)
    return render(request, DETAIL, {"page": page})


@require_safe
@inside
def lower(request: Asked, pk: int) -> HttpResponse:
    page = pages.after.lower(visible(request, pk), request.post)
    return render(request, DETAIL, {"page": page})


@require_safe
@inside
def sheets(request: Asked, pk: int) -> HttpResponse:
    page = pages.sheets.index(visible(request, pk), request.post)
    return render(request, DETAIL, {"page": page})


@require_safe
@never_cache
@inside
def sheet(request: Asked, pk: int, kind: str) -> HttpResponse:
    found = visible(request, pk)
    known(kind in rules.SHEETS)
    services.read_sheet(found, by=request.post, sheet=kind)
    return render(request, "reviews/sheet.html", {"page": pages.sheets.sheet(found, kind)})


@require_safe
@never_cache
@inside
def sheet_pdf(request: Asked, pk: int, kind: str) -> HttpResponse:
    found = visible(request, pk)
    known(kind in rules.SHEETS)
    services.read_sheet(found, by=request.post, sheet=kind)
    mark = _("示例数据") if found.sample else ""
    return printing.answer(pages.papers.document(pages.sheets.sheet(found, kind), mark))


@require_safe
@inside
def log(request: Asked, pk: int) -> HttpResponse:
    found: Review = visible(request, pk)
    place = queries.place(found, request.post)
    known(place.clerk or place.head)
    return render(request, DETAIL, {"page": pages.detail.log(found, request.post)})


def _delivered(version: Version, name: str) -> HttpResponse:
    """Hand the file out under the name its bringer gave it; `files` knows it by a neutral one."""
    version.name = name
    return files.deliver(version)

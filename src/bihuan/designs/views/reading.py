"""Reading pages, and what is handed out as a file."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from bihuan.designs import pages, queries, services
from bihuan.designs.pages.scheme import EDITIONS
from bihuan.designs.views import doors
from bihuan.designs.views.doors import inside, office
from bihuan.files import views as files
from bihuan.people.access import Asked, known
from bihuan.ui import printing

DETAIL, LIST = "ui/detail.html", "ui/list.html"


@require_safe
@inside
def index(request: Asked) -> HttpResponse:
    return render(request, LIST, {"page": pages.listing.index(request.post)})


@require_safe
@inside
def scheme(request: Asked, pk: int) -> HttpResponse:
    page = pages.scheme.detail(doors.scheme_of(request, pk), request.post)
    return render(request, DETAIL, {"page": page})


@require_safe
@inside
def version(request: Asked, pk: int, number: int) -> HttpResponse:
    page = pages.version.detail(doors.version_of(request, pk, number), request.post)
    return render(request, DETAIL, {"page": page})


@require_safe
@inside
def file(request: Asked, pk: int, number: int, order: int) -> HttpResponse:
    found = doors.version_of(request, pk, number).files.select_related("kept")
    one = found.filter(order=order).first()
    if one is None:
        raise Http404
    return files.deliver(one.kept)


@require_safe
@inside
def compare(request: Asked, pk: int, old: int, new: int) -> HttpResponse:
    known(old < new)
    older, newer = (doors.version_of(request, pk, number) for number in (old, new))
    found = queries.comparison(older, newer)
    page = pages.version.compared(older, newer, found, request.post)
    return render(request, DETAIL, {"page": page})


@require_safe
@inside
def opinion(request: Asked, pk: int, number: int) -> HttpResponse:
    page = pages.opinion.detail(doors.opinion_of(request, pk, number), request.post)
    return render(request, DETAIL, {"page": page})


@require_safe
@inside
def picture(request: Asked, pk: int, number: int, order: int) -> HttpResponse:
    found = list(doors.opinion_of(request, pk, number).pictures.select_related("kept"))
    known(1 <= order <= len(found))
    return files.deliver(found[order - 1].kept)


@require_safe
@inside
def sheet(request: Asked, pk: int) -> HttpResponse:
    return printing.answer(pages.papers.opinions(doors.scheme_of(request, pk)))


@require_safe
@inside
def bcf(request: Asked, pk: int, edition: str) -> HttpResponse:
    known(edition in EDITIONS)
    found = doors.scheme_of(request, pk)
    content = services.hand_out(found, by=request.post, edition=EDITIONS[edition])
    answer = HttpResponse(content, content_type="application/octet-stream")
    name = content_disposition_header(True, f"{found.name}-{EDITIONS[edition]}.bcf")
    answer.headers["Content-Disposition"] = name or "attachment"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@require_safe
@office
def notice(request: Asked, pk: int, notice: int) -> HttpResponse:
    page = pages.public.desk(doors.notice_of(request, pk, notice), request.post)
    return render(request, DETAIL, {"page": page})


@require_safe
@inside
def meetings(request: Asked) -> HttpResponse:
    return render(request, LIST, {"page": pages.meeting.index(request.post)})


@require_safe
@inside
def meeting(request: Asked, pk: int) -> HttpResponse:
    page = pages.meeting.detail(doors.meeting_of(request, pk), request.post)
    return render(request, DETAIL, {"page": page})


@require_safe
@inside
def agenda_pdf(request: Asked, pk: int) -> HttpResponse:
    return printing.answer(pages.papers.agenda(doors.meeting_of(request, pk)))


@require_safe
@inside
def minutes(request: Asked, pk: int) -> HttpResponse:
    paper = queries.meetings.paper(doors.meeting_of(request, pk))
    if paper is None:
        raise Http404
    return render(request, DETAIL, {"page": pages.meeting.minutes(paper, request.post)})


@require_safe
@inside
def minutes_pdf(request: Asked, pk: int) -> HttpResponse:
    paper = queries.meetings.paper(doors.meeting_of(request, pk))
    if paper is None:
        raise Http404
    return printing.answer(pages.papers.minutes(paper))

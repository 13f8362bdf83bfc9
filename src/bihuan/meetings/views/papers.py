"""Papers as PDF: plan, notice, agenda, result sheet, letter."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from bihuan.meetings import pages, queries
from bihuan.meetings.models import Meeting, Plan
from bihuan.meetings.queries import results as outcome
from bihuan.meetings.views.after import letter_of
from bihuan.meetings.views.door import meeting_of, only, sees
from bihuan.people.access import Asked
from bihuan.ui import printing


@require_safe
@sees
def plan(request: Asked, pk: int) -> HttpResponse:
    found = meeting_of(request, pk)
    draft = queries.drafting(found) if not queries.in_force(found) else None
    version = draft or queries.in_force(found)
    if version is None:
        raise Http404
    return printing.answer(pages.printing.plan_paper(found, version))


@require_safe
@sees
def notice(request: Asked, pk: int) -> HttpResponse:
    found = meeting_of(request, pk)
    return printing.answer(pages.printing.notice_paper(found, _in_force(found)))


@require_safe
@sees
def appointments(request: Asked, pk: int) -> HttpResponse:
    """会议日程，供日历程序收下。"""
    found = meeting_of(request, pk)
    content = pages.printing.appointments(found, _in_force(found))
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="meeting-{pk}.ics"'
    return answer


def _in_force(meeting: Meeting) -> Plan:
    """Only an approved plan is announced."""
    plan = queries.in_force(meeting)
    if plan is None:
        raise Http404
    return plan


@require_safe
@sees
def agenda(request: Asked, pk: int) -> HttpResponse:
    return printing.answer(pages.printing.agenda_paper(meeting_of(request, pk)))


@require_safe
@sees
def results(request: Asked, pk: int) -> HttpResponse:
    only(request, "meetings.results")
    found = meeting_of(request, pk)
    if not outcome.is_counted(found):
        raise Http404
    return printing.answer(pages.printing.result_paper(found))


@require_safe
@sees
def letter(request: Asked, pk: int, code: str) -> HttpResponse:
    return printing.answer(pages.printing.letter_paper(letter_of(request, pk, code)))

"""The hall: the acts of the chair, the run-sheet, comments."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.meetings import pages, queries, services
from bihuan.meetings.forms import CommentForm, CountForm, ReasonForm, RehearseForm, WaiveForm
from bihuan.meetings.models import Meeting
from bihuan.meetings.views.door import BOTH, detail, meeting_of, only, reporter_of, said, sees
from bihuan.people.access import Asked, needs

_VERBS: dict[str, Any] = {
    "begin": services.begin,
    "recall": services.recall_last_year,
    "start-rating": services.start_rating,
    "end-rating": services.end_rating,
    "put-away": services.put_away,
    "issue-letters": services.issue_letters,
    "record-scores": services.record_scores,
    "close": services.close,
}
# Where each act leads; the round's own page unless told.
_THEN = {"recall": "hall", "count": "results", "issue-letters": "follow", "record-scores": "follow"}


@require_http_methods(BOTH)
@sees
def act(request: Asked, pk: int, name: str) -> HttpResponse:
    """One act on the round; each verb asks its own permission."""
    found = meeting_of(request, pk)
    if name not in (*_VERBS, "count", "waive", "rehearse"):
        raise Http404
    if request.method != "POST":  # after a change of language, or signing in again
        return redirect(found)
    if name == "count":
        return _count(request, found)
    if name == "waive":
        return _waive(request, found)
    if name == "rehearse":
        return _rehearse(request, found)
    _VERBS[name](found, by=request.post)
    return said(request, _("已办理。"), _then(found, name))


def _then(found: Meeting, name: str) -> str:
    to = _THEN.get(name)
    return pages.address(found, to) if to else found.get_absolute_url()


def _count(request: Asked, found: Meeting) -> HttpResponse:
    shares: list[str] = []
    if found.poll is not None and found.poll.plan["seal"] == "shares":
        form = CountForm(request.POST)
        if not form.is_valid():
            page = pages.meeting.detail(found, request.post, {"count": form})
            return detail(request, page, 422)
        shares = form.lines()
    services.count_ballots(found, by=request.post, shares=shares)
    return said(request, _("已计票。"), _then(found, "count"))


def _waive(request: Asked, found: Meeting) -> HttpResponse:
    steps = [one.step for one in queries.checks(found)]
    form = WaiveForm(steps, request.POST)
    if not form.is_valid():
        return detail(request, pages.meeting.detail(found, request.post, {"waive": form}), 422)
    services.waive(found, by=request.post, **form.cleaned_data)
    return said(request, _("已批准免做，原因和结果一起打印。"), found)


def _rehearse(request: Asked, found: Meeting) -> HttpResponse:
    form = RehearseForm(request.POST)
    if not form.is_valid():
        return detail(request, pages.meeting.detail(found, request.post, {"rehearse": form}), 422)
    trial = services.rehearse(found, by=request.post, **form.cleaned_data)
    return said(request, _("已发起演练。"), pages.address(trial, "rehearsal"))


@require_safe
@sees
def rehearsal(request: Asked, pk: int) -> HttpResponse:
    only(request, "meetings.run", "meetings.results")
    found = meeting_of(request, pk)
    if not found.rehearsal:
        raise Http404
    return detail(request, pages.rehearsal.detail(found, request.post))


# The run-sheet ----------------------------------------------------------------------------------


@require_safe
@sees
def hall(request: Asked, pk: int) -> HttpResponse:
    page = pages.hall.detail(meeting_of(request, pk), request.post)
    return detail(request, page, template="meetings/hall.html")


@require_POST
@needs("meetings.run")
def call_on(request: Asked, pk: int, code: str) -> HttpResponse:
    services.call_on(reporter_of(request, pk, code), by=request.post)
    return redirect("meetings:hall", pk=pk)


@require_POST
@needs("meetings.run")
def finish_report(request: Asked, pk: int, code: str) -> HttpResponse:
    services.finish_report(reporter_of(request, pk, code), by=request.post)
    return redirect("meetings:hall", pk=pk)


@require_http_methods(BOTH)
@needs("meetings.run")
def pass_over(request: Asked, pk: int, code: str) -> HttpResponse:
    found = reporter_of(request, pk, code)
    if request.method != "POST":
        return redirect("meetings:hall", pk=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        page = pages.hall.detail(found.meeting, request.post, {"pass-over": form})
        return detail(request, page, 422, "meetings/hall.html")
    services.pass_over(found, by=request.post, **form.cleaned_data)
    return redirect("meetings:hall", pk=pk)


@require_http_methods(BOTH)
@needs("meetings.run")
def comment(request: Asked, pk: int, code: str) -> HttpResponse:
    """From the run-sheet or from the unit's page: back to where it was asked."""
    found = reporter_of(request, pk, code)
    if request.method != "POST":
        return redirect(found)
    speaking = found.meeting.speaking_id == found.pk
    form = CommentForm(found, request.POST)
    if not form.is_valid():
        if speaking:
            page = pages.hall.detail(found.meeting, request.post, {"comment": form})
            return detail(request, page, 422, "meetings/hall.html")
        page = pages.reporter.detail(found, request.post, {"comment": form})
        return detail(request, page, 422)
    services.record_comment(found, by=request.post, **form.cleaned_data)
    to = pages.address(found.meeting, "hall") if speaking else found.get_absolute_url()
    return said(request, _("已记录点评。"), to)

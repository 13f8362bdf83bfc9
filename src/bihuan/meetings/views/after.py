"""Results, grades, letters, uses, requirements, findings."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.meetings import pages, queries, services
from bihuan.meetings.forms import DecideForm, PartsForm, RequirementsForm, SpeechForm, UseForm
from bihuan.meetings.models import Letter, Meeting, Reporter, Use
from bihuan.meetings.queries import results as outcome
from bihuan.meetings.views.door import BOTH, detail, meeting_of, only, reporter_of, said, sees
from bihuan.people.access import Asked, needs


def _counted(request: Asked, pk: int) -> Meeting:
    """A counted round, for those who see results."""
    only(request, "meetings.results")
    found = meeting_of(request, pk)
    if not outcome.is_counted(found):
        raise Http404
    return found


@require_safe
@sees
def results(request: Asked, pk: int) -> HttpResponse:
    return detail(request, pages.results.detail(_counted(request, pk), request.post))


@require_safe
@sees
def grades(request: Asked, pk: int) -> HttpResponse:
    only(request, "meetings.results")
    return detail(request, pages.grading.detail(meeting_of(request, pk), request.post))


@require_http_methods(BOTH)
@needs("meetings.run")
def enter_part(request: Asked, pk: int, part: str) -> HttpResponse:
    found = meeting_of(request, pk)
    if request.method != "POST":
        return redirect("meetings:grades", pk=pk)
    reporters = [one for one in queries.reporters(found) if one.rated]
    form = PartsForm(reporters, queries.parts_entered(found), part, request.POST)
    if not form.is_valid():
        page = pages.grading.detail(found, request.post, {f"part-{part}": form})
        return detail(request, page, 422)
    services.enter_parts(
        found,
        by=request.post,
        code=part,
        values=form.values(),
        basis=form.cleaned_data["basis"],
    )
    return said(request, _("已登记。"), pages.address(found, "grades"))


@require_http_methods(BOTH)
@needs("meetings.grade")
def decide(request: Asked, pk: int, code: str) -> HttpResponse:
    found = _counted(request, pk)
    reporter = queries.reporter_of(found, code)
    if reporter is None:
        raise Http404
    reporter.meeting = found
    last = queries.decision(reporter)
    computed = outcome.composite_of(found, reporter).grade
    before = {"grade": last.grade if last else computed, "basis": last.basis if last else ""}
    form = DecideForm(queries.document(found), request.POST or None, **before)
    if not form.is_valid():
        page = pages.grading.deciding(reporter, form)
        return detail(request, page, 422 if form.errors else 200)
    services.decide(reporter, by=request.post, **form.cleaned_data)
    return said(request, _("已确定等次。"), pages.address(found, "grades"))


# After ------------------------------------------------------------------------------------------


@require_safe
@sees
def follow(request: Asked, pk: int) -> HttpResponse:
    only(request, "meetings.run", "meetings.results")
    return detail(request, pages.following.detail(meeting_of(request, pk), request.post))


@require_http_methods(BOTH)
@needs("meetings.run")
def speech(request: Asked, pk: int) -> HttpResponse:
    found = meeting_of(request, pk)
    if request.method != "POST":
        return redirect("meetings:follow", pk=pk)
    form = SpeechForm(request.POST)
    if not form.is_valid():
        return detail(request, pages.following.detail(found, request.post, {"speech": form}), 422)
    services.record_speech(found, by=request.post, **form.cleaned_data)
    return said(request, _("已保存讲话。"), pages.address(found, "follow"))


@require_http_methods(BOTH)
@needs("meetings.run")
def requirements(request: Asked, pk: int) -> HttpResponse:
    found = meeting_of(request, pk)
    if request.method != "POST":
        return redirect("meetings:follow", pk=pk)
    form = RequirementsForm(request.POST)
    if not form.is_valid():
        page = pages.following.detail(found, request.post, {"requirements": form})
        return detail(request, page, 422)
    services.add_requirements(found, by=request.post, texts=form.lines())
    return said(request, _("已登记。"), pages.address(found, "follow"))


@require_POST
@needs("meetings.run")
def general(request: Asked, pk: int, number: int) -> HttpResponse:
    found = meeting_of(request, pk)
    row = get_object_or_404(found.requirements.select_related("meeting"), number=number)
    services.set_general(row, by=request.post)
    return said(request, _("已改。"), pages.address(found, "follow"))


@require_http_methods(BOTH)
@needs("meetings.run")
def use(request: Asked, pk: int, use: int) -> HttpResponse:
    found = meeting_of(request, pk)
    row = get_object_or_404(
        Use.objects.select_related("reporter__unit", "reporter__meeting"),
        pk=use,
        reporter__meeting=found,
    )
    form = UseForm(request.POST or None)
    if not form.is_valid():
        page = pages.following.using(row, form)
        return detail(request, page, 422 if form.errors else 200)
    services.finish_use(row, by=request.post, **form.cleaned_data)
    return said(request, _("已办结。"), pages.address(found, "follow"))


@require_POST
@needs("meetings.run")
def raise_issue(request: Asked, pk: int, code: str, kind: str, key: str) -> HttpResponse:
    """One click, one finding: a requirement of the meeting, or what it showed of a unit.

    What the ledger stores is in the source language, whoever clicks.
    """
    found = meeting_of(request, pk)
    with translation.override(settings.LANGUAGE_CODE):
        reporter, concern = _concern(request, found, code, kind, key)
    finding = services.raise_issue(
        found,
        by=request.post,
        reporter=reporter,
        kind=concern.kind,
        key=concern.key,
        title=concern.title,
        description=concern.description,
    )
    told = _("已存入台账，编号 %(number)s。") % {"number": finding.number}
    return said(request, told, pages.address(found, "follow"))


def _concern(
    request: Asked, found: Meeting, code: str, kind: str, key: str
) -> tuple[Reporter | None, outcome.Concern]:
    """What was clicked on."""
    if kind == "requirement":
        row = get_object_or_404(found.requirements, number=int(key) if key.isdecimal() else 0)
        told = _("%(title)s会议要求第 %(n)d 条。") % {"title": found.title, "n": row.number}
        return None, outcome.Concern(kind, key, row.text, told)
    reporter = reporter_of(request, found.pk, code)
    wanted = "" if key == "all" else key
    for concern in outcome.concerns(found, reporter):
        if (concern.kind, concern.key) == (kind, wanted):
            return reporter, concern
    raise Http404


# Letters ----------------------------------------------------------------------------------------


def letter_of(request: Asked, pk: int, code: str) -> Letter:
    """A letter that this post may read: its own unit's, or any for those who see results."""
    reporter = reporter_of(request, pk, code)
    letter = Letter.objects.select_related("read_by__person", "read_by__unit").filter(
        reporter=reporter
    )
    if not queries.may_read_letter(request.post, reporter):
        raise Http404
    found = get_object_or_404(letter)
    found.reporter = reporter
    return found


@require_safe
@sees
def letter(request: Asked, pk: int, code: str) -> HttpResponse:
    return detail(request, pages.following.letter(letter_of(request, pk, code), request.post))


@require_POST
@sees
def sign_letter(request: Asked, pk: int, code: str) -> HttpResponse:
    found = letter_of(request, pk, code)
    services.sign_letter(found, by=request.post)
    return said(request, _("已签收。"), found)

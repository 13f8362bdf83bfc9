"""Rounds, plans, reports, materials, guests, the roll."""

from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.ballots.pages import once as ballots
from bihuan.files import queries as files
from bihuan.files import views as file_views
from bihuan.meetings import pages, queries, services
from bihuan.meetings.forms import (
    GuestForm,
    MaterialForm,
    NoteForm,
    OpenForm,
    ReasonForm,
    ReportForm,
    RollForm,
    RowsForm,
    SectionForm,
)
from bihuan.meetings.models import Material
from bihuan.meetings.views.door import BOTH, detail, meeting_of, only, reporter_of, said, sees
from bihuan.people.access import Asked, needs


@require_safe
@sees
def index(request: Asked) -> HttpResponse:
    return render(request, "ui/list.html", {"page": pages.listing.index(request.post)})


@require_http_methods(BOTH)
@needs("meetings.plan")
def open_round(request: Asked) -> HttpResponse:
    form = OpenForm(request.POST or None)
    if not form.is_valid():
        page = pages.listing.opening(form)
        return render(request, "ui/form.html", {"page": page}, status=422 if form.errors else 200)
    made = services.open_round(by=request.post, **form.cleaned_data)
    return said(request, _("已起草方案。请逐节核对，再报批。"), pages.plan_of(made))


@require_safe
@sees
def meeting(request: Asked, pk: int) -> HttpResponse:
    return detail(request, pages.meeting.detail(meeting_of(request, pk), request.post))


# The plan ---------------------------------------------------------------------------------------


@require_safe
@sees
def plan(request: Asked, pk: int) -> HttpResponse:
    return detail(request, pages.plan.detail(meeting_of(request, pk), request.post))


@require_http_methods(BOTH)
@sees
def plan_part(request: Asked, pk: int, part: str) -> HttpResponse:
    only(request, "meetings.plan")
    found = meeting_of(request, pk)
    draft = queries.drafting(found)
    if draft is None or draft.state != "draft":
        return redirect(pages.plan_of(found))
    form = pages.plan.form_for(part, draft.document, request.POST or None)
    if form is None:
        raise Http404
    if not form.is_valid():
        page = pages.plan.editing(found, draft, part, form)
        return detail(request, page, 422 if form.errors else 200)
    _saved(found, request, part, form)
    return said(request, _("已保存。"), pages.plan_of(found))


def _saved(found: Any, request: Asked, part: str, form: Any) -> None:
    if isinstance(form, SectionForm):
        services.save_fields(found, by=request.post, section=part, values=form.values())
    elif isinstance(form, RowsForm):
        services.save_table(found, by=request.post, table=part, rows=form.rows())
    else:
        services.save_units(found, by=request.post, units=form.chosen())


_PLAN_FORMS: dict[str, Any] = {"send-back": NoteForm, "new-version": ReasonForm}
_PLAN_VERBS: dict[str, Any] = {
    "submit": services.submit,
    "approve": services.approve,
    "send-back": services.send_back,
    "new-version": services.new_version,
}


@require_http_methods(BOTH)
@sees
def plan_act(request: Asked, pk: int, name: str) -> HttpResponse:
    found = meeting_of(request, pk)
    if name not in _PLAN_VERBS:
        raise Http404
    if request.method != "POST":  # after a change of language, or signing in again
        return redirect(pages.plan_of(found))
    given: dict[str, Any] = {}
    if name in _PLAN_FORMS:
        form = _PLAN_FORMS[name](request.POST)
        if not form.is_valid():
            return detail(request, pages.plan.detail(found, request.post, {name: form}), 422)
        given = form.cleaned_data
    _PLAN_VERBS[name](found, by=request.post, **given)
    return said(request, _("已办理。"), pages.plan_of(found))


# Reports ----------------------------------------------------------------------------------------


@require_safe
@sees
def papers(request: Asked, pk: int) -> HttpResponse:
    return detail(request, pages.papers.detail(meeting_of(request, pk), request.post))


@require_safe
@sees
def reporter(request: Asked, pk: int, code: str) -> HttpResponse:
    return detail(request, pages.reporter.detail(reporter_of(request, pk, code), request.post))


@require_http_methods(BOTH)
@sees
def hand_in(request: Asked, pk: int, code: str) -> HttpResponse:
    found = reporter_of(request, pk, code)
    if not queries.may_report(request.post, found.unit):
        raise Http404
    if request.method != "POST":
        return redirect(found)
    form = ReportForm(request.POST, request.FILES)
    if not form.is_valid():
        return detail(request, pages.reporter.detail(found, request.post, {"report": form}), 422)
    report = services.hand_in(found, by=request.post, **form.cleaned_data)
    return said(request, _("已收到。请留存回执。"), report)


@require_safe
@sees
def receipt(request: Asked, pk: int, code: str, number: int) -> HttpResponse:
    found = reporter_of(request, pk, code)
    report = get_object_or_404(found.reports.select_related("version", "by"), number=number)
    report.reporter = found
    return detail(request, pages.reporter.receipt(report, request.post))


@require_safe
@sees
def report_file(request: Asked, pk: int, code: str, number: int) -> HttpResponseBase:
    found = reporter_of(request, pk, code)
    report = get_object_or_404(found.reports.select_related("version"), number=number)
    return file_views.deliver(report.version)


# Materials and guests ---------------------------------------------------------------------------


@require_http_methods(BOTH)
@needs("meetings.run")
def material(request: Asked, pk: int) -> HttpResponse:
    found = meeting_of(request, pk)
    if request.method != "POST":
        return redirect("meetings:papers", pk=pk)
    form = MaterialForm(found, request.POST, request.FILES)
    if not form.is_valid():
        page = pages.papers.detail(found, request.post, {"material": form})
        return detail(request, page, 422)
    services.add_material(found, by=request.post, **form.cleaned_data)
    return said(request, _("已存入。"), pages.address(found, "papers"))


@require_safe
@sees
def material_file(request: Asked, pk: int, material: int) -> HttpResponseBase:
    found = meeting_of(request, pk)
    if not pages.papers.sees_materials(request.post):
        raise Http404
    row = get_object_or_404(Material.objects.select_related("document"), pk=material, meeting=found)
    version = files.newest(row.document)
    if version is None:
        raise Http404
    return file_views.deliver(version)


@require_http_methods(BOTH)
@needs("meetings.run")
def invite(request: Asked, pk: int) -> HttpResponse:
    found = meeting_of(request, pk)
    if request.method != "POST":
        return redirect("meetings:papers", pk=pk)
    form = GuestForm(found, request.POST)
    if not form.is_valid():
        return detail(request, pages.papers.detail(found, request.post, {"guest": form}), 422)
    services.invite(found, by=request.post, **form.cleaned_data)
    return said(request, _("已登记。"), pages.address(found, "papers"))


@require_POST
@needs("meetings.run")
def end_guest(request: Asked, pk: int, guest: int) -> HttpResponse:
    found = meeting_of(request, pk)
    services.end_invitation(get_object_or_404(found.guests, pk=guest), by=request.post)
    return said(request, _("已结束。"), pages.address(found, "papers"))


# The roll ---------------------------------------------------------------------------------------


@require_safe
@sees
def roll(request: Asked, pk: int) -> HttpResponse:
    only(request, "meetings.run", "meetings.results")
    return detail(request, pages.papers.roll(meeting_of(request, pk), request.post))


@require_http_methods(BOTH)
@needs("meetings.run")
def set_roll(request: Asked, pk: int) -> HttpResponse:
    found = meeting_of(request, pk)
    if request.method != "POST":
        return redirect("meetings:roll", pk=pk)
    form = RollForm(found, request.POST)
    if not form.is_valid():
        return detail(request, pages.papers.roll(found, request.post, {"roll": form}), 422)
    services.set_roll(found, by=request.post, text=form.cleaned_data["roll"])
    return said(request, _("已保存名单。"), pages.address(found, "roll"))


@never_cache
@require_http_methods(BOTH)
@needs("meetings.run")
def seal_box(request: Asked, pk: int) -> HttpResponse:
    found = meeting_of(request, pk)
    if request.method != "POST":
        return redirect("meetings:roll", pk=pk)
    shares = services.seal_box(found, by=request.post)
    if shares:  # shown in this answer and nowhere else
        found.refresh_from_db()
        assert found.poll is not None
        return detail(request, ballots.shares(found.poll, shares))
    return said(request, _("票箱已设好。"), pages.address(found, "roll"))

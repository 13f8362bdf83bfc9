"""Views of rounds: the list, one being filled, and every step of it."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.assessment import findings, intake, pages, queries, services
from bihuan.assessment.forms import (
    CellsForm,
    FreezeForm,
    NoteForm,
    OpenForm,
    PeersForm,
    PointForm,
    RunForm,
)
from bihuan.assessment.models import Round
from bihuan.assessment.pages import naming
from bihuan.assessment.views.asked import BOTH, detail, raised, said, the_round
from bihuan.people.access import Asked, needs


@require_safe
@needs("assessment.view")
def index(request: Asked) -> HttpResponse:
    return render(request, "ui/list.html", {"page": pages.rounds.index(request.post)})


@require_http_methods(BOTH)
@needs("assessment.declare")
def open_round(request: Asked) -> HttpResponse:
    form = OpenForm(request.POST or None)
    if not form.is_valid():
        page = pages.rounds.opening(form)
        return render(request, "ui/form.html", {"page": page}, status=422 if form.errors else 200)
    made = services.open_round(by=request.post, **form.cleaned_data)
    return said(request, _("已开始一轮考核。"), made)


@require_safe
@needs("assessment.view")
def a_round(request: Asked, pk: int) -> HttpResponse:
    return detail(request, pages.rounds.detail(the_round(request, pk), request.post))


def _with(request: Asked, found: Round, name: str, form: Any) -> HttpResponse:
    """The round's page with one of its forms come back with faults."""
    return detail(request, pages.rounds.detail(found, request.post, {name: form}), 422)


@require_http_methods(BOTH)
@needs("assessment.declare", "assessment.freeze")
def take(request: Asked, pk: int) -> HttpResponse:
    found = the_round(request, pk)
    if request.method != "POST":
        return redirect(found)
    brought = services.take(found, by=request.post)
    told = _("填上了 %(n)d 格。") % {"n": brought.cells}
    if brought.unclear:
        names = _("、").join(brought.unclear)
        told += _("有几种口径、计量单位不同，须由人填，或要由有权查看的人来取的：%(names)s。") % {
            "names": names
        }
    return said(request, told, found)


@require_http_methods(BOTH)
@needs("assessment.declare")
def declare(request: Asked, pk: int, code: str) -> HttpResponse:
    found = the_round(request, pk)
    entrant = next((one for one in queries.own(found) if one.code == code), None)
    if entrant is None:
        raise Http404
    if request.method != "POST":
        return redirect(found)
    now = {c.node.code: c.value for c in queries.cells(found).filter(entrant=entrant)}
    form = CellsForm(request.POST, nodes=queries.leaves(found.scheme), now=now)
    if not form.is_valid():
        return _with(request, found, "cells", form)
    changed = services.declare(
        found,
        by=request.post,
        entrant=entrant,
        values=form.values(),
        source=form.cleaned_data["source"],
    )
    return said(request, _("改了 %(n)d 格，旧的都留着。") % {"n": changed}, found)


@require_http_methods(BOTH)
@needs("assessment.declare")
def load_peers(request: Asked, pk: int) -> HttpResponse:
    found = the_round(request, pk)
    if request.method != "POST":
        return redirect(found)
    form = PeersForm(request.POST)
    if not form.is_valid():
        return _with(request, found, "peers", form)
    given = form.cleaned_data
    rows = intake.peers(found, given["table"])
    services.load_peers(
        found, by=request.post, rows=rows, source=given["source"], replaces=not given["merge"]
    )
    return said(request, _("载入了 %(n)d 家。") % {"n": len(rows)}, found)


@require_http_methods(BOTH)
@needs("assessment.declare")
def submit(request: Asked, pk: int) -> HttpResponse:
    found = the_round(request, pk)
    if request.method != "POST":
        return redirect(found)
    services.submit(found, by=request.post)
    return said(request, _("已提交，等另一人核对。"), found)


@require_http_methods(BOTH)
@needs("assessment.freeze")
def send_back(request: Asked, pk: int) -> HttpResponse:
    found = the_round(request, pk)
    if request.method != "POST":
        return redirect(found)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _with(request, found, "back", form)
    services.send_back(found, by=request.post, **form.cleaned_data)
    return said(request, _("已退回。"), found)


@require_http_methods(BOTH)
@needs("assessment.freeze")
def freeze(request: Asked, pk: int) -> HttpResponse:
    found = the_round(request, pk)
    if request.method != "POST":
        return redirect(found)
    form = FreezeForm(request.POST)
    if not form.is_valid():
        return _with(request, found, "freeze", form)
    services.freeze(found, by=request.post, **form.cleaned_data)
    return said(request, _("已冻结，可以测算了。"), found)


@require_http_methods(BOTH)
@needs("assessment.freeze")
def point(request: Asked, pk: int) -> HttpResponse:
    found = the_round(request, pk)
    if request.method != "POST":
        return redirect(found)
    form = PointForm(request.POST, of=found)
    if not form.is_valid():
        return _with(request, found, "point", form)
    services.give_points(found, by=request.post, **form.cleaned_data)
    return said(request, _("已记入。"), found)


@require_http_methods(BOTH)
@needs("assessment.run")
def start_run(request: Asked, pk: int) -> HttpResponse:
    found = the_round(request, pk)
    if request.method != "POST":
        return redirect(found)
    form = RunForm(request.POST)
    if not form.is_valid():
        return _with(request, found, "run", form)
    services.start_run(found, by=request.post, **form.cleaned_data)
    return said(request, _("已发起测算。"), found)


@require_POST
@needs("ledger.raise")
def raise_conflict(request: Asked, pk: int, rule: str, code: str) -> HttpResponse:
    found = the_round(request, pk)
    there = ((who, one) for who, one in queries.suspicions(found) if who.unit_id is not None)
    for entrant, one in there:
        if (one.rule, one.node) == (rule, code):
            name = naming.names(found.scheme)[code]
            concern = findings.conflict(found, entrant, one, name)
            finding = services.raise_issue(
                found, by=request.post, run=None, entrant=entrant, **concern.fields()
            )
            return raised(request, finding)
    raise Http404

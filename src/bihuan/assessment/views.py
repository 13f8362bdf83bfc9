"""Parse, call one verb or one question, render one page."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.assessment import findings, intake, pages, queries, services
from bihuan.assessment.forms import (
    CellsForm,
    CopyForm,
    FreezeForm,
    GoalForm,
    MethodForm,
    NodeForm,
    NoteForm,
    OpenForm,
    PeersForm,
    PointForm,
    RunForm,
    WeightsForm,
)
from bihuan.assessment.models import Round, Run, Scheme, Score
from bihuan.assessment.pages import naming
from bihuan.people.access import Asked, needs

BOTH = ["GET", "HEAD", "POST"]


def _scheme(pk: int) -> Scheme:
    return get_object_or_404(queries.schemes(), pk=pk)


def _round(request: Asked, pk: int) -> Round:
    return get_object_or_404(queries.rounds(request.post), pk=pk)


def _run(request: Asked, pk: int) -> Run:
    """A finished run."""
    return get_object_or_404(queries.runs(request.post).exclude(digest=""), pk=pk)


def _score(request: Asked, run: Run, code: str) -> Score:
    return get_object_or_404(queries.scores(run, request.post), entrant__code=code)


def _whole(request: Asked, pk: int) -> Run:
    """A finished run that this post may see whole: where units are rated, not from one unit."""
    found = _run(request, pk)
    if not queries.sees_whole(found.round, request.post):
        raise Http404
    return found


def _detail(request: Asked, page: Any, status: int = 200) -> HttpResponse:
    return render(request, "ui/detail.html", {"page": page}, status=status)


def _said(request: Asked, sentence: str, to: Any) -> HttpResponse:
    messages.success(request, sentence)
    return redirect(to)


# Schemes ----------------------------------------------------------------------------------------


@require_safe
@needs("assessment.view")
def schemes(request: Asked) -> HttpResponse:
    return render(request, "ui/list.html", {"page": pages.schemes.index(request.post)})


@require_safe
@needs("assessment.view")
def scheme(request: Asked, pk: int) -> HttpResponse:
    return _detail(request, pages.schemes.detail(_scheme(pk), request.post))


@require_http_methods(BOTH)
@needs("assessment.define")
def weights(request: Asked, pk: int) -> HttpResponse:
    found = _scheme(pk)
    if request.method != "POST":
        return redirect(found)
    form = WeightsForm(request.POST, nodes=queries.nodes(found))
    if not form.is_valid():
        return _detail(request, pages.schemes.detail(found, request.post, weights=form), 422)
    basis = form.cleaned_data["basis"]
    services.set_weights(found, by=request.post, weights=form.weights(), basis=basis)
    return _said(request, _("已保存权重。"), found)


@require_http_methods(BOTH)
@needs("assessment.define")
def method(request: Asked, pk: int) -> HttpResponse:
    found = _scheme(pk)
    if request.method != "POST":
        return redirect(found)
    form = MethodForm(request.POST, of=found)
    if not form.is_valid():
        return _detail(request, pages.schemes.detail(found, request.post, method=form), 422)
    said = form.cleaned_data
    services.set_method(
        found, by=request.post, table=form.table(), draws=said["draws"], basis=said["basis"]
    )
    return _said(request, _("已保存算法。"), found)


@require_http_methods(BOTH)
@needs("assessment.define")
def node(request: Asked, pk: int) -> HttpResponse:
    found = _scheme(pk)
    if request.method != "POST":
        return redirect(found)
    form = NodeForm(request.POST, of=found)
    if not form.is_valid():
        return _detail(request, pages.schemes.detail(found, request.post, node=form), 422)
    services.add_node(found, by=request.post, **form.cleaned_data)
    return _said(request, _("已补录指标。"), found)


@require_http_methods(BOTH)
@needs("assessment.define")
def copy(request: Asked, pk: int) -> HttpResponse:
    found = _scheme(pk)
    if request.method != "POST":
        return redirect(found)
    form = CopyForm(request.POST)
    if not form.is_valid():
        return _detail(request, pages.schemes.detail(found, request.post, copy=form), 422)
    made = services.copy_scheme(found, by=request.post, **form.cleaned_data)
    return _said(request, _("已另立一版，可以改了。"), made)


# Rounds -----------------------------------------------------------------------------------------


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
    return _said(request, _("已开始一轮考核。"), made)


@require_safe
@needs("assessment.view")
def a_round(request: Asked, pk: int) -> HttpResponse:
    return _detail(request, pages.rounds.detail(_round(request, pk), request.post))


def _with(request: Asked, found: Round, name: str, form: Any) -> HttpResponse:
    """The round's page with one of its forms come back with faults."""
    return _detail(request, pages.rounds.detail(found, request.post, {name: form}), 422)


@require_http_methods(BOTH)
@needs("assessment.declare")
def take(request: Asked, pk: int) -> HttpResponse:
    found = _round(request, pk)
    if request.method != "POST":
        return redirect(found)
    brought = services.take(found, by=request.post)
    told = _("填上了 %(n)d 格。") % {"n": brought.cells}
    if brought.unclear:
        names = _("、").join(brought.unclear)
        told += _("有几种口径或计量单位不同、须由人填的：%(names)s。") % {"names": names}
    return _said(request, told, found)


@require_http_methods(BOTH)
@needs("assessment.declare")
def declare(request: Asked, pk: int, code: str) -> HttpResponse:
    found = _round(request, pk)
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
    return _said(request, _("改了 %(n)d 格，旧的都留着。") % {"n": changed}, found)


@require_http_methods(BOTH)
@needs("assessment.declare")
def load_peers(request: Asked, pk: int) -> HttpResponse:
    found = _round(request, pk)
    if request.method != "POST":
        return redirect(found)
    form = PeersForm(request.POST)
    if not form.is_valid():
        return _with(request, found, "peers", form)
    said = form.cleaned_data
    rows = intake.peers(found, said["table"])
    count = services.load_peers(found, by=request.post, rows=rows, source=said["source"])
    return _said(request, _("载入了 %(n)d 家。") % {"n": count}, found)


@require_http_methods(BOTH)
@needs("assessment.declare")
def submit(request: Asked, pk: int) -> HttpResponse:
    found = _round(request, pk)
    if request.method != "POST":
        return redirect(found)
    services.submit(found, by=request.post)
    return _said(request, _("已提交，等另一人核对。"), found)


@require_http_methods(BOTH)
@needs("assessment.freeze")
def send_back(request: Asked, pk: int) -> HttpResponse:
    found = _round(request, pk)
    if request.method != "POST":
        return redirect(found)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _with(request, found, "back", form)
    services.send_back(found, by=request.post, **form.cleaned_data)
    return _said(request, _("已退回。"), found)


@require_http_methods(BOTH)
@needs("assessment.freeze")
def freeze(request: Asked, pk: int) -> HttpResponse:
    found = _round(request, pk)
    if request.method != "POST":
        return redirect(found)
    form = FreezeForm(request.POST)
    if not form.is_valid():
        return _with(request, found, "freeze", form)
    services.freeze(found, by=request.post, **form.cleaned_data)
    return _said(request, _("已冻结，可以测算了。"), found)


@require_http_methods(BOTH)
@needs("assessment.freeze")
def point(request: Asked, pk: int) -> HttpResponse:
    found = _round(request, pk)
    if request.method != "POST":
        return redirect(found)
    form = PointForm(request.POST, entrants=queries.own(found))
    if not form.is_valid():
        return _with(request, found, "point", form)
    services.give_points(found, by=request.post, **form.cleaned_data)
    return _said(request, _("已记入。"), found)


@require_http_methods(BOTH)
@needs("assessment.run")
def start_run(request: Asked, pk: int) -> HttpResponse:
    found = _round(request, pk)
    if request.method != "POST":
        return redirect(found)
    form = RunForm(request.POST)
    if not form.is_valid():
        return _with(request, found, "run", form)
    services.start_run(found, by=request.post, **form.cleaned_data)
    return _said(request, _("已发起测算。"), found)


@require_POST
@needs("ledger.raise")
def raise_conflict(request: Asked, pk: int, rule: str, code: str) -> HttpResponse:
    found = _round(request, pk)
    there = ((who, one) for who, one in queries.suspicions(found) if who.unit_id is not None)
    for entrant, one in there:
        if (one.rule, one.node) == (rule, code):
            name = naming.names(found.scheme)[code]
            concern = findings.conflict(found, entrant, one, name)
            finding = services.raise_issue(
                found, by=request.post, run=None, entrant=entrant, **concern.fields()
            )
            return _raised(request, finding)
    raise Http404


def _raised(request: Asked, finding: Any) -> HttpResponse:
    told = _("已存入台账，编号 %(number)s。") % {"number": finding.number}
    return _said(request, told, finding)


# Runs -------------------------------------------------------------------------------------------


@require_safe
@needs("assessment.view")
def run(request: Asked, pk: int) -> HttpResponse:
    return _detail(request, pages.results.detail(_run(request, pk), request.post, request.GET))


@require_safe
@needs("assessment.view")
def audit(request: Asked, pk: int) -> HttpResponse:
    return _detail(request, pages.auditing.detail(_whole(request, pk)))


@require_safe
@needs("assessment.view")
def entrant(request: Asked, pk: int, code: str) -> HttpResponse:
    found = _run(request, pk)
    score = _score(request, found, code)
    return _detail(request, pages.entrant.detail(found, score, request.post))


@require_safe
@needs("assessment.view")
def move(request: Asked, pk: int, code: str) -> HttpResponse:
    found = _whole(request, pk)
    if found.previous is None:
        raise Http404
    score = _score(request, found, code)
    return _detail(request, pages.moves.detail(found, score, request.post))


@require_safe
@needs("assessment.view")
def what_if(request: Asked, pk: int, code: str) -> HttpResponse:
    found = _whole(request, pk)
    score = _score(request, found, code)
    return _detail(request, pages.trying.trying(found, score, request.post, request.GET))


@require_http_methods(BOTH)
@needs("assessment.view")
def goal(request: Asked, pk: int, code: str) -> HttpResponse:
    """Asked by POST because the question is long; it changes nothing."""
    found = _whole(request, pk)
    score = _score(request, found, code)
    asked = GoalForm(request.POST or None, *pages.trying.levers(found, code))
    bundle = pages.trying.answer(found, score, asked) if asked.is_valid() else None
    page = pages.trying.goal(found, score, request.post, pages.trying.Goal(asked, bundle))
    return _detail(request, page, 422 if asked.errors else 200)


@require_safe
@needs("assessment.view")
def report(request: Asked, pk: int, code: str) -> HttpResponse:
    found = _whole(request, pk)
    score = _score(request, found, code)
    return _detail(request, pages.report.detail(found, score, request.post))


@require_POST
@needs("ledger.raise")
def raise_issue(request: Asked, pk: int, code: str, kind: str, node: str) -> HttpResponse:
    found = _run(request, pk)
    score = _score(request, found, code)
    wanted = "" if node == "all" else node
    for one in findings.warnings(found, score, naming.names(found.round.scheme)):
        if (one.kind, one.node) == (kind, wanted):
            finding = services.raise_issue(
                found.round, by=request.post, run=found, entrant=score.entrant, **one.fields()
            )
            return _raised(request, finding)
    raise Http404

"""Views of runs: the ranking, one entrant from every side, the way to the ledger, files."""

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.assessment import findings, pages, services
from bihuan.assessment.forms import GoalForm, SensitivityForm
from bihuan.assessment.pages import naming
from bihuan.assessment.views.asked import (
    BOTH,
    detail,
    raised,
    said,
    the_run,
    the_score,
    the_whole,
)
from bihuan.people.access import Asked, needs


@require_safe
@needs("assessment.view")
def run(request: Asked, pk: int) -> HttpResponse:
    return detail(request, pages.results.detail(the_run(request, pk), request.post, request.GET))


@require_safe
@needs("assessment.view")
def audit(request: Asked, pk: int) -> HttpResponse:
    return detail(request, pages.auditing.detail(the_whole(request, pk)))


@require_safe
@needs("assessment.view")
def entrant(request: Asked, pk: int, code: str) -> HttpResponse:
    found = the_run(request, pk)
    score = the_score(request, found, code)
    return detail(request, pages.entrant.detail(found, score, request.post))


@require_safe
@needs("assessment.view")
def move(request: Asked, pk: int, code: str) -> HttpResponse:
    found = the_whole(request, pk)
    if found.previous is None:
        raise Http404
    score = the_score(request, found, code)
    return detail(request, pages.moves.detail(found, score, request.post))


@require_safe
@needs("assessment.view")
def what_if(request: Asked, pk: int, code: str) -> HttpResponse:
    found = the_whole(request, pk)
    score = the_score(request, found, code)
    return detail(request, pages.trying.trying(found, score, request.post, request.GET))


@require_http_methods(BOTH)
@needs("assessment.view")
def goal(request: Asked, pk: int, code: str) -> HttpResponse:
    """Asked by POST because the question is long; it changes nothing."""
    found = the_whole(request, pk)
    score = the_score(request, found, code)
    asked = GoalForm(request.POST or None, *pages.goals.levers(found, code))
    bundle = pages.goals.answer(found, score, asked) if asked.is_valid() else None
    page = pages.goals.goal(found, score, request.post, pages.goals.Goal(asked, bundle))
    return detail(request, page, 422 if asked.errors else 200)


@require_safe
@needs("assessment.view")
def report(request: Asked, pk: int, code: str) -> HttpResponse:
    found = the_whole(request, pk)
    score = the_score(request, found, code)
    return detail(request, pages.report.detail(found, score, request.post))


@require_POST
@needs("ledger.raise")
def raise_issue(request: Asked, pk: int, code: str, kind: str, node: str) -> HttpResponse:
    found = the_run(request, pk)
    score = the_score(request, found, code)
    wanted = "" if node == "all" else node
    for one in findings.warnings(found, score, naming.names(found.round.scheme)):
        if (one.kind, one.node) == (kind, wanted):
            finding = services.raise_issue(
                found.round, by=request.post, run=found, entrant=score.entrant, **one.fields()
            )
            return raised(request, finding)
    raise Http404


@require_http_methods(BOTH)
@needs("assessment.view")
def sensitivity(request: Asked, pk: int, code: str) -> HttpResponse:
    """哪种做法最左右位次：看结果；有权的人可发起，在后台计算。"""
    found = the_whole(request, pk)
    score = the_score(request, found, code)
    if request.method != "POST":
        return detail(request, pages.sensitivity.detail(found, score, request.post))
    form = SensitivityForm(request.POST)
    if not form.is_valid():
        page = pages.sensitivity.detail(found, score, request.post, form)
        return detail(request, page, 422)
    made = services.ask_what_matters(score, by=request.post, **form.cleaned_data)
    return said(request, _("已发起敏感性分析。"), made)


@require_safe
@needs("assessment.view")
def export(request: Asked, pk: int, kind: str) -> HttpResponse:
    """全部结果的文件：Excel 或 Word。"""
    found = the_whole(request, pk)
    if kind not in pages.exporting.KINDS:
        raise Http404
    name, media, content = pages.exporting.file(found, request.post, kind)
    answer = HttpResponse(content, content_type=media)
    named = content_disposition_header(as_attachment=True, filename=name)
    assert named is not None  # it has a name
    answer.headers["Content-Disposition"] = named
    return answer

"""An event and what belongs to it: parse, call one verb or one question, render one page."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.files import views as files
from bihuan.people import queries as people
from bihuan.people.access import Asked, known, needs
from bihuan.snow import services
from bihuan.snow.forms import event as forms
from bihuan.snow.models import (
    DepartmentOrder,
    Inspection,
    Lesson,
    Plan,
    Remark,
    Replay,
    Review,
    SituationReport,
    Stop,
    Storm,
    WhatIf,
)
from bihuan.snow.pages import event as pages
from bihuan.snow.pages import plan as plans
from bihuan.snow.pages import report, walk, whatif
from bihuan.snow.pages import review as reviews
from bihuan.snow.pages.acts import ACTS
from bihuan.snow.queries import photos

DETAIL = "ui/detail.html"
BOTH = ["GET", "HEAD", "POST"]
SEEN = needs("snow.view")
# Kind of thing → where it is found, the thing whose page it stands on, that page.
PLACES: dict[str, tuple[Callable[[], QuerySet[Any]], Callable[[Any], Any], Callable[..., Any]]] = {
    "storm": (lambda: Storm.objects.all(), lambda one: one, pages.storm),
    "plan": (
        lambda: Plan.objects.select_related("storm", "network", "job", "forced_by"),
        lambda one: one, plans.plan,
    ),
    "whatif": (
        lambda: WhatIf.objects.select_related("plan", "job"), lambda one: one, whatif.page
    ),
    "order": (
        lambda: DepartmentOrder.objects.select_related("storm", "unit"), lambda one: one,
        pages.order,
    ),
    "situation": (
        lambda: SituationReport.objects.select_related("storm"), lambda one: one, report.report
    ),
    "inspection": (
        lambda: Inspection.objects.select_related("storm", "leader__person", "leader__unit"),
        lambda one: one, walk.walk,
    ),
    "stop": (
        lambda: Stop.objects.select_related("inspection__storm"), lambda one: one.inspection,
        walk.walk,
    ),
    "remark": (
        lambda: Remark.objects.select_related("stop__inspection__storm"),
        lambda one: one.stop.inspection, walk.walk,
    ),
    "review": (lambda: Review.objects.select_related("storm"), lambda one: one, reviews.reviewed),
    "lesson": (
        lambda: Lesson.objects.select_related("review__storm"), lambda one: one.review,
        reviews.reviewed,
    ),
}  # fmt: skip


@require_safe
@SEEN
def index(request: Asked) -> HttpResponse:
    return render(request, DETAIL, {"page": pages.index(request.post)})


@require_http_methods(BOTH)
@needs("snow.dispatch")
def begin(request: Asked) -> HttpResponse:
    if request.method != "POST":
        return redirect("snow:index")
    form = forms.BeginForm(request.POST)
    if form.is_valid():
        made = services.begin_storm(by=request.post, **form.cleaned_data)
        messages.success(request, _("已启动响应。"))
        return redirect(made)
    page = pages.index(request.post, {"begin": form})
    return render(request, DETAIL, {"page": page}, status=422)


def shown(kind: str) -> Callable[..., HttpResponseBase]:
    """The view of one thing of `PLACES` on its own page."""

    @require_safe
    @SEEN
    def view(request: Asked, pk: int) -> HttpResponse:
        find, _page_of, page = PLACES[kind]
        one = get_object_or_404(find(), pk=pk)
        return render(request, DETAIL, {"page": page(one, request.post)})

    return view


@require_safe
@SEEN
def replay(request: Asked, pk: int) -> HttpResponse:
    one = get_object_or_404(Replay.objects.select_related("review__storm", "job"), pk=pk)
    return render(request, DETAIL, {"page": reviews.replayed(one)})


@require_safe
@SEEN
def photo(_request: Asked, kind: str, pk: int) -> HttpResponseBase:
    kept = photos.version(kind, pk)
    if kept is None:
        raise Http404
    return files.deliver(kept)


@require_http_methods(BOTH)
@SEEN
def act(request: Asked, kind: str, pk: int, name: str) -> HttpResponse:
    """One act of `ACTS`: who may not do it finds nothing here."""
    known(kind in ACTS and name in ACTS[kind])
    find, page_of, page = PLACES[kind]
    one = get_object_or_404(find(), pk=pk)
    doing = ACTS[kind][name]
    known(people.may(request.post, doing.verb))
    if request.method != "POST":
        return redirect(page_of(one))
    form = doing.form(request.POST, request.FILES, about=one)
    if form.is_valid():
        made = doing.call(one, request.post, form.cleaned_data)
        messages.success(request, _("已办：%(what)s。") % {"what": _(doing.title)})
        leads = isinstance(made, Inspection | SituationReport | Review | Replay | Plan | WhatIf)
        return redirect(made if leads else page_of(one))
    found = page(page_of(one), request.post, {f"{kind}:{pk}:{name}": form})
    return render(request, DETAIL, {"page": found}, status=422)

"""An event and what belongs to it: parse, call one verb or one question, render one page."""

from functools import partial

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.files import views as files
from bihuan.people import doing
from bihuan.people.access import Asked, needs
from bihuan.people.doing import Place
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
from bihuan.snow.pages import plans as lists
from bihuan.snow.pages import report, tables, walk, whatif
from bihuan.snow.pages import review as reviews
from bihuan.snow.pages.acts import ACTS
from bihuan.snow.queries import photos

DETAIL = "ui/detail.html"
VIEW = "snow.view"
SEEN = needs(VIEW)
PLACES: dict[str, Place] = {
    "room": Place(pages.index, address="snow:index"),
    "readiness": Place(lists.index, address="snow:plans"),
    "tables": Place(tables.index, address="snow:tables"),
    "storm": Place(pages.storm, Storm.objects.all),
    "plan": Place(
        plans.plan,
        # The network's arrays are read where they are asked for.
        lambda: Plan.objects.select_related("storm", "job", "forced_by", "network").defer(
            "network__content"
        ),
    ),
    "whatif": Place(whatif.page, lambda: WhatIf.objects.select_related("plan", "job")),
    "order": Place(pages.order, lambda: DepartmentOrder.objects.select_related("storm", "unit")),
    "situation": Place(
        report.report, lambda: SituationReport.objects.select_related("storm")
    ),
    "inspection": Place(
        walk.walk,
        lambda: Inspection.objects.select_related("storm", "leader__person", "leader__unit"),
    ),
    "stop": Place(
        walk.walk, lambda: Stop.objects.select_related("inspection__storm"),
        lambda one: one.inspection,
    ),
    "remark": Place(
        walk.walk, lambda: Remark.objects.select_related("stop__inspection__storm"),
        lambda one: one.stop.inspection,
    ),
    "review": Place(reviews.reviewed, lambda: Review.objects.select_related("storm")),
    "lesson": Place(
        reviews.reviewed, lambda: Lesson.objects.select_related("review__storm"),
        lambda one: one.review,
    ),
}  # fmt: skip
shown = partial(doing.shown, PLACES, verb=VIEW)


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


@require_http_methods(["GET", "HEAD", "POST"])
@SEEN
def act(request: Asked, kind: str, pk: int, name: str) -> HttpResponse:
    return ACTS.do(request, PLACES, kind, pk, name)

"""The pages of a winter and the one view that does its acts."""

from collections.abc import Callable
from datetime import date

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.base import clock
from bihuan.exchange.sheet import csv_bytes, xlsx_bytes
from bihuan.files import views as files
from bihuan.ledger.views.room_tables import edited
from bihuan.people.access import Asked, needs
from bihuan.people.doing import Place
from bihuan.ui.panel import DetailPage
from bihuan.winter.models import (
    Contract,
    Drill,
    Duty,
    Front,
    FrontCheck,
    Season,
    Store,
    Team,
)
from bihuan.winter.pages import crews, field, roster, season, stock, tables
from bihuan.winter.pages.acts import ACTS
from bihuan.winter.services import set_table

DETAIL = "ui/detail.html"
BOTH = ["GET", "HEAD", "POST"]
SEEN = needs("winter.view")
_TEAMS = Team.objects.select_related("unit", "parent")
# Kind of thing → where it is found, its page, the thing (or the list) whose page it stands on.
PLACES: dict[str, Place] = {
    "room": Place(Season.objects.none, season.index, lambda _one: "winter:index"),
    "season": Place(lambda: Season.objects.select_related("by"), season.plan),
    "contracts": Place(Contract.objects.none, season.contracts, lambda _one: "winter:contracts"),
    "teams": Place(Team.objects.none, crews.index, lambda _one: "winter:teams"),
    "team": Place(lambda: _TEAMS.all(), crews.team),
    "stores": Place(Store.objects.none, stock.index, lambda _one: "winter:stores"),
    "store": Place(lambda: Store.objects.select_related("unit"), stock.store),
    "roster": Place(Duty.objects.none, roster.index, lambda _one: "winter:roster"),
    "drills": Place(Drill.objects.none, field.drills, lambda _one: "winter:drills"),
    "drill": Place(Drill.objects.all, field.drill),
    "fronts": Place(Front.objects.none, field.fronts, lambda _one: "winter:fronts"),
    "front": Place(lambda: Front.objects.select_related("unit", "inspector"), field.front),
    "check": Place(
        lambda: FrontCheck.objects.select_related("front__unit", "front__inspector"),
        field.front,
        lambda one: one.front,
    ),
}


def listed(page: Callable[..., DetailPage]) -> Callable[..., HttpResponseBase]:
    """The view of a list."""

    @require_safe
    @SEEN
    def view(request: Asked) -> HttpResponse:
        return render(request, DETAIL, {"page": page(request.post)})

    return view


def shown(kind: str) -> Callable[..., HttpResponseBase]:
    """The view of one thing."""

    @require_safe
    @SEEN
    def view(request: Asked, pk: int) -> HttpResponse:
        one = get_object_or_404(PLACES[kind].find(), pk=pk)
        return render(request, DETAIL, {"page": PLACES[kind].page(one, request.post)})

    return view


def _first(request: Asked) -> date:
    try:
        return date.fromisoformat(request.GET.get("from", ""))
    except ValueError:
        return clock.today()


@require_safe
@SEEN
def duties(request: Asked) -> HttpResponse:
    page = roster.index(request.post, first=_first(request))
    return render(request, DETAIL, {"page": page})


@require_safe
@SEEN
def duties_file(request: Asked, kind: str) -> HttpResponse:
    heads, rows = roster.heads(), roster.rows(_first(request))
    if kind == "csv":
        answer = HttpResponse(csv_bytes(heads, rows), content_type="text/csv; charset=utf-8")
    elif kind == "xlsx":
        media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        answer = HttpResponse(xlsx_bytes("roster", heads, rows), content_type=media)
    else:
        raise Http404
    answer.headers["Content-Disposition"] = f'attachment; filename="roster.{kind}"'
    return answer


@require_safe
@SEEN
def photo(_request: Asked, pk: int) -> HttpResponseBase:
    found = get_object_or_404(FrontCheck.objects.select_related("photo"), pk=pk)
    if found.photo is None:
        raise Http404
    return files.deliver(found.photo)


@require_http_methods(BOTH)
@SEEN
def table(request: Asked, code: str) -> HttpResponse:
    return edited(request, code, tables.ROOM, set_table)


@require_http_methods(BOTH)
@SEEN
def act(request: Asked, kind: str, pk: int, name: str) -> HttpResponse:
    return ACTS.do(request, PLACES, kind, pk, name)

"""The pages of a winter and the one view that does its acts."""

from datetime import date
from functools import partial

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.base import clock
from bihuan.exchange.sheet import csv_bytes, xlsx_bytes
from bihuan.files import views as files
from bihuan.ledger.views.room_tables import edited
from bihuan.people import doing
from bihuan.people.access import Asked, needs
from bihuan.people.doing import DETAIL, Place
from bihuan.winter.models import (
    Drill,
    Front,
    FrontCheck,
    Season,
    Store,
    Team,
)
from bihuan.winter.pages import crews, field, roster, season, stock, tables
from bihuan.winter.pages.acts import ACTS
from bihuan.winter.services import set_table

VIEW = "winter.view"
SEEN = needs(VIEW)
PLACES: dict[str, Place] = {
    "room": Place(season.index, address="winter:index"),
    "season": Place(season.plan, lambda: Season.objects.select_related("by")),
    "contracts": Place(season.contracts, address="winter:contracts"),
    "teams": Place(crews.index, address="winter:teams"),
    "team": Place(crews.team, lambda: Team.objects.select_related("unit", "parent")),
    "stores": Place(stock.index, address="winter:stores"),
    "store": Place(stock.store, lambda: Store.objects.select_related("unit")),
    "roster": Place(roster.index, address="winter:roster"),
    "drills": Place(field.drills, address="winter:drills"),
    "drill": Place(field.drill, Drill.objects.all),
    "fronts": Place(field.fronts, address="winter:fronts"),
    "front": Place(field.front, lambda: Front.objects.select_related("unit", "inspector")),
    "check": Place(
        field.front,
        lambda: FrontCheck.objects.select_related("front__unit", "front__inspector"),
        lambda one: one.front,
    ),
    "tables": Place(tables.index, address="winter:tables"),
}
shown = partial(doing.shown, PLACES, verb=VIEW)


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


@require_http_methods(["GET", "HEAD", "POST"])
@SEEN
def table(request: Asked, code: str) -> HttpResponse:
    return edited(request, code, tables.ROOM, set_table)


@require_http_methods(["GET", "HEAD", "POST"])
@SEEN
def act(request: Asked, kind: str, pk: int, name: str) -> HttpResponse:
    return ACTS.do(request, PLACES, kind, pk, name)

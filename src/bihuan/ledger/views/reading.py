"""The reading pages: my work, a unit, the leader's sheet, the month's bulletin, statistics."""

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from bihuan.base import clock
from bihuan.ledger import queries
from bihuan.ledger.forms.reading import LineForm, StatisticsForm
from bihuan.ledger.pages import bulletin as bulletin_pages
from bihuan.ledger.pages import leader as leader_pages
from bihuan.ledger.pages import mine as mine_pages
from bihuan.ledger.pages import statistics as statistics_pages
from bihuan.ledger.pages import unit as unit_pages
from bihuan.people.access import Asked, needs
from bihuan.people.models import Unit

FIRST_YEAR = 1990  # no ledger of this office is older


@require_safe
@needs("ledger.view")
def mine(request: Asked) -> HttpResponse:
    if "group" not in request.GET:
        return render(request, "ui/detail.html", {"page": mine_pages.mine(request.post)})
    number = request.GET.get("page", "")
    page = mine_pages.group(request.post, request.GET["group"], number)
    if page is None:
        raise Http404
    return render(request, "ui/list.html", {"page": page})


@require_safe
@needs("ledger.view")
def unit(request: Asked, pk: int) -> HttpResponse:
    found = get_object_or_404(Unit, pk=pk)
    if not queries.may_read_unit(found, request.post):
        raise Http404
    page = unit_pages.unit(found, LineForm(request.GET).asked(), request.post)
    return render(request, "ui/detail.html", {"page": page})


@require_safe
@needs("ledger.view")
def leader(request: Asked) -> HttpResponse:
    return render(request, "ui/detail.html", {"page": leader_pages.leader(request.post)})


@require_safe
@needs("ledger.view")
def bulletin(request: Asked, year: int, month: int) -> HttpResponse:
    today = clock.today()
    if not (FIRST_YEAR <= year <= today.year and 1 <= month <= 12):
        raise Http404
    first = date(year, month, 1)
    if first > today:
        raise Http404
    told = queries.of_month(queries.visible_to(request.post), first, today)
    page = bulletin_pages.bulletin(told, request.post)
    return render(request, "ui/detail.html", {"page": page})


@require_safe
@needs("ledger.view")
def statistics(request: Asked) -> HttpResponse:
    form = StatisticsForm(request.GET)
    found = queries.search(queries.visible_to(request.post), **form.filters())
    page = statistics_pages.statistics(found, form)
    return render(request, "ui/detail.html", {"page": page})

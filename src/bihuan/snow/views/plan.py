"""A plan for the map, a vehicle's sheet, files of a plan."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from bihuan.people.access import Asked, known, needs
from bihuan.snow.models import Plan
from bihuan.snow.pages import files, sheet
from bihuan.snow.rules import plan as rules

DETAIL = "ui/detail.html"
SEEN = needs("snow.view")
COMPACT = {"ensure_ascii": False, "separators": (",", ":")}


def _made(pk: int) -> Plan:
    found = Plan.objects.select_related("storm", "job").filter(tours__isnull=False)
    return get_object_or_404(found, pk=pk)


@require_safe
@gzip_page
@SEEN
def ways(_request: Asked, pk: int) -> HttpResponse:
    return JsonResponse(sheet.ways(_made(pk)), json_dumps_params=COMPACT)


@require_safe
@SEEN
def driver(request: Asked, pk: int, number: int) -> HttpResponse:
    page = sheet.sheet(_made(pk), number - 1)
    known(page)
    return render(request, DETAIL, {"page": page})


@require_safe
@SEEN
def file(_request: Asked, pk: int, name: str) -> HttpResponse:
    known(name in rules.FILES)
    made = _made(pk)
    kind = rules.FILES[name]
    answer = HttpResponse(files.content(made, name), content_type=kind.media)
    called = f"{made.label()}-{kind.name}"
    answer.headers["Content-Disposition"] = content_disposition_header(True, called) or "attachment"
    return answer

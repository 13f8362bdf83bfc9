"""Plans: parse, call one verb or one question, render one page or hand out one file."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.people import queries as people
from bihuan.people.access import Asked, known, needs
from bihuan.snow import services
from bihuan.snow.forms import plan as forms
from bihuan.snow.models import Plan
from bihuan.snow.pages import files, sheet
from bihuan.snow.pages import plans as pages
from bihuan.snow.rules import plan as rules

DETAIL = "ui/detail.html"
SEEN = needs("snow.view")
COMPACT = {"ensure_ascii": False, "separators": (",", ":")}


@require_http_methods(["GET", "HEAD", "POST"])
@SEEN
def index(request: Asked) -> HttpResponse:
    if request.method != "POST":
        return render(request, DETAIL, {"page": pages.index(request.post)})
    known(people.may(request.post, "snow.dispatch"))
    form = forms.AskForm(request.POST)
    if form.is_valid():
        made = services.ask_plan(by=request.post, **form.cleaned_data)
        messages.success(request, _("已开始排。"))
        return redirect(made)
    page = pages.index(request.post, {"plan": form})
    return render(request, DETAIL, {"page": page}, status=422)


def _made(pk: int) -> Plan:
    found = Plan.objects.select_related("storm", "network", "job").filter(tours__isnull=False)
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

"""What was done: one question, one page."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from bihuan.fleet import forms, queries
from bihuan.fleet.models import Pass
from bihuan.fleet.pages import passes as pages
from bihuan.people.access import Asked, needs


@require_safe
@needs(queries.VIEW)
def index(request: Asked) -> HttpResponse:
    asked = request.GET.copy()
    page = asked.pop("page", ["1"])[-1]
    number = int(page) if page.isdecimal() else 1
    found = pages.index(forms.PassForm(request.GET), number, asked.urlencode())
    return render(request, "ui/list.html", {"page": found})


@require_safe
@needs(queries.VIEW)
def detail(request: Asked, pk: int) -> HttpResponse:
    found = get_object_or_404(
        Pass.objects.select_related("vehicle", "by__person", "by__unit"), pk=pk
    )
    return render(request, "ui/detail.html", {"page": pages.detail(found)})

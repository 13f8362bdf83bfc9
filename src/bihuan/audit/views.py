"""Pages of the chain. Who may open them is decided by the site, since people live upstairs."""

import json

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse

from bihuan.audit import pages, queries
from bihuan.audit.forms import SearchForm


def index(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    number = request.GET.get("page", "1")
    found = queries.search(**form.asked())
    page = pages.index(found, int(number) if number.isdigit() else 1, form, reverse("audit:index"))
    return render(request, "ui/list.html", {"page": page})


def export(request: HttpRequest) -> StreamingHttpResponse:
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in queries.rows())
    response = StreamingHttpResponse(lines, content_type="application/x-ndjson; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="audit.jsonl"'
    return response

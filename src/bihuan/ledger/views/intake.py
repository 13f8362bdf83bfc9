"""Workbooks in and out: receive, preview, answer, confirm, drop; export as on the screen."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.ledger import queries, services
from bihuan.ledger.forms import FilterForm
from bihuan.ledger.forms.intake import AnswerForm, TemplateForm, WorkbookForm
from bihuan.ledger.models import Intake
from bihuan.ledger.pages import intake as pages
from bihuan.ledger.queries import intake as asked
from bihuan.ledger.queries import workbook
from bihuan.people.access import Asked, needs
from bihuan.ui.panel import FormPage

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@needs("ledger.import")
def intakes(request: Asked) -> HttpResponse:
    form = WorkbookForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        return redirect(services.receive_workbook(by=request.post, **form.cleaned_data))
    earlier = Intake.objects.select_related("version", "by__person", "by__unit")[:50]
    page = pages.upload(form, list(earlier))
    return render(request, "ui/form.html", {"page": page}, status=422 if form.errors else 200)


@require_safe
@needs("ledger.import")
def intake(request: Asked, pk: int) -> HttpResponse:
    return _preview(request, _found(pk))


@require_POST
@needs("ledger.import")
def answer(request: Asked, pk: int) -> HttpResponse:
    found = _found(pk)
    read = asked.reading(found)
    form = AnswerForm(found, asked.unmatched(read, found.answers), request.POST)
    if not form.is_valid():
        return _preview(request, found, form)
    year = form.cleaned_data["year"]
    services.answer_intake(found, by=request.post, units=form.units(), year=year)
    return redirect(found)


@require_POST
@needs("ledger.import")
def confirm(request: Asked, pk: int) -> HttpResponse:
    found = _found(pk)
    services.confirm_intake(found, by=request.post)
    messages.success(request, _("已导入台账。"))
    return redirect(found)


@require_POST
@needs("ledger.import")
def drop(request: Asked, pk: int) -> HttpResponse:
    services.drop_intake(_found(pk), by=request.post)
    messages.success(request, _("已放弃，台账没有改动。"))
    return redirect("ledger:intakes")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("ledger.view")
def export(request: Asked) -> HttpResponse | FileResponse:
    filters = FilterForm(request.GET)
    found = queries.search(queries.visible_to(request.post), **filters.asked()).order_by("pk")
    if request.method != "POST":
        return _workbook(workbook.fresh(found))
    form = TemplateForm(request.POST, request.FILES)
    if not form.is_valid():
        here = f"{reverse('ledger:export')}?{urlencode(filters.address())}"
        page = FormPage(_("导出台账"), pages.exporting(form, here))
        return render(request, "ui/form.html", {"page": page}, status=422)
    return _workbook(workbook.into(form.cleaned_data["upload"].read(), found))


def _workbook(content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type=_XLSX)
    disposition = FileResponse(iter(()), as_attachment=True, filename=pages.file_name())
    response.headers["Content-Disposition"] = disposition.headers["Content-Disposition"]
    return response


def _found(pk: int) -> Intake:
    return get_object_or_404(Intake.objects.select_related("version"), pk=pk)


def _preview(request: HttpRequest, found: Intake, bound: AnswerForm | None = None) -> Any:
    read = asked.reading(found)
    names = asked.unmatched(read, found.answers)
    form = bound or (AnswerForm(found, names) if names or found.year is None else None)
    number = request.GET.get("page", "1")
    page = pages.preview(
        found,
        read,
        asked.lines(read),
        form,
        int(number) if number.isdigit() else 1,
        doubtful="doubtful" in request.GET,
    )
    return render(request, "ui/detail.html", {"page": page}, status=422 if bound else 200)

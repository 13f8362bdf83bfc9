"""Workbooks in and out: receive, preview, answer, confirm, drop; export as on the screen."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.ledger import queries, services
from bihuan.ledger.forms import FilterForm
from bihuan.ledger.forms.intake import AnswerForm, TemplateForm, WorkbookForm
from bihuan.ledger.models import Finding, Intake
from bihuan.ledger.pages import intake as pages
from bihuan.ledger.queries import comparing, workbook
from bihuan.ledger.queries import intake as asked
from bihuan.people import queries as people
from bihuan.people.access import Asked, needs

ALIAS, MANAGE = "people.alias", "people.manage"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@needs("ledger.import")
def intakes(request: Asked) -> HttpResponse:
    form = WorkbookForm(*_posted(request))
    if form.is_valid():
        made = services.receive_workbook(by=request.post, **form.cleaned_data)
        return redirect(made.get_absolute_url())
    earlier = Intake.objects.select_related("version", "by__person", "by__unit")[:50]
    page = pages.upload(form, list(earlier))
    return render(request, "ui/form.html", {"page": page}, status=422 if form.errors else 200)


@require_safe
@needs("ledger.import")
def intake(request: Asked, pk: int) -> HttpResponse:
    found = _found(pk)
    if found.state == "preview":
        return _preview(request, found)
    imported = Paginator(asked.imported(found), pages.PAGE).get_page(_number(request))
    return render(request, "ui/detail.html", {"page": pages.finished(found, imported)})


@require_POST
@needs("ledger.import")
def answer(request: Asked, pk: int) -> HttpResponse:
    found = _found(pk)
    if found.state != "preview":
        return redirect(found.get_absolute_url())
    form = _answers(request, found, request.POST)
    if not form.is_valid():
        return _preview(request, found, form)
    services.answer_intake(
        found,
        by=request.post,
        units=form.units(),
        year=form.cleaned_data["year"],
        remembered=form.remembered(),
    )
    messages.success(request, _("记下了，已重新读过。"))
    return redirect(found.get_absolute_url())


@require_POST
@needs("ledger.import")
def confirm(request: Asked, pk: int) -> HttpResponse:
    found = _found(pk)
    services.confirm_intake(found, by=request.post)
    messages.success(request, _("已导入台账。"))
    return redirect(found.get_absolute_url())


@require_POST
@needs("ledger.import")
def drop(request: Asked, pk: int) -> HttpResponse:
    services.drop_intake(_found(pk), by=request.post)
    messages.success(request, _("已放弃，台账没有改动。"))
    return redirect("ledger:intakes")


@require_safe
@needs("ledger.view")
def export(request: Asked) -> HttpResponse:
    return _workbook(request, workbook.fresh(_filtered(request)[0]))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("ledger.view")
def export_into(request: Asked) -> HttpResponse:
    found, filters = _filtered(request)
    form = TemplateForm(*_posted(request))
    if form.is_valid():
        return _workbook(request, workbook.into(form.cleaned_data["upload"].read(), found))
    page = pages.exporting(form, filters.address(), found.count())
    return render(request, "ui/form.html", {"page": page}, status=422 if form.errors else 200)


def _posted(request: Asked) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _filtered(request: Asked) -> tuple[QuerySet[Finding], FilterForm]:
    """What the list shows under these filters, oldest first, as a ledger is kept."""
    filters = FilterForm(request.GET)
    found = queries.search(queries.visible_to(request.post), **filters.asked())
    return found.order_by("pk"), filters


def _workbook(request: Asked, written: workbook.Written) -> HttpResponse:
    """The file; what could not be written is told on the next page that is opened."""
    for sentence in written.told:
        messages.warning(request, sentence)
    response = HttpResponse(written.content, content_type=_XLSX)
    named = content_disposition_header(as_attachment=True, filename=pages.file_name())
    response.headers["Content-Disposition"] = named
    return response


def _found(pk: int) -> Intake:
    return get_object_or_404(Intake.objects.select_related("version"), pk=pk)


def _answers(request: Asked, found: Intake, data: Any = None) -> AnswerForm:
    strangers = asked.unmatched(asked.reading(found), found.answers)
    remember = people.may(request.post, ALIAS) or people.may(request.post, MANAGE)
    return AnswerForm(found, strangers, data, may_remember=remember)


def _preview(request: Asked, found: Intake, bound: AnswerForm | None = None) -> HttpResponse:
    read = asked.reading(found)
    page = pages.preview(
        found,
        read,
        comparing.lines(read),
        bound or _answers(request, found),
        _number(request),
        only=request.GET.get("only", ""),
    )
    return render(request, "ui/detail.html", {"page": page}, status=422 if bound else 200)


def _number(request: Asked) -> int:
    number = request.GET.get("page", "1")
    return int(number) if number.isdecimal() and len(number) < 9 else 1

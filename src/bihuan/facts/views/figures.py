"""Figures: their list and its export, one with its versions, recording, revising, importing."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.base import clock
from bihuan.exchange import sheet
from bihuan.facts import pages, queries, reading, services
from bihuan.facts.forms import FilterForm, ImportForm, RecordForm, ReviseForm
from bihuan.facts.views.asked import BOTH, detail, form_page, listed, number, visible
from bihuan.people.access import Asked, needs

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@needs("facts.view")
def index(request: Asked) -> HttpResponse:
    form = FilterForm(request.GET, request.post)
    found = queries.search(queries.visible_to(request.post, queries.current()), **form.asked())
    return listed(request, pages.index(found, form, number(request), request.post))


@require_safe
@needs("facts.view")
def export(request: Asked, kind: str) -> HttpResponse:
    """The same figures as the list with the same filters, as a file."""
    form = FilterForm(request.GET, request.post)
    found = queries.search(queries.visible_to(request.post, queries.current()), **form.asked())
    heads, rows = pages.export_rows(found)
    if kind == "csv":
        answer = HttpResponse(sheet.csv_bytes(heads, rows), "text/csv; charset=utf-8")
    elif kind == "xlsx":
        answer = HttpResponse(sheet.xlsx_bytes(_("数据"), heads, rows), _XLSX)
    else:
        raise Http404
    name = f"figures-{clock.today():%Y%m%d}.{kind}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_safe
@needs("facts.view")
def observation(request: Asked, pk: int) -> HttpResponse:
    return detail(request, pages.observation(visible(request, pk), request.post))


@require_http_methods(BOTH)
@needs("facts.record")
def revise(request: Asked, pk: int) -> HttpResponse:
    found = visible(request, pk)
    if request.method != "POST":
        return redirect(found)
    form = ReviseForm(request.POST)
    if not form.is_valid():
        return detail(request, pages.observation(found, request.post, form), 422)
    newer = services.revise(found, by=request.post, **form.cleaned_data)
    messages.success(request, _("已登记第 %(n)d 版，旧版保留。") % {"n": newer.version})
    return redirect(newer)


@require_http_methods(BOTH)
@needs("facts.record")
def record(request: Asked) -> HttpResponse:
    asked = {name: request.GET[name] for name in ("submission", "indicator") if name in request.GET}
    if (batch := queries.filling_of(request.post, asked.get("submission", ""))) is not None:
        asked |= {"unit": str(batch.unit_id), "period": batch.period.label if batch.period else ""}
        asked |= {"source": batch.title}
    form = RecordForm(request.POST or None, by=request.post, initial=asked)
    if not form.is_valid():
        return form_page(request, pages.recording(form))
    made = services.record(by=request.post, **form.cleaned_data)
    messages.success(request, _("已录入。"))
    return redirect(made.submission or made)


@require_http_methods(BOTH)
@needs("facts.import")
def import_file(request: Asked) -> HttpResponse:
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if not form.is_valid():
        return form_page(request, pages.importing(form))
    (content, name), subjects = form.content(), form.subjects()
    found = reading.read(content, subjects)
    if not found.clean:
        again = ImportForm.again(content, name, found.unmatched, subjects)
        return form_page(request, pages.importing(again, found.sentences))
    done = services.import_file(content, name, by=request.post, subjects=subjects)
    doubts = ngettext("疑点 %(n)d 条。", "疑点 %(n)d 条。", len(done.doubts)) % {
        "n": len(done.doubts)
    }
    counts = {"added": done.added, "revised": done.revised, "same": done.unchanged}
    told = _("新增 %(added)d 个，修订 %(revised)d 个，不变 %(same)d 个；") % counts
    messages.success(request, told + doubts)
    return redirect(done.submission)

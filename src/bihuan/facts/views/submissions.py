"""What units hand in: opened, filled as a table or by pasting, submitted, judged."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.base import sheets
from bihuan.exchange import sheet
from bihuan.facts import block, filing, layout, pages, queries, services, terms
from bihuan.facts.forms import (
    FillForm,
    OpenForm,
    PasteConfirmForm,
    PasteForm,
    ReasonForm,
    SubmissionFilterForm,
    WordForm,
)
from bihuan.facts.models import Submission
from bihuan.facts.views.asked import BOTH, detail, form_page, listed, number, the_submission
from bihuan.people.access import Asked, needs


@require_safe
@needs("facts.view")
def submissions(request: Asked) -> HttpResponse:
    form = SubmissionFilterForm(request.GET, request.post)
    found = queries.narrowed(queries.submissions(request.post), **form.asked())
    return listed(request, pages.submissions(found, form, number(request), request.post))


@require_safe
@needs("facts.view")
def submission(request: Asked, pk: int) -> HttpResponse:
    return detail(request, pages.submission(the_submission(request, pk), request.post))


@require_http_methods(BOTH)
@needs("facts.record")
def open_submission(request: Asked) -> HttpResponse:
    form = OpenForm(request.POST or None, by=request.post, initial=queries.likely(request.post))
    if not form.is_valid():
        return form_page(request, pages.opening(form))
    made = services.open_submission(by=request.post, **form.cleaned_data)
    messages.success(request, _("已新建。请填表，或从电子表格粘贴。"))
    return redirect(made)


@require_http_methods(BOTH)
@needs("facts.record")
def fill(request: Asked, pk: int) -> HttpResponse:
    found = _filling(request, pk)
    form = FillForm(request.POST or None, rows=layout.rows(found))
    if form.is_valid():
        entries = form.block()
        read, reason = filing.read(found, entries), form.cleaned_data["reason"]
        for sentence in read.sentences:
            form.add_error(None, sentence)
        if read.having("revised") and not reason and not read.sentences:
            form.add_error("reason", services.needs_reason(read))
        if not read.placed and not read.sentences:
            form.add_error(None, _("一个数也没有填。请至少填一行。"))
        if not form.errors:
            return _filled(request, found, entries, reason)
    return detail(request, pages.filling(found, form), 422 if form.errors else 200)


@require_http_methods(BOTH)
@needs("facts.record")
def paste(request: Asked, pk: int) -> HttpResponse:
    found = _filling(request, pk)
    form = PasteForm(request.POST or None)
    if not form.is_valid():
        return form_page(request, pages.pasting(found, form))
    text = form.cleaned_data["text"]
    read, faults = _read(found, text)
    if faults:
        return form_page(request, pages.pasting(found, PasteForm(initial={"text": text}), faults))
    asked = PasteConfirmForm(initial={"text": text}, revises=bool(read.having("revised")))
    return form_page(request, pages.preview(found, read, asked))


@require_http_methods(BOTH)
@needs("facts.record")
def confirm(request: Asked, pk: int) -> HttpResponse:
    found = _filling(request, pk)
    if request.method != "POST":  # after a change of language, or signing in again
        return redirect("facts:paste", pk)
    text = request.POST.get("text", "")
    read, faults = _read(found, text)
    if faults:
        return form_page(request, pages.pasting(found, PasteForm(initial={"text": text}), faults))
    form = PasteConfirmForm(request.POST, revises=bool(read.having("revised")))
    if not form.is_valid():
        return form_page(request, pages.preview(found, read, form))
    reason = form.cleaned_data.get("reason", "")
    return _filled(request, found, _block(text), reason)


def _read(found: Submission, text: str) -> tuple[filing.Filing, list[str]]:
    """What a pasted text says, and every reason why it cannot be stored."""
    lines = sheet.pasted(text)
    if refusal := sheets.refusal(lines):
        return filing.Filing((), ()), [refusal]
    read = filing.read(found, _block(text))
    return read, list(read.sentences)


def _block(text: str) -> block.Block:
    lines = sheet.pasted(text).lines
    return block.read(lines, queries.known_terms(), pages.export_words())


def _filled(request: Asked, found: Submission, rows: block.Block, reason: str) -> HttpResponse:
    done = services.fill(found, rows, by=request.post, reason=reason)
    counts = {"new": len(done.having("new")), "revised": len(done.having("revised"))}
    counts |= {"same": len(done.having("same"))}
    told = _("已登记：新增 %(new)d 个，修订 %(revised)d 个，不变 %(same)d 个。提交以后开始算数。")
    messages.success(request, told % counts)
    return redirect(found)


# Steps ------------------------------------------------------------------------------------------


@require_POST
@needs("facts.record")
def submit(request: Asked, pk: int) -> HttpResponse:
    services.submit(the_submission(request, pk), by=request.post)
    messages.success(request, _("已提交，等别人接收。"))
    return redirect("facts:submission", pk)


@require_http_methods(BOTH)
@needs("facts.record")
def drop(request: Asked, pk: int) -> HttpResponse:
    return _judge(request, pk, "drop", ReasonForm)


@require_http_methods(BOTH)
@needs("facts.accept")
def accept(request: Asked, pk: int) -> HttpResponse:
    return _judge(request, pk, "accept", WordForm)


@require_http_methods(BOTH)
@needs("facts.accept")
def send_back(request: Asked, pk: int) -> HttpResponse:
    return _judge(request, pk, "send_back", ReasonForm)


def _judge(request: Asked, pk: int, step: str, kind: Any) -> HttpResponse:
    found = the_submission(request, pk)
    if request.method != "POST":
        return redirect(found)
    form = kind(request.POST)
    if not form.is_valid():
        return detail(request, pages.submission(found, request.post, {step: form}), 422)
    getattr(services, step)(found, by=request.post, **form.cleaned_data)
    messages.success(request, _("已办理。"))
    return redirect(found)


def _filling(request: Asked, pk: int) -> Submission:
    """A submission that is still being filled; any other has no such page."""
    found = the_submission(request, pk)
    if found.state not in terms.FILLING or found.unit is None:
        raise Http404
    return found

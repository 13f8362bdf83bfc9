"""Papers and releases: parse, call one verb, render one page."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.files import views as files
from bihuan.people import queries as people
from bihuan.people.access import Asked, known, needs
from bihuan.press import forms, pages, queries, rules, services
from bihuan.press.models import Paper, Release
from bihuan.ui.printing import printed, worded

BOTH = ["GET", "HEAD", "POST"]
DETAIL = "ui/detail.html"
inside = needs("press.view")
MEDIA = {
    "pdf": ("application/pdf", printed),
    "docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        worded,
    ),
}


# Papers -------------------------------------------------------------------------------------------


def _paper(request: Asked, pk: int) -> Paper:
    return get_object_or_404(queries.papers_for(request.post), pk=pk)


@require_http_methods(BOTH)
@inside
def papers(request: Asked) -> HttpResponse:
    if request.method != "POST":
        return render(request, DETAIL, {"page": pages.papers.index(request.post)})
    known(people.may(request.post, "press.write"))
    form = forms.DraftForm(request.POST)
    if not form.is_valid():
        page = pages.papers.index(request.post, form)
        return render(request, DETAIL, {"page": page}, status=422)
    made = services.draft(by=request.post, **form.cleaned_data)
    messages.success(request, _("已起草，请修改。"))
    return redirect(made)


@require_http_methods(BOTH)
@inside
def paper(request: Asked, pk: int) -> HttpResponse:
    found = _paper(request, pk)
    if request.method != "POST":
        return render(request, DETAIL, {"page": pages.papers.detail(found, request.post)})
    known(people.may(request.post, "press.write"))
    form = forms.PaperForm(request.POST)
    if not form.is_valid():
        page = pages.papers.detail(found, request.post, form)
        return render(request, DETAIL, {"page": page}, status=422)
    services.edit_paper(found, by=request.post, **form.cleaned_data)
    messages.success(request, _("已保存。"))
    return redirect(found)


@require_POST
@needs("press.issue")
def issue(request: Asked, pk: int) -> HttpResponse:
    made = services.issue(_paper(request, pk), by=request.post)
    messages.success(request, _("已印发：%(number)s。") % {"number": made.number})
    return redirect(made)


@require_POST
@needs("press.issue")
def void(request: Asked, pk: int) -> HttpResponse:
    found = _paper(request, pk)
    services.void(found, by=request.post, reason=request.POST.get("reason", "")[:300])
    messages.success(request, _("已作废。"))
    return redirect(found)


@require_safe
@inside
def paper_file(request: Asked, pk: int, kind: str) -> HttpResponse:
    """What was issued as it was kept; a draft as it looks now."""
    found = _paper(request, pk)
    if kind not in MEDIA:
        raise Http404
    kept = getattr(found, kind)
    if kept is not None:
        return files.deliver(kept)
    media, make = MEDIA[kind]
    answer = HttpResponse(make(services.document(found)), content_type=media)
    side = "inline" if kind == "pdf" else "attachment"
    answer.headers["Content-Disposition"] = f'{side}; filename="draft.{kind}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_safe
@inside
def templates(request: Asked) -> HttpResponse:
    return render(request, DETAIL, {"page": pages.papers.templates()})


@require_http_methods(BOTH)
@inside
def template(request: Asked, kind: str) -> HttpResponse:
    known(kind in rules.KINDS)
    if request.method != "POST":
        return render(request, DETAIL, {"page": pages.papers.template(kind, request.post)})
    known(people.may(request.post, "press.templates"))
    form = forms.TemplateForm(request.POST)
    if not form.is_valid():
        page = pages.papers.template(kind, request.post, form)
        return render(request, DETAIL, {"page": page}, status=422)
    services.set_template(kind, by=request.post, **form.cleaned_data)
    messages.success(request, _("已存为新的一版。"))
    return redirect("press:template", kind)


@require_safe
@inside
def template_file(request: Asked, kind: str) -> HttpResponse:
    known(kind in rules.KINDS)
    answer = HttpResponse(queries.template(kind), content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{kind}.txt"'
    return answer


@require_http_methods(BOTH)
@inside
def check(request: Asked) -> HttpResponse:
    form = forms.CheckForm(request.POST or None)
    text = form.cleaned_data["text"] if form.is_valid() else ""
    return render(request, "ui/form.html", {"page": pages.papers.checking(form, text)})


# Releases -----------------------------------------------------------------------------------------


def _release(request: Asked, pk: int) -> Release:
    return get_object_or_404(queries.releases_for(request.post), pk=pk)


@require_safe
@inside
def index(request: Asked) -> HttpResponse:
    return render(request, DETAIL, {"page": pages.releases.index(request.post)})


@require_http_methods(BOTH)
@needs("press.write")
def write(request: Asked) -> HttpResponse:
    form = forms.ReleaseForm(request.POST or None)
    if form.is_valid():
        made = services.write(by=request.post, **form.cleaned_data)
        messages.success(request, _("已存为草稿。"))
        return redirect(made)
    page = pages.releases.writing(form)
    return render(request, "ui/form.html", {"page": page}, status=422 if form.errors else 200)


@require_http_methods(BOTH)
@needs("press.write")
def from_record(request: Asked) -> HttpResponse:
    """A draft filled from a thing of another room."""
    posted = request.method == "POST"
    first = {"thing": request.GET.get("thing", "")}
    form = forms.FromForm(request.POST if posted else None, by=request.post, initial=first)
    if form.is_valid():
        kind, _colon, key = form.cleaned_data["thing"].partition(":")
        made = services.draft_from(kind, key, by=request.post)
        messages.success(request, _("已由记录起草，请修改。"))
        return redirect(made)
    page = pages.releases.choosing(form)
    return render(request, "ui/form.html", {"page": page}, status=422 if posted else 200)


@require_http_methods(BOTH)
@inside
def opinion(request: Asked, pk: int) -> HttpResponse:
    """What somebody wrote on a published text, and what becomes of it."""
    found = queries.opinion_for(request.post, pk)
    if found is None:
        raise Http404
    form = forms.SettleForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.settle(found, by=request.post, **form.cleaned_data)
        messages.success(request, _("已办理，联系方式已抹去。"))
        return redirect(found)
    page = pages.voice.opinion(found, form, request.post)
    status = 422 if form.is_bound else 200
    return render(request, DETAIL, {"page": page}, status=status)


@require_http_methods(BOTH)
@inside
def release(request: Asked, pk: int) -> HttpResponse:
    found = _release(request, pk)
    if request.method != "POST":
        return render(request, DETAIL, {"page": pages.releases.detail(found, request.post)})
    known(queries.may_pass(request.post, found))
    form = forms.ReleaseForm(request.POST)
    if not form.is_valid():
        page = pages.releases.detail(found, request.post, form)
        return render(request, DETAIL, {"page": page}, status=422)
    services.edit(found, by=request.post, **form.cleaned_data)
    messages.success(request, _("已保存，数已重新核对。"))
    return redirect(found)


@require_POST
@inside
def act(request: Asked, pk: int, name: str) -> HttpResponse:
    """One address for the steps of a release."""
    found = _release(request, pk)
    known(name in ("pass", "review", "return", "drop", "outcome"))
    note = request.POST.get("note", "")[:500]
    match name:
        case "pass":
            services.pass_on(found, by=request.post, note=note)
        case "review":
            answers = services.codes(request.POST.getlist("answers"))
            services.review(found, by=request.post, answers=answers, note=note)
        case "return":
            services.send_back(found, by=request.post, note=note)
        case "drop":
            services.drop(found, by=request.post, note=note)
        case "outcome":
            services.tell_outcome(found, by=request.post, outcome=request.POST.get("outcome", ""))
    messages.success(request, _("已办理。"))
    return redirect(found)


@require_http_methods(BOTH)
@needs("press.write")
def correct(request: Asked, pk: int) -> HttpResponse:
    """A newer release that says what was wrong with a published one."""
    found = _release(request, pk)
    known(found.state == "published" and people.may(request.post, "press.write", at=found.unit))
    names = ("headline", "subheadline", "dateline", "body", "byline", "event_on")
    form: Any = forms.CorrectionForm(
        request.POST or None, initial={name: getattr(found, name) for name in names}
    )
    if form.is_valid():
        made = services.correct(found, by=request.post, **form.cleaned_data)
        messages.success(request, _("更正稿已存为草稿，走同样的流程。"))
        return redirect(made)
    page = pages.releases.writing(form, found)
    return render(request, "ui/form.html", {"page": page}, status=422 if form.errors else 200)

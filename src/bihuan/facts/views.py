"""Parse, call one verb or one question, render one page."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.facts import catalogue, pages, queries, reading, services
from bihuan.facts.forms import (
    DoubtFilterForm,
    FilterForm,
    GroupForm,
    ImportForm,
    ReasonForm,
    RecordForm,
    ReviseForm,
    SettleForm,
    WordForm,
)
from bihuan.facts.models import Doubt, Framework, Observation, Submission
from bihuan.people.access import Asked, needs

_BOTH = ["GET", "HEAD", "POST"]


# Figures ----------------------------------------------------------------------------------------


@require_safe
@needs("facts.view")
def index(request: Asked) -> HttpResponse:
    form = FilterForm(request.GET, request.post)
    found = queries.search(queries.visible_to(request.post, queries.current()), **form.asked())
    page = pages.index(found, form, _number(request), request.post)
    return render(request, "ui/list.html", {"page": page})


@require_safe
@needs("facts.view")
def observation(request: Asked, pk: int) -> HttpResponse:
    return _detail(request, pages.observation(_visible(request, pk), request.post))


@require_http_methods(_BOTH)
@needs("facts.record")
def revise(request: Asked, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    if request.method != "POST":
        return redirect(found)
    form = ReviseForm(request.POST)
    if not form.is_valid():
        return _detail(request, pages.observation(found, request.post, form), 422)
    newer = services.revise(found, by=request.post, **form.cleaned_data)
    messages.success(request, _("已登记第 %(n)d 版，旧版保留。") % {"n": newer.version})
    return redirect(newer)


@require_http_methods(_BOTH)
@needs("facts.record")
def record(request: Asked) -> HttpResponse:
    form = RecordForm(request.POST or None, by=request.post)
    if not form.is_valid():
        return _form(request, pages.recording(form), form)
    made = services.record(by=request.post, **form.cleaned_data)
    messages.success(request, _("已录入。"))
    return redirect(made)


@require_http_methods(_BOTH)
@needs("facts.import")
def import_file(request: Asked) -> HttpResponse:
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if not form.is_valid():
        return _form(request, pages.importing(form), form)
    (content, name), subjects = form.content(), form.subjects()
    found = reading.read(content, subjects)
    if not found.clean:
        again = ImportForm.again(content, name, found.unmatched, subjects)
        page = pages.importing(again, found.sentences)
        return render(request, "ui/form.html", {"page": page}, status=422)
    done = services.import_file(content, name, by=request.post, subjects=subjects)
    doubts = ngettext("疑点 %(n)d 条。", "疑点 %(n)d 条。", len(done.doubts)) % {
        "n": len(done.doubts)
    }
    counts = {"added": done.added, "revised": done.revised, "same": done.unchanged}
    told = _("新增 %(added)d 个，修订 %(revised)d 个，不变 %(same)d 个；") % counts
    messages.success(request, told + doubts)
    return redirect(done.submission)


# Doubts -----------------------------------------------------------------------------------------


@require_safe
@needs("facts.view")
def doubts(request: Asked) -> HttpResponse:
    form = DoubtFilterForm(request.GET)
    found = queries.doubts_to_see(request.post).filter(**form.asked())
    page = pages.doubts(found, form, _number(request))
    return render(request, "ui/list.html", {"page": page})


@require_safe
@needs("facts.view")
def doubt(request: Asked, pk: int) -> HttpResponse:
    return _detail(request, pages.doubt(_doubt(request, pk), request.post))


@require_http_methods(_BOTH)
@needs("facts.record")
def settle(request: Asked, pk: int) -> HttpResponse:
    found = _doubt(request, pk)
    if request.method != "POST":
        return redirect(found)
    form = SettleForm(request.POST)
    if not form.is_valid():
        return _detail(request, pages.doubt(found, request.post, (), form), 422)
    services.settle(found, by=request.post, **form.cleaned_data)
    messages.success(request, _("疑点已了结，数照旧保留。"))
    return redirect(found)


# Indicators, frameworks -------------------------------------------------------------------------


@require_safe
@needs("facts.view")
def indicators(request: Asked) -> HttpResponse:
    return render(request, "ui/list.html", {"page": catalogue.indicators(queries.indicators())})


@require_safe
@needs("facts.view")
def indicator(request: Asked, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.indicators(), pk=pk)
    return _detail(request, catalogue.indicator(found, request.post))


@require_safe
@needs("facts.view")
def frameworks(request: Asked) -> HttpResponse:
    page = catalogue.frameworks(queries.all_frameworks())
    return render(request, "ui/list.html", {"page": page})


@require_safe
@needs("facts.view")
def framework(request: Asked, pk: int) -> HttpResponse:
    return _detail(request, catalogue.framework(_framework(pk), request.post))


@require_http_methods(_BOTH)
@needs("facts.define")
def define_group(request: Asked, pk: int) -> HttpResponse:
    found = _framework(pk)
    if request.method != "POST":
        return redirect(found)
    form = GroupForm(request.POST)
    if not form.is_valid():
        return _detail(request, catalogue.framework(found, request.post, form), 422)
    services.define_group(found, by=request.post, **form.cleaned_data)
    messages.success(request, _("已保存。"))
    return redirect(found)


# Submissions ------------------------------------------------------------------------------------


@require_safe
@needs("facts.view")
def submissions(request: Asked) -> HttpResponse:
    page = catalogue.submissions(queries.submissions(request.post), _number(request), request.post)
    return render(request, "ui/list.html", {"page": page})


@require_safe
@needs("facts.view")
def submission(request: Asked, pk: int) -> HttpResponse:
    return _detail(request, catalogue.submission(_submission(request, pk), request.post))


@require_POST
@needs("facts.record")
def submit(request: Asked, pk: int) -> HttpResponse:
    services.submit(_submission(request, pk), by=request.post)
    messages.success(request, _("已提交。"))
    return redirect("facts:submission", pk)


@require_http_methods(_BOTH)
@needs("facts.record")
def accept(request: Asked, pk: int) -> HttpResponse:
    return _judge(request, pk, "accept", WordForm)


@require_http_methods(_BOTH)
@needs("facts.record")
def send_back(request: Asked, pk: int) -> HttpResponse:
    return _judge(request, pk, "send_back", ReasonForm)


def _judge(request: Asked, pk: int, step: str, kind: Any) -> HttpResponse:
    found = _submission(request, pk)
    if request.method != "POST":
        return redirect(found)
    form = kind(request.POST)
    if not form.is_valid():
        return _detail(request, catalogue.submission(found, request.post, {step: form}), 422)
    getattr(services, step)(found, by=request.post, **form.cleaned_data)
    messages.success(request, _("已办理。"))
    return redirect(found)


# What one may see -------------------------------------------------------------------------------


def _visible(request: Asked, pk: int) -> Observation:
    return get_object_or_404(queries.visible_to(request.post), pk=pk)


def _doubt(request: Asked, pk: int) -> Doubt:
    return get_object_or_404(queries.doubts_to_see(request.post), pk=pk)


def _framework(pk: int) -> Framework:
    return get_object_or_404(queries.all_frameworks(), pk=pk)


def _submission(request: Asked, pk: int) -> Submission:
    return get_object_or_404(queries.submissions(request.post), pk=pk)


def _number(request: HttpRequest) -> int:
    number = request.GET.get("page", "1")
    return int(number) if number.isdecimal() and len(number) < 9 else 1


def _detail(request: HttpRequest, page: Any, status: int = 200) -> HttpResponse:
    return render(request, "ui/detail.html", {"page": page}, status=status)


def _form(request: HttpRequest, page: Any, form: Any) -> HttpResponse:
    return render(request, "ui/form.html", {"page": page}, status=422 if form.errors else 200)

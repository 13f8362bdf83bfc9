"""Indicators, frameworks and terms: looked at, defined, changed."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.facts import pages, queries, services
from bihuan.facts.forms import (
    FrameworkForm,
    GroupForm,
    IndicatorForm,
    ReasonForm,
    TermFilterForm,
    TermForm,
)
from bihuan.facts.views.asked import (
    BOTH,
    detail,
    form_page,
    listed,
    number,
    the_framework,
    the_indicator,
    the_term,
)
from bihuan.people.access import Asked, needs

# Indicators -------------------------------------------------------------------------------------


@require_safe
@needs("facts.view")
def indicators(request: Asked) -> HttpResponse:
    return listed(request, pages.indicators(queries.indicators(), request.post))


@require_safe
@needs("facts.view")
def indicator(request: Asked, pk: int) -> HttpResponse:
    return detail(request, pages.indicator(the_indicator(pk), request.post))


@require_http_methods(BOTH)
@needs("facts.define")
def define_indicator(request: Asked) -> HttpResponse:
    form = IndicatorForm(request.POST or None)
    if not form.is_valid():
        return form_page(request, pages.defining_indicator(form))
    made = services.define_indicator(by=request.post, new=True, **form.cleaned_data)
    messages.success(request, _("已设定。"))
    return redirect(made)


@require_http_methods(BOTH)
@needs("facts.define")
def change_indicator(request: Asked, pk: int) -> HttpResponse:
    found = the_indicator(pk)
    if request.method != "POST":
        return redirect(found)
    form = IndicatorForm(request.POST, of=found)
    if not form.is_valid():
        return detail(request, pages.indicator(found, request.post, form), 422)
    services.define_indicator(by=request.post, code=found.code, **form.cleaned_data)
    return _saved(request, found)


# Frameworks -------------------------------------------------------------------------------------


@require_safe
@needs("facts.view")
def frameworks(request: Asked) -> HttpResponse:
    return listed(request, pages.frameworks(queries.all_frameworks(), request.post))


@require_safe
@needs("facts.view")
def framework(request: Asked, pk: int) -> HttpResponse:
    return detail(request, pages.framework(the_framework(pk), request.post))


@require_http_methods(BOTH)
@needs("facts.define")
def define_framework(request: Asked) -> HttpResponse:
    form = FrameworkForm(request.POST or None)
    if not form.is_valid():
        return form_page(request, pages.defining_framework(form))
    made = services.define_framework(by=request.post, new=True, **form.cleaned_data)
    messages.success(request, _("已设定。"))
    return redirect(made)


@require_http_methods(BOTH)
@needs("facts.define")
def change_framework(request: Asked, pk: int) -> HttpResponse:
    found = the_framework(pk)
    if request.method != "POST":
        return redirect(found)
    form = FrameworkForm(request.POST, of=found)
    if not form.is_valid():
        return detail(request, pages.framework(found, request.post, changed=form), 422)
    services.define_framework(by=request.post, code=found.code, **form.cleaned_data)
    return _saved(request, found)


@require_http_methods(BOTH)
@needs("facts.define")
def define_group(request: Asked, pk: int) -> HttpResponse:
    found = the_framework(pk)
    if request.method != "POST":
        return redirect(found)
    form = GroupForm(request.POST)
    if not form.is_valid():
        return detail(request, pages.framework(found, request.post, form), 422)
    services.define_group(found, by=request.post, **form.cleaned_data)
    return _saved(request, found)


# Terms ------------------------------------------------------------------------------------------


@require_safe
@needs("facts.view")
def terms(request: Asked) -> HttpResponse:
    form = TermFilterForm(request.GET)
    found = queries.own_terms(**form.asked())
    return listed(request, pages.terms(found, form, number(request), request.post))


@require_safe
@needs("facts.view")
def term(request: Asked, pk: int) -> HttpResponse:
    return detail(request, pages.term(the_term(pk), request.post))


@require_http_methods(BOTH)
@needs("facts.define")
def define_term(request: Asked) -> HttpResponse:
    form = TermForm(request.POST or None)
    if not form.is_valid():
        return form_page(request, pages.defining_term(form))
    kind, word = form.cleaned_data["kind"], form.cleaned_data["word"]
    made = services.define_term(by=request.post, kind=kind, word=word, **form.said(kind))
    messages.success(request, _("已登记。"))
    return redirect(made)


@require_http_methods(BOTH)
@needs("facts.define")
def change_term(request: Asked, pk: int) -> HttpResponse:
    found = the_term(pk)
    if request.method != "POST":
        return redirect(found)
    form = TermForm(request.POST, of=found)
    if not form.is_valid():
        return detail(request, pages.term(found, request.post, form), 422)
    kind, word = found.kind, found.word
    said = form.said(kind)
    services.define_term(by=request.post, kind=kind, word=word, term=found, **said)
    return _saved(request, found)


@require_http_methods(BOTH)
@needs("facts.define")
def retire_term(request: Asked, pk: int) -> HttpResponse:
    found = the_term(pk)
    if request.method != "POST":
        return redirect(found)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return detail(request, pages.term(found, request.post, judged=form), 422)
    retired = not found.retired
    services.retire_term(found, by=request.post, retired=retired, **form.cleaned_data)
    return _saved(request, found)


def _saved(request: Asked, found: Any) -> HttpResponse:
    messages.success(request, _("已保存。"))
    return redirect(found)

"""The step library and the rule tables: parse, call one verb, render one page."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.ledger.views.room_tables import edited
from bihuan.people import queries as people
from bihuan.people.access import Asked, known, needs
from bihuan.projects import forms, pages, queries, services
from bihuan.projects.views.doors import DETAIL, inside

RULES = "projects.rules"


@require_safe
@inside
def library(request: Asked) -> HttpResponse:
    return render(request, DETAIL, {"page": pages.library.library(request.post)})


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def step_rule(request: Asked, code: str) -> HttpResponse:
    row = queries.step_rule(code)
    known(row is not None)
    writing = request.method == "POST"
    known(not writing or people.may(request.post, RULES))
    form: Any = forms.StepRuleForm(request.POST if writing else None, instance=row)
    valid = writing and form.is_valid()
    if valid and form.was_looked_at():
        services.set_step_rule(code, by=request.post, **form.told())
        messages.success(request, _("已设定。"))
        return redirect("projects:step-rule", code)
    page = pages.library.step_rule(code, form, request.post, looking=valid)
    return render(request, DETAIL, {"page": page}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(RULES)
def add_step_rule(request: Asked) -> HttpResponse:
    form: Any = forms.NewStepForm(request.POST or None)
    if form.is_valid():
        code = form.cleaned_data["code"]
        services.set_step_rule(code, by=request.post, **form.told())
        messages.success(request, _("已设定。"))
        return redirect("projects:step-rule", code)
    page = pages.library.adding(form)
    return render(request, "ui/form.html", {"page": page}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def table(request: Asked, code: str) -> HttpResponse:
    return edited(request, code, pages.library.ROOM, services.set_table)

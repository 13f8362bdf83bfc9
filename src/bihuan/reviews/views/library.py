"""The list of meetings, preparing one, the step library and the settings."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.people import queries as people
from bihuan.people.access import Asked, known, needs
from bihuan.reviews import forms, queries, rules, services
from bihuan.reviews.pages import listing
from bihuan.reviews.views.doors import inside, office


@require_safe
@inside
def index(request: Asked) -> HttpResponse:
    return render(request, "ui/list.html", {"page": listing.index(request.post)})


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reviews.keep")
def prepare(request: Asked) -> HttpResponse:
    form = forms.PrepareForm(request.POST or None)
    if form.is_valid():
        review = services.prepare(by=request.post, **form.cleaned_data)
        messages.success(request, _("已开始筹备。请核对成员、步骤和期限。"))
        return redirect(review)
    page = listing.preparing(form)
    return render(request, "ui/form.html", {"page": page}, status=422 if form.errors else 200)


@require_safe
@office
def library(request: Asked) -> HttpResponse:
    return render(request, "ui/detail.html", {"page": listing.library(request.post)})


@require_http_methods(["GET", "HEAD", "POST"])
@office
def template(request: Asked, code: str) -> HttpResponse:
    row = queries.template(code)
    known(row is not None)
    form: Any = forms.TemplateForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        services.set_template(code, by=request.post, **form.cleaned_data)
        messages.success(request, _("已设定。"))
        return redirect("reviews:template", code)
    page = listing.template(code, form, request.post)
    return render(request, "ui/detail.html", {"page": page}, status=_status(request, form))


@require_http_methods(["GET", "HEAD", "POST"])
@office
def rule(request: Asked, code: str) -> HttpResponse:
    known(code in rules.SETTINGS)
    form = forms.RULE_FORMS[code](request.POST or None, value=queries.setting(code))
    if request.method == "POST" and form.is_valid():
        services.set_rule(
            code,
            by=request.post,
            value=form.cleaned_value(),
            source=form.cleaned_data["source"],
            grade=form.cleaned_data["grade"],
        )
        messages.success(request, _("已设定。"))
        return redirect("reviews:rule", code)
    page = listing.rule(code, form, request.post)
    return render(request, "ui/detail.html", {"page": page}, status=_status(request, form))


def _status(request: Asked, form: Any) -> int:
    """422 for what came back with faults, to whoever may set it at all."""
    if not form.errors:
        return 200
    return 422 if people.may(request.post, "reviews.keep") else 403

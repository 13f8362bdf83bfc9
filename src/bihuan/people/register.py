"""Pages of the register: units, persons, roles, accounts. Parse, call one verb, show one page."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.people import pages, queries, services
from bihuan.people.access import Asked, needs
from bihuan.people.forms import (
    AddRoleForm,
    AddUnitForm,
    PersonForm,
    RegisterForm,
    RoleForm,
    SearchForm,
)
from bihuan.people.models import Person, Role, Unit

ASK, ASK_OR_DO = require_safe, require_http_methods(["GET", "HEAD", "POST"])


@ASK
@needs("people.view")
def units(request: Asked) -> HttpResponse:
    page = pages.units(RegisterForm(request.GET), _number(request), request.post)
    return render(request, "ui/list.html", {"page": page})


@ASK
@needs("people.view")
def unit(request: Asked, pk: int) -> HttpResponse:
    page = pages.unit(get_object_or_404(Unit, pk=pk), request.post)
    return render(request, "ui/detail.html", {"page": page})


@ASK_OR_DO
@needs("people.manage")
def unit_act(request: Asked, pk: int, name: str) -> HttpResponse:
    found = get_object_or_404(Unit, pk=pk)
    if name not in pages.unit_acts(found, request.post):
        raise Http404
    if request.method != "POST":  # after a change of language, or signing in again
        return redirect(found)
    act = pages.UNIT_ACTS[name]
    form = act.form(request.POST, thing=found)
    if not form.is_valid():
        page = pages.unit(found, request.post, bound=form, bound_act=name)
        return render(request, "ui/detail.html", {"page": page}, status=422)
    _do(request, act, found, form.cleaned_data)
    messages.success(request, _("已办理：%(act)s。") % {"act": _(act.title)})
    return redirect(found)


@ASK_OR_DO
@needs("people.manage")
def add_unit(request: Asked) -> HttpResponse:
    form = AddUnitForm(request.POST or None)
    if form.is_valid():
        added = services.add_unit(by=request.post, **form.cleaned_data)
        messages.success(request, _("已登记：%(name)s。") % {"name": added.label()})
        return redirect(added)
    return _form_page(request, pages.adding(_("登记新单位"), form, "people:add-unit"), form)


@ASK
@needs("people.view")
def persons(request: Asked) -> HttpResponse:
    page = pages.persons(SearchForm(request.GET), _number(request), request.post)
    return render(request, "ui/list.html", {"page": page})


@ASK
@needs("people.view")
def person(request: Asked, pk: int) -> HttpResponse:
    page = pages.person(get_object_or_404(Person, pk=pk), request.post)
    return render(request, "ui/detail.html", {"page": page})


@never_cache
@ASK_OR_DO
@needs("people.view")
def person_act(request: Asked, pk: int, name: str) -> HttpResponse:
    found = get_object_or_404(Person, pk=pk)
    if name not in pages.person_acts(found, request.post):
        raise Http404
    if request.method != "POST":
        return redirect(found)
    act = pages.PERSON_ACTS[name]
    form = act.form(request.POST, thing=found)
    if not form.is_valid():
        page = pages.person(found, request.post, bound=form, bound_act=name)
        return render(request, "ui/detail.html", {"page": page}, status=422)
    thing = queries.account_of(found) if act.subject == "account" else found
    answer = _do(request, act, thing, form.cleaned_data)
    if act.tells:  # shown in this answer and nowhere else: not in a message, which would be stored
        page = pages.told_once(found, act, answer)
        return render(request, "ui/detail.html", {"page": page})
    messages.success(request, _("已办理：%(act)s。") % {"act": _(act.title)})
    return redirect(found)


@ASK_OR_DO
@needs("people.manage")
def add_person(request: Asked) -> HttpResponse:
    form = PersonForm(request.POST or None)
    if form.is_valid():
        added = services.add_person(by=request.post, **form.cleaned_data)
        messages.success(request, _("已登记：%(name)s。") % {"name": added.label()})
        return redirect(added)
    return _form_page(request, pages.adding(_("登记新人员"), form, "people:add-person"), form)


@ASK
@needs("people.view")
def roles(request: Asked) -> HttpResponse:
    return render(request, "ui/list.html", {"page": pages.roles(request.post)})


@ASK_OR_DO
@needs("people.view")
def role(request: Asked, pk: int) -> HttpResponse:
    found = get_object_or_404(Role, pk=pk)
    if request.method != "POST":
        return render(request, "ui/detail.html", {"page": pages.role(found, request.post)})
    if not queries.may(request.post, "people.roles"):
        raise Http404
    form = RoleForm(request.POST, thing=found)
    if not form.is_valid():
        page = pages.role(found, request.post, form)
        return render(request, "ui/detail.html", {"page": page}, status=422)
    services.set_role(found, by=request.post, **form.cleaned_data)
    messages.success(request, _("已设定：%(name)s。") % {"name": found.label()})
    return redirect(found)


@ASK_OR_DO
@needs("people.roles")
def add_role(request: Asked) -> HttpResponse:
    form = AddRoleForm(request.POST or None)
    if form.is_valid():
        added = services.add_role(by=request.post, **form.cleaned_data)
        messages.success(request, _("已登记：%(name)s。") % {"name": added.label()})
        return redirect(added)
    return _form_page(request, pages.adding(_("增设角色"), form, "people:add-role"), form)


@ASK
@needs("people.accounts")
def accounts(request: Asked) -> HttpResponse:
    page = pages.accounts(SearchForm(request.GET), _number(request), request.post)
    return render(request, "ui/list.html", {"page": page})


def _do(request: Asked, act: pages.Act, thing: Any, given: dict[str, Any]) -> Any:
    """Call the verb of an act: on the thing, or on what the form names (a post that ends)."""
    subject = {act.subject: thing} if act.subject else {}
    return act.service(by=request.post, **subject, **given)


def _form_page(request: HttpRequest, page: Any, form: Any) -> HttpResponse:
    return render(request, "ui/form.html", {"page": page}, status=422 if form.errors else 200)


def _number(request: HttpRequest) -> int:
    number = request.GET.get("page", "1")
    return int(number) if number.isdecimal() and len(number) < 9 else 1

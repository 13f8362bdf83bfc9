"""Acts: find one in its table, show its form, call its verb, go where it leads."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bihuan.designs import forms, services
from bihuan.designs.models import (
    AgendaItem,
    Aspect,
    Comparison,
    Notice,
    Opinion,
    ReviewMeeting,
    SchemeVersion,
)
from bihuan.designs.pages import acts, listing
from bihuan.designs.pages import meeting as meeting_pages
from bihuan.designs.views import doors
from bihuan.designs.views.doors import inside, office
from bihuan.people.access import Asked, known
from bihuan.ui.panel import FormPage

_both = require_http_methods(["GET", "HEAD", "POST"])


def _do(request: Asked, name: str, thing: Any) -> HttpResponse:
    table = acts.KINDS[type(thing)][1]
    known(name in table)
    act = table[name]
    known(act.who(request.post, thing))
    posted = request.method == "POST"
    if not posted and not act.when(thing):
        return redirect(_home(name, thing, None))
    form: Any = act.form(request.POST or None, request.FILES or None, about=thing, by=request.post)
    if posted and not form.is_bound:
        form = act.form({}, about=thing, by=request.post)
    if posted and form.is_valid():
        made = act.verb(thing_for(thing, name), by=request.post, **form.told())
        said = act.said(made) if act.said else [_("已办理：%(act)s。") % {"act": _(act.title)}]
        for sentence in said:
            messages.success(request, sentence)
        return redirect(_home(name, thing, made))
    panel = acts.panel(name, thing, request.post, form, folded=False)
    label = thing.label() if hasattr(thing, "label") else str(thing)
    page = FormPage(f"{_(act.title)} · {label}", panel)
    return render(request, "ui/form.html", {"page": page}, status=422 if posted else 200)


def thing_for(thing: Any, name: str) -> Any:
    """What the verb takes first: opinions are given on the scheme of the version in view."""
    return thing.scheme if name in ("give", "record") else thing


def _home(name: str, thing: Any, made: Any) -> str:
    """Where one goes when an act is done."""
    match made:
        case SchemeVersion() | Comparison():
            return made.get_absolute_url()
        case Opinion() if isinstance(thing, SchemeVersion):
            page = f"#page={made.page}" if made.page else ""
            return thing.get_absolute_url() + page
        case Notice():
            return reverse("designs:notice", args=[made.scheme_id, made.pk])
    match thing:
        case AgendaItem():
            return thing.meeting.get_absolute_url()
        case Notice():
            return reverse("designs:notice", args=[thing.scheme_id, thing.pk])
        case ReviewMeeting() if name in ("draft", "write", "issue"):
            return reverse("designs:minutes", args=[thing.pk])
    return str(thing.get_absolute_url())


@_both
@inside
def scheme(request: Asked, pk: int, name: str) -> HttpResponse:
    return _do(request, name, doors.scheme_of(request, pk))


@_both
@inside
def version(request: Asked, pk: int, number: int, name: str) -> HttpResponse:
    return _do(request, name, doors.version_of(request, pk, number))


@_both
@inside
def opinion(request: Asked, pk: int, number: int, name: str) -> HttpResponse:
    return _do(request, name, doors.opinion_of(request, pk, number))


@_both
@inside
def meeting(request: Asked, pk: int, name: str) -> HttpResponse:
    return _do(request, name, doors.meeting_of(request, pk))


@_both
@inside
def item(request: Asked, pk: int, number: int, name: str) -> HttpResponse:
    return _do(request, name, doors.item_of(request, pk, number))


@_both
@inside
def notice(request: Asked, pk: int, notice: int, name: str) -> HttpResponse:
    return _do(request, name, doors.notice_of(request, pk, notice))


# What begins something new ----------------------------------------------------------------------


@_both
@office
def begin(request: Asked) -> HttpResponse:
    form: Any = forms.BeginForm(request.POST or None, about=None, by=request.post)
    if form.is_valid():
        return redirect(services.begin(by=request.post, **form.told()))
    page = listing.beginning(form)
    return render(request, "ui/form.html", {"page": page}, status=422 if form.is_bound else 200)


@_both
@office
def call(request: Asked) -> HttpResponse:
    form: Any = forms.CallForm(request.POST or None, about=None, by=request.post)
    if form.is_valid():
        return redirect(services.call(by=request.post, **form.told()))
    page = meeting_pages.calling(form)
    return render(request, "ui/form.html", {"page": page}, status=422 if form.is_bound else 200)


@_both
@office
def aspects(request: Asked) -> HttpResponse:
    form: Any = forms.NewAspectForm(request.POST or None, about=None, by=request.post)
    if form.is_valid():
        services.set_aspect(by=request.post, **form.told())
        return redirect("designs:aspects")
    page = listing.aspects(form)
    return render(request, "ui/detail.html", {"page": page}, status=422 if form.is_bound else 200)


@_both
@office
def aspect(request: Asked, code: str) -> HttpResponse:
    one = Aspect.objects.filter(code=code).first()
    known(one)
    form: Any = forms.AspectForm(request.POST or None, about=one, by=request.post)
    if form.is_valid():
        services.set_aspect(by=request.post, code=code, **form.told())
        return redirect("designs:aspects")
    page = listing.aspect(one, form)  # type: ignore[arg-type]  # known
    return render(request, "ui/form.html", {"page": page}, status=422 if form.is_bound else 200)

"""What can be done with a thing, as one table for the pages and the one view of a room.

A page offers the acts that a post may do and that the thing allows; the view looks an act up by
its name, asks the permission again and hands it to its verb, which has the last word.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.people import queries
from bihuan.people.access import Asked, known, needs
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, FormPanel

DETAIL = "ui/detail.html"
Bound = Mapping[str, Any] | None  # forms that came back with faults, in place of empty ones
Call = Callable[[Any, Post, Mapping[str, Any]], Any]


class AboutForm(Form):
    """A form of one verb about one thing."""

    def __init__(self, *args: Any, about: Any = None, **kwargs: Any) -> None:
        self.about = about
        super().__init__(*args, **kwargs)
        self.fit()

    def fit(self) -> None:
        """Fill choices and first values from the thing at hand."""


class NothingForm(AboutForm):
    """一按即办。"""


def _always(_about: Any) -> bool:
    return True


@dataclass(frozen=True)
class Act:
    """一个动作：叫什么，填什么表，要哪个权限，什么时候能办，怎么办；办完去不去看办成的那件事。"""

    title: str
    form: type[Any]
    verb: str
    call: Call
    when: Callable[[Any], bool] = _always
    intro: str = ""
    folded: bool = True
    leads: bool = False  # to what was made, instead of back to where it was asked


@dataclass(frozen=True)
class Place:
    """Where a kind of thing is found, and the page on which it stands: its own or another's.

    A list has an `address` instead and nothing to be found: its page takes no thing.
    """

    page: Callable[..., DetailPage]
    find: Callable[[], QuerySet[Any]] | None = None
    page_of: Callable[[Any], Any] = lambda one: one
    address: str = ""


@dataclass(frozen=True)
class Acts:
    """The acts of a room: kind of thing → name → act; `address` is the name of their address."""

    table: Mapping[str, Mapping[str, Act]]
    address: str

    def panels(
        self, kind: str, about: Any, by: Post, bound: Bound = None, prefix: str = ""
    ) -> list[FormPanel]:
        """Forms of everything that may be done now, `bound` in place of the one filled in."""
        out, pk = [], 0 if about is None else about.pk
        for name, act in self.table[kind].items():
            if not (queries.may(by, act.verb) and act.when(about)):
                continue
            form = (bound or {}).get(f"{kind}:{pk}:{name}") or act.form(about=about)
            title = f"{prefix}{_(act.title)}"
            intro = _(act.intro) if act.intro else ""
            where = reverse(self.address, args=[kind, pk, name])
            out.append(FormPanel(title, form, where, _(act.title), intro, folded=act.folded))
        return out

    def do(
        self, request: Asked, places: Mapping[str, Place], kind: str, pk: int, name: str
    ) -> HttpResponse:
        """Do one act, or show its page again with every fault; who may not finds nothing."""
        known(kind in places and name in self.table.get(kind, ()))
        place, doing = places[kind], self.table[kind][name]
        known(queries.may(request.post, doing.verb))
        one = None if place.find is None else get_object_or_404(place.find(), pk=pk)
        stands = () if one is None else (place.page_of(one),)
        back = stands[0] if stands else place.address
        if request.method != "POST":
            return redirect(back)
        form = doing.form(request.POST, request.FILES, about=one)
        if form.is_valid():
            made = doing.call(one, request.post, form.cleaned_data)
            messages.success(request, _("已办：%(what)s。") % {"what": _(doing.title)})
            return redirect(made if doing.leads else back)
        page = place.page(*stands, request.post, {f"{kind}:{pk}:{name}": form})
        return render(request, DETAIL, {"page": page}, status=422)


def shown(places: Mapping[str, Place], kind: str, verb: str) -> Callable[..., HttpResponseBase]:
    """The view of one thing on its own page, or of a list, for whoever has the verb."""

    @require_safe
    @needs(verb)
    def view(request: Asked, pk: int | None = None) -> HttpResponse:
        place = places[kind]
        about = () if place.find is None else (get_object_or_404(place.find(), pk=pk),)
        return render(request, DETAIL, {"page": place.page(*about, request.post)})

    return view

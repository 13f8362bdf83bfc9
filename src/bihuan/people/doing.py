"""What can be done with a thing, as one table for pages and views of any room.

A page shows the acts that a post may do and that the thing allows; the view looks the act up by
its name and does just that, so that nothing can be done that is not offered.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.people import queries
from bihuan.people.access import Asked, known
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, FormPanel

Bound = Mapping[str, Any] | None


class AboutForm(Form):
    """A form of one verb about one thing."""

    def __init__(self, *args: Any, about: Any = None, **kwargs: Any) -> None:
        self.about = about
        super().__init__(*args, **kwargs)
        self.fit()

    def fit(self) -> None:
        """Fill choices and first values from the thing at hand."""


def _always(_about: Any) -> bool:
    return True


@dataclass(frozen=True)
class Act:
    """一个动作：叫什么，填什么表，要哪个权限，什么时候能办，怎么办。"""

    title: str
    form: type[AboutForm]
    verb: str
    call: Callable[[Any, Post, Mapping[str, Any]], Any]
    when: Callable[[Any], bool] = _always
    intro: str = ""
    folded: bool = True


@dataclass(frozen=True)
class Place:
    """Where a kind of thing is found, the thing whose page it stands on, and that page."""

    find: Callable[[], QuerySet[Any]]
    page: Callable[..., DetailPage]
    page_of: Callable[[Any], Any] = lambda one: one


@dataclass(frozen=True)
class Acts:
    """The acts of a room: kind of thing → name → act; `address` is the name of their address."""

    table: Mapping[str, Mapping[str, Act]]
    address: str

    def panels(
        self, kind: str, about: Any, by: Post, bound: Bound = None, prefix: str = ""
    ) -> list[FormPanel]:
        """Forms of everything that may be done now, `bound` in place of the one filled in."""
        out, pk = [], getattr(about, "pk", None) or 0
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
        known(kind in places and name in self.table[kind])
        place, doing = places[kind], self.table[kind][name]
        one = get_object_or_404(place.find(), pk=pk) if pk else None
        known(queries.may(request.post, doing.verb))
        whole = place.page_of(one)
        back: Any = whole if isinstance(whole, Model) else reverse(whole)
        if request.method != "POST":
            return redirect(back)
        form = doing.form(request.POST, request.FILES, about=one)
        if form.is_valid():
            made = doing.call(one, request.post, form.cleaned_data)
            messages.success(request, _("已办：%(what)s。") % {"what": _(doing.title)})
            leads = isinstance(made, Model) and type(made) is not type(one)
            return redirect(made if leads and hasattr(made, "get_absolute_url") else back)
        bound = {f"{kind}:{pk}:{name}": form}
        page = place.page(request.post, bound) if isinstance(whole, str) else place.page(
            whole, request.post, bound
        )  # fmt: skip
        return render(request, "ui/detail.html", {"page": page}, status=422)

"""Pages for everybody, without signing in: notices, their pictures, the form for an opinion."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.designs import forms, pages, queries, services
from bihuan.files import store
from bihuan.people import queries as people
from bihuan.press.views.public import address_of


@require_safe
def index(request: Any) -> HttpResponse:
    managing = request.post is not None and people.may(request.post, "designs.manage")
    return render(request, "ui/list.html", {"page": pages.public.index(managing)})


@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(queries.notices.shown(), slug=slug)
    form: Any = forms.ResidentForm(request.POST or None, about=found, by=None)
    posted = request.method == "POST"
    if posted and not form.is_bound:
        form = forms.ResidentForm({}, about=found, by=None)
    if posted and form.is_valid():
        opinion = services.receive(found, address=address_of(request), **form.told())
        told = {"n": opinion.number}
        messages.success(request, _("收到了，编号 %(n)d。办理情况会写在这一页。谢谢。") % told)
        return redirect(found)
    page = pages.public.notice(found, form)
    return render(request, "ui/detail.html", {"page": page}, status=422 if posted else 200)


@require_safe
def page(_request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    found = get_object_or_404(queries.notices.shown(), slug=slug)
    shown = found.pages.filter(page=number).select_related("kept").first()
    if shown is None or not store.is_whole(shown.kept.digest, shown.kept.size):
        raise Http404
    # A picture that this house made itself: it may be shown in the page, unlike what people bring.
    answer = FileResponse(store.open_bytes(shown.kept.digest), content_type="image/jpeg")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer

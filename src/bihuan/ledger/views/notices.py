"""Reminders and slips: parse, call one verb or one question, render one page."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.ledger import queries, services
from bihuan.ledger.forms.office import NoticeFilterForm
from bihuan.ledger.pages import notices as pages
from bihuan.people.access import Asked, needs


@require_safe
@needs("ledger.view")
def index(request: Asked) -> HttpResponse:
    form = NoticeFilterForm(request.GET)
    found = queries.notices(request.post, **form.asked())
    page = pages.index(found, form, _number(request), request.post)
    return render(request, "ui/list.html", {"page": page})


@require_safe
@needs("ledger.view")
def printed(request: Asked) -> HttpResponse:
    found = queries.notices(request.post, **NoticeFilterForm(request.GET).asked())
    shown = list(Paginator(found, pages.PAGE).get_page(_number(request)))
    return render(request, "ui/detail.html", {"page": pages.printed(shown, request.post)})


def _number(request: Asked) -> int:
    number = request.GET.get("page", "1")
    return int(number) if number.isdecimal() and len(number) < 9 else 1


@require_safe
@needs("ledger.view")
def notice(request: Asked, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.notices(request.post), pk=pk)
    return render(request, "ui/detail.html", {"page": pages.notice(found, request.post)})


@require_http_methods(["GET", "HEAD", "POST"])
@needs("ledger.view")
def sign(request: Asked, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.notices(request.post), pk=pk)
    if request.method == "POST":
        services.sign_notice(found, by=request.post)
        messages.success(request, _("已签收。"))
    return redirect(found)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("ledger.view")
def remind(request: Asked) -> HttpResponse:
    if not pages.may_see_today(request.post):
        raise Http404
    if request.method == "POST":
        n = len(services.remind(by=request.post))
        sent = ngettext("已发出 %(n)d 件催办。", "已发出 %(n)d 件催办。", n) % {"n": n}
        messages.success(request, sent)
        return redirect("ledger:notices")
    page = pages.remind(queries.reminders_due(), queries.waiting_for_approval(), request.post)
    return render(request, "ui/detail.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@needs("ledger.notice")
def approve(request: Asked, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.visible_to(request.post), pk=pk)
    if request.method == "POST":
        sent = services.approve_notice(found, by=request.post)
        messages.success(request, _("已批准，已发出。"))
        return redirect(sent)
    return redirect("ledger:remind")

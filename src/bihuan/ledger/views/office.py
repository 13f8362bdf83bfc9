"""Rule tables, samples, tokens: parse, call one verb or one question, render one page."""

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.ledger import queries, services
from bihuan.ledger.forms.office import SampleForm, TableForm, TokenForm
from bihuan.ledger.pages import office as pages
from bihuan.ledger.pages import tables as table_pages
from bihuan.ledger.rules.tables import TABLES
from bihuan.people import queries as people
from bihuan.people.access import Asked, needs


@require_safe
@needs("ledger.view")
def tables(request: Asked) -> HttpResponse:
    return render(request, "ui/list.html", {"page": table_pages.tables()})


@require_http_methods(["GET", "HEAD", "POST"])
@needs("ledger.view")
def table(request: Asked, code: str) -> HttpResponse:
    writing = request.method == "POST"
    if code not in TABLES or (writing and not people.may(request.post, "ledger.limits")):
        raise Http404
    form = TableForm(code, request.POST) if writing else None
    valid = form is not None and form.is_valid()
    if form is not None and valid and form.was_looked_at():
        source, seen = form.cleaned_data["source"], form.version
        services.set_table(code, by=request.post, rows=form.rows, source=source, seen=seen)
        messages.success(request, _("已存为新的一版。"))
        return redirect("ledger:table", code)
    asked = {name: request.GET.get(name, "") for name in ("version", "against")}
    page = table_pages.table(code, request.post, form=form, **asked)
    status = 422 if writing and not valid else 200
    return render(request, "ui/detail.html", {"page": page}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("ledger.view")
def samples(request: Asked) -> HttpResponse:
    form = SampleForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        sample = services.draw_sample(by=request.post, **form.cleaned_data)
        messages.success(request, _("已抽样。"))
        return redirect(sample)
    page = pages.samples(request.post, form=form)
    return render(request, "ui/detail.html", {"page": page}, status=422 if form else 200)


@require_safe
@needs("ledger.view")
def sample(request: Asked, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.samples(), pk=pk)
    return render(request, "ui/detail.html", {"page": pages.sample(found, request.post)})


@require_safe
@needs("ledger.view")
def sample_file(request: Asked, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.samples(), pk=pk)
    answer = JsonResponse(
        pages.published(found), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="recheck-sample-{pk}.json"'
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs("ledger.tokens")
def tokens(request: Asked) -> HttpResponse:
    form = TokenForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        given = services.give_token(by=request.post, **form.cleaned_data)
        # Not redirected: the secret stands on this one page and nowhere else.
        return render(request, "ui/detail.html", {"page": pages.tokens(given=given)})
    page = pages.tokens(form=form)
    return render(request, "ui/detail.html", {"page": page}, status=422 if form else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("ledger.tokens")
def end_token(request: Asked, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.tokens(), pk=pk)
    if request.method == "POST":
        services.end_token(found, by=request.post)
        messages.success(request, _("已停用。"))
    return redirect("ledger:tokens")

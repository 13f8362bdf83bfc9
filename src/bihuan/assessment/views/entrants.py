"""Views of who can be rated."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.assessment import pages, queries, services
from bihuan.assessment.forms import EntrantForm
from bihuan.assessment.views.asked import BOTH, detail, said
from bihuan.people.access import Asked, needs


@require_safe
@needs("assessment.view")
def entrants(request: Asked) -> HttpResponse:
    return render(
        request, "ui/list.html", {"page": pages.entrants.index(request.post, request.GET)}
    )


@require_http_methods(BOTH)
@needs("assessment.define")
def enter(request: Asked) -> HttpResponse:
    form = EntrantForm(request.POST or None)
    if not form.is_valid():
        page = pages.entrants.entering(form)
        return render(request, "ui/form.html", {"page": page}, status=422 if form.errors else 200)
    made = services.enter(by=request.post, **form.cleaned_data)
    return said(request, _("已登记。"), made)


@require_http_methods(BOTH)
@needs("assessment.view")
def who(request: Asked, code: str) -> HttpResponse:
    found = get_object_or_404(queries.all_entrants(), code=code)
    if request.method != "POST":
        return detail(request, pages.entrants.detail(found, request.post))
    form = EntrantForm(request.POST, entrant=found)
    if not form.is_valid():
        return detail(request, pages.entrants.detail(found, request.post, form), 422)
    made = services.amend_entrant(found, by=request.post, **form.cleaned_data)
    return said(request, _("已保存。"), made)

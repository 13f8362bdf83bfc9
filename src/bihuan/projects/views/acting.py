"""One address for every act: find it in the table, show its form, call its verb."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bihuan.people.access import Asked, known, needs
from bihuan.projects import forms, services
from bihuan.projects.models import Project
from bihuan.projects.pages import acts
from bihuan.projects.pages import project as pages
from bihuan.projects.views.doors import inside, visible
from bihuan.ui.panel import FormPage


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def act(request: Asked, pk: int, name: str, thing: int | None = None) -> HttpResponse:
    project = visible(request, pk)
    known(name in acts.ACTS)
    doing = acts.ACTS[name]
    about = _about(project, doing, thing)
    known(doing.who(request.post, about))
    posted = request.method == "POST"
    if not posted and not doing.when(about):
        return redirect(doing.back(project, about))
    form: Any = doing.form(request.POST or None, request.FILES or None, about=about)
    if posted and not form.is_bound:
        form = doing.form({}, about=about)
    if posted and form.is_valid():
        made = doing.verb(about, by=request.post, **form.cleaned_data)
        messages.success(request, _("已办理：%(act)s。") % {"act": _(doing.title)})
        return redirect(made if name == "bring-plan" else doing.back(project, about))
    panel = acts.panel(name, project, about, form, folded=False)
    page = FormPage(
        f"{_(doing.title)} · {about.label() if hasattr(about, 'label') else about}", panel
    )
    return render(request, "ui/form.html", {"page": page}, status=422 if posted else 200)


def _about(project: Project, doing: acts.Act, thing: int | None) -> Any:
    """The thing an act is about: the project itself, or one of its parts."""
    known((thing is None) == (doing.part is None))
    if doing.part is None:
        return project
    found: Any = get_object_or_404(doing.part._default_manager.filter(project=project), pk=thing)
    found.project = project
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@needs("projects.manage")
def enter(request: Asked) -> HttpResponse:
    form = forms.CardForm(request.POST or None)
    if form.is_valid():
        project = services.enter(by=request.post, **form.cleaned_data)
        messages.success(request, _("已建项目卡。请登记它到了哪一步，附上佐证。"))
        return redirect(project)
    page = pages.entering(form)
    return render(request, "ui/form.html", {"page": page}, status=422 if form.errors else 200)


@require_POST
@needs("ledger.raise")
def raise_issue(request: Asked, pk: int, kind: str, key: str) -> HttpResponse:
    project = visible(request, pk)
    finding = services.raise_issue(project, by=request.post, kind=kind, key=key)
    told = {"number": finding.number}
    messages.success(request, _("已提为问题 %(number)s，请到台账交办。") % told)
    return redirect(project)


@require_POST
@needs("projects.manage")
def record_year(request: Asked, year: int) -> HttpResponse:
    """登记各单位年度投资完成率，年度考核据此取数。"""
    known(1993 <= year <= 2100)
    made = services.record_year(year, by=request.post)
    told = _("登记了 %(n)d 个单位的完成率。") if made else _("各单位的完成率都没有变。")
    messages.success(request, told % {"n": made} if made else told)
    return redirect("projects:key-of", year=year)

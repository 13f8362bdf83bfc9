"""Views of schemes: the list, one, and what is changed about one that is not yet in use."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.assessment import pages, queries, services
from bihuan.assessment.forms import (
    AmendNodeForm,
    CopyForm,
    MethodForm,
    NodeForm,
    RuleForm,
    WeightsForm,
)
from bihuan.assessment.views.asked import BOTH, detail, said, the_node, the_rule, the_scheme
from bihuan.people.access import Asked, needs


@require_safe
@needs("assessment.view")
def schemes(request: Asked) -> HttpResponse:
    return render(request, "ui/list.html", {"page": pages.schemes.index(request.post)})


@require_safe
@needs("assessment.view")
def scheme(request: Asked, pk: int) -> HttpResponse:
    return detail(request, pages.schemes.detail(the_scheme(pk), request.post))


@require_http_methods(BOTH)
@needs("assessment.define")
def weights(request: Asked, pk: int) -> HttpResponse:
    found = the_scheme(pk)
    if request.method != "POST":
        return redirect(found)
    form = WeightsForm(request.POST, nodes=queries.nodes(found))
    if not form.is_valid():
        return detail(request, pages.schemes.detail(found, request.post, weights=form), 422)
    basis = form.cleaned_data["basis"]
    services.set_weights(found, by=request.post, weights=form.weights(), basis=basis)
    return said(request, _("已保存权重。"), found)


@require_http_methods(BOTH)
@needs("assessment.define")
def method(request: Asked, pk: int) -> HttpResponse:
    found = the_scheme(pk)
    if request.method != "POST":
        return redirect(found)
    form = MethodForm(request.POST, of=found)
    if not form.is_valid():
        return detail(request, pages.schemes.detail(found, request.post, method=form), 422)
    given = form.cleaned_data
    services.set_method(
        found, by=request.post, table=form.table(), draws=given["draws"], basis=given["basis"]
    )
    return said(request, _("已保存算法。"), found)


@require_http_methods(BOTH)
@needs("assessment.define")
def node(request: Asked, pk: int) -> HttpResponse:
    found = the_scheme(pk)
    if request.method != "POST":
        return redirect(found)
    form = NodeForm(request.POST, of=found)
    if not form.is_valid():
        return detail(request, pages.schemes.detail(found, request.post, node=form), 422)
    services.add_node(found, by=request.post, **form.cleaned_data)
    return said(request, _("已补录指标。"), found)


@require_http_methods(BOTH)
@needs("assessment.define")
def copy(request: Asked, pk: int) -> HttpResponse:
    found = the_scheme(pk)
    if request.method != "POST":
        return redirect(found)
    form = CopyForm(request.POST)
    if not form.is_valid():
        return detail(request, pages.schemes.detail(found, request.post, copy=form), 422)
    made = services.copy_scheme(found, by=request.post, **form.cleaned_data)
    return said(request, _("已另立一版，可以改了。"), made)


@require_http_methods(BOTH)
@needs("assessment.view")
def amend_node(request: Asked, pk: int, code: str) -> HttpResponse:
    found = the_node(pk, code)
    if request.method != "POST":
        return detail(request, pages.nodes.detail(found, request.post))
    form = AmendNodeForm(request.POST, node=found)
    if not form.is_valid():
        return detail(request, pages.nodes.detail(found, request.post, form), 422)
    services.amend_node(found, by=request.post, to=form.words())
    return said(request, _("已保存指标。"), found.scheme)


@require_http_methods(BOTH)
@needs("assessment.define")
def remove_node(request: Asked, pk: int, code: str) -> HttpResponse:
    found = the_node(pk, code)
    if request.method != "POST":
        return redirect("assessment:amend-node", pk, code)
    scheme = services.remove_node(found, by=request.post)
    return said(request, _("已删去指标。"), scheme)


@require_http_methods(BOTH)
@needs("assessment.define")
def rules(request: Asked, pk: int) -> HttpResponse:
    found = the_scheme(pk)
    if request.method != "POST":
        return redirect(found)
    form = RuleForm(request.POST, of=found)
    if not form.is_valid():
        return detail(request, pages.schemes.detail(found, request.post, rule=form), 422)
    code = form.cleaned_data["code"]
    services.add_rule(found, by=request.post, code=code, plan=form.plan())
    return said(request, _("已增加规则。"), found)


@require_http_methods(BOTH)
@needs("assessment.view")
def rule(request: Asked, pk: int, code: str) -> HttpResponse:
    found = the_rule(pk, code)
    if request.method != "POST":
        return detail(request, pages.points.rule(found, request.post))
    form = RuleForm(request.POST, of=found.scheme, rule=found)
    if not form.is_valid():
        return detail(request, pages.points.rule(found, request.post, form), 422)
    services.amend_rule(found, by=request.post, plan=form.plan())
    return said(request, _("已保存规则。"), found.scheme)


@require_http_methods(BOTH)
@needs("assessment.define")
def remove_rule(request: Asked, pk: int, code: str) -> HttpResponse:
    found = the_rule(pk, code)
    if request.method != "POST":
        return redirect(found)
    scheme = services.remove_rule(found, by=request.post)
    return said(request, _("已删去规则。"), scheme)

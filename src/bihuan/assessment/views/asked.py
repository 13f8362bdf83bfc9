"""What a request is about, found or not there; and how every view of this room answers."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from bihuan.assessment import queries
from bihuan.assessment.models import Node, PointRule, Round, Run, Scheme, Score
from bihuan.people.access import Asked

BOTH = ["GET", "HEAD", "POST"]


def the_scheme(pk: int) -> Scheme:
    return get_object_or_404(queries.schemes(), pk=pk)


def the_round(request: Asked, pk: int) -> Round:
    return get_object_or_404(queries.rounds(request.post), pk=pk)


def the_run(request: Asked, pk: int) -> Run:
    """A finished run."""
    return get_object_or_404(queries.runs(request.post).exclude(digest=""), pk=pk)


def the_score(request: Asked, run: Run, code: str) -> Score:
    return get_object_or_404(queries.scores(run, request.post), entrant__code=code)


def the_whole(request: Asked, pk: int) -> Run:
    """A finished run that this post may see whole: where units are rated, not from one unit."""
    found = the_run(request, pk)
    if not queries.sees_whole(found.round, request.post):
        raise Http404
    return found


def detail(request: Asked, page: Any, status: int = 200) -> HttpResponse:
    return render(request, "ui/detail.html", {"page": page}, status=status)


def said(request: Asked, sentence: str, to: Any) -> HttpResponse:
    messages.success(request, sentence)
    return redirect(to)


def the_node(pk: int, code: str) -> Node:
    """An indicator or a group of a scheme."""
    found = Node.objects.select_related("scheme", "parent")
    return get_object_or_404(found, scheme=pk, code=code)


def the_rule(pk: int, code: str) -> PointRule:
    """A rule for points of a scheme."""
    found = PointRule.objects.select_related("scheme", "node")
    return get_object_or_404(found, scheme=pk, code=code)


def raised(request: Asked, finding: Any) -> HttpResponse:
    told = _("已存入台账，编号 %(number)s。") % {"number": finding.number}
    return said(request, told, finding)

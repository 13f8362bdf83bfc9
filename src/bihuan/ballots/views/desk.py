"""The desk: parse, call one verb or one question, render one page."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.ballots import forms, intake, pages, queries, rules, services
from bihuan.ballots.models import Poll, Voter
from bihuan.base.errors import Refused
from bihuan.jobs.rules import canonical
from bihuan.people import queries as people
from bihuan.people.access import Asked, signed_in_only
from bihuan.ui import printing

BOTH = ["GET", "HEAD", "POST"]


def _poll(request: Asked, slug: str) -> Poll:
    """A poll at whose desk this post may stand; nothing else is there for it."""
    return get_object_or_404(queries.polls(request.post), slug=slug)


def _voter(poll: Poll, number: int) -> Voter:
    return get_object_or_404(queries.voters(poll), number=number)


def _runs(request: Asked, verb: str = "ballots.run") -> None:
    if not people.may(request.post, verb):
        raise Http404


def _desk(request: Asked, poll: Poll, given: dict[str, Form], status: int = 422) -> HttpResponse:
    page = pages.desk.detail(poll, request.post, given)
    return render(request, "ui/detail.html", {"page": page}, status=status)


def _roll(request: Asked, poll: Poll, given: dict[str, Form]) -> HttpResponse:
    page = pages.roll.roll(poll, request.post, "", 1, given)
    return render(request, "ui/detail.html", {"page": page}, status=422)


def _base(request: Asked, poll: Poll) -> str:
    return str(request.build_absolute_uri(reverse("ballots:rate", args=[poll.slug])))


@require_safe
@signed_in_only
def index(request: Asked) -> HttpResponse:
    if not queries.stands_at_desks(request.post):
        raise Http404
    return render(request, "ui/list.html", {"page": pages.desk.index(request.post)})


@require_safe
@signed_in_only
def poll(request: Asked, slug: str) -> HttpResponse:
    found = _poll(request, slug)
    return _desk(request, found, {}, status=200)


@require_http_methods(BOTH)
@signed_in_only
def act(request: Asked, slug: str, name: str) -> HttpResponse:
    """The verbs that move a vote on; what is shown only once is answered, not redirected."""
    found = _poll(request, slug)
    known = {one.name: one for one in pages.desk.acts()}
    if name not in known or not people.may(request.post, known[name].verb):
        raise Http404
    if request.method != "POST":
        return redirect(found)
    if found.led_elsewhere and name in rules.IN_MEETING:
        raise Refused(_("这次投票属于一次会议。设票箱，开始、结束、计票、封存，请到会议里办。"))
    by = request.post
    if name == "freeze":
        if shares := services.freeze(found, by=by):
            found.refresh_from_db()
            return _once(request, pages.once.shares(found, shares))
    elif name == "admit-station":
        word = services.admit_station(found, by=by)
        return _once(request, pages.once.station(found, word, _base(request, found)))
    elif name == "count":
        given: list[str] = []
        if found.plan["seal"] == "shares":
            form = forms.SharesForm(request.POST, need=found.plan["seal_need"])
            if not form.is_valid():
                return _desk(request, found, {"count": form})
            given = form.shares()
        services.count(found, by=by, shares=given)
    else:
        _STEPS[name](found, by=by)
    messages.success(request, _("已办理：%(what)s。") % {"what": known[name].title})
    return redirect(found)


_STEPS: dict[str, Any] = {
    "start-issuing": services.start_issuing,
    "close-issuing": services.close_issuing,
    "start-casting": services.start_casting,
    "close": services.close,
    "finish": services.end_check_window,
}


def _once(request: Asked, page: Any, template: str = "ui/detail.html") -> HttpResponse:
    answer = render(request, template, {"page": page})
    answer.headers["Cache-Control"] = "no-store"
    return answer


# The roll -----------------------------------------------------------------------------------------


@require_safe
@signed_in_only
def roll(request: Asked, slug: str) -> HttpResponse:
    found = _poll(request, slug)
    asked = request.GET.get("q", "")[:60]
    number = request.GET.get("page", "1")
    page = pages.roll.roll(found, request.post, asked, int(number) if number.isdecimal() else 1, {})
    return render(request, "ui/detail.html", {"page": page})


@require_http_methods(BOTH)
@signed_in_only
def enrol(request: Asked, slug: str) -> HttpResponse:
    found = _poll(request, slug)
    _runs(request)
    if request.method != "POST":
        return redirect("ballots:roll", slug=slug)
    form = forms.RollForm(request.POST)
    if not form.is_valid():
        return _roll(request, found, {"roll": form})
    try:
        count = services.enrol(
            found, by=request.post, lines=intake.roll(found, form.cleaned_data["lines"])
        )
    except Refused as refused:  # what was pasted stays in its field
        form.add_error("lines", [str(sentence) for sentence in refused.sentences])
        return _roll(request, found, {"roll": form})
    told = ngettext("名单上现有 %(n)d 人。", "名单上现有 %(n)d 人。", count) % {"n": count}
    messages.success(request, told)
    return redirect("ballots:roll", slug=slug)


@require_http_methods(BOTH)
@signed_in_only
def late(request: Asked, slug: str) -> HttpResponse:
    found = _poll(request, slug)
    _runs(request)
    if request.method != "POST":
        return redirect("ballots:roll", slug=slug)
    form = forms.LateForm(request.POST, poll=found)
    if not form.is_valid():
        return _roll(request, found, {"late": form})
    said = form.cleaned_data
    line = services.Line(said["name"], said["category"])
    made = services.enrol_late(found, by=request.post, line=line, reason=said["reason"])
    messages.success(request, _("已补录%(name)s。") % {"name": made.name})
    return redirect("ballots:voter", slug=slug, number=made.number)


@require_safe
@signed_in_only
def voter(request: Asked, slug: str, number: int) -> HttpResponse:
    found = _poll(request, slug)
    page = pages.roll.voter(found, _voter(found, number), request.post, {})
    return render(request, "ui/detail.html", {"page": page})


@require_http_methods(BOTH)
@signed_in_only
def give(request: Asked, slug: str, number: int, kind: str) -> HttpResponse:
    found = _poll(request, slug)
    _runs(request)
    one = _voter(found, number)
    if kind not in ("token", "slip"):
        raise Http404
    if request.method != "POST":
        return redirect("ballots:voter", slug=slug, number=number)
    code = services.check_in(found, by=request.post, voter=one, given=kind)
    if code:
        page = pages.once.ticket(found, one, code, _base(request, found))
        return _once(request, page, "ballots/strips.html")
    messages.success(request, _("%(name)s已签到，请本人抽一张纸票。") % {"name": one.name})
    return redirect("ballots:roll", slug=slug)


@require_http_methods(BOTH)
@signed_in_only
def take_back(request: Asked, slug: str, number: int) -> HttpResponse:
    found = _poll(request, slug)
    _runs(request)
    one = _voter(found, number)
    if request.method != "POST":
        return redirect("ballots:voter", slug=slug, number=number)
    form = forms.ReasonForm(request.POST)
    if not form.is_valid():
        page = pages.roll.voter(found, one, request.post, {"back": form})
        return render(request, "ui/detail.html", {"page": page}, status=422)
    services.take_back(found, by=request.post, voter=one, reason=form.cleaned_data["reason"])
    messages.success(request, _("已收回，可以另发。"))
    return redirect("ballots:voter", slug=slug, number=number)


# Slips and paper ----------------------------------------------------------------------------------


@require_http_methods(BOTH)
@signed_in_only
def print_slips(request: Asked, slug: str) -> HttpResponse:
    found = _poll(request, slug)
    _runs(request)
    if request.method != "POST":
        return redirect(found)
    form = forms.PrintForm(request.POST, poll=found)
    if not form.is_valid():
        return _desk(request, found, {"print": form})
    said = form.cleaned_data
    codes = services.print_slips(
        found, by=request.post, category=said["category"], count=said["count"]
    )
    base, paper = _base(request, found), said["kind"] == "paper"
    try:
        return printing.answer(
            pages.papers.slips(found, said["category"], codes, base, paper=paper)
        )
    except Refused:  # no typeface on this machine: codes that exist must not be lost
        page = pages.once.slips(found, said["category"], codes, base)
        return _once(request, page, "ballots/strips.html")


@require_safe
@signed_in_only
def invitations(request: Asked, slug: str) -> HttpResponse:
    """签到凭证。"""
    found = _poll(request, slug)
    _runs(request)
    host = request.build_absolute_uri("/")[:-1]
    return printing.answer(pages.papers.invitations(found, host))


@require_http_methods(BOTH)
@signed_in_only
def return_slips(request: Asked, slug: str) -> HttpResponse:
    found = _poll(request, slug)
    _runs(request)
    if request.method != "POST":
        return redirect(found)
    form = forms.SlipsForm(request.POST, poll=found)
    if not form.is_valid():
        return _desk(request, found, {"return": form})
    said = form.cleaned_data
    services.return_slips(found, by=request.post, category=said["category"], count=said["count"])
    messages.success(request, _("已登记退回的张数。"))
    return redirect(found)


@require_http_methods(BOTH)
@signed_in_only
def paper(request: Asked, slug: str) -> HttpResponse:
    """录入纸质票：先扫码，再照票面点选，两人各一遍。"""
    found = _poll(request, slug)
    _runs(request, "ballots.type")
    if request.method != "POST":
        return redirect(found)
    form = forms.CodeForm(request.POST)
    if not form.is_valid():
        return _desk(request, found, {"paper": form})
    code = form.cleaned_data["code"]
    if "sheet" not in request.POST:
        return render(request, "ballots/paper.html", {"page": pages.paper(slug, code)})
    marks, remarks = forms.marks_of(request.POST, found.plan)
    outcome = services.type_paper(found, by=request.post, slip=code, marks=marks, remarks=remarks)
    told = {
        "first": _("第一遍已录，请另一人录第二遍。"),
        "matched": _("两遍一致，已投入票箱。"),
    }
    messages.success(request, told[outcome])
    return redirect(found)


@require_safe
@signed_in_only
def full(request: Asked, slug: str) -> HttpResponse:
    """全部结果文件：只给主持人和监票，不公开。"""
    found = _poll(request, slug)
    if found.full is None or not people.may(request.post, "ballots.chair"):
        raise Http404
    if found.plan["kind"] == "opinions":  # its texts belong to the meeting that asked for them
        raise Http404
    content = canonical(found.full)
    return _kept(content, f"bundle-full-{slug}.json", "application/json; charset=utf-8")


@require_safe
@signed_in_only
def copy(request: Asked, slug: str) -> HttpResponse:
    """票箱副本：核对期内给监票人，凭密钥份额在自己的电脑上复票。"""
    found = _poll(request, slug)
    if found.phase != "counted" or not people.may(request.post, "ballots.chair"):
        raise Http404
    content = services.hand_out_copy(found, by=request.post)
    return _kept(content, f"box-{slug}.sqlite3", "application/octet-stream")


def _kept(content: str | bytes, name: str, kind: str) -> HttpResponse:
    """A file for the scrutineer's own machine; it stays in no cache."""
    answer = HttpResponse(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer

"""One address for every act: find it in the table, show its form, call its verb."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bihuan.people.access import Asked, known
from bihuan.reviews import queries
from bihuan.reviews.models import Opinion, Review
from bihuan.reviews.pages import acts, before
from bihuan.reviews.views.doors import inside, visible
from bihuan.ui.panel import FormPage


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@inside
def act(request: Asked, pk: int, name: str, thing: int | None = None) -> HttpResponse:
    review = visible(request, pk)
    known(name in acts.ACTS)
    doing = acts.ACTS[name]
    about = _about(review, doing, thing)
    known(doing.who(queries.place(review, request.post), about))
    if review.state not in doing.states and request.method != "POST":
        return redirect(doing.back(review, about))
    posted = request.method == "POST"
    form: Any = doing.form(request.POST or None, request.FILES or None, about=about)
    if posted and not form.is_bound:  # a form without fields, sent without anything
        form = doing.form({}, about=about)
    if posted and form.is_valid():
        doing.verb(about, by=request.post, **form.cleaned_data)
        messages.success(request, _("已办理：%(act)s。") % {"act": _(doing.title)})
        return redirect(doing.back(review, about))
    if doing.reads is not None:
        doing.reads(about, request.post)
    panel = acts.panel(name, review, None if doing.part is None else about, form, folded=False)
    extra = (before.sorted_opinion(about),) if isinstance(about, Opinion) else ()
    page = FormPage(f"{_(doing.title)} · {review.label()}", panel, panels=extra)
    return render(request, "ui/form.html", {"page": page}, status=422 if posted else 200)


def _about(review: Review, doing: acts.Act, thing: int | None) -> Any:
    """The thing an act is about: the meeting itself, or one of its parts."""
    known((thing is None) == (doing.part is None))
    if doing.part is None:
        return review
    rows = doing.part._default_manager.filter(review=review)
    return get_object_or_404(rows, pk=thing)

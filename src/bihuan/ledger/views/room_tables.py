"""The view of one rule table of any room: look first, then save as a new version."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bihuan.ledger.pages.room_tables import RoomTables
from bihuan.people import queries as people
from bihuan.people.access import Asked


def edited(request: Asked, code: str, room: RoomTables, save: Callable[..., Any]) -> HttpResponse:
    """`save(code, by=…, rows=…, source=…, seen=…)` is the room's verb that stores a version."""
    writing = request.method == "POST"
    if code not in room.plans or (writing and not people.may(request.post, room.verb)):
        raise Http404
    form = room.form(code, request.POST) if writing else None
    valid = form is not None and form.is_valid()
    if form is not None and valid and form.was_looked_at():
        source, seen = form.cleaned_data["source"], form.version
        save(code, by=request.post, rows=form.rows, source=source, seen=seen)
        messages.success(request, _("已存为新的一版。"))
        return redirect(room.address, code)
    page = room.page(code, request.post, form=form, version=request.GET.get("version", ""))
    status = 422 if writing and not valid else 200
    return render(request, "ui/detail.html", {"page": page}, status=status)

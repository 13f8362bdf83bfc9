"""The doors of this room: whoever may not see a thing finds nothing."""

from django.shortcuts import get_object_or_404

from bihuan.designs import queries
from bihuan.designs.models import (
    AgendaItem,
    Notice,
    Opinion,
    ReviewMeeting,
    Scheme,
    SchemeVersion,
)
from bihuan.people.access import Asked, needs

inside = needs("designs.view")
office = needs("designs.manage")


def scheme_of(request: Asked, pk: int) -> Scheme:
    return get_object_or_404(queries.visible_to(request.post), pk=pk)


def version_of(request: Asked, pk: int, number: int) -> SchemeVersion:
    rows = scheme_of(request, pk).versions.select_related("scheme__project", "scheme__designer")
    return get_object_or_404(rows, number=number)


def opinion_of(request: Asked, pk: int, number: int) -> Opinion:
    rows = scheme_of(request, pk).opinions.select_related(
        "scheme__project", "scheme__designer", "version", "aspect", "unit", "meeting", "notice",
        "by__person", "by__unit",
    )  # fmt: skip
    return get_object_or_404(rows, number=number)


def meeting_of(request: Asked, pk: int) -> ReviewMeeting:
    return get_object_or_404(queries.meetings_for(request.post), pk=pk)


def item_of(request: Asked, pk: int, number: int) -> AgendaItem:
    rows = meeting_of(request, pk).agenda.select_related("meeting", "scheme")
    return get_object_or_404(rows, number=number)


def notice_of(request: Asked, pk: int, notice: int) -> Notice:
    rows = scheme_of(request, pk).notices.select_related("scheme__project", "version")
    return get_object_or_404(rows, pk=notice)

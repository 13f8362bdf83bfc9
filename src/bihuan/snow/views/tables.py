"""One rule table of this room: look, then save as a new version."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from bihuan.ledger.views.room_tables import edited
from bihuan.people.access import Asked, needs
from bihuan.snow.pages import tables as pages
from bihuan.snow.services.tables import set_event_table

SEEN = needs("snow.view")


@require_http_methods(["GET", "HEAD", "POST"])
@SEEN
def table(request: Asked, code: str) -> HttpResponse:
    return edited(request, code, pages.ROOM, set_event_table)

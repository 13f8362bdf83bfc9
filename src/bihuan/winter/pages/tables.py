"""冬季的规则表。"""

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.ledger.pages.room_tables import RoomTables
from bihuan.people.models import Post
from bihuan.ui.panel import DetailPage, Link
from bihuan.winter.forms.tables import TableForm
from bihuan.winter.pages import words
from bihuan.winter.queries.tables import TABLE
from bihuan.winter.rules.tables import TABLES

ROOM = RoomTables(
    TABLES,
    TABLE,
    TableForm,
    "winter.sign",
    "winter:table",
    lambda: Link(_("全部规则表"), reverse("winter:tables")),
)


def index(_by: Post) -> DetailPage:
    """全部规则表。"""
    return DetailPage(
        _("冬季规则表"),
        (ROOM.index(),),
        intro=_("标“待核实”“示意”的，请对照本地预案。每次改动另存一版，写明依据，旧版永远可查。"),
        links=words.around("tables"),
    )

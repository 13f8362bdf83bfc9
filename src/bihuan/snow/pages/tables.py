"""复盘和发布的规则表：prices, promises and settings of an event, each with its versions."""

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.ledger.pages.room_tables import RoomTables
from bihuan.people.models import Post
from bihuan.snow.forms.event import TableForm
from bihuan.snow.queries.tables import TABLE
from bihuan.snow.rules.tables import TABLES
from bihuan.ui.panel import DetailPage, Link

ROOM = RoomTables(
    TABLES, TABLE, TableForm, "snow.publish", "snow:table",
    lambda: Link(_("全部规则表"), reverse("snow:tables")),
)  # fmt: skip


def index(_by: Post) -> DetailPage:
    """全部规则表。"""
    return DetailPage(
        _("扫雪规则表"),
        (ROOM.index(),),
        intro=_("每次改动另存一版，写明依据，旧版永远可查；已签定的复盘和已发布的不变。"),
        links=(Link(_("扫雪"), reverse("snow:index")),),
    )

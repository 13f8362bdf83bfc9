"""Verb on the office's tables of prices, promises and settings; nothing is overwritten."""

from collections.abc import Sequence

from django.db import transaction

from bihuan.ledger import services as ledger
from bihuan.ledger.rules.tables import Row
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.snow.models import EventTable
from bihuan.snow.queries import tables
from bihuan.snow.rules.tables import TABLES

PUBLISH = "snow.publish"


@transaction.atomic
def set_event_table(
    code: str, *, by: Post | None, rows: Sequence[Row], source: str, seen: int | None = None
) -> EventTable:
    """设定扫雪除冰规则表：存为新的一版，写明依据；旧版永远可查。"""
    if by is not None:
        people.require(by, PUBLISH)
    return ledger.save_table(
        EventTable,
        TABLES[code],
        code,
        by=by,
        before=tables.table(code),
        rows=rows,
        faults=[tables.sentence(fault) for fault in tables.table_faults(code, rows)],
        source=source,
        seen=seen,
        act="snow.table.set",
    )

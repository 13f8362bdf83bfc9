"""Verb on the rule tables of a winter; nothing is overwritten."""

from collections.abc import Sequence

from django.db import transaction

from bihuan.ledger import services as ledger
from bihuan.ledger.rules.tables import Row
from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.winter.models import SeasonTable
from bihuan.winter.queries.tables import TABLE
from bihuan.winter.rules.tables import TABLES

SIGN = "winter.sign"


@transaction.atomic
def set_table(
    code: str, *, by: Post | None, rows: Sequence[Row], source: str, seen: int | None = None
) -> SeasonTable:
    """设定冬季规则表：存为新的一版，写明依据；旧版永远可查。"""
    if by is not None:
        people.require(by, SIGN)
    return ledger.save_table(
        SeasonTable,
        TABLES[code],
        code,
        by=by,
        before=TABLE.table(code),
        rows=rows,
        faults=[TABLE.sentence(fault) for fault in TABLE.table_faults(code, rows)],
        source=source,
        seen=seen,
        act="winter.table.set",
    )

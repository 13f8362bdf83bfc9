"""The verb on the rule tables of any room; nothing is overwritten."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from bihuan.ledger.queries.room_tables import Questions
from bihuan.ledger.rules.tables import Row
from bihuan.ledger.services.office import save_table
from bihuan.people import queries as people
from bihuan.people.models import Post


@transaction.atomic
def set_room_table(
    room: Questions, code: str, *, by: Post | None, verb: str, act: str, rows: Sequence[Row],
    source: str, seen: int | None = None,
) -> Any:  # fmt: skip
    """设定一个室的规则表：存为新的一版，写明依据；旧版永远可查。"""
    if by is not None:
        people.require(by, verb)
    return save_table(
        room.model, room.plan(code), code, by=by, before=room.table(code), rows=rows,
        faults=[room.sentence(fault) for fault in room.table_faults(code, rows)],
        source=source, seen=seen, act=act,
    )  # fmt: skip

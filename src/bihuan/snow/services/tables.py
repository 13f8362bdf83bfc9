"""Verb on the office's tables of prices, promises and settings; nothing is overwritten."""

from functools import partial

from bihuan.ledger.services.room_tables import set_room_table
from bihuan.snow.queries.tables import TABLE

# 设定扫雪除冰规则表：the ledger's verb on this room's tables, by whoever publishes.
set_event_table = partial(set_room_table, TABLE, verb="snow.publish", act="snow.table.set")

"""Verb on the rule tables of a winter; nothing is overwritten."""

from functools import partial

from bihuan.ledger.services.room_tables import set_room_table
from bihuan.winter.queries.tables import TABLE

# 设定冬季规则表：the ledger's verb on this room's tables, by whoever signs plans.
set_table = partial(set_room_table, TABLE, verb="winter.sign", act="winter.table.set")

"""The office's tables of prices, promises and settings as they hold now."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from bihuan.ledger.queries.room_tables import Questions
from bihuan.ledger.rules.tables import Fault, Row
from bihuan.snow.models import EventTable
from bihuan.snow.rules.live import KINDS
from bihuan.snow.rules.promises import Price
from bihuan.snow.rules.tables import TABLES


def _more(code: str, rows: Sequence[Row]) -> Iterable[Fault]:
    if code == "promises":
        for row in rows:
            if row["code"] not in KINDS:
                yield Fault(_("没有“%(kind)s”这一类道路。"), {"kind": row["code"]})
    if code == "event":
        hours = {row["code"]: row.get("value") for row in rows}
        for name in ("day_shift", "night_shift"):
            told = hours.get(name)
            if isinstance(told, int) and told > 23:
                yield Fault(_("班次开始的钟点应在 0 到 23 之间。"), {})


TABLE = Questions(EventTable, TABLES, _more)
table, label = TABLE.table, TABLE.label


def setting(code: str) -> int:
    """A number of the settings as it holds now."""
    return int({one["code"]: one["value"] for one in table("event")}[code])


def shift_starts() -> tuple[int, int]:
    """At which hours the shifts begin."""
    return setting("day_shift"), setting("night_shift")


def prices() -> tuple[Price, ...]:
    """What each of these costs, in yuan."""
    return tuple(Price(str(one["code"]), Decimal(one["price"])) for one in table("prices"))

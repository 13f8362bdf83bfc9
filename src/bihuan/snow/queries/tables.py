"""The office's tables of prices and settings as they hold now, by the names `TableForm` asks by."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.ledger.queries.tables import sentence as sentence  # the same faults, told the same
from bihuan.ledger.rules.tables import Fault, Plan, Row, complete, faults
from bihuan.snow.models import EventTable
from bihuan.snow.rules.live import KINDS
from bihuan.snow.rules.promises import Price
from bihuan.snow.rules.tables import TABLES


def plan(code: str) -> Plan:
    return TABLES[code]


def history(code: str) -> QuerySet[EventTable]:
    """Every version that the office has made of a table, newest first."""
    return EventTable.objects.filter(code=code).order_by("-version")


def table(code: str) -> tuple[Row, ...]:
    """The rows: the office's newest version, else what the house started with."""
    newest = history(code).values_list("rows", flat=True).first()
    return TABLES[code].rows if newest is None else complete(TABLES[code], newest)


def table_faults(code: str, rows: Sequence[Row]) -> list[Fault]:
    """Every reason why these rows cannot become the table."""
    found = list(faults(TABLES[code], rows))
    if code == "promises":
        found += [
            Fault(_("没有“%(kind)s”这一类道路。"), {"kind": row["code"]})
            for row in rows
            if row["code"] not in KINDS
        ]
    if code == "event":
        hours = {row["code"]: row.get("value") for row in rows}
        for name in ("day_shift", "night_shift"):
            told = hours.get(name)
            if isinstance(told, int) and told > 23:
                found.append(Fault(_("班次开始的钟点应在 0 到 23 之间。"), {}))
    return found


def label(one: Any) -> str:
    """What a row is called in the reader's language."""
    if get_language() == "en" and one.get("name_en"):
        return str(one["name_en"])
    return _(str(one["name"]))


def setting(code: str) -> int:
    """A number of the settings as it holds now."""
    return int({one["code"]: one["value"] for one in table("event")}[code])


def shift_starts() -> tuple[int, int]:
    """At which hours the shifts begin."""
    return setting("day_shift"), setting("night_shift")


def prices() -> tuple[Price, ...]:
    """What each of these costs, in yuan."""
    return tuple(Price(str(one["code"]), Decimal(one["price"])) for one in table("prices"))

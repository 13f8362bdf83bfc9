"""The rule tables of a winter as they hold now."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from bihuan.ledger.queries.room_tables import Questions
from bihuan.ledger.rules.tables import Fault, Row
from bihuan.winter.models import SeasonTable
from bihuan.winter.rules import roster
from bihuan.winter.rules.tables import TABLES


def _more(code: str, rows: Sequence[Row]) -> Iterable[Fault]:
    if code in ("shifts", "roles") and not rows:
        yield Fault(_("至少留一行。"), {})


TABLE = Questions(SeasonTable, TABLES, _more)


def setting(code: str) -> int:
    """A number of the settings as it holds now."""
    return int({one["code"]: one["value"] for one in TABLE.table("settings")}[code])


def shifts() -> dict[str, roster.Shift]:
    """Code → when the shift begins and how long it is, in the order of the table."""
    return {
        str(one["code"]): roster.Shift(str(one["code"]), int(one["begins"]), int(one["hours"]))
        for one in TABLE.table("shifts")
    }


def minimums() -> dict[str, int]:
    """Product → what must be in stock at least, in tonnes."""
    return {str(one["code"]): int(one["minimum_t"]) for one in TABLE.table("products")}


def named(code: str, key: str) -> str:
    """What a code of a table is called; the code itself where the row is gone."""
    return TABLE.labels(code).get(key, key)

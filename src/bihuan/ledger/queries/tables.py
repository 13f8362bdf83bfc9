"""The office's rule tables as they hold now, as they held on any day, and their words."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.base.text import zh
from bihuan.ledger.models import RuleTable
from bihuan.ledger.rules.tables import (
    TABLES,
    Fault,
    Plan,
    Row,
    complete,
    faults,
    offering,
    referring,
)


def table(code: str) -> tuple[Row, ...]:
    """The rows of a rule table: the office's newest version, else what the house started with."""
    newest = history(code).values_list("rows", flat=True).first()
    return _rows(code, newest)


def table_on(code: str, day: date) -> tuple[Row, ...]:
    """The rows that held at the end of a day: a later change does not rewrite the past."""
    return table_at(code, timezone.make_aware(datetime.combine(day + timedelta(days=1), time())))


def table_at(code: str, moment: datetime) -> tuple[Row, ...]:
    """The rows that held at a moment."""
    held = history(code).filter(created_at__lte=moment)
    return _rows(code, held.values_list("rows", flat=True).first())


def _rows(code: str, stored: Sequence[Row] | None) -> tuple[Row, ...]:
    plan = TABLES[code]
    return plan.rows if stored is None else complete(plan, stored)


def history(code: str) -> QuerySet[RuleTable]:
    """Every version that the office has made of a table, newest first."""
    return RuleTable.objects.filter(code=code).order_by("-version")


class Past:
    """A rule table at many moments, for a page full of old things: one query for all of them."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.versions = list(history(code).values_list("created_at", "rows"))

    def row(self, value: str, moment: datetime) -> Row | None:
        """The row of a code as it stood at a moment; as it last stood if it was gone by then."""
        earlier = [rows for at, rows in self.versions if at <= moment]
        later = [rows for at, rows in reversed(self.versions) if at > moment]
        for stored in (*earlier, None, *later):
            for row in _rows(self.code, stored):
                if row["code"] == value:
                    return row
        return None


def plan(code: str) -> Plan:
    """A table's plan, with the codes of the tables it refers to as they are now."""
    bare = TABLES[code]
    return offering(bare, {c.of: dict(words(c.of)) for c in bare.columns if c.of})


def table_faults(code: str, rows: Sequence[Row]) -> list[Fault]:
    """Every reason why these rows cannot become the table: its own, and those of its neighbours."""
    found = list(faults(plan(code), rows))
    kept = {row.get("code") for row in rows}
    for user, column, used in referring():
        if used == code:
            for row in table(user):
                if row[column] not in kept:
                    params = {"code": row[column], "table": TABLES[user].name, "name": row["name"]}
                    found.append(Fault(STILL_USED, params))
    if code == "signatures":
        found += _unknown_sources(rows)
    return found


STILL_USED = zh("“%(code)s”还用在“%(table)s”的“%(name)s”一行里，不能删去。请先改那张表。")


def _unknown_sources(rows: Sequence[Row]) -> list[Fault]:
    known = dict(words("sources"))
    return [
        Fault(
            zh("第 %(row)d 行：没有“%(found)s”这个值。可填：%(codes)s。"),
            {"row": number, "found": row["value"], "codes": "、".join(known)},
        )
        for number, row in enumerate(rows, start=1)
        if row.get("field") == "source" and row.get("value") and row["value"] not in known
    ]


def sentence(fault: Fault) -> str:
    """A fault in the reader's language: what stands in it is translated too."""
    told = dict(fault.params)
    for name in ("column", "name", "table"):
        if isinstance(told.get(name), str):
            told[name] = _(told[name])
    return _(fault.sentence) % told


def limit(code: str) -> int:
    """A number of the table of limits as it holds now."""
    return int(row_of("limits", code)["value"])


def label(row: Row) -> str:
    """What a row is called in the reader's language."""
    return in_language(row, "name")


def in_language(row: Row, column: str) -> str:
    """A text of a row in the reader's language, where the office has given one."""
    if get_language() == "en" and row.get(f"{column}_en"):
        return str(row[f"{column}_en"])
    return _(str(row[column]))


def words(code: str) -> list[tuple[str, str]]:
    """The choices that a table of words offers now."""
    return [(str(row["code"]), label(row)) for row in table(code)]


def word(code: str, value: str) -> str:
    """The label of one value; a value whose row is gone keeps the name it last had."""
    for rows in (table(code), TABLES[code].rows, *_earlier(code)):
        for row in rows:
            if row["code"] == value:
                return label(row)
    return value


def _earlier(code: str) -> Iterable[Sequence[Row]]:
    return history(code).values_list("rows", flat=True)[1:]


def row_of(code: str, value: str) -> Row:
    """One row of a fixed table by its code."""
    found = {row["code"]: row for row in (*TABLES[code].rows, *table(code))}
    return found[value]


def signatures_needed(about: dict[str, str]) -> int:
    """How many different people must verify a finding of this risk, source, category, kind."""
    fitting = [
        int(row["signatures"])
        for row in table("signatures")
        if about.get(row["field"]) == row["value"]
    ]
    return max([1, *fitting])

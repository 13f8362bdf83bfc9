"""The office's rule tables as they hold now, as they held before, and their words."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.ledger.models import RuleTable
from bihuan.ledger.rules.tables import TABLES, Row


def table(code: str) -> tuple[Row, ...]:
    """The rows of a rule table: the office's newest version, else what the house started with."""
    newest = history(code).values_list("rows", flat=True).first()
    return TABLES[code].rows if newest is None else tuple(newest)


def history(code: str) -> QuerySet[RuleTable]:
    """Every version that the office has made of a table, newest first."""
    return RuleTable.objects.filter(code=code).order_by("-version")


def limit(code: str) -> int:
    """A number of the table of limits as it holds now."""
    rows = {row["code"]: row["value"] for row in (*TABLES["limits"].rows, *table("limits"))}
    return int(rows[code])


def label(row: Row) -> str:
    """What a row is called in the reader's language."""
    if get_language() == "en" and row.get("name_en"):
        return str(row["name_en"])
    return _(str(row["name"]))


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


def _earlier(code: str) -> list[Any]:
    return list(history(code).values_list("rows", flat=True)[1:])


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

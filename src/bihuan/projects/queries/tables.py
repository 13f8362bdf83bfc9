"""The office's rule tables for projects as they hold now and as they held at a moment.

The questions have the names that `ledger.forms.office.TableForm` asks by.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.ledger.queries.tables import sentence as sentence  # the same faults, told the same
from bihuan.ledger.rules.tables import Fault, Plan, Row, complete
from bihuan.projects.models import RuleTable
from bihuan.projects.rules.tables import TABLES
from bihuan.projects.rules.tables import table_faults as faults_of


def plan(code: str) -> Plan:
    """A table's plan."""
    return TABLES[code]


def history(code: str) -> QuerySet[RuleTable]:
    """Every version that the office has made of a table, newest first."""
    return RuleTable.objects.filter(code=code).order_by("-version")


def table(code: str) -> tuple[Row, ...]:
    """The rows of a rule table: the office's newest version, else what the house started with."""
    newest = history(code).values_list("rows", flat=True).first()
    return TABLES[code].rows if newest is None else complete(TABLES[code], newest)


def table_faults(code: str, rows: Sequence[Row]) -> list[Fault]:
    """Every reason why these rows cannot become the table."""
    return list(faults_of(code, rows))


def row(code: str, value: str) -> Row:
    """One row of a table by its code; what the house started with where the office dropped it."""
    return {one["code"]: one for one in (*TABLES[code].rows, *table(code))}[value]


def limit(code: str) -> int:
    """A number of the table of limits as it holds now."""
    return int(row("limits", code)["value"])


def label(one: Any) -> str:
    """What a row is called in the reader's language."""
    if get_language() == "en" and one.get("name_en"):
        return str(one["name_en"])
    return _(str(one["name"]))


def stop_kinds() -> list[tuple[str, str]]:
    """The choices of what stops a clock."""
    return [(str(one["code"]), label(one)) for one in table("stops")]


def stop_name(code: str) -> str:
    """The name of a stop, whatever became of its row."""
    known = {one["code"]: label(one) for one in (*TABLES["stops"].rows, *table("stops"))}
    return known.get(code, code)

"""The rule tables of any room as they hold now, by the names that `TableForm` asks by."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.ledger.queries.tables import STILL_USED, sentence
from bihuan.ledger.rules.tables import Fault, Plan, Row, complete, faults, offering


def _no_more(_code: str, _rows: Sequence[Row]) -> Iterable[Fault]:
    return ()


class Questions:
    """What a room's tables hold: `model` keeps the versions, `plans` say what each starts with.

    `more` are the faults that only the room knows of.
    """

    def __init__(
        self,
        model: Any,
        plans: Mapping[str, Plan],
        more: Callable[[str, Sequence[Row]], Iterable[Fault]] = _no_more,
    ) -> None:
        self.model, self.plans, self.more = model, plans, more

    def plan(self, code: str) -> Plan:
        """A table's plan, with the codes of the tables it refers to as they are now."""
        bare = self.plans[code]
        return offering(bare, {c.of: self.labels(c.of) for c in bare.columns if c.of})

    def history(self, code: str) -> QuerySet[Any]:
        """Every version that the office has made of a table, newest first."""
        found: QuerySet[Any] = self.model.objects.filter(code=code).order_by("-version")
        return found

    def table(self, code: str) -> tuple[Row, ...]:
        """The rows: the office's newest version, else what the house started with."""
        newest = self.history(code).values_list("rows", flat=True).first()
        return self.plans[code].rows if newest is None else complete(self.plans[code], newest)

    def table_faults(self, code: str, rows: Sequence[Row]) -> list[Fault]:
        """Every reason why these rows cannot become the table."""
        return [*faults(self.plan(code), rows), *self.more(code, rows), *self._used(code, rows)]

    def _used(self, code: str, rows: Sequence[Row]) -> Iterable[Fault]:
        """Rows that another table of the room refers to cannot go."""
        kept = {row.get("code") for row in rows}
        for user, plan in self.plans.items():
            for column in (one.code for one in plan.columns if one.of == code):
                for row in self.table(user):
                    if row[column] not in kept:
                        told = {"code": row[column], "table": plan.name, "name": row["name"]}
                        yield Fault(STILL_USED, told)

    def sentence(self, fault: Fault) -> str:
        return sentence(fault)

    def label(self, one: Row) -> str:
        """What a row is called in the reader's language."""
        if get_language() == "en" and one.get("name_en"):
            return str(one["name_en"])
        return _(str(one["name"]))

    def labels(self, code: str) -> dict[str, str]:
        """Code → name, in the order of the table."""
        return {str(one["code"]): self.label(one) for one in self.table(code)}

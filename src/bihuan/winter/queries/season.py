"""Questions about plans and contracts: which holds today, which streets are in none or in two."""

from datetime import date

from django.db.models import QuerySet

from bihuan.base import clock
from bihuan.roads import queries as roads
from bihuan.winter.models import Contract, Season
from bihuan.winter.rules import season as rules

OWED = frozenset({"main", "secondary"})


def seasons() -> QuerySet[Season]:
    return Season.objects.select_related("signed_by__person", "signed_by__unit")


def in_force() -> Season | None:
    """The plan that holds now."""
    return seasons().filter(state="in_force").first()


def contracts(day: date | None = None) -> list[Contract]:
    """Contracts of that day, today unless told."""
    on = day or clock.today()
    rows = Contract.objects.select_related("unit").filter(starts__lte=on, ends__gte=on)
    return [one for one in rows if one.stopped_on is None or one.stopped_on > on]


def all_contracts() -> QuerySet[Contract]:
    return Contract.objects.select_related("unit").order_by("-starts", "number")


def streets() -> list[tuple[str, str]]:
    """Streets of the network with their class; pieces without a name are left out."""
    rows = roads.sections().exclude(street="").values_list("street", "kind")
    return sorted(set(rows))


def coverage(day: date | None = None) -> rules.Coverage | None:
    """What the contracts of a day leave out, have twice, or name that no map has; None where there
    is no map to hold them against."""
    known = streets()
    areas = [
        rules.Area(one.number, frozenset(one.kinds), frozenset(one.streets))
        for one in contracts(day)
    ]
    return rules.coverage(known, areas, OWED) if known else None
